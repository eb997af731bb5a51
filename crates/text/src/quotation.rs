//! Quotation marks of the languages of the posts.

/// Returns what closes a quotation that a character opens; `before` is the character before it.
#[must_use]
pub fn closing_marks(open: char, before: char) -> Option<&'static [char]> {
    match open {
        '“' | '„' | '‟' => Some(&['”', '“', '"']),
        // Not the sign for inches.
        '"' if !before.is_ascii_digit() => Some(&['"', '”']),
        '”' if before.is_whitespace() => Some(&['”']),
        '«' => Some(&['»']),
        '»' => Some(&['«']),
        '「' => Some(&['」']),
        '『' => Some(&['』']),
        _ => None,
    }
}

/// Whether a place of a text is within a quotation: one that begins before it ends only after it.
#[must_use]
pub fn is_in_quotation(before: &str, after: &str) -> bool {
    let (mut open, mut last): (Option<&[char]>, char) = (None, ' ');
    for c in before.chars() {
        open = match open {
            Some(closing) if closing.contains(&c) => None,
            None => closing_marks(c, last),
            still_open => still_open,
        };
        last = c;
    }
    open.is_some_and(|closing| after.contains(closing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotation_ends_with_the_mark_of_its_language() {
        for (text, expected) in [
            ("Ann: “It is new. | Nobody has it.”", true),
            ("Ann: “It is new.” | Nobody has it.", false),
            ("Ann: „Es ist neu. | Keiner hat es.“", true),
            ("Ann: „Es ist neu.“ | Keiner hat es. „So?“", false),
            ("Ann: «C'est neuf. | Oui.»", true),
            ("A screen of 5\" is small. | A \"big\" one is not.", false),
            ("Ann said \"it is. | It is.\"", true),
            ("Ann said \"it. | No end", false),
        ] {
            let (before, after) = text.split_once('|').expect("a place");
            assert_eq!(is_in_quotation(before, after), expected, "{text}");
        }
    }
}
