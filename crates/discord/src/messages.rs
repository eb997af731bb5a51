//! Direct messages, mentions, and replies that ping the bot.
//!
//! Their content reaches the bot without a privileged intent:
//! <https://discord.com/developers/docs/topics/gateway#message-content-intent>.

use std::time::Duration;

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};
use serenity::all::{ChannelId, GuildId, MessageId, MessageType, WebhookId};
use tokio::time::{Instant, sleep, timeout_at};
use tracing::Instrument;

use super::bot::{Bot, UserQuestion};
use super::buttons::{ComponentRow, answer_number};
use super::conversations::{Continuation, ReplyTarget};
use super::discord_transport::open_direct_message;
use super::gateway::RawEvent;
use super::models::User;
use super::pause_notice;
use super::pictures::{UploadFile, draw_pictures};
use super::response::{Failure, Response};
use super::rest::RestError;
use super::route::Route;
use takeaways_delivery::{Backoff, NONCE_LIFETIME, with_nonce};
use takeaways_render::discord::{self as pages, Audience, MessagePayload};

/// An answer that takes longer shows the typing indicator.
const TYPING_AFTER: Duration = Duration::from_millis(500);
/// Discord shows the typing indicator for ten seconds.
const TYPING_INTERVAL: Duration = Duration::from_secs(8);
/// How often a message is sent while it is unknown whether it arrived. Its nonce makes Discord keep only one.
const MAX_TRIES: u32 = 3;
/// The waits between the attempts.
const RETRIES: Backoff = Backoff { seconds: &[0.5, 1.0], jitter: 0.0 };

/// Discord's code for an empty message.
const EMPTY_MESSAGE_CODE: i64 = 50_006;

/// Discord's code for a missing permission.
const MISSING_PERMISSIONS_CODE: i64 = 50_013;

/// Discord's code for a reply in a channel whose history the bot may not read.
const NO_HISTORY_CODE: i64 = 160_002;

/// The fields of a message that the bot needs.
#[derive(Debug, Deserialize)]
struct MessageEvent {
    id: MessageId,
    channel_id: ChannelId,
    guild_id: Option<GuildId>,
    author: User,
    webhook_id: Option<WebhookId>,
    #[serde(rename = "type")]
    kind: MessageType,
    #[serde(default)]
    content: String,
    #[serde(default)]
    mentions: Vec<User>,
    #[serde(rename = "referenced_message")]
    referenced: Option<Box<ReferencedMessage>>,
}

#[derive(Debug, Deserialize)]
struct ReferencedMessage {
    author: User,
    #[serde(default)]
    components: Vec<ComponentRow>,
}

/// A message to the bot.
struct IncomingMessage {
    id: u64,
    channel: u64,
    server: Option<u64>,
    person: u64,
    text: String,
    continuation: Continuation,
}

/// Answers a message if it is for the bot.
pub(crate) async fn handle(bot: &Bot, event: RawEvent) {
    let RawEvent { json, received_at } = event;
    let Ok(event) = serde_json::from_str::<MessageEvent>(&json) else {
        tracing::warn!(bytes = json.len(), "a message can't be read");
        return;
    };
    let Some(me) = bot.user.get() else { return };
    let Some(message) = parse_incoming(*me, bot.settings.answer_mentions, event) else { return };
    if !bot.seen_events.insert(message.id) {
        return;
    }
    let command = if message.server.is_some() { "mention" } else { "direct" };
    let _running = bot.metrics.start_answer();
    let span = tracing::info_span!("message", shard = 0, guild = message.server, command);
    answer_message(bot, &message, command, received_at).instrument(span).await;
    // Their paused digest resumes, after they were told of the pause.
    if message.server.is_none() {
        bot.wakeup.add_person(message.person);
    }
}

/// Parses a message as the bot with this id does.
#[cfg(feature = "fuzzing")]
pub fn parse_for_fuzzing(me: u64, json: &str) {
    if let Ok(event) = serde_json::from_str(json) {
        let _ = parse_incoming(me, true, event);
    }
}

