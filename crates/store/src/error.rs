//! Why the state can't be read or written.

/// Why the state can't be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// There are as many as there may be.
    #[error("there are {0} already, and no more are allowed")]
    TooMany(u32),
    /// It can't be reached, is locked, full, read-only: another try later may do better.
    #[error("the state can't be used now")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// It is damaged, or no state of this program's: the text says what to do.
    #[error("{0}")]
    Damaged(String),
    /// It is of a newer version of this program.
    #[error("the state is of a newer version of takeaways: run that version, or restore a backup of before")]
    NewerVersion,
    /// It is of an older version of this program, and somebody only wants to read it.
    #[error("the state is of an older version of takeaways: `takeaways state migrate` brings it up to date")]
    OlderVersion,
    /// Another process holds it: its name.
    #[error("the state is used by another process: {0}")]
    Locked(String),
}

impl StoreError {
    /// Nothing can be done now, for this reason.
    pub(super) fn unavailable(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Unavailable(why.into())
    }
}

/// What goes wrong within the store, before it is known what that means for the state.
#[derive(Debug)]
pub(super) enum QueryError {
    /// The database, or the way to it.
    Sql(sqlx::Error),
    /// All else.
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

/// What an error of the database means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SqlErrorClass {
    /// Another try may do better.
    Transient,
    /// The way to the server is broken, or it takes no writes: another one may.
    Failover,
    /// What is stored can't be right.
    Corruption,
}

/// What is to be made of an error.
pub(super) fn classify(error: &sqlx::Error) -> SqlErrorClass {
    match error {
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

/// SQLite's codes are numbers (<https://sqlite.org/rescode.html>, of which the lowest 8 bits count), PostgreSQL's five
/// characters (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
fn classify_code(code: &str) -> SqlErrorClass {
    match code {
        // read only transaction and idle in one for too long; data corrupted and index corrupted
        "25006" | "25P03" => SqlErrorClass::Failover,
        "XX001" | "XX002" => SqlErrorClass::Corruption,
        _ if code.len() == 5 => match &code[..2] {
            // connections, somebody shuts the server down, an instance in recovery
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
