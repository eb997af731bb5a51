//! The terminal: its width and colours, output to it, and a progress bar for indexing.

use crate::args::{ColorWhen, GlobalArgs};
use anstream::{AutoStream, ColorChoice};
use anyhow::{Context, Result};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressFinish, ProgressStyle};
use std::{
    io::{self, IsTerminal, Write},
    sync::{Mutex, OnceLock, PoisonError},
    time::{Duration, Instant},
};
use takeaways_render::{TerminalStyle, clean, plain::quoted_argument};
use takeaways_settings::hide_secrets;
use terminal_size::Width;

/// The limits of a page's width, in columns. Narrower pages break in too many places; wider lines are hard to follow.
const WIDTH_RANGE: std::ops::RangeInclusive<usize> = 40..=100;

/// The width if standard output is not a terminal, in columns.
const DEFAULT_WIDTH: usize = 80;

/// Sets when the output of this process has colours. This holds for messages of clap too.
pub fn set_color(when: ColorWhen) {
    match when {
        ColorWhen::Auto => ColorChoice::Auto,
        ColorWhen::Always => ColorChoice::AlwaysAnsi,
        ColorWhen::Never => ColorChoice::Never,
    }
    .write_global();
}

/// How this program is run over the same posts, for commands that it shows: with the options of the command line that choose
/// the posts.
static PROGRAM: OnceLock<String> = OnceLock::new();

/// Sets how this program is run over the same posts, once for the process.
pub fn set_program(args: &GlobalArgs) {
    let config = args.config.iter().map(|file| ("--config", file));
    let folders = args.corpus.iter().map(|folder| ("--corpus", folder));
    let program = config.chain(folders).fold("takeaways".to_owned(), |program, (name, path)| {
        format!("{program} {name} {}", quoted_argument(&path.to_string_lossy()))
    });
    // A second call is one of the same process, with the same options.
    let _ = PROGRAM.set(program);
}

/// Returns the style of pages on standard output. Pages without colours have no hyperlinks.
pub fn terminal_style() -> TerminalStyle {
    let stdout = io::stdout();
    let colour = AutoStream::choice(&stdout) != ColorChoice::Never;
    let measured = terminal_size::terminal_size_of(&stdout).map(|(Width(columns), _)| usize::from(columns));
    TerminalStyle {
        width: measured
            .map_or(DEFAULT_WIDTH, |columns| columns.clamp(*WIDTH_RANGE.start(), *WIDTH_RANGE.end())),
        colour,
        hyperlinks: colour && supports_hyperlinks::on(supports_hyperlinks::Stream::Stdout),
        program: PROGRAM.get().map_or("takeaways", String::as_str),
    }
}

/// Returns whether standard error is a terminal.
pub fn is_stderr_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Returns whether output on standard error may have colours.
pub fn stderr_has_colours() -> bool {
    AutoStream::choice(&io::stderr()) != ColorChoice::Never
}

/// Writes to standard output.
///
/// # Errors
/// If standard output can't be written, for example because its reader is gone.
pub fn print(text: &str) -> Result<()> {
    print_to(&mut io::stdout().lock(), text)
}

/// Writes to `out`, which is standard output, and flushes it.
///
/// # Errors
/// If `out` can't be written, for example because its reader is gone.
pub fn print_to(out: &mut impl Write, text: &str) -> Result<()> {
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).context("standard output can't be written")
}

/// Returns a text without control characters and without secrets: a page about the settings, or an error.
pub fn printable(text: &str) -> String {
    // In this order: a character that is removed may stand in a secret.
    hide_secrets(&clean(text)).into_owned()
}

/// The time without a bar: shorter work needs none.
const QUIET_TIME: Duration = Duration::from_secs(1);

fn cleared_when_dropped(target: ProgressDrawTarget) -> ProgressBar {
    ProgressBar::with_draw_target(None, target).with_finish(ProgressFinish::AndClear)
}

/// A progress bar on standard error. It appears after a second, and only at a terminal.
pub struct IndexingProgress {
    bar: ProgressBar,
    started: Instant,
    is_quiet: bool,
}

impl IndexingProgress {
    /// Creates a hidden bar. With `is_quiet` it stays hidden.
    pub fn new(is_quiet: bool) -> Self {
        let bar = cleared_when_dropped(ProgressDrawTarget::hidden());
        Self { bar, started: Instant::now(), is_quiet: is_quiet || !is_stderr_terminal() }
    }

    /// Returns the function that the index calls while it reads posts.
    pub fn callback(&mut self) -> impl Fn(takeaways_search::ReadProgress) + Sync {
        let bar = Mutex::new(self);
        move |progress| bar.lock().unwrap_or_else(PoisonError::into_inner).show(progress.done, progress.total)
    }

    fn show(&mut self, done: usize, total: usize) {
        if self.is_quiet || self.started.elapsed() < QUIET_TIME {
            return;
        }
        if self.bar.is_hidden() {
            self.bar.set_draw_target(ProgressDrawTarget::stderr());
            if let Ok(style) = ProgressStyle::with_template("reading posts {bar:30} {pos} of {len}") {
                self.bar.set_style(style);
            }
        }
        self.bar.set_length(total as u64);
        self.bar.set_position(done as u64);
    }
}

/// A progress bar on standard error for posts that are fetched, with the time that is left. Only at a terminal.
pub struct FetchProgress {
    bar: ProgressBar,
}

impl FetchProgress {
    /// Creates a bar. With `is_quiet` it stays hidden.
    pub fn new(is_quiet: bool) -> Self {
        let is_hidden = is_quiet || !is_stderr_terminal();
        let target = if is_hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = cleared_when_dropped(target);
        let template = "taking in posts {bar:30} {pos} of {len}{msg}, {eta} left";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        Self { bar }
    }

    /// Shows that `done` of `total` posts were looked at, and how many of them were taken in.
    pub fn show(&self, done: usize, total: usize, taken: usize) {
        self.bar.set_length(total as u64);
        self.bar.set_position(done as u64);
        self.bar.set_message(format!(", {taken} taken in"));
    }
}
