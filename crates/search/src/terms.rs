//! A query in tantivy's own: a clause for each concept in each field, which scores as its best alternative there.

use std::io;

use tantivy::Term;
use tantivy::query::{
    BooleanQuery, BoostQuery, DisjunctionMaxQuery, Occur, PhraseQuery, Query as Clause, TermQuery,
};
use tantivy::schema::IndexRecordOption;

use super::query::{Alternative, Need, Query};
use super::rounding::RoundedQuery;
use super::schema::Zone;
use super::searcher::Searcher;
use super::statistics::idf;
use super::vocabulary;

/// A query with its terms looked up.
pub(super) struct Terms {
    /// Those that score and those that must be there.
    pub(super) groups: Vec<GroupTerms>,
    /// Those that must not be there.
    pub(super) banned: Vec<GroupTerms>,
}

/// A concept with its terms looked up.
pub(super) struct GroupTerms {
    /// Sorted by zone.
    leaves: Vec<LeafTerms>,
    weight: f32,
    pub(super) must: bool,
}

/// One alternative in one zone.
struct LeafTerms {
    zone: Zone,
    weight: f32,
    /// The sum of its terms'.
    idf: f32,
    terms: Vec<Term>,
}

impl Terms {
    /// Of the groups that have any, and not of more than are looked for.
    pub(super) fn of(query: &Query, searcher: &Searcher) -> io::Result<Self> {
        let (mut groups, mut banned) = (Vec::new(), Vec::new());
        let mut room = Query::MAX_TERMS;
        let (optional, required): (Vec<_>, Vec<_>) =
            query.groups.iter().partition(|group| group.need == Need::Should);
        for group in required.into_iter().chain(optional) {
            let alternatives = affordable(&group.alternatives, &mut room);
            if alternatives.is_empty() {
                continue;
            }
            let terms = GroupTerms {
                leaves: leaves(searcher, &Zone::ALL, &alternatives)?,
                weight: group.weight.max(0.0),
                must: group.need == Need::Must,
            };
            if group.need == Need::MustNot { &mut banned } else { &mut groups }.push(terms);
        }
        keep_the_strongest(&mut groups);
        Ok(Self { groups, banned })
    }

    /// All of it as one query.
    pub(super) fn query(&self) -> BooleanQuery {
        let whole = |group: &GroupTerms| -> Box<dyn Clause> { Box::new(BooleanQuery::new(group.clauses())) };
        let mut clauses = Vec::new();
        for group in &self.groups {
            if group.must {
                clauses.push((Occur::Must, whole(group)));
            } else {
                clauses.extend(group.clauses());
            }
        }
        clauses.extend(self.banned.iter().map(|group| (Occur::MustNot, whole(group))));
        BooleanQuery::new(clauses)
    }
}

impl GroupTerms {
    /// One alternative in some zones.
    pub(super) fn one(alternative: &Alternative, zones: &[Zone], searcher: &Searcher) -> io::Result<Self> {
        Ok(Self { leaves: leaves(searcher, zones, &[alternative])?, weight: 1.0, must: false })
    }

    /// A clause for each field.
    pub(super) fn clauses(&self) -> Vec<(Occur, Box<dyn Clause>)> {
        let zones = self.leaves.chunk_by(|a, b| a.zone == b.zone);
        let clause = |leaves: &[LeafTerms]| -> Box<dyn Clause> {
            let mut ways: Vec<_> = leaves.iter().map(|leaf| leaf.clause(self.weight)).collect();
            let best =
                if ways.len() == 1 { ways.remove(0) } else { Box::new(DisjunctionMaxQuery::new(ways)) };
            Box::new(RoundedQuery(best))
        };
        zones.map(|leaves| (Occur::Should, clause(leaves))).collect()
    }

    /// In proportion to the most that a passage can score by it.
    fn bound(&self) -> f32 {
        let zones = self.leaves.chunk_by(|a, b| a.zone == b.zone);
        let best = |leaves: &[LeafTerms]| {
            let weights = leaves.iter().map(|leaf| leaf.zone.weight() * leaf.weight * leaf.idf);
            weights.fold(0.0, f32::max)
        };
        self.weight * zones.map(best).sum::<f32>()
    }
}

impl LeafTerms {
    fn clause(&self, group_weight: f32) -> Box<dyn Clause> {
        let query: Box<dyn Clause> = match &*self.terms {
            [term] => Box::new(TermQuery::new(term.clone(), IndexRecordOption::WithFreqs)),
            terms => Box::new(PhraseQuery::new(terms.to_vec())),
        };
        Box::new(BoostQuery::new(query, group_weight * self.zone.weight() * self.weight))
    }
}

/// The alternatives that have terms, as long as there is room for them.
fn affordable<'q>(alternatives: &'q [Alternative], room: &mut usize) -> Vec<&'q Alternative> {
    let fits = |alternative: &&Alternative| {
        let terms = alternative.terms.len();
        let fits = (1..=*room).contains(&terms);
        *room -= if fits { terms } else { 0 };
        fits
    };
    alternatives.iter().filter(fits).collect()
}

/// Leaves out the optional groups that could score least, where there are too many. Of equal ones the first stay.
fn keep_the_strongest(groups: &mut Vec<GroupTerms>) {
    let bounds: Vec<f32> = groups.iter().map(GroupTerms::bound).collect();
    let mut optional: Vec<usize> = (0..groups.len()).filter(|&group| !groups[group].must).collect();
    if optional.len() <= Query::MAX_GROUPS {
        return;
    }
    optional.sort_by(|&a, &b| bounds[b].total_cmp(&bounds[a]));
    let weak: Vec<usize> = optional.split_off(Query::MAX_GROUPS);
    let mut at = 0;
    groups.retain(|_| {
        at += 1;
        !weak.contains(&(at - 1))
    });
}

fn leaves(searcher: &Searcher, zones: &[Zone], alternatives: &[&Alternative]) -> io::Result<Vec<LeafTerms>> {
    let mut leaves = Vec::new();
    for &zone in zones {
        for alternative in alternatives {
            leaves.extend(leaf(searcher, zone, alternative)?);
        }
    }
    Ok(leaves)
}

/// `None` where one of the alternative's words stands nowhere in this zone.
fn leaf(searcher: &Searcher, zone: Zone, alternative: &Alternative) -> io::Result<Option<LeafTerms>> {
    let mut leaf = LeafTerms { zone, weight: alternative.weight.max(0.0), idf: 0.0, terms: Vec::new() };
    for word in &alternative.terms {
        let term = searcher.term(zone, word);
        let frequency = vocabulary::frequency(searcher, zone, &term)?;
        if frequency == 0 {
            return Ok(None);
        }
        leaf.idf += idf(searcher.counts().passages, frequency);
        leaf.terms.push(term);
    }
    Ok(Some(leaf))
}
