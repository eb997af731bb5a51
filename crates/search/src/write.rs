//! Writes files into the index and merges segments.
//!
//! Each thread reads files and writes them into segments of its own, so that no queue of posts can grow between
//! reading and writing. Results don't depend on the distribution of posts over segments.

use crate::{
    corpus_files::{FileContent, FileSource, read_file},
    documents::file_documents,
    error::SearchError,
    report::ReadProgress,
    schema::SchemaFields,
};
use std::collections::HashSet;
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};
use takeaways_corpus::{CorpusFile, threads::thread_count};
use tantivy::{
    IndexWriter, Segment, SegmentMeta, TantivyError, Term,
    index::SegmentId,
    indexer::{AddOperation, IndexWriterOptions, NoMergePolicy, SegmentWriter},
};

/// Memory of all segments that are being written, in bytes.
const MEMORY_BYTES: usize = 128 << 20;

/// The same for few files. It is the least that tantivy accepts.
const MIN_MEMORY_BYTES: usize = 15_000_000;

/// The files to add and the versions of files to delete.
pub(super) struct WriteJob<'a> {
    pub(super) files: &'a dyn FileSource,
    /// Files to add, as positions in [`FileSource::files`].
    pub(super) to_add: Vec<usize>,
    /// Versions of files to delete: see [`crate::corpus_files::file_version`].
    pub(super) to_delete: Vec<u64>,
    /// Files of [`WriteJob::to_add`] with the versions that they replace. If a file can't be read, its version stays.
    pub(super) to_replace: Vec<(usize, u64)>,
    pub(super) threads: usize,
    pub(super) progress: Option<&'a (dyn Fn(ReadProgress) + Sync)>,
}

/// Files that could not be read, as positions in [`FileSource::files`], with the reason.
type FailedFiles = Vec<(usize, String)>;

/// The outcome of writing.
#[derive(Debug, Default)]
pub(super) struct WriteResult {
    /// Whether the index changed.
    pub(super) is_changed: bool,
    /// Files that could not be read.
    pub(super) failed: FailedFiles,
    /// The error of merging segments, if there was one.
    pub(super) merge_error: Option<String>,
}

/// Adds and deletes in one commit: either everything is in the index afterwards, or nothing.
pub(super) fn write_files(
    index: &tantivy::Index,
    fields: &SchemaFields,
    job: &WriteJob<'_>,
) -> Result<WriteResult, SearchError> {
    let (segments, failed) = write_segments(index, fields, job)?;
    let unread: HashSet<usize> = failed.iter().map(|(at, _)| *at).collect();
    let replaced = job.to_replace.iter().filter(|(at, _)| !unread.contains(at)).map(|(_, version)| *version);
    let to_delete: Vec<u64> = job.to_delete.iter().copied().chain(replaced).collect();
    if segments.is_empty() && to_delete.is_empty() {
        return Ok(WriteResult { failed, ..WriteResult::default() });
    }
    let mut writer = index_writer(index).map_err(SearchError::Write)?;
    commit(&mut writer, fields, segments, &to_delete).map_err(SearchError::Write)?;
    let merge_error = merge_segments(index, &mut writer).err().map(|error| error.to_string());
    writer.wait_merging_threads().map_err(SearchError::Write)?;
    Ok(WriteResult { is_changed: true, failed, merge_error })
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
    for &version in delete {
        writer.delete_term(Term::from_field_u64(fields.file_version, version));
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
    let context = WriteContext {
        index,
        fields,
        job,
        memory,
        next: AtomicUsize::new(0),
        stop: AtomicBool::new(false),
        output: Mutex::default(),
    };
    if threads == 1 {
        context.run();
    } else {
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| context.run());
            }
        });
    }
    let output = context.output.into_inner().unwrap_or_else(PoisonError::into_inner);
    match output.error {
        Some(error) => Err(error),
        None => Ok((output.segments, output.failed)),
    }
}

/// The state that the threads share.
struct WriteContext<'a> {
    index: &'a tantivy::Index,
    fields: &'a SchemaFields,
    job: &'a WriteJob<'a>,
    /// Memory for each thread, in bytes.
    memory: usize,
    next: AtomicUsize,
    stop: AtomicBool,
    output: Mutex<WriteOutput>,
}

#[derive(Default)]
struct WriteOutput {
    files_read: usize,
    segments: Vec<SegmentMeta>,
    failed: FailedFiles,
    error: Option<SearchError>,
}

