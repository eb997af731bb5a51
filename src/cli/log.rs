//! The log on standard error.
//!
//! The words of a question are logged with `debug` only.

use std::io;

use tracing_subscriber::EnvFilter;

use super::terminal;
use crate::settings::{Choice, Log, LogFormat, LogLevel};

/// Starts the log of the process; a second start changes nothing.
pub fn start(log: Log) {
    let level = log.level.name();
    // Other crates say nothing below a warning that this program's users could act on.
    let others = if log.level == LogLevel::Error { "error" } else { "warn" };
    let filter = EnvFilter::new(format!("{others},takeaways={level}"));
    let to_stderr = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let colour = terminal::has_colours_for_errors();
    let started = match log.format {
        LogFormat::Json => to_stderr.json().try_init(),
        LogFormat::Text => to_stderr.with_ansi(colour).without_time().with_target(false).try_init(),
    };
    drop(started);
}
