//! A small state, and what the store says of it after somebody else has changed its rows.

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use sqlx::{AnyConnection, AssertSqlSafe, Connection as _, Row as _};
use takeaways_digest::{DeliveryKey, Interest, NewSubscription, Subscription, Target, WhenEmpty, Zone};
use takeaways_store::{DigestMessage, NewDelivery, PostIdentity, Store, StoreLocation};
use tempfile::TempDir;
use tokio::runtime::{Builder, Runtime};

/// The tables whose rows an input may change. The first one has a hash in each row.
const TABLES: [&str; 4] = ["deliveries", "subscriptions", "posts", "servers_gone"];

/// The most changes of one input.
const MAX_CHANGES: usize = 8;

/// A state with two subscriptions and deliveries in different states, and a connection of its own to its file.
pub struct State {
    runtime: Runtime,
    store: Store,
    conn: AnyConnection,
    untouched: Vec<String>,
    _folder: TempDir,
}

impl State {
    /// Creates the state, with copies of its tables to restore it from.
    ///
    /// # Panics
    /// If the state can't be written.
    #[must_use]
    pub fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
        let folder = tempfile::tempdir().expect("a folder for the state");
        let (store, conn, untouched) = runtime.block_on(async {
            let store = Store::open(&StoreLocation::Folder(folder.path().to_owned())).await.expect("a state");
            fill(&store).await;
            let mut conn = connect(folder.path().join("state.sqlite3")).await;
            for table in TABLES {
                run(&mut conn, format!("CREATE TABLE saved_{table} AS SELECT * FROM {table}")).await;
            }
            let untouched = deliveries(&mut conn).await;
            (store, conn, untouched)
        });
        Self { runtime, store, conn, untouched, _folder: folder }
    }

    /// Applies the changes of an input, reads everything, and restores the rows. A change is a line
    /// `TABLE COLUMN VALUE`, with a value in JSON.
    ///
    /// # Panics
    /// If a changed row of the ledger is not reported.
    pub fn check(&mut self, input: &[u8]) {
        let input = String::from_utf8_lossy(input);
        let (store, conn, untouched) = (&self.store, &mut self.conn, &self.untouched);
        self.runtime.block_on(async {
            for change in input.lines().filter_map(update).take(MAX_CHANGES) {
                run(conn, change).await;
            }
            let report = store.check().await;
            if deliveries(conn).await != *untouched {
                let is_reported = report.as_ref().map_or(true, |report| !report.problems.is_empty());
                assert!(is_reported, "a changed row of the ledger is not reported: {input}");
            }
            read_everything(store).await;
            for table in TABLES {
                run(conn, format!("DELETE FROM {table}")).await;
            }
            for table in TABLES.iter().rev() {
                run(conn, format!("INSERT INTO {table} SELECT * FROM saved_{table}")).await;
            }
        });
    }
}

impl Default for State {
    fn default() -> Self {
        Self::new()
    }
}

fn at(seconds: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_800_000_000 + seconds)
}

async fn fill(store: &Store) {
    let post = |path: &str| PostIdentity { url: None, path: path.into(), fingerprint: 1 };
    store.record_posts(&[post("a.md"), post("b.md")], at(0), &|_| false).await.expect("posts");
    let channel =
        store.subscribe(definition(Target::Channel { server: 7, channel: 70 }), 9).await.expect("made");
    let person = store.subscribe(definition(Target::Person(5)), 9).await.expect("made");
    for (subscription, slots) in [(channel, [10, 20, 30]), (person, [10, 20, 30])] {
        let mut decided = subscription.decided_until;
        for slot in slots {
            let run = delivery(store, &subscription, at(slot));
            let planned =
                store.plan(run, decided, at(slot), None, at(slot)).await.expect("written").expect("planned");
            decided = at(slot);
            if slot > 10 {
                let claim = store.claim(planned.id, at(slot), SignedDuration::from_secs(15)).await;
                let claim = claim.expect("written").expect("free");
                if slot > 20 {
                    assert!(store.record_sent(&claim, 99, at(slot)).await.expect("written"));
                }
            }
        }
    }
}

fn definition(target: Target) -> NewSubscription {
    NewSubscription {
        target,
        interests: vec![Interest::default()],
        schedule: "daily at 09:00".parse().expect("a schedule"),
        zone: Zone::utc(),
        when_empty: WhenEmpty::Nothing,
        include_since: None,
        wrap_up: false,
        made_by: 1,
        made_at: at(0),
    }
}

fn delivery(store: &Store, subscription: &Subscription, slot: Timestamp) -> NewDelivery {
    let target = subscription.definition.target;
    NewDelivery {
        subscription: subscription.id,
        target,
        slot,
        key: DeliveryKey::new(store.state_id(), target.destination(), subscription.id, slot),
        message: DigestMessage {
            body: Some("{\"content\":\"a digest\"}".into()),
            more: Some("[\"more\"]".into()),
            posts: 3,
            covers: 5,
            wrap_up: None,
        },
    }
}

async fn connect(file: PathBuf) -> AnyConnection {
    sqlx::any::install_default_drivers();
    let address = format!("sqlite://{}", file.display());
    let mut conn = AnyConnection::connect(&address).await.expect("the state's file");
    run(&mut conn, "PRAGMA foreign_keys = OFF".into()).await;
    run(&mut conn, "PRAGMA synchronous = OFF".into()).await;
    conn
}

/// Runs a statement. A constraint may refuse it; then nothing changes.
async fn run(conn: &mut AnyConnection, sql: String) {
    let _ = sqlx::raw_sql(AssertSqlSafe(sql)).execute(conn).await;
}

/// Every column of every row of the ledger, as SQL literals.
async fn deliveries(conn: &mut AnyConnection) -> Vec<String> {
    let columns = "id subscription server channel person slot last_slot slots state reason is_late key body more body_hash \
                   more_hash posts covers attempts epoch owner sending_since not_before lease_until message ended_at hash";
    let literals: Vec<String> = columns.split_whitespace().map(|column| format!("quote({column})")).collect();
    let sql = format!("SELECT {} AS row FROM deliveries ORDER BY id", literals.join("||','||"));
    let rows = sqlx::query(AssertSqlSafe(sql)).fetch_all(conn).await.expect("the ledger");
    rows.iter().map(|row| row.try_get("row").unwrap_or_default()).collect()
}

/// The statement of a change; `None` if the line is not one.
fn update(line: &str) -> Option<String> {
    let mut words = line.splitn(3, ' ');
    let table = words.next().filter(|table| TABLES.contains(table))?;
    let column =
        words.next().filter(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'))?;
    let value = match serde_json::from_str(words.next()?).ok()? {
        Value::Null => "NULL".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) => format!("'{}'", text.replace('\'', "''").replace('\0', "")),
        _ => return None,
    };
    (!column.is_empty()).then(|| format!("UPDATE {table} SET {column} = {value}"))
}

/// Calls what reads rows. Every call may fail; none may panic.
async fn read_everything(store: &Store) {
    let _ = store.list_subscriptions().await;
    let _ = store.list_by_server(7).await;
    let _ = store.find_by_person(5).await;
    let _ = store.list_due(at(100_000)).await;
    let _ = store.next_wakeup().await;
    let _ = store.open_deliveries(at(100_000)).await;
    let _ = store.recent_runs_of_all(10).await;
    let _ = store.find_by_message(99).await;
    let _ = store.find_untold_pause(5).await;
    let _ = store.find_sightings(&[PostIdentity { url: None, path: "a.md".into(), fingerprint: 1 }]).await;
}
