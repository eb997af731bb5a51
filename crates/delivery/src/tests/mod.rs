//! Delivery with a real store, against a Discord in memory and a clock that tests move.

mod crashes;
mod memory_discord;
mod outcomes;
mod pauses;
mod wrap_ups;
mod year;

use std::path::PathBuf;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::Poll;

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tempfile::TempDir;
use tokio::sync::watch;

use self::memory_discord::MemoryDiscord;
use super::{Clock, DeliveryService, DigestRequest, DigestWriter, DigestWriterError, RoundReport};
use takeaways_digest::{
    Delivery, Interest, NewSubscription, Schedule, Subscription, SubscriptionId, Target, WhenEmpty, Zone,
};
use takeaways_ops::Metrics;
use takeaways_store::{DigestMessage, Store, StoreError, StoreLocation};
use takeaways_text::model::EventId;

pub(crate) const SERVER: u64 = 900;
/// The event of all posts.
pub(crate) const EVENT: &str = "kubecon-na-2019";

/// Two times: the real one, which Discord has, and the one that the machine's clock shows. In milliseconds since 1970.
#[derive(Clone, Default)]
pub(crate) struct TestTime {
    real: Arc<AtomicI64>,
    offset: Arc<AtomicI64>,
}

impl TestTime {
    pub(crate) fn at(text: &str) -> Self {
        let time = Self::default();
        time.real.store(moment(text).as_millisecond(), Ordering::SeqCst);
        time
    }

    pub(crate) fn real(&self) -> Timestamp {
        Timestamp::from_millisecond(self.real.load(Ordering::SeqCst)).expect("a time")
    }

    /// The time that the machine's clock shows.
    pub(crate) fn now(&self) -> Timestamp {
        let now = self.real.load(Ordering::SeqCst) + self.offset.load(Ordering::SeqCst);
        Timestamp::from_millisecond(now).expect("a time")
    }

    pub(crate) fn pass(&self, time: SignedDuration) {
        self.real.fetch_add(i64::try_from(time.as_millis()).expect("no eternity"), Ordering::SeqCst);
    }

    pub(crate) fn pass_until(&self, shown_time: Timestamp) {
        self.pass(shown_time.duration_since(self.now()).max(SignedDuration::ZERO));
    }

    /// Sets the machine's clock to this offset from the real time.
    pub(crate) fn set_offset(&self, offset: SignedDuration) {
        self.offset.store(i64::try_from(offset.as_millis()).expect("no eternity"), Ordering::SeqCst);
    }

    fn clock(&self) -> Clock {
        let time = self.clone();
        Clock::from_fn(move || time.now())
    }
}

/// Writes service of posts that have only a number.
#[derive(Clone, Default)]
pub(crate) struct CountingWriter(Arc<AtomicI64>);

impl CountingWriter {
    pub(crate) fn count(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }

    pub(crate) fn publish(&self, posts: i64) {
        self.0.fetch_add(posts, Ordering::SeqCst);
    }
}

impl CountingWriter {
    /// The event whose overview is due: with the fifth post, once.
    async fn wrap_up(&self, request: &DigestRequest<'_>) -> Result<Option<EventId>, DigestWriterError> {
        let event = EventId(EVENT.to_owned());
        let is_due = self.count() >= 5;
        if !request.subscription.definition.wrap_up {
            return Ok(None);
        }
        let done = request.store.list_wrap_ups(request.subscription.id).await?;
        Ok(Some(event).filter(|event| is_due && !done.contains(event)))
    }
}

impl DigestWriter for CountingWriter {
    async fn record_posts(&self, _: &Store, _: Timestamp, _: bool) -> Result<(), DigestWriterError> {
        tokio::task::yield_now().await;
        Ok(())
    }

    async fn write(&self, request: DigestRequest<'_>) -> Result<DigestMessage, DigestWriterError> {
        tokio::task::yield_now().await;
        let (covers, covered) = (self.0.load(Ordering::SeqCst), request.subscription.covered_until);
        let posts = u32::try_from(covers - covered).expect("posts don't go away");
        let is_silent = posts == 0 && request.subscription.definition.when_empty == WhenEmpty::Nothing;
        let wrap_up = self.wrap_up(&request).await?;
        let overview = wrap_up.as_ref().map(|event| format!("overview of {event}\n")).unwrap_or_default();
        let content = format!("{overview}{} to {covers}\n-# {}", covered + 1, request.key.footer());
        let body = (!is_silent || wrap_up.is_some()).then(|| json!({ "content": content }).to_string());
        Ok(DigestMessage { body, more: None, posts, covers, wrap_up })
    }
}

/// A machine: its state, its clock, and a Discord. Its process can end and be started again.
pub(crate) struct TestMachine {
    pub time: TestTime,
    pub discord: MemoryDiscord,
    pub posts: CountingWriter,
    folder: TempDir,
    process: Option<TestProcess>,
}

