//! Handmade answers for the snapshots.

use jiff::civil::date;

use crate::model::{
    Age, Answer, Citation, Event, EventId, Excerpt, Kind, Missing, Offer, PostId, Question, Quoted, Scope,
    Span, Years,
};

/// The text that the spans of [`cited`] count in.
const TEXT: &str = "Three things stood out:\nService mesh is still young, and most teams that I met run a mesh for \
                    one cluster only.\nサービスメッシュはまだ若い。";

fn span(words: &str) -> Span {
    let start = TEXT.find(words).expect("words of the text");
    Span::new(TEXT, start..start + words.len()).expect("a cut of the text")
}

fn quoted(words: &str) -> Quoted {
    Quoted { quote: words.into(), span: span(words) }
}

pub fn question() -> Question {
    "what about meshes?".parse().expect("a question")
}

pub fn event() -> Event {
    Event {
        id: EventId("kubecon-na-2019".into()),
        series: "KubeCon + CloudNativeCon".into(),
        name: "KubeCon NA 2019".into(),
        year: Some(2019),
        city: Some("San Diego".into()),
        country: Some("United States".into()),
        region: Some("North America".into()),
        start: Some(date(2019, 11, 18)),
        end: Some(date(2019, 11, 21)),
    }
}

/// A post's list item with its lead-in, a note, and a post of which nearly nothing is known.
pub fn cited() -> Answer {
    Answer::Cited {
        excerpts: vec![from_post(), from_note(), from_nobody()],
        scope: Scope {
            events: vec![event().id],
            years: Some(Years { first: 2018, last: 2020 }),
            authors: vec!["Ada".into(), "Grace".into()],
        },
        newest: Some(Age::Day(date(2019, 12, 5))),
        confidence: 0.876_543,
    }
}

fn from_post() -> Excerpt {
    Excerpt {
        id: "0123456789ab".into(),
        quoted: quoted(
            "Service mesh is still young, and most teams that I met run a mesh for one cluster only.",
        ),
        lead_in: Some(quoted("Three things stood out:")),
        marks: vec![span("Service mesh"), span("mesh for")],
        score: 12.345_678,
        also: 2,
        citation: Citation {
            post: PostId("2019/mesh-notes".into()),
            path: "2019/mesh-notes.md".into(),
            kind: Kind::Post,
            title: "What I learned in San Diego".into(),
            author: Some("Ada Example".into()),
            date: Some(date(2019, 12, 5)),
            event: Some(event()),
            section: vec!["Networking".into(), "Meshes".into()],
            url: Some("https://example.com/posts/what-i-learned-in-san-diego".into()),
            draft: false,
            scheduled: None,
        },
    }
}

fn from_note() -> Excerpt {
    let mut note = from_post();
    note.quoted = quoted("サービスメッシュはまだ若い。");
    note.lead_in = None;
    note.marks = vec![span("サービスメッシュ")];
    note.also = 0;
    note.citation.kind = Kind::Note;
    note.citation.section = vec![];
    note
}

fn from_nobody() -> Excerpt {
    let mut post = from_post();
    post.lead_in = None;
    post.marks = vec![];
    post.also = 0;
    post.citation = Citation {
        post: PostId("raw".into()),
        path: "raw.txt".into(),
        kind: Kind::Post,
        title: "raw\u{1b}[31m\nnotes".into(),
        author: None,
        date: None,
        event: None,
        section: vec![],
        url: None,
        draft: false,
        scheduled: None,
    };
    post
}

pub fn nothing_found() -> Answer {
    Answer::NothingFound {
        scope: Scope { events: vec![event().id], ..Scope::default() },
        confidence: 0.031_25,
        missing: vec![Missing::Words("Ansible".into()), Missing::Words("Tower".into())],
        offers: vec![Offer { question: "what about GitOps?".into() }],
    }
}
