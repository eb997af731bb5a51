//! Presses of the buttons and menus below answers: more, newest first, context, share, without the scope, another topic.
//!
//! A press needs the kept answer. The person who asked gets a reply like the answer, everybody else a private one.

use crate::{
    bot::Bot,
    buttons::PressContext,
    conversations::{ReplyTarget, restore_turn},
    digest_commands::{Caller, into_response},
    interaction::send_response,
    response::{Failure, Outcome, Response},
};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use takeaways_answer::{Command, Notice, Reply as TurnReply, Turn, TurnAnswer};
use takeaways_render::discord::{self as pages, AnswerAction};
use tokio::time::timeout;

/// How long the kept answer is looked for before the press is acknowledged without it. Discord waits for three seconds, and
/// half of them are for the reply itself.
const FIND_TIMEOUT: Duration = Duration::from_millis(700);

/// What the press of a button or the choice in a menu below an answer asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AnswerPress {
    /// The next excerpts.
    More,
    /// The newest posts first.
    NewestFirst,
    /// The private answer for everybody.
    Share,
    /// The same without its scope.
    RemoveScope,
    /// The end of the conversation.
    NewTopic,
    /// To follow the topic or the author.
    Follow,
    /// The same beside the event or the year before.
    Compare,
    /// All posts that the answer rests on.
    Recaps {
        /// The number of posts before the first of the list.
        first: u16,
    },
    /// All lines of this group, from 0.
    Group(u8),
    /// The text around an excerpt.
    Context {
        excerpt: u8,
        /// How far before or after it.
        step: i8,
    },
}

impl AnswerPress {
    /// The press of an action; `None` for a menu without a choice.
    pub(crate) fn new(action: AnswerAction, chosen: Option<u8>) -> Option<Self> {
        Some(match action {
            AnswerAction::More => Self::More,
            AnswerAction::NewestFirst => Self::NewestFirst,
            AnswerAction::Share => Self::Share,
            AnswerAction::RemoveScope => Self::RemoveScope,
            AnswerAction::NewTopic => Self::NewTopic,
            AnswerAction::Follow => Self::Follow,
            AnswerAction::Compare => Self::Compare,
            AnswerAction::ChooseContext => Self::Context { excerpt: chosen?, step: 0 },
            AnswerAction::ChooseGroup => Self::Group(chosen?),
        })
    }
}

/// Replies to the press of a button of the answer with this number; `press` is `None` for a menu without a choice.
pub(crate) async fn handle_answer_press(
    context: PressContext<'_>,
    press: Option<AnswerPress>,
    number: u64,
) -> Result<(), Failure> {
    let PressContext { bot, caller, reply, .. } = context;
    let now = bot.now();
    let mut finding = Box::pin(bot.store.find_answer(number, now));
    let (found, is_private) = if let Ok(kept) = timeout(FIND_TIMEOUT, &mut finding).await {
        let kept = kept?;
        let is_asker = kept.as_ref().is_some_and(|kept| kept.person == caller.person);
        let turn = kept.and_then(|kept| restore_turn(kept, caller.person));
        let is_private = is_private(&context, press, is_asker, turn.is_some());
        (Ok(turn), is_private)
    } else {
        // Discord does not wait. Whose answer it is nobody knows yet, so the reply is for the one who pressed.
        let is_private = !caller.is_direct;
        reply.defer(&bot.rest, is_private).await?;
        (Err(finding), is_private)
    };
    let work = async {
        let turn = match found {
            Ok(turn) => turn,
            Err(finding) => {
                let turn = finding.await?.and_then(|kept| restore_turn(kept, caller.person));
                // A private reply shares nothing.
                if press == Some(AnswerPress::Share) && is_private {
                    return Err(Failure::TimedOut);
                }
                turn
            }
        };
        respond(bot, caller, number, turn, press, ReplyTarget::of(caller, is_private), now).await
    };
    let work = bot.within_limits(caller.person, caller.server, work);
    // Boxed, because the work of any button is part of its future.
    Box::pin(send_response(bot, reply, is_private, work)).await
}

/// Whether only the one who pressed sees the reply. `is_kept` tells that the answer is still there.
fn is_private(context: &PressContext<'_>, press: Option<AnswerPress>, is_asker: bool, is_kept: bool) -> bool {
    let is_shared = is_asker && press == Some(AnswerPress::Share);
    // Everybody who follows does so for themselves.
    let is_personal = matches!(
        press,
        None | Some(
            AnswerPress::Context { .. }
                | AnswerPress::Group(_)
                | AnswerPress::Follow
                | AnswerPress::Compare
                | AnswerPress::Recaps { .. }
        )
    );
    let is_for_one = context.press.message.is_private() || is_personal || !is_asker || !is_kept;
    !context.caller.is_direct && !is_shared && is_for_one
}

/// The reply to a press, if the answer is still kept.
async fn respond(
    bot: &Bot,
    caller: Caller,
    number: u64,
    turn: Option<Turn>,
    press: Option<AnswerPress>,
    target: ReplyTarget,
    now: Timestamp,
) -> Result<Response, Failure> {
    let Some(turn) = turn else { return Ok(Response::fixed(pages::expired_answer())) };
    let Some(press) = press else { return Ok(Response::fixed(pages::outdated_button())) };
    match (press, pages::interest_of(&turn)) {
        (AnswerPress::Follow, Some(interest)) => {
            into_response(bot.follow_at_once(caller, interest, now).await)
        }
        _ => PressedAnswer { bot, number, turn, target, now }.respond(press).await,
    }
}

