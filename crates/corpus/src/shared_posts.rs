//! The collected posts, where they are present: every one is read, and says of itself what its manifest says.

use std::collections::HashMap;
use std::fs;

use jiff::Timestamp;
use serde::Deserialize;
use takeaways_testing::shared_data::shared_posts;

use super::metadata::{self, date};
use super::{Corpus, CorpusSettings, Severity, SourceFile, load_corpus, read_post};
use takeaways_text::model::{Post, PostId};

fn now() -> Timestamp {
    "2026-11-20T00:00:00Z".parse().expect("a time")
}

#[test]
fn every_post_is_read_without_an_error() {
    let Some(folder) = shared_posts() else { return };
    let folders = vec![folder.join("real"), folder.join("seeds")];
    let loaded = load_corpus(
        &Corpus::new(CorpusSettings { folders, drafts: true, ..CorpusSettings::default() }),
        now(),
    );
    let errors: Vec<String> =
        loaded.problems.iter().filter(|p| p.severity == Severity::Error).map(ToString::to_string).collect();
    assert_eq!(errors, Vec::<String>::new());
    assert_eq!((loaded.counts.files, loaded.counts.posts), (214, 214));
    for problem in &loaded.problems {
        println!("{problem}");
    }
}

#[derive(Deserialize)]
struct SharedManifestLine {
    file: String,
    path: String,
    title: String,
    author: String,
    date: String,
}

/// Where the manifest knows more, or less, than the file says; the file goes before it.
const MANIFEST_EXCEPTIONS: &[(&str, &str, &str)] = &[
    (
        "2012-vmworld-scottlowe.md",
        "author",
        "the file gives an id; the name stands in the titles of other posts",
    ),
    ("2017-kubecon-eu-raravena80.md", "author", "only among the keywords"),
    ("2017-pycon-taiwan-tasdikrahman.md", "author", "only as the writer of a tweet"),
    ("2017-rustfest-zurich-k0pernicus.md", "author", "the file gives the first name"),
    ("2018-kubecon-china-jimmysong.md", "author", "only among the speakers"),
    ("2018-kubecon-na-jricho.md", "author", "only in the title"),
    ("2018-pycon-kr-ash84-day2.html", "title", "the manifest has the site's name behind it"),
    ("2019-kubecon-eu-kaushikchaubal-day1.md", "date", "only in what a command printed"),
    ("2019-kubecon-eu-parthgoswami.md", "author", "the text ends with another's life"),
    ("2019-kubecon-na-linkerd.md", "title", "the manifest has only the first line of it"),
    ("2019-kubecon-na-openfaas.md", "author", "the file gives the first name"),
    ("2019-rubykaigi-yuki384.md", "author", "only in an address"),
    ("2022-devoxx-france-duchess-cecile.md", "author", "the file gives an id; the name is part of the title"),
    ("2023-kubecon-eu-softwareguru.md", "title", "the manifest has a tag in it"),
    ("2023-kubecon-na-softwareguru.md", "title", "the manifest has a tag in it"),
    ("2023-rubykaigi-yukyu30.md", "author", "only as the writer of tweets"),
    ("2024-kubecon-eu-metalbear.md", "author", "the manifest has only the first of two"),
    ("2025-containerdays-mdelapenya.md", "author", "only as a speaker"),
    ("2025-gophercon-singapore-mdelapenya.md", "author", "only as a speaker"),
];

#[test]
fn title_author_and_day_agree_with_the_manifest() {
    let Some(folder) = shared_posts() else { return };
    let lines = fs::read_to_string(folder.join("manifest.jsonl")).expect("the manifest");
    let (mut compared, mut differ) = (0, Vec::new());
    for line in lines.lines() {
        let line: SharedManifestLine = serde_json::from_str(line).expect("a line of the manifest");
        let bytes = fs::read(folder.join("real").join(&line.file)).expect("a post");
        // The path in its repository, where many a post has its day.
        let parsed =
            read_post(&SourceFile { id: &PostId("x".into()), path: &line.path, bytes: &bytes }, now());
        let post = parsed.post.expect("a post");
        let text = String::from_utf8_lossy(&bytes);
        for (what, own, wanted, given) in compare(&line, &post, &text) {
            let known =
                MANIFEST_EXCEPTIONS.iter().any(|(file, field, _)| *file == line.file && *field == what);
            if own && !known {
                compared += 1;
                if wanted != given {
                    differ.push(format!("{}: {what}: manifest {wanted:?}, read {given:?}", line.file));
                }
            }
        }
    }
    println!("{compared} values compared");
    assert!(differ.is_empty(), "{} of {compared} differ:\n{}", differ.len(), differ.join("\n"));
}

