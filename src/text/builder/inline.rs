//! One run of text in the making: white space folded, links and images noted, left-over marks taken off.
//! Knows nothing of blocks.

use std::ops::Range;

use super::glyphs::{Glyphs, is_unspaced};
use super::outline::{is_like_a_heading, is_title_case};

/// A run of text that is being gathered, until a block ends.
#[derive(Debug, Default)]
pub struct Inline {
    text: String,
    gap: Gap,
    glyphs: Glyphs,
    links: Vec<(Range<usize>, String)>,
    link: Option<OpenLink>,
    /// Runs of `*` and `_` that the markup left as text, which may be debris of emphasis.
    marks: Vec<Range<usize>>,
    /// Inline code: no links and no debris in it.
    code: Vec<Range<usize>>,
    alts: Vec<String>,
    image: Option<Image>,
    strong: Weight,
    emphasis: Weight,
    cells: u32,
    filled_cells: u32,
    cell_is_empty: bool,
    after_break: bool,
    /// Whether a line of the run has ended before.
    has_lines: bool,
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
        self.is_strong && is_like_a_heading(self.text)
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

/// A run of text as it stands in a block.
#[derive(Debug, Default)]
pub struct Run {
    /// The text, without white space at its ends.
    pub text: String,
    /// Where its links are, in order, and where they lead.
    pub links: Vec<(Range<usize>, String)>,
    /// The alternative texts of its images.
    pub alts: Vec<String>,
    /// Whether every letter of it is bold.
    pub is_strong: bool,
    /// Whether every letter of it is emphasised.
    pub is_emphasised: bool,
}

/// White space that is due before the next character.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
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
struct Image {
    alt: String,
    nested: u32,
}

/// How many elements that change a weight are open, and whether letters stand inside and outside of them.
#[derive(Debug, Default)]
struct Weight {
    open: u32,
    inside: bool,
    outside: bool,
}

impl Weight {
    fn letter(&mut self) {
        if self.open > 0 { self.inside = true } else { self.outside = true }
    }

    fn is_whole(&self) -> bool {
        self.inside && !self.outside
    }
}

impl Inline {
    /// Adds text of the source, line ends and all.
    pub fn text(&mut self, text: &str) {
        if let Some(image) = &mut self.image {
            image.alt.push_str(text);
            return;
        }
        for c in text.chars() {
            self.char(c);
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
            self.mark(run);
            rest = after;
        }
        self.text(rest);
    }

