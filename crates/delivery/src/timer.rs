//! The delivery loop: runs when something is due, on a wakeup, and at least every 30 s.

use std::collections::{BTreeMap, BTreeSet};
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::FutureExt;
use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep};

use super::attempt::RETRIES;
use super::service::DeliveryService;
use super::transport::Transport;
use crate::digest_composer::DigestWriter;
use takeaways_ops::{Health, error_chain};
use takeaways_store::StoreError;

/// The longest wait between two turns, so that a changed clock is noticed.
const MAX_SLEEP: Duration = Duration::from_secs(30);
/// The shortest wait, so that work that keeps failing does not become a busy loop.
const MIN_SLEEP: Duration = Duration::from_secs(1);
/// The longest wait if a test moves the clock.
const TEST_CLOCK_SLEEP: Duration = Duration::from_millis(200);
/// The most people who wrote to the bot that are remembered until the next turn.
const MAX_PEOPLE: usize = 1_000;
/// The most deleted channels that are remembered until the next turn. Others are noticed at the next run.
const MAX_DELETED_CHANNELS: usize = 10_000;
/// How often expired rows are deleted.
const CLEAN_INTERVAL: Duration = Duration::from_hours(1);
/// The health problem if the state can't be written.
const STATE_PROBLEM: &str = "digests are not sent: the state can't be written";

/// Wakes the delivery loop, and reports events of servers and people to it. All clones share it.
#[derive(Debug, Clone, Default)]
pub struct Wakeup(Arc<WakeupState>);

#[derive(Debug, Default)]
struct WakeupState {
    notify: Notify,
    pending: Mutex<PendingEvents>,
}

/// Events since the last turn: at most one for each server, and for each deleted channel.
#[derive(Debug, Default)]
struct PendingEvents {
    all_servers: Option<BTreeSet<u64>>,
    people: BTreeSet<u64>,
    by_server: BTreeMap<u64, ServerEvent>,
    /// Deleted channels, each with its server before it.
    deleted_channels: BTreeSet<(u64, u64)>,
}

/// An event of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerEvent {
    /// A channel, a thread, a role, or the roles of the bot changed.
    PermissionsChanged,
    /// The bot was removed from the server.
    Left,
    /// The bot is in the server, perhaps since now.
    Joined,
}

impl Wakeup {
    /// Wakes the loop, because somebody changed a subscription and something may be due now.
    pub fn wake(&self) {
        self.0.notify.notify_one();
    }

    /// Reports an event of a server.
    pub fn add_server_event(&self, server: u64, event: ServerEvent) {
        self.with_pending(|pending| {
            let before = pending.by_server.insert(server, event);
            // A join implies a change of permissions.
            if (before, event) == (Some(ServerEvent::Joined), ServerEvent::PermissionsChanged) {
                pending.by_server.insert(server, ServerEvent::Joined);
            }
        });
        self.wake();
    }

    /// Reports that a channel or thread of a server was deleted.
    pub fn add_deleted_channel(&self, server: u64, channel: u64) {
        self.with_pending(|pending| {
            if pending.deleted_channels.len() < MAX_DELETED_CHANNELS {
                pending.deleted_channels.insert((server, channel));
            }
        });
        self.wake();
    }

    /// Reports all servers that the bot is in.
    pub fn set_servers(&self, servers: BTreeSet<u64>) {
        self.with_pending(|pending| {
            pending.all_servers = Some(servers);
            pending.by_server.clear();
        });
        self.wake();
    }

    /// Reports that a person wrote to the bot directly, so that it may write to them. The loop handles it at its next
    /// turn.
    pub fn add_person(&self, person: u64) {
        self.with_pending(|pending| {
            if pending.people.len() < MAX_PEOPLE {
                pending.people.insert(person);
            }
        });
    }

