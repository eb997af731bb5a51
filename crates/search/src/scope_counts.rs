//! Counts the posts of a scope and their authors from the columns of the index.

use std::collections::{BTreeMap, HashSet};

use tantivy::{DocId, TantivyError};

use crate::error::SearchError;
use crate::facets::split_author;
use crate::filter::PassageFilter;
use crate::query::Filter;
use crate::schema::column;
use crate::searcher::Searcher;
use crate::segment::{IndexSegment, texts_at};

/// How many posts a filter allows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ScopeCounts {
    /// The posts.
    pub posts: usize,
    /// The authors whom they name. Who wrote a post together counts as one.
    pub authors: usize,
    /// The posts that name no author.
    pub unnamed: usize,
}

/// See [`crate::Index::count_in`].
pub(super) fn count_scope(searcher: &Searcher, filter: &Filter) -> Result<ScopeCounts, SearchError> {
    let (mut counts, mut authors) = (ScopeCounts::default(), HashSet::new());
    for segment in &searcher.segments {
        let allowed = PassageFilter::new(searcher, segment, filter).map_err(SearchError::Search)?;
        let Some(mut allowed) = allowed else { continue };
        let posts: Vec<DocId> = segment.live_posts().filter(|&file| allowed.allows(file, file)).collect();
        counts.posts += posts.len();
        let of_posts = authors_of(segment, &posts).map_err(SearchError::Search)?;
        counts.unnamed += posts.len() - of_posts.len();
        authors.extend(of_posts);
    }
    counts.authors = authors.len();
    Ok(counts)
}

/// See [`crate::Index::count_by_year`].
pub(super) fn count_by_year(
    searcher: &Searcher,
    filter: &Filter,
) -> Result<BTreeMap<i16, usize>, SearchError> {
    let mut counts = BTreeMap::new();
    for segment in &searcher.segments {
        let allowed = PassageFilter::new(searcher, segment, filter).map_err(SearchError::Search)?;
        let years = segment.i64_column(column::YEAR).map_err(SearchError::Search)?;
        let (Some(mut allowed), Some(years)) = (allowed, years) else { continue };
        let posts = segment.live_posts().filter(|&file| allowed.allows(file, file));
        let years_of = posts.flat_map(|file| years.values_for_doc(file));
        for year in years_of.filter_map(|year| i16::try_from(year).ok()) {
            if filter.years.is_none_or(|years| years.contains(year)) {
                *counts.entry(year).or_default() += 1;
            }
        }
    }
    Ok(counts)
}

/// The folded names of the authors of each post that has any, in the order of the alphabet.
fn authors_of(segment: &IndexSegment, posts: &[DocId]) -> Result<Vec<Vec<String>>, TantivyError> {
    let Some(column) = segment.text_column(column::AUTHOR)? else { return Ok(Vec::new()) };
    let (mut of_posts, mut ordinals) = (Vec::with_capacity(posts.len()), Vec::new());
    for &post in posts {
        let start = ordinals.len();
        ordinals.extend(column.ords().values_for_doc(post).map(Some));
        of_posts.push(start..ordinals.len());
    }
    let names = texts_at(&column, &ordinals)?;
    let folded = |name: &Option<String>| name.as_deref().map(|name| split_author(name).0.to_owned());
    let of_posts = of_posts.into_iter().filter(|range| !range.is_empty()).map(|range| {
        let mut authors: Vec<String> = names[range].iter().filter_map(folded).collect();
        authors.sort();
        authors
    });
    Ok(of_posts.collect())
}
