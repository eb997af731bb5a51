//! Makes a question of a message that goes on with the one before it: an ordered list of rules, of which the first that fits counts.

use super::Turn;
use super::exclusions::ends_with_exclusion;
use super::follow_up::{Message, with_options};
use super::frame::in_frame;
use super::pointers::PointerKind;
use super::topic::{asks, is_only_person, is_only_topic};
use super::turn::asks_for_other;
use super::words::split_words;
use crate::{
    answer_type::AnswerType,
    concepts::Concept,
    engine::{AnswerError, Engine, Request},
    resolve::{ScopeOptions, asks_for_words},
};
use takeaways_corpus::points::asked_side;
use takeaways_text::model::{Scope, Shape};
use takeaways_text::tokens::folding::fold;

/// The maximum number of words of a topic for which a pronoun may stand.
const MAX_THING_WORDS: usize = 3;

/// A question that was made of a message.
struct DerivedQuestion {
    text: String,
    authors: Authors,
}

/// Whose words are looked for.
enum Authors {
    /// Those of the people of the scope.
    OfScope,
    /// Those of anybody.
    Anybody,
    /// Those of the people of the scope whom the message does not name: whether it asks for words of those or about them, it tells
    /// itself.
    NotNamed,
}

impl DerivedQuestion {
    fn of_scope(text: impl Into<String>) -> Self {
        Self { text: text.into(), authors: Authors::OfScope }
    }
}

/// A message with what the rules ask of it.
struct DerivationContext<'a, 'm> {
    message: &'a Message<'m>,
    engine: &'a Engine,
    topic: Vec<&'a Concept>,
    /// The person at whom its pronouns may point.
    person: Option<String>,
    pointer: PointerKind,
    /// Whether it is about what there was at events, or about an event that it names.
    is_of_events: bool,
    /// Whether it asks for praise or criticism of a topic of its own.
    is_of_side: bool,
}

type Rule = fn(&DerivationContext<'_, '_>) -> Result<Option<DerivedQuestion>, AnswerError>;

/// The rules in the order in which they are tried. Where none fits, the message is asked as it is.
const RULES: [Rule; 10] = [
    |it| Ok(it.same_of_others()),
    |it| Ok(it.others_than_person()),
    |it| Ok(it.of_person()),
    |it| Ok(it.of_left_out_person()),
    |it| Ok(it.of_subject()),
    |it| Ok(it.of_thing_before()),
    |it| Ok(it.views()),
    |it| Ok(it.of_person_before()),
    |it| it.in_question_before(),
    |it| Ok(it.question_before()),
];

impl Message<'_> {
    /// The question that goes on with the one before.
    pub(super) fn question(&self, engine: &Engine) -> Result<Request, AnswerError> {
        let asking = DerivationContext::new(self, engine)?;
        let mut scope_options = asking.scope();
        if let Some(text) = asking.of_new_person() {
            scope_options.authors.clear();
            return Ok(with_options(self.request, text.trim(), scope_options));
        }
        let mut asked = None;
        for rule in RULES {
            asked = rule(&asking)?;
            if asked.is_some() {
                break;
            }
        }
        let DerivedQuestion { mut text, authors } = asked.unwrap_or_else(|| asking.as_it_is());
        match authors {
            Authors::OfScope => {}
            Authors::Anybody => scope_options.authors.clear(),
            Authors::NotNamed => scope_options.authors.retain(|name| !asking.names_author(name)),
        }
        if scope_options.events.is_empty()
            && !self.follow_up.is_everywhere
            && let Some(series) = self.conversation_events.broad_series()
        {
            // "Why not?" wants no other conference.
            text = if ends_with_exclusion(&text) {
                format!("{series}: {text}")
            } else {
                with_words(&text, series)
            };
        }
        let mut asked = with_options(self.request, &text, scope_options);
        if !asking.is_of_anybody() && !asking.names_other_people() {
            asked.posts = self.previous.posts_of_origin(asked.question.text());
        }
        let asks_for_other = asks_for_other(self.request.question.text());
        if asks_for_other && asking.names_person() && asking.person.is_none() {
            // "What else did she say?" of a post that names nobody
            asked.posts.extend(self.previous.shown.first().map(|place| place.post.clone()));
        }
        Ok(asked)
    }
}

impl<'a, 'm> DerivationContext<'a, 'm> {
    fn new(message: &'a Message<'m>, engine: &'a Engine) -> Result<Self, AnswerError> {
        let (person, pointer) = if message.follow_up.points_at(PointerKind::Author) {
            (author_shown(engine, message.previous)?, PointerKind::Author)
        } else {
            (message.previous.person.clone(), PointerKind::Person)
        };
        let topic = message.topic();
        let is_of_events = message.is_about_events() || message.is_of_other_event();
        // "Any complaints about the food?" asks what anybody says.
        let is_of_side = asked_side(message.request.question.text()).is_some() && !topic.is_empty();
        Ok(Self { message, engine, topic, person, pointer, is_of_events, is_of_side })
    }

