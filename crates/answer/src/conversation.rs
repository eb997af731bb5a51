//! Conversations: a message after another one keeps what it does not replace.
//!
//! A [`Turn`] is what a conversation keeps of a question and its answer. [`EngineHandle::converse`] takes the turn before a
//! message and returns the reply with the next turn, which the caller keeps. A turn holds where excerpts stand and not their
//! words.

mod follow_up;
mod message;
mod scope;

use std::sync::LazyLock;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    answer_type::AnswerType,
    engine::{AnswerError, MAX_EXCERPTS, Request},
    excerpt_place::{CitedFor, ExcerptPlace},
    handle::{EngineHandle, HandleError, Snapshot, VerifiedAnswer},
    plan::{QuestionNames, find_names},
    resolve::{EventRole, ScopeOptions, asks_for_words},
    small_talk::{SmallTalk, find_small_talk},
    verify::verify_answer,
};
pub use message::Command;
use message::{accepts, find_command, is_remark, split_words};
use takeaways_search::Facets;
use takeaways_text::model::{Answer, Event, Excerpt, Language, Question, Scope, Years};
use takeaways_text::question_shape::find_shape;

/// What a conversation keeps of a question and its answer. It holds the words of the question, and none of a post.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Turn {
    /// The question without the words that name its scope.
    pub question: String,
    /// The words of its topic; empty if it has none.
    pub topic: String,
    /// The names and known topics among them, for which `it` may stand.
    pub subject: Option<String>,
    /// The scope of the answer.
    pub scope: Scope,
    /// The conferences that the question names without an edition.
    pub series: Vec<String>,
    /// The person that the question names, or whose words were shown first.
    pub person: Option<String>,
    /// The excerpts of the answer.
    pub shown: Vec<ExcerptPlace>,
    /// What may be shown if more is asked for, best first.
    pub further: Vec<ExcerptPlace>,
    /// The questions that were offered.
    pub offers: Vec<String>,
    /// The language of the question.
    pub language: Language,
}

/// The reply to a message.
#[derive(Debug, Clone, PartialEq)]
pub enum Reply {
    /// An answer or a refusal.
    Answer(Box<TurnAnswer>),
    /// The message is not a question. The conversation stays as it was.
    SmallTalk(SmallTalk),
    /// There is nothing to show. The conversation stays as it was, but for [`Notice::NewTopic`].
    Notice(Notice),
}

/// An answer within a conversation.
#[derive(Debug, Clone, PartialEq)]
pub struct TurnAnswer {
    /// The question as it was understood.
    pub question: Question,
    /// The answer.
    pub verified: VerifiedAnswer,
    /// Whether the message went on with the turn before.
    pub is_follow_up: bool,
    /// What the conversation keeps.
    pub turn: Turn,
}

/// Why there is nothing to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// Everything on the topic was shown.
    NoMore,
    /// The answer has fewer excerpts: so many.
    NoSuchExcerpt(usize),
    /// The post of the excerpt is gone or was edited.
    PostGone,
    /// The conversation begins anew.
    NewTopic,
}

impl Turn {
    /// Returns the words of its topic, for the person to see what was understood; `None` if it has none.
    #[must_use]
    pub fn topic(&self) -> Option<&str> {
        Some(self.topic.as_str()).filter(|topic| !topic.is_empty())
    }
}

impl EngineHandle {
    /// Replies to a message, as the one after `previous` in a conversation. Else as [`EngineHandle::answer`].
    ///
    /// # Errors
    /// As [`EngineHandle::answer`].
    pub fn converse(&self, previous: Option<&Turn>, request: &Request) -> Result<Reply, HandleError> {
        self.with_repair(|snapshot| snapshot.converse(previous, request))
    }

    /// Does what a button asks for on the answer of a turn: at most `limit` excerpts, as they may be shown at a time.
    ///
    /// # Errors
    /// As [`EngineHandle::answer`].
    pub fn obey(
        &self,
        command: Command,
        turn: &Turn,
        limit: usize,
        now: Timestamp,
    ) -> Result<Reply, HandleError> {
        let Ok(question) = turn.question.parse() else { return Ok(Reply::Notice(Notice::PostGone)) };
        let request = Request { question, scope_options: ScopeOptions::default(), limit, now };
        self.with_repair(|snapshot| {
            let reply = snapshot.obey(command, turn, &request)?;
            Ok(reply.unwrap_or(Reply::Notice(Notice::NoMore)))
        })
    }
}

