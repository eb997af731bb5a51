//! The best passages for a query.
//!
//! Passages are visited in order, part by part. Units that could not lift a passage among the best any more,
//! all of them together, are no longer used to find passages, only to score them (MaxScore: Turtle and Flood
//! 1995, *Information Processing & Management* 31(6)). Bounds hold a little more than the floats can be wrong
//! by, and the final sum is always taken in the query's order, so that a score is the same whatever was skipped.

use std::io;
use std::ops::Range;

use tantivy::columnar::Column;
use tantivy::postings::TermInfo;
use tantivy::{DocId, TERMINATED, TantivyError};

use super::error::RetrievalError;
use super::filter::Gate;
use super::index::Index;
use super::part::Part;
use super::query::{Alternative, Need, Query};
use super::schema::{Zone, column};
use super::statistics::MOST;
use super::top::{Candidate, Top, best};
use super::unit::Unit;

/// More than float sums of a query's length can be wrong by.
const SLACK: f32 = 1.0001;

/// A query with its terms looked up.
struct Plan {
    /// Those that score and those that must be there, in the query's order.
    groups: Vec<PlannedGroup>,
    /// Those that must not be there.
    banned: Vec<PlannedGroup>,
}

struct PlannedGroup {
    /// Sorted by zone.
    leaves: Vec<PlannedLeaf>,
    weight: f32,
    must: bool,
}

/// One alternative in one zone.
struct PlannedLeaf {
    zone: Zone,
    /// The alternative's weight times its idf.
    weight: f32,
    /// For each part its terms, in order; empty where one of them is missing.
    terms: Vec<Vec<TermInfo>>,
}

/// The best `limit` passages for a query, best first.
pub(super) fn search(index: &Index, query: &Query, limit: usize) -> Result<Vec<Candidate>, RetrievalError> {
    let plan = Plan::new(index, query).map_err(|error| RetrievalError::Search(error.into()))?;
    if limit == 0 || plan.groups.is_empty() {
        return Ok(Vec::new());
    }
    let mut found: Vec<Candidate> = Vec::new();
    for at in 0..index.parts().len() {
        let floor = floor(&mut found, limit);
        let top =
            search_part(index, &plan, query, at, Top::new(limit, floor)).map_err(RetrievalError::Search)?;
        found.extend(top.into_candidates());
    }
    best(found, limit, |candidate| index.id_at(candidate))
}

/// How many living passages hold an alternative in their text, their headings or their post's title.
pub(super) fn frequency(index: &Index, alternative: &Alternative) -> io::Result<u64> {
    let mut leaves = Vec::new();
    for zone in [Zone::Body, Zone::Heading, Zone::Title] {
        leaves.extend(plan_leaf(index, zone, alternative)?);
    }
    let group = PlannedGroup { leaves, weight: 1.0, must: false };
    let mut count = 0;
    for (at, part) in index.parts().iter().enumerate() {
        let mut units = units(index, at, &group)?;
        while let Some(doc) = units.iter().map(|unit| unit.doc).min().filter(|&doc| doc != TERMINATED) {
            count += u64::from(part.is_alive(doc));
            units.iter_mut().filter(|unit| unit.doc == doc).for_each(Unit::advance);
        }
    }
    Ok(count)
}

/// The score below which a candidate can't be among the best any more.
fn floor(found: &mut [Candidate], limit: usize) -> f32 {
    if found.len() < limit {
        return 0.0;
    }
    let (_, worst, _) = found.select_nth_unstable_by(limit - 1, |a, b| b.score.total_cmp(&a.score));
    worst.score
}

impl Plan {
    fn new(index: &Index, query: &Query) -> io::Result<Self> {
        let (mut groups, mut banned) = (Vec::new(), Vec::new());
        for group in &query.groups {
            let alternatives = group.alternatives.iter().filter(|alternative| !alternative.terms.is_empty());
            let alternatives: Vec<_> = alternatives.take(Query::MAX_ALTERNATIVES).collect();
            if alternatives.is_empty() {
                continue;
            }
            let leaves = plan_leaves(index, &alternatives)?;
            let must = group.need == Need::Must;
            let planned = PlannedGroup { leaves, weight: group.weight.max(0.0), must };
            if group.need == Need::MustNot { &mut banned } else { &mut groups }.push(planned);
        }
        keep_the_strongest(&mut groups);
        Ok(Self { groups, banned })
    }
}

