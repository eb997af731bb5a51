//! One concept of a query in one part: which passages hold it, and how well.

use tantivy::fieldnorm::FieldNormReader;
use tantivy::{DocId, TERMINATED};

use super::part::Part;
use super::postings::Occurrences;
use super::schema::Zone;
use super::statistics::saturated;

/// One way to say a concept, in one zone of one part.
///
/// All zones look as if each passage had them: a post's own zones are spread over its passages here.
pub(super) struct Leaf<'p> {
    part: &'p Part,
    occurrences: Occurrences,
    zone: Zone,
    lengths: FieldNormReader,
    norms: &'p [f32; 256],
    /// The alternative's weight times its idf.
    weight: f32,
    /// The current passage; [`TERMINATED`] after the last.
    doc: DocId,
}

impl<'p> Leaf<'p> {
    /// Stands at the first passage.
    pub(super) fn new(
        part: &'p Part,
        zone: Zone,
        occurrences: Occurrences,
        weight: f32,
        norms: &'p [f32; 256],
    ) -> Self {
        let lengths = part.lengths(zone).clone();
        let mut leaf = Self { part, occurrences, zone, lengths, norms, weight, doc: 0 };
        leaf.settle();
        leaf
    }

    fn advance(&mut self) {
        if self.zone.is_of_post() {
            let next = self.doc + 1;
            if next < self.part.reader.max_doc() && self.part.ordinal(next) != 0 {
                self.doc = next;
                return;
            }
        }
        self.occurrences.advance();
        self.settle();
    }

    fn seek(&mut self, target: DocId) {
        if !self.zone.is_of_post() {
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
        while self.zone.is_of_post() && self.doc != TERMINATED {
            let first = self.doc + 1;
            if first < self.part.reader.max_doc() && self.part.ordinal(first) == 1 {
                self.doc = first;
                return;
            }
            self.occurrences.advance();
            self.doc = self.occurrences.doc();
        }
    }

    fn score(&self) -> f32 {
        let length = self.lengths.fieldnorm_id(self.occurrences.doc());
        self.weight * saturated(self.occurrences.frequency(), self.norms[usize::from(length)])
    }
}

/// All ways to say a concept, in all zones of one part.
pub(super) struct GroupCursor<'p> {
    /// Sorted by zone.
    leaves: Vec<Leaf<'p>>,
    weight: f32,
    /// No passage scores more.
    pub(super) bound: f32,
    /// The current passage; [`TERMINATED`] after the last.
    pub(super) doc: DocId,
}

impl<'p> GroupCursor<'p> {
    /// Stands at the first passage. `leaves` are sorted by zone.
    pub(super) fn new(leaves: Vec<Leaf<'p>>, weight: f32, bound: f32) -> Self {
        let mut cursor = Self { leaves, weight, bound, doc: 0 };
        cursor.settle();
        cursor
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

    /// How well the current passage says it: the weighted sum over the zones of the best alternative there.
    pub(super) fn score(&self) -> f32 {
        let (mut sum, mut best, mut zone) = (0.0, 0.0f32, None);
        for leaf in self.leaves.iter().filter(|leaf| leaf.doc == self.doc) {
            if zone != Some(leaf.zone) {
                sum += zone.map_or(0.0, Zone::weight) * best;
                (zone, best) = (Some(leaf.zone), 0.0);
            }
            best = best.max(leaf.score());
        }
        self.weight * (sum + zone.map_or(0.0, Zone::weight) * best)
    }

    fn settle(&mut self) {
        self.doc = self.leaves.iter().map(|leaf| leaf.doc).min().unwrap_or(TERMINATED);
    }
}
