//! The digests' own time in a bot that runs: it wakes when something is due, when somebody rings, and every while.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep};

use super::mail::Mail;
use super::writer::Writer;
use super::{Digests, patience};
use crate::failure::chain;
use takeaways_ops::Health;
use takeaways_store::StoreError;

/// It looks at least so often, so that a clock that was set is noticed.
const LONGEST_NAP: Duration = Duration::from_secs(30);
/// And at most so often, so that what can't be done now does not keep it busy.
const SHORTEST_NAP: Duration = Duration::from_secs(1);
/// Where a test moves the clock it looks as often as this.
const MOVED_CLOCK_NAP: Duration = Duration::from_millis(200);
/// So many people who wrote are remembered until the next turn.
const MOST_PEOPLE: usize = 1_000;
/// How often what is old is removed.
const CLEAN_EVERY: Duration = Duration::from_hours(24);
/// What is wrong where the state can't be written.
const NO_STATE: &str = "digests are not sent: the state can't be written";

/// Wakes the digests, and tells them of servers. All clones are one.
#[derive(Debug, Clone, Default)]
pub struct Bell(Arc<Rung>);

#[derive(Debug, Default)]
struct Rung {
    notify: Notify,
    told: Mutex<Told>,
}

/// What was told and not heard yet: at most one thing of each server.
#[derive(Debug, Default)]
struct Told {
    all: Option<BTreeSet<u64>>,
    people: BTreeSet<u64>,
    of_servers: BTreeMap<u64, News>,
}

/// What happened to a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum News {
    /// A channel, a thread, a role, or the bot's own roles changed.
    Changed,
    /// The bot was removed.
    Gone,
    /// The bot is there, as far as it was not before.
    There,
}

impl Bell {
    /// Something may be due now, because somebody changed what is to be sent.
    pub fn ring(&self) {
        self.0.notify.notify_one();
    }

    /// Tells what happened to a server.
    pub fn tell(&self, server: u64, news: News) {
        self.told(|told| {
            let before = told.of_servers.insert(server, news);
            // To be there again says more than a change.
            if (before, news) == (Some(News::There), News::Changed) {
                told.of_servers.insert(server, News::There);
            }
        });
        self.ring();
    }

    /// Tells of all servers that the bot is in.
    pub fn tell_all(&self, servers: BTreeSet<u64>) {
        self.told(|told| {
            told.all = Some(servers);
            told.of_servers.clear();
        });
        self.ring();
    }

    /// A person wrote to the bot directly, so it may write to them. That is soon enough at the next turn.
    pub fn tell_of_person(&self, person: u64) {
        self.told(|told| {
            if told.people.len() < MOST_PEOPLE {
                told.people.insert(person);
            }
        });
    }

    fn told<T>(&self, with: impl FnOnce(&mut Told) -> T) -> T {
        with(&mut self.0.told.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Runs the digests until `stop` becomes true; what is under way then is finished.
pub async fn run<M: Mail, W: Writer>(
    digests: Digests<M, W>,
    bell: Bell,
    health: Health,
    stop: watch::Receiver<bool>,
) {
    let mut stopped = stop.clone();
    let (mut failures, mut cleaned) = (0, None);
    while !*stop.borrow() {
        let turn = AssertUnwindSafe(turn(&digests, &bell, &mut cleaned, &stop)).catch_unwind().await;
        let nap = match turn {
            Ok(Ok(nap)) => {
                failures = 0;
                health.mended(NO_STATE);
                nap
            }
            Ok(Err(error)) => {
                failures += 1;
                health.degraded(NO_STATE);
                let nap = patience::after(failures).min(LONGEST_NAP);
                tracing::error!(error = chain(&error), "{NO_STATE}; the next try is in {} s", nap.as_secs());
                nap
            }
            Err(_) => {
                failures += 1;
                digests.metrics.panicked();
                patience::after(failures)
            }
        };
        tokio::select! {
            () = sleep(nap) => {}
            // While the state is not there, nobody can change what is to be sent.
            () = bell.0.notify.notified(), if failures == 0 => {}
            _ = stopped.wait_for(|stop| *stop) => {}
        }
    }
}

/// One turn, and how long to rest after it.
async fn turn<M: Mail, W: Writer>(
    digests: &Digests<M, W>,
    bell: &Bell,
    cleaned: &mut Option<Instant>,
    stop: &watch::Receiver<bool>,
) -> Result<Duration, StoreError> {
    hear(digests, bell).await?;
    if cleaned.is_none_or(|at: Instant| at.elapsed() >= CLEAN_EVERY) {
        digests.clean().await?;
        *cleaned = Some(Instant::now());
    }
    digests.round(stop).await?;
    let next = digests.store.next_look().await?;
    let longest = if takeaways_faults::clock_is_off_by().is_some() { MOVED_CLOCK_NAP } else { LONGEST_NAP };
    let left = next.map(|next| next.duration_since(digests.clock.now()));
    // A time that is over is none to wait for.
    let left = left.map_or(longest, |left| Duration::try_from(left).unwrap_or_default());
    Ok(left.clamp(SHORTEST_NAP.min(longest), longest))
}

/// Does what follows from what was told. What can't be written down is heard once more.
async fn hear<M: Mail, W: Writer>(digests: &Digests<M, W>, bell: &Bell) -> Result<(), StoreError> {
    if let Some(all) = bell.told(|told| told.all.clone()) {
        digests.servers_are(&all).await?;
        bell.told(|told| told.all = told.all.take().filter(|now| *now != all));
    }
    while let Some(person) = bell.told(|told| told.people.pop_first()) {
        digests.person_wrote(person).await?;
    }
    while let Some((server, news)) =
        bell.told(|told| told.of_servers.first_key_value().map(|(server, news)| (*server, *news)))
    {
        match news {
            News::Changed => digests.server_changed(server).await?,
            News::Gone => digests.server_gone(server).await?,
            News::There => digests.server_there(server).await?,
        }
        bell.told(|told| {
            if told.of_servers.get(&server) == Some(&news) {
                told.of_servers.remove(&server);
            }
        });
    }
    Ok(())
}

impl<M: Mail, W: Writer> Digests<M, W> {
    /// Removes what is old.
    async fn clean(&self) -> Result<(), StoreError> {
        takeaways_faults::pass("digest.clean.before");
        let removed = self.store.clean(self.clock.now()).await?;
        takeaways_faults::pass("digest.clean.after");
        if removed > 0 {
            tracing::info!(removed, "old rows were removed from the state");
        }
        Ok(())
    }
}
