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
    for PostEntry { sighting, post } in entries {
        let metadata = &post.metadata;
        let came_in = sighting.is_after(definition.made_at);
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
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::{
        DigestPost, Interest, NewSubscription, Sighting, SubscriptionId, SubscriptionStatus, Target,
        WhenEmpty, Zone,
    };
    use takeaways_corpus::{SourceFile, read_post};
    use takeaways_text::model::PostId;

    /// KubeCon NA 2019 ended on 21 November 2019.
    const AFTER: &str = "2019-12-05T09:00:00Z";

    fn time(text: &str) -> Timestamp {
        text.parse().expect("a time")
    }

    fn subscription() -> Subscription {
        Subscription {
            id: SubscriptionId(1),
            definition: NewSubscription {
                target: Target::Person(7),
                interests: vec![Interest::default()],
                schedule: "daily at 09:00".parse().expect("a schedule"),
                zone: Zone::utc(),
                when_empty: WhenEmpty::Nothing,
                include_since: None,
                wrap_up: true,
                made_by: 7,
                made_at: time("2019-11-01T00:00:00Z"),
            },
            status: SubscriptionStatus::Active,
            failures: 0,
            covered_until: 0,
            was_delivered: false,
            decided_until: time("2019-11-01T00:00:00Z"),
            next_run: None,
        }
    }

    fn entry(number: i64, event: &str, seen: &str) -> PostEntry {
        let id = PostId(format!("p{number}"));
        let text = format!("---\ntitle: Recap {number}\nauthor: Ada\nevent: {event}\n---\n\nIt was good.\n");
        let source = SourceFile { id: &id, path: "p.md", bytes: text.as_bytes() };
        let post = read_post(&source, time(AFTER)).post.expect("a post");
        let post = Arc::new(DigestPost::unanalysed(&post));
        PostEntry { sighting: Sighting { number, first_seen: time(seen), is_initial: false }, post }
    }

    fn recaps(count: i64) -> Vec<PostEntry> {
        (1..=count).map(|number| entry(number, "KubeCon NA 2019", "2019-12-01T00:00:00Z")).collect()
    }

    fn due(entries: &[PostEntry], now: &str) -> Option<String> {
        events_to_wrap_up(entries, &subscription(), &BTreeSet::new(), time(now))
            .into_iter()
            .next()
            .map(|event| event.id.0)
    }

    #[test]
    fn an_event_is_due_with_its_fifth_recap_until_ninety_days_after_it() {
        let san_diego = Some("kubecon-na-2019".to_owned());
        assert_eq!(due(&recaps(4), AFTER), None);
        assert_eq!(due(&recaps(5), AFTER), san_diego);
        assert_eq!(due(&recaps(9), AFTER), san_diego);
        assert_eq!(due(&recaps(5), "2019-11-21T23:00:00Z"), None, "its last day");
        assert_eq!(due(&recaps(5), "2019-11-22T00:00:00Z"), san_diego);
        assert_eq!(due(&recaps(5), "2020-02-19T23:00:00Z"), san_diego, "ninety days later");
        assert_eq!(due(&recaps(5), "2020-02-20T00:00:00Z"), None);
    }

    #[test]
    fn only_recaps_that_came_in_since_count() {
        let mut entries = recaps(5);
        entries[0].sighting.first_seen = time("2019-10-31T00:00:00Z");
        assert_eq!(due(&entries, AFTER), None, "one was there before");
        let mut entries = recaps(5);
        entries[0].sighting.is_initial = true;
        assert_eq!(due(&entries, AFTER), None);
        let mut entries = recaps(5);
        entries[0].sighting.number = -3;
        assert_eq!(due(&entries, AFTER), None, "one was old when it came in");
        let mut entries = recaps(4);
        entries.push(entry(5, "KubeCon EU 2019", "2019-12-01T00:00:00Z"));
        assert_eq!(due(&entries, AFTER), None, "one is about another event");
    }

    #[test]
    fn an_event_is_due_once_and_only_where_it_is_asked_for() {
        let done = BTreeSet::from([EventId("kubecon-na-2019".into())]);
        assert_eq!(events_to_wrap_up(&recaps(5), &subscription(), &done, time(AFTER)), []);
        let mut silent = subscription();
        silent.definition.wrap_up = false;
        assert_eq!(events_to_wrap_up(&recaps(5), &silent, &BTreeSet::new(), time(AFTER)), []);
        let mut other = subscription();
        other.definition.interests = vec![Interest { author: Some("Grace".into()), ..Interest::default() }];
        assert_eq!(events_to_wrap_up(&recaps(5), &other, &BTreeSet::new(), time(AFTER)), [], "not wanted");
    }
}