impl PlannedGroup {
    /// The best passage does not score more.
    fn bound(&self) -> f32 {
        let zones = self.leaves.chunk_by(|a, b| a.zone == b.zone);
        let best = |leaves: &[PlannedLeaf]| {
            let weights = leaves.iter().map(|leaf| leaf.zone.weight() * leaf.weight);
            weights.fold(0.0, f32::max) * MOST
        };
        self.weight * zones.map(best).sum::<f32>()
    }
}

/// Leaves out the optional groups that could score least, where there are too many. Of equal ones the first stay.
fn keep_the_strongest(groups: &mut Vec<PlannedGroup>) {
    let optional = groups.iter().filter(|group| !group.must);
    let mut bounds: Vec<f32> = optional.map(PlannedGroup::bound).collect();
    if bounds.len() <= Query::MAX_GROUPS {
        return;
    }
    bounds.sort_unstable_by(|a, b| b.total_cmp(a));
    let least = bounds[Query::MAX_GROUPS - 1];
    let mut room = Query::MAX_GROUPS - bounds.iter().take_while(|&&bound| bound > least).count();
    groups.retain(|group| {
        let bound = group.bound();
        if group.must || bound > least {
            return true;
        }
        let keep = bound == least && room > 0;
        room -= usize::from(keep);
        keep
    });
}

fn plan_leaves(index: &Index, alternatives: &[&Alternative]) -> io::Result<Vec<PlannedLeaf>> {
    let mut leaves = Vec::new();
    for zone in Zone::ALL {
        for alternative in alternatives {
            leaves.extend(plan_leaf(index, zone, alternative)?);
        }
    }
    Ok(leaves)
}

/// `None` where the alternative stands nowhere in this zone.
fn plan_leaf(index: &Index, zone: Zone, alternative: &Alternative) -> io::Result<Option<PlannedLeaf>> {
    let mut idf = 0.0;
    let mut terms = vec![Vec::with_capacity(alternative.terms.len()); index.parts().len()];
    for word in &alternative.terms {
        let (df, infos) = index.look_up(zone, word)?;
        if df == 0 {
            return Ok(None);
        }
        idf += index.statistics().idf(zone, df);
        for (terms, info) in terms.iter_mut().zip(infos) {
            terms.extend(info);
        }
    }
    for terms in &mut terms {
        if terms.len() < alternative.terms.len() {
            terms.clear();
        }
    }
    let nowhere = terms.iter().all(Vec::is_empty);
    Ok((!nowhere).then_some(PlannedLeaf { zone, weight: alternative.weight.max(0.0) * idf, terms }))
}

/// A group in one part, zone by zone.
fn units<'p>(index: &'p Index, at: usize, group: &PlannedGroup) -> io::Result<Vec<Unit<'p>>> {
    let mut units = Vec::new();
    for leaves in group.leaves.chunk_by(|a, b| a.zone == b.zone) {
        let zone = leaves[0].zone;
        let mut unit = Unit::new(&index.parts()[at], zone, index.statistics(), group.weight * zone.weight());
        for leaf in leaves.iter().filter(|leaf| !leaf.terms[at].is_empty()) {
            unit.add(&leaf.terms[at], leaf.weight)?;
        }
        if unit.doc != TERMINATED {
            units.push(unit);
        }
    }
    Ok(units)
}

fn search_part(index: &Index, plan: &Plan, query: &Query, at: usize, top: Top) -> Result<Top, TantivyError> {
    let part = &*index.parts()[at];
    let Some(gate) = Gate::new(part, &query.filter)? else { return Ok(top) };
    let Some(ids) = part.texts(column::ID)? else { return Ok(top) };
    let mut visit = Visit {
        part,
        at,
        ids: ids.ords().clone(),
        units: Vec::new(),
        musts: Vec::new(),
        by_bound: Vec::new(),
        reach: Vec::new(),
        banned: Vec::new(),
        scores: Vec::new(),
        gate,
        top,
    };
    for group in &plan.groups {
        let from = visit.units.len();
        visit.units.extend(units(index, at, group)?);
        if group.must {
            visit.musts.push(from..visit.units.len());
        }
    }
    for group in &plan.banned {
        visit.banned.extend(units(index, at, group)?);
    }
    visit.run();
    Ok(visit.top)
}

