//! The scripts that are read and searched otherwise than alphabets with spaces between words.

/// A script whose letters are searched by pairs: most have no spaces between words, and Korean inflects by suffixes.
/// Letters of all other scripts have none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Script {
    /// Chinese characters.
    Han,
    /// Mostly grammar in Japanese.
    Hiragana,
    /// Mostly loan words in Japanese.
    Katakana,
    /// Korean, which has spaces between words and endings attached to them.
    Hangul,
    /// Thai, Lao, Burmese and Khmer.
    SouthEastAsian,
}

impl Script {
    /// The script of a character, by the blocks of Unicode. Marks and signs of a block belong to its script.
    pub fn of(c: char) -> Option<Self> {
        Some(match c {
            '\u{e01}'..='\u{eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17d3}' => Self::SouthEastAsian,
            '\u{3040}'..='\u{309f}' => Self::Hiragana,
            '\u{30a0}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' | '\u{ff66}'..='\u{ff9f}' => Self::Katakana,
            '\u{3005}'
            | '\u{3007}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3ffff}' => Self::Han,
            '\u{1100}'..='\u{11ff}'
            | '\u{3131}'..='\u{318e}'
            | '\u{a960}'..='\u{a97f}'
            | '\u{ac00}'..='\u{d7ff}'
            | '\u{ffa1}'..='\u{ffdc}' => Self::Hangul,
            _ => return None,
        })
    }

    /// The script whose letters stand in the same runs: Japanese words mix Han and kana.
    pub(crate) fn run(self) -> Self {
        match self {
            Self::Hiragana | Self::Katakana => Self::Han,
            other => other,
        }
    }

    /// Whether it is a script of Chinese, Japanese or Korean.
    pub fn is_cjk(self) -> bool {
        self != Self::SouthEastAsian
    }
}

/// Whether a character is Chinese, Japanese or Korean: Han, kana or Hangul.
#[inline]
pub fn is_cjk(c: char) -> bool {
    // Most letters of most texts stand before all of these scripts.
    c >= '\u{1100}' && Script::of(c).is_some_and(Script::is_cjk)
}

/// Whether lines with such characters at their joint are joined without a space: letters and signs of scripts without
/// spaces between words. Korean is not one of them.
pub(crate) fn is_unspaced(c: char) -> bool {
    matches!(c,
        '\u{2E80}'..='\u{2FDF}' | '\u{3001}'..='\u{303F}' | '\u{3040}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{FE30}'..='\u{FE4F}'
        | '\u{FF00}'..='\u{FFEF}' | '\u{20000}'..='\u{3FFFD}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_have_the_scripts_of_unicode() {
        for (characters, script) in [
            ("aZ9é。、「」　！Ａдא", None),
            ("人々〇㐀龥\u{f900}\u{20000}", Some(Script::Han)),
            ("あんゞか\u{3099}", Some(Script::Hiragana)),
            ("アンーヽㇰｱﾝ\u{ff9e}", Some(Script::Katakana)),
            ("한글\u{1100}\u{1161}\u{11a8}ㅎﾡ\u{a960}\u{d7b0}", Some(Script::Hangul)),
            ("กลាမ", Some(Script::SouthEastAsian)),
        ] {
            for c in characters.chars() {
                assert_eq!(Script::of(c), script, "{c} {:x}", u32::from(c));
                assert_eq!(is_cjk(c), !matches!(script, None | Some(Script::SouthEastAsian)), "{c}");
            }
        }
    }
}
