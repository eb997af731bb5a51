//! Splits blocks into sentences, and cuts sentences that are too long to show.
//!
//! It knows abbreviations and names with full stops, but no topics.

mod ends;

use crate::language;
use crate::model::{BlockKind, Body, Language, Sentence, Span};
use crate::tokens::folding::trim_punctuation;
use std::ops::Range;

/// A table row of more bytes than this holds running text and is split into sentences. A shorter one is one sentence.
const LONG_ROW: usize = 300;

/// Fills [`Body::sentences`]: the text of each block, split into sentences, in order. A heading, a caption, an
/// alternative text, a short table row and code are one sentence each.
///
/// Sentences have no white space at their ends, and only white space is left out. A sentence of more than 1,200 bytes
/// is cut between its clauses.
pub fn fill_sentences(body: &mut Body, language: Language) {
    let mut sentences = Vec::with_capacity(body.blocks.len());
    for (at, block) in (0..).zip(&body.blocks) {
        let start = block.span.start();
        let ranges = block_sentences(block.kind, body.slice(block.span), language);
        sentences.extend(ranges.into_iter().filter_map(|range| {
            let span = Span::new(&body.text, start + range.start..start + range.end)?;
            Some(Sentence { span, block: at })
        }));
    }
    body.sentences = sentences;
}

fn block_sentences(kind: BlockKind, text: &str, language: Language) -> Vec<Range<usize>> {
    match kind {
        BlockKind::Paragraph | BlockKind::ListItem | BlockKind::Quote => sentence_ranges(text, language),
        BlockKind::TableRow if text.len() > LONG_ROW => sentence_ranges(text, language),
        BlockKind::Heading(_)
        | BlockKind::TableRow
        | BlockKind::Code
        | BlockKind::Caption
        | BlockKind::ImageAlt => trimmed(text, 0..text.len()).into_iter().collect(),
    }
}

/// The sentences of a running text, as ranges of its bytes.
pub(crate) fn sentence_ranges(text: &str, language: Language) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let mut start = 0;
    for end in ends::SentenceEnds::new(text, language).chain([text.len()]) {
        if let Some(range) = trimmed(text, start..end) {
            push_split(text, range, &mut out);
        }
        start = end;
    }
    out
}

/// The range without the white space at its ends; `None` if nothing remains.
fn trimmed(text: &str, range: Range<usize>) -> Option<Range<usize>> {
    let cut = text.get(range.clone())?;
    let start = range.start + (cut.len() - cut.trim_start().len());
    let end = start + cut.trim().len();
    (start < end).then_some(start..end)
}

/// A longer sentence is cut. The longest real sentences of the posts have about 900 bytes.
const MAX_SENTENCE_BYTES: usize = 1_200;

/// Appends a sentence, in parts if it is too long and has places to cut. Takes linear time.
fn push_split(text: &str, sentence: Range<usize>, out: &mut Vec<Range<usize>>) {
    let mut start = sentence.start;
    while sentence.end - start > MAX_SENTENCE_BYTES {
        let Some(cut) = best_split(text, start..sentence.end) else { break };
        out.extend(trimmed(text, start..cut));
        start = cut;
    }
    out.extend(trimmed(text, start..sentence.end));
}

/// The first cut: at the strongest sign within reach, the nearest to the middle of those; else at the first sign.
fn best_split(text: &str, range: Range<usize>) -> Option<usize> {
    let target =
        if range.len() <= 2 * MAX_SENTENCE_BYTES { range.len() / 2 } else { MAX_SENTENCE_BYTES * 2 / 3 };
    let from = text.floor_char_boundary(range.start + MAX_SENTENCE_BYTES / 4);
    let within = text.floor_char_boundary(range.start + MAX_SENTENCE_BYTES);
    let best = split_points(text, from..within)
        .max_by_key(|&(at, strength)| (strength, std::cmp::Reverse((at - range.start).abs_diff(target))));
    best.or_else(|| split_points(text, within..range.end).next()).map(|(at, _)| at)
}

