//! The state as an SQLite file: creates, checks and locks it.

use crate::{
    StoreError,
    database::{DatabaseKind, Durability},
    error::{QueryError, SqlErrorClass, classify},
    open,
    row_hash::STATE,
};
use jiff::Timestamp;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use sqlx::{AnyConnection, ConnectOptions as _, Connection as _, Row as _, any::AnyConnectOptions};
use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions},
    io::{self, Read as _},
    path::{Path, PathBuf},
};
use takeaways_process_lock::{LockAttempt, ProcessLock, read_text};

/// The name of the file.
pub(crate) const DATABASE_FILE: &str = "state.sqlite3";

/// Larger files get the quick check, which does not compare indexes with tables. In bytes.
const QUICK_CHECK_ABOVE: u64 = 64 << 20;

/// The first bytes of every SQLite file: <https://sqlite.org/fileformat.html>.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// The options for opening a file, which must exist.
pub(super) fn connect_options(path: &Path) -> Result<AnyConnectOptions, StoreError> {
    sqlx::any::install_default_drivers();
    let path = std::path::absolute(path).map_err(StoreError::unavailable)?;
    let text = path.to_str().ok_or_else(|| StoreError::unavailable("the path of the state is not UTF-8"))?;
    let url = format!("sqlite://{}?mode=rw", utf8_percent_encode(text, NON_ALPHANUMERIC));
    let options: AnyConnectOptions = url.parse().map_err(StoreError::unavailable)?;
    Ok(options.disable_statement_logging())
}

/// The statement that begins a write transaction. `FULL` waits for the disk at each commit.
pub(super) fn begin_statement(durability: Durability) -> &'static str {
    match durability {
        Durability::PowerFailure => "PRAGMA synchronous = FULL; BEGIN IMMEDIATE",
        Durability::ProcessEnd => "PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE",
    }
}

/// Prepares a new connection. `FULL` waits for the disk at each commit, so that the ledger survives a power failure.
/// SQLite sorts in memory, because a container image may have no temporary folder. The timeout for locks is sqlx's: 5
/// s.
pub(super) async fn prepare_connection(conn: &mut AnyConnection, may_write: bool) -> Result<(), sqlx::Error> {
    let sql = if may_write {
        "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY;"
    } else {
        "PRAGMA query_only = ON; PRAGMA temp_store = MEMORY;"
    };
    match sqlx::raw_sql(sql).execute(conn).await {
        // The first statement reports this error. An error here would only make the pool try again.
        Err(error) if classify(&error) == SqlErrorClass::Corruption => Ok(()),
        done => done.map(drop),
    }
}

/// Whether the file exists. `existed` says that there was a file once; then a missing one is an error.
pub(super) fn file_exists(path: &Path, existed: bool) -> Result<bool, StoreError> {
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let leftover = ["-wal", "-journal"].into_iter().find(|end| path_with_suffix(path, end).exists());
            return match leftover {
                Some(end) => Err(damage_error(path, &format!("it is missing, but its {end} file exists"))),
                None if existed => {
                    Err(damage_error(path, "it is missing; to start with a new state, remove state.lock too"))
                }
                None => Ok(false),
            };
        }
        Err(error) => return Err(StoreError::unavailable(error)),
    };
    if !metadata.is_file() {
        return Err(damage_error(path, "it is not a file"));
    }
    let mut start = [0; 16];
    match File::open(path).and_then(|mut file| file.read_exact(&mut start)) {
        Ok(()) if &start == MAGIC => Ok(true),
        Err(error) if error.kind() != io::ErrorKind::UnexpectedEof => Err(StoreError::unavailable(error)),
        _ if metadata.len() == 0 => Err(damage_error(path, "it is empty")),
        _ => Err(damage_error(path, "it is not an SQLite file")),
    }
}

