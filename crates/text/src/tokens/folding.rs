//! Folds characters: their classes, and the removal of case, width and accents.
//!
//! It knows scripts, but no languages and no words.

use crate::script::Script;
use unicode_normalization::{IsNormalized, UnicodeNormalization, char::is_combining_mark, is_nfkc_quick};

/// The role of a character in words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CharClass {
    /// A letter or digit of a script that puts spaces between words.
    Word,
    /// A letter of a script that is searched by pairs of letters.
    Bigram(Script),
    /// Part of the character before it: accents, soft hyphens, zero-width joiners.
    Mark,
    /// Anything else.
    Gap,
}

/// The class of a character.
pub(crate) fn char_class(c: char) -> CharClass {
    match c {
        'a'..='z' | 'A'..='Z' | '0'..='9' => CharClass::Word,
        // Unicode classifies the last three as letters, but they are used as apostrophes.
        '\0'..='\u{7f}' | '\u{2b9}' | '\u{2bc}' | '\u{2c8}' => CharClass::Gap,
        // Soft hyphen, zero-width joiners, word joiner, variation selectors.
        '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{fe00}'..='\u{fe0f}' => CharClass::Mark,
        '\u{80}'..='\u{2ff}' if c.is_alphanumeric() => CharClass::Word,
        '\u{80}'..='\u{2ff}' => CharClass::Gap,
        _ => class_beyond_latin(c),
    }
}

fn class_beyond_latin(c: char) -> CharClass {
    match c {
        // The voicing marks of kana, also in half width.
        '\u{3099}' | '\u{309a}' | '\u{ff9e}' | '\u{ff9f}' => CharClass::Mark,
        _ if is_combining_mark(c) => CharClass::Mark,
        _ if !c.is_alphanumeric() => CharClass::Gap,
        _ => Script::of(c).map_or(CharClass::Word, CharClass::Bigram),
    }
}

/// Whether `c` continues the syllable before it: Hangul vowels and finals that are written letter by letter.
pub(crate) fn continues_syllable(c: char) -> bool {
    matches!(c, '\u{1160}'..='\u{11ff}' | '\u{d7b0}'..='\u{d7ff}')
}

/// The longest prefix of `text` with at most `bytes` bytes that ends at a character.
pub fn truncate(text: &str, bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(bytes)).unwrap_or(text)
}

/// The text without the signs around it: `word` of `(word),`.
pub fn trim_punctuation(text: &str) -> &str {
    text.trim_matches(|c: char| !c.is_alphanumeric())
}

/// The words of `text` with one space between them.
pub fn collapse_whitespace(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Appends `raw` in lower case and normal width (NFKC). Accents stay; characters that are not letters or digits are
/// dropped.
pub(crate) fn push_lowercase(raw: &str, out: &mut String) {
    if raw.is_ascii() {
        let from = out.len();
        out.push_str(raw);
        if let Some(added) = out.get_mut(from..) {
            added.make_ascii_lowercase();
        }
    } else if is_nfkc_quick(raw.chars()) == IsNormalized::Yes {
        out.extend(raw.chars().flat_map(char::to_lowercase).filter(|&c| is_letter_or_digit(c)));
    } else {
        out.extend(raw.nfkc().flat_map(char::to_lowercase).filter(|&c| is_letter_or_digit(c)));
    }
}

fn is_letter_or_digit(c: char) -> bool {
    matches!(char_class(c), CharClass::Word | CharClass::Bigram(_)) || is_combining_mark(c)
}

/// Appends a lower-case word without accents, if they do not form letters of their own: those of Latin and Greek.
pub(crate) fn push_without_accents(word: &str, out: &mut String) {
    if word.is_ascii() {
        out.push_str(word);
        return;
    }
    let mut letter = ' ';
    let bare = word.nfd().filter(|&c| {
        if is_combining_mark(c) {
            return !(matches!(c, '\u{300}'..='\u{36f}') && is_latin_or_greek(letter));
        }
        letter = c;
        true
    });
    for c in bare.nfc() {
        match spelled_out(c) {
            Some(letters) => out.push_str(letters),
            None => out.push(c),
        }
    }
}

/// Applies `push_without_accents` to any text, in lower case.
pub fn fold(text: &str) -> String {
    let lower = text.to_lowercase();
    if lower.is_ascii() {
        return lower;
    }
    let mut out = String::with_capacity(lower.len());
    push_without_accents(&lower, &mut out);
    out
}

/// The words of a text without case, accents, width and punctuation, with one blank between two.
pub fn fold_words(text: &str) -> String {
    let (mut out, mut lower) = (String::with_capacity(text.len()), String::new());
    for word in text.split(|c| char_class(c) == CharClass::Gap) {
        lower.clear();
        push_lowercase(word, &mut lower);
        if !lower.is_empty() && !out.is_empty() {
            out.push(' ');
        }
        push_without_accents(&lower, &mut out);
    }
    out
}

/// The words that [`fold_words`] joins.
pub fn folded_words(text: &str) -> Vec<String> {
    fold_words(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

fn is_latin_or_greek(c: char) -> bool {
    matches!(c, 'a'..='z' | '\u{80}'..='\u{24f}' | '\u{370}'..='\u{3ff}' | '\u{1e00}'..='\u{1fff}')
}

fn spelled_out(c: char) -> Option<&'static str> {
    Some(match c {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ð' | 'đ' => "d",
        'ł' => "l",
        'þ' => "th",
        'ı' => "i",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_width_and_accents_are_folded() {
        for (raw, lower, bare) in [
            ("KubeCon", "kubecon", "kubecon"),
            ("Zürich", "zürich", "zurich"),
            ("Zu\u{308}rich", "zürich", "zurich"),
            ("ＫｕｂｅＣｏｎ", "kubecon", "kubecon"),
            ("Größe", "größe", "grosse"),
            ("İstanbul", "i\u{307}stanbul", "istanbul"),
            ("œuvre", "œuvre", "oeuvre"),
            ("Málaga", "málaga", "malaga"),
            ("ﬁle", "file", "file"),
            ("Łódź", "łódź", "lodz"),
            ("Йога", "йога", "йога"),
            ("co\u{ad}op", "coop", "coop"),
            ("z\u{300}\u{301}\u{302}a\u{310}lgo", "z\u{300}\u{301}\u{302}a\u{310}lgo", "zalgo"),
        ] {
            let (mut lowered, mut unaccented) = (String::new(), String::new());
            push_lowercase(raw, &mut lowered);
            assert_eq!(lowered, lower, "{raw}");
            push_without_accents(&lowered, &mut unaccented);
            assert_eq!(unaccented, bare, "{raw}");
        }
    }

    #[test]
    fn classes() {
        for (c, expected) in [
            ('é', CharClass::Word),
            ('9', CharClass::Word),
            ('Ж', CharClass::Word),
            ('漢', CharClass::Bigram(Script::Han)),
            ('か', CharClass::Bigram(Script::Hiragana)),
            ('ー', CharClass::Bigram(Script::Katakana)),
            ('・', CharClass::Gap),
            ('。', CharClass::Gap),
            ('한', CharClass::Bigram(Script::Hangul)),
            ('ก', CharClass::Bigram(Script::SouthEastAsian)),
            ('\u{301}', CharClass::Mark),
            ('’', CharClass::Gap),
            ('😀', CharClass::Gap),
        ] {
            assert_eq!(char_class(c), expected, "{c}");
        }
    }
}
