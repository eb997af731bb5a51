//! `/digest`: what moderators order for the channels of their server.

use serenity::all::PartialChannel;

use super::choices::{authors, digests, events, topics, zones};
use super::{Context, nothing, order, reply};
use crate::failure::Failure;
use crate::orders::{Edit, Here, Named, Part, Wanted};
use takeaways_digest::WhenEmpty;
use takeaways_text::model::Language;

/// What happens at a run with nothing new.
#[derive(Debug, Clone, Copy, poise::ChoiceParameter)]
pub enum Empty {
    #[name = "post nothing"]
    Nothing,
    #[name = "post one line"]
    OneLine,
}

/// A language of posts.
#[derive(Debug, Clone, Copy, poise::ChoiceParameter)]
pub enum Tongue {
    #[name = "any"]
    Any,
    English,
    German,
    French,
    Spanish,
    Portuguese,
    Italian,
    Dutch,
    Japanese,
    Chinese,
    Korean,
}

impl From<Empty> for WhenEmpty {
    fn from(empty: Empty) -> Self {
        match empty {
            Empty::Nothing => Self::Nothing,
            Empty::OneLine => Self::OneLine,
        }
    }
}

impl From<Tongue> for Part<Language> {
    fn from(tongue: Tongue) -> Self {
        Self::Becomes(match tongue {
            Tongue::Any => return Self::Goes,
            Tongue::English => Language::En,
            Tongue::German => Language::De,
            Tongue::French => Language::Fr,
            Tongue::Spanish => Language::Es,
            Tongue::Portuguese => Language::Pt,
            Tongue::Italian => Language::It,
            Tongue::Dutch => Language::Nl,
            Tongue::Japanese => Language::Ja,
            Tongue::Chinese => Language::Zh,
            Tongue::Korean => Language::Ko,
        })
    }
}

/// Digests of new recaps in this server's channels
#[poise::command(
    slash_command,
    install_context = "Guild",
    interaction_context = "Guild",
    default_member_permissions = "MANAGE_GUILD",
    subcommands("add", "list", "edit", "pause", "resume", "remove", "preview", "now", "log")
)]
pub async fn digest(ctx: Context<'_>) -> Result<(), Failure> {
    let here = Here::of(ctx.interaction, ctx.framework.user_data.now());
    order(ctx, here, async { nothing() }).await
}

/// A new digest: when, where, and of which posts
#[poise::command(slash_command)]
#[expect(clippy::too_many_arguments, reason = "each is an option of the command")]
async fn add(
    ctx: Context<'_>,
    #[description = "When: \"weekly on Monday at 09:00 Europe/Berlin\", \"daily at 18:30\", or a cron expression"]
    #[max_length = 200]
    schedule: String,
    #[description = "Where: a text channel, announcement channel or thread; this one, where you name none"]
    #[channel_types("Text", "News", "NewsThread", "PublicThread", "PrivateThread")]
    channel: Option<PartialChannel>,
    #[description = "The time zone of the schedule; UTC, where you name none"]
    #[max_length = 100]
    #[autocomplete = "zones"]
    timezone: Option<String>,
    #[description = "Only posts about this event"]
    #[max_length = 200]
    #[autocomplete = "events"]
    event: Option<String>,
    #[description = "Only posts on this topic"]
    #[max_length = 200]
    #[autocomplete = "topics"]
    topic: Option<String>,
    #[description = "Only posts by this author"]
    #[max_length = 200]
    #[autocomplete = "authors"]
    author: Option<String>,
    #[description = "Only posts in this language"] language: Option<Tongue>,
    #[description = "What happens where there is nothing new; nothing, where you don't say"]
    when_empty: Option<Empty>,
    #[description = "Let the first digest hold posts of the last 30 days too"] include_last_30_days: Option<
        bool,
    >,
) -> Result<(), Failure> {
    let now = ctx.framework.user_data.now();
    let here = Here::of(ctx.interaction, now);
    let filter = Named {
        event: Part::of(event),
        topic: Part::of(topic),
        author: Part::of(author),
        language: language.map(Into::into).unwrap_or_default(),
    };
    let wanted = Wanted {
        schedule,
        zone: timezone,
        channel: channel.map(|channel| (channel.id.get(), channel.kind)),
        filter,
        when_empty: when_empty.map(Into::into).unwrap_or_default(),
        include_last_days: include_last_30_days.unwrap_or_default(),
    };
    let bot = ctx.framework.user_data;
    order(ctx, here, async { bot.add_digest(here.moderator()?, wanted, now).await }).await
}

/// All digests of this server, and how each of them is
#[poise::command(slash_command)]
async fn list(ctx: Context<'_>) -> Result<(), Failure> {
    let bot = ctx.framework.user_data;
    let here = Here::of(ctx.interaction, bot.now());
    order(ctx, here, async { bot.list_digests(here.moderator()?, 0).await }).await
}

