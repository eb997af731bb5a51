//! Finds what the index has of the parts of the corpus that can't be listed now.

use std::collections::HashSet;
use std::sync::Arc;

use takeaways_corpus::UnreadPart;
use tantivy::TantivyError;
use tantivy::columnar::StrColumn;

use crate::corpus_files::{FileSource, path_key};
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
    let (mut path, mut id) = (String::new(), String::new());
    for segment in segments {
        let (Some(paths), Some(keys), Some(entry_column)) = (
            segment.text_column(column::PATH)?,
            segment.u64_column(column::KEY)?,
            segment.u64_column(column::ENTRY)?,
        ) else {
            continue; // all documents are deleted
        };
        let ids = segment.text_column(column::ID)?;
        for (file, _) in segment.live_files() {
            read_text(&paths, file, &mut path)?;
            id.clear();
            if let Some(ids) = &ids {
                read_text(ids, file, &mut id)?;
            }
            let key = keys.first(file).unwrap_or(0);
            let is_unread = |part: &UnreadPart| part.contains(&path) && key == path_key(part.root, &path);
            if files.unread().iter().any(is_unread) && !listed.contains(id.as_str()) {
                entries.extend(entry_column.first(file));
            }
        }
    }
    Ok(entries)
}

/// Replaces `text` by the text of a document; by nothing if it has none.
fn read_text(column: &StrColumn, file: u32, text: &mut String) -> Result<(), TantivyError> {
    text.clear();
    if let Some(ordinal) = column.ords().first(file) {
        column.ord_to_str(ordinal, text)?;
    }
    Ok(())
}
