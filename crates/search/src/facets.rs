//! What the corpus is made of: events, years, authors, languages and topics, with numbers of posts.
//!
//! Names of people as they are compared.

use crate::{
    documents::language_from_code, error::SearchError, schema::column, searcher::Searcher,
    segment::IndexSegment,
};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
};
use takeaways_text::{
    model::{Event, EventId, Language},
    tokens::folding::{CharClass, char_class, push_lowercase, push_without_accents},
};
use tantivy::{
    DocId,
    columnar::{Column, StrColumn},
};

/// What the posts are about, by whom and from when, each with the number of posts, most posts first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facets {
    /// The events, as the post with the smallest id tells of them.
    pub events: Vec<(Event, u64)>,
    /// The years that posts belong to, as [`super::Filter::years`] sees them.
    pub years: Vec<(i16, u64)>,
    /// The people, in their most frequent spelling.
    pub authors: Vec<(String, u64)>,
    /// The languages.
    pub languages: Vec<(Language, u64)>,
    /// The topics.
    pub topics: Vec<(String, u64)>,
}

/// Facets, and from when until when they hold: posts appear at the time that they are hidden until.
#[derive(Debug, Clone)]
pub(super) struct DatedFacets {
    pub(super) facets: Arc<Facets>,
    from: i64,
    until: i64,
}

impl DatedFacets {
    /// Whether they hold at this time.
    pub(super) fn are_valid_at(&self, time: Timestamp) -> bool {
        (self.from..self.until).contains(&time.as_second())
    }
}

/// Counts the posts that may be shown at a time.
pub(super) fn facets(searcher: &Searcher, time: Timestamp) -> Result<DatedFacets, SearchError> {
    let mut tally =
        FacetCounter { now: time.as_second(), from: i64::MIN, until: i64::MAX, ..FacetCounter::default() };
    for (at, part) in searcher.parts().iter().enumerate() {
        tally.add(searcher, at, part)?;
    }
    let events = tally.events(searcher)?;
    let facets = Facets {
        events,
        years: sort_by_count(tally.years),
        authors: sort_by_count(tally.authors.into_values().map(Spellings::most_frequent)),
        languages: sort_by_count(tally.languages),
        topics: sort_by_count(tally.topics),
    };
    Ok(DatedFacets { facets: Arc::new(facets), from: tally.from, until: tally.until })
}

#[derive(Default)]
struct FacetCounter {
    now: i64,
    from: i64,
    until: i64,
    years: HashMap<i16, u64>,
    languages: HashMap<Language, u64>,
    topics: HashMap<String, u64>,
    /// By folded name.
    authors: HashMap<String, Spellings>,
    events: BTreeMap<String, EventPosts>,
}

/// Ways to write one name, with numbers of posts.
#[derive(Default)]
struct Spellings(BTreeMap<String, u64>);

/// The posts about an event, and the one with the smallest id among them.
struct EventPosts {
    posts: u64,
    id: String,
    segment: usize,
    file: DocId,
}

/// A text, how many posts have it, and the first of them (ordinal of the id, file document).
type TextCount = (String, u64, (u64, DocId));

/// The posts of one part with a value of a text column.
struct TextColumnCounts {
    column: Option<StrColumn>,
    /// By ordinal: number of posts, and the one with the smallest id, as in [`TextCount`].
    counts: HashMap<u64, (u64, (u64, DocId))>,
}

impl FacetCounter {
    fn add(&mut self, searcher: &Searcher, at: usize, part: &IndexSegment) -> Result<(), SearchError> {
        let ids: Option<StrColumn> = part.text_column(column::ID).map_err(SearchError::Search)?;
        let Some(ids) = ids else { return Ok(()) };
        let mut texts =
            [column::EVENT, column::AUTHOR, column::TOPIC].map(|name| TextColumnCounts::open(part, name));
        let visible = part.i64_column(column::VISIBLE).map_err(SearchError::Search)?;
        let years = part.i64_column(column::YEAR).map_err(SearchError::Search)?;
        let languages = part.u64_column(column::LANGUAGE).map_err(SearchError::Search)?;
        for (file, passages) in part.live_files() {
            if passages.is_none() || !self.is_visible(visible.as_ref(), file) {
                continue;
            }
            let id = ids.ords().first(file).unwrap_or(u64::MAX);
            for texts in texts.iter_mut().flatten() {
                texts.add(file, id);
            }
            for year in years.iter().flat_map(|years| years.values_for_doc(file)) {
                *self.years.entry(i16::try_from(year).unwrap_or_default()).or_default() += 1;
            }
            let language = languages.as_ref().and_then(|column| column.first(file));
            *self.languages.entry(language_from_code(language.unwrap_or(u64::MAX))).or_default() += 1;
        }
        let [events, authors, topics] = texts;
        self.add_events(searcher, at, events.map_err(SearchError::Search)?)?;
        for (author, count, _) in authors.map_err(SearchError::Search)?.into_counts()? {
            let (folded, written) = split_author(&author);
            *self.authors.entry(folded.to_owned()).or_default().0.entry(written.to_owned()).or_default() +=
                count;
        }
        for (topic, count, _) in topics.map_err(SearchError::Search)?.into_counts()? {
            *self.topics.entry(topic).or_default() += count;
        }
        Ok(())
    }

