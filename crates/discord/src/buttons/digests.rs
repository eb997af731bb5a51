//! Presses of the buttons of digests. What a button names is looked up anew, and so is whether whoever presses it may.

use super::Pressed;
use crate::bot::Bot;
use crate::failure::Failure;
use crate::interaction::reply_with;
use crate::orders::{Here, Ordered, Previewed, Stopped, told, typed};
use crate::reply::Reply;
use takeaways_digest::SubscriptionId;
use takeaways_render::discord::{self as pages, Page, Press};

/// Does what a button of a digest is for, to be seen by the one who pressed it alone.
pub async fn pressed(
    bot: &Bot,
    what: Press,
    press: &Pressed,
    here: Here,
    reply: &Reply,
) -> Result<(), Failure> {
    let mut left_out = None;
    let work = async {
        match bot.refused(here.person, here.server) {
            Some(refused) => Ok(refused),
            None => told(ordered(bot, what, press, here, &mut left_out).await),
        }
    };
    reply_with(bot, reply, true, work).await?;
    match left_out {
        Some(page) => Ok(reply.follow(&bot.rest, &page).await?),
        None => Ok(()),
    }
}

async fn ordered(
    bot: &Bot,
    what: Press,
    press: &Pressed,
    here: Here,
    left_out: &mut Option<Page>,
) -> Ordered {
    let now = bot.now();
    match what {
        Press::Rest { page } => {
            let message = press.message.id.parse().unwrap_or_default();
            bot.rest_of_digest(message, page, here).await
        }
        Press::Preview { subscription, page } => {
            let typed = typed(SubscriptionId(subscription));
            let previewed = bot.preview_digest(here.moderator()?, &typed, page, now).await?;
            let Previewed { page, left_out: others } = previewed;
            *left_out = others;
            Ok(page)
        }
        Press::Restore { subscription } => {
            bot.restore_digest(here.moderator()?, SubscriptionId(subscription), now).await
        }
        Press::Listed { page } => bot.list_digests(here.moderator()?, page).await,
        Press::Resume { subscription } => {
            bot.resume_own(here.person, SubscriptionId(subscription), now).await
        }
        Press::Ask { .. } | Press::Delete { .. } => Err(Stopped::Told(pages::gone())),
    }
}
