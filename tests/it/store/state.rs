//! A state for tests, which run on SQLite and on PostgreSQL.

use std::path::PathBuf;

use jiff::{SignedDuration, Timestamp};
use takeaways_digest::{
    Delivery, DeliveryId, DeliveryKey, NewSubscription, Sighting, Subscription, SubscriptionId, Target,
};
use takeaways_store::{Claim, DigestMessage, NewDelivery, PostIdentity, Store, StoreLocation};
use tempfile::TempDir;

use crate::harness::{daily_subscription, postgres};

/// The duration of a claim.
pub const LEASE: SignedDuration = SignedDuration::from_secs(15);

/// The place of a test's state.
pub struct TestState {
    pub place: StoreLocation,
    pub folder: Option<TempDir>,
}

impl TestState {
    /// Creates a folder for SQLite.
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { place: StoreLocation::Folder(folder.path().to_owned()), folder: Some(folder) }
    }

    /// Creates a database on the shared PostgreSQL, if there is one.
    pub async fn postgres() -> Option<Self> {
        let address = postgres::shared()?.database().await;
        Some(Self { place: StoreLocation::Servers(postgres::secrets([&address])), folder: None })
    }

    /// Opens the state beside its holder.
    pub async fn beside(&self) -> Store {
        Store::open_read_only(&self.place).await.expect("the state opens").expect("there is one")
    }

    /// Returns the SQLite file.
    pub fn file(&self) -> PathBuf {
        self.folder.as_ref().expect("it is in a folder").path().join("state.sqlite3")
    }

    /// Opens the state.
    pub async fn open(&self) -> Store {
        Store::open(&self.place).await.expect("the state opens")
    }
}

/// Each of these tests runs on both databases.
macro_rules! on_both {
    ($($(#[$about:meta])* async fn $name:ident($state:ident: TestState) $work:block)*) => {
        $(mod $name {
            use super::*;

            async fn work($state: TestState) $work

            $(#[$about])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                work(TestState::sqlite()).await;
            }

            $(#[$about])*
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                if let Some(state) = TestState::postgres().await {
                    work(state).await;
                }
            }
        })*
    };
}
pub(crate) use on_both;

/// Returns a time in seconds after a fixed Monday.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).expect("a time")
}

/// Returns a channel of server 7.
pub const CHANNEL: Target = Target::Channel { server: 7, channel: 70 };

/// Returns a new subscription for a target.
pub fn new_subscription(target: Target) -> NewSubscription {
    daily_subscription(target, u64::MAX, at(0))
}

/// Returns a run with a message.
pub fn run_of(store: &Store, subscription: &Subscription, slot: Timestamp) -> NewDelivery {
    let target = subscription.definition.target;
    NewDelivery {
        subscription: subscription.id,
        target,
        slot,
        key: DeliveryKey::new(store.state_id(), target.destination(), subscription.id, slot),
        message: DigestMessage {
            body: Some("{\"content\":\"a digest\"}".into()),
            more: Some("[\"more\"]".into()),
            posts: 3,
            wrap_up: None,
            covers: 5,
        },
    }
}

/// Records posts, none of which was old when it came in.
pub async fn recorded(store: &Store, posts: &[PostIdentity], now: Timestamp) -> Vec<Sighting> {
    store.record_posts(posts, now, &|_| false).await.expect("they are written")
}

/// Plans the run of a time at that time.
pub async fn planned(store: &Store, id: SubscriptionId, slot: Timestamp) -> Delivery {
    let subscription = store.find_subscription(id).await.expect("it is read").expect("it is there");
    let plan = run_of(store, &subscription, slot);
    let planned =
        store.plan(plan, subscription.decided_until, slot, None, slot).await.expect("it is written");
    planned.expect("it is planned")
}

/// Claims a free delivery.
pub async fn claimed(store: &Store, id: DeliveryId, now: Timestamp) -> Claim {
    store.claim(id, now, LEASE).await.expect("it is written").expect("it is free")
}

/// Returns a post without URL.
pub fn post(path: &str, fingerprint: u64) -> PostIdentity {
    PostIdentity { url: None, path: path.into(), fingerprint }
}
