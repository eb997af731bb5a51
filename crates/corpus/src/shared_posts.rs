//! Tests with the collected posts, if they are present: reading must agree with their manifest and with
//! `tests/data/truth.toml`, which says what a person reads from the files.

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use takeaways_testing::shared_data::shared_posts;
use takeaways_text::model::{Event, Post};
use takeaways_text::tokens::folding::collapse_whitespace;

use super::events::EventTable;
use super::metadata::{author, date};
use super::testing::{now, read_bytes};
use super::{Corpus, CorpusCounts, CorpusSettings, Problem, ReadOptions, Severity, for_each_post};

/// A line of the manifest.
#[derive(Deserialize)]
struct ManifestLine {
    file: String,
    path: String,
    title: String,
    author: String,
    date: String,
    event: String,
    event_year: i16,
}

#[derive(Deserialize)]
struct ExpectedPosts {
    post: Vec<ExpectedPost>,
}

/// A post of `tests/data/truth.toml`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct ExpectedPost {
    file: String,
    title: String,
    authors: Vec<String>,
    date: String,
    url: String,
    language: Option<String>,
    event: String,
}

fn load(folder: &Path) -> CorpusContents {
    let folders = vec![folder.join("real"), folder.join("seeds")];
    load_corpus(&Corpus::new(CorpusSettings { folders, drafts: true, ..CorpusSettings::default() }))
}

fn load_by_path(folder: &Path) -> HashMap<String, Post> {
    load(folder).posts.into_iter().map(|post| (post.path.clone(), post)).collect()
}

fn manifest(folder: &Path) -> Vec<ManifestLine> {
    let lines = fs::read_to_string(folder.join("manifest.jsonl")).expect("the manifest");
    lines.lines().map(|line| serde_json::from_str(line).expect("a line of the manifest")).collect()
}

fn expected_posts() -> Vec<ExpectedPost> {
    let table: ExpectedPosts =
        toml::from_str(include_str!("../../../tests/data/truth.toml")).expect("a table of posts");
    table.post
}

#[test]
fn every_post_is_read_without_an_error() {
    let Some(folder) = shared_posts() else { return };
    let loaded = load(&folder);
    let errors: Vec<String> =
        loaded.problems.iter().filter(|p| p.severity == Severity::Error).map(ToString::to_string).collect();
    assert_eq!(errors, Vec::<String>::new());
    assert_eq!((loaded.counts.files, loaded.counts.posts), (214, 214));
    for problem in &loaded.problems {
        println!("{problem}");
    }
}

/// Values for which the manifest has more or less than the file. The file overrides the manifest.
const MANIFEST_EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("2012-vmworld-scottlowe.md", "author", "the file has an id; the name is in the titles of other posts"),
    ("2017-kubecon-eu-raravena80.md", "author", "only among the keywords"),
    ("2017-pycon-taiwan-tasdikrahman.md", "author", "only as the writer of a tweet"),
    ("2017-rustfest-zurich-k0pernicus.md", "author", "the file has only the first name"),
    ("2018-kubecon-china-jimmysong.md", "author", "only among the speakers"),
    ("2018-kubecon-na-jricho.md", "author", "only in the title"),
    ("2018-pycon-kr-ash84-day2.html", "title", "the manifest adds the name of the site"),
    ("2019-kubecon-eu-kaushikchaubal-day1.md", "date", "only in the output of a command"),
    ("2019-kubecon-eu-parthgoswami.md", "author", "the text ends with the biography of another person"),
    ("2019-kubecon-na-linkerd.md", "title", "the manifest has only its first line"),
    ("2019-kubecon-na-openfaas.md", "author", "the file has only the first name"),
    ("2019-rubykaigi-yuki384.md", "author", "only in an address"),
    ("2022-devoxx-france-duchess-cecile.md", "author", "the file has an id; the name is part of the title"),
    ("2023-kubecon-eu-softwareguru.md", "title", "the manifest contains an HTML tag"),
    ("2023-kubecon-na-softwareguru.md", "title", "the manifest contains an HTML tag"),
    ("2023-rubykaigi-yukyu30.md", "author", "only as the writer of tweets"),
    ("2024-kubecon-eu-metalbear.md", "author", "the manifest has only the first of two"),
    ("2025-containerdays-mdelapenya.md", "author", "only as a speaker"),
    ("2025-gophercon-singapore-mdelapenya.md", "author", "only as a speaker"),
];

#[test]
fn title_author_and_day_agree_with_the_manifest() {
    let Some(folder) = shared_posts() else { return };
    let (mut compared, mut differ) = (0, Vec::new());
    for line in manifest(&folder) {
        let bytes = fs::read(folder.join("real").join(&line.file)).expect("a post");
        // The path in the repository, because many posts have their date there.
        let post = read_bytes(&line.path, &bytes).post.expect("a post");
        let text = String::from_utf8_lossy(&bytes);
        for (field, is_in_file, expected, value) in compare(&line, &post, &text) {
            let is_exception =
                MANIFEST_EXCEPTIONS.iter().any(|(file, name, _)| *file == line.file && *name == field);
            if is_in_file && !is_exception {
                compared += 1;
                if expected != value {
                    differ.push(format!("{}: {field}: manifest {expected:?}, read {value:?}", line.file));
                }
            }
        }
    }
    println!("{compared} values compared");
    assert!(differ.is_empty(), "{} of {compared} differ:\n{}", differ.len(), differ.join("\n"));
}