    /// Whether a post may be shown, noting when that changes.
    fn is_visible(&mut self, visible: Option<&Column<i64>>, file: DocId) -> bool {
        let Some(from) = visible.and_then(|column| column.first(file)) else { return true };
        if from <= self.now {
            self.from = self.from.max(from);
        } else {
            self.until = self.until.min(from);
        }
        from <= self.now
    }

    fn add_events(
        &mut self,
        searcher: &Searcher,
        at: usize,
        events: TextColumnCounts,
    ) -> Result<(), SearchError> {
        for (event, posts, (_, file)) in events.into_counts()? {
            let id = searcher.post_id_of(at, file)?;
            match self.events.get_mut(&event) {
                Some(witness) => {
                    witness.posts += posts;
                    if id < witness.id {
                        (witness.id, witness.segment, witness.file) = (id, at, file);
                    }
                }
                None => {
                    self.events.insert(event, EventPosts { posts, id, segment: at, file });
                }
            }
        }
        Ok(())
    }

    /// Reads the events from one post each.
    fn events(&mut self, searcher: &Searcher) -> Result<Vec<(Event, u64)>, SearchError> {
        let mut events = Vec::with_capacity(self.events.len());
        for (id, witness) in std::mem::take(&mut self.events) {
            let post = searcher.post_at(witness.segment, witness.file)?;
            let id = EventId(id);
            let event = post.events.iter().find(|event| event.id == id).cloned();
            events.extend(event.map(|event| (event, witness.posts)));
        }
        // Stable: events with as many posts stay in the order of their ids.
        events.sort_by(|(_, a), (_, b)| b.cmp(a));
        Ok(events)
    }
}

impl Spellings {
    /// The most frequent one, and the number of posts with any.
    fn most_frequent(self) -> (String, u64) {
        let posts = self.0.values().sum();
        let best = self.0.into_iter().rev().max_by_key(|(_, count)| *count);
        (best.map(|(name, _)| name).unwrap_or_default(), posts)
    }
}

impl TextColumnCounts {
    fn open(part: &IndexSegment, name: &str) -> Result<Self, tantivy::TantivyError> {
        Ok(Self { column: part.text_column(name)?, counts: HashMap::new() })
    }

    fn add(&mut self, file: DocId, id: u64) {
        let Some(column) = &self.column else { return };
        for text in column.ords().values_for_doc(file) {
            let (posts, first) = self.counts.entry(text).or_insert((0, (id, file)));
            *posts += 1;
            *first = (*first).min((id, file));
        }
    }

    /// The texts themselves, in no order.
    fn into_counts(self) -> Result<Vec<TextCount>, SearchError> {
        let Some(column) = self.column else { return Ok(Vec::new()) };
        let mut texts = Vec::with_capacity(self.counts.len());
        for (ordinal, (posts, first)) in self.counts {
            let mut text = String::new();
            let known = column.ord_to_str(ordinal, &mut text);
            known.map_err(|error| SearchError::Search(error.into()))?;
            texts.push((text, posts, first));
        }
        Ok(texts)
    }
}

fn sort_by_count<T: Ord>(counts: impl IntoIterator<Item = (T, u64)>) -> Vec<(T, u64)> {
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|(a_value, a), (b_value, b)| b.cmp(a).then_with(|| a_value.cmp(b_value)));
    counts
}

/// A name without case, accents, width and punctuation: two names that fold to the same text are the same
/// person.
#[must_use]
pub fn fold_name(name: &str) -> String {
    let (mut out, mut lower) = (String::with_capacity(name.len()), String::new());
    for word in name.split(|c| char_class(c) == CharClass::Gap) {
        lower.clear();
        push_lowercase(word, &mut lower);
        if !lower.is_empty() && !out.is_empty() {
            out.push(' ');
        }
        push_without_accents(&lower, &mut out);
    }
    if out.is_empty() { name.trim().to_lowercase() } else { out }
}

/// Stands between a folded name and the name as written, in the column that holds both: sorts below all text.
pub(super) const SEPARATOR: char = '\0';

/// What the author column holds for a name: found by its folded form, shown as it was written.
pub(super) fn author_key(name: &str) -> String {
    format!("{}{SEPARATOR}{name}", fold_name(name).replace(SEPARATOR, ""))
}

/// The parts of an [`author_key`]: folded, as written.
pub(super) fn split_author(key: &str) -> (&str, &str) {
    key.split_once(SEPARATOR).unwrap_or((key, key))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_without_case_and_punctuation() {
        for (left, right, same) in [
            ("Ana-María Rojas", "ana María rojas", true),
            ("J. Doe", "j doe", true),
            ("Mari\u{301}a", "mar\u{ed}a", true),
            ("J. Doe", "Jane Doe", false),
            ("Mary O'Neil", "mary o’neil", true),
            ("Jürgen Groß", "JURGEN GROSS", true),
            ("Ｊａｎｅ  Doe", "jane doe", true),
            ("山田・太郎", "山田 太郎", true),
            ("Zoe\u{301} de la-Tour", "zoé de la Tour", true),
            ("Ana María", "Anamaria", false),
            ("!?", "!?", true),
        ] {
            assert_eq!(fold_name(left) == fold_name(right), same, "{left} / {right}");
        }
        assert_eq!(split_author(&author_key("J. Doe")), ("j doe", "J. Doe"));
    }
}
