//! Questions that come line by line: the lines of a stream in bounded memory, and the JSON of `ask --batch`.

use std::collections::BTreeMap;
use std::io::{self, BufRead, Read};

use jiff::Timestamp;
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use crate::args::parse_time;
use takeaways_text::model::Question;

/// The longest line that is read, in bytes. A question of the most characters, each written as an escape of
/// twelve bytes, is 72,000.
pub const MAX_BYTES: usize = 256 << 10;

/// The most bytes that are skipped to the end of a line that is too long. A stream that has no line end, such as a
/// device, ends here.
const MAX_SKIPPED: u64 = 64 << 20;

/// One line of input.
#[derive(Debug, PartialEq, Eq)]
pub enum InputLine {
    /// The text of the line, without the line end and without a byte order mark.
    Text(String),
    /// The reason why the line can't be read.
    Invalid(&'static str),
}

/// Reads a stream line by line.
pub struct LineReader<R> {
    input: R,
    is_first: bool,
    /// Whether the rest of a line that is too long comes next.
    is_in_line: bool,
}

impl<R: BufRead> LineReader<R> {
    /// A reader from the current position of `input`.
    pub fn new(input: R) -> Self {
        Self { input, is_first: true, is_in_line: false }
    }

    /// The next line that is not blank; `None` at the end. A line that is too long is refused before its end is read.
    ///
    /// # Errors
    /// If the stream can't be read, or if a line has no end within 64 MiB.
    pub fn next_line(&mut self) -> io::Result<Option<InputLine>> {
        if std::mem::take(&mut self.is_in_line) {
            self.skip_to_line_end()?;
        }
        loop {
            let mut bytes = Vec::new();
            let read = self.input.by_ref().take(MAX_BYTES as u64 + 1).read_until(b'\n', &mut bytes)?;
            if read == 0 {
                return Ok(None);
            }
            let is_whole = bytes.ends_with(b"\n") || read <= MAX_BYTES;
            let is_first = std::mem::replace(&mut self.is_first, false);
            if !is_whole {
                self.is_in_line = true;
                return Ok(Some(InputLine::Invalid("the line is longer than 256 KiB")));
            }
            match String::from_utf8(bytes) {
                Err(_) => return Ok(Some(InputLine::Invalid("the line is not UTF-8"))),
                Ok(text) => {
                    let text = if is_first { text.trim_start_matches('\u{feff}') } else { &text };
                    let text = text.trim_end_matches(['\n', '\r']);
                    if !text.trim().is_empty() {
                        return Ok(Some(InputLine::Text(text.to_owned())));
                    }
                }
            }
        }
    }

    fn skip_to_line_end(&mut self) -> io::Result<()> {
        let mut skipped = 0;
        while skipped <= MAX_SKIPPED {
            let buffer = self.input.fill_buf()?;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let used = end.map_or(buffer.len(), |at| at + 1);
            self.input.consume(used);
            if end.is_some() || used == 0 {
                return Ok(());
            }
            skipped += used as u64;
        }
        Err(io::Error::other("a line is longer than 64 MiB; write one question on each line"))
    }
}

/// The id of a line. A number keeps all its digits.
pub type RequestId = Box<RawValue>;

/// The fields of a line. Each is parsed when it is used.
type LineFields<'l> = BTreeMap<String, &'l RawValue>;

/// The question of a line.
#[derive(Debug)]
pub struct BatchQuestion {
    /// The `id` of the line, or `null`.
    pub id: RequestId,
    /// The question.
    pub question: Question,
    /// The time at which it is asked, if the line names one.
    pub now: Option<Timestamp>,
    /// The conversation that it belongs to, if the line names one.
    pub conversation: Option<String>,
}

/// A line without a question that can be answered.
#[derive(Debug)]
pub struct BatchError {
    /// The `id` of the line, or `null` if it can't be read.
    pub id: RequestId,
    /// The problem, as a sentence for the person.
    pub why: String,
}

impl BatchQuestion {
    /// Parses a line.
    ///
    /// # Errors
    /// If the line is not a JSON object with a question, or if one of its fields is invalid.
    pub fn from_line(line: InputLine) -> Result<Self, BatchError> {
        let text = match line {
            InputLine::Text(text) => text,
            InputLine::Invalid(why) => return Err(BatchError { id: null_id(), why: why.into() }),
        };
        let broken = |why: String| BatchError { id: null_id(), why };
        let fields: LineFields<'_> = match serde_json::from_str(&text) {
            Ok(fields) => fields,
            Err(error) if error.is_data() => return Err(broken("the line is not a JSON object".into())),
            Err(error) => return Err(broken(format!("the line is not JSON (column {})", error.column()))),
        };
        let id = match fields.get("id") {
            None => null_id(),
            Some(value) => {
                parse_id(value).ok_or_else(|| broken("\"id\" must be a string or a number".into()))?
            }
        };
        match parse_question(&fields) {
            Ok((question, now, conversation)) => Ok(Self { id, question, now, conversation }),
            Err(why) => Err(BatchError { id, why }),
        }
    }
}

