//! The parts of a line of JSON that only overviews have.

use serde::Serialize;

use super::{ExcerptLine, excerpt, round_score};
use crate::wording;
use takeaways_text::model::{
    Answer, CardKind, Event, EventId, Group, GroupTitle, Mention, Mentions, Overview, PostCount, Reason,
    ReasonKind, Stance, ThemeContrast, TrendTurn, Unanswerable, YearCount,
};

/// A group of an overview.
#[derive(Serialize)]
pub(super) struct GroupOfLines<'a> {
    title: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    turn: Option<TrendTurn>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stance: Option<Stance>,
    posts: u32,
    of: u32,
    lines: Vec<ExcerptLine<'a>>,
}

/// Why an overview has its themes and its lines.
#[derive(Serialize)]
pub(super) struct ReasonLines {
    groups: Vec<SumLine>,
    lines: Vec<SumLine>,
}

/// What a score adds up from.
#[derive(Serialize)]
struct SumLine {
    score: f64,
    reasons: Vec<ReasonLine>,
}

#[derive(Serialize)]
struct ReasonLine {
    kind: ReasonKind,
    value: f64,
}

/// A theme of a comparison.
#[derive(Serialize)]
pub(super) struct ContrastLine<'a> {
    title: &'a str,
    sides: [ShareLine; 2],
    #[serde(skip_serializing_if = "Option::is_none")]
    more: Option<&'static str>,
}

#[derive(Serialize)]
struct ShareLine {
    posts: u32,
    of: u32,
}

/// A year of a trend.
#[derive(Serialize)]
pub(super) struct YearLine {
    year: i16,
    posts: u32,
    of: u32,
}

/// The first and the last recap that mention something.
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
        title: wording::group_name(group, overview),
        turn: match group.title {
            GroupTitle::Year { turn, .. } => turn,
            _ => None,
        },
        stance: match group.title {
            GroupTitle::Stance(stance) => Some(stance),
            _ => None,
        },
        posts: group.posts.posts,
        of: group.posts.of,
        lines: overview.excerpts.get(group.lines.clone()).unwrap_or_default().iter().map(excerpt).collect(),
    };
    overview.groups.iter().map(group).collect()
}

pub(super) fn reasons(overview: &Overview) -> ReasonLines {
    let reason = |it: &Reason| ReasonLine { kind: it.kind, value: round_score(it.value) };
    let sum = |reasons: &[Reason]| SumLine {
        score: round_score(reasons.iter().map(|it| it.value).sum()),
        reasons: reasons.iter().map(reason).collect(),
    };
    ReasonLines {
        groups: overview.groups.iter().map(|group| sum(&group.reasons)).collect(),
        lines: overview.reasons.iter().map(|reasons| sum(reasons)).collect(),
    }
}

pub(super) fn contrast(overview: &Overview) -> Vec<ContrastLine<'_>> {
    let side = |count: &PostCount| ShareLine { posts: count.posts, of: count.of };
    let themes = overview.contrast.iter();
    themes
        .map(|ThemeContrast { name, sides, more }| {
            let more = more.map(|side| if side == 0 { "first" } else { "second" });
            ContrastLine { title: name, sides: sides.each_ref().map(side), more }
        })
        .collect()
}

pub(super) fn series(overview: &Overview) -> Vec<YearLine> {
    let year =
        |count: &YearCount| YearLine { year: count.year, posts: count.posts.posts, of: count.posts.of };
    overview.series.iter().map(year).collect()
}

/// What is said of an answer beside its lines: that it may be none, that there are too few posts, that no line names all that is asked
/// about, or why recaps can't answer.
pub(super) fn verdict(answer: &Answer) -> Option<&'static str> {
    match answer {
        Answer::Overview(Overview { too_few: true, .. }) => Some("too_few"),
        Answer::Overview(Overview { is_partial: true, .. }) => Some("partial"),
        Answer::NothingFound { unanswerable, .. } => unanswerable.map(Unanswerable::name),
        Answer::Cited { .. } => answer.is_unsure().then_some("unsure"),
        Answer::Overview(_) => None,
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
        authors: overview.authors.named,
        events: counted.collect(),
    })
}
