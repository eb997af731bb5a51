//! Suggests questions after a refusal, and example questions. Each one is searched first, so that it has an answer.

use crate::{
    concepts::{Concept, MAX_CORRECTIONS},
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

/// The maximum number of suggestions.
const MAX_SUGGESTIONS: usize = 3;
/// The maximum number of questions that are tried for suggestions. Each costs as much as an answer.
const MAX_TRIES: usize = 4;

/// Suggests questions near a refused one, each with an answer.
///
/// # Errors
/// If the index can't be read.
pub fn suggest(engine: &Engine, request: &Request, plan: &QueryPlan) -> Result<Vec<Suggestion>, AnswerError> {
    let mut tried: Vec<String> = Vec::new();
    let mut suggestions = Vec::new();
    for text in similar_questions(engine, request, plan)? {
        let Ok(question) = text.parse::<Question>() else { continue };
        let is_same = question == request.question && request.scope_options.is_empty();
        if is_same || tried.iter().any(|tried| tried.eq_ignore_ascii_case(question.text())) {
            continue;
        }
        if tried.len() == MAX_TRIES || suggestions.len() == MAX_SUGGESTIONS {
            break;
        }
        tried.push(question.text().to_owned());
        let request = Request { question, scope_options: ScopeOptions::default(), ..request.clone() };
        if engine.has_answer(&request)? {
            suggestions.push(Suggestion { question: request.question.text().to_owned() });
        }
    }
    Ok(suggestions)
}

/// Returns similar questions, nearest first: with another spelling, in a wider scope, about each topic and name of the
/// question that posts contain, and about the event alone.
fn similar_questions(
    engine: &Engine,
    request: &Request,
    plan: &QueryPlan,
) -> Result<Vec<String>, AnswerError> {
    let question = request.question.text();
    let mut questions = Vec::new();
    let unknown = plan.concepts.iter().filter(|concept| !concept.is_known && !concept.text.is_empty());
    for concept in unknown.take(MAX_CORRECTIONS) {
        if let Some(spelling) = corrected_spelling(engine, request, concept)? {
            questions.push(question.replacen(&concept.text, &spelling, 1));
        }
    }
    if !request.scope_options.is_empty() {
        questions.push(question.to_owned());
    } else if !plan.scope.is_everything() {
        questions.extend(without_scope(plan));
    }
    let words = plan.language.refusals();
    let about = |topic: &str| words.about_topic.fill(&[("topic", topic)]);
    let topics = TopicTable::builtin();
    let named_topics = if plan.concepts.is_empty() { Vec::new() } else { topics.topics_in_text(question) };
    for (topic, _) in named_topics {
        questions.extend(topics.name(topic).map(about));
    }
    let is_missing = |name: &str| plan.missing.iter().any(|missing| missing.words().contains(name));
    for (name, _) in plan.names().into_iter().filter(|(name, is_known)| *is_known && !is_missing(name)) {
        questions.push(about(&name));
    }
    let facets = engine.index().facets(request.now)?;
    if let [id] = plan.scope.events.as_slice() {
        let event = facets.events.iter().map(|(event, _)| event).find(|event| event.id == *id);
        questions.extend(event.map(|event| words.about_event.fill(&[("event", &event.name)])));
    }
    Ok(questions)
}

/// Returns a question about the concepts without the scope. `None` if posts don't contain all of them, or if they are
/// not one run of words, because pieces of a sentence don't make a question.
fn without_scope(plan: &QueryPlan) -> Option<String> {
    if plan.concepts.iter().any(|concept| !concept.is_known) {
        return None;
    }
    let has_content = |concept: &&Concept| !concept.text.is_empty() && !is_boilerplate(&concept.text);
    let mut concepts: Vec<&Concept> = plan.concepts.iter().filter(has_content).collect();
    concepts.dedup_by(|next, before| next.words == before.words && next.text == before.text);
    let is_run = concepts.windows(2).all(|pair| pair[0].words.end == pair[1].words.start);
    let texts: Vec<&str> = concepts.iter().map(|concept| concept.text.as_str()).collect();
    let topic = texts.join(" ");
    (is_run && !texts.is_empty()).then(|| plan.language.refusals().about_topic.fill(&[("topic", &topic)]))
}

/// Returns a similar word of the posts, as they write it, for a word that no post contains. The two have the same first
/// letters, and short words are not corrected.
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
    let has_same_start = |term: &str| term.chars().take(2).eq(token.term.chars().take(2));
    let Some((term, _)) = near.into_iter().find(|(term, frequency)| has_same_start(term) && *frequency > 1)
    else {
        return Ok(None);
    };
    spelling_in_posts(engine, request, concept, Alternative::term(term))
}

