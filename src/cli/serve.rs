//! `takeaways serve`: runs the bot until it is stopped.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};
use jiff::Timestamp;
use secrecy::SecretString;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::{oneshot, watch};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{MissedTickBehavior, interval_at, timeout};

use super::context;
use super::context::Session;
use super::exit::{self, Exit};
use super::source_upkeep::SourceUpkeep;
use super::sources;
use super::state;
use super::terminal::IndexingProgress;
use takeaways_answer::{AnswerLimits, EngineHandle, OpenEngine, OpenedEngine};
use takeaways_delivery::Reloader;
use takeaways_discord::{ServeError, ServeOptions};
use takeaways_ops::{Health, Metrics, ReadingProgress};
use takeaways_render::discord::MAX_OVERVIEW_LINE;
use takeaways_search::ReadProgress;
use takeaways_settings::Settings;
use takeaways_store::StoreError;

/// Threads for questions beyond one per processor: one thread may be busy with changed posts.
const EXTRA_ENGINE_THREADS: usize = 1;

/// How long the bot waits for its posts before it connects to Discord. Most starts need less, so that nobody is told to
/// wait; and posts that fail at once end the bot before it has used a login of the day.
const CONNECT_AFTER: Duration = Duration::from_secs(1);

/// Runs the bot. The exit is `Failed` if a person has to act, and negative if a restart may help.
pub fn run(session: &Session) -> Result<Exit> {
    let Some(token) = session.settings.discord.token.clone() else {
        bail!(
            "the bot has no token: set DISCORD_TOKEN to the token on the page \"Bot\" of your application on \
             https://discord.com/developers/applications (`takeaways serve --help` says how to get one)"
        );
    };
    log_panics();
    let threads = std::thread::available_parallelism().map_or(1, usize::from) + EXTRA_ENGINE_THREADS;
    let runtime = runtime(threads)?;
    let result = runtime.block_on(serve(session.settings.clone(), session.now, token, threads));
    // Work on other threads had its time to finish.
    runtime.shutdown_timeout(Duration::from_millis(100));
    match result {
        Ok(()) => {
            tracing::info!("stopped");
            Ok(Exit::Done)
        }
        Err(error) if is_final(&error) => Err(error),
        Err(error) => {
            exit::report(&error);
            Ok(Exit::Negative)
        }
    }
}

/// Whether a restart would fail too until a person has done something.
fn is_final(error: &anyhow::Error) -> bool {
    let is_final_for_store = |error: &StoreError| !matches!(error, StoreError::Unavailable(_));
    error.downcast_ref::<ServeError>().is_some_and(ServeError::is_permanent)
        || error.downcast_ref::<StoreError>().is_some_and(is_final_for_store)
}

/// Signals and health come first, because the first index of a large corpus takes long. The bot connects meanwhile, and
/// says to those who ask that it is still reading.
async fn serve(settings: Settings, now: Timestamp, token: SecretString, threads: usize) -> Result<()> {
    let (stop, mut stopped) = watch::channel(false);
    let (metrics, health) = (Metrics::new(), Health::new());
    stop_on_signals(stop.clone(), health.clone())?;
    let hangup = signal(SignalKind::hangup())?;
    let (_open_until_the_end, ended) = watch::channel(false);
    serve_ops(settings.ops.listen, &metrics, &health, ended).await?;
    let store = state::open_state(&settings).await?;
    let mut opening = open_engine(settings.clone(), now, health.clone());
    let opened = tokio::select! {
        opened = timeout(CONNECT_AFTER, &mut opening) => match opened {
            Ok(opened) => Some(opened??),
            Err(_) => None,
        },
        _ = stopped.wait_for(|stop| *stop) => return Ok(()),
    };
    let (engine_sender, engine) = oneshot::channel();
    let refresher = Arc::new(sources::refresher(&settings));
    let options = ServeOptions {
        settings: settings.discord.clone(),
        token,
        state_folder: Some(settings.state.dir.clone()),
        store: store.clone(),
        caps: settings.digest,
        sources: Arc::clone(&refresher),
        contributors: settings.sources.contributors,
        has_built_in_posts: takeaways_cli::session::corpus_folders(&settings).is_empty(),
        engine,
        threads,
        metrics: metrics.clone(),
        health: health.clone(),
    };
    let answering = async {
        let opened = match opened {
            Some(opened) => opened,
            None => opening.await??,
        };
        let all_read = opened.unread().is_empty();
        let limits = AnswerLimits { excerpts: settings.answering.limit, line: MAX_OVERVIEW_LINE };
        let engine = EngineHandle::new(opened.engine, opener(settings.clone()), limits);
        let engine = Arc::new(engine);
        let reloader = Reloader::new(metrics.clone(), health.clone());
        reloader.report_first(&engine, all_read);
        health.set_reading(None);
        spawn_reloads(hangup, Arc::clone(&engine), settings.reload, reloader.clone());
        if settings.sources.refresh_interval.is_some() {
            let upkeep = SourceUpkeep {
                refresher,
                engine: Arc::clone(&engine),
                store: store.clone(),
                reloader,
                metrics: metrics.clone(),
                health: health.clone(),
            };
            tokio::spawn(upkeep.run());
        }
        // Nobody receives it if the bot has just ended.
        engine_sender.send(engine).ok();
        Ok(())
    };
    let serving = async { Ok(takeaways_discord::serve(options, stopped).await?) };
    let served = serve_with(answering, serving, &stop).await;
    store.close().await;
    served
}

