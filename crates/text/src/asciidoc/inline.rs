//! The inside of a paragraph of `AsciiDoc`: marks, macros, links, quotes.

mod macros;
mod marks;

use super::super::builder::{Builder, Key, Role};
use super::super::html::Html;
use super::super::html::tags::Ends;
use super::super::seek::Seek;

/// Reads a paragraph into `builder`; its footnotes go to `notes`.
pub fn read(builder: &mut Builder, html: &mut Html, text: &str, notes: &mut Vec<String>) {
    let mut scan = Scan::new(text);
    scan.run();
    notes.append(&mut scan.notes);
    for piece in scan.pieces {
        match piece {
            Piece::Text(text) | Piece::Mark { pair: None, text, .. } => builder.text(text),
            Piece::Owned(text) => builder.text(&text),
            Piece::Html(piece) => html.read(builder, piece, 0),
            Piece::Link(url) => builder.open_link(url),
            Piece::EndLink => builder.close_link(),
            Piece::Image(alt) => builder.image(alt),
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
    builder.finish_line()
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

    pub(super) fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn before(&self) -> Option<char> {
        self.text.get(..self.at)?.chars().next_back()
    }

    pub(super) fn follows_word(&self) -> bool {
        self.before().is_some_and(|c| c.is_alphanumeric() || c == '_')
    }

    pub(super) fn flush(&mut self) {
        if let Some(text) = self.text.get(self.from..self.at).filter(|text| !text.is_empty()) {
            self.pieces.push(Piece::Text(text));
        }
        self.from = self.at;
    }

    /// A piece takes the place of the text from here to `end`.
    pub(super) fn push(&mut self, piece: Piece<'a>, end: usize) {
        self.flush();
        self.pieces.push(piece);
        self.at = end;
        self.from = end;
    }

    /// Leaves out the text from here to `end`.
    pub(super) fn skip(&mut self, end: usize) {
        self.flush();
        self.at = end;
        self.from = end;
    }
}