/// Returns a term as a post writes it.
fn spelling_in_posts(
    engine: &Engine,
    request: &Request,
    concept: &Concept,
    term: Alternative,
) -> Result<Option<String>, AnswerError> {
    let filter = Filter { visible_at: request.now, ..Filter::default() };
    let clauses = vec![Clause::new(term.clone(), ClauseRole::Must)];
    let hits = engine.index().search(&Query { clauses, filter }, 1)?;
    let concepts = [Concept { alternatives: vec![term], ..concept.clone() }];
    let matcher = Matcher::new(&concepts);
    Ok(hits.first().and_then(|hit| {
        let passage = hit.post.body.passages.get(hit.passage)?;
        let text = hit.post.body.slice(passage.span);
        let found = matcher.scan(text, hit.post.language).into_iter().next()?;
        text.get(found.range).map(str::to_owned)
    }))
}

/// The maximum number of examples.
const MAX_EXAMPLES: usize = 4;
/// The maximum number of questions that are tried for examples. Each costs as much as an answer.
const MAX_EXAMPLE_TRIES: usize = 24;

/// Returns up to four questions with an answer, each about another topic. The topics and events with the most posts
/// come first.
///
/// # Errors
/// If the index can't be read.
pub fn examples(engine: &Engine, now: Timestamp) -> Result<Vec<String>, AnswerError> {
    let facets = engine.index().facets(now)?;
    let events: Vec<String> = facets.events.iter().map(|(event, _)| event.label()).collect();
    let mut examples = Vec::new();
    let mut tries = 0;
    for (at, (topic, _)) in facets.topics.iter().enumerate() {
        // Every other example names an event.
        let event = (at % 2 == 1).then(|| events.get(at / 2 % events.len().max(1))).flatten();
        let at_event = event.map(|event| format!("what about {topic} at {event}?"));
        for text in at_event.into_iter().chain([format!("what did people say about {topic}?")]) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{self, engine, now, request};

    #[test]
    fn every_suggestion_and_every_example_has_an_answer() {
        let engine = engine();
        let request = request("who sang about the service mesh of sourdough?");
        let (plan, _) = engine.rank_candidates(&request).expect("a plan");
        let suggestions = suggest(&engine, &request, &plan).expect("suggestions");
        assert!((1..=MAX_SUGGESTIONS).contains(&suggestions.len()), "{suggestions:?}");
        let examples = examples(&engine, now()).expect("examples");
        assert_eq!(examples.len(), MAX_EXAMPLES);
        for text in suggestions.iter().map(|it| &it.question).chain(&examples) {
            assert!(engine.has_answer(&samples::request(text)).expect("an answer"), "{text}");
        }
    }

    #[test]
    fn a_suggested_question_asks_for_its_topic_only_in_each_language() {
        let engine = engine();
        for language in Language::ALL {
            let words = language.refusals();
            let about_topic = words.about_topic.fill(&[("topic", "Istio")]);
            let about_event = words.about_event.fill(&[("event", "KubeCon NA 2019")]);
            for (text, topics) in [(about_topic, &["Istio"][..]), (about_event, &[])] {
                let (plan, _) = engine.rank_candidates(&request(&text)).expect("a plan");
                let has_content = |text: &&str| !text.is_empty() && !is_boilerplate(text);
                let found: Vec<&str> =
                    plan.concepts.iter().map(|concept| concept.text.as_str()).filter(has_content).collect();
                assert_eq!(found, topics, "{text}");
            }
        }
    }

    #[test]
    fn a_question_without_its_scope_is_one_run_of_known_words() {
        let question = |words: &[&str]| without_scope(&samples::plan(words));
        assert_eq!(question(&["service", "mesh"]).as_deref(), Some("What was said about service mesh?"));
        assert_eq!(question(&["people"]), None);
        let mut plan = samples::plan(&["service", "mesh"]);
        plan.concepts[1].words = 4..5;
        assert_eq!(without_scope(&plan), None, "not one run");
        plan.concepts[1].is_known = false;
        assert_eq!(without_scope(&plan), None, "not known");
    }

    #[test]
    fn long_words_are_corrected() {
        let engine = engine();
        let correct = |word: &str| {
            let concept = &samples::concepts(&[word])[0];
            corrected_spelling(&engine, &request("?x"), concept).expect("an index")
        };
        assert_eq!(correct("promethius").as_deref(), Some("Prometheus"));
        assert_eq!(correct("mesk"), None);
        assert_eq!(correct("xylophonist"), None);
    }
}
