//! `takeaways digest run`: sends the digests that are due, over the Discord transport and without the bot.

use std::sync::Arc;

use anyhow::{Result, bail};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::watch;

use super::super::args::DigestRunArgs;
use super::super::context::Session;
use super::super::exit::Exit;
use super::super::{state, terminal};
use crate::cli::{context, sources};
use takeaways_delivery::{
    Clock, DeliveryService, DigestComposer, OneShotReport, Reloader, WorkerThreads, run_once,
};
use takeaways_discord::DiscordTransport;
use takeaways_ops::{Health, Metrics};
use takeaways_render::ledger;
use takeaways_store::Store;

/// Sends the digests that are due. The exit is negative if one could not be sent.
pub fn run(session: &Session, args: &DigestRunArgs) -> Result<Exit> {
    let runtime = state::build_runtime()?;
    if args.dry_run {
        runtime.block_on(dry_run(session, args))
    } else {
        runtime.block_on(send(session, args))
    }
}

async fn send(session: &Session, args: &DigestRunArgs) -> Result<Exit> {
    let Some(token) = session.settings.discord.token.clone() else {
        bail!("the bot has no token: set DISCORD_TOKEN; docs/deploy.md shows where to get one");
    };
    // Before the posts are read, so that this fails at once while a bot runs.
    let store = state::open_state(&session.settings).await?;
    let metrics = Metrics::new();
    let composer = composer(session, metrics.clone())?;
    let transport = DiscordTransport::connect(&session.settings.discord, &token, metrics.clone())?;
    let clock = args.now.map_or_else(Clock::system, Clock::set_to);
    let service = DeliveryService::new(store, transport, Arc::new(composer), clock, metrics);
    let (stop, stopped) = watch::channel(false);
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        stop.send_replace(true);
    });
    let report = run_once(&service, args.limit, stopped).await?;
    terminal::print(&summary(&report))?;
    Ok(Exit::from_success(report.is_complete()))
}

async fn dry_run(session: &Session, args: &DigestRunArgs) -> Result<Exit> {
    let Some(store) = Store::open_read_only(&state::state_location(&session.settings)).await? else {
        terminal::print("There is no state yet, so there are no digests.\n")?;
        return Ok(Exit::Done);
    };
    let composer = composer(session, Metrics::new())?;
    let now = args.now.unwrap_or(session.now);
    let planned = takeaways_delivery::dry_run(&store, &composer, now).await?;
    let mut page = String::new();
    for delivery in &planned.open {
        page += &ledger::send_line(delivery);
    }
    for run in &planned.planned {
        if let Some((skip, reason)) = run.skip {
            page += &ledger::skip_line(&run.subscription, skip, reason);
        }
        if let Some((slot, message)) = &run.due {
            let body = message.body.as_deref();
            page += &ledger::plan_line(&run.subscription, *slot, now, message.posts, body);
        }
    }
    if page.is_empty() {
        "Nothing is due.\n".clone_into(&mut page);
    }
    terminal::print(&page)?;
    Ok(Exit::Done)
}

/// The composer. It reads posts on one thread.
fn composer(session: &Session, metrics: Metrics) -> Result<DigestComposer> {
    let engine = context::handle(&session.settings, false, session.now, session.is_quiet)?;
    let threads = WorkerThreads::new(1, metrics.clone());
    let library = sources::library(&session.settings);
    let old_posts = Arc::new(move || library.old_posts());
    let reloader = Reloader::new(metrics, Health::new());
    Ok(DigestComposer::new(Arc::new(engine), threads, reloader, old_posts))
}

/// The counts, and a line for each digest that was not sent.
fn summary(report: &OneShotReport) -> String {
    let OneShotReport { sent, empty, failed, open, unwritten } = report;
    let mut parts = vec![format!("{sent} sent")];
    parts.extend((*empty > 0).then(|| format!("{empty} without new posts")));
    parts.extend((!failed.is_empty()).then(|| format!("{} given up", failed.len())));
    let pending = open.len() + unwritten.len();
    parts.extend((pending > 0).then(|| format!("{pending} still to send")));
    let mut page = format!("{}\n", parts.join(", "));
    page.extend(failed.iter().map(ledger::delivery));
    page.extend(open.iter().map(ledger::open_line));
    page.extend(unwritten.iter().map(ledger::unwritten_line));
    if pending > 0 {
        page += "The next `takeaways digest run` goes on with what is still to send.\n";
    }
    page
}