/// For each field: its name, whether the file has a value for it, the value of the manifest and the value read.
fn compare(line: &ManifestLine, post: &Post, text: &str) -> [(&'static str, bool, String, String); 3] {
    let folded = |text: &str| collapse_whitespace(text).to_lowercase();
    let in_file = |value: &str| folded(text).contains(&folded(value));
    let title = post.title.clone().unwrap_or_default();
    let authors = post.authors.join(", ");
    let expected_day = date::parse_day(&line.date, 2026).map(|day| day.to_string()).unwrap_or_default();
    let day = post.date.map(|day| day.to_string()).unwrap_or_default();
    let expected_authors = author::people_in_text(&line.author);
    let has_authors = !expected_authors.is_empty() && expected_authors.iter().all(|author| in_file(author));
    [
        ("title", in_file(&line.title) || !title.is_empty(), folded(&line.title), folded(&title)),
        ("author", has_authors, folded(&expected_authors.join(", ")), folded(&authors)),
        ("date", in_file(&expected_day) || !day.is_empty(), expected_day, day),
    ]
}

/// Joins the names of authors. The employer, which the table keeps after a name as the file does, is left out.
fn join_names(authors: &[String]) -> String {
    let names: Vec<String> = authors.iter().flat_map(|author| author::people_in_text(author)).collect();
    names.join("; ")
}

#[test]
fn posts_are_read_as_a_person_reads_them() {
    let Some(folder) = shared_posts() else { return };
    let posts = load_by_path(&folder);
    let mut differ = Vec::new();
    for expected in expected_posts() {
        let name = expected.file.rsplit('/').next().unwrap_or(&expected.file);
        let Some(post) = posts.get(name) else { panic!("{} is missing", expected.file) };
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let language = post.language.code().to_owned();
        for (field, expected, value) in [
            ("event", expected.event, post.main_event().map(|event| event.id.0.clone()).unwrap_or_default()),
            ("title", expected.title, text(&post.title)),
            ("authors", join_names(&expected.authors), join_names(&post.authors)),
            ("date", expected.date, post.date.map(|day| day.to_string()).unwrap_or_default()),
            ("url", expected.url, text(&post.url)),
            ("language", expected.language.unwrap_or_else(|| language.clone()), language),
        ] {
            if expected != value {
                differ.push(format!("{name}: {field}: expected {expected:?}, read {value:?}"));
            }
        }
    }
    assert!(differ.is_empty(), "{} differ:\n{}", differ.len(), differ.join("\n"));
}

/// The manifest names events in its own way. `--nocapture` lists the posts whose year or series differs.
#[test]
fn the_manifest_agrees_on_nearly_every_event() {
    let Some(folder) = shared_posts() else { return };
    let posts = load_by_path(&folder);
    let lines = manifest(&folder);
    let mut differ = 0;
    for line in &lines {
        let events = &posts[&line.file].events;
        if !agrees(events, line) {
            differ += 1;
            let ids: Vec<&str> = events.iter().map(|event| event.id.0.as_str()).collect();
            println!("{}: {ids:?}, the manifest says {} {}", line.file, line.event, line.event_year);
        }
    }
    println!("{differ} of {} differ", lines.len());
    // Ten percent may differ: the manifest has mistakes, and posts about several editions.
    assert!(differ * 10 <= lines.len(), "{differ} of {} differ", lines.len());
}

fn agrees(events: &[Event], line: &ManifestLine) -> bool {
    let mentions = EventTable::builtin().mentions(&format!("{} {}", line.event, line.event_year));
    let expected = mentions.iter().find(|mention| mention.series.is_some());
    events.first().is_some_and(|event| {
        event.year == Some(line.event_year)
            && expected.is_none_or(|mention| {
                mention.editions.is_empty() || mention.editions.iter().any(|edition| edition.id == event.id)
            })
    })
}

/// A corpus in memory.
pub(crate) struct CorpusContents {
    /// The visible posts, in the order of sources and paths.
    pub posts: Vec<Post>,
    /// Every problem, sorted by folder and path.
    pub problems: Vec<Problem>,
    /// The counts of files and posts.
    pub counts: CorpusCounts,
}

impl CorpusContents {
    /// Whether any file, or a part of one, was not read.
    pub(crate) fn has_errors(&self) -> bool {
        self.problems.iter().any(|problem| problem.severity == Severity::Error)
    }
}

/// Loads a corpus.
pub(crate) fn load_corpus(corpus: &Corpus) -> CorpusContents {
    let mut posts = Vec::new();
    let (problems, counts) = for_each_post(corpus, now(), &ReadOptions::default(), |post| posts.push(post));
    CorpusContents { posts, problems, counts }
}
