//! The words and writing conventions of each language, from `config/languages/`.
//!
//! Each language has one file. The callers decide what a list means.

mod advice;
mod citations;
mod conversation;
mod lists;
mod overviews;
mod refusals;
mod stances;
mod times;

use std::sync::LazyLock;

use frostem::Algorithm;
use serde::{Deserialize, Deserializer, de::Error};

use crate::model::Language;
pub use advice::AdviceWords;
pub use citations::CitationWords;
pub use conversation::ConversationWords;
pub use lists::{
    Abbreviations, AnswerWords, BylineWords, CalendarWords, EventFactWords, EventWords, MessageWords,
    NameWords, PointWords, QuestionWords, ShapeWords, SpeakerWords, TitleWords, TokenWords,
};
pub use overviews::OverviewWords;
pub use refusals::{NoticeWords, RefusalWords, Template};
pub use stances::StanceWords;
pub use times::TimeWords;

/// All lists of one language. Every list is empty for [`Language::Other`].
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LanguageWords {
    /// How the language is written.
    pub writing: Writing,
    /// Words with a special role in the tokenizer and the index.
    pub tokens: TokenWords,
    /// Words with a full stop of their own.
    pub abbreviations: Abbreviations,
    /// Months, weekdays and other parts of dates.
    pub calendar: CalendarWords,
    /// How questions name times.
    pub times: TimeWords,
    /// How questions begin, and what they ask for.
    pub questions: QuestionWords,
    /// What shows the shape of a question.
    pub shapes: ShapeWords,
    /// Whole messages that are not questions.
    pub messages: MessageWords,
    /// How messages go on with a conversation.
    pub conversation: ConversationWords,
    /// What a person reads whose question has no answer.
    pub refusals: RefusalWords,
    /// What a person is told without having asked.
    pub notices: NoticeWords,
    /// What a person reads above and between the lines of an overview.
    pub overviews: OverviewWords,
    /// What a person reads about the source of an excerpt.
    pub citations: CitationWords,
    /// Words that texts use for facts about an event.
    pub event_facts: EventFactWords,
    /// Signs that a sentence answers a question.
    pub answers: AnswerWords,
    /// How a post names its author and its date.
    pub bylines: BylineWords,
    /// Words that distinguish people's names from other capitalised words.
    pub names: NameWords,
    /// Words that show whose words a part of a post is.
    pub speakers: SpeakerWords,
    /// Headings that are not titles of posts.
    pub titles: TitleWords,
    /// Words around the names of events.
    pub events: EventWords,
    /// Words that make a sentence a good or a bad quote.
    pub points: PointWords,
    /// Words that show the side that a writer takes.
    pub stances: StanceWords,
    /// Words by which writers advise people who go to events.
    pub advice: AdviceWords,
}

/// How a language is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts, one line each in the data")]
pub struct Writing {
    /// The ISO 639-3 code, as the language detector uses it.
    pub iso_639_3: String,
    /// The Snowball stemmer, or `"none"`. Latin words in texts of other scripts are mostly English.
    #[serde(deserialize_with = "stemmer")]
    pub(crate) stemmer: Option<Algorithm>,
    /// Whether words are found inside longer runs of letters: there are no spaces, or endings are attached.
    pub matches_inside_words: bool,
    /// Whether 1.5 is written `1,5`, and 1500 may be written `1.500`.
    pub decimal_comma: bool,
    /// Whether abbreviations contain spaces: `z. B.`
    pub spaces_in_abbreviations: bool,
    /// Whether `3.` is an ordinal.
    pub full_stop_after_ordinals: bool,
    /// Whether doubled abbreviations such as `EE.UU.` end with a full stop.
    pub full_stop_after_acronyms: bool,
    /// Whether words without their accents are the same words.
    pub optional_accents: bool,
    /// Whether all nouns have a capital, so that capitals are no sign of a title.
    pub capital_nouns: bool,
}

/// The words of one list, in the order of the file.
#[derive(Debug, Default, Deserialize)]
#[serde(try_from = "Listed<String>")]
pub struct WordList(Vec<String>);

/// Words in `N` groups: the names of each month or weekday.
#[derive(Debug, Default, Deserialize)]
#[serde(try_from = "Listed<Vec<String>>")]
pub struct WordGroups<const N: usize>(Vec<Vec<String>>);

impl Language {
    /// The lists of this language.
    pub fn words(self) -> &'static LanguageWords {
        static NO_WORDS: LazyLock<LanguageWords> = LazyLock::new(LanguageWords::default);
        BY_LANGUAGE.get(self as usize).unwrap_or(&NO_WORDS)
    }

    /// Whether words of this language are found inside longer runs of letters.
    pub fn matches_inside_words(self) -> bool {
        self.words().writing.matches_inside_words
    }
}

/// One list of all languages, each word once, in the order of the languages and then of the files.
pub fn all_words(list: fn(&LanguageWords) -> &WordList) -> Vec<&'static str> {
    merge(|_| true, list)
}

/// The same list for the languages that separate words by spaces.
pub fn whole_words(list: fn(&LanguageWords) -> &WordList) -> Vec<&'static str> {
    merge(|language| !language.matches_inside_words(), list)
}

/// The same list for the languages whose words are found inside longer runs of letters.
pub fn inner_words(list: fn(&LanguageWords) -> &WordList) -> Vec<&'static str> {
    merge(Language::matches_inside_words, list)
}

