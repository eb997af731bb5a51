//! Renders answers and digests as one line of JSON each: the output of `--batch` and `--format json`.

mod explanation;
mod overview;

use crate::{marked_quote::link_address, wording};
use explanation::ExplanationLine;
use overview::{
    CardLine, ContrastLine, GroupOfLines, MentionLines, ReasonLines, YearLine, card, contrast, groups,
    mentions, reasons, series, verdict,
};
use serde::Serialize;
use serde_json::value::RawValue;
use std::time::Duration;
use takeaways_answer::{Explanation, Respelling, VerifiedAnswer};
use takeaways_digest::{Digest, DigestCounts, DigestItem, EventGroup, OmittedPost};
use takeaways_text::model::{
    Answer, Citation, Event, EventId, Excerpt, ExcerptDate, ItemCount, Language, Link, PostKind, Quote,
    Scope, Shape, Span,
};

#[derive(Serialize)]
struct AnswerLine<'a> {
    id: &'a RawValue,
    question: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    understood: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    respelled: Vec<RespelledLine<'a>>,
    answered: bool,
    shape: Shape,
    verdict: Option<&'static str>,
    confidence: f64,
    scope: ScopeLine<'a>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    listed: Vec<ListedLine<'a>>,
    excerpts: Vec<ExcerptLine<'a>>,
    groups: Vec<GroupOfLines<'a>>,
    series: Vec<YearLine>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    contrast: Vec<ContrastLine<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    further: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mentions: Option<MentionLines>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card: Option<CardLine<'a>>,
    newest: Option<String>,
    nearest: Option<ExcerptLine<'a>>,
    try_instead: Vec<&'a str>,
    elapsed_us: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    explanation: Option<ExplanationLine<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reasons: Option<ReasonLines>,
}

#[derive(Serialize)]
struct RespelledLine<'a> {
    typed: &'a str,
    read: &'a str,
}

#[derive(Serialize)]
struct ScopeLine<'a> {
    events: Vec<&'a str>,
    years: Vec<i16>,
    authors: &'a [String],
    excluded_authors: &'a [String],
    people: &'a [String],
}

#[derive(Serialize)]
struct ListedLine<'a> {
    event: &'a str,
    name: &'a str,
    city: Option<&'a str>,
    country: Option<&'a str>,
    start: Option<String>,
    end: Option<String>,
}

#[derive(Serialize)]
struct ExcerptLine<'a> {
    quote: &'a str,
    lead_in: Option<LeadInLine<'a>>,
    kind: PostKind,
    post: &'a str,
    path: &'a str,
    title: &'a str,
    author: Option<&'a str>,
    speaker: Option<&'a str>,
    date: Option<String>,
    event: Option<String>,
    section: Option<String>,
    url: Option<&'a str>,
    foreign_language: Option<&'static str>,
    span: [usize; 2],
    line: usize,
    answer_span: Option<[usize; 2]>,
    items: Option<ItemCount>,
    links: Vec<LinkLine<'a>>,
    score: f64,
    id: &'a str,
}

#[derive(Serialize)]
struct LinkLine<'a> {
    text: &'a str,
    url: String,
    span: [usize; 2],
}

#[derive(Serialize)]
struct LeadInLine<'a> {
    quote: &'a str,
    span: [usize; 2],
}

#[derive(Serialize)]
struct ErrorLine<'a> {
    id: &'a RawValue,
    error: &'a str,
}

/// What was asked, and how it was answered.
#[derive(Debug, Clone, Copy)]
pub struct AskedQuestion<'a> {
    /// The id of the question or `null`.
    pub id: &'a RawValue,
    /// The question as it was asked.
    pub question: &'a str,
    /// In a conversation: what was understood, in words.
    pub understood: Option<&'a str>,
    /// The time that the engine took.
    pub took: Duration,
}

