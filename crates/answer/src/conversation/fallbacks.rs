//! Understands messages in which less of what was asked before may be meant, and which person one that only has a name means.

use super::editions::narrows;
use super::follow_up::{FollowUpQuestion, Message, Reading, question_in, with_options};
use super::pointers::PointerKind;
use super::topic::{LoneName, is_only_topic, lone_name};
use super::turn::about_people;
use super::words::split_words;
use super::{Reply, Turn};
use crate::{
    answer_type::AnswerType,
    engine::{AnswerError, Engine, Request},
    handle::{HandleError, Snapshot},
    named_overview::{CardSubject, Subject, whole},
    parse::parse,
    resolve::ScopeOptions,
};
use takeaways_corpus::events::EventTable;
use takeaways_search::{Facets, Filter, fold_name};
use takeaways_text::model::{EventId, Post, QuestionShape, Shape};

impl FollowUpQuestion {
    /// Adds the question without an author of whom the turn before was, if it is of other events or times: the author may have
    /// written nothing about them.
    pub(super) fn or_by_anybody(mut self, previous: &Turn, request: &Request) -> Self {
        let ScopeOptions { events, years, authors } = &self.request.scope_options;
        let was_of = &previous.scope;
        let is_elsewhere =
            *years != was_of.years || !events.iter().eq(was_of.events.iter().map(|event| &event.0));
        let is_inherited = request.scope_options.authors.is_empty() && *authors == was_of.authors;
        if self.reading == Reading::FollowUp && is_elsewhere && is_inherited && !authors.is_empty() {
            if parse(&self.request.question).syntax.text == previous.question {
                // What the person said there of anything else.
                self.fallbacks.push(summarise(&self.request));
            }
            let mut by_anybody = self.request.clone();
            by_anybody.scope_options.authors.clear();
            self.fallbacks.push(by_anybody);
        }
        self
    }

    /// Adds what posts say of the topic, or of the events, for the question before in another scope: there may be no views or
    /// advice, but something else. The last one is the message as a new question.
    pub(super) fn or_anything(mut self, previous: &Turn) -> Self {
        let asked = parse(&self.request.question);
        let asks_for_fact = !matches!(asked.answer_type, AnswerType::Anything | AnswerType::Impression);
        if self.reading == Reading::FollowUp && asked.syntax.text == previous.question && !asks_for_fact {
            let other = match previous.topic() {
                Some(topic) => {
                    let question = question_in(&self.request, topic);
                    vec![Request { question, ..self.request.clone() }]
                }
                None => std::iter::once(summarise(&self.request)).chain(name_event(&self.request)).collect(),
            };
            self.fallbacks.extend(other.into_iter().filter(|it| *it != self.request));
        }
        self.fallbacks.extend(self.anew.take());
        self
    }
}

/// Whether a request is limited to the event of the excerpt that a turn without a scope shows first.
fn is_of_shown_event(request: &Request, turn: &Turn) -> bool {
    let is_guess = turn.scope.is_everything() && turn.series.is_empty();
    let shown = turn.shown_event.as_ref().filter(|_| is_guess);
    shown.is_some_and(|shown| request.scope_options.events == [shown.0.clone()])
}

impl Snapshot {
    /// Asks what may be meant instead of a question that goes on with a turn and has no answer. Returns the first reply that shows
    /// something, else the refusal.
    pub(super) fn ask_fallbacks(
        &self,
        refusal: Reply,
        asked: &Request,
        mut fallbacks: Vec<Request>,
        previous: &Turn,
        request: &Request,
    ) -> Result<Reply, HandleError> {
        let people = &asked.scope_options.authors;
        // The person said nothing on it, but others may have said something about the person.
        if let Some(about) = about_people(asked).filter(|_| request.scope_options.authors.is_empty()) {
            let reply = self.ask_turn(&about, Some(previous), true)?;
            if reply.names_any(people) {
                return Ok(reply.answered_from_elsewhere(&refusal));
            }
        }
        if is_of_shown_event(asked, previous) {
            // "There" may have meant something else.
            let scope_options = ScopeOptions { events: Vec::new(), ..asked.scope_options.clone() };
            fallbacks.push(Request { scope_options, ..asked.clone() });
        }
        let is_of_origin = previous.origin.as_ref().is_some_and(|origin| origin.posts == asked.posts);
        if is_of_origin {
            // Others than the blog or the group may say something on it.
            fallbacks.push(Request { posts: Vec::new(), ..asked.clone() });
        }
        for fallback in fallbacks {
            let reply = self.ask_turn(&fallback, Some(previous), true)?;
            if !reply.shows_nothing() {
                // Nobody has asked for the words of a person whom only a pronoun meant.
                let is_of_other_posts = is_of_origin && fallback.posts.is_empty();
                let is_of_others = !refusal.authors().is_empty()
                    && reply.authors().is_empty()
                    && !previous.has_unnamed_author();
                let is_from_elsewhere = fallback == *request || is_of_others || is_of_other_posts;
                return Ok(if is_from_elsewhere { reply.answered_from_elsewhere(&refusal) } else { reply });
            }
        }
        Ok(refusal)
    }
}

