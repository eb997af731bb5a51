//! Addresses that lead to the very sentence: text fragments.

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use takeaways_text::invisible::is_invisible;

/// The longest address that is linked, in bytes.
const MAX_URL: usize = 1_000;
/// The most words at either end of a quote that name it.
const FRAGMENT_WORDS: usize = 6;

/// The address of a page, safe within a masked link; `None` where it is too long or has signs that no address has.
#[must_use]
pub fn safe_url(url: &str) -> Option<String> {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    let is_clean = url
        .chars()
        .all(|c| !c.is_whitespace() && !c.is_control() && !matches!(c, '<' | '>' | '"' | '\\' | '`' | '|'));
    // A bracket would end the link.
    let safe = url.replace('(', "%28").replace(')', "%29");
    (is_web && is_clean && safe.len() <= MAX_URL).then_some(safe)
}

/// The address with a text fragment that leads to a quote: its words, or of a long one the first and the last.
/// Format: the WICG draft "URL Fragment Text Directives"; `-`, `,` and `&` have a meaning there and are encoded.
#[must_use]
pub fn text_fragment_url(url: &str, quote: &str) -> Option<String> {
    let page = safe_url(url)?;
    // A quote over several blocks is found by the words of its first line.
    let line = quote.lines().find(|line| !line.trim().is_empty())?;
    let words: Vec<&str> = line.split_whitespace().collect();
    let text = if words.len() <= 2 * FRAGMENT_WORDS {
        percent_encode(&words.join(" "))
    } else {
        let (first, last) = (words.get(..FRAGMENT_WORDS)?, words.get(words.len() - FRAGMENT_WORDS..)?);
        format!("{},{}", percent_encode(&first.join(" ")), percent_encode(&last.join(" ")))
    };
    let joint = if page.contains('#') { ":~:text=" } else { "#:~:text=" };
    let whole = format!("{page}{joint}{text}");
    (whole.len() <= MAX_URL).then_some(whole)
}

/// Where an address leads.
pub fn host(address: &str) -> Option<&str> {
    let (_, behind) = address.split_once("://")?;
    let place = behind.split(['/', '?', '#']).next()?;
    // Before an `@` stands a name, which may look like a host.
    place.rsplit('@').next().filter(|host| !host.is_empty())
}

/// Whether a text may be taken for an address: "discord.gg/nitro", "bank.example". "Node.js" is taken for one too.
pub fn looks_like_host(text: &str) -> bool {
    let text: Vec<char> = text.chars().filter(|c| !is_invisible(*c)).collect();
    let is_name = |c: Option<&char>| c.is_some_and(|c| c.is_alphabetic());
    let is_dot =
        |at: usize| matches!(text.get(at), Some('.' | '\u{2024}' | '\u{3002}' | '\u{ff0e}' | '\u{ff61}'));
    let is_within = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| text.get(at)).is_some_and(|c| c.is_alphanumeric());
        before && is_name(text.get(at + 1)) && is_name(text.get(at + 2))
    };
    (0..text.len()).any(|at| is_dot(at) && is_within(at) || text[at..].starts_with(&[':', '/', '/']))
}

/// Percent-encoded but for letters and digits: more than need be, and safe in every place.
fn percent_encode(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_can_stand_in_a_link() {
        for (url, linked) in [
            ("https://a.b/c_d?e=f#g", Some("https://a.b/c_d?e=f#g")),
            ("http://a.b/c(d)", Some("http://a.b/c%28d%29")),
            ("javascript:alert(1)", None),
            ("https://a.b/ c", None),
            ("https://a.b/<@1>", None),
        ] {
            assert_eq!(safe_url(url).as_deref(), linked, "{url}");
        }
        assert_eq!(safe_url(&format!("https://a.b/{}", "x".repeat(MAX_URL))), None);
    }

    #[test]
    fn a_title_that_looks_like_an_address_is_known() {
        for (title, looks) in [
            ("discord.gg/nitro", true),
            ("Log in at https://10.0.0.1", true),
            ("my\u{200b}bank\u{3002}example", true),
            ("d\u{456}scord.com", true),
            ("What I learned. Part 2...", false),
            ("Kubernetes 1.16 e.g. pods", false),
            ("A title", false),
        ] {
            assert_eq!(looks_like_host(title), looks, "{title}");
        }
        for (address, leads_to) in [
            ("https://a.b/c", Some("a.b")),
            ("https://bank.example@evil.example:8080/x", Some("evil.example:8080")),
            ("http://a.b?c=@d", Some("a.b")),
            ("https:///x", None),
        ] {
            assert_eq!(host(address), leads_to, "{address}");
        }
    }

    #[test]
    fn a_link_leads_to_the_quote() {
        for (url, quote, linked) in [
            ("https://a.b/c", "So it was.", "https://a.b/c#:~:text=So%20it%20was%2E"),
            ("https://a.b/c#d", "a-b, c & d", "https://a.b/c#d:~:text=a%2Db%2C%20c%20%26%20d"),
            (
                "https://a.b/c",
                "one two three four five six seven eight nine ten eleven twelve thirteen",
                "https://a.b/c#:~:text=one%20two%20three%20four%20five%20six,eight%20nine%20ten%20eleven%20twelve%20thirteen",
            ),
            ("https://a.b/c", "first line\nsecond", "https://a.b/c#:~:text=first%20line"),
            ("https://a.b/c", "網", "https://a.b/c#:~:text=%E7%B6%B2"),
        ] {
            assert_eq!(text_fragment_url(url, quote).as_deref(), Some(linked), "{quote}");
        }
        assert_eq!(text_fragment_url("ftp://a.b", "words"), None);
    }
}