/// Change a digest: what you name is changed, the rest stays
#[poise::command(slash_command)]
#[expect(clippy::too_many_arguments, reason = "each is an option of the command")]
async fn edit(
    ctx: Context<'_>,
    #[description = "Which digest"]
    #[max_length = 100]
    #[autocomplete = "digests"]
    id: String,
    #[description = "When, as with /digest add"]
    #[max_length = 200]
    schedule: Option<String>,
    #[description = "Where"]
    #[channel_types("Text", "News", "NewsThread", "PublicThread", "PrivateThread")]
    channel: Option<PartialChannel>,
    #[description = "The time zone of the schedule"]
    #[max_length = 100]
    #[autocomplete = "zones"]
    timezone: Option<String>,
    #[description = "Only posts about this event; \"none\": about any"]
    #[max_length = 200]
    #[autocomplete = "events"]
    event: Option<String>,
    #[description = "Only posts on this topic; \"none\": on any"]
    #[max_length = 200]
    #[autocomplete = "topics"]
    topic: Option<String>,
    #[description = "Only posts by this author; \"none\": by anybody"]
    #[max_length = 200]
    #[autocomplete = "authors"]
    author: Option<String>,
    #[description = "Only posts in this language"] language: Option<Tongue>,
    #[description = "What happens where there is nothing new"] when_empty: Option<Empty>,
) -> Result<(), Failure> {
    let bot = ctx.framework.user_data;
    let now = bot.now();
    let here = Here::of(ctx.interaction, now);
    let filter = Named {
        event: Part::of(event),
        topic: Part::of(topic),
        author: Part::of(author),
        language: language.map(Into::into).unwrap_or_default(),
    };
    let edit = Edit {
        schedule,
        zone: timezone,
        channel: channel.map(|channel| (channel.id.get(), channel.kind)),
        filter,
        when_empty: when_empty.map(Into::into),
    };
    order(ctx, here, async { bot.edit_digest(here.moderator()?, &id, edit, now).await }).await
}

/// Let a digest not come until it is resumed
#[poise::command(slash_command)]
async fn pause(
    ctx: Context<'_>,
    #[description = "Which digest"]
    #[max_length = 100]
    #[autocomplete = "digests"]
    id: String,
) -> Result<(), Failure> {
    let bot = ctx.framework.user_data;
    let now = bot.now();
    let here = Here::of(ctx.interaction, now);
    order(ctx, here, async { bot.pause_digest(here.moderator()?, &id, now).await }).await
}

/// Let a paused digest come again
#[poise::command(slash_command)]
async fn resume(
    ctx: Context<'_>,
    #[description = "Which digest"]
    #[max_length = 100]
    #[autocomplete = "digests"]
    id: String,
) -> Result<(), Failure> {
    let bot = ctx.framework.user_data;
    let now = bot.now();
    let here = Here::of(ctx.interaction, now);
    order(ctx, here, async { bot.resume_digest(here.moderator()?, &id, now).await }).await
}

/// Remove a digest; a button brings it back
#[poise::command(slash_command)]
async fn remove(
    ctx: Context<'_>,
    #[description = "Which digest"]
    #[max_length = 100]
    #[autocomplete = "digests"]
    id: String,
) -> Result<(), Failure> {
    let bot = ctx.framework.user_data;
    let now = bot.now();
    let here = Here::of(ctx.interaction, now);
    order(ctx, here, async { bot.remove_digest(here.moderator()?, &id, now).await }).await
}

/// What a digest would hold now, and what it would leave out and why; nothing is posted
#[poise::command(slash_command)]
async fn preview(
    ctx: Context<'_>,
    #[description = "Which digest"]
    #[max_length = 100]
    #[autocomplete = "digests"]
    id: String,
) -> Result<(), Failure> {
    let bot = ctx.framework.user_data;
    let now = bot.now();
    let here = Here::of(ctx.interaction, now);
    let mut left_out = None;
    let preview = async {
        let previewed = bot.preview_digest(here.moderator()?, &id, 0, now).await?;
        left_out = previewed.left_out;
        Ok(previewed.page)
    };
    order(ctx, here, preview).await?;
    match left_out {
        Some(page) => Ok(reply(ctx).await?.follow(&bot.rest, &page).await?),
        None => Ok(()),
    }
}

/// Post a digest now; its schedule stays as it is
#[poise::command(slash_command)]
async fn now(
    ctx: Context<'_>,
    #[description = "Which digest"]
    #[max_length = 100]
    #[autocomplete = "digests"]
    id: String,
) -> Result<(), Failure> {
    let bot = ctx.framework.user_data;
    let now = bot.now();
    let here = Here::of(ctx.interaction, now);
    order(ctx, here, async { bot.post_digest(here.moderator()?, &id, now).await }).await
}

/// The last ten runs of a digest, what became of each, and what to do
#[poise::command(slash_command)]
async fn log(
    ctx: Context<'_>,
    #[description = "Which digest"]
    #[max_length = 100]
    #[autocomplete = "digests"]
    id: String,
) -> Result<(), Failure> {
    let bot = ctx.framework.user_data;
    let here = Here::of(ctx.interaction, bot.now());
    order(ctx, here, async { bot.log_of_digest(here.moderator()?, &id).await }).await
}