impl Snapshot {
    fn converse(&self, previous: Option<&Turn>, request: &Request) -> Result<Reply, HandleError> {
        let text = request.question.text();
        let words = split_words(text);
        if let Some(previous) = previous {
            let offer = previous.offers.first().filter(|_| accepts(&words));
            if let Some(Ok(question)) = offer.map(|offer| offer.parse::<Question>()) {
                let scope_options = ScopeOptions::default();
                let request = Request { question, scope_options, ..request.clone() };
                return self.ask_turn(&request, Some(previous), true);
            }
            if let Some(command) = find_command(&words)
                && let Some(reply) = self.obey(command, previous, request)?
            {
                return Ok(reply);
            }
        }
        if let Some(kind) = find_small_talk(text) {
            return Ok(Reply::SmallTalk(kind));
        }
        if previous.is_some() && is_remark(&words) {
            return Ok(Reply::SmallTalk(SmallTalk::Thanks));
        }
        let understood =
            previous.map(|turn| follow_up::understand(self.engine(), turn, request)).transpose()?.flatten();
        match understood {
            Some(understood) => {
                let mut reply = self.ask_turn(&understood, previous, true)?;
                let is_nothing = matches!(&reply, Reply::Answer(it) if it.turn.shown.is_empty());
                if is_nothing
                    && request.scope_options.authors.is_empty()
                    && asks_about_person(&understood, previous)
                {
                    // The person said nothing on it, but others may have said something about the person.
                    let scope_options =
                        ScopeOptions { authors: Vec::new(), ..understood.scope_options.clone() };
                    reply = self.ask_turn(&Request { scope_options, ..understood }, previous, true)?;
                }
                Ok(if asks_for_other(text) { self.without_shown(reply, previous, request)? } else { reply })
            }
            None => self.ask_turn(request, None, false),
        }
    }

    /// Does what a command asks for; `None` if it needs excerpts and there are none, so that the message is a question.
    fn obey(
        &self,
        command: Command,
        previous: &Turn,
        request: &Request,
    ) -> Result<Option<Reply>, HandleError> {
        let count = previous.shown.len();
        let reply = match command {
            Command::NewTopic => Reply::Notice(Notice::NewTopic),
            Command::More | Command::Context(_) | Command::ContextOfLast | Command::Source if count == 0 => {
                return Ok(None);
            }
            Command::More => self.more(previous, request)?,
            // With one excerpt, "the second one" is an event or a talk.
            Command::Context(at) if at >= count && count == 1 => return Ok(None),
            Command::NewestFirst => self.newest_first(previous, request)?,
            Command::Context(at) => self.context(at, previous, request)?,
            Command::ContextOfLast => self.context(count - 1, previous, request)?,
            Command::Source => {
                self.show(previous.shown.get(..1).unwrap_or_default(), None, previous, request)?
            }
            Command::Newer | Command::Older => {
                let Some(years) = self.years_beside(command, previous, request)? else { return Ok(None) };
                let Ok(question) = previous.question.parse() else { return Ok(None) };
                let authors = previous.scope.authors.clone();
                let scope_options = ScopeOptions { events: Vec::new(), years: Some(years), authors };
                self.ask_turn(&Request { question, scope_options, ..request.clone() }, Some(previous), true)?
            }
            Command::InLanguage(language) => self.in_language(language, previous, request)?,
        };
        Ok(Some(reply))
    }

    /// Answers a question and makes its turn.
    fn ask_turn(
        &self,
        request: &Request,
        previous: Option<&Turn>,
        is_follow_up: bool,
    ) -> Result<Reply, HandleError> {
        let (verified, _) = self.answer(request, None)?;
        let turn = self.turn(request, &verified, previous, is_follow_up)?;
        let question = request.question.clone();
        Ok(Reply::Answer(Box::new(TurnAnswer { question, verified, is_follow_up, turn })))
    }

