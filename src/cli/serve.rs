//! `takeaways serve`: the bot, until it is told to end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval_at};

use super::context;
use super::context::RunContext;
use super::exit::{self, Exit};
use super::state;
use super::terminal::IndexingProgress;
use takeaways_answer::{EngineHandle, OpenEngine};
use takeaways_discord::{ServeError, ServeOptions};
use takeaways_ops::{Health, Metrics};
use takeaways_settings::Settings;
use takeaways_store::{Store, StoreError};

/// Questions are answered on a thread for each processor, since they take nothing else, and on these: while one looks
/// at the posts anew, there are still all others.
const EXTRA_ENGINE_THREADS: usize = 1;

/// What is wrong where changed posts can't be taken in.
const POSTS_UNREADABLE: &str = "the posts can't be read, and those of before are answered from";
/// What is wrong where there is nothing to answer from.
const NO_POSTS: &str = "there are no posts to answer from";

/// Runs the bot. Refused where a person has to act; no, where another start may do better.
pub fn run(session: &RunContext) -> Result<Exit> {
    let Some(token) = session.settings.discord.token.clone() else {
        bail!(
            "there is no token: set DISCORD_TOKEN to the one from the page \"Bot\" of your application on \
             https://discord.com/developers/applications (docs/deploy.md shows how to get one)"
        );
    };
    log_panics();
    let threads = std::thread::available_parallelism().map_or(1, usize::from) + EXTRA_ENGINE_THREADS;
    let runtime = runtime(threads)?;
    let ended = runtime.block_on(serve(session.settings.clone(), session.now, token, threads));
    // What still runs on other threads has had its time.
    runtime.shutdown_timeout(Duration::from_millis(100));
    match ended {
        Ok(()) => {
            tracing::info!("ended");
            Ok(Exit::Done)
        }
        Err(error) if is_final(&error) => Err(error),
        Err(error) => {
            exit::report(&error);
            Ok(Exit::Negative)
        }
    }
}

/// Whether another start ends the same way until a person has done something.
fn is_final(error: &anyhow::Error) -> bool {
    let of_state = |error: &StoreError| !matches!(error, StoreError::Unavailable(_));
    error.downcast_ref::<ServeError>().is_some_and(ServeError::is_permanent)
        || error.downcast_ref::<StoreError>().is_some_and(of_state)
}

/// Signals and health come first: the first index of a large corpus takes its time.
async fn serve(settings: Settings, now: Timestamp, token: SecretString, threads: usize) -> Result<()> {
    let (stop, mut stopped) = watch::channel(false);
    let (metrics, health) = (Metrics::new(), Health::new());
    end_on_signals(stop, health.clone())?;
    let hangup = signal(SignalKind::hangup())?;
    let (_until_the_end, ended) = watch::channel(false);
    serve_ops(settings.ops.listen, &metrics, &health, ended).await?;
    let store = Store::open(&state::state_location(&settings)).await?;
    let to_open = settings.clone();
    let opening =
        spawn_blocking(move || context::open(&to_open, false, now, &mut IndexingProgress::new(true)));
    let engine = tokio::select! {
        engine = opening => engine??,
        _ = stopped.wait_for(|stop| *stop) => return Ok(()),
    };
    let engine = Arc::new(EngineHandle::new(engine, opener(settings.clone()), settings.answering.limit));
    tell_posts(&engine, &metrics, &health);
    spawn_reloads(hangup, Arc::clone(&engine), settings.reload, metrics.clone(), health.clone());
    let options = ServeOptions {
        settings: settings.discord,
        token,
        state_folder: Some(settings.state.dir),
        store: store.clone(),
        caps: settings.digest,
        engine,
        threads,
        metrics,
        health,
    };
    let served = takeaways_discord::serve(options, stopped).await;
    store.close().await;
    Ok(served?)
}

/// A panic is caught where it is and counted, but what it says may be a person's words: the place has to do.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(at, "a panic");
    }));
}

/// One thread speaks with Discord: that is a fifth of the work of an answer, and several would only wake each other.
fn runtime(threads: usize) -> Result<Runtime> {
    Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(threads)
        .build()
        .context("no threads can be started")
}

