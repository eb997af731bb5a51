//! Counts the posts of each event, year, author, language, topic, project and company. Folds the names of authors.

use crate::{
    documents::language_from_code,
    error::SearchError,
    schema::column,
    searcher::Searcher,
    segment::{IndexSegment, texts_at},
};
use jiff::Timestamp;
use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};
use takeaways_corpus::metadata::is_person_name;
use takeaways_text::{
    model::{Event, EventId, Language},
    tokens::folding::fold_words,
};
use tantivy::{
    DocId,
    columnar::{Column, StrColumn},
};

/// Events, years, authors, languages, topics, projects and companies, each with its number of posts, the most frequent
/// first.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Facets {
    /// The events, as in the post with the smallest id.
    pub events: Vec<(Event, u64)>,
    /// The years of the posts, as for [`crate::Filter::years`].
    pub years: Vec<(i16, u64)>,
    /// The authors, and the people whose own words posts hold.
    pub authors: Vec<AuthorFacet>,
    /// Those among the authors who wrote no post, and only speak in posts of others, sorted.
    pub speakers: Vec<String>,
    /// The languages.
    pub languages: Vec<(Language, u64)>,
    /// The topics.
    pub topics: Vec<(String, u64)>,
    /// The projects that posts name.
    pub projects: Vec<(String, u64)>,
    /// The companies that posts name.
    pub companies: Vec<(String, u64)>,
}

/// An author, or a person whose own words posts hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthorFacet {
    /// The name in its most frequent spelling.
    pub name: String,
    /// The name as [`fold_name`] gives it. Each question is compared with all of them.
    pub folded: String,
    /// The number of posts.
    pub posts: u64,
}

impl AuthorFacet {
    /// An author with this number of posts.
    pub fn new(name: &str, posts: u64) -> Self {
        Self { name: name.to_owned(), folded: fold_name(name), posts }
    }

    /// The folded words of the name.
    pub fn parts(&self) -> impl Iterator<Item = &str> + Clone {
        self.folded.split(' ')
    }
}

/// Facets with the time in which they are valid, in seconds since 1970. It ends when a hidden post becomes visible.
#[derive(Debug, Clone)]
pub(super) struct DatedFacets {
    pub(super) facets: Arc<Facets>,
    from: i64,
    until: i64,
}

impl DatedFacets {
    /// Whether the facets are valid at a time.
    pub(super) fn are_valid_at(&self, time: Timestamp) -> bool {
        (self.from..self.until).contains(&time.as_second())
    }
}

/// Counts the facets of the posts that may be shown at a time.
pub(super) fn count_facets(searcher: &Searcher, time: Timestamp) -> Result<DatedFacets, SearchError> {
    let mut counter =
        FacetCounter { now: time.as_second(), from: i64::MIN, until: i64::MAX, ..FacetCounter::default() };
    for (segment_ord, segment) in searcher.segments.iter().enumerate() {
        counter.add(searcher, segment_ord, segment)?;
    }
    let events = counter.take_events(searcher)?;
    let writers = counter.writers;
    let people = counter.authors.into_iter();
    let people = people.map(|(folded, spellings)| {
        let (name, posts) = spellings.most_frequent();
        AuthorFacet { name, folded, posts }
    });
    // A quotation may be that of an account: "OpenFaaS".
    let is_person = |it: &AuthorFacet| writers.contains(&it.folded) || is_person_name(&it.name);
    let mut authors: Vec<AuthorFacet> = people.filter(is_person).collect();
    authors.sort_by(|a, b| b.posts.cmp(&a.posts).then_with(|| a.name.cmp(&b.name)));
    let is_speaker = |it: &&AuthorFacet| !writers.contains(&it.folded);
    let mut speakers: Vec<String> =
        authors.iter().filter(is_speaker).map(|author| author.name.clone()).collect();
    speakers.sort();
    let facets = Facets {
        events,
        years: sort_by_count(counter.years),
        authors,
        speakers,
        languages: sort_by_count(counter.languages),
        topics: sort_by_count(counter.topics),
        projects: sort_by_count(counter.projects),
        companies: sort_by_count(counter.companies),
    };
    Ok(DatedFacets { facets: Arc::new(facets), from: counter.from, until: counter.until })
}

#[derive(Default)]
struct FacetCounter {
    now: i64,
    from: i64,
    until: i64,
    years: HashMap<i16, u64>,
    languages: HashMap<Language, u64>,
    topics: HashMap<String, u64>,
    projects: HashMap<String, u64>,
    companies: HashMap<String, u64>,
    /// By folded name.
    authors: HashMap<String, Spellings>,
    /// The folded names of those who wrote a post.
    writers: HashSet<String>,
    events: BTreeMap<String, EventPosts>,
}

/// The spellings of one name, with numbers of posts.
#[derive(Default)]
struct Spellings(BTreeMap<String, u64>);

/// The number of posts about an event, and the post with the smallest id.
struct EventPosts {
    posts: u64,
    id: String,
    segment_ord: usize,
    file: DocId,
}

/// A text, the number of posts with it, and the first of them (ordinal of the id, file document).
type TextCount = (String, u64, (u64, DocId));

/// The counts of the values of a text column in one segment.
struct TextColumnCounts {
    column: Option<StrColumn>,
    /// By ordinal: the number of posts and the first of them, as in [`TextCount`].
    counts: HashMap<u64, (u64, (u64, DocId))>,
}

