//! Subscriptions of channels.

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use takeaways_digest::{
    DeliveryReason, DeliveryState, Interest, PauseReason, SubscriptionId, SubscriptionStatus, Target,
    WhenEmpty,
};
use takeaways_store::{KeptAnswer, Store, StoreError, SubscriptionChanges};

use super::state::*;

async fn status(store: &Store, id: SubscriptionId) -> SubscriptionStatus {
    store.find_subscription(id).await.expect("read").expect("there").status
}

on_both! {
    async fn a14_a_server_does_not_find_what_is_of_another(state: TestState) {
        let store = state.open().await;
        let subscription = store.subscribe(new_subscription(CHANNEL), 1).await.expect("it is made");
        assert_eq!(store.find_in_server(7, subscription.id).await.expect("read"), Some(subscription.clone()));
        assert_eq!(store.find_in_server(8, subscription.id).await.expect("read"), None);
        assert_eq!(store.list_by_server(8).await.expect("read"), []);
        assert_eq!(store.change(8, subscription.id, SubscriptionChanges::default(), at(1)).await.expect("read"), None);
        assert_eq!(store.remove(8, subscription.id, at(1)).await.expect("read"), None);
        assert_eq!(store.list_subscriptions().await.expect("read"), std::slice::from_ref(&subscription));
        store.remove(7, subscription.id, at(1)).await.expect("written").expect("it was there");
        assert_eq!(store.restore(8, subscription.id, 9, at(2)).await.expect("read"), None);
        assert_eq!(store.find_in_server(7, subscription.id).await.expect("read"), None);
    }

    async fn a_server_has_a_cap(state: TestState) {
        let store = state.open().await;
        let first = store.subscribe(new_subscription(CHANNEL), 2).await.expect("it is made");
        store.subscribe(new_subscription(CHANNEL), 2).await.expect("it is made");
        assert!(matches!(store.subscribe(new_subscription(CHANNEL), 2).await, Err(StoreError::TooMany(2))));
        let elsewhere = Target::Channel { server: 8, channel: 80 };
        store.subscribe(new_subscription(elsewhere), 2).await.expect("each has its own");
        store.remove(7, first.id, at(1)).await.expect("written").expect("it was there");
        store.subscribe(new_subscription(CHANNEL), 2).await.expect("there is room");
        assert!(matches!(store.restore(7, first.id, 2, at(2)).await, Err(StoreError::TooMany(2))));
        let back = store.restore(7, first.id, 3, at(2)).await.expect("written").expect("restored");
        assert_eq!((back.decided_until, back.id), (at(2), first.id));
        assert_eq!(store.list_by_server(7).await.expect("read").len(), 3);
    }

    async fn what_is_planned_is_given_up_with_a_change(state: TestState) {
        let store = state.open().await;
        let subscription = store.subscribe(new_subscription(CHANNEL), 1).await.expect("it is made");
        planned(&store, subscription.id, at(10)).await;
        let sending = planned(&store, subscription.id, at(20)).await;
        let claim = claimed(&store, sending.id, at(20)).await;
        let changes = SubscriptionChanges {
            schedule: Some("weekly on Monday at 09:00".parse().expect("a schedule")),
            zone: Some("Europe/Berlin".parse().expect("a zone")),
            interests: Some(vec![Interest { topic: Some("gitops".into()), ..Interest::default() }]),
            when_empty: Some(WhenEmpty::OneLine),
            wrap_up: Some(true),
            target: Some(Target::Channel { server: 7, channel: 71 }),
        };
        let after = store.change(7, subscription.id, changes, at(30)).await.expect("written").expect("there");
        assert_eq!(store.find_in_server(7, subscription.id).await.expect("read"), Some(after.clone()));
        assert_eq!((after.decided_until, after.covered_until, after.definition.zone.name()), (at(30), 0, "Europe/Berlin"));
        let log = store.recent_runs(subscription.id, 9).await.expect("read");
        assert_eq!((log[0].state, log[0].reason), (DeliveryState::Sending, None));
        assert_eq!((log[1].state, log[1].reason), (DeliveryState::Skipped, Some(DeliveryReason::Changed)));
        assert!(store.record_sent(&claim, 1, at(31)).await.expect("written"), "it may be there");
        let stale = store.plan(run_of(&store, &subscription, at(40)), at(30), at(40), None, at(40)).await;
        assert_eq!(stale.expect("written"), None, "it goes elsewhere now");
    }

    async fn a_pause_ends_as_it_should(state: TestState) {
        let store = state.open().await;
        let subscription = store.subscribe(new_subscription(CHANNEL), 1).await.expect("it is made");
        planned(&store, subscription.id, at(10)).await;
        assert!(store.pause(subscription.id, PauseReason::NoPermission, None, at(20)).await.expect("written"));
        assert!(!store.pause(subscription.id, PauseReason::NoChannel, None, at(21)).await.expect("written"));
        let paused = |reason, by| SubscriptionStatus::Paused { reason, since: at(20), by };
        assert_eq!(status(&store, subscription.id).await, paused(PauseReason::NoPermission, None));
        assert!(!store.pause(subscription.id, PauseReason::Asked, Some(9), at(22)).await.expect("written"));
        assert_eq!(status(&store, subscription.id).await, paused(PauseReason::Asked, Some(9)), "it does not end by itself");
        assert_eq!(store.recent_runs(subscription.id, 9).await.expect("read")[0].reason, Some(DeliveryReason::Paused));
        let now = store.find_subscription(subscription.id).await.expect("read").expect("there");
        let plan = store.plan(run_of(&store, &now, at(30)), now.decided_until, at(30), None, at(30)).await;
        assert_eq!(plan.expect("written"), None, "it is paused");
        assert!(store.resume(subscription.id, at(40)).await.expect("written"));
        assert!(!store.resume(subscription.id, at(41)).await.expect("written"));
        let now = store.find_subscription(subscription.id).await.expect("read").expect("there");
        assert_eq!((now.status, now.failures, now.decided_until), (SubscriptionStatus::Active, 0, at(40)));
    }

    async fn a21_what_is_of_a_server_that_is_gone_goes_within_a_day(state: TestState) {
        let store = state.open().await;
        let hour = 3_600;
        let subscription = store.subscribe(new_subscription(CHANNEL), 9).await.expect("it is made");
        let asked = store.subscribe(new_subscription(CHANNEL), 9).await.expect("it is made");
        store.pause(asked.id, PauseReason::Asked, Some(9), at(1)).await.expect("written");
        planned(&store, subscription.id, at(1)).await;
        let answers = [(1, Some(7)), (2, Some(8)), (3, None)];
        for (number, server) in answers {
            let (question, turn) = (Some("what about otters?".into()), "{}".into());
            let kept = KeptAnswer { number, channel: 70, server, person: 9, asked_at: at(1), question, turn };
            store.save_answer(&kept).await.expect("written");
        }
        store.record_server_left(7, at(2)).await.expect("written");
        for (number, server) in answers {
            let is_kept = store.find_answer(number, at(2)).await.expect("read").is_some();
            assert_eq!(is_kept, server != Some(7), "the answers of the server go at once, and no others");
        }
        store.record_server_left(99, at(2)).await.expect("nothing is of it");
        let reason = PauseReason::NoServer;
        assert_eq!(status(&store, subscription.id).await, SubscriptionStatus::Paused { reason, since: at(2), by: None });
        assert_eq!(store.delete_expired(at(22 * hour)).await.expect("written"), 0);
        assert_eq!(store.record_server_joined(7, at(22 * hour)).await.expect("written"), 1);
        assert_eq!(status(&store, subscription.id).await, SubscriptionStatus::Active);
        assert_ne!(status(&store, asked.id).await, SubscriptionStatus::Active);
        store.record_server_left(7, at(40 * hour)).await.expect("written");
        assert_eq!(store.delete_expired(at(62 * hour)).await.expect("written"), 0);
        // With an hour between two deletions, nothing is left a day after the bot has left.
        assert_eq!(store.delete_expired(at(63 * hour + 1)).await.expect("written"), 4, "two subscriptions, a row, the server");
        assert_eq!(store.list_subscriptions().await.expect("read"), []);
        assert_eq!(store.recent_runs_of_all(9).await.expect("read"), []);
    }

    async fn removals_and_old_rows_go_in_their_time(state: TestState) {
        let store = state.open().await;
        let day = 86_400;
        let subscription = store.subscribe(new_subscription(CHANNEL), 9).await.expect("it is made");
        let other = store.subscribe(new_subscription(CHANNEL), 9).await.expect("it is made");
        for (id, slot) in [(subscription.id, 10), (other.id, 10), (other.id, 300 * day)] {
            let run = planned(&store, id, at(slot)).await;
            let claim = claimed(&store, run.id, at(slot)).await;
            store.record_sent(&claim, 1, at(slot)).await.expect("written");
        }
        store.remove(7, subscription.id, at(100)).await.expect("written").expect("there");
        assert_eq!(store.delete_expired(at(day)).await.expect("written"), 0);
        assert_eq!(store.restore(7, subscription.id, 9, at(2 * day)).await.expect("read"), None, "too late");
        assert_eq!(store.delete_expired(at(2 * day)).await.expect("written"), 2, "with its row");
        assert_eq!(store.delete_expired(at(401 * day)).await.expect("written"), 1);
        assert_eq!(store.recent_runs_of_all(9).await.expect("read").len(), 1);
        let next = store.subscribe(new_subscription(CHANNEL), 9).await.expect("it is made");
        assert!(next.id > other.id, "no number is given twice");
    }

    async fn a18_whatever_is_written_comes_back_as_it_was(state: TestState) {
        let store = state.open().await;
        let texts = proptest::collection::vec("[\\s\\S]{0,40}|'; DROP TABLE posts; --|\\$1|\"\\}|%s|../../x", 40);
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        for text in texts.new_tree(&mut runner).expect("texts").current() {
            // Messages are JSON, which escapes NUL; PostgreSQL texts can't hold it.
            let text = text.replace('\0', "");
            let mut odd = new_subscription(CHANNEL);
            odd.interests = vec![Interest { topic: Some(text.clone()), author: Some(text.clone()), ..Interest::default() }];
            let subscription = store.subscribe(odd.clone(), 99).await.expect("it is made");
            assert_eq!(subscription.definition, odd);
            let mut plan = run_of(&store, &subscription, at(10));
            (plan.message.body, plan.message.more) = (Some(text.clone()), Some(text.clone()));
            let run = store.plan(plan, subscription.decided_until, at(10), None, at(10)).await.expect("written").expect("planned");
            let read = store.find_delivery(run.id).await.expect("read").expect("there");
            assert_eq!((read.body.as_deref(), read.more.as_deref()), (Some(text.as_str()), Some(text.as_str())));
            let seen = takeaways_store::PostIdentity { url: Some(text.clone()), ..post(&text, 1) };
            recorded(&store, &[seen], at(1)).await;
        }
        assert_eq!(store.list_subscriptions().await.expect("read").len(), 40);
    }
}
