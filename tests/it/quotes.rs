//! Every excerpt of every answer equals its post byte for byte and cites it correctly.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::harness::{Cli, shared_posts};

/// The most characters of an excerpt or a lead-in.
const MAX_CHARS: usize = 1_400;

/// Further general and odd questions, since the question files cover about half of the posts.
const EXTRA_QUESTIONS: [&str; 12] = [
    "what did people say about service mesh?",
    "how many people came to KubeCon in Seattle?",
    "security takeaways from San Diego",
    "\"Open Policy Agent\" -falco",
    "author:CloudOps GitOps",
    "year:2019 what was announced?",
    "event:kubecon-eu-2018 serverless",
    "is Kubernetes boring",
    "サービスメッシュ",
    "\"unbalanced AND ( OR * ~2 /x.*/ [a TO b]",
    "👩‍💻 k8s\u{0}\r\nRBAC",
    "the of and to",
];

/// Some of the shared posts, which are asked questions and are read whole.
struct QuotesFixture {
    folders: Vec<PathBuf>,
    posts: HashMap<String, ShownQuote>,
}

/// A post as printed by `corpus text` and `corpus show`.
struct ShownQuote {
    text: String,
    metadata: Value,
}

impl QuotesFixture {
    /// The posts of these folders; reports and returns `None` if they are missing.
    fn of(parts: &[&str]) -> Option<Self> {
        let posts = shared_posts()?;
        let folders = parts.iter().map(|part| posts.join(part)).collect();
        Some(Self { folders, posts: HashMap::new() })
    }

    /// Includes drafts, since one of the seeds is a draft.
    fn cli(&self) -> Cli {
        self.folders.iter().fold(Cli::new().with_drafts(), |cli, folder| cli.corpus(folder))
    }

    /// Returns the output of a batch of questions without the latencies.
    fn answers(&self, questions: &str, state: &TempDir) -> Vec<Value> {
        let cli = self.cli().state(state.path()).args("ask --now 2026-11-20 --batch -").input(questions);
        let mut answers = cli.run().code(0).without_warning().json_lines();
        for answer in &mut answers {
            let took = answer.as_object_mut().expect("an object").remove("elapsed_us");
            assert!(took.is_some_and(|took| took.is_u64()), "{answer}");
        }
        answers
    }

    /// Returns a post, and reads it only once.
    fn post(&mut self, id: &str) -> &ShownQuote {
        if !self.posts.contains_key(id) {
            let text = self.cli().args("corpus text").arg(id).run().code(0).without_warning().out;
            let shown = self.cli().args("corpus show --format json").arg(id).run().code(0);
            let shown = ShownQuote { text, metadata: shown.without_warning().json() };
            shown.assert_that_blocks_are_its_text();
            self.posts.insert(id.to_owned(), shown);
        }
        &self.posts[id]
    }
}

impl ShownQuote {
    fn assert_that_blocks_are_its_text(&self) {
        for block in self.metadata["blocks"].as_array().expect("blocks") {
            assert_eq!(self.slice(&block["span"]), block["text"].as_str(), "{}", self.metadata["path"]);
        }
    }

    /// Returns the text at `[start, end]`.
    fn slice(&self, span: &Value) -> Option<&str> {
        let at = |end: usize| usize::try_from(span[end].as_u64()?).ok();
        self.text.get(at(0)?..at(1)?)
    }

    /// Returns the citation of an excerpt that follows from `corpus show`.
    fn citation(&self) -> BTreeMap<&'static str, Value> {
        let known = &self.metadata;
        let id = known["post"].as_str().expect("a name");
        let file_name = || Value::from(id.rsplit('/').next().unwrap_or(id));
        let title = if known["title"].is_null() { file_name() } else { known["title"].clone() };
        BTreeMap::from([
            ("post", known["post"].clone()),
            ("path", known["path"].clone()),
            ("kind", known["kind"].clone()),
            ("title", title),
            ("author", byline(&known["authors"])),
            ("date", known["date"].clone()),
            ("url", known["url"].clone()),
        ])
    }

    /// Returns the events that an excerpt may cite: the post's first event, or another event of its section.
    fn events(&self) -> Vec<Value> {
        let events = self.metadata["events"].as_array().expect("a list");
        if events.is_empty() { vec![Value::Null] } else { events.iter().map(label).collect() }
    }

    /// Returns the headings above the block of a span, without the title.
    fn section(&self, span: &Value) -> Value {
        let blocks = self.metadata["blocks"].as_array().expect("blocks");
        let is_before = |block: &&Value| block["span"][0].as_u64() <= span[0].as_u64();
        let block = blocks.iter().rev().find(is_before).expect("a block begins before it");
        let path = block["section"].as_array().expect("a path").iter();
        let headings: Vec<&str> =
            path.filter(|heading| **heading != self.metadata["title"]).filter_map(Value::as_str).collect();
        if headings.is_empty() { Value::Null } else { headings.join(" › ").into() }
    }
}

