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
    Newer,
    /// It is of an older version of this program, and somebody only wants to read it.
    #[error("the state is of an older version of takeaways: `takeaways state migrate` brings it up to date")]
    Older,
    /// Another process holds it: its name.
    #[error("the state is used by another process: {0}")]
    Held(String),
}

impl StoreError {
    /// Nothing can be done now, for this reason.
    pub(super) fn unavailable(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Unavailable(why.into())
    }
}

/// What goes wrong within the store, before it is known what that means for the state.
#[derive(Debug)]
pub(super) enum Fail {
    /// The database, or the way to it.
    Sql(sqlx::Error),
    /// All else.
    Store(StoreError),
}

impl From<sqlx::Error> for Fail {
    fn from(error: sqlx::Error) -> Self {
        Self::Sql(error)
    }
}

impl From<StoreError> for Fail {
    fn from(error: StoreError) -> Self {
        Self::Store(error)
    }
}

/// What an error of the database means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// Another try may do better.
    Later,
    /// The way to the server is broken, or it takes no writes: another one may.
    Elsewhere,
    /// What is stored can't be right.
    Damage,
}

/// What is to be made of an error.
pub(super) fn meaning(error: &sqlx::Error) -> Meaning {
    match error {
        sqlx::Error::Database(error) => of_code(error.code().as_deref().unwrap_or_default()),
        sqlx::Error::Io(_)
        | sqlx::Error::Protocol(_)
        | sqlx::Error::PoolClosed
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::WorkerCrashed => Meaning::Elsewhere,
        sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => Meaning::Damage,
        _ => Meaning::Later,
    }
}

/// SQLite's codes are numbers (<https://sqlite.org/rescode.html>, of which the lowest 8 bits count), PostgreSQL's five
/// characters (<https://www.postgresql.org/docs/current/errcodes-appendix.html>).
fn of_code(code: &str) -> Meaning {
    match code {
        // read only transaction and idle in one for too long; data corrupted and index corrupted
        "25006" | "25P03" => Meaning::Elsewhere,
        "XX001" | "XX002" => Meaning::Damage,
        _ if code.len() == 5 => match &code[..2] {
            // connections, somebody shuts the server down, an instance in recovery
            "08" | "57" => Meaning::Elsewhere,
            _ => Meaning::Later,
        },
        _ => match code.parse::<u32>().map(|code| code & 0xff) {
            // SQLITE_CORRUPT, SQLITE_NOTADB
            Ok(11 | 26) => Meaning::Damage,
            _ => Meaning::Later,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_both_databases_are_told_apart() {
        for (code, meaning) in [
            ("25006", Meaning::Elsewhere),
            ("57P01", Meaning::Elsewhere),
            ("57014", Meaning::Elsewhere),
            ("08006", Meaning::Elsewhere),
            ("23505", Meaning::Later),
            ("XX001", Meaning::Damage),
            ("5", Meaning::Later),
            ("13", Meaning::Later),
            ("1032", Meaning::Later),
            ("11", Meaning::Damage),
            ("267", Meaning::Damage),
            ("26", Meaning::Damage),
            ("", Meaning::Later),
        ] {
            assert_eq!(of_code(code), meaning, "{code}");
        }
    }
}