    fn mark(&mut self, run: &str) {
        if self.image.is_some() {
            self.text(run);
            return;
        }
        for c in run.chars() {
            self.char(c);
            let at = self.text.len() - 1..self.text.len();
            match self.marks.last_mut() {
                Some(last) if last.end == at.start => last.end = at.end,
                _ => self.marks.push(at),
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
        is_first.then(|| FirstLine { text: &self.text, is_strong: self.strong.is_whole() })
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
        !self.text.is_empty() && std::mem::replace(&mut self.after_break, true)
    }

    /// The next cell of a table row begins.
    pub fn cell(&mut self) {
        if self.cells > 0 {
            self.space();
            self.text("|");
            self.space();
        }
        self.cells += 1;
        self.cell_is_empty = true;
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
            None => self.image = Some(Image { alt: String::new(), nested: 0 }),
        }
    }

    /// The alternative text ends.
    pub fn close_image(&mut self) {
        match self.image.take() {
            Some(image) if image.nested > 0 => self.image = Some(Image { nested: image.nested - 1, ..image }),
            Some(image) => self.alt(&image.alt),
            None => {}
        }
    }

    fn alt(&mut self, alt: &str) {
        let mut line = Self::default();
        line.text(alt.trim().trim_matches('"'));
        if says_something(&line.text) {
            self.alts.push(line.text);
        }
    }

    fn char(&mut self, c: char) {
        if c.is_whitespace() {
            let gap = if matches!(c, '\n' | '\r') { Gap::Line } else { Gap::Space };
            self.gap = self.gap.max(gap);
            self.glyphs = Glyphs::default();
            return;
        }
        if !self.glyphs.admit(c) {
            return;
        }
        self.fill_gap(c);
        if let Some(OpenLink { start: start @ None, .. }) = &mut self.link {
            *start = Some(self.text.len());
        }
        if c.is_alphanumeric() {
            self.strong.letter();
            self.emphasis.letter();
        }
        self.after_break = false;
        if c != '|' && std::mem::take(&mut self.cell_is_empty) {
            self.filled_cells += 1;
        }
        self.text.push(c);
    }

    fn fill_gap(&mut self, next: char) {
        let gap = std::mem::take(&mut self.gap);
        let Some(last) = self.text.chars().next_back() else { return };
        let joined = gap == Gap::Line && is_unspaced(last) && is_unspaced(next);
        if gap != Gap::None && !joined {
            self.text.push(' ');
        }
    }

    /// Whether nothing has been gathered.
    pub fn is_empty(&self) -> bool {
        self.text.is_empty() && self.alts.is_empty()
    }

    /// Takes the run. Where there is none yet, a link or a weight that has been opened stays open.
    pub fn take(&mut self) -> Run {
        if self.is_empty() {
            self.gap = Gap::None;
            self.cells = 0;
            return Run::default();
        }
        self.close_link();
        let mut line = std::mem::take(self);
        self.image = line.image.take();
        let is_strong = line.strong.is_whole();
        let is_emphasised = line.emphasis.is_whole();
        let debris = debris(&line.text, &line.marks);
        let mut run = Run { text: line.text, links: line.links, alts: line.alts, is_strong, is_emphasised };
        let mut code = line.code;
        run.remove(&debris, &mut code);
        if line.cells > 1 && line.filled_cells <= 1 {
            // One cell in a row is no table but a layout.
            run.remove(&bars_at_ends(&run.text), &mut code);
        }
        run.link_addresses(&code);
        run
    }
}

impl Run {
    /// Takes ranges out of the text, with the space that would be left double.
    fn remove(&mut self, ranges: &[Range<usize>], code: &mut [Range<usize>]) {
        if ranges.is_empty() {
            return;
        }
        let mut moved = Moved { text: String::with_capacity(self.text.len()), cuts: Vec::new(), from: 0 };
        for range in ranges {
            moved.keep(&self.text, range.start);
            moved.cut(range.start, range.end);
        }
        moved.keep(&self.text, self.text.len());
        moved.trim_end();
        for range in self.links.iter_mut().map(|(range, _)| range).chain(code) {
            *range = moved.place(range.start)..moved.place(range.end);
        }
        self.text = moved.text;
        self.links.retain(|(range, _)| !range.is_empty());
    }

    /// Makes links of the addresses that stand in the text and are not linked words.
    fn link_addresses(&mut self, code: &[Range<usize>]) {
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(start) = self.text.get(at..).and_then(|rest| rest.find("http")).map(|to| at + to) {
            let len = address_len(&self.text, start);
            let end = start + len.max("http".len());
            at = end;
            let taken =
                meets(&self.links, |(range, _)| range, &(start..end)) || meets(code, |at| at, &(start..end));
            if len > 0 && !taken {
                found.push((start..end, self.text[start..end].to_owned()));
            }
        }
        if !found.is_empty() {
            self.links.append(&mut found);
            self.links.sort_by_key(|(range, _)| range.start);
        }
    }
}

/// A text with pieces taken out, and where the places of the old one are in the new.
struct Moved {
    text: String,
    /// Old place after a cut, and how many bytes are gone up to there.
    cuts: Vec<(usize, usize)>,
    from: usize,
}

impl Moved {
    fn keep(&mut self, old: &str, to: usize) {
        let mut piece = old.get(self.from..to).unwrap_or_default();
        if piece.starts_with(' ') && (self.text.is_empty() || self.text.ends_with(' ')) {
            piece = &piece[1..];
            self.cut(self.from, self.from + 1);
        }
        self.text.push_str(piece);
        self.from = to.max(self.from);
    }

