//! A fixture for bots with digests: a Discord, posts, a state and a clock, over several starts.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Instant;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use regex::Regex;
use serde_json::Value;
use takeaways_digest::{
    Delivery, DeliveryState, NewSubscription, PauseReason, SubscriptionId, SubscriptionStatus, Target,
};
use takeaways_store::{Store, StoreLocation};
use tempfile::TempDir;

use crate::fake_discord::{BOT, DEADLINE, FakeDiscord, GUILD, TOKEN, USER};
use crate::harness::bot::{BotSetup, TestBot};
use crate::harness::{Cli, TempCorpus, daily_subscription};

/// The interval for polling the ledger.
const POLL_INTERVAL: std::time::Duration = std::time::Duration::from_millis(20);

/// The first channel of a fixture. The others have the following ids.
pub const FIRST_CHANNEL: u64 = 1_100_000_000_000_100_000;

/// A Discord, posts, an empty state, and a clock that a test sets.
pub struct DigestFixture {
    pub fake: FakeDiscord,
    corpus: TempCorpus,
    home: TempDir,
    pub servers: Option<String>,
    /// The time of the run that most tests use.
    slot: Timestamp,
}

impl DigestFixture {
    /// Uses SQLite, and sets the clock to 09:00:05, so that all subscriptions of [`Self::subscribe`] are due.
    pub async fn new() -> Self {
        Self::with_servers(None).await
    }

    /// Uses PostgreSQL at these comma-separated addresses, or SQLite for `None`.
    pub async fn with_servers(servers: Option<String>) -> Self {
        let tomorrow = (Timestamp::now() + SignedDuration::from_hours(24)).to_zoned(TimeZone::UTC);
        let midnight = tomorrow.start_of_day().expect("a day").timestamp();
        let fixture = Self {
            fake: FakeDiscord::start().await,
            corpus: TempCorpus::small(),
            home: tempfile::tempdir().expect("a temporary folder"),
            servers,
            slot: midnight + SignedDuration::from_hours(9),
        };
        fixture.set_clock(SignedDuration::from_secs(5));
        fixture
    }

    /// Sets the clocks of the bot and of Discord to this time after the slot.
    pub fn set_clock(&self, after: SignedDuration) {
        let ahead = (self.slot + after).duration_since(Timestamp::now());
        let ahead = SignedDuration::from_secs(ahead.as_secs());
        self.fake.set_clock(ahead);
        let written = self.home.path().join("clock.new");
        std::fs::write(&written, ahead.as_secs().to_string()).expect("a file");
        // Renaming is atomic, so that no process reads half a file.
        std::fs::rename(written, self.clock_file()).expect("a file");
    }

    fn clock_file(&self) -> PathBuf {
        self.home.path().join("clock")
    }

    /// Returns the time of the run that most tests use.
    pub fn slot(&self) -> Timestamp {
        self.slot
    }

    /// Returns the place of the state.
    pub fn location(&self) -> StoreLocation {
        match &self.servers {
            Some(addresses) => StoreLocation::Servers(addresses.split(',').map(Into::into).collect()),
            None => StoreLocation::Folder(self.folder()),
        }
    }

    /// Returns the state folder. PostgreSQL is elsewhere.
    pub fn folder(&self) -> PathBuf {
        self.home.path().join("state")
    }

    /// Returns the database file.
    pub fn database_file(&self) -> PathBuf {
        self.folder().join("state.sqlite3")
    }

    /// Adds a post.
    pub fn add_post(&self, name: &str) {
        self.add_scheduled_post(name, "2020-02-02");
    }

    /// Adds a post that is published on this day.
    pub fn add_scheduled_post(&self, name: &str, day: &str) {
        let text = format!(
            "---\ntitle: About {name}\nauthor: Ada Example\ndate: 2020-02-02\npublish_date: {day}\n\
             url: https://example.com/{name}\n---\n\n# News\n\nTeams that run {name} want fewer moving parts.\n"
        );
        std::fs::write(self.corpus.path().join(format!("{name}.md")), text).expect("a file");
    }

    /// Prepares a bot that does not wait for its session budget, as it would after a crash.
    pub fn bot(&self) -> BotSetup {
        std::fs::remove_file(self.folder().join("gateway.json")).ok();
        let setup = TestBot::setup(&self.fake).corpus(&self.corpus).state(&self.folder());
        let clock = self.clock_file();
        let setup = setup.env("TAKEAWAYS_FAULT_CLOCK", path(&clock));
        self.servers.iter().fold(setup, |setup, url| setup.env("TAKEAWAYS__STATE__URL", url))
    }

    /// Prepares a run of the program with this state.
    pub fn cli(&self, arguments: &str) -> Cli {
        self.cli_in(&self.folder(), arguments)
    }

    /// Prepares a run with another state folder, as on another machine.
    pub fn cli_in(&self, folder: &Path, arguments: &str) -> Cli {
        let cli = Cli::with_corpus(&self.corpus).state(folder).args(arguments);
        let cli = cli.env("DISCORD_TOKEN", TOKEN).env("TAKEAWAYS__DISCORD__API_BASE", &self.fake.url());
        let cli = cli.env("TAKEAWAYS_FAULT_CLOCK", path(&self.clock_file()));
        self.servers.iter().fold(cli, |cli, url| cli.env("TAKEAWAYS__STATE__URL", url))
    }

    /// Starts a bot that is killed at a fail point, and waits for its end.
    pub async fn crash_at(&self, point: &str) {
        self.crash_at_time(point, 1).await;
    }

    /// Starts a bot that is killed when it reaches a fail point for the nth time, and waits for its end.
    pub async fn crash_at_time(&self, point: &str, time: usize) {
        let mut bot = self.bot().faults(&format!("{point}=kill:{time}")).spawn();
        assert_eq!(bot.wait_exit(DEADLINE).await, None, "{point}\n{}", bot.log());
    }

