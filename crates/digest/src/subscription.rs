//! A standing order: who gets which digest, where and when.
//!
//! Which posts somebody wants.
//!
//! Which of the posts that were seen are new to somebody.

use crate::{PostEntry, Schedule, Zone};
use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::fmt;
use takeaways_text::model::{EventId, Language, Post};

/// Names a subscription within its state; people see it as `#12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SubscriptionId(pub i64);

impl fmt::Display for SubscriptionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// Where a digest goes. The numbers are Discord's ids.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A channel, or a thread, of a server.
    Channel {
        /// The server.
        server: u64,
        /// The channel or thread.
        channel: u64,
    },
    /// A person, by direct message.
    Person(u64),
}

impl Target {
    /// The channel, or the person: what a message is addressed to.
    #[must_use]
    pub fn destination(self) -> Destination {
        match self {
            Self::Channel { channel, .. } => Destination::Channel(channel),
            Self::Person(person) => Destination::Person(person),
        }
    }

    /// The server, where it is in one.
    #[must_use]
    pub fn server(self) -> Option<u64> {
        match self {
            Self::Channel { server, .. } => Some(server),
            Self::Person(_) => None,
        }
    }
}

/// What a message is addressed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Destination {
    /// A channel or a thread.
    Channel(u64),
    /// A person.
    Person(u64),
}

/// What happens at a run with nothing new.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenEmpty {
    /// Nothing is posted.
    #[default]
    Nothing,
    /// One line says so.
    OneLine,
}

/// Why a subscription does not run by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// A moderator, or the member, wants it so.
    Asked,
    /// The bot may not post there.
    NoPermission,
    /// The channel is gone.
    NoChannel,
    /// The bot is no longer in the server.
    NoServer,
    /// The person takes no direct messages from the bot.
    DirectMessagesClosed,
    /// Discord refused three digests in a row for another reason.
    Refused,
}

impl PauseReason {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Asked,
        Self::NoPermission,
        Self::NoChannel,
        Self::NoServer,
        Self::DirectMessagesClosed,
        Self::Refused,
    ];
}

/// Whether it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionStatus {
    /// At its times.
    Active,
    /// Not until it is resumed.
    Paused {
        /// Why.
        reason: PauseReason,
        /// Since when.
        since: Timestamp,
    },
}

/// What somebody wants, before it has a number.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSubscription {
    /// Where it goes.
    pub target: Target,
    /// Which posts: those that any of these wants. One for a channel; for a person, what they follow.
    pub interests: Vec<Interest>,
    /// When.
    pub schedule: Schedule,
    /// In which zone.
    pub zone: Zone,
    /// What happens with nothing new.
    pub when_empty: WhenEmpty,
    /// Posts of before it was made that the first digest holds all the same: first seen from then on, or, of those
    /// that were there when the state began, dated from then on.
    pub include_since: Option<Timestamp>,
    /// Who made it.
    pub made_by: u64,
    /// When it was made.
    pub made_at: Timestamp,
}

/// A subscription as the state holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Subscription {
    /// Its number.
    pub id: SubscriptionId,
    /// What was wanted.
    pub definition: NewSubscription,
    /// Whether it runs.
    pub status: SubscriptionStatus,
    /// Runs in a row that Discord refused.
    pub failures: u32,
    /// Posts with a number up to this one are not new to it: the last delivered digest covered them, or they were there
    /// when it was made.
    pub covered_until: i64,
    /// Whether a digest of it was ever delivered: only the first one looks at `include_since`.
    pub was_delivered: bool,
    /// Runs up to this time are decided: see [`decide`](super::decide_runs).
    pub decided_until: Timestamp,
    /// When somebody has to look at it next: its next run. `None` where it has none any more.
    pub next_run: Option<Timestamp>,
}

/// A filter over posts: all of what is set must hold, nothing set is every post.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Interest {
    /// Only posts about this event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<EventId>,
    /// Only posts about this topic: its id in `config/topics.toml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Only posts by this author, as the index writes the name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Only posts in this language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
}

impl Interest {
    /// Whether a post is wanted.
    #[must_use]
    pub fn wants(&self, post: &Post) -> bool {
        let event = |wanted: &EventId| post.events.iter().any(|event| event.id == *wanted);
        let topic = |wanted: &String| post.topics.contains(wanted);
        let author = |wanted: &String| post.authors.contains(wanted);
        self.event.as_ref().is_none_or(event)
            && self.topic.as_ref().is_none_or(topic)
            && self.author.as_ref().is_none_or(author)
            && self.language.as_ref().is_none_or(|wanted| *wanted == post.language)
    }

    /// Whether every post is wanted.
    #[must_use]
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }
}

/// From where on posts are new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostWindow {
    /// Posts with a number up to this one are not new, but those that `include_since` lets in.
    pub after: i64,
    /// Posts of before that are new all the same: first seen from then on, or, of those that were there when the state
    /// began, dated from then on. Only until the first delivery.
    pub include_since: Option<Timestamp>,
    /// When somebody began to want digests: what was seen before was never in one.
    pub subscribed_at: Option<Timestamp>,
    /// Posts that are out at this time.
    pub now: Timestamp,
}

impl PostWindow {
    /// Of a subscription, at a time.
    #[must_use]
    pub fn of_subscription(subscription: &Subscription, now: Timestamp) -> Self {
        let include_since = subscription.definition.include_since.filter(|_| !subscription.was_delivered);
        Self {
            after: subscription.covered_until,
            include_since,
            subscribed_at: Some(subscription.definition.made_at),
            now,
        }
    }

    /// The entries that may be new, of entries in the order of their numbers: nothing else has to be looked at.
    #[must_use]
    pub fn entries_in_range<'e>(&self, entries: &'e [PostEntry]) -> &'e [PostEntry] {
        let first = match self.include_since {
            Some(_) => 0,
            None => entries.partition_point(|entry| entry.number <= self.after),
        };
        &entries[first..]
    }

    /// Whether a post is new.
    #[must_use]
    pub fn contains(&self, entry: &PostEntry) -> bool {
        entry.number > self.after || self.include_since.is_some_and(|since| is_on_or_after(entry, since))
    }
}

fn is_on_or_after(entry: &PostEntry, since: Timestamp) -> bool {
    if !entry.is_initial {
        return entry.first_seen >= since;
    }
    let first = since.to_zoned(TimeZone::UTC).date();
    entry.post.metadata.date.is_some_and(|date| date >= first)
}
