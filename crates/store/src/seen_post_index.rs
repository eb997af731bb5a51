//! Matches posts of the corpus with posts that were seen before. Pure.

use std::collections::{HashMap, HashSet};

use super::seen_posts::{PostIdentity, Sighting};

/// The posts that a state has seen, at one version of the list.
#[derive(Debug, Default)]
pub(super) struct SeenPostIndex {
    /// The version; 0 before any corpus was read.
    pub version: i64,
    rows: Vec<SeenPostRow>,
    by_url: HashMap<String, usize>,
    by_path: HashMap<String, Vec<usize>>,
    by_fingerprint: HashMap<u64, Vec<usize>>,
}

/// A post that was seen before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SeenPostRow {
    pub url: Option<String>,
    pub path: String,
    pub fingerprint: u64,
    pub sighting: Sighting,
}

impl SeenPostIndex {
    /// An index of the posts of a version, in the order of their numbers.
    pub fn new(version: i64, rows: Vec<SeenPostRow>) -> Self {
        let mut known = Self { version, ..Self::default() };
        for (at, row) in rows.iter().enumerate() {
            if let Some(url) = &row.url {
                known.by_url.entry(url.clone()).or_insert(at);
            }
            known.by_path.entry(row.path.clone()).or_default().push(at);
            known.by_fingerprint.entry(row.fingerprint).or_default().push(at);
        }
        known.rows = rows;
        known
    }

    /// The posts in this index.
    pub fn rows(&self) -> &[SeenPostRow] {
        &self.rows
    }

    /// Matches each post with a row: by URL, else by path, else by text. A row matches at most one post by path or
    /// text, and none if another post matches it by URL.
    pub fn find(&self, posts: &[PostIdentity]) -> Vec<Option<usize>> {
        let mut found: Vec<Option<usize>> =
            posts.iter().map(|post| self.by_url.get(post.url.as_ref()?).copied()).collect();
        let mut taken: HashSet<usize> = found.iter().flatten().copied().collect();
        for (post, found) in posts.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
            let of_path = self.by_path.get(&post.path).into_iter().flatten().copied();
            let mut same = of_path.filter(|at| is_the_same_file(post, &self.rows[*at]));
            *found = same.find(|at| taken.insert(*at));
        }
        for (post, found) in posts.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
            let mut of_text = self.by_fingerprint.get(&post.fingerprint).into_iter().flatten().copied();
            *found = of_text.find(|at| taken.insert(*at));
        }
        found
    }
}

/// Whether a path match is the same post. If both have a URL and the URLs differ, two posts had this path one after the
/// other.
fn is_the_same_file(post: &PostIdentity, entry: &SeenPostRow) -> bool {
    post.url.is_none() || entry.url.is_none()
}

impl SeenPostRow {
    /// The row with the current data of the post; `None` if nothing changed. If the post lost its URL, the row keeps
    /// it.
    pub fn updated_from(&self, post: &PostIdentity) -> Option<Self> {
        let renewed = Self {
            url: post.url.clone().or_else(|| self.url.clone()),
            path: post.path.clone(),
            fingerprint: post.fingerprint,
            sighting: self.sighting,
        };
        (renewed != *self).then_some(renewed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(url: Option<&str>, path: &str, fingerprint: u64) -> PostIdentity {
        PostIdentity { url: url.map(str::to_owned), path: path.into(), fingerprint }
    }

    fn index_of(posts: &[PostIdentity]) -> SeenPostIndex {
        let entry = |(post, number): (&PostIdentity, i64)| SeenPostRow {
            url: post.url.clone(),
            path: post.path.clone(),
            fingerprint: post.fingerprint,
            sighting: Sighting { number, first_seen: jiff::Timestamp::UNIX_EPOCH, is_initial: false },
        };
        SeenPostIndex::new(1, posts.iter().zip(1..).map(entry).collect())
    }

    #[test]
    fn a_post_is_known_by_its_address_then_its_path_then_its_text() {
        let known = index_of(&[post(Some("u"), "a", 1), post(None, "b", 2), post(None, "c", 3)]);
        for (asked, found, why) in [
            (post(Some("u"), "z", 9), Some(0), "moved and edited, with its address"),
            (post(None, "b", 9), Some(1), "edited"),
            (post(Some("v"), "b", 9), Some(1), "got an address"),
            (post(None, "z", 3), Some(2), "renamed"),
            (post(Some("v"), "z", 3), Some(2), "renamed, with an address"),
            (post(None, "a", 9), Some(0), "lost its address"),
            (post(Some("v"), "a", 9), None, "another post in its place"),
            (post(Some("v"), "a", 1), Some(0), "a new address for the same text"),
            (post(None, "z", 9), None, "new"),
        ] {
            assert_eq!(known.find(&[asked]), [found], "{why}");
        }
    }

    #[test]
    fn an_entry_is_not_two_posts_by_path_or_text() {
        let known = index_of(&[post(Some("u"), "a", 1), post(None, "b", 2)]);
        let copied = [post(None, "b", 2), post(None, "copy of b", 2)];
        assert_eq!(known.find(&copied), [Some(1), None]);
        let moved = [post(None, "a", 7), post(Some("u"), "elsewhere", 1)];
        assert_eq!(known.find(&moved), [None, Some(0)]);
        let twice = [post(Some("u"), "a", 1), post(Some("u"), "a again", 1)];
        assert_eq!(known.find(&twice), [Some(0), Some(0)]);
    }

    #[test]
    fn an_address_that_was_lost_is_kept() {
        let known = index_of(&[post(Some("u"), "a", 1)]);
        let entry = &known.rows()[0];
        assert_eq!(entry.updated_from(&post(None, "a", 1)), None);
        assert_eq!(entry.updated_from(&post(None, "a", 2)).and_then(|entry| entry.url).as_deref(), Some("u"));
    }
}
