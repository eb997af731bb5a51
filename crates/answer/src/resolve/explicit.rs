//! The scope that options and prefixes set. It overrides the question's words.

use jiff::civil::Date;

use super::{ResolvedQuestion, ScopeOptions, event_ids, non_blank};
use crate::completion::events_with_other_name;
use crate::find_name::{event_name, find_authors_by_name, find_events_by_name, known_edition};
use crate::question_syntax::QuestionSyntax;
use crate::times::years_in_words;
use takeaways_search::Facets;
use takeaways_text::model::{Event, Missing, Scope, Years};

/// Whether options and prefixes set the scope.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ExplicitScope {
    /// There are none, so only the question's words set the scope.
    #[default]
    Unset,
    /// They set it.
    Posts,
    /// They set it by names that the index does not know, so that it has no posts.
    Empty,
}

impl ExplicitScope {
    /// Whether they set the scope.
    pub fn is_set(self) -> bool {
        self != Self::Unset
    }
}

/// The scope that options set; `None` if they name something that the index does not know.
pub(crate) fn explicit_scope(options: &ScopeOptions, facets: &Facets, today: Date) -> Option<Scope> {
    let mut resolved = ResolvedQuestion::default();
    apply_explicit_scope(&mut resolved, &QuestionSyntax::default(), options, facets, today);
    (resolved.explicit_scope != ExplicitScope::Empty).then_some(resolved.scope)
}

/// Applies the options beside a question and the prefixes in it. Several of one kind add up. Names that the index does
/// not know become missing.
pub(super) fn apply_explicit_scope(
    resolved: &mut ResolvedQuestion,
    syntax: &QuestionSyntax,
    options: &ScopeOptions,
    facets: &Facets,
    today: Date,
) {
    let events: Vec<&String> = non_blank(&options.events).chain(&syntax.events).collect();
    let authors: Vec<&String> = non_blank(&options.authors).chain(&syntax.authors).collect();
    let has_years = !syntax.years.is_empty() || options.years.is_some();
    if events.is_empty() && authors.is_empty() && !has_years {
        return;
    }
    if authors.is_empty() {
        // Who is offered several people is told that they have one name.
        resolved.missing.retain(|it| matches!(it, Missing::Namesakes(_)));
    } else {
        resolved.missing.clear();
        resolved.choices.clear();
    }
    let mut is_empty = false;
    if !events.is_empty() {
        is_empty |= !set_events(resolved, &events, facets, today);
    }
    if has_years {
        set_years(resolved, syntax, options, facets, today);
        is_empty |= resolved.scope.years.is_none();
    }
    if !authors.is_empty() {
        set_authors(resolved, &authors, facets);
        is_empty |= resolved.scope.authors.is_empty();
    }
    resolved.explicit_scope = if is_empty { ExplicitScope::Empty } else { ExplicitScope::Posts };
}

/// Sets the events from ids, names, or words that mention an event. Returns whether a post is about one of them. If none is, the
/// scope has those that are known.
fn set_events(resolved: &mut ResolvedQuestion, names: &[&String], facets: &Facets, today: Date) -> bool {
    let mut events: Vec<&Event> = Vec::new();
    let mut without_posts: Vec<&Event> = Vec::new();
    for name in names {
        let found = events_of_option(name, facets, today);
        if found.is_empty() {
            resolved.missing.push(Missing::Event(event_name(name).to_owned()));
            without_posts.extend(known_edition(name));
        }
        events.extend(found);
    }
    let has_posts = !events.is_empty();
    resolved.scope.events = event_ids(if has_posts { events } else { without_posts });
    has_posts
}

/// The events that the value of an option names: by an id, a name, words that mention them, or another name.
pub(crate) fn events_of_option<'f>(name: &str, facets: &'f Facets, today: Date) -> Vec<&'f Event> {
    let found = find_events_by_name(name, facets, today);
    if found.is_empty() { events_with_other_name(name, facets, today) } else { found }
}

/// Sets the years, from the first to the last that is named.
fn set_years(
    resolved: &mut ResolvedQuestion,
    syntax: &QuestionSyntax,
    options: &ScopeOptions,
    facets: &Facets,
    today: Date,
) {
    let mut all: Option<Years> = None;
    let mut add = |years: Years, missing: &mut Vec<Missing>| {
        if facets.years.iter().any(|(year, _)| years.contains(*year)) {
            all = Some(all.map_or(years, |all| years.cover(all)));
        } else {
            missing.push(Missing::Years(years.to_string()));
        }
    };
    if let Some(years) = options.years {
        add(years, &mut resolved.missing);
    }
    for year in &syntax.years {
        match years_in_words(year, today) {
            Some(years) => add(years, &mut resolved.missing),
            None => resolved.missing.push(Missing::Years(year.clone())),
        }
    }
    resolved.scope.years = all;
}

/// Sets the authors from whole names or parts of them, with or without accents.
fn set_authors(resolved: &mut ResolvedQuestion, names: &[&String], facets: &Facets) {
    resolved.scope.authors.clear();
    for name in names {
        let found = find_authors_by_name(name, facets);
        if found.is_empty() {
            resolved.missing.push(Missing::Author((*name).clone()));
        }
        resolved.scope.authors.extend(found.into_iter().cloned());
    }
    resolved.scope.authors.sort();
    resolved.scope.authors.dedup();
}
