//! A subscription as a row of the database, and the conversion of single values from and to columns.
//!
//! Times are stored as milliseconds, ids as signed numbers, and variants as their names.

use crate::{StoreError, error::QueryError, row_hash::SUBSCRIPTIONS};
use jiff::Timestamp;
use serde::{Serialize, de::DeserializeOwned};
use sqlx::{AnyConnection, Row as _, any::AnyRow};
use takeaways_digest::{NewSubscription, Subscription, SubscriptionId, SubscriptionStatus, Target};

/// `SELECT` with all columns.
macro_rules! select_subscriptions {
    ($rest:literal) => {
        concat!(
            "SELECT id, server, channel, person, interests, schedule, zone, when_empty, include_since, made_by, made_at, \
             paused, paused_since, paused_by, failures, covered, was_delivered, decided_until, next_run, removed_at, \
             wrap_up, hash FROM subscriptions ",
            $rest
        )
    };
}
pub(super) use select_subscriptions;

/// Parses a row.
///
/// # Errors
/// If the row differs from its hash, or holds a value that this program did not write.
pub(super) fn parse(row: &AnyRow) -> Result<Subscription, QueryError> {
    if let Some(problem) = SUBSCRIPTIONS.problem(row) {
        return Err(StoreError::Damaged(format!("the state is damaged ({problem}): restore a backup")).into());
    }
    let status =
        match (row.try_get::<Option<String>, _>("paused")?, parse_optional_time(row, "paused_since")?) {
            (None, _) => SubscriptionStatus::Active,
            (Some(reason), since) => SubscriptionStatus::Paused {
                reason: parse_json_word(&reason)?,
                since: since.ok_or_else(|| unreadable_error("pause"))?,
                by: row.try_get::<Option<i64>, _>("paused_by")?.map(i64::cast_unsigned),
            },
        };
    let text = |column: &str| row.try_get::<String, _>(column);
    let definition = NewSubscription {
        target: parse_target(row)?,
        interests: parse_json(&text("interests")?)?,
        schedule: text("schedule")?.parse().map_err(|_| unreadable_error("schedule"))?,
        zone: text("zone")?.parse().map_err(|_| unreadable_error("zone"))?,
        when_empty: parse_json_word(&text("when_empty")?)?,
        include_since: parse_optional_time(row, "include_since")?,
        wrap_up: row.try_get::<i64, _>("wrap_up")? != 0,
        made_by: row.try_get::<i64, _>("made_by")?.cast_unsigned(),
        made_at: from_millis(row.try_get("made_at")?)?,
    };
    Ok(Subscription {
        id: SubscriptionId(row.try_get("id")?),
        definition,
        status,
        failures: u32::try_from(row.try_get::<i64, _>("failures")?).map_err(|_| unreadable_error("count"))?,
        covered_until: row.try_get("covered")?,
        was_delivered: row.try_get::<i64, _>("was_delivered")? != 0,
        decided_until: from_millis(row.try_get("decided_until")?)?,
        next_run: parse_optional_time(row, "next_run")?,
    })
}

/// Parses the rows that can be parsed. A row that can't be parsed is logged each time and skipped.
pub(super) fn parse_readable(rows: &[AnyRow]) -> Vec<Subscription> {
    let parse_one = |row: &AnyRow| {
        let parsed = parse(row).ok();
        if parsed.is_none() {
            let id = row.try_get::<i64, _>("id").unwrap_or_default();
            tracing::error!(subscription = id, "a subscription can't be read: run `takeaways state check`");
        }
        parsed
    };
    rows.iter().filter_map(parse_one).collect()
}

/// The subscription with this id, unless it is removed.
pub(super) async fn find(
    conn: &mut AnyConnection,
    id: SubscriptionId,
) -> Result<Option<Subscription>, QueryError> {
    let sql = select_subscriptions!("WHERE id = $1 AND removed_at IS NULL");
    let row = sqlx::query(sql).bind(id.0).fetch_optional(conn).await?;
    row.as_ref().map(parse).transpose()
}

/// The subscription of this server with this id, unless it is removed.
pub(super) async fn find_in_server(
    conn: &mut AnyConnection,
    server: u64,
    id: SubscriptionId,
) -> Result<Option<Subscription>, QueryError> {
    let sql = select_subscriptions!("WHERE id = $1 AND server = $2 AND removed_at IS NULL");
    let row = sqlx::query(sql).bind(id.0).bind(to_sql_id(server)).fetch_optional(conn).await?;
    row.as_ref().map(parse).transpose()
}

/// The subscription of this person.
pub(super) async fn find_by_person(
    conn: &mut AnyConnection,
    person: u64,
) -> Result<Option<Subscription>, QueryError> {
    let sql = select_subscriptions!("WHERE person = $1 AND removed_at IS NULL");
    let row = sqlx::query(sql).bind(to_sql_id(person)).fetch_optional(conn).await?;
    row.as_ref().map(parse).transpose()
}

