//! Presses of buttons, also of those on messages from before a restart: all that is needed stands on the message.

mod digests;

use serde::Deserialize;
use serenity::all::{MessageFlags, Permissions};

use super::bot::{Asked, Bot, Outcome, Told};
use super::failure::Failure;
use super::interaction::reply_with;
use super::reply::Reply;
use takeaways_render::discord::{self as pages, Page, Press};

/// What we need of a press. It holds the whole message, and that the message that it replies to: a part of those that
/// this version does not know is no reason to leave somebody without an answer.
#[derive(Debug, Deserialize)]
pub struct Pressed {
    #[serde(default)]
    id: String,
    data: Pressable,
    message: Below,
    guild_id: Option<String>,
    channel_id: Option<String>,
    user: Option<User>,
    member: Option<Member>,
}

#[derive(Debug, Default, Deserialize)]
struct Pressable {
    #[serde(default)]
    custom_id: String,
}

/// The message that the button is on.
#[derive(Debug, Deserialize)]
struct Below {
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

#[derive(Debug, Deserialize)]
struct User {
    id: String,
}

#[derive(Debug, Deserialize)]
struct Member {
    user: User,
    permissions: Option<String>,
}

/// Does what a button is for.
pub async fn pressed(bot: &Bot, press: &Pressed, reply: &Reply) -> Result<(), Failure> {
    let person = press.person().ok_or_else(|| Failure::Unreadable("a press by nobody".into()))?;
    let flags = MessageFlags::from_bits_truncate(press.message.flags);
    let was_private = flags.contains(MessageFlags::EPHEMERAL);
    match Press::parse(&press.data.custom_id) {
        Some(Press::Ask { .. }) => match press.label() {
            Some(question) => {
                let asked = Asked {
                    text: question.to_owned(),
                    person,
                    server: press.guild_id.as_ref().and_then(|id| id.parse().ok()),
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
        Some(Press::Delete { asker }) if person == asker || press.is_moderators() => {
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
        Some(other) => digests::pressed(bot, other, press, person, reply).await,
        None => say(bot, reply, pages::gone()).await,
    }
}

impl Pressed {
    fn person(&self) -> Option<u64> {
        let user = self.member.as_ref().map(|member| &member.user).or(self.user.as_ref())?;
        user.id.parse().ok()
    }

    /// What stands on the pressed button, on a message of our own.
    fn label(&self) -> Option<&str> {
        let mut parts = self.message.components.iter().flat_map(|row| &row.components);
        let pressed = parts.find(|part| part.custom_id.as_ref() == Some(&self.data.custom_id))?;
        pressed.label.as_deref()
    }

    /// Whether it is by somebody who may delete messages there anyway. Discord says with each press what a person may
    /// do.
    fn is_moderators(&self) -> bool {
        self.permissions().contains(Permissions::MANAGE_MESSAGES)
    }

    fn permissions(&self) -> Permissions {
        let may = self.member.as_ref().and_then(|member| member.permissions.as_ref()?.parse().ok());
        may.map(Permissions::from_bits_truncate).unwrap_or_default()
    }
}

async fn say(bot: &Bot, reply: &Reply, page: Page) -> Result<(), Failure> {
    reply_with(bot, reply, true, async { Ok(Told { page, outcome: Outcome::Said }) }).await
}
