//! Lists of `AsciiDoc`: which one an item belongs to, told by its marker.

use super::lines::Marker;
use super::{Reader, Style};
use crate::builder::{Key, Role};

/// Lists nested deeper are read as if they stood at this depth.
const MAX_LISTS: usize = 30;

impl Reader<'_> {
    pub(super) fn item(&mut self, marker: Marker, text: &str) {
        self.end_paragraph();
        self.enter_list(marker);
        self.builder.open(Key::Own, Role::Item);
        self.paragraph.push(text.to_owned());
    }

    pub(super) fn term(&mut self, marker: Marker, term: &str, text: &str) {
        self.end_paragraph();
        self.enter_list(marker);
        // The item of the list is what is said about the term.
        self.run(Role::Term, term);
        self.builder.open(Key::Own, Role::Item);
        self.awaits = text.is_empty();
        if !text.is_empty() {
            self.paragraph.push(text.to_owned());
        }
    }

    /// Goes to the list that an item with this marker stands in.
    pub(super) fn enter_list(&mut self, marker: Marker) {
        self.continues = false;
        self.awaits = false;
        self.style = Style::default();
        let known = self.lists.iter().position(|open| *open == marker);
        if let Some(index) = known {
            while self.lists.len() > index + 1 {
                self.end_list();
            }
            return self.builder.close();
        }
        if self.lists.len() >= MAX_LISTS {
            self.end_list();
        }
        self.builder.open(Key::Own, Role::List);
        self.lists.push(marker);
    }

    /// The innermost list ends, and its last item.
    pub(super) fn end_list(&mut self) {
        self.end_paragraph();
        if self.lists.pop().is_some() {
            self.builder.close();
            self.builder.close();
        }
    }

    pub(super) fn end_lists(&mut self) {
        self.end_paragraph();
        while !self.lists.is_empty() {
            self.end_list();
        }
    }

    /// A block that begins outside of the lists, unless `+` attaches it.
    pub(super) fn begin_block(&mut self) {
        self.end_paragraph();
        if !std::mem::take(&mut self.continues) {
            self.end_lists();
        }
    }
}
