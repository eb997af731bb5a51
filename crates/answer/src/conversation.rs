//! Conversations: a message after another one keeps what it does not replace.
//!
//! A [`Turn`] is what a conversation keeps of a question and its answer. [`EngineHandle::converse`] takes the turn before a
//! message and returns the reply with the next turn, which the caller keeps. A turn holds where excerpts stand and not their
//! words.

mod asked;
mod changes;
mod command_phrases;
mod commands;
mod editions;
mod exclusions;
mod fallbacks;
mod follow_up;
mod frame;
mod largest;
mod left_out;
mod less;
mod message;
mod origin;
mod past;
mod pointers;
mod recaps;
mod remarks;
mod reply;
mod scope;
mod side_questions;
mod speakers;
mod topic;
mod turn;
mod turn_facts;
mod words;

use std::borrow::Cow;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{
    engine::{AnswerLimits, Request},
    excerpt_place::ExcerptPlace,
    handle::{EngineHandle, HandleError, Snapshot},
    resolve::{NameRole, ScopeOptions},
    small_talk::{find_newest_since, find_remark, find_small_talk, small_talk_language},
    spelling::PreparedRequest,
};
use command_phrases::COMMANDS;
use editions::{find_return, narrows};
use follow_up::{FollowUpQuestion, Reading};
pub use message::Command;
use message::{after_new_topic, asks_for_place, find_command};
pub use origin::Origin;
pub use past::PastTopic;
use pointers::is_everywhere;
use recaps::may_compare_with;
pub use recaps::{ListedRecap, RecapList};
use remarks::{accepts, two_questions};
pub(crate) use remarks::{is_set_apart, spelled_out, without_markers};
pub use reply::{AnswerHeading, Notice, Reply, TurnAnswer};
use side_questions::asks_why_not;
use takeaways_corpus::events::EventTable;
use takeaways_text::model::{EventId, Language, Question, Scope, Shape};
use turn::{asks_for_other, keep_answer, keep_history, keep_scope};
pub(crate) use words::{Phrases, Word, phrases_of, split_words};

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
    /// The conferences that the conversation is about without an edition.
    pub series: Vec<String>,
    /// The events that the conversation was about before that of the scope, each as often as it was gone to: the first, and the
    /// last ones.
    #[serde(default)]
    pub events_before: Vec<EventId>,
    /// The topics that the conversation was about before, with their scopes: the last ones.
    #[serde(default)]
    pub topics_before: Vec<PastTopic>,
    /// The event that the first excerpt is about.
    pub shown_event: Option<EventId>,
    /// The person for whom `she` or `he` may stand.
    pub person: Option<String>,
    /// The person whom the question names, or one that it goes on with.
    #[serde(default)]
    pub named_person: Option<String>,
    /// The blog or the group whose posts alone it is of.
    #[serde(default)]
    pub origin: Option<Origin>,
    /// The scope of the excerpts that it shows, if they answer a question beside the conversation, which has another one.
    #[serde(default)]
    pub shown_scope: Option<Scope>,
    /// The excerpts that it shows.
    pub shown: Vec<ExcerptPlace>,
    /// The excerpts of the answer that it shows a part of, by whose numbers messages name them; none if it shows all of it.
    #[serde(default)]
    pub whole: Vec<ExcerptPlace>,
    /// The excerpts that the conversation has shown before, the last ones.
    #[serde(default)]
    pub shown_before: Vec<ExcerptPlace>,
    /// What may be shown if more is asked for, best first.
    pub further: Vec<ExcerptPlace>,
    /// What the answer tells of its posts, if it is an overview.
    #[serde(default)]
    pub overview: Option<Shape>,
    /// The themes of an overview, in order.
    pub themes: Vec<String>,
    /// Whether nothing was found on its topic, which is no known thing. It is no topic of the turns after it.
    #[serde(default)]
    pub is_unanswered: bool,
    /// The conference that the question names, if that has so many posts that its name is no scope.
    #[serde(default)]
    pub broad_series: Option<String>,
    /// Whether no excerpt answered it.
    #[serde(default)]
    pub found_nothing: bool,
    /// The questions that were offered.
    pub offers: Vec<String>,
    /// The language of the question.
    pub language: Language,
}

