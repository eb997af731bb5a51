//! `takeaways state`.

use std::fs;

use super::state::*;
use crate::harness::postgres::PASSWORD;
use crate::harness::{Cli, CliRun};

pub fn cli(state: &TestState, arguments: &str) -> Cli {
    let cli = Cli::new().args(arguments);
    match &state.place {
        takeaways_store::StoreLocation::Folder(folder) => cli.state(folder),
        takeaways_store::StoreLocation::Servers(servers) => {
            cli.env("TAKEAWAYS__STATE__URL", secrecy::ExposeSecret::expose_secret(&servers[0]))
        }
    }
}

/// Runs the program on its own thread while the test continues.
pub async fn run(cli: Cli) -> CliRun {
    tokio::task::spawn_blocking(move || cli.run()).await.expect("it runs")
}

on_both! {
    async fn a_check_counts_what_there_is(state: TestState) {
        run(cli(&state, "state check")).await.code(2).warns("there is no state yet: `takeaways serve` creates it");
        let store = state.open().await;
        let subscription = store.subscribe(new_subscription(CHANNEL), 1).await.expect("it is made");
        planned(&store, subscription.id, at(10)).await;
        let plain = run(cli(&state, "state check")).await.code(0).without_warning();
        plain.says("subscriptions    1\n").says("open deliveries  1\n").says("the state is undamaged\n");
        let json = run(cli(&state, "state check --format json")).await.code(0).json();
        assert_eq!((&json["rows"]["posts_seen"], &json["problems"]), (&0.into(), &serde_json::json!([])));
        store.close().await;
        drop(store);
        run(cli(&state, "state migrate")).await.code(0).says("the state has version 5, the newest\n");
    }
}

#[tokio::test]
async fn a_backup_is_made_beside_the_bot_and_overwrites_nothing() {
    let state = TestState::sqlite();
    let store = state.open().await;
    let subscription = store.subscribe(new_subscription(CHANNEL), 1).await.expect("it is made");
    planned(&store, subscription.id, at(10)).await;
    let copy = state.file().with_file_name("copy");
    let arguments = format!("state backup {}", copy.display());
    run(cli(&state, &arguments)).await.code(0).says("the state was copied to ");
    run(cli(&state, &arguments)).await.code(2).warns("exists already: name a new file");
    run(cli(&state, "state migrate")).await.code(2).warns("another process uses the state: process ");
    assert!(fs::read(&copy).expect("there").starts_with(b"SQLite format 3\0"));
}

#[tokio::test]
async fn f28_a_check_says_what_is_damaged_and_how_to_restore() {
    let state = TestState::sqlite();
    state.open().await.close().await;
    fs::write(state.file(), "").expect("written");
    let said = run(cli(&state, "state check")).await.code(1);
    said.says("problem: ").says("it is empty").says("restore a backup with `rm -f ");
    run(cli(&state, "state migrate")).await.code(2).warns("it is empty");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_of_postgresql_names_its_own_tool_and_no_password() {
    let Some(state) = TestState::postgres().await else { return };
    let run =
        run(cli(&state, "state backup copy -vv")).await.code(2).warns("pg_dump --format=custom --file=");
    assert!(!run.err.contains(PASSWORD) && !run.out.contains(PASSWORD), "{}{}", run.out, run.err);
    let shown = super::commands::run(cli(&state, "check")).await.says("state.url = \"(hidden)\"");
    assert!(!shown.out.contains(PASSWORD));
    let place = takeaways_store::StoreLocation::Servers(crate::harness::postgres::secrets([&format!(
        "postgres://takeaways:{PASSWORD}@127.0.0.1:1/none"
    )]));
    let out_of_reach = TestState { place, folder: None };
    let run = super::commands::run(cli(&out_of_reach, "state check -vv")).await.code(2);
    assert!(run.err.contains("the state is not available"), "{}", run.err);
    assert!(!run.err.contains(PASSWORD), "{}", run.err);
}
