//! F07, F27 and F28: the SQLite file and its faults.

use std::fs;
use std::os::unix::fs::{FileExt as _, PermissionsExt as _};
use std::path::Path;
use std::time::Duration;

use sqlx::any::AnyConnectOptions;
use sqlx::{AnyConnection, AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};
use takeaways_digest::{NewSubscription, PauseReason, Target};
use takeaways_store::{Store, StoreError};

use super::commands::cli;
use super::state::*;
use crate::harness::run;

/// Opens a connection outside the store.
async fn other(file: &Path) -> AnyConnection {
    sqlx::any::install_default_drivers();
    let address = format!("sqlite://{}", file.display());
    address.parse::<AnyConnectOptions>().expect("an address").connect().await.expect("it is there")
}

pub async fn execute(file: &Path, sql: &str) {
    let mut conn = other(file).await;
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut conn).await.expect("it is done");
    conn.close().await.expect("closed");
}

/// Returns the tables and columns with values that contain a text.
pub async fn columns_with(file: &Path, text: &str) -> Vec<String> {
    let mut conn = other(file).await;
    let sql = "SELECT m.name AS place, c.name AS part FROM sqlite_master m JOIN pragma_table_info(m.name) c \
               WHERE m.type = 'table' ORDER BY 1, 2";
    let columns = sqlx::query(sql).fetch_all(&mut conn).await.expect("tables");
    let mut found = Vec::new();
    for column in columns {
        let (table, name): (String, String) = (column.get("place"), column.get("part"));
        let sql =
            format!("SELECT COUNT(*) AS n FROM \"{table}\" WHERE CAST(\"{name}\" AS TEXT) LIKE '%{text}%'");
        let row = sqlx::query(AssertSqlSafe(sql)).fetch_one(&mut conn).await.expect("a count");
        if row.get::<i64, _>("n") > 0 {
            found.push(format!("{table}.{name}"));
        }
    }
    conn.close().await.expect("closed");
    found
}

/// Creates a closed state with a planned run.
async fn left_behind() -> TestState {
    let state = TestState::sqlite();
    let store = state.open().await;
    let subscription = store.subscribe(new_subscription(CHANNEL), 1).await.expect("it is made");
    planned(&store, subscription.id, at(10)).await;
    store.close().await;
    state
}

/// A kind of damage to a file.
type Damage = fn(&Path);

#[track_caller]
fn is_damaged(opened: Result<Store, StoreError>, said: &[&str]) {
    let Err(StoreError::Damaged(text)) = opened else { panic!("{opened:?}") };
    for words in said {
        assert!(text.contains(words), "no {words:?} in {text}");
    }
}

#[tokio::test]
async fn f07_a_second_instance_is_told_who_holds_the_state() {
    let state = TestState::sqlite();
    let store = state.open().await;
    let Err(StoreError::Locked(holder)) = Store::open(&state.place).await else { panic!("it is held") };
    assert!(holder.contains(&format!("process {}", std::process::id())), "{holder}");
    assert_eq!(state.beside().await.state_id(), store.state_id(), "who reads goes beside");
    drop(store);
    state.open().await;
}

#[tokio::test]
async fn the_state_is_for_its_owner_alone_and_keeps_its_number() {
    let state = TestState::sqlite();
    assert!(Store::open_read_only(&state.place).await.expect("no fault").is_none());
    assert!(!state.file().exists(), "a look makes nothing");
    let store = state.open().await;
    let number = store.state_id();
    store.subscribe(new_subscription(CHANNEL), 1).await.expect("it is made");
    for name in ["state.sqlite3", "state.sqlite3-wal", "state.lock"] {
        let mode = fs::metadata(state.file().with_file_name(name)).expect(name).permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{name}");
    }
    drop(store);
    assert_eq!(state.open().await.state_id(), number);
    assert_ne!(TestState::sqlite().open().await.state_id(), number);
}