/// Renders an answer in one line without a line feed. With `explains`, an overview has its reasons.
///
/// # Errors
/// None is known: only texts and numbers are written.
pub fn answer(
    asked: AskedQuestion<'_>,
    verified: &VerifiedAnswer,
    explanation: Option<&Explanation>,
    explains: bool,
) -> serde_json::Result<String> {
    let AskedQuestion { id, question, understood, took } = asked;
    let VerifiedAnswer { answer, respelled, .. } = verified;
    let overview = match answer {
        Answer::Overview(overview) => Some(overview),
        Answer::Cited { .. } | Answer::NothingFound { .. } => None,
    };
    serde_json::to_string(&AnswerLine {
        id,
        question,
        understood,
        respelled: respelled.iter().map(|Respelling { typed, read }| RespelledLine { typed, read }).collect(),
        answered: !matches!(answer, Answer::NothingFound { .. }),
        shape: overview.map_or(Shape::Fact, |overview| overview.shape),
        verdict: verdict(answer),
        confidence: round_score(answer.confidence()),
        scope: scope(answer.scope()),
        listed: answer.listed().iter().map(listed).collect(),
        excerpts: answer.excerpts().iter().map(excerpt).collect(),
        groups: overview.map(groups).unwrap_or_default(),
        series: overview.map(series).unwrap_or_default(),
        contrast: overview.map(contrast).unwrap_or_default(),
        further: overview.map(|overview| overview.further).filter(|further| *further > 0),
        mentions: overview.and_then(|overview| overview.mentions.as_deref()).map(mentions),
        card: overview.and_then(card),
        newest: answer.newest().and_then(ExcerptDate::day).map(|day| day.to_string()),
        nearest: nearest(answer).map(excerpt),
        try_instead: suggestions(answer),
        elapsed_us: u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        explanation: explanation.map(ExplanationLine::new),
        reasons: overview.filter(|_| explains).map(reasons),
    })
}

/// Renders an error in place of an answer, without a line feed.
///
/// # Errors
/// None is known, as for [`answer`].
pub fn error(id: &RawValue, error: &str) -> serde_json::Result<String> {
    serde_json::to_string(&ErrorLine { id, error })
}

fn listed(event: &Event) -> ListedLine<'_> {
    let Event { id, name, city, country, start, end, .. } = event;
    ListedLine {
        event: &id.0,
        name,
        city: city.as_deref(),
        country: country.as_deref(),
        start: start.map(|day| day.to_string()),
        end: end.map(|day| day.to_string()),
    }
}

fn scope(scope: &Scope) -> ScopeLine<'_> {
    ScopeLine {
        events: scope.events.iter().map(|id| id.0.as_str()).collect(),
        years: scope.years.map(|years| (years.first..=years.last).collect()).unwrap_or_default(),
        authors: &scope.authors,
        excluded_authors: &scope.excluded_authors,
        people: &scope.people,
    }
}

fn excerpt(excerpt: &Excerpt) -> ExcerptLine<'_> {
    let from: &Citation = &excerpt.citation;
    ExcerptLine {
        quote: &excerpt.quote.text,
        lead_in: excerpt.lead_in.as_ref().map(lead_in),
        kind: from.kind,
        post: &from.post.0,
        path: &from.path,
        title: &from.title,
        author: from.author.as_deref(),
        speaker: from.speaker.as_deref(),
        date: from.date.map(|date| date.to_string()),
        event: from.event.as_ref().map(Event::label),
        section: Some(from.section.join(" › ")).filter(|section| !section.is_empty()),
        url: from.url.as_deref(),
        foreign_language: excerpt.foreign_language.map(Language::code),
        span: span_bounds(excerpt.quote.span),
        line: excerpt.line,
        answer_span: excerpt.answer.map(span_bounds),
        items: excerpt.items,
        links: links(excerpt),
        score: round_score(excerpt.score),
        id: &excerpt.id,
    }
}

/// The links of the lead-in and the quote.
fn links(excerpt: &Excerpt) -> Vec<LinkLine<'_>> {
    let quotes = || excerpt.lead_in.iter().chain([&excerpt.quote]);
    let text = |span: Span| {
        let quote = quotes().find(|quote| quote.span.contains(span))?;
        let start = quote.span.start();
        quote.text.get(span.start() - start..span.end() - start)
    };
    let link = |link: &Link| {
        let url = link_address(excerpt, link)
            .map_or_else(|| link.url.clone(), |address| address.as_str().to_owned());
        Some(LinkLine { text: text(link.span)?, url, span: span_bounds(link.span) })
    };
    excerpt.links.iter().filter_map(link).collect()
}

