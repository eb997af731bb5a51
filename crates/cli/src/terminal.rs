//! The terminal, if there is one: its width, its colours, and writing to it.

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use anyhow::{Context, Result};
use terminal_size::Width;

use takeaways_render::TerminalStyle;

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
