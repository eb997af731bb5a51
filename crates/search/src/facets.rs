//! What the corpus is made of: events, years, authors, languages and topics, with numbers of posts.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use tantivy::DocId;
use tantivy::columnar::{Column, StrColumn};

use super::documents::language_of;
use super::error::RetrievalError;
use super::names::split_author;
use super::part::Part;
use super::schema::column;
use super::searcher::Searcher;
use takeaways_text::model::{Event, EventId, Language};

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
pub(super) struct Dated {
    pub(super) facets: Arc<Facets>,
    from: i64,
    until: i64,
}

impl Dated {
    /// Whether they hold at this time.
    pub(super) fn hold_at(&self, time: Timestamp) -> bool {
        (self.from..self.until).contains(&time.as_second())
    }
}

/// Counts the posts that may be shown at a time.
pub(super) fn facets(searcher: &Searcher, time: Timestamp) -> Result<Dated, RetrievalError> {
    let mut tally = Tally { now: time.as_second(), from: i64::MIN, until: i64::MAX, ..Tally::default() };
    for (at, part) in searcher.parts().iter().enumerate() {
        tally.add(searcher, at, part)?;
    }
    let events = tally.events(searcher)?;
    let facets = Facets {
        events,
        years: most_first(tally.years),
        authors: most_first(tally.authors.into_values().map(Spellings::best)),
        languages: most_first(tally.languages),
        topics: most_first(tally.topics),
    };
    Ok(Dated { facets: Arc::new(facets), from: tally.from, until: tally.until })
}

#[derive(Default)]
struct Tally {
    now: i64,
    from: i64,
    until: i64,
    years: HashMap<i16, u64>,
    languages: HashMap<Language, u64>,
    topics: HashMap<String, u64>,
    /// By folded name.
    authors: HashMap<String, Spellings>,
    events: BTreeMap<String, Witness>,
}

/// Ways to write one name, with numbers of posts.
#[derive(Default)]
struct Spellings(BTreeMap<String, u64>);

/// The posts about an event, and the one with the smallest id among them.
struct Witness {
    posts: u64,
    id: String,
    part: usize,
    file: DocId,
}

/// A text, how many posts have it, and the first of them (ordinal of the id, file document).
type Counted = (String, u64, (u64, DocId));

/// The posts of one part with a value of a text column.
struct Texts {
    column: Option<StrColumn>,
    /// By ordinal: number of posts, and the one with the smallest id, as in [`Counted`].
    counts: HashMap<u64, (u64, (u64, DocId))>,
}

impl Tally {
    fn add(&mut self, searcher: &Searcher, at: usize, part: &Part) -> Result<(), RetrievalError> {
        let ids: Option<StrColumn> = part.texts(column::ID).map_err(RetrievalError::Search)?;
        let Some(ids) = ids else { return Ok(()) };
        let mut texts = [column::EVENT, column::AUTHOR, column::TOPIC].map(|name| Texts::open(part, name));
        let visible = part.signed(column::VISIBLE).map_err(RetrievalError::Search)?;
        let years = part.signed(column::YEAR).map_err(RetrievalError::Search)?;
        let languages = part.numbers(column::LANGUAGE).map_err(RetrievalError::Search)?;
        for (file, passages) in part.files() {
            if passages.is_none() || !self.sees(visible.as_ref(), file) {
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
            *self.languages.entry(language_of(language.unwrap_or(u64::MAX))).or_default() += 1;
        }
        let [events, authors, topics] = texts;
        self.add_events(searcher, at, events.map_err(RetrievalError::Search)?)?;
        for (author, count, _) in authors.map_err(RetrievalError::Search)?.read()? {
            let (folded, written) = split_author(&author);
            *self.authors.entry(folded.to_owned()).or_default().0.entry(written.to_owned()).or_default() +=
                count;
        }
        for (topic, count, _) in topics.map_err(RetrievalError::Search)?.read()? {
            *self.topics.entry(topic).or_default() += count;
        }
        Ok(())
    }

    /// Whether a post may be shown, noting when that changes.
    fn sees(&mut self, visible: Option<&Column<i64>>, file: DocId) -> bool {
        let Some(from) = visible.and_then(|column| column.first(file)) else { return true };
        if from <= self.now {
            self.from = self.from.max(from);
        } else {
            self.until = self.until.min(from);
        }
        from <= self.now
    }

    fn add_events(&mut self, searcher: &Searcher, at: usize, events: Texts) -> Result<(), RetrievalError> {
        for (event, posts, (_, file)) in events.read()? {
            let id = searcher.id_of(at, file)?;
            match self.events.get_mut(&event) {
                Some(witness) => {
                    witness.posts += posts;
                    if id < witness.id {
                        (witness.id, witness.part, witness.file) = (id, at, file);
                    }
                }
                None => {
                    self.events.insert(event, Witness { posts, id, part: at, file });
                }
            }
        }
        Ok(())
    }

    /// Reads the events from one post each.
    fn events(&mut self, searcher: &Searcher) -> Result<Vec<(Event, u64)>, RetrievalError> {
        let mut events = Vec::with_capacity(self.events.len());
        for (id, witness) in std::mem::take(&mut self.events) {
            let post = searcher.post_at(witness.part, witness.file)?;
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
    fn best(self) -> (String, u64) {
        let posts = self.0.values().sum();
        let best = self.0.into_iter().rev().max_by_key(|(_, count)| *count);
        (best.map(|(name, _)| name).unwrap_or_default(), posts)
    }
}

impl Texts {
    fn open(part: &Part, name: &str) -> Result<Self, tantivy::TantivyError> {
        Ok(Self { column: part.texts(name)?, counts: HashMap::new() })
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
    fn read(self) -> Result<Vec<Counted>, RetrievalError> {
        let Some(column) = self.column else { return Ok(Vec::new()) };
        let mut texts = Vec::with_capacity(self.counts.len());
        for (ordinal, (posts, first)) in self.counts {
            let mut text = String::new();
            let known = column.ord_to_str(ordinal, &mut text);
            known.map_err(|error| RetrievalError::Search(error.into()))?;
            texts.push((text, posts, first));
        }
        Ok(texts)
    }
}

fn most_first<T: Ord>(counts: impl IntoIterator<Item = (T, u64)>) -> Vec<(T, u64)> {
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|(a_value, a), (b_value, b)| b.cmp(a).then_with(|| a_value.cmp(b_value)));
    counts
}
