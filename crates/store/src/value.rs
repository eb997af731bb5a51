//! Single values, to the database and back: times as milliseconds, ids as signed numbers, choices as their names.

use jiff::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row as _;
use sqlx::any::AnyRow;

use super::StoreError;
use super::error::Fail;
use takeaways_digest::Target;

/// In milliseconds since 1970.
pub(super) fn moment(time: Timestamp) -> i64 {
    time.as_millisecond()
}

/// From milliseconds since 1970.
pub(super) fn moment_of(millis: i64) -> Result<Timestamp, Fail> {
    Timestamp::from_millisecond(millis).map_err(|_| unreadable("time"))
}

/// An id of Discord's: its 64 bits.
pub(super) fn id(id: u64) -> i64 {
    id.cast_signed()
}

/// Server, channel and person.
pub(super) fn target(target: Target) -> (Option<i64>, Option<i64>, Option<i64>) {
    match target {
        Target::Channel { server, channel } => (Some(id(server)), Some(id(channel)), None),
        Target::Person(person) => (None, None, Some(id(person))),
    }
}

/// From the columns `server`, `channel` and `person`.
pub(super) fn target_of(row: &AnyRow) -> Result<Target, Fail> {
    let get = |column: &str| row.try_get::<Option<i64>, _>(column).map(|id| id.map(i64::cast_unsigned));
    match (get("server")?, get("channel")?, get("person")?) {
        (Some(server), Some(channel), None) => Ok(Target::Channel { server, channel }),
        (None, None, Some(person)) => Ok(Target::Person(person)),
        _ => Err(unreadable("target")),
    }
}

/// The one of `all` that has this name.
pub(super) fn name_of<T: Copy>(all: &[T], name: impl Fn(T) -> &'static str, wanted: &str) -> Result<T, Fail> {
    all.iter().copied().find(|one| name(*one) == wanted).ok_or_else(|| unreadable("word"))
}

/// As JSON.
pub(super) fn json(value: &impl Serialize) -> Result<String, Fail> {
    serde_json::to_string(value).map_err(|error| StoreError::unavailable(error).into())
}

/// From JSON.
pub(super) fn json_of<T: DeserializeOwned>(text: &str) -> Result<T, Fail> {
    serde_json::from_str(text).map_err(|_| unreadable("value"))
}

/// A word of JSON without its quotation marks.
pub(super) fn word(value: &impl Serialize) -> Result<String, Fail> {
    Ok(json(value)?.trim_matches('"').to_owned())
}

/// From such a word.
pub(super) fn word_of<T: DeserializeOwned>(word: &str) -> Result<T, Fail> {
    serde_json::from_value(word.into()).map_err(|_| unreadable("word"))
}

/// The state holds something that this program did not write.
pub(super) fn unreadable(what: &str) -> Fail {
    StoreError::Damaged(format!(
        "the state is damaged (a {what} that can't be read): `takeaways state check` says more"
    ))
    .into()
}
