//! The life cycle of the bot, from the first request to Discord to the last answer.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::LocalBoxFuture;
use secrecy::SecretString;
use tokio::sync::{mpsc, oneshot, watch};
use tokio::task::{AbortHandle, JoinHandle, JoinSet};
use tokio::time::{interval, sleep, timeout};

use super::bot::Bot;
use super::discord_transport::DiscordTransport;
use super::gateway::{FatalError, Gateway, GatewayEvent, wait_after, wait_for_session};
use super::interaction;
use super::messages;
use super::register::register;
use super::rest::{Rest, RestError};
use takeaways_answer::EngineHandle;
use takeaways_delivery::{DeliveryService, DigestComposer, ServerEvent};
use takeaways_ops::{Health, Metrics};
use takeaways_settings::{Contributors, DigestSettings, DiscordSettings};
use takeaways_sources::Refresher;
use takeaways_store::Store;

/// How long handlers may take to finish at shutdown. With the second for closing the gateway, and the time for the last
/// replies, it stays below the ten seconds after which container engines kill.
const ANSWER_GRACE: Duration = Duration::from_secs(7);
/// The time for the last replies at shutdown.
const NOTIFY_TIMEOUT: Duration = Duration::from_millis(1_500);
/// The most messages that are handled at once. Further messages are dropped. Commands are not, because each of them
/// needs a reply.
const MAX_MESSAGES_IN_FLIGHT: usize = 2_000;
/// How often the limits of idle people are dropped.
const FORGET_INTERVAL: Duration = Duration::from_mins(1);
/// How often the words of old questions are deleted.
const CLEAN_INTERVAL: Duration = Duration::from_hours(1);
/// How often the bot looks for sources that have failed for a day, to notify their contributors.
const NOTIFY_INTERVAL: Duration = Duration::from_mins(10);

/// The parts that a bot needs.
pub struct ServeOptions {
    /// Its settings.
    pub settings: DiscordSettings,
    /// Its token.
    pub token: SecretString,
    /// The folder for its small files.
    pub state_folder: Option<PathBuf>,
    /// The store.
    pub store: Store,
    /// The caps on digests and subscriptions.
    pub caps: DigestSettings,
    /// The sources of posts.
    pub sources: Arc<Refresher>,
    /// Who may change them.
    pub contributors: Contributors,
    /// Whether the posts are those that come with the program.
    pub has_built_in_posts: bool,
    /// Gives the engine when the posts are read. Until then the bot tells those who ask to wait, and sends no digests.
    pub engine: oneshot::Receiver<Arc<EngineHandle>>,
    /// The number of threads that compose answers.
    pub threads: usize,
    /// The metrics to count in.
    pub metrics: Metrics,
    /// The health to report to.
    pub health: Health,
}