    fn names_person(&self) -> bool {
        self.message.follow_up.points_at(self.pointer) && !self.names_antecedent()
    }

    /// Whether a topic of the message stands before a comma, so that its pronouns after that mean it: `the researcher, what was
    /// her name?`
    fn names_antecedent(&self) -> bool {
        let syntax = &self.message.names.parsed.syntax;
        let Some(comma) = syntax.text.find(", ") else { return false };
        let in_message = self.message.follow_up.text.find(", ").unwrap_or_default();
        if !self.message.follow_up.points_after(self.pointer, in_message) {
            return false;
        }
        self.topic.iter().filter_map(|topic| syntax.bytes_of(&topic.words)).any(|bytes| bytes.end <= comma)
    }

    fn points_at_thing(&self) -> bool {
        self.message.follow_up.points_at(PointerKind::Thing)
    }

    fn names_author(&self, name: &String) -> bool {
        self.message.names.resolved.scope.authors.contains(name)
    }

    /// The scope of the turn before with what the message names of one, and without people of whom it asks nothing.
    fn scope(&self) -> ScopeOptions {
        let Message { previous, follow_up, names, .. } = self.message;
        let everything = || Scope { authors: previous.scope.authors.clone(), ..Scope::default() };
        let base = if follow_up.is_everywhere {
            everything()
        } else if self.message.asks_over_time() {
            // Over the years, it is the conference talked about.
            self.message.conversation_events.base_scope(&everything(), false)
        } else {
            // "When was it?" asks about one event, too.
            let asks_for_it = self.topic.is_empty()
                && matches!(names.parsed.answer_type, AnswerType::Where | AnswerType::When);
            // Who wrote the shown post wrote about its event.
            let points_at = |kind| follow_up.points_at(kind);
            let is_there = points_at(PointerKind::Place) || points_at(PointerKind::Author) || asks_for_it;
            self.message.conversation_events.base_scope(&previous.scope, is_there)
        };
        let mut scope = self.message.own.clone().unwrap_or_default().over(&base);
        if !self.is_of_new_person() && self.is_of_anybody() {
            scope.authors.retain(|name| self.names_author(name));
        }
        scope
    }

    /// Whether it asks for nobody's words, or for those of others: `how many people came?`
    fn is_of_anybody(&self) -> bool {
        let Message { follow_up, names, .. } = self.message;
        // Nor does "who coined it?"
        let is_of_thing = self.points_at_thing() && names.parsed.answer_type != AnswerType::Who;
        let asks_anew = asks(names) && !asks_for_words(&names.parsed.syntax) && !is_of_thing;
        let is_elsewhere = self.message.names_events_or_years() && !self.topic.is_empty();
        (is_elsewhere || asks_anew || self.is_of_side) && !self.names_person() || follow_up.asks_others
    }

    /// Whether it names somebody itself.
    fn names_other_people(&self) -> bool {
        let scope = &self.message.names.resolved.scope;
        !scope.authors.is_empty() || !scope.people.is_empty() || self.is_of_new_person()
    }

    fn is_of_new_person(&self) -> bool {
        let Message { previous, follow_up, names, .. } = self.message;
        // "And Ada?" leaves a part of "Grace Hopper" in the question before, and no part of it stays that asks for nothing else.
        let is_short = || split_words(&follow_up.plain).len() == 1 || previous.other_topic().is_none();
        // Of who is only named by others, the name is the topic: "what did Grace Hopper talk about?"
        let is_of_person =
            || previous.person.is_some() && previous.topic().is_some() && previous.other_topic().is_none();
        let is_other_name = || (!previous.scope.people.is_empty() || is_of_person()) && is_short();
        (!previous.scope.authors.is_empty() || is_other_name())
            && follow_up.begins_with_connector
            && is_only_person(names, &self.topic)
    }

    /// `And Daniel Borkmann?`, of whom the recaps have no words of their own.
    fn of_new_person(&self) -> Option<String> {
        let previous = self.message.previous;
        // The topic of "who is Grace Hopper?" is the person alone.
        let is_person = |topic: &str| previous.scope.people.iter().any(|person| fold(person) == fold(topic));
        let other = || previous.other_topic().filter(|topic| !is_person(topic)).unwrap_or_default();
        self.is_of_new_person().then(|| format!("{} {}", self.message.follow_up.plain, other()))
    }

    /// `Did other people mention it too?`
    fn same_of_others(&self) -> Option<DerivedQuestion> {
        let is_same = self.message.follow_up.asks_others && self.topic.is_empty() && self.points_at_thing();
        is_same.then(|| DerivedQuestion::of_scope(&self.message.previous.question))
    }

    /// `Does anyone disagree with him about Istio?`
    fn others_than_person(&self) -> Option<DerivedQuestion> {
        let follow_up = &self.message.follow_up;
        (follow_up.asks_others && self.names_person())
            .then(|| DerivedQuestion::of_scope(follow_up.with(self.pointer, "")))
    }