impl WriteContext<'_> {
    /// Adds one file after another. Each thread runs this.
    fn run(&self) {
        if let Err(error) = self.add_files() {
            self.stop.store(true, Ordering::Relaxed);
            self.update(|output| output.error = Some(error));
        }
    }

    fn add_files(&self) -> Result<(), SearchError> {
        let mut builder: Option<SegmentBuilder> = None;
        while !self.stop.load(Ordering::Relaxed) {
            let Some(&at) = self.job.to_add.get(self.next.fetch_add(1, Ordering::Relaxed)) else { break };
            let Some(file) = self.job.files.files().get(at) else { continue };
            match read_file(self.job.files, at) {
                Ok(content) => self.add_file(&mut builder, file, content)?,
                Err(reason) => self.update(|output| output.failed.push((at, reason))),
            }
            self.report_progress();
        }
        self.finish_segment(builder)
    }

    fn add_file(
        &self,
        builder: &mut Option<SegmentBuilder>,
        file: &CorpusFile,
        mut content: FileContent,
    ) -> Result<(), SearchError> {
        if let Some(post) = &mut content.post {
            post.id.clone_from(&file.id);
        }
        let mut segment = match builder.take() {
            Some(segment) => segment,
            None => SegmentBuilder::new(self.index, self.memory).map_err(SearchError::Write)?,
        };
        for document in file_documents(self.fields, file, content)? {
            let operation = AddOperation { opstamp: 0, document };
            segment.writer.add_document(operation).map_err(SearchError::Write)?;
        }
        if segment.writer.mem_usage() < self.memory {
            *builder = Some(segment);
            return Ok(());
        }
        self.finish_segment(Some(segment))
    }

    fn finish_segment(&self, builder: Option<SegmentBuilder>) -> Result<(), SearchError> {
        let Some(segment) = builder else { return Ok(()) };
        let meta = segment.finish().map_err(SearchError::Write)?;
        self.update(|output| output.segments.push(meta));
        Ok(())
    }

    fn report_progress(&self) {
        let mut done = 0;
        self.update(|output| {
            output.files_read += 1;
            done = output.files_read;
        });
        if let Some(progress) = self.job.progress {
            progress(ReadProgress { done, total: self.job.to_add.len() });
        }
    }

    fn update(&self, change: impl FnOnce(&mut WriteOutput)) {
        change(&mut self.output.lock().unwrap_or_else(PoisonError::into_inner));
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

    fn finish(self) -> Result<SegmentMeta, TantivyError> {
        let documents = self.writer.max_doc();
        self.writer.finalize()?;
        let meta = self.segment.with_max_doc(documents).meta().clone();
        meta.untrack_temp_docstore();
        Ok(meta)
    }
}

/// An index of up to this number of documents is kept in one segment: merging it takes some milliseconds.
const SINGLE_SEGMENT_DOCUMENTS: u32 = 2_000;

/// Number of segments of about the same size that are merged into one.
const MERGE_FACTOR: usize = 8;

/// The most documents of a merged segment: larger merges would take seconds and gain little.
const MAX_MERGED_DOCUMENTS: u32 = 100_000;

/// The most deleted documents in the index. Each costs each query a little (`vocabulary::live_frequency`).
const MAX_DELETED: u32 = 2_048;

/// Merges segments until [`next_merge`] finds none.
pub(super) fn merge_segments(index: &tantivy::Index, writer: &mut IndexWriter) -> Result<(), TantivyError> {
    // Each merge leaves fewer segments or fewer deleted documents, so the loop ends. The bound is a safeguard.
    for _ in 0..64 {
        let Some(segments) = next_merge(&index.searchable_segment_metas()?) else { break };
        writer.merge(&segments).wait()?;
    }
    Ok(())
}

/// Chooses the segments to merge next; `None` if no merge is needed.
///
/// All segments of a small index; or one with too many deleted documents; or [`MERGE_FACTOR`] segments of about the
/// same size, so that each document is merged only a few times.
fn next_merge(segments: &[SegmentMeta]) -> Option<Vec<SegmentId>> {
    let ids = |segments: &[&SegmentMeta]| Some(segments.iter().map(|segment| segment.id()).collect());
    let deleted: u32 = segments.iter().map(SegmentMeta::num_deleted_docs).sum();
    let mut by_size: Vec<&SegmentMeta> = segments.iter().collect();
    by_size.sort_by_key(|segment| segment.num_docs());
    if by_size.iter().map(|segment| segment.num_docs()).sum::<u32>() <= SINGLE_SEGMENT_DOCUMENTS {
        return if segments.len() > 1 || deleted > 0 { ids(&by_size) } else { None };
    }
    let most_deleted = by_size.iter().max_by_key(|segment| segment.num_deleted_docs());
    let to_purge = most_deleted
        .filter(|_| deleted > MAX_DELETED)
        .or_else(|| by_size.iter().find(|segment| has_many_deleted(segment)));
    if let Some(segment) = to_purge {
        return ids(&[segment]);
    }
    (0..by_size.len()).find_map(|start| {
        let max_documents = by_size[start].num_docs().max(SINGLE_SEGMENT_DOCUMENTS).saturating_mul(4);
        let similar = by_size[start..].iter().take(MERGE_FACTOR);
        let similar = similar.take_while(|segment| segment.num_docs() <= max_documents).count();
        let similar = &by_size[start..start + similar];
        let documents: u32 = similar.iter().map(|segment| segment.num_docs()).sum();
        if similar.len() == MERGE_FACTOR && documents <= MAX_MERGED_DOCUMENTS { ids(similar) } else { None }
    })
}

/// Whether more than a quarter of a segment is deleted.
fn has_many_deleted(segment: &SegmentMeta) -> bool {
    segment.num_deleted_docs() > segment.max_doc() / 4
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Returns the positions of the merged segments. Each segment is given as (documents, deleted documents).
    fn merged_positions(sizes: &[(u32, u32)]) -> Vec<usize> {
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
        (0..segments.len()).filter(|&at| ids.contains(&segments[at].id())).collect()
    }

    #[test]
    fn small_similar_and_deleted_segments_are_merged() {
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
            assert_eq!(merged_positions(sizes), expected, "{name}");
        }
    }
}
