use super::*;
use crate::front_matter;
use takeaways_text::model::BlockKind::{Heading, Paragraph};
use takeaways_text::model::{Block, BlockKind, Boundary, Section, Span};

/// Returns a body of these blocks in one section.
pub(super) fn body(blocks: &[(BlockKind, &str)]) -> Body {
    let mut body = Body { sections: vec![Section::default()], ..Body::default() };
    for (kind, text) in blocks {
        if !body.text.is_empty() {
            body.text.push_str("\n\n");
        }
        let start = body.text.len();
        body.text.push_str(text);
        let span = Span::new(&body.text, start..body.text.len()).expect("a block has text");
        body.blocks.push(Block {
            kind: *kind,
            span,
            section: 0,
            lead_in: None,
            depth: 0,
            speaker: None,
            boundary: Boundary::None,
            number: None,
        });
    }
    body
}

fn metadata_of(path: &str, front: &str, head: &DocumentHead) -> Metadata {
    let source = format!("---\n{front}\n---\n");
    let split = front_matter::split_front_matter(&source).expect("front matter");
    let body = body(&[(Heading(1), "Heading"), (Paragraph, "Text.")]);
    let format = MarkupFormat::Markdown;
    read_metadata(&MetadataInput { path, format, fields: &split.fields, head, body: &body, this_year: 2026 })
}

fn metadata_of_front_matter(front: &str) -> Metadata {
    metadata_of("post.md", front, &DocumentHead::default())
}

#[test]
fn authors_under_every_name_and_in_every_shape() {
    for (source, authors) in [
        ("author: Jane Doe", vec!["Jane Doe"]),
        ("authors: [jane, john]", vec!["jane", "john"]),
        ("authors:\n- name: Jane Doe\n  to: x", vec!["Jane Doe"]),
        ("author:\n  name: Jane Doe, John Roe\n  email:", vec!["Jane Doe", "John Roe"]),
        ("author:\nname: Jane Doe", vec!["Jane Doe"]),
        ("author_name: Jane Doe", vec!["Jane Doe"]),
        ("contributors: ['Jane Doe', 'John Roe']", vec!["Jane Doe", "John Roe"]),
        ("by:\n- Jane Doe", vec!["Jane Doe"]),
        ("params:\n  author: william", vec!["william"]),
        ("author: >-\n  Jane Doe (X),\n  John Roe (Y)", vec!["Jane Doe", "John Roe"]),
        ("authors:\n- {first_name: Jane, last_name: Doe}\n- {login: john}", vec!["Jane Doe", "john"]),
        ("author: ''\nby: Jane Doe", vec!["Jane Doe"]),
        ("author: By Jane Doe", vec!["Jane Doe"]),
        ("author: 'Doe, Jane'", vec!["Jane Doe"]),
        ("author: 'Doe-Roe, J. R.'", vec!["J. R. Doe-Roe"]),
        ("author: 'Jane, CTO'", vec!["Jane"]),
        ("author: 'pepite, galder'", vec!["pepite", "galder"]),
        ("author: 'Jane Doe, Acme'", vec!["Jane Doe"]),
        ("authors: 'Jane, John'", vec!["Jane", "John"]),
        ("authors: ['Doe, Jane', 'Roe, Richard']", vec!["Jane Doe", "Richard Roe"]),
        ("author: ['van der Berg, Jan']", vec!["Jan van der Berg"]),
        ("author: {name: 'Doe, Jane'}", vec!["Jane Doe"]),
        ("author: {given: Jane, family: Doe}", vec!["Jane Doe"]),
        ("author: {name: {given: Jane, family: Doe}}", vec!["Jane Doe"]),
        ("author: jane@example.org (Jane Doe)", vec!["Jane Doe"]),
        ("name: Jane Doe", vec![]),
        ("author:", vec![]),
    ] {
        assert_eq!(metadata_of_front_matter(source).authors, authors, "{source}");
    }
}