#[tokio::test]
async fn f28_a_file_that_is_gone_or_cut_or_no_file_is_never_begun_anew() {
    let cases: [(&str, Damage); 7] = [
        ("it is missing", |file| fs::remove_file(file).expect("removed")),
        ("it is empty", |file| fs::write(file, "").expect("written")),
        ("it is not an SQLite file", |file| fs::write(file, "SQLite").expect("written")),
        ("it is not an SQLite file", |file| fs::write(file, vec![7; 9_000]).expect("written")),
        ("it is not a file", |file| {
            fs::remove_file(file).expect("removed");
            fs::create_dir(file).expect("made");
        }),
        ("damaged", |file| {
            let open = fs::OpenOptions::new().write(true).open(file).expect("there");
            open.set_len(open.metadata().expect("there").len() / 2 / 4096 * 4096).expect("cut");
        }),
        ("damaged", |file| {
            let open = fs::OpenOptions::new().write(true).open(file).expect("there");
            for page in 1..open.metadata().expect("there").len() / 4096 {
                open.write_all_at(&[0xff; 100], page * 4096).expect("written");
            }
        }),
    ];
    for (what, damage) in cases {
        let state = left_behind().await;
        damage(&state.file());
        let before = fs::read(state.file()).ok();
        let path = state.file().display().to_string();
        let restore =
            format!("restore a backup with `rm -f '{path}-wal' '{path}-shm' && cp BACKUP '{path}'`");
        is_damaged(Store::open(&state.place).await, &[what, &restore]);
        assert_eq!(fs::read(state.file()).ok(), before, "{what}: it is left as it was");
    }
}

#[tokio::test]
async fn f28_a_file_that_is_gone_but_for_its_log_is_missed() {
    let state = TestState::sqlite();
    fs::write(state.file().with_file_name("state.sqlite3-wal"), "x").expect("written");
    is_damaged(Store::open(&state.place).await, &["it is missing, but its -wal file exists"]);
    let state = TestState::sqlite();
    execute_new(&state.file(), "CREATE TABLE cats (name TEXT)").await;
    is_damaged(Store::open(&state.place).await, &["it is not a state of takeaways"]);
}

async fn execute_new(file: &Path, sql: &str) {
    fs::write(file, "").expect("written");
    execute(file, sql).await;
}

#[tokio::test]
async fn f28_a_row_that_is_not_as_it_was_written_is_found() {
    let state = left_behind().await;
    execute(&state.file(), "UPDATE deliveries SET slot = slot + 1").await;
    is_damaged(Store::open(&state.place).await, &["the checksum of row 1 of the ledger is wrong"]);
    let checkup = state.beside().await.check().await.expect("read");
    assert_eq!(checkup.problems, ["the checksum of row 1 of the ledger is wrong"]);
    let state = left_behind().await;
    execute(&state.file(), "UPDATE deliveries SET body = 'other words'").await;
    is_damaged(Store::open(&state.place).await, &["row 1 of the ledger"]);
}

#[tokio::test]
async fn a_newer_state_is_refused_and_not_touched() {
    let state = left_behind().await;
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
                 VALUES (99, 'of the future', 1, x'00', 0)";
    execute(&state.file(), newer).await;
    let before = fs::read(state.file()).expect("there");
    assert!(matches!(Store::open(&state.place).await, Err(StoreError::NewerVersion)));
    assert!(matches!(Store::open_read_only(&state.place).await, Err(StoreError::NewerVersion)));
    assert_eq!(fs::read(state.file()).expect("there"), before);
    assert_eq!(Store::schema_version(&state.place).await.expect("read"), Some(99));
}

#[tokio::test]
async fn an_older_state_is_not_only_read() {
    let state = left_behind().await;
    execute(&state.file(), "DELETE FROM _sqlx_migrations WHERE version > 1").await;
    assert!(matches!(Store::open_read_only(&state.place).await, Err(StoreError::OlderVersion)));
    run(cli(&state, "digest list")).await.code(2).warns("run `takeaways state migrate`");
}

