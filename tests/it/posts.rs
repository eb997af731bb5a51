//! The shared posts in `corpus check`, `corpus list` and answers, if they are present; and pages that Medium, Substack, Ghost and
//! `WordPress` write: title, author, date and link are known.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{Cli, root, shared_posts};

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

#[test]
fn pages_of_blog_services_are_read_with_author_date_and_link() {
    for (page, title, author, date, url, language) in [
        (
            "medium",
            "Three days among operators",
            "Ada Example",
            "2019-11-25",
            "https://medium.com/@ada.example/three-days-among-operators-0123456789ab",
            "en",
        ),
        (
            "substack",
            "A quiet year for meshes",
            "Grace Example",
            "2022-06-01",
            "https://grace.substack.example/p/a-quiet-year-for-meshes",
            "en",
        ),
        (
            "ghost",
            "The talk that nobody recorded",
            "Lin Example",
            "2021-10-19",
            "https://blog.ghost.example/the-talk-that-nobody-recorded/",
            "en",
        ),
        (
            "wordpress-seo",
            "Was von der Konferenz bleibt",
            "Jana Beispiel",
            "2023-04-24",
            "https://betriebsblog.example/2023/04/was-bleibt/",
            "de",
        ),
        (
            "wordpress",
            "Four hours in the queue",
            "Max Example",
            "2018-12-17",
            "https://opsdiary.example/four-hours-in-the-queue/",
            "en",
        ),
    ] {
        let pages = Cli::new().corpus(&root().join("tests/data/exports"));
        let post = pages.args("corpus show").arg(page).args("--format json").run().code(0).json();
        let found =
            ["title", "date", "url", "language"].map(|field| post[field].as_str().unwrap_or_default());
        assert_eq!(found, [title, date, url, language], "{page}");
        assert_eq!(post["authors"], serde_json::json!([author]), "{page}");
        let text = post["blocks"].to_string();
        for other in ["Subscribe", "Somebody Else", "Exported from", "Ops diary", "Canonical link"] {
            assert!(!text.contains(other), "{page}: {other}");
        }
    }
}
