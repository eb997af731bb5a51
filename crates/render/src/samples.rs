//! Answers, explanations and digests for the snapshots.

use jiff::civil::date;

use takeaways_answer::{
    Decision, ExplainedAlternative, ExplainedCandidate, ExplainedConcept, Explanation, Turn, VerifiedAnswer,
};
use takeaways_digest::{Bundle, Digest, DigestItem, EventGroup};
use takeaways_text::model::{
    Answer, AuthorCount, Citation, Event, EventId, Excerpt, ExcerptDate, Group, GroupTitle, Language, Link,
    ListItem, Missing, Overview, PostCount, PostId, PostKind, Question, Quote, Reason, ReasonKind, Scope,
    Shape, Span, Suggestion, YearCount, Years,
};

/// The text of the spans in [`cited_answer`].
const TEXT: &str = "Three things stood out:\nService mesh is still young, and most teams that I met run a mesh for \
                    one cluster only.\nサービスメッシュはまだ若い。";

fn span(words: &str) -> Span {
    let start = TEXT.find(words).expect("words of the text");
    Span::new(TEXT, start..start + words.len()).expect("a cut of the text")
}

fn quote(words: &str) -> Quote {
    Quote { text: words.into(), span: span(words) }
}

pub fn question() -> Question {
    "what about meshes?".parse().expect("a question")
}

/// A turn whose answer is limited to [`event`].
pub fn turn() -> Turn {
    let json = r#"{"question": "takeaways", "topic": "", "subject": null, "series": [], "shown": [], "further": [],
        "scope": {"events": ["kubecon-na-2019"], "years": null, "authors": [], "people": []}, "themes": [],
        "shown_event": null, "person": null, "overview": "takeaways", "offers": [], "language": "en"}"#;
    serde_json::from_str(json).expect("a turn")
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

/// A list item of a post with its lead-in and a link, a note, and a post with nearly no metadata.
pub fn cited_answer() -> Answer {
    Answer::Cited {
        listed: Vec::new(),
        excerpts: vec![post_excerpt(), note_excerpt(), anonymous_excerpt()],
        scope: Scope {
            events: vec![event().id],
            years: Some(Years { first: 2018, last: 2020 }),
            authors: vec!["Ada".into(), "Grace".into()],
            excluded_authors: Vec::new(),
            people: Vec::new(),
        },
        newest: Some(ExcerptDate::Day(date(2019, 12, 5))),
        confidence: 0.876_543,
        language: Language::En,
    }
}

pub fn post_excerpt() -> Excerpt {
    Excerpt {
        id: "0123456789ab".into(),
        quote: quote(
            "Service mesh is still young, and most teams that I met run a mesh for one cluster only.",
        ),
        lead_in: Some(quote("Three things stood out:")),
        marks: vec![span("Service mesh"), span("mesh for")],
        answer: None,
        items: None,
        list_items: vec![ListItem { span: span("Service mesh is still"), level: 0, number: None }],
        links: vec![Link { span: span("a mesh"), url: "/posts/meshes".into() }],
        line: 2,
        foreign_language: None,
        score: 12.345_678,
        duplicate_count: 2,
        citation: Citation {
            post: PostId("2019/mesh-notes".into()),
            path: "2019/mesh-notes.md".into(),
            kind: PostKind::Post,
            title: "What I learned in San Diego".into(),
            author: Some("Ada Example".into()),
            speaker: None,
            date: Some(date(2019, 12, 5)),
            event: Some(event()),
            section: vec!["Networking".into(), "Meshes".into()],
            url: Some("https://example.com/posts/what-i-learned-in-san-diego".into()),
            draft: false,
            scheduled: None,
        },
    }
}

fn note_excerpt() -> Excerpt {
    let mut note = post_excerpt();
    note.quote = quote("サービスメッシュはまだ若い。");
    note.lead_in = None;
    note.list_items = vec![];
    note.foreign_language = Some(Language::Ja);
    note.marks = vec![span("サービスメッシュ")];
    note.duplicate_count = 0;
    note.citation.kind = PostKind::Note;
    note.citation.section = vec![];
    note
}

fn anonymous_excerpt() -> Excerpt {
    let mut post = post_excerpt();
    post.lead_in = None;
    post.list_items = vec![];
    post.marks = vec![];
    post.duplicate_count = 0;
    post.citation = Citation {
        post: PostId("raw".into()),
        path: "raw.txt".into(),
        kind: PostKind::Post,
        title: "raw\u{1b}[31m\nnotes".into(),
        author: None,
        speaker: None,
        date: None,
        event: None,
        section: vec![],
        url: None,
        draft: false,
        scheduled: None,
    };
    post
}

