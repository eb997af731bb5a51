//! What to try instead, where nothing was found. Each offer is asked before it is made.
//!
//! Questions that have an answer, made from what the posts are about.

use crate::{
    concepts::Concept,
    engine::{AnswerError, Engine, Request},
    matcher::Matcher,
    plan::QueryPlan,
    resolve::ScopeOptions,
};
use jiff::Timestamp;
use takeaways_corpus::topics::TopicTable;
use takeaways_search::{Alternative, Clause, ClauseRole, Filter, Query};
use takeaways_text::{
    model::{Language, Question, Suggestion},
    tokens::{is_boilerplate, tokenize},
};

/// The most offers.
const MAX_SUGGESTIONS: usize = 3;
/// The most questions that are tried for them: each costs as much as an answer.
const MAX_TRIES: usize = 4;

/// Questions near the one that found nothing, each with an answer.
///
/// # Errors
/// Where the index cannot be read.
pub fn offers(engine: &Engine, request: &Request, plan: &QueryPlan) -> Result<Vec<Suggestion>, AnswerError> {
    let mut tried: Vec<String> = Vec::new();
    let mut offers = Vec::new();
    for candidate in candidates(engine, request, plan)? {
        let Ok(question) = candidate.parse::<Question>() else { continue };
        let same = question == request.question && request.scope_options.is_empty();
        if same || tried.iter().any(|other| other.eq_ignore_ascii_case(question.text())) {
            continue;
        }
        if tried.len() == MAX_TRIES || offers.len() == MAX_SUGGESTIONS {
            break;
        }
        tried.push(question.text().to_owned());
        let request = Request { question, scope_options: ScopeOptions::default(), ..request.clone() };
        if engine.has_answer(&request)? {
            offers.push(Suggestion { question: request.question.text().to_owned() });
        }
    }
    Ok(offers)
}

/// In the order of how near they are: another spelling, the same in a wider scope, each topic and name of the
/// question that the recaps know, the event by itself.
fn candidates(engine: &Engine, request: &Request, plan: &QueryPlan) -> Result<Vec<String>, AnswerError> {
    let question = request.question.text();
    let mut out = Vec::new();
    for concept in plan.concepts.iter().filter(|concept| !concept.is_known && !concept.text.is_empty()) {
        if let Some(spelling) = corrected_spelling(engine, request, concept)? {
            out.push(question.replacen(&concept.text, &spelling, 1));
        }
    }
    if !request.scope_options.is_empty() {
        out.push(question.to_owned());
    } else if !plan.scope.is_everything() {
        out.extend(without_scope(plan));
    }
    let topics = TopicTable::builtin();
    let topics_asked_for =
        if plan.concepts.is_empty() { Vec::new() } else { topics.topics_in_text(question) };
    for (topic, _) in topics_asked_for {
        out.extend(topics.name(topic).map(|name| format!("What was said about {name}?")));
    }
    let in_missing = |name: &str| plan.missing.iter().any(|missing| missing.words().contains(name));
    for (name, _) in plan.names().into_iter().filter(|(name, known)| *known && !in_missing(name)) {
        out.push(format!("What was said about {name}?"));
    }
    let facets = engine.index().facets(request.now)?;
    if let [id] = plan.scope.events.as_slice() {
        let event = facets.events.iter().map(|(event, _)| event).find(|event| event.id == *id);
        out.extend(event.map(|event| format!("How was {}?", event.name)));
    }
    Ok(out)
}

/// What the question looks for, without the words that name its scope. `None` where the recaps don't know all of
/// that, or where it is more than one run of words: pieces of a sentence make no question.
fn without_scope(plan: &QueryPlan) -> Option<String> {
    if plan.concepts.iter().any(|concept| !concept.is_known) {
        return None;
    }
    let is_telling = |concept: &&Concept| !concept.text.is_empty() && !is_boilerplate(&concept.text);
    let mut telling: Vec<&Concept> = plan.concepts.iter().filter(is_telling).collect();
    telling.dedup_by(|next, before| next.words == before.words && next.text == before.text);
    let is_run = telling.windows(2).all(|pair| pair[0].words.end == pair[1].words.start);
    let texts: Vec<&str> = telling.iter().map(|concept| concept.text.as_str()).collect();
    (is_run && !texts.is_empty()).then(|| format!("What was said about {}?", texts.join(" ")))
}

/// A word of the posts that is spelled nearly like one that none holds, as the posts write it. Only where the
/// two begin alike and are long enough for that to mean something.
fn corrected_spelling(
    engine: &Engine,
    request: &Request,
    concept: &Concept,
) -> Result<Option<String>, AnswerError> {
    let letters = concept.text.chars().count();
    if letters < 5 || concept.text.contains(' ') {
        return Ok(None);
    }
    let Some(token) = tokenize(&concept.text, Language::En).into_iter().next() else { return Ok(None) };
    let distance = if letters < 9 { 1 } else { 2 };
    let near = engine.index().similar_terms(&token.term, distance, 8)?;
    let alike = |term: &str| term.chars().take(2).eq(token.term.chars().take(2));
    let Some((term, _)) = near.into_iter().find(|(term, frequency)| alike(term) && *frequency > 1) else {
        return Ok(None);
    };
    spelling_in_posts(engine, request, concept, Alternative::term(term))
}

/// A term as a post writes it.
fn spelling_in_posts(
    engine: &Engine,
    request: &Request,
    concept: &Concept,
    term: Alternative,
) -> Result<Option<String>, AnswerError> {
    let filter = Filter { visible_at: request.now, ..Filter::default() };
    let groups = vec![Clause::new(term.clone(), ClauseRole::Must)];
    let hits = engine.index().search(&Query { clauses: groups, filter }, 1)?;
    let concepts = [Concept { alternatives: vec![term], ..concept.clone() }];
    let matcher = Matcher::new(&concepts);
    Ok(hits.first().and_then(|hit| {
        let passage = hit.post.body.passages.get(hit.passage)?;
        let text = hit.post.body.slice(passage.span);
        let found = matcher.scan(text, hit.post.language).into_iter().next()?;
        text.get(found.range).map(str::to_owned)
    }))
}

/// The most examples.
const MAX_EXAMPLES: usize = 4;
/// The most questions that are tried for them: each costs as much as an answer.
const MAX_EXAMPLE_TRIES: usize = 24;

/// Up to four questions that the recaps answer, each about another topic, of the topics and events that most posts are
/// about.
///
/// # Errors
/// Where the index cannot be read.
pub fn examples(engine: &Engine, now: Timestamp) -> Result<Vec<String>, AnswerError> {
    let facets = engine.index().facets(now)?;
    let events: Vec<String> = facets.events.iter().map(|(event, _)| event.label()).collect();
    let mut examples = Vec::new();
    let mut tries = 0;
    for (at, (topic, _)) in facets.topics.iter().enumerate() {
        // Every other one within an event, so that both are seen.
        let within = (at % 2 == 1).then(|| events.get(at / 2 % events.len().max(1))).flatten();
        let within = within.map(|event| format!("what about {topic} at {event}?"));
        for text in within.into_iter().chain([format!("what did people say about {topic}?")]) {
            tries += 1;
            if tries > MAX_EXAMPLE_TRIES || examples.len() == MAX_EXAMPLES {
                return Ok(examples);
            }
            let Ok(question) = text.parse::<Question>() else { continue };
            let request = Request { question, scope_options: ScopeOptions::default(), limit: 1, now };
            if engine.has_answer(&request)? {
                examples.push(text);
                break;
            }
        }
    }
    Ok(examples)
}
