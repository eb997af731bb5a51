//! The slash commands.

mod ask;
mod choices;
mod digest;
mod follow;

use std::sync::Arc;

use poise::ApplicationContext;

use super::bot::Bot;
use super::failure::Failure;
use super::interaction::reply_with;
use super::orders::{Here, Ordered, Stopped, told};
use super::reply::Reply;

/// What a command gets.
pub type Context<'a> = ApplicationContext<'a, Bot, Failure>;
/// A command.
pub type Command = poise::Command<Bot, Failure>;

/// All of them.
pub fn all() -> Vec<Command> {
    vec![
        ask::ask(),
        ask::help(),
        ask::about(),
        digest::digest(),
        follow::follow(),
        follow::unfollow(),
        follow::following(),
    ]
}

async fn reply(ctx: Context<'_>) -> Result<Arc<Reply>, Failure> {
    let given = ctx.invocation_data.lock().await;
    let reply = given.downcast_ref::<Arc<Reply>>().cloned();
    // Whoever runs a command gives it its reply: see `interaction`.
    reply.ok_or_else(|| Failure::Unreadable("a command without an interaction".into()))
}

/// Replies with what comes of an order, where whoever gives it has not asked too much. In a server only they see it.
async fn order(ctx: Context<'_>, here: Here, work: impl Future<Output = Ordered>) -> Result<(), Failure> {
    let bot = ctx.framework.user_data;
    let reply = reply(ctx).await?;
    // Boxed, since all that an order may need is large.
    let work = Box::pin(async {
        match bot.refused(here.person, here.server) {
            Some(refused) => Ok(refused),
            None => told(work.await),
        }
    });
    reply_with(bot, &reply, here.server.is_some(), work).await
}

/// A command that has subcommands only, called without one of them: no client of Discord's does that.
fn nothing() -> Ordered {
    Err(Stopped::Told(takeaways_render::discord::unknown()))
}
