//! An interaction from its arrival to its reply: commands, autocomplete, buttons.

use std::borrow::Cow;
use std::future::Future;
use std::time::Duration;

use serde::Deserialize;
use serde_json::value::RawValue;
use serenity::all::{
    ApplicationId, AutocompleteChoice, ChannelId, ChannelType, CreateAutocompleteResponse, GuildId,
    InteractionContext, InteractionId, InteractionType, Permissions,
};
use tokio::time::timeout;
use tracing::Instrument;

use super::bot::Bot;
use super::buttons::{self, ButtonPress, PressContext};
use super::commands::{self, Call, CommandData, OptionKind};
use super::digest_commands::Caller;
use super::gateway::RawEvent;
use super::models::User;
use super::pause_notice;
use super::pictures::draw_pictures;
use super::reply::Reply;
use super::response::{Failure, Response};
use takeaways_render::discord::{self as pages, MessagePayload};
use takeaways_text::model::Language;

/// An answer that is not ready by then is deferred: Discord shows "thinking…".
const DEFER_AFTER: Duration = Duration::from_millis(1_500);

/// The name of an unknown command in the metrics.
const UNKNOWN: &str = "unknown";

/// The fields of an interaction that the bot needs; others are ignored. Its two large parts are parsed separately, so
/// that the interaction gets a reply even if one of them can't be parsed.
#[derive(Deserialize)]
pub(crate) struct Interaction<'a> {
    pub id: InteractionId,
    application_id: ApplicationId,
    #[serde(borrow)]
    token: Cow<'a, str>,
    #[serde(rename = "type")]
    kind: InteractionType,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
    /// The message with the pressed button.
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    pub guild_id: Option<GuildId>,
    pub channel_id: Option<ChannelId>,
    channel: Option<Channel>,
    context: Option<InteractionContext>,
    user: Option<User>,
    member: Option<Member>,
    /// The language of the person's Discord.
    #[serde(borrow)]
    locale: Option<Cow<'a, str>>,
    /// The bot's permissions in the channel.
    pub app_permissions: Option<Permissions>,
}

#[derive(Deserialize)]
struct Channel {
    #[serde(rename = "type")]
    kind: Option<ChannelType>,
}

#[derive(Deserialize)]
struct Member {
    user: Option<User>,
    permissions: Option<Permissions>,
}

/// The parsed content of an interaction.
enum InteractionContent {
    Command(CommandData),
    Autocomplete(CommandData),
    Press(ButtonPress),
    /// A kind that this version does not use.
    Other,
}

impl Interaction<'_> {
    /// The person, if Discord sends one.
    pub(crate) fn user(&self) -> Option<u64> {
        let user = self.member.as_ref().and_then(|member| member.user.as_ref()).or(self.user.as_ref());
        user.map(|user| user.id.get())
    }

    /// The person's permissions in the channel.
    pub(crate) fn permissions(&self) -> Permissions {
        self.member.as_ref().and_then(|member| member.permissions).unwrap_or_default()
    }

    /// The type of the channel, if Discord sends it.
    pub(crate) fn channel_type(&self) -> Option<ChannelType> {
        self.channel.as_ref().and_then(|channel| channel.kind)
    }

    /// Whether it was made in the direct messages with the bot, which nobody else reads. A person who has installed the bot
    /// uses it in direct messages with others too.
    pub(crate) fn is_in_direct_messages(&self) -> bool {
        self.context == Some(InteractionContext::BotDm)
    }

    /// The language of the person's Discord; English if this program does not know it.
    pub(crate) fn language(&self) -> Language {
        match self.locale.as_deref().map(Language::from_tag) {
            None | Some(Language::Other) => Language::En,
            Some(language) => language,
        }
    }

    fn content(&self) -> Result<InteractionContent, Failure> {
        Ok(match self.kind {
            InteractionType::Command => InteractionContent::Command(parse(self.data)?),
            InteractionType::Autocomplete => InteractionContent::Autocomplete(parse(self.data)?),
            InteractionType::Component => InteractionContent::Press(ButtonPress {
                data: parse(self.data)?,
                message: parse(self.message)?,
            }),
            _ => InteractionContent::Other,
        })
    }

    /// The name in the metrics: one of a few fixed words, never one from the request.
    fn metric_name(&self, content: &Result<InteractionContent, Failure>) -> &'static str {
        match (self.kind, content) {
            (_, Ok(InteractionContent::Command(data))) => {
                commands::find(&data.name).map_or(UNKNOWN, |it| it.name)
            }
            (InteractionType::Component, _) => "button",
            (InteractionType::Autocomplete, _) => "autocomplete",
            _ => UNKNOWN,
        }
    }
}

