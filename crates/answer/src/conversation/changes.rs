//! Tells how what a conversation is about has changed: `what changed?`

use super::follow_up::Message;
use super::pointers::PointerKind;
use super::scope::ConversationEvents;
use super::side_questions::compare_both;
use super::{Reply, Turn};
use crate::{
    engine::Request,
    handle::{HandleError, Snapshot},
    named_overview::NamedOverview,
    resolve::ScopeOptions,
};
use takeaways_text::model::{Scope, Shape};
use takeaways_text::tokens::folding::fold_words;

impl Snapshot {
    /// Compares the two times at which the thing of a turn was talked about; of one time, it shows the thing over all years. Without a
    /// thing it compares the two events talked about last, or the event with the one before. `None` if there is nothing to compare.
    pub(super) fn changes(&self, previous: &Turn, request: &Request) -> Result<Option<Reply>, HandleError> {
        let facets = self.engine().index().facets(request.now)?;
        let events = ConversationEvents::new(previous, &facets);
        let asked = if let Some(thing) = previous.thing() {
            let times = scope_before(previous, thing)
                .and_then(|before| Some([events.time_of(&before)?, events.time_of(&previous.scope)?]));
            if let Some([one, other]) = times {
                let sides = [one, other].map(|time| format!("{thing} {time}"));
                compare_both(request, sides.each_ref().map(String::as_str), "")
            } else {
                let trend = NamedOverview::Trend { topic: thing.to_owned() };
                trend.request(ScopeOptions::default(), request.limits, request.now).ok()
            }
        } else if let Some(names) = events.both_names() {
            compare_both(request, names, "")
        } else {
            let compared = self.compare_with_one_before(previous, request)?;
            return Ok(compared.map(|reply| reply.beside(previous)));
        };
        let Some(asked) = asked else { return Ok(None) };
        let question = asked.question.clone().in_conversation(Some(previous.language));
        let posts = previous.posts_of_origin(question.text());
        let reply = self.ask_turn(&Request { question, posts, ..asked }, Some(previous), true)?;
        // The conversation goes on where it was.
        Ok(Some(reply.beside(previous)))
    }
}

/// The last scope of other events or years in which a thing was talked about before.
fn scope_before(turn: &Turn, thing: &str) -> Option<Scope> {
    let is_other = |scope: &Scope| (&scope.events, scope.years) != (&turn.scope.events, turn.scope.years);
    let topics = turn.topics_before.iter().rev();
    let mut scopes = topics.filter(|past| has_words(&past.topic, thing)).map(|past| &past.scope);
    scopes.find(|scope| is_other(scope)).cloned()
}

/// Whether a text has the words of a name in a row. `Containers` has no `ai`.
fn has_words(text: &str, name: &str) -> bool {
    format!(" {} ", fold_words(text)).contains(&format!(" {} ", fold_words(name)))
}

impl Message<'_> {
    /// Whether it asks how the thing talked about has developed, of which one year tells nothing: `is it getting more popular?`
    pub(super) fn asks_over_time(&self) -> bool {
        self.shape.shape == Shape::Trend
            && !self.names_events_or_years()
            && !self.follow_up.points_at(PointerKind::Place)
            && self.previous.thing().is_some()
            && self.conversation_events.is_of_one_year()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_of_whole_words() {
        for (text, name, expected) in [
            ("AI", "ai", true),
            ("containers", "AI", false),
            ("service meshes", "Service", true),
            ("Cluster API, old", "cluster api", true),
        ] {
            assert_eq!(has_words(text, name), expected, "{text}: {name}");
        }
    }
}
