//! The filter of a query, applied to the posts and passages of one segment.

use std::ops::{Bound, Range, RangeInclusive};

use tantivy::columnar::{Column, StrColumn};
use tantivy::schema::Field;
use tantivy::{DocId, TERMINATED, TantivyError};

use crate::facets::{SEPARATOR, fold_name};
use crate::query::Filter;
use crate::schema::column;
use crate::searcher::Searcher;
use crate::segment::IndexSegment;

/// Decides which passages of a segment may be found. They must be asked for in order.
pub(super) struct PassageFilter {
    /// File documents of the posts that match the filter, whoever wrote them; `None` allows all.
    allowed: Option<FileCursor>,
    /// The posts and passages of the people in the filter; `None` allows all.
    people: Option<PeopleFilter>,
    /// File documents of the posts that are not published yet, or by somebody whose posts are not wanted.
    hidden: FileCursor,
}

/// The words of some people.
struct PeopleFilter {
    /// File documents of their posts.
    written: FileCursor,
    /// The passages of other posts with their words, and the file documents of these posts.
    said: FileCursor,
}

/// A cursor over sorted file documents.
#[derive(Default)]
struct FileCursor {
    files: Vec<DocId>,
    position: usize,
}

impl PassageFilter {
    /// Applies a filter to a segment; `None` if no post of it matches.
    pub(super) fn new(
        searcher: &Searcher,
        segment: &IndexSegment,
        filter: &Filter,
    ) -> Result<Option<Self>, TantivyError> {
        let mut allowed: Option<Vec<DocId>> = None;
        for files in [
            posts_with_texts(segment, column::EVENT, &filter.events, |ids, event| {
                exact_ordinal(ids, &event.0)
            })?,
            posts_of_years(segment, filter)?,
            posts_with_names(segment, column::TOPIC, &filter.topics)?,
            posts_with_names(segment, column::PROJECT, &filter.projects)?,
            posts_with_names(segment, column::COMPANY, &filter.companies)?,
            posts_with_ids(segment, filter, searcher.fields.id)?,
        ] {
            let Some(files) = files else { continue };
            let matching = match &allowed {
                Some(allowed) => intersection(allowed, &files),
                None => files,
            };
            if matching.is_empty() {
                return Ok(None);
            }
            allowed = Some(matching);
        }
        let people = PeopleFilter::new(segment, filter)?;
        if people.as_ref().is_some_and(PeopleFilter::is_empty) {
            return Ok(None);
        }
        let mut hidden =
            if searcher.hides_unpublished { unpublished_posts(segment, filter)? } else { Vec::new() };
        hidden
            .extend(posts_of_people(segment, column::AUTHOR, &filter.excluded_authors)?.unwrap_or_default());
        hidden.sort_unstable();
        let hidden = FileCursor::new(hidden);
        Ok(Some(Self { allowed: allowed.map(FileCursor::new), people, hidden }))
    }

    /// Whether a passage of this file document may be found.
    pub(super) fn allows(&mut self, file: DocId, passage: DocId) -> bool {
        self.allowed.as_mut().is_none_or(|allowed| allowed.contains(file))
            && self.people.as_mut().is_none_or(|people| people.allows(file, passage))
            && !self.hidden.contains(file)
    }

    /// Returns a file document before which nothing more is allowed, after a passage was asked for.
    pub(super) fn next_file(&self) -> DocId {
        self.allowed.as_ref().map_or(0, FileCursor::next)
    }
}

impl PeopleFilter {
    /// Finds the documents of the people in a filter; `None` if it names nobody.
    fn new(segment: &IndexSegment, filter: &Filter) -> Result<Option<Self>, TantivyError> {
        let documents = |name| posts_of_people(segment, name, &filter.authors);
        let people = documents(column::AUTHOR)?.zip(documents(column::SPEAKER)?);
        Ok(people
            .map(|(written, said)| Self { written: FileCursor::new(written), said: FileCursor::new(said) }))
    }

    fn is_empty(&self) -> bool {
        self.written.files.is_empty() && self.said.files.is_empty()
    }

    fn allows(&mut self, file: DocId, passage: DocId) -> bool {
        self.written.contains(file) || self.said.contains(passage)
    }
}

impl FileCursor {
    fn new(files: Vec<DocId>) -> Self {
        Self { files, position: 0 }
    }

    fn contains(&mut self, file: DocId) -> bool {
        self.position += self.files[self.position..].iter().take_while(|&&doc| doc < file).count();
        self.files.get(self.position) == Some(&file)
    }

    /// The first file that was not passed.
    fn next(&self) -> DocId {
        self.files.get(self.position).copied().unwrap_or(TERMINATED)
    }
}

