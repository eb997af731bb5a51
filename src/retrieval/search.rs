//! The best passages for a query.
//!
//! Passages are visited in order, part by part, and the groups that could not lift a passage among the best
//! any more are no longer used to find passages, only to score them (MaxScore: Turtle and Flood 1995,
//! *Information Processing & Management* 31(6)). Bounds hold a little more than the floats can be wrong by,
//! and the final sum is always taken in the query's order, so that a score is the same whatever was skipped.

use std::io;

use tantivy::postings::TermInfo;
use tantivy::{DocId, TERMINATED};

use super::error::RetrievalError;
use super::filter::Gate;
use super::group::{GroupCursor, Leaf};
use super::index::Index;
use super::part::Part;
use super::postings::Occurrences;
use super::query::{Alternative, Need, Query};
use super::schema::{Zone, column};
use super::statistics::MOST;
use super::top::{Candidate, Top, best};

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
    bound: f32,
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
            let weight = group.weight.max(0.0);
            let bound = weight * bound(&leaves) * SLACK;
            let planned = PlannedGroup { leaves, weight, bound, must: group.need == Need::Must };
            if group.need == Need::MustNot { &mut banned } else { &mut groups }.push(planned);
        }
        keep_the_strongest(&mut groups);
        Ok(Self { groups, banned })
    }
}

/// Leaves out the optional groups that could score least, where there are too many. Of equal ones the first stay.
fn keep_the_strongest(groups: &mut Vec<PlannedGroup>) {
    let mut optional: Vec<f32> = groups.iter().filter(|group| !group.must).map(|group| group.bound).collect();
    if optional.len() <= Query::MAX_GROUPS {
        return;
    }
    optional.sort_unstable_by(|a, b| b.total_cmp(a));
    let least = optional[Query::MAX_GROUPS - 1];
    let mut room = Query::MAX_GROUPS - optional.iter().take_while(|&&bound| bound > least).count();
    groups.retain(|group| {
        if group.must || group.bound > least {
            return true;
        }
        let keep = group.bound == least && room > 0;
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

/// More than the best passage can score, the group's weight aside.
fn bound(leaves: &[PlannedLeaf]) -> f32 {
    leaves
        .chunk_by(|a, b| a.zone == b.zone)
        .map(|leaves| {
            let best = leaves.iter().map(|leaf| leaf.weight).fold(0.0, f32::max);
            leaves[0].zone.weight() * best * MOST
        })
        .sum()
}

fn cursor<'p>(index: &'p Index, at: usize, group: &PlannedGroup) -> io::Result<GroupCursor<'p>> {
    let part = &*index.parts()[at];
    let mut leaves = Vec::with_capacity(group.leaves.len());
    for leaf in &group.leaves {
        let terms = &leaf.terms[at];
        if !terms.is_empty() {
            let occurrences = Occurrences::open(part, leaf.zone, terms)?;
            let norms = index.statistics().norms(leaf.zone);
            leaves.push(Leaf::new(part, leaf.zone, occurrences, leaf.weight, norms));
        }
    }
    Ok(GroupCursor::new(leaves, group.weight, group.bound))
}

fn search_part(
    index: &Index,
    plan: &Plan,
    query: &Query,
    at: usize,
    top: Top,
) -> Result<Top, tantivy::TantivyError> {
    let part = &*index.parts()[at];
    let Some(gate) = Gate::new(part, &query.filter)? else { return Ok(top) };
    let Some(ids) = part.texts(column::ID)? else { return Ok(top) };
    let open = |groups: &[PlannedGroup]| {
        groups.iter().map(|group| cursor(index, at, group)).collect::<io::Result<Vec<_>>>()
    };
    let groups = open(&plan.groups)?;
    let mut by_bound: Vec<usize> = (0..groups.len()).filter(|&group| !plan.groups[group].must).collect();
    by_bound.sort_by(|&a, &b| groups[a].bound.total_cmp(&groups[b].bound));
    let mut visit = Visit {
        part,
        at,
        ids: ids.ords().clone(),
        musts: (0..groups.len()).filter(|&group| plan.groups[group].must).collect(),
        scores: vec![0.0; groups.len()],
        groups,
        banned: open(&plan.banned)?,
        reach: Vec::new(),
        by_bound,
        gate,
        top,
    };
    visit.run();
    Ok(visit.top)
}

/// One pass over the passages of a part.
struct Visit<'p> {
    part: &'p Part,
    at: usize,
    ids: tantivy::columnar::Column<u64>,
    groups: Vec<GroupCursor<'p>>,
    /// Groups that must be there.
    musts: Vec<usize>,
    /// Groups that need not be there, by what they can score, least first.
    by_bound: Vec<usize>,
    /// For each of `by_bound`: what it and all before it can score together.
    reach: Vec<f32>,
    banned: Vec<GroupCursor<'p>>,
    gate: Gate,
    top: Top,
    /// What each group scores in the current passage.
    scores: Vec<f32>,
}