    /// `What did she say about Istio?` Whether these are the words of the person or words about them, the question tells.
    fn of_person(&self) -> Option<DerivedQuestion> {
        let person = self.person.as_ref().filter(|_| self.names_person())?;
        let is_other = self.message.previous.scope.authors.iter().any(|author| author != person);
        let authors = if is_other { Authors::Anybody } else { Authors::OfScope };
        Some(DerivedQuestion { text: self.message.follow_up.with(self.pointer, person), authors })
    }

    /// `¿Dijo algo de Istio?`
    fn of_left_out_person(&self) -> Option<DerivedQuestion> {
        let person = self.message.left_out_person()?;
        let is_author = self.message.previous.scope.authors.iter().any(|author| author == person);
        let text = &self.message.follow_up.plain;
        Some(DerivedQuestion::of_scope(if is_author { text.clone() } else { with_words(text, person) }))
    }

    /// `How fast is it?`
    fn of_subject(&self) -> Option<DerivedQuestion> {
        let previous = self.message.previous;
        let short_topic =
            || previous.other_topic().filter(|topic| split_words(topic).len() <= MAX_THING_WORDS);
        let subject = previous.subject.as_deref().or_else(short_topic);
        let subject = subject.filter(|_| self.points_at_thing() && !self.message.is_of_other_event())?;
        Some(DerivedQuestion::of_scope(self.message.follow_up.with(PointerKind::Thing, subject)))
    }

    /// `Only the slow ones.`
    fn of_thing_before(&self) -> Option<DerivedQuestion> {
        let thing = self.message.previous.thing().filter(|_| self.message.is_elliptical())?;
        Some(DerivedQuestion::of_scope(with_words(&self.message.follow_up.plain, thing)))
    }

    /// `Any complaints?` It is about what was talked about, if that was a thing.
    fn views(&self) -> Option<DerivedQuestion> {
        let Message { previous, request, follow_up, names, shape, .. } = self.message;
        let asks_for_side =
            asked_side(request.question.text()).is_some() && is_only_topic(names, &self.topic);
        let asks_for_views = self.topic.is_empty() && shape.shape == Shape::Opinions;
        if !asks_for_side && !asks_for_views {
            return None;
        }
        let text = if asks_for_side { request.question.text() } else { &follow_up.plain };
        // "Any queues?" is not about the person talked about, nor is "any complaints about Vegas?"
        let is_of_other = self.is_of_side || self.message.own.is_some();
        let thing = previous.thing().filter(|_| !is_of_other || previous.other_topic().is_some());
        let thing = thing.filter(|_| !self.is_of_events);
        Some(DerivedQuestion::of_scope(
            thing.map_or_else(|| text.to_owned(), |thing| with_words(text, thing)),
        ))
    }

    /// `Who is Grace Hopper?`, `and compilers?`
    fn of_person_before(&self) -> Option<DerivedQuestion> {
        let person = self.message.person_before()?;
        let topic: Vec<&str> = self.topic.iter().map(|concept| concept.text.as_str()).collect();
        let template = &self.message.previous.language.refusals().said_about;
        let text = template.fill(&[("person", person), ("topic", &topic.join(" "))]);
        Some(DerivedQuestion::of_scope(text))
    }

    /// `And Linkerd?` The topic stands in the question before in the place of that one's.
    fn in_question_before(&self) -> Result<Option<DerivedQuestion>, AnswerError> {
        let Message { previous, request, follow_up, names, .. } = self.message;
        if self.topic.is_empty() || !follow_up.begins_with_connector || !is_only_topic(names, &self.topic) {
            return Ok(None);
        }
        let framed = in_frame(self.engine, previous, request, names, &self.topic)?;
        Ok(Some(DerivedQuestion::of_scope(framed.unwrap_or_else(|| follow_up.plain.clone()))))
    }

    /// `And there?`, `not by Ada`.
    fn question_before(&self) -> Option<DerivedQuestion> {
        let Message { previous, names, shape, .. } = self.message;
        let says_nothing =
            self.topic.is_empty() && shape.shape == Shape::Fact && !asks(names) && !self.is_of_events;
        let text = if names.resolved.scope.excluded_authors.is_empty() {
            previous.question.clone()
        } else {
            with_words(&previous.question, &self.message.follow_up.plain)
        };
        says_nothing.then(|| DerivedQuestion::of_scope(text))
    }

    fn as_it_is(&self) -> DerivedQuestion {
        DerivedQuestion { text: self.message.follow_up.plain.clone(), authors: Authors::NotNamed }
    }
}

/// A question with words after it.
pub(super) fn with_words(question: &str, words: &str) -> String {
    format!("{} {words}", question.trim_end_matches(['?', '!', '.', ' ']))
}

/// Who wrote the post of the first excerpt of a turn.
fn author_shown(engine: &Engine, turn: &Turn) -> Result<Option<String>, AnswerError> {
    let Some(place) = turn.shown.first() else { return Ok(turn.person.clone()) };
    let post = engine.index().post(&place.post)?;
    Ok(post.and_then(|post| post.authors.first().cloned()).or_else(|| turn.person.clone()))
}
