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
    /// Another process holds it: its name.
    #[error("the state is used by another process: {0}")]
    Held(String),
}
