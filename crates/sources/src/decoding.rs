//! What the bytes of the web mean: gzip, unpacked up to a limit, and the characters of pages and feeds, whose declared
//! encoding is often not the real one.

use std::borrow::Cow;
use std::io::Read as _;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};
use flate2::read::MultiGzDecoder;
use takeaways_corpus::read::{DecodedText, decode};

/// The bytes in which a page or a feed declares its encoding.
const HEAD: usize = 2_048;

/// The text of a page; `None` if its encoding is unknown. `content_type` is the header.
pub(crate) fn decode_page(bytes: &[u8], content_type: Option<&str>) -> Option<String> {
    let decoded = decode(bytes).ok();
    if bytes.contains(&0) || decoded.as_ref().is_some_and(is_valid) {
        return decoded.map(|decoded| decoded.text);
    }
    let header_and_head = format!("{} {}", content_type.unwrap_or_default().to_lowercase(), head(bytes));
    let text = declared_encoding(&header_and_head).map(|encoding| encoding.decode(bytes).0);
    let is_good = |text: &str| text.matches(char::REPLACEMENT_CHARACTER).count() * 100 <= bytes.len();
    text.filter(|text| is_good(text)).map(Cow::into_owned).or(decoded.map(|decoded| decoded.text))
}

/// The text of a feed without its declaration, since the reader of feeds would believe it. `None` if only that reader knows
/// the encoding.
pub(crate) fn decode_feed(bytes: &[u8]) -> Option<String> {
    let text = match decode(bytes).ok().filter(is_valid) {
        Some(decoded) => decoded.text,
        None if bytes.contains(&0) => return None,
        None => {
            let head = head(bytes);
            let declaration = head.split("?>").next().unwrap_or_default();
            let encoding = match declared_encoding(declaration).unwrap_or(WINDOWS_1252) {
                // Latin 1 has hardly two letters side by side that are one of UTF-8; what has one is damaged UTF-8.
                latin if latin == WINDOWS_1252 && has_letters_of_utf_8(bytes) => UTF_8,
                encoding => encoding,
            };
            encoding.decode(bytes).0.into_owned()
        }
    };
    let declaration = text.trim_start().strip_prefix("<?xml ").and_then(|rest| rest.split_once("?>"));
    Some(declaration.map_or(text.as_str(), |(_, rest)| rest).to_owned())
}

fn is_valid(decoded: &DecodedText) -> bool {
    decoded.first_invalid_line.is_none()
}

fn head(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes.get(..HEAD).unwrap_or(bytes)).to_lowercase()
}

/// The first encoding that a header, the head of a page or a declaration of XML names. UTF-8 does not count, since the
/// bytes are known to be something else. Nor does an encoding in which the declaration itself could not be read.
fn declared_encoding(text: &str) -> Option<&'static Encoding> {
    let values = ["charset", "encoding"].into_iter().flat_map(|key| text.split(key).skip(1));
    let mut encodings = values.filter_map(|rest| {
        let value = rest.trim_start().strip_prefix('=')?.trim_start_matches(['"', '\'', ' ']);
        let name = value.split(|c: char| c.is_whitespace() || "\"';>/?".contains(c)).next()?;
        // Some write `latin-1`, which is no label.
        let for_label = |name: &str| Encoding::for_label(name.as_bytes());
        for_label(name).or_else(|| for_label(&name.replace('-', "")))
    });
    encodings.find(|encoding| *encoding != UTF_8 && encoding.is_ascii_compatible())
}

fn has_letters_of_utf_8(bytes: &[u8]) -> bool {
    bytes.utf8_chunks().any(|chunk| !chunk.valid().is_ascii())
}

/// Why bytes were not unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum GzipError {
    /// They hold more than the limit.
    TooLarge,
    /// They are damaged.
    Damaged,
}

/// Whether bytes begin as gzip does.
pub(crate) fn is_gzip(bytes: &[u8]) -> bool {
    bytes.starts_with(&[0x1f, 0x8b])
}

