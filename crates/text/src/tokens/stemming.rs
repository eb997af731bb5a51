//! Stems lower-case words by the rules of their language, and removes their accents.
//!
//! For English it corrects the Snowball stemmer's errors in words about software.

use super::folding::{push_without_accents, truncate};
use crate::model::Language;
use frostem::{Algorithm, Stemmer};
use std::{borrow::Cow, sync::LazyLock};

/// The maximum number of bytes of a term. Longer words are cut.
pub(crate) const MAX_TERM: usize = 64;

/// A cache of words and their terms. Stemming takes ten times as long as a lookup, and the same few thousand words make
/// up most of any text.
#[derive(Default)]
pub(crate) struct StemCache {
    by_slot: [Option<LanguageCache>; SLOTS_LEN],
    uncached_term: String,
}

impl StemCache {
    /// The term of a word in lower case, or of ASCII letters in any case; never longer than [`MAX_TERM`] bytes.
    pub(crate) fn term(&mut self, word: &str, language: Language) -> &str {
        let at = language_slot(language);
        // The modulus is the array's length.
        let cache = self.by_slot[at % SLOTS_LEN].get_or_insert_with(|| LanguageCache::new(hash_bits(at)));
        let Some(key) = cache_key(word) else {
            self.uncached_term.clear();
            push_term(&word.to_ascii_lowercase(), language, &mut self.uncached_term);
            return &self.uncached_term;
        };
        let entry = cache.entry(&key);
        if entry.word != key {
            let word = key.get(..word.len()).unwrap_or_default();
            self.uncached_term.clear();
            push_term(std::str::from_utf8(word).unwrap_or_default(), language, &mut self.uncached_term);
            if !entry.store(key, &self.uncached_term) {
                return &self.uncached_term;
            }
        }
        entry.term()
    }
}

/// All languages and [`Language::Other`].
const SLOTS_LEN: usize = Language::ALL.len() + 1;

/// A cache of fixed size. A new word replaces the word with the same hash.
struct LanguageCache {
    entries: Vec<CachedStem>,
    /// The binary logarithm of their number.
    hash_bits: u32,
}

#[derive(Clone, Copy)]
struct CachedStem {
    word: CacheKey,
    term: [u8; 23],
    length: u8,
}

/// The bytes of a word, padded with zeros. No word contains a zero.
type CacheKey = [u8; 24];

/// The binary logarithm of the number of entries of a language's cache: 400 kB per thread for English, in which most posts
/// are, and 100 kB for another, since a question's words are looked up in all languages.
fn hash_bits(slot: usize) -> u32 {
    if slot == language_slot(Language::En) { 13 } else { 11 }
}

impl LanguageCache {
    fn new(hash_bits: u32) -> Self {
        let empty = CachedStem { word: [0; 24], term: [0; 23], length: 0 };
        Self { entries: vec![empty; 1 << hash_bits], hash_bits }
    }

    fn entry(&mut self, key: &CacheKey) -> &mut CachedStem {
        let mut hash = 0_u64;
        for chunk in key.as_chunks::<8>().0 {
            // The odd constant is 2^64 divided by the golden ratio (Knuth, TAOCP 3, 6.4).
            hash = (hash.rotate_left(26) ^ u64::from_le_bytes(*chunk)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        }
        // A hash of so many bits is always an index of the table.
        &mut self.entries[usize::try_from(hash >> (64 - self.hash_bits)).unwrap_or(0)]
    }
}

impl CachedStem {
    fn store(&mut self, word: CacheKey, term: &str) -> bool {
        let Some(bytes) = self.term.get_mut(..term.len()) else { return false };
        bytes.copy_from_slice(term.as_bytes());
        self.length = u8::try_from(term.len()).unwrap_or(0);
        self.word = word;
        true
    }

