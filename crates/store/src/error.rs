//! Errors of the store.

/// Why the state can't be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The cap is reached.
    #[error("the limit of {0} is reached")]
    TooMany(u32),
    /// The state can't be reached, or it is locked, full or read-only. A later attempt may succeed.
    #[error("the state is not available")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The state is damaged, or was not written by this program. The text says what to do.
    #[error("{0}")]
    Damaged(String),
    /// The state was written by a newer version of this program.
    #[error("the state is from a newer version of takeaways: run that version, or restore an older backup")]
    NewerVersion,
    /// The state was written by an older version of this program, and it was opened for reading only.
    #[error("the state is from an older version of takeaways: run `takeaways state migrate`")]
    OlderVersion,
    /// Another process holds the state: its name.
    #[error("another process uses the state: {0}")]
    Locked(String),
}

impl StoreError {
    /// The state can't be used now, for this reason.
    pub(super) fn unavailable(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Unavailable(why.into())
    }
}

/// An error inside the store, before it is classified.
#[derive(Debug)]
pub(super) enum QueryError {
    /// An error of the database, or of the connection to it.
    Sql(sqlx::Error),
    /// Any other error.
    Store(StoreError),
}

impl From<sqlx::Error> for QueryError {
    fn from(error: sqlx::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<StoreError> for QueryError {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// The class of a database error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SqlErrorClass {
    /// Another attempt may succeed.
    Transient,
    /// The connection to the server is broken, or the server takes no writes. Another server may work.
    Failover,
    /// The stored data is damaged.
    Corruption,
}

/// The class of an error.
pub(super) fn classify(error: &sqlx::Error) -> SqlErrorClass {
    match error {
        sqlx::Error::Database(error) if is_schema_error(error.message()) => SqlErrorClass::Corruption,
        sqlx::Error::Database(error) => classify_code(error.code().as_deref().unwrap_or_default()),
        sqlx::Error::Io(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolClosed
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::WorkerCrashed => SqlErrorClass::Failover,
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => SqlErrorClass::Corruption,
        _ => SqlErrorClass::Transient,
    }
}

/// Whether a table or a column does not exist, by SQLite's message. Its code, 1, stands for other errors too. The
/// statements are fixed and tested, so only damage to the schema leads here.
fn is_schema_error(message: &str) -> bool {
    ["no such column", "no such table", "has no column named"].iter().any(|words| message.contains(words))
}

/// SQLite's codes are numbers, and the lowest 8 bits are the class (<https://sqlite.org/rescode.html>). PostgreSQL's
/// codes have five characters (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
fn classify_code(code: &str) -> SqlErrorClass {
    match code {
        // A read-only transaction, a transaction that was idle for too long; below: damaged data, a damaged index.
        "25006" | "25P03" => SqlErrorClass::Failover,
        // Also a column or a table that does not exist.
        "XX001" | "XX002" | "42703" | "42P01" => SqlErrorClass::Corruption,
        _ if code.len() == 5 => match &code[..2] {
            // Connection errors, a shutdown by an operator, a server in recovery.
            "08" | "57" => SqlErrorClass::Failover,
            _ => SqlErrorClass::Transient,
        },
        _ => match code.parse::<u32>().map(|code| code & 0xff) {
            // SQLITE_CORRUPT, SQLITE_NOTADB
            Ok(11 | 26) => SqlErrorClass::Corruption,
            _ => SqlErrorClass::Transient,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_databases_are_told_apart() {
        for (code, meaning) in [
            ("25006", SqlErrorClass::Failover),
            ("57P01", SqlErrorClass::Failover),
            ("57014", SqlErrorClass::Failover),
            ("08006", SqlErrorClass::Failover),
            ("23505", SqlErrorClass::Transient),
            ("XX001", SqlErrorClass::Corruption),
            ("42P01", SqlErrorClass::Corruption),
            ("5", SqlErrorClass::Transient),
            ("13", SqlErrorClass::Transient),
            ("1032", SqlErrorClass::Transient),
            ("11", SqlErrorClass::Corruption),
            ("267", SqlErrorClass::Corruption),
            ("26", SqlErrorClass::Corruption),
            ("", SqlErrorClass::Transient),
        ] {
            assert_eq!(classify_code(code), meaning, "{code}");
        }
    }
}
