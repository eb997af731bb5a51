use std::sync::Arc;

use super::*;
use crate::{
    DigestPost, Interest, NewSubscription, SubscriptionId, SubscriptionStatus, Target, WhenEmpty, Zone,
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
    PostEntry { number, first_seen: time(seen), is_initial: false, post }
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
    entries[0].first_seen = time("2019-10-31T00:00:00Z");
    assert_eq!(due(&entries, AFTER), None, "one was there before");
    let mut entries = recaps(5);
    entries[0].is_initial = true;
    assert_eq!(due(&entries, AFTER), None);
    let mut entries = recaps(5);
    entries[0].number = -3;
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
