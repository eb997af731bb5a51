//! Completes the name of an event, a year, an author or a topic while it is typed, best match first.

use std::borrow::Cow;
use std::cell::RefCell;
use std::cmp::{Ordering, Reverse};
use std::collections::HashMap;
use std::rc::Rc;

use jiff::civil::Date;

use crate::question_syntax::parse_syntax;
use crate::resolve::events_of_whole_text;
use crate::times::years_in_words;
use takeaways_corpus::entities::{EntityKind, EntityTable};
use takeaways_corpus::events::EventTable;
use takeaways_corpus::topics::TopicTable;
use takeaways_search::{AuthorFacet, Facets};
use takeaways_text::model::{Event, Years, YearsError};
use takeaways_text::nearest::typing_errors;
use takeaways_text::tokens::folding::{fold_words, folded_words, truncate};

/// The maximum length of the input that is read, in bytes. No name is longer.
const MAX_INPUT_BYTES: usize = 200;

/// How an input matches a name, best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum NameMatch {
    /// The name begins with the input, or the input is empty.
    Prefix,
    /// Words of the name begin with the words of the input, in any order.
    WordPrefixes,
    /// The input is another name: "kubecon na 19", `k8s`, `SD` for San Diego.
    Alias,
    /// Words of the name and of its other names begin with those of the input: the conference's full name, the country,
    /// a year's last digits.
    OtherName,
    /// Words of the name do, or of other names, but for this number of typing errors.
    TypingErrors { in_other_name: bool, errors: usize },
}

/// The maximum number of names that are returned: Discord shows no more choices.
const MAX_CHOICES: usize = 25;

/// Returns the events that match an input, each with its number of posts, at most 25. They are sorted by the kind of match,
/// then by posts, then by date, newest first.
pub fn complete_events<'f>(input: &str, facets: &'f Facets, today: Date) -> Vec<(&'f Event, u64)> {
    let matches = match_events(input, facets, today).into_iter().take(MAX_CHOICES);
    matches.map(|(_, event, posts)| (event, posts)).collect()
}

/// Returns the events for which an input is another name: "eu 19", `sd`.
pub(crate) fn events_with_other_name<'f>(input: &str, facets: &'f Facets, today: Date) -> Vec<&'f Event> {
    let is_other = |kind: &NameMatch| matches!(kind, NameMatch::Alias | NameMatch::OtherName);
    let matches = match_events(input, facets, today).into_iter();
    matches.filter(|(kind, ..)| is_other(kind)).map(|(_, event, _)| event).collect()
}

fn match_events<'f>(input: &str, facets: &'f Facets, today: Date) -> Vec<(NameMatch, &'f Event, u64)> {
    let input = CompletionInput::new(input);
    let aliased = events_of_whole_text(&parse_syntax(&input.text), facets, today);
    // Many events are in one place, whose names are folded once.
    let places = RefCell::new(HashMap::<&str, Rc<[Vec<String>]>>::new());
    let names_of_place = |place: &'f String| {
        let mut places = places.borrow_mut();
        Rc::clone(places.entry(place.as_str()).or_insert_with(|| input.names_of_place(place).into()))
    };
    let other_names = |event: &&'f Event| {
        let mut others = vec![folded_words(&event.series)];
        others.extend(places_of(event).flat_map(|place| names_of_place(place).to_vec()));
        others.extend(event.city.as_deref().and_then(initials).map(|initials| folded_words(&initials)));
        others.extend(event.year.map(|year| vec![format!("{:02}", year % 100)]));
        others
    };
    let named = |(event, posts): &'f (Event, u64)| NamedValue {
        value: event,
        posts: *posts,
        name: fold_words(&event.label()).into(),
    };
    let match_exactly = |named: &NamedValue<'_, &'f Event>| {
        let by_alias = || aliased.contains(&named.value).then_some(NameMatch::Alias);
        let by_other_name = || input.match_other_names(named, &other_names(&named.value));
        let by_words = || if aliased.is_empty() { by_other_name() } else { by_alias() };
        input.match_label(&named.name).or_else(by_words)
    };
    let events: Vec<_> = facets.events.iter().map(named).collect();
    let by_date = |a: &NamedValue<'_, &Event>, b: &NamedValue<'_, &Event>| {
        (b.value.year, b.value.start).cmp(&(a.value.year, a.value.start))
    };
    input.rank_with_kinds(&events, match_exactly, other_names, by_date, usize::MAX)
}

