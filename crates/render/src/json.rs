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
use takeaways_answer::Explanation;
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
    answer: &Answer,
    explanation: Option<&Explanation>,
    explains: bool,
) -> serde_json::Result<String> {
    let AskedQuestion { id, question, understood, took } = asked;
    let overview = match answer {
        Answer::Overview(overview) => Some(overview),
        Answer::Cited { .. } | Answer::NothingFound { .. } => None,
    };
    serde_json::to_string(&AnswerLine {
        id,
        question,
        understood,
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
mod tests {
    use super::*;
    use crate::samples::{self, cited_answer, nothing_found, overview};
    use insta::assert_snapshot;

    fn id(typed: &str) -> Box<RawValue> {
        RawValue::from_string(typed.to_owned()).expect("JSON")
    }

    fn asked<'a>(id: &'a RawValue, question: &'a str) -> AskedQuestion<'a> {
        AskedQuestion { id, question, understood: None, took: Duration::from_micros(412) }
    }

    #[test]
    fn an_answer() {
        let line =
            answer(asked(&id("\"q1\""), "what about meshes?"), &cited_answer(), None, true).expect("a line");
        assert!(!line.contains('\n'));
        assert_snapshot!(line.replace("{\"quote\":", "\n{\"quote\":"), @r#"
        {"id":"q1","question":"what about meshes?","answered":true,"shape":"fact","verdict":null,"confidence":0.8765,"scope":{"events":["kubecon-na-2019"],"years":[2018,2019,2020],"authors":["Ada","Grace"],"excluded_authors":[],"people":[]},"excerpts":[
        {"quote":"Service mesh is still young, and most teams that I met run a mesh for one cluster only.","lead_in":
        {"quote":"Three things stood out:","span":[0,23]},"kind":"post","post":"2019/mesh-notes","path":"2019/mesh-notes.md","title":"What I learned in San Diego","author":"Ada Example","speaker":null,"date":"2019-12-05","event":"KubeCon NA 2019, San Diego","section":"Networking › Meshes","url":"https://example.com/posts/what-i-learned-in-san-diego","foreign_language":null,"span":[24,111],"line":2,"answer_span":null,"items":null,"links":[{"text":"a mesh","url":"https://example.com/posts/meshes","span":[83,89]}],"score":12.3457,"id":"0123456789ab"},
        {"quote":"サービスメッシュはまだ若い。","lead_in":null,"kind":"note","post":"2019/mesh-notes","path":"2019/mesh-notes.md","title":"What I learned in San Diego","author":"Ada Example","speaker":null,"date":"2019-12-05","event":"KubeCon NA 2019, San Diego","section":null,"url":"https://example.com/posts/what-i-learned-in-san-diego","foreign_language":"ja","span":[112,154],"line":2,"answer_span":null,"items":null,"links":[],"score":12.3457,"id":"0123456789ab"},
        {"quote":"Service mesh is still young, and most teams that I met run a mesh for one cluster only.","lead_in":null,"kind":"post","post":"raw","path":"raw.txt","title":"raw\u001b[31m\nnotes","author":null,"speaker":null,"date":null,"event":null,"section":null,"url":null,"foreign_language":null,"span":[24,111],"line":2,"answer_span":null,"items":null,"links":[{"text":"a mesh","url":"/posts/meshes","span":[83,89]}],"score":12.3457,"id":"0123456789ab"}],"groups":[],"series":[],"newest":"2019-12-05","nearest":null,"try_instead":[],"elapsed_us":412}
        "#);
    }

    #[test]
    fn events_of_the_table_are_apart_from_quotes() {
        let mut cited = cited_answer();
        let Answer::Cited { listed, .. } = &mut cited else { panic!("it is cited") };
        listed.push(samples::event());
        let line = answer(asked(&id("1"), "when was KubeCon?"), &cited, None, false).expect("a line");
        let expected = r#""listed":[{"event":"kubecon-na-2019","name":"KubeCon NA 2019","city":"San Diego","country":"United States","start":"2019-11-18","end":"2019-11-21"}],"excerpts""#;
        assert!(line.contains(expected), "{line}");
    }

    #[test]
    fn no_answer_and_an_error() {
        assert_snapshot!(
            answer(asked(RawValue::NULL, "what about Ansible?"), &nothing_found(), None, false).expect("a line"),
            @r#"{"id":null,"question":"what about Ansible?","answered":false,"shape":"fact","verdict":null,"confidence":0.0313,"scope":{"events":["kubecon-na-2019"],"years":[],"authors":[],"excluded_authors":[],"people":[]},"excerpts":[],"groups":[],"series":[],"newest":null,"nearest":null,"try_instead":["what about GitOps?"],"elapsed_us":412}"#
        );
        assert_snapshot!(error(&id("3"), "no \"q\"").expect("a line"), @r#"{"id":3,"error":"no \"q\""}"#);
    }

    #[test]
    fn a_digest() {
        assert_snapshot!(super::digest(Some(&samples::digest()), &[]).expect("a line"), @r#"
{"headline":"3 new recaps and 1 note on a recap on 1 event","recaps":3,"notes":1,"events":1,"groups":[{"event":"kubecon-na-2019","name":"KubeCon NA 2019, San Diego","bundles":[{"topic":"Service mesh","posts":[{"post":"2019/mesh-notes","path":"2019/mesh-notes.md","kind":"post","title":"What I learned in San Diego","author":"Ada Example","date":"2019-12-05","url":"https://example.com/posts/what-i-learned-in-san-diego","quote":"Service mesh is still young, and most teams that I met run a mesh for one cluster only.","span":[24,111]},{"post":"2019/more","path":"2019/mesh-notes.md","kind":"post","title":"What others say","author":"Ada Example","date":"2019-12-05","url":null,"quote":null,"span":null}]},{"topic":null,"posts":[{"post":"2019/mesh-notes","path":"2019/mesh-notes.md","kind":"note","title":"What I learned in San Diego","author":"Ada Example","date":"2019-12-05","url":"https://example.com/posts/what-i-learned-in-san-diego","quote":"サービスメッシュはまだ若い。","span":[112,154]}]}]},{"event":null,"name":null,"bundles":[{"topic":null,"posts":[{"post":"raw","path":"raw.txt","kind":"post","title":"raw\u001b[31m\nnotes","author":null,"date":null,"url":null,"quote":"Service mesh is still young, and most teams that I met run a mesh for one cluster only.","span":[24,111]}]}]}],"left_out":[]}
"#);
        assert_snapshot!(super::digest(None, &[]).expect("a line"), @r#"
{"headline":null,"recaps":0,"notes":0,"events":0,"groups":[],"left_out":[]}
"#);
    }

    #[test]
    fn an_overview() {
        let line = answer(asked(&id("\"o1\""), "service mesh?"), &overview(), None, true).expect("a line");
        let line: serde_json::Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!((&line["answered"], &line["shape"]), (&true.into(), &"trend".into()));
        assert_eq!(line["verdict"], "too_few");
        assert_eq!(line["excerpts"].as_array().expect("lines").len(), 3);
        let groups = line["groups"].as_array().expect("groups");
        assert_eq!(groups.len(), 2);
        assert_eq!(groups[0]["title"], "Service mesh");
        assert_eq!((&groups[0]["posts"], &groups[0]["of"]), (&2.into(), &3.into()));
        assert_eq!(groups[1]["lines"][0], line["excerpts"][2]);
        let reasons = serde_json::json!({"score": 1.25, "reasons": [{"kind": "grade", "value": 1.25}]});
        assert_eq!(line["reasons"]["lines"][0], reasons);
        assert_eq!(line["reasons"]["groups"][0]["reasons"][0]["kind"], "posts");
        assert_eq!(line["series"][1], serde_json::json!({"year": 2019, "posts": 4, "of": 8}));
    }
}
