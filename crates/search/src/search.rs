//! The best passages for a query.
//!
//! Passages are visited in order, part by part. Units that could not lift a passage among the best any more,
//! all of them together, are no longer used to find passages, only to score them (`MaxScore`: Turtle and
//! Flood 1995, *Information Processing & Management* 31(6)). The others add up their scores window by window.

use std::io;
use std::ops::Range;

use tantivy::columnar::Column;
use tantivy::{DocId, TERMINATED, TantivyError};

use super::error::RetrievalError;
use super::filter::Gate;
use super::index::Index;
use super::part::Part;
use super::query::{Alternative, Query};
use super::schema::{Zone, column};
use super::score::Score;
use super::terms::{GroupTerms, Terms};
use super::top::{Candidate, Top, best};
use super::unit::Unit;
use super::window::Window;

/// The best `limit` passages for a query, best first.
pub(super) fn search(index: &Index, query: &Query, limit: usize) -> Result<Vec<Candidate>, RetrievalError> {
    let terms = Terms::of(query, index).map_err(|error| RetrievalError::Search(error.into()))?;
    if limit == 0 || terms.groups.is_empty() {
        return Ok(Vec::new());
    }
    let mut found: Vec<Candidate> = Vec::new();
    for at in 0..index.parts().len() {
        let top = Top::new(limit, floor(&mut found, limit));
        let top = search_part(index, &terms, query, at, top).map_err(RetrievalError::Search)?;
        found.extend(top.into_candidates());
    }
    best(found, limit, |candidate| index.id_at(candidate))
}

/// How many living passages hold an alternative in their text, their headings or their post's title.
pub(super) fn frequency(index: &Index, alternative: &Alternative) -> io::Result<u64> {
    let terms = GroupTerms::one(alternative, &[Zone::Body, Zone::Heading, Zone::Title], index)?;
    let mut window = Window::new();
    let mut count = 0;
    for (at, part) in index.parts().iter().enumerate() {
        let mut units = terms.units(index, at)?;
        while let Some(start) = first(&units) {
            window.begin_at(start);
            for unit in &mut units {
                unit.collect(&mut window);
            }
            window.empty(|doc, _| count += u64::from(part.is_alive(doc)));
        }
    }
    Ok(count)
}

/// The score below which a candidate can't be among the best any more.
fn floor(found: &mut [Candidate], limit: usize) -> Score {
    if found.len() < limit {
        return 0;
    }
    let (_, worst, _) =
        found.select_nth_unstable_by_key(limit - 1, |candidate| std::cmp::Reverse(candidate.score));
    worst.score
}

