//! The log on standard error.
//!
//! The words of a question are logged with `debug` only.

use std::io;

use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::SubscriberInitExt;

use crate::terminal;
use takeaways_settings::{LogFormat, LogLevel, LogSettings, SettingChoice};

/// Who reads the log, which decides what was left to the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogAudience {
    /// Whoever typed the command: a few lines beside the answer, or in a pipe.
    Caller,
    /// Whoever runs a service: on a terminal while it is tried out, else by machines, later.
    Operator,
}

/// How the log of this process is written: all that was left to the program is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct LogStyle {
    level: LogLevel,
    is_json: bool,
    has_time: bool,
    has_colours: bool,
}

/// Starts the log of the process; a second start changes nothing.
pub fn start(log: LogSettings, reader: LogAudience) {
    let mut style = LogStyle::new(log, reader, terminal::is_stderr_terminal());
    style.has_colours = terminal::stderr_has_colours();
    // It fails where there is one already.
    let _ = style.subscriber(io::stderr).try_init();
}

impl LogStyle {
    fn new(log: LogSettings, reader: LogAudience, is_watched: bool) -> Self {
        let is_service = reader == LogAudience::Operator;
        let level = match log.level {
            LogLevel::Auto if is_service => LogLevel::Info,
            LogLevel::Auto => LogLevel::Warn,
            set => set,
        };
        let is_json = match log.format {
            LogFormat::Auto => is_service && !is_watched,
            LogFormat::Text => false,
            LogFormat::Json => true,
        };
        Self { level, is_json, has_time: is_service, has_colours: false }
    }

    fn subscriber<W>(self, writer: W) -> Box<dyn Subscriber + Send + Sync>
    where
        W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
    {
        let log = tracing_subscriber::fmt().with_env_filter(filter(self.level)).with_writer(writer);
        if self.is_json {
            return Box::new(log.json().with_current_span(false).with_span_list(true).finish());
        }
        let log = log.with_ansi(self.has_colours).with_target(false);
        if self.has_time { Box::new(log.finish()) } else { Box::new(log.without_time().finish()) }
    }
}

/// What is logged of this program and of the crates in it.
///
/// Of those never anything below a warning: hyper, reqwest and tungstenite print requests and events whole there, with
/// the tokens of interactions and what people wrote.
fn filter(level: LogLevel) -> EnvFilter {
    let others = if level == LogLevel::Error { "error" } else { "warn" };
    EnvFilter::new(format!("{others},takeaways={}", level.name()))
}

#[cfg(test)]
mod tests;
