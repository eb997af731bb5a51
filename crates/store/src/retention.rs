//! Retention: deletes removed subscriptions, servers that the bot left, and old rows.

use jiff::Timestamp;

use super::pauses::{pause, resume};
use super::subscription_row::{self, subscriptions};
use super::subscriptions::UNDO_PERIOD_MS;
use super::{Store, StoreError};
use crate::columns::{to_millis, to_sql_id};
use takeaways_digest::PauseReason;

/// A day in milliseconds.
const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// How long the subscriptions of a server that the bot left are kept.
const SERVER_RETENTION_MS: i64 = 30 * DAY_MS;

/// How long a row of the ledger is kept after its outcome, and a notice that nobody took.
const LEDGER_RETENTION_MS: i64 = 400 * DAY_MS;

impl Store {
    /// Pauses the subscriptions of a server that the bot left. They are deleted after 30 days.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn record_server_left(&self, server: u64, now: Timestamp) -> Result<(), StoreError> {
        let work = async {
            let mut write = self.database().begin_write().await?;
            let sql = subscriptions!("WHERE server = $1 AND removed_at IS NULL AND paused IS NULL");
            let rows = sqlx::query(sql).bind(to_sql_id(server)).fetch_all(write.conn()).await?;
            for found in subscription_row::parse_readable(&rows) {
                pause(write.conn(), found, PauseReason::NoServer, now).await?;
            }
            let sql = "INSERT INTO servers_gone (server, since) \
                       SELECT $1, $2 WHERE EXISTS (SELECT 1 FROM subscriptions WHERE server = $1) \
                       ON CONFLICT (server) DO NOTHING";
            sqlx::query(sql).bind(to_sql_id(server)).bind(to_millis(now)).execute(write.conn()).await?;
            write.commit().await
        };
        self.database().with_timeout(work).await
    }

    /// Resumes the subscriptions that were paused because the bot was not in the server. Returns their number.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn record_server_joined(&self, server: u64, now: Timestamp) -> Result<u32, StoreError> {
        let work = async {
            let mut write = self.database().begin_write().await?;
            let sql = "DELETE FROM servers_gone WHERE server = $1";
            sqlx::query(sql).bind(to_sql_id(server)).execute(write.conn()).await?;
            let sql = subscriptions!("WHERE server = $1 AND removed_at IS NULL AND paused = 'no_server'");
            let rows = sqlx::query(sql).bind(to_sql_id(server)).fetch_all(write.conn()).await?;
            let mut count = 0;
            for found in subscription_row::parse_readable(&rows) {
                resume(write.conn(), found, now).await?;
                count += 1;
            }
            write.commit().await?;
            Ok(count)
        };
        self.database().with_timeout(work).await
    }

    /// Deletes subscriptions that were removed a day ago, servers that the bot left 30 days ago, and rows of the ledger
    /// older than 400 days. Returns the number of deleted rows.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn delete_expired(&self, now: Timestamp) -> Result<u64, StoreError> {
        let now = to_millis(now);
        let work = async {
            let mut write = self.database().begin_write().await?;
            let mut gone = 0;
            for (sql, age) in [
                ("DELETE FROM deliveries WHERE ended_at < $1", LEDGER_RETENTION_MS),
                ("DELETE FROM notices WHERE left_at < $1", LEDGER_RETENTION_MS),
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
                gone += query.execute(write.conn()).await?.rows_affected();
            }
            write.commit().await?;
            Ok(gone)
        };
        self.database().with_timeout(work).await
    }
}