/// The same question with the name of its only event: words of that name may be all that a sentence about the event has.
fn name_event(request: &Request) -> Option<Request> {
    let [event] = request.scope_options.events.as_slice() else { return None };
    let event = EventTable::builtin().edition(&EventId(event.clone()))?;
    let question = question_in(request, &format!("{} {}", request.question.text(), event.name));
    Some(Request { question, subject: None, ..request.clone() })
}

/// The request for a summary of the events in scope, with the same question.
fn summarise(request: &Request) -> Request {
    let words = whole(request.question.text());
    let shape = QuestionShape { shape: Shape::Summary, words, ..QuestionShape::default() };
    Request { subject: Some(Subject::Overview(shape)), ..request.clone() }
}

impl Message<'_> {
    /// Whether its words are no topic of their own, but say something of the one before: `why were they so slow?`, `only the
    /// slow ones`.
    pub(super) fn is_elliptical(&self) -> bool {
        let points_at = |kind| self.follow_up.points_at(kind);
        let narrows = narrows(&split_words(self.request.question.text()));
        let has_topic = !self.topic().is_empty();
        // "Only talks" are those on the topic before.
        let is_of_topic = if self.is_about_events() { narrows } else { has_topic || self.asks_of_topic() };
        (points_at(PointerKind::People) || narrows || !has_topic && self.shape.shape == Shape::List)
            && !points_at(PointerKind::Person)
            && !points_at(PointerKind::Place)
            && !self.has_subject
            && is_of_topic
            && self.previous.thing().is_some()
    }

    /// The person of the question before, if that asks for nothing else and the message only has a topic: `who is Grace Hopper?`, `and
    /// compilers?`
    pub(super) fn person_before(&self) -> Option<&str> {
        let topic = self.topic();
        let is_topic = self.follow_up.begins_with_connector
            && !topic.is_empty()
            && is_only_topic(&self.names, &topic)
            && self.own.is_none();
        let is_of_person = self.previous.other_topic().is_none() && self.previous.scope.authors.is_empty();
        self.previous.named_person.as_deref().filter(|_| is_topic && is_of_person)
    }

    /// Whether it asks for more than a fact and names nothing on which: `what did they learn?`, `which tools were named?`
    fn asks_of_topic(&self) -> bool {
        self.shape.shape != Shape::Fact
            && self.own.is_none()
            && !self.names_series()
            && !self.shape.asks_for_events()
    }

    /// Returns the question that goes on with the one before. If nothing is found, the words of that one may not belong to it,
    /// what something is may be explained elsewhere, and a thing that the message names may be told of elsewhere.
    pub(super) fn into_follow_up(self, engine: &Engine) -> Result<FollowUpQuestion, AnswerError> {
        let is_elliptical = self.is_elliptical();
        let asks_person_before = self.person_before().is_some();
        let over_time = self.asks_over_time();
        let points_at_person =
            self.follow_up.points_at(PointerKind::Person) || self.follow_up.points_at(PointerKind::Author);
        let is_of_unnamed = points_at_person && self.previous.named_person.is_none();
        let is_inherited = !self.names_events_or_years() && !self.follow_up.points_at(PointerKind::Place);
        let may_be_elsewhere = is_inherited && self.asks_for_meaning();
        // "What about GitOps?" It is not asked of anybody else where an author was talked about.
        let is_of_anybody =
            self.previous.scope.authors.is_empty() && self.previous.origin.is_none() && !self.points_back();
        let may_be_new = is_inherited && is_of_anybody && self.has_subject && !self.is_about_events();
        let (text, request) = (self.follow_up.plain.clone(), self.request);
        let missing = self.own.as_ref().and_then(|own| self.conversation_events.missing_in(own));
        let missing = missing.filter(|_| self.follow_up.begins_with_connector);
        let mut understood =
            FollowUpQuestion { missing, is_of_unnamed, ..FollowUpQuestion::from(self.question(engine)?) };
        if over_time {
            understood.reading = Reading::OverTime;
        }
        if is_elliptical || asks_person_before {
            let scope_options = understood.request.scope_options.clone();
            understood.fallbacks.push(with_options(request, &text, scope_options));
        }
        if may_be_elsewhere {
            let authors = understood.request.scope_options.authors.clone();
            let scope_options = ScopeOptions { authors, ..ScopeOptions::default() };
            let asked = understood.request.question.text();
            understood.fallbacks.push(with_options(request, asked, scope_options));
        }
        if may_be_new && understood.request != *request {
            understood.anew = Some(request.clone());
        }
        Ok(understood)
    }

    /// Returns the question before, asked of another person, if a message only has a name: `and Ada?` If that person said nothing
    /// on it, it asks what they said. If several people have that name, or nobody, it asks what somebody of that name said on it.
    pub(super) fn of_other_person(
        &self,
        engine: &Engine,
        facets: &Facets,
    ) -> Result<Option<FollowUpQuestion>, AnswerError> {
        if !self.follow_up.begins_with_connector {
            return Ok(None);
        }
        let is_near = |name: &str| self.is_near(engine, name);
        Ok(match lone_name(&self.follow_up.plain, facets, is_near)? {
            Some(LoneName::Person(name)) => Some(self.of_person(&name)),
            Some(LoneName::Unclear(name)) => Some(self.of_any_called(&name).into()),
            None => None,
        })
    }

    /// Returns the question before with another person in the place of the one whom it asks about: `who is Grace Hopper?` It asks for
    /// nothing that the other one could have said. `None` if it has a topic.
    pub(super) fn about_person(&self, name: &str) -> Option<Request> {
        let previous = self.previous;
        let person = previous.topic().filter(|_| previous.other_topic().is_none())?;
        let options = ScopeOptions { authors: Vec::new(), ..ScopeOptions::of(&previous.scope) };
        let text = previous.question.replacen(person, name, 1);
        (text != previous.question).then(|| with_options(self.request, &text, options))
    }

    /// Returns the question before, asked of another person.
    fn of_person(&self, name: &str) -> FollowUpQuestion {
        let in_scope = |text: &str, scope: ScopeOptions| {
            with_options(self.request, text, ScopeOptions { authors: vec![name.to_owned()], ..scope })
        };
        let anywhere = |text: &str| in_scope(text, ScopeOptions::default());
        if let Some(asked) = self.about_person(name) {
            return asked.into();
        }
        let here = in_scope(&self.previous.question, ScopeOptions::of(&self.previous.scope));
        let mut understood = FollowUpQuestion::from(here);
        understood.fallbacks.push(anywhere(&self.previous.question));
        understood.fallbacks.push(anywhere(name));
        understood
    }

    /// Returns the question for what somebody with a name said on the topic, else for that person. It is asked of all recaps, since
    /// nobody of that name is near.
    fn of_any_called(&self, name: &str) -> Request {
        let Some(topic) = self.previous.other_topic() else {
            let asked = with_options(self.request, name, ScopeOptions::default());
            return Request { subject: Some(Subject::Card(CardSubject::Person)), ..asked };
        };
        let template = &self.previous.language.refusals().said_about;
        let text = template.fill(&[("person", name), ("topic", topic)]);
        with_options(self.request, &text, ScopeOptions::default())
    }

    /// Whether a shown post has words of a person, or one about the events talked about is by that person.
    fn is_near(&self, engine: &Engine, name: &str) -> Result<bool, AnswerError> {
        for place in &self.previous.shown {
            let post = engine.index().post(&place.post)?;
            if post.is_some_and(|post| has_words_of(&post, name)) {
                return Ok(true);
            }
        }
        let events = self.previous.scope.events.clone();
        if events.is_empty() {
            return Ok(false);
        }
        let authors = vec![name.to_owned()];
        let filter = Filter { events, authors, visible_at: self.request.now, ..Filter::default() };
        Ok(engine.index().count_in(&filter)?.posts > 0)
    }
}

/// Whether a post is by a person or has words of that person.
fn has_words_of(post: &Post, name: &str) -> bool {
    let speakers = post.body.blocks.iter().filter_map(|block| post.body.speaker_at(block.span));
    let mut people = speakers.chain(post.authors.iter().map(String::as_str));
    people.any(|person| fold_name(person) == fold_name(name))
}
