//! A finished run of text: removes left-over marks and links bare addresses.

use std::ops::Range;

use crate::script::is_unspaced;

/// The text of a block, with its links and images.
#[derive(Debug, Default)]
pub(crate) struct TextRun {
    /// The text, trimmed.
    pub text: String,
    /// The ranges of its links, in order, and their addresses.
    pub links: Vec<(Range<usize>, String)>,
    /// The alternative texts of its images.
    pub alts: Vec<String>,
    /// Whether it has images, with or without alternative texts.
    pub has_images: bool,
    /// Whether every letter of it is bold.
    pub is_strong: bool,
    /// Whether every letter of it is emphasised.
    pub is_emphasised: bool,
}

impl TextRun {
    /// Removes left-over marks and links bare addresses.
    ///
    /// `marks` are the runs of `*` and `_`, `code` is inline code. In a row with text in one cell only, the bars
    /// of the empty cells are removed too.
    pub(crate) fn clean_up(
        &mut self,
        marks: &[Range<usize>],
        mut code: Vec<Range<usize>>,
        has_single_cell: bool,
    ) {
        self.remove(&stray_emphasis_marks(&self.text, marks), &mut code);
        if has_single_cell {
            self.remove(&bars_at_ends(&self.text), &mut code);
        }
        self.link_addresses(&code);
    }

    /// Removes ranges of the text, and the second of two spaces around each.
    fn remove(&mut self, ranges: &[Range<usize>], code: &mut [Range<usize>]) {
        if ranges.is_empty() {
            return;
        }
        let mut compacted =
            CompactedText { text: String::with_capacity(self.text.len()), ..CompactedText::default() };
        for range in ranges {
            compacted.copy_until(&self.text, range.start);
            compacted.skip_range(range.start, range.end);
        }
        compacted.copy_until(&self.text, self.text.len());
        compacted.trim_end();
        for range in self.links.iter_mut().map(|(range, _)| range).chain(code) {
            *range = compacted.new_offset(range.start)..compacted.new_offset(range.end);
        }
        self.text = compacted.text;
        self.links.retain(|(range, _)| !range.is_empty());
    }

    /// Links the addresses in the text that are neither in a link nor in code.
    fn link_addresses(&mut self, code: &[Range<usize>]) {
        let mut addresses = Vec::new();
        let mut at = 0;
        while let Some(start) = self.text.get(at..).and_then(|rest| rest.find("http")).map(|to| at + to) {
            let len = address_len(&self.text, start);
            let end = start + len.max("http".len());
            at = end;
            let is_linked_or_code = overlaps_any(&self.links, |(range, _)| range, &(start..end))
                || overlaps_any(code, |range| range, &(start..end));
            if len > 0 && !is_linked_or_code {
                addresses.push((start..end, self.text[start..end].to_owned()));
            }
        }
        if !addresses.is_empty() {
            self.links.append(&mut addresses);
            self.links.sort_by_key(|(range, _)| range.start);
        }
    }
}

/// A copy of a text without the removed ranges; maps offsets of the text to offsets of the copy.
#[derive(Default)]
struct CompactedText {
    text: String,
    /// The end of each removed range in the text, and the number of bytes removed up to there.
    removed: Vec<(usize, usize)>,
    /// The offset of the text up to which it is copied.
    copied_until: usize,
}

impl CompactedText {
    fn copy_until(&mut self, old: &str, to: usize) {
        let mut piece = old.get(self.copied_until..to).unwrap_or_default();
        if piece.starts_with(' ') && (self.text.is_empty() || self.text.ends_with(' ')) {
            piece = &piece[1..];
            self.skip_range(self.copied_until, self.copied_until + 1);
        }
        self.text.push_str(piece);
        self.copied_until = to.max(self.copied_until);
    }

    fn skip_range(&mut self, start: usize, end: usize) {
        let removed = self.removed.last().map_or(0, |&(_, removed)| removed);
        self.removed.push((end, removed + (end - start)));
        self.copied_until = end;
    }

    fn trim_end(&mut self) {
        self.text.truncate(self.text.trim_end().len());
    }

    /// The offset in the compacted text of a byte of the old one; that of a removed byte is where its range was.
    fn new_offset(&self, old: usize) -> usize {
        let next = self.removed.partition_point(|&(end, _)| end <= old);
        let removed = if next == 0 { 0 } else { self.removed[next - 1].1 };
        let inside =
            self.removed.get(next).map_or(0, |&(end, total)| old.saturating_sub(end - (total - removed)));
        (old - removed - inside).min(self.text.len())
    }
}

/// Returns the runs of marks that `CommonMark` left over, as in `**「bold」**text` or `in****side`. A single mark
/// (`*args`, `snake_case`) or a single pair (`**kwargs`, `2 ** 3`) may be intended and stays.
fn stray_emphasis_marks(text: &str, marks: &[Range<usize>]) -> Vec<Range<usize>> {
    let is_long = |run: &&Range<usize>| run.len() >= 4;
    let is_pair = |run: &&Range<usize>| run.len() >= 2 && adjoins_words(text, run);
    let pairs = marks.iter().filter(is_pair).count();
    marks.iter().filter(|run| is_long(run) || (pairs >= 2 && is_pair(run))).cloned().collect()
}

/// Returns the bars of empty cells before and after the text of a row.
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
    let is_in_name = text[run.clone()].contains('_') && is_word(before) && is_word(after);
    !(is_in_name || is_space(before) && is_space(after))
}

/// Returns the length of the address at `start` in bytes; 0 if there is none.
fn address_len(text: &str, start: usize) -> usize {
    let rest = &text[start..];
    let is_inside_word = text[..start].chars().next_back().is_some_and(|c| c.is_ascii_alphanumeric());
    let scheme = ["https://", "http://"].into_iter().find(|scheme| rest.starts_with(scheme));
    let Some(scheme) = scheme.filter(|_| !is_inside_word) else { return 0 };
    let ends_address = |c: char| c.is_whitespace() || is_unspaced(c) || "<>\"`|“”‘’«»".contains(c);
    let address = &rest[..rest.find(ends_address).unwrap_or(rest.len())];
    let len = trimmed_address_len(address);
    if len > scheme.len() { len } else { 0 }
}

/// Returns the length of an address without the punctuation and the closing brackets that follow it.
fn trimmed_address_len(address: &str) -> usize {
    let surplus = |open, close| address.matches(close).count().saturating_sub(address.matches(open).count());
    let mut surplus_round = surplus('(', ')');
    let mut surplus_square = surplus('[', ']');
    let mut is_part = |c: char| match c {
        ')' if surplus_round > 0 => {
            surplus_round -= 1;
            false
        }
        ']' if surplus_square > 0 => {
            surplus_square -= 1;
            false
        }
        _ => !".,;:!?'*_}…".contains(c),
    };
    let last = address.char_indices().rev().find(|&(_, c)| is_part(c));
    last.map_or(0, |(at, c)| at + c.len_utf8())
}

/// Whether one of the items shares a byte with `range`. The items' ranges are sorted and disjoint.
fn overlaps_any<T>(items: &[T], range_of: impl Fn(&T) -> &Range<usize>, range: &Range<usize>) -> bool {
    let next = items.partition_point(|item| range_of(item).end <= range.start);
    items.get(next).is_some_and(|item| range_of(item).start < range.end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_removed_range_takes_its_space_along() {
        for (text, cuts, expected) in [
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
            assert_eq!(run.text, expected, "{text}");
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
