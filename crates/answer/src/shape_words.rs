//! The words of broad questions that are not their topic: `good` in "is Helm any good?"

use std::sync::LazyLock;

use takeaways_text::language::{LanguageWords, WordList, all_words};
use takeaways_text::model::Shape;
use takeaways_text::tokens::folding::fold;

/// Whether a word of a question asks for what its shape is, whatever the topic: `popular` for a trend.
pub(crate) fn is_word_of_shape(word: &str, shape: Shape) -> bool {
    static WORDS: LazyLock<[Vec<String>; 4]> = LazyLock::new(|| {
        let lists: [fn(&LanguageWords) -> &WordList; 4] = [
            |it| &it.shapes.takeaway_words,
            |it| &it.shapes.opinion_words,
            |it| &it.shapes.trend_words,
            |it| &it.shapes.advice_words,
        ];
        lists.map(folded)
    });
    let [takeaways, opinions, trends, advice] = &*WORDS;
    let word = fold(word);
    match shape {
        Shape::Fact | Shape::Comparison | Shape::Count => false,
        _ if takeaways.contains(&word) => true,
        Shape::Opinions | Shape::List => opinions.contains(&word),
        Shape::Trend => trends.contains(&word),
        Shape::Advice => advice.contains(&word) || is_word_of_attendee(&word),
        _ => false,
    }
}

/// The folded words of a list of all languages.
fn folded(list: fn(&LanguageWords) -> &WordList) -> Vec<String> {
    all_words(list).into_iter().map(fold).collect()
}

/// Whether a word of a question for advice is about going to an event: `newcomer`.
pub(crate) fn is_word_of_attendee(word: &str) -> bool {
    static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| folded(|words| &words.shapes.attendee_words));
    WORDS.contains(&fold(word))
}

/// Whether a word only says what was done with the things that a question asks for: `announced`.
pub(crate) fn is_done_word(word: &str) -> bool {
    static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| folded(|words| &words.shapes.done_words));
    WORDS.contains(&fold(word))
}

/// Whether a word says what of a thing is asked for, of which many posts may tell: `problems`.
pub(crate) fn is_aspect(word: &str) -> bool {
    static WORDS: LazyLock<Vec<String>> = LazyLock::new(|| folded(|words| &words.shapes.aspect_words));
    WORDS.contains(&fold(word))
}
