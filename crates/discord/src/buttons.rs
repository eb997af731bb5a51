//! Presses of buttons, also of those on messages from before a restart: all that is needed stands on the message.

mod digests;

use serde::Deserialize;
use serenity::all::{MessageFlags, Permissions};

use super::bot::{Asked, Bot, Outcome, Told};
use super::failure::Failure;
use super::interaction::reply_with;
use super::orders::Here;
use super::reply::Reply;
use takeaways_render::discord::{self as pages, Page, Press};

/// What we need of a press. It holds the whole message, and that the message that it replies to: a part of those that
/// this version does not know is no reason to leave somebody without an answer.
pub struct Pressed {
    pub data: Pressable,
    pub message: Below,
}

/// The button.
#[derive(Debug, Default, Deserialize)]
pub struct Pressable {
    #[serde(default)]
    custom_id: String,
}

/// The message that the button is on.
#[derive(Debug, Deserialize)]
pub struct Below {
    #[serde(default)]
    id: String,
    #[serde(default)]
    flags: u64,
    #[serde(default)]
    components: Vec<Row>,
}

#[derive(Debug, Deserialize)]
struct Row {
    #[serde(default)]
    components: Vec<Part>,
}

#[derive(Debug, Deserialize)]
struct Part {
    custom_id: Option<String>,
    label: Option<String>,
}

/// Does what a button is for.
pub async fn pressed(bot: &Bot, press: &Pressed, here: Here, reply: &Reply) -> Result<(), Failure> {
    let flags = MessageFlags::from_bits_truncate(press.message.flags);
    let was_private = flags.contains(MessageFlags::EPHEMERAL);
    match Press::parse(&press.data.custom_id) {
        Some(Press::Ask { .. }) => match press.label() {
            Some(question) => {
                let asked = Asked {
                    text: question.to_owned(),
                    person: here.person,
                    server: here.server,
                    ..Asked::default()
                };
                // Discord shows below which message it stands, but not which of its buttons was pressed.
                let answer = async {
                    bot.ask(asked).await.map(|told| Told { page: told.page.headed(question), ..told })
                };
                reply_with(bot, reply, was_private, answer).await
            }
            None => say(bot, reply, pages::gone()).await,
        },
        Some(Press::Delete { asker }) if here.person == asker || is_moderators(here) => {
            reply.defer_update(&bot.rest).await?;
            match reply.delete_original(&bot.rest).await {
                // Somebody else was first.
                Err(error) if error.status() == 404 => {}
                deleted => deleted?,
            }
            bot.answered(reply.command(), "deleted", reply.received().elapsed());
            Ok(())
        }
        Some(Press::Delete { .. }) => say(bot, reply, pages::not_yours()).await,
        Some(other) => digests::pressed(bot, other, press, here, reply).await,
        None => say(bot, reply, pages::gone()).await,
    }
}

impl Pressed {
    /// What stands on the pressed button, on a message of our own.
    fn label(&self) -> Option<&str> {
        let mut parts = self.message.components.iter().flat_map(|row| &row.components);
        let pressed = parts.find(|part| part.custom_id.as_ref() == Some(&self.data.custom_id))?;
        pressed.label.as_deref()
    }
}

/// Whether it is by somebody who may delete messages there anyway. Discord says with each press what a person may do.
fn is_moderators(here: Here) -> bool {
    here.permissions.contains(Permissions::MANAGE_MESSAGES)
}

async fn say(bot: &Bot, reply: &Reply, page: Page) -> Result<(), Failure> {
    reply_with(bot, reply, true, async { Ok(Told { page, outcome: Outcome::Said }) }).await
}
