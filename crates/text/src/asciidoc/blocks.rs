//! Blocks of `AsciiDoc` that stand between delimiters.

use super::Reader;
use super::lines::{self, Delimiter, Marker};
use crate::builder::{Key, MAX_DEPTH, Role};

/// A block whose lines are not read as paragraphs, and what its last line is.
pub(super) struct Verbatim {
    pub(super) end: String,
    pub(super) kind: Delimiter,
    pub(super) at: usize,
    pub(super) text: String,
}

/// A block between delimiters whose lines are read as paragraphs and lists.
pub(super) struct Delimited {
    /// Its last line.
    pub(super) end: String,
    /// The lists that are open around it.
    pub(super) around: Vec<Marker>,
    /// Whose words it holds.
    pub(super) who: Option<String>,
}

impl Reader<'_> {
    pub(super) fn delimiter(&mut self, kind: Delimiter, line: &str, at: usize) {
        self.end_paragraph();
        if let Some(index) = self.open.iter().rposition(|block| block.end == line) {
            while self.open.len() > index {
                self.close_block();
            }
            return;
        }
        self.begin_block();
        match kind {
            Delimiter::Quote | Delimiter::Open => self.open_block(kind, line),
            _ => {
                let end = if line.starts_with("```") { "```" } else { line };
                self.verbatim = Some(Verbatim { end: end.to_owned(), kind, at, text: String::new() });
            }
        }
    }

    pub(super) fn open_block(&mut self, kind: Delimiter, line: &str) {
        if self.open.len() >= usize::from(MAX_DEPTH) {
            return;
        }
        let is_quote = kind == Delimiter::Quote || self.style.name == "quote";
        let who = std::mem::take(&mut self.style).attribution;
        self.builder.open(Key::Own, if is_quote { Role::Quote } else { Role::Plain });
        self.open.push(Delimited { end: line.to_owned(), around: std::mem::take(&mut self.lists), who });
    }

    pub(super) fn close_block(&mut self) {
        self.end_lists();
        if let Some(block) = self.open.pop() {
            self.attribution(block.who);
            self.builder.close();
            self.lists = block.around;
        }
    }

    pub(super) fn literal(&mut self, line: &str, at: usize) {
        self.begin_block();
        self.verbatim =
            Some(Verbatim { end: String::new(), kind: Delimiter::Listing, at, text: format!("{line}\n") });
    }

    pub(super) fn end_verbatim(&mut self) {
        let Some(Verbatim { kind, at, text, .. }) = self.verbatim.take() else { return };
        let style = std::mem::take(&mut self.style);
        match kind {
            Delimiter::Listing => self.builder.code(&text),
            Delimiter::Pass if style.name == "stem" => {}
            Delimiter::Pass => {
                self.html.read(&mut self.builder, &text, at);
                self.builder.break_block();
            }
            Delimiter::Table => self.table(&text, style.columns),
            Delimiter::Comment | Delimiter::Quote | Delimiter::Open => {}
        }
    }

    pub(super) fn table(&mut self, text: &str, columns: Option<usize>) {
        self.builder.open(Key::Own, Role::Table);
        for row in lines::rows(text, columns) {
            self.builder.open(Key::Own, Role::Row);
            for cell in row {
                self.builder.cell();
                self.inline(&cell);
            }
            self.builder.close();
        }
        self.builder.close();
        self.write_notes();
    }
}
