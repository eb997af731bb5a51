//! The card of a person, a topic, a project or a company: how much the posts mention it, where, from when to when, and the
//! best points.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use super::lines::{self, Line, points_of_posts, topic_lines};
use super::mentions::first_and_last;
use super::picked_lines::PickedLines;
use super::scoped_posts::{MAX_POSTS, ScopedPosts};
use super::weak_lines::leave_out_foreign;
use super::{DraftGroup, assemble};
use crate::{
    answer_type::AnswerType,
    engine::{AnswerError, Engine, Request},
    find_name::{find_authors_by_name, find_topic_by_name, name_key},
    named_overview::{CardSubject, Subject},
    people::{is_given_name, may_be_person},
    plan::QueryPlan,
    question_syntax::{QuestionWord, overlap},
    resolve::{ExplicitScope, NameRole},
    shape_words::{is_kind_of_name, is_person_word},
};
use takeaways_corpus::entities::{EntityKind, EntityTable};
use takeaways_corpus::topics::TopicTable;
use takeaways_search::{Facets, Filter, fold_name};
use takeaways_text::model::{
    Card, CardKind, Event, EventId, GroupTitle, Overview, Post, PostId, Question, QuestionShape, Scope,
    Shape, Years,
};
use takeaways_text::person_names::is_name_word;
use takeaways_text::tokens::{
    folding::{fold, folded_words},
    is_any_stop_word, is_stop_word,
};
use takeaways_text::translations::is_english_word;

/// The maximum number of lines of a card.
const LINES_OF_CARD: usize = 6;
/// The maximum number of lines of a post.
const LINES_OF_POST: usize = 2;

/// Who or what is meant.
pub(super) struct CardTarget {
    pub kind: CardKind,
    /// The id of a thing; the name of a person.
    pub id: String,
    pub name: String,
}

/// Returns the card of who or what a request names; `None` if it names nothing that posts mention, or several people.
pub(super) fn card(
    engine: &Engine,
    plan: &QueryPlan,
    wanted: CardSubject,
) -> Result<Option<Overview>, AnswerError> {
    let facets = engine.index().facets(plan.request.now)?;
    let name = plan.request.question.text();
    let known = match wanted {
        CardSubject::Person => find_person(name, &facets),
        CardSubject::Thing => find_thing(name, &facets).or_else(|| find_person(name, &facets)),
    };
    // Posts may name a person of whom they hold no words.
    let is_only_named = known.is_none() && wanted == CardSubject::Person && is_only_named(name, &facets);
    let named = known.or_else(|| is_only_named.then(|| CardTarget::person(name)));
    let Some(named) = named else { return Ok(None) };
    let mut plan = plan.clone();
    match plan.explicit_scope {
        ExplicitScope::Empty => return Ok(None),
        ExplicitScope::Posts => {}
        // The name may be part of an event's name, or an author's.
        ExplicitScope::Unset => {
            plan.scope = Scope::default();
            plan.events.clear();
        }
    }
    if named.kind == CardKind::Person {
        plan.scope.authors = vec![named.id.clone()];
    }
    let (posts, all) = engine.index().posts_in(&named.filter(&plan), MAX_POSTS)?;
    if posts.is_empty() && !is_only_named {
        return Ok(None);
    }
    let mut lines: Vec<Line> =
        points_of_posts(&posts, &plan).into_iter().filter(|line| named.is_mentioned_in(line)).collect();
    let mut scoped = ScopedPosts::new(posts, all);
    let has_own = !lines.is_empty();
    if named.kind == CardKind::Person {
        if is_only_named || facets.speakers.binary_search(&named.id).is_ok() {
            // Who wrote no post is known by those that name them.
            plan.scope.authors.clear();
            add_posts_naming(engine, &named, &plan, &mut scoped)?;
            lines.extend(lines_naming(engine, &named.name, &plan.request)?);
            leave_out_foreign(&mut lines, plan.language);
            if lines.is_empty() && is_only_named {
                return Ok(None);
            }
        } else if !has_own {
            lines = lines_naming(engine, &named.name, &plan.request)?;
        }
    } else if !has_own {
        lines = topic_lines(engine, &plan, Shape::Takeaways)?;
    }
    if named.kind == CardKind::Person
        && let Some(at) = lines.iter().position(|line| describes(line, &named.name))
        && let Some(before) = lines.get_mut(..=at)
    {
        before.rotate_right(1);
    }
    let mut picked = PickedLines::new(plan.request.limits);
    let per_author = if named.kind == CardKind::Person && has_own { LINES_OF_CARD } else { 1 };
    let lines =
        picked.pick_or_shortest(&lines::at_most_of_post(lines, LINES_OF_POST), LINES_OF_CARD, per_author);
    let group = DraftGroup::of_lines(GroupTitle::Also, scoped.posts.len(), lines);
    let events = count_events(&scoped.posts);
    let mut of_card = named.filter(&plan);
    if named.kind == CardKind::Person {
        of_card.posts = scoped.posts.iter().map(|post| post.id.clone()).collect();
    }
    let mentions = first_and_last(engine.index(), &of_card)?;
    let overview = assemble(Shape::Summary, &plan, &scoped, vec![group]);
    let overview = Overview {
        topic: Some(named.name.clone()),
        card: Some(Card { kind: named.kind, name: named.name, events }),
        mentions,
        ..overview
    };
    Ok(Some(overview))
}