/// What opens the index again: from nothing, or as it has changed.
fn opener(settings: Settings) -> OpenEngine {
    Box::new(move |engine| {
        let now = Timestamp::now();
        let opened = match engine {
            Some(engine) => context::refresh(&settings, engine, now),
            None => context::open(&settings, false, now, &mut IndexingProgress::new(true)).map(Some),
        };
        // The whole chain in one sentence.
        opened.map_err(|error| format!("{error:#}").into())
    })
}

/// Health and metrics, where an address is set.
async fn serve_ops(
    address: Option<SocketAddr>,
    metrics: &Metrics,
    health: &Health,
    mut ended: watch::Receiver<bool>,
) -> Result<()> {
    let Some(address) = address else { return Ok(()) };
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!("nothing can listen at {address}: set ops.listen to another address, or to \"off\"")
    })?;
    tracing::info!(address = %listener.local_addr()?, "health and metrics");
    let until = async move {
        // It ends with the process, so that the end can be watched too.
        let _ = ended.wait_for(|ended| *ended).await;
    };
    let serving = takeaways_ops::serve(listener, metrics.clone(), health.clone(), until);
    tokio::spawn(async move {
        if let Err(error) = serving.await {
            tracing::error!(%error, "health and metrics are gone");
        }
    });
    Ok(())
}

/// SIGTERM and SIGINT end the bot: running answers are finished. A second one ends it at once.
fn end_on_signals(stop: watch::Sender<bool>, health: Health) -> Result<()> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::spawn(async move {
        for is_last in [false, true] {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if is_last {
                tracing::warn!("told to end a second time: ending at once");
                std::process::exit(0);
            }
            tracing::info!("ending: running answers are finished");
            health.set_stopping();
            stop.send_replace(true);
        }
    });
    Ok(())
}

/// Takes changed posts in, every while and on SIGHUP. Whoever asks meanwhile is answered from what there was.
fn spawn_reloads(
    mut hangup: Signal,
    engine: Arc<EngineHandle>,
    every: Option<Duration>,
    metrics: Metrics,
    health: Health,
) {
    tokio::spawn(async move {
        let mut ticks = every.map(|every| {
            let mut ticks = interval_at(tokio::time::Instant::now() + every, every);
            ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
            ticks
        });
        loop {
            let tick = async {
                match &mut ticks {
                    Some(ticks) => drop(ticks.tick().await),
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                _ = hangup.recv() => {}
                () = tick => {}
            }
            reload(&engine, &metrics, &health).await;
        }
    });
}

/// How many posts there are; none is a trouble, since everybody is told that nothing was found.
fn tell_posts(engine: &EngineHandle, metrics: &Metrics, health: &Health) -> u64 {
    let posts = engine.snapshot().engine().index().posts();
    metrics.set_posts(posts);
    if posts == 0 {
        health.add_problem(NO_POSTS);
    } else {
        health.clear_problem(NO_POSTS);
    }
    posts
}

async fn reload(engine: &Arc<EngineHandle>, metrics: &Metrics, health: &Health) {
    let reloading = Arc::clone(engine);
    let reloaded = spawn_blocking(move || reloading.reload()).await;
    if matches!(reloaded, Ok(Ok(_))) {
        health.clear_problem(POSTS_UNREADABLE);
    } else {
        health.add_problem(POSTS_UNREADABLE);
    }
    match reloaded {
        Ok(Ok(true)) => {
            let posts = tell_posts(engine, metrics, health);
            metrics.count_reload("changed");
            tracing::info!(posts, "changed posts were taken in");
        }
        Ok(Ok(false)) => metrics.count_reload("unchanged"),
        Ok(Err(error)) => {
            metrics.count_reload("failed");
            tracing::error!(
                %error,
                "the posts can't be read; those of before go on to answer"
            );
        }
        Err(_) => {
            metrics.count_reload("failed");
            tracing::error!("reading the posts panicked; those of before go on to answer");
        }
    }
}
