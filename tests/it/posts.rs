//! The shared posts in `corpus check` and `corpus list`, if they are present.
//!
//! Unit tests check each read post; these tests check that the commands print the same.

use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::harness::{Cli, root, shared_posts};

/// The id of the draft among the seeds.
const DRAFT: &str = "004_2b02a65240d8e0d9";

/// Posts whose authors the table has exactly as in the files.
const SOME_OF_REAL: [&str; 8] = [
    "real/2007-froscon-kubuntu-de.md",
    "real/2010-fosdem-lunatech.adoc",
    "real/2013-monitorama-eu-endpoint-day1.md",
    "real/2014-gophercon-go-blog.md",
    "real/2014-oscon-go-blog.md",
    "real/2015-dockercon-thenewstack-zh.md",
    "real/2016-openstack-summit-austin-elemoine.rst",
    "real/2017-rustconf-matthewkmayer.html",
];

/// The metadata that a person reads in a file: see the head of `tests/data/truth.toml`.
#[derive(Deserialize)]
struct ExpectedMetadata {
    file: String,
    title: String,
    authors: Vec<String>,
    date: String,
    url: String,
    language: String,
    event: String,
}

#[derive(Deserialize)]
struct ExpectedFile {
    post: Vec<ExpectedMetadata>,
}

fn truth() -> Vec<ExpectedMetadata> {
    let text = fs::read_to_string(root().join("tests/data/truth.toml")).expect("the table");
    toml::from_str::<ExpectedFile>(&text).expect("TOML").post
}

fn check(folder: &Path, cli: Cli) -> Value {
    cli.corpus(folder).args("corpus check --format json").run().code(0).without_warning().json()
}

fn files(folder: &Path) -> usize {
    fs::read_dir(folder).expect("a folder").count()
}

#[test]
fn every_seed_is_read_and_the_draft_left_out_unless_it_is_wanted() {
    let Some(posts) = shared_posts() else { return };
    let seeds = posts.join("seeds");
    let without = check(&seeds, Cli::new());
    assert_eq!(without["errors"], 0, "{without:#}");
    let counts =
        json!({"files": 5, "posts": 4, "notes": 0, "drafts": 1, "scheduled": 0, "refused": 0, "skipped": {}});
    assert_eq!(without["counts"], counts);
    let draft = without["problems"].as_array().expect("a list").iter().find(|one| one["code"] == "draft");
    assert_eq!(draft.expect("the draft is named")["path"], format!("{DRAFT}.txt"));

    let with = check(&seeds, Cli::new().with_drafts());
    let counts =
        json!({"files": 5, "posts": 5, "notes": 0, "drafts": 0, "scheduled": 0, "refused": 0, "skipped": {}});
    assert_eq!((&with["counts"], &with["errors"]), (&counts, &0.into()));

    let list = |cli: Cli| cli.corpus(&seeds).args("corpus list").run().code(0).without_warning();
    list(Cli::new()).does_not_say(DRAFT);
    list(Cli::new().with_drafts()).says(DRAFT).says(" — draft");
}

#[test]
fn a_draft_answers_only_where_it_is_wanted() {
    let Some(posts) = shared_posts() else { return };
    let ask = |cli: Cli| {
        let cli = cli.corpus(&posts.join("seeds")).args("ask --format json DC/OS Mesos scheduling");
        let line = cli.run().without_warning().json();
        line["excerpts"].as_array().expect("a list").iter().any(|excerpt| excerpt["post"] == DRAFT)
    };
    assert!(!ask(Cli::new()));
    assert!(ask(Cli::new().with_drafts()));
}

#[test]
fn every_post_of_the_collection_is_read() {
    let Some(posts) = shared_posts() else { return };
    let real = posts.join("real");
    let checked = check(&real, Cli::new());
    assert_eq!(checked["errors"], 0, "{checked:#}");
    let counts = &checked["counts"];
    assert_eq!((&counts["files"], &counts["refused"]), (&files(&real).into(), &0.into()), "{counts}");
    let left_out = ["drafts", "scheduled"].map(|what| counts[what].as_u64().expect("a number"));
    assert_eq!(
        counts["posts"].as_u64(),
        Some(files(&real) as u64 - left_out.iter().sum::<u64>()),
        "{counts}"
    );
}

#[test]
fn list_and_show_say_of_posts_what_a_person_reads() {
    let Some(posts) = shared_posts() else { return };
    let over = || Cli::new().with_drafts().corpus(&posts.join("real")).corpus(&posts.join("seeds"));
    let list = over().args("corpus list --format json").run().code(0).without_warning().json_lines();
    assert_eq!(list.len(), files(&posts.join("real")) + files(&posts.join("seeds")));
    let is_asked = |wanted: &&ExpectedMetadata| {
        wanted.file.starts_with("seeds/") || SOME_OF_REAL.contains(&wanted.file.as_str())
    };
    let (mut compared, mut wrong) = (0, Vec::new());
    for wanted in truth().iter().filter(is_asked) {
        let name = Path::new(&wanted.file).file_name().and_then(|name| name.to_str()).expect("a name");
        let listed = list.iter().find(|post| post["path"] == name).expect("it is listed");
        let id = listed["post"].as_str().expect("a name");
        let shown = over().args("corpus show --format json").arg(id).run().code(0).without_warning().json();
        for (field, value) in listed.as_object().expect("an object") {
            assert_eq!(shown[field], *value, "{field} of {name}");
        }
        compared += 1;
        wrong.extend(differences(wanted, listed).into_iter().map(|what| format!("{name}: {what}")));
    }
    assert_eq!(compared, 5 + SOME_OF_REAL.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn differences(wanted: &ExpectedMetadata, listed: &Value) -> Vec<String> {
    let text = |text: &str| if text.is_empty() { Value::Null } else { text.into() };
    let event = &listed["events"][0]["id"];
    [
        ("title", text(&wanted.title), &listed["title"]),
        ("authors", json!(wanted.authors), &listed["authors"]),
        ("date", text(&wanted.date), &listed["date"]),
        ("url", text(&wanted.url), &listed["url"]),
        ("language", text(&wanted.language), &listed["language"]),
        ("event", text(&wanted.event), event),
    ]
    .into_iter()
    .filter(|(_, wanted, listed)| wanted != *listed)
    .map(|(field, wanted, listed)| format!("{field}: wanted {wanted}, listed {listed}"))
    .collect()
}
