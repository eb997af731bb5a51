//! Upkeep of the state: checks, backups, retention, and repair after the clock was set back.

use crate::{
    Store, StoreError,
    database::{DatabaseKind, Durability},
    delivery_row::{self, DeliveryRow},
    error::QueryError,
    open,
    row_hash::{HASHED_TABLES, SERVERS_GONE, SUBSCRIPTIONS},
    sqlite,
    subscription_row::{self, select_subscriptions, to_millis, to_sql_id},
    subscriptions::{UNDO_PERIOD_MS, pause, resume},
};
use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use sqlx::{AnyConnection, Row as _};
use std::path::Path;
use takeaways_digest::{DeliveryState, PauseReason, Subscription};

/// The contents of a state, and its problems.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckReport {
    /// The version of its tables.
    pub version: i64,
    /// The number of rows of each table.
    pub rows: Vec<(&'static str, i64)>,
    /// The problems: sentences without full stop.
    pub problems: Vec<String>,
}

/// The most problems that are reported.
const MAX_PROBLEMS: usize = 20;

/// A day in milliseconds.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// How long the subscriptions of a server that the bot left are kept: 23 hours. Who invites the bot again to change its
/// permissions finds them as they were. Expired rows are deleted every hour, so that they are gone within a day.
const SERVER_RETENTION_MS: i64 = 23 * 60 * 60 * 1_000;

/// How long a row of the ledger is kept after its outcome.
const LEDGER_RETENTION_MS: i64 = 400 * DAY_MS;

/// The most runs that are counted one by one.
const MAX_COUNTED_RUNS: u32 = 10_000;

impl Store {
    /// Checks the whole state: the structure of its file, its references, the hash of every row, and whether each
    /// subscription can be parsed.
    ///
    /// # Errors
    /// If the state can't be read.
    pub async fn check(&self) -> Result<CheckReport, StoreError> {
        let work = async {
            let mut conn = self.database().acquire().await?;
            let mut problems = Vec::new();
            if let Some(path) = self.database().path() {
                problems.extend(sqlite::find_problems(path, &mut conn).await?);
                problems.extend(find_lost_references(&mut conn).await?);
            }
            problems
                .extend(find_row_problems(&mut conn, delivery_row::select_whole_rows!("ORDER BY id")).await?);
            for table in &HASHED_TABLES {
                problems.extend(table.find_problems(&mut conn, MAX_PROBLEMS).await?);
            }
            problems.extend(find_unreadable_subscriptions(&mut conn).await?);
            problems.truncate(MAX_PROBLEMS);
            let version = open::read_version(&mut conn, self.database().kind()).await?;
            Ok(CheckReport { version, rows: count_rows(&mut conn).await?, problems })
        };
        self.database().with_long_timeout(work).await
    }

    /// Copies the state into a new file, as of one moment, while other processes may write. `false` if the state is on
    /// a server, which has its own tools.
    ///
    /// # Errors
    /// If `to` exists already, or can't be written.
    pub async fn back_up(&self, to: &Path) -> Result<bool, StoreError> {
        if self.database().kind() == DatabaseKind::Postgres {
            return Ok(false);
        }
        let work = async {
            let mut conn = self.database().acquire().await?;
            conn.close_on_drop();
            sqlite::back_up(&mut conn, to).await.map(|()| true)
        };
        self.database().with_long_timeout(work).await
    }

