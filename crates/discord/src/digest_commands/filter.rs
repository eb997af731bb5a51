//! Which posts are wanted, by the names that somebody gives.

use super::Rejection;
use takeaways_answer::resolve_name::{self, AmbiguousName};
use takeaways_digest::Interest;
use takeaways_render::discord as pages;
use takeaways_search::Facets;
use takeaways_text::model::Language;

/// Takes a filter away.
const NONE_WORD: &str = "none";

/// A part of a filter, as somebody gives it with a change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum FilterChange<T> {
    /// It was not named, and stays.
    #[default]
    Keep,
    /// It goes.
    Remove,
    /// It becomes this.
    Set(T),
}

/// A filter by its names.
#[derive(Debug, Clone, Default)]
pub struct FilterOptions {
    pub event: FilterChange<String>,
    pub topic: FilterChange<String>,
    pub author: FilterChange<String>,
    pub language: FilterChange<Language>,
}

impl FilterChange<String> {
    /// Of an option: `none` takes it away, a blank says nothing.
    pub fn from_option(option: Option<String>) -> Self {
        match option.as_deref().map(str::trim) {
            None | Some("") => Self::Keep,
            Some(word) if word.eq_ignore_ascii_case(NONE_WORD) => Self::Remove,
            Some(_) => option.map_or(Self::Keep, Self::Set),
        }
    }
}

impl FilterOptions {
    /// Whether anything is named.
    pub fn is_any(&self) -> bool {
        let Self { event, topic, author, language } = self;
        [event, topic, author].into_iter().any(|part| *part != FilterChange::Keep)
            || *language != FilterChange::Keep
    }

    /// The filter with what was named changed, and what there is to say of it.
    ///
    /// # Errors
    /// If a name means nothing, or more than one thing.
    pub fn apply_to(&self, old: Interest, facets: &Facets) -> Result<(Interest, Vec<String>), Rejection> {
        let mut notes = Vec::new();
        let event = apply_change(&self.event, old.event, |typed| resolve_name::resolve_event(typed, facets))
            .map_err(|unclear| {
                Rejection::Page(pages::ambiguous_event(&unclear.input, &unclear.suggestions))
            })?;
        let topic = apply_change(&self.topic, old.topic, |typed| resolve_name::resolve_topic(typed, facets))
            .map_err(|unclear| {
                Rejection::Page(pages::ambiguous_topic(&unclear.input, &unclear.suggestions))
            })?;
        let author = apply_change(&self.author, old.author, |typed| {
            let author = resolve_name::resolve_author(typed, facets)?;
            notes.extend((!author.is_known).then(|| {
                format!(
                    "Nobody called {} has a post here yet: see that the name is spelled right.",
                    author.name
                )
            }));
            Ok(author.name)
        })
        .map_err(|unclear| Rejection::Page(pages::ambiguous_author(&unclear.input, &unclear.suggestions)))?;
        let language = match self.language {
            FilterChange::Keep => old.language,
            FilterChange::Remove => None,
            FilterChange::Set(language) => Some(language),
        };
        Ok((Interest { event, topic, author, language }, notes))
    }
}

fn apply_change<T>(
    change: &FilterChange<String>,
    old: Option<T>,
    read: impl FnOnce(&str) -> Result<T, AmbiguousName>,
) -> Result<Option<T>, AmbiguousName> {
    match change {
        FilterChange::Keep => Ok(old),
        FilterChange::Remove => Ok(None),
        FilterChange::Set(typed) => read(typed).map(Some),
    }
}
