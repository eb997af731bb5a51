//! Collects a run of text: folds white space, notes links and images, and finds left-over marks.
//!
//! Knows no blocks.

use std::ops::Range;

use super::outline::{is_title_case, reads_as_heading};
use super::run::TextRun;
use crate::invisible::VisibleCharFilter;
use crate::script::is_unspaced;

/// The text of the current block, until it ends.
#[derive(Debug, Default)]
pub(crate) struct InlineBuffer {
    text: String,
    pending_space: PendingSpace,
    visible_chars: VisibleCharFilter,
    links: Vec<(Range<usize>, String)>,
    link: Option<OpenLink>,
    /// Runs of `*` and `_` in the text that may be left-over marks of emphasis.
    stray_marks: Vec<Range<usize>>,
    /// The ranges of inline code: they contain no links and no left-over marks.
    code: Vec<Range<usize>>,
    alts: Vec<String>,
    has_images: bool,
    image: Option<OpenImage>,
    pub(super) strong: StyleCoverage,
    pub(super) emphasis: StyleCoverage,
    cells: RowCells,
    is_after_break: bool,
    /// Whether a line of the run has ended before.
    has_lines: bool,
}

/// The cells of a table row: how many began and how many have text, and whether the last one has none.
#[derive(Debug, Default)]
struct RowCells {
    started: u32,
    filled: u32,
    last_is_empty: bool,
}

/// The first line of a run, before a second one begins.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FirstLine<'a> {
    text: &'a str,
    is_strong: bool,
}

impl FirstLine<'_> {
    /// Whether it is bold and reads as a heading.
    pub(crate) fn is_strong_heading(self) -> bool {
        self.is_strong && reads_as_heading(self.text)
    }

    /// Whether it reads as the title of a paragraph that continues with the line `next`.
    ///
    /// A title is bold, or it is short and `next` is so long that the author doesn't wrap lines.
    pub(crate) fn is_title_of(self, next: &str) -> bool {
        let first = next.trim_start_matches(|c: char| !c.is_alphanumeric()).chars().next();
        let is_sentence = first.is_some_and(|c| c.is_uppercase() || is_unspaced(c));
        let is_unwrapped = next.chars().count() > 100;
        is_sentence && (self.is_strong_heading() || (is_unwrapped && is_title_case(self.text)))
    }
}

/// White space that is written before the next character.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum PendingSpace {
    #[default]
    None,
    /// A line end of the source. It is no space between characters of scripts without spaces.
    Line,
    Space,
}

#[derive(Debug)]
struct OpenLink {
    url: String,
    /// The offset of its first character, once it has one.
    start: Option<usize>,
}

#[derive(Debug)]
struct OpenImage {
    alt: String,
    nested: u32,
}

/// How many elements of a style are open, and whether there are letters inside and outside of them.
#[derive(Debug, Default)]
pub(super) struct StyleCoverage {
    open: u32,
    inside: bool,
    outside: bool,
}

impl StyleCoverage {
    /// Begins or ends an element.
    pub(super) fn set(&mut self, on: bool) {
        self.open = if on { self.open.saturating_add(1) } else { self.open.saturating_sub(1) };
    }

    fn count_letter(&mut self) {
        if self.open > 0 { self.inside = true } else { self.outside = true }
    }

    fn covers_all_letters(&self) -> bool {
        self.inside && !self.outside
    }
}

impl InlineBuffer {
    /// Adds text of the source. Its line ends are white space.
    pub(crate) fn push_text(&mut self, text: &str) {
        if let Some(image) = &mut self.image {
            image.alt.push_str(text);
            return;
        }
        for c in text.chars() {
            self.push_char(c);
        }
    }

    /// Adds text in which runs of `*` and `_` may be left-over marks of emphasis.
    pub(crate) fn push_marked_text(&mut self, text: &str) {
        let mut rest = text;
        while let Some(at) = rest.find(['*', '_']) {
            let (before, from) = rest.split_at(at);
            let len = from.len() - from.trim_start_matches(['*', '_']).len();
            let (run, after) = from.split_at(len);
            self.push_text(before);
            self.push_marks(run);
            rest = after;
        }
        self.push_text(rest);
    }

