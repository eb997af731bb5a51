//! Lists in sentences.

/// `a`, `a and b`, `a, b and c`; an empty text for an empty list.
pub fn join_and<T: AsRef<str>>(items: &[T]) -> String {
    join(items, ", ", " and ")
}

/// Joins items with a sign between them, and with another before the last one.
pub(crate) fn join<T: AsRef<str>>(items: &[T], comma: &str, before_last: &str) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    match items.split_last() {
        Some((last, others)) if !others.is_empty() => [&others.join(comma), before_last, last].concat(),
        _ => items.concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_is_joined_as_in_a_sentence() {
        assert_eq!(join_and::<&str>(&[]), "");
        assert_eq!(join_and(&["a"]), "a");
        assert_eq!(join_and(&["a", "b"]), "a and b");
        assert_eq!(join_and(&["a", "b", "c"]), "a, b and c");
    }
}
