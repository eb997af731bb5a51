//! Finds tokens and passwords in texts, so that a secret in a wrong place is never printed.

use std::borrow::Cow;
use std::ops::Range;

/// The text that is shown in place of a secret.
pub(super) const HIDDEN: &str = "(hidden)";

/// The shortest last part of a token. Names of hosts and files seldom have a third part of this length.
const MIN_SIGNATURE: usize = 16;

/// The shortest first part of a token that is not an id in Base64, because it was copied without its first letters.
const MIN_DAMAGED_ID: usize = 16;

/// Hides what looks like a Discord token or the password of an address in a message.
///
/// A token has three parts of Base64 with dots between them. A password stands in `user:password@host`.
pub fn hide_secrets(text: &str) -> Cow<'_, str> {
    let mut secrets = token_ranges(text);
    let words = runs(text, |c| !c.is_whitespace() && c != '"');
    secrets.extend(words.filter_map(|word| {
        let password = password_range(text.get(word.clone())?)?;
        Some(word.start + password.start..word.start + password.end)
    }));
    if secrets.is_empty() {
        return Cow::Borrowed(text);
    }
    secrets.sort_by_key(|secret| secret.start);
    let (mut shown, mut end) = (String::with_capacity(text.len()), 0);
    for secret in secrets {
        if secret.start >= end {
            shown += text.get(end..secret.start).unwrap_or_default();
            shown += HIDDEN;
        }
        end = end.max(secret.end);
    }
    shown += text.get(end..).unwrap_or_default();
    Cow::Owned(shown)
}

/// Returns whether a text has a token.
pub(super) fn has_token(text: &str) -> bool {
    !token_ranges(text).is_empty()
}

/// Returns whether a whole value has a secret. A password in a value may have blanks and quotation marks.
pub(super) fn has_secret(value: &str) -> bool {
    has_token(value) || password_range(value).is_some()
}

/// Returns the whole value, or a text in its place if it has a secret.
pub(super) fn hide_secret_value(value: &str) -> &str {
    if has_secret(value) { HIDDEN } else { value }
}

/// Returns whether a value is an address with a password. Without `://`, it may be a path with a colon and an `@`.
pub(super) fn has_address_with_password(value: &str) -> bool {
    value.contains("://") && password_range(value).is_some()
}

/// Returns whether a text is a token: three parts of Base64 with dots between them.
pub(super) fn is_token(text: &str) -> bool {
    text.split('.').count() == 3
        && text.split('.').all(|part| !part.is_empty() && part.chars().all(is_base64))
}

fn is_base64(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '_' | '-')
}

/// The ranges of the longest runs of characters that fit.
fn runs(text: &str, fits: impl Fn(char) -> bool + Copy) -> impl Iterator<Item = Range<usize>> {
    let mut end = 0;
    text.split_inclusive(move |c| !fits(c)).map(move |piece| {
        let start = end;
        end += piece.len();
        start..start + piece.trim_end_matches(|c| !fits(c)).len()
    })
}

fn token_ranges(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for run in runs(text, |c| is_base64(c) || c == '.') {
        let mut parts: Vec<Range<usize>> = Vec::new();
        let mut start = run.start;
        for part in text.get(run).unwrap_or_default().split('.') {
            parts.push(start..start + part.len());
            start += part.len() + 1;
        }
        for window in parts.windows(3) {
            let [id, time, signature] = window else { continue };
            let part = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default();
            if looks_like_token(part(id), part(time), part(signature)) {
                found.push(id.start..signature.end);
            }
        }
    }
    found
}

fn looks_like_token(id: &str, time: &str, signature: &str) -> bool {
    let is_mixed = signature.contains(|c: char| c.is_ascii_uppercase())
        && signature.contains(|c: char| c.is_ascii_lowercase());
    !time.is_empty()
        && signature.len() >= MIN_SIGNATURE
        && (is_base64_of_digits(id) || id.len() >= MIN_DAMAGED_ID && is_mixed)
}

/// Returns whether a text is a number in Base64, as the first part of a token is.
fn is_base64_of_digits(text: &str) -> bool {
    let (mut bits, mut count) = (0_u32, 0);
    for letter in text.bytes() {
        let value = match letter {
            b'A'..=b'Z' => letter - b'A',
            b'a'..=b'z' => letter - b'a' + 26,
            b'0'..=b'9' => letter - b'0' + 52,
            b'-' => 62,
            _ => 63,
        };
        bits = (bits << 6 | u32::from(value)) & 0xFFFF;
        count += 6;
        if count >= 8 {
            count -= 8;
            if !(0x30..=0x39).contains(&(bits >> count & 0xFF)) {
                return false;
            }
        }
    }
    text.len() >= 3
}

/// The range of the password in `user:password@host`. The number of a port is not a password.
fn password_range(word: &str) -> Option<Range<usize>> {
    let end = word.rfind('@')?;
    let before = word.get(..end)?;
    let starts = before.match_indices(':').map(|(colon, _)| colon + 1);
    let mut starts = starts.filter(|start| before.get(*start..).is_some_and(|rest| !is_not_password(rest)));
    starts.next().map(|start| start..end)
}

fn is_not_password(rest: &str) -> bool {
    rest.is_empty()
        || rest.starts_with("//")
        || rest.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with('/')
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "MTEwMDAwMDAwMDAwMDAwMDAwMQ.Canary.never-to-be-seen-0000";

    #[test]
    fn secrets_are_hidden_and_the_rest_stays() {
        let damaged = "TEwMDAwMDAwMDAwMDAwMDAwMQ.G1x2y3.aBcDeFgHiJkLmNoPqRsTuVwXyZ0";
        for (text, expected) in [
            (TOKEN.to_owned(), "(hidden)"),
            (
                format!("the file {TOKEN}, {TOKEN}.toml and /x/{TOKEN}/y."),
                "the file (hidden), (hidden).toml and /x/(hidden)/y.",
            ),
            (format!("\"Bot {TOKEN}\""), "\"Bot (hidden)\""),
            (format!("x={damaged};"), "x=(hidden);"),
            ("http://bot:pa/ss@host:5/x".into(), "http://bot:(hidden)@host:5/x"),
            ("a postgres://a:b@c,postgres://d:e@f b".into(), "a postgres://a:(hidden)@f b"),
            ("user:SECRET@ and (http://a@b)".into(), "user:(hidden)@ and (http://a@b)"),
            ("http://h:80/?to=http://u:p@h".into(), "http://h:80/?to=http://u:(hidden)@h"),
        ] {
            assert_eq!(hide_secrets(&text), expected, "{text}");
        }
    }

    #[test]
    fn texts_without_secrets_stay() {
        for text in [
            "http://127.0.0.1:8080/api/v10/users/@me",
            "https://example.com/@takeaways: it can't be read",
            "www.conference-recaps.example-of-a-long-name",
            "Mesh.md.backup-of-the-last-week",
            "kubecon-north-america-2019.recap.the-long-and-winding-road",
            "takeaways.toml:3: a@b",
            "",
        ] {
            assert_eq!(hide_secrets(text), text);
        }
    }
}
