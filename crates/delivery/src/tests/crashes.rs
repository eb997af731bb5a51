//! A process that crashes at every step of a delivery.

use std::collections::BTreeMap;

use fastrand::Rng;
use jiff::SignedDuration;

use super::memory_discord::RequestFault;
use super::{TestMachine, hours, minutes};
use takeaways_digest::{DeliveryReason, DeliveryState, Subscription, Target};

/// The number of steps of a usual delivery, at each of which the process waits for something.
const STEPS: usize = 26;
/// An upper bound of the steps of the longest delivery.
const MAX_STEPS: usize = 90;

/// How long a process is down, in seconds: restarts by a supervisor, of a machine, by a person.
const RESTART_SECONDS: [f64; 6] = [0.2, 3.0, 45.0, 90.0, 600.0, 2_400.0];

/// The point at which a delivery was interrupted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum CutPoint {
    /// It was not interrupted.
    Never,
    /// Before the message was posted.
    Before,
    /// After the message was posted, before the state knew it.
    After,
    /// After the outcome was recorded.
    End,
}

/// Interrupts a delivery at a step, with failing requests before and after it, and checks the result.
async fn run_with_crash(machine: &mut TestMachine, seed: u64) -> CutPoint {
    let mut rng = Rng::with_seed(seed);
    fastrand::seed(seed);
    let step = usize::try_from(seed).expect("a few") % STEPS;
    let channel = 1 + seed;
    let subscription = machine.subscribe(channel, "0 * * * *").await;
    let before = machine.posts.count();
    machine.posts.publish(2);
    machine.time.pass_until(subscription.next_run.expect("a run"));
    machine.time.pass(SignedDuration::from_secs(rng.i64(0..20)));
    for _ in 0..rng.usize(0..3) {
        let faults = [
            RequestFault::Before,
            RequestFault::After,
            RequestFault::Limited(std::time::Duration::from_secs(rng.u64(1..40))),
        ];
        machine.discord.state().faults.push_back(faults[rng.usize(0..3)]);
    }
    // The failures may need several rounds, and the crash may come in any of them.
    for _ in 0..rng.usize(0..2) {
        machine.round().await.expect("a round");
        machine.time.pass(SignedDuration::from_secs(rng.i64(1..90)));
    }
    let mut cut = CutPoint::Never;
    if machine.round_until(step).await.is_none() {
        cut = find_cut_point(machine, &subscription).await;
        machine.kill();
        machine
            .time
            .pass(SignedDuration::from_secs_f64(RESTART_SECONDS[rng.usize(0..RESTART_SECONDS.len())]));
        if rng.bool() {
            machine.discord.post_by_others(channel, rng.usize(0..220));
        }
        machine.start().await;
    }
    machine.settle().await;
    let log = machine.log(subscription.id).await;
    // After more than half an hour an hourly run may be missed, and the log says so.
    let is_missed = log[0]
        .reason
        .is_some_and(|reason| matches!(reason, DeliveryReason::Missed | DeliveryReason::Unreachable));
    let keys = machine.discord.keys(channel);
    assert_eq!(keys.len(), usize::from(!is_missed), "seed {seed}: {log:?}");
    assert!(is_missed || log[0].state == DeliveryState::Sent, "seed {seed}: {log:?}");
    assert!(
        !is_missed || machine.time.now().duration_since(log[0].slot) > minutes(30),
        "seed {seed}: {log:?}"
    );
    // New posts and skipped ones are in the next digest; no post is in both.
    machine.posts.publish(1);
    let next = machine
        .store()
        .find_subscription(subscription.id)
        .await
        .expect("the state")
        .expect("it is there")
        .next_run;
    machine.time.pass_until(next.expect("a run"));
    machine.settle().await;
    let posted = machine.discord.state().channels[&channel].clone();
    let ours: Vec<&str> = posted.iter().filter(|it| it.is_ours).map(|it| it.text.as_str()).collect();
    let all = before + 3;
    let expected = if is_missed { vec![(1, all)] } else { vec![(1, all - 1), (all, all)] };
    assert_eq!(ours.len(), expected.len(), "seed {seed}: {ours:?}");
    for ((from, to), text) in expected.into_iter().zip(ours) {
        assert!(text.starts_with(&format!("{from} to {to}\n")), "seed {seed}: {from} to {to} in {text:?}");
    }
    machine.store().remove(super::SERVER, subscription.id, machine.time.now()).await.expect("the state");
    cut
}

async fn find_cut_point(machine: &TestMachine, subscription: &Subscription) -> CutPoint {
    let is_posted =
        machine.discord.state().order.iter().any(|channel| Some(*channel) == channel_of(subscription));
    let is_recorded =
        machine.log(subscription.id).await.first().is_some_and(|run| run.state == DeliveryState::Sent);
    match (is_posted, is_recorded) {
        (false, _) => CutPoint::Before,
        (true, false) => CutPoint::After,
        (true, true) => CutPoint::End,
    }
}

fn channel_of(subscription: &Subscription) -> Option<u64> {
    match subscription.definition.target {
        Target::Channel { channel, .. } => Some(channel),
        Target::Person(_) => None,
    }
}

async fn seeds(seeds: std::ops::Range<u64>) {
    let mut machine = TestMachine::new("2026-11-20T08:00Z").await;
    let mut cuts: BTreeMap<CutPoint, usize> = BTreeMap::new();
    for seed in seeds {
        *cuts.entry(run_with_crash(&mut machine, seed).await).or_default() += 1;
    }
    // Otherwise the runs would not have survived a crash.
    assert!(cuts[&CutPoint::Before] >= 50 && cuts[&CutPoint::After] >= 10, "{cuts:?}");
}

macro_rules! shards {
    ($($name:ident: $range:expr;)*) => {$(
        #[tokio::test]
        async fn $name() {
            seeds($range).await;
        }
    )*};
}

// A thousand seeds, in parts, because tests run in parallel.
shards! {
    f03_a_crash_at_every_step_repeats_nothing_and_loses_nothing_1: 0..250;
    f03_a_crash_at_every_step_repeats_nothing_and_loses_nothing_2: 250..500;
    f03_a_crash_at_every_step_repeats_nothing_and_loses_nothing_3: 500..750;
    f03_a_crash_at_every_step_repeats_nothing_and_loses_nothing_4: 750..1_000;
}

#[tokio::test]
async fn the_way_has_no_more_steps_than_are_tried() {
    let machine = TestMachine::new("2026-11-20T08:00Z").await;
    machine.subscribe(1, "daily at 09:00").await;
    machine.posts.publish(1);
    machine.time.pass(hours(2));
    machine.discord.state().faults.push_back(RequestFault::Before);
    machine.round().await.expect("a round");
    machine.time.pass(SignedDuration::from_mins(10));
    // The longest delivery: the history is read, the message is absent, and it is sent.
    assert!(machine.round_until(MAX_STEPS).await.is_some(), "there are more steps");
    assert_eq!(machine.discord.keys(1).len(), 1);
}
