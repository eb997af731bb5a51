//! Writing files into the index.
//!
//! Each thread reads files and writes them into segments of its own, so that no queue of posts can grow between
//! reading and writing. What ends up in which segment does not matter to any result.
//!
//! Putting small segments together, and deleted documents away.

use crate::{
    corpus_files::{FileContent, FileSource, Stamp, read_file, thread_count},
    documents::file_documents,
    error::SearchError,
    report::ReadProgress,
    schema::SchemaFields,
};
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};
use tantivy::{
    IndexWriter, Segment, SegmentMeta, TantivyError, Term,
    index::SegmentId,
    indexer::{AddOperation, IndexWriterOptions, NoMergePolicy, SegmentWriter},
};

/// Memory for what is not written yet, for all threads together, in bytes.
const MEMORY_BYTES: usize = 128 << 20;

/// The same where there are few files. tantivy takes no less.
const MIN_MEMORY_BYTES: usize = 15_000_000;

/// What to write.
pub(super) struct WriteJob<'a> {
    pub(super) files: &'a dyn FileSource,
    /// Files to take in, as places in [`FileSource::stamps`].
    pub(super) to_add: Vec<usize>,
    /// Entries to delete.
    pub(super) to_delete: Vec<u64>,
    pub(super) threads: usize,
    pub(super) progress: Option<&'a (dyn Fn(ReadProgress) + Sync)>,
}

/// Files that could not be read, as places in [`FileSource::stamps`], with the reason.
type FailedFiles = Vec<(usize, String)>;

/// What has been written.
#[derive(Debug, Default)]
pub(super) struct WriteResult {
    /// Whether anything has.
    pub(super) is_changed: bool,
    /// Files that could not be read, with the reason.
    pub(super) failed: FailedFiles,
    /// Why segments could not be merged, if they could not.
    pub(super) merge_error: Option<String>,
}

/// Writes in one commit: either all of it is there afterwards, or nothing.
pub(super) fn write_files(
    index: &tantivy::Index,
    fields: &SchemaFields,
    job: &WriteJob<'_>,
) -> Result<WriteResult, SearchError> {
    let (segments, failed) = write_segments(index, fields, job)?;
    if segments.is_empty() && job.to_delete.is_empty() {
        return Ok(WriteResult { failed, ..WriteResult::default() });
    }
    let mut writer = index_writer(index).map_err(SearchError::Write)?;
    commit(&mut writer, fields, segments, &job.to_delete).map_err(SearchError::Write)?;
    let not_merged = merge_segments(index, &mut writer).err().map(|error| error.to_string());
    writer.wait_merging_threads().map_err(SearchError::Write)?;
    Ok(WriteResult { is_changed: true, failed, merge_error: not_merged })
}

fn index_writer(index: &tantivy::Index) -> Result<IndexWriter, TantivyError> {
    let options = IndexWriterOptions::builder()
        .num_worker_threads(1)
        .memory_budget_per_thread(MIN_MEMORY_BYTES)
        .num_merge_threads(1)
        .build();
    let writer = index.writer_with_options(options)?;
    writer.set_merge_policy(Box::new(NoMergePolicy));
    Ok(writer)
}

fn commit(
    writer: &mut IndexWriter,
    fields: &SchemaFields,
    segments: Vec<SegmentMeta>,
    delete: &[u64],
) -> Result<(), TantivyError> {
    for &entry in delete {
        writer.delete_term(Term::from_field_u64(fields.entry, entry));
    }
    for segment in segments {
        writer.add_segment(segment)?;
    }
    writer.commit()?;
    Ok(())
}

fn write_segments(
    index: &tantivy::Index,
    fields: &SchemaFields,
    job: &WriteJob<'_>,
) -> Result<(Vec<SegmentMeta>, FailedFiles), SearchError> {
    let threads = thread_count(job.to_add.len(), job.threads);
    let memory = if threads == 1 { MIN_MEMORY_BYTES } else { MEMORY_BYTES / threads };
    let shared = WriteContext {
        index,
        fields,
        job,
        memory,
        next: AtomicUsize::new(0),
        stop: AtomicBool::new(false),
        done: Mutex::default(),
    };
    if threads == 1 {
        shared.run();
    } else {
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| shared.run());
            }
        });
    }
    let done = shared.done.into_inner().unwrap_or_else(PoisonError::into_inner);
    match done.error {
        Some(error) => Err(error),
        None => Ok((done.segments, done.failed)),
    }
}

