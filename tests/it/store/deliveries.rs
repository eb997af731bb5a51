//! Deliveries from the planned run to the outcome.

use takeaways_digest::{DeliveryReason, DeliveryState};

use super::state::*;

on_both! {
    async fn a_run_is_planned_claimed_and_sent(state: TestState) {
        let store = state.open().await;
        let seen = recorded(&store, &[post("a", 1), post("b", 2)], at(0)).await;
        assert!(seen.iter().all(|post| post.is_initial), "{seen:?}");
        let subscription = store.subscribe(new_subscription(CHANNEL), 1).await.expect("it is made");
        assert_eq!((subscription.covered_until, subscription.decided_until, subscription.was_delivered), (2, at(0), false));
        assert_eq!(subscription.definition, new_subscription(CHANNEL));
        let planned = planned(&store, subscription.id, at(10)).await;
        assert_eq!(store.open_deliveries(at(9), 10).await.expect("read"), []);
        assert_eq!(store.open_deliveries(at(10), 10).await.expect("read")[0].body, planned.body);
        let claim = claimed(&store, planned.id, at(11)).await;
        assert!(!claim.may_be_posted);
        assert_eq!((claim.expires_at, claim.delivery.epoch, claim.delivery.attempts), (at(26), 1, 1));
        assert!(store.record_sent(&claim, u64::MAX - 1, at(12)).await.expect("written"));
        assert!(store.record_sent(&claim, u64::MAX - 1, at(12)).await.expect("written"), "said again");
        let sent = store.find_by_message(u64::MAX - 1).await.expect("read").expect("there");
        assert_eq!((sent.state, sent.body, sent.more.as_deref()), (DeliveryState::Sent, None, Some("[\"more\"]")));
        let after = store.find_subscription(subscription.id).await.expect("read").expect("there");
        assert_eq!((after.covered_until, after.was_delivered, after.failures), (5, true, 0));
        assert_eq!(store.open_deliveries(at(99), 10).await.expect("read"), []);
    }

    async fn the_ledger_holds_a_slot_once(state: TestState) {
        let store = state.open().await;
        let subscription = store.subscribe(new_subscription(CHANNEL), 1).await.expect("it is made");
        planned(&store, subscription.id, at(10)).await;
        let now = store.find_subscription(subscription.id).await.expect("read").expect("there");
        let again = store.plan(run_of(&store, &now, at(10)), now.decided_until, at(20), Some(at(30)), at(20)).await;
        assert_eq!(again.expect("written"), None);
        let moved = store.find_subscription(subscription.id).await.expect("read").expect("there");
        assert_eq!((moved.decided_until, moved.next_run), (at(20), Some(at(30))));
        let stale = store.plan(run_of(&store, &now, at(15)), at(10), at(25), None, at(25)).await;
        assert_eq!(stale.expect("written"), None, "somebody else has decided since");
        assert_eq!(store.recent_runs(subscription.id, 9).await.expect("read").len(), 1);
    }

    async fn failures_are_counted_until_one_is_sent(state: TestState) {
        let store = state.open().await;
        let subscription = store.subscribe(new_subscription(CHANNEL), 1).await.expect("it is made");
        for (slot, failures) in [(10, 1), (20, 2)] {
            let run = planned(&store, subscription.id, at(slot)).await;
            let claim = claimed(&store, run.id, at(slot)).await;
            for _ in 0..2 {
                let counted = store.record_failed(&claim, DeliveryReason::NoPermission, at(slot)).await.expect("written");
                assert_eq!(counted, Some(failures));
            }
        }
        let run = planned(&store, subscription.id, at(30)).await;
        let claim = claimed(&store, run.id, at(30)).await;
        assert!(store.record_unknown(&claim, at(31)).await.expect("written"));
        assert!(!store.record_sent(&claim, 5, at(31)).await.expect("written"), "it is over");
        let now = store.find_subscription(subscription.id).await.expect("read").expect("there");
        assert_eq!((now.failures, now.covered_until, now.was_delivered), (2, 5, true));
        let states: Vec<DeliveryState> =
            store.recent_runs(subscription.id, 9).await.expect("read").into_iter().map(|run| run.state).collect();
        assert_eq!(states, [DeliveryState::Unknown, DeliveryState::Failed, DeliveryState::Failed]);
    }
}
