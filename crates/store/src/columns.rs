//! Conversion of single values from and to columns: times as milliseconds, ids as signed numbers, variants as their
//! names.

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::StoreError;
use super::error::QueryError;
use takeaways_digest::Target;

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
    StoreError::Damaged(format!(
        "the state is damaged (a {what} that can't be read): `takeaways state check` says more"
    ))
    .into()
}
