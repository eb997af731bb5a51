//! Links and macros.

use super::{Piece, Scan};
use crate::asciidoc::lines;

/// An address or a macro's target is not longer, in bytes.
const MAX_TARGET: usize = 2_048;

/// More brackets than this are not taken out of their meaning within one macro.
const MAX_ESCAPED: u8 = 8;

/// Macros that stand within a line.
const MACROS: [&str; 18] = [
    "anchor",
    "asciimath",
    "btn",
    "footnote",
    "footnoteref",
    "icon",
    "image",
    "indexterm",
    "indexterm2",
    "kbd",
    "latexmath",
    "link",
    "mailto",
    "menu",
    "pass",
    "stem",
    "video",
    "xref",
];

impl<'a> Scan<'a> {
    /// `<<id,text>>`
    pub(super) fn reference(&mut self) {
        if !self.rest().starts_with("<<") {
            return;
        }
        let Some(end) = self.angle.at_or_after(self.at).filter(|end| end - self.at <= MAX_TARGET) else {
            return;
        };
        let inside = &self.text[self.at + 2..end];
        let words = inside.split_once(',').map_or("", |(_, words)| words.trim());
        self.push(Piece::Text(words), end + 2);
    }

    /// `((term))` is text, `(((term)))` is not.
    pub(super) fn index_term(&mut self) {
        if !self.rest().starts_with("((") {
            return;
        }
        let Some(end) = self.paren.at_or_after(self.at + 2).filter(|end| end - self.at <= MAX_TARGET) else {
            return;
        };
        if self.rest().starts_with("(((") {
            let end = end + 2 + usize::from(self.text[end + 2..].starts_with(')'));
            self.skip(end);
        } else {
            let inside = &self.text[self.at + 2..end];
            self.push(Piece::Text(inside), end + 2);
        }
    }

    /// A macro or an address, if one begins here.
    pub(super) fn named(&mut self) {
        let rest = self.rest();
        if ["https://", "http://", "ftp://", "irc://"].iter().any(|scheme| rest.starts_with(scheme)) {
            return self.address();
        }
        let len = rest.bytes().take(16).take_while(u8::is_ascii_alphanumeric).count();
        let (name, after) = rest.split_at(len);
        let Some(after) =
            after.strip_prefix(':').filter(|_| self.at >= self.literal && MACROS.contains(&name))
        else {
            return;
        };
        let ends = |byte: u8| byte == b'[' || byte.is_ascii_whitespace();
        let len_of_target =
            after.bytes().take(MAX_TARGET).position(ends).unwrap_or(after.len().min(MAX_TARGET));
        if after.as_bytes().get(len_of_target) != Some(&b'[') {
            self.literal = self.at + len_of_target;
            return;
        }
        let target = &after[..len_of_target];
        let inside = self.at + len + 1 + target.len() + 1;
        let Some(end) = self.close(inside) else { return };
        self.macro_named(name, target, inside, end);
    }

    fn macro_named(&mut self, name: &str, target: &'a str, inside: usize, end: usize) {
        let words = &self.text[inside..end];
        match name {
            "link" => self.link(target, target, inside, end),
            "mailto" => {
                let url =
                    self.text.get(inside - 1 - target.len() - "mailto:".len()..inside - 1).unwrap_or(target);
                self.link(url, target, inside, end);
            }
            "xref" => self.push(Piece::Text(words), end + 1),
            "kbd" | "btn" | "indexterm2" | "stem" | "latexmath" | "asciimath" if target.is_empty() => {
                self.push(Piece::Text(words), end + 1);
            }
            "menu" => self.push(Piece::Owned(format!("{target} {words}")), end + 1),
            "image" => self.push(Piece::Image(lines::alt(words)), end + 1),
            "pass" => self.push(Piece::Html(words), end + 1),
            "footnote" | "footnoteref" => {
                if !words.is_empty() {
                    self.notes.push(words.to_owned());
                }
                self.skip(end + 1);
            }
            "icon" | "anchor" | "indexterm" | "video" => self.skip(end + 1),
            _ => {}
        }
    }

    /// The bracket that closes the words of a macro; one after a backslash does not.
    fn close(&mut self, from: usize) -> Option<usize> {
        let mut end = self.bracket.at_or_after(from)?;
        for _ in 0..MAX_ESCAPED {
            if !self.text[..end].ends_with('\\') {
                break;
            }
            end = self.bracket.at_or_after(end + 1)?;
        }
        (end - from <= MAX_TARGET).then_some(end)
    }

    fn address(&mut self) {
        let rest = self.rest();
        let ends = |c: char| c.is_whitespace() || matches!(c, '[' | ']' | '<' | '>');
        let limit = rest.char_indices().take(MAX_TARGET).find(|&(_, c)| ends(c)).map(|(at, _)| at);
        let url = &rest
            [..limit.unwrap_or_else(|| rest.char_indices().nth(MAX_TARGET).map_or(rest.len(), |(at, _)| at))];
        let inside = self.at + url.len() + 1;
        match self.close(inside).filter(|_| rest[url.len()..].starts_with('[')) {
            Some(end) => self.link(url, url, inside, end),
            None => self.at += url.len(),
        }
    }

    /// A link whose words stand between two places; `shown` where it has none.
    fn link(&mut self, url: &'a str, shown: &'a str, inside: usize, end: usize) {
        let words = without_attributes(&self.text[inside..end]);
        if self.link_end.is_some() || words.trim().is_empty() {
            self.push(Piece::Link(url), end + 1);
            self.pieces.push(Piece::Text(shown));
            return self.pieces.push(Piece::EndLink);
        }
        self.push(Piece::Link(url), inside);
        if words.len() < end - inside {
            let quoted = words.trim().trim_matches('"');
            self.pieces.push(Piece::Text(quoted));
            self.pieces.push(Piece::EndLink);
            self.at = end + 1;
            self.from = self.at;
        } else {
            self.link_end = Some(end);
        }
    }
}

/// The words of a link without `,window=_blank` and the `^` that stands for it.
fn without_attributes(words: &str) -> &str {
    let mut end = words.len();
    for (at, _) in words.match_indices(',') {
        let after = words[at + 1..].trim_start();
        let name = after.split('=').next().unwrap_or_default();
        if name.len() < after.len() && !name.is_empty() && name.chars().all(|c| c.is_ascii_alphabetic()) {
            end = at;
            break;
        }
    }
    words[..end].trim_end_matches('^')
}
