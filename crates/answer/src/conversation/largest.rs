//! Shows how many people came to each of the events that a conversation was about: `which one was the biggest?`

use super::{Reply, Turn};
use crate::{
    attendance::size_of_event,
    engine::Request,
    handle::{HandleError, Snapshot},
    resolve::ScopeOptions,
};
use takeaways_text::model::{EventId, Excerpt, Language, Question, Scope};

/// With fewer events whose posts say it, there is nothing to compare.
const MIN_EVENTS: usize = 2;

impl Snapshot {
    /// Shows how many people came to each of some events, the largest first. The conversation goes on with the question before;
    /// `None` if posts say it of fewer than two.
    pub(super) fn by_size(
        &self,
        events: &[String],
        previous: &Turn,
        request: &Request,
    ) -> Result<Option<Reply>, HandleError> {
        let Some(question) = attendance_question(previous.language) else { return Ok(None) };
        let mut sizes: Vec<(Option<u32>, Excerpt)> = Vec::new();
        for event in events {
            let scope_options = ScopeOptions { events: vec![event.clone()], ..ScopeOptions::default() };
            let asked = Request { question: question.clone(), scope_options, ..request.clone() };
            let (verified, _) = self.answer(&asked, None)?;
            let excerpts = verified.answer.excerpts().iter();
            let counted = excerpts.map(|excerpt| {
                let year = excerpt.citation.event.as_ref().and_then(|event| event.year);
                (size_of_event(&excerpt.quote.text, year), excerpt)
            });
            // Of several without a number the first is the best.
            let best = counted.reduce(|best, next| if next.0 > best.0 { next } else { best });
            sizes.extend(best.map(|(people, excerpt)| (people, excerpt.clone())));
        }
        if sizes.iter().filter(|(people, _)| people.is_some()).count() < MIN_EVENTS {
            return Ok(None);
        }
        sizes.sort_by_key(|(people, _)| std::cmp::Reverse(*people));
        let excerpts: Vec<Excerpt> = sizes.into_iter().map(|(_, excerpt)| excerpt).collect();
        let scope = Scope { events: events.iter().cloned().map(EventId).collect(), ..Scope::default() };
        let turn = Turn { scope, topic: String::new(), ..previous.clone() };
        let mut reply = self.show_excerpts(excerpts, Vec::new(), &turn, request)?;
        if let Reply::Answer(answer) = &mut reply {
            answer.turn.topic.clone_from(&previous.topic);
            // The topic of the turn is not that of the list.
            answer.is_follow_up = false;
        }
        Ok(Some(reply))
    }
}

/// The question for the number of attendees, in a language.
fn attendance_question(language: Language) -> Option<Question> {
    let words = language.words();
    let (how_many, nouns) = (&words.questions.how_many, &words.event_facts.attendance_words);
    format!("{} {}?", how_many.iter().next()?, nouns.iter().next()?).parse().ok()
}