impl EngineHandle {
    /// Replies to a message, as the one after `previous` in a conversation. Else as [`EngineHandle::answer`].
    ///
    /// # Errors
    /// As [`EngineHandle::answer`].
    pub fn converse(&self, previous: Option<&Turn>, request: &Request) -> Result<Reply, HandleError> {
        self.with_repair(|snapshot| {
            let prepared = snapshot.engine().prepared(request)?;
            let mut reply = snapshot.converse(previous, &prepared.request)?;
            if let Reply::Answer(answer) = &mut reply {
                let second = answer.heading.as_ref().and_then(AnswerHeading::second_question);
                answer.verified.respelled = prepared.respelled_before(second);
            }
            Ok(reply)
        })
    }

    /// Answers a request as the first turn of a conversation.
    ///
    /// # Errors
    /// As [`EngineHandle::answer`].
    pub fn begin(&self, request: &Request) -> Result<TurnAnswer, HandleError> {
        self.with_repair(|snapshot| {
            let PreparedRequest { request, respelled } = snapshot.engine().prepared(request)?;
            let mut answer = snapshot.answer_turn(&request, None, false)?;
            answer.verified.respelled = respelled;
            Ok(answer)
        })
    }

    /// Does what a button asks for on the answer of a turn.
    ///
    /// # Errors
    /// As [`EngineHandle::answer`].
    pub fn run_command(
        &self,
        command: Command,
        turn: &Turn,
        limits: AnswerLimits,
        now: Timestamp,
    ) -> Result<Reply, HandleError> {
        let Some(question) = question_of(turn) else { return Ok(Reply::Notice(Notice::PostGone)) };
        let request = Request::new(question, limits, now);
        // A number is that of an excerpt on the page. A page of one has no numbers: there it is that of the answer.
        let of_page = matches!(command, Command::Context(_)) && turn.shown.len() > 1;
        let turn = if of_page { Cow::Borrowed(turn) } else { turn.with_whole() };
        self.with_repair(|snapshot| {
            let mut reply = snapshot.run_command(command, &turn, &request)?;
            if let Some(Reply::Answer(answer)) = &mut reply {
                keep_history(answer, &turn);
            }
            let nothing = if command == Command::Compare { Notice::NothingBefore } else { Notice::NoMore };
            Ok(reply.unwrap_or(Reply::Notice(nothing)))
        })
    }

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
        let request = Request::new(question, 1, now);
        self.with_repair(|snapshot| {
            let cited_for = turn.cited_for(now);
            let Some(context) = snapshot.engine().context_of(place, step, &cited_for)? else {
                return Ok(None);
            };
            match snapshot.show_excerpts(vec![context], turn.further.clone(), turn, &request)? {
                Reply::Answer(answered) => Ok(Some(*answered)),
                Reply::SmallTalk(..) | Reply::Notice(_) | Reply::Recaps(_) => Ok(None),
            }
        })
    }
}

/// The excerpt of a turn that a message asks about by its number, beside a question of its own: `why is the last one important?`
fn find_item(text: &str, words: &[Word], turn: &Turn) -> Option<Command> {
    let command = COMMANDS.item_within(text, words)?;
    let count = turn.with_whole().shown.len();
    let is_shown = matches!(command, Command::Context(at) if at < count) || command == Command::ContextOfLast;
    // Of several events it may be one of those.
    let is_of_one = turn.scope.events.len() < 2
        && turn.events_talked_about().len() < 2
        && EventTable::builtin().mentions(text).is_empty();
    (count > 1 && is_shown && is_of_one).then_some(command)
}