/// Parses everything that is parsed of an interaction before the bot acts on it.
#[cfg(feature = "fuzzing")]
pub fn parse_for_fuzzing(json: &str) {
    let Ok(interaction) = serde_json::from_str::<Interaction<'_>>(json) else { return };
    let content = interaction.content();
    let _ = interaction.metric_name(&content);
    let _ = Caller::from_interaction(&interaction, jiff::Timestamp::UNIX_EPOCH);
    match content {
        Ok(InteractionContent::Command(data) | InteractionContent::Autocomplete(data)) => {
            let Some((run, values)) = commands::resolve(&data) else { return };
            let _ = values.focused();
            for option in run.options {
                let _ = (values.text(option), values.flag(option), values.channel(option));
            }
        }
        Ok(InteractionContent::Press(press)) => press.parse_for_fuzzing(),
        Ok(InteractionContent::Other) | Err(_) => {}
    }
}

/// Replies to an interaction, exactly once, even after a failure.
pub(crate) async fn handle(bot: &Bot, event: RawEvent) {
    let RawEvent { json, received_at } = event;
    let Ok(interaction) = serde_json::from_str::<Interaction<'_>>(&json) else {
        tracing::error!(bytes = json.len(), "an interaction can't be read");
        return;
    };
    let id = interaction.id.get();
    if !bot.seen_events.insert(id) {
        return;
    }
    let content = interaction.content();
    let command = interaction.metric_name(&content);
    let _running = bot.metrics.start_answer();
    let guild = interaction.guild_id.map(GuildId::get);
    let application = interaction.application_id.get();
    let token = interaction.token.clone().into_owned();
    let reply =
        Reply::new(id, token, application, command, received_at, bot.metrics.clone()).to(interaction.user());
    let span = tracing::info_span!("interaction", shard = 0, guild, command);
    reply_or_report(bot, &interaction, content, &reply).instrument(span).await;
}

async fn reply_or_report(
    bot: &Bot,
    interaction: &Interaction<'_>,
    content: Result<InteractionContent, Failure>,
    reply: &Reply,
) {
    // Boxed, because the future of a reply is large.
    let routed = bot.catch_panic(Box::pin(route(bot, interaction, content, reply)));
    let Err(failure) = routed.await else { return };
    let id = failure.log();
    bot.metrics.record_answer(reply.command(), failure.outcome(), reply.received_at().elapsed());
    // A reply to autocomplete can't hold a message.
    if reply.is_answered() || interaction.kind == InteractionType::Autocomplete {
        return;
    }
    if let Err(error) = Box::pin(reply.send(&bot.rest, &failure.page(&id).ephemeral(), &[])).await {
        tracing::error!(%error, id, "the person could not be told of it");
    }
}

async fn route(
    bot: &Bot,
    interaction: &Interaction<'_>,
    content: Result<InteractionContent, Failure>,
    reply: &Reply,
) -> Result<(), Failure> {
    let content = content?;
    if matches!(content, InteractionContent::Other) {
        return reply_privately(bot, reply, pages::unknown_command()).await;
    }
    let now = bot.now();
    let caller = Caller::from_interaction(interaction, now);
    let caller = caller.ok_or_else(|| Failure::Unreadable("an interaction by nobody".into()))?;
    match content {
        InteractionContent::Command(data) => {
            if let Some((handler, message)) = commands::message_handler(&data) {
                let values = data.values();
                return handler(Call { bot, reply, values: &values, caller, now }, message).await;
            }
            let resolved = commands::resolve(&data);
            let replying = resolved
                .as_ref()
                .and_then(|(run, values)| (run.handler)(Call { bot, reply, values, caller, now }).ok());
            match replying {
                Some(replying) => replying.await,
                // A command of another version, or an invented one.
                None => reply_privately(bot, reply, pages::unknown_command()).await,
            }
        }
        InteractionContent::Autocomplete(data) => autocomplete(bot, &data, caller, reply).await,
        // Boxed, because its future is the largest, and a burst has a future for each interaction.
        InteractionContent::Press(press) => {
            Box::pin(buttons::handle_press(PressContext { bot, press: &press, caller, reply })).await
        }
        InteractionContent::Other => Ok(()),
    }
}