    /// Returns what a conversation keeps of a question and its answer.
    fn turn(
        &self,
        request: &Request,
        verified: &VerifiedAnswer,
        previous: Option<&Turn>,
        is_follow_up: bool,
    ) -> Result<Turn, AnswerError> {
        let index = self.engine().index();
        let names =
            find_names(&request.question, &request.scope_options, EventRole::Subject, index, request.now)?;
        let shape = find_shape(&names.parsed.syntax.text);
        let topic: Vec<&str> =
            follow_up::topic(&names, &shape).iter().map(|concept| concept.text.as_str()).collect();
        let offers = match &verified.answer {
            Answer::NothingFound { suggestions, .. } => {
                suggestions.iter().map(|it| it.question.clone()).collect()
            }
            _ => Vec::new(),
        };
        let excerpts = verified.answer.excerpts();
        let facets = index.facets(request.now)?;
        let person = person(&names, verified, &facets).or_else(|| previous?.person.clone());
        Ok(Turn {
            question: without_scope(&names).unwrap_or_else(|| request.question.text().to_owned()),
            topic: topic.join(" "),
            subject: follow_up::subject(&names, &shape)
                .or_else(|| previous.filter(|_| is_follow_up)?.subject.clone()),
            series: names.resolved.series.clone(),
            scope: verified.answer.scope().clone(),
            person,
            shown: excerpts.iter().map(ExcerptPlace::from).collect(),
            further: verified.further.clone(),
            offers,
            language: names.parsed.language,
        })
    }

    /// Shows what was found beside the excerpts of a turn.
    fn more(&self, previous: &Turn, request: &Request) -> Result<Reply, HandleError> {
        let limit = request.limit.clamp(1, MAX_EXCERPTS).min(previous.further.len());
        if limit == 0 {
            return Ok(Reply::Notice(Notice::NoMore));
        }
        let (now, later) = previous.further.split_at(limit);
        self.show(now, Some(later), previous, request)
    }

    /// Shows what a turn found, the newest posts first.
    fn newest_first(&self, previous: &Turn, request: &Request) -> Result<Reply, HandleError> {
        let mut dated = Vec::new();
        for place in previous.shown.iter().chain(&previous.further) {
            let post = self.engine().index().post(&place.post)?;
            // An undated post is as old as its event.
            let date = post.and_then(|post| post.date.or(post.events.first().and_then(|event| event.end)));
            dated.push((date, place.clone()));
        }
        dated.sort_by_key(|(date, _)| std::cmp::Reverse(*date));
        let places: Vec<ExcerptPlace> = dated.into_iter().map(|(_, place)| place).collect();
        let (now, later) = places.split_at(places.len().min(request.limit.clamp(1, MAX_EXCERPTS)));
        self.show(now, Some(later), previous, request)
    }

    /// Shows excerpts of a turn. The next turn has them and `further`, or what the turn had.
    fn show(
        &self,
        places: &[ExcerptPlace],
        further: Option<&[ExcerptPlace]>,
        previous: &Turn,
        request: &Request,
    ) -> Result<Reply, HandleError> {
        let cited_for = CitedFor { scope: &previous.scope, language: previous.language, now: request.now };
        let excerpts = places.iter().map(|place| self.engine().excerpt_at(place, &cited_for));
        let excerpts: Vec<Excerpt> = excerpts.collect::<Result<Vec<_>, _>>()?.into_iter().flatten().collect();
        let further = further.unwrap_or(&previous.further).to_vec();
        self.show_excerpts(excerpts, further, previous, request)
    }

    /// Shows the text around an excerpt of a turn.
    fn context(&self, at: usize, previous: &Turn, request: &Request) -> Result<Reply, HandleError> {
        let Some(place) = previous.shown.get(at) else {
            return Ok(Reply::Notice(Notice::NoSuchExcerpt(previous.shown.len())));
        };
        let cited_for = CitedFor { scope: &previous.scope, language: previous.language, now: request.now };
        let context = self.engine().context_of(place, 0, &cited_for)?;
        let reply =
            self.show_excerpts(context.into_iter().collect(), previous.further.clone(), previous, request)?;
        Ok(keep_shown(reply, previous))
    }

