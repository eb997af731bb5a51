//! `takeaways serve`: the bot, until it is told to end.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use jiff::Timestamp;
use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::{MissedTickBehavior, interval_at};

use super::engine;
use super::exit::Exit;
use super::progress::Progress;
use super::session::Session;
use crate::discord::{self, Open, Options, Recaps};
use crate::ops::{self, Health, Metrics};
use crate::settings::Settings;

/// Questions are answered on a thread for each processor, since they take nothing else, and on these: while one looks at
/// the posts anew, there are still all others.
const MORE_ENGINE_THREADS: usize = 1;

/// Runs the bot.
pub fn run(session: &Session) -> Result<Exit> {
    let settings = &session.settings;
    let Some(token) = settings.discord.token.clone() else {
        return Err(anyhow!(
            "there is no token: set DISCORD_TOKEN to the one from the page \"Bot\" of your application on \
             https://discord.com/developers/applications (docs/deploy.md shows how to get one)"
        ));
    };
    let engine = engine::open(settings, false, session.now, &mut Progress::new(true))?;
    let recaps = Arc::new(Recaps::new(engine, opener(settings.clone()), settings.answering.limit));
    let runtime = runtime()?;
    let ended = runtime.block_on(async {
        let (stop, stopped) = watch::channel(false);
        let (metrics, health) = (Metrics::new(), Health::new());
        listen(settings.ops.listen, &metrics, &health, stopped.clone()).await?;
        end_on_signals(stop)?;
        keep_up_to_date(Arc::clone(&recaps), settings.corpus.reload, metrics.clone())?;
        let options = Options {
            settings: settings.discord.clone(),
            token,
            state: Some(settings.state.dir.clone()),
            recaps,
            metrics,
            health,
        };
        discord::serve(options, stopped).await.map_err(anyhow::Error::from)
    });
    // What still runs on other threads has had its time.
    runtime.shutdown_timeout(Duration::from_millis(100));
    ended?;
    tracing::info!("ended");
    Ok(Exit::Done)
}

/// One thread speaks with Discord: that is a fifth of the work of an answer, and several would only wake each other.
fn runtime() -> Result<Runtime> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(processors + MORE_ENGINE_THREADS)
        .build()
        .context("no threads can be started")
}

/// What opens the index again: from nothing, or as it has changed.
fn opener(settings: Settings) -> Open {
    Box::new(move |engine| {
        let now = Timestamp::now();
        match engine {
            Some(engine) => engine::refresh(&settings, engine, now),
            None => engine::open(&settings, false, now, &mut Progress::new(true)).map(Some),
        }
    })
}

/// Health and metrics, where an address is set.
async fn listen(
    address: Option<SocketAddr>,
    metrics: &Metrics,
    health: &Health,
    mut stopped: watch::Receiver<bool>,
) -> Result<()> {
    let Some(address) = address else { return Ok(()) };
    let listener = TcpListener::bind(address).await.with_context(|| {
        format!("nothing can listen at {address}: set ops.listen to another address, or to \"\" for none")
    })?;
    tracing::info!(address = %listener.local_addr()?, "health and metrics");
    let until = async move {
        let _ = stopped.wait_for(|stop| *stop).await;
    };
    let serving = ops::serve(listener, metrics.clone(), health.clone(), until);
    tokio::spawn(async move {
        if let Err(error) = serving.await {
            tracing::error!(%error, "health and metrics are gone");
        }
    });
    Ok(())
}

/// SIGTERM and SIGINT end the bot: running answers are finished. A second one ends it at once.
fn end_on_signals(stop: watch::Sender<bool>) -> Result<()> {
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
            stop.send_replace(true);
        }
    });
    Ok(())
}

/// Takes changed posts in, every while and on SIGHUP. Whoever asks meanwhile is answered from what there was.
fn keep_up_to_date(recaps: Arc<Recaps>, every: Option<Duration>, metrics: Metrics) -> Result<()> {
    let mut hangup = signal(SignalKind::hangup())?;
    metrics.posts(recaps.shelf().engine().index().posts());
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
            reload(&recaps, &metrics).await;
        }
    });
    Ok(())
}

async fn reload(recaps: &Arc<Recaps>, metrics: &Metrics) {
    let of = Arc::clone(recaps);
    match spawn_blocking(move || of.reload()).await {
        Ok(Ok(true)) => {
            let posts = recaps.shelf().engine().index().posts();
            metrics.posts(posts);
            metrics.reloaded("changed");
            tracing::info!(posts, "changed posts were taken in");
        }
        Ok(Ok(false)) => metrics.reloaded("unchanged"),
        Ok(Err(error)) => {
            metrics.reloaded("failed");
            tracing::error!(
                error = format!("{error:#}"),
                "the posts can't be read; those of before go on to answer"
            );
        }
        Err(_) => {
            metrics.reloaded("failed");
            tracing::error!("reading the posts panicked; those of before go on to answer");
        }
    }
}
