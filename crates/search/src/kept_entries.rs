//! Finds what the index has of the parts of the corpus that can't be listed now.

use std::collections::HashSet;
use std::sync::Arc;

use takeaways_corpus::UnreadPart;
use tantivy::{DocId, TantivyError};

use crate::corpus_files::{FileSource, path_key};
use crate::post_records::read_texts;
use crate::schema::column;
use crate::segment::IndexSegment;

/// Returns the entries of the files that lie in parts that could not be listed.
///
/// An entry whose post has the id of a listed file is not among them. Two posts with one id could not be told apart.
pub(super) fn unread_entries(
    segments: &[Arc<IndexSegment>],
    files: &dyn FileSource,
) -> Result<HashSet<u64>, TantivyError> {
    let mut entries = HashSet::new();
    let listed: HashSet<&str> = files.files().iter().map(|file| file.id.0.as_str()).collect();
    for segment in segments {
        let (Some(keys), Some(entry_column)) =
            (segment.u64_column(column::KEY)?, segment.u64_column(column::ENTRY)?)
        else {
            continue; // all documents are deleted
        };
        let live: Vec<DocId> = segment.live_files().map(|(file, _)| file).collect();
        let paths = read_texts(segment, column::PATH, &live)?;
        let ids = read_texts(segment, column::ID, &live)?;
        for (file, path) in paths {
            let key = keys.first(file).unwrap_or(0);
            let is_unread = |part: &UnreadPart| part.contains(&path) && key == path_key(part.root, &path);
            let is_listed = ids.get(&file).is_some_and(|id| listed.contains(id.as_str()));
            if files.unread().iter().any(is_unread) && !is_listed {
                entries.extend(entry_column.first(file));
            }
        }
    }
    Ok(entries)
}
