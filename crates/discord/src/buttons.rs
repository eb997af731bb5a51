//! Presses of buttons, also on messages from before a restart: the message holds all the data that is needed.

mod digests;

use serde::Deserialize;
use serenity::all::{MessageFlags, Permissions};

use super::bot::{Bot, Outcome, Response, UserQuestion};
use super::digest_commands::Caller;
use super::failure::Failure;
use super::interaction::send_response;
use super::reply::Reply;
use takeaways_render::discord::{self as pages, ButtonId, MessagePayload};

/// The fields of a press that the bot needs. Discord sends the whole message, with the message that it replies to.
/// Components that this version does not know are ignored, so that the press is answered.
pub struct ButtonPress {
    pub data: Pressable,
    pub message: Below,
}

/// The pressed button.
#[derive(Debug, Default, Deserialize)]
pub struct Pressable {
    #[serde(default)]
    custom_id: String,
}

/// The message with the button.
#[derive(Debug, Deserialize)]
pub struct Below {
    #[serde(default)]
    id: String,
    #[serde(default)]
    flags: u64,
    #[serde(default)]
    components: Vec<ComponentRow>,
}

#[derive(Debug, Deserialize)]
struct ComponentRow {
    #[serde(default)]
    components: Vec<Component>,
}

#[derive(Debug, Deserialize)]
struct Component {
    custom_id: Option<String>,
    label: Option<String>,
}

/// Handles the press of a button.
pub async fn pressed(bot: &Bot, press: &ButtonPress, here: Caller, reply: &Reply) -> Result<(), Failure> {
    let flags = MessageFlags::from_bits_truncate(press.message.flags);
    let was_private = flags.contains(MessageFlags::EPHEMERAL);
    match ButtonId::parse(&press.data.custom_id) {
        Some(ButtonId::Ask { .. }) => match press.label() {
            Some(question) => {
                let asked = UserQuestion {
                    text: question.to_owned(),
                    person: here.person,
                    server: here.server,
                    ..UserQuestion::default()
                };
                // Discord shows the message that the answer refers to, but not which of its buttons was pressed.
                let answer = async {
                    bot.ask(asked)
                        .await
                        .map(|told| Response { page: told.page.with_question(question), ..told })
                };
                send_response(bot, reply, was_private, answer).await
            }
            None => reply_privately(bot, reply, pages::outdated_button()).await,
        },
        Some(ButtonId::Delete { asker }) if here.person == asker || is_moderators(here) => {
            reply.defer_update(&bot.rest).await?;
            match reply.delete_original(&bot.rest).await {
                // Somebody else has deleted it already.
                Err(error) if error.status() == 404 => {}
                deleted => deleted?,
            }
            bot.record_answer(reply.command(), "deleted", reply.received_at().elapsed());
            Ok(())
        }
        Some(ButtonId::Delete { .. }) => reply_privately(bot, reply, pages::not_yours()).await,
        Some(other) => digests::handle_digest_press(bot, other, press, here, reply).await,
        None => reply_privately(bot, reply, pages::outdated_button()).await,
    }
}

impl ButtonPress {
    /// The label of the pressed button, on a message of the bot.
    fn label(&self) -> Option<&str> {
        let mut parts = self.message.components.iter().flat_map(|row| &row.components);
        let pressed = parts.find(|part| part.custom_id.as_ref() == Some(&self.data.custom_id))?;
        pressed.label.as_deref()
    }
}

/// Whether the caller may delete messages there anyway. Discord sends the caller's permissions with each press.
fn is_moderators(here: Caller) -> bool {
    here.permissions.contains(Permissions::MANAGE_MESSAGES)
}

async fn reply_privately(bot: &Bot, reply: &Reply, page: MessagePayload) -> Result<(), Failure> {
    send_response(bot, reply, true, async { Ok(Response { page, outcome: Outcome::Static }) }).await
}