fn places_of(event: &Event) -> impl Iterator<Item = &String> {
    [&event.region, &event.country, &event.city].into_iter().flatten()
}

/// Returns the years that match an input, newest first. A whole range ("2018-2020") comes first, and then a year by its
/// last two digits. In a range too, two digits are a year of this century.
pub fn complete_years(input: &str, facets: &Facets, today: Date) -> Vec<(Years, u64)> {
    let with_posts = |years: Years| {
        let matches = facets.years.iter().filter(|(year, _)| years.contains(*year));
        (years, matches.map(|(_, posts)| posts).sum())
    };
    let in_words =
        || years_in_words(input, today).filter(|years| years.first != years.last || !is_number(input));
    let range = parse_range(input).or_else(in_words).map(with_posts).filter(|(_, posts)| *posts > 0);
    let input = CompletionInput::new(input);
    // A year that can't be parsed can't be completed.
    let known = facets.years.iter().filter_map(|(year, posts)| {
        let years = year.to_string().parse::<Years>().ok()?;
        let is_short_form = input.words == [format!("{:02}", year % 100)];
        let kind = if is_short_form { NameMatch::Prefix } else { input.match_label(&years.to_string())? };
        Some((Reverse(is_short_form), kind, Reverse(years.first), years, *posts))
    });
    let mut known: Vec<_> = known.collect();
    known.sort_by_key(|(is_short_form, kind, first, ..)| (*is_short_form, *kind, *first));
    range.into_iter().chain(known.into_iter().map(|(.., years, posts)| (years, posts))).collect()
}

/// Whether a name is a short form in capitals.
fn is_acronym(name: &str) -> bool {
    name.chars().count() <= 4 && name.chars().all(|c| c.is_ascii_uppercase())
}

/// Whether an input is one number, which its list completes.
fn is_number(input: &str) -> bool {
    input.trim().bytes().all(|byte| byte.is_ascii_digit())
}

/// Parses a range of years, which may have two digits each.
fn parse_range(input: &str) -> Option<Years> {
    let mut digits = input.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let expanded = match (digits.next()?, digits.next()?, digits.next()) {
        (first, last, None) if first.len() == 2 && last.len() == 2 => format!("20{first}-20{last}"),
        _ => input.to_owned(),
    };
    let range = match expanded.parse::<Years>() {
        // The list offers them in the right order.
        Ok(years) | Err(YearsError::Turned(years)) => years,
        Err(YearsError::Unreadable) => return None,
    };
    (range.first != range.last).then_some(range)
}

/// Returns the authors that match an input, sorted likewise, and at last by name; at most 25.
pub fn complete_authors<'f>(input: &str, facets: &'f Facets) -> Vec<(&'f str, u64)> {
    let input = CompletionInput::new(input);
    let named = |author: &'f AuthorFacet| NamedValue {
        value: author,
        posts: author.posts,
        name: Cow::Borrowed(author.folded.as_str()),
    };
    // Initials that are not those of the input match nothing, and most are not.
    let other_names = |author: &&AuthorFacet| {
        let initials = author.parts().filter_map(|part| part.chars().next());
        let is_initials = author.folded.contains(' ') && initials.eq(input.name.chars());
        if is_initials { vec![vec![input.name.clone()]] } else { OtherNames::new() }
    };
    let matches =
        input.rank_matches(&facets.authors.iter().map(named).collect::<Vec<_>>(), other_names).into_iter();
    matches.map(|(author, posts)| (author.name.as_str(), posts)).collect()
}

/// A topic that matches an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TopicChoice {
    /// Its id in `config/topics.toml`.
    pub id: &'static str,
    /// Its name.
    pub name: &'static str,
}

/// Returns the topics that match an input, sorted likewise, also those without posts; at most 25.
pub fn complete_topics(input: &str, facets: &Facets) -> Vec<TopicChoice> {
    let input = CompletionInput::new(input);
    let table = TopicTable::builtin();
    let posts = |id: &str| facets.topics.iter().find(|(topic, _)| topic == id).map_or(0, |(_, posts)| *posts);
    let named = |id: &'static str| {
        let topic = TopicChoice { id, name: table.name(id)? };
        Some(NamedValue { value: topic, posts: posts(id), name: fold_words(topic.name).into() })
    };
    let other_names =
        |topic: &TopicChoice| table.other_names(topic.id).chain([topic.id]).map(folded_words).collect();
    let matches = input.rank_matches(&table.ids().filter_map(named).collect::<Vec<_>>(), other_names);
    matches.into_iter().map(|(topic, _)| topic).collect()
}

