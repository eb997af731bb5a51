//! An interaction from its arrival to its reply: commands, autocomplete, buttons.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use poise::{CommandInteractionType, FrameworkContext, FrameworkError, FrameworkOptions};
use serde::Deserialize;
use serenity::all::{CommandInteraction, CreateAutocompleteResponse, Interaction};
use tokio::sync::Mutex;
use tokio::time::timeout;
use tracing::Instrument;

use super::bot::{Bot, Outcome, Told};
use super::buttons;
use super::commands;
use super::failure::Failure;
use super::gateway::Arrived;
use super::notice::Notice;
use super::reply::{Person, Reply};
use super::standin::StandIn;
use takeaways_render::discord as pages;

/// An answer that is not there by then is announced with "thinking…".
const DEFER_AFTER: Duration = Duration::from_millis(1_500);

/// Runs commands and presses of buttons.
pub struct Desk {
    bot: Arc<Bot>,
    options: FrameworkOptions<Bot, Failure>,
    stand_in: StandIn,
}

/// What every interaction has, whatever else a newer Discord may put into it.
#[derive(Deserialize)]
struct Envelope {
    id: String,
    application_id: String,
    token: String,
    #[serde(rename = "type")]
    kind: u8,
    #[serde(default)]
    data: Named,
    guild_id: Option<String>,
    user: Option<User>,
    member: Option<Member>,
}

#[derive(Deserialize)]
struct Member {
    user: Option<User>,
}

#[derive(Default, Deserialize)]
struct Named {
    #[serde(default)]
    name: String,
}

#[derive(Deserialize)]
struct User {
    id: String,
}

impl Envelope {
    /// Who it is by, where it says so.
    fn person(&self) -> Option<Person> {
        let user = self.member.as_ref().and_then(|member| member.user.as_ref()).or(self.user.as_ref())?;
        Some(Person { id: user.id.parse().ok()?, is_alone: self.guild_id.is_none() })
    }
}

/// Kinds of interactions.
mod kind {
    pub const COMMAND: u8 = 2;
    pub const COMPONENT: u8 = 3;
    pub const AUTOCOMPLETE: u8 = 4;
}

impl Desk {
    /// For a bot.
    pub fn new(bot: Arc<Bot>, stand_in: StandIn) -> Self {
        let options = FrameworkOptions {
            commands: commands::all(),
            // poise would ping those whom it answers.
            allowed_mentions: Some(serenity::all::CreateAllowedMentions::new()),
            initialize_owners: false,
            ..FrameworkOptions::default()
        };
        Self { bot, options, stand_in }
    }

    /// The commands.
    pub fn commands(&self) -> &[commands::Command] {
        &self.options.commands
    }

    /// Replies to an interaction, once, whatever happens on the way.
    pub async fn handle(&self, arrived: Arrived) {
        let Arrived { json, at } = arrived;
        let Ok(envelope) = serde_json::from_str::<Envelope>(&json) else {
            tracing::error!(bytes = json.len(), "an interaction can't be read");
            return;
        };
        let (Ok(id), Ok(application)) = (envelope.id.parse(), envelope.application_id.parse()) else {
            return;
        };
        if id == 0 || application == 0 || !self.bot.seen.is_new(id) {
            return;
        }
        let command = Self::label(&envelope);
        let _running = self.bot.metrics.in_flight();
        let metrics = self.bot.metrics.clone();
        let person = envelope.person();
        let reply = Reply::new(id, envelope.token, application, command, at, metrics).to(person);
        let reply = Arc::new(reply);
        let span = tracing::info_span!("interaction", shard = 0, guild = envelope.guild_id, command);
        self.work(&json, &reply, envelope.kind).instrument(span).await;
    }

    async fn work(&self, json: &str, reply: &Arc<Reply>, kind: u8) {
        // Boxed, since all that a reply may need is large.
        let routed = self.bot.caught(Box::pin(self.route(json, reply, kind)));
        let Err(failure) = routed.await else { return };
        let id = failure.log();
        self.bot.metrics.answered(reply.command(), "failed", reply.received().elapsed());
        // Choices have no place for words.
        if reply.is_answered() || kind == kind::AUTOCOMPLETE {
            return;
        }
        if let Err(error) = reply.send(&self.bot.rest, &failure.page(&id).ephemeral()).await {
            tracing::error!(%error, id, "the person could not be told of it");
        }
    }

