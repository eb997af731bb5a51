//! `/follow`, `/unfollow`, `/following`: what somebody orders for themselves.

use super::choices::{authors, events, follows, topics, zones};
use super::{Context, nothing, order};
use crate::failure::Failure;
use crate::orders::{Followed, Here};

/// Get new recaps on a topic, by an author or about an event by direct message
#[poise::command(
    slash_command,
    install_context = "Guild",
    interaction_context = "Guild|BotDm",
    subcommands("topic", "author", "event")
)]
pub async fn follow(ctx: Context<'_>) -> Result<(), Failure> {
    let here = Here::of(ctx.interaction, ctx.framework.user_data.now());
    order(ctx, here, async { nothing() }).await
}

/// Get new recaps on a topic
#[poise::command(slash_command)]
async fn topic(
    ctx: Context<'_>,
    #[description = "Which topic"]
    #[max_length = 90]
    #[autocomplete = "topics"]
    name: String,
    #[description = "When all that you follow comes: \"daily at 18:30 Europe/Berlin\"; Mondays at 09:00 where you don't say"]
    #[max_length = 200]
    schedule: Option<String>,
    #[description = "The time zone of the schedule; UTC, where you name none"]
    #[max_length = 100]
    #[autocomplete = "zones"]
    timezone: Option<String>,
) -> Result<(), Failure> {
    take(ctx, Followed::topic(name, schedule, timezone)).await
}

/// Get new recaps by an author
#[poise::command(slash_command)]
async fn author(
    ctx: Context<'_>,
    #[description = "Which author"]
    #[max_length = 90]
    #[autocomplete = "authors"]
    name: String,
    #[description = "When all that you follow comes: \"daily at 18:30 Europe/Berlin\"; Mondays at 09:00 where you don't say"]
    #[max_length = 200]
    schedule: Option<String>,
    #[description = "The time zone of the schedule; UTC, where you name none"]
    #[max_length = 100]
    #[autocomplete = "zones"]
    timezone: Option<String>,
) -> Result<(), Failure> {
    take(ctx, Followed::author(name, schedule, timezone)).await
}

/// Get new recaps about an event
#[poise::command(slash_command)]
async fn event(
    ctx: Context<'_>,
    #[description = "Which event"]
    #[max_length = 90]
    #[autocomplete = "events"]
    name: String,
    #[description = "When all that you follow comes: \"daily at 18:30 Europe/Berlin\"; Mondays at 09:00 where you don't say"]
    #[max_length = 200]
    schedule: Option<String>,
    #[description = "The time zone of the schedule; UTC, where you name none"]
    #[max_length = 100]
    #[autocomplete = "zones"]
    timezone: Option<String>,
) -> Result<(), Failure> {
    take(ctx, Followed::event(name, schedule, timezone)).await
}

async fn take(ctx: Context<'_>, followed: Followed) -> Result<(), Failure> {
    let bot = ctx.framework.user_data;
    let now = bot.now();
    let here = Here::of(ctx.interaction, now);
    order(ctx, here, async { bot.follow(here, followed, now).await }).await
}

/// Follow something no longer; "all" deletes all that I keep about you
#[poise::command(slash_command, install_context = "Guild", interaction_context = "Guild|BotDm")]
pub async fn unfollow(
    ctx: Context<'_>,
    #[description = "What, or \"all\""]
    #[max_length = 100]
    #[autocomplete = "follows"]
    what: String,
) -> Result<(), Failure> {
    let bot = ctx.framework.user_data;
    let now = bot.now();
    let here = Here::of(ctx.interaction, now);
    order(ctx, here, async { bot.unfollow(here, &what, now).await }).await
}

/// What you follow, and when the next digest of it comes
#[poise::command(slash_command, install_context = "Guild", interaction_context = "Guild|BotDm")]
pub async fn following(ctx: Context<'_>) -> Result<(), Failure> {
    let bot = ctx.framework.user_data;
    let now = bot.now();
    let here = Here::of(ctx.interaction, now);
    order(ctx, here, async { bot.following(here, now).await }).await
}
