//! Scores of a stretch of documents, added up term by term.

use tantivy::DocId;

use super::score::Score;

/// How many documents a window covers: its scores fit into the fastest memory.
const WIDTH: u32 = 2_048;

/// Scores of a stretch of documents.
pub(super) struct Window {
    start: DocId,
    scores: Vec<Score>,
    /// A bit for each document that something was added to.
    touched: Vec<u64>,
}

impl Window {
    /// At the first documents.
    pub(super) fn new() -> Self {
        Self { start: 0, scores: vec![0; WIDTH as usize], touched: vec![0; WIDTH as usize / 64] }
    }

    /// Moves on. It must have been emptied.
    pub(super) fn begin_at(&mut self, start: DocId) {
        self.start = start;
    }

    /// The first document.
    pub(super) fn start(&self) -> DocId {
        self.start
    }

    /// One past the last document.
    pub(super) fn end(&self) -> DocId {
        self.start + WIDTH
    }

    /// Adds to the score of a document of this window.
    pub(super) fn add(&mut self, doc: DocId, score: Score) {
        let at = (doc - self.start) as usize;
        self.scores[at] = self.scores[at].saturating_add(score);
        self.touched[at / 64] |= 1 << (at % 64);
    }

    /// Takes all documents out that something was added to, in order.
    pub(super) fn empty(&mut self, mut f: impl FnMut(DocId, Score)) {
        for (word, touched) in (0u32..).zip(&mut self.touched) {
            let mut bits = std::mem::take(touched);
            while bits != 0 {
                let at = word * 64 + bits.trailing_zeros();
                bits &= bits - 1;
                f(self.start + at, std::mem::take(&mut self.scores[at as usize]));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_add_up_and_come_out_in_order() {
        let mut window = Window::new();
        for start in [0, 5_000] {
            window.begin_at(start);
            for (at, score) in [(2_047, 1), (0, 2), (63, 3), (64, 4), (0, 5)] {
                window.add(start + at, score);
            }
            let mut out = Vec::new();
            window.empty(|doc, score| out.push((doc - start, score)));
            assert_eq!(out, [(0, 7), (63, 3), (64, 4), (2_047, 1)]);
        }
    }
}
