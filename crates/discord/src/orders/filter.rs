//! Which posts are wanted, by the names that somebody gives.

use super::Stopped;
use takeaways_answer::meant::{self, Unclear};
use takeaways_digest::Interest;
use takeaways_render::discord as pages;
use takeaways_search::Facets;
use takeaways_text::model::Language;

/// Takes a filter away.
const NONE: &str = "none";

/// A part of a filter, as somebody gives it with a change.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Part<T> {
    /// It was not named, and stays.
    #[default]
    Stays,
    /// It goes.
    Goes,
    /// It becomes this.
    Becomes(T),
}

/// A filter by its names.
#[derive(Debug, Clone, Default)]
pub struct Named {
    pub event: Part<String>,
    pub topic: Part<String>,
    pub author: Part<String>,
    pub language: Part<Language>,
}

impl Part<String> {
    /// Of an option: `none` takes it away, a blank says nothing.
    pub fn of(option: Option<String>) -> Self {
        match option.as_deref().map(str::trim) {
            None | Some("") => Self::Stays,
            Some(word) if word.eq_ignore_ascii_case(NONE) => Self::Goes,
            Some(_) => option.map_or(Self::Stays, Self::Becomes),
        }
    }
}

impl Named {
    /// Whether anything is named.
    pub fn is_any(&self) -> bool {
        let Self { event, topic, author, language } = self;
        [event, topic, author].into_iter().any(|part| *part != Part::Stays) || *language != Part::Stays
    }

    /// The filter with what was named changed, and what there is to say of it.
    ///
    /// # Errors
    /// Where a name means nothing, or more than one thing.
    pub fn over(&self, old: Interest, facets: &Facets) -> Result<(Interest, Vec<String>), Stopped> {
        let mut notes = Vec::new();
        let event = part(&self.event, old.event, |typed| meant::event(typed, facets))
            .map_err(|unclear| Stopped::Told(pages::unclear_event(&unclear.typed, &unclear.offers)))?;
        let topic = part(&self.topic, old.topic, |typed| meant::topic(typed, facets))
            .map_err(|unclear| Stopped::Told(pages::unclear_topic(&unclear.typed, &unclear.offers)))?;
        let author = part(&self.author, old.author, |typed| {
            let author = meant::author(typed, facets)?;
            notes.extend((!author.is_known).then(|| {
                format!(
                    "Nobody called {} has a post here yet: see that the name is spelled right.",
                    author.name
                )
            }));
            Ok(author.name)
        })
        .map_err(|unclear| Stopped::Told(pages::unclear_author(&unclear.typed, &unclear.offers)))?;
        let language = match self.language {
            Part::Stays => old.language,
            Part::Goes => None,
            Part::Becomes(language) => Some(language),
        };
        Ok((Interest { event, topic, author, language }, notes))
    }
}

fn part<T>(
    named: &Part<String>,
    old: Option<T>,
    read: impl FnOnce(&str) -> Result<T, Unclear>,
) -> Result<Option<T>, Unclear> {
    match named {
        Part::Stays => Ok(old),
        Part::Goes => Ok(None),
        Part::Becomes(typed) => read(typed).map(Some),
    }
}
