//! Writing files into the index.
//!
//! Each thread reads files and writes them into segments of its own, so that no queue of posts can grow between
//! reading and writing. What ends up in which segment does not matter to any result.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use tantivy::indexer::{AddOperation, IndexWriterOptions, NoMergePolicy, SegmentWriter};
use tantivy::{IndexWriter, Segment, SegmentMeta, TantivyError, Term};

use super::documents::file_documents;
use super::error::SearchError;
use super::merge::merge_segments;
use super::read_files::{read_file, thread_count};
use super::report::ReadProgress;
use super::schema::SchemaFields;
use super::source::{FileContent, FileSource, Stamp};

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
