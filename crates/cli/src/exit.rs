//! How a run ends: exit codes, and the sentence for the person.

use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Error;

/// How a run ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// It is done.
    Done,
    /// It ran, and the answer is no: nothing found, errors in the corpus.
    Negative,
    /// It could not run: wrong use, wrong settings, or something in its way.
    Failed,
}

impl Exit {
    /// `Done` where all is well, else `No`.
    #[must_use]
    pub fn from_success(yes: bool) -> Self {
        if yes { Self::Done } else { Self::Negative }
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

/// Prints what clap has to say: help, the version, or what is wrong with the arguments.
#[must_use]
pub fn report_usage(error: &clap::Error) -> Exit {
    // Where not even this can be printed, the exit code has to do.
    let _ = error.print();
    if error.use_stderr() { Exit::Failed } else { Exit::Done }
}

/// Tells the person what went wrong, with its causes. A reader that has gone away is no fault.
pub fn report(error: &Error) -> Exit {
    if error.chain().any(is_broken_pipe) {
        return Exit::Done;
    }
    tracing::debug!(error = format!("{error:?}"), "the command failed");
    let causes: Vec<String> = error.chain().map(ToString::to_string).collect();
    // Where not even this can be printed, the exit code has to do.
    let _ = writeln!(anstream::stderr(), "error: {}", takeaways_render::clean(&causes.join(": ")));
    Exit::Failed
}

fn is_broken_pipe(cause: &(dyn std::error::Error + 'static)) -> bool {
    cause.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::BrokenPipe)
}