/// The message, if it is for the bot: every direct message; in a server messages that mention the bot by name, and
/// replies that ping it.
fn parse_incoming(me: u64, answer_mentions: bool, message: MessageEvent) -> Option<IncomingMessage> {
    let is_from_person = !message.author.bot && !message.author.system && message.webhook_id.is_none();
    if !is_from_person
        || message.author.id == me
        || !matches!(message.kind, MessageType::Regular | MessageType::InlineReply)
    {
        return None;
    }
    let (channel, server) = (message.channel_id.get(), message.guild_id.map(GuildId::get));
    let names = [format!("<@{me}>"), format!("<@!{me}>")];
    if server.is_some() {
        let is_named = names.iter().any(|name| message.content.contains(name));
        let is_pinged = message.mentions.iter().any(|user| user.id == me);
        let is_reply = message.referenced.as_ref().is_some_and(|to| to.author.id == me) && is_pinged;
        if !answer_mentions || !(is_named || is_reply) {
            return None;
        }
    }
    let text = names.iter().fold(message.content, |text, name| text.replace(name, " ")).trim().to_owned();
    let referenced = message.referenced.filter(|to| to.author.id == me);
    let answer = referenced.and_then(|to| answer_number(&to.components));
    let continuation = answer.map_or(Continuation::Conversation, Continuation::Answer);
    Some(IncomingMessage {
        id: message.id.get(),
        channel,
        server,
        person: message.author.id.get(),
        text,
        continuation,
    })
}

async fn answer_message(bot: &Bot, message: &IncomingMessage, command: &'static str, received_at: Instant) {
    // Boxed, because a burst has a future for each message.
    let work = Box::pin(choose_response(bot, message));
    let response = show_typing_during(bot, message, bot.capacity.with_timeout(bot.catch_panic(work))).await;
    let (page, outcome) = match response.flatten() {
        Ok(Some(response)) => (response.page, response.outcome.name()),
        Ok(None) => return,
        Err(failure) => {
            let id = failure.log();
            (failure.page(&id), failure.outcome())
        }
    };
    // In a server the author of the question can delete the answer.
    let page = if message.server.is_some() { page.with_delete_button(message.person) } else { page };
    let sent = send_reply(bot, message, page).await;
    let took = received_at.elapsed();
    match sent {
        Ok(()) => {
            bot.metrics.record_acknowledgement(command, took);
            bot.record_answer(command, outcome, took);
            if message.server.is_none() {
                tell_of_pause(bot, message).await;
            }
        }
        Err(error) => {
            bot.metrics.record_answer(command, "not_sent", took);
            tracing::warn!(%error, channel = message.channel, "an answer could not be sent");
            if is_forbidden(&error)
                && message.server.is_some()
                && bot.capacity.limits.may_notify(message.person)
            {
                notify_privately(bot, message).await;
            }
        }
    }
}

/// The reply; `None` if the bot stays silent. Every message counts against the limits, because the answer to a greeting
/// takes space in the channel too.
async fn choose_response(bot: &Bot, message: &IncomingMessage) -> Result<Option<Response>, Failure> {
    if let Some(response) = bot.rate_limit_response(message.person, message.server) {
        return Ok(bot.capacity.limits.may_notify(message.person).then_some(response));
    }
    // A mention without a question.
    if message.text.is_empty() && message.server.is_some() {
        return bot.help().await.map(Some);
    }
    let IncomingMessage { person, server, channel, continuation, .. } = *message;
    let target = ReplyTarget { person, server, channel, audience: Audience::of(server.is_none(), false) };
    let question = UserQuestion { continuation, ..UserQuestion::new(message.text.clone(), target) };
    bot.answer(question).await.map(Some)
}

/// Shows the typing indicator while work takes long.
async fn show_typing_during<T>(bot: &Bot, message: &IncomingMessage, work: impl Future<Output = T>) -> T {
    tokio::pin!(work);
    let mut wait = TYPING_AFTER;
    loop {
        tokio::select! {
            biased;
            done = &mut work => return done,
            () = sleep(wait) => {
                let route = Route::Typing { channel: message.channel };
                // The answer does not wait for the typing indicator, nor for a slow response to it.
                tokio::select! {
                    done = &mut work => return done,
                    _ = bot.rest.send(Method::POST, route, None::<&()>) => {}
                }
                wait = TYPING_INTERVAL;
            }
        }
    }
}

