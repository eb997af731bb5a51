//! Parses web addresses within texts.

use std::ops::Range;

use super::folding::{CharClass, char_class};

/// The places of an address and of its searchable parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AddressSpans {
    /// The host without `www.`.
    pub host: Range<usize>,
    /// The registered name: `linuxfoundation` in `events.linuxfoundation.org`.
    pub name: Range<usize>,
    /// The end of the address, exclusive.
    pub end: usize,
}

/// Second-level domains under which countries register names.
const SHARED_SUFFIXES: [&str; 8] = ["ac", "co", "com", "edu", "gov", "ne", "net", "org"];

/// The address that begins at `start` with `http://`, `https://` or `www.`.
pub(crate) fn parse_address(text: &str, start: usize) -> Option<AddressSpans> {
    let after_scheme = after_prefix(text, start, &["https://", "http://"]);
    let after_www = after_prefix(text, after_scheme.unwrap_or(start), &["www."]);
    let host_start = after_www.or(after_scheme)?;
    let rest = text.get(host_start..)?;
    let is_host = |c: char| c == '.' || c == '-' || char_class(c) == CharClass::Word;
    let host = rest.find(|c| !is_host(c)).map_or(rest, |end| rest.get(..end).unwrap_or(rest));
    let host = host.trim_end_matches(['.', '-']);
    let name = host_name(host).filter(|name| !name.is_empty())?;
    let path = rest.get(host.len()..)?;
    let path_length = path.find(ends_address).unwrap_or(path.len());
    Some(AddressSpans {
        host: host_start..host_start + host.len(),
        name: host_start + name.start..host_start + name.end,
        end: host_start + host.len() + path_length,
    })
}

fn after_prefix(text: &str, start: usize, prefixes: &[&str]) -> Option<usize> {
    prefixes.iter().find_map(|prefix| {
        let end = start + prefix.len();
        text.get(start..end)?.eq_ignore_ascii_case(prefix).then_some(end)
    })
}

fn host_name(host: &str) -> Option<Range<usize>> {
    let mut labels = host.rsplit('.');
    let top = labels.next()?;
    let Some(second) = labels.next() else { return Some(0..host.len()) };
    let end = host.len() - top.len() - 1;
    let shared = top.len() == 2 && SHARED_SUFFIXES.iter().any(|name| second.eq_ignore_ascii_case(name));
    match labels.next() {
        Some(third) if shared => {
            let end = end - second.len() - 1;
            Some(end - third.len()..end)
        }
        _ => Some(end - second.len()..end),
    }
}

fn ends_address(c: char) -> bool {
    !c.is_ascii_graphic()
        || matches!(c, '<' | '>' | '"' | '`' | '{' | '}' | '|' | '\\' | '^' | '(' | ')' | '[' | ']')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_and_their_names() {
        for (text, found) in [
            ("https://k8s.af/", Some(("k8s.af", "k8s", ""))),
            ("http://www.example.co.uk:80/a?b#c, see", Some(("example.co.uk", "example", " see"))),
            (
                "https://events.linuxfoundation.org)",
                Some(("events.linuxfoundation.org", "linuxfoundation", ")")),
            ),
            ("www.cncf.io.", Some(("cncf.io", "cncf", ""))),
            ("HTTPS://GitHub.com/a/b…", Some(("GitHub.com", "GitHub", "…"))),
            ("http://localhost:8080 x", Some(("localhost", "localhost", " x"))),
            ("https://k8s.af参照", Some(("k8s.af", "k8s", "参照"))),
            ("https://", None),
            ("https://...", None),
            ("https", None),
            ("httpserver", None),
        ] {
            let parts = parse_address(text, 0)
                .map(|found| (&text[found.host.clone()], &text[found.name.clone()], &text[found.end..]));
            assert_eq!(parts, found, "{text}");
        }
    }
}
