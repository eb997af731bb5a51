//! The words that questions of one language have and those of no other: `vergelijk`, `conclusiones`.

use std::{collections::HashMap, sync::LazyLock};

use super::{detect::letter_words, folding::fold, stop_words::stop_word_languages};
use crate::language::WordList;
use crate::model::{Language, LanguageSet};
use crate::translations::{is_english_word, is_spelt_as_in_english};

/// A shorter word may be a name or an abbreviation.
const MIN_LETTERS: usize = 5;

/// The only language whose lists for questions have some words of a text, if all function words of the text may be of it, and
/// no word is English.
pub(super) fn language_by_question_words(text: &str) -> Option<Language> {
    let mut told = letter_words(text).filter_map(only_language_of_questions);
    let language = told.next().filter(|first| told.all(|it| it == *first))?;
    let may_have = |word: &str| match stop_word_languages(word) {
        LanguageSet::EMPTY => only_language_of_questions(word).is_some() || !is_english_word(word),
        languages => languages.contains(language),
    };
    (language != Language::En && letter_words(text).all(may_have)).then_some(language)
}

/// The only language that asks with the first word of a text, if that is not English. A word in lower case must follow that
/// is no function word, and no word in lower case may be of another language: in "was sagte Liz Rice", English has "was",
/// but no "sagte". Names tell nothing.
pub(super) fn language_by_opening(text: &str) -> Option<Language> {
    let words: Vec<&str> = letter_words(text).collect();
    let (first, rest) = words.split_first()?;
    let first = fold(first);
    let asks = |language: &Language| language.words().conversation.asking_words.contains_folded(&first);
    let mut asking = Language::ALL.into_iter().filter(asks);
    let language = asking.next().filter(|language| *language != Language::En && asking.next().is_none())?;
    let is_content = |word: &str| stop_word_languages(word) == LanguageSet::EMPTY;
    let may_have = |word: &&&str| match stop_word_languages(word) {
        LanguageSet::EMPTY => !is_english_word(word),
        languages => languages.contains(language),
    };
    let is_lower = |word: &&&str| word.starts_with(char::is_lowercase);
    let is_told = rest.first().filter(is_lower).is_some_and(|word| is_content(word));
    (is_told && rest.iter().filter(is_lower).all(|word| may_have(&word))).then_some(language)
}

/// The language that alone has a word in its lists. A word of English tells none: only the stem of "conclusiones" is one.
fn only_language_of_questions(word: &str) -> Option<Language> {
    let word = fold(word);
    LANGUAGES.get(&word).copied().flatten().filter(|_| !is_spelt_as_in_english(&word))
}

/// The words of the lists, folded; `None` for a word of several languages.
static LANGUAGES: LazyLock<HashMap<String, Option<Language>>> = LazyLock::new(|| {
    let mut languages: HashMap<String, Option<Language>> = HashMap::new();
    for language in Language::ALL.into_iter().filter(|language| !language.matches_inside_words()) {
        let (shapes, questions) = (&language.words().shapes, &language.words().questions);
        let lists: [&WordList; 9] = [
            &shapes.takeaways,
            &shapes.takeaway_words,
            &shapes.opinions,
            &shapes.opinion_words,
            &shapes.comparison,
            &shapes.trend,
            &shapes.list,
            &shapes.advice,
            &questions.exclusions,
        ];
        let words = lists.into_iter().flat_map(WordList::iter);
        // The names of groups are English, and an ending is no word.
        let words = words.flat_map(|phrase| phrase.split_whitespace());
        let words = words.filter(|part| !part.contains('{') && !part.starts_with('-'));
        let words = words.flat_map(|part| part.split(|c: char| !c.is_alphabetic()));
        for word in words.filter(|word| word.chars().count() >= MIN_LETTERS) {
            let known = languages.entry(fold(word)).or_insert(Some(language));
            // A second language with the word takes it from the first.
            *known = known.filter(|known| *known == language);
        }
    }
    languages
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_word_tells_the_language_if_english_has_not_the_next_one() {
        for (text, expected) in [
            ("Was kritisierte Josh Shipp an den Sessions", Some(Language::De)),
            ("Was mochte Crismar Mejia an Austin?", Some(Language::De)),
            ("Was sagte Liz Rice?", Some(Language::De)),
            ("was KubeCon good?", None),
            ("was istio mentioned in 2019", None),
            ("was it good?", None),
            ("Was", None),
        ] {
            assert_eq!(language_by_opening(text), expected, "{text}");
        }
    }

    #[test]
    fn a_word_of_the_questions_of_one_language_tells_it() {
        for (text, expected) in [
            ("conclusiones 2023", Some(Language::Es)),
            ("vergelijk istio en linkerd", Some(Language::Nl)),
            ("confronta istio e linkerd", Some(Language::It)),
            ("gitops exceto 2021", Some(Language::Pt)),
            // English has "the", and nobody asks with "istio".
            ("the conclusiones of 2023", None),
            ("istio", None),
            ("cilium framework", None),
            ("istio sponsors", None),
            ("linkerd presentation", None),
            ("takeaways on istio", None),
        ] {
            assert_eq!(language_by_question_words(text), expected, "{text}");
        }
    }
}
