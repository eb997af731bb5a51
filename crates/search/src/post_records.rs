//! What identifies each post and when it is published, read from columns: no text is read.

use jiff::Timestamp;
use jiff::civil::Date;
use takeaways_text::model::{Post, PostId};
use tantivy::DocId;
use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use crate::documents::date_of_days;
use crate::error::SearchError;
use crate::schema::{column, index_version};
use crate::segment::IndexSegment;

/// A post without its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostRecord {
    /// Its id.
    pub id: PostId,
    /// The path of its file.
    pub path: String,
    /// Its address, if it has one.
    pub url: Option<String>,
    /// See [`post_fingerprint`].
    pub fingerprint: u64,
    /// Its date.
    pub date: Option<Date>,
    /// The second since 1970 from which on it is published; the last one for a draft. `None` if it was always.
    unpublished_until: Option<i64>,
}

impl PostRecord {
    /// Whether the post may be shown at a time: never a draft, and a scheduled post from its time on.
    pub fn is_published(&self, now: Timestamp) -> bool {
        self.unpublished_until.is_none_or(|until| until <= now.as_second())
    }

    /// Whether the post may be shown at a time and has no date, so that nobody can say how new it is.
    pub fn is_undated(&self, now: Timestamp) -> bool {
        self.date.is_none() && self.is_published(now)
    }

    /// The time at which the post is published, if that is known and not over at `now`.
    pub fn published_at(&self, now: Timestamp) -> Option<Timestamp> {
        let until = self.unpublished_until.filter(|until| *until > now.as_second())?;
        Timestamp::from_second(until).ok()
    }
}

/// A hash of the title and the text of a post. It stays the same if the file is renamed.
pub fn post_fingerprint(post: &Post) -> u64 {
    let title = post.title.as_deref().unwrap_or_default();
    let mut hash = Xxh3::new();
    for part in [title.as_bytes(), &[0], post.body.text.as_bytes()] {
        hash.update(part);
    }
    hash.digest()
}

/// The value of the column: see [`PostRecord`].
pub(super) fn unpublished_until(post: &Post) -> Option<i64> {
    if post.draft {
        return Some(i64::MAX);
    }
    // A part of a second is rounded up, so that a post is never published too early.
    let from = post.visible_from?;
    Some(from.as_second() + i64::from(from.subsec_nanosecond() > 0))
}

/// The records of all posts, in the order of their ids.
pub(super) fn read_records<'s>(
    segments: impl Iterator<Item = &'s IndexSegment>,
) -> Result<Vec<PostRecord>, SearchError> {
    let mut records = Vec::new();
    for segment in segments {
        read_segment(segment, &mut records)?;
    }
    records.sort_by(|a, b| a.id.cmp(&b.id));
    Ok(records)
}

fn read_segment(segment: &IndexSegment, records: &mut Vec<PostRecord>) -> Result<(), SearchError> {
    let files: Vec<DocId> = segment.live_posts().collect();
    let texts = |name| segment.texts(name, &files).map_err(SearchError::Search);
    let (ids, paths, urls) = (texts(column::ID)?, texts(column::PATH)?, texts(column::URL)?);
    let fingerprints = segment.u64_column(column::FINGERPRINT).map_err(SearchError::Search)?;
    let dates = segment.i64_column(column::DATE).map_err(SearchError::Search)?;
    let unpublished = segment.i64_column(column::UNPUBLISHED).map_err(SearchError::Search)?;
    for (((file, id), path), url) in files.into_iter().zip(ids).zip(paths).zip(urls) {
        let fingerprint = fingerprints.as_ref().and_then(|column| column.first(file));
        let (Some(id), Some(path), Some(fingerprint)) = (id, path, fingerprint) else {
            return Err(SearchError::Damaged { reason: format!("document {file} has no id, path or hash") });
        };
        records.push(PostRecord {
            id: PostId(id),
            path,
            url,
            fingerprint,
            date: dates.as_ref().and_then(|column| column.first(file)).and_then(date_of_days),
            unpublished_until: unpublished.as_ref().and_then(|column| column.first(file)),
        });
    }
    Ok(())
}

/// A hash of the versions of all files. It does not depend on their order, nor on the history of the index.
pub(super) fn hash_contents<'s>(segments: impl Iterator<Item = &'s IndexSegment>) -> u64 {
    let versions = segments.flat_map(IndexSegment::live_versions);
    let sum = versions.fold(0_u64, |sum, version| sum.wrapping_add(xxh3_64(&version.to_le_bytes())));
    let mut hash = Xxh3::new();
    hash.update(index_version().as_bytes());
    hash.update(&sum.to_le_bytes());
    hash.digest()
}
