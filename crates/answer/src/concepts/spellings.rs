//! The spellings of a word that differ only in what joins its parts: `HTTP/2` and `HTTP2`, `fluentbit` and `fluent bit`.

use super::{ConceptFinder, MAX_CORRECTIONS, MIN_JOINED, max_frequency};
use crate::word_forms::{PostLanguages, push_form, word_forms};
use takeaways_search::{Alternative, SearchError};
use takeaways_text::{script::is_cjk, translations::is_english_word};

/// The minimum number of letters before the digits of a name: "k8s" and "v2" have no parts.
const MIN_BEFORE_DIGITS: usize = 3;
/// The maximum number of letters of a word whose parts are looked up. Each lookup reads the index.
const MAX_DIVIDED: usize = 20;

impl ConceptFinder<'_> {
    /// Adds the other spellings of a word. A word that posts have is divided only before its digits.
    pub(super) fn add_other_spellings(
        &self,
        text: &str,
        forms: &mut Vec<Alternative>,
    ) -> Result<(), SearchError> {
        let languages = PostLanguages::of_index(self.index);
        let others: Vec<String> = if let Some(joined) = joined(text) {
            vec![joined]
        } else if let Some(digits) = start_of_digits(text) {
            vec![format!("{} {}", &text[..digits], &text[digits..])]
        } else if self.may_be_divided(text) && max_frequency(forms, self.index)? == 0 {
            self.lookups.set(self.lookups.get() + 1);
            let ends = text.char_indices().map(|(at, _)| at).skip(MIN_JOINED);
            let parts = ends.filter_map(|at| text.split_at_checked(at));
            let parts = parts.filter(|(_, last)| last.chars().count() >= MIN_JOINED);
            parts.map(|(first, last)| format!("{first} {last}")).collect()
        } else {
            Vec::new()
        };
        for other in others {
            let other = word_forms(&other, 1.0, languages);
            if max_frequency(&other, self.index)? > 0 {
                for form in other {
                    push_form(forms, form);
                }
            }
        }
        Ok(())
    }

    /// Whether a word may be two that posts write apart. Words of English are written right.
    fn may_be_divided(&self, text: &str) -> bool {
        let letters = text.chars().count();
        (2 * MIN_JOINED..=MAX_DIVIDED).contains(&letters)
            && text.chars().all(|c| c.is_alphabetic() && !is_cjk(c))
            && !is_english_word(text)
            && self.lookups.get() < MAX_CORRECTIONS
    }
}

/// A word with a slash or a hyphen before its digits, without it: `HTTP2` for `HTTP/2`.
fn joined(text: &str) -> Option<String> {
    let (name, digits) = text.split_once(['/', '-'])?;
    let is_name = name.chars().count() >= MIN_BEFORE_DIGITS && name.chars().all(char::is_alphabetic);
    (is_name && is_number(digits)).then(|| format!("{name}{digits}"))
}

/// Where the digits at the end of a name begin: 4 for `HTTP2`.
fn start_of_digits(text: &str) -> Option<usize> {
    let at = text.find(|c: char| !c.is_alphabetic())?;
    let (name, digits) = text.split_at_checked(at)?;
    (name.chars().count() >= MIN_BEFORE_DIGITS && is_number(digits)).then_some(at)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_joined_to_a_name_or_apart_from_it() {
        for (text, expected) in
            [("HTTP/2", Some("HTTP2")), ("log-4", Some("log4")), ("CI/CD", None), ("v-2", None)]
        {
            assert_eq!(joined(text).as_deref(), expected, "{text}");
        }
        for (text, expected) in
            [("HTTP2", Some(4)), ("k8s", None), ("v2", None), ("log4j", None), ("mesh", None)]
        {
            assert_eq!(start_of_digits(text), expected, "{text}");
        }
    }
}