    fn cut(&mut self, start: usize, end: usize) {
        let gone = self.cuts.last().map_or(0, |&(_, gone)| gone);
        self.cuts.push((end, gone + (end - start)));
        self.from = end;
    }

    fn trim_end(&mut self) {
        self.text.truncate(self.text.trim_end().len());
    }

    fn place(&self, old: usize) -> usize {
        let gone = match self.cuts.partition_point(|&(end, _)| end <= old) {
            0 => 0,
            n => self.cuts[n - 1].1,
        };
        let next = self.cuts.get(self.cuts.partition_point(|&(end, _)| end <= old));
        let inside = next.map_or(0, |&(end, total)| old.saturating_sub(end - (total - gone)));
        (old - gone - inside).min(self.text.len())
    }
}

/// Which runs of marks are debris of emphasis: what CommonMark leaves of `**「bold」**text` or `in****side`.
/// A single mark may be meant (`*args`, `snake_case`), and so may a lone pair (`**kwargs`, `2 ** 3`).
fn debris(text: &str, marks: &[Range<usize>]) -> Vec<Range<usize>> {
    let is_long = |run: &&Range<usize>| run.len() >= 4;
    let is_pair = |run: &&Range<usize>| run.len() >= 2 && hangs_on_words(text, run);
    let pairs = marks.iter().filter(is_pair).count();
    marks.iter().filter(|run| is_long(run) || (pairs >= 2 && is_pair(run))).cloned().collect()
}

/// The marks of empty cells before and after the text of a row.
fn bars_at_ends(text: &str) -> Vec<Range<usize>> {
    let is_bar = |c: char| c == '|' || c == ' ';
    let start = text.len() - text.trim_start_matches(is_bar).len();
    let end = text.trim_end_matches(is_bar).len().max(start);
    [0..start, end..text.len()].into_iter().filter(|range| !range.is_empty()).collect()
}

/// Whether a run of marks stands where emphasis could begin or end.
fn hangs_on_words(text: &str, run: &Range<usize>) -> bool {
    let before = text[..run.start].chars().next_back();
    let after = text[run.end..].chars().next();
    let is_space = |c: Option<char>| c.is_some_and(char::is_whitespace);
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let names = text[run.clone()].contains('_') && is_word(before) && is_word(after);
    !names && !(is_space(before) && is_space(after))
}

/// How long the address at `start` is; 0 where there is none.
fn address_len(text: &str, start: usize) -> usize {
    let rest = &text[start..];
    let inside_word = text[..start].chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric());
    let scheme = ["https://", "http://"].into_iter().find(|scheme| rest.starts_with(scheme));
    let Some(scheme) = scheme.filter(|_| !inside_word) else { return 0 };
    let ends = |c: char| c.is_whitespace() || is_unspaced(c) || "<>\"`|“”‘’«»".contains(c);
    let address = &rest[..rest.find(ends).unwrap_or(rest.len())];
    let len = without_punctuation(address);
    if len > scheme.len() { len } else { 0 }
}

/// The length without what ends the sentence or the brackets around an address.
fn without_punctuation(address: &str) -> usize {
    let surplus = |open, close| address.matches(close).count().saturating_sub(address.matches(open).count());
    let mut round = surplus('(', ')');
    let mut square = surplus('[', ']');
    let mut stays = |c: char| match c {
        ')' if round > 0 => {
            round -= 1;
            false
        }
        ']' if square > 0 => {
            square -= 1;
            false
        }
        _ => !".,;:!?'*_}…".contains(c),
    };
    let last = address.char_indices().rev().find(|&(_, c)| stays(c));
    last.map_or(0, |(at, c)| at + c.len_utf8())
}

/// Whether one of the items, whose ranges are in order and apart, shares a byte with `range`.
fn meets<T>(items: &[T], place: impl Fn(&T) -> &Range<usize>, range: &Range<usize>) -> bool {
    let next = items.partition_point(|item| place(item).end <= range.start);
    items.get(next).is_some_and(|item| place(item).start < range.end)
}

/// Whether an alternative text is more than a file's name or a word for any picture.
fn says_something(alt: &str) -> bool {
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
