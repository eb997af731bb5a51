//! Makes the questions that may be suggested after a refusal, nearest first, each with what its answer must be about.

use std::{cmp::Reverse, collections::HashSet};

use super::correction::corrected_question;
use crate::{
    candidates::Candidate,
    concepts::{Concept, inverse_frequency},
    engine::{AnswerError, Engine},
    features::Feature,
    find_name::matches_mention,
    parse,
    plan::QueryPlan,
    select::cut_candidate,
    spelling::find_words,
};
use takeaways_corpus::{
    events::{EventMention, EventTable},
    topics::TopicTable,
};
use takeaways_search::Facets;
use takeaways_text::{
    calendar::{is_weekday, month_from_name},
    language,
    model::{Event, Language, PostId},
    tokens::{is_boilerplate, tokenize},
};

/// A question that may be suggested.
#[derive(Debug)]
pub(super) struct Offer<'t> {
    /// The question.
    pub(super) question: String,
    /// What the first excerpt of its answer must be about.
    pub(super) subject: Subject<'t>,
}

/// What a question is about.
#[derive(Debug, Hash)]
pub(super) enum Subject<'t> {
    /// A topic with this id.
    Topic(&'t str),
    /// A name, as posts write it.
    Name(String),
    /// An event as a whole.
    Event,
    /// All that an author writes about.
    Author,
    /// Anything, in words with these spellings.
    Words(Vec<String>),
}

/// The number of offers before one about an event.
const OFFERS_BEFORE_EVENT: usize = 2;

/// Returns the offers: in another spelling, about the question's author, about its names and topics or the nearest topic, and about the
/// nearest event.
pub(super) fn make_offers<'t>(
    engine: &Engine,
    plan: &QueryPlan,
    candidates: &[Candidate],
) -> Result<Vec<Offer<'t>>, AnswerError> {
    let facets = engine.index().facets(plan.request.now)?;
    let event = nearest_event(plan, candidates, &facets);
    let words = plan.language.refusals();
    let about = |name: &str| words.about_topic.fill(&[("topic", name)]);
    let mut offers = Vec::new();
    if let Some((question, spellings)) = corrected_question(engine, plan)? {
        offers.push(Offer { question, subject: Subject::Words(spellings) });
    }
    if let [author] = plan.scope.authors.as_slice() {
        let question = words.about_author.fill(&[("author", author)]);
        offers.push(Offer { question, subject: Subject::Author });
    }
    let names = known_names(plan).into_iter();
    offers.extend(names.map(|name| Offer { question: about(&name), subject: Subject::Name(name) }));
    let table = TopicTable::builtin();
    let mut topics: Vec<&'static str> = Vec::new();
    if !plan.concepts.is_empty() {
        let text = without_events(plan.request.question.text(), plan);
        topics.extend(table.topics_in_text(&text).into_iter().map(|(id, _)| id));
    }
    if topics.is_empty() && offers.is_empty() {
        topics.extend(nearest_topic(plan, candidates, &facets));
    }
    topics.retain(|id| !is_no_offer(id, &facets));
    let offered = topics.into_iter().filter_map(|id| Some((id, table.name_in_sentence(id)?)));
    for (id, name) in offered.filter(|(_, name)| fits_language(name, plan.language)) {
        let other_event = event.filter(|event| !plan.scope.events.contains(&event.id));
        let at_event =
            other_event.map(|event| words.about_topic_at.fill(&[("topic", &name), ("event", &event.name)]));
        let questions = at_event.into_iter().chain([about(&name)]);
        offers.extend(questions.map(|question| Offer { question, subject: Subject::Topic(id) }));
    }
    if let Some(event) = event.or_else(|| newest_event(&facets).filter(|_| is_broad(plan, engine))) {
        let offer =
            Offer { question: words.about_event.fill(&[("event", &event.name)]), subject: Subject::Event };
        offers.insert(offers.len().min(OFFERS_BEFORE_EVENT), offer);
    }
    Ok(offers)
}

/// Whether the English name of a topic fits a sentence of a language. One thing may keep its English name in any language:
/// "service mesh". "Venue, food and organisation" are words of English.
fn fits_language(name: &str, language: Language) -> bool {
    language == Language::En || !(name.contains(',') || name.contains(" and "))
}

