//! Compares the corpus with the index and plans the update.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use takeaways_corpus::{CorpusFile, UnreadPart};
use tantivy::columnar::Column;
use tantivy::{DocId, TantivyError};

use crate::corpus_files::{FileSource, content_hashes, file_key, file_stamp, path_key};
use crate::schema::column;
use crate::segment::IndexSegment;

/// A file is young if it was written less than this before it was read: it may have been written again without a new
/// time, because times of file systems are as coarse as two seconds (FAT).
const YOUNG_NS: i64 = 2_000_000_000;

/// The record of a file in the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct FileRecord {
    pub(super) stamp: u64,
    pub(super) content: u64,
    pub(super) version: u64,
}

/// The records of all files, by `corpus_files::file_key`, each with whether the walk listed the file.
pub(super) type FileRecords = HashMap<u64, (FileRecord, bool)>;

/// The files to add, to change and to remove. Files are positions in [`FileSource::files`].
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct UpdatePlan {
    /// Files that are not in the index.
    pub(super) added: Vec<usize>,
    /// Files of which the index has another version.
    pub(super) changed: Vec<usize>,
    /// Files that look unchanged but must be read to know.
    to_verify: Vec<(usize, FileRecord)>,
    /// Number of files that were read to know whether they changed.
    pub(super) files_read: usize,
    /// Versions to delete because their files are gone.
    pub(super) removed_versions: Vec<u64>,
    /// Versions to delete because their files changed, in the order of [`UpdatePlan::changed`].
    pub(super) outdated_versions: Vec<u64>,
    /// Files with the same path as another file.
    pub(super) duplicates: Vec<usize>,
    /// Whether young files were verified that are old enough now.
    pub(super) is_verified: bool,
}

impl UpdatePlan {
    /// Compares the listed files with the records of the index, without opening a file.
    ///
    /// `checked_ns` is when all files were last known to be as indexed. `verify` distrusts the times of all files.
    pub(super) fn new(mut records: FileRecords, files: &[CorpusFile], checked_ns: i64, verify: bool) -> Self {
        let mut plan = Self::default();
        let mut new = HashSet::new();
        for (at, file) in files.iter().enumerate() {
            let key = file_key(file);
            match records.get_mut(&key) {
                Some((_, is_listed)) if *is_listed => plan.duplicates.push(at),
                Some((record, is_listed)) => {
                    *is_listed = true;
                    if record.stamp != file_stamp(file) {
                        plan.mark_changed(at, *record);
                    } else if verify || is_young(file, checked_ns) {
                        plan.to_verify.push((at, *record));
                    }
                }
                None if new.insert(key) => plan.added.push(at),
                None => plan.duplicates.push(at),
            }
        }
        plan.removed_versions = records
            .into_values()
            .filter(|(_, is_listed)| !is_listed)
            .map(|(record, _)| record.version)
            .collect();
        plan.removed_versions.sort_unstable();
        plan
    }

    /// Keeps these versions, although their files are not listed. Returns their number.
    pub(super) fn keep_versions(&mut self, kept: &HashSet<u64>) -> usize {
        let removed = self.removed_versions.len();
        self.removed_versions.retain(|version| !kept.contains(version));
        removed - self.removed_versions.len()
    }

    /// Reads the files whose times can't be trusted.
    pub(super) fn verify_files(
        &mut self,
        files: &dyn FileSource,
        threads: usize,
        checked_ns: i64,
        now_ns: i64,
    ) {
        let to_verify = std::mem::take(&mut self.to_verify);
        let positions: Vec<usize> = to_verify.iter().map(|(at, _)| *at).collect();
        self.files_read = positions.len();
        let hashes = content_hashes(files, &positions, threads);
        for ((at, record), hash) in to_verify.into_iter().zip(hashes) {
            if hash != Some(record.content) {
                self.mark_changed(at, record);
            } else if let Some(file) = files.files().get(at) {
                self.is_verified |= is_young(file, checked_ns) && !is_young(file, now_ns);
            }
        }
    }

    /// Whether the index is up to date.
    pub(super) fn is_empty(&self) -> bool {
        self.difference_count() == 0
    }