/// Creates the file, with its tables and its id, under another name, and renames it when it is complete.
pub(super) async fn create_file(path: &Path, number: i64) -> Result<(), QueryError> {
    let new = path_with_suffix(path, ".new");
    for end in ["", "-journal", "-wal", "-shm"] {
        ignore_missing(fs::remove_file(path_with_suffix(&new, end))).map_err(StoreError::unavailable)?;
    }
    private_file_options().create_new(true).open(&new).map_err(StoreError::unavailable)?;
    let mut conn = connect_options(&new)?.connect().await?;
    prepare_connection(&mut conn, true).await?;
    open::run(&mut conn, DatabaseKind::Sqlite).await?;
    sqlx::query("INSERT INTO state (one, number) VALUES (1, $1)").bind(number).execute(&mut conn).await?;
    STATE.seal(&mut conn, 1).await?;
    conn.close().await?;
    let renamed = File::open(&new).and_then(|file| file.sync_all()).and_then(|()| fs::rename(&new, path));
    renamed.and_then(|()| sync_folder(path)).map_err(StoreError::unavailable)?;
    Ok(())
}

/// Switches to WAL, so that readers do not wait for the writer, and restricts the file to its owner.
pub(super) async fn prepare_for_writing(path: &Path, conn: &mut AnyConnection) -> Result<(), QueryError> {
    // If that fails, the file keeps its mode.
    let _ = restrict_permissions(path);
    sqlx::raw_sql("PRAGMA journal_mode = WAL").execute(conn).await?;
    Ok(())
}

/// Problems of the file's structure, at most a few lines.
pub(super) async fn find_problems(path: &Path, conn: &mut AnyConnection) -> Result<Vec<String>, QueryError> {
    let is_large = fs::metadata(path).is_ok_and(|file| file.len() > QUICK_CHECK_ABOVE);
    let sql = if is_large { "PRAGMA quick_check(5)" } else { "PRAGMA integrity_check(5)" };
    let rows = sqlx::query(sql).fetch_all(conn).await?;
    let lines: Result<Vec<String>, _> = rows.iter().map(|row| row.try_get(0)).collect();
    Ok(lines?.into_iter().filter(|line| line != "ok").collect())
}

/// A copy of the state as it is now, while other processes may write. `to` must not exist.
pub(super) async fn back_up(conn: &mut AnyConnection, to: &Path) -> Result<(), QueryError> {
    let text = to.to_str().ok_or_else(|| StoreError::unavailable("the path of the backup is not UTF-8"))?;
    // SQLite fills an empty file. So other users can never read it.
    private_file_options().create_new(true).open(to).map_err(StoreError::unavailable)?;
    // Only the new file is written, but a read-only connection may not even do that.
    sqlx::raw_sql("PRAGMA query_only = OFF").execute(&mut *conn).await?;
    let copied = sqlx::query("VACUUM INTO $1").bind(text).execute(conn).await;
    if copied.is_err() {
        // An incomplete file is not a backup.
        let _ = fs::remove_file(to);
    }
    copied?;
    let synced = File::open(to).and_then(|file| file.sync_all()).and_then(|()| sync_folder(to));
    synced.map_err(StoreError::unavailable)?;
    Ok(())
}

/// The message about a damaged file, with what to do about it.
pub(super) fn damage_message(path: &Path, what: &str) -> String {
    let shown = path.display();
    format!(
        "{shown} is damaged ({what}): restore a backup with \
         `rm -f '{shown}-wal' '{shown}-shm' && cp BACKUP '{shown}'` while no takeaways runs"
    )
}

fn damage_error(path: &Path, what: &str) -> StoreError {
    StoreError::Damaged(damage_message(path, what))
}

fn path_with_suffix(path: &Path, end: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(end);
    name.into()
}