/// Returns the names of topics, projects and companies that posts mention and that match an input, sorted likewise; at most 25.
pub fn complete_things(input: &str, facets: &Facets) -> Vec<(&'static str, u64)> {
    let input = CompletionInput::new(input);
    let (topics, entities) = (TopicTable::builtin(), EntityTable::builtin());
    let topic_names = facets.topics.iter().filter_map(|(id, posts)| {
        let others: Vec<String> = topics.other_names(id).chain([id.as_str()]).map(str::to_owned).collect();
        Some((topics.name(id)?, *posts, others))
    });
    let entity_names = [(EntityKind::Project, &facets.projects), (EntityKind::Company, &facets.companies)]
        .into_iter()
        .flat_map(|(kind, counts)| counts.iter().map(move |(id, posts)| (kind, id, posts)))
        .filter_map(|(kind, id, posts)| Some((entities.name(kind, id)?, *posts, Vec::new())));
    // A topic and a project may have one name. The card shows the one with the most posts.
    let mut best: HashMap<&str, (u64, Vec<String>)> = HashMap::new();
    for (name, posts, others) in topic_names.chain(entity_names) {
        let entry = best.entry(name).or_default();
        entry.0 = entry.0.max(posts);
        entry.1.extend(others);
    }
    let named = |(name, (posts, _)): (&&'static str, &(u64, Vec<String>))| NamedValue {
        value: *name,
        posts: *posts,
        name: fold_words(name).into(),
    };
    let other_names = |name: &&str| {
        let others = best.get(*name).map(|(_, others)| others.as_slice()).unwrap_or_default();
        others.iter().map(|other| folded_words(other)).collect()
    };
    input.rank_matches(&best.iter().map(named).collect::<Vec<_>>(), other_names)
}

/// Something that may be chosen, with the folded name that is shown.
struct NamedValue<'n, T> {
    value: T,
    /// The number of its posts.
    posts: u64,
    /// The words of the name, with one blank between two.
    name: Cow<'n, str>,
}

/// The folded words of each of the other names of something.
type OtherNames = Vec<Vec<String>>;

/// An input, in words.
struct CompletionInput {
    text: String,
    /// Its words without case, accents and punctuation.
    words: Vec<String>,
    /// These words with one blank between two.
    name: String,
}

impl CompletionInput {
    fn new(input: &str) -> Self {
        let text = truncate(input.trim(), MAX_INPUT_BYTES).to_owned();
        Self { words: folded_words(&text), name: fold_words(&text), text }
    }

    fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Returns the folded names of a place. Of a short form all must be typed: "eu" is not the beginning of one of the
    /// United States.
    fn names_of_place(&self, place: &str) -> Vec<Vec<String>> {
        let names = EventTable::builtin().names_of_place(place).iter();
        let is_complete = |name: &&String| !is_acronym(name) || self.words.contains(&name.to_lowercase());
        let names = names.filter(is_complete).map(|name| folded_words(name));
        names.chain([folded_words(place)]).collect()
    }

    /// Returns what matches by its name or its other names, or else what matches but for typing errors; at most 25. Sorts by
    /// the kind of match, by posts, and then by name. The other names are made only of what needs them.
    fn rank_matches<T: Copy>(
        &self,
        all: &[NamedValue<'_, T>],
        other_names: impl Fn(&T) -> OtherNames,
    ) -> Vec<(T, u64)> {
        let match_exactly = |named: &NamedValue<'_, T>| {
            let by_other_name = || self.match_other_names(named, &other_names(&named.value));
            self.match_label(&named.name).or_else(by_other_name)
        };
        let by_name = |a: &NamedValue<'_, T>, b: &NamedValue<'_, T>| a.name.cmp(&b.name);
        let matches = self.rank_with_kinds(all, match_exactly, &other_names, by_name, MAX_CHOICES);
        matches.into_iter().map(|(_, value, posts)| (value, posts)).collect()
    }

