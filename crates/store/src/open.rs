//! Opens the state, and migrates its tables to the version that is compiled in.

use crate::{
    StoreError,
    database::{Database, DatabaseKind, Durability, WriteTransaction},
    delivery_row,
    error::QueryError,
    postgres::PostgresServers,
    row_hash::{HASHED_TABLES, STATE},
    sqlite::{self, StateLock},
};
use secrecy::SecretString;
use sqlx::{
    Any, AnyConnection, AssertSqlSafe, Row as _, SqlSafeStr as _,
    migrate::{Migration, MigrationType, Migrator},
    pool::PoolConnection,
};
use std::{
    fmt, fs,
    path::{Path, PathBuf},
    sync::Arc,
};

/// The location of the state.
#[derive(Debug, Clone)]
pub enum StoreLocation {
    /// SQLite: `state.sqlite3` in this folder, which is created if it is missing.
    Folder(PathBuf),
    /// PostgreSQL: addresses of servers. The one that is not in recovery is used. They are secrets, because they hold
    /// passwords.
    Servers(Vec<SecretString>),
}

/// The state. All clones share it. Effects: files, or a network.
#[derive(Clone)]
pub struct Store {
    inner: Arc<StoreInner>,
}

struct StoreInner {
    database: Database,
    state_id: i64,
    /// A random id of this process, written into its claims.
    owner: i64,
    is_shared: bool,
    _lock: Option<StateLock>,
}

impl fmt::Debug for Store {
    /// Omits the addresses, because they hold passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("kind", &self.database().kind()).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the state for reading and writing, for `serve` and `digest run`. Creates it if it is missing, and migrates
    /// it. A file is locked for this process.
    ///
    /// # Errors
    /// [`StoreError::Locked`] if another process holds it, [`StoreError::Damaged`], [`StoreError::NewerVersion`].
    pub async fn open(location: &StoreLocation) -> Result<Self, StoreError> {
        match location {
            StoreLocation::Folder(folder) => Self::open_folder(folder).await,
            StoreLocation::Servers(addresses) => Self::open_servers(addresses).await,
        }
    }

    async fn open_folder(folder: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(folder).map_err(StoreError::unavailable)?;
        let mut lock = StateLock::acquire(folder)?;
        let path = folder.join(sqlite::DATABASE_FILE);
        let exists = sqlite::file_exists(&path, lock.state_id().is_some())?;
        let database = Database::from_file(&path, true)?;
        if !exists {
            database.with_timeout(sqlite::create_file(&path, random_id())).await?;
        }
        let state_id = database.with_long_timeout(migrate_and_check(&database)).await?;
        lock.record_state_id(state_id.cast_unsigned())?;
        Ok(Self::new(database, state_id, Some(lock)))
    }

    async fn open_servers(addresses: &[SecretString]) -> Result<Self, StoreError> {
        let database = Database::from_servers(PostgresServers::new(addresses)?);
        let state_id = database.with_long_timeout(migrate_and_check(&database)).await?;
        database.pin_state_id(state_id);
        Ok(Self::new(database, state_id, None))
    }

    /// Opens the state for a short change, even while another process holds it. `None` if there is none yet.
    ///
    /// # Errors
    /// As [`Store::open_read_only`].
    pub async fn open_beside(location: &StoreLocation) -> Result<Option<Self>, StoreError> {
        let database = match location {
            StoreLocation::Folder(folder) => {
                let path = folder.join(sqlite::DATABASE_FILE);
                if !path.exists() {
                    return Ok(None);
                }
                Database::from_file(&path, true)?
            }
            StoreLocation::Servers(addresses) => Database::from_servers(PostgresServers::new(addresses)?),
        };
        let found = database.with_timeout(check_version(&database)).await?;
        Ok(found.map(|state_id| Self::new(database, state_id, None)))
    }

    /// Opens the state for reading, even while another process holds it. `None` if there is none yet.
    ///
    /// # Errors
    /// As [`Store::open`], but never [`StoreError::Locked`]. A state of an older version is
    /// [`StoreError::OlderVersion`].
    pub async fn open_read_only(location: &StoreLocation) -> Result<Option<Self>, StoreError> {
        let Some(database) = Database::open_read_only(location)? else { return Ok(None) };
        let found = database.with_timeout(check_version(&database)).await?;
        Ok(found.map(|state_id| Self::new(database, state_id, None)))
    }

    /// The version of a state's tables, even while another process holds it; `None` if there is none yet.
    ///
    /// # Errors
    /// If it can't be read.
    pub async fn schema_version(location: &StoreLocation) -> Result<Option<i64>, StoreError> {
        let Some(database) = Database::open_read_only(location)? else { return Ok(None) };
        let work = async {
            let mut conn = database.acquire().await?;
            read_version(&mut conn, database.kind()).await
        };
        Ok(Some(database.with_timeout(work).await?).filter(|version| *version > 0))
    }

