//! The keys by which posts that have a word are counted.

use super::folding::folded_words;
use super::is_stop_word;
use super::stemming::{MAX_TERM, american_spelling, singular_of_acronym};
use crate::model::Language;
use std::collections::BTreeSet;

/// The key of a folded English word: its singular in American spelling. Both spellings and both numbers of a word have one key, and words
/// that mean something else have another, though their stems may be the same: `access`, `accessibility`.
///
/// The rules for plurals are those of D. Harman's "S" stemmer ("How Effective Is Suffixing?", 1991), but for words such as `boxes` and
/// `caches`, which lose `es`, as `cache` loses its `e`.
pub fn word_key(word: &str) -> String {
    if let Some(singular) = singular_of_acronym(word) {
        return singular.to_owned();
    }
    let word = american_spelling(word);
    if word.len() <= 3 || !word.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        return word.into_owned();
    }
    let is_singular = ["ss", "us", "is"].iter().any(|ending| word.ends_with(ending));
    let singular = word.strip_suffix('s').filter(|_| !is_singular).unwrap_or(&word);
    if let Some(start) = singular.strip_suffix("ie").filter(|start| start.len() > 1) {
        return format!("{start}y");
    }
    let is_after_sibilant = ["xe", "ze", "che", "she", "sse"].iter().any(|ending| singular.ends_with(ending));
    let key = singular.strip_suffix('e').filter(|_| is_after_sibilant).unwrap_or(singular);
    key.to_owned()
}

/// The keys of the words of some texts in one language, each once; those of words with a sign in them also of the whole: `multi-cloud` has
/// `multi`, `cloud` and `multicloud`. Words of the grammar of another language than English are left out: "j'ai" does not write of AI.
pub fn word_keys<'t>(texts: impl IntoIterator<Item = &'t str>, language: Language) -> BTreeSet<String> {
    let is_counted = |word: &&String| language == Language::En || !is_stop_word(word, language);
    let mut keys = BTreeSet::new();
    for word in texts.into_iter().flat_map(str::split_whitespace) {
        let parts = folded_words(word);
        if parts.len() > 1 {
            keys.insert(word_key(&parts.concat()));
        }
        keys.extend(parts.iter().filter(is_counted).map(|part| word_key(part)));
    }
    // Nobody asks for longer ones, such as the data of a picture.
    keys.retain(|key| key.len() <= MAX_TERM);
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_numbers_and_both_spellings_of_a_word_have_one_key() {
        for (one, other) in [
            ("theme", "themes"),
            ("company", "companies"),
            ("movie", "movies"),
            ("cache", "caches"),
            ("box", "boxes"),
            ("class", "classes"),
            ("praise", "praises"),
            ("advise", "advises"),
            ("size", "sizes"),
            ("llm", "llms"),
            ("vm", "vms"),
            ("optimisation", "optimizations"),
            ("programme", "programs"),
            ("modelling", "modeling"),
            ("travelled", "traveled"),
            ("centred", "centered"),
            ("catalogues", "catalog"),
        ] {
            assert_eq!(word_key(one), word_key(other), "{one}, {other}");
        }
    }

    #[test]
    fn other_words_have_other_keys() {
        for (one, other) in [
            ("theme", "them"),
            ("note", "not"),
            ("use", "us"),
            ("accessibility", "access"),
            ("hosting", "hosts"),
            ("container", "contain"),
            ("aws", "aw"),
            ("pies", "py"),
        ] {
            assert_ne!(word_key(one), word_key(other), "{one}, {other}");
        }
        assert_eq!((word_key("programmer").as_str(), word_key("status").as_str()), ("programmer", "status"));
    }

    #[test]
    fn a_word_with_a_sign_is_written_whole_and_in_parts() {
        let expected = ["cloud", "is", "multi", "multicloud"];
        assert!(word_keys(["Multi-Cloud is", "clouds"], Language::En).iter().eq(expected));
        assert!(word_keys(["x".repeat(65).as_str()], Language::En).is_empty());
        assert!(word_keys(["J'ai vu"], Language::Fr).iter().eq(["jai", "vu"]));
    }
}
