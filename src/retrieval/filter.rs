//! A query's filter on the posts of one part.

use std::ops::Bound;

use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocId, TantivyError};

use super::names::{SEPARATOR, folded};
use super::part::Part;
use super::query::Filter;
use super::schema::column;
use crate::model::Years;

/// Which posts of a part may be found.
pub(super) struct Gate {
    texts: Vec<OneOf>,
    years: Option<(Column<i64>, Years)>,
    /// A post hidden until later than this, in seconds since 1970, is not found.
    visible: Option<(Column<i64>, i64)>,
    /// The last file that was asked for: passages of one post follow each other.
    last: Option<(DocId, bool)>,
}

/// Texts of which a post must have one.
struct OneOf {
    column: Column<u64>,
    ordinals: Vec<u64>,
}

impl Gate {
    /// The filter on this part; `None` where it lets nothing through.
    pub(super) fn new(part: &Part, filter: &Filter) -> Result<Option<Self>, TantivyError> {
        let events = filter.events.iter().map(|id| id.0.as_str());
        let posts = filter.posts.iter().map(|id| id.0.as_str());
        let mut texts = Vec::new();
        for (name, ordinals) in [
            (column::EVENT, exact(part, column::EVENT, events)?),
            (column::ID, exact(part, column::ID, posts)?),
            (column::AUTHOR, authors(part, &filter.authors)?),
        ] {
            let Some(ordinals) = ordinals else { continue };
            match part.texts(name)? {
                Some(column) if !ordinals.is_empty() => {
                    texts.push(OneOf { column: column.ords().clone(), ordinals });
                }
                _ => return Ok(None),
            }
        }
        let years = match filter.years {
            Some(years) => match part.signed(column::YEAR)? {
                Some(column) => Some((column, years)),
                None => return Ok(None),
            },
            None => None,
        };
        let now = filter.visible_at.as_second();
        let visible = part.signed(column::VISIBLE)?.filter(|column| column.max_value() > now);
        Ok(Some(Self { texts, years, visible: visible.map(|column| (column, now)), last: None }))
    }

    /// Whether it lets everything through.
    pub(super) fn is_open(&self) -> bool {
        self.texts.is_empty() && self.years.is_none() && self.visible.is_none()
    }

    /// Whether the post of this file document may be found.
    pub(super) fn lets_through(&mut self, file: DocId) -> bool {
        if let Some((last, answer)) = self.last
            && last == file
        {
            return answer;
        }
        let answer = self.check(file);
        self.last = Some((file, answer));
        answer
    }

    fn check(&self, file: DocId) -> bool {
        let visible = |(column, now): &(Column<i64>, i64)| column.first(file).is_none_or(|from| from <= *now);
        let in_years = |(column, years): &(Column<i64>, Years)| {
            column.values_for_doc(file).any(|year| i16::try_from(year).is_ok_and(|year| years.contains(year)))
        };
        self.visible.as_ref().is_none_or(visible)
            && self.years.as_ref().is_none_or(in_years)
            && self.texts.iter().all(|text| text.has_one(file))
    }
}

impl OneOf {
    fn has_one(&self, file: DocId) -> bool {
        self.column.values_for_doc(file).any(|ordinal| self.ordinals.contains(&ordinal))
    }
}

/// The ordinals of some texts in a column; `None` where there is nothing to filter by.
fn exact<'t>(
    part: &Part,
    name: &str,
    texts: impl ExactSizeIterator<Item = &'t str>,
) -> Result<Option<Vec<u64>>, TantivyError> {
    if texts.len() == 0 {
        return Ok(None);
    }
    let Some(column) = part.texts(name)? else { return Ok(Some(Vec::new())) };
    let mut ordinals = Vec::new();
    for text in texts {
        ordinals.extend(column.dictionary().term_ord(text)?);
    }
    Ok(Some(ordinals))
}

/// The ordinals of all spellings of some authors; `None` where there is nothing to filter by.
fn authors(part: &Part, names: &[String]) -> Result<Option<Vec<u64>>, TantivyError> {
    if names.is_empty() {
        return Ok(None);
    }
    let Some(column) = part.texts(column::AUTHOR)? else { return Ok(Some(Vec::new())) };
    let mut ordinals = Vec::new();
    for name in names {
        ordinals.extend(spellings(&column, &folded(name))?);
    }
    Ok(Some(ordinals))
}

fn spellings(column: &StrColumn, folded: &str) -> Result<std::ops::Range<u64>, TantivyError> {
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