/// Version 1 had a row for each person who was not told yet.
#[tokio::test]
async fn who_was_not_told_of_a_pause_is_told_after_the_migration() {
    let state = TestState::sqlite();
    let store = state.open().await;
    for person in [5, 6] {
        let new = NewSubscription { made_by: person, ..new_subscription(Target::Person(person)) };
        let (own, _) = store.follow(new, 9).await.expect("written");
        store.pause(own.id, PauseReason::DirectMessagesClosed, None, at(1)).await.expect("written");
    }
    store.close().await;
    drop(store);
    for sql in [
        "ALTER TABLE subscriptions DROP COLUMN pause_told",
        "CREATE TABLE notices (person BIGINT PRIMARY KEY, notice TEXT NOT NULL, left_at BIGINT NOT NULL, hash BIGINT)",
        "INSERT INTO notices VALUES (5, 'direct_messages_closed', 1, 0)",
        "DELETE FROM _sqlx_migrations WHERE version = 2",
    ] {
        execute(&state.file(), sql).await;
    }
    assert!(matches!(Store::open_read_only(&state.place).await, Err(StoreError::OlderVersion)));
    let store = state.open().await;
    assert!(store.find_untold_pause(5).await.expect("read").is_some());
    assert_eq!(store.find_untold_pause(6).await.expect("read"), None);
    assert_eq!(store.check().await.expect("read").problems, [""; 0]);
}

#[tokio::test]
async fn a_backup_is_whole_while_somebody_writes_and_can_be_restored() {
    let state = TestState::sqlite();
    let store = state.open().await;
    let writer = {
        let store = store.clone();
        tokio::spawn(async move {
            for _ in 0..50 {
                store.subscribe(new_subscription(CHANNEL), 99).await.expect("it is made");
            }
        })
    };
    let copy = state.file().with_file_name("copy");
    let beside = state.beside().await;
    assert!(beside.back_up(&copy).await.expect("copied"));
    assert!(beside.back_up(&copy).await.is_err(), "nothing is overwritten");
    writer.await.expect("it ends");
    assert_eq!(fs::metadata(&copy).expect("there").permissions().mode() & 0o777, 0o600);
    let number = store.state_id();
    beside.close().await;
    store.close().await;
    drop((store, beside));
    fs::remove_file(state.file()).expect("removed");
    for left in ["state.sqlite3-wal", "state.sqlite3-shm"] {
        let _ = fs::remove_file(state.file().with_file_name(left));
    }
    fs::copy(&copy, state.file()).expect("restored");
    let store = state.open().await;
    assert_eq!(store.state_id(), number);
    assert_eq!(store.check().await.expect("read").problems, Vec::<String>::new());
    assert!(store.list_subscriptions().await.expect("read").len() <= 50);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f27_who_holds_the_lock_for_a_while_costs_no_write() {
    let state = left_behind().await;
    let store = state.open().await;
    let run = store.open_deliveries(at(10)).await.expect("read")[0].clone();
    let mut locked = other(&state.file()).await;
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut locked).await.expect("locked");
    let claim = tokio::spawn({
        let store = store.clone();
        async move { store.claim(run.id, at(10), LEASE).await }
    });
    assert_eq!(store.recent_runs(run.subscription, 1).await.expect("who reads does not wait").len(), 1);
    tokio::time::sleep(Duration::from_millis(1_500)).await;
    assert!(!claim.is_finished());
    sqlx::raw_sql("COMMIT").execute(&mut locked).await.expect("free");
    let claim = claim.await.expect("no panic").expect("written").expect("it is free");
    assert!(store.record_sent(&claim, 1, at(11)).await.expect("written"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f27_a_lock_that_is_held_for_long_is_said_and_leaves_nothing() {
    let state = left_behind().await;
    let store = state.open().await;
    let run = store.open_deliveries(at(10)).await.expect("read")[0].clone();
    let mut locked = other(&state.file()).await;
    sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut locked).await.expect("locked");
    let claim = store.claim(run.id, at(10), LEASE).await;
    assert!(matches!(claim, Err(StoreError::Unavailable(_))), "{claim:?}");
    sqlx::raw_sql("COMMIT").execute(&mut locked).await.expect("free");
    let claim = claimed(&store, run.id, at(10)).await;
    assert!(!claim.may_be_posted);
}
