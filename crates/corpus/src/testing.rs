//! What tests share: posts from texts, and what compares the collected posts with labels by readers.

use std::fs;
use std::path::Path;

use crate::{ParsedFile, SourceFile, read_post};
use jiff::Timestamp;
use takeaways_text::model::{Post, PostId};
use xxhash_rust::xxh3::xxh3_64;

/// The time at which the tests read posts.
pub(crate) fn now() -> Timestamp {
    "2026-11-20T00:00:00Z".parse().expect("a time")
}

/// Reads the bytes of a file.
pub(crate) fn read_bytes(path: &str, bytes: &[u8]) -> ParsedFile {
    read_post(&SourceFile { id: &PostId("id".into()), path, bytes }, now())
}

/// Reads a text as the file `post.md`.
pub(crate) fn read_text(text: &str) -> Post {
    read_bytes("post.md", text.as_bytes()).post.expect("a post")
}

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

/// The counts of the half that rules may be chosen on, and of the half that is only for checking.
#[derive(Default)]
pub(crate) struct Halves([Counts; 2]);

impl Halves {
    /// The counts of the half that a post is of.
    pub(crate) fn of(&mut self, post: &str) -> &mut Counts {
        &mut self.0[usize::from(!is_for_choosing(post))]
    }

    /// Prints how many of `what` were found, and checks the precision and the recall of each half against what was
    /// reached before, in percent.
    pub(crate) fn assert_reach(&self, what: &str, reached: [(usize, usize); 2]) {
        for ((half, counts), (precision, recall)) in ["choosing", "checking"].iter().zip(&self.0).zip(reached)
        {
            let Counts { right, found, labelled } = *counts;
            println!("{half}: {right} of {found} found {what} are right, of {labelled} labelled");
            assert!(right * 100 >= found * precision && right * 100 >= labelled * recall, "{half}");
        }
    }
}

/// Whether a post is of the half that rules may be chosen on.
pub(crate) fn is_for_choosing(post: &str) -> bool {
    xxh3_64(post.as_bytes()).is_multiple_of(2)
}

/// Whether words of a post are those that a label has the hash of, in hexadecimal digits.
pub(crate) fn has_hash(words: &str, hash: &str) -> bool {
    format!("{:016x}", xxh3_64(words.as_bytes())) == hash
}

/// Reads one of the collected posts by the name of its file.
pub(crate) fn read_shared_post(folder: &Path, name: &str) -> Post {
    let path = ["real", "seeds"].map(|part| folder.join(part).join(name));
    let bytes = path.iter().find_map(|path| fs::read(path).ok()).expect("a post");
    read_bytes(name, &bytes).post.expect("a post")
}
