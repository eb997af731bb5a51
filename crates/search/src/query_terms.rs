//! Looks up the terms of a query, and builds the weights and the query for tantivy.
//!
//! Each clause becomes one query for each field. It scores as its best alternative in that field.

use std::io;

use tantivy::query::{BooleanQuery, BoostQuery, Occur, PhraseQuery, Query as TantivyQuery, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{TantivyError, Term};

use crate::bm25::idf;
use crate::max_score::{LimitedWeight, QueryWeights};
use crate::post_language::LanguageFilter;
use crate::query::{Alternative, ClauseRole, Query};
use crate::schema::TextField;
use crate::score::{BestQuery, to_fixed};
use crate::searcher::Searcher;
use crate::vocabulary;

/// BM25 multiplies the idf of a term by less than this, however often a passage has it: `k1 + 1` with tantivy's `k1` of 1.2.
const MAX_TERM_FACTOR: f32 = 2.2;

/// A query with its terms looked up.
pub(super) struct QueryTerms {
    /// The clauses that score, optional and required.
    pub(super) clauses: Vec<ClauseTerms>,
    /// The clauses that must not match.
    pub(super) excluded: Vec<ClauseTerms>,
}

/// A clause with its terms looked up.
pub(super) struct ClauseTerms {
    /// Sorted by field.
    field_terms: Vec<FieldTerms>,
    weight: f32,
    pub(super) is_required: bool,
}

/// A clause in one field.
struct FieldClause<'t> {
    alternatives: &'t [FieldTerms],
    weight: f32,
}

/// The terms of one alternative in one field.
struct FieldTerms {
    field: TextField,
    weight: f32,
    /// The sum of the idf of its terms.
    idf: f32,
    terms: Vec<Term>,
    /// The languages of the posts in which it counts; `None` if it counts in all posts of the index.
    language_filter: Option<LanguageFilter>,
}

impl QueryTerms {
    /// Looks up the terms of a query, within [`Query::MAX_TERMS`] and [`Query::MAX_CLAUSES`]. Clauses without terms
    /// are left out.
    pub(super) fn look_up(query: &Query, searcher: &Searcher) -> io::Result<Self> {
        let (mut clauses, mut excluded) = (Vec::new(), Vec::new());
        let mut remaining_terms = Query::MAX_TERMS;
        let (optional, required): (Vec<_>, Vec<_>) =
            query.clauses.iter().partition(|clause| clause.role == ClauseRole::Should);
        for clause in required.into_iter().chain(optional) {
            let alternatives = within_budget(&clause.alternatives, &mut remaining_terms);
            if alternatives.is_empty() {
                continue;
            }
            let terms = ClauseTerms {
                field_terms: look_up_fields(searcher, &TextField::ALL, &alternatives)?,
                weight: clause.weight.max(0.0),
                is_required: clause.role == ClauseRole::Must,
            };
            if clause.role == ClauseRole::MustNot { &mut excluded } else { &mut clauses }.push(terms);
        }
        drop_weakest(&mut clauses);
        Ok(Self { clauses, excluded })
    }

    /// Builds one query of all clauses.
    pub(super) fn query(&self) -> BooleanQuery {
        let any_field = |clause: &ClauseTerms| -> Box<dyn TantivyQuery> {
            Box::new(BooleanQuery::new(clause.field_queries()))
        };
        let mut queries = Vec::new();
        for clause in &self.clauses {
            if clause.is_required {
                queries.push((Occur::Must, any_field(clause)));
            } else {
                queries.extend(clause.field_queries());
            }
        }
        queries.extend(self.excluded.iter().map(|clause| (Occur::MustNot, any_field(clause))));
        BooleanQuery::new(queries)
    }

    /// Returns the weights of all clauses.
    pub(super) fn weights(&self, searcher: &Searcher) -> Result<QueryWeights, TantivyError> {
        let mut weights = QueryWeights::default();
        for clause in &self.clauses {
            if clause.is_required {
                weights.required.push(clause.weights(searcher)?);
            } else {
                weights.optional.extend(clause.weights(searcher)?);
            }
        }
        weights.optional.sort_by_key(|field| field.limit);
        for clause in &self.excluded {
            weights.excluded.extend(clause.weights(searcher)?);
        }
        Ok(weights)
    }
}

impl ClauseTerms {
    /// Looks up one alternative in some fields.
    pub(super) fn of_alternative(
        alternative: &Alternative,
        fields: &[TextField],
        searcher: &Searcher,
    ) -> io::Result<Self> {
        Ok(Self {
            field_terms: look_up_fields(searcher, fields, &[alternative])?,
            weight: 1.0,
            is_required: false,
        })
    }