    fn push_marks(&mut self, run: &str) {
        if self.image.is_some() {
            self.push_text(run);
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
    pub(crate) fn push_code(&mut self, text: &str) {
        let start = self.text.len();
        self.push_text(text);
        if self.text.len() > start {
            self.code.push(start..self.text.len());
        }
    }

    /// Ends a line of the run.
    pub(crate) fn end_line(&mut self) {
        self.has_lines = !self.text.is_empty();
    }

    /// Returns the current line if it is the first of the run.
    pub(crate) fn first_line(&self) -> Option<FirstLine<'_>> {
        let is_first =
            !self.has_lines && !self.text.is_empty() && self.image.is_none() && self.alts.is_empty();
        is_first.then(|| FirstLine { text: &self.text, is_strong: self.strong.covers_all_letters() })
    }

    /// Ends a line at a `<br>`; returns whether it is the second in a row, which ends a paragraph.
    pub(crate) fn line_break(&mut self) -> bool {
        self.push_text(" ");
        self.end_line();
        !self.text.is_empty() && std::mem::replace(&mut self.is_after_break, true)
    }

    /// Begins the next cell of a table row.
    pub(crate) fn begin_cell(&mut self) {
        if self.cells.started > 0 {
            self.push_text(" | ");
        }
        self.cells.started += 1;
        self.cells.last_is_empty = true;
    }

    /// Begins the words of a link, unless its address is empty or would run code.
    pub(crate) fn open_link(&mut self, url: &str) {
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

    /// Ends the words of a link.
    pub(crate) fn close_link(&mut self) {
        if let Some(OpenLink { url, start: Some(start) }) = self.link.take() {
            self.links.push((start..self.text.len(), url));
        }
    }

    /// Begins the alternative text of an image.
    pub(crate) fn open_image(&mut self) {
        match &mut self.image {
            Some(image) => image.nested += 1,
            None => self.image = Some(OpenImage { alt: String::new(), nested: 0 }),
        }
    }

    /// Ends the alternative text of an image.
    pub(crate) fn close_image(&mut self) {
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
        line.push_text(alt.trim().trim_matches('"'));
        if is_descriptive_alt(&line.text) {
            self.alts.push(line.text);
        }
    }

    fn push_char(&mut self, c: char) {
        if c.is_whitespace() {
            let gap = if matches!(c, '\n' | '\r') { PendingSpace::Line } else { PendingSpace::Space };
            self.pending_space = self.pending_space.max(gap);
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
        if c != '|' && std::mem::take(&mut self.cells.last_is_empty) {
            self.cells.filled += 1;
        }
        self.text.push(c);
    }

    fn push_pending_space(&mut self, next: char) {
        let gap = std::mem::take(&mut self.pending_space);
        let Some(last) = self.text.chars().next_back() else { return };
        let joined = gap == PendingSpace::Line && is_unspaced(last) && is_unspaced(next);
        if gap != PendingSpace::None && !joined {
            self.text.push(' ');
        }
    }

    /// Whether the run has neither text nor images.
    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty() && !self.has_images
    }

    /// Whether the run ends as a sentence or a quotation does.
    pub(crate) fn ends_sentence(&self) -> bool {
        self.text.ends_with(['.', '!', '?', '…', '。', '！', '？', '"', '”', '“', '»', '«', '」'])
    }

    /// Ends the run and returns it. A link or a style without text yet stays open for the next run.
    pub(crate) fn take(&mut self) -> TextRun {
        if self.is_empty() {
            self.pending_space = PendingSpace::None;
            self.cells = RowCells::default();
            return TextRun::default();
        }
        let empty_link = self.link.take_if(|link| link.start.is_none());
        self.close_link();
        let mut buffer = std::mem::take(self);
        self.image = buffer.image.take();
        self.link = empty_link;
        let mut run = TextRun {
            is_strong: buffer.strong.covers_all_letters(),
            is_emphasised: buffer.emphasis.covers_all_letters(),
            text: buffer.text,
            links: buffer.links,
            alts: buffer.alts,
            has_images: buffer.has_images,
        };
        // A row with text in one cell only is used for layout.
        let has_single_cell = buffer.cells.started > 1 && buffer.cells.filled <= 1;
        run.clean_up(&buffer.stray_marks, buffer.code, has_single_cell);
        run
    }
}

/// Whether an alternative text is more than a file name or a word that fits any image.
fn is_descriptive_alt(alt: &str) -> bool {
    const GENERIC_TEXTS: [&str; 10] = [
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
    const EXTENSIONS: [&str; 8] = [".png", ".jpg", ".jpeg", ".gif", ".webp", ".svg", ".avif", ".heic"];
    let lower = alt.to_lowercase();
    let is_file = EXTENSIONS.iter().any(|end| lower.ends_with(end)) && !alt.contains(' ');
    let words = lower.trim_end_matches(|c: char| !c.is_alphabetic());
    !is_file && !words.is_empty() && !GENERIC_TEXTS.contains(&words)
}