    fn new(database: Database, state_id: i64, lock: Option<StateLock>) -> Self {
        let is_shared = lock.is_none();
        let inner = StoreInner { database, state_id, owner: random_id(), is_shared, _lock: lock };
        Self { inner: Arc::new(inner) }
    }

    /// The random id of this state, made with it.
    pub fn state_id(&self) -> u64 {
        self.inner.state_id.cast_unsigned()
    }

    /// Whether other processes may hold claims. A locked file has one process only.
    pub fn is_shared(&self) -> bool {
        self.inner.is_shared
    }

    /// Closes all connections, so that no operation is pending. Nothing can be done with the state afterwards.
    pub async fn close(&self) {
        self.database().close().await;
    }

    pub(super) fn database(&self) -> &Database {
        &self.inner.database
    }

    /// Runs `work` with a connection for reading, within the time limit.
    pub(super) async fn read<T>(
        &self,
        work: impl AsyncFnOnce(PoolConnection<Any>) -> Result<T, QueryError>,
    ) -> Result<T, StoreError> {
        let database = self.database();
        database.with_timeout(async { work(database.acquire().await?).await }).await
    }

    /// Runs `work` with a write transaction, within the time limit. `work` commits it, or it is rolled back.
    pub(super) async fn write<T>(
        &self,
        work: impl AsyncFnOnce(WriteTransaction) -> Result<T, QueryError>,
    ) -> Result<T, StoreError> {
        self.write_as(Durability::PowerFailure, work).await
    }

    /// As [`Self::write`], with what the change must survive.
    pub(super) async fn write_as<T>(
        &self,
        durability: Durability,
        work: impl AsyncFnOnce(WriteTransaction) -> Result<T, QueryError>,
    ) -> Result<T, StoreError> {
        let database = self.database();
        database.with_timeout(async { work(database.begin_write(durability).await?).await }).await
    }

    pub(super) fn owner(&self) -> i64 {
        self.inner.owner
    }
}

impl Database {
    /// Opens the database for reading; `None` if there is no file yet.
    fn open_read_only(location: &StoreLocation) -> Result<Option<Self>, StoreError> {
        let folder = match location {
            StoreLocation::Folder(folder) => folder,
            StoreLocation::Servers(addresses) => {
                return Ok(Some(Self::from_servers(PostgresServers::new(addresses)?)));
            }
        };
        let path = folder.join(sqlite::DATABASE_FILE);
        let existed = sqlite::read_state_id(&folder.join(sqlite::LOCK_FILE)).is_some();
        Ok(if sqlite::file_exists(&path, existed)? { Some(Self::from_file(&path, false)?) } else { None })
    }
}

/// Migrates a state and checks its integrity. Returns its id.
async fn migrate_and_check(database: &Database) -> Result<i64, QueryError> {
    let mut conn = database.acquire().await?;
    // The check comes before anything is written to a file that may be damaged or newer.
    if let Some(path) = database.path() {
        if let Some(problem) = sqlite::find_problems(path, &mut conn).await?.first() {
            return Err(StoreError::Damaged(database.damage_message(problem)).into());
        }
        // A file of this program always has tables: it gets its name only when it is complete.
        if read_version(&mut conn, DatabaseKind::Sqlite).await? == 0 {
            return Err(StoreError::Damaged(database.damage_message("it is not a state of takeaways")).into());
        }
    }
    let migrated = run(&mut conn, database.kind()).await;
    if migrated.is_err() {
        // The connection may still hold the lock for migrations.
        conn.close_on_drop();
    }
    migrated?;
    check_tables(&mut conn).await?;
    if let Some(path) = database.path() {
        sqlite::prepare_for_writing(path, &mut conn).await?;
    }
    let state_id = match read_state_id(&mut conn).await? {
        None if database.kind() == DatabaseKind::Postgres => make_state_id(database).await?,
        found => found,
    };
    let no_id = || StoreError::Damaged(database.damage_message("it has no id"));
    let state_id = state_id.ok_or_else(no_id)?;
    if let Some(problem) = super::maintenance::find_open_row_problems(&mut conn).await?.first() {
        return Err(StoreError::Damaged(database.damage_message(problem)).into());
    }
    Ok(state_id)
}

