//! Addresses of posts and of links in them, and whether a text may hide one.

use std::net::Ipv4Addr;
use takeaways_text::invisible::is_invisible;
use url::{Host, Position, Url};

/// The length limit of an address in bytes.
const MAX_LENGTH: usize = 1_000;
/// Characters that stand for a dot in the name of a host.
const DOTS: [char; 5] = ['.', '\u{2024}', '\u{3002}', '\u{ff0e}', '\u{ff61}'];

/// An address that can be opened in a browser.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WebAddress(Url);

impl WebAddress {
    /// Reads an address as a browser does. A relative one is resolved against `base`.
    ///
    /// `None` if it does not lead to a web page, is too long, has characters that an address can't have, or has a user
    /// name, which could look like a host.
    pub fn new(address: &str, base: Option<&Self>) -> Option<Self> {
        let is_wrong = |c: char| {
            c.is_whitespace()
                || c.is_control()
                || is_invisible(c)
                || matches!(c, '<' | '>' | '"' | '\\' | '`' | '|')
        };
        if address.is_empty() || address.len() > MAX_LENGTH || address.contains(is_wrong) {
            return None;
        }
        let url = Url::options().base_url(base.map(|base| &base.0)).parse(address).ok()?;
        let is_web = matches!(url.scheme(), "http" | "https")
            && matches!(url.host(), Some(Host::Domain(_) | Host::Ipv4(_)));
        let has_user = !url.username().is_empty() || url.password().is_some();
        (is_web && !has_user && url.as_str().len() <= MAX_LENGTH).then_some(Self(url))
    }

    /// The address, in ASCII and without white space.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The host with its port, as the address has them.
    pub fn host(&self) -> &str {
        &self.0[Position::BeforeHost..Position::AfterPort]
    }

    /// Whether a text may be shown in place of the address: it names no host, or no other one than this address leads to.
    pub fn may_hide_behind(&self, text: &str) -> bool {
        if !names_host(text) {
            return true;
        }
        let own = self.0.host_str().unwrap_or_default();
        let visible: String = text.chars().filter(|c| !is_invisible(*c)).collect();
        let mut named = visible.split_whitespace().filter(|word| names_host(word)).map(named_host);
        named.all(|host| host == own || own.strip_prefix("www.") == Some(host.as_str()))
    }
}

/// What a reader takes for the host in a word that looks like an address. Other letters than those of ASCII stay, so that
/// the result differs from every host that only looks the same.
fn named_host(word: &str) -> String {
    let rest = word.split_once("://").map_or(word, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.split_once(':').map_or(authority, |(host, _)| host);
    host.trim_matches(|c: char| c.is_ascii_punctuation()).to_ascii_lowercase()
}

/// Whether a text looks like an address or has one: "discord.gg/nitro", "bank.example", "10.0.0.1", and also "Node.js".
pub fn names_host(text: &str) -> bool {
    let text: Vec<char> = text.chars().filter(|c| !is_invisible(*c)).collect();
    let is_name = |c: Option<&char>| c.is_some_and(|c| c.is_alphabetic());
    let is_dot = |at: usize| text.get(at).is_some_and(|c| DOTS.contains(c));
    let is_within = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| text.get(at)).is_some_and(|c| c.is_alphanumeric());
        before && is_name(text.get(at + 1)) && is_name(text.get(at + 2))
    };
    let is_number = |word: &[char]| named_host(&String::from_iter(word)).parse::<Ipv4Addr>().is_ok();
    (0..text.len()).any(|at| is_dot(at) && is_within(at) || text[at..].starts_with(&[':', '/', '/']))
        || text.split(|c| c.is_whitespace()).any(is_number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Option<WebAddress> {
        let base = WebAddress::new("https://blog.example/2019/mesh", None);
        WebAddress::new(text, base.as_ref())
    }

    #[test]
    fn addresses_are_read_as_browsers_read_them() {
        for (text, read) in [
            ("https://a.example/b_c?d=e#f", Some("https://a.example/b_c?d=e#f")),
            ("HTTP://A.example", Some("http://a.example/")),
            ("https://münchen.example/ä", Some("https://xn--mnchen-3ya.example/%C3%A4")),
            ("//cdn.example/x", Some("https://cdn.example/x")),
            ("../2020/gitops", Some("https://blog.example/2020/gitops")),
            ("#end", Some("https://blog.example/2019/mesh#end")),
            ("javascript:alert(1)", None),
            ("java\tscript:alert(1)", None),
            ("data:text/html,x", None),
            ("mailto:ada@a.example", None),
            ("https://good.example@evil.example/", None),
            ("https://good.example:x@evil.example/", None),
            ("https:\\\\evil.example", None),
            ("https://a.example/ b", None),
            ("https://a.example/\u{202e}b", None),
            ("https://[::1]/", None),
            ("https://", None),
            ("", None),
        ] {
            assert_eq!(address(text).as_ref().map(WebAddress::as_str), read, "{text}");
        }
        assert_eq!(WebAddress::new("../2020/gitops", None), None, "relative to nothing");
        assert_eq!(address(&format!("https://a.example/{}", "x".repeat(MAX_LENGTH))), None);
        assert_eq!(
            address(&format!("https://a.example/{}", "ä".repeat(MAX_LENGTH / 4))),
            None,
            "long when encoded"
        );
    }

    #[test]
    fn a_text_that_names_a_host_hides_only_an_address_of_that_host() {
        for (text, target, may_hide) in [
            ("the slides", "https://a.example/x", true),
            ("a.example", "https://a.example/x", true),
            ("A.Example/other", "https://a.example/x", true),
            ("a.example", "https://www.a.example", true),
            ("(see https://a.example:80/x)", "http://a.example", true),
            ("www.a.example", "https://a.example", false),
            ("a.example", "https://a.example.evil.example", false),
            ("a.example", "https://evil.a.example", false),
            ("bank.example", "https://a.example", false),
            ("a.example or bank.example", "https://a.example", false),
            ("https://a.example@bank.example", "https://a.example", false),
            ("ada@a.example", "https://a.example", false),
            ("10.0.0.1", "https://a.example", false),
            ("10.0.0.1", "http://10.0.0.1/x", true),
            ("b\u{430}nk.example", "https://b\u{430}nk.example", false), // a Cyrillic letter
            ("xn--bnk-6cd.example", "https://b\u{430}nk.example", true),
            ("bank\u{3002}example", "https://bank.example", false),
            ("ba\u{200b}nk.example", "https://evil.example", false),
            ("Node.js", "https://a.example", false),
            ("Kubernetes 1.16", "https://a.example", true),
        ] {
            let target = address(target).expect("an address");
            assert_eq!(target.may_hide_behind(text), may_hide, "{text} → {target:?}");
        }
    }

    #[test]
    fn titles_that_look_like_addresses() {
        for (title, looks) in [
            ("discord.gg/nitro", true),
            ("Log in at https://10.0.0.1", true),
            ("Log in at 10.0.0.1.", true),
            ("my\u{200b}bank\u{3002}example", true),
            ("d\u{456}scord.com", true),
            ("What I learned. Part 2...", false),
            ("Kubernetes 1.16 e.g. pods", false),
            ("A title", false),
        ] {
            assert_eq!(names_host(title), looks, "{title}");
        }
        let host = |text: &str| address(text).map(|address| address.host().to_owned());
        assert_eq!(host("https://a.b/c").as_deref(), Some("a.b"));
        assert_eq!(host("https://evil.example:8080/x?y=@z").as_deref(), Some("evil.example:8080"));
    }
}
