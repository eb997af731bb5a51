//! Ids of posts, and detection of posts that have the same address or text.

use std::collections::{HashMap, HashSet};

use takeaways_text::model::{Post, PostId, PostKind};
use xxhash_rust::xxh3::xxh3_128;

use super::Problem;

/// Returns the ids of files, in their order. Each file is given by the index of its source and its path there.
///
/// An id is the path without its last extension. Files that would share an id keep the extension. If several
/// sources have the same path, the ids after the first end in `@` and the number of the source, counted from 1.
/// All ids differ.
pub fn post_ids(files: &[(usize, &str)]) -> Vec<PostId> {
    let keeps_extension = needs_extension(files);
    let mut used = HashSet::new();
    let mut ids = Vec::with_capacity(files.len());
    for ((root, path), keeps) in files.iter().zip(keeps_extension) {
        let mut id = if keeps { (*path).to_owned() } else { without_extension(path).to_owned() };
        while !used.insert(id.clone()) {
            id = format!("{id}@{}", root + 1);
        }
        ids.push(PostId(id));
    }
    ids
}

/// Returns for each file whether it keeps its extension. An id with its extension may equal another id (`a.md` of
/// `a.md` and `a.html` equals that of `a.md.txt`), so this repeats until nothing changes. Each round makes at
/// least one id longer.
fn needs_extension(files: &[(usize, &str)]) -> Vec<bool> {
    let mut keeps = vec![false; files.len()];
    loop {
        let mut count: HashMap<&str, usize> = HashMap::new();
        for ((_, path), keeps) in files.iter().zip(&keeps) {
            *count.entry(if *keeps { path } else { without_extension(path) }).or_default() += 1;
        }
        let mut changed = false;
        for ((_, path), keeps) in files.iter().zip(&mut keeps) {
            if !*keeps && count.get(without_extension(path)).is_some_and(|count| *count > 1) {
                (*keeps, changed) = (true, true);
            }
        }
        if !changed {
            return keeps;
        }
    }
}

/// Returns a path without the last extension of its file name.
fn without_extension(path: &str) -> &str {
    let name_start = path.rfind('/').map_or(0, |at| at + 1);
    match path.rfind('.') {
        Some(dot) if dot > name_start => path.get(..dot).unwrap_or(path),
        _ => path,
    }
}

/// Finds posts with the same address or the same text as an earlier post.
#[derive(Debug, Default)]
pub struct DuplicateFinder {
    first_posts: HashMap<(PostKind, u128), (PostId, String)>,
}

impl DuplicateFinder {
    /// Returns a problem if an earlier post has the same address or text, and remembers this post.
    ///
    /// Notes are compared by their text only, because several notes may be about one source.
    pub fn check(&mut self, post: &Post) -> Option<Problem> {
        let text = ("the same text", text_hash(&post.body.text));
        let address = post.url.as_deref().filter(|_| post.kind == PostKind::Post).and_then(address_hash);
        let address = address.map(|key| ("the same address", key));
        let mut problem = None;
        for (what, key) in [Some(text), address].into_iter().flatten() {
            let first = self
                .first_posts
                .entry((post.kind, key))
                .or_insert_with(|| (post.id.clone(), post.path.clone()));
            if first.0 != post.id && problem.is_none() {
                let first =
                    if first.1 == post.path { "the file with this path in another folder" } else { &first.1 };
                let what = format!("it has {what} as {first}");
                problem = Some(Problem::warning(&post.path, "duplicate", what, "remove one of the two"));
            }
        }
        problem
    }
}

/// Hashes the letters and digits of a text, ignoring case. Spacing and punctuation make no difference.
pub fn text_hash(text: &str) -> u128 {
    let folded: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    xxh3_128(folded.as_bytes())
}

/// Hashes the host and the path of an address. Returns `None` for a site's front page, which identifies no post.
pub fn address_hash(url: &str) -> Option<u128> {
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
    fn ids_differ() {
        for (files, ids) in [
            (vec![(0, "a.md"), (0, "x/b.html.md"), (0, "c")], vec!["a", "x/b.html", "c"]),
            (vec![(0, "a.html"), (0, "a.md"), (0, "b.md")], vec!["a.html", "a.md", "b"]),
            (vec![(0, "a.html"), (0, "a.md"), (0, "a.md.txt")], vec!["a.html", "a.md", "a.md.txt"]),
            (vec![(0, "a.md"), (1, "a.md"), (2, "a.md")], vec!["a.md", "a.md@2", "a.md@3"]),
            (vec![(0, "a.md"), (1, "b.md")], vec!["a", "b"]),
            (vec![(0, "a.md"), (1, "a.md"), (0, "a.md@2.txt")], vec!["a.md", "a.md@2", "a.md@2@1"]),
            (vec![(0, "x.y/a"), (0, ".a")], vec!["x.y/a", ".a"]),
        ] {
            let made: Vec<String> = post_ids(&files).into_iter().map(|id| id.0).collect();
            assert_eq!(made, ids, "{files:?}");
        }
    }

    #[test]
    fn an_address_is_its_host_and_path() {
        let key = address_hash;
        assert_eq!(key("https://www.X.org/a/"), key("http://x.org/a#top"));
        assert_ne!(key("https://x.org/a"), key("https://x.org/A"));
        assert_ne!(key("https://x.org/?p=1"), key("https://x.org/?p=2"));
        assert_eq!(key("https://x.org/"), None);
        assert_eq!(text_hash("A b, c."), text_hash("a  B\nC"));
    }
}
