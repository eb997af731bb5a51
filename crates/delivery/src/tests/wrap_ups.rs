//! The overview of an event is posted once, whatever fails while it is.

use jiff::SignedDuration;

use super::memory_discord::RequestFault;
use super::{EVENT, TestMachine, hours, moment};
use takeaways_digest::{DeliveryReason, Subscription};
use takeaways_store::SubscriptionChanges;
use takeaways_text::model::EventId;

/// More than the steps of a delivery with an overview.
const STEPS: usize = 40;

/// A daily digest that posts overviews, and four posts of an event that were in it.
async fn with_four_posts() -> (TestMachine, Subscription) {
    let machine = TestMachine::new("2026-11-20T08:00Z").await;
    let made = machine.subscribe(1, "daily at 09:00").await;
    let changes = SubscriptionChanges { wrap_up: Some(true), ..SubscriptionChanges::default() };
    let written = machine.store().change(super::SERVER, made.id, changes, machine.time.now()).await;
    let subscription = written.expect("the state").expect("it is there");
    assert!(subscription.definition.wrap_up);
    machine.posts.publish(4);
    machine.time.pass_until(moment("2026-11-20T09:00Z"));
    machine.settle().await;
    (machine, subscription)
}

/// The messages with an overview.
fn overviews(machine: &TestMachine) -> usize {
    let state = machine.discord.state();
    let ours = state.channels[&1].iter().filter(|posted| posted.is_ours);
    ours.filter(|posted| posted.text.contains(&format!("overview of {EVENT}"))).count()
}

async fn next_day(machine: &TestMachine, day: &str) {
    machine.time.pass_until(moment(day));
    machine.settle().await;
}

#[tokio::test]
async fn the_fifth_recap_brings_the_overview_and_no_later_one_does() {
    let (machine, subscription) = with_four_posts().await;
    assert_eq!(overviews(&machine), 0);
    machine.posts.publish(1);
    next_day(&machine, "2026-11-21T09:00Z").await;
    assert_eq!(overviews(&machine), 1);
    let done = machine.store().list_wrap_ups(subscription.id).await.expect("the state");
    assert_eq!(done.into_iter().collect::<Vec<_>>(), [EventId(EVENT.into())]);
    machine.posts.publish(2);
    next_day(&machine, "2026-11-22T09:00Z").await;
    next_day(&machine, "2026-11-23T09:00Z").await;
    assert_eq!((overviews(&machine), machine.discord.keys(1).len()), (1, 3));
}

#[tokio::test]
async fn f03_a_crash_at_any_step_posts_the_overview_once() {
    let mut interrupted = 0;
    for step in 0..STEPS {
        for fault in [None, Some(RequestFault::Before), Some(RequestFault::After)] {
            let (mut machine, _) = with_four_posts().await;
            machine.posts.publish(1);
            machine.time.pass_until(moment("2026-11-21T09:00Z"));
            machine.discord.state().faults.extend(fault);
            if machine.round_until(step).await.is_none() {
                interrupted += 1;
                machine.kill();
                machine.time.pass(SignedDuration::from_secs(if step % 2 == 0 { 3 } else { 90 }));
                machine.start().await;
            }
            machine.settle().await;
            assert_eq!(overviews(&machine), 1, "step {step}");
            machine.posts.publish(1);
            next_day(&machine, "2026-11-22T09:00Z").await;
            assert_eq!(overviews(&machine), 1, "step {step}, the next day");
        }
    }
    assert!(interrupted > STEPS, "only {interrupted} were interrupted");
}

#[tokio::test]
async fn an_overview_that_was_refused_comes_with_the_next_digest() {
    let (machine, _) = with_four_posts().await;
    machine.posts.publish(1);
    machine.discord.state().refused.insert(1, DeliveryReason::Refused);
    next_day(&machine, "2026-11-21T09:00Z").await;
    assert_eq!(overviews(&machine), 0);
    machine.discord.state().refused.clear();
    next_day(&machine, "2026-11-22T09:00Z").await;
    next_day(&machine, "2026-11-23T09:00Z").await;
    assert_eq!(overviews(&machine), 1);
}

#[tokio::test]
async fn an_overview_that_could_not_be_posted_in_time_comes_with_the_next_digest() {
    let (machine, _) = with_four_posts().await;
    machine.posts.publish(1);
    machine.time.pass_until(moment("2026-11-21T09:00Z"));
    machine.discord.state().is_down = true;
    machine.round().await.expect("the state");
    machine.time.pass(hours(20));
    machine.round().await.expect("the state");
    machine.discord.state().is_down = false;
    next_day(&machine, "2026-11-22T09:00Z").await;
    next_day(&machine, "2026-11-23T09:00Z").await;
    assert_eq!(overviews(&machine), 1);
}
