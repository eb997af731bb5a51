//! Shows how many people came to each of the events that a conversation was about: `which one was the biggest?`

use super::{Reply, Turn};
use crate::{
    attendance::size_of_event,
    engine::Request,
    handle::{HandleError, Snapshot},
    resolve::ScopeOptions,
};
use takeaways_text::model::{EventId, Excerpt, Language, Question, Scope};

impl Snapshot {
    /// Shows how many people came to those of some events of which posts say it, the largest first; if it is said of none, what else
    /// posts say of it. The conversation goes on with the question before.
    pub(super) fn by_size(
        &self,
        events: &[String],
        previous: &Turn,
        request: &Request,
    ) -> Result<Reply, HandleError> {
        let question = attendance_question(previous.language).unwrap_or_else(|| request.question.clone());
        let asked = |events: Vec<String>| {
            let scope_options = ScopeOptions { events, ..ScopeOptions::default() };
            Request { question: question.clone(), scope_options, ..request.clone() }
        };
        let mut sizes: Vec<(u32, EventId, Excerpt)> = Vec::new();
        for event in events {
            let (verified, _) = self.answer(&asked(vec![event.clone()]), None)?;
            let excerpts = verified.answer.excerpts().iter();
            let counted = excerpts.filter_map(|excerpt| Some((size_of_event(&excerpt.quote.text)?, excerpt)));
            // Of several of one size the first is the best.
            let largest = counted.reduce(|best, next| if next.0 > best.0 { next } else { best });
            sizes.extend(largest.map(|(people, excerpt)| (people, EventId(event.clone()), excerpt.clone())));
        }
        if sizes.is_empty() {
            let reply = self.ask_turn(&asked(events.to_vec()), Some(previous), true)?;
            return Ok(reply.refusing(&request.question));
        }
        sizes.sort_by_key(|(people, _, _)| std::cmp::Reverse(*people));
        let (events, excerpts) = sizes.into_iter().map(|(_, event, excerpt)| (event, excerpt)).unzip();
        let scope = Scope { events, ..Scope::default() };
        let turn = Turn { scope, topic: String::new(), ..previous.clone() };
        let mut reply = self.show_excerpts(excerpts, Vec::new(), &turn, request)?;
        if let Reply::Answer(answer) = &mut reply {
            answer.turn.topic.clone_from(&previous.topic);
            // The topic of the turn is not that of the list.
            answer.is_follow_up = false;
        }
        Ok(reply)
    }
}

/// The question for the number of attendees, in a language.
fn attendance_question(language: Language) -> Option<Question> {
    let words = language.words();
    let (how_many, nouns) = (&words.questions.how_many, &words.event_facts.attendance_words);
    format!("{} {}?", how_many.iter().next()?, nouns.iter().next()?).parse().ok()
}
