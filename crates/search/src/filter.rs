//! A query's filter on the posts of one part.

use std::ops::{Bound, Range, RangeInclusive};

use tantivy::columnar::{Column, StrColumn};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet as _, TERMINATED, TantivyError, Term};

use super::query::Filter;
use super::schema::{SchemaFields, column};
use super::segment::IndexSegment;
use crate::facets::{SEPARATOR, fold_name};

/// Which posts of a part may be found. To be asked for one file after another, in order.
pub(super) struct PostFilter {
    /// File documents of the posts that may be found; `None` where all may.
    allowed: Option<FileCursor>,
    /// File documents of the posts that must not be shown yet.
    hidden: FileCursor,
}

/// File documents in order.
#[derive(Default)]
struct FileCursor {
    files: Vec<DocId>,
    at: usize,
}

impl PostFilter {
    /// The filter on this part; `None` where it lets nothing through.
    pub(super) fn new(
        part: &IndexSegment,
        filter: &Filter,
        fields: &SchemaFields,
    ) -> Result<Option<Self>, TantivyError> {
        let mut allowed: Option<Vec<DocId>> = None;
        for files in [
            posts_about_events(part, filter)?,
            posts_of_years(part, filter)?,
            posts_by_authors(part, filter)?,
            posts_with_ids(part, filter, fields.id)?,
        ] {
            let Some(files) = files else { continue };
            let both = match &allowed {
                Some(allowed) => intersection(allowed, &files),
                None => files,
            };
            if both.is_empty() {
                return Ok(None);
            }
            allowed = Some(both);
        }
        let hidden = FileCursor { files: hidden_posts(part, filter)?, at: 0 };
        Ok(Some(Self { allowed: allowed.map(|files| FileCursor { files, at: 0 }), hidden }))
    }

    /// Whether the post of this file document may be found.
    pub(super) fn allows(&mut self, file: DocId) -> bool {
        self.allowed.as_mut().is_none_or(|allowed| allowed.contains(file)) && !self.hidden.contains(file)
    }
}

impl FileCursor {
    fn contains(&mut self, file: DocId) -> bool {
        self.at += self.files[self.at..].iter().take_while(|&&other| other < file).count();
        self.files.get(self.at) == Some(&file)
    }
}

/// The posts about one of the events; `None` where there is nothing to filter by, as below.
fn posts_about_events(part: &IndexSegment, filter: &Filter) -> Result<Option<Vec<DocId>>, TantivyError> {
    posts_with_texts(part, column::EVENT, &filter.events, |column, id| exact_ordinal(column, &id.0))
}

fn posts_with_ids(
    part: &IndexSegment,
    filter: &Filter,
    ids: Field,
) -> Result<Option<Vec<DocId>>, TantivyError> {
    if filter.posts.is_empty() {
        return Ok(None);
    }
    let words = part.reader.inverted_index(ids)?;
    let mut files = Vec::with_capacity(filter.posts.len());
    for id in &filter.posts {
        let term = Term::from_field_text(ids, &id.0);
        let Some(mut postings) = words.read_postings(&term, IndexRecordOption::Basic)? else { continue };
        while postings.doc() != TERMINATED {
            files.push(postings.doc());
            postings.advance();
        }
    }
    files.sort_unstable();
    files.dedup();
    Ok(Some(files))
}

fn posts_by_authors(part: &IndexSegment, filter: &Filter) -> Result<Option<Vec<DocId>>, TantivyError> {
    posts_with_texts(part, column::AUTHOR, &filter.authors, |column, name| {
        spelling_ordinals(column, &fold_name(name))
    })
}

fn posts_of_years(part: &IndexSegment, filter: &Filter) -> Result<Option<Vec<DocId>>, TantivyError> {
    let Some(years) = filter.years else { return Ok(None) };
    let range = i64::from(years.first)..=i64::from(years.last);
    let Some(column) = part.i64_column(column::YEAR)? else { return Ok(Some(Vec::new())) };
    Ok(Some(docs_with_values(part, &column, &[range])))
}

fn hidden_posts(part: &IndexSegment, filter: &Filter) -> Result<Vec<DocId>, TantivyError> {
    let now = filter.visible_at.as_second();
    let column = part.i64_column(column::VISIBLE)?.filter(|column| column.max_value() > now);
    Ok(column.map(|column| docs_with_values(part, &column, &[now + 1..=i64::MAX])).unwrap_or_default())
}

/// The files with one of some texts in a column. `ordinals` gives where a wanted text stands among them.
fn posts_with_texts<T>(
    part: &IndexSegment,
    name: &str,
    wanted: &[T],
    ordinals: impl Fn(&StrColumn, &T) -> Result<Range<u64>, TantivyError>,
) -> Result<Option<Vec<DocId>>, TantivyError> {
    if wanted.is_empty() {
        return Ok(None);
    }
    let Some(column) = part.text_column(name)? else { return Ok(Some(Vec::new())) };
    let mut ranges = Vec::with_capacity(wanted.len());
    for text in wanted {
        let range = ordinals(&column, text)?;
        if !range.is_empty() {
            ranges.push(range.start..=range.end - 1);
        }
    }
    Ok(Some(docs_with_values(part, column.ords(), &ranges)))
}

/// The documents with a value in one of some ranges, in order.
fn docs_with_values<T>(part: &IndexSegment, column: &Column<T>, ranges: &[RangeInclusive<T>]) -> Vec<DocId>
where
    T: PartialOrd + Copy + std::fmt::Debug + Send + Sync + 'static,
{
    let (least, most) = (column.min_value(), column.max_value());
    let mut docs = Vec::new();
    for range in ranges {
        let (from, to) = (*range.start(), *range.end());
        if to < least || from > most {
            continue; // a scan would take the nearest value for one of the range
        }
        let within = if from < least { least } else { from }..=if to > most { most } else { to };
        let mut found = Vec::new();
        column.get_docids_for_value_range(within, 0..part.reader.max_doc(), &mut found);
        docs.append(&mut found);
    }
    docs.sort_unstable();
    docs.dedup();
    docs
}

fn exact_ordinal(column: &StrColumn, text: &str) -> Result<Range<u64>, TantivyError> {
    Ok(column.dictionary().term_ord(text)?.map_or(0..0, |ordinal| ordinal..ordinal + 1))
}

/// All ways to write a name that fold to the same.
fn spelling_ordinals(column: &StrColumn, folded: &str) -> Result<Range<u64>, TantivyError> {
    let from = format!("{folded}{SEPARATOR}");
    let to = format!("{folded}\u{1}");
    let bounds = column.dictionary().term_bounds_to_ord(Bound::Included(from), Bound::Excluded(to))?;
    let all = column.num_terms() as u64;
    Ok(match bounds {
        (Bound::Included(from), Bound::Excluded(to)) => from..to,
        (Bound::Included(from), Bound::Included(to)) => from..to + 1,
        (Bound::Included(from), Bound::Unbounded) => from..all,
        // An ordinal can't be excluded from below, nor be unbounded there: the lower bound is included.
        _ => 0..0,
    })
}

/// What is in both, each in order.
fn intersection(left: &[DocId], right: &[DocId]) -> Vec<DocId> {
    let mut right = FileCursor { files: right.to_vec(), at: 0 };
    left.iter().copied().filter(|&file| right.contains(file)).collect()
}
