//! One run of text in the making: white space folded, links and images noted, left-over marks taken off.
//! Knows nothing of blocks.

use std::ops::Range;

use super::outline::{is_title_case, reads_as_heading};
use super::run::TextRun;
use crate::invisible::{VisibleCharFilter, is_unspaced};

/// A run of text that is being gathered, until a block ends.
#[derive(Debug, Default)]
pub struct InlineBuffer {
    text: String,
    gap: PendingSpace,
    visible_chars: VisibleCharFilter,
    links: Vec<(Range<usize>, String)>,
    link: Option<OpenLink>,
    /// Runs of `*` and `_` that the markup left as text, which may be debris of emphasis.
    stray_marks: Vec<Range<usize>>,
    /// Inline code: no links and no debris in it.
    code: Vec<Range<usize>>,
    alts: Vec<String>,
    has_images: bool,
    image: Option<OpenImage>,
    strong: StyleCoverage,
    emphasis: StyleCoverage,
    cells: RowCells,
    is_after_break: bool,
    /// Whether a line of the run has ended before.
    has_lines: bool,
}

/// How many cells of a row have begun and how many hold text; and whether the last one does not.
#[derive(Debug, Default)]
struct RowCells {
    started: u32,
    filled: u32,
    is_empty: bool,
}

/// The first line of a run, as long as no other has begun.
#[derive(Debug, Clone, Copy)]
pub struct FirstLine<'a> {
    text: &'a str,
    is_strong: bool,
}

impl FirstLine<'_> {
    /// Whether it is bold and reads as a heading.
    pub fn is_strong_heading(self) -> bool {
        self.is_strong && reads_as_heading(self.text)
    }

    /// Whether it reads as the title of a paragraph that goes on with the line `next`: bold, or short before
    /// a line so long that the author doesn't wrap lines.
    pub fn is_title_of(self, next: &str) -> bool {
        let begins = next.trim_start_matches(|c: char| !c.is_alphanumeric()).chars().next();
        let is_sentence = begins.is_some_and(|c| c.is_uppercase() || is_unspaced(c));
        let is_unwrapped = next.chars().count() > 100;
        is_sentence && (self.is_strong_heading() || (is_unwrapped && is_title_case(self.text)))
    }
}

/// White space that is due before the next character.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum PendingSpace {
    #[default]
    None,
    /// A line end of the source: no space between characters of scripts that have none.
    Line,
    Space,
}

#[derive(Debug)]
struct OpenLink {
    url: String,
    /// Where its first character stands, once there is one.
    start: Option<usize>,
}

#[derive(Debug)]
struct OpenImage {
    alt: String,
    nested: u32,
}

/// How many elements that change a weight are open, and whether letters stand inside and outside of them.
#[derive(Debug, Default)]
struct StyleCoverage {
    open: u32,
    inside: bool,
    outside: bool,
}

impl StyleCoverage {
    fn count_letter(&mut self) {
        if self.open > 0 { self.inside = true } else { self.outside = true }
    }

    fn covers_all_letters(&self) -> bool {
        self.inside && !self.outside
    }
}

impl InlineBuffer {
    /// Adds text of the source, line ends and all.
    pub fn text(&mut self, text: &str) {
        if let Some(image) = &mut self.image {
            image.alt.push_str(text);
            return;
        }
        for c in text.chars() {
            self.push_char(c);
        }
    }

    /// Adds text in which runs of `*` and `_` may be emphasis that did not come off.
    pub fn marked_text(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.find(['*', '_']) {
            let (before, from) = rest.split_at(at);
            let len = from.len() - from.trim_start_matches(['*', '_']).len();
            let (run, after) = from.split_at(len);
            self.text(before);
            self.push_marks(run);
            rest = after;
        }
        self.text(rest);
    }

    fn push_marks(&mut self, run: &str) {
        if self.image.is_some() {
            self.text(run);
            return;
        }
        for c in run.chars() {
            self.push_char(c);
            let at = self.text.len() - 1..self.text.len();
            match self.stray_marks.last_mut() {
                Some(last) if last.end == at.start => last.end = at.end,
                _ => self.stray_marks.push(at),
            }
        }
    }

    /// Adds inline code.
    pub fn code(&mut self, text: &str) {
        let start = self.text.len();
        self.text(text);
        if self.text.len() > start {
            self.code.push(start..self.text.len());
        }
    }

    /// A line of the run ends.
    pub fn end_line(&mut self) {
        self.has_lines = !self.text.is_empty();
    }

