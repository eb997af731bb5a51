//! Which of the posts that were seen are new to somebody.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::{PostEntry, Subscription};

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
