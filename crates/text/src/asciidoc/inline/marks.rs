//! Marks of formatting, escapes and entities.

use super::{Piece, Scan};
use crate::html;

impl Scan<'_> {
    pub(super) fn mark(&mut self, byte: u8) {
        let rest = self.rest().as_bytes();
        let next = rest.get(1).copied();
        match (byte, next) {
            (b'"' | b'\'', Some(b'`')) => self.pair(byte, 2, true, false),
            (b'"' | b'\'', _) => {}
            (b'`', Some(quote @ (b'"' | b'\''))) if self.is_open(quote, 2) => {
                self.pair(quote, 2, false, true);
            }
            (b'`', Some(b'\'')) => self.push(Piece::Owned("’".to_owned()), self.at + 2),
            (b'^' | b'~', _) => {
                let mut word = rest[1..].iter().take(64).take_while(|byte| !byte.is_ascii_whitespace());
                let opens = word.any(|&other| other == byte);
                self.pair(byte, 1, opens, true);
            }
            (_, Some(next)) if next == byte => self.pair(byte, 2, true, true),
            _ => self.constrained(byte),
        }
    }

    /// A single mark formats whole words only.
    fn constrained(&mut self, byte: u8) {
        let after = self.rest().chars().nth(1);
        let is_word = |c: char| c.is_alphanumeric() || c == '_';
        let opens = !self.before().is_some_and(|c| is_word(c) || ":;}".contains(c))
            && after.is_some_and(|c| !c.is_whitespace());
        let closes = self.before().is_some_and(|c| !c.is_whitespace()) && !after.is_some_and(is_word);
        self.pair(byte, 1, opens, closes);
    }

    fn is_open(&self, kind: u8, len: usize) -> bool {
        self.open.iter().any(|&(other, other_len, _)| other == kind && other_len == len)
    }

    fn pair(&mut self, kind: u8, len: usize, opens: bool, closes: bool) {
        let text = &self.text[self.at..self.at + len];
        let open = self.open.iter().position(|&(other, other_len, _)| other == kind && other_len == len);
        let number = self.pieces.len() + usize::from(self.from < self.at);
        let mut own = None;
        if let (true, Some(open)) = (closes, open) {
            let (_, _, opener) = self.open.swap_remove(open);
            if let Some(Piece::Mark { pair, .. }) = self.pieces.get_mut(opener) {
                *pair = Some(true);
            }
            own = Some(false);
        } else if opens && open.is_none() {
            self.open.push((kind, len, number));
        }
        self.push(Piece::Mark { kind, text, pair: own }, self.at + len);
    }

    pub(super) fn plus(&mut self) {
        if self.rest().starts_with("+++") {
            if let Some(end) = self.pass.at_or_after(self.at + 3) {
                let inside = &self.text[self.at + 3..end];
                self.push(Piece::Html(inside), end + 3);
            }
            return;
        }
        let ends_line = self.rest().get(1..).is_some_and(|rest| rest.is_empty() || rest.starts_with('\n'));
        if ends_line && self.before() == Some(' ') {
            self.skip(self.at + 1);
        } else if self.rest().starts_with("++") {
            self.pair(b'+', 2, true, true);
        } else {
            self.constrained(b'+');
        }
    }

    /// A backslash takes the meaning off what follows.
    pub(super) fn escape(&mut self) {
        let next = self.rest().as_bytes().get(1).copied();
        let meant = matches!(next, Some(b'*' | b'_' | b'`' | b'#' | b'^' | b'~' | b'[' | b'<' | b'('))
            || ["http", "link:", "xref:", "image:"].iter().any(|name| self.rest()[1..].starts_with(name));
        if meant {
            self.skip(self.at + 1);
            self.at += 1;
        }
    }

    /// `[.role]#text#`: the role goes.
    pub(super) fn role(&mut self) {
        let rest = self.rest().as_bytes();
        if rest.starts_with(b"[[")
            && !rest.get(2).is_some_and(|&byte| byte.is_ascii_alphabetic() || byte == b'_')
        {
            return;
        }
        let is_role = matches!(rest.get(1), Some(b'.' | b'#' | b'%'))
            || rest.get(1).is_some_and(u8::is_ascii_alphabetic);
        let close = rest.iter().take(100).position(|&byte| byte == b']' || byte == b'\n');
        let close = close.filter(|&at| is_role && rest[at] == b']');
        if rest.starts_with(b"[[") {
            let end = rest.windows(2).take(100).position(|pair| pair == b"]]");
            if let Some(end) = end {
                self.skip(self.at + end + 2);
            }
        } else if let Some(close) = close
            && matches!(rest.get(close + 1), Some(b'#' | b'*' | b'_' | b'`' | b'^' | b'~'))
        {
            self.skip(self.at + close + 1);
        }
    }

    pub(super) fn entity(&mut self) {
        let rest = self.rest();
        let len = rest.bytes().take(32).position(|byte| byte == b';').map(|at| at + 1);
        if let Some(decoded) = len.and_then(|len| html::entity(&rest[..len])) {
            self.push(Piece::Owned(decoded), self.at + len.unwrap_or(1));
        }
    }
}