impl FacetCounter {
    fn add(
        &mut self,
        searcher: &Searcher,
        segment_ord: usize,
        segment: &IndexSegment,
    ) -> Result<(), SearchError> {
        let ids: Option<StrColumn> = segment.text_column(column::ID).map_err(SearchError::Search)?;
        let Some(ids) = ids else { return Ok(()) };
        let mut texts =
            [column::EVENT, column::AUTHOR, column::SPEAKER, column::TOPIC, column::PROJECT, column::COMPANY]
                .map(|name| TextColumnCounts::open(segment, name));
        let unpublished = segment.i64_column(column::UNPUBLISHED).map_err(SearchError::Search)?;
        let unpublished = unpublished.filter(|_| searcher.hides_unpublished);
        let years = segment.i64_column(column::YEAR).map_err(SearchError::Search)?;
        let languages = segment.u64_column(column::LANGUAGE).map_err(SearchError::Search)?;
        for file in segment.live_posts() {
            if !self.is_visible(unpublished.as_ref(), file) {
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
        let [events, authors, speakers, topics, projects, companies] = texts;
        self.add_events(searcher, segment_ord, events.map_err(SearchError::Search)?)?;
        // No author of a post is one of its speakers, so each post counts once for a person.
        for (people, writes) in [(authors, true), (speakers, false)] {
            for (person, count, _) in people.map_err(SearchError::Search)?.into_counts()? {
                let (folded, spelling) = split_author(&person);
                if writes {
                    self.writers.insert(folded.to_owned());
                }
                let spellings = &mut self.authors.entry(folded.to_owned()).or_default().0;
                *spellings.entry(spelling.to_owned()).or_default() += count;
            }
        }
        for (ids, counts) in
            [(topics, &mut self.topics), (projects, &mut self.projects), (companies, &mut self.companies)]
        {
            for (id, count, _) in ids.map_err(SearchError::Search)?.into_counts()? {
                *counts.entry(id).or_default() += count;
            }
        }
        Ok(())
    }

    /// Whether a post may be shown. Narrows the time in which the facets are valid.
    fn is_visible(&mut self, unpublished: Option<&Column<i64>>, file: DocId) -> bool {
        let Some(from) = unpublished.and_then(|column| column.first(file)) else { return true };
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
        segment_ord: usize,
        events: TextColumnCounts,
    ) -> Result<(), SearchError> {
        for (event, posts, (_, file)) in events.into_counts()? {
            let id = searcher.post_id_of(segment_ord, file)?;
            match self.events.get_mut(&event) {
                Some(counted) => {
                    counted.posts += posts;
                    if id < counted.id {
                        (counted.id, counted.segment_ord, counted.file) = (id, segment_ord, file);
                    }
                }
                None => {
                    self.events.insert(event, EventPosts { posts, id, segment_ord, file });
                }
            }
        }
        Ok(())
    }

    /// Takes the events out of the counter and reads each from one post.
    fn take_events(&mut self, searcher: &Searcher) -> Result<Vec<(Event, u64)>, SearchError> {
        let mut events = Vec::with_capacity(self.events.len());
        for (id, counted) in std::mem::take(&mut self.events) {
            let post = searcher.post_at(counted.segment_ord, counted.file)?;
            let id = EventId(id);
            let event = post.events.iter().find(|event| event.id == id).cloned();
            events.extend(event.map(|event| (event, counted.posts)));
        }
        // A stable sort: events with equal counts stay in the order of their ids.
        events.sort_by(|(_, a), (_, b)| b.cmp(a));
        Ok(events)
    }
}

impl Spellings {
    /// Returns the most frequent spelling, and the number of posts with any.
    fn most_frequent(self) -> (String, u64) {
        let posts = self.0.values().sum();
        let best = self.0.into_iter().rev().max_by_key(|(_, count)| *count);
        (best.map(|(name, _)| name).unwrap_or_default(), posts)
    }
}

impl TextColumnCounts {
    fn open(segment: &IndexSegment, name: &str) -> Result<Self, tantivy::TantivyError> {
        Ok(Self { column: segment.text_column(name)?, counts: HashMap::new() })
    }

    fn add(&mut self, file: DocId, id: u64) {
        let Some(column) = &self.column else { return };
        for text in column.ords().values_for_doc(file) {
            let (posts, first) = self.counts.entry(text).or_insert((0, (id, file)));
            *posts += 1;
            *first = (*first).min((id, file));
        }
    }

    /// Returns the texts with their counts, unordered.
    fn into_counts(self) -> Result<Vec<TextCount>, SearchError> {
        let Some(column) = self.column else { return Ok(Vec::new()) };
        let ordinals: Vec<Option<u64>> = self.counts.keys().copied().map(Some).collect();
        let texts = texts_at(&column, &ordinals).map_err(SearchError::Search)?;
        let counted = texts.into_iter().zip(self.counts.into_values());
        Ok(counted.filter_map(|(text, (posts, first))| Some((text?, posts, first))).collect())
    }
}

fn sort_by_count<T: Ord>(counts: impl IntoIterator<Item = (T, u64)>) -> Vec<(T, u64)> {
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by(|(a_value, a), (b_value, b)| b.cmp(a).then_with(|| a_value.cmp(b_value)));
    counts
}

/// Returns a name without case, accents, width and punctuation. Names with the same folded form are the same person.
pub fn fold_name(name: &str) -> String {
    let folded = fold_words(name);
    if folded.is_empty() { name.trim().to_lowercase() } else { folded }
}

/// Separates the folded name from the name as written in the column of authors. It sorts below all text.
pub(super) const SEPARATOR: char = '\0';

/// Returns the value of an author in the column: the folded name for comparing, then the name as written.
pub(super) fn author_key(name: &str) -> String {
    format!("{}{SEPARATOR}{name}", fold_name(name).replace(SEPARATOR, ""))
}

/// Splits an [`author_key`] into the folded name and the name as written.
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
