//! Bytes to text: UTF-8, or UTF-16 where a byte order mark says so, with line ends made `\n`.

use thiserror::Error;

/// How many of a hundred bytes may be damaged in a text that is read all the same.
const MAX_BAD_PERCENT: usize = 1;

/// A file's text.
#[derive(Debug, PartialEq, Eq)]
pub struct DecodedText {
    /// The text, without a byte order mark.
    pub text: String,
    /// The first line with bytes that are no text, from 1. They stand as `U+FFFD` in `text`.
    pub first_invalid_line: Option<u32>,
}

/// Why bytes are no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// A NUL: pictures and archives have them, texts don't.
    #[error("a NUL byte stands in it, so it is no text")]
    Binary {
        /// The line, from 1.
        line: u32,
    },
    /// More damage than can be read over.
    #[error("it is not valid UTF-8")]
    NotUtf8 {
        /// The line of the first damage, from 1.
        line: u32,
    },
}

/// Decodes a file.
///
/// # Errors
/// What is no text, or is damaged in more than one of a hundred bytes.
pub fn decode(bytes: &[u8]) -> Result<DecodedText, DecodeError> {
    let raw = match bytes {
        [0xff, 0xfe, rest @ ..] => decode_utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => decode_utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => decode_utf8(rest),
        _ => decode_utf8(bytes),
    };
    if let Some(at) = raw.text.find('\0') {
        return Err(DecodeError::Binary { line: line_number_at(&raw.text, at) });
    }
    let bad_line = raw.first_bad_offset.map(|at| line_number_at(&raw.text, at));
    if let Some(line) = bad_line.filter(|_| raw.bad_bytes * 100 > bytes.len() * MAX_BAD_PERCENT) {
        return Err(DecodeError::NotUtf8 { line });
    }
    Ok(DecodedText { text: normalize_line_ends(raw.text), first_invalid_line: bad_line })
}

/// Text, where in it the first damage stands, and how many bytes were damaged.
struct RawText {
    text: String,
    first_bad_offset: Option<usize>,
    bad_bytes: usize,
}

fn decode_utf8(bytes: &[u8]) -> RawText {
    let mut raw = RawText { text: String::with_capacity(bytes.len()), first_bad_offset: None, bad_bytes: 0 };
    for chunk in bytes.utf8_chunks() {
        raw.text.push_str(chunk.valid());
        if !chunk.invalid().is_empty() {
            raw.first_bad_offset.get_or_insert(raw.text.len());
            raw.bad_bytes += chunk.invalid().len();
            raw.text.push(char::REPLACEMENT_CHARACTER);
        }
    }
    raw
}

fn decode_utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> RawText {
    let mut raw = RawText { text: String::with_capacity(bytes.len()), first_bad_offset: None, bad_bytes: 0 };
    let (pairs, rest) = bytes.as_chunks::<2>();
    for decoded in char::decode_utf16(pairs.iter().copied().map(unit)) {
        raw.text.push(decoded.unwrap_or_else(|_| {
            raw.first_bad_offset.get_or_insert(raw.text.len());
            raw.bad_bytes += 2;
            char::REPLACEMENT_CHARACTER
        }));
    }
    raw.bad_bytes += rest.len();
    if !rest.is_empty() {
        raw.first_bad_offset.get_or_insert(raw.text.len());
    }
    raw
}

/// The line, from 1; a lone carriage return ends one too.
fn line_number_at(text: &str, at: usize) -> u32 {
    let before = text.get(..at).unwrap_or(text);
    let lone = before
        .bytes()
        .zip(before.bytes().skip(1).chain([0]))
        .filter(|(a, b)| *a == b'\r' && *b != b'\n')
        .count();
    u32::try_from(before.matches('\n').count() + lone).unwrap_or(u32::MAX - 1) + 1
}

fn normalize_line_ends(text: String) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a02_bytes_to_text() {
        let utf16 =
            |text: &str, bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        let long = [b"x\n".repeat(200), b"caf\xe9".to_vec()].concat();
        for (name, bytes, text) in [
            ("plain", "a\nb".as_bytes().to_vec(), Ok(("a\nb", None))),
            ("mark", b"\xef\xbb\xbfa".to_vec(), Ok(("a", None))),
            ("line ends", b"a\r\nb\rc\n\rd".to_vec(), Ok(("a\nb\nc\n\nd", None))),
            ("utf-16le", utf16("\u{feff}hé\r\n🎉", u16::to_le_bytes), Ok(("hé\n🎉", None))),
            ("utf-16be", utf16("\u{feff}hé\r\n🎉", u16::to_be_bytes), Ok(("hé\n🎉", None))),
            ("a surrogate alone", b"\xff\xfea\0\x00\xd8".to_vec(), Err(DecodeError::NotUtf8 { line: 1 })),
            ("half a unit", b"\xff\xfea\0b".to_vec(), Err(DecodeError::NotUtf8 { line: 1 })),
            ("latin-1", b"a\rcaf\xe9".to_vec(), Err(DecodeError::NotUtf8 { line: 2 })),
            ("nul", b"a\n\0".to_vec(), Err(DecodeError::Binary { line: 2 })),
            ("nothing", Vec::new(), Ok(("", None))),
        ] {
            let decoded = decode(&bytes);
            assert_eq!(
                decoded.as_ref().map(|d| (d.text.as_str(), d.first_invalid_line)).map_err(|f| *f),
                text,
                "{name}"
            );
        }
        let decoded = decode(&long).expect("little damage");
        assert!(decoded.text.ends_with("caf\u{fffd}"));
        assert_eq!(decoded.first_invalid_line, Some(201));
    }
}
