//! Handles presses of buttons.
//!
//! The message holds all the data that a press needs, so buttons work after a restart too. The digest and the caller's
//! permissions are checked at each press.

use crate::{
    answer_buttons::{AnswerPress, handle_answer_press},
    bot::{Bot, UserQuestion},
    conversations::ReplyTarget,
    digest_commands::{Caller, Rejection, into_response},
    interaction::{reply_privately, send_response},
    reply::Reply,
    response::{Failure, Response},
};
use serde::Deserialize;
use serenity::all::{MessageFlags, Permissions};
use takeaways_digest::SubscriptionId;
use takeaways_render::discord::{self as pages, ButtonId};

/// The fields of a press that the bot needs. Discord sends the whole message, with the message that it replies to.
/// Components that this version does not know are ignored, so that the press is answered.
pub(crate) struct ButtonPress {
    pub data: ButtonData,
    pub message: PressedMessage,
}

/// The pressed button.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct ButtonData {
    #[serde(default)]
    custom_id: String,
    /// The chosen entries of a menu.
    #[serde(default)]
    values: Vec<String>,
}

/// The message with the button.
#[derive(Debug, Deserialize)]
pub(crate) struct PressedMessage {
    #[serde(default)]
    id: String,
    #[serde(default)]
    content: String,
    #[serde(default)]
    flags: u64,
    #[serde(default)]
    components: Vec<ComponentRow>,
}

impl PressedMessage {
    /// Whether only one person saw it.
    pub(crate) fn is_private(&self) -> bool {
        MessageFlags::from_bits_truncate(self.flags).contains(MessageFlags::EPHEMERAL)
    }
}

/// A row of buttons, or a menu.
#[derive(Debug, Deserialize)]
pub(crate) struct ComponentRow {
    #[serde(default)]
    components: Vec<PressedComponent>,
}

#[derive(Debug, Deserialize)]
struct PressedComponent {
    custom_id: Option<String>,
    label: Option<String>,
    /// The entries of a menu.
    #[serde(default)]
    options: Vec<MenuOption>,
}

#[derive(Debug, Deserialize)]
struct MenuOption {
    value: String,
}

/// A press with who pressed, and the reply to them.
#[derive(Clone, Copy)]
pub(crate) struct PressContext<'a> {
    pub bot: &'a Bot,
    pub press: &'a ButtonPress,
    pub caller: Caller,
    pub reply: &'a Reply,
}

/// Handles the press of a button.
pub(crate) async fn handle_press(context: PressContext<'_>) -> Result<(), Failure> {
    let PressContext { bot, press, caller, reply } = context;
    let was_private = press.message.is_private();
    match ButtonId::parse(&press.data.custom_id) {
        Some(ButtonId::Ask { .. }) => match press.question() {
            Some(question) => {
                let user_question =
                    UserQuestion::new(question.to_owned(), ReplyTarget::of(caller, was_private));
                // Discord shows the message that the answer refers to, but not which of its buttons was pressed.
                let answer =
                    async { bot.ask(user_question).await.map(|response| response.with_question(question)) };
                // It holds a whole answer.
                Box::pin(send_response(bot, reply, was_private, answer)).await
            }
            None => reply_privately(bot, reply, pages::outdated_button()).await,
        },
        Some(ButtonId::Delete { asker }) if caller.person == asker || may_delete_messages(caller) => {
            reply.defer_update(&bot.rest).await?;
            match reply.delete_original(&bot.rest).await {
                // Somebody else has deleted it already.
                Err(error) if error.status() == 404 => {}
                deleted => deleted?,
            }
            bot.record_answer(reply.command(), "deleted", reply.received_at().elapsed());
            Ok(())
        }
        Some(ButtonId::Answer { action, number }) => {
            let chosen = press.chosen().and_then(|value| value.parse().ok());
            let press = AnswerPress::new(action, chosen);
            handle_answer_press(context, press, number).await
        }
        Some(ButtonId::Context { number, excerpt, step }) => {
            let press = Some(AnswerPress::Context { excerpt, step });
            handle_answer_press(context, press, number).await
        }
        Some(ButtonId::Recaps { number, first }) => {
            handle_answer_press(context, Some(AnswerPress::Recaps { first }), number).await
        }
        Some(ButtonId::Delete { .. }) => reply_privately(bot, reply, pages::not_yours()).await,
        Some(button) => handle_digest_press(context, button).await,
        None => reply_privately(bot, reply, pages::outdated_button()).await,
    }
}

