//! Subscriptions that fail, are paused, and resume.

use super::memory_discord::DIRECT;
use super::{SERVER, TestMachine, hours, moment};
use takeaways_digest::{DeliveryReason, DeliveryState, PauseReason, Subscription, SubscriptionStatus};

/// The person who made all subscriptions.
const MAKER: u64 = 7 + DIRECT;

async fn pass_a_day(machine: &TestMachine) {
    machine.posts.publish(1);
    machine.time.pass(hours(24));
    machine.settle().await;
}

async fn reload(machine: &TestMachine, subscription: &Subscription) -> Subscription {
    machine.store().find_subscription(subscription.id).await.expect("the state").expect("it is there")
}

fn pause_reason(subscription: &Subscription) -> Option<PauseReason> {
    match subscription.status {
        SubscriptionStatus::Active => None,
        SubscriptionStatus::Paused { reason, .. } => Some(reason),
    }
}

#[tokio::test]
async fn f21_three_refusals_in_a_row_pause_one_digest_and_are_told_once() {
    let machine = TestMachine::new("2026-11-20T10:01Z").await;
    let (subscription, other) =
        (machine.subscribe(1, "daily at 10:00").await, machine.subscribe(2, "daily at 10:00").await);
    machine.discord.state().refused.insert(1, DeliveryReason::NoPermission);
    for day in 1..=3 {
        assert_eq!(pause_reason(&reload(&machine, &subscription).await), None, "day {day}");
        pass_a_day(&machine).await;
    }
    assert_eq!(pause_reason(&reload(&machine, &subscription).await), Some(PauseReason::NoPermission));
    for _ in 0..3 {
        pass_a_day(&machine).await;
    }
    let notices = machine.discord.state().channels[&MAKER].clone();
    assert_eq!(notices.len(), 1);
    assert!(notices[0].text.contains("is paused: I may not post there"), "{}", notices[0].text);
    let log = machine.log(subscription.id).await;
    assert_eq!(
        (log[0].state, log[0].reason, log[0].slots),
        (DeliveryState::Skipped, Some(DeliveryReason::Paused), 3)
    );
    assert_eq!(log.iter().filter(|run| run.state == DeliveryState::Failed).count(), 3);
    assert_eq!(machine.discord.keys(2).len(), 6, "others are untouched");
    assert_eq!(pause_reason(&reload(&machine, &other).await), None);
    // One check for each run, and one that found the reason.
    assert_eq!(machine.discord.state().permission_checks, 4);
    // It resumes at the first run after the permission is back, with all the posts that it missed.
    machine.discord.state().refused.clear();
    pass_a_day(&machine).await;
    assert_eq!(pause_reason(&reload(&machine, &subscription).await), None);
    let posted = machine.discord.state().channels[&1].clone();
    assert_eq!(posted.len(), 1);
    assert!(posted[0].text.starts_with("1 to 7\n"), "{}", posted[0].text);
}

#[tokio::test]
async fn a_change_in_the_server_ends_a_pause_before_the_next_run() {
    let machine = TestMachine::new("2026-11-20T10:01Z").await;
    let subscription = machine.subscribe(1, "daily at 10:00").await;
    machine.discord.state().refused.insert(1, DeliveryReason::NoPermission);
    for _ in 0..3 {
        pass_a_day(&machine).await;
    }
    let service = &machine.process().service;
    service.context().recheck_server(SERVER).await.expect("the state");
    assert_eq!(
        pause_reason(&reload(&machine, &subscription).await),
        Some(PauseReason::NoPermission),
        "nothing is better yet"
    );
    machine.discord.state().refused.clear();
    service.context().recheck_server(SERVER + 1).await.expect("the state");
    assert_eq!(
        pause_reason(&reload(&machine, &subscription).await),
        Some(PauseReason::NoPermission),
        "another server"
    );
    service.context().recheck_server(SERVER).await.expect("the state");
    assert_eq!(pause_reason(&reload(&machine, &subscription).await), None);
}

#[tokio::test]
async fn f21_the_deletion_of_a_channel_pauses_its_digests_at_once_and_is_told_once() {
    let machine = TestMachine::new("2026-11-20T10:01Z").await;
    let (subscription, other) = (
        machine.subscribe(1, "monthly on the 1st at 10:00").await,
        machine.subscribe(2, "daily at 10:00").await,
    );
    let service = &machine.process().service;
    service.context().handle_channel_deleted(SERVER + 1, 1).await.expect("the state");
    assert_eq!(pause_reason(&reload(&machine, &subscription).await), None, "another server");
    for _ in 0..2 {
        service.context().handle_channel_deleted(SERVER, 1).await.expect("the state");
    }
    assert_eq!(pause_reason(&reload(&machine, &subscription).await), Some(PauseReason::NoChannel));
    assert_eq!(pause_reason(&reload(&machine, &other).await), None);
    assert_eq!(machine.discord.state().channels[&MAKER].len(), 1);
}

#[tokio::test]
async fn a_server_that_is_gone_pauses_its_digests_until_it_is_back() {
    let machine = TestMachine::new("2026-11-20T10:01Z").await;
    let subscription = machine.subscribe(1, "daily at 10:00").await;
    let service = &machine.process().service;
    service.context().reconcile_servers(&[1, 2].into()).await.expect("the state");
    assert_eq!(pause_reason(&reload(&machine, &subscription).await), Some(PauseReason::NoServer));
    pass_a_day(&machine).await;
    service.context().reconcile_servers(&[1, SERVER].into()).await.expect("the state");
    assert_eq!(pause_reason(&reload(&machine, &subscription).await), None);
    service.context().handle_server_left(SERVER).await.expect("the state");
    assert_eq!(pause_reason(&reload(&machine, &subscription).await), Some(PauseReason::NoServer));
}

#[tokio::test]
async fn a_pause_that_was_cut_off_is_made_up_for() {
    let machine = TestMachine::new("2026-11-20T10:01Z").await;
    let subscription = machine.subscribe(1, "daily at 10:00").await;
    machine.discord.state().refused.insert(1, DeliveryReason::Refused);
    for _ in 0..2 {
        pass_a_day(&machine).await;
    }
    machine.posts.publish(1);
    machine.time.pass_until(moment("2026-11-23T10:01Z"));
    let mut polls = 0;
    // The delivery is interrupted at each step until the third refusal is recorded, and no further.
    while reload(&machine, &subscription).await.failures < 3 {
        machine.round_until(polls).await;
        machine.time.pass(jiff::SignedDuration::from_secs(20));
        polls += 1;
    }
    pass_a_day(&machine).await;
    assert_eq!(pause_reason(&reload(&machine, &subscription).await), Some(PauseReason::Refused));
    // If the last crash fell between the notice and the pause, the notice is repeated, because the first nonce has
    // expired.
    let notices = machine.discord.state().channels[&MAKER].len();
    assert!((1..=2).contains(&notices), "{notices}");
}
