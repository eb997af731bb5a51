//! What readers tell the builder about runs of text.

use super::inline::{FirstLine, Inline};
use super::{Builder, Role};

impl Builder {
    /// What gathers text now; `None` where nobody would see it.
    fn gathering(&mut self) -> Option<&mut Inline> {
        (self.hidden.is_none() && self.code.is_none()).then_some(&mut self.inline)
    }

    /// Adds text. Its line ends are those of the source: white space.
    pub fn text(&mut self, text: &str) {
        match &mut self.code {
            _ if self.hidden.is_some() => {}
            Some(code) => code.push_str(text),
            None => self.inline.text(text),
        }
    }

    /// Adds text in which runs of `*` and `_` may be emphasis that did not come off.
    pub fn marked_text(&mut self, text: &str) {
        match self.gathering() {
            Some(inline) => inline.marked_text(text),
            None => self.text(text),
        }
    }

    /// Adds inline code.
    pub fn code_span(&mut self, text: &str) {
        match self.gathering() {
            Some(inline) => inline.code(text),
            None => self.text(text),
        }
    }

    /// A line of the source ends.
    pub fn newline(&mut self) {
        self.text("\n");
    }

    /// A line of the source ends within a paragraph, and `next` follows. A line that reads as a title is one.
    pub fn soft_break(&mut self, next: &str) {
        let title = self.is_at_top() && self.inline.first_line().is_some_and(|line| line.is_title_of(next));
        if title && self.gathering().is_some() {
            self.flush();
            self.expect_heading();
        } else {
            self.inline.end_line();
            self.newline();
        }
    }

    /// A line ends where the author wants it to; two of them end a paragraph, and so does one after a line
    /// that is wholly bold.
    pub fn line_break(&mut self) {
        if self.code.is_some() {
            return self.newline();
        }
        let title = self.is_at_top() && self.inline.first_line().is_some_and(FirstLine::is_strong_heading);
        let Some(inline) = self.gathering() else { return };
        let second = inline.line_break();
        if title || (second && self.is_prose()) {
            self.flush();
        }
    }

    /// A line ends where the author wants it to, in a markup in which two of them mean no more than one.
    pub fn hard_break(&mut self) {
        if self.is_at_top() && self.inline.first_line().is_some_and(FirstLine::is_strong_heading) {
            self.break_block();
        } else {
            self.inline.end_line();
            self.text(" ");
        }
    }

    /// What follows is bold, or no longer is.
    pub fn strong(&mut self, on: bool) {
        if let Some(inline) = self.gathering() {
            inline.strong(on);
        }
    }

    /// What follows is emphasised, or no longer is.
    pub fn emphasis(&mut self, on: bool) {
        if let Some(inline) = self.gathering() {
            inline.emphasis(on);
        }
    }

    /// What follows is linked.
    pub fn open_link(&mut self, url: &str) {
        if let Some(inline) = self.gathering() {
            inline.open_link(url);
        }
    }

    /// The linked words end.
    pub fn close_link(&mut self) {
        self.inline.close_link();
    }

    /// Text that follows is an image's alternative text.
    pub fn open_image(&mut self) {
        if let Some(inline) = self.gathering() {
            inline.open_image();
        }
    }

    /// The alternative text ends.
    pub fn close_image(&mut self) {
        self.inline.close_image();
    }

    /// An image with its alternative text.
    pub fn image(&mut self, alt: &str) {
        if let Some(inline) = self.gathering() {
            inline.open_image();
            inline.text(alt);
            inline.close_image();
        }
    }

    /// The next cell of a table row begins.
    pub fn cell(&mut self) {
        let in_row = self.role() == Some(Role::Row);
        match self.gathering() {
            Some(inline) if in_row => inline.cell(),
            _ => self.break_block(),
        }
    }
}