#[test]
fn days_under_every_name() {
    for (source, day) in [
        ("date: 2019-11-26 05:00:00 +0000", Some("2019-11-26")),
        ("created_at: 2016-09-04\nupdated_at: 2025-01-01", Some("2016-09-04")),
        ("pub_date: '2018-08-21'", Some("2018-08-21")),
        ("pubDate: 'Dec.22.2024'", Some("2024-12-22")),
        ("datePublished: Wed Dec 04 2024 18:30:00 GMT+0000 (Coordinated Universal Time)", Some("2024-12-04")),
        ("lastmod: '2019-01-17'", Some("2019-01-17")),
        ("lastmod: '2019-01-17'\ndate: 2018-12-20", Some("2018-12-20")),
        ("slug: 2023/02/07/at-fosdem", Some("2023-02-07")),
        ("path: '/blog/2020/10/28/day-1'\nlastmod: 2021-01-01", Some("2020-10-28")),
        ("published: true\npublishDate: 2019-11-26", Some("2019-11-26")),
        ("date: 0000-00-00\ncreated: 2019-11-26", Some("2019-11-26")),
        ("title: 2019-11-26", None),
        ("date:\n  created: 2019-11-26\n  updated: 2021-01-01", Some("2019-11-26")),
        ("date:\n  updated: 2021-01-01", Some("2021-01-01")),
        ("date: 20191126T100000Z", Some("2019-11-26")),
    ] {
        assert_eq!(
            metadata_of_front_matter(source).date.map(|day| day.to_string()).as_deref(),
            day,
            "{source}"
        );
    }
}

#[test]
fn a04_a_value_that_is_no_date_is_reported_and_passed_over() {
    let metadata = metadata_of("2019-11-26-post.md", "date: 0000-00-00", &DocumentHead::default());
    assert_eq!(metadata.date.map(|day| day.to_string()).as_deref(), Some("2019-11-26"));
    assert_eq!(metadata.invalid_date.map(|invalid| invalid.value).as_deref(), Some("0000-00-00"));
}

#[test]
fn drafts_and_embargoes() {
    for (source, draft) in [
        ("draft: true", true),
        ("draft: 'yes'", true),
        ("published: false", true),
        ("status: draft", true),
        ("draft: false", false),
        ("published: 2019-11-26", false),
        ("status: publish", false),
        ("title: draft", false),
    ] {
        assert_eq!(metadata_of_front_matter(source).draft, draft, "{source}");
    }
    assert!(metadata_of("_drafts/post.md", "title: T", &DocumentHead::default()).draft);
    for (source, time) in [
        ("publishDate: 2027-01-01T10:00:00+02:00", Some("2027-01-01T08:00:00Z")),
        ("publish_date: 2099-01-01", Some("2099-01-01T00:00:00Z")),
        ("embargo: soon", None),
    ] {
        assert_eq!(
            metadata_of_front_matter(source).visible_from.map(|time| time.to_string()).as_deref(),
            time,
            "{source}"
        );
    }
    assert_eq!(
        metadata_of_front_matter("embargo: soon").invalid_date.map(|invalid| invalid.value).as_deref(),
        Some("soon")
    );
    assert_eq!(metadata_of_front_matter("publish_date: 2099-01-01").invalid_date, None);
    let invalid = metadata_of_front_matter("publish_date: 2099-01-01\ndate: 2099-02-01").invalid_date;
    assert_eq!(invalid.map(|invalid| invalid.value).as_deref(), Some("2099-02-01"));
}

#[test]
fn addresses_tags_languages_and_events() {
    let metadata = metadata_of_front_matter(
        "permalink: /2019/x\ncanonical_url: https://x.org/p\ntags: a b\ncategories: [B, c]\nlang: pt_BR\n\
         event: KubeCon EU 2019\nconferences:\n- name: FOSDEM\n  year: 2020",
    );
    assert_eq!(metadata.url.as_deref(), Some("https://x.org/p"));
    assert_eq!(metadata.tags, ["a", "b", "c"]);
    assert_eq!(metadata.language, Some(Language::Pt));
    assert_eq!(metadata.events, ["KubeCon EU 2019", "FOSDEM 2020"]);
    assert_eq!(metadata_of_front_matter("url: /2019/x\nslug: https-x").url, None);
    assert_eq!(metadata_of("post.es.md", "title: T", &DocumentHead::default()).language, Some(Language::Es));
}

