//! One concept of a query in one zone of one part: which passages hold it, and how well.
//!
//! Units are what scores are added up from. A unit with several alternatives counts the best one.

use std::io;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::TermInfo;
use tantivy::{DocId, TERMINATED};

use super::part::Part;
use super::postings::Occurrences;
use super::schema::Zone;
use super::score::{Score, at_least, fixed};
use super::statistics::{MOST, Statistics, saturated};
use super::window::Window;

/// One way to say a concept, in one zone of one part.
///
/// All zones look as if each passage had them: a post's own zones are spread over its passages here.
struct Leaf<'p> {
    part: &'p Part,
    occurrences: Occurrences,
    of_post: bool,
    lengths: &'p FieldNormReader,
    norms: &'p [f32; 256],
    /// The weights of the concept, the zone and the alternative, times the idf.
    weight: f32,
    /// The current passage; [`TERMINATED`] after the last.
    doc: DocId,
}

impl Leaf<'_> {
    fn advance(&mut self) {
        if self.of_post && self.part.is_passage(self.doc + 1) {
            self.doc += 1;
            return;
        }
        self.occurrences.advance();
        self.settle();
    }

    fn seek(&mut self, target: DocId) {
        if !self.of_post {
            self.occurrences.seek(target);
            self.doc = self.occurrences.doc();
        } else if target < self.part.reader.max_doc() {
            let file = self.part.file_of(target);
            self.occurrences.seek(file);
            if self.occurrences.doc() == file && file < target {
                self.doc = target;
            } else {
                self.settle();
            }
        } else {
            self.doc = TERMINATED;
        }
    }

    /// Stands at the first passage of what the occurrences stand at.
    fn settle(&mut self) {
        self.doc = self.occurrences.doc();
        while self.of_post && self.doc != TERMINATED {
            if self.part.is_passage(self.doc + 1) {
                self.doc += 1;
                return;
            }
            self.occurrences.advance();
            self.doc = self.occurrences.doc();
        }
    }

    fn score(&self) -> Score {
        let length = self.lengths.fieldnorm_id(self.occurrences.doc());
        fixed(self.weight * saturated(self.occurrences.frequency(), self.norms[usize::from(length)]))
    }

    /// Adds up what the passages of a window score, and goes on to the first one after it.
    fn collect(&mut self, window: &mut Window) {
        while self.doc < window.end() {
            let score = self.score();
            window.add(self.doc, score);
            if self.of_post {
                // The other passages of the post score the same.
                while self.doc + 1 < window.end() && self.part.is_passage(self.doc + 1) {
                    self.doc += 1;
                    window.add(self.doc, score);
                }
            }
            self.advance();
        }
    }
}

/// A concept in one zone of one part.
pub(super) struct Unit<'p> {
    part: &'p Part,
    zone: Zone,
    statistics: &'p Statistics,
    leaves: Vec<Leaf<'p>>,
    /// The concept's weight times the zone's.
    weight: f32,
    /// No passage scores more.
    pub(super) bound: Score,
    /// The current passage; [`TERMINATED`] after the last.
    pub(super) doc: DocId,
}

impl<'p> Unit<'p> {
    /// Without any way to say it.
    pub(super) fn new(part: &'p Part, zone: Zone, statistics: &'p Statistics, weight: f32) -> Self {
        Self { part, zone, statistics, leaves: Vec::new(), weight, bound: 0, doc: TERMINATED }
    }

    /// Adds a way to say it. `weight` is the alternative's times its idf.
    pub(super) fn add(&mut self, terms: &[TermInfo], weight: f32) -> io::Result<()> {
        let (part, zone) = (self.part, self.zone);
        let most = match terms {
            [term] => part.limit(zone, term, self.statistics.average(zone))?,
            _ => MOST,
        };
        let weight = self.weight * weight;
        self.bound = self.bound.max(at_least(weight * most));
        let occurrences = Occurrences::open(part, zone, terms)?;
        let (of_post, lengths, norms) = (zone.is_of_post(), part.lengths(zone), self.statistics.norms(zone));
        let mut leaf = Leaf { part, occurrences, of_post, lengths, norms, weight, doc: 0 };
        leaf.settle();
        self.leaves.push(leaf);
        self.settle();
        Ok(())
    }

    /// Goes on to the next passage.
    pub(super) fn advance(&mut self) {
        for leaf in &mut self.leaves {
            if leaf.doc == self.doc && leaf.doc != TERMINATED {
                leaf.advance();
            }
        }
        self.settle();
    }

    /// Goes on to the first passage from `target` on; stays where it is if that is behind.
    pub(super) fn seek(&mut self, target: DocId) {
        if self.doc >= target {
            return;
        }
        for leaf in &mut self.leaves {
            if leaf.doc < target {
                leaf.seek(target);
            }
        }
        self.settle();
    }

    /// How well a passage says it; 0 where it does not. Goes on to it.
    pub(super) fn score_of(&mut self, doc: DocId) -> Score {
        self.seek(doc);
        if self.doc == doc { self.score() } else { 0 }
    }

    /// Adds up what the passages of a window score, and goes on to the first one after it.
    pub(super) fn collect(&mut self, window: &mut Window) {
        self.seek(window.start());
        if let [leaf] = &mut *self.leaves {
            leaf.collect(window);
            self.doc = leaf.doc;
            return;
        }
        while self.doc < window.end() {
            window.add(self.doc, self.score());
            self.advance();
        }
    }

    fn score(&self) -> Score {
        let here = self.leaves.iter().filter(|leaf| leaf.doc == self.doc);
        here.map(Leaf::score).max().unwrap_or(0)
    }

    fn settle(&mut self) {
        self.doc = self.leaves.iter().map(|leaf| leaf.doc).min().unwrap_or(TERMINATED);
    }
}
