//! Digests without a bot: what is due is sent, or only told, and that is all.

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use secrecy::SecretString;
use tokio::sync::{Semaphore, watch};
use tokio::time::sleep;

use super::clock::Clock;
use super::fresh::Fresh;
use super::patience;
use super::postman::Postman;
use super::press::Press;
use super::writer::{Order, Writer, Written};
use super::{Digests, Round, WriterError};
use crate::rest::Rest;
use takeaways_answer::EngineHandle;
use takeaways_digest::{Decision, Delivery, Due, Key, Reason, Skip, Status, Subscription, Target};
use takeaways_ops::Metrics;
use takeaways_settings as settings;
use takeaways_store::{Store, StoreError};

/// Deliveries that Discord did not take are tried so often in all; the next run goes on with them.
const ROUNDS: u32 = 4;
/// Posts are read on one thread.
const THREADS: usize = 1;

/// All that digests need.
pub struct Once {
    /// The bot's settings.
    pub settings: settings::Discord,
    /// Its token.
    pub token: SecretString,
    /// Who wants what, and the ledger.
    pub store: Store,
    /// What digests are made of.
    pub engine: Arc<EngineHandle>,
    /// As which time it is.
    pub clock: Clock,
}

/// Why it could not be done.
#[derive(Debug, thiserror::Error)]
pub enum OnceError {
    /// The state can't be read or written.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// TLS can't be had.
    #[error("this machine lets no connection be made")]
    Machine(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Discord refused the token.
    #[error("Discord refuses the token: set DISCORD_TOKEN to the one of the bot")]
    Token,
    /// The posts can't be read.
    #[error("no digest can be written")]
    Writer(#[source] WriterError),
}

/// What would be done about a subscription.
#[derive(Debug, Clone, PartialEq)]
pub struct Planned {
    /// Whose run it is.
    pub subscription: Subscription,
    /// Runs that would be skipped, and why.
    pub skip: Option<(Skip, Reason)>,
    /// The run that would be made.
    pub due: Option<(Due, Written)>,
}

/// What would be done.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outlook {
    /// What was written down before, and would be sent or found out about.
    pub open: Vec<Delivery>,
    /// What is due beside that.
    pub planned: Vec<Planned>,
}

/// Sends what is due, and tries again for a while where Discord did not take it.
///
/// # Errors
/// See [`OnceError`]; what was begun is found out about in the next run.
pub async fn run_once(once: Once, stop: watch::Receiver<bool>) -> Result<Round, OnceError> {
    let Once { settings, token, store, engine, clock } = once;
    let metrics = Metrics::new();
    let rest = Rest::new(&token, settings.api_base.as_deref(), metrics.clone());
    let rest = Arc::new(rest.map_err(|error| OnceError::Machine(error.into()))?);
    let press = Press::new(engine, Arc::new(Semaphore::new(THREADS)), metrics.clone());
    let digests = Digests::new(store, Postman::new(Arc::clone(&rest)), press, clock, metrics);
    let mut all = Round::default();
    let mut stopped = stop.clone();
    for round in 1..=ROUNDS {
        let done = tokio::select! {
            done = digests.round(&stop) => done?,
            () = rest.refused() => return Err(OnceError::Token),
        };
        all = Round { sent: all.sent + done.sent, empty: all.empty + done.empty, ..done };
        if done.open == 0 || *stop.borrow() || round == ROUNDS {
            break;
        }
        tokio::select! {
            () = sleep(patience::after(round) + Duration::from_secs(1)) => {}
            _ = stopped.wait_for(|stop| *stop) => break,
        }
    }
    Ok(all)
}

/// What [`run_once`] would do, without doing it: nothing is written, and Discord is not asked.
///
/// # Errors
/// See [`OnceError`].
pub async fn outlook(store: &Store, engine: Arc<EngineHandle>, now: Timestamp) -> Result<Outlook, OnceError> {
    let press = Press::new(engine, Arc::new(Semaphore::new(THREADS)), Metrics::new());
    press.take_in_dry(store, now).await.map_err(OnceError::Writer)?;
    let (mut outlook, mut fresh) = (Outlook::default(), Fresh::default());
    while let Some(open) =
        fresh.of(store.open_deliveries(now, fresh.limit()).await?, |delivery: &Delivery| delivery.id)
    {
        outlook.open.extend(open);
    }
    let mut fresh = Fresh::default();
    while let Some(waiting) = fresh.of(store.waiting(now, fresh.limit()).await?, |of: &Subscription| of.id) {
        for subscription in waiting {
            outlook.planned.push(planned(store, &press, subscription, now).await?);
        }
    }
    Ok(outlook)
}

async fn planned(
    store: &Store,
    press: &Press,
    subscription: Subscription,
    now: Timestamp,
) -> Result<Planned, OnceError> {
    let Decision { skip, due, .. } = super::clerk::decision(store, &subscription, now).await?;
    if subscription.status != Status::Active {
        let skip = skip.map(|skip| (skip, Reason::Paused));
        return Ok(Planned { subscription, skip, due: None });
    }
    let skip = skip.map(|skip| (skip, Reason::Missed));
    let Some(due) = due else { return Ok(Planned { subscription, skip, due: None }) };
    let target: Target = subscription.wanted.target;
    let key = Key::new(store.number(), target.place(), subscription.id, due.slot);
    let order = Order { subscription: &subscription, due, key, now };
    let written = press.write(order).await.map_err(OnceError::Writer)?;
    Ok(Planned { subscription, skip, due: Some((due, written)) })
}
