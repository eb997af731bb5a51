//! Which of a post's events a section tells of.

use takeaways_corpus::events::EventTable;
use takeaways_text::model::{Event, EventId, Post, Span};

/// The event that a section is headed by, where the post is about several: the nearest heading that names one of them,
/// and one only, counts.
#[must_use]
pub fn heading_event(post: &Post, section: u32) -> Option<&Event> {
    if post.events.len() < 2 {
        return None;
    }
    post.body.heading_path(section).into_iter().rev().find_map(|heading| {
        let mentions = EventTable::builtin().mentions(heading);
        let is_meant = |event: &Event| {
            mentions.iter().any(|mention| {
                mention.editions.iter().any(|edition| edition.id == event.id)
                    || mention.editions.is_empty()
                        && mention.series.is_some_and(|series| series.name == event.series)
                        && mention.year.is_none_or(|year| event.year == Some(year))
            })
        };
        let mut meant = post.events.iter().filter(|event| is_meant(event));
        meant.next().filter(|_| meant.next().is_none())
    })
}

/// The event under which an excerpt is cited: the one over its section, else the first that was asked for, else the
/// post's main one.
#[must_use]
pub fn cited_event<'p>(post: &'p Post, section: u32, asked_for: &[EventId]) -> Option<&'p Event> {
    heading_event(post, section)
        .or_else(|| post.events.iter().find(|event| asked_for.contains(&event.id)))
        .or_else(|| post.main_event())
}

/// Whether a section may answer a question about some events, or about any where there are none: not if it is headed by
/// another one.
#[must_use]
pub fn section_may_answer(post: &Post, section: u32, asked_for: &[EventId]) -> bool {
    asked_for.is_empty() || heading_event(post, section).is_none_or(|event| asked_for.contains(&event.id))
}

/// Whether words of a post may answer a question about some conferences, or about any where there are none: not where
/// the post is about others only, unless its title or the words themselves name one of them.
#[must_use]
pub fn matches_series(post: &Post, span: Span, asked_for: &[String]) -> bool {
    let is_asked_for = |series: &str| asked_for.iter().any(|asked| asked == series);
    let names_one = |text: &str| {
        let mentions = EventTable::builtin().mentions(text);
        mentions.iter().filter_map(|mention| mention.series).any(|series| is_asked_for(&series.name))
    };
    asked_for.is_empty()
        || post.events.is_empty()
        || post.events.iter().any(|event| is_asked_for(&event.series))
        || names_one(post.title.as_deref().unwrap_or_default())
        || names_one(post.body.slice(span))
}