/// Returns the card of the person whom a question names, and asks for nothing else: "who is Mira Oakley?" `None` for another question.
pub(super) fn card_of_asked_person(
    engine: &Engine,
    plan: &QueryPlan,
) -> Result<Option<Overview>, AnswerError> {
    let Some(name) = asked_person(plan) else { return Ok(None) };
    let Ok(question) = name.parse::<Question>() else { return Ok(None) };
    let subject = Some(Subject::Card(CardSubject::Person));
    let request = Request { question, subject, ..(*plan.request).clone() };
    let of_name = QueryPlan { language: plan.language, ..engine.plan(&request, NameRole::Subject)? };
    let found = card(engine, &of_name, CardSubject::Person)?;
    Ok(found.filter(|card| !card.excerpts.is_empty()))
}

/// The name of the person whom a question asks who it is, and for nothing else.
fn asked_person(plan: &QueryPlan) -> Option<String> {
    let Scope { events, years, authors, excluded_authors, .. } = &plan.scope;
    let is_limited =
        !events.is_empty() || years.is_some() || !excluded_authors.is_empty() || !plan.series.is_empty();
    let asks_who = plan.answer_type == AnswerType::Who && plan.explicit_scope == ExplicitScope::Unset;
    if plan.request.subject.is_some() || is_limited || !asks_who || !plan.missing.is_empty() {
        return None;
    }
    // The name stands at the end: "who is with Mira Oakley at Acme?" asks for others.
    let is_stop_word = |word: &&QuestionWord| is_stop_word(&word.text, plan.language);
    let words: Vec<&QuestionWord> = plan.question.syntax.words.iter().skip_while(is_stop_word).collect();
    if words.is_empty() || words.iter().any(is_stop_word) {
        return None;
    }
    let name = words.iter().map(|word| word.text.as_str()).collect::<Vec<&str>>().join(" ");
    let is_name = match authors.as_slice() {
        [] => {
            // A single word is often no person: "who is Istio for?" In German all nouns have a capital.
            let is_called = |word: &&QuestionWord| word.text.starts_with(char::is_uppercase);
            let has_given_name = words.first().is_some_and(|word| is_given_name(&fold(&word.text)));
            words.len() > 1
                && has_given_name
                && (plan.concepts.iter().all(|concept| concept.is_name) || words.iter().all(is_called))
        }
        // What is searched for beside the writer is only implied.
        [_] => plan.concepts.iter().all(|concept| concept.text.is_empty()),
        _ => false,
    };
    is_name.then_some(name)
}