#[test]
fn a_note_speaks_for_its_source() {
    let metadata = metadata_of_front_matter(
        "title: Notes\nauthor: Note Taker\ndate: 2026-01-01\nevent: kubecon-na-2019\nsource:\n  title: Recap\n  \
         author: Jane Doe\n  url: https://x.org/p\n  date: 2019-11-26\n  publisher: X",
    );
    assert_eq!(metadata.kind, PostKind::Note);
    assert_eq!(metadata.title.as_deref(), Some("Recap"));
    assert_eq!(metadata.authors, ["Jane Doe"]);
    assert_eq!(metadata.date.map(|day| day.to_string()).as_deref(), Some("2019-11-26"));
    assert_eq!(metadata.url.as_deref(), Some("https://x.org/p"));
    assert_eq!(metadata.publisher.as_deref(), Some("X"));
    let on_draft = metadata_of_front_matter("source:\n  title: Recap\n  draft: true");
    assert_eq!((on_draft.is_about_draft, on_draft.draft), (true, false));
    assert!(!metadata.is_about_draft);
    assert_eq!(metadata_of_front_matter("title: T\nsource: {name: Flickr}").kind, PostKind::Post);
    assert_eq!(metadata_of_front_matter("title: T\nsource: https://x.org/p").kind, PostKind::Post);
    let bare = metadata_of_front_matter(
        "title: Notes\nauthor: Note Taker\ndate: 2026-01-01\nsource:\n  title: Recap",
    );
    assert_eq!(
        (bare.authors, bare.date),
        (vec![], None),
        "the fields of the note are not those of its source"
    );
}

#[test]
fn front_matter_goes_before_the_page_and_the_page_before_the_text() {
    let head = DocumentHead {
        title: Some("Page".into()),
        fields: vec![
            ("author".into(), "John Roe".into()),
            ("article:published_time".into(), "2018-05-03T10:00:00Z".into()),
            ("keywords".into(), "x, y".into()),
            ("article:tag".into(), "a b".into()),
            ("article:tag".into(), "c".into()),
        ],
        canonical: Some("https://x.org/c".into()),
        ..DocumentHead::default()
    };
    let metadata = metadata_of("post.md", "draft: false", &head);
    assert_eq!(metadata.title.as_deref(), Some("Page"));
    assert_eq!(metadata.authors, ["John Roe"]);
    assert_eq!(metadata.date.map(|day| day.to_string()).as_deref(), Some("2018-05-03"));
    assert_eq!(metadata.url.as_deref(), Some("https://x.org/c"));
    assert_eq!(metadata.tags, ["x", "y", "a b", "c"]);
    let metadata = metadata_of("post.md", "title: Front\nauthor: Jane Doe\ndate: 2019-01-02", &head);
    assert_eq!(metadata.title.as_deref(), Some("Front"));
    assert_eq!(metadata.authors, ["Jane Doe"]);
    assert_eq!(metadata_of_front_matter("draft: false").title.as_deref(), Some("Heading"));
}

proptest::proptest! {
    #[test]
    fn any_text_is_read_for_dates_and_names_without_a_panic(text in "(\\PC|[0-9./:年月日,()<>@-]|May|by |Author: |and ){0,40}") {
        let _ = (date::parse_day(&text, 2026), date::parse_time(&text, 2026), date::find_day(&text, 2026), date::date_in_path(&text, 2026));
        for name in author::people_in_text(&text) {
            proptest::prop_assert!(!name.is_empty() && name.chars().count() <= author::MAX_CHARS);
        }
        if !text.is_empty() {
            let body = body(&[(Paragraph, &text), (Paragraph, "Text."), (Paragraph, &text)]);
            let _ = byline::find_byline(&body, 2026);
        }
    }
}

#[test]
fn a_text_of_tags_is_split_at_commas_or_spaces() {
    for (text, words, tags) in [
        ("a b c", true, vec!["a", "b", "c"]),
        ("Docker, Event", true, vec!["Docker", "Event"]),
        ("Cloud Native", false, vec!["Cloud Native"]),
        ("#go, Go, 'x'", true, vec!["go", "x"]),
        ("", true, vec![]),
    ] {
        let mut fields = FieldMap::default();
        fields.push("tags", FieldValue::Text(text.to_owned()));
        let mut out = Vec::new();
        add_field_tags(&mut out, &fields, "tags", words);
        assert_eq!(out, tags, "{text}");
    }
}