    /// Returns the number of files that differ from the index.
    pub(super) fn difference_count(&self) -> usize {
        self.added.len() + self.changed.len() + self.removed_versions.len()
    }

    fn mark_changed(&mut self, at: usize, record: FileRecord) {
        self.changed.push(at);
        self.outdated_versions.push(record.version);
    }
}

/// Reads the records of all files.
pub(super) fn file_records(segments: &[Arc<IndexSegment>]) -> Result<FileRecords, TantivyError> {
    let files: u64 = segments.iter().map(|segment| segment.counts().files).sum();
    let mut records = FileRecords::with_capacity(usize::try_from(files).unwrap_or(0));
    for segment in segments {
        let [keys, stamps, contents, versions] =
            [column::KEY, column::STAMP, column::CONTENT, column::FILE_VERSION]
                .map(|name| segment.u64_column(name));
        let (Some(keys), Some(stamps), Some(contents), Some(versions)) =
            (keys?, stamps?, contents?, versions?)
        else {
            continue; // all documents are deleted
        };
        for (file, _) in segment.live_files() {
            let value = |column: &Column<u64>| column.first(file).unwrap_or(0);
            let record =
                FileRecord { stamp: value(&stamps), content: value(&contents), version: value(&versions) };
            records.insert(value(&keys), (record, false));
        }
    }
    Ok(records)
}

fn is_young(file: &CorpusFile, checked_ns: i64) -> bool {
    file.modified_ns.saturating_add(YOUNG_NS) >= checked_ns
}

/// Returns the versions of the files that lie in parts that could not be listed.
///
/// A version whose post has the id of a listed file is not among them. Two posts with one id could not be told apart.
pub(super) fn unread_versions(
    segments: &[Arc<IndexSegment>],
    files: &dyn FileSource,
) -> Result<HashSet<u64>, TantivyError> {
    let mut versions = HashSet::new();
    let listed: HashSet<&str> = files.files().iter().map(|file| file.id.0.as_str()).collect();
    for segment in segments {
        let (Some(keys), Some(version_column)) =
            (segment.u64_column(column::KEY)?, segment.u64_column(column::FILE_VERSION)?)
        else {
            continue; // all documents are deleted
        };
        let live: Vec<DocId> = segment.live_files().map(|(file, _)| file).collect();
        let (paths, ids) = (segment.texts(column::PATH, &live)?, segment.texts(column::ID, &live)?);
        for ((file, path), id) in live.into_iter().zip(paths).zip(ids) {
            let Some(path) = path else { continue };
            let key = keys.first(file).unwrap_or(0);
            let is_unread = |part: &UnreadPart| part.contains(&path) && key == path_key(part.root, &path);
            let is_listed = id.is_some_and(|id| listed.contains(id.as_str()));
            if files.unread().iter().any(is_unread) && !is_listed {
                versions.extend(version_column.first(file));
            }
        }
    }
    Ok(versions)
}

#[cfg(test)]
mod tests {
    use takeaways_text::model::PostId;

    use super::*;

    fn file(path: &str, size: u64, modified_ns: i64) -> CorpusFile {
        CorpusFile { root: 0, path: path.into(), id: PostId(path.into()), size, modified_ns }
    }

    #[test]
    fn changes_are_detected_without_reading() {
        let old =
            [file("same", 1, 0), file("grown", 1, 0), file("gone", 1, 0), file("young", 1, 9 * YOUNG_NS)];
        let record =
            |file: &CorpusFile| FileRecord { stamp: file_stamp(file), content: 1, version: file_key(file) };
        let records: FileRecords = old.iter().map(|file| (file_key(file), (record(file), false))).collect();
        let renamed = CorpusFile { id: PostId("same.md".into()), ..file("same", 1, 0) };
        let now =
            [file("new", 1, 0), file("same", 1, 0), file("grown", 2, 0), old[3].clone(), file("same", 1, 0)];

        let plan = UpdatePlan::new(records.clone(), &now, 10 * YOUNG_NS, false);
        assert_eq!((plan.added, plan.changed, plan.duplicates), (vec![0], vec![2], vec![4]));
        assert_eq!(
            (plan.removed_versions, plan.outdated_versions),
            (vec![file_key(&old[2])], vec![file_key(&old[1])])
        );
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