/// Whether a line tells right after a name who that is: "Mira Oakley who founded Acme", "Mira Oakley, CTO of Acme", "Mira Oakley (Acme)".
fn describes(line: &Line, name: &str) -> bool {
    let language = line.post.language;
    let tells = |word: &str| language.words().names.describing.contains(word);
    line.text().split(name).skip(1).any(|after| {
        // "Ann Lee (video)" says of nobody who it is.
        let in_brackets = after.strip_prefix(" (").filter(|inside| inside.starts_with(char::is_uppercase));
        let apposition = after.strip_prefix(", ").or(in_brackets);
        let Some(apposition) = apposition else {
            let word = after.strip_prefix(' ').and_then(|after| after.split_whitespace().next());
            return word.is_some_and(tells);
        };
        let apposition = apposition.split([',', '.', ')', ';', ':']).next().unwrap_or_default();
        let Some(first) = apposition.split_whitespace().next() else { return false };
        // "Mira Oakley, Robert Lind and others" lists people.
        let is_name = |part: &str| {
            let words: Vec<&str> = part.split_whitespace().collect();
            (2..=3).contains(&words.len())
                && words.iter().all(|word| is_name_word(word))
                && may_be_person(part)
        };
        // "I met Mira Oakley, because she was there."
        (tells(first) || !is_stop_word(first, language)) && !apposition.split(" and ").any(is_name)
    })
}

/// The question for what posts say of a person of whom they hold no words; `None` for a name of several people, or of something else.
pub(crate) fn named_person(name: &str, facets: &Facets) -> Option<Question> {
    name_phrase(name).filter(|_| is_only_named(name, facets))
}

/// Whether a name may be that of a person of whom posts hold no words. "Nobody" is none.
fn is_only_named(name: &str, facets: &Facets) -> bool {
    let is_word = match folded_words(name).as_slice() {
        [word] => !is_given_name(word) && (is_any_stop_word(word) || is_english_word(word)),
        _ => false,
    };
    may_be_person(name) && !is_word && find_authors_by_name(name, facets).is_empty()
}

fn name_phrase(name: &str) -> Option<Question> {
    format!("\"{}\"", name.replace('"', " ").trim()).parse().ok()
}

/// Adds to the posts with a person's words those that name the person, and counts them among all of the scope.
fn add_posts_naming(
    engine: &Engine,
    named: &CardTarget,
    plan: &QueryPlan,
    scoped: &mut ScopedPosts,
) -> Result<(), AnswerError> {
    let Some(question) = name_phrase(&named.name) else { return Ok(()) };
    let of_name = Request { question, subject: None, ..(*plan.request).clone() };
    let mut query = engine.plan(&of_name, NameRole::Report)?.query();
    query.filter = named.filter(plan);
    query.filter.authors.clear();
    let all = engine.index().count_in(&query.filter)?.posts;
    let mut posts = std::mem::take(&mut scoped.posts);
    let known: HashSet<PostId> = posts.iter().map(|post| post.id.clone()).collect();
    let mut naming: Vec<PostId> =
        engine.index().posts_matching(&query)?.difference(&known).cloned().collect();
    naming.sort();
    for id in naming.into_iter().take(MAX_POSTS.saturating_sub(known.len())) {
        posts.extend(engine.index().post(&id)?);
    }
    *scoped = ScopedPosts::new(posts, all);
    Ok(())
}

/// The lines of others that name a person.
fn lines_naming(engine: &Engine, name: &str, request: &Request) -> Result<Vec<Line>, AnswerError> {
    let Some(question) = name_phrase(name) else { return Ok(Vec::new()) };
    let request = Request { question, subject: None, ..request.clone() };
    let plan = engine.plan(&request, NameRole::Report)?;
    topic_lines(engine, &plan, Shape::Takeaways)
}