fn lead_in(line: &Quote) -> LeadInLine<'_> {
    LeadInLine { quote: &line.text, span: span_bounds(line.span) }
}

fn span_bounds(span: Span) -> [usize; 2] {
    [span.start(), span.end()]
}

/// The excerpt that comes nearest to an answer, if there is none.
fn nearest(answer: &Answer) -> Option<&Excerpt> {
    match answer {
        Answer::NothingFound { nearest, .. } => nearest.as_deref(),
        Answer::Cited { .. } | Answer::Overview(_) => None,
    }
}

fn suggestions(answer: &Answer) -> Vec<&str> {
    match answer {
        Answer::Cited { .. } | Answer::Overview(_) => Vec::new(),
        Answer::NothingFound { suggestions, .. } => {
            suggestions.iter().map(|it| it.question.as_str()).collect()
        }
    }
}

/// Rounds to four decimals; more would be noise.
fn round_score(number: f32) -> f64 {
    (f64::from(number) * 10_000.0).round() / 10_000.0
}

#[derive(Serialize)]
struct DigestLine<'a> {
    headline: Option<String>,
    recaps: usize,
    notes: usize,
    events: usize,
    groups: Vec<GroupLine<'a>>,
    left_out: Vec<OmittedPostLine<'a>>,
}

#[derive(Serialize)]
struct GroupLine<'a> {
    event: Option<&'a EventId>,
    name: Option<String>,
    bundles: Vec<BundleLine<'a>>,
}

#[derive(Serialize)]
struct BundleLine<'a> {
    topic: Option<&'a str>,
    posts: Vec<ItemLine<'a>>,
}

#[derive(Serialize)]
struct ItemLine<'a> {
    post: &'a str,
    path: &'a str,
    kind: PostKind,
    title: &'a str,
    author: Option<&'a str>,
    date: Option<String>,
    url: Option<&'a str>,
    quote: Option<&'a str>,
    span: Option<[usize; 2]>,
}

#[derive(Serialize)]
struct OmittedPostLine<'a> {
    post: &'a str,
    path: &'a str,
    why: String,
}

/// Renders a digest in one line without a line feed. The headline of a digest without posts is `null`.
///
/// # Errors
/// None is known: only texts and numbers are written.
pub fn digest(digest: Option<&Digest>, left_out: &[OmittedPost]) -> serde_json::Result<String> {
    let DigestCounts { recaps, notes, events } = digest.map(Digest::counts).unwrap_or_default();
    serde_json::to_string(&DigestLine {
        headline: digest.map(wording::headline),
        recaps,
        notes,
        events,
        groups: digest.iter().flat_map(|digest| &digest.groups).map(group).collect(),
        left_out: left_out.iter().map(omitted_post_line).collect(),
    })
}

fn group(group: &EventGroup) -> GroupLine<'_> {
    let bundles = group.bundles.iter();
    GroupLine {
        event: group.event.as_ref().map(|event| &event.id),
        name: group.event.as_ref().map(Event::label),
        bundles: bundles
            .map(|bundle| BundleLine {
                topic: bundle.topic.as_deref().map(wording::topic),
                posts: bundle.items.iter().map(item).collect(),
            })
            .collect(),
    }
}

fn item(item: &DigestItem) -> ItemLine<'_> {
    let from = &item.citation;
    ItemLine {
        post: &from.post.0,
        path: &from.path,
        kind: from.kind,
        title: &from.title,
        author: from.author.as_deref(),
        date: from.date.map(|date| date.to_string()),
        url: from.url.as_deref(),
        quote: item.quoted.as_ref().map(|quoted| quoted.text.as_str()),
        span: item.quoted.as_ref().map(|quoted| span_bounds(quoted.span)),
    }
}

fn omitted_post_line(omitted: &OmittedPost) -> OmittedPostLine<'_> {
    let post = &omitted.post.metadata;
    OmittedPostLine { post: &post.id.0, path: &post.path, why: wording::omission_reason(&omitted.reason) }
}

#[cfg(test)]
mod tests;
