//! What the index holds and where.

use std::path::PathBuf;

use jiff::civil::Date;

use super::folder::Generation;
use super::index::Index;

/// What the index holds and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexStatus {
    /// Files, with or without a post.
    pub files: u64,
    /// Posts.
    pub posts: u64,
    /// Passages.
    pub passages: u64,
    /// Problems that were found in the files when they were read.
    pub problems: u64,
    /// The date of the newest post.
    pub newest: Option<Date>,
    /// Segments that each search looks through.
    pub segments: usize,
    /// Deleted documents that are still there.
    pub deleted: usize,
    /// Size on disk, in bytes; 0 in memory.
    pub bytes: u64,
    /// Where it lies; `None` in memory.
    pub folder: Option<PathBuf>,
}

impl Index {
    /// What the index holds and where.
    #[must_use]
    pub fn status(&self) -> IndexStatus {
        IndexStatus {
            files: self.counts().files,
            posts: self.counts().posts,
            passages: self.counts().passages,
            problems: self.counts().problems,
            newest: self.counts().newest.and_then(date_of_days),
            segments: self.segments().len(),
            deleted: self.segments().iter().map(|part| part.deleted.len()).sum(),
            bytes: self.generation.as_ref().map_or(0, Generation::bytes),
            folder: self.generation.as_ref().map(|home| home.path.clone()),
        }
    }
}

fn date_of_days(days: i64) -> Option<Date> {
    jiff::civil::date(1970, 1, 1).checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}