/// What the threads share.
struct WriteContext<'a> {
    index: &'a tantivy::Index,
    fields: &'a SchemaFields,
    job: &'a WriteJob<'a>,
    /// For each thread, in bytes.
    memory: usize,
    next: AtomicUsize,
    stop: AtomicBool,
    done: Mutex<WriteProgress>,
}

#[derive(Default)]
struct WriteProgress {
    files: usize,
    segments: Vec<SegmentMeta>,
    failed: FailedFiles,
    error: Option<SearchError>,
}

impl WriteContext<'_> {
    /// What one thread does: takes in one file after another.
    fn run(&self) {
        if let Err(error) = self.add_files() {
            self.stop.store(true, Ordering::Relaxed);
            self.update(|done| done.error = Some(error));
        }
    }

    fn add_files(&self) -> Result<(), SearchError> {
        let mut open: Option<SegmentBuilder> = None;
        while !self.stop.load(Ordering::Relaxed) {
            let Some(&at) = self.job.to_add.get(self.next.fetch_add(1, Ordering::Relaxed)) else { break };
            let Some(stamp) = self.job.files.stamps().get(at) else { continue };
            match read_file(self.job.files, at) {
                Ok(read) => self.add_file(&mut open, stamp, read)?,
                Err(why) => self.update(|done| done.failed.push((at, why))),
            }
            self.report_progress();
        }
        self.close_segment(open)
    }

    fn add_file(
        &self,
        open: &mut Option<SegmentBuilder>,
        stamp: &Stamp,
        mut read: FileContent,
    ) -> Result<(), SearchError> {
        if let Some(post) = &mut read.post {
            post.id.clone_from(&stamp.id);
        }
        let mut segment = match open.take() {
            Some(segment) => segment,
            None => SegmentBuilder::new(self.index, self.memory).map_err(SearchError::Write)?,
        };
        for document in file_documents(self.fields, stamp, read)? {
            let operation = AddOperation { opstamp: 0, document };
            segment.writer.add_document(operation).map_err(SearchError::Write)?;
        }
        if segment.writer.mem_usage() < self.memory {
            *open = Some(segment);
            return Ok(());
        }
        self.close_segment(Some(segment))
    }

    fn close_segment(&self, open: Option<SegmentBuilder>) -> Result<(), SearchError> {
        let Some(segment) = open else { return Ok(()) };
        let meta = segment.close().map_err(SearchError::Write)?;
        self.update(|done| done.segments.push(meta));
        Ok(())
    }

    fn report_progress(&self) {
        let mut files = 0;
        self.update(|done| {
            done.files += 1;
            files = done.files;
        });
        if let Some(progress) = self.job.progress {
            progress(ReadProgress { done: files, total: self.job.to_add.len() });
        }
    }

    fn update(&self, change: impl FnOnce(&mut WriteProgress)) {
        change(&mut self.done.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// A segment that is being written.
struct SegmentBuilder {
    segment: Segment,
    writer: SegmentWriter,
}

impl SegmentBuilder {
    fn new(index: &tantivy::Index, memory: usize) -> Result<Self, TantivyError> {
        let segment = index.new_segment();
        let writer = SegmentWriter::for_segment(memory, segment.clone())?;
        Ok(Self { segment, writer })
    }

    fn close(self) -> Result<SegmentMeta, TantivyError> {
        let documents = self.writer.max_doc();
        self.writer.finalize()?;
        let meta = self.segment.with_max_doc(documents).meta().clone();
        meta.untrack_temp_docstore();
        Ok(meta)
    }
}

/// Up to so many documents an index is kept in one segment: merging them takes some milliseconds.
const SINGLE_SEGMENT_DOCUMENTS: u32 = 2_000;

/// How many segments of about the same size are merged into one.
const MERGE_FACTOR: usize = 8;

/// No segments are merged into one of more documents: that would take seconds and gain little.
const MAX_MERGED_DOCUMENTS: u32 = 100_000;

/// The most deleted documents that are left in the index. Each costs each query a little (`vocabulary::living`).
const MAX_DELETED: u32 = 2_048;

/// Puts segments together as [`next_merge`] says, until it has nothing more to say.
pub(super) fn merge_segments(index: &tantivy::Index, writer: &mut IndexWriter) -> Result<(), TantivyError> {
    // A merge leaves fewer segments or fewer deleted documents, so this ends; the bound is for what is not seen.
    for _ in 0..64 {
        let Some(segments) = next_merge(&index.searchable_segment_metas()?) else { break };
        writer.merge(&segments).wait()?;
    }
    Ok(())
}

/// The segments to merge next.
///
/// All of them while there is little; one that holds too many deleted documents; and some of about the same
/// size, where there are many, so that each document is merged a few times only.
fn next_merge(segments: &[SegmentMeta]) -> Option<Vec<SegmentId>> {
    let ids = |segments: &[&SegmentMeta]| Some(segments.iter().map(|segment| segment.id()).collect());
    let deleted: u32 = segments.iter().map(SegmentMeta::num_deleted_docs).sum();
    let mut by_size: Vec<&SegmentMeta> = segments.iter().collect();
    by_size.sort_by_key(|segment| segment.num_docs());
    if by_size.iter().map(|segment| segment.num_docs()).sum::<u32>() <= SINGLE_SEGMENT_DOCUMENTS {
        return if segments.len() > 1 || deleted > 0 { ids(&by_size) } else { None };
    }
    let worst = by_size.iter().max_by_key(|segment| segment.num_deleted_docs());
    let rotten = worst
        .filter(|_| deleted > MAX_DELETED)
        .or_else(|| by_size.iter().find(|segment| has_many_deleted(segment)));
    if let Some(segment) = rotten {
        return ids(&[segment]);
    }
    (0..by_size.len()).find_map(|from| {
        let most = by_size[from].num_docs().max(SINGLE_SEGMENT_DOCUMENTS).saturating_mul(4);
        let alike = by_size[from..].iter().take_while(|segment| segment.num_docs() <= most).count();
        let alike = &by_size[from..from + alike.min(MERGE_FACTOR)];
        let documents: u32 = alike.iter().map(|segment| segment.num_docs()).sum();
        if alike.len() == MERGE_FACTOR && documents <= MAX_MERGED_DOCUMENTS { ids(alike) } else { None }
    })
}

/// Whether a quarter of a segment is deleted.
fn has_many_deleted(segment: &SegmentMeta) -> bool {
    segment.num_deleted_docs() > segment.max_doc() / 4
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Which of the segments are merged, by their place; each is (documents, deleted ones).
    fn merged_places(sizes: &[(u32, u32)]) -> Vec<usize> {
        let index = tantivy::Index::create_in_ram(tantivy::schema::Schema::builder().build());
        let segments: Vec<SegmentMeta> = sizes
            .iter()
            .map(|&(documents, deleted)| {
                let segment = index.new_segment().with_max_doc(documents);
                if deleted == 0 {
                    segment.meta().clone()
                } else {
                    segment.with_delete_meta(deleted, 1).meta().clone()
                }
            })
            .collect();
        let ids = next_merge(&segments).unwrap_or_default();
        let mut places: Vec<usize> =
            (0..segments.len()).filter(|&at| ids.contains(&segments[at].id())).collect();
        places.sort_unstable();
        places
    }

    #[test]
    fn what_is_merged() {
        for (name, sizes, expected) in [
            ("nothing", &[][..], &[][..]),
            ("one small segment", &[(500, 0)], &[]),
            ("small segments", &[(500, 0), (20, 0)], &[0, 1]),
            ("a small segment with a deleted document", &[(500, 1)], &[0]),
            ("a large segment with few", &[(50_000, 100)], &[]),
            ("a large segment with many", &[(50_000, 100), (50_000, 2_100)], &[1]),
            ("one that is a quarter deleted", &[(50_000, 100), (4_000, 1_200)], &[1]),
            ("seven additions", &[(50_000, 0), (9, 0), (9, 0), (9, 0), (9, 0), (9, 0), (9, 0), (9, 0)], &[]),
            (
                "eight additions",
                &[(50_000, 0), (9, 0), (9, 0), (9, 0), (9, 0), (9, 0), (9, 0), (9, 0), (9, 0)],
                &[1, 2, 3, 4, 5, 6, 7, 8],
            ),
            ("eight that are too large together", &[(50_000, 0); 8], &[]),
        ] {
            assert_eq!(merged_places(sizes), expected, "{name}");
        }
    }
}
