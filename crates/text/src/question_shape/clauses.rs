//! Where the clauses of a question begin and end.

use super::table::TABLE;
use crate::language;
use crate::phrases::Words;

/// The maximum number of words of a topic that is named before the question.
const MAX_TOPIC: usize = 5;

/// The places where a phrase with `^` or `$` may begin or end.
#[derive(Debug, Default)]
pub(crate) struct Clauses {
    /// Whether a word begins a clause, or follows words that only open it: `can you tell me`.
    starts: Vec<bool>,
    /// For each word, the first word of its clause after the words that open it.
    first_words: Vec<usize>,
    /// For each word, the end of its clause.
    ends: Vec<usize>,
    /// For each word, the end of its clause without years and words such as `please`.
    content_ends: Vec<usize>,
}

impl Clauses {
    /// Splits a question at its punctuation.
    pub(crate) fn new(words: &Words<'_>, folded: &[&str]) -> Self {
        let len = folded.len();
        let mut clauses = Self {
            starts: vec![false; len],
            first_words: vec![0; len],
            ends: vec![len; len],
            content_ends: vec![len; len],
        };
        let borders: Vec<usize> =
            (0..len).filter(|at| *at == 0 || ends_clause(words.gap(*at))).chain([len]).collect();
        for clause in borders.windows(2) {
            if let [start, end] = *clause {
                clauses.add(folded, start, end);
            }
        }
        clauses
    }

    fn add(&mut self, folded: &[&str], start: usize, end: usize) {
        let mut first = start;
        self.starts[first] = true;
        while let Some(next) = TABLE.opening_end(folded, first).filter(|next| *next < end) {
            first = next;
            self.starts[first] = true;
        }
        self.add_start_after_topic(folded, first, end);
        self.first_words[start..end].fill(first);
        self.ends[start..end].fill(end);
        let is_filler = |at: usize| {
            folded[at].chars().all(char::is_numeric) || TABLE.opening_end(folded, at) == Some(at + 1)
        };
        let mut content_end = end;
        while content_end > first + 1 && is_filler(content_end - 1) {
            content_end -= 1;
        }
        self.content_ends[start..end].fill(content_end);
    }

    /// A hasty question names its topic first, without a comma: `istio what do people think`.
    fn add_start_after_topic(&mut self, folded: &[&str], first: usize, end: usize) {
        let asks = (first..end.min(first + MAX_TOPIC + 1))
            .find(|at| language::all().shapes.asks.contains(folded[*at]));
        if let Some(start) = self.starts.get_mut(asks.unwrap_or(first)) {
            *start = true;
        }
    }

    /// Whether a word is at the beginning of a clause, or behind words that open it.
    pub(crate) fn is_start(&self, at: usize) -> bool {
        self.starts.get(at).copied().unwrap_or_default()
    }

    /// Whether a word is the first of a clause after all words that open it.
    pub(crate) fn is_first_word(&self, at: usize) -> bool {
        self.first_words.get(at) == Some(&at)
    }

    /// The first word of the clause of a word, without the words that open it.
    pub(crate) fn start_of(&self, at: usize) -> usize {
        self.first_words.get(at).copied().unwrap_or(at)
    }

    /// The end of the clause of a word.
    pub(crate) fn end_of(&self, at: usize) -> usize {
        self.ends.get(at).copied().unwrap_or(at)
    }

    /// Whether a clause ends before this word, or only years and words such as `please` follow in it.
    pub(crate) fn is_end(&self, at: usize) -> bool {
        let ends = |last: usize| Some((*self.content_ends.get(last)?)..=(*self.ends.get(last)?));
        at.checked_sub(1).and_then(ends).is_some_and(|ends| ends.contains(&at))
    }
}

/// Whether the text between two words separates clauses. A sign within a word, as in `re:Invent`, does not.
fn ends_clause(gap: &str) -> bool {
    let has_blank = gap.contains(char::is_whitespace);
    gap.contains(['，', '、', '。', '：', '；', '！', '？', '…'])
        || (has_blank && gap.contains([',', ';', ':', '.', '!', '?', '(', ')', '–', '—', '\n']))
        || gap.contains(" - ")
}