/// The request for the question of a turn within its scope.
fn within_scope(turn: &Turn, request: &Request) -> Request {
    let question = question_of(turn).unwrap_or_else(|| request.question.clone());
    let named = turn.broad_series.as_ref().map(|series| format!("{} {series}", question.text()));
    let question = named.and_then(|text| text.parse().ok()).unwrap_or(question);
    let posts = turn.posts_of_origin(question.text());
    Request { question, scope_options: ScopeOptions::of(&turn.scope), posts, ..request.clone() }
}

/// The question of a turn; only words that stand for it if its own are no longer kept.
fn question_of(turn: &Turn) -> Option<Question> {
    turn.question.parse().or_else(|_| "recap".parse()).ok()
}

impl Snapshot {
    /// Replies to a message. The next turn keeps which event was talked about before.
    fn converse(&self, previous: Option<&Turn>, request: &Request) -> Result<Reply, HandleError> {
        let text = request.question.text();
        if let Some((first, second)) = two_questions(text)
            && let Ok(question) = first.parse()
            && let Reply::Answer(mut answer) =
                self.converse(previous, &Request { question, ..request.clone() })?
            && !answer.verified.answer.excerpts().is_empty()
        {
            // What is said of the answer itself matters more.
            answer.heading.get_or_insert(AnswerHeading::OneOfTwo(second.to_owned()));
            return Ok(Reply::Answer(answer));
        }
        let mut reply = self.reply(previous, request)?;
        let previous = previous.filter(|_| after_new_topic(text, &split_words(text)).is_none());
        if let (Reply::Answer(answer), Some(previous)) = (&mut reply, previous) {
            keep_history(answer, previous);
            keep_answer(answer, previous);
            keep_scope(answer, &previous.answered());
        }
        Ok(reply)
    }

    fn reply(&self, previous: Option<&Turn>, request: &Request) -> Result<Reply, HandleError> {
        let question = request.question.clone().in_conversation(previous.map(|turn| turn.language));
        let request = &Request { question, ..request.clone() };
        let text = request.question.text();
        let words = split_words(text);
        // "In general?" asks for what was not found.
        let previous =
            previous.map(|it| if is_everywhere(&words) { Cow::Borrowed(it) } else { it.answered() });
        let previous = previous.as_deref();
        if let Some(previous) = previous {
            let offer = previous.offers.first().filter(|_| accepts(&words));
            if let Some(Ok(question)) = offer.map(|offer| offer.parse::<Question>()) {
                let scope_options = ScopeOptions::default();
                let request = Request { question, scope_options, ..request.clone() };
                // An offer names all that it is about.
                return self.ask_turn(&request, None, true);
            }
            // "Just the last one" of several editions is no excerpt, nor is "the first one again" of several events.
            let is_of_editions = previous.scope.events.len() > 1 && narrows(&words)
                || previous.events_talked_about().len() > 1 && find_return(&words).is_some();
            let is_edition = |it: &Command| {
                is_of_editions
                    && matches!(
                        it,
                        Command::Context(_) | Command::ContextOfLast | Command::Newer | Command::Older
                    )
            };
            let command = find_command(&words)
                .or_else(|| asks_for_place(text, &words).then_some(Command::Sources))
                .or_else(|| find_item(text, &words, previous));
            // "Why not?" asks for the other side of views, advice and takeaways. Of another answer it asks for the reason.
            let asks_for_side = previous.has_other_side() && asks_why_not(text, &words);
            let is_question = |it: &Command| asks_for_side && *it == Command::Context(0) || is_edition(it);
            if let Some(command) = command.filter(|it| !is_question(it)) {
                let turn = if command.is_of_page() { Cow::Borrowed(previous) } else { previous.with_whole() };
                if let Some(reply) = self.run_command(command, &turn, request)? {
                    return Ok(reply.refusing(&request.question));
                }
            }
        }
        if let Some(Ok(question)) = after_new_topic(text, &words).map(str::parse::<Question>) {
            return self.ask_turn(&Request { question, ..request.clone() }, None, false);
        }
        let remark = previous.and_then(|_| find_remark(text));
        let newest = || find_newest_since(text, request.today());
        if let Some(kind) = find_small_talk(text).or(remark).or_else(newest) {
            return Ok(Reply::SmallTalk(kind, small_talk_language(text, previous.map(|turn| turn.language))));
        }
        let understood =
            previous.map(|turn| follow_up::understand(self.engine(), turn, request)).transpose()?.flatten();
        match (understood, previous) {
            (Some(understood), Some(previous)) => self.ask_understood(understood, previous, request),
            _ => self.ask_turn(request, None, false),
        }
    }

