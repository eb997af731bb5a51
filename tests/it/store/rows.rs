//! F28: a row that nobody of ours changed, and a schema that is damaged.

use std::fs;

use takeaways_digest::PauseReason;
use takeaways_store::{Store, StoreError};

use super::commands::{cli, run};
use super::files::execute;
use super::state::*;

/// Creates a closed state with rows in each table.
async fn filled() -> TestState {
    let state = TestState::sqlite();
    let store = state.open().await;
    recorded(&store, &[post("a.md", 1), post("b.md", 2)], at(1)).await;
    let subscription = store.subscribe(new_subscription(CHANNEL), 9).await.expect("it is made");
    store.subscribe(new_subscription(CHANNEL), 9).await.expect("it is made");
    planned(&store, subscription.id, at(10)).await;
    store.save_notice(5, PauseReason::DirectMessagesClosed, at(1)).await.expect("written");
    store.record_server_left(7, at(2)).await.expect("written");
    store.record_server_joined(7, at(3)).await.expect("written");
    store
        .subscribe(new_subscription(takeaways_digest::Target::Channel { server: 8, channel: 80 }), 9)
        .await
        .expect("made");
    store.record_server_left(8, at(4)).await.expect("written");
    store.close().await;
    state
}

#[tokio::test]
async fn f28_a_changed_row_of_any_table_is_found_by_the_check() {
    let state = filled().await;
    assert_eq!(state.beside().await.check().await.expect("read").problems, Vec::<String>::new());
    let whole = fs::read(state.file()).expect("a file");
    for (change, problem) in [
        ("UPDATE state SET seen = seen + 1", "row 1 of state"),
        ("UPDATE posts SET fingerprint = 9 WHERE number = 2", "row 2 of posts"),
        ("UPDATE posts SET path = 'c.md' WHERE number = 1", "row 1 of posts"),
        ("UPDATE posts SET first_seen = first_seen + 1 WHERE number = 1", "row 1 of posts"),
        ("UPDATE subscriptions SET channel = 845 WHERE id = 1", "row 1 of subscriptions"),
        ("UPDATE subscriptions SET schedule = 'daily at 10:00' WHERE id = 2", "row 2 of subscriptions"),
        ("UPDATE subscriptions SET removed_at = 1 WHERE id = 2", "row 2 of subscriptions"),
        ("UPDATE subscriptions SET covered = covered - 1 WHERE id = 2", "row 2 of subscriptions"),
        ("UPDATE notices SET left_at = 1", "row 5 of notices"),
        ("UPDATE servers_gone SET since = 1", "row 8 of servers_gone"),
        ("UPDATE servers_gone SET hash = NULL", "row 8 of servers_gone"),
        ("UPDATE deliveries SET slot = slot + 1", "row 1 of the ledger"),
    ] {
        execute(&state.file(), change).await;
        let report = state.beside().await.check().await.expect("read");
        assert_eq!(report.problems, [format!("the checksum of {problem} is wrong")], "{change}");
        fs::write(state.file(), &whole).expect("a file");
    }
    execute(&state.file(), "UPDATE posts SET fingerprint = 9 WHERE number = 2").await;
    run(cli(&state, "state check")).await.code(1).says("problem: the checksum of row 2 of posts is wrong");
}

/// The digest would go to another channel.
#[tokio::test]
async fn f28_a_changed_subscription_is_not_used_and_the_others_are() {
    let state = filled().await;
    execute(&state.file(), "UPDATE subscriptions SET channel = 845 WHERE id = 1").await;
    let store = state.open().await;
    let ids: Vec<i64> = store.list_subscriptions().await.expect("read").iter().map(|one| one.id.0).collect();
    assert_eq!(ids, [2, 3]);
    let found = store.find_subscription(takeaways_digest::SubscriptionId(1)).await;
    assert!(
        matches!(&found, Err(StoreError::Damaged(text)) if text.contains("row 1 of subscriptions")),
        "{found:?}"
    );
    assert!(store.list_due(at(1_000_000), 9).await.expect("read").iter().all(|due| due.id.0 != 1));
    // A person who is forgotten does not make the row right.
    assert!(!store.forget_person(u64::MAX).await.expect("written").is_empty());
    let problems = store.check().await.expect("read").problems;
    assert_eq!(problems, ["the checksum of row 1 of subscriptions is wrong"]);
}

#[tokio::test]
async fn f28_a_damaged_schema_is_called_damage_in_every_command() {
    for (damage, words) in [
        ("ALTER TABLE deliveries RENAME COLUMN slots TO slotz", "no such column: slots"),
        ("ALTER TABLE subscriptions RENAME COLUMN failures TO failurez", "no such column: failures"),
        ("ALTER TABLE posts RENAME TO postz", "no such table: posts"),
        ("ALTER TABLE notices RENAME TO noticez", "no such table: notices"),
        ("ALTER TABLE _sqlx_migrations RENAME COLUMN version TO versiom", "no such column: version"),
    ] {
        let state = filled().await;
        execute(&state.file(), damage).await;
        for opened in [Store::open(&state.place).await.map(Some), Store::open_read_only(&state.place).await] {
            let Err(StoreError::Damaged(text)) = opened else { panic!("{damage}: {opened:?}") };
            assert!(
                text.contains(words) && text.contains("restore a backup with `rm -f "),
                "{damage}: {text}"
            );
        }
        for command in
            ["digest list", "digest log", "digest run --dry-run", "digest preview", "state migrate"]
        {
            let done = run(cli(&state, command)).await.code(2).warns("is damaged");
            done.warns(words).warns("restore a backup with `rm -f ");
        }
        // What the check finds is its result, as with other damage.
        let checked = run(cli(&state, "state check")).await.code(1).says(words);
        checked.says("is damaged").says("restore a backup with `rm -f ");
    }
}
