//! Detection against the table of truth and against the manifest of the shared posts, where they are present.

use std::path::Path;

use jiff::civil::Date;
use serde::Deserialize;
use takeaways_testing::shared_data::shared_posts;

use super::{EventDetectionInput, EventTable, detect_events};
use takeaways_text::model::{Event, EventId};

#[derive(Deserialize)]
struct ExpectedEvents {
    post: Vec<ExpectedEvent>,
}

#[derive(Deserialize)]
struct ExpectedEvent {
    file: String,
    title: String,
    date: String,
    event: String,
}

#[derive(Deserialize)]
struct EventManifestLine {
    file: String,
    title: String,
    date: String,
    event: String,
    event_year: i16,
}

/// What detection makes of a file. The real readers are not asked: front matter and addresses are cut out
/// roughly.
fn detect_in_file(file: &Path, title: &str, date: &str) -> Vec<Event> {
    let source = std::fs::read_to_string(file).unwrap_or_default();
    let (head, body) = front_matter(&source);
    let text = without_addresses(body);
    let headings: Vec<&str> =
        text.lines().filter(|line| line.starts_with('#')).map(|line| line.trim_matches(['#', ' '])).collect();
    let stem = file.file_name().and_then(|name| name.to_str()).and_then(|name| name.split('.').next());
    let clues = EventDetectionInput {
        title: Some(title).filter(|title| !title.is_empty()),
        file_stem: stem.unwrap_or_default(),
        tags: &tags(head),
        date: date.get(..10).and_then(|date| date.parse::<Date>().ok()),
        text: &text,
        headings: &headings,
        declared_events: &[],
    };
    detect_events(EventTable::builtin(), &clues)
}

fn front_matter(source: &str) -> (&str, &str) {
    for fence in ["---\n", "+++\n"] {
        if let Some((head, body)) =
            source.strip_prefix(fence).and_then(|rest| rest.split_once(&format!("\n{fence}")))
        {
            return (head, body);
        }
    }
    ("", source)
}

/// The words of lines that hold tags, and of lists under them.
fn tags(head: &str) -> Vec<String> {
    let is_tags = |line: &str| line.starts_with("tags") || line.starts_with("categories");
    let mut tags = Vec::new();
    let mut within = false;
    for line in head.lines() {
        within = is_tags(line) || (within && (line.starts_with([' ', '-']) || line.is_empty()));
        if within {
            let values =
                line.split_once([':', '=']).filter(|_| is_tags(line)).map_or(line, |(_, values)| values);
            tags.extend(
                values.split(',').map(|tag| tag.trim_matches([' ', '-', '[', ']', '"', '\'']).to_owned()),
            );
        }
    }
    tags
}

fn without_addresses(text: &str) -> String {
    let link = regex::Regex::new(r#"(\]\([^)]*\)|https?://[^\s\[\])>"]+|<[^>]{0,2000}>|\{\{[^}]*\}\})"#)
        .expect("a sound pattern");
    link.replace_all(text, " ").into_owned()
}

#[test]
fn every_post_of_the_table_of_truth_gets_its_event() {
    let Some(folder) = shared_posts() else { return };
    let truth: ExpectedEvents =
        toml::from_str(include_str!("../../../../tests/data/truth.toml")).expect("the truth is TOML");
    let mut wrong = Vec::new();
    for post in &truth.post {
        let known = EventTable::builtin().edition(&EventId(post.event.clone())).is_some();
        assert!(known || post.event.is_empty(), "{}: {} is not in the table", post.file, post.event);
        let events = detect_in_file(&folder.join(&post.file), &post.title, &post.date);
        let first = events.first().map_or("", |event| event.id.0.as_str());
        if first != post.event {
            wrong.push(format!("{}: {first}, should be {}", post.file, post.event));
        }
    }
    println!("{} of {} right", truth.post.len() - wrong.len(), truth.post.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The manifest names events its own way; a year or a series that differs is worth a look (`--nocapture`).
#[test]
fn the_manifest_agrees_on_nearly_every_event() {
    let Some(folder) = shared_posts() else { return };
    let lines = std::fs::read_to_string(folder.join("manifest.jsonl")).expect("the manifest is there");
    let mut all = 0;
    let mut apart = 0;
    for line in lines.lines() {
        let line: EventManifestLine = serde_json::from_str(line).expect("a line of the manifest");
        let events = detect_in_file(&folder.join("real").join(&line.file), &line.title, &line.date);
        all += 1;
        if !agrees(&events, &line) {
            apart += 1;
            let ids: Vec<&str> = events.iter().map(|event| event.id.0.as_str()).collect();
            println!("{}: {ids:?}, the manifest says {} {}", line.file, line.event, line.event_year);
        }
    }
    println!("{apart} of {all} apart");
    // Ten in a hundred: the manifest has mistakes of its own, and posts that are about several editions.
    assert!(apart * 10 <= all, "{apart} of {all} apart");
}

fn agrees(events: &[Event], line: &EventManifestLine) -> bool {
    let meant = EventTable::builtin().mentions(&format!("{} {}", line.event, line.event_year));
    let meant = meant.iter().find(|mention| mention.series.is_some());
    events.first().is_some_and(|event| {
        event.year == Some(line.event_year)
            && meant.is_none_or(|mention| {
                mention.editions.is_empty() || mention.editions.iter().any(|other| other.id == event.id)
            })
    })
}
