//! Direct messages, mentions, and replies that ping the bot.
//!
//! What they say reaches the bot without a privileged intent:
//! <https://discord.com/developers/docs/topics/gateway#message-content-intent>.

use std::time::Duration;

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep, timeout_at};
use tracing::Instrument;

use super::bot::{Asked, Bot, Outcome, Told};
use super::discord_transport::open_direct_message;
use super::failure::Failure;
use super::gateway::Arrived;
use super::notice::Notice;
use super::rest::RestError;
use super::route::Route;
use takeaways_delivery::{NONCE_LIFETIME, with_nonce};
use takeaways_render::discord::{self as pages, Page};

/// An answer that takes longer shows that somebody types it.
const TYPING_AFTER: Duration = Duration::from_millis(500);
/// Discord shows it for ten seconds.
const TYPING_EVERY: Duration = Duration::from_secs(8);
/// How often a message is sent again where it is not known whether it arrived. With its nonce Discord keeps one.
const TRIES: u32 = 3;
/// The wait before the next try; the one after it is twice as long.
const BREATH: Duration = Duration::from_millis(500);

/// Discord's code for a message without anything in it.
const EMPTY_MESSAGE: i64 = 50_006;

/// Discord's code for a reply where the bot may not read the channel's history.
const NO_HISTORY: i64 = 160_002;

/// Kinds of messages that people write.
const DEFAULT: u8 = 0;
const REPLY: u8 = 19;

/// What we need of a message. Discord sends much more, and more with each year.
#[derive(Debug, Deserialize)]
struct Message {
    id: String,
    channel_id: String,
    guild_id: Option<String>,
    author: Author,
    webhook_id: Option<String>,
    #[serde(rename = "type")]
    kind: u8,
    #[serde(default)]
    content: String,
    #[serde(default)]
    mentions: Vec<Author>,
    #[serde(rename = "referenced_message")]
    answered: Option<Box<Referenced>>,
}

#[derive(Debug, Deserialize)]
struct Author {
    id: String,
    #[serde(default)]
    bot: bool,
    #[serde(default)]
    system: bool,
}

#[derive(Debug, Deserialize)]
struct Referenced {
    author: Author,
}

/// A message for the bot, with its ids as numbers.
struct Heard {
    id: u64,
    channel: u64,
    server: Option<u64>,
    person: u64,
    text: String,
}

/// Answers a message, where it is for the bot.
pub async fn handle(bot: &Bot, arrived: Arrived) {
    let Arrived { json, at } = arrived;
    let Ok(message) = serde_json::from_str::<Message>(&json) else {
        tracing::warn!(bytes = json.len(), "a message can't be read");
        return;
    };
    let Some(heard) = heard(bot, message) else { return };
    if !bot.seen.is_new(heard.id) {
        return;
    }
    let command = if heard.server.is_some() { "mention" } else { "direct" };
    if heard.server.is_none() {
        bot.digests.add_person(heard.person);
    }
    let _running = bot.metrics.in_flight();
    let span = tracing::info_span!("message", shard = 0, guild = heard.server, command);
    answer(bot, &heard, command, at).instrument(span).await;
}

/// What is for the bot: all that a person writes to it directly; in a server what mentions it by name, and replies
/// that ping it.
fn heard(bot: &Bot, message: Message) -> Option<Heard> {
    let me = bot.user.get()?.to_string();
    let is_persons = !message.author.bot && !message.author.system && message.webhook_id.is_none();
    if !is_persons || message.author.id == me || !matches!(message.kind, DEFAULT | REPLY) {
        return None;
    }
    let channel = message.channel_id.parse().ok().filter(|id| *id != 0)?;
    let server = message.guild_id.as_ref().map(|id| id.parse().ok()).map_or(Some(None), |id| id.map(Some))?;
    let names = [format!("<@{me}>"), format!("<@!{me}>")];
    if server.is_some() {
        let is_named = names.iter().any(|name| message.content.contains(name));
        let is_pinged = message.mentions.iter().any(|person| person.id == me);
        let is_reply = message.answered.is_some_and(|to| to.author.id == me) && is_pinged;
        let is_welcome = bot.settings.answer_mentions && !bot.settings.denied_channels.contains(&channel);
        if !is_welcome || !(is_named || is_reply) {
            return None;
        }
    }
    let text = names.iter().fold(message.content, |text, name| text.replace(name, " ")).trim().to_owned();
    Some(Heard {
        id: message.id.parse().ok()?,
        channel,
        server,
        person: message.author.id.parse().ok()?,
        text,
    })
}

