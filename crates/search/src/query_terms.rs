//! A query in tantivy's own: a clause for each concept in each field, which scores as its best alternative there.

use std::io;

use tantivy::Term;
use tantivy::query::{
    BooleanQuery, BoostQuery, DisjunctionMaxQuery, Occur, PhraseQuery, Query as Clause, TermQuery,
};
use tantivy::schema::IndexRecordOption;

use super::query::{Alternative, ClauseRole, Query};
use super::schema::TextField;
use super::searcher::Searcher;
use super::vocabulary;
use crate::score::RoundedQuery;
use crate::searcher::idf;

/// A query with its terms looked up.
pub(super) struct QueryTerms {
    /// Those that score and those that must be there.
    pub(super) clauses: Vec<ClauseTerms>,
    /// Those that must not be there.
    pub(super) excluded: Vec<ClauseTerms>,
}

/// A concept with its terms looked up.
pub(super) struct ClauseTerms {
    /// Sorted by zone.
    field_terms: Vec<FieldTerms>,
    weight: f32,
    pub(super) is_required: bool,
}

/// One alternative in one zone.
struct FieldTerms {
    field: TextField,
    weight: f32,
    /// The sum of its terms'.
    idf: f32,
    terms: Vec<Term>,
}

impl QueryTerms {
    /// Of the groups that have any, and not of more than are looked for.
    pub(super) fn of(query: &Query, searcher: &Searcher) -> io::Result<Self> {
        let (mut groups, mut banned) = (Vec::new(), Vec::new());
        let mut room = Query::MAX_TERMS;
        let (optional, required): (Vec<_>, Vec<_>) =
            query.clauses.iter().partition(|group| group.role == ClauseRole::Should);
        for group in required.into_iter().chain(optional) {
            let alternatives = within_budget(&group.alternatives, &mut room);
            if alternatives.is_empty() {
                continue;
            }
            let terms = ClauseTerms {
                field_terms: leaves(searcher, &TextField::ALL, &alternatives)?,
                weight: group.weight.max(0.0),
                is_required: group.role == ClauseRole::Must,
            };
            if group.role == ClauseRole::MustNot { &mut banned } else { &mut groups }.push(terms);
        }
        drop_weakest(&mut groups);
        Ok(Self { clauses: groups, excluded: banned })
    }

    /// All of it as one query.
    pub(super) fn query(&self) -> BooleanQuery {
        let whole = |group: &ClauseTerms| -> Box<dyn Clause> { Box::new(BooleanQuery::new(group.clauses())) };
        let mut clauses = Vec::new();
        for group in &self.clauses {
            if group.is_required {
                clauses.push((Occur::Must, whole(group)));
            } else {
                clauses.extend(group.clauses());
            }
        }
        clauses.extend(self.excluded.iter().map(|group| (Occur::MustNot, whole(group))));
        BooleanQuery::new(clauses)
    }
}

impl ClauseTerms {
    /// One alternative in some zones.
    pub(super) fn one(
        alternative: &Alternative,
        zones: &[TextField],
        searcher: &Searcher,
    ) -> io::Result<Self> {
        Ok(Self { field_terms: leaves(searcher, zones, &[alternative])?, weight: 1.0, is_required: false })
    }

    /// A clause for each field.
    pub(super) fn clauses(&self) -> Vec<(Occur, Box<dyn Clause>)> {
        let zones = self.field_terms.chunk_by(|a, b| a.field == b.field);
        let clause = |leaves: &[FieldTerms]| -> Box<dyn Clause> {
            let mut ways: Vec<_> = leaves.iter().map(|leaf| leaf.clause(self.weight)).collect();
            let best =
                if ways.len() == 1 { ways.remove(0) } else { Box::new(DisjunctionMaxQuery::new(ways)) };
            Box::new(RoundedQuery(best))
        };
        zones.map(|leaves| (Occur::Should, clause(leaves))).collect()
    }

    /// In proportion to the most that a passage can score by it.
    fn score_limit(&self) -> f32 {
        let zones = self.field_terms.chunk_by(|a, b| a.field == b.field);
        let best = |leaves: &[FieldTerms]| {
            let weights = leaves.iter().map(|leaf| leaf.field.weight() * leaf.weight * leaf.idf);
            weights.fold(0.0, f32::max)
        };
        self.weight * zones.map(best).sum::<f32>()
    }
}

impl FieldTerms {
    fn clause(&self, group_weight: f32) -> Box<dyn Clause> {
        let query: Box<dyn Clause> = match &*self.terms {
            [term] => Box::new(TermQuery::new(term.clone(), IndexRecordOption::WithFreqs)),
            terms => Box::new(PhraseQuery::new(terms.to_vec())),
        };
        Box::new(BoostQuery::new(query, group_weight * self.field.weight() * self.weight))
    }
}

/// The alternatives that have terms, as long as there is room for them.
fn within_budget<'q>(alternatives: &'q [Alternative], room: &mut usize) -> Vec<&'q Alternative> {
    let fits = |alternative: &&Alternative| {
        let terms = alternative.terms.len();
        let fits = (1..=*room).contains(&terms);
        *room -= if fits { terms } else { 0 };
        fits
    };
    alternatives.iter().filter(fits).collect()
}

/// Leaves out the optional groups that could score least, where there are too many. Of equal ones the first stay.
fn drop_weakest(groups: &mut Vec<ClauseTerms>) {
    let bounds: Vec<f32> = groups.iter().map(ClauseTerms::score_limit).collect();
    let mut optional: Vec<usize> = (0..groups.len()).filter(|&group| !groups[group].is_required).collect();
    if optional.len() <= Query::MAX_CLAUSES {
        return;
    }
    optional.sort_by(|&a, &b| bounds[b].total_cmp(&bounds[a]));
    let weak: Vec<usize> = optional.split_off(Query::MAX_CLAUSES);
    let mut at = 0;
    groups.retain(|_| {
        at += 1;
        !weak.contains(&(at - 1))
    });
}

fn leaves(
    searcher: &Searcher,
    zones: &[TextField],
    alternatives: &[&Alternative],
) -> io::Result<Vec<FieldTerms>> {
    let mut leaves = Vec::new();
    for &zone in zones {
        for alternative in alternatives {
            leaves.extend(leaf(searcher, zone, alternative)?);
        }
    }
    Ok(leaves)
}

/// `None` where one of the alternative's words stands nowhere in this zone.
fn leaf(searcher: &Searcher, zone: TextField, alternative: &Alternative) -> io::Result<Option<FieldTerms>> {
    let mut leaf =
        FieldTerms { field: zone, weight: alternative.weight.max(0.0), idf: 0.0, terms: Vec::new() };
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
