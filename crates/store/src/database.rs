//! Connections, transactions and time limits.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, Connection as _, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::error::{QueryError, SqlErrorClass};
use super::postgres::PostgresServers;
use super::{StoreError, sqlite};

/// The kind of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DatabaseKind {
    /// SQLite: a file.
    Sqlite,
    /// PostgreSQL: a server.
    Postgres,
}

/// What a committed change survives, if the database is a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// A failure of power: the commit waits for the disk.
    PowerFailure,
    /// The end of the process only.
    ProcessEnd,
}

/// Limit for an operation on a file. It is long enough for a slow disk.
const FILE_TIMEOUT: Duration = Duration::from_secs(15);

/// Limit for an operation on PostgreSQL: a process that is cut off must notice within ten seconds.
const SERVER_TIMEOUT: Duration = Duration::from_secs(8);

/// Limits for work on the whole state, on a file and on a server.
const WHOLE_STATE_TIMEOUTS: [Duration; 2] = [Duration::from_mins(10), Duration::from_mins(1)];

/// Connections of one process. One of them writes at a time; readers do not wait for it.
pub(super) const MAX_CONNECTIONS: u32 = 4;

/// Key of the advisory lock that every writer on PostgreSQL takes, so that transactions run one after the other, as in
/// SQLite. No other program on the same database may use it.
const WRITE_LOCK_KEY: i64 = 0x7461_6b65_6177_6179;

/// A database with its connections.
pub(super) struct Database {
    kind: DatabaseKind,
    backend: Backend,
    /// Held by the writer. Without it, writers would queue inside the database, which does not keep their order.
    write_lock: Arc<Mutex<()>>,
}

enum Backend {
    Sqlite { pool: AnyPool, path: PathBuf },
    Postgres(PostgresServers),
}

/// A write transaction. It is rolled back unless [`WriteTransaction::commit`] is called.
pub(super) struct WriteTransaction {
    transaction: Transaction<'static, Any>,
    _write_lock: OwnedMutexGuard<()>,
}

impl Database {
    /// The database in the file at `path`, which must exist.
    pub(crate) fn from_file(path: &Path, may_write: bool) -> Result<Self, StoreError> {
        let pool = AnyPoolOptions::new()
            .max_connections(MAX_CONNECTIONS)
            .acquire_timeout(FILE_TIMEOUT)
            .after_connect(move |conn, _| Box::pin(sqlite::prepare_connection(conn, may_write)))
            .after_release(|conn, _| Box::pin(is_usable(conn)))
            // A connection to a file that was usable when it was released stays so.
            .test_before_acquire(false)
            .connect_lazy_with(sqlite::connect_options(path)?);
        Ok(Self::new(DatabaseKind::Sqlite, Backend::Sqlite { pool, path: path.to_owned() }))
    }

    /// The database on one of these servers.
    pub(crate) fn from_servers(servers: PostgresServers) -> Self {
        Self::new(DatabaseKind::Postgres, Backend::Postgres(servers))
    }

    fn new(kind: DatabaseKind, backend: Backend) -> Self {
        Self { kind, backend, write_lock: Arc::default() }
    }

    /// The kind of this database.
    pub(crate) fn kind(&self) -> DatabaseKind {
        self.kind
    }

    /// From now on accepts only servers whose state has this id.
    pub(crate) fn pin_state_id(&self, number: i64) {
        if let Backend::Postgres(servers) = &self.backend {
            servers.pin_state_id(number);
        }
    }

    /// A connection for reading.
    pub(crate) async fn acquire(&self) -> Result<PoolConnection<Any>, QueryError> {
        match self.pool().await?.acquire().await {
            Err(error) if self.forget_if_lost(&error).await => Ok(self.pool().await?.acquire().await?),
            acquired => Ok(acquired?),
        }
    }

    /// A write transaction. All other writers wait until it ends.
    pub(crate) async fn begin_write(&self, durability: Durability) -> Result<WriteTransaction, QueryError> {
        let guard = Arc::clone(&self.write_lock).lock_owned().await;
        let transaction = match self.begin_transaction(durability).await {
            Err(QueryError::Sql(error)) if self.forget_if_lost(&error).await => {
                self.begin_transaction(durability).await?
            }
            begun => begun?,
        };
        Ok(WriteTransaction { transaction, _write_lock: guard })
    }