fn ignore_missing(removed: io::Result<()>) -> io::Result<()> {
    match removed {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Options for a file that only its owner may read, because it holds the interests of people.
pub(super) fn private_file_options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn restrict_permissions(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(())
}

/// A new name survives a power failure only if its folder is synced.
fn sync_folder(path: &Path) -> io::Result<()> {
    match path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => File::open(folder)?.sync_all(),
        None => Ok(()),
    }
}

/// The name of the lock file, beside the state file. Its first line is the id of the state. Its second line names the
/// holder, while there is one or if it died.
pub(crate) const LOCK_FILE: &str = "state.lock";

/// The right to deliver from the state in a folder. It ends on drop.
#[derive(Debug)]
pub(super) struct StateLock {
    lock: ProcessLock,
    state_id: Option<u64>,
}

impl StateLock {
    /// Takes the lock of a folder.
    ///
    /// # Errors
    /// [`StoreError::Locked`] if another process has it.
    pub(crate) fn acquire(folder: &Path) -> Result<Self, StoreError> {
        let path = folder.join(LOCK_FILE);
        let mut options = private_file_options();
        options.create(true).truncate(false);
        match ProcessLock::try_acquire(&path, &options).map_err(StoreError::unavailable)? {
            LockAttempt::Acquired(lock, text) => {
                let mut lock = Self { state_id: parse_state_id(&text), lock };
                lock.sign()?;
                Ok(lock)
            }
            LockAttempt::HeldBy(holder) => Err(StoreError::Locked(describe_holder(holder, &path))),
        }
    }

    /// The id of the state that was in this folder before.
    pub(crate) fn state_id(&self) -> Option<u64> {
        self.state_id
    }

    /// Records the id of the state that is in this folder.
    ///
    /// # Errors
    /// If the file can't be written.
    pub(crate) fn record_state_id(&mut self, number: u64) -> Result<(), StoreError> {
        self.state_id = Some(number);
        self.sign()
    }

    fn sign(&mut self) -> Result<(), StoreError> {
        let record =
            self.state_id.map_or_else(|| "state -\n".to_owned(), |number| format!("state {number:016x}\n"));
        self.lock.sign(&record).map_err(StoreError::unavailable)
    }
}

/// The id of the state that was in this folder before, from the lock file at `path`.
pub(super) fn read_state_id(path: &Path) -> Option<u64> {
    parse_state_id(&read_text(path))
}

fn parse_state_id(text: &str) -> Option<u64> {
    u64::from_str_radix(text.lines().next()?.strip_prefix("state ")?, 16).ok()
}

/// The holder, and since when it holds the lock.
fn describe_holder(holder: Option<String>, path: &Path) -> String {
    let name = holder.unwrap_or_else(|| "an unnamed process".to_owned());
    let since = fs::metadata(path).and_then(|file| file.modified()).ok();
    match since.and_then(|since| Timestamp::try_from(since).ok()) {
        Some(since) => format!("{name}, since {since:.0}"),
        None => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f07_the_lock_names_its_holder_at_once() {
        let temp = tempfile::tempdir().expect("a folder");
        let lock = StateLock::acquire(temp.path()).expect("it is free");
        let Err(StoreError::Locked(holder)) = StateLock::acquire(temp.path()) else { panic!("it is held") };
        assert!(holder.starts_with(&format!("process {} on ", std::process::id())), "{holder}");
        assert!(holder.contains(", since 2"), "{holder}");
        drop(lock);
        StateLock::acquire(temp.path()).expect("it is free again");
    }

    #[test]
    fn the_lock_remembers_the_state_and_forgets_its_holder() {
        let temp = tempfile::tempdir().expect("a folder");
        let path = temp.path().join(LOCK_FILE);
        assert_eq!(read_state_id(&path), None);
        let mut lock = StateLock::acquire(temp.path()).expect("it is free");
        lock.record_state_id(0xabc).expect("written");
        drop(lock);
        assert_eq!(fs::read_to_string(&path).expect("a file"), "state 0000000000000abc\n");
        assert_eq!(StateLock::acquire(temp.path()).expect("it is free").state_id(), Some(0xabc));
    }

    #[tokio::test]
    async fn only_changes_that_must_survive_a_power_failure_wait_for_the_disk() {
        let temp = tempfile::tempdir().expect("a folder");
        let location = crate::StoreLocation::Folder(temp.path().into());
        let store = crate::Store::open(&location).await.expect("a state");
        // Both kinds of changes use one connection, and neither leaves its mode to the other.
        for (durability, expected) in [
            (Durability::PowerFailure, 2),
            (Durability::ProcessEnd, 1),
            (Durability::PowerFailure, 2),
            (Durability::ProcessEnd, 1),
        ] {
            let mode = store.write_as(durability, async |mut tx| {
                let row = sqlx::query("PRAGMA synchronous").fetch_one(tx.conn()).await?;
                Ok(row.try_get::<i64, _>(0)?)
            });
            assert_eq!(mode.await.expect("its mode"), expected, "{durability:?}");
        }
    }
}
