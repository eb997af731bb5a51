//! Sentences without an end: cut between clauses, for nobody can be shown a page as one sentence.

use std::ops::Range;

use super::trimmed;

/// A sentence of more bytes is cut; the longest of the posts that are meant as one have about 900.
pub const MAX_SENTENCE_BYTES: usize = 1_200;

/// Appends a sentence, in parts where it is too long and has places to be cut at. Takes linear time.
pub fn push_split(text: &str, sentence: Range<usize>, out: &mut Vec<Range<usize>>) {
    let mut start = sentence.start;
    while sentence.end - start > MAX_SENTENCE_BYTES {
        let Some(cut) = best_split(text, start..sentence.end) else { break };
        out.extend(trimmed(text, start..cut));
        start = cut;
    }
    out.extend(trimmed(text, start..sentence.end));
}

/// Where to cut first: at the strongest sign within reach, the nearest to the middle of those; else at the
/// first one there is.
fn best_split(text: &str, range: Range<usize>) -> Option<usize> {
    let target =
        if range.len() <= 2 * MAX_SENTENCE_BYTES { range.len() / 2 } else { MAX_SENTENCE_BYTES * 2 / 3 };
    let from = text.floor_char_boundary(range.start + MAX_SENTENCE_BYTES / 4);
    let within = text.floor_char_boundary(range.start + MAX_SENTENCE_BYTES);
    let nearest = split_points(text, from..within)
        .max_by_key(|&(at, strength)| (strength, std::cmp::Reverse((at - range.start).abs_diff(target))));
    nearest.or_else(|| split_points(text, within..range.end).next()).map(|(at, _)| at)
}

/// The places within `range` where a sentence may be cut, with how strongly the text parts there.
fn split_points(text: &str, range: Range<usize>) -> impl Iterator<Item = (usize, u8)> {
    let cut = text.get(range.clone()).unwrap_or_default();
    let mut before = ' ';
    cut.char_indices().filter_map(move |(at, c)| {
        let at = range.start + at;
        let previous = std::mem::replace(&mut before, c);
        match c {
            '；' => Some((at + c.len_utf8(), 5)),
            '：' => Some((at + c.len_utf8(), 4)),
            '、' | '，' => Some((at + c.len_utf8(), 2)),
            '–' | '—' if previous.is_whitespace() => Some((at, 3)),
            _ if c.is_whitespace() && !previous.is_whitespace() => Some((at, split_strength(previous))),
            _ => None,
        }
        .filter(|&(at, _)| at > range.start)
    })
}

fn split_strength(sign: char) -> u8 {
    match sign {
        ';' => 5,
        ':' => 4,
        ',' => 2,
        _ => 1,
    }
}