/// Why a bot ended without being stopped.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// A further attempt would fail too.
    #[error(transparent)]
    Fatal(#[from] FatalError),
    /// A bug of this program.
    #[error("the connection to Discord panicked: this is a bug, please report it")]
    Panicked,
    /// TLS can't be initialised.
    #[error("TLS is not available on this machine")]
    Network(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl ServeError {
    /// Whether a restart would fail too until a person has done something.
    pub fn is_permanent(&self) -> bool {
        matches!(self, Self::Fatal(_))
    }
}

/// Runs the bot until `stop` becomes true. Then it accepts no new work, and finishes the work in flight.
///
/// # Errors
/// If Discord refuses the bot for good.
// Boxed to be compiled here: the code of an `async fn` is generated again in each crate that awaits it.
#[must_use = "the bot runs while this is awaited"]
pub fn serve(
    options: ServeOptions,
    stop: watch::Receiver<bool>,
) -> LocalBoxFuture<'static, Result<(), ServeError>> {
    Box::pin(run_bot(options, stop))
}

async fn run_bot(options: ServeOptions, stop: watch::Receiver<bool>) -> Result<(), ServeError> {
    let rest = Rest::new(&options.token, options.settings.api_base.as_deref(), options.metrics.clone());
    let rest = rest.map_err(|error| ServeError::Network(error.into()))?;
    let bot = Arc::new(Bot::new(&options, Arc::new(rest)));
    let ServeOptions { token, state_folder, engine, .. } = options;
    bot.health.set_unreachable("no connection to Discord");
    let Some(address) = wait_for_session(&bot.rest, None, &stop).await? else { return Ok(()) };
    let (events, mut incoming) = mpsc::unbounded_channel();
    let gateway = Gateway::new(Arc::clone(&bot.rest), token, events, stop.clone());
    let mut session = tokio::spawn(async move { gateway.run(address, state_folder.as_deref()).await });
    let mut work = BotTasks { bot, handlers: JoinSet::new(), delivery: None };
    let result = work.run_until_end(&mut session, &mut incoming, engine, &stop).await;
    session.abort();
    work.bot.health.set_stopping();
    // Events that the gateway passed on before it closed still get a reply.
    while let Ok(event) = incoming.try_recv() {
        work.handle_event(event);
    }
    // Without a valid token nothing can be finished.
    if !matches!(result, Err(ServeError::Fatal(FatalError::Token))) {
        work.finish(*stop.borrow()).await;
    }
    result
}

/// The bot with what it does at the moment.
struct BotTasks {
    bot: Arc<Bot>,
    /// The handlers of events.
    handlers: JoinSet<()>,
    /// The delivery loop, after the posts are read.
    delivery: Option<JoinHandle<()>>,
}

impl BotTasks {
    /// Handles events until the session at the gateway ends.
    async fn run_until_end(
        &mut self,
        session: &mut JoinHandle<Result<(), FatalError>>,
        incoming: &mut mpsc::UnboundedReceiver<GatewayEvent>,
        mut engine: oneshot::Receiver<Arc<EngineHandle>>,
        stop: &watch::Receiver<bool>,
    ) -> Result<(), ServeError> {
        let bot = Arc::clone(&self.bot);
        let mut forget = interval(FORGET_INTERVAL);
        let mut clean = interval(CLEAN_INTERVAL);
        let mut notify = interval(takeaways_faults::time_or("sources.notify", NOTIFY_INTERVAL));
        loop {
            tokio::select! {
                result = &mut *session => return match result {
                    Ok(result) => result.map_err(ServeError::from),
                    Err(_) => Err(ServeError::Panicked),
                },
                () = bot.rest.wait_for_token_refusal() => return Err(FatalError::Token.into()),
                Ok(engine) = &mut engine, if !engine.is_terminated() => {
                    let composer = bot.set_engine(engine);
                    self.delivery = Some(tokio::spawn(run_delivery(&bot, composer, stop.clone())));
                }
                Some(event) = incoming.recv() => self.handle_event(event),
                Some(_) = self.handlers.join_next(), if !self.handlers.is_empty() => {}
                _ = forget.tick() => bot.capacity.limits.forget_idle(),
                _ = clean.tick() => self.spawn(|bot| async move { bot.remove_old_answers().await }),
                _ = notify.tick() => self.spawn(|bot| async move { bot.notify_contributors().await }),
            }
        }
    }

    fn handle_event(&mut self, event: GatewayEvent) {
        let bot = &self.bot;
        let health = &bot.health;
        match event {
            GatewayEvent::Ready { user, application, servers } => {
                if let Some(servers) = servers {
                    bot.sources.change_servers(|known| known.clone_from(&servers));
                    bot.wakeup.set_servers(servers);
                }
                let is_first = bot.user.set(user).is_ok();
                health.set_ready();
                tracing::info!("ready");
                if is_first {
                    let bot = Arc::clone(bot);
                    // Shutdown does not wait for this: the next start does it again.
                    tokio::spawn(async move { register_commands(&bot, application).await });
                } else {
                    bot.metrics.count_reconnect("new_session");
                }
            }
            GatewayEvent::Resumed => {
                health.set_ready();
                bot.metrics.count_reconnect("resumed");
                tracing::info!("the session was resumed");
            }
            GatewayEvent::Server { server, change } => {
                match change {
                    ServerEvent::Joined => bot.sources.change_servers(|known| known.extend([server])),
                    ServerEvent::Left => {
                        bot.sources.change_servers(|known| known.retain(|known| *known != server));
                    }
                    ServerEvent::PermissionsChanged => {}
                }
                bot.wakeup.add_server_event(server, change);
            }
            GatewayEvent::ChannelDeleted { server, channel } => {
                bot.wakeup.add_deleted_channel(server, channel);
            }
            GatewayEvent::Disconnected => health.set_unreachable("no connection to Discord"),
            GatewayEvent::Interaction(event) => {
                self.spawn(|bot| async move { interaction::handle(&bot, event).await });
            }
            GatewayEvent::Message(event) if self.handlers.len() < MAX_MESSAGES_IN_FLIGHT => {
                self.spawn(|bot| async move { messages::handle(&bot, event).await });
            }
            GatewayEvent::Message(_) => tracing::warn!("a message was dropped: too many at once"),
        }
    }

    fn spawn<F: Future<Output = ()> + Send + 'static>(&mut self, handle: impl FnOnce(Arc<Bot>) -> F) {
        self.handlers.spawn(handle(Arc::clone(&self.bot)));
    }

    /// Finishes answers and deliveries in flight. The next start settles a delivery that was not finished.
    async fn finish(mut self, is_stopping: bool) {
        let stop_delivery = self.delivery.as_ref().map(JoinHandle::abort_handle);
        let stop_delivery = || stop_delivery.iter().for_each(AbortHandle::abort);
        match self.delivery.take() {
            // The delivery loop is among the answers, so that both have the same time.
            Some(delivery) if is_stopping => drop(self.handlers.spawn(async move { drop(delivery.await) })),
            _ => stop_delivery(),
        }
        self.finish_handlers().await;
        stop_delivery();
    }

    async fn finish_handlers(&mut self) {
        let handlers = &mut self.handlers;
        let mut all =
            async |time| timeout(time, async { while handlers.join_next().await.is_some() {} }).await;
        if all(ANSWER_GRACE).await.is_ok() {
            return;
        }
        tracing::warn!("some answers were not finished in time; the people who wait are told");
        self.bot.capacity.end();
        if all(NOTIFY_TIMEOUT).await.is_err() {
            tracing::warn!(left = handlers.len(), "not all of them could be told");
        }
    }
}

