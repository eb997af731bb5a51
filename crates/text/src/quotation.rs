//! Quotation marks of the languages of the posts.

use crate::sentences::is_sentence_mark;
use std::ops::RangeInclusive;

/// Returns what closes a quotation that a character opens; `before` is the character before it.
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

/// The quotations of a text, found in one pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quotations(Vec<RangeInclusive<usize>>);

impl Quotations {
    /// Finds the quotations of a text. One that does not end is none, and neither is what follows it.
    pub fn find(text: &str) -> Self {
        let (mut found, mut last) = (Vec::new(), ' ');
        let mut open: Option<(usize, &[char])> = None;
        for (at, c) in text.char_indices() {
            open = match open {
                Some((start, closing)) if closing.contains(&c) => {
                    found.push(start..=at);
                    None
                }
                None => closing_marks(c, last).map(|closing| (at + c.len_utf8(), closing)),
                still_open => still_open,
            };
            last = c;
        }
        Self(found)
    }

    /// Whether a place, a byte of the text, is within a quotation: one that begins before it ends only after it.
    pub fn contain(&self, at: usize) -> bool {
        let next = self.0.partition_point(|quotation| *quotation.end() < at);
        self.0.get(next).is_some_and(|quotation| quotation.contains(&at))
    }
}

/// The maximum number of words of a line that says who said what stands above it.
const MAX_ATTRIBUTION_WORDS: usize = 16;

/// Whether a text is a dash and who said what stands above it: `— Ann Lee (@ann) May 3, 2019`.
pub fn is_attribution(text: &str) -> bool {
    let rest = text.trim_start_matches(['—', '–', '―', '-']).trim_start();
    rest.len() < text.len()
        && rest.starts_with(|c: char| c.is_uppercase() || c == '@' || c == '(')
        && !text.ends_with(is_sentence_mark)
        && text.split_whitespace().nth(MAX_ATTRIBUTION_WORDS).is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dash_and_a_name_say_who_said_it() {
        for (text, expected) in [
            ("— Ann Lee (@ann) May 3, 2019", true),
            ("-- Tom Lemur (@tomlemur)", true),
            ("— @ann", true),
            ("— Nobody knows.", false),
            ("- and then nothing", false),
            ("Ann Lee", false),
            ("—", false),
        ] {
            assert_eq!(is_attribution(text), expected, "{text}");
        }
    }

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
            let quotations = Quotations::find(&[before, after].concat());
            assert_eq!(quotations.contain(before.len()), expected, "{text}");
        }
    }
}