/// Inserts a subscription and returns it as it is stored. Runs up to its creation are decided, and posts that were seen
/// are covered.
pub(super) async fn insert(
    conn: &mut AnyConnection,
    new: &NewSubscription,
) -> Result<Subscription, QueryError> {
    let sql = "INSERT INTO subscriptions (server, channel, person, interests, schedule, zone, when_empty, include_since, \
               made_by, made_at, decided_until, next_run, wrap_up, covered) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
               $10, $11, $12, $13, (SELECT COALESCE(MAX(number), 0) FROM posts)) RETURNING id";
    let (server, channel, person) = target_columns(new.target);
    let next = new.schedule.next_run(&new.zone, new.made_at);
    let query = sqlx::query(sql).bind(server).bind(channel).bind(person).bind(to_json(&new.interests)?);
    let query =
        query.bind(new.schedule.to_string()).bind(new.zone.name()).bind(to_json_word(&new.when_empty)?);
    let query = query
        .bind(new.include_since.map(to_millis))
        .bind(to_sql_id(new.made_by))
        .bind(to_millis(new.made_at));
    let query = query.bind(to_millis(new.made_at)).bind(next.map(to_millis)).bind(i64::from(new.wrap_up));
    let row = query.fetch_one(&mut *conn).await?;
    let id = SubscriptionId(row.try_get("id")?);
    SUBSCRIPTIONS.seal(conn, id.0).await?;
    find(conn, id).await?.ok_or_else(|| unreadable_error("subscription"))
}

/// Updates all columns that can change. `changed` must have been read in the same transaction.
pub(super) async fn update(conn: &mut AnyConnection, changed: &Subscription) -> Result<(), QueryError> {
    let sql = "UPDATE subscriptions SET server = $1, channel = $2, person = $3, interests = $4, schedule = $5, zone = $6, \
               when_empty = $7, paused = $8, paused_since = $9, failures = $10, covered = $11, was_delivered = $12, \
               decided_until = $13, next_run = $14, paused_by = $15, wrap_up = $16 WHERE id = $17";
    let definition = &changed.definition;
    let (server, channel, person) = target_columns(definition.target);
    let (paused, since, by) = match changed.status {
        SubscriptionStatus::Active => (None, None, None),
        SubscriptionStatus::Paused { reason, since, by } => {
            (Some(to_json_word(&reason)?), Some(to_millis(since)), by.map(to_sql_id))
        }
    };
    let query =
        sqlx::query(sql).bind(server).bind(channel).bind(person).bind(to_json(&definition.interests)?);
    let query = query.bind(definition.schedule.to_string()).bind(definition.zone.name());
    let query = query.bind(to_json_word(&definition.when_empty)?).bind(paused).bind(since);
    let query = query.bind(i64::from(changed.failures)).bind(changed.covered_until);
    let query = query.bind(i64::from(changed.was_delivered)).bind(to_millis(changed.decided_until));
    let query = query.bind(changed.next_run.map(to_millis)).bind(by);
    let query = query.bind(i64::from(definition.wrap_up)).bind(changed.id.0);
    query.execute(&mut *conn).await?;
    SUBSCRIPTIONS.seal(conn, changed.id.0).await
}

/// A time in milliseconds since 1970.
pub(super) fn to_millis(time: Timestamp) -> i64 {
    time.as_millisecond()
}

/// A time from milliseconds since 1970.
pub(super) fn from_millis(millis: i64) -> Result<Timestamp, QueryError> {
    Timestamp::from_millisecond(millis).map_err(|_| unreadable_error("time"))
}

/// The 64 bits of a Discord id as a signed number.
pub(super) fn to_sql_id(id: u64) -> i64 {
    id.cast_signed()
}

/// The columns `server`, `channel` and `person` of a target.
pub(super) fn target_columns(target: Target) -> (Option<i64>, Option<i64>, Option<i64>) {
    match target {
        Target::Channel { server, channel } => (Some(to_sql_id(server)), Some(to_sql_id(channel)), None),
        Target::Person(person) => (None, None, Some(to_sql_id(person))),
    }
}

/// A target from the columns `server`, `channel` and `person`.
pub(super) fn parse_target(row: &AnyRow) -> Result<Target, QueryError> {
    let get = |column: &str| row.try_get::<Option<i64>, _>(column).map(|id| id.map(i64::cast_unsigned));
    match (get("server")?, get("channel")?, get("person")?) {
        (Some(server), Some(channel), None) => Ok(Target::Channel { server, channel }),
        (None, None, Some(person)) => Ok(Target::Person(person)),
        _ => Err(unreadable_error("target")),
    }
}

/// A time from a column that may be empty.
pub(super) fn parse_optional_time(row: &AnyRow, column: &str) -> Result<Option<Timestamp>, QueryError> {
    row.try_get::<Option<i64>, _>(column)?.map(from_millis).transpose()
}

/// The value of `all` with this name.
pub(super) fn parse_name<T: Copy>(
    all: &[T],
    name: impl Fn(T) -> &'static str,
    wanted: &str,
) -> Result<T, QueryError> {
    all.iter().copied().find(|one| name(*one) == wanted).ok_or_else(|| unreadable_error("word"))
}

/// A value as JSON.
pub(super) fn to_json(value: &impl Serialize) -> Result<String, QueryError> {
    serde_json::to_string(value).map_err(|error| StoreError::unavailable(error).into())
}

/// A value from JSON.
pub(super) fn parse_json<T: DeserializeOwned>(text: &str) -> Result<T, QueryError> {
    serde_json::from_str(text).map_err(|_| unreadable_error("value"))
}

/// A value whose JSON is a string, without the quotation marks.
pub(super) fn to_json_word(value: &impl Serialize) -> Result<String, QueryError> {
    Ok(to_json(value)?.trim_matches('"').to_owned())
}

/// A value from a JSON string without its quotation marks.
pub(super) fn parse_json_word<T: DeserializeOwned>(word: &str) -> Result<T, QueryError> {
    serde_json::from_value(word.into()).map_err(|_| unreadable_error("word"))
}

/// The state holds a value that this program did not write.
pub(super) fn unreadable_error(what: &str) -> QueryError {
    StoreError::Damaged(format!("the state is damaged (unreadable {what}): run `takeaways state check`"))
        .into()
}