    /// The line that has been gathered, where it is the first.
    pub fn first_line(&self) -> Option<FirstLine<'_>> {
        let is_first =
            !self.has_lines && !self.text.is_empty() && self.image.is_none() && self.alts.is_empty();
        is_first.then(|| FirstLine { text: &self.text, is_strong: self.strong.covers_all_letters() })
    }

    /// A space is due.
    pub fn space(&mut self) {
        self.text(" ");
    }

    /// `<br>`; true where it is the second of two and so ends a paragraph.
    #[must_use]
    pub fn line_break(&mut self) -> bool {
        self.space();
        self.end_line();
        !self.text.is_empty() && std::mem::replace(&mut self.is_after_break, true)
    }

    /// The next cell of a table row begins.
    pub fn cell(&mut self) {
        if self.cells.started > 0 {
            self.space();
            self.text("|");
            self.space();
        }
        self.cells.started += 1;
        self.cells.is_empty = true;
    }

    /// What follows is bold, or no longer is.
    pub fn strong(&mut self, on: bool) {
        let open = &mut self.strong.open;
        *open = if on { open.saturating_add(1) } else { open.saturating_sub(1) };
    }

    /// What follows is emphasised, or no longer is.
    pub fn emphasis(&mut self, on: bool) {
        let open = &mut self.emphasis.open;
        *open = if on { open.saturating_add(1) } else { open.saturating_sub(1) };
    }

    /// What follows is linked.
    pub fn open_link(&mut self, url: &str) {
        self.close_link();
        let url: String = url.chars().filter(|c| !c.is_control()).collect();
        let url = url.trim();
        let runs_code = ["javascript:", "data:", "vbscript:"]
            .iter()
            .any(|scheme| url.get(..scheme.len()).is_some_and(|start| start.eq_ignore_ascii_case(scheme)));
        if !url.is_empty() && !runs_code {
            self.link = Some(OpenLink { url: url.to_owned(), start: None });
        }
    }

    /// The linked words end.
    pub fn close_link(&mut self) {
        if let Some(OpenLink { url, start: Some(start) }) = self.link.take() {
            self.links.push((start..self.text.len(), url));
        }
    }

    /// Text that follows is an image's alternative text.
    pub fn open_image(&mut self) {
        match &mut self.image {
            Some(image) => image.nested += 1,
            None => self.image = Some(OpenImage { alt: String::new(), nested: 0 }),
        }
    }

    /// The alternative text ends.
    pub fn close_image(&mut self) {
        match self.image.take() {
            Some(image) if image.nested > 0 => {
                self.image = Some(OpenImage { nested: image.nested - 1, ..image });
            }
            Some(image) => self.push_alt(&image.alt),
            None => {}
        }
    }

    fn push_alt(&mut self, alt: &str) {
        self.has_images = true;
        let mut line = Self::default();
        line.text(alt.trim().trim_matches('"'));
        if is_descriptive_alt(&line.text) {
            self.alts.push(line.text);
        }
    }

    fn push_char(&mut self, c: char) {
        if c.is_whitespace() {
            let gap = if matches!(c, '\n' | '\r') { PendingSpace::Line } else { PendingSpace::Space };
            self.gap = self.gap.max(gap);
            self.visible_chars = VisibleCharFilter::default();
            return;
        }
        if !self.visible_chars.accept(c) {
            return;
        }
        self.push_pending_space(c);
        if let Some(OpenLink { start: start @ None, .. }) = &mut self.link {
            *start = Some(self.text.len());
        }
        if c.is_alphanumeric() {
            self.strong.count_letter();
            self.emphasis.count_letter();
        }
        self.is_after_break = false;
        if c != '|' && std::mem::take(&mut self.cells.is_empty) {
            self.cells.filled += 1;
        }
        self.text.push(c);
    }

    fn push_pending_space(&mut self, next: char) {
        let gap = std::mem::take(&mut self.gap);
        let Some(last) = self.text.chars().next_back() else { return };
        let joined = gap == PendingSpace::Line && is_unspaced(last) && is_unspaced(next);
        if gap != PendingSpace::None && !joined {
            self.text.push(' ');
        }
    }

    /// Whether nothing has been gathered.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty() && !self.has_images
    }

    /// Takes the run. Where there is none yet, a link or a weight that has been opened stays open.
    pub fn take(&mut self) -> TextRun {
        if self.is_empty() {
            self.gap = PendingSpace::None;
            self.cells = RowCells::default();
            return TextRun::default();
        }
        let unbegun = self.link.take_if(|link| link.start.is_none());
        self.close_link();
        let mut line = std::mem::take(self);
        self.image = line.image.take();
        self.link = unbegun;
        let is_strong = line.strong.covers_all_letters();
        let is_emphasised = line.emphasis.covers_all_letters();
        let mut run = TextRun {
            text: line.text,
            links: line.links,
            alts: line.alts,
            has_images: line.has_images,
            is_strong,
            is_emphasised,
        };
        // One cell in a row is no table but a layout.
        run.clean_up(&line.stray_marks, line.code, line.cells.started > 1 && line.cells.filled <= 1);
        run
    }
}

/// Whether an alternative text is more than a file's name or a word for any picture.
fn is_descriptive_alt(alt: &str) -> bool {
    const NOTHING: [&str; 10] = [
        "alt",
        "alt text",
        "figure",
        "image",
        "image description",
        "img",
        "photo",
        "picture",
        "screenshot",
        "untitled",
    ];
    const FILES: [&str; 8] = [".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif", ".heic"];
    let lower = alt.to_lowercase();
    let is_file = FILES.iter().any(|end| lower.ends_with(end)) && !alt.contains(' ');
    let words = lower.trim_end_matches(|c: char| !c.is_alphabetic());
    !is_file && !words.is_empty() && !NOTHING.contains(&words)
}
