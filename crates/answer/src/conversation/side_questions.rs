//! Understands messages that leave the question before as it is: the next message goes on with that one.

use super::Turn;
use super::asked::with_words;
use super::editions::MAX_ARTICLE;
use super::exclusions::EXCLUSIONS;
use super::follow_up::{FollowUpQuestion, Message, Reading, with_options};
use super::message::{Command, find_command};
use super::pointers::PointerKind;
use super::scope::ConversationEvents;
use super::topic::{asks, is_only_topic};
use super::words::{Word, split_words};
use crate::{
    attendance::{is_attendance_word, is_comparative, is_size},
    engine::{AnswerError, Engine, Request},
    named_overview::{Subject, compare_names, views_on, whole},
    question_syntax::{overlap, parse_syntax},
    resolve::ScopeOptions,
};
use takeaways_corpus::points::asked_side;
use takeaways_text::model::{ListKind, PostId, QuestionShape, Scope, Shape};
use takeaways_text::tokens::{folding::fold, is_any_stop_word};

/// The most words of a topic that a message about the posts just shown names by itself: `how long did it take?`
const MAX_OWN_WORDS: usize = 2;
/// The maximum number of small words between a word that excludes and what is not wanted: `not from the vendors`.
const MAX_BEFORE: usize = 2;

/// Whether a message asks for what speaks against something, and for nothing else: `why not?`
pub(super) fn asks_why_not(text: &str, words: &[Word]) -> bool {
    find_command(words) == Some(Command::Context(0)) && asked_side(text).is_some()
}

/// Returns the question that asks to compare two events or topics, with words of a message about them.
pub(super) fn compare_both(request: &Request, names: [&str; 2], words: &str) -> Option<Request> {
    let words = if words.is_empty() { String::new() } else { format!(": {words}") };
    let (text, subject) = compare_names(names, &words);
    let question = text.parse().ok()?;
    let scope_options = ScopeOptions::default();
    Some(Request { question, subject: Some(subject), scope_options, ..request.clone() })
}

/// Returns the question that compares the two events talked about, or else the two topics, or which of more events was the largest;
/// `None` if there are not several.
pub(super) fn about_several(
    request: &Request,
    previous: &Turn,
    words: &[Word],
    conversation_events: &ConversationEvents<'_>,
) -> Option<FollowUpQuestion> {
    let is_of_size = |word: &Word| is_size(&word.folded) || is_attendance_word(&word.folded);
    let asks_for_size = words.iter().any(is_of_size);
    let events = conversation_events.several();
    let is_of_two = |word: &Word| is_comparative(&word.folded);
    if events.len() > 2 && asks_for_size && !words.iter().any(is_of_two) {
        let scope_options = ScopeOptions { events, ..ScopeOptions::default() };
        let request = Request { scope_options, ..request.clone() };
        return Some(FollowUpQuestion::new(request, Reading::LargestEvent));
    }
    let compared = match conversation_events.both_names() {
        Some(names) => compare_both(request, names, request.question.text()),
        None if !asks_for_size => compare_topics(request, previous),
        None => None,
    };
    compared.map(|request| FollowUpQuestion::new(request, Reading::SideQuestion))
}

/// Returns the question that compares the topic of a turn with the one talked about before, with the words of a message about them.
pub(super) fn compare_topics(request: &Request, previous: &Turn) -> Option<Request> {
    previous.topic()?;
    let topics = previous.topics_talked_about();
    let (last, before) = topics.split_last()?;
    let other = before.iter().rfind(|it| fold(&it.topic) != fold(&last.topic))?;
    let request = compare_both(request, [&other.topic, &last.topic], request.question.text())?;
    Some(Request { scope_options: ScopeOptions::of(&previous.scope), ..request })
}

/// Returns the question for a list of these events.
pub(super) fn list_events(request: &Request, events: Vec<String>) -> Request {
    let shape = QuestionShape {
        shape: Shape::List,
        words: whole(request.question.text()),
        list_kind: Some(ListKind::Events),
        ..QuestionShape::default()
    };
    let scope_options = ScopeOptions { events, ..ScopeOptions::default() };
    Request { subject: Some(Subject::Overview(shape)), scope_options, ..request.clone() }
}

