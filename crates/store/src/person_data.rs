//! All that is kept of a person: shown to them, and deleted.

use jiff::Timestamp;
use sqlx::Row as _;

use super::{KeptAnswer, Store, StoreError};
use crate::answers::{self, select_answers};
use crate::delivery_row::{DeliveryRow, select_rows};
use crate::row_hash::SUBSCRIPTIONS;
use crate::subscription_row::{self, parse_optional_time, select_subscriptions, to_sql_id};
use takeaways_digest::{Delivery, Subscription, SubscriptionId};

/// All that is kept of a person.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PersonData {
    /// Their subscription by direct message.
    pub subscription: Option<Subscription>,
    /// Its deliveries, oldest first.
    pub deliveries: Vec<Delivery>,
    /// The name of the time zone that they named last.
    pub zone: Option<String>,
    /// The beginning of the pause of which they were told last.
    pub pause_told: Option<Timestamp>,
    /// Their answers, oldest first.
    pub answers: Vec<KeptAnswer>,
    /// The subscriptions of servers that they made or paused, removed ones too while they can be restored.
    pub server_subscriptions: Vec<SubscriptionId>,
}

/// The number of rows that were removed of a person.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ForgottenRows {
    /// The subscription by direct message, with its deliveries.
    pub follows: u64,
    /// The answers with their conversations and buttons.
    pub answers: u64,
    /// The time zone.
    pub zones: u64,
    /// Names in the digests of servers, which stay.
    pub digests: u64,
}

impl ForgottenRows {
    /// Whether there was nothing.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Store {
    /// All that is kept of a person.
    ///
    /// # Errors
    /// If the state can't be read, or a row is damaged.
    pub async fn find_person_data(&self, person: u64) -> Result<PersonData, StoreError> {
        self.read(async |mut conn| {
            let id = to_sql_id(person);
            let subscription = subscription_row::find_by_person(&mut conn, person).await?;
            let sql = select_rows!("WHERE person = $1 ORDER BY slot, id");
            let deliveries = sqlx::query(sql).bind(id).fetch_all(&mut *conn).await?;
            let sql = "SELECT zone FROM person_zones WHERE person = $1";
            let zone = sqlx::query(sql).bind(id).fetch_optional(&mut *conn).await?;
            let sql = "SELECT pause_told FROM subscriptions WHERE person = $1";
            let told = sqlx::query(sql).bind(id).fetch_optional(&mut *conn).await?;
            let sql = select_answers!("WHERE person = $1 ORDER BY asked_at, number");
            let answers = sqlx::query(sql).bind(id).fetch_all(&mut *conn).await?;
            let sql = "SELECT id FROM subscriptions WHERE person IS NULL AND (made_by = $1 OR paused_by = $1) ORDER BY id";
            let named = sqlx::query(sql).bind(id).fetch_all(&mut *conn).await?;
            Ok(PersonData {
                subscription,
                deliveries: deliveries
                    .iter()
                    .map(|row| Ok(DeliveryRow::parse(row)?.delivery))
                    .collect::<Result<_, crate::error::QueryError>>()?,
                zone: zone.map(|row| row.try_get("zone")).transpose()?,
                pause_told: match told {
                    Some(row) => parse_optional_time(&row, "pause_told")?,
                    None => None,
                },
                answers: answers.iter().map(answers::parse).collect::<Result<_, _>>()?,
                server_subscriptions: named
                    .iter()
                    .map(|row| row.try_get("id").map(SubscriptionId))
                    .collect::<Result<_, _>>()?,
            })
        })
        .await
    }

    /// Removes a person's subscription, answers and zone, and their id from every row. Returns what was removed.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn forget_person(&self, person: u64) -> Result<ForgottenRows, StoreError> {
        self.write(async |mut tx| {
            let mut removed = [0; 3];
            let statements = [
                // Its rows of the ledger are deleted with it.
                "DELETE FROM subscriptions WHERE person = $1",
                "DELETE FROM answers WHERE person = $1",
                "DELETE FROM person_zones WHERE person = $1",
            ];
            for (sql, count) in statements.into_iter().zip(&mut removed) {
                *count = sqlx::query(sql).bind(to_sql_id(person)).execute(tx.conn()).await?.rows_affected();
            }
            let [follows, answers, zones] = removed;
            let mut forgotten = ForgottenRows { follows, answers, zones, digests: 0 };
            // Removed ones too, since they can be restored.
            let sql = select_subscriptions!("WHERE made_by = $1 OR paused_by = $1");
            let named = sqlx::query(sql).bind(to_sql_id(person)).fetch_all(tx.conn()).await?;
            for sql in [
                "UPDATE subscriptions SET made_by = 0 WHERE made_by = $1",
                "UPDATE subscriptions SET paused_by = NULL WHERE paused_by = $1",
            ] {
                let named = sqlx::query(sql).bind(to_sql_id(person)).execute(tx.conn()).await?;
                forgotten.digests += named.rows_affected();
            }
            // A row that was damaged before stays damaged.
            for row in named.iter().filter(|row| SUBSCRIPTIONS.problem(row).is_none()) {
                SUBSCRIPTIONS.seal(tx.conn(), row.try_get("id")?).await?;
            }
            tx.commit().await?;
            Ok(forgotten)
        })
        .await
    }
}