/// A trend of two groups: two lines of a theme, the second a long one, and a note.
pub fn overview() -> Answer {
    let mut long = post_excerpt();
    long.quote.text = "Service mesh is still young. ".repeat(9).trim_end().to_owned();
    long.lead_in = None;
    long.list_items = vec![];
    long.marks = vec![];
    long.links = vec![];
    let short = Excerpt { lead_in: None, ..post_excerpt() };
    let year = |year, posts, of| YearCount { year, posts: PostCount { posts, of } };
    Answer::Overview(Overview {
        shape: Shape::Trend,
        topic: Some("service mesh".into()),
        scope: Scope { events: vec![event().id], ..Scope::default() },
        posts: PostCount { posts: 3, of: 3 },
        authors: AuthorCount { named: 2, are_some_unnamed: false },
        days: None,
        groups: vec![
            Group {
                title: GroupTitle::Theme("Service mesh".into()),
                posts: PostCount { posts: 2, of: 3 },
                lines: 0..2,
                reasons: vec![Reason { kind: ReasonKind::Posts, value: 1.5 }],
            },
            Group {
                title: GroupTitle::Also,
                posts: PostCount { posts: 3, of: 3 },
                lines: 2..3,
                reasons: vec![],
            },
        ],
        excerpts: vec![short, long, note_excerpt()],
        reasons: vec![vec![Reason { kind: ReasonKind::Grade, value: 1.25 }], vec![], vec![]],
        card: None,
        contrast: Vec::new(),
        mentions: None,
        further: 0,
        series: vec![year(2018, 1, 2), year(2019, 4, 8)],
        newest: None,
        confidence: 0.5,
        too_few: true,
        is_partial: false,
        unmentioned: None,
        language: Language::En,
    })
}

pub fn nothing_found() -> Answer {
    Answer::NothingFound {
        listed: Vec::new(),
        newest: None,
        unanswerable: None,
        nearest: None,
        scope: Scope { events: vec![event().id], ..Scope::default() },
        confidence: 0.031_25,
        missing: vec![Missing::Words("Ansible".into()), Missing::Words("Tower".into())],
        suggestions: vec![Suggestion { question: "what about GitOps?".into() }],
        language: Language::En,
    }
}

fn alternative(terms: &str, weight: f32, languages: &[Language]) -> ExplainedAlternative {
    ExplainedAlternative { terms: terms.into(), weight, languages: languages.to_vec() }
}

/// An explanation with a candidate for each decision.
pub fn explanation() -> Explanation {
    let mesh = ExplainedConcept {
        text: "meshes".into(),
        alternatives: vec![
            alternative("mesh", 1.0, &[]),
            alternative("servic mesh", 0.8, &[Language::En, Language::De]),
            alternative("istio", 0.5, &[]),
        ],
        other_words: vec![("service mesh".into(), 0.8), ("istio".into(), 0.5)],
        importance: 2.345,
        is_name: false,
        is_known: true,
    };
    let ansible = ExplainedConcept {
        text: "Ansible\u{1b}".into(),
        is_name: true,
        is_known: false,
        alternatives: vec![],
        other_words: vec![],
        ..mesh.clone()
    };
    let whole = ExplainedConcept { text: String::new(), importance: 0.5, ..mesh.clone() };
    let decisions = [
        Decision::Shown(0),
        Decision::Duplicate(0),
        Decision::Overlaps(1),
        Decision::LowCoverage,
        Decision::PostLimit,
        Decision::Limit,
        Decision::LowScore,
        Decision::LowConfidence,
    ];
    Explanation {
        answer_type: "how many",
        scope: Scope { events: vec![event().id], ..Scope::default() },
        series: vec!["KubeCon".into()],
        missing: vec![Missing::Author("nobody".into())],
        concepts: vec![mesh, ansible, whole],
        candidates: decisions.into_iter().map(candidate).collect(),
        is_unanswerable: false,
        confidence: 0.875,
        threshold: 0.28,
        bias: -2.044,
        signals: vec![
            ("coverage", -0.1, 1.568),
            ("margin", 1.0, 2.28),
            ("whole", 0.0, 0.412),
            ("asks", 1.6, 1.163),
        ],
    }
}

/// An explanation of a question with only common words.
pub fn empty_explanation() -> Explanation {
    Explanation {
        answer_type: "anything",
        scope: Scope::default(),
        series: vec![],
        missing: vec![],
        concepts: vec![],
        candidates: vec![],
        confidence: 0.0,
        ..explanation()
    }
}

fn candidate(decision: Decision) -> ExplainedCandidate {
    ExplainedCandidate {
        post: PostId("2019/mesh-notes".into()),
        path: "2019/mesh-notes.md".into(),
        span: span("Service mesh is still young"),
        quote: "Service mesh\u{1b}[31m is still young,\nand most teams that I met run a mesh for one cluster only, ".repeat(3),
        score: 7.912,
        features: vec![
            ("coverage", 1.0, 3.3),
            ("names_unsaid", 1.0, -1.5),
            ("passage", 0.934, 2.8),
            ("length", 0.1, 0.15),
            ("third_language", 1.0, -0.4),
        ],
        decision,
    }
}

/// Two groups: posts that share a topic, a note, and a post with nearly no metadata.
pub fn digest() -> Digest {
    let item = |excerpt: Excerpt| DigestItem { citation: excerpt.citation, quoted: Some(excerpt.quote) };
    let (post, note, anonymous) = (item(post_excerpt()), item(note_excerpt()), item(anonymous_excerpt()));
    let mut second = post.clone();
    second.citation.post = PostId("2019/more".into());
    second.citation.title = "What others say".into();
    second.citation.url = None;
    second.quoted = None;
    let mesh = Bundle { topic: Some("service-mesh".into()), items: vec![post, second] };
    let others = Bundle { topic: None, items: vec![note] };
    let groups = vec![
        EventGroup { event: Some(event()), bundles: vec![mesh, others] },
        EventGroup { event: None, bundles: vec![Bundle { topic: None, items: vec![anonymous] }] },
    ];
    Digest { groups }
}

/// An answer as the engine gives it.
pub fn verified(answer: &Answer, events: &[Event]) -> VerifiedAnswer {
    VerifiedAnswer::new(answer.clone(), events.to_vec())
}
