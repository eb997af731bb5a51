//! Reading files of the corpus, on several threads where there are many.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::source::{FileContent, FileSource};

/// Fewer files than this are read by one thread.
const SINGLE_THREAD_FILES: usize = 64;

/// More threads than this gain nothing: the disk and the memory for what is not written yet are shared.
const MAX_THREADS: usize = 2;

/// How many threads to use for so many files; `wanted` is 0 where nobody cares.
pub(super) fn thread_count(files: usize, wanted: usize) -> usize {
    match wanted {
        0 if files < SINGLE_THREAD_FILES => 1,
        0 => std::thread::available_parallelism().map_or(1, usize::from).min(MAX_THREADS),
        threads => threads.min(files).max(1),
    }
}

/// Reads one file; a parser that panics is one file's problem.
pub(super) fn read_file(files: &dyn FileSource, at: usize) -> Result<FileContent, String> {
    // The source is shared by threads, so what it changes while reading is behind locks of its own.
    catch_unwind(AssertUnwindSafe(|| files.read(at)))
        .unwrap_or_else(|_| Err("reading it failed in an unforeseen way".to_owned()))
}

/// The content hashes of some files, in their order; `None` for those that can't be read.
pub(super) fn content_hashes(files: &dyn FileSource, places: &[usize], threads: usize) -> Vec<Option<u64>> {
    let next = AtomicUsize::new(0);
    let hashes: Vec<Mutex<Option<u64>>> = places.iter().map(|_| Mutex::default()).collect();
    let work = || {
        while let Some((&at, hash)) = take_next(&next, places.iter().zip(&hashes)) {
            let read = read_file(files, at).ok();
            *hash.lock().unwrap_or_else(PoisonError::into_inner) = read.map(|read| read.content_hash);
        }
    };
    match thread_count(places.len(), threads) {
        1 => work(),
        threads => std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work)))),
    }
    hashes.into_iter().map(|hash| hash.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
}

fn take_next<T>(next: &AtomicUsize, mut all: impl Iterator<Item = T>) -> Option<T> {
    all.nth(next.fetch_add(1, Ordering::Relaxed))
}
