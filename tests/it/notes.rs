//! The compiled-in notes: the binary alone answers from them, and shows them as notes.

use std::collections::{BTreeMap, BTreeSet};

use regex::Regex;
use serde_json::Value;
use takeaways_corpus::events::EventTable;
use takeaways_corpus::source::EMBEDDED_NOTES;
use takeaways_text::model::EventId;

use crate::harness::{Cli, TempCorpus};

/// The notes on the five posts of the first corpus.
const FIRST_NOTES: [&str; 5] = [
    "kubecon-eu-2018-looking-back.md",
    "kubecon-eu-2019-thomas.md",
    "kubecon-na-2018-cloudops.md",
    "kubecon-na-2019-garuccio.md",
    "kubecon-na-2019-san-diego.md",
];

/// Questions that only the notes answer.
const QUESTIONS: [&str; 10] = [
    "Who bought Docker Enterprise?",
    "What is Conftest?",
    "How many people attended KubeCon Europe 2019?",
    "Which standard do tracing vendors build on?",
    "What did Janet Kuo call Kubernetes?",
    "Who gave the closing keynote in Seattle?",
    "What did Kelsey Hightower propose at KubeCon Europe 2018?",
    "Which scheduling model makes Kubernetes less of a burden to operate?",
    "What did Cilium announce in San Diego?",
    "What does Duncan Thomas say about war stories?",
];

/// The front matter of a note.
fn front_matter(note: &str) -> &str {
    let parts = note.strip_prefix("---\n").and_then(|note| note.split_once("\n---\n"));
    parts.expect("front matter").0
}

/// The text of a note without its front matter.
fn body(note: &str) -> &str {
    note.splitn(3, "---\n").nth(2).expect("a text")
}

/// The ids of the events of a note.
fn events_of(path: &str, note: &str) -> Vec<String> {
    let fields: Value = serde_saphyr::from_str(front_matter(note)).expect(path);
    let events = match &fields["event"] {
        Value::Array(events) => events.clone(),
        event => vec![event.clone()],
    };
    events.iter().filter_map(|event| event.as_str().map(str::to_owned)).collect()
}

#[test]
fn the_program_alone_answers_from_notes() {
    for question in QUESTIONS {
        let run = Cli::new().args("ask --format json").arg(question).run().code(0).without_warning();
        let answer = run.json();
        for excerpt in answer["excerpts"].as_array().expect("a list") {
            assert_eq!(excerpt["kind"], "note", "{question}: {excerpt}");
            let path = excerpt["path"].as_str().expect("a path");
            assert!(EMBEDDED_NOTES.iter().any(|(file, _)| *file == path), "{question}: {excerpt}");
        }
    }
}

#[test]
fn notes_are_called_notes_and_never_put_in_quotation_marks() {
    // What the page adds to the words: numbers of footnotes and bullets.
    let markup = Regex::new(r"\[\d+\]|• ").expect("a pattern");
    let is_quotation_mark = |c: char| "\"“”„‟«»'‘’‚".contains(c);
    for question in QUESTIONS {
        let cli = Cli::new().args("ask --limit 1").arg(question);
        let page = cli.run().code(0).without_warning().out;
        let answer = Cli::new().args("ask --limit 1 --format json").arg(question).run().code(0).json();
        let excerpt = &answer["excerpts"][0];
        let title = excerpt["title"].as_str().expect("a title");
        let start: String = title.chars().take(11).collect();
        let heading = format!("Notes on '{}", start.trim_end());
        let flat = in_one_line(&markup.replace_all(&page, ""));
        assert!(!page.contains('│'), "the bar stands before an author's own words: {page}");
        let quote = in_one_line(excerpt["quote"].as_str().expect("words"));
        let (before, after) = flat.split_once(&quote).unwrap_or_else(|| panic!("no {quote:?} in {page}"));
        assert!(after.contains(&heading), "no {heading:?} below the words in {page}");
        let author = excerpt["author"].as_str().unwrap_or_default();
        assert!(after.contains(&author.chars().take(8).collect::<String>()), "{page}");
        assert!(!before.trim_end().ends_with(is_quotation_mark), "{page}");
        assert!(!after.trim_start().starts_with(is_quotation_mark), "{page}");
    }
}