/// One list of groups of all languages. Each word occurs once in its group.
pub fn all_groups<const N: usize>(groups: fn(&LanguageWords) -> &WordGroups<N>) -> [Vec<&'static str>; N] {
    std::array::from_fn(|at| {
        let group = |language: &Language| groups(language.words()).0.get(at);
        unique(Language::ALL.iter().filter_map(group).flatten())
    })
}

fn merge(is_included: fn(Language) -> bool, list: fn(&LanguageWords) -> &WordList) -> Vec<&'static str> {
    let languages = Language::ALL.into_iter().filter(|language| is_included(*language));
    unique(languages.flat_map(|language| &list(language.words()).0))
}

fn unique(words: impl Iterator<Item = &'static String>) -> Vec<&'static str> {
    let mut known = std::collections::HashSet::new();
    words.map(String::as_str).filter(|word| known.insert(*word)).collect()
}

impl WordList {
    /// The words in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// Whether a word is listed, exactly as it is written.
    pub fn contains(&self, word: &str) -> bool {
        self.0.iter().any(|listed| listed == word)
    }
}

/// A list in a file: the word `none`, or at least one entry.
#[derive(Deserialize)]
#[serde(untagged)]
enum Listed<T> {
    Word(String),
    Entries(Vec<T>),
}

impl<T> Listed<T> {
    fn entries(self) -> Result<Vec<T>, String> {
        match self {
            Self::Word(word) if word == "none" => Ok(Vec::new()),
            Self::Word(word) => Err(format!("`{word}` is not a list; write \"none\" if there are no words")),
            Self::Entries(entries) if entries.is_empty() => Err("the list is empty; write \"none\"".into()),
            Self::Entries(entries) => Ok(entries),
        }
    }
}

impl TryFrom<Listed<String>> for WordList {
    type Error = String;

    fn try_from(listed: Listed<String>) -> Result<Self, String> {
        listed.entries().map(Self)
    }
}

impl<const N: usize> TryFrom<Listed<Vec<String>>> for WordGroups<N> {
    type Error = String;

    fn try_from(listed: Listed<Vec<String>>) -> Result<Self, String> {
        let groups = listed.entries()?;
        match groups.len() {
            0 => Ok(Self::default()),
            len if len == N => Ok(Self(groups)),
            len => Err(format!("{len} groups of words; there must be {N}")),
        }
    }
}

fn stemmer<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Algorithm>, D::Error> {
    match String::deserialize(deserializer)?.as_str() {
        "none" => Ok(None),
        name => Algorithm::from_name(name).map(Some).map_err(D::Error::custom),
    }
}

static BY_LANGUAGE: LazyLock<Vec<LanguageWords>> = LazyLock::new(|| {
    #[expect(clippy::expect_used, reason = "the files are compiled in and a test reads them")]
    let words = |language: Language| read(language.file()).expect("a file with all lists");
    Language::ALL.into_iter().map(words).collect()
});

fn read(file: &str) -> Result<LanguageWords, toml::de::Error> {
    toml::from_str(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_fills_every_list_or_says_none() {
        for language in Language::ALL {
            let result = read(language.file());
            assert!(result.is_ok(), "{}: {}", language.code(), result.unwrap_err());
        }
    }

    #[test]
    fn missing_unknown_and_empty_lists_are_refused() {
        let file = Language::En.file();
        for (part, replacement, error) in [
            ("\n[titles]\n", "\n[titles]\nstep_words = \"none\"\n", "unknown field `step_words`"),
            ("\nstop_characters = \"none\"\n", "\n", "missing field `stop_characters`"),
            ("\nstop_characters = \"none\"\n", "\nstop_characters = []\n", "the list is empty"),
            ("\nstop_characters = \"none\"\n", "\nstop_characters = \"a b\"\n", "`a b` is not a list"),
            ("\nshort_months_in_dates = \"none\"\n", "\nshort_months_in_dates = [[\"j\"]]\n", "must be 12"),
            ("\nstemmer = \"english\"\n", "\nstemmer = \"latin\"\n", "latin"),
        ] {
            assert!(file.contains(part), "{part}");
            let result = read(&file.replacen(part, replacement, 1));
            assert!(result.is_err_and(|found| found.to_string().contains(error)), "{error}");
        }
    }

    #[test]
    fn no_list_has_a_word_twice_or_blank() {
        for language in Language::ALL {
            let file: toml::Table = toml::from_str(language.file()).unwrap();
            for (section, lists) in &file {
                for (name, list) in lists.as_table().unwrap() {
                    let words = list.as_array().cloned().unwrap_or_default();
                    for (at, word) in words.iter().enumerate() {
                        let place = format!("{} {section}.{name} {word}", language.code());
                        let is_blank = word.as_str().is_some_and(|word| word.trim().is_empty());
                        // Months without a short form are equal groups.
                        let is_twice = word.is_str() && words[..at].contains(word);
                        assert!(!is_blank && !is_twice, "{place}");
                    }
                }
            }
        }
    }

    #[test]
    fn merged_lists_hold_each_word_once_in_the_order_of_the_languages() {
        let openings = all_words(|words| &words.bylines.openings);
        let place = |word| openings.iter().position(|known| *known == word);
        assert!(place("by ") < place("von ") && place("von ") < place("par "));
        assert_eq!(openings.iter().filter(|word| **word == "por ").count(), 1);
        let [january, ..] = all_groups(|words| &words.calendar.months);
        assert_eq!(january[..3], ["january", "januar", "jänner"]);
    }

    #[test]
    fn other_languages_have_no_words() {
        assert_eq!(Language::Other.words().tokens.stop_words.iter().count(), 0);
        assert!(Language::En.words().tokens.stop_words.contains("the"));
    }
}