    /// Shows excerpts as an answer to the question of a turn.
    fn show_excerpts(
        &self,
        excerpts: Vec<Excerpt>,
        further: Vec<ExcerptPlace>,
        previous: &Turn,
        request: &Request,
    ) -> Result<Reply, HandleError> {
        if excerpts.is_empty() {
            return Ok(Reply::Notice(Notice::PostGone));
        }
        let index = self.engine().index();
        let turn = Turn {
            shown: excerpts.iter().map(ExcerptPlace::from).collect(),
            further: further.clone(),
            person: excerpts.first().and_then(voice).or_else(|| previous.person.clone()),
            offers: Vec::new(),
            ..previous.clone()
        };
        let answer = Answer::Cited { excerpts, scope: previous.scope.clone(), newest: None, confidence: 1.0 };
        verify_answer(&answer, index)?;
        let facets = index.facets(request.now)?;
        let in_scope = |event: &&Event| previous.scope.events.contains(&event.id);
        let events = facets.events.iter().map(|(event, _)| event).filter(in_scope).cloned().collect();
        let question = previous.question.parse().unwrap_or_else(|_| request.question.clone());
        let verified = VerifiedAnswer { answer, events, further };
        Ok(Reply::Answer(Box::new(TurnAnswer { question, verified, is_follow_up: true, turn })))
    }

    /// Shows what a turn found in posts of a language.
    fn in_language(
        &self,
        language: Language,
        previous: &Turn,
        request: &Request,
    ) -> Result<Reply, HandleError> {
        let mut places = Vec::new();
        for place in previous.shown.iter().chain(&previous.further) {
            let post = self.engine().index().post(&place.post)?;
            if post.is_some_and(|post| post.language == language) {
                places.push(place.clone());
            }
        }
        if places.is_empty() {
            return Ok(Reply::Notice(Notice::NoMore));
        }
        let (now, later) = places.split_at(places.len().min(request.limit.clamp(1, MAX_EXCERPTS)));
        self.show(now, Some(later), &Turn { language, ..previous.clone() }, request)
    }

    /// The years after or before those that a turn is about: of its scope, else of what it shows.
    fn years_beside(
        &self,
        command: Command,
        previous: &Turn,
        request: &Request,
    ) -> Result<Option<Years>, AnswerError> {
        let index = self.engine().index();
        let facets = index.facets(request.now)?;
        let in_scope = |event: &&Event| previous.scope.events.contains(&event.id);
        let events = facets.events.iter().map(|(event, _)| event).filter(in_scope);
        let mut years: Vec<i16> = events.filter_map(|event| event.year).collect();
        years.extend(previous.scope.years.iter().flat_map(|years| [years.first, years.last]));
        if years.is_empty() {
            for place in &previous.shown {
                let post = index.post(&place.post)?;
                years.extend(post.and_then(|post| {
                    let of_event = post.events.first().and_then(|event| event.year);
                    of_event.or(post.date.map(jiff::civil::Date::year))
                }));
            }
        }
        let this_year = request.now.to_zoned(jiff::tz::TimeZone::UTC).year();
        Ok(if command == Command::Newer {
            years.into_iter().max().map(|last| Years { first: (last + 1).min(this_year), last: this_year })
        } else {
            years
                .into_iter()
                .min()
                .map(|first| Years { first: Years::FIRST, last: (first - 1).max(Years::FIRST) })
        })
    }

    /// Returns a reply without the excerpts that the turn before has shown.
    fn without_shown(
        &self,
        reply: Reply,
        previous: Option<&Turn>,
        request: &Request,
    ) -> Result<Reply, HandleError> {
        let (Reply::Answer(answer), Some(previous)) = (&reply, previous) else { return Ok(reply) };
        let was_shown = |place: &&ExcerptPlace| {
            previous.shown.iter().any(|it| it.post == place.post && it.span.overlaps(place.span))
        };
        let all = answer.turn.shown.iter().chain(&answer.turn.further);
        let new: Vec<ExcerptPlace> = all.filter(|place| !was_shown(place)).cloned().collect();
        if new.len() == answer.turn.shown.len() + answer.turn.further.len() {
            return Ok(reply);
        }
        let (now, later) = new.split_at(new.len().min(request.limit.clamp(1, MAX_EXCERPTS)));
        if now.is_empty() {
            return Ok(Reply::Notice(Notice::NoMore));
        }
        self.show(now, Some(later), &answer.turn, request)
    }
}

