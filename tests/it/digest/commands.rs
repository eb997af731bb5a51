//! `takeaways digest preview`, `run`, `list` and `log` without a Discord.

use std::path::Path;

use jiff::SignedDuration;
use takeaways_digest::{NewSubscription, Target};
use takeaways_store::{Store, StoreLocation};
use takeaways_testing::time;

use crate::harness::{Cli, TempCorpus, daily_subscription};

const MADE_AT: &str = "2026-11-20T08:00:00Z";

/// Creates a state with a digest at nine o'clock, whose posts are all known.
async fn wanted(folder: &Path) {
    let store = Store::open(&StoreLocation::Folder(folder.to_owned())).await.expect("the state opens");
    let made_at = time(MADE_AT) - SignedDuration::from_hours(24);
    let new = NewSubscription {
        zone: "Europe/Berlin".parse().expect("a zone"),
        include_since: Some(time("2015-01-01T00:00Z")),
        ..daily_subscription(Target::Channel { server: 70, channel: 7 }, 1, made_at)
    };
    store.subscribe(new, 25).await.expect("the state can be written");
    store.close().await;
}

#[tokio::test]
async fn a_dry_run_prints_what_would_be_sent_and_writes_nothing() {
    let (corpus, state) = (TempCorpus::small(), tempfile::tempdir().expect("a folder"));
    wanted(state.path()).await;
    let cli = |arguments: &str| Cli::with_corpus(&corpus).state(state.path()).args(arguments).run();
    for _ in 0..2 {
        let run = cli("digest run --dry-run --now 2026-11-20T08:00:30Z").code(0);
        let run = run.says("#1  2026-11-20T08:00:00Z  channel 7 of server 70  would be sent: ");
        run.says("Notes on meshes");
    }
    let late = cli("digest run --dry-run --now 2026-11-23T10:00:00Z").code(0);
    let late = late.says("(3 runs)  channel 7 of server 70  would be skipped: the bot was not running");
    late.says("2026-11-23T08:00:00Z").says(", late");
    cli("digest run --dry-run --now 2026-11-19T09:00:00Z").code(0).says("Nothing is due.");
    cli("digest log").code(0).says("There are no runs yet.");
    cli("digest run").code(2).warns("the bot has no token");
}

#[tokio::test]
async fn digests_and_their_runs_are_lines_for_people_and_for_programs() {
    let (corpus, state) = (TempCorpus::small(), tempfile::tempdir().expect("a folder"));
    let cli = |arguments: &str| Cli::with_corpus(&corpus).state(state.path()).args(arguments).run();
    cli("digest list").code(0).says("There are no digests.");
    cli("digest run --dry-run").code(0).says("There is no state yet");
    wanted(state.path()).await;
    let line = cli("digest list").code(0).says("#1  channel 7 of server 70  ");
    line.says("Europe/Berlin  everything  next 2026-11-20T08:00:00Z");
    let json = cli("digest list --format json").code(0);
    let json: serde_json::Value = serde_json::from_str(&json.out).expect("a line of JSON");
    assert_eq!((&json["id"], &json["target"]["channel"]), (&1.into(), &"7".into()));
    assert_eq!((&json["status"], &json["zone"]), (&"active".into(), &"Europe/Berlin".into()));
    cli("digest log #1").code(0).says("There are no runs yet.");
    cli("digest log one").code(2).warns("is not a digest number; `takeaways digest list` shows the numbers");
}

const MESH: &str = "---\ntitle: Meshes in Barcelona\nauthor: Ada Example\ndate: 2019-05-24\nurl: https://example.com/mesh\n---\n\n\
                    KubeCon EU 2019 was about service mesh. Teams should start with a service mesh only where they need \
                    mutual TLS, because each sidecar costs memory. Service mesh is young.\n";
const MORE: &str = "---\ntitle: More of KubeCon EU 2019\nauthor: Grace Example\ndate: 2019-05-26\n---\n\n\
                    # Service mesh\n\nA service mesh was in every second talk.\n";

