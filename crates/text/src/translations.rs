//! What English posts say for the words of a question.
//!
//! Most recaps are in English, whatever language their readers ask in, and they say the same in other words.
//! `config/translations/` has a table for each language that has one. That of English has words near those of posts.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;
use std::sync::{LazyLock, OnceLock};

use serde::Deserialize;

use crate::model::Language;
use crate::tokens::{folding::fold, strip_elision, tokenize};
use crate::word_terms::{NameLengths, WordTerms};

/// The English words for the words of one language. Words are compared by their stems in that language.
#[derive(Debug)]
pub struct Translations {
    language: Language,
    lengths: NameLengths,
    /// Maps the terms of words, with spaces between them, to what they mean.
    meanings_by_key: HashMap<String, Vec<Translation>>,
    compound_links: Vec<String>,
}

/// What words mean in English.
#[derive(Debug)]
struct Translation {
    /// The words, folded.
    of: String,
    english: String,
}

/// The minimum number of letters of each part of a compound. Shorter words are parts of too many others.
const MIN_PART_LETTERS: usize = 4;
/// The maximum number of letters by which the endings of a word's forms differ.
const MAX_ENDING_LETTERS: usize = 2;
/// The maximum number of letters of a compound that is divided.
const MAX_COMPOUND_LETTERS: usize = 48;

impl Translations {
    /// The built-in table of a language; `None` if it has none.
    pub fn of(language: Language) -> Option<&'static Self> {
        /// Each is read when its language is first asked in.
        static TABLES: [OnceLock<Option<Translations>>; FILES.len()] =
            [const { OnceLock::new() }; FILES.len()];
        let ((_, text), table) = FILES.iter().zip(&TABLES).find(|((known, _), _)| *known == language)?;
        // A test reads the same texts, so none is left out.
        table.get_or_init(|| Self::parse(language, text).ok()).as_ref()
    }

    /// The built-in tables of other languages than English.
    pub fn foreign() -> impl Iterator<Item = &'static Self> {
        let foreign = FILES.iter().filter(|(language, _)| *language != Language::En);
        foreign.filter_map(|(language, _)| Self::of(*language))
    }

    /// Whether its words are English ones too, and not the same as those of posts but near them.
    pub fn is_of_near_words(&self) -> bool {
        self.language == Language::En
    }

    fn parse(language: Language, text: &str) -> Result<Self, toml::de::Error> {
        let TranslationFile { compound_links, words } = toml::from_str(text)?;
        let mut table = Self {
            language,
            lengths: NameLengths::default(),
            meanings_by_key: HashMap::new(),
            compound_links,
        };
        let mut terms = WordTerms::new(&[], language);
        for (english, foreign) in words {
            for name in foreign {
                let parts: Vec<&str> = name.split_whitespace().map(strip_elision).collect();
                terms.set_words(&parts);
                if table.lengths.add(&terms) {
                    let known = table.meanings_by_key.entry(terms.text().to_owned()).or_default();
                    known.push(Translation { of: fold(&parts.join(" ")), english: english.clone() });
                }
            }
        }
        Ok(table)
    }

    /// The known words among `words` (as written, in order): the range of words of each, and its English words. The longest
    /// ones win; none overlap.
    pub fn find(&self, words: &[&str]) -> Vec<(Range<usize>, Vec<&str>)> {
        let terms = WordTerms::new(words, self.language);
        let look_up = |range: &Range<usize>, key: &str| {
            self.meanings(key, words.get(range.clone()).unwrap_or_default())
        };
        self.lengths.find(words, &terms, look_up)
    }

    /// The English words for one word.
    pub fn translate(&self, word: &str) -> Option<Vec<&str>> {
        self.meanings(WordTerms::new(&[word], self.language).text(), &[word])
    }

    /// What words with these terms mean. If they are known as they are typed, words with a longer ending are others: the stem of
    /// "Sicherheit" (security) is that of "sicherlich" (certainly).
    fn meanings(&self, key: &str, typed: &[&str]) -> Option<Vec<&str>> {
        let all = self.meanings_by_key.get(key)?;
        let typed: Vec<&str> = typed.iter().copied().map(strip_elision).collect();
        let typed = fold(&typed.join(" "));
        let is_known = all.iter().any(|meaning| meaning.of == typed);
        let is_form = |meaning: &&Translation| {
            let common = meaning.of.chars().zip(typed.chars()).take_while(|(a, b)| a == b).count();
            let letters = meaning.of.chars().count().max(typed.chars().count());
            !is_known || letters - common <= MAX_ENDING_LETTERS
        };
        let mut english: Vec<&str> = Vec::new();
        for meaning in all.iter().filter(is_form) {
            if !english.contains(&meaning.english.as_str()) {
                english.push(&meaning.english);
            }
        }
        Some(english)
    }

    /// The ways to divide a word into two: its first part without the letters that link it, and the rest. There are none in a
    /// language that has no compounds.
    pub fn divisions<'w>(&'w self, word: &'w str) -> impl Iterator<Item = (&'w str, &'w str)> {
        let is_compound = (2 * MIN_PART_LETTERS..=MAX_COMPOUND_LETTERS).contains(&word.chars().count())
            && word.chars().all(char::is_alphabetic);
        let ends = word.char_indices().map(|(at, _)| at).skip(MIN_PART_LETTERS);
        let parts = ends.filter_map(|end| word.split_at_checked(end));
        let parts = parts.filter(move |(_, last)| is_compound && last.chars().count() >= MIN_PART_LETTERS);
        parts.flat_map(|(first, last)| {
            let firsts = self.compound_links.iter().filter_map(move |link| first.strip_suffix(link.as_str()));
            firsts.filter(|first| first.chars().count() >= MIN_PART_LETTERS).map(move |first| (first, last))
        })
    }
}

