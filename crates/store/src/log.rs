//! What became of runs.

use sqlx::AnyConnection;

use super::error::Fail;
use super::row::{self, Row};
use super::{Store, StoreError};
use crate::value::id;
use takeaways_digest::{Delivery, DeliveryId, SubscriptionId};

impl Store {
    /// The last runs of a subscription, newest first, without their texts.
    ///
    /// # Errors
    /// Where the state can't be read.
    pub async fn log(&self, id: SubscriptionId, limit: u32) -> Result<Vec<Delivery>, StoreError> {
        let sql = row::rows!("WHERE subscription = $1 ORDER BY slot DESC, id DESC LIMIT $2");
        let work = async {
            let mut conn = self.database().read().await?;
            deliveries(&sqlx::query(sql).bind(id.0).bind(i64::from(limit)).fetch_all(&mut *conn).await?)
        };
        self.database().bounded(work).await
    }

    /// The last runs of all, newest first, without their texts.
    ///
    /// # Errors
    /// Where the state can't be read.
    pub async fn log_of_all(&self, limit: u32) -> Result<Vec<Delivery>, StoreError> {
        let sql = row::rows!("ORDER BY slot DESC, id DESC LIMIT $1");
        let work = async {
            let mut conn = self.database().read().await?;
            deliveries(&sqlx::query(sql).bind(i64::from(limit)).fetch_all(&mut *conn).await?)
        };
        self.database().bounded(work).await
    }

    /// A row of the ledger with its texts.
    ///
    /// # Errors
    /// Where the state can't be read.
    pub async fn delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        let work = async {
            let mut conn = self.database().read().await?;
            one(&mut conn, row::whole_rows!("WHERE id = $1"), id.0).await
        };
        self.database().bounded(work).await
    }

    /// The delivery that is this message of this channel's or person's, for its buttons.
    ///
    /// # Errors
    /// Where the state can't be read.
    pub async fn of_message(&self, message: u64) -> Result<Option<Delivery>, StoreError> {
        let work = async {
            let mut conn = self.database().read().await?;
            one(&mut conn, row::whole_rows!("WHERE message = $1"), id(message)).await
        };
        self.database().bounded(work).await
    }
}

async fn one(conn: &mut AnyConnection, sql: &'static str, value: i64) -> Result<Option<Delivery>, Fail> {
    let row = sqlx::query(sql).bind(value).fetch_optional(conn).await?;
    Ok(row.as_ref().map(Row::read).transpose()?.map(|row| row.delivery))
}

fn deliveries(rows: &[sqlx::any::AnyRow]) -> Result<Vec<Delivery>, Fail> {
    rows.iter().map(|row| Ok(Row::read(row)?.delivery)).collect()
}
