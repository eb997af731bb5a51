//! Presses of the buttons of digests. The digest and the caller's permissions are checked at each press.

use super::ButtonPress;
use crate::bot::Bot;
use crate::digest_commands::{Caller, CommandResult, PreviewPages, Rejection, id_arg, into_response};
use crate::failure::Failure;
use crate::interaction::send_response;
use crate::reply::Reply;
use takeaways_digest::SubscriptionId;
use takeaways_render::discord::{self as pages, ButtonId, MessagePayload};

/// Handles the press of a digest's button. Only the caller sees the reply.
pub async fn handle_digest_press(
    bot: &Bot,
    what: ButtonId,
    press: &ButtonPress,
    here: Caller,
    reply: &Reply,
) -> Result<(), Failure> {
    let mut left_out = None;
    let work = async {
        match bot.rate_limit_response(here.person, here.server) {
            Some(refused) => Ok(refused),
            None => into_response(run_command(bot, what, press, here, &mut left_out).await),
        }
    };
    send_response(bot, reply, true, work).await?;
    match left_out {
        Some(page) => Ok(reply.send_followup(&bot.rest, &page).await?),
        None => Ok(()),
    }
}

async fn run_command(
    bot: &Bot,
    what: ButtonId,
    press: &ButtonPress,
    here: Caller,
    left_out: &mut Option<MessagePayload>,
) -> CommandResult {
    let now = bot.now();
    match what {
        ButtonId::Overflow { page } => {
            let message = press.message.id.parse().unwrap_or_default();
            bot.digest_page(message, page, here).await
        }
        ButtonId::Preview { subscription, page } => {
            let typed = id_arg(SubscriptionId(subscription));
            let previewed = bot.preview_digest(here.moderator()?, &typed, page, now).await?;
            let PreviewPages { page, left_out: others } = previewed;
            *left_out = others;
            Ok(page)
        }
        ButtonId::Restore { subscription } => {
            bot.restore_digest(here.moderator()?, SubscriptionId(subscription), now).await
        }
        ButtonId::List { page } => bot.list_digests(here.moderator()?, page).await,
        ButtonId::Resume { subscription } => {
            bot.resume_personal_digest(here.person, SubscriptionId(subscription), now).await
        }
        ButtonId::Ask { .. } | ButtonId::Delete { .. } => Err(Rejection::Page(pages::outdated_button())),
    }
}