/// The kept answer whose button was pressed, and where the reply goes.
struct PressedAnswer<'a> {
    bot: &'a Bot,
    number: u64,
    turn: Turn,
    target: ReplyTarget,
    now: Timestamp,
}

impl PressedAnswer<'_> {
    async fn respond(self, press: AnswerPress) -> Result<Response, Failure> {
        let language = self.turn.language;
        let command = match press {
            AnswerPress::Context { excerpt, step } => return self.show_context(excerpt, step).await,
            AnswerPress::Recaps { first } => return self.list_recaps(first).await,
            AnswerPress::Share => return self.share().await,
            AnswerPress::NewTopic => {
                self.bot.store.end_conversation(self.target.channel, self.target.person).await?;
                return Ok(Response::fixed(pages::notice(Notice::NewTopic, language)));
            }
            // The answer has nothing to follow.
            AnswerPress::Follow => return Ok(Response::fixed(pages::outdated_button())),
            AnswerPress::Group(group) => Command::OpenTheme(usize::from(group)),
            AnswerPress::More => Command::More,
            AnswerPress::NewestFirst => Command::NewestFirst,
            AnswerPress::RemoveScope => Command::WithoutScope,
            AnswerPress::Compare => Command::Compare,
        };
        let (bot, target, now) = (self.bot, self.target, self.now);
        match self.run(command).await? {
            // It is the next turn of the conversation.
            TurnReply::Answer(answered) => {
                let page = bot.keep_and_render(&answered, &[], target, now).await;
                Ok(Response::new(page, outcome(&answered)))
            }
            TurnReply::Notice(notice) => Ok(Response::fixed(pages::notice(notice, language))),
            TurnReply::SmallTalk(..) | TurnReply::Recaps(_) => {
                Ok(Response::fixed(pages::notice(Notice::NoMore, language)))
            }
        }
    }

    async fn run(self, command: Command) -> Result<TurnReply, Failure> {
        let Self { bot, turn, now, .. } = self;
        let engine = Arc::clone(bot.engine()?);
        let limits = engine.limits();
        Ok(bot.capacity.threads.run(move || engine.run_command(command, &turn, limits, now)).await??)
    }

    /// Lists posts that the answer rests on. It is no turn of the conversation.
    async fn list_recaps(self, first: u16) -> Result<Response, Failure> {
        let Self { bot, number, turn, now, .. } = self;
        let (language, engine) = (turn.language, Arc::clone(bot.engine()?));
        let work = move || engine.recaps(&turn, usize::from(first), now);
        match bot.capacity.threads.run(work).await?? {
            TurnReply::Recaps(list) => {
                Ok(Response::new(pages::recap_list(&list, Some(number)), Outcome::Cited))
            }
            TurnReply::Notice(notice) => Ok(Response::fixed(pages::notice(notice, language))),
            TurnReply::Answer(_) | TurnReply::SmallTalk(..) => {
                Ok(Response::fixed(pages::notice(Notice::RecapsGone, language)))
            }
        }
    }

    /// Shows the text around an excerpt. It is no turn of the conversation.
    async fn show_context(self, excerpt: u8, step: i8) -> Result<Response, Failure> {
        let Self { bot, number, turn, now, .. } = self;
        let language = turn.language;
        let engine = Arc::clone(bot.engine()?);
        let work = move || {
            let at = |step: i8| engine.context(&turn, usize::from(excerpt), i32::from(step), now);
            let shown = at(step)?;
            let has = |step: Option<i8>| match step.map(at) {
                Some(Ok(context)) => context.is_some(),
                _ => false,
            };
            let has_more = [has(step.checked_sub(1)), has(step.checked_add(1))];
            Ok::<_, takeaways_answer::HandleError>(shown.map(|shown| (shown, has_more)))
        };
        match bot.capacity.threads.run(work).await?? {
            Some((answered, has_more)) => {
                let page = pages::context(&answered, number, excerpt, step, has_more);
                Ok(Response::new(page, Outcome::Cited))
            }
            None => Ok(Response::fixed(pages::notice(Notice::PostGone, language))),
        }
    }

    /// Shows an answer to everybody: the same question again while its words are kept, else its excerpts.
    async fn share(self) -> Result<Response, Failure> {
        let (language, number, person) = (self.turn.language, self.number, self.target.person);
        match self.run(Command::Again).await? {
            TurnReply::Answer(answered) => {
                Ok(Response::new(pages::shared_answer(&answered, number, person), Outcome::Cited))
            }
            TurnReply::Notice(notice) => Ok(Response::fixed(pages::notice(notice, language))),
            TurnReply::SmallTalk(..) | TurnReply::Recaps(_) => {
                Ok(Response::fixed(pages::notice(Notice::PostGone, language)))
            }
        }
    }
}

/// How a question with an answer or a refusal ended.
pub(crate) fn outcome(answered: &TurnAnswer) -> Outcome {
    if answered.verified.answer.is_answered() { Outcome::Cited } else { Outcome::NothingFound }
}
