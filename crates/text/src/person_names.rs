//! The forms of people's names: the words of a name, and the handles that are made of one.

use std::sync::LazyLock;

/// The given names of people in many languages, folded and in order, a line each.
pub const GIVEN_NAMES: &str = include_str!("../../../config/given_names.txt");

/// Whether a folded word is a given name.
pub fn is_given_name(word: &str) -> bool {
    static NAMES: LazyLock<Vec<&str>> = LazyLock::new(|| GIVEN_NAMES.lines().collect());
    NAMES.binary_search(&word).is_ok()
}

/// Whether a word is a part of a name by its letters: a capital and small letters, such as `Rice`, `McLean`, `O'Neil`.
pub fn is_name_word(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_uppercase)
        && chars.clone().any(char::is_lowercase)
        && chars.all(|c| c.is_alphabetic() || matches!(c, '\'' | '’' | '-'))
}

/// Whether a word is an initial: `S.`
pub fn is_initial(word: &str) -> bool {
    let mut chars = word.chars();
    chars.next().is_some_and(char::is_uppercase) && chars.as_str() == "."
}

/// How a handle is made of a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HandleForm {
    /// Of both names, perhaps with an initial between them: `janedoe`, `janeqdoe`, `doejane`.
    Whole,
    /// Of the last name and an initial: `jdoe`, `doej`.
    Initial,
}

/// How a handle is made of a first and a last name, all without signs and in one case; `None` if it is not.
pub fn handle_form(handle: &str, first: &str, last: &str) -> Option<HandleForm> {
    let initial = first.chars().next().filter(|_| !last.is_empty())?;
    let between = handle.strip_prefix(first).and_then(|rest| rest.strip_suffix(last));
    if between.is_some_and(|between| between.chars().count() <= 1) || handle.strip_prefix(last) == Some(first)
    {
        return Some(HandleForm::Whole);
    }
    let is_short = handle.strip_prefix(initial) == Some(last) || handle.strip_suffix(initial) == Some(last);
    is_short.then_some(HandleForm::Initial)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::folding::fold;

    #[test]
    fn given_names_are_folded_and_in_order() {
        assert!(GIVEN_NAMES.lines().is_sorted());
        let unfolded: Vec<&str> = GIVEN_NAMES.lines().filter(|name| fold(name) != **name).collect();
        assert_eq!(unfolded, [""; 0]);
    }

    #[test]
    fn words_of_names_have_a_capital_and_small_letters() {
        for (word, expected) in [
            ("Rice", true),
            ("McLean", true),
            ("O'Neil", true),
            ("IBM", false),
            ("rice", false),
            ("K8s", false),
        ] {
            assert_eq!(is_name_word(word), expected, "{word}");
        }
        assert!(is_initial("S.") && !is_initial("s.") && !is_initial("Dr.") && !is_initial("S"));
    }

    #[test]
    fn handles_are_made_of_names() {
        for (handle, expected) in [
            ("janedoe", Some(HandleForm::Whole)),
            ("janeqdoe", Some(HandleForm::Whole)),
            ("doejane", Some(HandleForm::Whole)),
            ("jdoe", Some(HandleForm::Initial)),
            ("doej", Some(HandleForm::Initial)),
            ("jane", None),
            ("janexydoe", None),
        ] {
            assert_eq!(handle_form(handle, "jane", "doe"), expected, "{handle}");
        }
        assert_eq!(handle_form("jane", "jane", ""), None);
    }
}
