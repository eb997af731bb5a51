//! Escapes text for Discord's Markdown, so that it is shown letter for letter, and makes links to sentences.

use crate::web_address::WebAddress;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use std::ops::Range;
use takeaways_text::invisible::{is_invisible, is_line_separator};
use takeaways_text::tokens::folding::collapse_whitespace;

/// Characters of Discord's Markdown that are always escaped. `<`, `>` and `@` occur in mentions, timestamps and emoji; `:`
/// in addresses and emoji names.
const ESCAPED: [char; 14] = ['\\', '*', '_', '~', '`', '|', '<', '>', '[', ']', '(', ')', '@', ':'];
/// Characters that are escaped at the start of a line: headings, small print, lists.
const ESCAPED_AT_LINE_START: [char; 3] = ['#', '-', '+'];
/// How many combining marks a letter may have. Scripts need two or three; more would cover the neighbours.
const MAX_COMBINING: usize = 4;
/// Names that ping everybody after an `@`, even after a backslash.
const MENTIONS: [&str; 2] = ["everyone", "here"];
/// Breaks such a mention invisibly.
const ZERO_WIDTH_SPACE: &str = "\u{200b}";

/// Removes control characters, invisible characters that reverse or hide their neighbours, and surplus combining marks.
/// Line ends stay.
pub fn visible_text(text: &str) -> String {
    visible_chars(text).map(|(_, c)| c).collect()
}

/// The visible characters with their byte positions.
fn visible_chars(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut combining = 0;
    text.char_indices().filter_map(move |(at, c)| {
        combining = if is_combining(c) { combining + 1 } else { 0 };
        let c = if c == '\t' || is_line_separator(c) { ' ' } else { c };
        let is_kept = c == '\n' || !(combining > MAX_COMBINING || c.is_control() || is_invisible(c));
        is_kept.then_some((at, c))
    })
}

/// Escapes the [`visible_text`].
pub fn escape(text: &str) -> String {
    escape_with_markup(text, &[])
}

/// Escapes a text as one line, for titles and names.
pub fn escape_line(text: &str) -> String {
    escape(&collapse_whitespace(text))
}

/// Escapes a text as one line in which backticks mark what a person may write.
pub fn escape_with_code(text: &str) -> String {
    let text = collapse_whitespace(&visible_text(text));
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escape(&text);
    }
    let escape_part =
        |(at, part): (usize, &&str)| if at % 2 == 0 { escape(part) } else { format!("`{part}`") };
    parts.iter().enumerate().map(escape_part).collect()
}

/// Markup in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Markup {
    /// The bytes that it takes the place of; none if it is only inserted.
    pub range: Range<usize>,
    /// The markup, which is not escaped.
    pub markup: String,
}

impl Markup {
    /// Markup before a byte.
    pub fn insert(at: usize, markup: impl Into<String>) -> Self {
        Self { range: at..at, markup: markup.into() }
    }
}

/// Escapes a text and adds markup, which is in order and does not overlap.
pub fn escape_with_markup(text: &str, markup: &[Markup]) -> String {
    let mut markup = markup.iter().peekable();
    let chars: Vec<(usize, char)> = visible_chars(text).collect();
    let mut out = Escaper::default();
    let mut replaced = 0;
    for (index, &(at, c)) in chars.iter().enumerate() {
        while let Some(due) = markup.next_if(|markup| markup.range.start <= at) {
            out.push_markup(&due.markup);
            replaced = replaced.max(due.range.end);
        }
        if at < replaced {
            continue;
        }
        let before = index.checked_sub(1).and_then(|index| chars.get(index)).map(|(_, before)| *before);
        out.push(before, c, chars.get(index + 1).map(|(_, next)| *next));
        if c == '@'
            && MENTIONS
                .iter()
                .any(|name| chars[index + 1..].iter().map(|(_, c)| *c).take(name.len()).eq(name.chars()))
        {
            out.push_markup(ZERO_WIDTH_SPACE);
        }
    }
    markup.for_each(|left| out.push_markup(&left.markup));
    out.out
}

fn is_combining(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

/// The position of the next character in its line.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum LinePosition {
    /// After only blanks.
    #[default]
    Start,
    /// After only blanks and digits.
    Number,
    Within,
}

#[derive(Default)]
struct Escaper {
    out: String,
    place: LinePosition,
    /// Whether this word has a point. A slash then makes it an address, as in an invite link without a scheme.
    is_host: bool,
}

impl Escaper {
    fn push_markup(&mut self, markup: &str) {
        self.out.push_str(markup);
    }