/// The id of a line without one.
fn null_id() -> RequestId {
    RawValue::NULL.to_owned()
}

fn parse_id(value: &RawValue) -> Option<RequestId> {
    match value.get().as_bytes().first()? {
        b'"' => to_raw_value(&parse_value(value)?).ok(),
        b'-' | b'0'..=b'9' => Some(value.to_owned()),
        _ => parse_value(value)?.is_null().then(null_id),
    }
}

/// `None` if the value can't be represented: a text with half a character, a number beyond all bounds.
fn parse_value(value: &RawValue) -> Option<Value> {
    serde_json::from_str(value.get()).ok()
}

/// The question of a line, its time and its conversation.
type LineQuestion = (Question, Option<Timestamp>, Option<String>);

fn parse_question(fields: &LineFields<'_>) -> Result<LineQuestion, String> {
    let field = |name| fields.get(name).map(|value| parse_value(value));
    let question = match field("q") {
        Some(Some(Value::String(value))) => value.parse().map_err(|error| format!("\"q\": {error}"))?,
        Some(_) => return Err("\"q\" must be a string".into()),
        None => return Err("\"q\" is missing".into()),
    };
    let now = match field("now") {
        None | Some(Some(Value::Null)) => None,
        Some(Some(Value::String(value))) => {
            Some(parse_time(&value).map_err(|todo| format!("\"now\": {todo}"))?)
        }
        Some(_) => return Err("\"now\" must be a string".into()),
    };
    let conversation = match field("conversation") {
        None | Some(Some(Value::Null)) => None,
        Some(Some(Value::String(id))) => Some(id),
        Some(_) => return Err("\"conversation\" must be a string".into()),
    };
    Ok((question, now, conversation))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Vec<InputLine> {
        let mut lines = LineReader::new(bytes);
        std::iter::from_fn(|| lines.next_line().expect("memory can be read")).collect()
    }

    #[test]
    fn line_ends_marks_and_blank_lines() {
        let text = |text: &str| InputLine::Text(text.into());
        for (bytes, expected) in [
            (&b"a\nb\n"[..], vec![text("a"), text("b")]),
            (b"a\r\n\r\n \t\nb", vec![text("a"), text("b")]),
            (b"\xef\xbb\xbfa\n\xef\xbb\xbfb", vec![text("a"), text("\u{feff}b")]),
            (b"", vec![]),
            (b"\n\n", vec![]),
            (b"a\n\xff\nb", vec![text("a"), InputLine::Invalid("the line is not UTF-8"), text("b")]),
        ] {
            assert_eq!(lines(bytes), expected, "{bytes:?}");
        }
    }

    #[test]
    fn a_line_that_is_too_long_is_skipped_to_its_end() {
        let too_long = InputLine::Invalid("the line is longer than 256 KiB");
        let most = "x".repeat(MAX_BYTES - 1) + "\n";
        assert_eq!(lines(format!("{most}b").as_bytes()).len(), 2);
        for bytes in [MAX_BYTES + 1, MAX_BYTES + 2, 5 * MAX_BYTES] {
            let found = lines(format!("{}\nb\n", "x".repeat(bytes)).as_bytes());
            assert_eq!(
                found,
                [InputLine::Invalid("the line is longer than 256 KiB"), InputLine::Text("b".into())]
            );
        }
        assert_eq!(lines("x".repeat(2 * MAX_BYTES).as_bytes()), [too_long], "without a line end");
    }

    #[test]
    fn a_stream_without_line_ends_is_refused() {
        let mut lines = LineReader::new(io::BufReader::new(io::repeat(0)));
        let first = lines.next_line().expect("it is refused before its end");
        assert_eq!(first, Some(InputLine::Invalid("the line is longer than 256 KiB")));
        let error = lines.next_line().expect_err("it has no end");
        assert!(error.to_string().starts_with("a line is longer than 64 MiB"), "{error}");
    }

    #[test]
    fn a_lines_own_time_is_used() {
        let line = BatchQuestion::from_line(InputLine::Text(r#"{"q":"x","now":"2020-01-31"}"#.into()))
            .expect("right");
        assert_eq!(line.now, Some("2020-01-31T00:00:00Z".parse().expect("a time")));
    }
}
