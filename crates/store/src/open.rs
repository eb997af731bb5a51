//! Opening the state.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use secrecy::SecretString;
use sqlx::{AnyConnection, Row as _};

use super::database::{Database, Kind};
use super::error::Fail;
use super::known::Known;
use super::lock::{self, Lock};
use super::servers::Servers;
use super::{StoreError, migrations, sqlite};

/// Where the state is.
#[derive(Debug, Clone)]
pub enum Where {
    /// SQLite: `state.sqlite3` in this folder, which is made where it is missing.
    Folder(PathBuf),
    /// PostgreSQL: addresses of servers, of which the one that is not in recovery is used. Secrets: they hold passwords.
    Servers(Vec<SecretString>),
}

/// The state; all clones are one. Effects: files, or a network.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    database: Database,
    number: i64,
    /// Drawn by this process: names who claims.
    owner: i64,
    is_shared: bool,
    known: Mutex<Arc<Known>>,
    _lock: Option<Lock>,
}

impl fmt::Debug for Store {
    /// Without addresses: they hold passwords.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("kind", &self.database().kind()).finish_non_exhaustive()
    }
}

impl Store {
    /// Opens the state to read and to write, with its instance lock where it is a file: for `serve` and `digest run`. Makes
    /// it, and brings it up to date.
    ///
    /// # Errors
    /// [`StoreError::Held`] where another process holds it, [`StoreError::Damaged`], [`StoreError::Newer`].
    pub async fn open(place: &Where) -> Result<Self, StoreError> {
        match place {
            Where::Folder(folder) => Self::open_folder(folder).await,
            Where::Servers(addresses) => Self::open_servers(addresses).await,
        }
    }

    async fn open_folder(folder: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(folder).map_err(StoreError::unavailable)?;
        let mut lock = Lock::take(folder)?;
        let path = folder.join(sqlite::FILE);
        let is_there = sqlite::is_there(&path, lock.number().is_some())?;
        let database = Database::file(&path, true)?;
        if !is_there {
            database.bounded(sqlite::make(&path, drawn())).await?;
        }
        let number = database.patient(whole(&database)).await?;
        lock.remember(number.cast_unsigned())?;
        Ok(Self::new(database, number, Some(lock)))
    }

    async fn open_servers(addresses: &[SecretString]) -> Result<Self, StoreError> {
        let database = Database::servers(Servers::new(addresses)?);
        let number = database.patient(whole(&database)).await?;
        database.keep_to(number);
        Ok(Self::new(database, number, None))
    }

    /// Opens the state beside whoever holds it, for what reads. `None` where there is none yet.
    ///
    /// # Errors
    /// As [`Store::open`], but it is never held, and one of an older version is [`StoreError::Older`].
    pub async fn beside(place: &Where) -> Result<Option<Self>, StoreError> {
        let Some(database) = Database::beside(place)? else { return Ok(None) };
        let found = database.bounded(found(&database)).await?;
        Ok(found.map(|number| Self::new(database, number, None)))
    }

    /// The version of a state's tables; `None` where there is none yet. Beside whoever holds it.
    ///
    /// # Errors
    /// Where it can't be read.
    pub async fn version(place: &Where) -> Result<Option<i64>, StoreError> {
        let Some(database) = Database::beside(place)? else { return Ok(None) };
        let work = async {
            let mut conn = database.read().await?;
            migrations::version(&mut conn, database.kind()).await
        };
        Ok(Some(database.bounded(work).await?).filter(|version| *version > 0))
    }

    fn new(database: Database, number: i64, lock: Option<Lock>) -> Self {
        let is_shared = lock.is_none();
        let inner =
            Inner { database, number, owner: drawn(), is_shared, known: Mutex::default(), _lock: lock };
        Self { inner: Arc::new(inner) }
    }

    /// A number that was drawn when the state was made.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.inner.number.cast_unsigned()
    }

    /// Whether a claim of another process may still be good: on a file that is locked nobody else lives.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.inner.is_shared
    }

    /// Ends all connections, so that nothing is on its way any more. It is the last thing to do with a state.
    pub async fn close(&self) {
        self.database().close().await;
    }

    pub(super) fn database(&self) -> &Database {
        &self.inner.database
    }

    pub(super) fn owner(&self) -> i64 {
        self.inner.owner
    }

    pub(super) fn known(&self) -> &Mutex<Arc<Known>> {
        &self.inner.known
    }
}

impl Database {
    /// The way to a state, for what reads it; `None` where there is no file yet.
    fn beside(place: &Where) -> Result<Option<Self>, StoreError> {
        let folder = match place {
            Where::Folder(folder) => folder,
            Where::Servers(addresses) => return Ok(Some(Self::servers(Servers::new(addresses)?))),
        };
        let path = folder.join(sqlite::FILE);
        let was_there = lock::number(&folder.join(lock::FILE)).is_some();
        Ok(if sqlite::is_there(&path, was_there)? { Some(Self::file(&path, false)?) } else { None })
    }
}

/// Brings a state up to date and looks whether it is whole. Gives its number.
async fn whole(database: &Database) -> Result<i64, Fail> {
    let mut conn = database.read().await?;
    // Before anything is written to a file that may be damaged or newer.
    if let Some(path) = database.path() {
        if let Some(fault) = sqlite::faults(path, &mut conn).await?.first() {
            return Err(StoreError::Damaged(database.damaged(fault)).into());
        }
        // Ours is never seen without tables: it is made whole.
        if migrations::version(&mut conn, Kind::Sqlite).await? == 0 {
            return Err(StoreError::Damaged(database.damaged("it is no state of takeaways")).into());
        }
    }
    let migrated = migrations::run(&mut conn, database.kind()).await;
    if migrated.is_err() {
        // It may still hold the lock of those that migrate.
        conn.close_on_drop();
    }
    migrated?;
    if let Some(path) = database.path() {
        sqlite::take_over(path, &mut conn).await?;
    }
    let number = match number(&mut conn).await? {
        Some(number) => number,
        None if database.kind() == Kind::Sqlite => {
            return Err(StoreError::Damaged(database.damaged("it has no number")).into());
        }
        None => {
            let sql = "INSERT INTO state (one, number) VALUES (1, $1) ON CONFLICT (one) DO NOTHING";
            sqlx::query(sql).bind(drawn()).execute(&mut *conn).await?;
            number(&mut conn)
                .await?
                .ok_or_else(|| StoreError::Damaged(database.damaged("it has no number")))?
        }
    };
    if let Some(fault) = super::upkeep::faults_of_open_rows(&mut conn).await?.first() {
        return Err(StoreError::Damaged(database.damaged(fault)).into());
    }
    Ok(number)
}

/// The number of a state of this version; `None` where there is none yet.
async fn found(database: &Database) -> Result<Option<i64>, Fail> {
    let mut conn = database.read().await?;
    match migrations::version(&mut conn, database.kind()).await? {
        0 if database.kind() == Kind::Sqlite => {
            Err(StoreError::Damaged(database.damaged("it is no state of takeaways")).into())
        }
        0 => Ok(None),
        version if version < migrations::NEWEST => Err(StoreError::Older.into()),
        version if version > migrations::NEWEST => Err(StoreError::Newer.into()),
        _ => number(&mut conn).await,
    }
}

async fn number(conn: &mut AnyConnection) -> Result<Option<i64>, Fail> {
    let row = sqlx::query("SELECT number FROM state").fetch_optional(conn).await?;
    Ok(row.map(|row| row.try_get("number")).transpose()?)
}

/// A number that nobody else has, as far as chance goes.
fn drawn() -> i64 {
    fastrand::u64(..).cast_signed()
}