/// Unpacks gzip, at most `limit` bytes; more are never held in memory.
pub(crate) fn unpack_gzip(bytes: &[u8], limit: usize) -> Result<Vec<u8>, GzipError> {
    let mut unpacked = Vec::new();
    let mut reader = MultiGzDecoder::new(bytes).take(limit as u64 + 1);
    reader.read_to_end(&mut unpacked).map_err(|_| GzipError::Damaged)?;
    if unpacked.len() > limit { Err(GzipError::TooLarge) } else { Ok(unpacked) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::gzip;

    #[test]
    fn the_bytes_of_a_feed_go_before_what_they_declare() {
        let declared = |name: &str| format!("<?xml version=\"1.0\" encoding=\"{name}\"?>").into_bytes();
        for (name, rest, expected) in [
            ("ISO-8859-1", "<a>Café</a>".as_bytes(), Some("<a>Café</a>")),
            ("utf-8", b"<a>Caf\xe9 \x96</a>", Some("<a>Café –</a>")),
            ("windows-1252", b"<a>Caf\xe9</a>", Some("<a>Café</a>")),
            ("utf-8", b"<a>Caf\xc3\xa9 \xff</a>", Some("<a>Café \u{fffd}</a>")),
            ("windows-1251", b"<a>\xea\xee\xf4\xe5</a>", Some("<a>кофе</a>")),
            ("iso-8859-15", b"<a>5 \xa4</a>", Some("<a>5 €</a>")),
            ("Shift_JIS", b"<a>\x83e\x83X\x83g</a>", Some("<a>テスト</a>")),
            ("no-such-name", b"<a>Caf\xe9</a>", Some("<a>Café</a>")),
            // Only the reader of feeds can tell UTF-16 without a mark.
            ("utf-16", b"\0<\0a\0>\xe9", None),
        ] {
            let bytes = [declared(name).as_slice(), rest].concat();
            assert_eq!(decode_feed(&bytes).as_deref(), expected, "{name}");
        }
    }

    #[test]
    fn a_page_is_read_in_the_encoding_that_it_declares_if_it_is_not_utf_8() {
        let meta = |name: &str| format!("<meta charset=\"{name}\">").into_bytes();
        for (header, name, rest, expected) in [
            ("text/html", "windows-1252", b"\x91\x92\x93\x94\x9c\x99\x8a".as_slice(), Some("‘’“”œ™Š")),
            ("text/html", "iso-8859-1", b"\x84caf\xe9\x93", Some("„café“")),
            ("text/html", "latin-1", b"caf\xe9", Some("café")),
            ("text/html", "ISO-8859-15", b"5 \xa4, \xbduvre", Some("5 €, œuvre")),
            ("text/html", "iso-8859-2", b"\xb3\xf3d\xbc", Some("łódź")),
            ("text/html", "windows-1251", b"\xea\xee\xf4\xe5", Some("кофе")),
            ("text/html", "koi8-r", b"\xcb\xcf\xc6\xc5", Some("кофе")),
            ("text/html", "Shift_JIS", b"\x83e\x83X\x83g", Some("テスト")),
            ("text/html", "euc-jp", b"\xa5\xc6\xa5\xb9\xa5\xc8", Some("テスト")),
            ("text/html", "EUC-KR", b"\xbe\xc8\xb3\xe7", Some("안녕")),
            ("text/html", "gb2312", b"\xb2\xe2\xca\xd4", Some("测试")),
            ("text/html", "GBK", b"\xb2\xe2\xca\xd4", Some("测试")),
            ("text/html", "big5", b"\xb4\xfa\xb8\xd5", Some("測試")),
            // The header goes before the page, unless it is wrong.
            ("text/html; Charset=\"EUC-KR\"", "iso-8859-1", b"\xbe\xc8\xb3\xe7", Some("안녕")),
            ("text/html; charset=utf-8", "Shift_JIS", b"\x83e\x83X\x83g", Some("テスト")),
            ("text/html; charset=none", "gbk", b"\xb2\xe2\xca\xd4", Some("测试")),
            // The bytes go before both.
            ("text/html; charset=iso-8859-1", "Shift_JIS", "café".as_bytes(), Some("café")),
            // Damage, here in a UTF-16 that is none, too.
            ("text/html", "utf-16", b"caf\xe9", None),
            ("text/html", "utf-8", b"caf\xe9", None),
            ("text/html", "Shift_JIS", b"\xff\xff\xff\xff", None),
            ("text/html", "iso-8859-1", b"\0\xe9", None),
        ] {
            let page = [meta(name).as_slice(), rest].concat();
            let text = decode_page(&page, Some(header));
            let shown = text.as_deref().map(|text| text.split_once('>').map_or(text, |(_, rest)| rest));
            assert_eq!(shown, expected, "{header}, {name}");
        }
        let older = b"<?xml version=\"1.0\" encoding = 'ISO-8859-1'?><p>caf\xe9".as_slice();
        assert!(decode_page(older, None).is_some_and(|text| text.ends_with("café")));
        let equiv = b"<meta content='text/html;charset=euc-kr' http-equiv='Content-Type'>\xbe\xc8".as_slice();
        assert!(decode_page(equiv, None).is_some_and(|text| text.ends_with("안")));
        let damaged = [meta("Shift_JIS"), b"\x83e\x83X\x83g".repeat(50), b"\x83<".to_vec()].concat();
        assert!(decode_page(&damaged, None).is_some_and(|text| text.ends_with("テスト\u{fffd}<")));
    }

    #[test]
    fn a06_a_gzip_bomb_is_cut_off_at_the_limit() {
        let bomb = gzip(&vec![0; 50 << 20]);
        assert!(bomb.len() < 100 << 10);
        assert_eq!(unpack_gzip(&bomb, 10 << 20), Err(GzipError::TooLarge));
        assert_eq!(
            unpack_gzip(&gzip(&bomb), 10 << 20).expect("one level"),
            bomb,
            "only one level is unpacked"
        );
    }

    #[test]
    fn whole_gzip_is_unpacked_and_damaged_is_not() {
        let packed = gzip(b"words");
        assert!(is_gzip(&packed));
        assert_eq!(unpack_gzip(&packed, 5), Ok(b"words".to_vec()));
        assert_eq!(unpack_gzip(&packed[..packed.len() - 9], 5), Err(GzipError::Damaged));
    }
}
