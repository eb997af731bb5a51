//! A Discord in memory: channels with messages, nonces that are remembered for a while, trouble before and after an effect.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use tokio::task::yield_now;

use super::super::mail::{Mail, Message, PAGE, Trouble};
use super::Time;
use crate::deadline::Deadline;
use takeaways_digest::{PauseReason, Reason};

/// For how long a nonce is remembered: little longer than the deliverer counts on.
const NONCE: SignedDuration = SignedDuration::from_secs(75);
/// The channel of a person's direct messages is their id and this.
pub const DIRECT: u64 = 1 << 40;

/// What goes wrong with a request that creates a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    /// It is lost on the way.
    Before,
    /// It is done, and the answer is lost.
    After,
    /// There are too many, and Discord names a time.
    Limited(Duration),
}

/// A message that is there.
#[derive(Debug, Clone)]
pub struct Posted {
    pub id: u64,
    pub nonce: String,
    pub text: String,
    pub at: Timestamp,
    pub is_ours: bool,
}

#[derive(Default)]
pub struct World {
    pub channels: BTreeMap<u64, Vec<Posted>>,
    /// What goes wrong next.
    pub wrong: VecDeque<Wrong>,
    /// Where nothing can be posted, and why.
    pub refused: BTreeMap<u64, Reason>,
    /// Channels whose messages can't be read.
    pub unreadable: BTreeSet<u64>,
    /// Channels whose messages may not be read, and which seem empty.
    pub hidden: BTreeSet<u64>,
    /// Nothing at all is answered.
    pub is_away: bool,
    /// Requests that are under way, and the most there ever were.
    under_way: usize,
    pub most_under_way: usize,
    /// Requests to create a message.
    pub posts: usize,
    /// The channels of our messages, in the order in which these came.
    pub order: Vec<u64>,
    /// Looks at permissions.
    pub looks: usize,
    count: u64,
}

/// A Discord in memory; all clones are one.
#[derive(Clone)]
pub struct Discord {
    pub time: Time,
    world: Arc<Mutex<World>>,
}

impl Discord {
    pub fn new(time: Time) -> Self {
        Self { time, world: Arc::default() }
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().expect("nobody panicked")
    }

    /// The messages that the bot wrote in a channel, with their keys in the order in which they came.
    pub fn keys(&self, channel: u64) -> Vec<String> {
        let world = self.world();
        let ours = world.channels.get(&channel).into_iter().flatten().filter(|posted| posted.is_ours);
        ours.map(|posted| posted.nonce.clone()).collect()
    }

    /// Messages of somebody else.
    pub fn chatter(&self, channel: u64, count: usize) {
        for _ in 0..count {
            let (id, at) = (self.id(), self.time.real());
            let posted = Posted { id, nonce: String::new(), text: "d:00000000".into(), at, is_ours: false };
            self.world().channels.entry(channel).or_default().push(posted);
        }
    }

    /// Ids begin with the time, as Discord's.
    fn id(&self) -> u64 {
        let mut world = self.world();
        world.count += 1;
        let ms = self.time.real().as_millisecond() - 1_420_070_400_000;
        (u64::try_from(ms).expect("after 2015") << 22) | (world.count & 0xFFF)
    }

    fn create(&self, channel: u64, json: &str) -> Result<u64, Trouble> {
        let body: Value = serde_json::from_str(json).expect("JSON");
        assert_eq!(body["enforce_nonce"], true, "{json}");
        let nonce = body["nonce"].as_str().expect("a nonce").to_owned();
        assert!(nonce.len() <= 25, "{nonce}");
        let (id, at) = (self.id(), self.time.real());
        let mut world = self.world();
        if let Some(reason) = world.refused.get(&channel) {
            return Err(Trouble::Refused(*reason));
        }
        let there = world.channels.entry(channel).or_default();
        let is_same = |posted: &&Posted| posted.nonce == nonce && at.duration_since(posted.at) < NONCE;
        if let Some(same) = there.iter().find(is_same) {
            return Ok(same.id);
        }
        let text = body["content"].as_str().unwrap_or_default().to_owned();
        there.push(Posted { id, nonce, text, at, is_ours: true });
        world.order.push(channel);
        Ok(id)
    }
}

/// Counts a request for as long as it lives.
struct UnderWay(Discord);

impl UnderWay {
    fn new(discord: &Discord) -> Self {
        let mut world = discord.world();
        world.under_way += 1;
        world.most_under_way = world.most_under_way.max(world.under_way);
        drop(world);
        Self(discord.clone())
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.world().under_way -= 1;
    }
}

impl Mail for Discord {
    async fn open(&self, person: u64) -> Result<u64, Trouble> {
        yield_now().await;
        Ok(person + DIRECT)
    }

    async fn post(&self, channel: u64, json: String, deadline: &Deadline) -> Result<u64, Trouble> {
        let _under_way = UnderWay::new(self);
        yield_now().await;
        if deadline.is_over() {
            return Err(Trouble::NotNow(None));
        }
        let wrong = {
            let mut world = self.world();
            world.posts += 1;
            if world.is_away { Some(Wrong::Before) } else { world.wrong.pop_front() }
        };
        match wrong {
            Some(Wrong::Before) => return Err(Trouble::Lost),
            Some(Wrong::Limited(wait)) => return Err(Trouble::NotNow(Some(wait))),
            Some(Wrong::After) | None => {}
        }
        let created = self.create(channel, &json);
        yield_now().await;
        if wrong == Some(Wrong::After) { Err(Trouble::Lost) } else { created }
    }

    async fn messages(&self, channel: u64, after: u64) -> Result<Vec<Message>, Trouble> {
        yield_now().await;
        let world = self.world();
        if world.is_away {
            return Err(Trouble::Lost);
        }
        if world.unreadable.contains(&channel) {
            return Err(Trouble::Refused(Reason::NoPermission));
        }
        let there = world.channels.get(&channel).into_iter().flatten().filter(|posted| posted.id > after);
        let there = there.filter(|_| !world.hidden.contains(&channel));
        let message =
            |posted: &Posted| Message { id: posted.id, is_ours: posted.is_ours, text: posted.text.clone() };
        Ok(there.take(PAGE).map(message).collect())
    }

    async fn may_read(&self, _server: u64, channel: u64) -> Result<bool, Trouble> {
        yield_now().await;
        Ok(!self.world().hidden.contains(&channel))
    }

    fn time(&self) -> Option<Timestamp> {
        Some(self.time.real())
    }

    async fn look(&self, _server: u64, channel: u64) -> Result<Option<PauseReason>, Trouble> {
        yield_now().await;
        let mut world = self.world();
        world.looks += 1;
        Ok(world.refused.get(&channel).map(|reason| match reason {
            Reason::NoChannel => PauseReason::NoChannel,
            Reason::NoServer => PauseReason::NoServer,
            _ => PauseReason::NoPermission,
        }))
    }
}