    /// Opens the state for writing. The test must close it, and no bot may use the file meanwhile.
    pub async fn store(&self) -> Store {
        Store::open(&self.location()).await.expect("a state")
    }

    /// Subscribes this number of channels to all posts, daily at nine, twelve hours before the slot.
    pub async fn subscribe(&self, channels: u64) -> Vec<SubscriptionId> {
        let store = self.store().await;
        let mut made = Vec::new();
        for channel in FIRST_CHANNEL..FIRST_CHANNEL + channels {
            self.fake.add_channel(GUILD, channel);
            let new = self.new_subscription(Target::Channel { server: GUILD, channel });
            made.push(store.subscribe(new, 1_000_000).await.expect("a subscription").id);
        }
        store.close().await;
        made
    }

    /// Makes a person follow all posts, daily at nine.
    pub async fn follow(&self, person: u64) -> SubscriptionId {
        let store = self.store().await;
        let (made, _) =
            store.follow(self.new_subscription(Target::Person(person)), 20).await.expect("a subscription");
        store.close().await;
        made.id
    }

    /// Returns a new subscription to all posts, daily at nine.
    pub fn new_subscription(&self, target: Target) -> NewSubscription {
        daily_subscription(target, USER, self.slot - SignedDuration::from_hours(12))
    }

    /// Returns all rows of the ledger, newest first; none if there is no state yet.
    pub async fn ledger(&self) -> Vec<Delivery> {
        let Some(store) = Store::open_read_only(&self.location()).await.expect("a state that can be read")
        else {
            return Vec::new();
        };
        let rows = store.recent_runs_of_all(100_000).await.expect("a ledger");
        // If a process opens a SQLite file twice, closing one connection can release the locks of the other.
        store.close().await;
        rows
    }

    /// Waits until `look` accepts the ledger.
    pub async fn until(
        &self,
        bot: &TestBot,
        what: &str,
        look: impl Fn(&[Delivery]) -> bool,
    ) -> Vec<Delivery> {
        let start = Instant::now();
        loop {
            let rows = self.ledger().await;
            if look(&rows) {
                return rows;
            }
            let asked =
                || self.fake.requests().into_iter().map(|it| (it.method, it.path, it.query, it.status));
            let seen = || format!("{rows:#?}\n{:?}\n{}", asked().collect::<Vec<_>>(), bot.log());
            assert!(start.elapsed() < DEADLINE, "waited in vain for {what}\n{}", seen());
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }

    /// Waits until a subscription is paused for this reason, or is active for `None`.
    pub async fn until_status(&self, bot: &TestBot, id: SubscriptionId, paused: Option<PauseReason>) {
        let start = Instant::now();
        loop {
            let store = Store::open_read_only(&self.location()).await.expect("a state").expect("it is there");
            let found = store.find_subscription(id).await.expect("a state").expect("a subscription");
            store.close().await;
            let reason = match found.status {
                SubscriptionStatus::Active => None,
                SubscriptionStatus::Paused { reason, .. } => Some(reason),
            };
            if reason == paused {
                return;
            }
            assert!(start.elapsed() < DEADLINE, "not {paused:?}: {found:#?}\n{}", bot.log());
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }

    /// Waits for this number of messages. There is no time limit while their number grows.
    pub async fn until_messages(&self, bot: &TestBot, count: usize) {
        let (mut seen, mut since) = (0, Instant::now());
        while seen < count {
            let now = self.fake.message_count();
            if now > seen {
                (seen, since) = (now, Instant::now());
            }
            assert!(since.elapsed() < DEADLINE * 2, "{seen} of {count}, and no more\n{}", bot.log());
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }

    /// Waits until the ledger has this number of sent runs.
    pub async fn until_sent(&self, bot: &TestBot, count: usize) -> Vec<Delivery> {
        let sent = |rows: &[Delivery]| rows.iter().filter(|row| row.state == DeliveryState::Sent).count();
        self.until(bot, &format!("{count} sent"), |rows| sent(rows) >= count).await
    }

    /// Checks that each sent run of the ledger is visible exactly once, and no other digest. Returns the number of sent
    /// runs.
    pub async fn assert_delivered_once(&self) -> usize {
        let (rows, mut seen) = (self.ledger().await, self.delivered_messages());
        let sent: Vec<&Delivery> = rows.iter().filter(|row| row.state == DeliveryState::Sent).collect();
        for row in &sent {
            let shown = row.message.and_then(|message| seen.remove(&message));
            assert_eq!(shown, Some(row.key.footer()), "{row:?}");
        }
        // The remaining messages are duplicates, or belong to no run.
        assert!(seen.is_empty(), "seen, but not sent by the ledger: {seen:?}\n{rows:?}");
        self.fake.assert_clean();
        sent.len()
    }

    /// Returns the visible digests with the key that each shows.
    pub fn delivered_messages(&self) -> BTreeMap<u64, String> {
        let id = |message: &Value| message["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
        let digests = self.fake.all_messages();
        digests.iter().filter_map(|message| Some((id(message), key(message)?))).collect()
    }
}

/// Returns the key that a digest of the bot shows.
pub fn key(message: &Value) -> Option<String> {
    static KEY: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"\bd:[0-9a-f]{8}\b").expect("a pattern"));
    let is_ours = message["author"]["id"] == *BOT.to_string();
    let shown = format!("{}{}", message["content"], message["embeds"]);
    KEY.find(&shown).filter(|_| is_ours).map(|found| found.as_str().to_owned())
}

fn path(path: &Path) -> &str {
    path.to_str().expect("a path in UTF-8")
}