/// Returns the posts with one of the ids in a column. Here and below, `None` means that nothing is filtered.
fn posts_with_names(
    segment: &IndexSegment,
    name: &str,
    ids: &[String],
) -> Result<Option<Vec<DocId>>, TantivyError> {
    posts_with_texts(segment, name, ids, |column, id| exact_ordinal(column, id))
}

fn posts_with_ids(
    segment: &IndexSegment,
    filter: &Filter,
    id_field: Field,
) -> Result<Option<Vec<DocId>>, TantivyError> {
    if filter.posts.is_empty() {
        return Ok(None);
    }
    let mut files = Vec::with_capacity(filter.posts.len());
    for id in &filter.posts {
        files.extend(segment.files_with_id(id_field, id)?);
    }
    files.sort_unstable();
    files.dedup();
    Ok(Some(files))
}

fn posts_of_people(
    segment: &IndexSegment,
    column: &str,
    names: &[String],
) -> Result<Option<Vec<DocId>>, TantivyError> {
    posts_with_texts(segment, column, names, |column, name| spelling_ordinals(column, &fold_name(name)))
}

fn posts_of_years(segment: &IndexSegment, filter: &Filter) -> Result<Option<Vec<DocId>>, TantivyError> {
    let Some(years) = filter.years else { return Ok(None) };
    let range = i64::from(years.first)..=i64::from(years.last);
    let Some(column) = segment.i64_column(column::YEAR)? else { return Ok(Some(Vec::new())) };
    Ok(Some(docs_with_values(segment, &column, &[range])))
}

fn unpublished_posts(segment: &IndexSegment, filter: &Filter) -> Result<Vec<DocId>, TantivyError> {
    let now = filter.visible_at.as_second();
    let column = segment.i64_column(column::UNPUBLISHED)?.filter(|column| column.max_value() > now);
    Ok(column.map(|column| docs_with_values(segment, &column, &[now + 1..=i64::MAX])).unwrap_or_default())
}

/// Returns the documents with one of the texts in a column. `ordinals` gives the ordinals of a text in the column's
/// dictionary.
fn posts_with_texts<T>(
    segment: &IndexSegment,
    name: &str,
    texts: &[T],
    ordinals: impl Fn(&StrColumn, &T) -> Result<Range<u64>, TantivyError>,
) -> Result<Option<Vec<DocId>>, TantivyError> {
    if texts.is_empty() {
        return Ok(None);
    }
    let Some(column) = segment.text_column(name)? else { return Ok(Some(Vec::new())) };
    let mut ranges = Vec::with_capacity(texts.len());
    for text in texts {
        let range = ordinals(&column, text)?;
        if !range.is_empty() {
            ranges.push(range.start..=range.end - 1);
        }
    }
    Ok(Some(docs_with_values(segment, column.ords(), &ranges)))
}

/// Returns the documents with a value in one of the ranges, in order.
fn docs_with_values<T>(segment: &IndexSegment, column: &Column<T>, ranges: &[RangeInclusive<T>]) -> Vec<DocId>
where
    T: PartialOrd + Copy + std::fmt::Debug + Send + Sync + 'static,
{
    let (min, max) = (column.min_value(), column.max_value());
    let mut docs = Vec::new();
    for range in ranges {
        let (from, to) = (*range.start(), *range.end());
        if to < min || from > max {
            continue; // tantivy would move the range to the nearest value
        }
        let clamped = if from < min { min } else { from }..=if to > max { max } else { to };
        let mut matches = Vec::new();
        column.get_docids_for_value_range(clamped, 0..segment.reader.max_doc(), &mut matches);
        docs.append(&mut matches);
    }
    docs.sort_unstable();
    docs.dedup();
    docs
}

fn exact_ordinal(column: &StrColumn, text: &str) -> Result<Range<u64>, TantivyError> {
    Ok(column.dictionary().term_ord(text)?.map_or(0..0, |ordinal| ordinal..ordinal + 1))
}

/// Returns the ordinals of all spellings with the same folded name.
fn spelling_ordinals(column: &StrColumn, folded: &str) -> Result<Range<u64>, TantivyError> {
    let from = format!("{folded}{SEPARATOR}");
    let to = format!("{folded}\u{1}");
    let bounds = column.dictionary().term_bounds_to_ord(Bound::Included(from), Bound::Excluded(to))?;
    let count = column.num_terms() as u64;
    Ok(match bounds {
        (Bound::Included(from), Bound::Excluded(to)) => from..to,
        (Bound::Included(from), Bound::Included(to)) => from..to + 1,
        (Bound::Included(from), Bound::Unbounded) => from..count,
        // The lower bound is always included.
        _ => 0..0,
    })
}

/// Returns the documents of both sorted lists.
fn intersection(left: &[DocId], right: &[DocId]) -> Vec<DocId> {
    let mut right = FileCursor::new(right.to_vec());
    left.iter().copied().filter(|&file| right.contains(file)).collect()
}