/// Field, whether the file itself says what the manifest says, the manifest's value and the one that was read.
fn compare(line: &SharedManifestLine, post: &Post, text: &str) -> [(&'static str, bool, String, String); 3] {
    let folded = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let in_file = |value: &str| folded(text).contains(&folded(value));
    let title = post.title.clone().unwrap_or_default();
    let authors = post.authors.join(", ");
    let day = date::parse_day(&line.date, 2026).map(|day| day.to_string()).unwrap_or_default();
    let read_day = post.date.map(|day| day.to_string()).unwrap_or_default();
    let wanted_authors = metadata::people_in_text(&line.author);
    let own_authors = !wanted_authors.is_empty() && wanted_authors.iter().all(|author| in_file(author));
    [
        ("title", in_file(&line.title) || !title.is_empty(), folded(&line.title), folded(&title)),
        ("author", own_authors, folded(&wanted_authors.join(", ")), folded(&authors)),
        ("date", in_file(&day) || !read_day.is_empty(), day, read_day),
    ]
}

#[derive(Deserialize)]
struct ExpectedPosts {
    post: Vec<ExpectedPost>,
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct ExpectedPost {
    file: String,
    title: Option<String>,
    authors: Vec<String>,
    date: Option<toml::Value>,
    url: Option<String>,
    language: Option<String>,
    event: Option<String>,
}

/// The table has authors as the files name them; where they work, which may stand behind, is no part of a name.
fn join_names(authors: &[String]) -> String {
    let names: Vec<String> = authors.iter().flat_map(|author| metadata::people_in_text(author)).collect();
    names.join("; ")
}

/// Title, authors, day, address and language as a person reads them from the files (`tests/data/truth.toml`).
#[test]
fn what_a_person_reads_is_read() {
    let Some(folder) = shared_posts() else { return };
    let table = include_str!("../../../tests/data/truth.toml");
    let truth: ExpectedPosts = toml::from_str(table).expect("the table");
    let mut posts: HashMap<String, Post> = HashMap::new();
    for part in ["real", "seeds"] {
        let settings =
            CorpusSettings { folders: vec![folder.join(part)], drafts: true, ..CorpusSettings::default() };
        for post in load_corpus(&Corpus::new(settings), now()).posts {
            posts.insert(post.path.clone(), post);
        }
    }
    let mut differ = Vec::new();
    for wanted in &truth.post {
        let name = wanted.file.rsplit('/').next().unwrap_or(&wanted.file);
        let Some(post) = posts.get(name) else { panic!("{} is not there", wanted.file) };
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        let date =
            wanted.date.as_ref().map(|date| date.as_str().map_or_else(|| date.to_string(), str::to_owned));
        let event = post.main_event().map(|event| event.id.0.clone()).unwrap_or_default();
        for (what, wanted, read) in [
            ("event", text(&wanted.event), event),
            ("title", text(&wanted.title), text(&post.title)),
            ("authors", join_names(&wanted.authors), join_names(&post.authors)),
            ("date", text(&date), post.date.map(|day| day.to_string()).unwrap_or_default()),
            ("url", text(&wanted.url), text(&post.url)),
            (
                "language",
                wanted.language.clone().unwrap_or_else(|| post.language.code().into()),
                post.language.code().into(),
            ),
        ] {
            if wanted != read {
                differ.push(format!("{name}: {what}: wanted {wanted:?}, read {read:?}"));
            }
        }
    }
    assert!(differ.is_empty(), "{} differ:\n{}", differ.len(), differ.join("\n"));
}
