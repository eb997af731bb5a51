//! Exit codes, and the error message at the end of a run.

use std::borrow::Cow;
use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Error;
use takeaways_settings::hide_secrets;

use crate::terminal::printable;

/// The result of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// The run did its work: exit code 0.
    Done,
    /// The run did its work with a negative result, such as nothing found or errors in the corpus: exit code 1.
    Negative,
    /// The run failed: wrong arguments, wrong settings or another error: exit code 2.
    Failed,
}

impl Exit {
    /// Returns `Done` for `true`, else `Negative`.
    pub fn from_success(is_success: bool) -> Self {
        if is_success { Self::Done } else { Self::Negative }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Done => 0,
            Exit::Negative => 1,
            Exit::Failed => 2,
        })
    }
}

/// Prints a message of clap: help, the version, or an error in the arguments.
pub fn report_usage(error: &clap::Error) -> Exit {
    let message = error.render().to_string();
    // If this can't be printed, the exit code alone tells the result.
    let _ = match hide_secrets(&message) {
        Cow::Borrowed(_) => error.print(),
        Cow::Owned(hidden) => write!(io::stderr(), "{hidden}"),
    };
    if error.use_stderr() { Exit::Failed } else { Exit::Done }
}

/// Prints an error with its causes. It is not an error if the reader of standard output is gone.
pub fn report(error: &Error) -> Exit {
    if error.chain().any(is_broken_pipe) {
        return Exit::Done;
    }
    tracing::debug!(error = format!("{error:?}"), "the command failed");
    // If this can't be printed, the exit code alone tells the result.
    let _ = writeln!(anstream::stderr(), "error: {}", printable(&format!("{error:#}")));
    Exit::Failed
}

fn is_broken_pipe(cause: &(dyn std::error::Error + 'static)) -> bool {
    cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
