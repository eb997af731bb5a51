//! Understands a message that goes on with a conversation: which parts of the question before it replaces, which it keeps,
//! and what its pronouns stand for.

use std::sync::LazyLock;

use super::Turn;
use super::asked::with_words;
use super::editions::scope_alone;
use super::past::goes_back;
use super::pointers::{ConversationPhrases, FollowUp, PointerKind};
use super::scope::{ConversationEvents, NamedScope};
use super::side_questions::about_several;
use super::topic::{is_about_events, is_only_scope, is_written_as_entity, subject, topic, unknown_place};
use super::turn::{asks_for_other, asks_for_other_edition};
use super::words::{Phrases, phrases_of, split_words};
use crate::{
    answer_type::AnswerType,
    concepts::Concept,
    engine::{AnswerError, Engine, Request},
    named_overview::{compare_names, takeaways_on},
    parse::parse,
    question_names::QuestionNames,
    resolve::{NameRole, ScopeOptions, asks_for_words},
};
use takeaways_corpus::events::EventTable;
use takeaways_search::Facets;
use takeaways_text::model::{Language, Question, QuestionShape, Scope, Shape};
use takeaways_text::tokens::{folding::fold, is_stop_word};

/// A longer message has a topic of its own.
const MAX_WORDS: usize = 64;

/// The question that a message asks after another one.
pub(super) struct FollowUpQuestion {
    pub request: Request,
    pub reading: Reading,
    /// What is asked instead if nothing is found, with less of what was asked before: the first that has an answer.
    pub fallbacks: Vec<Request>,
    /// The message as a new question, if it may be one. It is asked if those have no answer either.
    pub anew: Option<Request>,
    /// The event that the message names, if no post is about it: Devoxx in London.
    pub missing: Option<String>,
    /// Whether a pronoun means a person whom nobody has named, such as the author of what was shown.
    pub is_of_unnamed: bool,
}

/// How a question was understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// It goes on with the question before, or takes its scope.
    FollowUp,
    /// It is a question of its own in the scope of the turn before; if that has no answer, it is a new one.
    ScopeBefore,
    /// It asks beside the question before, with which the next message goes on.
    SideQuestion,
    /// It asks which events there are recaps of: those of its scope.
    Events,
    /// It asks for other events than that of its scope, and there are none, or nothing is left without what it does not want.
    Nothing,
    /// It asks which of the events of its scope was the largest.
    LargestEvent,
    /// It asks how the thing talked about has developed. The next message goes on with the question before, in its scope.
    OverTime,
    /// It asks more of the posts just shown, in the scope of the question before. The next message goes on with it.
    ShownPosts,
}

impl From<Request> for FollowUpQuestion {
    fn from(request: Request) -> Self {
        Self::new(request, Reading::FollowUp)
    }
}

impl FollowUpQuestion {
    pub fn new(request: Request, reading: Reading) -> Self {
        Self { request, reading, fallbacks: Vec::new(), anew: None, missing: None, is_of_unnamed: false }
    }
}

/// Returns the question that a message asks after another one; `None` if it is a new one, with all that it needs.
pub(super) fn understand(
    engine: &Engine,
    previous: &Turn,
    request: &Request,
) -> Result<Option<FollowUpQuestion>, AnswerError> {
    let understood = read(engine, previous, request)?;
    Ok(understood.map(|it| it.or_by_anybody(previous, request).or_anything(previous)))
}

