//! A row of the ledger with its integrity hash.

use std::fmt::Write as _;

use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};
use xxhash_rust::xxh3::xxh3_64;

use super::StoreError;
use super::error::QueryError;
use crate::subscription_row::{
    from_millis, parse_name, parse_optional_time, parse_target, to_millis, to_sql_id, unreadable_error,
};
use takeaways_digest::{Delivery, DeliveryId, DeliveryReason, DeliveryState, SubscriptionId, is_late};

/// A row of the ledger.
#[derive(Debug, Clone)]
pub(super) struct DeliveryRow {
    pub delivery: Delivery,
    /// The process that made the latest claim.
    pub owner: i64,
    /// The end of its lease.
    pub lease_until: Option<Timestamp>,
    body_hash: i64,
    more_hash: i64,
    /// The hash as the database has it.
    hash: i64,
}

/// All columns but the two texts.
macro_rules! delivery_columns {
    () => {
        "id, subscription, server, channel, person, slot, last_slot, slots, state, reason, is_late, key, body_hash, \
         more_hash, posts, covers, attempts, epoch, owner, sending_since, not_before, lease_until, message, ended_at, hash"
    };
}

/// `SELECT` with the columns of a row and no text.
macro_rules! select_rows {
    ($rest:literal) => {
        concat!("SELECT ", $crate::delivery_row::delivery_columns!(), " FROM deliveries ", $rest)
    };
}

/// `SELECT` with the columns of a row and its body.
macro_rules! select_rows_with_body {
    ($rest:literal) => {
        concat!("SELECT ", $crate::delivery_row::delivery_columns!(), ", body FROM deliveries ", $rest)
    };
}

/// `SELECT` with all columns of a row.
macro_rules! select_whole_rows {
    ($rest:literal) => {
        concat!("SELECT ", $crate::delivery_row::delivery_columns!(), ", body, more FROM deliveries ", $rest)
    };
}
pub(super) use {delivery_columns, select_rows, select_rows_with_body, select_whole_rows};

impl DeliveryRow {
    /// A row that is not stored yet.
    pub(crate) fn new(delivery: Delivery) -> Self {
        let body_hash = hash_text(delivery.body.as_deref());
        let more_hash = hash_text(delivery.more.as_deref());
        Self { delivery, owner: 0, lease_until: None, body_hash, more_hash, hash: 0 }
    }

    /// Records that the message is sent from now on.
    pub(crate) fn begin_sending(&mut self, now: Timestamp) {
        self.delivery.sending_since = Some(now);
        self.delivery.is_late = is_late(self.delivery.slot, now);
    }

    /// Parses a row with the texts that were selected.
    ///
    /// # Errors
    /// If the row does not match its hash.
    pub(crate) fn parse(row: &AnyRow) -> Result<Self, QueryError> {
        let parsed = Self::parse_unchecked(row)?;
        match parsed.integrity_problem() {
            None => Ok(parsed),
            Some(problem) => Err(StoreError::Damaged(format!(
                "the state is damaged ({problem}): run `takeaways state check`; docs/state.md shows how to restore a backup"
            ))
            .into()),
        }
    }

    fn parse_unchecked(row: &AnyRow) -> Result<Self, QueryError> {
        let delivery = Delivery {
            id: DeliveryId(row.try_get("id")?),
            subscription: SubscriptionId(row.try_get("subscription")?),
            target: parse_target(row)?,
            slot: from_millis(row.try_get("slot")?)?,
            last_slot: from_millis(row.try_get("last_slot")?)?,
            slots: parse_count(row, "slots")?,
            state: parse_name(&DeliveryState::ALL, DeliveryState::name, &row.try_get::<String, _>("state")?)?,
            reason: (row.try_get::<Option<String>, _>("reason")?)
                .map(|name| parse_name(&DeliveryReason::ALL, DeliveryReason::name, &name))
                .transpose()?,
            is_late: row.try_get::<i64, _>("is_late")? != 0,
            key: row.try_get::<String, _>("key")?.parse().map_err(|_| unreadable_error("key"))?,
            body: parse_optional_text(row, "body")?,
            more: parse_optional_text(row, "more")?,
            posts: parse_count(row, "posts")?,
            covers: row.try_get("covers")?,
            attempts: parse_count(row, "attempts")?,
            epoch: row.try_get("epoch")?,
            sending_since: parse_optional_time(row, "sending_since")?,
            not_before: from_millis(row.try_get("not_before")?)?,
            message: row.try_get::<Option<i64>, _>("message")?.map(i64::cast_unsigned),
            ended_at: parse_optional_time(row, "ended_at")?,
        };
        Ok(Self {
            delivery,
            owner: row.try_get("owner")?,
            lease_until: parse_optional_time(row, "lease_until")?,
            body_hash: row.try_get("body_hash")?,
            more_hash: row.try_get("more_hash")?,
            hash: row.try_get("hash")?,
        })
    }

    /// The mismatch between the row and its hash, if any.
    fn integrity_problem(&self) -> Option<String> {
        let matches = |text: &Option<String>, hash: i64| text.is_none() || hash_text(text.as_deref()) == hash;
        let is_intact = self.hash == self.compute_hash()
            && matches(&self.delivery.body, self.body_hash)
            && matches(&self.delivery.more, self.more_hash);
        (!is_intact).then(|| format!("the checksum of row {} of the ledger is wrong", self.delivery.id.0))
    }

