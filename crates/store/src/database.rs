//! The way to the database: connections, transactions, and how long anything may take.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::any::AnyPoolOptions;
use sqlx::pool::PoolConnection;
use sqlx::{Any, AnyConnection, AnyPool, Connection as _, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::error::{Fail, Meaning};
use super::servers::Servers;
use super::{StoreError, sqlite};

/// Which database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    Sqlite,
    /// A server.
    Postgres,
}

/// The most that an operation on a file takes: a slow disk is waited for.
const OF_FILE: Duration = Duration::from_secs(15);

/// The most that an operation on a server takes: who is cut off from it is to know so within ten seconds.
const OF_SERVER: Duration = Duration::from_secs(8);

/// The most that work on all of a state takes, on a file and on a server.
const OF_ALL: [Duration; 2] = [Duration::from_mins(10), Duration::from_mins(1)];

/// Of one process. One writes at a time, whoever reads does not wait for it.
const CONNECTIONS: u32 = 4;

/// What all processes on one PostgreSQL lock while they write, so that transactions come one after the other there as they
/// do in SQLite. Any number that no other program on that database uses.
const WRITING: i64 = 0x7461_6b65_6177_6179;

/// A way to the database.
pub(super) struct Database {
    kind: Kind,
    way: Way,
    /// Who writes has it: else each would wait in the database, where waiting is not in order.
    turn: Arc<Mutex<()>>,
}

enum Way {
    File { pool: AnyPool, path: PathBuf },
    Servers(Servers),
}

/// A transaction that writes; without [`Write::commit`] nothing was done.
pub(super) struct Write {
    transaction: Transaction<'static, Any>,
    _turn: OwnedMutexGuard<()>,
}

impl Database {
    /// The file at `path`, which is there.
    pub fn file(path: &Path, may_write: bool) -> Result<Self, StoreError> {
        let pool = AnyPoolOptions::new()
            .max_connections(CONNECTIONS)
            .acquire_timeout(OF_FILE)
            .after_connect(move |conn, _| Box::pin(sqlite::prepare(conn, may_write)))
            .after_release(|conn, _| Box::pin(is_usable(conn)))
            .connect_lazy_with(sqlite::address(path)?);
        Ok(Self::new(Kind::Sqlite, Way::File { pool, path: path.to_owned() }))
    }

    /// One of these servers.
    pub fn servers(servers: Servers) -> Self {
        Self::new(Kind::Postgres, Way::Servers(servers))
    }

    fn new(kind: Kind, way: Way) -> Self {
        Self { kind, way, turn: Arc::default() }
    }

    /// Which it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Only servers with the state of this number are taken from now on.
    pub fn keep_to(&self, number: i64) {
        if let Way::Servers(servers) = &self.way {
            servers.keep_to(number);
        }
    }

    /// A connection to read with.
    pub async fn read(&self) -> Result<PoolConnection<Any>, Fail> {
        match self.pool().await?.acquire().await {
            Err(error) if self.is_lost(&error).await => Ok(self.pool().await?.acquire().await?),
            got => Ok(got?),
        }
    }

    /// A transaction to write in. All others wait until it is over.
    pub async fn write(&self) -> Result<Write, Fail> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        let transaction = match self.begin().await {
            Err(Fail::Sql(error)) if self.is_lost(&error).await => self.begin().await?,
            begun => begun?,
        };
        Ok(Write { transaction, _turn: turn })
    }

    async fn begin(&self) -> Result<Transaction<'static, Any>, Fail> {
        let pool = self.pool().await?;
        if self.kind == Kind::Sqlite {
            return Ok(pool.begin_with("BEGIN IMMEDIATE").await?);
        }
        let mut transaction = pool.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE").await?;
        sqlx::query("SELECT pg_advisory_xact_lock($1)").bind(WRITING).execute(&mut *transaction).await?;
        Ok(transaction)
    }

    async fn pool(&self) -> Result<AnyPool, Fail> {
        match &self.way {
            Way::File { pool, .. } => Ok(pool.clone()),
            Way::Servers(servers) => servers.pool().await,
        }
    }

    /// Whether another server has to be looked for, which the next one to need it does.
    async fn is_lost(&self, error: &sqlx::Error) -> bool {
        let Way::Servers(servers) = &self.way else { return false };
        let is_lost = super::error::meaning(error) == Meaning::Elsewhere;
        if is_lost {
            servers.forget().await;
        }
        is_lost
    }

    /// Does the work within the time that is allowed, and says what its failure means. Work that is given up leaves
    /// nothing, but for a transaction whose end was under way: whether that was written is not known.
    pub async fn bounded<T>(&self, work: impl Future<Output = Result<T, Fail>>) -> Result<T, StoreError> {
        self.within(if self.kind == Kind::Sqlite { OF_FILE } else { OF_SERVER }, work).await
    }

    /// The same for work on all of a state, which may take long.
    pub async fn patient<T>(&self, work: impl Future<Output = Result<T, Fail>>) -> Result<T, StoreError> {
        self.within(OF_ALL[usize::from(self.kind == Kind::Postgres)], work).await
    }

    async fn within<T>(
        &self,
        limit: Duration,
        work: impl Future<Output = Result<T, Fail>>,
    ) -> Result<T, StoreError> {
        let fail = match tokio::time::timeout(limit, work).await {
            Ok(Ok(done)) => return Ok(done),
            Ok(Err(fail)) => fail,
            Err(_) => Fail::Sql(sqlx::Error::PoolTimedOut),
        };
        match fail {
            Fail::Store(error) => Err(error),
            Fail::Sql(error) => {
                self.is_lost(&error).await;
                Err(match super::error::meaning(&error) {
                    Meaning::Damage => StoreError::Damaged(self.damaged(&error.to_string())),
                    _ => StoreError::unavailable(error),
                })
            }
        }
    }

    /// What to say where something is wrong with what is stored, and what to do.
    pub fn damaged(&self, what: &str) -> String {
        match &self.way {
            Way::File { path, .. } => sqlite::damaged(path, what),
            Way::Servers(_) => format!("the state on PostgreSQL is damaged ({what}): restore a backup of it"),
        }
    }

    /// The file, where it is one.
    pub fn path(&self) -> Option<&Path> {
        match &self.way {
            Way::File { path, .. } => Some(path),
            Way::Servers(_) => None,
        }
    }

    /// Ends all connections.
    pub async fn close(&self) {
        match &self.way {
            Way::File { pool, .. } => pool.close().await,
            Way::Servers(servers) => servers.forget().await,
        }
    }
}

impl Write {
    /// Where statements go.
    pub fn conn(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }

    /// Keeps what was written.
    pub async fn commit(self) -> Result<(), Fail> {
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