impl Message<'_> {
    /// Whether it compares two events, years or people that it names itself: `compare Barcelona with San Diego`.
    pub(super) fn names_both_sides(&self) -> bool {
        let Some(sides) = self.shape.sides.as_ref().filter(|_| !self.points_back()) else { return false };
        let named = self.names.resolved.consumed_words.iter();
        let named: Vec<_> = named.filter_map(|words| self.names.parsed.syntax.bytes_of(words)).collect();
        !self.follow_up.begins_with_connector
            && sides.iter().all(|side| named.iter().any(|name| overlap(name, side)))
    }

    /// Returns the question that asks more of the posts just shown, if it names no other thing and they answer it: `how long did it
    /// take?`
    pub(super) fn of_shown_posts(&self, engine: &Engine) -> Result<Option<FollowUpQuestion>, AnswerError> {
        let mut posts: Vec<PostId> = self.previous.shown.iter().map(|place| place.post.clone()).collect();
        posts.dedup();
        let names_other = self.own.is_some() || self.names_series() || self.has_subject;
        let goes_elsewhere = self.follow_up.is_everywhere
            || self.follow_up.asks_others
            || self.follow_up.begins_with_connector
            || self.points_back() && !self.follow_up.points_at(PointerKind::Thing);
        let words = self.topic().len();
        // "Lightning talks?" is another topic. "Has it become too much?" is not.
        let points_at_thing = self.follow_up.points_at(PointerKind::Thing);
        let is_topic = words > 0 && !points_at_thing && is_only_topic(&self.names, &self.topic());
        let asks = self.shape.shape == Shape::Fact && (asks(&self.names) || words > 0 && !is_topic);
        // A message with more words has a topic of its own.
        let is_new = words > MAX_OWN_WORDS;
        if self.previous.is_overview() || posts.is_empty() || names_other || goes_elsewhere || !asks || is_new
        {
            return Ok(None);
        }
        let text = self.request.question.text().trim_end_matches(['?', '!', '.', ' ']);
        let with_topic = format!("{text} {}", self.previous.topic);
        let own = 0..parse_syntax(text).words.len();
        let topic = own.end..usize::MAX;
        // Of several events it is that of these posts.
        let scope = if self.previous.scope.events.len() > 1 {
            self.conversation_events.base_scope(&self.previous.scope, true)
        } else {
            self.previous.scope.clone()
        };
        let scope_options = ScopeOptions::of(&scope);
        let of_posts = |text| Request {
            posts: posts.clone(),
            ..with_options(self.request, text, scope_options.clone())
        };
        let mut asked = vec![(of_posts(&with_topic), vec![own.clone()]), (of_posts(text), vec![own.clone()])];
        if let Some(event) = self.previous.shown_event.clone().filter(|_| self.previous.scope.is_everything())
        {
            // Other posts about the event may say more of the same thing.
            let scope_options = ScopeOptions { events: vec![event.0], ..scope_options.clone() };
            asked.push((with_options(self.request, &with_topic, scope_options), vec![own, topic]));
        }
        for (request, words) in asked {
            if engine.has_other_answer(&request, &words, &self.previous.shown)? {
                return Ok(Some(FollowUpQuestion::new(request, Reading::ShownPosts)));
            }
        }
        Ok(None)
    }

    /// Returns the question before without what a message says that it does not want, if it says nothing else: `not vendor stuff`,
    /// `without the keynotes`.
    pub(super) fn without_unwanted(&self) -> Option<Request> {
        let words = split_words(&self.follow_up.plain);
        let rest = words.get(EXCLUSIONS.match_at(&words, 0)?..).unwrap_or_default();
        let topic = self.topic();
        // "Not true" wants nothing, and neither does "not much detail".
        let is_topic = |word: &Word| topic.first().is_some_and(|topic| word.folded == fold(&topic.text));
        // "Not from the vendors"
        let is_grammar =
            |it: &&Word| !is_topic(it) && (it.folded.len() <= MAX_ARTICLE || is_any_stop_word(&it.folded));
        let before = rest.iter().take(MAX_BEFORE).take_while(is_grammar).count();
        let articles = &self.previous.language.words().conversation.articles;
        let unwanted = rest.get(before..).filter(|rest| rest.first().is_some_and(is_topic));
        // "Not so good" names nothing that may be left out, but "not the keynotes" does.
        let has_article = rest.iter().take(before).any(|word| articles.contains_folded(&word.folded));
        let names_thing =
            unwanted.is_some_and(|it| self.has_subject || has_article || it.len() > topic.len());
        let is_all = (1..=MAX_OWN_WORDS).contains(&topic.len()) && is_only_topic(&self.names, &topic);
        let is_scope = self.own.is_some() || self.names_series();
        let question = Some(&self.previous.question)
            .filter(|it| is_all && names_thing && !is_scope && !it.is_empty())?;
        let unwanted: Vec<String> = topic.iter().map(|it| format!("-\"{}\"", it.text)).collect();
        let options = ScopeOptions::of(&self.previous.scope);
        Some(with_options(self.request, &with_words(question, &unwanted.join(" ")), options))
    }

    /// Returns the question for views of one side on the thing talked about, if a message asks for nothing else: `any
    /// criticism?`
    pub(super) fn one_sided(&self) -> Option<FollowUpQuestion> {
        let text = self.request.question.text();
        let names_side = |text: &str| asked_side(text).is_some();
        let asks_why_not = asks_why_not(text, &split_words(text));
        let has_own_topic = || self.topic().iter().any(|concept| !names_side(&concept.text));
        let is_of_side = asks_why_not || names_side(text) && !has_own_topic();
        let person = self.previous.scope.authors.iter().chain(&self.previous.scope.people).next();
        // "Any complaints about Vegas?" is about Vegas, and not about who was talked about.
        let thing = match self.own {
            Some(_) => self.previous.other_topic().and_then(|_| self.previous.thing()),
            None => self.previous.thing().or(person.map(String::as_str)),
        };
        // "What did people like most in both?" is about the events.
        let is_of_events = self.is_of_other_event() && asks(&self.names) && !asks_why_not;
        // "Is FOSDEM worth it?", "why not?" needs no thing.
        let thing = thing.or(asks_why_not.then_some(""));
        let thing = thing.filter(|_| is_of_side && !is_of_events)?;
        // The name of a conference that is no scope is a part of the thing.
        let series = self.conversation_events.broad_series().filter(|_| self.own.is_none());
        let thing = series
            .map_or_else(|| thing.to_owned(), |series| format!("{thing} {series}").trim_start().to_owned());
        let (text, subject) = views_on(&thing, &format!(": {text}"));
        // "Why not?" is asked of whose view it was.
        let authors = if asks_why_not { self.previous.scope.authors.clone() } else { Vec::new() };
        let scope = Scope { authors, ..self.previous.scope.clone() };
        let options = self.own.clone().unwrap_or_default().over(&scope);
        let request = Request { subject: Some(subject), ..with_options(self.request, &text, options) };
        Some(FollowUpQuestion::new(request, Reading::SideQuestion))
    }
}
