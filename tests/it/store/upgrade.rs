//! States of older versions. `tests/data/state/version-1.sqlite3` has the tables and rows that a bot of the first version
//! wrote: its migrations, its rows of `_sqlx_migrations`, and rows in each table.

use std::fs;

use takeaways_digest::{DeliveryState, PauseReason, SubscriptionId, SubscriptionStatus, Target};
use takeaways_store::{PostIdentity, Store, StoreError};

use super::commands::{cli, run};
use super::files::execute;
use super::state::*;
use crate::harness::root;

/// Returns a state of the first version.
fn first_version() -> TestState {
    let state = TestState::sqlite();
    fs::copy(root().join("tests/data/state/version-1.sqlite3"), state.file()).expect("a file");
    state
}

#[tokio::test]
async fn a_state_of_the_first_version_is_migrated_with_all_its_rows() {
    let state = first_version();
    let store = state.open().await;
    let all = store.list_subscriptions().await.expect("read");
    assert_eq!(all.iter().map(|one| one.id.0).collect::<Vec<_>>(), [1, 2, 4, 5]);
    assert_eq!(all[0].definition.target, CHANNEL);
    assert_eq!(all[3].definition.target, Target::Person(u64::MAX - 7));
    let paused = |reason, second| SubscriptionStatus::Paused { reason, since: at(second), by: None };
    assert_eq!(all[1].status, paused(PauseReason::Asked, 5));
    assert_eq!(all[2].status, paused(PauseReason::NoServer, 7));
    let states: Vec<DeliveryState> =
        store.recent_runs_of_all(9).await.expect("read").iter().map(|run| run.state).collect();
    assert_eq!(states.len(), 5);
    // What waits is sent, and what is new is counted on.
    let open = store.open_deliveries(at(100), 9).await.expect("read");
    assert_eq!(open.iter().map(|run| run.id.0).collect::<Vec<_>>(), [3, 4]);
    let claim = claimed(&store, open[1].id, at(100)).await;
    assert!(store.record_sent(&claim, 77, at(101)).await.expect("written"));
    let known = PostIdentity {
        url: Some("https://example.com/1".into()),
        path: "posts/1.md".into(),
        fingerprint: u64::MAX - 1,
    };
    let sightings = store.record_posts(&[known, post("posts/new.md", 4)], at(100)).await.expect("written");
    assert_eq!(sightings.iter().map(|seen| seen.number).collect::<Vec<_>>(), [1, 4]);
    assert!(store.restore(7, SubscriptionId(3), 9, at(101)).await.expect("written").is_some());
    assert_eq!(store.take_notice(5).await.expect("read"), Some(PauseReason::DirectMessagesClosed));
    assert_eq!(store.check().await.expect("read").problems, Vec::<String>::new());
    store.close().await;
    drop(store);
    state.open().await;
}

#[tokio::test]
async fn a_state_of_the_first_version_is_read_only_after_its_migration() {
    let state = first_version();
    let before = fs::read(state.file()).expect("a file");
    assert!(matches!(Store::open_read_only(&state.place).await, Err(StoreError::OlderVersion)));
    run(cli(&state, "digest list")).await.code(2).warns("run `takeaways state migrate`");
    assert_eq!(fs::read(state.file()).expect("a file"), before);
    run(cli(&state, "state migrate")).await.code(0).says("the state was migrated from version 1 to 6\n");
    run(cli(&state, "state check")).await.code(0).says("the state is undamaged");
    run(cli(&state, "digest list")).await.code(0).says("#1  channel 70 of server 7");
}

/// A process that ended between the migration and the hashes leaves rows without a hash.
#[tokio::test]
async fn rows_without_a_hash_get_one_at_the_next_start() {
    let state = first_version();
    state.open().await.close().await;
    execute(&state.file(), "UPDATE subscriptions SET hash = NULL; UPDATE posts SET hash = NULL").await;
    state.open().await.close().await;
    execute(&state.file(), "UPDATE subscriptions SET channel = 71 WHERE id = 1").await;
    let report = state.beside().await.check().await.expect("read");
    assert_eq!(report.problems, ["the checksum of row 1 of subscriptions is wrong"]);
}

/// The rows of a damaged state are not made right by the migration.
#[tokio::test]
async fn f28_a_damaged_row_of_the_ledger_is_still_found_after_a_migration() {
    let state = first_version();
    execute(&state.file(), "UPDATE deliveries SET channel = 71 WHERE state = 'sent'").await;
    state.open().await.close().await;
    let report = state.beside().await.check().await.expect("read");
    assert_eq!(report.problems, ["the checksum of row 1 of the ledger is wrong"]);
}
