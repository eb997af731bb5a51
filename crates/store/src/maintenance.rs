//! Integrity checks, row counts and backups of a state.

use std::path::Path;

use futures_util::TryStreamExt as _;
use sqlx::{AnyConnection, Row as _};

use super::database::DatabaseKind;
use super::error::QueryError;
use super::{Store, StoreError, delivery_row, migrations, sqlite, subscription_row};

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

impl Store {
    /// Checks the whole state: the structure of its file, its references, the hash of every row of the ledger, and
    /// whether each subscription can be parsed.
    ///
    /// # Errors
    /// If the state can't be read.
    pub async fn check(&self) -> Result<CheckReport, StoreError> {
        let work = async {
            let mut conn = self.database().acquire().await?;
            let mut faults = Vec::new();
            if let Some(path) = self.database().path() {
                faults.extend(sqlite::find_problems(path, &mut conn).await?);
                faults.extend(find_lost_references(&mut conn).await?);
            }
            faults.extend(find_row_problems(&mut conn, delivery_row::whole_rows!("ORDER BY id")).await?);
            faults.extend(find_unreadable_subscriptions(&mut conn).await?);
            faults.truncate(MAX_PROBLEMS);
            let version = migrations::read_version(&mut conn, self.database().kind()).await?;
            Ok(CheckReport { version, rows: count_rows(&mut conn).await?, problems: faults })
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
}

/// The problems of rows that may still be sent.
pub(super) async fn find_open_row_problems(conn: &mut AnyConnection) -> Result<Vec<String>, QueryError> {
    find_row_problems(
        conn,
        delivery_row::rows_with_body!("WHERE state IN ('planned', 'sending') ORDER BY slot, id"),
    )
    .await
}

async fn find_row_problems(conn: &mut AnyConnection, sql: &'static str) -> Result<Vec<String>, QueryError> {
    let mut rows = sqlx::query(sql).fetch(conn);
    let mut faults = Vec::new();
    while let Some(row) = rows.try_next().await? {
        faults.extend(delivery_row::row_problem(&row).filter(|_| faults.len() < MAX_PROBLEMS));
    }
    Ok(faults)
}

async fn find_lost_references(conn: &mut AnyConnection) -> Result<Vec<String>, QueryError> {
    let sql = "SELECT COUNT(*) AS n FROM deliveries WHERE subscription NOT IN (SELECT id FROM subscriptions)";
    let lost: i64 = sqlx::query(sql).fetch_one(conn).await?.try_get("n")?;
    Ok((lost > 0).then(|| format!("{lost} rows of the ledger are of no subscription")).into_iter().collect())
}

async fn find_unreadable_subscriptions(conn: &mut AnyConnection) -> Result<Vec<String>, QueryError> {
    let rows = sqlx::query(subscription_row::subscriptions!("ORDER BY id")).fetch_all(conn).await?;
    let unread = rows.iter().filter(|row| subscription_row::parse(row).is_err());
    let name = |row: &sqlx::any::AnyRow| {
        format!("subscription #{} can't be read", row.try_get::<i64, _>("id").unwrap_or_default())
    };
    Ok(unread.map(name).collect())
}

async fn count_rows(conn: &mut AnyConnection) -> Result<Vec<(&'static str, i64)>, QueryError> {
    let mut counts = Vec::new();
    for (name, sql) in [
        ("subscriptions", "SELECT COUNT(*) AS n FROM subscriptions WHERE removed_at IS NULL"),
        ("deliveries", "SELECT COUNT(*) AS n FROM deliveries"),
        ("open deliveries", "SELECT COUNT(*) AS n FROM deliveries WHERE state IN ('planned', 'sending')"),
        ("posts seen", "SELECT COUNT(*) AS n FROM posts"),
    ] {
        counts.push((name, sqlx::query(sql).fetch_one(&mut *conn).await?.try_get("n")?));
    }
    Ok(counts)
}
