//! The log on standard error.
//!
//! The text of a question is logged only at the level `debug`.

use std::io::{self, Write};

use tracing::Subscriber;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::util::SubscriberInitExt;

use crate::terminal;
use takeaways_settings::{LogFormat, LogLevel, LogSettings, SettingChoice, hide_secrets};

/// The reader of the log. It decides the settings that are `auto`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogAudience {
    /// The person who ran the command. The log is short: it stands beside the answer, or in a pipe.
    Caller,
    /// The operator of a service, who reads the log at a terminal, or later with a program.
    Operator,
}

/// The format of this process's log; nothing is `auto` any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct LogStyle {
    level: LogLevel,
    is_json: bool,
    has_time: bool,
    has_colours: bool,
}

/// Starts the log of the process. A second call changes nothing.
pub fn start(log: LogSettings, audience: LogAudience) {
    let mut style = LogStyle::new(log, audience, terminal::is_stderr_terminal());
    style.has_colours = terminal::stderr_has_colours();
    // This fails if a log was started before.
    let _ = style.subscriber(io::stderr).try_init();
}

impl LogStyle {
    fn new(log: LogSettings, audience: LogAudience, is_terminal: bool) -> Self {
        let is_service = audience == LogAudience::Operator;
        let level = match log.level {
            LogLevel::Auto if is_service => LogLevel::Info,
            LogLevel::Auto => LogLevel::Warn,
            level => level,
        };
        let is_json = match log.format {
            LogFormat::Auto => is_service && !is_terminal,
            LogFormat::Text => false,
            LogFormat::Json => true,
        };
        Self { level, is_json, has_time: is_service, has_colours: false }
    }

    fn subscriber<W>(self, writer: W) -> Box<dyn Subscriber + Send + Sync>
    where
        W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
    {
        let log =
            tracing_subscriber::fmt().with_env_filter(filter(self.level)).with_writer(SecretHider(writer));
        if self.is_json {
            return Box::new(log.json().with_current_span(false).with_span_list(true).finish());
        }
        let log = log.with_ansi(self.has_colours).with_target(false);
        if self.has_time { Box::new(log.finish()) } else { Box::new(log.without_time().finish()) }
    }
}

/// A writer that hides secrets, and drops what can't be written. The log of an event is one write.
struct SecretHider<W>(W);

impl<'w, W: MakeWriter<'w>> MakeWriter<'w> for SecretHider<W> {
    type Writer = SecretHider<W::Writer>;

    fn make_writer(&'w self) -> Self::Writer {
        SecretHider(self.0.make_writer())
    }
}

impl<W: Write> Write for SecretHider<W> {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        // The event is lost if the disk is full. The subscriber would report an error with `eprintln!`, which panics.
        self.0.write_all(hide_secrets(&String::from_utf8_lossy(event)).as_bytes()).ok();
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// The filter for events of the program and of its dependencies.
///
/// Dependencies log warnings and errors only. Below that level hyper, reqwest and tungstenite print whole requests and
/// events, which hold the tokens of interactions and messages of people.
fn filter(level: LogLevel) -> EnvFilter {
    let dependencies = if level == LogLevel::Error { "error" } else { "warn" };
    EnvFilter::new(format!("{dependencies},takeaways={}", level.name()))
}

#[cfg(test)]
mod tests;