fn read(
    engine: &Engine,
    previous: &Turn,
    request: &Request,
) -> Result<Option<FollowUpQuestion>, AnswerError> {
    let text = request.question.text();
    let words = split_words(text);
    if words.len() > MAX_WORDS {
        return Ok(None);
    }
    let language = parse(&request.question).language;
    let phrases = ConversationPhrases::of(&[language, previous.language, Language::En]);
    let facets = engine.index().facets(request.now)?;
    let conversation_events = ConversationEvents::new(previous, &facets);
    if phrases.asks_about_both(&words)
        && EventTable::builtin().mentions(text).is_empty()
        && let Some(understood) = about_several(request, previous, &words, &conversation_events)
    {
        return Ok(Some(understood));
    }
    let follow_up = FollowUp::new(text, &phrases, &conversation_events);
    if let Some(counted) = counted(previous, request, &follow_up) {
        return Ok(Some(FollowUpQuestion::new(counted, Reading::SideQuestion)));
    }
    if let Some(own) = scope_alone(&words, language, &follow_up, &conversation_events) {
        let mut again = ask_again(previous, request, own);
        if follow_up.asks_others {
            again.scope_options.authors.clone_from(&request.scope_options.authors);
            again.posts.clear();
        }
        return Ok(Some(again.into()));
    }
    if follow_up.asks_others && split_words(&follow_up.plain).is_empty() {
        // "What did others say?"
        let options = ScopeOptions { authors: Vec::new(), ..ScopeOptions::of(&previous.scope) };
        return Ok(Some(with_options(request, &previous.question, options).into()));
    }
    let Ok(rest) = follow_up.plain.parse::<Question>() else { return Ok(None) };
    let rest = rest.in_conversation(request.question.conversation_language());
    let names = engine.find_names(&Request::new(rest, 1, request.now), NameRole::Subject)?;
    let mut message = Message::new(previous, request, &conversation_events, follow_up, names);
    if !message.exclude(engine)? {
        return Ok(Some(FollowUpQuestion::new(request.clone(), Reading::Nothing)));
    }
    if message.names_both_sides() {
        return Ok(None);
    }
    if let Some(rest) = message.without_unwanted() {
        return Ok(Some(rest.into()));
    }
    if goes_back(&words)
        && let Some(returned) = message.returned()
    {
        return Ok(Some(returned.into()));
    }
    if let Some(events) = message.other_events() {
        let is_other = events.scope_options.events.len() > 1;
        return Ok(Some(FollowUpQuestion::new(
            events,
            if is_other { Reading::Events } else { Reading::Nothing },
        )));
    }
    if let Some(again) = message.again(&facets) {
        let missing = message.own.as_ref().and_then(|own| conversation_events.missing_in(own));
        let missing = missing.filter(|_| !goes_back(&words));
        let anew = message.names_other_event_alone(&facets).then(|| request.clone());
        // Posts may mention one side only.
        let own = message.own.clone().filter(|_| again.subject.is_some());
        let fallbacks = own.map(|own| ask_again(previous, request, own)).into_iter().collect();
        let reading = if again.subject.is_some() { Reading::SideQuestion } else { Reading::FollowUp };
        return Ok(Some(FollowUpQuestion {
            fallbacks,
            anew,
            missing,
            ..FollowUpQuestion::new(again, reading)
        }));
    }
    if let Some(understood) = message.of_shown_posts(engine)? {
        return Ok(Some(understood));
    }
    if message.is_standalone() {
        return Ok(message.into_standalone());
    }
    if let Some(understood) = message.one_sided() {
        return Ok(Some(understood));
    }
    if let Some(understood) = message.of_other_person(engine, &facets)? {
        return Ok(Some(understood));
    }
    Ok(Some(message.into_follow_up(engine)?))
}

/// Returns the question for what posts say of the thing of an overview, above which stands how many name it, if a message after that
/// asks nothing but `how many?`
fn counted(previous: &Turn, request: &Request, follow_up: &FollowUp) -> Option<Request> {
    static COUNTS: LazyLock<Phrases> = LazyLock::new(|| phrases_of(|words| &words.conversation.counts));
    let is_asked_for = previous.is_overview() && COUNTS.is(&split_words(&follow_up.plain));
    let thing = previous.subject.as_deref().filter(|_| is_asked_for)?;
    let (text, subject) = takeaways_on(thing);
    let options = ScopeOptions::of(&previous.scope);
    Some(Request { subject: Some(subject), ..with_options(request, &text, options) })
}

