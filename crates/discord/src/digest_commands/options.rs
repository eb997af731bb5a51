//! Resolves the names of a filter, and parses the schedule and zone of a digest.

use super::Rejection;
use jiff::{Timestamp, civil::Date};
use takeaways_answer::resolve_name;
use takeaways_digest::{Interest, Schedule, Zone};
use takeaways_render::discord::{self as pages, MessagePayload};
use takeaways_search::Facets;
use takeaways_text::model::Language;

/// The word that removes a filter.
const NONE_WORD: &str = "none";

/// A change of one part of a filter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) enum FilterChange<T> {
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
pub(crate) struct FilterOptions {
    pub event: FilterChange<String>,
    pub topic: FilterChange<String>,
    pub author: FilterChange<String>,
    pub language: FilterChange<Language>,
}

impl<T> FilterChange<T> {
    /// The changed part. A new value is resolved first; if that fails, the page explains it.
    fn apply<U>(
        &self,
        old: Option<U>,
        resolve: impl FnOnce(&T) -> Result<U, MessagePayload>,
    ) -> Result<Option<U>, Rejection> {
        match self {
            Self::Keep => Ok(old),
            Self::Remove => Ok(None),
            Self::Set(value) => resolve(value).map(Some).map_err(Rejection::Page),
        }
    }
}

impl FilterChange<String> {
    /// The change from an option: `none` removes the part, a blank leaves it.
    pub(crate) fn from_option(option: Option<String>) -> Self {
        match option.as_deref().map(str::trim) {
            None | Some("") => Self::Keep,
            Some(word) if word.eq_ignore_ascii_case(NONE_WORD) => Self::Remove,
            Some(_) => option.map_or(Self::Keep, Self::Set),
        }
    }
}

impl FilterOptions {
    /// Whether any part is changed.
    pub(crate) fn is_any(&self) -> bool {
        let Self { event, topic, author, language } = self;
        [event, topic, author].into_iter().any(|part| *part != FilterChange::Keep)
            || *language != FilterChange::Keep
    }

    /// The changed filter, and notes about it for the reply.
    ///
    /// # Errors
    /// If a name is unknown or ambiguous.
    pub(crate) fn apply_to(
        &self,
        old: Interest,
        facets: &Facets,
        today: Date,
    ) -> Result<(Interest, Vec<String>), Rejection> {
        let mut notes = Vec::new();
        let event = self.event.apply(old.event, |name| {
            resolve_name::resolve_event(name, facets, today)
                .map_err(|error| pages::ambiguous_event(&error.input, &error.suggestions))
        })?;
        let topic = self.topic.apply(old.topic, |name| {
            resolve_name::resolve_topic(name, facets)
                .map_err(|error| pages::ambiguous_topic(&error.input, &error.suggestions))
        })?;
        let author =
            self.author.apply(old.author, |name| {
                let author = resolve_name::resolve_author(name, facets)
                    .map_err(|error| pages::ambiguous_author(&error.input, &error.suggestions))?;
                notes.extend((!author.is_known).then(|| {
                    format!("Nobody called {} has a post here yet: check the spelling.", author.name)
                }));
                Ok(author.name)
            })?;
        let language = self.language.apply(old.language, |language| Ok(*language))?;
        Ok((Interest { event, topic, author, language }, notes))
    }
}

/// The schedule and zone of a command. `None` if one was not given.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Timing {
    pub schedule: Option<Schedule>,
    pub zone: Option<Zone>,
}

impl Timing {
    /// Parses two options; a blank counts as missing.
    ///
    /// # Errors
    /// A page that says what to write instead.
    pub(crate) fn parse(schedule: Option<&str>, zone: Option<&str>) -> Result<Self, Rejection> {
        let is_given = |text: &&str| !text.trim().is_empty();
        let zone = zone.filter(is_given).map(str::parse::<Zone>).transpose();
        let zone = zone.map_err(|error| Rejection::Page(pages::bad_zone(&error)))?;
        let Some(schedule) = schedule.filter(is_given) else { return Ok(Self { schedule: None, zone }) };
        let (schedule, zone_at_end) = Schedule::parse_with_zone(schedule)
            .map_err(|error| Rejection::Page(pages::bad_schedule(&error)))?;
        match (zone, zone_at_end) {
            (Some(zone), Some(zone_at_end)) if zone != zone_at_end => {
                Err(Rejection::Page(pages::conflicting_zones(&zone, &zone_at_end)))
            }
            (zone, zone_at_end) => Ok(Self { schedule: Some(schedule), zone: zone.or(zone_at_end) }),
        }
    }
}

/// Rejects a schedule that has no run after a time.
///
/// # Errors
/// A page that says what to write instead.
pub(crate) fn check_has_runs(schedule: &Schedule, zone: &Zone, now: Timestamp) -> Result<(), Rejection> {
    let next = schedule.next_run(zone, now);
    next.map(drop).ok_or_else(|| Rejection::Page(pages::never_runs()))
}
