//! Many digests at the same minute.

use jiff::SignedDuration;

use super::{Machine, hours};
use takeaways_digest::DeliveryState;

/// So many requests are under way at once.
const AT_ONCE: usize = 8;

async fn all_at_once(count: u64) {
    let mut machine = Machine::new("2026-11-20T08:00Z").await;
    for channel in 1..=count {
        // Those with an odd number a minute before the others.
        let schedule = if channel % 2 == 1 { "daily at 09:00" } else { "daily at 09:01" };
        machine.subscribe(channel, schedule).await;
    }
    machine.posts.publish(1);
    machine.time.pass(hours(1) + SignedDuration::from_mins(1));
    // In the middle it ends, first as it should and then as it should not.
    let stop = &machine.process().stop;
    let stopping = async {
        while machine.discord.world().posts < usize::try_from(count / 4).expect("a number") {
            tokio::task::yield_now().await;
        }
        stop.send_replace(true);
    };
    let (round, ()) = tokio::join!(machine.round(), stopping);
    let round = round.expect("a round");
    assert_eq!((round.open, round.failed), (0, 0));
    machine.start().await;
    let before = machine.discord.world().posts;
    assert_eq!(u32::try_from(before).expect("a number"), round.sent, "what was begun was finished");
    assert!(machine.round_until(usize::try_from(count).expect("a number")).await.is_none());
    machine.time.pass(SignedDuration::from_secs(2));
    machine.start().await;
    machine.settle().await;
    for channel in 1..=count {
        assert_eq!(machine.discord.keys(channel).len(), 1, "{channel}");
    }
    let posts = machine.discord.world().posts;
    assert!(posts <= usize::try_from(count).expect("a number") + AT_ONCE, "{posts}");
    assert!(machine.discord.world().most_under_way <= AT_ONCE);
    let log = machine.store().log_of_all(100_000).await.expect("the state");
    assert_eq!(log.len(), usize::try_from(count).expect("a number"));
    assert!(log.iter().all(|run| run.state == DeliveryState::Sent));
    let runs = machine.discord.world().order.clone();
    let first_of_second = runs.iter().position(|channel| channel % 2 == 0).expect("there are");
    let last_of_first = runs.iter().rposition(|channel| channel % 2 == 1).expect("there are");
    assert!(last_of_first < first_of_second + 2 * AT_ONCE, "{first_of_second} {last_of_first}");
}

#[tokio::test]
async fn a_thousand_at_the_same_minute_are_sent_in_order_and_none_is_lost() {
    all_at_once(1_000).await;
}

#[tokio::test]
#[ignore = "minutes: the nightly run has it"]
async fn ten_thousand_at_the_same_minute_are_sent_in_order_and_none_is_lost() {
    all_at_once(10_000).await;
}