/// Whether the tables have a word in English, in any form: then it is spelled right.
pub fn is_english_word(word: &str) -> bool {
    static TERMS: LazyLock<HashSet<String>> =
        LazyLock::new(|| ENGLISH_WORDS.iter().copied().filter_map(term_of).collect());
    term_of(word).is_some_and(|term| TERMS.contains(&term))
}

/// The English words of the tables of other languages that are single words.
pub fn english_words() -> impl Iterator<Item = &'static str> {
    ENGLISH_WORDS.iter().copied().filter(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()))
}

/// Whether the tables have a word in English as it is typed, or without the `s` at its end.
pub fn is_spelt_as_in_english(word: &str) -> bool {
    let is_listed = |word: &str| ENGLISH_WORDS.contains(word);
    is_listed(word) || word.strip_suffix('s').is_some_and(is_listed)
}

/// The English words of the tables of other languages.
static ENGLISH_WORDS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| foreign_entries().map(|(_, english, _)| english).collect());

/// Whether the tables have a word in another language than English, as it is typed.
pub fn is_foreign_word(word: &str) -> bool {
    static WORDS: LazyLock<HashSet<&str>> =
        LazyLock::new(|| foreign_entries().flat_map(|(_, _, words)| words).collect());
    WORDS.contains(word)
}

/// The language, other than English, whose table alone has a word as it is typed, or with a capital.
pub fn only_language_of(word: &str) -> Option<Language> {
    /// `None` for a word of several languages.
    static LANGUAGES: LazyLock<HashMap<&str, Option<Language>>> = LazyLock::new(|| {
        let mut languages: HashMap<&str, Option<Language>> = HashMap::new();
        for (language, english, words) in foreign_entries() {
            // A word that English has too tells nothing: "WebAssembly".
            for word in words.filter(|word| !word.eq_ignore_ascii_case(english)) {
                let known = languages.entry(word).or_insert(Some(language));
                *known = known.filter(|known| *known == language);
            }
        }
        languages
    });
    let mut letters = word.chars();
    let capitalised: String = letters.next()?.to_uppercase().chain(letters).collect();
    let mut known = [word, &capitalised].into_iter().filter_map(|word| LANGUAGES.get(word).copied());
    let language = known.next()??;
    known.all(|it| it == Some(language)).then_some(language)
}

/// The lines of the tables of other languages: the language, what its words are in English, and the words. To read a whole table
/// takes fifty times as long, most of it for the stems of the language.
fn foreign_entries() -> impl Iterator<Item = (Language, &'static str, impl Iterator<Item = &'static str>)> {
    let foreign = FILES.iter().filter(|(language, _)| *language != Language::En);
    foreign.flat_map(|(language, text)| entries(text).map(|(english, words)| (*language, english, words)))
}

