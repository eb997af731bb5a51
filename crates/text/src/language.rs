//! The words and writing conventions of each language, from `config/languages/`.
//!
//! Each language has one file. The callers decide what a list means.

mod advice;
mod citations;
mod conversation;
mod file_part;
mod lists;
mod overviews;
mod people;
mod points;
mod refusals;
mod stances;
mod times;

use std::collections::{HashMap, HashSet};
use std::sync::{LazyLock, OnceLock};

use frostem::Algorithm;
use serde::de::Error;
use serde::{Deserialize, Deserializer};

use crate::model::Language;
use crate::tokens::folding::{fold, folded_words};
pub use advice::AdviceWords;
pub use citations::CitationWords;
pub use conversation::ConversationWords;
use file_part::FilePart;
pub use lists::{
    Abbreviations, AnswerWords, BylineWords, CalendarWords, EventFactWords, EventWords, MessageWords,
    QuestionWords, ShapeWords, TitleWords, TokenWords,
};
pub use overviews::OverviewWords;
pub use people::{NameWords, SpeakerWords};
pub use points::PointWords;
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
#[serde(from = "Vec<String>")]
pub struct WordList {
    words: Vec<String>,
    /// The folded words, made when they are first needed.
    folded: OnceLock<HashSet<String>>,
}

/// Words in `N` groups: the names of each month or weekday.
#[derive(Debug, Default, Deserialize)]
#[serde(try_from = "Vec<Vec<String>>")]
pub struct WordGroups<const N: usize> {
    groups: Vec<Vec<String>>,
    /// The positions of the groups by their words, made when they are first needed.
    by_word: OnceLock<HashMap<String, usize>>,
    /// The same by their folded words.
    by_folded: OnceLock<HashMap<String, usize>>,
}

impl Language {
    /// The lists of this language.
    pub fn words(self) -> &'static LanguageWords {
        static NO_WORDS: LazyLock<LanguageWords> = LazyLock::new(LanguageWords::default);
        FILES.by_language.get(self as usize).unwrap_or(&NO_WORDS)
    }

    /// The lists with the texts of a page in this language; those of English for [`Language::Other`].
    fn words_to_write_in(self) -> &'static LanguageWords {
        let language = if self == Self::Other { Self::En } else { self };
        language.words()
    }

    /// Whether words of this language are found inside longer runs of letters.
    pub fn matches_inside_words(self) -> bool {
        self.words().writing.matches_inside_words
    }
}

/// The lists of all languages in one: each word of a list once, in the order of the languages and then of the files. Flags and
/// texts are those of English.
pub fn all() -> &'static LanguageWords {
    &FILES.all
}

/// One list of all languages, as [`all`] has it.
pub fn all_words(list: fn(&LanguageWords) -> &WordList) -> Vec<&'static str> {
    list(all()).iter().collect()
}

/// The same list for the languages that separate words by spaces.
pub fn whole_words(list: fn(&LanguageWords) -> &WordList) -> Vec<&'static str> {
    words_of(|language| !language.matches_inside_words(), list)
}

/// The same list for the languages whose words are found inside longer runs of letters.
pub fn inner_words(list: fn(&LanguageWords) -> &WordList) -> Vec<&'static str> {
    words_of(Language::matches_inside_words, list)
}

fn words_of(is_included: fn(Language) -> bool, list: fn(&LanguageWords) -> &WordList) -> Vec<&'static str> {
    let mut known = HashSet::new();
    let languages = Language::ALL.into_iter().filter(|language| is_included(*language));
    languages.flat_map(|language| list(language.words()).iter()).filter(|word| known.insert(*word)).collect()
}

/// The groups of all languages, as [`all`] has them.
pub fn all_groups<const N: usize>(groups: fn(&LanguageWords) -> &WordGroups<N>) -> [Vec<&'static str>; N] {
    let groups = &groups(all()).groups;
    std::array::from_fn(|at| groups.get(at).into_iter().flatten().map(String::as_str).collect())
}

