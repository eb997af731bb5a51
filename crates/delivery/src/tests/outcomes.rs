//! The outcomes of a digest (sent, late, unknown, failed), and many digests in the same minute.

use std::time::Duration;

use jiff::SignedDuration;

use super::memory_discord::RequestFault;
use super::{TestMachine, hours, minutes, moment};
use takeaways_digest::{DeliveryReason, DeliveryState};

/// The most requests that are in flight at once.
const MAX_CONCURRENT: usize = 8;

#[tokio::test]
async fn a_digest_is_there_once_and_the_next_one_holds_what_came_since() {
    let machine = TestMachine::new("2026-11-20T08:00Z").await;
    let subscription = machine.subscribe(1, "daily at 09:00").await;
    machine.posts.publish(3);
    machine.settle().await;
    assert!(machine.discord.keys(1).is_empty(), "it is not time");
    machine.time.pass_until(moment("2026-11-20T09:00Z"));
    machine.settle().await;
    machine.settle().await;
    machine.posts.publish(2);
    machine.time.pass_until(moment("2026-11-21T09:00:01Z"));
    machine.settle().await;
    let texts: Vec<String> =
        machine.discord.state().channels[&1].iter().map(|posted| posted.text.clone()).collect();
    assert_eq!(texts.len(), 2);
    assert!(texts[0].starts_with("1 to 3\n") && texts[1].starts_with("4 to 5\n"), "{texts:?}");
    let log = machine.log(subscription.id).await;
    assert_eq!(log.iter().map(|run| run.state).collect::<Vec<_>>(), [DeliveryState::Sent; 2]);
    assert!(!log[0].is_late && log[0].message.is_some());
}

#[tokio::test]
async fn nothing_new_is_in_the_log_and_nowhere_else() {
    let machine = TestMachine::new("2026-11-20T08:00Z").await;
    let subscription = machine.subscribe(1, "daily at 09:00").await;
    machine.time.pass(hours(2));
    machine.settle().await;
    assert!(machine.discord.keys(1).is_empty());
    assert_eq!(machine.log(subscription.id).await[0].state, DeliveryState::Empty);
}

#[tokio::test]
async fn what_is_surely_absent_among_a_thousand_messages_is_sent() {
    let machine = TestMachine::new("2026-11-20T09:00Z").await;
    machine.subscribe(1, "daily at 10:00").await;
    machine.posts.publish(1);
    machine.discord.state().faults.push_back(RequestFault::Before);
    machine.time.pass(hours(1));
    machine.round().await.expect("a round");
    machine.discord.post_by_others(1, 1_000);
    machine.time.pass(minutes(10));
    machine.settle().await;
    assert_eq!(machine.discord.keys(1).len(), 1);
}

#[tokio::test]
async fn a_limit_is_waited_for_and_is_no_failure() {
    let machine = TestMachine::new("2026-11-20T09:00Z").await;
    let subscription = machine.subscribe(1, "daily at 10:00").await;
    machine.posts.publish(1);
    machine.discord.state().faults.push_back(RequestFault::Limited(Duration::from_mins(5)));
    machine.time.pass(hours(1));
    machine.round().await.expect("a round");
    let run = &machine.log(subscription.id).await[0];
    assert_eq!((run.state, run.sending_since), (DeliveryState::Planned, None));
    assert!(run.not_before >= machine.time.now() + minutes(5));
    machine.round().await.expect("a round");
    assert_eq!(machine.discord.state().posts, 1, "not before its time");
    machine.settle().await;
    assert_eq!(machine.discord.keys(1).len(), 1);
    let text = machine.discord.state().channels[&1][0].text.clone();
    assert!(text.contains("-# late; due <t:"), "{text}");
}

