//! The inside of a paragraph of `AsciiDoc`: marks, macros, links, quotes.

use super::super::builder::{Builder, Key, Role};
use super::super::html::tags::Ends;
use super::super::html::{self, Html};
use super::super::seek::Seek;
use super::lines;

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

/// Reads a paragraph into `builder`; its footnotes go to `notes`.
pub fn read(builder: &mut Builder, html: &mut Html, text: &str, notes: &mut Vec<String>) {
    let mut scan = Scan::new(text);
    scan.run();
    notes.append(&mut scan.notes);
    for piece in scan.pieces {
        match piece {
            Piece::Text(text) => builder.text(text),
            Piece::Owned(text) => builder.text(&text),
            Piece::Html(piece) => html.read(builder, piece, 0),
            Piece::Link(url) => builder.open_link(url),
            Piece::EndLink => builder.close_link(),
            Piece::Image(alt) => builder.image(alt),
            Piece::Mark { pair: None, text, .. } => builder.text(text),
            Piece::Mark { pair: Some(opens), kind, .. } => match kind {
                b'*' => builder.strong(opens),
                b'_' => builder.emphasis(opens),
                b'"' => builder.text(if opens { "“" } else { "”" }),
                b'\'' => builder.text(if opens { "‘" } else { "’" }),
                _ => {}
            },
        }
    }
}

/// The plain text of an inline text.
pub fn plain(text: &str) -> String {
    let ends = Ends::of(text);
    let mut builder = Builder::new();
    builder.open(Key::Own, Role::Plain);
    read(&mut builder, &mut Html::fragments(&ends, Builder::text), text, &mut Vec::new());
    let (body, _) = builder.finish(|_| 0);
    body.text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[derive(Debug)]
enum Piece<'a> {
    Text(&'a str),
    Owned(String),
    Html(&'a str),
    Link(&'a str),
    EndLink,
    Image(&'a str),
    /// A mark of formatting; text as long as it has no pair, else whether it opens.
    Mark {
        kind: u8,
        text: &'a str,
        pair: Option<bool>,
    },
}

/// The way through a paragraph, from left to right.
struct Scan<'a> {
    text: &'a str,
    at: usize,
    /// Where text begins that is not a piece yet.
    from: usize,
    pieces: Vec<Piece<'a>>,
    notes: Vec<String>,
    /// Marks that have no pair yet: kind, length, and which piece they are.
    open: Vec<(u8, usize, usize)>,
    /// Where the words of the open link end.
    link_end: Option<usize>,
    /// No macro begins before this byte.
    literal: usize,
    bracket: Seek<'a>,
    pass: Seek<'a>,
    angle: Seek<'a>,
    paren: Seek<'a>,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            from: 0,
            pieces: Vec::new(),
            notes: Vec::new(),
            open: Vec::new(),
            link_end: None,
            literal: 0,
            bracket: Seek::new(text, "]"),
            pass: Seek::new(text, "+++"),
            angle: Seek::new(text, ">>"),
            paren: Seek::new(text, "))"),
        }
    }

    fn run(&mut self) {
        while let Some(&byte) = self.text.as_bytes().get(self.at) {
            if let Some(end) = self.link_end.take_if(|end| *end <= self.at) {
                self.push(Piece::EndLink, self.at.max(end + 1));
                continue;
            }
            let before = self.at;
            match byte {
                b'*' | b'_' | b'`' | b'#' | b'^' | b'~' | b'"' | b'\'' => self.mark(byte),
                b'+' => self.plus(),
                b'\\' => self.escape(),
                b'&' => self.entity(),
                b'<' => self.reference(),
                b'(' => self.index_term(),
                b'[' => self.role(),
                b'a'..=b'z' if !self.follows_word() => self.named(),
                _ => {}
            }
            if self.at == before {
                self.at += 1;
            }
        }
        self.at = self.text.len();
        self.flush();
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn before(&self) -> Option<char> {
        self.text.get(..self.at)?.chars().next_back()
    }

    fn follows_word(&self) -> bool {
        self.before().is_some_and(|c| c.is_alphanumeric() || c == '_')
    }

    fn flush(&mut self) {
        if let Some(text) = self.text.get(self.from..self.at).filter(|text| !text.is_empty()) {
            self.pieces.push(Piece::Text(text));
        }
        self.from = self.at;
    }

    /// A piece takes the place of the text from here to `end`.
    fn push(&mut self, piece: Piece<'a>, end: usize) {
        self.flush();
        self.pieces.push(piece);
        self.at = end;
        self.from = end;
    }

    /// Leaves out the text from here to `end`.
    fn skip(&mut self, end: usize) {
        self.flush();
        self.at = end;
        self.from = end;
    }
}

/// Formatting.
impl Scan<'_> {
    fn mark(&mut self, byte: u8) {
        let rest = self.rest().as_bytes();
        let next = rest.get(1).copied();
        match (byte, next) {
            (b'"' | b'\'', Some(b'`')) => self.pair(byte, 2, true, false),
            (b'"' | b'\'', _) => {}
            (b'`', Some(quote @ (b'"' | b'\''))) if self.is_open(quote, 2) => {
                self.pair(quote, 2, false, true)
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

    fn plus(&mut self) {
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
    fn escape(&mut self) {
        let next = self.rest().as_bytes().get(1).copied();
        let meant = matches!(next, Some(b'*' | b'_' | b'`' | b'#' | b'^' | b'~' | b'[' | b'<' | b'('))
            || ["http", "link:", "xref:", "image:"].iter().any(|name| self.rest()[1..].starts_with(name));
        if meant {
            self.skip(self.at + 1);
            self.at += 1;
        }
    }

    /// `[.role]#text#`: the role goes.
    fn role(&mut self) {
        let rest = self.rest().as_bytes();
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

    fn entity(&mut self) {
        let rest = self.rest();
        let len = rest.bytes().take(32).position(|byte| byte == b';').map(|at| at + 1);
        if let Some(decoded) = len.and_then(|len| html::entity(&rest[..len])) {
            self.push(Piece::Owned(decoded), self.at + len.unwrap_or(1));
        }
    }
}

/// Links and macros.
impl<'a> Scan<'a> {
    /// `<<id,text>>`
    fn reference(&mut self) {
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
    fn index_term(&mut self) {
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
    fn named(&mut self) {
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