fn corpus() -> TempCorpus {
    TempCorpus::new()
        .file("2019/mesh.md", MESH)
        .file("2019/more.md", MORE)
        .file("2018/old.md", "---\ntitle: Back from KubeCon NA 2018\ndate: 2018-12-20\n---\n\nIt rained.\n")
        .file("undated.md", "---\ntitle: Some thoughts\n---\n\nNo idea when.\n")
}

#[test]
fn posts_of_some_days_are_shown_under_their_event() {
    let corpus = corpus();
    let run = Cli::with_corpus(&corpus)
        .args("digest preview --by-date 2019-05-01 --until 2019-06-01")
        .run()
        .code(0);
    let run = run.says("2 new recaps on KubeCon EU 2019, Barcelona\n").says("2 posts on service mesh\n");
    run.says("  │ Teams should start with a service mesh only where").says("https://example.com/mesh\n");
}

#[test]
fn each_post_that_is_left_out_has_its_reason() {
    let corpus = corpus();
    let cli =
        || Cli::with_corpus(&corpus).args("digest preview --by-date 2019-05-01 --author Ada --left-out");
    let run = cli().run().code(0).says("1 new recap on KubeCon EU 2019, Barcelona\n");
    let run = run.says("undated (Some thoughts): it has no date\n");
    let run = run.says("(More of KubeCon EU 2019): it is by another author\n");
    // Posts of other days are counted, since there may be hundreds.
    assert!(!run.says("  1 post not from these days\n").out.contains("2018/old"));
    let json = cli().arg("--format").arg("json").run().code(0).json();
    let why = |id: &str| {
        let all = json["left_out"].as_array().expect("a list");
        all.iter().find(|post| post["post"] == id).map(|post| post["why"].clone())
    };
    assert_eq!(why("2018/old"), Some("its date is outside of the period".into()));
}

#[test]
fn the_message_is_that_of_the_bot() {
    let corpus = corpus();
    let run =
        Cli::with_corpus(&corpus).args("digest preview --by-date 2019-05-01 --format discord").run().code(0);
    let page: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(page["content"], "**2 new recaps on KubeCon EU 2019, Barcelona**");
    let last = page["embeds"][0]["description"].as_str().expect("a text");
    assert!(last.ends_with("\n\n-# d:preview"), "{last}");
    assert_eq!(page["allowed_mentions"]["parse"], serde_json::json!([]));
    let run =
        Cli::with_corpus(&corpus).args("digest preview --by-date 2019-05-01 --format json").run().code(0);
    let digest: serde_json::Value = serde_json::from_str(&run.out).expect("JSON");
    assert_eq!(digest["groups"][0]["event"], "kubecon-eu-2019");
    assert_eq!(digest["groups"][0]["bundles"][0]["posts"][0]["post"], "2019/more");
}

#[test]
fn nothing_new_is_exit_code_1() {
    let corpus = corpus();
    let run = Cli::with_corpus(&corpus).args("digest preview --by-date 2024-01-01").run().code(1);
    run.says("There are no such posts dated 2024-01-01 or later.\n");
    let cli = Cli::with_corpus(&corpus).args("digest preview --by-date 2024-01-01 --until 2024-02-01");
    cli.run().code(1).says("There are no such posts dated 2024-01-01 or later and before 2024-02-01.\n");
}

#[test]
fn an_unknown_name_is_told_with_the_nearest() {
    let corpus = corpus();
    for (option, name, said) in [
        ("--event", "KubeCon EU 2091", "did you mean KubeCon EU 2019, Barcelona"),
        ("--topic", "servic meshh", "did you mean Service mesh"),
        ("--author", "Adda Exampel", "did you mean Ada Example"),
        ("--language", "xx", "use one of en, de, fr"),
    ] {
        let cli = Cli::with_corpus(&corpus).args("digest preview --by-date 2019-05-01").arg(option).arg(name);
        cli.run().code(2).warns(said);
    }
}

#[test]
fn without_a_state_nothing_was_first_seen() {
    let corpus = corpus();
    Cli::with_corpus(&corpus)
        .args("digest preview --since 2019-05-01")
        .run()
        .code(2)
        .warns("nobody knows yet when the posts were first seen: `takeaways serve` records that")
        .warns("Add --by-date DATE");
}