    fn compute_hash(&self) -> i64 {
        let d = &self.delivery;
        let (server, channel, person) = crate::subscription_row::target_columns(d.target);
        let time = |time: Option<Timestamp>| time.map(to_millis);
        let mut text = format!("{} {server:?} {channel:?} {person:?} ", d.subscription.0);
        // Writing to a `String` does not fail.
        let _ = write!(text, "{} {} {} ", to_millis(d.slot), to_millis(d.last_slot), d.slots);
        let _ = write!(
            text,
            "{} {:?} {} {} ",
            d.state.name(),
            d.reason.map(DeliveryReason::name),
            d.is_late,
            d.key
        );
        let _ = write!(text, "{} {} {} {} ", self.body_hash, self.more_hash, d.posts, d.covers);
        let _ = write!(text, "{} {} {} {:?} ", d.attempts, d.epoch, self.owner, time(d.sending_since));
        let _ = write!(text, "{} {:?} {:?} ", to_millis(d.not_before), time(self.lease_until), d.message);
        let _ = write!(text, "{:?}", time(d.ended_at));
        xxh3_64(text.as_bytes()).cast_signed()
    }

    /// Inserts a new row and returns it with its id. `None` if the ledger has the slot already.
    pub(crate) async fn insert(mut self, conn: &mut AnyConnection) -> Result<Option<Self>, QueryError> {
        let sql = "INSERT INTO deliveries (subscription, server, channel, person, slot, last_slot, slots, state, reason, \
                   is_late, key, body, more, body_hash, more_hash, posts, covers, attempts, epoch, owner, sending_since, \
                   not_before, lease_until, message, ended_at, hash) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, \
                   $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26) \
                   ON CONFLICT (subscription, slot) DO NOTHING RETURNING id";
        let d = &self.delivery;
        let (server, channel, person) = crate::subscription_row::target_columns(d.target);
        let query = sqlx::query(sql).bind(d.subscription.0).bind(server).bind(channel).bind(person);
        let query = query.bind(to_millis(d.slot)).bind(to_millis(d.last_slot)).bind(i64::from(d.slots));
        let query =
            query.bind(d.state.name()).bind(d.reason.map(DeliveryReason::name)).bind(i64::from(d.is_late));
        let query = query.bind(d.key.to_string()).bind(d.body.clone()).bind(d.more.clone());
        let query = query.bind(self.body_hash).bind(self.more_hash).bind(i64::from(d.posts)).bind(d.covers);
        let query = query.bind(i64::from(d.attempts)).bind(d.epoch).bind(self.owner);
        let query = query.bind(d.sending_since.map(to_millis)).bind(to_millis(d.not_before));
        let query = query
            .bind(self.lease_until.map(to_millis))
            .bind(d.message.map(to_sql_id))
            .bind(d.ended_at.map(to_millis));
        let Some(row) = query.bind(self.compute_hash()).fetch_optional(conn).await? else { return Ok(None) };
        self.delivery.id = DeliveryId(row.try_get("id")?);
        Ok(Some(self))
    }

    /// Updates the columns of a row that can change. A row with an outcome loses its body, which is no longer needed.
    pub(crate) async fn update(&mut self, conn: &mut AnyConnection) -> Result<(), QueryError> {
        let is_open = matches!(self.delivery.state, DeliveryState::Planned | DeliveryState::Sending);
        if !is_open {
            (self.delivery.body, self.body_hash) = (None, 0);
        }
        let sql = "UPDATE deliveries SET last_slot = $1, slots = $2, state = $3, reason = $4, attempts = $5, epoch = $6, \
                   owner = $7, sending_since = $8, not_before = $9, lease_until = $10, message = $11, ended_at = $12, \
                   body_hash = $13, hash = $14, body = CASE WHEN $15 = 1 THEN body ELSE NULL END, is_late = $16 \
                   WHERE id = $17";
        let d = &self.delivery;
        let query =
            sqlx::query(sql).bind(to_millis(d.last_slot)).bind(i64::from(d.slots)).bind(d.state.name());
        let query = query.bind(d.reason.map(DeliveryReason::name)).bind(i64::from(d.attempts)).bind(d.epoch);
        let query = query.bind(self.owner).bind(d.sending_since.map(to_millis)).bind(to_millis(d.not_before));
        let query = query
            .bind(self.lease_until.map(to_millis))
            .bind(d.message.map(to_sql_id))
            .bind(d.ended_at.map(to_millis));
        let query = query
            .bind(self.body_hash)
            .bind(self.compute_hash())
            .bind(i64::from(is_open))
            .bind(i64::from(d.is_late));
        query.bind(d.id.0).execute(conn).await?;
        Ok(())
    }
}

/// The row with this id, with its body.
pub(super) async fn find(
    conn: &mut AnyConnection,
    id: DeliveryId,
) -> Result<Option<DeliveryRow>, QueryError> {
    let row = sqlx::query(select_rows_with_body!("WHERE id = $1")).bind(id.0).fetch_optional(conn).await?;
    row.as_ref().map(DeliveryRow::parse).transpose()
}

/// The problem of a row, if any.
pub(super) fn row_problem(row: &AnyRow) -> Option<String> {
    if let Ok(parsed) = DeliveryRow::parse_unchecked(row) {
        return parsed.integrity_problem();
    }
    Some(format!("row {} of the ledger can't be read", row.try_get::<i64, _>("id").unwrap_or_default()))
}

/// The hash of a text; 0 if there is none.
fn hash_text(text: Option<&str>) -> i64 {
    text.map_or(0, |text| xxh3_64(text.as_bytes()).cast_signed())
}

fn parse_count(row: &AnyRow, column: &str) -> Result<u32, QueryError> {
    u32::try_from(row.try_get::<i64, _>(column)?).map_err(|_| unreadable_error(column))
}

/// A text, if it was selected.
fn parse_optional_text(row: &AnyRow, column: &str) -> Result<Option<String>, QueryError> {
    match row.try_get(column) {
        Err(sqlx::Error::ColumnNotFound(_)) => Ok(None),
        text => Ok(text?),
    }
}
