//! F31: clocks that go back, and skipped runs.

use takeaways_digest::{DeliveryReason, DeliveryState, SkippedRuns};

use super::state::*;

const DAY: i64 = 86_400;

on_both! {
    async fn f31_what_was_decided_ahead_is_open_again_but_not_what_was_sent(state: TestState) {
        let store = state.open().await;
        // 2027-01-15T08:00Z, and a run at 09:00 each day.
        let subscription = store.subscribe(new_subscription(CHANNEL), 1).await.expect("it is made");
        let first = 3_600;
        assert_eq!(subscription.next_run, Some(at(first)));
        let run = planned(&store, subscription.id, at(first)).await;
        let claim = claimed(&store, run.id, at(first)).await;
        store.record_sent(&claim, 1, at(first)).await.expect("written");
        // The clock jumps ahead: two runs are skipped, the next is planned, one more is empty.
        let skip = SkippedRuns { first: at(first + DAY), last: at(first + 2 * DAY), count: 2 };
        let until = at(first + 3 * DAY - 1);
        let next = Some(at(first + 3 * DAY));
        store.skip(subscription.id, Some(skip), DeliveryReason::Missed, until, next, until).await.expect("written");
        let ahead = planned(&store, subscription.id, at(first + 3 * DAY)).await;
        let now = store.find_subscription(subscription.id).await.expect("read").expect("there");
        let mut empty = run_of(&store, &now, at(first + 4 * DAY));
        empty.message.body = None;
        let slot = empty.slot;
        let done = store.plan(empty, now.decided_until, slot, None, slot).await.expect("written").expect("planned");
        assert_eq!((done.state, done.ended_at), (DeliveryState::Empty, Some(slot)));
        // The clock goes back to a time between the two skipped runs.
        let back = at(first + DAY + 60);
        assert_eq!(store.reopen_after_clock_rollback(back).await.expect("written"), 1);
        assert_eq!(store.reopen_after_clock_rollback(back).await.expect("written"), 0, "once is enough");
        let now = store.find_subscription(subscription.id).await.expect("read").expect("there");
        assert_eq!((now.decided_until, now.next_run), (back, Some(at(first + 2 * DAY))));
        let log = store.recent_runs(subscription.id, 9).await.expect("read");
        let states: Vec<_> = log.iter().map(|run| (run.state, run.slot, run.last_slot, run.slots)).collect();
        assert_eq!(
            states,
            [
                (DeliveryState::Planned, at(first + 3 * DAY), at(first + 3 * DAY), 1),
                (DeliveryState::Skipped, at(first + DAY), at(first + DAY), 1),
                (DeliveryState::Sent, at(first), at(first), 1),
            ]
        );
        assert_eq!(store.recorded_slots(subscription.id, back).await.expect("read").into_iter().collect::<Vec<_>>(), [ahead.slot]);
        assert!(store.claim(ahead.id, back, LEASE).await.expect("read").is_none(), "in its own time");
        claimed(&store, ahead.id, ahead.slot).await;
    }

    async fn f33_skipped_runs_of_one_reason_are_one_row(state: TestState) {
        let store = state.open().await;
        let subscription = store.subscribe(new_subscription(CHANNEL), 1).await.expect("it is made");
        let skip = |first: i64, last: i64, count| Some(SkippedRuns { first: at(first), last: at(last), count });
        store.skip(subscription.id, skip(10, 30, 3), DeliveryReason::Missed, at(35), Some(at(40)), at(35)).await.expect("written");
        store.skip(subscription.id, skip(10, 30, 3), DeliveryReason::Missed, at(35), Some(at(40)), at(35)).await.expect("another one");
        store.skip(subscription.id, skip(40, 40, 1), DeliveryReason::Missed, at(45), Some(at(50)), at(45)).await.expect("written");
        store.skip(subscription.id, skip(50, 50, 1), DeliveryReason::Paused, at(55), None, at(55)).await.expect("written");
        store.skip(subscription.id, None, DeliveryReason::Missed, at(60), Some(at(70)), at(60)).await.expect("written");
        store.skip(subscription.id, None, DeliveryReason::Missed, at(50), Some(at(51)), at(60)).await.expect("not back");
        let log = store.recent_runs(subscription.id, 9).await.expect("read");
        let rows: Vec<_> = log.iter().map(|run| (run.reason, run.slot, run.last_slot, run.slots)).collect();
        assert_eq!(
            rows,
            [(Some(DeliveryReason::Paused), at(50), at(50), 1), (Some(DeliveryReason::Missed), at(10), at(40), 4)]
        );
        let now = store.find_subscription(subscription.id).await.expect("read").expect("there");
        assert_eq!((now.decided_until, now.next_run), (at(60), Some(at(70))));
        let again = planned(&store, subscription.id, at(70)).await;
        assert_eq!(again.slot, at(70));
    }

    async fn those_that_wait_come_in_the_order_of_their_runs(state: TestState) {
        let store = state.open().await;
        let mut subscription = Vec::new();
        for minute in [30, 10, 20, 10] {
            let mut one = new_subscription(CHANNEL);
            one.schedule = format!("daily at 09:{minute}").parse().expect("a schedule");
            subscription.push(store.subscribe(one, 9).await.expect("it is made").id);
        }
        let ids = |found: &[takeaways_digest::Subscription]| found.iter().map(|one| one.id).collect::<Vec<_>>();
        assert_eq!(store.next_wakeup().await.expect("read"), Some(at(3_600 + 600)));
        assert_eq!(store.list_due(at(3_600)).await.expect("read"), []);
        let all = store.list_due(at(9_000)).await.expect("read");
        assert_eq!(ids(&all), [subscription[1], subscription[3], subscription[2], subscription[0]]);
    }
}
