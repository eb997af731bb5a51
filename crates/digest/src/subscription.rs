//! Subscriptions: target, interests, schedule, state, and which posts are new to one.

use crate::{Schedule, Sighting, Zone};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::fmt;
use takeaways_text::model::{EventId, Language, Post};

/// The id of a subscription within its state. Users see it as `#12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SubscriptionId(pub i64);

impl fmt::Display for SubscriptionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}", self.0)
    }
}

/// Where a digest is sent. The numbers are ids of Discord.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// A channel or a thread of a server.
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
    /// Returns the channel or the person that messages are addressed to.
    pub fn destination(self) -> Destination {
        match self {
            Self::Channel { channel, .. } => Destination::Channel(channel),
            Self::Person(person) => Destination::Person(person),
        }
    }

    /// Returns the server; `None` for a person.
    pub fn server(self) -> Option<u64> {
        match self {
            Self::Channel { server, .. } => Some(server),
            Self::Person(_) => None,
        }
    }
}

/// The channel or person that a message is addressed to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Destination {
    /// A channel or a thread.
    Channel(u64),
    /// A person.
    Person(u64),
}

/// What to post at a run without new posts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WhenEmpty {
    /// No message.
    #[default]
    Nothing,
    /// A message of one line.
    OneLine,
}

/// Why a subscription is paused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// A moderator or the subscriber paused it.
    Asked,
    /// The bot may not post in the channel.
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
    /// All reasons.
    pub const ALL: [Self; 6] = [
        Self::Asked,
        Self::NoPermission,
        Self::NoChannel,
        Self::NoServer,
        Self::DirectMessagesClosed,
        Self::Refused,
    ];
}

/// Whether a subscription runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SubscriptionStatus {
    /// It runs at its times.
    Active,
    /// It does not run until it is resumed.
    Paused {
        /// Why it is paused.
        reason: PauseReason,
        /// Since when it is paused.
        since: Timestamp,
        /// The person who paused it; `None` if it was paused automatically, or if nobody knows.
        by: Option<u64>,
    },
}

/// The definition of a subscription, before it has an id.
#[derive(Debug, Clone, PartialEq)]
pub struct NewSubscription {
    /// Where digests are sent.
    pub target: Target,
    /// A post is wanted if any interest wants it. A channel has one interest, a person one for each follow.
    pub interests: Vec<Interest>,
    /// When it runs.
    pub schedule: Schedule,
    /// The time zone of the schedule.
    pub zone: Zone,
    /// What to post at a run without new posts.
    pub when_empty: WhenEmpty,
    /// The first digest also holds older posts: those first seen from this time on. Posts that were there when the
    /// state was created count by their date.
    pub include_since: Option<Timestamp>,
    /// Whether it posts the overview of an event, once: see [`crate::events_to_wrap_up`].
    pub wrap_up: bool,
    /// The user who created it.
    pub made_by: u64,
    /// When it was created.
    pub made_at: Timestamp,
}

/// A subscription in the state.
#[derive(Debug, Clone, PartialEq)]
pub struct Subscription {
    /// Its id.
    pub id: SubscriptionId,
    /// Its definition.
    pub definition: NewSubscription,
    /// Whether it runs.
    pub status: SubscriptionStatus,
    /// Consecutive runs that Discord refused.
    pub failures: u32,
    /// Posts up to this number are not new to it: the last delivered digest covered them, or they were there when it
    /// was created.
    pub covered_until: i64,
    /// Whether a digest was ever delivered. `include_since` applies to the first one only.
    pub was_delivered: bool,
    /// Runs up to this time are decided: see [`crate::decide_runs`].
    pub decided_until: Timestamp,
    /// Its next run; `None` if there is none any more.
    pub next_run: Option<Timestamp>,
}

/// A filter on posts: all set conditions must hold. Without a condition every post is wanted.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Interest {
    /// Only posts about this event.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<EventId>,
    /// Only posts about this topic, by its id in `config/topics.toml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub topic: Option<String>,
    /// Only posts by this person or with their words, spelled as in the index.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Only posts in this language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
}

impl Interest {
    /// Whether a post is wanted.
    pub fn wants(&self, post: &Post) -> bool {
        let event = |wanted: &EventId| post.events.iter().any(|event| event.id == *wanted);
        let topic = |wanted: &String| post.topics.contains(wanted);
        let author = |wanted: &String| post.authors.contains(wanted) || post.body.speakers.contains(wanted);
        self.event.as_ref().is_none_or(event)
            && self.topic.as_ref().is_none_or(topic)
            && self.author.as_ref().is_none_or(author)
            && self.language.as_ref().is_none_or(|wanted| *wanted == post.language)
    }

    /// Whether every post is wanted.
    pub fn is_everything(&self) -> bool {
        *self == Self::default()
    }
}

/// Which posts are new to a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PostWindow {
    /// Posts up to this number are not new, except those that `include_since` includes.
    pub after: i64,
    /// Older posts that are new before the first delivery: see [`NewSubscription::include_since`].
    pub include_since: Option<Timestamp>,
    /// When the subscription was created. Posts seen before were never in a digest of it.
    pub subscribed_at: Option<Timestamp>,
    /// The time at which posts must be published.
    pub now: Timestamp,
}

impl PostWindow {
    /// Makes the window of a subscription at a time.
    pub fn of_subscription(subscription: &Subscription, now: Timestamp) -> Self {
        let include_since = subscription.definition.include_since.filter(|_| !subscription.was_delivered);
        Self {
            after: subscription.covered_until,
            include_since,
            subscribed_at: Some(subscription.definition.made_at),
            now,
        }
    }

    /// Returns the posts that may be new. `posts` must be in the order of their numbers.
    pub(crate) fn in_range<'p, T>(&self, posts: &'p [T], number: impl Fn(&T) -> i64) -> &'p [T] {
        let first = match self.include_since {
            Some(_) => 0,
            None => posts.partition_point(|post| number(post) <= self.after),
        };
        &posts[first..]
    }

    /// Whether a post with this first sighting and this date is new.
    pub(crate) fn contains(&self, sighting: Sighting, date: Option<Date>) -> bool {
        let Sighting { number, first_seen, is_initial } = sighting;
        let is_on_or_after = |since: Timestamp| {
            if is_initial {
                date.is_some_and(|date| date >= since.to_zoned(TimeZone::UTC).date())
            } else {
                first_seen >= since
            }
        };
        number > self.after || self.include_since.is_some_and(is_on_or_after)
    }
}