impl ButtonPress {
    /// Parses the id and the question of the button.
    #[cfg(feature = "fuzzing")]
    pub fn parse_for_fuzzing(&self) {
        let _ = (ButtonId::parse(&self.data.custom_id), self.question());
    }

    /// The chosen entry of a menu.
    fn chosen(&self) -> Option<&str> {
        self.data.values.first().map(String::as_str)
    }

    /// The question of the pressed button, or the chosen one of the menu, on a message of the bot. What the message does
    /// not hold is no question of the bot.
    fn question(&self) -> Option<&str> {
        let mut components = self.message.components.iter().flat_map(|row| &row.components);
        let pressed =
            components.find(|component| component.custom_id.as_ref() == Some(&self.data.custom_id))?;
        let chosen = self.chosen();
        let mut values = pressed.options.iter().map(|option| option.value.as_str());
        pressed.label.as_deref().or_else(|| values.find(|value| Some(*value) == chosen))
    }
}

/// The number of the kept answer that the buttons of a message name.
pub(crate) fn answer_number(rows: &[ComponentRow]) -> Option<u64> {
    let ids =
        rows.iter().flat_map(|row| &row.components).filter_map(|component| component.custom_id.as_deref());
    ids.into_iter().find_map(|id| match ButtonId::parse(id)? {
        ButtonId::Answer { number, .. }
        | ButtonId::Context { number, .. }
        | ButtonId::Recaps { number, .. } => Some(number),
        _ => None,
    })
}

/// Whether the caller may delete messages there anyway. Discord sends the caller's permissions with each press.
fn may_delete_messages(caller: Caller) -> bool {
    caller.permissions.contains(Permissions::MANAGE_MESSAGES)
}

/// Handles the press of a digest's button. Only the caller sees the reply.
async fn handle_digest_press(context: PressContext<'_>, button: ButtonId) -> Result<(), Failure> {
    let PressContext { bot, caller, reply, .. } = context;
    let work = async { into_response(run_command(context, button).await) };
    let work = bot.within_limits(caller.person, caller.server, work);
    // Boxed, because the work of any button is part of its future.
    Box::pin(send_response(bot, reply, true, work)).await
}

async fn run_command(context: PressContext<'_>, button: ButtonId) -> Result<Response, Rejection> {
    let PressContext { bot, press, caller, .. } = context;
    let now = bot.now();
    let page = match button {
        ButtonId::Overflow { page } => {
            let message = press.message.id.parse().unwrap_or_default();
            bot.digest_page(message, page, caller).await
        }
        ButtonId::Preview { subscription, page } => {
            return bot.preview_digest(caller.moderator()?, subscription.to_string(), page, now).await;
        }
        ButtonId::Restore { subscription } => {
            bot.restore_digest(caller.moderator()?, SubscriptionId(subscription), now).await
        }
        ButtonId::List { page } => bot.list_digests(caller.moderator()?, page).await,
        ButtonId::Resume { subscription } => {
            bot.resume_personal_digest(caller.person, SubscriptionId(subscription), now).await
        }
        ButtonId::FollowDigest { subscription } => {
            bot.follow_digest(caller, SubscriptionId(subscription), now).await
        }
        ButtonId::Unfollow { .. } => bot.unfollow_by_button(caller, press.chosen(), now).await,
        ButtonId::AddSource { kind } => bot.add_source(caller, kind, &press.message.content).await,
        ButtonId::Ask { .. }
        | ButtonId::Delete { .. }
        | ButtonId::Answer { .. }
        | ButtonId::Context { .. }
        | ButtonId::Recaps { .. } => Err(Rejection::Page(pages::outdated_button())),
    };
    page.map(Response::fixed)
}
