//! The shared posts in `corpus check`, `corpus list` and answers, if they are present.
//!
//! Unit tests check what is read of each.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{Cli, shared_posts};

/// The id of the draft among the seeds.
const DRAFT: &str = "004_2b02a65240d8e0d9";

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