    /// Asks what a message was understood to ask after a turn.
    fn ask_understood(
        &self,
        understood: FollowUpQuestion,
        previous: &Turn,
        request: &Request,
    ) -> Result<Reply, HandleError> {
        let FollowUpQuestion { request: asked, reading, fallbacks, missing, is_of_unnamed, anew: _ } =
            understood;
        match reading {
            Reading::ScopeBefore => {
                let reply = self.ask_turn(&asked, Some(previous), true)?;
                if !reply.shows_nothing() {
                    return Ok(reply);
                }
                // If no post mentions it, the conversation goes on where it was.
                let new = self.ask_turn(request, None, false)?;
                Ok(if new.shows_nothing() {
                    reply.refusing(&request.question)
                } else {
                    new.answered_from_elsewhere(&reply)
                })
            }
            Reading::SideQuestion | Reading::ShownPosts => {
                let mut reply = self.ask_turn(&asked, Some(previous), true)?;
                if let Some(fallback) = fallbacks.first().filter(|_| reply.shows_nothing()) {
                    return self.ask_turn(fallback, Some(previous), true);
                }
                let is_nothing = reply.shows_nothing();
                if let Reply::Answer(answer) = &mut reply {
                    if is_nothing {
                        // The next message may be about what is still to be seen.
                        answer.turn.shown.clone_from(&previous.shown);
                        answer.turn.shown_scope.clone_from(&previous.shown_scope);
                        answer.turn.whole.clone_from(&previous.whole);
                        answer.turn.further.clone_from(&previous.further);
                    }
                    if reading == Reading::SideQuestion {
                        answer.turn.question.clone_from(&previous.question);
                    } else if previous.scope.events.len() <= 1 {
                        // Of several events, the conversation goes on with that of the shown posts.
                        answer.turn.scope.clone_from(&previous.scope);
                    }
                    // There is no more of a comparison.
                    answer.turn.overview = None;
                }
                Ok(reply.refusing(&request.question))
            }
            Reading::OverTime => {
                let reply = self.ask_turn(&asked, Some(previous), true)?;
                Ok(reply.beside(previous).refusing(&request.question))
            }
            Reading::Nothing => Ok(Reply::Notice(Notice::NoMore)),
            Reading::Events => self.list(asked.scope_options.events, previous, request),
            Reading::LargestEvent => self.by_size(&asked.scope_options.events, previous, request),
            Reading::FollowUp => {
                let mut reply = self.ask_turn(&asked, Some(previous), asked != *request)?;
                if reply.shows_nothing() {
                    reply = self.ask_fallbacks(reply, &asked, fallbacks, previous, request)?;
                }
                if let Reply::Answer(answer) = &mut reply
                    && is_of_unnamed
                {
                    answer.turn.named_person = None;
                }
                if let Some(missing) = missing {
                    reply = reply.with_heading(AnswerHeading::NoSuchEvent(missing));
                }
                let asks_for_other = asks_for_other(request.question.text());
                let reply =
                    if asks_for_other { self.without_shown(reply, previous, request)? } else { reply };
                Ok(reply.refusing(&request.question))
            }
        }
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
        let names = self.engine().find_names(request, NameRole::Subject)?;
        let (verified, _) = self.answer_named(request, names.clone(), None)?;
        let turn = self.turn(request, names, &verified, previous, is_follow_up)?;
        let question = request.question.clone();
        let facets = self.engine().index().facets(request.now)?;
        let compare_with = may_compare_with(&verified.answer, &turn, &facets);
        Ok(TurnAnswer { question, verified, is_follow_up, heading: None, compare_with, turn })
    }
}

#[cfg(test)]
mod tests;
