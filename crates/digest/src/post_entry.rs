//! A post with its place in the order in which posts were first seen.

use std::sync::Arc;

use jiff::Timestamp;

use super::DigestPost;

/// A post that was seen. Entries are handed over in the order of their numbers.
#[derive(Debug, Clone, PartialEq)]
pub struct PostEntry {
    /// Its place in the order of first sights, from 1.
    pub number: i64,
    /// When it was first seen.
    pub first_seen: Timestamp,
    /// Whether it was there when the state began, so that the time says nothing about the post.
    pub is_initial: bool,
    /// The post.
    pub post: Arc<DigestPost>,
}