/// Sends the answer. Where the bot may write but not attach files, the answer is sent once more without them; where it may
/// not embed links, as plain text.
async fn send_reply(bot: &Bot, message: &IncomingMessage, page: MessagePayload) -> Result<(), RestError> {
    let (mut page, files) = draw_pictures(&bot.capacity.threads, page).await;
    let mut sent = post_reply(bot, message, &page, &files).await;
    if !files.is_empty() && sent.as_ref().is_err_and(may_lack_permission) {
        page = page.without_attachments();
        sent = post_reply(bot, message, &page, &[]).await;
    }
    match sent {
        Err(error) if may_lack_permission(&error) && !page.embeds.is_empty() => {
            post_reply(bot, message, &page.without_embeds(), &[]).await
        }
        sent => sent,
    }
}

async fn post_reply(
    bot: &Bot,
    message: &IncomingMessage,
    page: &MessagePayload,
    files: &[UploadFile],
) -> Result<(), RestError> {
    let body = with_nonce(json!(page), &message.id.to_string());
    if message.server.is_none() {
        return post_with_retries(bot, message.channel, &body, files).await;
    }
    // The answer is posted even if the question was deleted meanwhile.
    let reference = json!({ "message_id": message.id.to_string(), "fail_if_not_exists": false });
    let mut reply = body.clone();
    reply["message_reference"] = reference;
    match post_with_retries(bot, message.channel, &reply, files).await {
        // The bot may write here, but not read the message that it replies to.
        Err(error) if error.code() == NO_HISTORY_CODE => {
            post_with_retries(bot, message.channel, &body, files).await
        }
        sent => sent,
    }
}

async fn post_with_retries(
    bot: &Bot,
    channel: u64,
    body: &Value,
    files: &[UploadFile],
) -> Result<(), RestError> {
    let route = Route::Messages { channel };
    let attempt = || bot.rest.send_with_files(Method::POST, route, Some(body), files);
    let mut sent = attempt().await;
    let first = Instant::now();
    for tries in 1..MAX_TRIES {
        match sent {
            // The rate limiter has waited for limits already.
            Err(error) if error.is_transient() && error.status() != 429 => {
                sleep(RETRIES.wait(tries)).await;
                // The wait may be long, and Discord has forgotten the nonce by then.
                let Ok(again) = timeout_at(first + NONCE_LIFETIME, attempt()).await else {
                    return Err(error);
                };
                sent = again;
            }
            sent => return sent.map(drop),
        }
    }
    sent.map(drop)
}

/// Whether the bot may not write there.
fn is_forbidden(error: &RestError) -> bool {
    error.status() == 403 || error.code() == EMPTY_MESSAGE_CODE
}

/// Whether the bot may lack the permission for files or embeds. Discord refuses the message then, or removes the embeds and
/// refuses the rest as empty.
fn may_lack_permission(error: &RestError) -> bool {
    matches!(error.code(), MISSING_PERMISSIONS_CODE | EMPTY_MESSAGE_CODE)
}

/// Tells the author of a direct message that their digest is paused.
async fn tell_of_pause(bot: &Bot, message: &IncomingMessage) {
    let nonce = format!("{}n", message.id);
    let send = async |page: MessagePayload| {
        post_with_retries(bot, message.channel, &with_nonce(json!(page), &nonce), &[]).await
    };
    pause_notice::tell(bot, message.person, send).await;
}

/// Tells the author of the question, by direct message, that the bot may not write there.
async fn notify_privately(bot: &Bot, message: &IncomingMessage) {
    let page = pages::could_not_post(message.channel);
    let body = with_nonce(json!(page), &format!("{}p", message.id));
    let sent = async {
        post_with_retries(bot, open_direct_message(&bot.rest, message.person).await?, &body, &[]).await
    };
    if let Err(error) = sent.await {
        tracing::info!(%error, "the person could not be told by direct message either");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_repetition_of_a_message_waits_longer() {
        assert_eq!([1, 2].map(|tries| RETRIES.wait(tries).as_millis()), [500, 1_000]);
    }
}
