//! Finds the same post twice.

use std::collections::HashMap;

use xxhash_rust::xxh3::xxh3_128;

use super::Problem;
use takeaways_text::model::{Kind, Post, PostId};

/// Remembers the posts that it has seen, by address and by text.
#[derive(Debug, Default)]
pub struct Duplicates {
    seen: HashMap<(Kind, u128), (PostId, String)>,
}

impl Duplicates {
    /// The problem with a post that has the address or the text of one seen before; remembers the post.
    ///
    /// Notes are compared by their text alone: several may be about one source.
    pub fn see(&mut self, post: &Post) -> Option<Problem> {
        let text = ("the same text", text_key(&post.body.text));
        let address = post.url.as_deref().filter(|_| post.kind == Kind::Post).and_then(address_key);
        let address = address.map(|key| ("the same address", key));
        let mut found = None;
        for (what, key) in [Some(text), address].into_iter().flatten() {
            let first =
                self.seen.entry((post.kind, key)).or_insert_with(|| (post.id.clone(), post.path.clone()));
            if first.0 != post.id && found.is_none() {
                let other =
                    if first.1 == post.path { "the file of that path in another folder" } else { &first.1 };
                let what = format!("it has {what} as {other}");
                found = Some(Problem::warning(&post.path, "duplicate", what, "remove one of the two"));
            }
        }
        found
    }
}

/// Names a text. Letters and digits only, whatever their case: neither spacing nor punctuation makes another text.
#[must_use]
pub fn text_key(text: &str) -> u128 {
    let folded: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    xxh3_128(folded.as_bytes())
}

/// Names an address: host and path. `None` for a site's front page, which is no post's own address.
#[must_use]
pub fn address_key(url: &str) -> Option<u128> {
    let (_, rest) = url.split_once("://")?;
    let rest = rest.split('#').next().unwrap_or(rest).trim_end_matches('/');
    let (host, path) = rest.split_once('/')?;
    let host = host.to_lowercase();
    let host = host.strip_prefix("www.").unwrap_or(&host);
    (!path.is_empty()).then(|| xxh3_128(format!("{host}\0{path}").as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_its_host_and_path() {
        let key = address_key;
        assert_eq!(key("https://www.X.org/a/"), key("http://x.org/a#top"));
        assert_ne!(key("https://x.org/a"), key("https://x.org/A"));
        assert_ne!(key("https://x.org/?p=1"), key("https://x.org/?p=2"));
        assert_eq!(key("https://x.org/"), None);
        assert_eq!(text_key("A b, c."), text_key("a  B\nC"));
    }
}
