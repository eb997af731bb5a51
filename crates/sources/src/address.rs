//! Addresses of the web: which are accepted, and when two of them are one post.

use thiserror::Error;
use url::Url;

/// The most bytes of an address.
const MAX_LEN: usize = 2_000;

/// Parameters that only count visitors, besides those that begin with `utm_`.
const COUNTING_PARAMETERS: [&str; 8] =
    ["fbclid", "gclid", "mc_cid", "mc_eid", "igshid", "ref_src", "source_rss", "cmpid"];

/// Whether a parameter only counts visitors. Medium writes `source=rss-…` into the links of its feeds.
fn is_counting(name: &str, value: &str) -> bool {
    name.starts_with("utm_")
        || COUNTING_PARAMETERS.contains(&name)
        || (name == "source" && value.starts_with("rss"))
}

/// Why an address is not fetched.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AddressError {
    /// It does not parse, or has no host.
    #[error("it is no address of the web: write it like https://blog.example/feed.xml")]
    Invalid,
    /// Its scheme is neither http nor https.
    #[error("only http and https are fetched")]
    Scheme,
    /// It holds a user or a password.
    #[error("it holds a user or a password; write the address without them")]
    UserInfo,
    /// It is longer than any address that is used.
    #[error("it is longer than {MAX_LEN} bytes")]
    TooLong,
}

/// Parses an address. One without a scheme gets `https`.
///
/// # Errors
/// If it is no address that could be fetched. Whether its host may be reached is judged by
/// [`AddressGuard`](crate::AddressGuard).
pub fn parse_address(text: &str) -> Result<Url, AddressError> {
    let text = text.trim().trim_start_matches('<').trim_end_matches('>');
    if text.len() > MAX_LEN {
        return Err(AddressError::TooLong);
    }
    // A path is no host, although it would be read as one.
    if text.starts_with(['/', '.', '\\']) {
        return Err(AddressError::Invalid);
    }
    let has_scheme = text.split_once(':').is_some_and(|(scheme, rest)| {
        rest.starts_with("//")
            || (!scheme.contains(['.', '/']) && !rest.starts_with(|c: char| c.is_ascii_digit()))
    });
    let url = if has_scheme { Url::parse(text) } else { Url::parse(&format!("https://{text}")) };
    let mut url = url.map_err(|_| AddressError::Invalid)?;
    check_address(&url)?;
    url.set_fragment(None);
    Ok(url)
}

/// Checks the parts of an address that need no name to be resolved.
pub(crate) fn check_address(url: &Url) -> Result<(), AddressError> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(AddressError::Scheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(AddressError::UserInfo);
    }
    if url.as_str().len() > MAX_LEN {
        return Err(AddressError::TooLong);
    }
    url.host_str().filter(|host| !host.is_empty()).map(|_| ()).ok_or(AddressError::Invalid)
}

/// The name under which a post is known: the same for `http` and `https`, with and without `www.`, a slash at the end,
/// `index.html`, a fragment, and parameters that only count visitors.
pub fn identity(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default().trim_end_matches('.');
    let host = host.strip_prefix("www.").unwrap_or(host);
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let path = url.path();
    let path = path.strip_suffix("index.html").or_else(|| path.strip_suffix("index.htm")).unwrap_or(path);
    let path = path.trim_end_matches('/');
    let kept: Vec<String> = url
        .query_pairs()
        .filter(|(name, value)| !is_counting(name, value))
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
    format!("{host}{port}{path}{query}")
}

/// The identity of an address that is still text; the text itself if it is no address.
pub(crate) fn identity_of(text: &str) -> String {
    Url::parse(text).map_or_else(|_| text.to_owned(), |url| identity(&url))
}

/// An address without the parameters that only count visitors.
pub(crate) fn without_counting(url: &Url) -> Url {
    let mut clean = url.clone();
    clean.set_fragment(None);
    let kept: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(name, value)| !is_counting(name, value))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect();
    if kept.len() != url.query_pairs().count() {
        clean.set_query(None);
        if !kept.is_empty() {
            clean.query_pairs_mut().extend_pairs(kept);
        }
    }
    clean
}

/// Whether an address is one of the web. A post of a folder may have none: then the place of its file stands for it.
pub(crate) fn is_of_web(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty())
}

/// Whether two addresses are of one site: the same host, with or without `www.`.
pub(crate) fn is_same_site(one: &Url, other: &Url) -> bool {
    fn host(url: &Url) -> &str {
        let host = url.host_str().unwrap_or_default();
        host.strip_prefix("www.").unwrap_or(host)
    }
    host(one) == host(other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_post_has_one_identity() {
        let first = identity(&parse_address("https://Blog.example/kubecon").expect("an address"));
        for text in [
            "http://blog.example/kubecon",
            "https://blog.example/kubecon/",
            "https://www.blog.example/kubecon/?utm_source=rss&utm_medium=feed",
            "https://blog.example:443/kubecon/index.html#talks",
            "blog.example/kubecon?fbclid=x",
        ] {
            assert_eq!(identity(&parse_address(text).expect("an address")), first, "{text}");
        }
        for text in
            ["https://blog.example/other", "https://blog.example/kubecon?page=2", "https://b.example/kubecon"]
        {
            assert_ne!(identity(&parse_address(text).expect("an address")), first, "{text}");
        }
    }

    #[test]
    fn only_addresses_of_the_web_parse() {
        for (text, error) in [
            ("file:///etc/passwd", AddressError::Scheme),
            ("ftp://x.example/a", AddressError::Scheme),
            ("javascript:alert(1)", AddressError::Scheme),
            ("https://user:secret@x.example/", AddressError::UserInfo),
            ("https://", AddressError::Invalid),
            ("/etc/passwd", AddressError::Invalid),
            ("../secret", AddressError::Invalid),
        ] {
            assert_eq!(parse_address(text), Err(error), "{text}");
        }
        let long = format!("https://x.example/{}", "a".repeat(MAX_LEN));
        assert_eq!(parse_address(&long), Err(AddressError::TooLong));
        assert_eq!(parse_address(" blog.example ").expect("an address").as_str(), "https://blog.example/");
        assert_eq!(
            parse_address("127.0.0.1:8080/x").expect("an address").as_str(),
            "https://127.0.0.1:8080/x"
        );
    }

    #[test]
    fn parameters_that_count_are_removed_and_others_stay() {
        let url = Url::parse("https://x.example/?p=12&utm_source=a#c").expect("an address");
        assert_eq!(without_counting(&url).as_str(), "https://x.example/?p=12");
    }
}
