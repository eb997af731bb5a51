//! Conversations: a message after another one keeps what it does not replace.
//!
//! A [`Turn`] is what a conversation keeps of a question and its answer. [`EngineHandle::converse`] takes the turn before a
//! message and returns the reply with the next turn, which the caller keeps. A turn holds where excerpts stand and not their
//! words.

mod commands;
mod follow_up;
mod message;
mod pointers;
mod scope;
mod turn;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    engine::{AnswerError, MAX_EXCERPTS, Request},
    excerpt_place::{CitedFor, ExcerptPlace},
    handle::{EngineHandle, HandleError, Snapshot, VerifiedAnswer},
    plan::find_names,
    resolve::{EventRole, ScopeOptions},
    small_talk::{SmallTalk, find_small_talk},
    verify::verify_answer,
};
pub use message::Command;
use message::{accepts, find_command, is_remark, split_words};
use takeaways_text::model::{Answer, Event, Excerpt, Language, Question, Scope};
use takeaways_text::question_shape::find_shape;
use turn::{asks_about_person, asks_for_other, keep_shown, person, themes, voice, without_scope};

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
    /// Whether the answer is an overview.
    pub is_overview: bool,
    /// The themes of an overview, in order.
    pub themes: Vec<String>,
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

    /// Answers a request as the first turn of a conversation.
    ///
    /// # Errors
    /// As [`EngineHandle::answer`].
    pub fn begin(&self, request: &Request) -> Result<TurnAnswer, HandleError> {
        self.with_repair(|snapshot| snapshot.answer_turn(request, None, false))
    }

    /// Answers what the posts of a turn's scope tell of one of its themes; `None` if it has no such theme.
    ///
    /// # Errors
    /// As [`EngineHandle::answer`].
    pub fn open_theme(
        &self,
        turn: &Turn,
        theme: usize,
        limit: usize,
        now: Timestamp,
    ) -> Result<Option<TurnAnswer>, HandleError> {
        let Some(Ok(question)) = turn.themes.get(theme).map(|theme| theme.parse()) else { return Ok(None) };
        let request = Request { question, subject: None, scope_options: ScopeOptions::default(), limit, now };
        let request = Request { question: request.question.clone(), ..within_scope(turn, &request) };
        self.with_repair(|snapshot| snapshot.answer_turn(&request, Some(turn), true)).map(Some)
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
        let Some(question) = question_of(turn) else { return Ok(Reply::Notice(Notice::PostGone)) };
        let request = Request { question, subject: None, scope_options: ScopeOptions::default(), limit, now };
        self.with_repair(|snapshot| {
            let reply = snapshot.obey(command, turn, &request)?;
            Ok(reply.unwrap_or(Reply::Notice(Notice::NoMore)))
        })
    }
}

impl EngineHandle {
    /// Returns the text around an excerpt of a turn, or what follows (`step` above 0) or precedes it (below 0), as
    /// [`Engine::context_of`](crate::Engine::context_of); `None` if there is none.
    ///
    /// # Errors
    /// As [`EngineHandle::answer`].
    pub fn context(
        &self,
        turn: &Turn,
        excerpt: usize,
        step: i32,
        now: Timestamp,
    ) -> Result<Option<TurnAnswer>, HandleError> {
        let (Some(question), Some(place)) = (question_of(turn), turn.shown.get(excerpt)) else {
            return Ok(None);
        };
        let request =
            Request { question, subject: None, scope_options: ScopeOptions::default(), limit: 1, now };
        self.with_repair(|snapshot| {
            let cited_for = CitedFor { scope: &turn.scope, language: turn.language, now };
            let Some(context) = snapshot.engine().context_of(place, step, &cited_for)? else {
                return Ok(None);
            };
            match snapshot.show_excerpts(vec![context], turn.further.clone(), turn, &request)? {
                Reply::Answer(answered) => Ok(Some(*answered)),
                Reply::SmallTalk(_) | Reply::Notice(_) => Ok(None),
            }
        })
    }
}

/// The request for the question of a turn within its scope.
fn within_scope(turn: &Turn, request: &Request) -> Request {
    let Scope { events, years, authors } = turn.scope.clone();
    let events = events.into_iter().map(|id| id.0).collect();
    let question = question_of(turn).unwrap_or_else(|| request.question.clone());
    Request { question, scope_options: ScopeOptions { events, years, authors }, ..request.clone() }
}

/// The question of a turn; only words that stand for it if its own are no longer kept.
fn question_of(turn: &Turn) -> Option<Question> {
    turn.question.parse().or_else(|_| "recap".parse()).ok()
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
                let is_follow_up = understood != *request;
                let mut reply = self.ask_turn(&understood, previous, is_follow_up)?;
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
            Command::Again => self.again(previous, request)?,
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
        Ok(Reply::Answer(Box::new(self.answer_turn(request, previous, is_follow_up)?)))
    }

    fn answer_turn(
        &self,
        request: &Request,
        previous: Option<&Turn>,
        is_follow_up: bool,
    ) -> Result<TurnAnswer, HandleError> {
        let (verified, _) = self.answer(request, None)?;
        let turn = self.turn(request, &verified, previous, is_follow_up)?;
        let question = request.question.clone();
        Ok(TurnAnswer { question, verified, is_follow_up, turn })
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
            is_overview: matches!(verified.answer, Answer::Overview(_)),
            themes: themes(&verified.answer),
            offers,
            language: names.parsed.language,
        })
    }

    /// Asks the question of a turn again within its scope. If the answer is another one by now, or the words are gone, it
    /// shows the excerpts of the turn.
    fn again(&self, previous: &Turn, request: &Request) -> Result<Reply, HandleError> {
        let reply = self.ask_turn(&within_scope(previous, request), Some(previous), false)?;
        match &reply {
            Reply::Answer(answered) if answered.turn.shown == previous.shown => Ok(reply),
            _ => {
                let limit = request.limit.clamp(1, MAX_EXCERPTS).min(previous.shown.len());
                self.show(previous.shown.get(..limit).unwrap_or_default(), None, previous, request)
            }
        }
    }

    /// Shows what was found beside the excerpts of a turn.
    fn more(&self, previous: &Turn, request: &Request) -> Result<Reply, HandleError> {
        let mut further = previous.further.clone();
        if further.is_empty() && previous.is_overview {
            let request = within_scope(previous, request);
            further = self.engine().further_lines(&request, &previous.shown)?;
        }
        let limit = request.limit.clamp(1, MAX_EXCERPTS).min(further.len());
        if limit == 0 {
            return Ok(Reply::Notice(Notice::NoMore));
        }
        let (now, later) = further.split_at(limit);
        self.show(now, Some(later), previous, request)
    }

    /// Shows excerpts of a turn. The next turn has them and `further`, or what the turn had.
    pub(super) fn show(
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
            is_overview: false,
            themes: Vec::new(),
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
}

#[cfg(test)]
mod tests;