/// Returns the names of a question that posts contain. Dates are no names, and neither are events that no post is about.
fn known_names(plan: &QueryPlan) -> Vec<String> {
    let is_missing = |name: &str| plan.missing.iter().any(|missing| missing.words().contains(name));
    let is_date = |name: &str| is_weekday(name) || month_from_name(name).is_some();
    let is_subject = |name: &str| !is_missing(name) && !is_date(name) && name.contains(char::is_alphabetic);
    let names = plan.names().into_iter().filter(|(name, is_known)| *is_known && is_subject(name));
    names.map(|(name, _)| name).collect()
}

/// Returns the text of a question without the events, years and authors that it names: `Open Source Summit` does not ask
/// about open source.
fn without_events(question: &str, plan: &QueryPlan) -> String {
    let text = parse::without_events(question);
    plan.missing.iter().fold(text, |text, missing| text.replace(missing.words(), " "))
}

/// The number of posts on a topic that a question about it does not narrow down enough, if they are a third of all.
const TOO_MANY_POSTS: u64 = 20;

/// Whether no post is about a topic, or so many that a question about it says little.
pub(super) fn is_no_offer(id: &str, facets: &Facets) -> bool {
    let (of_topic, all) = count_posts(id, facets);
    of_topic == 0 || of_topic > TOO_MANY_POSTS && of_topic * 3 > all
}

/// Counts the posts with a topic, and all dated posts.
fn count_posts(id: &str, facets: &Facets) -> (u64, u64) {
    let of_topic = facets.topics.iter().find(|(topic, _)| topic == id).map_or(0, |(_, posts)| *posts);
    (of_topic, facets.years.iter().map(|(_, posts)| posts).sum())
}

/// The number of posts whose topics are compared.
const NEAREST_POSTS: usize = 8;
/// The minimum share of the question, by importance, that an excerpt covers for its topic to count.
const MIN_COVERAGE: f32 = 0.5;
/// The minimum number of posts in which a topic is found.
const MIN_POSTS: usize = 2;

/// Returns the topic of the excerpts that come nearest to the question: the one that most of them name, if topics of
/// many posts count less. `None` if fewer than two posts cover half of the question and name it.
fn nearest_topic(plan: &QueryPlan, candidates: &[Candidate], facets: &Facets) -> Option<&'static str> {
    if !plan.missing.is_empty() {
        return None;
    }
    let table = TopicTable::builtin();
    let mut posts: HashSet<&PostId> = HashSet::new();
    let is_near = |it: &&Candidate| it.features.get(Feature::Coverage) >= MIN_COVERAGE;
    let best = candidates.iter().filter(is_near).filter(|it| posts.insert(&it.post.id)).take(NEAREST_POSTS);
    let named: Vec<HashSet<&str>> = best.map(|candidate| topics_of(candidate, table)).collect();
    let count = |id: &str| named.iter().filter(|topics| topics.contains(id)).count();
    let score = |id: &str| {
        let (of_topic, all) = count_posts(id, facets);
        f32::from(u8::try_from(count(id)).unwrap_or(u8::MAX)) * inverse_frequency(of_topic, all)
    };
    let common = table.ids().filter(|id| count(id) >= MIN_POSTS);
    common.max_by(|a, b| score(a).total_cmp(&score(b)))
}

/// Returns the topics of a post that the shown text of its excerpt names.
fn topics_of<'t>(candidate: &Candidate, table: &'t TopicTable) -> HashSet<&'t str> {
    let lines = shown_lines(candidate);
    let named = lines.iter().flat_map(|line| table.topics_in_text(line)).map(|(id, _)| id);
    named.filter(|id| candidate.post.topics.iter().any(|topic| topic == id)).collect()
}

/// Whether an excerpt is about something and does not only have a word for it: the post's title, the headings over it or
/// its lead-in name it, or the excerpt does more than once. `count` tells how often a line does.
fn is_about(candidate: &Candidate, count: &dyn Fn(&str) -> usize) -> bool {
    let lines = shown_lines(candidate);
    let Some((shown, context)) = lines.split_last() else { return false };
    let title = candidate.post.title.as_deref();
    count(shown) > 1 || context.iter().copied().chain(title).any(|line| count(line) > 0)
}

