//! Counts the posts of a scope and their authors from the columns of the index.

use std::collections::{BTreeMap, HashSet};

use tantivy::DocId;
use tantivy::columnar::StrColumn;

use crate::error::SearchError;
use crate::facets::split_author;
use crate::filter::PassageFilter;
use crate::query::Filter;
use crate::schema::column;
use crate::searcher::Searcher;
use crate::segment::IndexSegment;

/// How many posts a filter allows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ScopeCounts {
    /// The posts.
    pub posts: usize,
    /// Their authors. Who wrote a post together counts as one, and so does a post without an author.
    pub authors: usize,
}

/// See [`crate::Index::count_in`].
pub(super) fn count_scope(searcher: &Searcher, filter: &Filter) -> Result<ScopeCounts, SearchError> {
    let (mut counts, mut authors) = (ScopeCounts::default(), HashSet::new());
    for segment in searcher.segments() {
        let allowed = PassageFilter::new(segment, filter, searcher.fields()).map_err(SearchError::Search)?;
        let Some(mut allowed) = allowed else { continue };
        let mut names = AuthorNames::open(segment)?;
        for (file, _) in segment.live_files().filter(|(_, passages)| passages.is_some()) {
            if !allowed.allows(file, file) {
                continue;
            }
            counts.posts += 1;
            match names.of_post(file)? {
                Some(key) => {
                    authors.insert(key);
                }
                None => counts.authors += 1,
            }
        }
    }
    counts.authors += authors.len();
    Ok(counts)
}

/// The names of the authors of a segment's posts.
struct AuthorNames {
    column: Option<StrColumn>,
    /// The folded names that were read, by their position in the column.
    read: BTreeMap<u64, String>,
}

impl AuthorNames {
    fn open(segment: &IndexSegment) -> Result<Self, SearchError> {
        let column = segment.text_column(column::AUTHOR).map_err(SearchError::Search)?;
        Ok(Self { column, read: BTreeMap::new() })
    }

    /// The folded names of the authors of a post, in the order of the alphabet; `None` if it has none.
    fn of_post(&mut self, file: DocId) -> Result<Option<Vec<String>>, SearchError> {
        let Self { column: Some(column), read } = self else { return Ok(None) };
        let mut names = Vec::new();
        for ordinal in column.ords().values_for_doc(file) {
            if let Some(known) = read.get(&ordinal) {
                names.push(known.clone());
                continue;
            }
            let mut author = String::new();
            column.ord_to_str(ordinal, &mut author).map_err(|error| SearchError::Search(error.into()))?;
            let folded = split_author(&author).0.to_owned();
            names.push(folded.clone());
            read.insert(ordinal, folded);
        }
        names.sort();
        Ok((!names.is_empty()).then_some(names))
    }
}