/// An option without choices, or of another version, gets an empty list: the person who types should see no error.
async fn autocomplete(bot: &Bot, data: &CommandData, caller: Caller, reply: &Reply) -> Result<(), Failure> {
    let resolved = commands::resolve(data);
    let completing = resolved.as_ref().and_then(|(run, values)| {
        let (name, query) = values.focused()?;
        let option = run.options.iter().find(|option| option.name == name)?;
        let OptionKind::Text { autocomplete: Some(complete), .. } = option.kind else { return None };
        Some(complete(Call { bot, reply, values, caller, now: bot.now() }, query))
    });
    let choices = match completing {
        Some(completing) => completing.await,
        None => Vec::new(),
    };
    let choices = choices.into_iter().map(|it| AutocompleteChoice::new(it.name, it.value)).collect();
    Ok(reply.send_choices(&bot.rest, CreateAutocompleteResponse::new().set_choices(choices)).await?)
}

/// serde's error may repeat the text that it could not parse, so only its kind is reported.
fn parse<'a, T: Deserialize<'a>>(json: Option<&'a RawValue>) -> Result<T, Failure> {
    let json = json.map_or("null", RawValue::get);
    serde_json::from_str(json).map_err(|error| Failure::Unreadable(format!("{:?}", error.classify())))
}

/// Sends the result of some work. If the work takes long, the reply is deferred first. In a burst it is deferred before
/// the work begins: a deferral costs little, and Discord waits for it only three seconds.
pub(crate) async fn send_response(
    bot: &Bot,
    reply: &Reply,
    is_private: bool,
    work: impl Future<Output = Result<Response, Failure>>,
) -> Result<(), Failure> {
    let _slot = if let Ok(slot) = bot.capacity.reply_slots.try_acquire() {
        slot
    } else {
        reply.defer(&bot.rest, is_private).await?;
        // The semaphore is never closed.
        bot.capacity
            .with_timeout(bot.capacity.reply_slots.acquire())
            .await?
            .map_err(|_| Failure::ShuttingDown)?
    };
    // Boxed, so that a reply that waits for its slot is small.
    let mut work = Box::pin(work);
    // A reply that waited for a slot was deferred already, and fails at once if the process ends.
    let early = if reply.is_deferred() { None } else { timeout(DEFER_AFTER, &mut work).await.ok() };
    let response = if let Some(response) = early {
        response?
    } else {
        if !reply.is_deferred() {
            reply.defer(&bot.rest, is_private).await?;
        }
        bot.capacity.with_timeout(work).await??
    };
    let Response { page, outcome, followup } = response;
    let page = if is_private || outcome.is_private() { page.ephemeral() } else { page };
    // Boxed, because few replies have pictures.
    let (page, files) = Box::pin(draw_pictures(&bot.capacity.threads, page)).await;
    reply.send(&bot.rest, &page, &files).await?;
    bot.record_answer(reply.command(), outcome.name(), reply.received_at().elapsed());
    if let Some(page) = followup {
        reply.send_followup(&bot.rest, &page).await?;
    }
    if let Some(person) = reply.person() {
        pause_notice::tell(bot, person, async |page| reply.send_followup(&bot.rest, &page).await).await;
    }
    Ok(())
}

/// Replies with a page that only the caller sees.
pub(crate) async fn reply_privately(bot: &Bot, reply: &Reply, page: MessagePayload) -> Result<(), Failure> {
    send_response(bot, reply, true, async { Ok(Response::fixed(page)) }).await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The most bytes of the futures of one interaction that waits for its slot.
    const MAX_WAITING: usize = 16_384;

    fn size_of_future<F, T>(_: impl FnOnce(T) -> F) -> usize {
        size_of::<F>()
    }

    /// A burst has these futures for each interaction.
    #[test]
    fn h01_an_interaction_that_waits_is_small() {
        type Routed = (&'static Interaction<'static>, Result<InteractionContent, Failure>, &'static Reply);
        let sizes = [
            size_of_future(|event: RawEvent| handle(bot(), event)),
            size_of_future(|(interaction, content, reply): Routed| route(bot(), interaction, content, reply)),
            size_of_future(|reply: &'static Reply| send_response(bot(), reply, false, bot().help())),
        ];
        assert!(sizes.iter().sum::<usize>() <= MAX_WAITING, "{sizes:?}");
    }

    /// Never called: only the types of the futures matter.
    fn bot() -> &'static Bot {
        panic!("the futures are not made")
    }
}
