//! The parts of a line of JSON that only overviews have.

use serde::Serialize;

use super::{ExcerptLine, excerpt};
use crate::wording;
use takeaways_text::model::{
    Answer, CardKind, Event, EventId, Group, Mention, Mentions, Overview, Unanswerable, YearCount,
};

/// A group of an overview.
#[derive(Serialize)]
pub(super) struct GroupOfLines<'a> {
    title: Option<String>,
    posts: u32,
    of: u32,
    lines: Vec<ExcerptLine<'a>>,
}

/// A year of a trend.
#[derive(Serialize)]
pub(super) struct YearLine {
    year: i16,
    posts: u32,
    of: u32,
}

/// The first and the last recap that tell of something.
#[derive(Serialize)]
pub(super) struct MentionLines {
    first: MentionLine,
    last: MentionLine,
}

#[derive(Serialize)]
struct MentionLine {
    month: String,
    event: Option<String>,
}

/// Who or what an overview is a card of.
#[derive(Serialize)]
pub(super) struct CardLine<'a> {
    kind: CardKind,
    name: &'a str,
    posts: u32,
    authors: u32,
    events: Vec<CountedEvent<'a>>,
}

#[derive(Serialize)]
struct CountedEvent<'a> {
    event: &'a EventId,
    name: String,
    posts: u32,
}

pub(super) fn groups(overview: &Overview) -> Vec<GroupOfLines<'_>> {
    let group = |group: &Group| GroupOfLines {
        title: wording::group_title(group, overview),
        posts: group.posts.posts,
        of: group.posts.of,
        lines: overview.excerpts.get(group.lines.clone()).unwrap_or_default().iter().map(excerpt).collect(),
    };
    overview.groups.iter().map(group).collect()
}

pub(super) fn series(overview: &Overview) -> Vec<YearLine> {
    let year =
        |count: &YearCount| YearLine { year: count.year, posts: count.posts.posts, of: count.posts.of };
    overview.series.iter().map(year).collect()
}

/// What is said of an answer beside its lines: that there are too few posts, or why recaps can't answer.
pub(super) fn verdict(answer: &Answer) -> Option<&'static str> {
    match answer {
        Answer::Overview(Overview { too_few: true, .. }) => Some("too_few"),
        Answer::NothingFound { unanswerable, .. } => unanswerable.map(Unanswerable::name),
        Answer::Overview(_) | Answer::Cited { .. } => None,
    }
}

pub(super) fn mentions(mentions: &Mentions) -> MentionLines {
    let line = |mention: &Mention| MentionLine {
        month: match mention.month {
            Some(month) => format!("{}-{month:02}", mention.year),
            None => mention.year.to_string(),
        },
        event: mention.event.as_ref().map(Event::label),
    };
    MentionLines { first: line(&mentions.first), last: line(&mentions.last) }
}

pub(super) fn card(overview: &Overview) -> Option<CardLine<'_>> {
    let card = overview.card.as_ref()?;
    let counted = card.events.iter().map(|(event, posts)| CountedEvent {
        event: &event.id,
        name: event.label(),
        posts: *posts,
    });
    Some(CardLine {
        kind: card.kind,
        name: &card.name,
        posts: overview.posts.of,
        authors: overview.authors,
        events: counted.collect(),
    })
}