    fn push(&mut self, before: Option<char>, c: char, next: Option<char>) {
        let is_markup_here = match self.place {
            LinePosition::Start => ESCAPED_AT_LINE_START.contains(&c),
            // "1." begins a list item.
            LinePosition::Number => c == '.',
            LinePosition::Within => false,
        };
        // In an address or an emoji, text follows the colon without a space.
        // Between digits it is part of a time.
        let is_digit = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let is_plain =
            c == ':' && (next.is_none_or(char::is_whitespace) || is_digit(before) && is_digit(next));
        if is_markup_here || ESCAPED.contains(&c) && !is_plain || c == '/' && self.is_host {
            self.out.push('\\');
        }
        self.out.push(c);
        self.is_host = !c.is_whitespace() && (self.is_host || c == '.');
        self.place = match c {
            '\n' => LinePosition::Start,
            ' ' if self.place == LinePosition::Start => LinePosition::Start,
            '0'..='9' if self.place != LinePosition::Within => LinePosition::Number,
            _ => LinePosition::Within,
        };
    }
}

/// The length limit of a linked address in bytes.
const MAX_URL: usize = 1_000;
/// How many words at each end of a quote identify it.
const FRAGMENT_WORDS: usize = 6;

/// An address for a masked link; `None` if it does not lead to a web page or is too long.
pub fn link_target(address: &str) -> Option<String> {
    let address = masked_target(&WebAddress::new(address, None)?);
    (address.len() <= MAX_URL).then_some(address)
}

/// An address as it stands in a masked link.
pub fn masked_target(address: &WebAddress) -> String {
    // A bracket would end the link, and Discord looks for mentions everywhere.
    let mut target = address.as_str().to_owned();
    for (character, encoded) in [('(', "%28"), (')', "%29"), ('[', "%5B"), (']', "%5D")] {
        target = target.replace(character, encoded);
    }
    MENTIONS.iter().fold(target, |target, name| target.replace(&format!("@{name}"), &format!("%40{name}")))
}

/// An address with a text fragment for a quote: all its words, or the first and last words of a long quote.
/// Format: the WICG draft "URL Fragment Text Directives". `-`, `,` and `&` have a meaning there and are encoded.
pub fn text_fragment_url(url: &str, quote: &str) -> Option<String> {
    let page = link_target(url)?;
    // A quote from several blocks is found by its first line.
    let line = quote.lines().find(|line| !line.trim().is_empty())?;
    let words: Vec<&str> = line.split_whitespace().collect();
    let text = if words.len() <= 2 * FRAGMENT_WORDS {
        percent_encode(&words.join(" "))
    } else {
        let (first, last) = (words.get(..FRAGMENT_WORDS)?, words.get(words.len() - FRAGMENT_WORDS..)?);
        format!("{},{}", percent_encode(&first.join(" ")), percent_encode(&last.join(" ")))
    };
    let separator = if page.contains('#') { ":~:text=" } else { "#:~:text=" };
    let url = format!("{page}{separator}{text}");
    (url.len() <= MAX_URL).then_some(url)
}

