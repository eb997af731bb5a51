//! Lines of a stream, each in bounded memory.

use std::io::{self, BufRead, Read};

/// The longest line that is read, in bytes. A question of the most characters, each written as an escape of
/// twelve bytes, is 72,000.
pub const MAX_BYTES: usize = 256 << 10;

/// One line of input.
#[derive(Debug, PartialEq, Eq)]
pub enum InputLine {
    /// Its text, without the line end and without a byte order mark.
    Text(String),
    /// It can't be read: why.
    Invalid(&'static str),
}

/// Reads a stream line by line.
pub struct LineReader<R> {
    input: R,
    is_first: bool,
}

impl<R: BufRead> LineReader<R> {
    /// From where `input` stands.
    pub fn new(input: R) -> Self {
        Self { input, is_first: true }
    }

    /// The next line that is not blank; `None` at the end.
    pub fn next_line(&mut self) -> io::Result<Option<InputLine>> {
        loop {
            let mut bytes = Vec::new();
            let read = self.input.by_ref().take(MAX_BYTES as u64 + 1).read_until(b'\n', &mut bytes)?;
            if read == 0 {
                return Ok(None);
            }
            let is_whole = bytes.ends_with(b"\n") || read <= MAX_BYTES;
            let is_first = std::mem::replace(&mut self.is_first, false);
            if !is_whole {
                self.skip_to_line_end()?;
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
        loop {
            let buffer = self.input.fill_buf()?;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let used = end.map_or(buffer.len(), |at| at + 1);
            self.input.consume(used);
            if end.is_some() || used == 0 {
                return Ok(());
            }
        }
    }
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
}
