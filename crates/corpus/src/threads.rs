//! How many threads read files, and how several read one list in order.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// Fewer files than this are read by one thread.
const SINGLE_THREAD_FILES: usize = 64;

/// More threads than this gain little, because they share the disk and the memory of what they make.
const MAX_THREADS: usize = 8;

/// Returns the number of threads for a number of files: all processors for many files. `wanted` is the number that the
/// caller asked for; 0 leaves the choice.
pub fn thread_count(files: usize, wanted: usize) -> usize {
    match wanted {
        0 if files < SINGLE_THREAD_FILES => 1,
        0 => std::thread::available_parallelism().map_or(1, usize::from).min(MAX_THREADS),
        threads => threads.min(files).max(1),
    }
}

/// Returns `work` of each position below `count`, in order. Several threads share the positions.
pub fn map_in_parallel<T: Send>(count: usize, threads: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    if threads <= 1 {
        return (0..count).map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let results: Vec<Mutex<Option<T>>> = (0..count).map(|_| Mutex::default()).collect();
    let run = || {
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(result) = results.get(at) else { break };
            *result.lock().unwrap_or_else(PoisonError::into_inner) = Some(work(at));
        }
    };
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(run))));
    // A thread that panics ends the scope with a panic, so no result is missing here.
    results
        .into_iter()
        .filter_map(|result| result.into_inner().unwrap_or_else(PoisonError::into_inner))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_come_in_order() {
        for threads in [0, 1, 2, 7] {
            assert_eq!(
                map_in_parallel(100, threads, |at| at * at),
                (0..100).map(|at| at * at).collect::<Vec<_>>()
            );
            assert_eq!(map_in_parallel(0, threads, |at| at), [0_usize; 0]);
        }
    }

    #[test]
    fn few_files_take_one_thread() {
        assert_eq!((thread_count(63, 0), thread_count(3, 9), thread_count(0, 9)), (1, 3, 1));
        let all = std::thread::available_parallelism().map_or(1, usize::from);
        assert_eq!(thread_count(10_000, 0), all.min(MAX_THREADS));
    }
}
