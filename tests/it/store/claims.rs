//! Deliveries from the planned run to the outcome, and claims with several processes and after the end of one.

use takeaways_digest::{DeliveryReason, DeliveryState};

use super::state::*;

on_both! {
    async fn f01_a_run_that_may_be_at_discord_is_looked_up_first(state: TestState) {
        let store = state.open().await;
        let subscription = store.subscribe(new_subscription(CHANNEL), 1).await.expect("it is made");
        let run = planned(&store, subscription.id, at(10)).await;
        claimed(&store, run.id, at(10)).await;
        store.close().await;
        drop(store);
        let store = state.open().await;
        let again = claimed(&store, run.id, at(30)).await;
        assert!(again.may_be_posted, "the one before may have sent it");
        assert_eq!((again.delivery.sending_since, again.delivery.epoch), (Some(at(10)), 2));
        let again = store.record_absent(&again, at(31)).await.expect("written").expect("still held");
        assert!(!again.may_be_posted && again.expires_at >= at(45), "{again:?}");
        assert_eq!(again.delivery.sending_since, Some(at(31)));
        assert!(store.record_sent(&again, 9, at(32)).await.expect("written"));
    }

    async fn what_was_refused_was_not_handed_over(state: TestState) {
        let store = state.open().await;
        let subscription = store.subscribe(new_subscription(CHANNEL), 1).await.expect("it is made");
        let run = planned(&store, subscription.id, at(10)).await;
        let claim = claimed(&store, run.id, at(10)).await;
        assert!(store.release(&claim, true, at(20)).await.expect("written"));
        assert!(store.claim(run.id, at(19), LEASE).await.expect("read").is_none(), "not yet");
        let claim = claimed(&store, run.id, at(20)).await;
        assert!(!claim.may_be_posted);
        assert!(store.release(&claim, false, at(30)).await.expect("written"), "a lost answer");
        let claim = claimed(&store, run.id, at(30)).await;
        assert!(claim.may_be_posted);
        assert!(store.release(&claim, true, at(40)).await.expect("written"));
        let claim = claimed(&store, run.id, at(40)).await;
        assert!(claim.may_be_posted, "that it was refused now says nothing of before");
        assert_eq!(claim.delivery.attempts, 4);
        assert_eq!(store.next_wakeup().await.expect("read"), Some(at(55)));
    }

    async fn f09_who_was_asleep_writes_nothing(state: TestState) {
        let store = state.open().await;
        let subscription = store.subscribe(new_subscription(CHANNEL), 1).await.expect("it is made");
        let run = planned(&store, subscription.id, at(10)).await;
        let old = claimed(&store, run.id, at(10)).await;
        assert!(store.claim(run.id, at(24), LEASE).await.expect("read").is_none());
        let new = claimed(&store, run.id, at(25)).await;
        assert_eq!(new.delivery.epoch, old.delivery.epoch + 1);
        assert!(!store.record_sent(&old, 1, at(40)).await.expect("read"));
        assert!(store.record_absent(&old, at(40)).await.expect("read").is_none());
        assert!(!store.release(&old, true, at(40)).await.expect("read"));
        assert!(store.record_failed(&old, takeaways_digest::DeliveryReason::Refused, at(40)).await.expect("read").is_none());
        assert!(!store.record_unknown(&old, at(40)).await.expect("read"));
        assert!(store.record_sent(&new, 2, at(41)).await.expect("written"));
        let log = store.recent_runs(subscription.id, 1).await.expect("read");
        assert_eq!((log[0].state, log[0].message), (DeliveryState::Sent, Some(2)));
    }

    async fn a_claim_of_a_clock_that_was_far_ahead_is_not_waited_for(state: TestState) {
        let store = state.open().await;
        let subscription = store.subscribe(new_subscription(CHANNEL), 1).await.expect("it is made");
        let run = planned(&store, subscription.id, at(10)).await;
        claimed(&store, run.id, at(31_536_000)).await;
        assert_eq!(store.open_deliveries(at(20)).await.expect("read").len(), 1);
        assert!(claimed(&store, run.id, at(20)).await.may_be_posted);
    }
}