#[tokio::test]
async fn what_could_not_be_sent_in_its_time_is_given_up_and_the_next_run_covers_it() {
    let machine = TestMachine::new("2026-11-20T09:00Z").await;
    let subscription = machine.subscribe(1, "daily at 10:00").await;
    machine.posts.publish(1);
    machine.discord.state().is_down = true;
    machine.time.pass(hours(1));
    machine.round().await.expect("a round");
    machine.time.pass(hours(13));
    machine.round().await.expect("a round");
    machine.discord.state().is_down = false;
    machine.time.pass(minutes(5));
    machine.settle().await;
    let run = &machine.log(subscription.id).await[0];
    assert_eq!((run.state, run.reason), (DeliveryState::Failed, Some(DeliveryReason::Unreachable)));
    machine.posts.publish(1);
    machine.time.pass_until(moment("2026-11-21T10:00Z"));
    machine.settle().await;
    let texts = machine.discord.state().channels[&1].clone();
    assert_eq!(texts.len(), 1);
    assert!(texts[0].text.starts_with("1 to 2\n"), "{}", texts[0].text);
}

#[tokio::test]
async fn f31_a_clock_that_jumps_repeats_nothing_and_loses_nothing() {
    let jumps = [hours(1), hours(-1), hours(24 * 365), hours(-24)];
    for (at, jump) in jumps.into_iter().enumerate() {
        let machine = TestMachine::new("2026-11-20T09:00Z").await;
        let subscription = machine.subscribe(1, "daily at 10:00").await;
        machine.posts.publish(1);
        machine.time.pass(minutes(59));
        machine.settle().await;
        machine.time.set_offset(jump);
        machine.settle().await;
        machine.time.pass(minutes(20));
        machine.settle().await;
        let early = machine.discord.keys(1).len();
        assert!(early <= 1, "{at}: no storm");
        machine.time.set_offset(SignedDuration::ZERO);
        machine.settle().await;
        machine.time.pass(minutes(20));
        machine.settle().await;
        // The run at 10:00 has been sent once by now, by either clock.
        assert_eq!(machine.discord.keys(1).len(), 1, "{at}");
        for day in 0..3 {
            machine.posts.publish(1);
            machine.time.pass(hours(24));
            machine.settle().await;
            assert_eq!(machine.discord.keys(1).len(), 2 + day, "{at}: day {day}");
        }
        let sent =
            machine.log(subscription.id).await.iter().filter(|run| run.state == DeliveryState::Sent).count();
        assert_eq!(sent, 4, "{at}");
    }
}

#[tokio::test]
async fn f31_a_clock_that_goes_forth_and_back_within_a_round_is_noticed() {
    for poll in 0..8 {
        let machine = TestMachine::new("2026-11-20T10:30Z").await;
        machine.subscribe(1, "daily at 10:00").await;
        machine.settle().await;
        machine.round_with(poll, || machine.time.set_offset(hours(24 * 365))).await;
        machine.time.set_offset(SignedDuration::ZERO);
        // The next check comes within half a minute.
        machine.settle().await;
        for day in 1..=2 {
            machine.posts.publish(1);
            machine.time.pass(hours(24));
            machine.settle().await;
            assert_eq!(machine.discord.keys(1).len(), day, "{poll}: day {day}");
        }
    }
}