impl Visit<'_> {
    fn run(&mut self) {
        let mut sum = 0.0;
        self.reach = self
            .by_bound
            .iter()
            .map(|&group| {
                sum += self.groups[group].bound;
                sum
            })
            .collect();
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
        let needed = self.reach.partition_point(|&reach| reach < threshold);
        let mut first = TERMINATED;
        for &group in &self.by_bound[needed..] {
            let cursor = &mut self.groups[group];
            cursor.seek(target);
            first = first.min(cursor.doc);
        }
        first
    }

    fn next_of_all(&mut self, mut target: DocId) -> DocId {
        'again: loop {
            for &group in &self.musts {
                let cursor = &mut self.groups[group];
                cursor.seek(target);
                if cursor.doc > target {
                    target = cursor.doc;
                    if target == TERMINATED {
                        return TERMINATED;
                    }
                    continue 'again;
                }
            }
            return target;
        }
    }

    fn is_wanted(&mut self, doc: DocId) -> bool {
        let banned = |cursor: &mut GroupCursor<'_>| {
            cursor.seek(doc);
            cursor.doc == doc
        };
        self.part.is_alive(doc)
            && self.gate.lets_through(self.part.file_of(doc))
            && !self.banned.iter_mut().any(banned)
    }

    fn score(&mut self, doc: DocId) {
        let threshold = self.top.threshold();
        let mut sum = 0.0;
        for &group in &self.musts {
            self.scores[group] = self.groups[group].score();
            sum += self.scores[group];
        }
        for (at, &group) in self.by_bound.iter().enumerate().rev() {
            if sum * SLACK + self.reach[at] < threshold {
                return;
            }
            let cursor = &mut self.groups[group];
            cursor.seek(doc);
            self.scores[group] = if cursor.doc == doc { cursor.score() } else { 0.0 };
            sum += self.scores[group];
        }
        let score = self.scores.iter().sum();
        let id = self.ids.first(self.part.file_of(doc)).unwrap_or(u64::MAX);
        self.top.push(Candidate { score, part: self.at, doc, id, ordinal: self.part.ordinal(doc) });
    }
}

/// How many living passages hold an alternative in their text, their headings or their post's title.
pub(super) fn frequency(index: &Index, alternative: &Alternative) -> io::Result<u64> {
    let mut leaves = Vec::new();
    for zone in [Zone::Body, Zone::Heading, Zone::Title] {
        leaves.extend(plan_leaf(index, zone, alternative)?);
    }
    let group = PlannedGroup { leaves, weight: 1.0, bound: 0.0, must: false };
    let mut count = 0;
    for (at, part) in index.parts().iter().enumerate() {
        let mut cursor = cursor(index, at, &group)?;
        while cursor.doc != TERMINATED {
            count += u64::from(part.is_alive(cursor.doc));
            cursor.advance();
        }
    }
    Ok(count)
}