/// The reply whose turn still has the excerpts that the turn before has shown, so that they can be named by number.
fn keep_shown(mut reply: Reply, previous: &Turn) -> Reply {
    if let Reply::Answer(answer) = &mut reply {
        answer.turn.shown.clone_from(&previous.shown);
    }
    reply
}

/// Whether a question names the person whose words its scope is limited to.
fn asks_about_person(request: &Request, previous: Option<&Turn>) -> bool {
    let person = previous.and_then(|turn| turn.person.as_ref());
    person.is_some_and(|person| {
        request.scope_options.authors.contains(person) && request.question.text().contains(person.as_str())
    })
}

/// Whether a message asks for what was not shown: `what else did she say?`
fn asks_for_other(text: &str) -> bool {
    static OTHER: LazyLock<message::Phrases> =
        LazyLock::new(|| message::phrases_of(|words| &words.conversation.other));
    let words = split_words(text);
    (0..words.len()).any(|at| OTHER.match_at(&words, at).is_some())
}

/// Returns a question without the words that name its scope; `None` if nothing is left.
fn without_scope(names: &QuestionNames) -> Option<String> {
    let syntax = &names.parsed.syntax;
    let mut text = syntax.text.clone();
    for words in &names.resolved.consumed_words {
        let mut words = syntax.words.get(words.clone()).unwrap_or_default().iter();
        let Some(first) = words.next() else { continue };
        let end = words.last().unwrap_or(first).range.end;
        text.replace_range(first.range.start..end, &" ".repeat(end - first.range.start));
    }
    let has_words = !split_words(&text).is_empty();
    let kept = text.split_whitespace().map(str::to_owned);
    let excluded = syntax
        .excluded
        .iter()
        .map(|words| if words.contains(' ') { format!("-\"{words}\"") } else { format!("-{words}") });
    has_words.then(|| kept.chain(excluded).collect::<Vec<_>>().join(" "))
}

/// Whose words an excerpt is.
fn voice(excerpt: &Excerpt) -> Option<String> {
    let citation = &excerpt.citation;
    citation.speaker.clone().or_else(|| citation.author.clone())
}

/// The person that a question or its answer names first: who is asked about, who is the answer, or whose words are shown.
fn person(names: &QuestionNames, verified: &VerifiedAnswer, facets: &Facets) -> Option<String> {
    if let [author] = names.resolved.scope.authors.as_slice() {
        return Some(author.clone());
    }
    let known = |text: &str| {
        let found = facets.authors.iter().map(|(name, _)| name).filter(|name| name.contains(' '));
        let places = found.filter_map(|name| Some((text.find(name.as_str())?, name)));
        places.min().map(|(_, name)| name.clone())
    };
    let question = &names.parsed.syntax.text;
    let asked_about = || asks_for_words(&names.parsed.syntax).then(|| full_name(question)).flatten();
    if let Some(name) = known(question).or_else(asked_about) {
        return Some(name);
    }
    let first = verified.answer.excerpts().first()?;
    let is_who = names.parsed.answer_type == AnswerType::Who;
    let in_quote =
        || is_who.then(|| known(&first.quote.text).or_else(|| full_name(&first.quote.text))).flatten();
    in_quote().or_else(|| voice(first))
}

/// The first two words in a row that begin with capitals within a sentence, as names of people do.
fn full_name(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_part = |word: &str| {
        let mut chars = word.chars();
        chars.next().is_some_and(char::is_uppercase)
            && chars.clone().count() > 0
            && chars.all(|c| c.is_lowercase() || matches!(c, '\'' | '’' | '-'))
    };
    words.windows(2).find_map(|pair| {
        let [first, last] = pair else { return None };
        let last = last.trim_end_matches(|c: char| !c.is_alphanumeric());
        let last = last.strip_suffix("'s").or_else(|| last.strip_suffix("’s")).unwrap_or(last);
        (is_part(first) && is_part(last)).then(|| format!("{first} {last}"))
    })
}

#[cfg(test)]
mod tests;