pub(crate) struct TestProcess {
    pub service: DeliveryService<MemoryDiscord, CountingWriter>,
    pub store: Store,
    /// Becomes true when the process has to end.
    pub stop: watch::Sender<bool>,
}

impl TestMachine {
    /// A machine with a running process.
    pub(crate) async fn new(time: &str) -> Self {
        let time = TestTime::at(time);
        let discord = MemoryDiscord::new(time.clone());
        let mut machine =
            Self { time, discord, posts: CountingWriter::default(), folder: folder(), process: None };
        machine.start().await;
        machine
    }

    /// Starts a process in place of the one that ran.
    pub(crate) async fn start(&mut self) {
        // Drops the lock of the old process too.
        self.process = None;
        let location = StoreLocation::Folder(self.folder.path().to_owned());
        let store = Store::open(&location).await.expect("the state opens");
        let (transport, writer) = (self.discord.clone(), Arc::new(self.posts.clone()));
        let service =
            DeliveryService::new(store.clone(), transport, writer, self.time.clock(), Metrics::new());
        self.process = Some(TestProcess { service, store, stop: watch::Sender::new(false) });
    }

    pub(crate) fn kill(&mut self) {
        self.process = None;
    }

    pub(crate) fn process(&self) -> &TestProcess {
        self.process.as_ref().expect("a process runs")
    }

    pub(crate) fn store(&self) -> &Store {
        &self.process().store
    }

    pub(crate) async fn round(&self) -> Result<RoundReport, StoreError> {
        let process = self.process();
        process.service.run_round(&process.stop.subscribe()).await
    }

    /// A round that is interrupted after this many polls. `None` if it was interrupted.
    pub(crate) async fn round_until(&self, polls: usize) -> Option<Result<RoundReport, StoreError>> {
        let mut round = pin!(self.round());
        let mut remaining = polls;
        std::future::poll_fn(|context| match round.as_mut().poll(context) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            Poll::Pending if remaining == 0 => Poll::Ready(None),
            Poll::Pending => {
                remaining -= 1;
                Poll::Pending
            }
        })
        .await
    }

    /// A round in which something happens after this many polls.
    pub(crate) async fn round_with(&self, polls: usize, event: impl Fn()) {
        let mut round = pin!(self.round());
        let mut polled = 0;
        let round = std::future::poll_fn(|context| {
            if polled == polls {
                event();
            }
            polled += 1;
            round.as_mut().poll(context)
        });
        round.await.expect("the state can be written");
    }

    /// Runs rounds, as time goes by, until nothing is left to do before the next run.
    pub(crate) async fn settle(&self) {
        for _ in 0..200 {
            self.round().await.expect("the state can be written");
            let open = self.store().open_deliveries(Timestamp::MAX).await.expect("the state");
            let next = open.iter().map(|delivery| delivery.not_before).min();
            match next {
                Some(next) => self.time.pass_until(next.max(self.time.now() + SignedDuration::from_secs(1))),
                None => return,
            }
        }
        panic!("it comes to no end");
    }

    /// Runs rounds at one time until nothing is left to do.
    pub(crate) async fn settle_at(&self, now: Timestamp) {
        self.round().await.expect("the state can be written");
        let open = self.store().open_deliveries(now).await.expect("the state");
        assert!(open.is_empty(), "{open:?}");
    }

    pub(crate) async fn subscribe(&self, channel: u64, schedule: &str) -> Subscription {
        self.subscribe_in(channel, schedule, "UTC").await
    }

    pub(crate) async fn subscribe_in(&self, channel: u64, schedule: &str, zone: &str) -> Subscription {
        let target = Target::Channel { server: SERVER, channel };
        self.subscribe_to(target, schedule, zone).await
    }

    pub(crate) async fn subscribe_to(&self, target: Target, schedule: &str, zone: &str) -> Subscription {
        let new = NewSubscription {
            target,
            interests: vec![Interest::default()],
            schedule: schedule.parse::<Schedule>().expect("a schedule"),
            zone: zone.parse::<Zone>().expect("a zone"),
            when_empty: WhenEmpty::Nothing,
            include_since: None,
            wrap_up: false,
            made_by: 7,
            made_at: self.time.now(),
        };
        match target {
            Target::Channel { .. } => self.store().subscribe(new, u32::MAX).await.expect("the state"),
            Target::Person(_) => self.store().follow(new, 20).await.expect("the state").0,
        }
    }

    pub(crate) async fn log(&self, id: SubscriptionId) -> Vec<Delivery> {
        self.store().recent_runs(id, 10_000).await.expect("the state")
    }
}

pub(crate) fn moment(text: &str) -> Timestamp {
    text.parse().expect("a time")
}

pub(crate) fn minutes(count: i64) -> SignedDuration {
    SignedDuration::from_mins(count)
}

pub(crate) fn hours(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count)
}

/// A folder in memory if the system has one: with a disk, ten thousand waits would take too long.
fn folder() -> TempDir {
    let memory = PathBuf::from("/dev/shm");
    let folder = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    folder.expect("a folder")
}