impl WordList {
    /// The words in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.words.iter().map(String::as_str)
    }

    /// Whether a word is listed, exactly as it is written.
    pub fn contains(&self, word: &str) -> bool {
        self.words.iter().any(|listed| listed == word)
    }

    /// Whether a word is listed, whatever its case and its accents.
    pub fn has_word(&self, word: &str) -> bool {
        self.contains_folded(&fold(word))
    }

    /// Whether a folded word is that of a listed one.
    pub fn contains_folded(&self, word: &str) -> bool {
        self.folded.get_or_init(|| self.iter().map(fold).collect()).contains(word)
    }
}

impl<const N: usize> WordGroups<N> {
    /// The groups in order.
    pub fn iter(&self) -> impl Iterator<Item = &[String]> {
        self.groups.iter().map(Vec::as_slice)
    }

    /// The position of the first group with a word, exactly as it is written.
    pub fn position(&self, word: &str) -> Option<usize> {
        self.by_word.get_or_init(|| self.positions(str::to_owned)).get(word).copied()
    }

    /// The position of the first group with a word, which is folded.
    pub fn position_folded(&self, word: &str) -> Option<usize> {
        self.by_folded.get_or_init(|| self.positions(fold)).get(word).copied()
    }

    /// The position of the first group with each word, by what `key` makes of the word.
    fn positions(&self, key: fn(&str) -> String) -> HashMap<String, usize> {
        let mut positions = HashMap::new();
        for (at, group) in self.groups.iter().enumerate() {
            for word in group {
                positions.entry(key(word)).or_insert(at);
            }
        }
        positions
    }
}

impl From<Vec<String>> for WordList {
    fn from(words: Vec<String>) -> Self {
        Self { words, folded: OnceLock::new() }
    }
}

impl<const N: usize> TryFrom<Vec<Vec<String>>> for WordGroups<N> {
    type Error = String;

    fn try_from(groups: Vec<Vec<String>>) -> Result<Self, String> {
        match groups.len() {
            len if len == 0 || len == N => Ok(Self { groups, ..Self::default() }),
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

/// Whether a list of English has a folded word, alone or in a phrase.
pub fn is_listed_in_english(word: &str) -> bool {
    FILES.listed_in_english.contains(word)
}

/// What the files of the languages have. Each is parsed once for all.
struct LanguageFiles {
    /// The lists of each language, in the order of [`Language::ALL`].
    by_language: Vec<LanguageWords>,
    /// The lists of all languages, joined.
    all: LanguageWords,
    /// The folded words of all lists of English.
    listed_in_english: HashSet<String>,
}

static FILES: LazyLock<LanguageFiles> = LazyLock::new(|| {
    let files: Vec<FilePart<'_>> = Language::ALL.into_iter().map(file_of).collect();
    let english = files.get(Language::En as usize).map(FilePart::texts).unwrap_or_default();
    LanguageFiles {
        listed_in_english: english.into_iter().flat_map(folded_words).collect(),
        by_language: files.iter().cloned().map(read).collect(),
        all: FilePart::joined(files).map(read).unwrap_or_default(),
    }
});

#[expect(clippy::expect_used, reason = "the files are compiled in and a test reads them")]
fn file_of(language: Language) -> FilePart<'static> {
    FilePart::parse(language.file()).expect("a table")
}

#[expect(clippy::expect_used, reason = "the files are compiled in and a test reads them")]
fn read(file: FilePart<'_>) -> LanguageWords {
    LanguageWords::deserialize(file).expect("a file with all lists")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_fills_every_list_or_says_none() {
        for language in Language::ALL {
            let result = LanguageWords::deserialize(file_of(language));
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
            let file = file.replacen(part, replacement, 1);
            let result = FilePart::parse(&file).and_then(LanguageWords::deserialize);
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
        let openings = &all().bylines.openings;
        let place = |word| openings.iter().position(|known| known == word);
        assert!(place("by ") < place("von ") && place("von ") < place("par "));
        assert_eq!(openings.iter().filter(|word| *word == "por ").count(), 1);
        let january = all().calendar.months.iter().next().unwrap();
        assert_eq!(january[..3], ["january", "januar", "jänner"]);
        // English has no such form of a month.
        assert_eq!(all().calendar.short_months_in_dates.position("févr"), Some(1));
    }

    #[test]
    fn other_languages_have_no_words() {
        assert_eq!(Language::Other.words().tokens.stop_words.iter().count(), 0);
        assert!(Language::En.words().tokens.stop_words.contains("the"));
    }
}