/// Runs the delivery loop until `stop` becomes true.
fn run_delivery(
    bot: &Bot,
    composer: Arc<DigestComposer>,
    stop: watch::Receiver<bool>,
) -> impl Future<Output = ()> + use<> {
    let transport = DiscordTransport::new(Arc::clone(&bot.rest));
    let (store, clock, metrics) = (bot.store.clone(), bot.clock.clone(), bot.metrics.clone());
    let service = DeliveryService::new(store, transport, composer, clock, metrics);
    takeaways_delivery::run(service, bot.wakeup.clone(), bot.health.clone(), stop)
}

/// Registers the commands, with retries, since people need them to ask.
async fn register_commands(bot: &Bot, application: u64) {
    let mut failures = 0;
    loop {
        match register(&bot.rest, application).await {
            Ok(true) => return tracing::info!("the commands were registered"),
            Ok(false) => return tracing::info!("the commands were registered already"),
            Err(error) if !is_permanent(&error) => {
                failures += 1;
                let wait = wait_after(&error, failures);
                tracing::warn!(
                    %error,
                    "the commands could not be registered; the next attempt is in about {} s",
                    wait.as_secs()
                );
                sleep(wait).await;
            }
            Err(error) => {
                return tracing::error!(%error, "the commands could not be registered; the old ones stay");
            }
        }
    }
}

/// Whether a repetition of the request would be refused too.
fn is_permanent(error: &RestError) -> bool {
    (400..500).contains(&error.status()) && error.status() != 429
}
