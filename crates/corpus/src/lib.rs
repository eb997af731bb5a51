//! Reads folders of files into posts and problems.
//!
//! This crate knows texts and files, not the index and not answers. Only `folder` accesses the file system; the
//! rest turns bytes into posts.

pub mod entities;
pub mod events;
mod folded_text;
mod folder;
pub mod front_matter;
pub mod identity;
mod load;
pub mod metadata;
pub mod points;
mod problem;
pub mod read;
mod settings;
pub mod source;
mod speakers;
pub mod threads;
pub mod topics;

#[cfg(test)]
mod faults;
#[cfg(test)]
mod shared_posts;
#[cfg(test)]
mod testing;

pub use folder::SkippedFiles;
pub use load::{CorpusCounts, ReadOptions, for_each_post};
pub use problem::{Problem, Severity};
pub use read::{ParsedFile, SourceFile, read_post};
pub use settings::{CorpusSettings, ExcludeError, ExcludePatterns};
pub use source::{Corpus, CorpusFile, CorpusRoot, FileListing, UnreadPart};

use takeaways_text::{model::Language, person_names};
use xxhash_rust::xxh3::Xxh3;

/// Returns a hash of every compiled-in table that posts are read with: entities, events, topics, given names, the
/// words of each language and the weights of points. An index that was written with another version of the tables is stale.
///
/// Aliases, synonyms and weights are not part of it: they change how a question is read, and nothing of a post.
pub fn tables_version() -> u64 {
    hash_tables(post_tables())
}

fn post_tables() -> impl Iterator<Item = &'static str> {
    let tables = [entities::ENTITIES_TOML, events::EVENTS_TOML, topics::TOPICS_TOML, points::POINTS_TOML];
    tables.into_iter().chain([person_names::GIVEN_NAMES]).chain(Language::ALL.map(Language::file))
}

/// Hashes each table with its length, so that a line that moves to the next table changes the hash.
fn hash_tables<'a>(tables: impl IntoIterator<Item = &'a str>) -> u64 {
    let mut hash = Xxh3::new();
    for table in tables {
        hash.update(&table.len().to_le_bytes());
        hash.update(table.as_bytes());
    }
    hash.digest()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// The files of `config/` that only settings and questions need.
    const OTHER_TABLES: [&str; 11] = [
        "aliases.toml",
        "default.toml",
        "shapes.bin",
        "shapes.toml",
        "synonyms.toml",
        "de.toml",
        "en.toml",
        "es.toml",
        "fr.toml",
        "pt.toml",
        "weights.toml",
    ];

    #[test]
    fn every_table_that_posts_are_read_with_is_in_the_version() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../config");
        let mut missing = Vec::new();
        for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
            let entry = entry.expect("an entry");
            if entry.file_type().is_file() {
                let bytes = std::fs::read(entry.path()).expect("a table");
                if !post_tables().any(|table| table.as_bytes() == bytes) {
                    missing.push(entry.file_name().to_string_lossy().into_owned());
                }
            }
        }
        assert_eq!(missing, OTHER_TABLES);
    }

    #[test]
    fn an_edit_of_any_table_changes_the_version() {
        let tables: Vec<&str> = post_tables().collect();
        for at in 0..tables.len() {
            let edited = format!("{}\n", tables[at]);
            let mut changed = tables.clone();
            changed[at] = &edited;
            assert_ne!(hash_tables(changed), tables_version(), "{}", tables[at]);
        }
        assert_ne!(hash_tables(["ab", "c"]), hash_tables(["a", "bc"]));
    }
}
