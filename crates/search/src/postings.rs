//! Where a term or a phrase stands, document by document.

use std::io;

use tantivy::postings::{BlockSegmentPostings, Postings, SegmentPostings, TermInfo};
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, TERMINATED};

use super::part::Part;
use super::schema::Zone;

/// How many documents tantivy packs into one block.
const BLOCK: usize = 128;

/// The documents of one part that hold a term or a phrase in one zone, in order.
pub(super) enum Occurrences {
    Term(Box<Term>),
    Phrase(Phrase),
}

impl Occurrences {
    /// Of one term, or of a phrase of several.
    pub(super) fn open(part: &Part, zone: Zone, terms: &[TermInfo]) -> io::Result<Self> {
        let words = part.words(zone);
        if let [term] = terms {
            let blocks = words.read_block_postings_from_terminfo(term, IndexRecordOption::WithFreqs)?;
            return Ok(Self::Term(Box::new(Term { blocks, at: 0 })));
        }
        let option = IndexRecordOption::WithFreqsAndPositions;
        let open = |term: &TermInfo| words.read_postings_from_terminfo(term, option);
        Ok(Self::Phrase(Phrase::new(terms.iter().map(open).collect::<io::Result<_>>()?)))
    }

    /// The current document; [`TERMINATED`] after the last.
    pub(super) fn doc(&self) -> DocId {
        match self {
            Self::Term(term) => term.doc(),
            Self::Phrase(phrase) => phrase.doc,
        }
    }

    /// Goes on to the next document.
    pub(super) fn advance(&mut self) {
        match self {
            Self::Term(term) => term.advance(),
            Self::Phrase(phrase) => phrase.advance(),
        }
    }

    /// Goes on to the first document from `target` on; stays where it is if that is behind.
    pub(super) fn seek(&mut self, target: DocId) {
        if self.doc() >= target {
            return;
        }
        match self {
            Self::Term(term) => term.seek(target),
            Self::Phrase(phrase) => phrase.settle(target),
        }
    }

    /// How often it stands in the current document.
    pub(super) fn frequency(&self) -> u32 {
        match self {
            Self::Term(term) => term.blocks.freq(term.at),
            Self::Phrase(phrase) => phrase.frequency,
        }
    }
}

/// One term.
pub(super) struct Term {
    blocks: BlockSegmentPostings,
    /// Place in the current block. The last block is filled up with [`TERMINATED`].
    at: usize,
}

impl Term {
    fn doc(&self) -> DocId {
        self.blocks.doc(self.at)
    }

    fn advance(&mut self) {
        self.at += 1;
        if self.at == BLOCK {
            self.blocks.advance();
            self.at = 0;
        }
    }

    fn seek(&mut self, target: DocId) {
        // Most steps are short.
        self.advance();
        if self.doc() < target {
            self.at = self.blocks.seek(target);
        }
    }
}

/// Terms one after another.
pub(super) struct Phrase {
    /// In the order of the phrase; at least one.
    terms: Vec<SegmentPostings>,
    doc: DocId,
    frequency: u32,
    /// Where the phrase may begin in the current document.
    starts: Vec<u32>,
    positions: Vec<u32>,
}

impl Phrase {
    fn new(terms: Vec<SegmentPostings>) -> Self {
        let mut phrase = Self { terms, doc: 0, frequency: 0, starts: Vec::new(), positions: Vec::new() };
        phrase.settle(0);
        phrase
    }

    fn advance(&mut self) {
        if self.doc != TERMINATED {
            self.settle(self.doc + 1);
        }
    }

    /// Goes to the first document from `target` on that holds the phrase.
    fn settle(&mut self, mut target: DocId) {
        loop {
            self.doc = self.common(target);
            if self.doc == TERMINATED {
                return;
            }
            self.frequency = self.count();
            if self.frequency > 0 {
                return;
            }
            target = self.doc + 1;
        }
    }

    /// The first document from `target` on that holds all the terms.
    fn common(&mut self, mut target: DocId) -> DocId {
        let mut agreeing = 0;
        let count = self.terms.len();
        for term in (0..count).cycle() {
            if target == TERMINATED || agreeing == count {
                break;
            }
            let postings = &mut self.terms[term];
            let doc = if postings.doc() < target { postings.seek(target) } else { postings.doc() };
            agreeing = if doc == target { agreeing + 1 } else { 1 };
            target = doc;
        }
        target
    }

    /// How often the phrase stands in the document that all terms are at.
    fn count(&mut self) -> u32 {
        for (offset, postings) in (0u32..).zip(&mut self.terms) {
            if offset == 0 {
                postings.positions(&mut self.starts);
                continue;
            }
            postings.positions(&mut self.positions);
            let mut from = 0;
            self.starts.retain(|start| {
                let wanted = start + offset;
                from += self.positions[from..].partition_point(|&position| position < wanted);
                self.positions.get(from) == Some(&wanted)
            });
        }
        u32::try_from(self.starts.len()).unwrap_or(u32::MAX)
    }
}