/// The first passage that any of the units stands at.
fn first(units: &[Unit<'_>]) -> Option<DocId> {
    units.iter().map(|unit| unit.doc).min().filter(|&doc| doc != TERMINATED)
}

fn search_part(
    index: &Index,
    terms: &Terms,
    query: &Query,
    at: usize,
    top: Top,
) -> Result<Top, TantivyError> {
    let part = &*index.parts()[at];
    let Some(gate) = Gate::new(part, &query.filter, index.fields())? else { return Ok(top) };
    let Some(ids) = part.texts(column::ID)? else { return Ok(top) };
    let (mut units, mut musts, mut banned) = (Vec::new(), Vec::new(), Vec::new());
    for group in &terms.groups {
        let from = units.len();
        units.extend(group.units(index, at)?);
        if group.must {
            musts.push(from..units.len());
        }
    }
    for group in &terms.banned {
        banned.extend(group.units(index, at)?);
    }
    let mut sieve = Sieve { part, at, ids: ids.ords().clone(), banned, gate, top };
    if musts.is_empty() {
        any(units, &mut sieve);
    } else {
        all(units, &musts, &mut sieve);
    }
    Ok(sieve.top)
}

/// Visits the passages that any unit stands at and that may be among the best.
fn any(mut units: Vec<Unit<'_>>, sieve: &mut Sieve<'_>) {
    units.sort_by_key(|unit| unit.bound);
    let reach = reach(&units);
    let mut window = Window::new();
    loop {
        let weak = reach.partition_point(|&reach| reach < sieve.top.threshold());
        let (weak, strong) = units.split_at_mut(weak);
        let Some(start) = first(strong) else { return };
        window.begin_at(start);
        for unit in strong {
            unit.collect(&mut window);
        }
        let weak_reach = weak.len().checked_sub(1).map_or(0, |last| reach[last]);
        let mut needed = sieve.top.threshold().saturating_sub(weak_reach);
        window.empty(|doc, score| {
            if score >= needed
                && sieve.lets_through(doc)
                && let Some(score) = sieve.add_up(doc, score, weak, &reach)
            {
                sieve.keep(doc, score);
                needed = sieve.top.threshold().saturating_sub(weak_reach);
            }
        });
    }
}

/// Visits the passages at which one unit of each of the `musts` stands.
fn all(mut units: Vec<Unit<'_>>, musts: &[Range<usize>], sieve: &mut Sieve<'_>) {
    let mut target = 0;
    loop {
        let doc = common(&mut units, musts, target);
        if doc == TERMINATED {
            return;
        }
        if sieve.lets_through(doc) {
            let score = units.iter_mut().map(|unit| unit.score_of(doc)).fold(0, Score::saturating_add);
            sieve.keep(doc, score);
        }
        target = doc + 1;
    }
}

/// The first passage from `target` on at which one unit of each of the `musts` stands.
fn common(units: &mut [Unit<'_>], musts: &[Range<usize>], mut target: DocId) -> DocId {
    let mut agreeing = 0;
    for must in musts.iter().cycle() {
        if agreeing == musts.len() || target == TERMINATED {
            break;
        }
        let units = &mut units[must.clone()];
        for unit in &mut *units {
            unit.seek(target);
        }
        let doc = first(units).unwrap_or(TERMINATED);
        agreeing = if doc == target { agreeing + 1 } else { 1 };
        target = doc;
    }
    target
}

/// For each unit what it and all before it can score together.
fn reach(units: &[Unit<'_>]) -> Vec<Score> {
    let mut sum: Score = 0;
    let sums = units.iter().map(|unit| {
        sum = sum.saturating_add(unit.bound);
        sum
    });
    sums.collect()
}

/// What decides on each passage of a part.
struct Sieve<'p> {
    part: &'p Part,
    at: usize,
    ids: Column<u64>,
    banned: Vec<Unit<'p>>,
    gate: Gate,
    top: Top,
}

impl Sieve<'_> {
    /// Whether a passage may be found at all.
    fn lets_through(&mut self, doc: DocId) -> bool {
        let banned = |unit: &mut Unit<'_>| {
            unit.seek(doc);
            unit.doc == doc
        };
        self.part.is_alive(doc)
            && (self.gate.is_open() || self.gate.lets_through(self.part.file_of(doc)))
            && !self.banned.iter_mut().any(banned)
    }

    /// Adds what the weak units score; `None` as soon as the passage can't be among the best any more.
    fn add_up(&self, doc: DocId, mut score: Score, weak: &mut [Unit<'_>], reach: &[Score]) -> Option<Score> {
        let threshold = self.top.threshold();
        for (unit, &reach) in weak.iter_mut().zip(reach).rev() {
            if score.saturating_add(reach) < threshold {
                return None;
            }
            score = score.saturating_add(unit.score_of(doc));
        }
        Some(score)
    }

    /// Keeps a passage, if it is among the best so far.
    fn keep(&mut self, doc: DocId, score: Score) {
        if score >= self.top.threshold() {
            let id = self.ids.first(self.part.file_of(doc)).unwrap_or(u64::MAX);
            self.top.push(Candidate { score, part: self.at, doc, id, ordinal: self.part.ordinal(doc) });
        }
    }
}
