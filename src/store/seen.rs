//! Which posts this state has seen, and since when.

use jiff::Timestamp;
use jiff::civil::Date;

use super::{Store, StoreError};

/// A post of the corpus, as it is looked for among those that were seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenPost {
    /// Its canonical address, where it has one.
    pub url: Option<String>,
    /// The path of its file.
    pub path: String,
    /// A hash of its title and its text: a file that was only renamed keeps it.
    pub fingerprint: u64,
    /// The day it was published.
    pub date: Option<Date>,
}

/// When a post was first seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sighting {
    /// Its place in the order of first sights, from 1.
    pub number: i64,
    /// When.
    pub first_seen: Timestamp,
    /// Whether it was there when the state began, so that the time says nothing about the post.
    pub is_initial: bool,
}

impl Store {
    /// Takes note of all posts that there are, in their order, and says of each when it was first seen. A post is known by
    /// its address, else by its path; one that was renamed or got an address is known by its text. Those that are new get
    /// their numbers in one transaction, after all numbers that anybody saw before.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn see(&self, _posts: &[SeenPost], _now: Timestamp) -> Result<Vec<Sighting>, StoreError> {
        todo!()
    }

    /// The same without taking note: `None` for those that were never seen.
    ///
    /// # Errors
    /// Where the state can't be read.
    pub async fn seen(&self, _posts: &[SeenPost]) -> Result<Vec<Option<Sighting>>, StoreError> {
        todo!()
    }
}