fn entries(text: &str) -> impl Iterator<Item = (&str, impl Iterator<Item = &str>)> {
    let lines = text.lines().skip_while(|line| *line != "[words]");
    lines.filter_map(|line| {
        let (english, words) = line.split_once(" = ")?;
        Some((english.trim_matches('"'), words.split('"').skip(1).step_by(2)))
    })
}

/// The term of one English word; `None` for several.
fn term_of(word: &str) -> Option<String> {
    let mut tokens = tokenize(word, Language::En).into_iter();
    tokens.next().map(|token| token.term).filter(|_| !word.contains(' '))
}

const FILES: [(Language, &str); 5] = [
    (Language::En, include_str!("../../../config/translations/en.toml")),
    (Language::De, include_str!("../../../config/translations/de.toml")),
    (Language::Es, include_str!("../../../config/translations/es.toml")),
    (Language::Fr, include_str!("../../../config/translations/fr.toml")),
    (Language::Pt, include_str!("../../../config/translations/pt.toml")),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TranslationFile {
    /// The letters that may link the parts of a compound, with "" for none. A language without compounds has no list.
    #[serde(default)]
    compound_links: Vec<String>,
    /// Words of the language by what they are in English.
    words: BTreeMap<String, Vec<String>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(language: Language) -> &'static Translations {
        Translations::of(language).expect("a table")
    }

    #[test]
    fn each_table_can_be_read() {
        for (language, text) in FILES {
            let file: TranslationFile = toml::from_str(text).expect("a table");
            assert!(file.words.len() > 1_000, "{language:?}: {}", file.words.len());
            let read: BTreeMap<String, Vec<String>> = entries(text)
                .map(|(english, words)| (english.into(), words.map(str::to_owned).collect()))
                .collect();
            assert_eq!(read, file.words, "{language:?}");
            for (english, foreign) in file.words {
                assert!(!foreign.is_empty(), "{language:?}: nothing means {english}");
                assert_eq!(english.to_lowercase(), english, "{language:?}");
                for word in foreign {
                    let parts: Vec<&str> = word.split_whitespace().map(strip_elision).collect();
                    let found = table(language).find(&parts);
                    assert!(!found.is_empty(), "{language:?}: {word} is not found");
                }
            }
        }
        assert!(Translations::of(Language::Ja).is_none());
        assert_eq!(Translations::foreign().count(), FILES.len() - 1);
    }

    #[test]
    fn words_are_found_in_other_forms() {
        use Language::{De, En, Es, Fr, Pt};
        for (language, words, expected) in [
            (En, "visitors", "attendees"),
            (De, "Kosten", "cost"),
            (De, "Vorträgen", "talk"),
            (De, "gewann", "win"),
            (Fr, "échelle", "scale"),
            (Es, "charlas", "talk"),
            (Es, "dijo", "say"),
            (Pt, "palestras", "talk"),
            (Pt, "código aberto", "open source"),
        ] {
            let parts: Vec<&str> = words.split_whitespace().collect();
            let found = table(language).find(&parts);
            let is_found = found
                .iter()
                .any(|(range, english)| range.len() == parts.len() && english.contains(&expected));
            assert!(is_found, "{words}: {found:?}");
        }
        assert_eq!(table(De).find(&["Kubernetes", "Xyzzy"]), []);
        let security = table(De).translate("sicherheit").unwrap_or_default();
        assert!(security.contains(&"security") && !security.contains(&"certainly"), "{security:?}");
    }

    #[test]
    fn a_compound_is_divided_where_its_parts_may_be_words() {
        let divisions: Vec<_> = table(Language::De).divisions("Konferenzbesucher").collect();
        assert!(divisions.contains(&("Konferenz", "besucher")), "{divisions:?}");
        let divisions: Vec<_> = table(Language::De).divisions("Sicherheitsteam").collect();
        assert!(divisions.contains(&("Sicherheit", "team")), "{divisions:?}");
        assert_eq!(table(Language::Fr).divisions("portefeuille").count(), 0);
        for word in ["", "kurz", "größe", "a1b2c3d4e5", &"ä".repeat(100)] {
            assert_eq!(table(Language::De).divisions(word).count(), 0, "{word}");
        }
    }
}
