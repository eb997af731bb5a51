//! Characters that draw nothing but change what their neighbours look like.
//!
//! Joiners, selectors of variants and tags are none of them: scripts and emoji need those.

/// Format characters that nobody sees: directional marks, overrides and isolates, zero-width spaces, soft
/// hyphens, fillers and annotations.
#[must_use]
pub fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}'..='\u{1160}' | '\u{17B4}'..='\u{17B5}'
        | '\u{180E}' | '\u{200B}' | '\u{200E}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}'
        | '\u{1D173}'..='\u{1D17A}' | '\u{E0000}'..='\u{E001F}' | '\u{E0080}'..='\u{E00FF}')
}

/// Whether `c` ends a line in a way that only some programs know, so that what follows may be hidden from a
/// reader or shown apart.
#[must_use]
pub fn is_line_separator(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_deceives_is_unseen_and_what_shapes_letters_is_not() {
        for (c, unseen) in [
            ('\u{202e}', true),
            ('\u{2066}', true),
            ('\u{200b}', true),
            ('\u{feff}', true),
            ('\u{ad}', true),
            ('\u{200d}', false),
            ('\u{fe0f}', false),
            ('\u{301}', false),
            ('日', false),
            ('a', false),
        ] {
            assert_eq!(is_unseen(c), unseen, "{c:?}");
        }
    }
}