    fn term(&self) -> &str {
        let bytes = self.term.get(..usize::from(self.length)).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }
}

/// The key of a word; `None` if it is too long.
fn cache_key(word: &str) -> Option<CacheKey> {
    let mut key = [0; 24];
    key.get_mut(..word.len())?.copy_from_slice(word.as_bytes());
    key.make_ascii_lowercase();
    Some(key)
}

/// The number of a language's cache. Languages with the same stemmer share one.
fn language_slot(language: Language) -> usize {
    static SLOTS: LazyLock<[usize; SLOTS_LEN]> = LazyLock::new(|| {
        let stemmer = |language: Language| language.words().writing.stemmer;
        let mut slots = [Language::ALL.len(); SLOTS_LEN];
        for (slot, language) in slots.iter_mut().zip(Language::ALL) {
            let is_same = |other: &Language| stemmer(*other) == stemmer(language);
            *slot = Language::ALL.iter().position(is_same).unwrap_or(*slot);
        }
        slots
    });
    SLOTS[language as usize % SLOTS_LEN]
}

/// Whether the term of each word of ASCII letters begins with its first letter. Other stemmers may remove a prefix, as the one of
/// Dutch does `ge`.
pub(crate) fn keeps_first_letter(language: Language) -> bool {
    matches!(language.words().writing.stemmer, None | Some(Algorithm::English))
}

/// Appends the term of a lower-case word. A word with a digit is a name and stays as it is.
fn push_term(word: &str, language: Language, out: &mut String) {
    let word = truncate(word, MAX_TERM);
    let stem =
        if word.chars().any(char::is_numeric) { Cow::Borrowed(word) } else { stem_word(word, language) };
    push_without_accents(&stem, out);
    out.truncate(out.floor_char_boundary(MAX_TERM));
}

fn stem_word(word: &str, language: Language) -> Cow<'_, str> {
    match language.words().writing.stemmer {
        Some(Algorithm::English) => stem_english(word),
        Some(algorithm) => Stemmer::new(algorithm).stem(word),
        None => Cow::Borrowed(word),
    }
}

/// Beginnings of words whose Snowball stem is also the stem of a word with another meaning (author and authorization,
/// engine and engineer, important and import), with the stem that they get here.
const OWN_STEMS: [(&str, &str); 17] = [
    ("authoriz", "authoriz"),
    ("authoris", "authoriz"),
    ("authoritat", "authorit"),
    ("authorit", "authorit"),
    ("container", "container"),
    ("engineer", "engineer"),
    // "Found" is mostly of "find".
    ("founded", "founder"),
    ("founder", "founder"),
    ("founding", "founder"),
    ("importan", "important"),
    ("international", "internation"),
    ("operator", "operator"),
    ("organizer", "organizer"),
    ("organiser", "organizer"),
    ("scheduler", "scheduler"),
    ("several", "several"),
    ("universit", "universit"),
];

/// The endings that a word of [`OWN_STEMS`] may have. `containerd` is a name.
const OWN_ENDINGS: [&str; 22] = [
    "", "s", "e", "es", "ed", "er", "ers", "ing", "ation", "ations", "ive", "y", "ies", "t", "tly", "ce",
    "ize", "ized", "izing", "ization", "ise", "ised",
];

/// British beginnings with their American forms. The first that a word has counts.
const SPELLINGS: [(&str, &str); 39] = [
    ("analogue", "analog"),
    ("analyse", "analyze"),
    ("analysing", "analyzing"),
    ("armour", "armor"),
    ("artefact", "artifact"),
    ("behaviour", "behavior"),
    ("cancell", "cancel"),
    ("catalogued", "cataloged"),
    ("catalogue", "catalog"),
    ("centred", "centered"),
    ("centre", "center"),
    ("channell", "channel"),
    ("colour", "color"),
    ("defence", "defense"),
    ("dialogue", "dialog"),
    ("endeavour", "endeavor"),
    ("favour", "favor"),
    ("fibre", "fiber"),
    ("flavour", "flavor"),
    ("harbour", "harbor"),
    ("honour", "honor"),
    ("humour", "humor"),
    ("labell", "label"),
    ("labour", "labor"),
    ("levell", "level"),
    ("licence", "license"),
    ("metred", "metered"),
    ("metre", "meter"),
    ("modell", "model"),
    ("neighbour", "neighbor"),
    ("offence", "offense"),
    ("programmed", "programmed"),
    ("programmer", "programmer"),
    ("programme", "program"),
    ("rumour", "rumor"),
    ("signall", "signal"),
    ("theatre", "theater"),
    ("travell", "travel"),
    ("tunnell", "tunnel"),
];

