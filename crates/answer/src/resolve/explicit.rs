//! The scope that options and prefixes choose. It goes before what the question's words say.

use jiff::civil::Date;

use super::{ResolvedQuestion, ScopeOptions, event_ids, matches_mention, non_blank};
use crate::parse;
use crate::question_syntax::{QuestionSyntax, parse_syntax};
use takeaways_corpus::events::EventTable;
use takeaways_search::{Facets, fold_name};
use takeaways_text::model::{Event, Missing, Years};

/// Whether options and prefixes set the scope.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ExplicitScope {
    /// There were none: only the question's words say where to look.
    #[default]
    Unset,
    /// They did.
    Posts,
    /// They did, by names that the index does not know, so that no post can be in the scope.
    Empty,
}

impl ExplicitScope {
    /// Whether anything was chosen.
    #[must_use]
    pub fn is_set(self) -> bool {
        self != Self::Unset
    }
}

/// Takes in the options beside a question and the prefixes in it. Several of a kind add up; one that the index does
/// not know is named as missing.
pub(super) fn apply_explicit_scope(
    resolved: &mut ResolvedQuestion,
    typed: &QuestionSyntax,
    wish: &ScopeOptions,
    facets: &Facets,
    table: &EventTable,
    today: Date,
) {
    let events: Vec<&String> = non_blank(&wish.events).chain(&typed.events).collect();
    let authors: Vec<&String> = non_blank(&wish.authors).chain(&typed.authors).collect();
    let by_year = !typed.years.is_empty() || wish.years.is_some();
    if events.is_empty() && authors.is_empty() && !by_year {
        return;
    }
    resolved.missing.clear();
    let mut is_empty = false;
    if !events.is_empty() {
        choose_events(resolved, &events, facets, table);
        is_empty |= resolved.scope.events.is_empty();
    }
    if by_year {
        choose_years(resolved, typed, wish, facets, today);
        is_empty |= resolved.scope.years.is_none();
    }
    if !authors.is_empty() {
        choose_authors(resolved, &authors, facets);
        is_empty |= resolved.scope.authors.is_empty();
    }
    resolved.chosen = if is_empty { ExplicitScope::Empty } else { ExplicitScope::Posts };
}

/// Events by ids, names, or words that name one.
fn choose_events(resolved: &mut ResolvedQuestion, typed: &[&String], facets: &Facets, table: &EventTable) {
    let mut events: Vec<&Event> = Vec::new();
    for name in typed {
        let found = events_of(name, facets, table);
        if found.is_empty() {
            resolved.missing.push(Missing::Event((*name).clone()));
        }
        events.extend(found);
    }
    resolved.scope.events = event_ids(events);
}

/// The events of the index that a name, an id or words in which a person names events may mean.
pub(crate) fn events_of<'f>(typed: &str, facets: &'f Facets, table: &EventTable) -> Vec<&'f Event> {
    let key = fold(typed);
    let known = || facets.events.iter().map(|(event, _)| event);
    let is_named =
        |event: &&Event| [&event.id.0, &event.name, &event.label()].iter().any(|name| fold(name) == key);
    let exact: Vec<&Event> = known().filter(is_named).collect();
    if !exact.is_empty() {
        return exact;
    }
    let mentions = table.mentions(typed);
    known()
        .filter(|event| {
            !mentions.is_empty() && mentions.iter().all(|mention| matches_mention(event, mention))
        })
        .collect()
}

/// The years from the first that was chosen to the last.
fn choose_years(
    resolved: &mut ResolvedQuestion,
    typed: &QuestionSyntax,
    wish: &ScopeOptions,
    facets: &Facets,
    today: Date,
) {
    let mut all: Option<Years> = None;
    let mut take = |years: Years, missing: &mut Vec<Missing>| {
        if facets.years.iter().any(|(year, _)| years.contains(*year)) {
            all = Some(all.map_or(years, |others| years.cover(others)));
        } else {
            missing.push(Missing::Years(years.to_string()));
        }
    };
    if let Some(years) = wish.years {
        take(years, &mut resolved.missing);
    }
    for year in &typed.years {
        match parse::parse_years(&parse_syntax(year).words, today.year(), &|_| false) {
            Some(named) => take(named.years, &mut resolved.missing),
            None => resolved.missing.push(Missing::Years(year.clone())),
        }
    }
    resolved.scope.years = all;
}

/// Authors by whole names or any part of them, with or without accents.
fn choose_authors(resolved: &mut ResolvedQuestion, typed: &[&String], facets: &Facets) {
    resolved.scope.authors.clear();
    for name in typed {
        let found = authors_of(name, facets);
        if found.is_empty() {
            resolved.missing.push(Missing::Author((*name).clone()));
        }
        resolved.scope.authors.extend(found.into_iter().cloned());
    }
    resolved.scope.authors.sort();
    resolved.scope.authors.dedup();
}

/// The one of just this name; else those with all of the typed words in their names; where there are none, those with
/// words that begin so.
pub(crate) fn authors_of<'f>(typed: &str, facets: &'f Facets) -> Vec<&'f String> {
    let wanted = fold_name(typed);
    if let Some((author, _)) = facets.authors.iter().find(|(author, _)| fold_name(author) == wanted) {
        return vec![author];
    }
    let with = |is_said: fn(&str, &str) -> bool| -> Vec<&'f String> {
        let fitting = |author: &&String| {
            let name = fold_name(author);
            wanted.split(' ').all(|word| name.split(' ').any(|part| is_said(part, word)))
        };
        facets.authors.iter().map(|(author, _)| author).filter(fitting).collect()
    };
    let whole = with(|part, word| part == word);
    if whole.is_empty() { with(|part, word| part.starts_with(word)) } else { whole }
}

/// Lower case, with all that is no letter or digit made a hyphen.
pub(crate) fn fold(text: &str) -> String {
    let lower = text.to_lowercase();
    let parts: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty()).collect();
    parts.join("-")
}
