//! Names of people as they are compared.

use unicode_normalization::UnicodeNormalization as _;

use crate::model::Language;
use crate::text::tokens::tokens;

/// A name without case, accents and punctuation: two names that fold to the same text are the same person.
#[must_use]
pub fn folded(name: &str) -> String {
    // Composed, so that no accent is taken for punctuation. Cut here, because the analyser keeps compounds whole.
    let name: String = name.nfc().collect();
    let words = name.split(|c: char| !c.is_alphanumeric()).flat_map(|word| tokens(word, Language::Other));
    let words: Vec<String> = words.map(|token| token.term).collect();
    if words.is_empty() { name.trim().to_lowercase() } else { words.join(" ") }
}

/// Stands between a folded name and the name as written, in the column that holds both: sorts below all text.
pub(super) const SEPARATOR: char = '\0';

/// What the author column holds for a name: found by its folded form, shown as it was written.
pub(super) fn author_key(name: &str) -> String {
    format!("{}{SEPARATOR}{name}", folded(name).replace(SEPARATOR, ""))
}

/// The parts of an [`author_key`]: folded, as written.
pub(super) fn split_author(key: &str) -> (&str, &str) {
    key.split_once(SEPARATOR).unwrap_or((key, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case_and_punctuation() {
        for (left, right, same) in [
            ("Ana-María Rojas", "ana María rojas", true),
            ("J. Doe", "j doe", true),
            ("Mari\u{301}a", "mar\u{ed}a", true),
            ("J. Doe", "Jane Doe", false),
            ("!?", "!?", true),
        ] {
            assert_eq!(folded(left) == folded(right), same, "{left} / {right}");
        }
        assert_eq!(split_author(&author_key("J. Doe")), ("j doe", "J. Doe"));
    }
}