/// British endings with their American forms.
const SPELLING_ENDINGS: [(&str, &str); 8] = [
    ("isation", "ization"),
    ("isations", "izations"),
    ("ise", "ize"),
    ("ises", "izes"),
    ("ised", "ized"),
    ("iser", "izer"),
    ("isers", "izers"),
    ("ising", "izing"),
];

/// The minimum number of letters before one of [`SPELLING_ENDINGS`].
const MIN_BEFORE_ENDING: usize = 4;

/// The stem of an English word in lower case.
fn stem_english(word: &str) -> Cow<'_, str> {
    if let Some(whole) = double_e_stem(word) {
        return Cow::Borrowed(whole);
    }
    if let Some(singular) = singular_of_acronym(word) {
        return Cow::Borrowed(singular);
    }
    if let Some(own) = own_stem(word) {
        return Cow::Borrowed(own);
    }
    let stemmer = Stemmer::new(Algorithm::English);
    match american_spelling(word) {
        Cow::Borrowed(word) => stemmer.stem(word),
        Cow::Owned(word) => Cow::Owned(stemmer.stem(&word).into_owned()),
    }
}

/// Keeps the second `e` of words in `-ee`, which Snowball removes: `tracee` must differ from `tracing`, and `trainee`
/// from `training`. This also changes `agreed`, `agreeing` and `agrees`.
fn double_e_stem(word: &str) -> Option<&str> {
    if !word.as_bytes().windows(2).any(|pair| pair == b"ee") {
        return None;
    }
    ["", "s", "d", "ing"].into_iter().find_map(|ending| {
        let whole = word.strip_suffix(ending).filter(|whole| whole.ends_with("ee") && whole.len() > 3)?;
        // `speed`, `exceed` and `proceed` are not inflected.
        (ending != "d" || Stemmer::new(Algorithm::English).stem(word) != word).then_some(whole)
    })
}

/// Plurals of abbreviations: `vms`, `gpus`, `slas`. Snowball removes the `s` only from words with a vowel well before
/// it.
pub(super) fn singular_of_acronym(word: &str) -> Option<&str> {
    let singular = word.strip_suffix('s')?;
    let letters = singular.as_bytes();
    let has_no_vowel =
        letters.len() >= 2 && !singular.ends_with('s') && !letters.iter().any(|&letter| is_vowel(letter));
    let is_acronym = match letters {
        &[first, second, third] => !is_vowel(first) && !is_vowel(second) && is_vowel(third),
        _ => false,
    };
    (has_no_vowel || is_acronym && !matches!(word, "plus" | "this" | "thus")).then_some(singular)
}

fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y' | 0x80..)
}

fn own_stem(word: &str) -> Option<&'static str> {
    OWN_STEMS.iter().filter(|(start, _)| have_same_letter(word, start)).find_map(|(start, own)| {
        let ending = word.strip_prefix(start)?;
        OWN_ENDINGS.contains(&ending).then_some(*own)
    })
}

/// Whether two words begin with the same byte. It is compared first, since few of a table do.
fn have_same_letter(word: &str, other: &str) -> bool {
    word.as_bytes().first() == other.as_bytes().first()
}

