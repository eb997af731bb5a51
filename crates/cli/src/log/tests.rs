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
        let json =
            LogStyle::new(LogSettings { level: LogLevel::Error, format: LogFormat::Json }, audience, true);
        assert!(json.is_json && json.level == LogLevel::Error);
        let text =
            LogStyle::new(LogSettings { level: LogLevel::Debug, format: LogFormat::Text }, audience, false);
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