/// One pass over the passages of a part.
struct Visit<'p> {
    part: &'p Part,
    at: usize,
    ids: Column<u64>,
    /// In the query's order.
    units: Vec<Unit<'p>>,
    /// The units of groups of which one must be there.
    musts: Vec<Range<usize>>,
    /// The units by what they can score, least first.
    by_bound: Vec<usize>,
    /// For each of `by_bound`: what it and all before it can score together.
    reach: Vec<f32>,
    banned: Vec<Unit<'p>>,
    gate: Gate,
    top: Top,
    /// What each unit scores in the current passage.
    scores: Vec<f32>,
}

impl Visit<'_> {
    fn run(&mut self) {
        self.by_bound = (0..self.units.len()).collect();
        self.by_bound.sort_by(|&a, &b| self.units[a].bound.total_cmp(&self.units[b].bound));
        let mut sum = 0.0;
        for &unit in &self.by_bound {
            sum += self.units[unit].bound * SLACK;
            self.reach.push(sum);
        }
        self.scores = vec![0.0; self.units.len()];
        let mut target = 0;
        while let Some(doc) = self.next(target) {
            if self.is_wanted(doc) {
                self.score(doc);
            }
            target = doc + 1;
        }
    }

    /// The first passage from `target` on that may be among the best.
    fn next(&mut self, target: DocId) -> Option<DocId> {
        let doc = if self.musts.is_empty() { self.next_of_any(target) } else { self.next_of_all(target) };
        (doc != TERMINATED).then_some(doc)
    }

    fn next_of_any(&mut self, target: DocId) -> DocId {
        let threshold = self.top.threshold();
        let needed = self.reach.iter().take_while(|&&reach| reach < threshold).count();
        let mut first = TERMINATED;
        for &unit in &self.by_bound[needed..] {
            let unit = &mut self.units[unit];
            unit.seek(target);
            first = first.min(unit.doc);
        }
        first
    }

    fn next_of_all(&mut self, mut target: DocId) -> DocId {
        let mut agreeing = 0;
        for group in self.musts.iter().cycle() {
            if agreeing == self.musts.len() || target == TERMINATED {
                break;
            }
            let units = &mut self.units[group.clone()];
            units.iter_mut().for_each(|unit| unit.seek(target));
            let doc = units.iter().map(|unit| unit.doc).min().unwrap_or(TERMINATED);
            agreeing = if doc == target { agreeing + 1 } else { 1 };
            target = doc;
        }
        target
    }

    fn is_wanted(&mut self, doc: DocId) -> bool {
        let banned = |unit: &mut Unit<'_>| {
            unit.seek(doc);
            unit.doc == doc
        };
        self.part.is_alive(doc)
            && (self.gate.is_open() || self.gate.lets_through(self.part.file_of(doc)))
            && !self.banned.iter_mut().any(banned)
    }

    fn score(&mut self, doc: DocId) {
        let threshold = self.top.threshold();
        let mut sum = 0.0;
        for (&unit, reach) in self.by_bound.iter().zip(&self.reach).rev() {
            if sum * SLACK + reach < threshold {
                return;
            }
            let cursor = &mut self.units[unit];
            cursor.seek(doc);
            self.scores[unit] = if cursor.doc == doc { cursor.score() } else { 0.0 };
            sum += self.scores[unit];
        }
        let score: f32 = self.scores.iter().sum();
        if score >= threshold {
            let id = self.ids.first(self.part.file_of(doc)).unwrap_or(u64::MAX);
            self.top.push(Candidate { score, part: self.at, doc, id, ordinal: self.part.ordinal(doc) });
        }
    }
}
