//! Questions that go on from an answer: about what its excerpts name and its question does not.

use super::is_well_answered;
use super::offers::{Offer, Subject, is_no_offer};
use crate::{
    confidence::Strictness,
    conversation::TurnAnswer,
    engine::{AnswerError, Engine, Request},
    handle::Snapshot,
};
use jiff::Timestamp;
use takeaways_corpus::{entities::EntityTable, topics::TopicTable};
use takeaways_search::Facets;
use takeaways_text::model::{Answer, Excerpt};

/// The most questions that go on from an answer.
const MAX_RELATED: usize = 3;
/// The most questions that are tried. Each costs as much as an answer, if it was not tried before.
const MAX_TRIES: usize = 4;

impl Snapshot {
    /// Returns up to three questions that go on from a sure answer and have a good answer themselves. Each is searched once
    /// a day for each snapshot. Whoever waits for the answer gets it without them if they can't be found.
    pub fn related_questions(&self, answered: &TurnAnswer, now: Timestamp) -> Vec<String> {
        related_questions(self.engine(), answered, now).unwrap_or_else(|error| {
            tracing::warn!(%error, "no related questions can be found");
            Vec::new()
        })
    }
}

/// Returns up to three questions that go on from a sure answer: about topics, projects and companies that its excerpts
/// name and its question does not. Each has a good answer.
///
/// # Errors
/// If the index can't be read.
fn related_questions(
    engine: &Engine,
    answered: &TurnAnswer,
    now: Timestamp,
) -> Result<Vec<String>, AnswerError> {
    let Answer::Cited { excerpts, confidence, .. } = &answered.verified.answer else { return Ok(Vec::new()) };
    if *confidence < engine.threshold().max(Strictness::Strict.threshold()) {
        return Ok(Vec::new());
    }
    let facets = engine.index().facets(now)?;
    let words = answered.turn.language.refusals();
    let event = match answered.verified.events.as_slice() {
        [event] => Some(event),
        _ => None,
    };
    let request = Request::new(answered.question.clone(), 1, now);
    let asked = format!("{} {}", answered.question.text(), answered.turn.topic);
    let mut related = Vec::new();
    for (name, subject) in new_subjects(excerpts, &asked, &facets).into_iter().take(MAX_TRIES) {
        let question = match event {
            Some(event) => words.about_topic_at.fill(&[("topic", &name), ("event", &event.name)]),
            None => words.about_topic.fill(&[("topic", &name)]),
        };
        let offer = Offer { question, subject };
        if related.len() < MAX_RELATED && is_well_answered(engine, &request, &offer)? {
            related.push(offer.question);
        }
    }
    Ok(related)
}

/// What the excerpts name and the question does not, in order, topics first. Each with its name in a sentence.
fn new_subjects(excerpts: &[Excerpt], asked: &str, facets: &Facets) -> Vec<(String, Subject<'static>)> {
    let (topics, entities) = (TopicTable::builtin(), EntityTable::builtin());
    let asked_topics: Vec<&str> = topics.ids_in_text(asked).collect();
    let mut ids: Vec<&'static str> = Vec::new();
    for id in excerpts.iter().flat_map(|excerpt| topics.ids_in_text(&excerpt.quote.text)) {
        if !asked_topics.contains(&id) && !ids.contains(&id) && !is_no_offer(id, facets) {
            ids.push(id);
        }
    }
    let topic = |id: &'static str| Some((topics.name_in_sentence(id)?, Subject::Topic(id)));
    let mut subjects: Vec<(String, Subject<'static>)> = ids.into_iter().filter_map(topic).collect();
    let asked_entities: Vec<u16> = entities.mentions(asked).iter().map(|mention| mention.position).collect();
    for mention in excerpts.iter().flat_map(|excerpt| entities.mentions(&excerpt.quote.text)) {
        let Some(name) = entities.name(mention.kind, mention.id) else { continue };
        let is_new = !asked_entities.contains(&mention.position)
            && !asked.to_lowercase().contains(&name.to_lowercase())
            && subjects.iter().all(|(known, _)| !known.eq_ignore_ascii_case(name));
        if is_new {
            subjects.push((name.to_owned(), Subject::Name(name.to_owned())));
        }
    }
    subjects
}
