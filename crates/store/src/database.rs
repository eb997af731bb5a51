//! The way to the database: connections, transactions, and how long anything may take.

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

/// Which database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DatabaseKind {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

/// The most that an operation on a file takes: a slow disk is waited for.
const FILE_TIMEOUT: Duration = Duration::from_secs(15);

/// The most that an operation on a server takes: who is cut off from it is to know so within ten seconds.
const SERVER_TIMEOUT: Duration = Duration::from_secs(8);

/// The most that work on all of a state takes, on a file and on a server.
const WHOLE_STATE_TIMEOUTS: [Duration; 2] = [Duration::from_mins(10), Duration::from_mins(1)];

/// Of one process. One writes at a time, whoever reads does not wait for it.
const MAX_CONNECTIONS: u32 = 4;

/// What all processes on one PostgreSQL lock while they write, so that transactions come one after the other there as they
/// do in SQLite. Any number that no other program on that database uses.
const WRITE_LOCK_KEY: i64 = 0x7461_6b65_6177_6179;

/// A way to the database.
pub(super) struct Database {
    kind: DatabaseKind,
    backend: Backend,
    /// Who writes has it: else each would wait in the database, where waiting is not in order.
    write_lock: Arc<Mutex<()>>,
}

enum Backend {
    Sqlite { pool: AnyPool, path: PathBuf },
    Postgres(PostgresServers),
}

/// A transaction that writes; without [`Write::commit`] nothing was done.
pub(super) struct WriteTransaction {
    transaction: Transaction<'static, Any>,
    _write_lock: OwnedMutexGuard<()>,
}

impl Database {
    /// The file at `path`, which is there.
    pub fn from_file(path: &Path, may_write: bool) -> Result<Self, StoreError> {
        let pool = AnyPoolOptions::new()
            .max_connections(MAX_CONNECTIONS)
            .acquire_timeout(FILE_TIMEOUT)
            .after_connect(move |conn, _| Box::pin(sqlite::prepare_connection(conn, may_write)))
            .after_release(|conn, _| Box::pin(is_usable(conn)))
            .connect_lazy_with(sqlite::connect_options(path)?);
        Ok(Self::new(DatabaseKind::Sqlite, Backend::Sqlite { pool, path: path.to_owned() }))
    }

    /// One of these servers.
    pub fn from_servers(servers: PostgresServers) -> Self {
        Self::new(DatabaseKind::Postgres, Backend::Postgres(servers))
    }

    fn new(kind: DatabaseKind, backend: Backend) -> Self {
        Self { kind, backend, write_lock: Arc::default() }
    }

    /// Which it is.
    pub fn kind(&self) -> DatabaseKind {
        self.kind
    }

    /// Only servers with the state of this number are taken from now on.
    pub fn pin_state_id(&self, number: i64) {
        if let Backend::Postgres(servers) = &self.backend {
            servers.pin_state_id(number);
        }
    }

    /// A connection to read with.
    pub async fn acquire(&self) -> Result<PoolConnection<Any>, QueryError> {
        match self.pool().await?.acquire().await {
            Err(error) if self.forget_if_lost(&error).await => Ok(self.pool().await?.acquire().await?),
            got => Ok(got?),
        }
    }

    /// A transaction to write in. All others wait until it is over.
    pub async fn begin_write(&self) -> Result<WriteTransaction, QueryError> {
        let turn = Arc::clone(&self.write_lock).lock_owned().await;
        let transaction = match self.begin_transaction().await {
            Err(QueryError::Sql(error)) if self.forget_if_lost(&error).await => {
                self.begin_transaction().await?
            }
            begun => begun?,
        };
        Ok(WriteTransaction { transaction, _write_lock: turn })
    }

    async fn begin_transaction(&self) -> Result<Transaction<'static, Any>, QueryError> {
        let pool = self.pool().await?;
        if self.kind == DatabaseKind::Sqlite {
            return Ok(pool.begin_with("BEGIN IMMEDIATE").await?);
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

    /// Whether another server has to be looked for, which the next one to need it does.
    async fn forget_if_lost(&self, error: &sqlx::Error) -> bool {
        let Backend::Postgres(servers) = &self.backend else { return false };
        let is_lost = super::error::classify(error) == SqlErrorClass::Failover;
        if is_lost {
            servers.forget().await;
        }
        is_lost
    }

    /// Does the work within the time that is allowed, and says what its failure means. Work that is given up leaves
    /// nothing, but for a transaction whose end was under way: whether that was written is not known.
    pub async fn with_timeout<T>(
        &self,
        work: impl Future<Output = Result<T, QueryError>>,
    ) -> Result<T, StoreError> {
        self.run_within(if self.kind == DatabaseKind::Sqlite { FILE_TIMEOUT } else { SERVER_TIMEOUT }, work)
            .await
    }

    /// The same for work on all of a state, which may take long.
    pub async fn with_long_timeout<T>(
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
        let fail = match tokio::time::timeout(limit, work).await {
            Ok(Ok(done)) => return Ok(done),
            Ok(Err(fail)) => fail,
            Err(_) => QueryError::Sql(sqlx::Error::PoolTimedOut),
        };
        match fail {
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

    /// What to say where something is wrong with what is stored, and what to do.
    pub fn damage_message(&self, what: &str) -> String {
        match &self.backend {
            Backend::Sqlite { path, .. } => sqlite::damage_message(path, what),
            Backend::Postgres(_) => {
                format!("the state on PostgreSQL is damaged ({what}): restore a backup of it")
            }
        }
    }

    /// The file, where it is one.
    pub fn path(&self) -> Option<&Path> {
        match &self.backend {
            Backend::Sqlite { path, .. } => Some(path),
            Backend::Postgres(_) => None,
        }
    }

    /// Ends all connections.
    pub async fn close(&self) {
        match &self.backend {
            Backend::Sqlite { pool, .. } => pool.close().await,
            Backend::Postgres(servers) => servers.forget().await,
        }
    }
}

impl WriteTransaction {
    /// Where statements go.
    pub fn conn(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }

    /// Keeps what was written.
    pub async fn commit(self) -> Result<(), QueryError> {
        Ok(self.transaction.commit().await?)
    }
}

/// Whether a connection can be used again. Where a commit fails SQLite rolls it back by itself, and sqlx believes the
/// transaction open for ever.
pub(super) async fn is_usable(conn: &mut AnyConnection) -> Result<bool, sqlx::Error> {
    // What was left to be rolled back is, before this is answered.
    conn.ping().await?;
    Ok(!conn.is_in_transaction())
}
