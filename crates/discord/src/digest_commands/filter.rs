//! Resolves the names of a filter.

use super::Rejection;
use takeaways_answer::resolve_name::{self, AmbiguousName};
use takeaways_digest::Interest;
use takeaways_render::discord as pages;
use takeaways_search::Facets;
use takeaways_text::model::Language;

/// The word that removes a filter.
const NONE_WORD: &str = "none";

/// A change of one part of a filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum FilterChange<T> {
    /// The part stays as it is.
    #[default]
    Keep,
    /// The part is removed.
    Remove,
    /// The part is set to this value.
    Set(T),
}

/// The changes of a filter, by names.
#[derive(Debug, Clone, Default)]
pub struct FilterOptions {
    pub event: FilterChange<String>,
    pub topic: FilterChange<String>,
    pub author: FilterChange<String>,
    pub language: FilterChange<Language>,
}

impl FilterChange<String> {
    /// The change from an option: `none` removes the part, a blank leaves it.
    pub fn from_option(option: Option<String>) -> Self {
        match option.as_deref().map(str::trim) {
            None | Some("") => Self::Keep,
            Some(word) if word.eq_ignore_ascii_case(NONE_WORD) => Self::Remove,
            Some(_) => option.map_or(Self::Keep, Self::Set),
        }
    }
}

impl FilterOptions {
    /// Whether any part is changed.
    pub fn is_any(&self) -> bool {
        let Self { event, topic, author, language } = self;
        [event, topic, author].into_iter().any(|part| *part != FilterChange::Keep)
            || *language != FilterChange::Keep
    }

    /// The changed filter, and notes about it for the reply.
    ///
    /// # Errors
    /// If a name is unknown or ambiguous.
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