#[tokio::test]
async fn on_a_file_the_claim_of_a_dead_process_is_taken_over_at_once() {
    let state = TestState::sqlite();
    let store = state.open().await;
    let subscription = store.subscribe(new_subscription(CHANNEL), 1).await.expect("it is made");
    let run = planned(&store, subscription.id, at(10)).await;
    claimed(&store, run.id, at(10)).await;
    assert!(!store.is_shared());
    assert!(store.claim(run.id, at(11), LEASE).await.expect("read").is_none(), "this process has it");
    assert_eq!(store.open_deliveries(at(11)).await.expect("read"), []);
    drop(store);
    let store = state.open().await;
    assert_eq!(store.open_deliveries(at(11)).await.expect("read").len(), 1);
    assert!(claimed(&store, run.id, at(11)).await.may_be_posted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn f08_of_two_processes_on_one_postgresql_one_sends() {
    let Some(state) = TestState::postgres().await else { return };
    let stores = [state.open().await, state.open().await, state.open().await];
    assert!(stores[0].is_shared());
    assert_eq!(stores[0].state_id(), stores[1].state_id());
    let subscription = stores[0].subscribe(new_subscription(CHANNEL), 1).await.expect("it is made");
    for slot in 1..=20 {
        let now = stores[0].find_subscription(subscription.id).await.expect("read").expect("there");
        let mut plans = tokio::task::JoinSet::new();
        for store in stores.clone() {
            let plan = run_of(&store, &now, at(slot));
            plans.spawn(async move { store.plan(plan, now.decided_until, at(slot), None, at(slot)).await });
        }
        let planned: Vec<_> =
            plans.join_all().await.into_iter().filter_map(|plan| plan.expect("written")).collect();
        assert_eq!(planned.len(), 1, "{slot}");
        let mut claims = tokio::task::JoinSet::new();
        for store in stores.clone() {
            let id = planned[0].id;
            claims.spawn(async move { store.claim(id, at(slot), LEASE).await });
        }
        let claimed: Vec<_> =
            claims.join_all().await.into_iter().filter_map(|claim| claim.expect("written")).collect();
        assert_eq!(claimed.len(), 1, "{slot}");
        assert!(stores[2].record_sent(&claimed[0], 1, at(slot)).await.expect("written"));
    }
}

on_both! {
    async fn a_run_is_planned_claimed_and_sent(state: TestState) {
        let store = state.open().await;
        let seen = recorded(&store, &[post("a", 1), post("b", 2)], at(0)).await;
        assert!(seen.iter().all(|post| post.is_initial), "{seen:?}");
        let subscription = store.subscribe(new_subscription(CHANNEL), 1).await.expect("it is made");
        assert_eq!((subscription.covered_until, subscription.decided_until, subscription.was_delivered), (2, at(0), false));
        assert_eq!(subscription.definition, new_subscription(CHANNEL));
        let planned = planned(&store, subscription.id, at(10)).await;
        assert_eq!(store.open_deliveries(at(9)).await.expect("read"), []);
        assert_eq!(store.open_deliveries(at(10)).await.expect("read")[0].body, planned.body);
        let claim = claimed(&store, planned.id, at(11)).await;
        assert!(!claim.may_be_posted);
        assert_eq!((claim.expires_at, claim.delivery.epoch, claim.delivery.attempts), (at(26), 1, 1));
        assert!(store.record_sent(&claim, u64::MAX - 1, at(12)).await.expect("written"));
        assert!(store.record_sent(&claim, u64::MAX - 1, at(12)).await.expect("written"), "said again");
        let sent = store.find_by_message(u64::MAX - 1).await.expect("read").expect("there");
        assert_eq!((sent.state, sent.body, sent.more.as_deref()), (DeliveryState::Sent, None, Some("[\"more\"]")));
        let after = store.find_subscription(subscription.id).await.expect("read").expect("there");
        assert_eq!((after.covered_until, after.was_delivered, after.failures), (5, true, 0));
        assert_eq!(store.open_deliveries(at(99)).await.expect("read"), []);
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