    async fn route(&self, json: &str, reply: &Arc<Reply>, kind: u8) -> Result<(), Failure> {
        if kind == kind::COMPONENT {
            return buttons::pressed(&self.bot, &read(json)?, reply).await;
        }
        match read(json)? {
            Interaction::Command(command) => self.run(&command, reply).await,
            Interaction::Autocomplete(command) => self.complete(&command, reply).await,
            _ => reply_with(&self.bot, reply, true, async { Ok(unknown()) }).await,
        }
    }

    async fn run(&self, command: &CommandInteraction, reply: &Arc<Reply>) -> Result<(), Failure> {
        let data = Mutex::new(Box::new(Arc::clone(reply)) as _);
        let (sent, options, mut tree) = (AtomicBool::new(false), command.data.options(), Vec::new());
        let run =
            poise::dispatch_interaction(self.framework(), command, &sent, &data, &options, &mut tree).await;
        match run {
            Ok(()) => Ok(()),
            Err(FrameworkError::Command { error, .. }) => Err(error),
            // A command of another version, or one that somebody made up.
            Err(_) => reply_with(&self.bot, reply, true, async { Ok(unknown()) }).await,
        }
    }

    /// An option without choices, or of another version, has none, which is no error to whoever types.
    async fn complete(&self, command: &CommandInteraction, reply: &Reply) -> Result<(), Failure> {
        let data = Mutex::new(Box::new(()) as _);
        let (sent, options, mut tree) = (AtomicBool::new(false), command.data.options(), Vec::new());
        let kind = CommandInteractionType::Autocomplete;
        let framework = self.framework();
        let found = poise::extract_command_and_run_checks(
            framework, command, kind, &sent, &data, &options, &mut tree,
        );
        let typed = command.data.autocomplete();
        let choices = match (found.await, typed) {
            (Ok(context), Some(typed)) => {
                let mut options = context.command().parameters.iter();
                let option = options.find(|option| option.name == typed.name);
                match option.and_then(|option| option.autocomplete_callback) {
                    Some(complete) => complete(context, typed.value).await,
                    None => CreateAutocompleteResponse::new(),
                }
            }
            _ => CreateAutocompleteResponse::new(),
        };
        Ok(reply.choices(&self.bot.rest, choices).await?)
    }

    fn framework(&self) -> FrameworkContext<'_, Bot, Failure> {
        FrameworkContext {
            serenity_context: &self.stand_in.context,
            bot_id: self.bot.user.get().copied().unwrap_or(1).into(),
            options: &self.options,
            user_data: &self.bot,
            shard_manager: &self.stand_in.manager,
        }
    }

    /// What it is counted as: one of few words, never one that somebody else chose.
    fn label(envelope: &Envelope) -> &'static str {
        match envelope.kind {
            kind::COMMAND => match envelope.data.name.as_str() {
                "ask" => "ask",
                "help" => "help",
                "about" => "about",
                "digest" => "digest",
                "follow" => "follow",
                "unfollow" => "unfollow",
                "following" => "following",
                _ => "unknown",
            },
            kind::COMPONENT => "button",
            kind::AUTOCOMPLETE => "autocomplete",
            _ => "unknown",
        }
    }
}

/// An error of serde's may repeat what it could not read: its kind is all that is told.
fn read<'a, T: Deserialize<'a>>(json: &'a str) -> Result<T, Failure> {
    serde_json::from_str(json).map_err(|error| Failure::Unreadable(format!("{:?}", error.classify())))
}

/// Sends what comes of some work, with "thinking…" before it where it takes long.
pub async fn reply_with(
    bot: &Bot,
    reply: &Reply,
    is_private: bool,
    work: impl Future<Output = Result<Told, Failure>>,
) -> Result<(), Failure> {
    let notice = Notice::look(bot, reply);
    tokio::pin!(work);
    let told = if let Ok(told) = timeout(DEFER_AFTER, &mut work).await {
        told?
    } else {
        reply.defer(&bot.rest, is_private).await?;
        bot.in_time(work).await??
    };
    let Told { page, outcome } = told;
    let is_private = is_private || outcome.is_private();
    let page = if is_private { page.ephemeral() } else { page };
    let is_alone = is_private || reply.person().is_some_and(|person| person.is_alone);
    let (page, notice) = if is_alone { notice.on(page).await } else { (page, notice) };
    reply.send(&bot.rest, &page).await?;
    bot.answered(reply.command(), outcome.name(), reply.received().elapsed());
    notice.below(bot, reply).await;
    Ok(())
}

fn unknown() -> Told {
    Told { page: pages::unknown(), outcome: Outcome::Said }
}