    /// Pauses the subscriptions of a server that the bot left. They are deleted after 23 hours.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn record_server_left(&self, server: u64, now: Timestamp) -> Result<(), StoreError> {
        self.write(async |mut tx| {
            let sql = select_subscriptions!("WHERE server = $1 AND removed_at IS NULL AND paused IS NULL");
            let rows = sqlx::query(sql).bind(to_sql_id(server)).fetch_all(tx.conn()).await?;
            for found in subscription_row::parse_readable(&rows) {
                pause(tx.conn(), found, PauseReason::NoServer, None, now).await?;
            }
            let sql = "INSERT INTO servers_gone (server, since) \
                       SELECT $1, $2 WHERE EXISTS (SELECT 1 FROM subscriptions WHERE server = $1) \
                       ON CONFLICT (server) DO NOTHING";
            let query = sqlx::query(sql).bind(to_sql_id(server)).bind(to_millis(now));
            if query.execute(tx.conn()).await?.rows_affected() > 0 {
                SERVERS_GONE.seal(tx.conn(), to_sql_id(server)).await?;
            }
            // Its digests keep their own zone.
            for sql in ["DELETE FROM server_zones WHERE server = $1", "DELETE FROM answers WHERE server = $1"]
            {
                sqlx::query(sql).bind(to_sql_id(server)).execute(tx.conn()).await?;
            }
            tx.commit().await
        })
        .await
    }

    /// Resumes the subscriptions that were paused because the bot was not in the server. Returns their number.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn record_server_joined(&self, server: u64, now: Timestamp) -> Result<u32, StoreError> {
        self.write(async |mut tx| {
            let sql = "DELETE FROM servers_gone WHERE server = $1";
            sqlx::query(sql).bind(to_sql_id(server)).execute(tx.conn()).await?;
            let sql =
                select_subscriptions!("WHERE server = $1 AND removed_at IS NULL AND paused = 'no_server'");
            let rows = sqlx::query(sql).bind(to_sql_id(server)).fetch_all(tx.conn()).await?;
            let mut count = 0;
            for found in subscription_row::parse_readable(&rows) {
                resume(tx.conn(), found, now).await?;
                count += 1;
            }
            tx.commit().await?;
            Ok(count)
        })
        .await
    }

    /// Deletes subscriptions that were removed a day ago, servers that the bot left 23 hours ago, and rows of the ledger
    /// older than 400 days. Returns the number of deleted rows.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn delete_expired(&self, now: Timestamp) -> Result<u64, StoreError> {
        let now = to_millis(now);
        self.write(async |mut tx| {
            let mut deleted = 0;
            for (sql, age) in [
                ("DELETE FROM deliveries WHERE ended_at < $1", LEDGER_RETENTION_MS),
                (
                    "DELETE FROM deliveries WHERE subscription IN (SELECT id FROM subscriptions WHERE server IN \
                     (SELECT server FROM servers_gone WHERE since < $1))",
                    SERVER_RETENTION_MS,
                ),
                (
                    "DELETE FROM subscriptions WHERE server IN (SELECT server FROM servers_gone WHERE since < $1)",
                    SERVER_RETENTION_MS,
                ),
                ("DELETE FROM servers_gone WHERE since < $1", SERVER_RETENTION_MS),
                (
                    "DELETE FROM deliveries WHERE subscription IN \
                     (SELECT id FROM subscriptions WHERE removed_at < $1)",
                    UNDO_PERIOD_MS,
                ),
                ("DELETE FROM subscriptions WHERE removed_at < $1", UNDO_PERIOD_MS),
            ] {
                let query = sqlx::query(sql).bind(now.saturating_sub(age));
                deleted += query.execute(tx.conn()).await?.rows_affected();
            }
            tx.commit().await?;
            Ok(deleted)
        })
        .await
    }

    /// Reopens every decision about a time after `now`. Deliveries that were sent, or may have been, stay in the
    /// ledger. Planned ones keep their time. Returns the number of subscriptions.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn reopen_after_clock_rollback(&self, now: Timestamp) -> Result<u32, StoreError> {
        let work = async {
            // This is called often, and there is rarely anything to do.
            let sql = select_subscriptions!("WHERE decided_until > $1 AND removed_at IS NULL ORDER BY id");
            let mut conn = self.database().acquire().await?;
            if sqlx::query(sql).bind(to_millis(now)).fetch_optional(&mut *conn).await?.is_none() {
                return Ok(0);
            }
            drop(conn);
            let mut tx = self.database().begin_write(Durability::PowerFailure).await?;
            let rows = sqlx::query(sql).bind(to_millis(now)).fetch_all(tx.conn()).await?;
            let mut count = 0;
            for found in subscription_row::parse_readable(&rows) {
                reopen_subscription(tx.conn(), found, now).await?;
                count += 1;
            }
            tx.commit().await?;
            Ok(count)
        };
        self.database().with_timeout(work).await
    }
}

/// The problems of rows that may still be sent.
pub(super) async fn find_open_row_problems(conn: &mut AnyConnection) -> Result<Vec<String>, QueryError> {
    find_row_problems(
        conn,
        delivery_row::select_rows_with_body!("WHERE state IN ('planned', 'sending') ORDER BY slot, id"),
    )
    .await
}

async fn find_row_problems(conn: &mut AnyConnection, sql: &'static str) -> Result<Vec<String>, QueryError> {
    let mut rows = sqlx::query(sql).fetch(conn);
    let mut problems = Vec::new();
    while let Some(row) = rows.try_next().await? {
        problems.extend(delivery_row::row_problem(&row).filter(|_| problems.len() < MAX_PROBLEMS));
    }
    Ok(problems)
}

