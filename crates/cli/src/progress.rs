//! How far indexing has come, for somebody who waits at a terminal.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::terminal;

/// Nobody needs a bar for less.
const PATIENCE: Duration = Duration::from_secs(1);

/// A bar on standard error that shows itself after a second, where somebody watches.
pub struct IndexingProgress {
    bar: ProgressBar,
    started: Instant,
    is_quiet: bool,
}

impl IndexingProgress {
    /// Nothing is shown yet; with `is_quiet` it never is.
    #[must_use]
    pub fn new(is_quiet: bool) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        Self { bar, started: Instant::now(), is_quiet: is_quiet || !terminal::is_stderr_terminal() }
    }

    /// What the index calls while it reads.
    pub fn callback(&mut self) -> impl Fn(takeaways_search::ReadProgress) + Sync {
        let bar = Mutex::new(self);
        move |at| bar.lock().unwrap_or_else(PoisonError::into_inner).at(at.done, at.total)
    }

    /// So many posts of so many are done.
    fn at(&mut self, done: usize, all: usize) {
        if self.is_quiet || self.started.elapsed() < PATIENCE {
            return;
        }
        if self.bar.is_hidden() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("reading posts {bar:30} {pos} of {len}") {
                self.bar.set_style(style);
            }
        }
        self.bar.set_length(all as u64);
        self.bar.set_position(done as u64);
    }
}

impl Drop for IndexingProgress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
