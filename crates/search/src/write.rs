//! Writing files into the index.
//!
//! Each thread reads files and writes them into segments of its own, so that no queue of posts can grow between
//! reading and writing. What ends up in which segment does not matter to any result.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use tantivy::indexer::{AddOperation, IndexWriterOptions, NoMergePolicy, SegmentWriter};
use tantivy::{IndexWriter, Segment, SegmentMeta, TantivyError, Term};

use super::documents::documents;
use super::error::RetrievalError;
use super::merge::merge;
use super::read::{read_file, threads_for};
use super::report::Progress;
use super::schema::Fields;
use super::source::{FileSource, Read, Stamp};

/// Memory for what is not written yet, for all threads together, in bytes.
const MEMORY: usize = 128 << 20;

/// The same where there are few files. tantivy takes no less.
const LITTLE_MEMORY: usize = 15_000_000;

/// What to write.
pub(super) struct Job<'a> {
    pub(super) files: &'a dyn FileSource,
    /// Files to take in, as places in [`FileSource::stamps`].
    pub(super) take: Vec<usize>,
    /// Entries to delete.
    pub(super) delete: Vec<u64>,
    pub(super) threads: usize,
    pub(super) progress: Option<&'a (dyn Fn(Progress) + Sync)>,
}

/// Files that could not be read, as places in [`FileSource::stamps`], with the reason.
type Failed = Vec<(usize, String)>;

/// What has been written.
#[derive(Debug, Default)]
pub(super) struct Written {
    /// Whether anything has.
    pub(super) anything: bool,
    /// Files that could not be read, with the reason.
    pub(super) failed: Failed,
    /// Why segments could not be merged, if they could not.
    pub(super) not_merged: Option<String>,
}

/// Writes in one commit: either all of it is there afterwards, or nothing.
pub(super) fn write(
    index: &tantivy::Index,
    fields: &Fields,
    job: &Job<'_>,
) -> Result<Written, RetrievalError> {
    let (segments, failed) = write_segments(index, fields, job)?;
    if segments.is_empty() && job.delete.is_empty() {
        return Ok(Written { failed, ..Written::default() });
    }
    let mut writer = writer(index).map_err(RetrievalError::Write)?;
    commit(&mut writer, fields, segments, &job.delete).map_err(RetrievalError::Write)?;
    let not_merged = merge(index, &mut writer).err().map(|error| error.to_string());
    writer.wait_merging_threads().map_err(RetrievalError::Write)?;
    Ok(Written { anything: true, failed, not_merged })
}

fn writer(index: &tantivy::Index) -> Result<IndexWriter, TantivyError> {
    let options = IndexWriterOptions::builder()
        .num_worker_threads(1)
        .memory_budget_per_thread(LITTLE_MEMORY)
        .num_merge_threads(1)
        .build();
    let writer = index.writer_with_options(options)?;
    writer.set_merge_policy(Box::new(NoMergePolicy));
    Ok(writer)
}

fn commit(
    writer: &mut IndexWriter,
    fields: &Fields,
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
    fields: &Fields,
    job: &Job<'_>,
) -> Result<(Vec<SegmentMeta>, Failed), RetrievalError> {
    let threads = threads_for(job.take.len(), job.threads);
    let memory = if threads == 1 { LITTLE_MEMORY } else { MEMORY / threads };
    let shared = Shared {
        index,
        fields,
        job,
        memory,
        next: AtomicUsize::new(0),
        stop: AtomicBool::new(false),
        done: Mutex::default(),
    };
    if threads == 1 {
        shared.work();
    } else {
        std::thread::scope(|scope| {
            for _ in 0..threads {
                scope.spawn(|| shared.work());
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
struct Shared<'a> {
    index: &'a tantivy::Index,
    fields: &'a Fields,
    job: &'a Job<'a>,
    /// For each thread, in bytes.
    memory: usize,
    next: AtomicUsize,
    stop: AtomicBool,
    done: Mutex<Done>,
}

#[derive(Default)]
struct Done {
    files: usize,
    segments: Vec<SegmentMeta>,
    failed: Failed,
    error: Option<RetrievalError>,
}

impl Shared<'_> {
    /// What one thread does: takes in one file after another.
    fn work(&self) {
        if let Err(error) = self.take_in() {
            self.stop.store(true, Ordering::Relaxed);
            self.note(|done| done.error = Some(error));
        }
    }

    fn take_in(&self) -> Result<(), RetrievalError> {
        let mut open: Option<OpenSegment> = None;
        while !self.stop.load(Ordering::Relaxed) {
            let Some(&at) = self.job.take.get(self.next.fetch_add(1, Ordering::Relaxed)) else { break };
            let Some(stamp) = self.job.files.stamps().get(at) else { continue };
            match read_file(self.job.files, at) {
                Ok(read) => self.add(&mut open, stamp, read)?,
                Err(why) => self.note(|done| done.failed.push((at, why))),
            }
            self.report();
        }
        self.close(open)
    }

    fn add(
        &self,
        open: &mut Option<OpenSegment>,
        stamp: &Stamp,
        mut read: Read,
    ) -> Result<(), RetrievalError> {
        if let Some(post) = &mut read.post {
            post.id.clone_from(&stamp.id);
        }
        let mut segment = match open.take() {
            Some(segment) => segment,
            None => OpenSegment::new(self.index, self.memory).map_err(RetrievalError::Write)?,
        };
        for document in documents(self.fields, stamp, read)? {
            let operation = AddOperation { opstamp: 0, document };
            segment.writer.add_document(operation).map_err(RetrievalError::Write)?;
        }
        if segment.writer.mem_usage() < self.memory {
            *open = Some(segment);
            return Ok(());
        }
        self.close(Some(segment))
    }

    fn close(&self, open: Option<OpenSegment>) -> Result<(), RetrievalError> {
        let Some(segment) = open else { return Ok(()) };
        let meta = segment.close().map_err(RetrievalError::Write)?;
        self.note(|done| done.segments.push(meta));
        Ok(())
    }

    fn report(&self) {
        let mut files = 0;
        self.note(|done| {
            done.files += 1;
            files = done.files;
        });
        if let Some(progress) = self.job.progress {
            progress(Progress { done: files, of: self.job.take.len() });
        }
    }

    fn note(&self, change: impl FnOnce(&mut Done)) {
        change(&mut self.done.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

/// A segment that is being written.
struct OpenSegment {
    segment: Segment,
    writer: SegmentWriter,
}

impl OpenSegment {
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
