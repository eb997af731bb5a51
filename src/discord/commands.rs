//! The slash commands.

use std::sync::Arc;

use jiff::Timestamp;
use poise::ApplicationContext;
use serenity::all::{AutocompleteChoice, CreateAutocompleteResponse};

use super::bot::{Asked, Bot};
use super::failure::Failure;
use super::interaction::reply_with;
use super::reply::Reply;
use crate::answer::complete;
use crate::render::discord::{self as pages, Choice};
use crate::retrieval::Facets;

/// What a command gets.
pub type Context<'a> = ApplicationContext<'a, Bot, Failure>;
/// A command.
pub type Command = poise::Command<Bot, Failure>;

/// All of them.
pub fn all() -> Vec<Command> {
    vec![ask(), help(), about()]
}

/// Ask what people took away from conferences: excerpts from recaps, or from notes on them
#[poise::command(slash_command, install_context = "Guild", interaction_context = "Guild|BotDm")]
async fn ask(
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
async fn help(ctx: Context<'_>) -> Result<(), Failure> {
    let bot = ctx.framework.user_data;
    let reply = reply(ctx).await?;
    reply_with(bot, &reply, true, bot.help()).await
}

/// What it answers from: how many recaps, how new, and which version this is
#[poise::command(slash_command, install_context = "Guild", interaction_context = "Guild|BotDm")]
async fn about(ctx: Context<'_>) -> Result<(), Failure> {
    let bot = ctx.framework.user_data;
    let reply = reply(ctx).await?;
    reply_with(bot, &reply, true, bot.about()).await
}

async fn reply(ctx: Context<'_>) -> Result<Arc<Reply>, Failure> {
    let given = ctx.invocation_data.lock().await;
    let reply = given.downcast_ref::<Arc<Reply>>().cloned();
    // Whoever runs a command gives it its reply: see `interaction`.
    reply.ok_or_else(|| Failure::Unreadable("a command without an interaction".into()))
}

async fn events(ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    choices(ctx, typed, |typed, facets| pages::of_events(&complete::events(typed, facets))).await
}

async fn years(ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    choices(ctx, typed, |typed, facets| pages::of_years(&complete::years(typed, facets))).await
}

async fn authors(ctx: Context<'_>, typed: &str) -> CreateAutocompleteResponse {
    choices(ctx, typed, |typed, facets| pages::of_authors(&complete::authors(typed, facets))).await
}

/// None where the index can't be read: the option can still be typed.
async fn choices(
    ctx: Context<'_>,
    typed: &str,
    of: fn(&str, &Facets) -> Vec<Choice>,
) -> CreateAutocompleteResponse {
    let bot = ctx.framework.user_data;
    let (now_there, typed) = (bot.recaps.shelf(), typed.to_owned());
    let found = bot.on_a_thread(move || now_there.facets(Timestamp::now()).map(|facets| of(&typed, &facets)));
    let choices = match found.await {
        Ok(Ok(choices)) => choices,
        Ok(Err(error)) => {
            tracing::error!(%error, "no choices can be offered");
            Vec::new()
        }
        Err(failure) => {
            failure.log();
            Vec::new()
        }
    };
    let choices = choices.into_iter().map(|it| AutocompleteChoice::new(it.name, it.value));
    CreateAutocompleteResponse::new().set_choices(choices.collect())
}