fn byline(authors: &Value) -> Value {
    let names: Vec<&str> = authors.as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    match names.split_last() {
        None => Value::Null,
        Some((one, [])) => (*one).into(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")).into(),
    }
}

fn label(event: &Value) -> Value {
    match (event["name"].as_str(), event["city"].as_str()) {
        (Some(name), Some(city)) if !name.contains(city) => format!("{name}, {city}").into(),
        (Some(name), _) => name.into(),
        (None, _) => Value::Null,
    }
}

/// Returns all lines of all question files beside the posts, and [`EXTRA_QUESTIONS`].
fn questions() -> String {
    let Some(folder) = shared_posts() else { return String::new() };
    let files = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut files: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|e| e == "jsonl")).collect();
    files.sort();
    let texts = files.iter().map(|file| fs::read_to_string(file).expect("UTF-8"));
    // Other tables have the same extension; question files are recognised by their lines.
    let is_question = |line: &&str| {
        serde_json::from_str::<Value>(line).is_ok_and(|line| line["id"].is_string() && line["q"].is_string())
    };
    let more = EXTRA_QUESTIONS
        .iter()
        .enumerate()
        .map(|(at, q)| json!({"id": format!("more-{at}"), "q": q}).to_string());
    let mut lines: Vec<String> = more.collect();
    for text in texts {
        lines.extend(text.lines().filter(is_question).map(str::to_owned));
    }
    lines.join("\n")
}

fn excerpts(answer: &Value) -> &[Value] {
    answer["excerpts"].as_array().expect("a list")
}

/// Asks every question twice over the same index and once over a new one, and checks every excerpt.
fn check(parts: &[&str]) {
    let Some(mut shelf) = QuotesFixture::of(parts) else { return };
    let questions = questions();
    let state = tempfile::tempdir().expect("a folder");
    let answers = shelf.answers(&questions, &state);
    assert_eq!(shelf.answers(&questions, &state), answers, "the second run over one index differs");
    let anew = tempfile::tempdir().expect("a folder");
    assert_eq!(shelf.answers(&questions, &anew), answers, "a new index answers otherwise");

    let asked: Vec<Value> = questions.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    let ids = |lines: &[Value]| lines.iter().map(|line| line["id"].clone()).collect::<Vec<_>>();
    assert_eq!(ids(&answers), ids(&asked));
    for answer in &answers {
        assert_answer(&mut shelf, answer);
    }
    let count: usize = answers.iter().map(|answer| excerpts(answer).len()).sum();
    println!("{count} excerpts of {} posts in {} answers", shelf.posts.len(), answers.len());
    assert!(count > 0, "nothing is answered");
}

fn assert_answer(shelf: &mut QuotesFixture, answer: &Value) {
    let excerpts = excerpts(answer);
    assert_eq!(answer["answered"], !excerpts.is_empty(), "{answer}");
    let is_fact = answer["shape"] == "fact";
    assert!(excerpts.len() <= if is_fact { 3 } else { 10 }, "{answer}");
    assert!(answer["confidence"].as_f64().is_some_and(|sure| (0.0..=1.0).contains(&sure)), "{answer}");
    let mut of_post: BTreeMap<&str, usize> = BTreeMap::new();
    let mut ids = Vec::new();
    for excerpt in excerpts {
        let id = excerpt["post"].as_str().expect("a post");
        *of_post.entry(id).or_default() += 1;
        ids.push(&excerpt["id"]);
        assert_excerpt(shelf.post(id), excerpt);
    }
    assert!(!is_fact || of_post.values().all(|count| *count <= 2), "{answer}");
    ids.sort_by_key(ToString::to_string);
    ids.dedup();
    assert_eq!(ids.len(), excerpts.len(), "{answer}");
}

fn assert_excerpt(post: &ShownQuote, excerpt: &Value) {
    let mut quoted = vec![excerpt];
    if !excerpt["lead_in"].is_null() {
        quoted.push(&excerpt["lead_in"]);
        assert!(excerpt["lead_in"]["span"][1].as_u64() <= excerpt["span"][0].as_u64(), "{excerpt}");
    }
    for words in quoted {
        let quote = words["quote"].as_str().expect("words");
        assert_eq!(post.slice(&words["span"]), Some(quote), "{excerpt}");
        assert!((1..=MAX_CHARS).contains(&quote.chars().count()), "{excerpt}");
        assert_eq!(quote.trim(), quote, "{excerpt}");
    }
    let start = usize::try_from(excerpt["span"][0].as_u64().expect("a place")).expect("a place");
    assert_eq!(excerpt["line"], post.text[..start].matches('\n').count() + 1, "{excerpt}");
    for link in excerpt["links"].as_array().expect("links") {
        assert_eq!(post.slice(&link["span"]), link["text"].as_str(), "{excerpt}");
        assert!(link["url"].as_str().is_some_and(|url| !url.is_empty()), "{excerpt}");
    }
    for (field, value) in post.citation() {
        assert_eq!(excerpt[field], value, "{field} of {excerpt}");
    }
    assert!(post.events().contains(&excerpt["event"]), "{excerpt}");
    assert_eq!(excerpt["section"], post.section(&excerpt["span"]), "{excerpt}");
    let id = excerpt["id"].as_str().expect("an id");
    assert!(id.len() == 12 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{excerpt}");
}

#[test]
fn every_quote_is_what_its_post_says_over_the_seeds() {
    check(&["seeds"]);
}

#[test]
fn every_quote_is_what_its_post_says_over_all_posts() {
    check(&["real", "seeds"]);
}