/// The places within `range` where a sentence may be cut, each with the strength of its sign.
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

/// Signs that may end a sentence.
pub(crate) fn is_sentence_mark(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…' | '‼' | '⁇' | '⁈' | '⁉') || is_spaceless_mark(c)
}

/// Signs that end a sentence even without a space after them: Asian and Arabic ones.
fn is_spaceless_mark(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '｡' | '．' | '।' | '॥' | '؟' | '۔' | '။' | '።')
}

/// Whether a text ends with a question, in quotation marks or without. A statement with a tag, such as `…, right?`, is none.
pub fn ends_with_question(text: &str) -> bool {
    let text = text
        .trim_end_matches(|c| CLOSERS.contains(&c) || OTHER_CLOSERS.contains(&c) || is_emoji(c) || c == ' ');
    text.strip_suffix(['?', '？', '⁇', '؟']).is_some_and(|asked| !is_statement_with_tag(asked))
}

/// Whether a text, without its question mark, ends with a tag, and no question stands before it: "How hard can it be, right?" has one.
fn is_statement_with_tag(text: &str) -> bool {
    let (tags, questions) = (&language::all().answers.question_tags, &language::all().questions);
    let Some((statement, tag)) = text.rsplit_once(',') else { return false };
    let tag = tag.trim_matches(|c: char| c.is_whitespace() || c == '¿').to_lowercase().replace('’', "'");
    let first = statement.split_whitespace().next().unwrap_or_default();
    let asks = [&questions.who, &questions.why, &questions.how].into_iter().any(|list| list.has_word(first));
    tags.contains(tag.as_str()) && !asks
}

/// The minimum share of words with a capital in a title.
const MIN_CAPITALISED: f32 = 0.85;
/// The maximum number of words of a title.
const MAX_TITLE_WORDS: usize = 20;

/// Whether a text reads as a title or a name and not as a sentence: most of its words have a capital, and it ends without a
/// full stop.
pub fn is_title_like(text: &str) -> bool {
    let is_sentence = text.ends_with(|c| is_sentence_mark(c) || matches!(c, ':' | '"' | '”'));
    if is_sentence || text.split_whitespace().count() > MAX_TITLE_WORDS {
        return false;
    }
    let words = text.split_whitespace().map(trim_punctuation);
    // Short words of a title are small: "of", "the", "and".
    let words = words.filter(|word| word.chars().count() > 3 && word.starts_with(char::is_alphabetic));
    let (mut all, mut capitalised) = (0_u16, 0_u16);
    for word in words {
        all += 1;
        capitalised += u16::from(word.starts_with(char::is_uppercase));
    }
    all > 1 && f32::from(capitalised) >= MIN_CAPITALISED * f32::from(all)
}

/// Signs that close a quotation or bracket around a sentence.
const CLOSERS: [char; 17] =
    [')', ']', '}', '"', '\'', '”', '’', '»', '›', '」', '』', '）', '】', '》', '〉', '］', '〕'];

/// Signs that close a quotation in German and some other languages, and open one elsewhere.
const OTHER_CLOSERS: [char; 4] = ['“', '‘', '«', '‹'];

/// Signs that may precede the first letter of a sentence.
const OPENERS: [char; 30] = [
    '(', '[', '{', '"', '\'', '“', '„', '‘', '‚', '«', '‹', '「', '『', '（', '【', '《', '〈', '［', '〔',
    '¿', '¡', '-', '–', '—', '*', '•', '→', '`', '”', '»',
];

/// Emoji and other pictographs, with their modifiers.
fn is_emoji(c: char) -> bool {
    matches!(
        c,
        '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' | '\u{200d}' | '\u{fe0f}' | '\u{e0020}'..='\u{e007f}'
            | '©' | '®'
    )
}

#[cfg(test)]
mod tests;
