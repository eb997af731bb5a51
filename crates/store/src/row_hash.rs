//! Hashes of rows, so that a row that nobody of ours changed is found: the pages of SQLite have no checksums.
//!
//! Each table but `deliveries`, which hashes its rows itself, has a column `hash`. A row is sealed in the transaction
//! that writes it.

use std::fmt::Write as _;

use futures_util::TryStreamExt as _;
use sqlx::any::AnyRow;
use sqlx::{AnyConnection, AssertSqlSafe, Row as _};
use xxhash_rust::xxh3::xxh3_64;

use super::error::QueryError;

/// A table whose rows have a hash.
pub(super) struct HashedTable {
    name: &'static str,
    /// All columns but `hash` and those of which nothing depends. The first one is the primary key, a number.
    columns: &'static [Column],
}

/// A column, by its type.
enum Column {
    Number(&'static str),
    Text(&'static str),
}
use Column::{Number, Text};

/// A value of a row.
pub(super) enum ColumnValue<'a> {
    Number(Option<i64>),
    Text(Option<&'a str>),
}

/// The row that identifies the state.
pub(super) const STATE: HashedTable = HashedTable {
    name: "state",
    columns: &[Number("one"), Number("number"), Number("seen"), Number("contents"), Number("contents_until")],
};

/// The posts that were seen.
pub(super) const POSTS: HashedTable = HashedTable {
    name: "posts",
    columns: &[
        Number("number"),
        Text("url"),
        Text("path"),
        Number("fingerprint"),
        Number("first_seen"),
        Number("is_initial"),
    ],
};

/// The subscriptions of channels and people.
pub(super) const SUBSCRIPTIONS: HashedTable = HashedTable {
    name: "subscriptions",
    columns: &[
        Number("id"),
        Number("server"),
        Number("channel"),
        Number("person"),
        Text("interests"),
        Text("schedule"),
        Text("zone"),
        Text("when_empty"),
        Number("include_since"),
        Number("made_by"),
        Number("made_at"),
        Text("paused"),
        Number("paused_since"),
        Number("paused_by"),
        Number("failures"),
        Number("covered"),
        Number("was_delivered"),
        Number("decided_until"),
        Number("next_run"),
        Number("removed_at"),
        Number("wrap_up"),
    ],
};

/// The servers that the bot was removed from.
pub(super) const SERVERS_GONE: HashedTable =
    HashedTable { name: "servers_gone", columns: &[Number("server"), Number("since")] };

/// The zones that were named last for servers.
pub(super) const SERVER_ZONES: HashedTable =
    HashedTable { name: "server_zones", columns: &[Number("server"), Text("zone")] };

/// The zones that people named last.
pub(super) const PERSON_ZONES: HashedTable =
    HashedTable { name: "person_zones", columns: &[Number("person"), Text("zone")] };

/// The answers that were given.
pub(super) const ANSWERS: HashedTable = HashedTable {
    name: "answers",
    columns: &[
        Number("number"),
        Number("channel"),
        Number("server"),
        Number("person"),
        Number("asked_at"),
        Text("question"),
        Text("turn"),
    ],
};

/// All tables of this kind.
pub(super) const HASHED_TABLES: [HashedTable; 7] =
    [STATE, POSTS, SUBSCRIPTIONS, SERVERS_GONE, SERVER_ZONES, PERSON_ZONES, ANSWERS];

impl HashedTable {
    /// Writes the hash of a row as it is now. The row must have been written in this transaction, or checked.
    pub(crate) async fn seal(&self, conn: &mut AnyConnection, key: i64) -> Result<(), QueryError> {
        let (name, key_column) = (self.name, self.key());
        let sql = self.select(&format!("WHERE {key_column} = $1"));
        let row = sqlx::query(AssertSqlSafe(sql)).bind(key).fetch_one(&mut *conn).await?;
        let sql = format!("UPDATE {name} SET hash = $1 WHERE {key_column} = $2");
        let query = sqlx::query(AssertSqlSafe(sql)).bind(self.compute(&row)?).bind(key);
        query.execute(conn).await?;
        Ok(())
    }

    /// The rows that differ from their hashes, at most `limit`.
    pub(crate) async fn find_problems(
        &self,
        conn: &mut AnyConnection,
        limit: usize,
    ) -> Result<Vec<String>, QueryError> {
        let sql = self.select(&format!("ORDER BY {}", self.key()));
        let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(conn);
        let mut problems = Vec::new();
        while let Some(row) = rows.try_next().await? {
            problems.extend(self.problem(&row).filter(|_| problems.len() < limit));
        }
        Ok(problems)
    }

    /// The difference between a row and its hash, if any. The row must have all columns of the table.
    pub(crate) fn problem(&self, row: &AnyRow) -> Option<String> {
        let is_intact = match (row.try_get::<i64, _>("hash"), self.compute(row)) {
            (Ok(stored), Ok(computed)) => stored == computed,
            _ => false,
        };
        let key = row.try_get::<i64, _>(self.key()).unwrap_or_default();
        (!is_intact).then(|| format!("the checksum of row {key} of {} is wrong", self.name))
    }

    /// Fails if the table or one of its columns does not exist.
    pub(crate) async fn probe(&self, conn: &mut AnyConnection) -> Result<(), QueryError> {
        sqlx::query(AssertSqlSafe(self.select("LIMIT 0"))).fetch_all(conn).await?;
        Ok(())
    }

    /// `SELECT` with all columns. It contains only names from this file.
    fn select(&self, rest: &str) -> String {
        let columns: Vec<&str> = self.columns.iter().map(Column::name).collect();
        format!("SELECT {}, hash FROM {} {rest}", columns.join(", "), self.name)
    }

    fn key(&self) -> &'static str {
        self.columns[0].name()
    }

    fn compute(&self, row: &AnyRow) -> Result<i64, QueryError> {
        let mut hashed = String::new();
        for column in self.columns {
            match column {
                Number(name) => add(&mut hashed, &ColumnValue::Number(row.try_get(*name)?)),
                Text(name) => {
                    add(&mut hashed, &ColumnValue::Text(row.try_get::<Option<String>, _>(*name)?.as_deref()));
                }
            }
        }
        Ok(hash(&hashed))
    }
}

/// The hash of a row with these values, in the order of the table's columns.
pub(super) fn hash_values(values: &[ColumnValue<'_>]) -> i64 {
    let mut hashed = String::new();
    for value in values {
        add(&mut hashed, value);
    }
    hash(&hashed)
}

impl Column {
    fn name(&self) -> &'static str {
        match self {
            Number(name) | Text(name) => name,
        }
    }
}

/// Adds a value in a form that no other sequence of values has.
fn add(hashed: &mut String, value: &ColumnValue<'_>) {
    // Writing to a `String` does not fail.
    let _ = match value {
        ColumnValue::Number(number) => write!(hashed, "{number:?} "),
        // Without `Debug`, whose form of a text differs between versions of Rust.
        ColumnValue::Text(Some(text)) => write!(hashed, "{}:{text} ", text.len()),
        ColumnValue::Text(None) => write!(hashed, "- "),
    };
}

fn hash(text: &str) -> i64 {
    xxh3_64(text.as_bytes()).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_values_have_another_hash() {
        let rows: [&[ColumnValue<'_>]; 6] = [
            &[ColumnValue::Number(Some(1)), ColumnValue::Text(Some("a"))],
            &[ColumnValue::Number(Some(2)), ColumnValue::Text(Some("a"))],
            &[ColumnValue::Number(None), ColumnValue::Text(Some("a"))],
            &[ColumnValue::Number(Some(1)), ColumnValue::Text(None)],
            &[ColumnValue::Number(Some(1)), ColumnValue::Text(Some("a\" \"b"))],
            &[ColumnValue::Number(Some(1)), ColumnValue::Text(Some("a")), ColumnValue::Text(Some("b"))],
        ];
        let mut hashes: Vec<i64> = rows.iter().map(|row| hash_values(row)).collect();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), rows.len());
    }
}
