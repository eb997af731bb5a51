//! The log of past runs.

use sqlx::AnyConnection;

use super::delivery_row::{self, DeliveryRow};
use super::error::QueryError;
use super::{Store, StoreError};
use crate::columns::to_sql_id;
use takeaways_digest::{Delivery, DeliveryId, SubscriptionId};

impl Store {
    /// The latest runs of a subscription, newest first, without their texts.
    ///
    /// # Errors
    /// If the state can't be read.
    pub async fn recent_runs(&self, id: SubscriptionId, limit: u32) -> Result<Vec<Delivery>, StoreError> {
        let sql = delivery_row::rows!("WHERE subscription = $1 ORDER BY slot DESC, id DESC LIMIT $2");
        let work = async {
            let mut conn = self.database().acquire().await?;
            parse_deliveries(&sqlx::query(sql).bind(id.0).bind(i64::from(limit)).fetch_all(&mut *conn).await?)
        };
        self.database().with_timeout(work).await
    }

    /// The latest runs of all subscriptions, newest first, without their texts.
    ///
    /// # Errors
    /// If the state can't be read.
    pub async fn recent_runs_of_all(&self, limit: u32) -> Result<Vec<Delivery>, StoreError> {
        let sql = delivery_row::rows!("ORDER BY slot DESC, id DESC LIMIT $1");
        let work = async {
            let mut conn = self.database().acquire().await?;
            parse_deliveries(&sqlx::query(sql).bind(i64::from(limit)).fetch_all(&mut *conn).await?)
        };
        self.database().with_timeout(work).await
    }

    /// A row of the ledger with its texts.
    ///
    /// # Errors
    /// If the state can't be read.
    pub async fn find_delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        let work = async {
            let mut conn = self.database().acquire().await?;
            find_one(&mut conn, delivery_row::whole_rows!("WHERE id = $1"), id.0).await
        };
        self.database().with_timeout(work).await
    }

    /// The delivery whose message this is. The buttons of the message need it.
    ///
    /// # Errors
    /// If the state can't be read.
    pub async fn find_by_message(&self, message: u64) -> Result<Option<Delivery>, StoreError> {
        let work = async {
            let mut conn = self.database().acquire().await?;
            find_one(&mut conn, delivery_row::whole_rows!("WHERE message = $1"), to_sql_id(message)).await
        };
        self.database().with_timeout(work).await
    }
}

async fn find_one(
    conn: &mut AnyConnection,
    sql: &'static str,
    value: i64,
) -> Result<Option<Delivery>, QueryError> {
    let row = sqlx::query(sql).bind(value).fetch_optional(conn).await?;
    Ok(row.as_ref().map(DeliveryRow::parse).transpose()?.map(|row| row.delivery))
}

fn parse_deliveries(rows: &[sqlx::any::AnyRow]) -> Result<Vec<Delivery>, QueryError> {
    rows.iter().map(|row| Ok(DeliveryRow::parse(row)?.delivery)).collect()
}