    async fn begin_transaction(
        &self,
        durability: Durability,
    ) -> Result<Transaction<'static, Any>, QueryError> {
        let pool = self.pool().await?;
        if self.kind == DatabaseKind::Sqlite {
            return Ok(pool.begin_with(sqlite::begin_statement(durability)).await?);
        }
        let mut transaction = pool.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE").await?;
        sqlx::query("SELECT pg_advisory_xact_lock($1)")
            .bind(WRITE_LOCK_KEY)
            .execute(&mut *transaction)
            .await?;
        Ok(transaction)
    }

    async fn pool(&self) -> Result<AnyPool, QueryError> {
        match &self.backend {
            Backend::Sqlite { pool, .. } => Ok(pool.clone()),
            Backend::Postgres(servers) => servers.pool().await,
        }
    }

    /// Forgets the server if this error says that it is lost. Returns whether it did; the next call finds a server
    /// again.
    async fn forget_if_lost(&self, error: &sqlx::Error) -> bool {
        let Backend::Postgres(servers) = &self.backend else { return false };
        let is_lost = super::error::classify(error) == SqlErrorClass::Failover;
        if is_lost {
            servers.forget().await;
        }
        is_lost
    }

    /// Runs the work with a time limit and classifies its error. Work that timed out is rolled back, unless its commit
    /// was already running; then the result is unknown.
    pub(crate) async fn with_timeout<T>(
        &self,
        work: impl Future<Output = Result<T, QueryError>>,
    ) -> Result<T, StoreError> {
        self.run_within(if self.kind == DatabaseKind::Sqlite { FILE_TIMEOUT } else { SERVER_TIMEOUT }, work)
            .await
    }

    /// The same for work on the whole state, with a longer limit.
    pub(crate) async fn with_long_timeout<T>(
        &self,
        work: impl Future<Output = Result<T, QueryError>>,
    ) -> Result<T, StoreError> {
        self.run_within(WHOLE_STATE_TIMEOUTS[usize::from(self.kind == DatabaseKind::Postgres)], work).await
    }

    async fn run_within<T>(
        &self,
        limit: Duration,
        work: impl Future<Output = Result<T, QueryError>>,
    ) -> Result<T, StoreError> {
        let error = match tokio::time::timeout(limit, work).await {
            Ok(Ok(done)) => return Ok(done),
            Ok(Err(error)) => error,
            Err(_) => QueryError::Sql(sqlx::Error::PoolTimedOut),
        };
        match error {
            QueryError::Store(error) => Err(error),
            QueryError::Sql(error) => {
                self.forget_if_lost(&error).await;
                Err(match super::error::classify(&error) {
                    SqlErrorClass::Corruption => StoreError::Damaged(self.damage_message(&error.to_string())),
                    _ => StoreError::unavailable(error),
                })
            }
        }
    }

    /// The message about damaged contents, with what to do about it.
    pub(crate) fn damage_message(&self, what: &str) -> String {
        match &self.backend {
            Backend::Sqlite { path, .. } => sqlite::damage_message(path, what),
            Backend::Postgres(_) => {
                format!("the state on PostgreSQL is damaged ({what}): restore a backup")
            }
        }
    }

    /// The path of the file, if the database is a file.
    pub(crate) fn path(&self) -> Option<&Path> {
        match &self.backend {
            Backend::Sqlite { path, .. } => Some(path),
            Backend::Postgres(_) => None,
        }
    }

    /// Closes all connections.
    pub(crate) async fn close(&self) {
        match &self.backend {
            Backend::Sqlite { pool, .. } => pool.close().await,
            Backend::Postgres(servers) => servers.forget().await,
        }
    }
}

impl WriteTransaction {
    /// The connection for the statements of this transaction.
    pub(crate) fn conn(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }

    /// Commits the transaction.
    pub(crate) async fn commit(self) -> Result<(), QueryError> {
        Ok(self.transaction.commit().await?)
    }
}

/// Whether a connection can be used again. If a commit fails, SQLite rolls it back by itself, and sqlx takes the
/// transaction for open from then on.
pub(super) async fn is_usable(conn: &mut AnyConnection) -> Result<bool, sqlx::Error> {
    // A pending rollback runs before the ping is answered.
    conn.ping().await?;
    Ok(!conn.is_in_transaction())
}