/// Percent-encodes everything except letters and digits: more than necessary, but safe everywhere.
fn percent_encode(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// What Discord shows of a text: a backslash before punctuation is removed.
    fn read(markdown: &str) -> String {
        let mut out = String::new();
        let mut rest = markdown.chars().filter(|&c| c != '\u{200b}').peekable();
        while let Some(c) = rest.next() {
            match rest.peek() {
                Some(&next) if c == '\\' && !next.is_alphanumeric() && !next.is_whitespace() => {
                    out.push(next);
                    rest.next();
                }
                _ => out.push(c),
            }
        }
        out
    }

    #[test]
    fn markup_is_escaped() {
        for (text, markdown) in [
            ("plain – text, 日本語, 👩‍💻", "plain – text, 日本語, 👩‍💻"),
            (
                "**bold** _it_ ~~no~~ ||spoiler||",
                "\\*\\*bold\\*\\* \\_it\\_ \\~\\~no\\~\\~ \\|\\|spoiler\\|\\|",
            ),
            ("# one\n -# two # three", "\\# one\n \\-# two # three"),
            ("- a\n+ b\nc - d", "\\- a\n\\+ b\nc - d"),
            ("1. one\n 22. two\n3.5 GB in 4. place", "1\\. one\n 22\\. two\n3\\.5 GB in 4. place"),
            ("> quote", "\\> quote"),
            ("at 09:30, :100:", "at 09:30, \\:100:"),
            (
                "@everyone and @here, <@123> <#4> <t:1:R>",
                "\\@\u{200b}everyone and \\@\u{200b}here, \\<\\@123\\> \\<#4\\> \\<t\\:1\\:R\\>",
            ),
            ("[a](http://b.c)", "\\[a\\]\\(http\\://b.c\\)"),
            ("discord.gg/abc, CI/CD", "discord.gg\\/abc, CI/CD"),
            ("```code```", "\\`\\`\\`code\\`\\`\\`"),
            ("a\u{202e}b\u{200b}c\u{1b}[31m\u{7}", "abc\\[31m"),
        ] {
            assert_eq!(escape(text), markdown, "{text:?}");
        }
        assert_eq!(escape_line(" a \n b\t*c"), "a b \\*c");
        assert_eq!(
            visible_text(&format!("z{}a", "\u{300}".repeat(30))),
            format!("z{}a", "\u{300}".repeat(4))
        );
    }

    #[test]
    fn what_a_person_may_write_is_shown_as_code() {
        for (text, markdown) in
            [("write `0 9 * * 1` or *this*", "write `0 9 * * 1` or \\*this\\*"), ("a `b", "a \\`b"), ("", "")]
        {
            assert_eq!(escape_with_code(text), markdown);
        }
    }

    #[test]
    fn markup_stands_between_escaped_letters() {
        let marked = |text: &str, markup: &[(Range<usize>, &str)]| {
            let markup = markup
                .iter()
                .map(|(range, markup)| Markup { range: range.clone(), markup: (*markup).to_owned() });
            escape_with_markup(text, &markup.collect::<Vec<_>>())
        };
        assert_eq!(marked("a *mesh* b", &[(2..2, "**"), (8..8, "**")]), "a **\\*mesh\\*** b");
        assert_eq!(marked("mesh", &[(0..0, "**"), (4..4, "**")]), "**mesh**");
        assert_eq!(marked("@everyone", &[(0..0, "**"), (3..3, "**")]), "**\\@\u{200b}ev**eryone");
        assert_eq!(marked("1. a\n# b", &[(0..0, "- "), (5..5, "- ")]), "- 1\\. a\n- \\# b");
        assert_eq!(marked("at a:b, c", &[(3..6, "<a:b>")]), "at <a:b>, c");
        assert_eq!(marked("a\u{202e}b", &[(1..1, "["), (4..4, "]")]), "a[]b");
    }

    proptest! {
        #[test]
        fn an_escaped_text_reads_as_the_original(text in "\\PC{0,80}|[-@<>:*_#|`~.0-9a-z\n \\\\]{0,60}") {
            prop_assert_eq!(read(&escape(&text)), visible_text(&text));
        }
    }

    #[test]
    fn safe_addresses_are_linked() {
        for (url, linked) in [
            ("https://a.b/c_d?e=f#g", Some("https://a.b/c_d?e=f#g")),
            ("http://a.b/c(d)[e]", Some("http://a.b/c%28d%29%5Be%5D")),
            ("https://a.b/@ada/@everyone", Some("https://a.b/@ada/%40everyone")),
            ("javascript:alert(1)", None),
            ("https://a.b/ c", None),
            ("https://a.b/<@1>", None),
        ] {
            assert_eq!(link_target(url).as_deref(), linked, "{url}");
        }
        assert_eq!(link_target(&format!("https://a.b/{}", "(".repeat(MAX_URL / 2))), None);
    }

    #[test]
    fn a_link_leads_to_the_quote() {
        for (url, quote, linked) in [
            ("https://a.b/c", "So it was.", "https://a.b/c#:~:text=So%20it%20was%2E"),
            ("https://a.b/c#d", "a-b, c & d", "https://a.b/c#d:~:text=a%2Db%2C%20c%20%26%20d"),
            (
                "https://a.b/c",
                "one two three four five six seven eight nine ten eleven twelve thirteen",
                "https://a.b/c#:~:text=one%20two%20three%20four%20five%20six,eight%20nine%20ten%20eleven%20twelve%20thirteen",
            ),
            ("https://a.b/c", "first line\nsecond", "https://a.b/c#:~:text=first%20line"),
            ("https://a.b/c", "網", "https://a.b/c#:~:text=%E7%B6%B2"),
        ] {
            assert_eq!(text_fragment_url(url, quote).as_deref(), Some(linked), "{quote}");
        }
        assert_eq!(text_fragment_url("ftp://a.b", "words"), None);
    }
}
