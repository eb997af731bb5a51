//! Names of people as they are compared.

use takeaways_text::tokens::folding::{CharClass, char_class, push_lowercase, push_without_accents};

/// A name without case, accents, width and punctuation: two names that fold to the same text are the same
/// person.
#[must_use]
pub fn fold_name(name: &str) -> String {
    let (mut out, mut lower) = (String::with_capacity(name.len()), String::new());
    for word in name.split(|c| char_class(c) == CharClass::Gap) {
        lower.clear();
        push_lowercase(word, &mut lower);
        if !lower.is_empty() && !out.is_empty() {
            out.push(' ');
        }
        push_without_accents(&lower, &mut out);
    }
    if out.is_empty() { name.trim().to_lowercase() } else { out }
}

/// Stands between a folded name and the name as written, in the column that holds both: sorts below all text.
pub(super) const SEPARATOR: char = '\0';

/// What the author column holds for a name: found by its folded form, shown as it was written.
pub(super) fn author_key(name: &str) -> String {
    format!("{}{SEPARATOR}{name}", fold_name(name).replace(SEPARATOR, ""))
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
            ("Mary O'Neil", "mary o’neil", true),
            ("Jürgen Groß", "JURGEN GROSS", true),
            ("Ｊａｎｅ  Doe", "jane doe", true),
            ("山田・太郎", "山田 太郎", true),
            ("Zoe\u{301} de la-Tour", "zoé de la Tour", true),
            ("Ana María", "Anamaria", false),
            ("!?", "!?", true),
        ] {
            assert_eq!(fold_name(left) == fold_name(right), same, "{left} / {right}");
        }
        assert_eq!(split_author(&author_key("J. Doe")), ("j doe", "J. Doe"));
    }
}