async fn all_at_once(count: u64) {
    let mut machine = TestMachine::new("2026-11-20T08:00Z").await;
    for channel in 1..=count {
        // Channels with an odd number are due a minute before the others.
        let schedule = if channel % 2 == 1 { "daily at 09:00" } else { "daily at 09:01" };
        machine.subscribe(channel, schedule).await;
    }
    machine.posts.publish(1);
    machine.time.pass(hours(1) + SignedDuration::from_mins(1));
    // The process ends in the middle, first in an orderly way and then by a crash.
    let stop = &machine.process().stop;
    let stopping = async {
        while machine.discord.state().posts < usize::try_from(count / 4).expect("a number") {
            tokio::task::yield_now().await;
        }
        stop.send_replace(true);
    };
    let (round, ()) = tokio::join!(machine.round(), stopping);
    let round = round.expect("a round");
    assert_eq!((round.open, round.failed.len()), (0, 0));
    machine.start().await;
    let before = machine.discord.state().posts;
    assert_eq!(u32::try_from(before).expect("a number"), round.sent, "what was begun was finished");
    assert!(machine.round_until(usize::try_from(count).expect("a number")).await.is_none());
    machine.time.pass(SignedDuration::from_secs(2));
    machine.start().await;
    machine.settle().await;
    for channel in 1..=count {
        assert_eq!(machine.discord.keys(channel).len(), 1, "{channel}");
    }
    let posts = machine.discord.state().posts;
    assert!(posts <= usize::try_from(count).expect("a number") + MAX_CONCURRENT, "{posts}");
    assert!(machine.discord.state().max_in_flight <= MAX_CONCURRENT);
    let log = machine.store().recent_runs_of_all(100_000).await.expect("the state");
    assert_eq!(log.len(), usize::try_from(count).expect("a number"));
    assert!(log.iter().all(|run| run.state == DeliveryState::Sent));
    let runs = machine.discord.state().order.clone();
    let first_of_second = runs.iter().position(|channel| channel % 2 == 0).expect("there are");
    let last_of_first = runs.iter().rposition(|channel| channel % 2 == 1).expect("there are");
    assert!(last_of_first < first_of_second + 2 * MAX_CONCURRENT, "{first_of_second} {last_of_first}");
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

#[tokio::test]
async fn f22_ten_minutes_without_discord_make_digests_late_and_nothing_else() {
    let machine = TestMachine::new("2026-11-20T09:00Z").await;
    let mut all = Vec::new();
    for channel in 1..=30 {
        all.push(machine.subscribe(channel, "daily at 10:00").await);
    }
    machine.posts.publish(1);
    machine.discord.state().is_down = true;
    machine.time.pass(hours(1));
    let down_until = machine.time.now() + minutes(10);
    while machine.time.now() < down_until {
        machine.round().await.expect("a round");
        machine.time.pass(SignedDuration::from_secs(5));
    }
    let tries = machine.discord.state().posts;
    assert!(tries < 30 * 25, "{tries} tries are no patience");
    machine.discord.state().is_down = false;
    machine.settle().await;
    for (channel, subscription) in (1..).zip(all) {
        assert_eq!(machine.discord.keys(channel).len(), 1, "{channel}");
        assert_eq!(machine.log(subscription.id).await[0].state, DeliveryState::Sent);
    }
}

#[tokio::test]
async fn a_run_that_is_due_before_another_was_sent_holds_only_what_is_new() {
    let machine = TestMachine::new("2026-11-20T08:30Z").await;
    let subscription = machine.subscribe(1, "0 * * * *").await;
    machine.posts.publish(2);
    // The message of 09:00 is there, and the answer is lost. Then Discord can't be reached for more than an hour.
    machine.discord.state().faults.push_back(RequestFault::After);
    machine.time.pass_until(moment("2026-11-20T09:00Z"));
    machine.round().await.expect("a round");
    assert_eq!(machine.discord.keys(1).len(), 1);
    machine.discord.state().is_down = true;
    for minute in ["09:10", "10:00", "10:01"] {
        machine.time.pass_until(moment(&format!("2026-11-20T{minute}Z")));
        machine.round().await.expect("a round");
    }
    let wakeup = machine.store().next_wakeup().await.expect("the state").expect("a time");
    assert!(wakeup > moment("2026-11-20T10:00Z"), "the run of ten waits for that of nine: {wakeup}");
    machine.discord.state().is_down = false;
    machine.posts.publish(1);
    machine.time.pass_until(moment("2026-11-20T10:05Z"));
    machine.settle().await;
    let texts: Vec<String> =
        machine.discord.state().channels[&1].iter().map(|posted| posted.text.clone()).collect();
    assert_eq!(texts.len(), 2, "{texts:?}");
    assert!(texts[0].starts_with("1 to 2\n") && texts[1].starts_with("3 to 3\n"), "{texts:?}");
    let log = machine.log(subscription.id).await;
    assert_eq!(log.iter().map(|run| run.state).collect::<Vec<_>>(), [DeliveryState::Sent; 2]);
}