async fn find_lost_references(conn: &mut AnyConnection) -> Result<Vec<String>, QueryError> {
    let sql = "SELECT COUNT(*) AS n FROM deliveries WHERE subscription NOT IN (SELECT id FROM subscriptions)";
    let lost: i64 = sqlx::query(sql).fetch_one(conn).await?.try_get("n")?;
    Ok((lost > 0).then(|| format!("{lost} rows of the ledger are of no subscription")).into_iter().collect())
}

async fn find_unreadable_subscriptions(conn: &mut AnyConnection) -> Result<Vec<String>, QueryError> {
    let rows = sqlx::query(subscription_row::select_subscriptions!("ORDER BY id")).fetch_all(conn).await?;
    // A row that differs from its hash is named already.
    let unreadable = rows
        .iter()
        .filter(|row| SUBSCRIPTIONS.problem(row).is_none() && subscription_row::parse(row).is_err());
    let problem = |row: &sqlx::any::AnyRow| {
        format!("subscription #{} can't be read", row.try_get::<i64, _>("id").unwrap_or_default())
    };
    Ok(unreadable.map(problem).collect())
}

async fn count_rows(conn: &mut AnyConnection) -> Result<Vec<(&'static str, i64)>, QueryError> {
    let mut counts = Vec::new();
    for (name, sql) in [
        ("subscriptions", "SELECT COUNT(*) AS n FROM subscriptions WHERE removed_at IS NULL"),
        ("deliveries", "SELECT COUNT(*) AS n FROM deliveries"),
        ("open deliveries", "SELECT COUNT(*) AS n FROM deliveries WHERE state IN ('planned', 'sending')"),
        ("posts seen", "SELECT COUNT(*) AS n FROM posts"),
        ("answers", "SELECT COUNT(*) AS n FROM answers"),
    ] {
        counts.push((name, sqlx::query(sql).fetch_one(&mut *conn).await?.try_get("n")?));
    }
    Ok(counts)
}

async fn reopen_subscription(
    conn: &mut AnyConnection,
    mut subscription: Subscription,
    now: Timestamp,
) -> Result<(), QueryError> {
    // An overview of an event that was in one of these runs is posted by another.
    let sql = "DELETE FROM wrap_ups WHERE subscription = $1 AND slot IN (SELECT slot FROM deliveries WHERE \
               subscription = $1 AND slot > $2 AND state IN ('empty', 'skipped', 'failed') AND sending_since IS NULL)";
    sqlx::query(sql).bind(subscription.id.0).bind(to_millis(now)).execute(&mut *conn).await?;
    let sql = "DELETE FROM deliveries WHERE subscription = $1 AND slot > $2 \
               AND state IN ('empty', 'skipped', 'failed') AND sending_since IS NULL";
    sqlx::query(sql).bind(subscription.id.0).bind(to_millis(now)).execute(&mut *conn).await?;
    let sql = delivery_row::select_rows!("WHERE subscription = $1 AND (last_slot > $2 OR not_before > $2)");
    for row in sqlx::query(sql).bind(subscription.id.0).bind(to_millis(now)).fetch_all(&mut *conn).await? {
        let mut row = DeliveryRow::parse(&row)?;
        let delivery = &mut row.delivery;
        match delivery.state {
            DeliveryState::Planned => delivery.not_before = delivery.slot.max(now),
            DeliveryState::Skipped if delivery.last_slot > now => {
                (delivery.last_slot, delivery.slots) = count_runs_until(&subscription, delivery.slot, now);
            }
            _ => continue,
        }
        row.update(&mut *conn).await?;
    }
    subscription.decided_until = now;
    subscription.next_run = subscription.definition.schedule.next_run(&subscription.definition.zone, now);
    subscription_row::update(conn, &subscription).await
}

/// The last run of a subscription from `first` up to `now`, and the number of runs.
fn count_runs_until(subscription: &Subscription, first: Timestamp, now: Timestamp) -> (Timestamp, u32) {
    let next = |after: &(Timestamp, u32)| {
        let run = subscription.definition.schedule.next_run(&subscription.definition.zone, after.0)?;
        (run <= now && after.1 < MAX_COUNTED_RUNS).then_some((run, after.1 + 1))
    };
    std::iter::successors(Some((first, 1)), next).last().unwrap_or((first, 1))
}