/// The American spelling of a folded English word.
pub(super) fn american_spelling(word: &str) -> Cow<'_, str> {
    for (british, american) in SPELLINGS.iter().filter(|(british, _)| have_same_letter(word, british)) {
        if let Some(ending) = word.strip_prefix(british) {
            return Cow::Owned(format!("{american}{ending}"));
        }
    }
    // Shorter words, such as `rise` and `raised`, mostly mean something else in the other spelling.
    if word.contains("is") {
        for (british, american) in SPELLING_ENDINGS {
            if let Some(start) = word.strip_suffix(british).filter(|start| start.len() >= MIN_BEFORE_ENDING) {
                return Cow::Owned(format!("{start}{american}"));
            }
        }
    }
    Cow::Borrowed(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_one_stem_have_one_term() {
        let mut stems = StemCache::default();
        for (language, words, term) in [
            (Language::En, vec!["cluster", "clusters", "clustering", "clustered"], "cluster"),
            (Language::En, vec!["founder", "founders", "founded", "founding"], "founder"),
            (Language::En, vec!["found"], "found"),
            (Language::De, vec!["konferenz", "konferenzen"], "konferenz"),
            (Language::De, vec!["größe", "größen", "grössen"], "gross"),
            (Language::Fr, vec!["déployé", "déployer", "déployée"], "deploi"),
            (Language::Es, vec!["conferencia", "conferencias"], "conferent"),
            (Language::Pt, vec!["conferência", "conferências"], "conferent"),
            (Language::It, vec!["conferenza", "conferenze"], "conferent"),
            (Language::Nl, vec!["aankondiging", "aankondigingen"], "aankond"),
            (Language::Other, vec!["konferencje"], "konferencje"),
            (Language::Ja, vec!["containers", "container"], "container"),
            (Language::En, vec!["k8s"], "k8s"),
        ] {
            for word in words {
                for _ in 0..2 {
                    assert_eq!(stems.term(word, language), term, "{language:?} {word}");
                }
            }
        }
    }

    #[test]
    fn a_term_has_at_most_64_bytes() {
        let mut stems = StemCache::default();
        for word in ["x".repeat(70), "é".repeat(70), "ß".repeat(40), "9".repeat(1_000)] {
            let term = stems.term(&word, Language::En);
            assert!(!term.is_empty() && term.len() <= MAX_TERM, "{word}: {term}");
        }
    }

    #[test]
    fn a_full_cache_keeps_words_apart() {
        let mut stems = StemCache::default();
        for number in 0..40_000_u32 {
            let word = format!("w{number:x}");
            assert_eq!(stems.term(&word, Language::Other), word);
        }
    }

    #[test]
    fn a_term_begins_with_the_first_letter_of_its_word() {
        let mut stems = StemCache::default();
        let languages = Language::ALL.into_iter().filter(|language| keeps_first_letter(*language));
        for language in languages.chain([Language::Other]) {
            for word in crate::translations::english_words().chain(crate::person_names::GIVEN_NAMES.lines()) {
                let term = stems.term(word, language);
                assert_eq!(term.as_bytes().first(), word.as_bytes().first(), "{language:?} {word} {term}");
            }
        }
        assert!(OWN_STEMS.iter().chain(&SPELLINGS).all(|(word, other)| have_same_letter(word, other)));
    }

    #[test]
    fn words_with_the_same_stem() {
        for (one, other) in [
            ("vms", "vm"),
            ("crds", "crd"),
            ("gpus", "gpu"),
            ("apis", "api"),
            ("slos", "slo"),
            ("slas", "sla"),
            ("cves", "cve"),
            ("attendees", "attendee"),
            ("agreed", "agree"),
            ("agreeing", "agrees"),
            ("organisation", "organization"),
            ("organised", "organize"),
            ("behaviours", "behavior"),
            ("centre", "centers"),
            ("theatre", "theater"),
            ("analysed", "analyze"),
            ("programme", "programs"),
            ("modelling", "modeling"),
            ("containers", "container"),
            ("containerized", "containerize"),
            ("operators", "operator"),
            ("policies", "policy"),
            ("meshes", "mesh"),
            ("releases", "released"),
        ] {
            assert_eq!(stem_english(one), stem_english(other), "{one} {other}");
        }
    }

    #[test]
    fn words_with_different_stems() {
        for (one, other) in [
            ("author", "authorization"),
            ("engine", "engineering"),
            ("import", "important"),
            ("scheduler", "schedule"),
            ("operator", "operating"),
            ("container", "contains"),
            ("container", "containerd"),
            ("university", "universal"),
            ("internal", "international"),
            ("several", "severe"),
            ("css", "cs"),
            ("this", "thi"),
            ("authority", "author"),
            ("news", "new"),
            ("tracee", "tracing"),
            ("trainees", "training"),
            ("exceed", "excess"),
        ] {
            assert_ne!(stem_english(one), stem_english(other), "{one} {other}");
        }
    }
}
