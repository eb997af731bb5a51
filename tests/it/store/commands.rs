//! `takeaways state`. F28: a row that nobody of ours changed, and a schema that is damaged.

use std::fs;

use takeaways_store::{Store, StoreError, ZoneOwner};

use super::files::execute;
use super::state::*;
use crate::harness::postgres::PASSWORD;
use crate::harness::{Cli, run};

pub fn cli(state: &TestState, arguments: &str) -> Cli {
    let cli = Cli::new().args(arguments);
    match &state.place {
        takeaways_store::StoreLocation::Folder(folder) => cli.state(folder),
        takeaways_store::StoreLocation::Servers(servers) => {
            cli.env("TAKEAWAYS__STATE__URL", secrecy::ExposeSecret::expose_secret(&servers[0]))
        }
    }
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
        run(cli(&state, "state migrate")).await.code(0).says("the state has version 2, the newest\n");
    }
}

/// The person of the test of what is kept.
const PERSON: u64 = u64::MAX - 7;

on_both! {
    async fn a21_what_is_kept_of_a_person_is_printed_and_deleted_beside_the_bot(state: TestState) {
        let store = state.open().await;
        let mut follow = new_subscription(takeaways_digest::Target::Person(PERSON));
        follow.interests = vec![takeaways_digest::Interest { topic: Some("gitops".into()), ..Default::default() }];
        let (own, _) = store.follow(follow, 9).await.expect("written");
        planned(&store, own.id, at(10)).await;
        let mut of_channel = new_subscription(CHANNEL);
        of_channel.made_by = PERSON;
        store.subscribe(of_channel, 9).await.expect("it is made");
        let zone = "Europe/Berlin".parse().expect("a zone");
        store.save_zone(takeaways_store::ZoneOwner::Person(PERSON), &zone).await.expect("written");
        let answer = takeaways_store::KeptAnswer {
            number: 1,
            channel: 5,
            server: None,
            person: PERSON,
            asked_at: at(1),
            question: Some("what about otters?".into()),
            turn: "{\"topic\":\"otters\"}".into(),
        };
        store.save_answer(&answer).await.expect("written");
        let export = run(cli(&state, &format!("state export {PERSON}"))).await.code(0).json();
        assert_eq!(export["person"], PERSON.to_string());
        assert_eq!(export["follows"]["interests"][0]["topic"], "gitops");
        assert_eq!(export["deliveries"].as_array().map(Vec::len), Some(1));
        assert_eq!((&export["zone"], &export["answers"][0]["question"]), (&"Europe/Berlin".into(), &"what about otters?".into()));
        assert_eq!(export["answers"][0]["turn"]["topic"], "otters");
        assert_eq!(export["server_digests"].as_array().map(Vec::len), Some(1));
        let forget = format!("state forget {PERSON}");
        let said = run(cli(&state, &forget)).await.code(0);
        said.says("follows           1\n").says("answers           1\n").says("names in digests  1 (the digests stay)");
        run(cli(&state, &forget)).await.code(0).says("nothing is kept of ");
        let export = run(cli(&state, &format!("state export {PERSON}"))).await.code(0).json();
        assert_eq!((&export["follows"], &export["answers"]), (&serde_json::Value::Null, &serde_json::json!([])));
        assert_eq!(store.check().await.expect("read").problems, Vec::<String>::new());
        run(cli(&state, "state forget ada")).await.code(2);
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
    let shown = crate::harness::run(cli(&state, "check")).await.says("state.url = \"(hidden)\"");
    assert!(!shown.out.contains(PASSWORD));
    let place = takeaways_store::StoreLocation::Servers(crate::harness::postgres::secrets([&format!(
        "postgres://takeaways:{PASSWORD}@127.0.0.1:1/none"
    )]));
    let out_of_reach = TestState { place, folder: None };
    let run = crate::harness::run(cli(&out_of_reach, "state check -vv")).await.code(2);
    assert!(run.err.contains("the state is not available"), "{}", run.err);
    assert!(!run.err.contains(PASSWORD), "{}", run.err);
}

/// Creates a closed state with rows in each table.
async fn filled() -> TestState {
    let state = TestState::sqlite();
    let store = state.open().await;
    recorded(&store, &[post("a.md", 1), post("b.md", 2)], at(1)).await;
    let subscription = store.subscribe(new_subscription(CHANNEL), 9).await.expect("it is made");
    store.subscribe(new_subscription(CHANNEL), 9).await.expect("it is made");
    planned(&store, subscription.id, at(10)).await;
    store.save_zone(ZoneOwner::Person(5), &"UTC".parse().expect("a zone")).await.expect("written");
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

/// Returns what the check finds. It closes what it opens: a connection that closes later keeps its write-ahead log, which would
/// change the file that a test writes next.
async fn problems(state: &TestState) -> Vec<String> {
    let beside = state.beside().await;
    let problems = beside.check().await.expect("read").problems;
    beside.close().await;
    problems
}

#[tokio::test]
async fn f28_a_changed_row_of_any_table_is_found_by_the_check() {
    let state = filled().await;
    assert_eq!(problems(&state).await, Vec::<String>::new());
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
        ("UPDATE person_zones SET zone = 'Asia/Tokyo'", "row 5 of person_zones"),
        ("UPDATE servers_gone SET since = 1", "row 8 of servers_gone"),
        ("UPDATE servers_gone SET hash = NULL", "row 8 of servers_gone"),
        ("UPDATE deliveries SET slot = slot + 1", "row 1 of the ledger"),
    ] {
        execute(&state.file(), change).await;
        assert_eq!(problems(&state).await, [format!("the checksum of {problem} is wrong")], "{change}");
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
    assert!(store.list_due(at(1_000_000)).await.expect("read").iter().all(|due| due.id.0 != 1));
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
        ("ALTER TABLE person_zones RENAME TO person_zonez", "no such table: person_zones"),
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