/// Whether an excerpt is about a topic.
fn is_about_topic(id: &str, candidate: &Candidate) -> bool {
    let named = |line: &str| TopicTable::builtin().topics_in_text(line);
    let count =
        |line: &str| named(line).into_iter().find(|(topic, _)| *topic == id).map_or(0, |(_, count)| count);
    candidate.post.topics.iter().any(|topic| topic == id) && is_about(candidate, &count)
}

/// Returns the text of an excerpt with its lead-in and the headings over it.
fn shown_lines(candidate: &Candidate) -> Vec<&str> {
    let body = &candidate.post.body;
    let mut lines = body.heading_path(candidate.section);
    lines.extend(candidate.lead_in.map(|lead_in| body.slice(lead_in)));
    lines.push(body.slice(cut_candidate(candidate).span));
    lines
}

/// The maximum number of events of a scope that is still one event with what is held beside it.
const MAX_EVENTS: usize = 3;

/// Returns the event of the scope that the best candidate is about, or the one of a small scope, or else the edition that is nearest in
/// time to an event that no post is about (of two the later one), or else the newest edition of a series.
fn nearest_event<'f>(plan: &QueryPlan, candidates: &[Candidate], facets: &'f Facets) -> Option<&'f Event> {
    let events = || facets.events.iter().map(|(event, _)| event);
    let best = candidates.first().and_then(|best| best.post.main_event());
    let of_best = best.filter(|event| plan.scope.events.contains(&event.id));
    if let Some(of_best) = of_best {
        return events().find(|event| event.id == of_best.id);
    }
    if (1..=MAX_EVENTS).contains(&plan.scope.events.len()) {
        let of_scope = facets.events.iter().filter(|(event, _)| plan.scope.events.contains(&event.id));
        return of_scope.max_by_key(|(event, posts)| (*posts, Reverse(&event.id))).map(|(event, _)| event);
    }
    let table = EventTable::builtin();
    let named = plan.missing.iter().flat_map(|missing| table.mentions(missing.words()));
    let Some(named) = named.into_iter().find(|mention| mention.series.is_some()) else {
        let editions = events().filter(|event| plan.series.contains(&event.series));
        return editions.max_by_key(|event| (event.year, event.start, &event.id));
    };
    let series = EventMention { year: None, place: None, ..named.clone() };
    let editions = events().filter(|event| event.year.is_some() && matches_mention(event, &series));
    editions.min_by_key(|event| {
        let year = event.year.unwrap_or_default();
        (named.year.map(|named| year.abs_diff(named)), Reverse(year), &event.id)
    })
}

/// A broad question has only words that are in one of so many passages.
const BROAD_SHARE: u64 = 20;

/// Whether a question has nothing but words that very many posts have, or that ask for an impression as a whole: "what are
/// the trends?".
fn is_broad(plan: &QueryPlan, engine: &Engine) -> bool {
    let passages = engine.index().passages();
    let limit = inverse_frequency(passages / BROAD_SHARE, passages);
    let is_common = |concept: &Concept| concept.is_known && concept.importance <= limit;
    let asks_for_impression = |concept: &Concept| {
        let terms = |word: &str| tokenize(word, plan.language).into_iter().map(|token| token.term);
        let typed: Vec<String> = terms(&concept.text).collect();
        language::all()
            .event_facts
            .impression_words
            .iter()
            .any(|word| terms(word).any(|term| typed.contains(&term)))
    };
    let is_open = |concept: &Concept| {
        !concept.is_name
            && (is_common(concept) || is_boilerplate(&concept.text) || asks_for_impression(concept))
    };
    plan.missing.is_empty() && plan.scope.is_everything() && plan.concepts.iter().all(is_open)
}

/// Returns the newest event that several posts are about, or else the newest of all.
fn newest_event(facets: &Facets) -> Option<&Event> {
    let newest = |min_posts: u64| {
        let events =
            facets.events.iter().filter(|(event, posts)| *posts >= min_posts && event.year.is_some());
        events.map(|(event, _)| event).max_by_key(|event| (event.year, event.start, &event.id))
    };
    newest(MIN_POSTS as u64 + 1).or_else(|| newest(1))
}