/// Returns the question of a turn in another scope.
pub(super) fn ask_again(previous: &Turn, request: &Request, own: NamedScope) -> Request {
    let posts = previous.posts_of_origin(&previous.question);
    Request { posts, ..with_options(request, &previous.question, own.over(&previous.scope)) }
}

/// A message that says more than a scope, as it was read after a turn.
pub(super) struct Message<'m> {
    pub(super) previous: &'m Turn,
    pub(super) request: &'m Request,
    pub(super) conversation_events: &'m ConversationEvents<'m>,
    pub(super) follow_up: FollowUp,
    pub(super) names: QuestionNames,
    pub(super) shape: QuestionShape,
    /// What it names of a scope.
    pub(super) own: Option<NamedScope>,
    /// Whether it names a thing that recaps mention.
    pub(super) has_subject: bool,
}

impl<'m> Message<'m> {
    fn new(
        previous: &'m Turn,
        request: &'m Request,
        conversation_events: &'m ConversationEvents<'m>,
        follow_up: FollowUp,
        names: QuestionNames,
    ) -> Self {
        let shape = names.parsed.told_shape();
        let has_subject = subject(&topic(&names, &shape)).is_some();
        let said = follow_up.edition.clone().or_else(|| NamedScope::new(&names, conversation_events));
        let own = match follow_up.years_away {
            Some(years) => conversation_events.named_away(years, said),
            None => said,
        };
        // "And three years later, was eBPF still a topic?"
        let own = own.map(|own| if has_subject { own.of_any_event() } else { own });
        let place = unknown_place(&names, &shape, request.question.text());
        let own = own.or(place.filter(|_| follow_up.begins_with_connector).map(NamedScope::unknown));
        let is_there = follow_up.points_at(PointerKind::Place);
        let own = own.map(|own| if is_there { conversation_events.in_same_city(own) } else { own });
        Self { previous, request, conversation_events, follow_up, names, shape, own, has_subject }
    }

    /// What it is about. In so few words an article may be taken for a word of another language: `et la KubeCon ?`
    pub(super) fn topic(&self) -> Vec<&Concept> {
        let mut topic = topic(&self.names, &self.shape);
        let is_grammar = |it: &Concept| is_stop_word(&fold(&it.text), self.previous.language);
        let words = &self.names.parsed.syntax.words;
        topic.retain(|it| it.is_name || is_written_as_entity(it, words) || !is_grammar(it));
        topic
    }

    pub(super) fn names_events_or_years(&self) -> bool {
        self.own.as_ref().is_some_and(NamedScope::names_events_or_years)
    }

    /// Whether it points at something that was named or shown before.
    pub(super) fn points_back(&self) -> bool {
        let points_at = |kind| self.follow_up.points_at(kind);
        points_at(PointerKind::Person)
            || points_at(PointerKind::Author)
            || points_at(PointerKind::Place)
            || points_at(PointerKind::Thing)
            || points_at(PointerKind::People) && self.own.is_none()
            || self.follow_up.edition.is_some()
            || self.left_out_person().is_some()
    }

    /// Whether it asks what something is.
    pub(super) fn asks_for_meaning(&self) -> bool {
        self.names.parsed.answer_type == AnswerType::Meaning && !self.topic().is_empty()
    }

    pub(super) fn names_series(&self) -> bool {
        !self.names.resolved.series.is_empty()
    }

    pub(super) fn is_about_events(&self) -> bool {
        !self.names_series() && is_about_events(&self.names, &self.topic())
    }

    /// Whether the first words name a scope, after a preposition at most.
    fn begins_with_scope(&self) -> bool {
        self.names.resolved.consumed_words.iter().any(|words| words.start <= 1)
    }

