//! A subscription as the database has it.

use jiff::Timestamp;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row as _};

use super::error::Fail;
use crate::value::{id, json, json_of, moment, moment_of, target, target_of, unreadable, word, word_of};
use takeaways_digest::{NewSubscription, Status, Subscription, SubscriptionId};

/// `SELECT` with all columns.
macro_rules! subscriptions {
    ($rest:literal) => {
        concat!(
            "SELECT id, server, channel, person, interests, schedule, zone, when_empty, include_since, made_by, made_at, \
             paused, paused_since, failures, covered, was_delivered, decided_until, next_run FROM subscriptions ",
            $rest
        )
    };
}
pub(super) use subscriptions;

/// Reads one.
pub(super) fn read(row: &AnyRow) -> Result<Subscription, Fail> {
    let time = |column: &str| -> Result<Option<Timestamp>, Fail> {
        row.try_get::<Option<i64>, _>(column)?.map(moment_of).transpose()
    };
    let status = match (row.try_get::<Option<String>, _>("paused")?, time("paused_since")?) {
        (None, _) => Status::Active,
        (Some(reason), since) => {
            Status::Paused { reason: word_of(&reason)?, since: since.ok_or_else(|| unreadable("pause"))? }
        }
    };
    let parsed = |column: &str| row.try_get::<String, _>(column);
    let wanted = NewSubscription {
        target: target_of(row)?,
        interests: json_of(&parsed("interests")?)?,
        schedule: parsed("schedule")?.parse().map_err(|_| unreadable("schedule"))?,
        zone: parsed("zone")?.parse().map_err(|_| unreadable("zone"))?,
        when_empty: word_of(&parsed("when_empty")?)?,
        include_since: time("include_since")?,
        made_by: row.try_get::<i64, _>("made_by")?.cast_unsigned(),
        made_at: moment_of(row.try_get("made_at")?)?,
    };
    Ok(Subscription {
        id: SubscriptionId(row.try_get("id")?),
        wanted,
        status,
        failures: u32::try_from(row.try_get::<i64, _>("failures")?).map_err(|_| unreadable("count"))?,
        covered: row.try_get("covered")?,
        was_delivered: row.try_get::<i64, _>("was_delivered")? != 0,
        decided_until: moment_of(row.try_get("decided_until")?)?,
        next_run: time("next_run")?,
    })
}

/// Reads those that can be read. One that can't be is named in the log, each time: the others go on.
pub(super) fn read_all(rows: &[AnyRow]) -> Vec<Subscription> {
    let read_one = |row: &AnyRow| {
        let read = read(row).ok();
        if read.is_none() {
            let id = row.try_get::<i64, _>("id").unwrap_or_default();
            tracing::error!(subscription = id, "a subscription can't be read: see `takeaways state check`");
        }
        read
    };
    rows.iter().filter_map(read_one).collect()
}

/// The one with this number that is not removed.
pub(super) async fn find(conn: &mut AnyConnection, id: SubscriptionId) -> Result<Option<Subscription>, Fail> {
    let sql = subscriptions!("WHERE id = $1 AND removed_at IS NULL");
    let row = sqlx::query(sql).bind(id.0).fetch_optional(conn).await?;
    row.as_ref().map(read).transpose()
}

/// The one of this server's with this number that is not removed.
pub(super) async fn find_of(
    conn: &mut AnyConnection,
    server: u64,
    number: SubscriptionId,
) -> Result<Option<Subscription>, Fail> {
    let sql = subscriptions!("WHERE id = $1 AND server = $2 AND removed_at IS NULL");
    let row = sqlx::query(sql).bind(number.0).bind(id(server)).fetch_optional(conn).await?;
    row.as_ref().map(read).transpose()
}

/// The one of this person's.
pub(super) async fn find_of_person(
    conn: &mut AnyConnection,
    person: u64,
) -> Result<Option<Subscription>, Fail> {
    let sql = subscriptions!("WHERE person = $1 AND removed_at IS NULL");
    let row = sqlx::query(sql).bind(id(person)).fetch_optional(conn).await?;
    row.as_ref().map(read).transpose()
}

/// Writes a new one, and gives it as it is stored. Runs up to when it was made are decided, posts that were seen are covered.
pub(super) async fn insert(conn: &mut AnyConnection, new: &NewSubscription) -> Result<Subscription, Fail> {
    let sql = "INSERT INTO subscriptions (server, channel, person, interests, schedule, zone, when_empty, include_since, \
               made_by, made_at, decided_until, next_run, covered) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, \
               $12, (SELECT COALESCE(MAX(number), 0) FROM posts)) RETURNING id";
    let (server, channel, person) = target(new.target);
    let next = new.schedule.next_run(&new.zone, new.made_at);
    let query = sqlx::query(sql).bind(server).bind(channel).bind(person).bind(json(&new.interests)?);
    let query = query.bind(new.schedule.to_string()).bind(new.zone.name()).bind(word(&new.when_empty)?);
    let query = query.bind(new.include_since.map(moment)).bind(id(new.made_by)).bind(moment(new.made_at));
    let row = query.bind(moment(new.made_at)).bind(next.map(moment)).fetch_one(&mut *conn).await?;
    let id = SubscriptionId(row.try_get("id")?);
    find(conn, id).await?.ok_or_else(|| unreadable("subscription"))
}

/// Writes all that can change of one.
pub(super) async fn update(conn: &mut AnyConnection, changed: &Subscription) -> Result<(), Fail> {
    let sql = "UPDATE subscriptions SET server = $1, channel = $2, person = $3, interests = $4, schedule = $5, zone = $6, \
               when_empty = $7, paused = $8, paused_since = $9, failures = $10, covered = $11, was_delivered = $12, \
               decided_until = $13, next_run = $14 WHERE id = $15";
    let wanted = &changed.wanted;
    let (server, channel, person) = target(wanted.target);
    let (paused, since) = match changed.status {
        Status::Active => (None, None),
        Status::Paused { reason, since } => (Some(word(&reason)?), Some(moment(since))),
    };
    let query = sqlx::query(sql).bind(server).bind(channel).bind(person).bind(json(&wanted.interests)?);
    let query = query.bind(wanted.schedule.to_string()).bind(wanted.zone.name());
    let query = query.bind(word(&wanted.when_empty)?).bind(paused).bind(since);
    let query = query.bind(i64::from(changed.failures)).bind(changed.covered);
    let query = query.bind(i64::from(changed.was_delivered)).bind(moment(changed.decided_until));
    query.bind(changed.next_run.map(moment)).bind(changed.id.0).execute(conn).await?;
    Ok(())
}