impl Subject<'_> {
    /// Whether the first excerpt is about the subject, and does not only have a word for it.
    pub(super) fn is_answered_by(&self, candidates: &[Candidate]) -> bool {
        let Some(best) = candidates.first() else { return false };
        match self {
            Self::Topic(id) => is_about_topic(id, best),
            Self::Name(name) => is_about_name(name, best, candidates),
            Self::Event | Self::Author => true,
            Self::Words(spellings) => {
                let text = shown_lines(best).join("\n").to_lowercase();
                spellings.iter().all(|spelling| text.contains(&spelling.to_lowercase()))
            }
        }
    }
}

/// Whether an excerpt is about a name. All the excerpts together write it mostly as it is typed, and not as a common
/// word in lower case.
fn is_about_name(name: &str, best: &Candidate, candidates: &[Candidate]) -> bool {
    let lower = name.to_lowercase();
    let count_in_all = |words: &str| -> usize {
        candidates.iter().map(|it| find_words(it.post.body.slice(it.span), words).count()).sum()
    };
    let is_common = lower != name && count_in_all(&lower) * 2 > count_in_all(name);
    !is_common && is_about(best, &|line| count_name(line, name))
}

/// Counts the places where a text has a name that is not a part of a longer one: "Ada" in "Ada Lovelace" is.
fn count_name(text: &str, name: &str) -> usize {
    let is_capital = |word: Option<&str>| word.is_some_and(|word| word.starts_with(char::is_uppercase));
    let is_whole = |start: &usize| {
        let (before, after) = (text.get(..*start), text.get(start + name.len()..));
        let before = before.and_then(|it| it.strip_suffix(' ')).and_then(|it| it.rsplit(' ').next());
        let after = after.and_then(|it| it.strip_prefix(' ')).and_then(|it| it.split(' ').next());
        !is_capital(before) && !is_capital(after)
    };
    find_words(text, name).filter(is_whole).count()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        answer_type::AnswerType,
        samples::{self, candidate, post},
    };
    use takeaways_text::model::Missing;

    #[test]
    fn topics_in_the_name_of_an_event_are_not_asked_for() {
        let plan = samples::plan(&["food"]);
        for (question, expected) in [
            ("who came to KubeCon EU 2019?", "who came to                ?"),
            ("food in Narnia", "food in Narnia"),
        ] {
            assert_eq!(without_events(question, &plan), expected);
        }
        let plan = QueryPlan { missing: vec![Missing::Words("Zoo Summit".into())], ..plan };
        assert_eq!(without_events("food at Zoo Summit", &plan), "food at  ");
    }

    #[test]
    fn english_words_are_offered_in_english_only() {
        for (name, language, expected) in [
            ("venue, food and organisation", Language::De, false),
            ("venue, food and organisation", Language::En, true),
            ("service mesh", Language::De, true),
        ] {
            assert_eq!(fits_language(name, language), expected, "{name}");
        }
    }

    #[test]
    fn a_part_of_a_longer_name_does_not_count() {
        for (text, expected) in [
            ("Ada spoke. Then Grace and Ada left.", 2),
            ("Ada Lovelace met Countess Ada.", 0),
            ("Adam and ada", 0),
            ("ask Ada, Countess", 1),
        ] {
            assert_eq!(count_name(text, "Ada"), expected, "{text}");
        }
    }

    #[test]
    fn an_excerpt_is_about_what_its_headings_or_two_of_its_words_name() {
        let words = ["mesh"];
        let post = post(
            "a",
            "# Otters\n\nA mesh helps Ada.\n\n## Ada\n\nThe mesh is young.\n\nAda likes a mesh, says Ada.\n",
        );
        let is_about_ada = |text: &str| {
            let concepts = samples::concepts(&words);
            is_about(&candidate(&post, &concepts, AnswerType::Anything, text), &|line| {
                count_name(line, "Ada")
            })
        };
        assert!(!is_about_ada("A mesh helps Ada."));
        assert!(is_about_ada("The mesh is young."));
        assert!(is_about_ada("Ada likes a mesh, says Ada."));
    }
}
