//! What the tests share that compare what is found in the collected posts with labels by readers.

use std::fs;
use std::path::Path;

use crate::{SourceFile, read_post};
use takeaways_text::model::{Post, PostId};
use xxhash_rust::xxh3::xxh3_64;

/// How many labelled things were found.
#[derive(Default)]
pub(crate) struct Counts {
    /// Those that are found and right.
    pub right: usize,
    /// All that are found.
    pub found: usize,
    /// All that are labelled.
    pub labelled: usize,
}

impl Counts {
    /// Whether these parts of what was found and of what is labelled are right, in percent.
    pub fn reach(&self, precision: usize, recall: usize) -> bool {
        self.right * 100 >= self.found * precision && self.right * 100 >= self.labelled * recall
    }
}

/// Whether a post is of the half that rules may be chosen on. The other half is only for checking.
pub(crate) fn is_for_choosing(post: &str) -> bool {
    xxh3_64(post.as_bytes()).is_multiple_of(2)
}

/// Reads one of the collected posts by the name of its file.
pub(crate) fn read_shared_post(folder: &Path, name: &str) -> Post {
    let path = ["real", "seeds"].map(|part| folder.join(part).join(name));
    let bytes = path.iter().find_map(|path| fs::read(path).ok()).expect("a post");
    let file = SourceFile { id: &PostId(name.to_owned()), path: name, bytes: &bytes };
    read_post(&file, "2026-11-20T00:00:00Z".parse().expect("a time")).post.expect("a post")
}
