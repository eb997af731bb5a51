//! Reads inline `AsciiDoc`: formatting marks, quotation marks, links, images and entities.

use super::lines;
use crate::builder::BodyBuilder;
use crate::forward_finder::ForwardFinder;
use crate::html;

/// The maximum length of an address, a macro's target or its words, in bytes.
const MAX_TARGET: usize = 2_048;

/// The macros that are read; the brackets of all others are text.
const MACROS: [&str; 5] = ["footnote", "image", "link", "mailto", "xref"];

/// Reads a paragraph into `builder`.
pub(crate) fn read_inline(builder: &mut BodyBuilder, text: &str) {
    for piece in AsciiDocInlineScanner::new(text).scan() {
        match piece {
            InlinePiece::Text(text) | InlinePiece::Mark { pair: None, text, .. } => builder.push_text(text),
            InlinePiece::Entity(text) => builder.push_text(&text),
            InlinePiece::Link(url) => builder.open_link(url),
            InlinePiece::EndLink => builder.close_link(),
            InlinePiece::Image(alt) => builder.push_image(alt),
            InlinePiece::Mark { pair: Some(opens), kind, .. } => match kind {
                b'*' => builder.set_strong(opens),
                b'_' => builder.set_emphasis(opens),
                b'"' => builder.push_text(if opens { "“" } else { "”" }),
                b'\'' => builder.push_text(if opens { "‘" } else { "’" }),
                _ => {}
            },
        }
    }
}

/// Converts a title or a field's value to plain text.
pub(crate) fn inline_to_plain_text(text: &str) -> String {
    BodyBuilder::plain_line(|builder| read_inline(builder, text))
}

