//! Opening the state.

use std::path::PathBuf;

use secrecy::SecretString;

use super::StoreError;

/// Where the state is.
#[derive(Debug, Clone)]
pub enum Where {
    /// SQLite: `state.sqlite3` in this folder, which is made where it is missing.
    Folder(PathBuf),
    /// PostgreSQL: addresses of servers, of which the one that is not in recovery is used. Secrets: they hold passwords.
    Servers(Vec<SecretString>),
}

/// The state; all clones are one. Effects: files, or a network.
#[derive(Debug, Clone)]
pub struct Store {}

impl Store {
    /// Opens the state to read and to write, with its instance lock where it is a file: for `serve` and `digest run`. Makes
    /// it, and brings it up to date.
    ///
    /// # Errors
    /// [`StoreError::Held`] where another process holds it, [`StoreError::Damaged`], [`StoreError::Newer`].
    pub async fn open(_place: &Where) -> Result<Self, StoreError> {
        todo!()
    }

    /// Opens the state beside whoever holds it, for what reads. `None` where there is none yet.
    ///
    /// # Errors
    /// As [`Store::open`], but it is never held.
    pub async fn beside(_place: &Where) -> Result<Option<Self>, StoreError> {
        todo!()
    }

    /// A number that was drawn when the state was made.
    #[must_use]
    pub fn number(&self) -> u64 {
        todo!()
    }

    /// Whether a claim of another process may still be good: on a file that is locked nobody else lives.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        todo!()
    }
}