async fn answer(bot: &Bot, heard: &Heard, command: &'static str, received: Instant) {
    let told = typing(bot, heard, bot.in_time(bot.caught(told(bot, heard)))).await;
    let (page, outcome) = match told.flatten() {
        Ok(Some(told)) => (told.page, told.outcome.name()),
        Ok(None) => return,
        Err(failure) => {
            let id = failure.log();
            (failure.page(&id), "failed")
        }
    };
    // In a channel that belongs to others, whoever asked can take the answer away again.
    let (page, notice) = match heard.server {
        Some(_) => (page.with_delete(heard.person), Notice::nothing()),
        None => Notice::of(bot, heard.person).on(page).await,
    };
    let sent = send(bot, heard, &page).await;
    notice.keep(bot).await;
    let took = received.elapsed();
    match sent {
        Ok(()) => {
            bot.metrics.acknowledged(command, took);
            bot.answered(command, outcome, took);
        }
        Err(error) => {
            bot.metrics.answered(command, "not_sent", took);
            tracing::warn!(%error, channel = heard.channel, "an answer could not be sent");
            if is_forbidden(&error) && heard.server.is_some() && bot.limits.is_to_be_told(heard.person) {
                tell_privately(bot, heard).await;
            }
        }
    }
}

/// What to say; `None` where nothing is to be said. Whatever somebody writes counts: an answer to a greeting takes its
/// place in the channel too.
async fn told(bot: &Bot, heard: &Heard) -> Result<Option<Told>, Failure> {
    if let Some(told) = bot.refused(heard.person, heard.server) {
        return Ok(bot.limits.is_to_be_told(heard.person).then_some(told));
    }
    if takeaways_answer::asks_for_help(&heard.text)
        || takeaways_answer::greets(&heard.text)
        || (heard.text.is_empty() && heard.server.is_some())
    {
        return bot.help().await.map(Some);
    }
    if takeaways_answer::thanks(&heard.text) {
        return Ok(Some(Told { page: pages::welcome(), outcome: Outcome::NoQuestion }));
    }
    if takeaways_answer::chatters(&heard.text) {
        return Ok(Some(Told { page: pages::small_talk(), outcome: Outcome::NoQuestion }));
    }
    if takeaways_answer::holds_no_question(&heard.text) {
        return Ok(Some(Told { page: pages::no_question(), outcome: Outcome::NoQuestion }));
    }
    let asked =
        Asked { text: heard.text.clone(), person: heard.person, server: heard.server, ..Asked::default() };
    bot.answer(asked).await.map(Some)
}

/// Shows that somebody types while work takes long.
async fn typing<T>(bot: &Bot, heard: &Heard, work: impl Future<Output = T>) -> T {
    tokio::pin!(work);
    let mut wait = TYPING_AFTER;
    loop {
        tokio::select! {
            biased;
            done = &mut work => return done,
            () = sleep(wait) => {
                let route = Route::Typing { channel: heard.channel };
                // It is only a sign; the answer does not wait for it, nor for a Discord that takes long with it.
                tokio::select! {
                    done = &mut work => return done,
                    _ = bot.rest.send(Method::POST, route, None::<&()>) => {}
                }
                wait = TYPING_EVERY;
            }
        }
    }
}

async fn send(bot: &Bot, heard: &Heard, page: &Page) -> Result<(), RestError> {
    let body = with_nonce(json!(page), &heard.id.to_string());
    if heard.server.is_none() {
        return post(bot, heard.channel, &body).await;
    }
    // The answer stands even where the question was deleted meanwhile.
    let reference = json!({ "message_id": heard.id.to_string(), "fail_if_not_exists": false });
    let mut reply = body.clone();
    reply["message_reference"] = reference;
    match post(bot, heard.channel, &reply).await {
        // The bot may write here, but not read what it replies to.
        Err(error) if error.code() == NO_HISTORY => post(bot, heard.channel, &body).await,
        sent => sent,
    }
}

async fn post(bot: &Bot, channel: u64, body: &Value) -> Result<(), RestError> {
    let route = Route::Messages { channel };
    let once = || bot.rest.send(Method::POST, route, Some(body));
    let mut sent = once().await;
    let first = Instant::now();
    for tries in 1..TRIES {
        match sent {
            // Limits were waited for already.
            Err(error) if error.is_passing() && error.status() != 429 => {
                sleep(BREATH * tries).await;
                // The next turn may be long in coming, and Discord has forgotten the nonce by then.
                let Ok(again) = timeout_at(first + NONCE_LIFETIME, once()).await else { return Err(error) };
                sent = again;
            }
            sent => return sent.map(drop),
        }
    }
    sent.map(drop)
}

/// Whether the bot may not write there, or not what an answer is made of: without the permission for embeds Discord
/// takes them out, and finds the rest empty.
fn is_forbidden(error: &RestError) -> bool {
    error.status() == 403 || error.code() == EMPTY_MESSAGE
}

/// Tells whoever asked that the bot may not write there, where they take direct messages.
async fn tell_privately(bot: &Bot, heard: &Heard) {
    let page = pages::could_not_post(heard.channel);
    let body = with_nonce(json!(page), &format!("{}p", heard.id));
    let sent = async { post(bot, open_direct_message(&bot.rest, heard.person).await?, &body).await };
    if let Err(error) = sent.await {
        tracing::info!(%error, "the person could not be told privately either");
    }
}
