//! The terminal, if there is one: its width, its colours, and writing to it.
//!
//! How far indexing has come, for somebody who waits at a terminal.

use anstream::{AutoStream, ColorChoice};
use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::{
    io::{self, IsTerminal, Write},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};
use takeaways_render::TerminalStyle;
use terminal_size::Width;

/// In columns: below this a page is torn to pieces, beyond the other the eye loses the line.
const WIDTH_RANGE: std::ops::RangeInclusive<usize> = 40..=100;

/// Where there is no terminal to measure, in columns.
const DEFAULT_WIDTH: usize = 80;

/// How pages are to look on standard output.
#[must_use]
pub fn terminal_style() -> TerminalStyle {
    let stdout = io::stdout();
    let measured = terminal_size::terminal_size_of(&stdout).map(|(Width(columns), _)| usize::from(columns));
    TerminalStyle {
        width: measured
            .map_or(DEFAULT_WIDTH, |columns| columns.clamp(*WIDTH_RANGE.start(), *WIDTH_RANGE.end())),
        colour: AutoStream::choice(&stdout) != ColorChoice::Never,
    }
}

/// Whether somebody watches standard error.
#[must_use]
pub fn is_stderr_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Whether what goes to standard error may have colours.
#[must_use]
pub fn stderr_has_colours() -> bool {
    AutoStream::choice(&io::stderr()) != ColorChoice::Never
}

/// Writes to standard output.
///
/// # Errors
/// Where it can't be written, for example because its reader is gone.
pub fn print(text: &str) -> Result<()> {
    print_to(&mut io::stdout().lock(), text)
}

/// Writes to `out`, which is standard output, so that its reader has it at once.
///
/// # Errors
/// Where it can't be written, for example because its reader is gone.
pub fn print_to(out: &mut impl Write, text: &str) -> Result<()> {
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).context("standard output can't be written")
}

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
        Self { bar, started: Instant::now(), is_quiet: is_quiet || !is_stderr_terminal() }
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
