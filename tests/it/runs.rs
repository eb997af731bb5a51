//! `takeaways digest run`, `list` and `log` without a Discord.

use std::path::Path;
use takeaways_testing::time;

use jiff::SignedDuration;
use takeaways_digest::{NewSubscription, Target};
use takeaways_store::{Store, StoreLocation};

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
