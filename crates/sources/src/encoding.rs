//! Which characters the bytes of pages and feeds mean. What they declare is often not what they are.

use takeaways_corpus::read::{DecodedText, decode};

/// The bytes in which a page or a feed declares its encoding.
const HEAD: usize = 2_048;
/// Names of the encodings that all mean Windows 1252.
const LATIN: [&str; 6] = ["iso-8859-1", "iso-8859-15", "windows-1252", "latin1", "latin-1", "us-ascii"];

/// The text of a page; `None` if its characters can't be told. `content_type` is the header.
pub(crate) fn decode_page(bytes: &[u8], content_type: Option<&str>) -> Option<String> {
    let decoded = decode(bytes).ok();
    if let Some(text) = decoded.as_ref().and_then(as_declared) {
        return Some(text.clone());
    }
    let declared = format!("{} {}", content_type.unwrap_or_default().to_lowercase(), head(bytes));
    let is_latin = LATIN.iter().any(|name| declared.contains(name));
    (is_latin && !bytes.contains(&0)).then(|| latin(bytes)).or(decoded.map(|decoded| decoded.text))
}

/// The text of a feed without its declaration, which the reader of feeds would believe; `None` if only the declaration can
/// tell its characters.
pub(crate) fn decode_feed(bytes: &[u8]) -> Option<String> {
    let decoded = decode(bytes).ok();
    let text = match decoded.as_ref().and_then(as_declared) {
        Some(text) => text.clone(),
        None if names_another_encoding(bytes) || bytes.contains(&0) => return None,
        // Latin 1 has hardly two of its letters side by side that are one of UTF-8; what has one was UTF-8 before it was damaged.
        None if has_letters_of_utf_8(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        None => latin(bytes),
    };
    let declaration = text.trim_start().strip_prefix("<?xml ").and_then(|rest| rest.split_once("?>"));
    Some(declaration.map_or(text.as_str(), |(_, rest)| rest).to_owned())
}

/// A text all of whose bytes were valid.
fn as_declared(decoded: &DecodedText) -> Option<&String> {
    decoded.first_invalid_line.is_none().then_some(&decoded.text)
}

fn head(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.get(..HEAD).unwrap_or(bytes)).to_lowercase()
}

/// Whether the declaration of XML names an encoding that is neither UTF-8 nor Latin 1.
fn names_another_encoding(bytes: &[u8]) -> bool {
    let head = head(bytes);
    let declaration = head.split("?>").next().unwrap_or_default();
    let named = declaration.split_once("encoding=").map(|(_, rest)| rest.trim_start_matches(['"', '\'']));
    let named = named.and_then(|rest| rest.split(['"', '\'']).next()).unwrap_or("utf-8");
    !named.starts_with("utf-8") && !LATIN.contains(&named)
}

fn has_letters_of_utf_8(bytes: &[u8]) -> bool {
    bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii())
}

fn latin(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| latin_char(*byte)).collect()
}

/// A character of Windows 1252, which pages that say Latin 1 mean.
fn latin_char(byte: u8) -> char {
    match byte {
        0x80 => '€',
        0x85 => '…',
        0x91 => '‘',
        0x92 => '’',
        0x93 => '“',
        0x94 => '”',
        0x95 => '•',
        0x96 => '–',
        0x97 => '—',
        byte => char::from(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bytes_of_a_feed_go_before_what_they_declare() {
        let declared = |name: &str| format!("<?xml version=\"1.0\" encoding=\"{name}\"?>").into_bytes();
        for (name, rest, expected) in [
            ("ISO-8859-1", "<a>Café</a>".as_bytes(), Some("<a>Café</a>")),
            ("utf-8", b"<a>Caf\xe9 \x96</a>", Some("<a>Café –</a>")),
            ("windows-1252", b"<a>Caf\xe9</a>", Some("<a>Café</a>")),
            ("utf-8", b"<a>Caf\xc3\xa9 \xff</a>", Some("<a>Café \u{fffd}</a>")),
            // Only the reader of feeds knows these letters.
            ("windows-1251", b"<a>\xea\xee\xf4\xe5</a>", None),
        ] {
            let bytes = [declared(name).as_slice(), rest].concat();
            assert_eq!(decode_feed(&bytes).as_deref(), expected, "{name}");
        }
    }
}
