//! Presses of buttons, also of those on messages from before a restart: all that is needed stands on the message.

use serenity::all::{ActionRowComponent, ButtonKind, ComponentInteraction, MessageFlags, Permissions};

use super::bot::{Asked, Bot, Outcome, Told};
use super::failure::Failure;
use super::interaction::reply_with;
use super::reply::Reply;
use crate::render::discord::{self as pages, Page, Press};

/// Does what a button is for.
pub async fn pressed(bot: &Bot, press: &ComponentInteraction, reply: &Reply) -> Result<(), Failure> {
    let was_private = press.message.flags.is_some_and(|flags| flags.contains(MessageFlags::EPHEMERAL));
    match Press::parse(&press.data.custom_id) {
        Some(Press::Ask { .. }) => match label(press) {
            Some(question) => {
                let asked = Asked {
                    text: question.to_owned(),
                    person: press.user.id.get(),
                    server: press.guild_id.map(Into::into),
                    ..Asked::default()
                };
                reply_with(bot, reply, was_private, bot.answer(asked)).await
            }
            None => say(bot, reply, pages::gone()).await,
        },
        Some(Press::Delete { asker }) if may_delete(press, asker) => {
            reply.defer_update(&bot.rest).await?;
            reply.delete_original(&bot.rest).await?;
            tracing::info!(outcome = "deleted", "answered");
            Ok(())
        }
        Some(Press::Delete { .. }) => say(bot, reply, pages::not_yours()).await,
        None => say(bot, reply, pages::gone()).await,
    }
}

/// What stands on the pressed button, on a message of our own.
fn label(press: &ComponentInteraction) -> Option<&str> {
    let mut parts = press.message.components.iter().flat_map(|row| &row.components);
    parts.find_map(|part| match part {
        ActionRowComponent::Button(button) => match &button.data {
            ButtonKind::NonLink { custom_id, .. } if *custom_id == press.data.custom_id => {
                button.label.as_deref()
            }
            _ => None,
        },
        _ => None,
    })
}

/// Whoever asked, and those who may delete messages here anyway. Discord says with each press what a person may do.
fn may_delete(press: &ComponentInteraction, asker: u64) -> bool {
    let may = press.member.as_ref().and_then(|member| member.permissions);
    press.user.id.get() == asker || may.is_some_and(|may| may.contains(Permissions::MANAGE_MESSAGES))
}

async fn say(bot: &Bot, reply: &Reply, page: Page) -> Result<(), Failure> {
    reply_with(bot, reply, true, async { Ok(Told { page, outcome: Outcome::Said }) }).await
}