/// Waits for the end of `serving`. An error of `answering` stops it, as a signal does.
async fn serve_with(
    answering: impl Future<Output = Result<()>>,
    serving: impl Future<Output = Result<()>>,
    stop: &watch::Sender<bool>,
) -> Result<()> {
    tokio::pin!(serving);
    tokio::select! {
        answering = answering => {
            if answering.is_err() {
                stop.send_replace(true);
            }
            serving.await?;
            answering
        }
        served = &mut serving => served,
    }
}

/// Opens the engine on a thread of its own. Effects: reports to `health` how far the posts are read.
fn open_engine(settings: Settings, now: Timestamp, health: Health) -> JoinHandle<Result<OpenedEngine>> {
    health.set_reading(Some(ReadingProgress::default()));
    spawn_blocking(move || {
        // Several threads report, and a later report may have the lower number.
        let most = AtomicUsize::new(0);
        let show = |ReadProgress { done, total }| {
            let done = most.fetch_max(done, Ordering::Relaxed).max(done);
            health.set_reading(Some(ReadingProgress { done, total }));
            takeaways_faults::fail_point("read");
        };
        let opened = context::open_with_report(&settings, false, now, &show)?;
        ensure!(!takeaways_faults::should_fail("open"), "a test wants this to fail");
        Ok(opened)
    })
}

/// Logs panics, which are caught and counted elsewhere. Only the location: the message may quote a person.
fn log_panics() {
    std::panic::set_hook(Box::new(|panic| {
        let at = panic.location().map(ToString::to_string).unwrap_or_default();
        tracing::error!(at, "the program panicked");
    }));
}

/// A runtime with one thread for Discord, which takes a fifth of the work of an answer. More threads would only wake each
/// other.
fn runtime(threads: usize) -> Result<Runtime> {
    Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(threads)
        .build()
        .context("threads can't be started")
}

/// Opens the engine again: updates a known engine, or rebuilds it.
fn opener(settings: Settings) -> OpenEngine {
    let folders = Mutex::new(takeaways_cli::session::corpus_folders(&settings));
    Box::new(move |engine| {
        let now = Timestamp::now();
        // The first post of a source adds a folder, and takes the place of the built-in notes.
        let current = takeaways_cli::session::corpus_folders(&settings);
        let mut known = folders.lock().unwrap_or_else(PoisonError::into_inner);
        let is_same = *known == current;
        *known = current;
        drop(known);
        let opened = match engine.filter(|_| is_same) {
            Some(engine) => context::refresh(&settings, engine, now),
            None => context::open(&settings, false, now, &mut IndexingProgress::new(true))
                .map(|engine| Some(engine).into()),
        };
        opened.map_err(|error| format!("{error:#}").into())
    })
}

/// Serves health and metrics if an address is set.
async fn serve_ops(
    address: Option<SocketAddr>,
    metrics: &Metrics,
    health: &Health,
    mut ended: watch::Receiver<bool>,
) -> Result<()> {
    let Some(address) = address else { return Ok(()) };
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!("the bot can't listen at {address}: set ops.listen to another address, or to \"off\"")
    })?;
    tracing::info!(address = %listener.local_addr()?, "health and metrics are served");
    let until = async move {
        // It ends with the process, so that the end is visible there too.
        let _ = ended.wait_for(|ended| *ended).await;
    };
    let serving = takeaways_ops::serve(listener, metrics.clone(), health.clone(), until);
    tokio::spawn(async move {
        if let Err(error) = serving.await {
            tracing::error!(%error, "health and metrics are no longer served");
        }
    });
    Ok(())
}

/// SIGTERM and SIGINT stop the bot after it has finished running answers. A second signal stops it at once.
fn stop_on_signals(stop: watch::Sender<bool>, health: Health) -> Result<()> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    tokio::spawn(async move {
        for is_last in [false, true] {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            if is_last {
                tracing::warn!("second signal: stopping at once");
                std::process::exit(0);
            }
            tracing::info!("stopping: running answers are finished first");
            health.set_stopping();
            stop.send_replace(true);
        }
    });
    Ok(())
}

/// Reads changed posts at an interval and on SIGHUP. Meanwhile questions are answered from the old posts.
fn spawn_reloads(mut hangup: Signal, engine: Arc<EngineHandle>, every: Option<Duration>, reloader: Reloader) {
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
            reloader.reload(&engine).await;
        }
    });
}
