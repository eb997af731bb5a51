//! A finished run of text: debris taken off, addresses linked.

use std::ops::Range;

use crate::invisible::is_unspaced;

/// A run of text as it stands in a block.
#[derive(Debug, Default)]
pub struct TextRun {
    /// The text, without white space at its ends.
    pub text: String,
    /// Where its links are, in order, and where they lead.
    pub links: Vec<(Range<usize>, String)>,
    /// The alternative texts of its images.
    pub alts: Vec<String>,
    /// Whether it has images, with or without such texts.
    pub has_images: bool,
    /// Whether every letter of it is bold.
    pub is_strong: bool,
    /// Whether every letter of it is emphasised.
    pub is_emphasised: bool,
}

impl TextRun {
    /// Takes off what is no text. `marks` are runs of `*` and `_` that may be debris, `code` is inline code, and
    /// where the run is the one cell of a row the marks of the others go.
    pub fn clean_up(&mut self, marks: &[Range<usize>], mut code: Vec<Range<usize>>, is_one_cell: bool) {
        self.remove(&stray_emphasis_marks(&self.text, marks), &mut code);
        if is_one_cell {
            self.remove(&bars_at_ends(&self.text), &mut code);
        }
        self.link_addresses(&code);
    }

    /// Takes ranges out of the text, with the space that would be left double.
    fn remove(&mut self, ranges: &[Range<usize>], code: &mut [Range<usize>]) {
        if ranges.is_empty() {
            return;
        }
        let mut moved =
            CompactedText { text: String::with_capacity(self.text.len()), removed: Vec::new(), from: 0 };
        for range in ranges {
            moved.copy_until(&self.text, range.start);
            moved.skip_range(range.start, range.end);
        }
        moved.copy_until(&self.text, self.text.len());
        moved.trim_end();
        for range in self.links.iter_mut().map(|(range, _)| range).chain(code) {
            *range = moved.new_offset(range.start)..moved.new_offset(range.end);
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
            let taken = overlaps_any(&self.links, |(range, _)| range, &(start..end))
                || overlaps_any(code, |at| at, &(start..end));
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
struct CompactedText {
    text: String,
    /// Old place after a cut, and how many bytes are gone up to there.
    removed: Vec<(usize, usize)>,
    from: usize,
}

impl CompactedText {
    fn copy_until(&mut self, old: &str, to: usize) {
        let mut piece = old.get(self.from..to).unwrap_or_default();
        if piece.starts_with(' ') && (self.text.is_empty() || self.text.ends_with(' ')) {
            piece = &piece[1..];
            self.skip_range(self.from, self.from + 1);
        }
        self.text.push_str(piece);
        self.from = to.max(self.from);
    }

    fn skip_range(&mut self, start: usize, end: usize) {
        let gone = self.removed.last().map_or(0, |&(_, gone)| gone);
        self.removed.push((end, gone + (end - start)));
        self.from = end;
    }

    fn trim_end(&mut self) {
        self.text.truncate(self.text.trim_end().len());
    }

    fn new_offset(&self, old: usize) -> usize {
        let gone = match self.removed.partition_point(|&(end, _)| end <= old) {
            0 => 0,
            n => self.removed[n - 1].1,
        };
        let next = self.removed.get(self.removed.partition_point(|&(end, _)| end <= old));
        let inside = next.map_or(0, |&(end, total)| old.saturating_sub(end - (total - gone)));
        (old - gone - inside).min(self.text.len())
    }
}

/// Which runs of marks are debris of emphasis: what `CommonMark` leaves of `**「bold」**text` or `in****side`.
/// A single mark may be meant (`*args`, `snake_case`), and so may a lone pair (`**kwargs`, `2 ** 3`).
fn stray_emphasis_marks(text: &str, marks: &[Range<usize>]) -> Vec<Range<usize>> {
    let is_long = |run: &&Range<usize>| run.len() >= 4;
    let is_pair = |run: &&Range<usize>| run.len() >= 2 && adjoins_words(text, run);
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
fn adjoins_words(text: &str, run: &Range<usize>) -> bool {
    let before = text[..run.start].chars().next_back();
    let after = text[run.end..].chars().next();
    let is_space = |c: Option<char>| c.is_some_and(char::is_whitespace);
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let names = text[run.clone()].contains('_') && is_word(before) && is_word(after);
    !(names || is_space(before) && is_space(after))
}

/// How long the address at `start` is; 0 where there is none.
fn address_len(text: &str, start: usize) -> usize {
    let rest = &text[start..];
    let inside_word = text[..start].chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric());
    let scheme = ["https://", "http://"].into_iter().find(|scheme| rest.starts_with(scheme));
    let Some(scheme) = scheme.filter(|_| !inside_word) else { return 0 };
    let ends = |c: char| c.is_whitespace() || is_unspaced(c) || "<>\"`|“”‘’«»".contains(c);
    let address = &rest[..rest.find(ends).unwrap_or(rest.len())];
    let len = trimmed_address_len(address);
    if len > scheme.len() { len } else { 0 }
}

/// The length without what ends the sentence or the brackets around an address.
fn trimmed_address_len(address: &str) -> usize {
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
fn overlaps_any<T>(items: &[T], place: impl Fn(&T) -> &Range<usize>, range: &Range<usize>) -> bool {
    let next = items.partition_point(|item| place(item).end <= range.start);
    items.get(next).is_some_and(|item| place(item).start < range.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_out_takes_its_space_along() {
        for (text, cuts, left) in [
            ("a **** b", &[(2, 6)][..], "a b"),
            ("**** b", &[(0, 4)][..], "b"),
            ("a ****", &[(2, 6)][..], "a"),
            ("a****b", &[(1, 5)][..], "ab"),
            ("** a ** b **", &[(0, 2), (5, 7), (10, 12)][..], "a b"),
            ("**", &[(0, 2)][..], ""),
        ] {
            let letter = |c: char| text.find(c).map(|at| (at..at + 1, c.to_string()));
            let links: Vec<_> = ['a', 'b'].into_iter().filter_map(letter).collect();
            let mut run = TextRun { text: text.to_owned(), links, ..TextRun::default() };
            let cuts: Vec<_> = cuts.iter().map(|&(start, end)| start..end).collect();
            run.remove(&cuts, &mut []);
            assert_eq!(run.text, left, "{text}");
            for (range, letter) in run.links {
                assert_eq!(run.text[range], letter, "{text}");
            }
        }
    }

    #[test]
    fn addresses_end_before_the_sentence_does() {
        for (text, address) in [
            ("https://a.b/c.", "https://a.b/c"),
            ("https://a.b/c_(d))", "https://a.b/c_(d)"),
            ("https://a.b/[c]]", "https://a.b/[c]"),
            ("https://a.b/?q=1&r=2#x, and", "https://a.b/?q=1&r=2#x"),
            ("https://a.b/」と", "https://a.b/"),
            ("https://", ""),
            ("https://...", ""),
            ("httpx://a", ""),
        ] {
            assert_eq!(&text[..address_len(text, 0)], address, "{text}");
        }
    }
}