/// Returns the card of the conference that a question for events names, or of all; `None` if its scope is a single event.
fn events_card(engine: &Engine, plan: &QueryPlan) -> Result<Option<Overview>, AnswerError> {
    let scope = &plan.scope;
    let is_of_scope = |event: &Event| {
        let is_of_events = if plan.is_of_series() {
            plan.series.contains(&event.series)
        } else {
            scope.events.is_empty() || scope.events.contains(&event.id)
        };
        let is_of_years = |years: Years| event.year.is_some_and(|year| years.contains(year));
        is_of_events && scope.years.is_none_or(is_of_years)
    };
    let facets = engine.index().facets(plan.request.now)?;
    let events = facets.events.iter().filter(|(event, _)| is_of_scope(event));
    let mut events: Vec<(Event, u32)> =
        events.map(|(event, posts)| (event.clone(), u32::try_from(*posts).unwrap_or(u32::MAX))).collect();
    let ScopedPosts { posts, count, .. } = ScopedPosts::read(engine.index(), plan)?;
    if !scope.authors.is_empty() || !plan.request.posts.is_empty() {
        events = count_events(&posts);
    }
    events.sort_by_key(|(event, _)| Reverse((event.year, event.start)));
    if events.len() < 2 {
        return Ok(None);
    }
    let series: BTreeSet<&str> = events.iter().map(|(event, _)| event.series.as_str()).collect();
    let name = if series.len() == 1 { series.first().map(|name| (*name).to_owned()) } else { None };
    let plan = QueryPlan { concepts: Vec::new(), ..plan.clone() };
    let scoped = ScopedPosts::new(posts, count.of as usize);
    let overview = assemble(Shape::List, &plan, &scoped, Vec::new());
    let card = Card { kind: CardKind::Conference, name: name.unwrap_or_default(), events };
    Ok(Some(Overview { card: Some(card), ..overview }))
}

impl CardTarget {
    fn person(name: &str) -> Self {
        Self { kind: CardKind::Person, id: name.to_owned(), name: name.to_owned() }
    }

    /// The posts that mention it.
    fn filter(&self, plan: &QueryPlan) -> Filter {
        let mut filter = plan.filter();
        self.narrow(&mut filter);
        filter
    }

    /// Leaves only the posts that are on this topic, or name this project or company.
    pub fn narrow(&self, filter: &mut Filter) {
        let ids = match self.kind {
            CardKind::Topic => &mut filter.topics,
            CardKind::Project => &mut filter.projects,
            CardKind::Company => &mut filter.companies,
            CardKind::Person | CardKind::Conference => return,
        };
        *ids = vec![self.id.clone()];
    }

    /// Whether a line names it, or is the words of this person.
    fn is_mentioned_in(&self, line: &Line) -> bool {
        let entity = |kind| {
            EntityTable::builtin().position(kind, &self.id).is_some_and(|at| line.entities.contains(&at))
        };
        match self.kind {
            CardKind::Topic => {
                let names_it = |at: &u16| TopicTable::builtin().id_at(*at) == Some(self.id.as_str());
                line.topics.iter().any(names_it)
            }
            CardKind::Project => entity(EntityKind::Project),
            CardKind::Company => entity(EntityKind::Company),
            CardKind::Conference => false,
            CardKind::Person => match line.post.body.speaker_at(line.span) {
                Some(speaker) => fold_name(speaker) == fold_name(&self.id),
                None => line.post.authors.iter().any(|author| fold_name(author) == fold_name(&self.id)),
            },
        }
    }
}

/// The one person with this name.
fn find_person(name: &str, facets: &Facets) -> Option<CardTarget> {
    match find_authors_by_name(name, facets).as_slice() {
        [one] => Some(CardTarget::person(one)),
        _ => None,
    }
}

/// The topic, project or company with this name; else with another name that it has, or with a word of it. Of several the one that
/// most posts mention.
fn find_thing(name: &str, facets: &Facets) -> Option<CardTarget> {
    let mut found = things_called(&name_key(name), facets);
    if found.is_empty() {
        // Another name: "k8s", or words around it.
        let entities = EntityTable::builtin();
        let mentions = entities.mentions(name).into_iter();
        let names = mentions.filter_map(|mention| entities.name(mention.kind, mention.id));
        found = names.flat_map(|name| things_called(&name_key(name), facets)).collect();
    }
    if found.is_empty() {
        found.extend(
            find_topic_by_name(name.trim()).and_then(|id| counted_thing(CardKind::Topic, id, facets)),
        );
    }
    most_mentioned(found)
}

/// The one of some things that most posts mention. Of equal ones the first counts, and so a project before a company and a topic.
pub(super) fn most_mentioned(found: Vec<(u64, CardTarget)>) -> Option<CardTarget> {
    let most = found.iter().map(|(posts, _)| *posts).max()?;
    found.into_iter().find(|(posts, _)| *posts == most).map(|(_, named)| named)
}