    /// The request for the events of the conferences that this message names, if it asks for others and for nothing else: `any other
    /// PyCons?` If it is only the one talked about, there are no others.
    fn other_events(&self) -> Option<Request> {
        if !asks_for_other(self.request.question.text()) || !self.topic().is_empty() {
            return None;
        }
        let own = self.own.as_ref().filter(|own| own.names_events());
        let events = match own {
            Some(own) => own.clone().over(&Scope::default()).events,
            None => self.conversation_events.editions_of(&self.names.resolved.series),
        };
        let is_same = |events: &[String]| events.iter().eq(self.previous.scope.events.iter().map(|it| &it.0));
        let is_answer = events.len() > 1
            || events.len() == 1 && is_same(&events) && asks_for_other_edition(self.request.question.text());
        let scope_options = ScopeOptions { events, ..ScopeOptions::default() };
        is_answer.then(|| Request { scope_options, ..self.request.clone() })
    }

    /// Whether it asks what an event that it names was like, and not what was talked about.
    pub(super) fn is_of_other_event(&self) -> bool {
        self.shape.shape != Shape::Fact
            && self.topic().is_empty()
            && self.own.as_ref().is_some_and(NamedScope::names_events)
    }

    /// Whether it is only the name of an event of another conference, so that it may begin anew: `FOSDEM 2020`, but not `at
    /// FOSDEM?`
    fn names_other_event_alone(&self, facets: &Facets) -> bool {
        let is_other = |own: &NamedScope| self.conversation_events.is_other_conference(own, facets);
        !self.follow_up.begins_with_connector
            && self.previous.topic().is_some()
            && is_only_scope(&self.names)
            && self.names.resolved.consumed_words.iter().any(|words| words.start == 0)
            && self.own.as_ref().is_some_and(is_other)
    }

    /// The question before in the scope that this message names, if it asks nothing else, or beside it.
    fn again(&self, facets: &Facets) -> Option<Request> {
        if is_only_scope(&self.names)
            && self.own.as_ref().is_some_and(NamedScope::is_of_author)
            && let Some(asked) =
                self.about_person(self.follow_up.plain.trim_end_matches(['?', '!', '.', ' ']))
        {
            return Some(asked);
        }
        if self.own.is_none() && self.names_series() && self.topic().is_empty() && is_only_scope(&self.names)
        {
            // "And at KubeCon?", where most posts are about KubeCon, so that its name is no scope.
            let asked = with_words(&self.previous.question, &self.follow_up.plain);
            // The years of an event are those of another one.
            let Scope { events, years, authors, .. } = self.previous.scope.clone();
            let years = years.filter(|_| events.is_empty());
            let options = ScopeOptions { years, authors, ..ScopeOptions::default() };
            return Some(with_options(self.request, &asked, options));
        }
        let own = self.own.clone().filter(|_| self.topic().is_empty())?;
        if self.follow_up.is_correction && own.names_events_or_years() && self.previous.topic().is_some() {
            // "I mean what was said at the one in Detroit."
            return Some(ask_again(self.previous, self.request, own));
        }
        match self.shape.shape {
            // "How does that compare to Barcelona?"
            Shape::Comparison => {
                let both = self.conversation_events.time_of(&self.previous.scope).zip(own.time(facets));
                Some(match (both, self.previous.thing()) {
                    (Some((one, other)), None) => {
                        with_options(self.request, &format!("{one} vs {other}"), ScopeOptions::default())
                    }
                    (Some((one, other)), Some(thing)) if self.previous.scope.authors.is_empty() => {
                        let sides = [one, other].map(|event| format!("{thing} {event}"));
                        let (text, subject) = compare_names(sides.each_ref().map(String::as_str), "");
                        let asked = with_options(self.request, &text, ScopeOptions::default());
                        Request { subject: Some(subject), ..asked }
                    }
                    _ => ask_again(self.previous, self.request, own),
                })
            }
            // "And what did Ada say?" tells itself whose words it asks for.
            Shape::Fact
                if self.previous.other_topic().is_none()
                    && !self.names.resolved.scope.authors.is_empty()
                    && asks_for_words(&self.names.parsed.syntax) =>
            {
                let options = ScopeOptions { authors: Vec::new(), ..own.over(&self.previous.scope) };
                Some(with_options(self.request, &self.follow_up.plain, options))
            }
            // "And since 2019?" does not ask what has changed.
            Shape::Fact | Shape::Trend if is_only_scope(&self.names) => {
                Some(ask_again(self.previous, self.request, own))
            }
            _ => None,
        }
    }

