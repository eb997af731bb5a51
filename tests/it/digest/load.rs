//! Thousands of digests in the same minute: within Discord's limits, in order, and over a restart.

use std::collections::BTreeSet;

use takeaways_digest::{DeliveryState, Target};

use super::fixture::{DigestFixture, FIRST_CHANNEL};
use crate::fake_discord::{DEADLINE, GUILD};
use crate::harness::bot::ProcessSignal;

/// The number of concurrent deliveries, which may arrive in any order.
const UNDER_WAY: usize = 16;

/// Half of the digests are due a minute before the others, and those were recorded last.
async fn subscribe(fixture: &DigestFixture, count: u64) {
    let store = fixture.store().await;
    for at in 0..count {
        let channel = FIRST_CHANNEL + at;
        fixture.fake.add_channel(GUILD, channel);
        let mut new = fixture.new_subscription(Target::Channel { server: GUILD, channel });
        if at >= count / 2 {
            new.schedule = "daily at 08:59".parse().expect("a schedule");
        }
        store.subscribe(new, u32::MAX).await.expect("a subscription");
    }
    store.close().await;
}

async fn all_arrive(count: u64) {
    let fixture = DigestFixture::new().await;
    subscribe(&fixture, count).await;
    fixture.fake.enforce_limits();
    let count = usize::try_from(count).expect("a count");
    let mut bot = fixture.bot().spawn();
    fixture.until_messages(&bot, count / 2).await;
    bot.signal(ProcessSignal::Kill);
    bot.wait_exit(DEADLINE).await;
    let bot = fixture.bot().spawn();
    fixture.until_messages(&bot, count).await;
    let rows = fixture.until_sent(&bot, count).await;
    assert_eq!((fixture.assert_delivered_once().await, rows.len()), (count, count));
    assert!(rows.iter().all(|row| row.state == DeliveryState::Sent));
    assert_eq!(rows.iter().map(|row| row.target.destination()).collect::<BTreeSet<_>>().len(), count);
    in_order(&fixture, count);
    let (refused, busiest) = (fixture.fake.invalid_requests(), fixture.fake.busiest_second());
    let peak = bot.status_number("VmHWM") / 1_024;
    println!("{count} digests: {refused} refused, {busiest} requests at most in a second, {peak} MiB");
    assert!(refused * 100 <= count, "{refused} requests were refused");
    assert!(busiest <= 50, "{busiest} requests in a second");
    assert!(peak < 400, "{peak} MiB");
}

/// Checks that those of the earlier minute came first, except for concurrent ones.
fn in_order(fixture: &DigestFixture, count: usize) {
    let channel = |message: &serde_json::Value| {
        message["channel_id"].as_str().and_then(|id| id.parse::<u64>().ok()).expect("an id")
    };
    let first = FIRST_CHANNEL + u64::try_from(count / 2).expect("a count");
    let early: Vec<bool> =
        fixture.fake.all_messages().iter().map(|message| channel(message) >= first).collect();
    let wrong = early[..count / 2].iter().filter(|early| !**early).count();
    assert!(wrong <= UNDER_WAY, "{wrong} of the later ones came with the earlier");
}

#[tokio::test]
async fn f03_three_hundred_due_at_once_arrive_within_the_limits_over_a_kill() {
    all_arrive(300).await;
}

#[tokio::test]
#[ignore = "Discord's limits let it take five minutes"]
async fn f03_nightly_ten_thousand_due_at_once_arrive_within_the_limits_over_a_kill() {
    all_arrive(10_000).await;
}
