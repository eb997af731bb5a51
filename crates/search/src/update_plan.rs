//! What must be done so that the index has the files as they are.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tantivy::TantivyError;
use tantivy::columnar::Column;

use super::schema::column;
use super::segment::IndexSegment;
use crate::corpus_files::content_hashes;
use crate::corpus_files::{FileSource, Stamp};

/// A file that was written less than this before it was read may have been written again without its time
/// changing: file systems tell times apart by up to two seconds (FAT).
const YOUNG_NS: i64 = 2_000_000_000;

/// What the index knows of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileRecord {
    pub(super) stamp: u64,
    pub(super) content: u64,
    pub(super) entry: u64,
}

/// What the index knows of all files, by `Stamp::key`, and whether a walk has seen them.
pub(super) type FileRecords = HashMap<u64, (FileRecord, bool)>;

/// What must be done. Places are those in [`FileSource::stamps`].
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct UpdatePlan {
    /// Files that are not in the index.
    pub(super) added: Vec<usize>,
    /// Files that the index has in another version.
    pub(super) changed: Vec<usize>,
    /// Files that look as the index has them, but must be read to tell.
    to_verify: Vec<(usize, FileRecord)>,
    /// How many files were read to tell.
    pub(super) files_read: usize,
    /// Entries to be deleted because their files are gone.
    pub(super) removed_entries: Vec<u64>,
    /// Entries to be deleted because their files are in another version.
    pub(super) outdated_entries: Vec<u64>,
    /// Files that share their path with another one.
    pub(super) duplicates: Vec<usize>,
    /// Some files could not be told by their times, and now could be.
    pub(super) is_verified: bool,
}

impl UpdatePlan {
    /// Compares what a walk has found with what the index holds, without opening a file.
    ///
    /// `checked_ns` is when all files were last known to be as the index has them; `verify` suspects all.
    pub(super) fn new(mut records: FileRecords, stamps: &[Stamp], checked_ns: i64, verify: bool) -> Self {
        let mut plan = Self::default();
        let mut new = HashSet::new();
        for (at, stamp) in stamps.iter().enumerate() {
            let key = stamp.key();
            match records.get_mut(&key) {
                Some((_, seen)) if *seen => plan.duplicates.push(at),
                Some((record, seen)) => {
                    *seen = true;
                    if record.stamp != stamp.fingerprint() {
                        plan.mark_changed(at, *record);
                    } else if verify || is_young(stamp, checked_ns) {
                        plan.to_verify.push((at, *record));
                    }
                }
                None if new.insert(key) => plan.added.push(at),
                None => plan.duplicates.push(at),
            }
        }
        plan.removed_entries =
            records.into_values().filter(|(_, seen)| !seen).map(|(record, _)| record.entry).collect();
        plan.removed_entries.sort_unstable();
        plan
    }

    /// Reads the files that can't be told by their times.
    pub(super) fn verify_files(
        &mut self,
        files: &dyn FileSource,
        threads: usize,
        checked_ns: i64,
        now_ns: i64,
    ) {
        let suspicious = std::mem::take(&mut self.to_verify);
        let places: Vec<usize> = suspicious.iter().map(|(at, _)| *at).collect();
        self.files_read = places.len();
        let hashes = content_hashes(files, &places, threads);
        for ((at, record), hash) in suspicious.into_iter().zip(hashes) {
            if hash != Some(record.content) {
                self.mark_changed(at, record);
            } else if let Some(stamp) = files.stamps().get(at) {
                self.is_verified |= is_young(stamp, checked_ns) && !is_young(stamp, now_ns);
            }
        }
    }

    /// Whether the index has all files as they are.
    pub(super) fn is_empty(&self) -> bool {
        self.added.is_empty() && self.changed.is_empty() && self.removed_entries.is_empty()
    }

    /// How many files differ from what the index has.
    pub(super) fn difference_count(&self) -> usize {
        self.added.len() + self.changed.len() + self.removed_entries.len()
    }

    fn mark_changed(&mut self, at: usize, record: FileRecord) {
        self.changed.push(at);
        self.outdated_entries.push(record.entry);
    }
}

/// What the index knows of all files.
pub(super) fn file_records(parts: &[Arc<IndexSegment>]) -> Result<FileRecords, TantivyError> {
    let files: u64 = parts.iter().map(|part| part.counts().files).sum();
    let mut records = FileRecords::with_capacity(usize::try_from(files).unwrap_or(0));
    for part in parts {
        let [keys, stamps, contents, entries] =
            [column::KEY, column::STAMP, column::CONTENT, column::ENTRY].map(|name| part.u64_column(name));
        let (Some(keys), Some(stamps), Some(contents), Some(entries)) = (keys?, stamps?, contents?, entries?)
        else {
            continue; // only deleted documents
        };
        for (file, _) in part.live_files() {
            let value = |column: &Column<u64>| column.first(file).unwrap_or(0);
            let record =
                FileRecord { stamp: value(&stamps), content: value(&contents), entry: value(&entries) };
            records.insert(value(&keys), (record, false));
        }
    }
    Ok(records)
}

fn is_young(stamp: &Stamp, checked_ns: i64) -> bool {
    stamp.modified_ns.saturating_add(YOUNG_NS) >= checked_ns
}

#[cfg(test)]
mod tests {
    use super::*;
    use takeaways_text::model::PostId;

    fn stamp(path: &str, size: u64, modified_ns: i64) -> Stamp {
        Stamp { root: 0, path: path.into(), id: PostId(path.into()), size, modified_ns }
    }

    #[test]
    fn files_are_told_by_what_a_walk_sees() {
        let old =
            [stamp("same", 1, 0), stamp("grown", 1, 0), stamp("gone", 1, 0), stamp("young", 1, 9 * YOUNG_NS)];
        let record =
            |stamp: &Stamp| FileRecord { stamp: stamp.fingerprint(), content: 1, entry: stamp.key() };
        let records: FileRecords = old.iter().map(|stamp| (stamp.key(), (record(stamp), false))).collect();
        let renamed = Stamp { id: PostId("same.md".into()), ..stamp("same", 1, 0) };
        let now = [
            stamp("new", 1, 0),
            stamp("same", 1, 0),
            stamp("grown", 2, 0),
            old[3].clone(),
            stamp("same", 1, 0),
        ];

        let plan = UpdatePlan::new(records.clone(), &now, 10 * YOUNG_NS, false);
        assert_eq!((plan.added, plan.changed, plan.duplicates), (vec![0], vec![2], vec![4]));
        assert_eq!((plan.removed_entries, plan.outdated_entries), (vec![old[2].key()], vec![old[1].key()]));
        assert_eq!(plan.to_verify.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [3]);

        assert_eq!(
            UpdatePlan::new(records.clone(), &[renamed], 10 * YOUNG_NS, false).changed,
            [0],
            "another id"
        );
        assert_eq!(
            UpdatePlan::new(records, &old, 99 * YOUNG_NS, true).to_verify.len(),
            4,
            "all are verified"
        );
    }
}
