//! Posts, collections and Discord's description beside the repository, which are not part of it.
//!
//! A test that lacks its data calls [`skip`]: it prints a line, and appends it to the file that
//! `TAKEAWAYS_TEST_SKIPPED` names, so that a run can tell at its end how many tests did nothing. If
//! `TAKEAWAYS_TEST_POSTS=required` is set, missing data is a failure.

use std::fs::OpenOptions;
use std::io::Write;
use std::path::{Path, PathBuf};

/// The folder of the shared data, beside the repository.
const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared");

/// Five notes that tests ask about. They stay as they are, so that a note more in the program fails no test.
const NOTES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/notes");

/// Returns the folder of the five notes that tests ask about.
pub fn sample_notes() -> PathBuf {
    PathBuf::from(NOTES)
}

/// Returns a file or folder of the shared data by its path; calls [`skip`] and returns `None` if it is missing.
///
/// # Panics
/// If it is missing and `TAKEAWAYS_TEST_POSTS` is `required`.
pub fn shared_path(inside: &str) -> Option<PathBuf> {
    let path = Path::new(SHARED).join(inside);
    if path.exists() {
        return Some(path);
    }
    assert!(
        !std::env::var("TAKEAWAYS_TEST_POSTS").is_ok_and(|value| value == "required"),
        "{} is missing, and TAKEAWAYS_TEST_POSTS=required is set",
        path.display()
    );
    skip(&format!("{} is missing", path.display()));
    None
}

/// Returns the folder of the collected posts, with the folders `seeds` and `real`.
///
/// # Panics
/// As [`shared_path`].
pub fn shared_posts() -> Option<PathBuf> {
    shared_path("posts/real").and(shared_path("posts/seeds")).and(shared_path("posts"))
}

/// Reports that the calling test does nothing, or not everything, with the reason.
#[expect(clippy::print_stdout, reason = "it is for those who run the tests")]
pub fn skip(reason: &str) {
    let thread = std::thread::current();
    let line = format!("skipped: {}: {reason}", thread.name().unwrap_or("a test"));
    println!("{line}");
    if let Some(path) = std::env::var_os("TAKEAWAYS_TEST_SKIPPED") {
        let file = OpenOptions::new().create(true).append(true).open(path);
        // One write a line, so that lines of several processes don't mix. A list that can't be written costs no test.
        let _ = file.and_then(|mut file| file.write_all(format!("{line}\n").as_bytes()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_is_found_and_what_is_missing_is_not() {
        if std::env::var_os("TAKEAWAYS_TEST_POSTS").is_none() {
            assert_eq!(shared_path("no such file"), None);
        }
        if let Some(posts) = shared_posts() {
            assert!(posts.join("seeds").is_dir());
        }
    }
}
