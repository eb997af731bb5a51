//! The forms of a kind of question, such as "how much", in all languages.

use std::ops::Range;

use crate::question_syntax::QuestionWord;
use takeaways_text::language::{LanguageWords, WordList, inner_words, whole_words};
use takeaways_text::phrases::PhraseTable;

/// The forms of a kind of question, in all languages.
pub(crate) struct QuestionForms {
    /// Those of languages that separate words; `*` is any one word.
    pub whole: PhraseTable<()>,
    /// Those that are found inside of runs of letters: in scripts without blanks, and in Korean, whose words have endings.
    pub inner: Vec<&'static str>,
}

impl QuestionForms {
    /// The forms of a list.
    pub fn new(list: fn(&LanguageWords) -> &WordList) -> Self {
        Self { whole: whole_words(list).into_iter().collect(), inner: inner_words(list) }
    }

    /// The words of the first form in a question.
    pub fn find_words(&self, words: &[QuestionWord]) -> Option<Range<usize>> {
        let lower: Vec<String> = words.iter().map(|word| word.text.to_lowercase()).collect();
        let form_at =
            |at: usize| self.whole.matches_at(lower.as_slice(), at).next().map(|(len, ())| at..at + len);
        (0..words.len()).find_map(form_at)
    }

    /// Whether a form is found inside of the letters of a question.
    pub fn are_inside(&self, question: &str) -> bool {
        self.inner.iter().any(|form| question.contains(form))
    }
}