    /// Returns at most `limit` of what `match_exactly` matches, or else of what matches but for typing errors, each with the
    /// kind of match. Sorts by that, by posts, and then by `order`.
    fn rank_with_kinds<T: Copy>(
        &self,
        all: &[NamedValue<'_, T>],
        match_exactly: impl Fn(&NamedValue<'_, T>) -> Option<NameMatch>,
        other_names: impl Fn(&T) -> OtherNames,
        order: impl Fn(&NamedValue<'_, T>, &NamedValue<'_, T>) -> Ordering,
        limit: usize,
    ) -> Vec<(NameMatch, T, u64)> {
        let with_kind = |matches: &dyn Fn(&NamedValue<'_, T>) -> Option<NameMatch>| {
            all.iter().filter_map(|named| Some((matches(named)?, named))).collect::<Vec<_>>()
        };
        let mut matches = with_kind(&match_exactly);
        if matches.is_empty() {
            matches = with_kind(&|named| self.match_with_errors(named, &other_names));
        }
        let order = |(kind_a, a): &(NameMatch, &NamedValue<'_, T>),
                     (kind_b, b): &(NameMatch, &NamedValue<'_, T>)| {
            (kind_a, Reverse(a.posts)).cmp(&(kind_b, Reverse(b.posts))).then_with(|| order(a, b))
        };
        if matches.len() > limit {
            matches.select_nth_unstable_by(limit, order);
            matches.truncate(limit);
        }
        matches.sort_by(order);
        matches.into_iter().map(|(kind, named)| (kind, named.value, named.posts)).collect()
    }

    /// Matches the name that is shown.
    fn match_label(&self, name: &str) -> Option<NameMatch> {
        if self.is_empty() {
            return Some(NameMatch::Prefix);
        }
        if self.words.is_empty() {
            return None;
        }
        if name.starts_with(&self.name) {
            return Some(NameMatch::Prefix);
        }
        self.begin_words_of(&name.split(' ')).then_some(NameMatch::WordPrefixes)
    }

    /// Matches the other names, with the words of the one that is shown.
    fn match_other_names<T>(&self, named: &NamedValue<'_, T>, others: &OtherNames) -> Option<NameMatch> {
        if self.words.is_empty() {
            return None;
        }
        if others.contains(&self.words) {
            return Some(NameMatch::Alias);
        }
        let all_words = named.name.split(' ').chain(others.iter().flatten().map(String::as_str));
        self.begin_words_of(&all_words).then_some(NameMatch::OtherName)
    }

    /// Matches the name that is shown, or else all names, but for typing errors.
    fn match_with_errors<T>(
        &self,
        named: &NamedValue<'_, T>,
        other_names: impl Fn(&T) -> OtherNames,
    ) -> Option<NameMatch> {
        if self.words.is_empty() {
            return None;
        }
        let words = named.name.split(' ');
        if let Some(errors) = self.count_typing_errors(&words) {
            return Some(NameMatch::TypingErrors { in_other_name: false, errors });
        }
        let others = other_names(&named.value);
        if others.is_empty() {
            return None;
        }
        let all_words = words.chain(others.iter().flatten().map(String::as_str));
        let errors = self.count_typing_errors(&all_words)?;
        Some(NameMatch::TypingErrors { in_other_name: true, errors })
    }

    /// The number of typing errors after which each word begins a word of these names; `None` if there are too many.
    fn count_typing_errors<'n>(&self, names: &(impl Iterator<Item = &'n str> + Clone)) -> Option<usize> {
        let errors_in = |word: &String| names.clone().filter_map(|name| typing_errors(word, name)).min();
        self.words.iter().map(errors_in).sum()
    }

    /// Whether each word of the input begins one of these words.
    fn begin_words_of<'n>(&self, names: &(impl Iterator<Item = &'n str> + Clone)) -> bool {
        self.words.iter().all(|word| names.clone().any(|name| name.starts_with(word.as_str())))
    }
}

/// The initials of a name of several words: `SD` for San Diego.
fn initials(name: &str) -> Option<String> {
    let words: Vec<&str> = name.split_whitespace().collect();
    (words.len() > 1).then(|| words.iter().filter_map(|word| word.chars().next()).collect())
}

#[cfg(test)]
mod tests;