/// Gives a new state its id, unless another process was faster. Returns it.
async fn make_state_id(database: &Database) -> Result<Option<i64>, QueryError> {
    let mut tx = database.begin_write(Durability::PowerFailure).await?;
    let sql = "INSERT INTO state (one, number) VALUES (1, $1) ON CONFLICT (one) DO NOTHING";
    if sqlx::query(sql).bind(random_id()).execute(tx.conn()).await?.rows_affected() > 0 {
        STATE.seal(tx.conn(), 1).await?;
    }
    let state_id = read_state_id(tx.conn()).await?;
    tx.commit().await?;
    Ok(state_id)
}

/// The id of a state of the current version; `None` if there is none yet.
async fn check_version(database: &Database) -> Result<Option<i64>, QueryError> {
    let mut conn = database.acquire().await?;
    match read_version(&mut conn, database.kind()).await? {
        0 if database.kind() == DatabaseKind::Sqlite => {
            Err(StoreError::Damaged(database.damage_message("it is not a state of takeaways")).into())
        }
        0 => Ok(None),
        version if version < NEWEST_VERSION => Err(StoreError::OlderVersion.into()),
        version if version > NEWEST_VERSION => Err(StoreError::NewerVersion.into()),
        _ => {
            check_tables(&mut conn).await?;
            read_state_id(&mut conn).await
        }
    }
}

/// Fails if a table or a column does not exist. So damage to the schema is found at once, and not by the first command
/// that needs the column.
async fn check_tables(conn: &mut AnyConnection) -> Result<(), QueryError> {
    for table in &HASHED_TABLES {
        table.probe(conn).await?;
    }
    sqlx::query(delivery_row::select_whole_rows!("LIMIT 0")).fetch_all(conn).await?;
    Ok(())
}

async fn read_state_id(conn: &mut AnyConnection) -> Result<Option<i64>, QueryError> {
    let row = sqlx::query("SELECT number FROM state").fetch_optional(conn).await?;
    Ok(row.map(|row| row.try_get("number")).transpose()?)
}

/// A random id; a collision is very unlikely.
fn random_id() -> i64 {
    fastrand::u64(..).cast_signed()
}

/// Each migration as SQL. A released migration is never changed.
const MIGRATIONS: [(i64, &str, &str); 2] = [
    (1, "initial", include_str!("migrations/0001_initial.sql")),
    (2, "pause told", include_str!("migrations/0002_pause_told.sql")),
];

/// In a migration: a key that the database makes. It is all in which the two databases differ.
const GENERATED_KEY: &str = "{generated key}";

/// The version that this program reads and writes.
pub const NEWEST_VERSION: i64 = MIGRATIONS[MIGRATIONS.len() - 1].0;

/// The version of a state; 0 if it has no tables yet. Only reads.
pub(super) async fn read_version(conn: &mut AnyConnection, kind: DatabaseKind) -> Result<i64, QueryError> {
    let count_tables = match kind {
        DatabaseKind::Sqlite => "SELECT COUNT(*) AS n FROM sqlite_master WHERE name = '_sqlx_migrations'",
        DatabaseKind::Postgres => {
            "SELECT COUNT(*) AS n FROM pg_catalog.pg_class WHERE oid = to_regclass('_sqlx_migrations')"
        }
    };
    let row = sqlx::query::<Any>(count_tables).fetch_one(&mut *conn).await?;
    if row.try_get::<i64, _>("n")? == 0 {
        return Ok(0);
    }
    let row = sqlx::query::<Any>("SELECT COALESCE(MAX(version), 0) AS n FROM _sqlx_migrations")
        .fetch_one(&mut *conn)
        .await?;
    Ok(row.try_get("n")?)
}

/// Migrates a state to the newest version. A state of a newer version is refused before anything is written.
pub(super) async fn run(conn: &mut AnyConnection, kind: DatabaseKind) -> Result<(), QueryError> {
    if read_version(conn, kind).await? > NEWEST_VERSION {
        return Err(StoreError::NewerVersion.into());
    }
    let generated_key = match kind {
        DatabaseKind::Sqlite => "INTEGER PRIMARY KEY AUTOINCREMENT",
        DatabaseKind::Postgres => "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY",
    };
    let migration = |(version, name, sql): (i64, &'static str, &'static str)| {
        // Both texts are compiled in.
        let sql = AssertSqlSafe(sql.replace(GENERATED_KEY, generated_key));
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    let migrator = Migrator::with_migrations(MIGRATIONS.into_iter().map(migration).collect());
    migrator.run_direct(None, conn, false).await.map_err(|error| match error {
        sqlx::migrate::MigrateError::VersionMissing(_) => StoreError::NewerVersion.into(),
        sqlx::migrate::MigrateError::Execute(error)
        | sqlx::migrate::MigrateError::ExecuteMigration(error, _) => QueryError::Sql(error),
        other => StoreError::Damaged(format!("the tables are not from takeaways ({other})")).into(),
    })
}
