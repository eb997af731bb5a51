//! When a digest posts the overview of an event: once, with the fifth recap that came in since the digest was made.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{Timestamp, ToSpan, civil::Date, tz::TimeZone};
use takeaways_text::model::{Event, EventId, PostKind};

use crate::{PostEntry, Subscription};

/// The fewest recaps of an event that has an overview.
const MIN_RECAPS: usize = 5;
/// The days after the end of an event in which it may have one.
const MAX_DAYS: i64 = 90;
/// The days in which the recaps of such an event may have come in: those days, and the event itself with room to spare.
const RECAP_DAYS: i64 = MAX_DAYS + 30;

/// The start of the time whose posts decide which events have an overview.
pub fn recaps_needed_since(subscription: &Subscription, now: Timestamp) -> Timestamp {
    let first = now.checked_sub(jiff::SignedDuration::from_hours(24 * RECAP_DAYS)).unwrap_or(Timestamp::MIN);
    first.max(subscription.definition.made_at)
}

/// The events whose overviews a subscription has to post, in the order in which they ended.
///
/// An event has one if it ended in the last 90 days, and if five recaps that the subscription wants came in since it was
/// made. `done` are the events that had theirs. Notes on recaps do not count.
pub fn events_to_wrap_up(
    entries: &[PostEntry],
    subscription: &Subscription,
    done: &BTreeSet<EventId>,
    now: Timestamp,
) -> Vec<Event> {
    let definition = &subscription.definition;
    if !definition.wrap_up {
        return Vec::new();
    }
    let mut counts: BTreeMap<&EventId, (&Event, usize)> = BTreeMap::new();
    for PostEntry { number, first_seen, is_initial, post } in entries {
        let metadata = &post.metadata;
        // A post that was old when it came in has no number of its own.
        let came_in = !is_initial && *number > 0 && *first_seen > definition.made_at;
        let is_wanted = definition.interests.is_empty()
            || definition.interests.iter().any(|interest| interest.wants(metadata));
        let counts_it = came_in && is_wanted && metadata.kind == PostKind::Post && post.is_published(now);
        if let Some(event) = metadata.main_event().filter(|_| counts_it) {
            counts.entry(&event.id).or_insert((event, 0)).1 += 1;
        }
    }
    let today = now.to_zoned(TimeZone::UTC).date();
    let due = counts.into_values().filter(|(event, recaps)| {
        *recaps >= MIN_RECAPS && !done.contains(&event.id) && ended_lately(event, today)
    });
    let mut due: Vec<Event> = due.map(|(event, _)| event.clone()).collect();
    due.sort_by(|a, b| (a.end, &a.id).cmp(&(b.end, &b.id)));
    due
}

/// Whether the last day of an event is over, and at most 90 days ago. An event without a day has no end.
fn ended_lately(event: &Event, today: Date) -> bool {
    let Some(end) = event.end.or(event.start) else { return false };
    let first = today.checked_sub(MAX_DAYS.days()).unwrap_or(Date::MIN);
    (first..today).contains(&end)
}

#[cfg(test)]
mod tests;