    /// Builds a query for each field.
    pub(super) fn field_queries(&self) -> Vec<(Occur, Box<dyn TantivyQuery>)> {
        self.fields().map(|field| (Occur::Should, Box::new(field.query()) as Box<dyn TantivyQuery>)).collect()
    }

    /// Returns a weight for each field.
    fn weights(&self, searcher: &Searcher) -> Result<Vec<LimitedWeight>, TantivyError> {
        self.fields().map(|field| field.limited_weight(searcher)).collect()
    }

    /// The clause in each field.
    fn fields(&self) -> impl Iterator<Item = FieldClause<'_>> {
        let fields = self.field_terms.chunk_by(|a, b| a.field == b.field);
        fields.map(|alternatives| FieldClause { alternatives, weight: self.weight })
    }

    /// Returns a number that no score of a passage for it exceeds.
    fn score_limit(&self) -> f32 {
        self.fields().map(|field| field.score_limit()).sum()
    }
}

impl FieldClause<'_> {
    fn query(&self) -> BestQuery {
        BestQuery(self.alternatives.iter().map(|terms| terms.query(self.weight)).collect())
    }

    /// Returns a number that no score of a passage for it exceeds.
    fn score_limit(&self) -> f32 {
        let limits = self.alternatives.iter().map(|terms| terms.field.weight() * terms.weight * terms.idf);
        MAX_TERM_FACTOR * self.weight * limits.fold(0.0, f32::max)
    }

    fn limited_weight(&self, searcher: &Searcher) -> Result<LimitedWeight, TantivyError> {
        // The limit is rounded down, and a score to the nearest step.
        let limit = to_fixed(self.score_limit()).saturating_add(2);
        Ok(LimitedWeight { weight: searcher.weight(&self.query())?, limit })
    }
}

impl FieldTerms {
    fn query(&self, clause_weight: f32) -> Box<dyn TantivyQuery> {
        let query: Box<dyn TantivyQuery> = match &*self.terms {
            [term] => Box::new(TermQuery::new(term.clone(), IndexRecordOption::WithFreqs)),
            terms => Box::new(PhraseQuery::new(terms.to_vec())),
        };
        let query = match &self.language_filter {
            Some(filter) => filter.apply(query),
            None => query,
        };
        Box::new(BoostQuery::new(query, clause_weight * self.field.weight() * self.weight))
    }
}

/// Returns the alternatives that have terms and fit into the number of remaining terms.
fn within_budget<'q>(alternatives: &'q [Alternative], remaining_terms: &mut usize) -> Vec<&'q Alternative> {
    let fits = |alternative: &&Alternative| {
        let terms = alternative.terms.len();
        let fits = (1..=*remaining_terms).contains(&terms);
        *remaining_terms -= if fits { terms } else { 0 };
        fits
    };
    alternatives.iter().filter(fits).collect()
}

/// Drops the optional clauses that could score least, beyond [`Query::MAX_CLAUSES`]. Of equal ones the first stay.
fn drop_weakest(clauses: &mut Vec<ClauseTerms>) {
    let limits: Vec<f32> = clauses.iter().map(ClauseTerms::score_limit).collect();
    let mut optional: Vec<usize> = (0..clauses.len()).filter(|&at| !clauses[at].is_required).collect();
    if optional.len() <= Query::MAX_CLAUSES {
        return;
    }
    optional.sort_by(|&a, &b| limits[b].total_cmp(&limits[a]));
    let weakest: Vec<usize> = optional.split_off(Query::MAX_CLAUSES);
    let mut at = 0;
    clauses.retain(|_| {
        at += 1;
        !weakest.contains(&(at - 1))
    });
}

/// Looks up the alternatives in each field, in the order of the fields.
fn look_up_fields(
    searcher: &Searcher,
    fields: &[TextField],
    alternatives: &[&Alternative],
) -> io::Result<Vec<FieldTerms>> {
    let mut field_terms = Vec::new();
    for &field in fields {
        for alternative in alternatives {
            field_terms.extend(look_up_field(searcher, field, alternative)?);
        }
    }
    Ok(field_terms)
}

/// Looks up an alternative in a field; `None` if the field has one of its terms nowhere.
fn look_up_field(
    searcher: &Searcher,
    field: TextField,
    alternative: &Alternative,
) -> io::Result<Option<FieldTerms>> {
    let mut field_terms = FieldTerms {
        field,
        weight: alternative.weight.max(0.0),
        idf: 0.0,
        terms: Vec::new(),
        language_filter: searcher.language_filter(alternative.languages),
    };
    for word in &alternative.terms {
        let term = searcher.term(field, word);
        let frequency = vocabulary::frequency(searcher, field, &term)?;
        if frequency == 0 {
            return Ok(None);
        }
        field_terms.idf += idf(searcher.counts.passages, frequency);
        field_terms.terms.push(term);
    }
    Ok(Some(field_terms))
}
