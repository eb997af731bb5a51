//! Scripts: where words end in questions that are written without blanks.

use std::ops::Range;
use std::sync::LazyLock;

use takeaways_text::language::all_words;

/// The script of a letter, as far as it tells words apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// Letters and digits of languages that put blanks between words.
    Spaced,
    /// Chinese characters.
    Han,
    /// In Japanese mostly grammar.
    Hiragana,
    /// In Japanese mostly loan words.
    Katakana,
    /// Korean: blanks between words, endings attached to them.
    Hangul,
}

impl Script {
    /// Of a letter; signs and marks count as the script that they stand in, so they are `Spaced` by themselves.
    #[must_use]
    pub fn of_char(c: char) -> Self {
        match c {
            '\u{3040}'..='\u{309f}' => Self::Hiragana,
            '\u{30a0}'..='\u{30ff}' => Self::Katakana,
            '\u{ac00}'..='\u{d7af}' => Self::Hangul,
            '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' => Self::Han,
            _ => Self::Spaced,
        }
    }

    /// Whether words of it are looked for by pairs of letters.
    #[must_use]
    pub fn uses_bigrams(self) -> bool {
        self != Self::Spaced
    }
}

/// The stretches of one script in a word, in order; the whole word where it has one only.
#[must_use]
pub fn split_by_script(word: &str) -> Vec<Range<usize>> {
    let mut parts: Vec<(Script, Range<usize>)> = Vec::new();
    for (at, c) in word.char_indices() {
        let (script, end) = (Script::of_char(c), at + c.len_utf8());
        match parts.last_mut() {
            Some((last, part)) if *last == script => part.end = end,
            _ => parts.push((script, at..end)),
        }
    }
    parts.into_iter().map(|(_, part)| part).collect()
}

/// Words of a Chinese question, and endings of a Korean one, that are in no answer.
static QUESTION_WORDS: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.questions.uninformative));

/// What is left of a stretch of paired letters without question words and grammar: nothing of Hiragana, which
/// is grammar in Japanese.
#[must_use]
pub fn content_parts(stretch: &str) -> Vec<&str> {
    if stretch.chars().all(|c| Script::of_char(c) == Script::Hiragana) {
        return Vec::new();
    }
    let mut parts = vec![stretch];
    for word in QUESTION_WORDS.iter() {
        parts = parts.into_iter().flat_map(|part| part.split(word)).filter(|part| !part.is_empty()).collect();
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_end_where_the_script_changes() {
        for (word, expected) in [
            ("会場はどこですか", vec!["会場", "はどこですか"]),
            ("RubyKaigi2019の開催日は", vec!["RubyKaigi2019", "の", "開催日", "は"]),
            ("re:Invent", vec!["re:Invent"]),
            ("파이콘", vec!["파이콘"]),
        ] {
            let parts: Vec<&str> = split_by_script(word).into_iter().map(|part| &word[part]).collect();
            assert_eq!(parts, expected, "{word}");
        }
    }

    #[test]
    fn question_words_say_nothing() {
        assert_eq!(content_parts("提取码是什么"), ["提取码"]);
        assert_eq!(content_parts("はどこですか"), Vec::<&str>::new());
        assert_eq!(content_parts("カンファレンス"), ["カンファレンス"]);
    }
}
