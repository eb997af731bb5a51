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
mod tests {
    use std::sync::{Arc, Mutex};

    use serde_json::Value;
    use tracing::{debug, error, info, info_span, warn};

    use super::*;

    const AUTO: LogSettings = LogSettings { level: LogLevel::Auto, format: LogFormat::Auto };

    #[derive(Clone, Default)]
    struct LogBuffer(Arc<Mutex<Vec<u8>>>);

    impl io::Write for LogBuffer {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().expect("no panic").extend(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn log_output(style: LogStyle, log: impl FnOnce()) -> String {
        let buffer = LogBuffer::default();
        let writer = buffer.clone();
        tracing::subscriber::with_default(style.subscriber(move || writer.clone()), log);
        String::from_utf8(buffer.0.lock().expect("no panic").clone()).expect("UTF-8")
    }

    #[test]
    fn what_is_left_open_depends_on_who_reads() {
        for (audience, is_terminal, level, is_json, has_time) in [
            (LogAudience::Caller, true, LogLevel::Warn, false, false),
            (LogAudience::Caller, false, LogLevel::Warn, false, false),
            (LogAudience::Operator, true, LogLevel::Info, false, true),
            (LogAudience::Operator, false, LogLevel::Info, true, true),
        ] {
            let style = LogStyle::new(AUTO, audience, is_terminal);
            assert_eq!(style, LogStyle { level, is_json, has_time, has_colours: false }, "{audience:?}");
        }
    }

    #[test]
    fn what_is_set_holds_for_everyone() {
        for audience in [LogAudience::Caller, LogAudience::Operator] {
            let json = LogStyle::new(
                LogSettings { level: LogLevel::Error, format: LogFormat::Json },
                audience,
                true,
            );
            assert!(json.is_json && json.level == LogLevel::Error);
            let text = LogStyle::new(
                LogSettings { level: LogLevel::Debug, format: LogFormat::Text },
                audience,
                false,
            );
            assert!(!text.is_json && text.level == LogLevel::Debug);
        }
    }

    #[test]
    fn a_line_of_json_has_time_level_target_fields_and_spans() {
        let line = log_output(LogStyle::new(AUTO, LogAudience::Operator, false), || {
            let shard = info_span!("shard", shard = 1).entered();
            info_span!("ask", command = "ask").in_scope(|| info!(outcome = "answered", "done"));
            drop(shard);
        });
        let line: Value = serde_json::from_str(&line).expect("one line of JSON");
        assert!(line["timestamp"].as_str().is_some_and(|time| time.ends_with('Z')), "{line}");
        assert_eq!((&line["level"], &line["fields"]["message"]), (&"INFO".into(), &"done".into()));
        assert_eq!(line["fields"]["outcome"], "answered");
        assert_eq!(line["target"], "takeaways_cli::log::tests");
        assert_eq!((&line["spans"][0]["shard"], &line["spans"][1]["command"]), (&1.into(), &"ask".into()));
    }

    #[test]
    fn a_caller_sees_no_time_and_an_operator_does() {
        let warned = || warn!("the index is old");
        assert_eq!(
            log_output(LogStyle::new(AUTO, LogAudience::Caller, true), warned),
            " WARN the index is old\n"
        );
        let line = log_output(LogStyle::new(AUTO, LogAudience::Operator, true), warned);
        assert!(line.starts_with("20") && line.ends_with("Z  WARN the index is old\n"), "{line}");
    }

    #[test]
    fn a16_other_crates_never_say_more_than_warnings() {
        for level in [LogLevel::Info, LogLevel::Debug] {
            let style = LogStyle::new(LogSettings { level, ..AUTO }, LogAudience::Operator, true);
            let log = log_output(style, || {
                info!(target: "hyper_util::client", "s3cret");
                debug!(target: "hyper::proto", "s3cret");
                debug!(target: "reqwest::connect", "s3cret");
                debug!(target: "tungstenite::protocol", "s3cret");
                info_span!(target: "reqwest::async_impl", "request", body = "s3cret")
                    .in_scope(|| warn!("inside"));
                error!(target: "tungstenite::protocol", "an error");
                warn!(target: "serenity::model", "a warning");
            });
            assert!(!log.contains("s3cret") && !log.contains("request"), "{log}");
            assert_eq!(log.lines().count(), 3, "{log}");
        }
    }

    #[test]
    fn a16_secrets_are_hidden_in_both_formats() {
        const TOKEN: &str = "MTEwMDAwMDAwMDAwMDAwMDAwMQ.Canary.never-to-be-seen-0000";
        for format in [LogFormat::Json, LogFormat::Text] {
            let style = LogStyle::new(LogSettings { format, ..AUTO }, LogAudience::Operator, false);
            let log = log_output(style, || {
                error!(file = TOKEN, why = ?TOKEN, "can't read {TOKEN} of http://bot:never-to-be-seen@host/x");
            });
            assert!(!log.contains("never-to-be-seen") && log.contains("(hidden)@host/x"), "{log}");
        }
    }
}
