//! Questions that have an answer, made from what the posts are about.

use jiff::Timestamp;

use super::engine::{AnswerError, Engine, Request};
use super::resolve::ScopeOptions;
use takeaways_text::model::Question;

/// The most examples.
const MAX_EXAMPLES: usize = 4;
/// The most questions that are tried for them: each costs as much as an answer.
const MAX_TRIES: usize = 24;

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
            if tries > MAX_TRIES || examples.len() == MAX_EXAMPLES {
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
