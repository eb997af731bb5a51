//! Asking: `/ask`, `/help`, `/about`.

use super::choices::{authors, events, years};
use super::{Context, reply};
use crate::bot::Asked;
use crate::failure::Failure;
use crate::interaction::reply_with;

/// Ask what people took away from conferences: excerpts from recaps, or from notes on them
#[poise::command(slash_command, install_context = "Guild", interaction_context = "Guild|BotDm")]
pub async fn ask(
    ctx: Context<'_>,
    #[description = "What to look for, in your own words"]
    #[max_length = 6000]
    question: String,
    #[description = "Only recaps of this event"]
    #[max_length = 200]
    #[autocomplete = "events"]
    event: Option<String>,
    #[description = "Only this year, or these: 2018-2020"]
    #[max_length = 100]
    #[autocomplete = "years"]
    year: Option<String>,
    #[description = "Only recaps by this author"]
    #[max_length = 200]
    #[autocomplete = "authors"]
    author: Option<String>,
    #[description = "Show the answer to you alone"] private: Option<bool>,
) -> Result<(), Failure> {
    let bot = ctx.framework.user_data;
    let person = ctx.interaction.user.id.get();
    let server = ctx.interaction.guild_id.map(Into::into);
    let asked = Asked { text: question, event, year, author, person, server };
    let reply = reply(ctx).await?;
    reply_with(bot, &reply, private.unwrap_or_default(), bot.ask(asked)).await
}

/// What this bot does, how to ask it, and questions to try
#[poise::command(slash_command, install_context = "Guild", interaction_context = "Guild|BotDm")]
pub async fn help(ctx: Context<'_>) -> Result<(), Failure> {
    let bot = ctx.framework.user_data;
    let reply = reply(ctx).await?;
    reply_with(bot, &reply, true, bot.help()).await
}

/// What it answers from: how many recaps, how new, and which version this is
#[poise::command(slash_command, install_context = "Guild", interaction_context = "Guild|BotDm")]
pub async fn about(ctx: Context<'_>) -> Result<(), Failure> {
    let bot = ctx.framework.user_data;
    let reply = reply(ctx).await?;
    reply_with(bot, &reply, true, bot.about()).await
}