    fn with_pending<T>(&self, work: impl FnOnce(&mut PendingEvents) -> T) -> T {
        work(&mut self.0.pending.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Delivers until `stop` becomes true. Requests in flight are finished.
pub async fn run<T: Transport, W: DigestWriter>(
    service: DeliveryService<T, W>,
    wakeup: Wakeup,
    health: Health,
    stop: watch::Receiver<bool>,
) {
    let mut stopped = stop.clone();
    let (mut failures, mut cleaned) = (0, None);
    while !*stop.borrow() {
        let turn = run_turn(&service, &wakeup, &mut cleaned, &stop);
        let wait = match AssertUnwindSafe(turn).catch_unwind().await {
            Ok(Ok(wait)) => {
                failures = 0;
                health.set_problem(STATE_PROBLEM, false);
                wait
            }
            Ok(Err(error)) => {
                failures += 1;
                health.set_problem(STATE_PROBLEM, true);
                let wait = RETRIES.wait(failures).min(MAX_SLEEP);
                let seconds = wait.as_secs();
                tracing::error!(
                    error = error_chain(&error),
                    "{STATE_PROBLEM}; the next attempt is in {seconds} s"
                );
                wait
            }
            Err(_) => {
                failures += 1;
                service.context().metrics.panicked();
                RETRIES.wait(failures)
            }
        };
        tokio::select! {
            () = sleep(wait) => {}
            // While the state fails, nobody can change a subscription.
            () = wakeup.0.notify.notified(), if failures == 0 => {}
            _ = stopped.wait_for(|stop| *stop) => {}
        }
    }
}

/// Runs one turn, and returns the wait after it.
async fn run_turn<T: Transport, W: DigestWriter>(
    service: &DeliveryService<T, W>,
    wakeup: &Wakeup,
    cleaned: &mut Option<Instant>,
    stop: &watch::Receiver<bool>,
) -> Result<Duration, StoreError> {
    handle_events(service, wakeup).await?;
    if cleaned.is_none_or(|at: Instant| at.elapsed() >= CLEAN_INTERVAL) {
        service.clean().await?;
        *cleaned = Some(Instant::now());
    }
    service.run_round(stop).await?;
    let next = service.context().store.next_wakeup().await?;
    let longest = if takeaways_faults::clock_offset().is_some() { TEST_CLOCK_SLEEP } else { MAX_SLEEP };
    let wait = next.map(|next| next.duration_since(service.context().clock.now()));
    // A time in the past means no wait.
    let wait = wait.map_or(longest, |wait| Duration::try_from(wait).unwrap_or_default());
    Ok(wait.clamp(MIN_SLEEP.min(longest), longest))
}

/// Handles the events. If the state fails for one, it stays pending.
async fn handle_events<T: Transport, W: DigestWriter>(
    service: &DeliveryService<T, W>,
    wakeup: &Wakeup,
) -> Result<(), StoreError> {
    let context = service.context();
    if let Some(servers) = wakeup.with_pending(|pending| pending.all_servers.clone()) {
        context.reconcile_servers(&servers).await?;
        wakeup.with_pending(|pending| pending.all_servers.take_if(|current| *current == servers));
    }
    while let Some(person) = wakeup.with_pending(|pending| pending.people.first().copied()) {
        context.resume_person(person).await?;
        wakeup.with_pending(|pending| pending.people.remove(&person));
    }
    while let Some((server, channel)) =
        wakeup.with_pending(|pending| pending.deleted_channels.first().copied())
    {
        context.handle_channel_deleted(server, channel).await?;
        wakeup.with_pending(|pending| pending.deleted_channels.remove(&(server, channel)));
    }
    let first = |pending: &mut PendingEvents| {
        pending.by_server.first_key_value().map(|(server, event)| (*server, *event))
    };
    while let Some((server, event)) = wakeup.with_pending(first) {
        match event {
            ServerEvent::PermissionsChanged => context.recheck_server(server).await?,
            ServerEvent::Left => context.handle_server_left(server).await?,
            ServerEvent::Joined => context.handle_server_joined(server).await?,
        }
        wakeup.with_pending(|pending| {
            if pending.by_server.get(&server) == Some(&event) {
                pending.by_server.remove(&server);
            }
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::TestMachine;

    #[tokio::test]
    async fn who_writes_while_the_state_fails_is_not_forgotten() {
        let machine = TestMachine::new("2026-11-20T08:00Z").await;
        let (service, wakeup) = (&machine.process().service, Wakeup::default());
        let pending = || wakeup.with_pending(|pending| pending.people.len());
        wakeup.add_person(7);
        handle_events(service, &wakeup).await.expect("the state");
        assert_eq!(pending(), 0);
        machine.store().close().await;
        wakeup.add_person(7);
        handle_events(service, &wakeup).await.expect_err("the state is closed");
        assert_eq!(pending(), 1);
    }
}
