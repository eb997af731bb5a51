//! Stop words, and words of little weight.

use std::{collections::HashMap, sync::LazyLock};

use super::folding::{CharClass, char_class, fold, push_lowercase};
use crate::model::{Language, LanguageSet};
use crate::script::Script;

/// Whether a word (any case) is a stop word of this language: an article, preposition, pronoun, auxiliary verb or
/// question word. [`Language::Other`] has none.
///
/// For Japanese, Chinese and Korean it also accepts the terms of texts in these scripts.
pub fn is_stop_word(word: &str, language: Language) -> bool {
    !is_stop_word_name(word)
        && (stop_word_languages(word).contains(language)
            || (language == Language::Ja && is_grammar_in_kana(word))
            || is_all_stop_characters(word, language))
}

/// Whether a word (any case) is a stop word of any language.
pub fn is_any_stop_word(word: &str) -> bool {
    !is_stop_word_name(word)
        && (stop_word_languages(word) != LanguageSet::EMPTY
            || is_grammar_in_kana(word)
            || Language::ALL.iter().any(|language| is_all_stop_characters(word, *language)))
}

/// Whether a word is a name by its capitals: `IT`.
fn is_stop_word_name(word: &str) -> bool {
    crate::language::all().tokens.stop_word_names.contains(word)
}

/// The languages in which a word of a Latin-script text is a stop word.
pub(super) fn stop_word_languages(word: &str) -> LanguageSet {
    thread_local! {
        static LOWER: std::cell::RefCell<String> = const { std::cell::RefCell::new(String::new()) };
    }
    if word.len() > 32 {
        return LanguageSet::EMPTY;
    }
    LOWER.with_borrow_mut(|lower| {
        lower.clear();
        push_lowercase(word, lower);
        lower.retain(|c| !matches!(c, '\'' | '’'));
        STOP_WORDS.get(lower.as_str()).copied().unwrap_or_default()
    })
}

fn is_all_stop_characters(word: &str, language: Language) -> bool {
    let listed = &language.words().tokens.stop_characters;
    let is_listed = |c: char| listed.iter().any(|characters| characters.contains(c));
    !word.is_empty() && word.chars().all(is_listed)
}

/// Japanese grammar is written in Hiragana, so a pair of Hiragana letters hardly ever carries the topic of a text.
fn is_grammar_in_kana(word: &str) -> bool {
    word.chars().count() <= 2
        && !word.is_empty()
        && word.chars().all(|c| char_class(c) == CharClass::Bigram(Script::Hiragana))
}

static STOP_WORDS: LazyLock<HashMap<String, LanguageSet>> = LazyLock::new(|| {
    let mut words: HashMap<String, LanguageSet> = HashMap::with_capacity(2_500);
    let mut add = |word: String, language| words.entry(word).or_default().insert(language);
    for language in Language::ALL {
        let lists = language.words();
        for word in lists.tokens.stop_words.iter() {
            add(word.to_owned(), language);
            if lists.writing.optional_accents && !word.is_ascii() {
                add(fold(word), language);
            }
        }
    }
    words
});

/// Whether a word (any case) is about asking or reporting and not about the topic, in any language: recap, talk, say,
/// anyone. Such a word should weigh little, but not nothing: a question may be about talks.
pub fn is_boilerplate(word: &str) -> bool {
    word.len() <= 48 && crate::language::all().tokens.boilerplate.has_word(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stop_words_depend_on_the_language() {
        for (word, language, expected) in [
            ("the", Language::En, true),
            ("The", Language::En, true),
            ("What’s", Language::En, true),
            ("didn't", Language::En, true),
            ("didnt", Language::En, true),
            ("die", Language::De, true),
            ("die", Language::En, false),
            ("die", Language::Other, false),
            ("the", Language::Other, false),
            ("us", Language::En, true),
            ("US", Language::En, false),
            ("Go", Language::En, false),
            ("go", Language::En, true),
            ("Kubernetes", Language::En, false),
            ("über", Language::De, true),
            ("uber", Language::De, false),
            ("où", Language::Fr, true),
            ("qué", Language::Es, true),
            ("que", Language::Es, true),
            ("nao", Language::Pt, true),
            ("perche", Language::It, true),
            ("wat", Language::Nl, true),
            ("どこ", Language::Ja, true),
            ("何", Language::Ja, true),
            ("会場", Language::Ja, false),
            ("什么", Language::Zh, true),
            ("是什", Language::Zh, true),
            ("网盘", Language::Zh, false),
            ("무엇", Language::Ko, true),
            ("이름", Language::Ko, false),
            ("", Language::Zh, false),
            ("", Language::Ja, false),
        ] {
            assert_eq!(is_stop_word(word, language), expected, "{word} {language:?}");
        }
    }

    #[test]
    fn every_language_has_a_list() {
        for language in Language::ALL {
            assert!(language.words().tokens.stop_words.iter().count() > 50, "{language:?}");
        }
    }

    #[test]
    fn words_of_the_lists_are_written_as_they_are_looked_up() {
        for language in Language::ALL {
            for word in language.words().tokens.stop_words.iter() {
                assert!(is_stop_word(word, language), "{language:?} {word}");
            }
        }
    }

    #[test]
    fn words_around_questions() {
        for (word, expected) in [
            ("Takeaways", true),
            ("recap", true),
            ("said", true),
            ("anyone", true),
            ("conférence", true),
            ("CONFERENCE", true),
            ("Erkenntnisse", true),
            ("感想", true),
            ("mesh", false),
            ("Kubernetes", false),
            ("keynote", false),
            ("", false),
        ] {
            assert_eq!(is_boilerplate(word), expected, "{word}");
        }
    }
}