/// The projects, companies and topics that posts mention and that have this name or id, each with the number of posts.
pub(super) fn things_called(key: &str, facets: &Facets) -> Vec<(u64, CardTarget)> {
    static CALLED: LazyLock<HashMap<String, Vec<(CardKind, &str)>>> = LazyLock::new(|| {
        let (topics, entities) = (TopicTable::builtin(), EntityTable::builtin());
        let of_kind = |kind, card_kind| {
            entities.ids(kind).map(move |id| (card_kind, id, entities.name(kind, id).unwrap_or(id)))
        };
        let projects = of_kind(EntityKind::Project, CardKind::Project);
        let companies = of_kind(EntityKind::Company, CardKind::Company);
        let topics = topics.ids().map(|id| (CardKind::Topic, id, topics.name(id).unwrap_or(id)));
        let mut called: HashMap<String, Vec<_>> = HashMap::new();
        for (kind, id, name) in projects.chain(companies).chain(topics) {
            for key in BTreeSet::from([id.to_owned(), name_key(name)]) {
                called.entry(key).or_default().push((kind, id));
            }
        }
        called
    });
    let found = CALLED.get(key).into_iter().flatten();
    found.filter_map(|(kind, id)| counted_thing(*kind, id, facets)).collect()
}

/// A project or a company, or a topic, that posts mention, with their number.
fn counted_thing(kind: CardKind, id: &str, facets: &Facets) -> Option<(u64, CardTarget)> {
    let entities = EntityTable::builtin();
    let (counts, name) = match kind {
        CardKind::Project => (&facets.projects, entities.name(EntityKind::Project, id)),
        CardKind::Company => (&facets.companies, entities.name(EntityKind::Company, id)),
        _ => (&facets.topics, TopicTable::builtin().name(id)),
    };
    let (_, posts) = counts.iter().find(|(counted, posts)| counted == id && *posts > 0)?;
    Some((*posts, CardTarget { kind, id: id.to_owned(), name: name.unwrap_or(id).to_owned() }))
}

/// The events of some posts, the most frequent first, then the newest.
pub(super) fn count_events(posts: &[Arc<Post>]) -> Vec<(Event, u32)> {
    let mut counts: BTreeMap<&EventId, (&Event, u32)> = BTreeMap::new();
    for event in posts.iter().filter_map(|post| post.main_event()) {
        counts.entry(&event.id).or_insert((event, 0)).1 += 1;
    }
    let mut counts: Vec<(Event, u32)> =
        counts.into_values().map(|(event, posts)| (event.clone(), posts)).collect();
    counts.sort_by_key(|(event, posts)| (Reverse(*posts), Reverse(event.year)));
    counts
}

/// Whether a question for a count has no words but those of its phrase: "how many recaps do you have?"
fn counts_all_posts(plan: &QueryPlan, shape: &QuestionShape) -> bool {
    let words = &plan.question.syntax.words;
    let is_of_phrase = |word: &QuestionWord| {
        let is_of_others = is_person_word(&word.text) || is_kind_of_name(&word.text);
        shape.words.iter().any(|it| overlap(it, &word.range)) && !is_of_others
    };
    // Words of grammar are no concepts.
    let mut counted = plan.concepts.iter().flat_map(|concept| concept.words.clone());
    counted.all(|at| words.get(at).is_some_and(is_of_phrase))
}

impl Engine {
    /// The card of the events that a question asks for, or of which it counts the recaps; `None` if it asks for neither.
    pub(super) fn card_of_events(
        &self,
        plan: &mut QueryPlan,
        shape: &QuestionShape,
    ) -> Result<Option<Overview>, AnswerError> {
        // The number of recaps is clearest beside the events that they are of.
        let is_of_authors = !plan.scope.authors.is_empty() || !plan.request.posts.is_empty();
        let counts_posts = shape.shape == Shape::Count
            && (plan.names_scope() || is_of_authors || counts_all_posts(plan, shape));
        if counts_posts && is_of_authors {
            plan.leave_out_nouns_of_names();
        }
        if !(shape.asks_for_events() || counts_posts) || plan.has_topic_beside(shape) {
            return Ok(None);
        }
        let card = events_card(self, plan)?;
        let shape = |card: &Overview| if counts_posts { Shape::Count } else { card.shape };
        Ok(card.map(|card| Overview { shape: shape(&card), ..card }))
    }
}

#[cfg(test)]
mod tests;
