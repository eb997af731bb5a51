//! Puts another topic in the place of that of the question before.

use super::Turn;
use super::topic::topic;
use crate::{
    answer_type::AnswerType,
    concepts::Concept,
    engine::{AnswerError, Engine, Request},
    question_names::QuestionNames,
    resolve::NameRole,
};
use takeaways_text::model::Question;

/// Returns the question before with another topic; `None` if its topic is not one run of words.
pub(super) fn in_frame(
    engine: &Engine,
    previous: &Turn,
    request: &Request,
    message: &QuestionNames,
    topic_words: &[&Concept],
) -> Result<Option<String>, AnswerError> {
    let Ok(frame) = previous.question.parse::<Question>() else { return Ok(None) };
    let names = engine.find_names(&Request::new(frame, 1, request.now), NameRole::Subject)?;
    if previous.subject.is_none() && names.parsed.answer_type != AnswerType::Anything {
        // "How many people attended?" has no thing in it for which another could stand.
        return Ok(None);
    }
    let text = &names.parsed.syntax.text;
    let old = topic(&names, &names.parsed.told_shape());
    let is_run = old.windows(2).all(|pair| pair[0].words.end == pair[1].words.start);
    let (Some(first), Some(last), true) = (old.first(), old.last(), is_run) else { return Ok(None) };
    let (Some(from), Some(to)) = (topic_words.first(), topic_words.last()) else { return Ok(None) };
    let message = &message.parsed.syntax;
    let new = message.bytes_of(&(from.words.start..to.words.end)).and_then(|new| message.text.get(new));
    let old = names.parsed.syntax.bytes_of(&(first.words.start..last.words.end));
    let (Some(new), Some(old)) = (new, old) else { return Ok(None) };
    let mut framed = text.clone();
    framed.replace_range(old, new);
    Ok(Some(framed))
}
