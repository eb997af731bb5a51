//! Which of the posts that were seen are new to somebody.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{Entry, Subscription};

/// From where on posts are new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Posts with a number up to this one are not new, but those that `include_since` lets in.
    pub after: i64,
    /// Posts of before that are new all the same: first seen from then on, or, of those that were there when the state
    /// began, dated from then on. Only until the first delivery.
    pub include_since: Option<Timestamp>,
    /// When somebody began to want digests: what was seen before was never in one.
    pub begun: Option<Timestamp>,
    /// Posts that are out at this time.
    pub now: Timestamp,
}

impl Window {
    /// Of a subscription, at a time.
    #[must_use]
    pub fn of(subscription: &Subscription, now: Timestamp) -> Self {
        let include_since = subscription.wanted.include_since.filter(|_| !subscription.was_delivered);
        Self { after: subscription.covered, include_since, begun: Some(subscription.wanted.made_at), now }
    }

    /// The entries that may be new, of entries in the order of their numbers: nothing else has to be looked at.
    #[must_use]
    pub fn of_entries<'e>(&self, entries: &'e [Entry]) -> &'e [Entry] {
        let first = match self.include_since {
            Some(_) => 0,
            None => entries.partition_point(|entry| entry.number <= self.after),
        };
        &entries[first..]
    }

    /// Whether a post is new.
    #[must_use]
    pub fn holds(&self, entry: &Entry) -> bool {
        entry.number > self.after || self.include_since.is_some_and(|since| is_since(entry, since))
    }
}

fn is_since(entry: &Entry, since: Timestamp) -> bool {
    if !entry.is_initial {
        return entry.first_seen >= since;
    }
    let first = since.to_zoned(TimeZone::UTC).date();
    entry.recap.post.date.is_some_and(|date| date >= first)
}