#[derive(Debug)]
enum InlinePiece<'a> {
    Text(&'a str),
    Entity(String),
    Link(&'a str),
    EndLink,
    Image(&'a str),
    /// A formatting mark. `pair` is whether it opens or closes; without a pair it is text.
    Mark {
        kind: u8,
        text: &'a str,
        pair: Option<bool>,
    },
}

/// Scans a paragraph from left to right.
struct AsciiDocInlineScanner<'a> {
    text: &'a str,
    at: usize,
    /// The start of the text that is not a piece yet.
    text_start: usize,
    pieces: Vec<InlinePiece<'a>>,
    /// The marks without a pair so far: kind, length, and index of the piece.
    unpaired_marks: Vec<(u8, usize, usize)>,
    /// The end of the words of the open link.
    link_end: Option<usize>,
    /// No macro begins before this byte.
    no_macro_before: usize,
    bracket_finder: ForwardFinder<'a>,
    angle_finder: ForwardFinder<'a>,
}

impl<'a> AsciiDocInlineScanner<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            text_start: 0,
            pieces: Vec::new(),
            unpaired_marks: Vec::new(),
            link_end: None,
            no_macro_before: 0,
            bracket_finder: ForwardFinder::new(text, "]"),
            angle_finder: ForwardFinder::new(text, ">>"),
        }
    }

    fn scan(mut self) -> Vec<InlinePiece<'a>> {
        while let Some(&byte) = self.text.as_bytes().get(self.at) {
            if let Some(end) = self.link_end.take_if(|end| *end <= self.at) {
                self.push(InlinePiece::EndLink, self.at.max(end + 1));
                continue;
            }
            let before = self.at;
            match byte {
                b'*' | b'_' | b'`' | b'#' | b'"' | b'\'' => self.scan_mark(byte),
                b'+' => self.scan_line_break(),
                b'\\' => self.scan_escape(),
                b'&' => self.scan_entity(),
                b'<' => self.scan_reference(),
                b'a'..=b'z' if !self.char_before().is_some_and(is_word) => self.scan_macro_or_address(),
                _ => {}
            }
            if self.at == before {
                self.at += 1;
            }
        }
        self.at = self.text.len();
        self.flush();
        self.pieces
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn char_before(&self) -> Option<char> {
        self.text.get(..self.at)?.chars().next_back()
    }

    fn flush(&mut self) {
        if let Some(text) = self.text.get(self.text_start..self.at).filter(|text| !text.is_empty()) {
            self.pieces.push(InlinePiece::Text(text));
        }
        self.text_start = self.at;
    }

    /// Replaces the text from here to `end` with a piece.
    fn push(&mut self, piece: InlinePiece<'a>, end: usize) {
        self.flush();
        self.pieces.push(piece);
        self.skip_to(end);
    }

    /// Leaves out the text from here to `end`.
    fn skip_to(&mut self, end: usize) {
        self.flush();
        self.at = end;
        self.text_start = end;
    }

    fn scan_mark(&mut self, byte: u8) {
        let next = self.rest().as_bytes().get(1).copied();
        match (byte, next) {
            (b'"' | b'\'', Some(b'`')) => self.push_mark(byte, 2, true, false),
            (b'"' | b'\'', _) => {}
            (b'`', Some(quote @ (b'"' | b'\''))) if self.unpaired(quote, 2).is_some() => {
                self.push_mark(quote, 2, false, true);
            }
            (b'`', Some(b'\'')) => self.push(InlinePiece::Text("’"), self.at + 2),
            (_, Some(next)) if next == byte => self.push_mark(byte, 2, true, true),
            _ => self.push_constrained_mark(byte),
        }
    }

    /// A single mark formats only whole words.
    fn push_constrained_mark(&mut self, byte: u8) {
        let before = self.char_before();
        let after = self.rest().chars().nth(1);
        let opens = !before.is_some_and(|c| is_word(c) || ":;}".contains(c))
            && after.is_some_and(|c| !c.is_whitespace());
        let closes = before.is_some_and(|c| !c.is_whitespace()) && !after.is_some_and(is_word);
        self.push_mark(byte, 1, opens, closes);
    }

    fn unpaired(&self, kind: u8, len: usize) -> Option<usize> {
        self.unpaired_marks.iter().position(|&(other, other_len, _)| (other, other_len) == (kind, len))
    }

    fn push_mark(&mut self, kind: u8, len: usize, opens: bool, closes: bool) {
        self.flush();
        let mut pair = None;
        if let Some(index) = self.unpaired(kind, len) {
            if closes {
                let (_, _, opener) = self.unpaired_marks.swap_remove(index);
                if let Some(InlinePiece::Mark { pair, .. }) = self.pieces.get_mut(opener) {
                    *pair = Some(true);
                }
                pair = Some(false);
            }
        } else if opens {
            self.unpaired_marks.push((kind, len, self.pieces.len()));
        }
        let end = self.at + len;
        self.push(InlinePiece::Mark { kind, text: &self.text[self.at..end], pair }, end);
    }

    /// Removes the mark of a line break, ` +` at the end of a line.
    fn scan_line_break(&mut self) {
        let is_at_line_end = self.rest() == "+" || self.rest().starts_with("+\n");
        if is_at_line_end && self.char_before() == Some(' ') {
            self.skip_to(self.at + 1);
        }
    }

    /// Reads a backslash: the mark after it is text.
    fn scan_escape(&mut self) {
        if matches!(self.rest().as_bytes().get(1), Some(b'*' | b'_' | b'`' | b'#')) {
            self.skip_to(self.at + 1);
            self.at += 1;
        }
    }

    fn scan_entity(&mut self) {
        let rest = self.rest();
        let len = rest.bytes().take(32).position(|byte| byte == b';').map_or(0, |at| at + 1);
        if let Some(decoded) = html::decode_entity(&rest[..len]) {
            self.push(InlinePiece::Entity(decoded), self.at + len);
        }
    }

    /// Reads `<<id,words>>`.
    fn scan_reference(&mut self) {
        if self.rest().starts_with("<<")
            && let Some(end) = self.angle_finder.find_from(self.at).filter(|end| end - self.at <= MAX_TARGET)
        {
            let words = self.text[self.at + 2..end].split_once(',').map_or("", |(_, words)| words.trim());
            self.push(InlinePiece::Text(words), end + 2);
        }
    }

    fn scan_macro_or_address(&mut self) {
        let rest = self.rest();
        if ["https://", "http://", "ftp://", "irc://"].iter().any(|scheme| rest.starts_with(scheme)) {
            return self.scan_address();
        }
        let name =
            MACROS.iter().find(|name| rest.strip_prefix(**name).is_some_and(|rest| rest.starts_with(':')));
        let Some(name) = name.filter(|_| self.at >= self.no_macro_before) else { return };
        let target_start = self.at + name.len() + 1;
        let after = &self.text[target_start..];
        let is_end = |byte: u8| byte == b'[' || byte.is_ascii_whitespace();
        let len = after.bytes().take(MAX_TARGET).position(is_end).unwrap_or(after.len().min(MAX_TARGET));
        let words_start = target_start + len + 1;
        if after.as_bytes().get(len) != Some(&b'[') {
            self.no_macro_before = self.at + len;
        } else if let Some(end) = self.closing_bracket(words_start) {
            self.push_macro(name, target_start, words_start, end);
        }
    }

    fn push_macro(&mut self, name: &str, target_start: usize, words_start: usize, end: usize) {
        let target = &self.text[target_start..words_start - 1];
        let words = &self.text[words_start..end];
        match name {
            "link" => self.push_link(target, target, words_start, end),
            "mailto" => self.push_link(&self.text[self.at..words_start - 1], target, words_start, end),
            "image" => self.push(InlinePiece::Image(lines::alternative_text(words)), end + 1),
            _ => self.push(InlinePiece::Text(words), end + 1),
        }
    }

    fn closing_bracket(&mut self, from: usize) -> Option<usize> {
        self.bracket_finder.find_from(from).filter(|end| end - from <= MAX_TARGET)
    }

    fn scan_address(&mut self) {
        let rest = self.rest();
        let is_end = |c: char| c.is_whitespace() || matches!(c, '[' | ']' | '<' | '>');
        let end = rest.char_indices().enumerate().find(|&(count, (_, c))| count >= MAX_TARGET || is_end(c));
        let url = &rest[..end.map_or(rest.len(), |(_, (at, _))| at)];
        let words_start = self.at + url.len() + 1;
        match self.closing_bracket(words_start).filter(|_| rest[url.len()..].starts_with('[')) {
            Some(end) => self.push_link(url, url, words_start, end),
            None => self.at += url.len(),
        }
    }

    /// Pushes a link with its words, or with `fallback` if it has none.
    fn push_link(&mut self, url: &'a str, fallback: &'a str, words_start: usize, end: usize) {
        let words = without_attributes(&self.text[words_start..end]);
        let plain = if words.trim().is_empty() { fallback } else { words.trim().trim_matches('"') };
        if words.len() == end - words_start && !words.trim().is_empty() && self.link_end.is_none() {
            self.push(InlinePiece::Link(url), words_start);
            self.link_end = Some(end);
        } else {
            self.push(InlinePiece::Link(url), end + 1);
            self.pieces.extend([InlinePiece::Text(plain), InlinePiece::EndLink]);
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Returns the words of a link without `,window=_blank` and its short form `^`.
fn without_attributes(words: &str) -> &str {
    let is_attribute = |at: &usize| {
        let value = words[at + 1..].trim_start().trim_start_matches(|c: char| c.is_ascii_alphabetic());
        value.starts_with('=') && !words[at + 1..].trim_start().starts_with('=')
    };
    let end = words.match_indices(',').map(|(at, _)| at).find(is_attribute).unwrap_or(words.len());
    words[..end].trim_end_matches('^')
}
