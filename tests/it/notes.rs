//! The compiled-in notes: the binary alone answers from them, and shows them as notes.

use std::collections::HashSet;
use std::fs;

use regex::Regex;
use serde_json::Value;
use takeaways_corpus::events::EventTable;
use takeaways_corpus::source::EMBEDDED_NOTES;
use takeaways_text::model::EventId;

use crate::harness::{Cli, TempCorpus, shared_posts};

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

/// Titles of talks, which notes and posts share.
const TITLES: [&str; 4] = [
    "10 Weird ways to blow up your Kubernetes",
    "Walls Within Walls: What if Your Attacker Knows Parkour?",
    "Understanding and Troubleshooting the eBPF Datapath in Cilium",
    "Multi-Cloud Networking with Kubernetes and Tungsten Fabric",
];

/// The number of equal words in a row that count as a copied sentence.
const RUN: usize = 8;

/// Splits a note into its front matter and its body.
fn parts(note: &str) -> (&str, &str) {
    note.strip_prefix("---\n").and_then(|note| note.split_once("\n---\n")).expect("front matter")
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
        let fields: Value = serde_saphyr::from_str(parts(text).0).expect(path);
        let title =
            fields["source"]["title"].as_str().unwrap_or_else(|| panic!("{path} has no source.title"));
        let event = fields["event"].as_str().unwrap_or_else(|| panic!("{path} has no event"));
        assert!(EventTable::builtin().edition(&EventId(event.into())).is_some(), "{path}: {event}");
        // The title is that of the source.
        let post = listed.iter().find(|post| post["path"] == *path).expect(path);
        assert_eq!((&post["title"], &post["events"][0]["id"]), (&title.into(), &event.into()), "{path}");
        assert_eq!(post["date"], fields["source"]["date"], "{path}");
        assert_eq!(post["url"], fields["source"]["url"], "{path}");
        assert_eq!(post["authors"][0], fields["source"]["author"], "{path}");
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

/// Returns the runs of lower-case words in a text. Titles end a run.
fn runs(text: &str) -> Vec<Vec<String>> {
    let address = Regex::new(r"\]\([^)]*\)|https?://\S+|<[^>]*>").expect("a pattern");
    let mut text = address.replace_all(text, " ").to_lowercase();
    for title in TITLES {
        text = text.replace(&title.to_lowercase(), "\0");
    }
    let is_word = |c: char| c.is_alphanumeric();
    let words =
        |part: &str| part.split(|c| !is_word(c)).filter(|word| !word.is_empty()).map(str::to_owned).collect();
    text.split('\0').map(words).collect()
}

#[test]
fn no_note_holds_a_sentence_of_a_post() {
    let Some(posts) = shared_posts() else { return };
    let seeds =
        fs::read_dir(posts.join("seeds")).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut known: HashSet<Vec<String>> = HashSet::new();
    for seed in seeds {
        for run in runs(&fs::read_to_string(seed).expect("UTF-8")) {
            known.extend(run.windows(RUN).map(<[String]>::to_vec));
        }
    }
    assert!(known.len() > 1_000, "the seeds are read");
    let mut found = Vec::new();
    for (path, text) in EMBEDDED_NOTES {
        for run in runs(parts(text).1) {
            let same = run.windows(RUN).filter(|words| known.contains(*words));
            found.extend(same.map(|words| format!("{path}: {}", words.join(" "))));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}