    /// Whether it has all that a question needs.
    fn is_standalone(&self) -> bool {
        if self.points_back() {
            return false;
        }
        let stands_alone =
            self.own.is_some() || self.names_series() || self.has_subject && !self.is_about_events();
        // "What about security in Barcelona?"
        let names_thing = self.has_subject || self.shape.asks_for_events();
        let is_standalone_after_connector =
            || names_thing && self.names_events_or_years() && self.follow_up.years_away.is_none();
        (stands_alone || self.asks_for_meaning()) && !self.follow_up.begins_with_connector
            || is_standalone_after_connector()
    }

    /// Returns the scope in which a message that has all that a question needs is asked all the same; `None` if it is a new
    /// question.
    fn into_standalone(self) -> Option<FollowUpQuestion> {
        let text = self.request.question.text();
        let (is_about_events, names_series) = (self.is_about_events(), self.names_series());
        let asks_for_meaning = self.asks_for_meaning();
        let begins_with_scope = self.begins_with_scope();
        let has_events = !self.previous.scope.events.is_empty();
        let Some(own) = self.own else {
            // "What was said about diversity?" may well be about the event talked about.
            let is_everywhere = self.follow_up.is_everywhere;
            let series = self.conversation_events.broad_series();
            let has_events = !self.previous.scope.events.is_empty() || series.is_some();
            let takes_scope = !names_series && !asks_for_meaning && has_events && !is_everywhere;
            let named = series.map(|series| with_words(text, series));
            let text = named.as_deref().unwrap_or(text);
            let options = ScopeOptions { authors: Vec::new(), ..ScopeOptions::of(&self.previous.scope) };
            return takes_scope.then(|| {
                FollowUpQuestion::new(with_options(self.request, text, options), Reading::ScopeBefore)
            });
        };
        // "How did Jane Doe's talk go?" may well be about the event talked about, and "In 2017 there was something on …" about its
        // edition.
        let is_of_event = !own.names_events_or_years() && is_about_events && has_events;
        if is_of_event || own.is_of_years() && begins_with_scope {
            let options = own.over(&self.previous.scope);
            return Some(FollowUpQuestion::new(
                with_options(self.request, text, options),
                Reading::ScopeBefore,
            ));
        }
        // A place alone, or the talks of a year, are those of the conferences talked about.
        let is_meant = own.is_narrowed() || own.is_of_years() && (is_about_events || !self.has_subject);
        // "Which events were there in 2019?" asks for any.
        (is_meant && !self.shape.asks_for_events())
            .then(|| with_options(self.request, text, own.over(&Scope::default())).into())
    }
}

/// A question in the conversation of a request; that of the request if there are no words.
pub(super) fn question_in(request: &Request, text: &str) -> Question {
    let question = text.parse::<Question>().unwrap_or_else(|_| request.question.clone());
    question.in_conversation(request.question.conversation_language())
}

/// Returns the request for a question within a scope. What options set stays.
pub(super) fn with_options(request: &Request, text: &str, scope: ScopeOptions) -> Request {
    let set = &request.scope_options;
    let or = |set: &[String], found: Vec<String>| if set.is_empty() { found } else { set.to_vec() };
    let scope_options = ScopeOptions {
        events: or(&set.events, scope.events),
        years: set.years.or(scope.years),
        authors: or(&set.authors, scope.authors),
    };
    Request { question: question_in(request, text), scope_options, ..request.clone() }
}