fn in_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn the_corpus_of_the_program_has_no_problem_and_only_notes() {
    let checked = Cli::new().args("corpus check --format json").run().code(0).without_warning().json();
    let wrong = checked["problems"].as_array().expect("a list").iter();
    let wrong: Vec<&Value> = wrong.filter(|problem| problem["code"] != "no-date").collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
    let count = EMBEDDED_NOTES.len();
    assert_eq!((&checked["counts"]["posts"], &checked["counts"]["notes"]), (&0.into(), &count.into()));
}

#[test]
fn each_note_names_its_source_and_an_event_of_the_table() {
    let listed = Cli::new().args("corpus list --format json").run().code(0).json_lines();
    for (path, text) in EMBEDDED_NOTES {
        let fields: Value = serde_saphyr::from_str(front_matter(text)).expect(path);
        let title =
            fields["source"]["title"].as_str().unwrap_or_else(|| panic!("{path} has no source.title"));
        let ids = events_of(path, text);
        let is_known = |id: &String| EventTable::builtin().edition(&EventId(id.as_str().into())).is_some();
        assert!(!ids.is_empty() && ids.iter().all(is_known), "{path}: {ids:?}");
        // The title is that of the source.
        let post = listed.iter().find(|post| post["path"] == *path).expect(path);
        let listed: Vec<String> = post["events"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|it| it["id"].as_str().map(str::to_owned))
            .collect();
        assert_eq!((&post["title"], listed), (&title.into(), ids), "{path}");
        assert_eq!(post["date"], fields["source"]["date"], "{path}");
        assert_eq!(post["url"], fields["source"]["url"], "{path}");
        let authors: Vec<&str> =
            post["authors"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        assert_eq!(authors.join(", "), fields["source"]["author"].as_str().unwrap_or_default(), "{path}");
        assert_eq!(post["publisher"], fields["source"]["publisher"], "{path}");
    }
}

#[test]
fn a_corpus_that_is_named_takes_the_place_of_the_notes() {
    let corpus = TempCorpus::small();
    Cli::with_corpus(&corpus).args("ask who bought Docker Enterprise?").run().code(1);
    let list = Cli::with_corpus(&corpus).args("corpus list --format json").run().code(0).json_lines();
    assert!(list.iter().all(|post| post["kind"] == "post"), "{list:?}");
    let by_setting = Cli::new().env("TAKEAWAYS__CORPUS__FOLDERS", corpus.path().to_str().expect("UTF-8"));
    by_setting.args("ask who bought Docker Enterprise?").run().code(1);
}

#[test]
fn the_notes_cover_every_kubecon_and_other_conferences() {
    let mut editions = BTreeMap::<String, BTreeSet<String>>::new();
    for (path, text) in EMBEDDED_NOTES {
        for event in events_of(path, text) {
            let (series, year) = event.rsplit_once('-').expect("a year");
            editions.entry(series.to_owned()).or_default().insert(year.to_owned());
        }
        let words = body(text).split_whitespace().count();
        // The first notes are longer: each is on a post of the first corpus, and holds all of its facts.
        let most = if FIRST_NOTES.contains(path) { 2_500 } else { 500 };
        assert!((150..=most).contains(&words), "{path} has {words} words");
    }
    assert!(EMBEDDED_NOTES.len() >= 45, "{}", EMBEDDED_NOTES.len());
    let others = editions.keys().filter(|name| !name.starts_with("kubecon-")).count();
    for (series, years) in [("kubecon-na", 10), ("kubecon-eu", 9), ("kubecon-china", 3), ("kubecon-india", 2)]
    {
        assert!(editions[series].len() >= years, "{series}: {editions:?}");
    }
    assert!(others >= 8, "{editions:?}");
}
