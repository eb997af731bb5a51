//! F31, F33: jumps of the clock, and machines that sleep.

use std::time::Duration;

use jiff::SignedDuration;
use takeaways_digest::{Delivery, DeliveryReason, DeliveryState};

use super::fixture::{DigestFixture, FIRST_CHANNEL};
use crate::fake_discord::{SEND_MESSAGE, ScriptedReply};
use crate::harness::bot::{ProcessSignal, TestBot};

const HOUR: SignedDuration = SignedDuration::from_hours(1);
const DAY: SignedDuration = SignedDuration::from_hours(24);
const SECONDS: SignedDuration = SignedDuration::from_secs(5);

/// Sets the clock, and waits for several polls of the bot. There is no event to wait for if nothing happens.
async fn set(fixture: &DigestFixture, bot: &mut TestBot, clock: SignedDuration) {
    fixture.set_clock(clock);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert!(bot.is_running(), "{}", bot.log());
}

fn sent(rows: &[Delivery]) -> usize {
    rows.iter().filter(|row| row.state == DeliveryState::Sent).count()
}

/// After any jump of the clock a sent run is not sent again, and the next run is on time.
async fn f31(jump: SignedDuration) {
    let fixture = DigestFixture::new().await;
    fixture.subscribe(2).await;
    let mut bot = fixture.bot().spawn();
    fixture.until_sent(&bot, 2).await;
    set(&fixture, &mut bot, jump).await;
    set(&fixture, &mut bot, SECONDS * 2).await;
    assert_eq!(fixture.fake.message_count(), 2, "a jump by {jump} sends nothing: nothing is new");
    fixture.add_post("later");
    fixture.set_clock(DAY + SECONDS);
    fixture.until_sent(&bot, 4).await;
    assert_eq!(fixture.assert_delivered_once().await, 4, "after a jump by {jump}");
}

#[tokio::test]
async fn f31_an_hour_forth_and_back() {
    f31(HOUR).await;
}

#[tokio::test]
async fn f31_an_hour_back_and_forth() {
    f31(-HOUR).await;
}

#[tokio::test]
async fn f31_a_day_back_and_forth() {
    f31(-DAY).await;
}

#[tokio::test]
async fn f31_a_year_forth_and_back() {
    f31(DAY * 365).await;
}

/// The clock is a year ahead while there are new posts: one digest is sent. Later the real days have their digests.
#[tokio::test]
async fn f31_a_year_forth_sends_one_digest_and_no_storm() {
    let fixture = DigestFixture::new().await;
    fixture.subscribe(1).await;
    let mut bot = fixture.bot().spawn();
    fixture.until_sent(&bot, 1).await;
    fixture.add_post("new");
    fixture.set_clock(DAY * 365 + SECONDS);
    fixture.until_sent(&bot, 2).await;
    fixture.add_post("newer");
    set(&fixture, &mut bot, HOUR).await;
    assert_eq!(fixture.fake.message_count(), 2);
    fixture.set_clock(DAY + SECONDS);
    let rows = fixture.until_sent(&bot, 3).await;
    assert_eq!((fixture.assert_delivered_once().await, sent(&rows)), (3, 3));
}

/// NTP sets the clock while a message is sent.
#[tokio::test]
async fn f31_a_step_while_a_message_is_sent() {
    for step in [-HOUR, HOUR, DAY, -DAY] {
        let fixture = DigestFixture::new().await;
        fixture.subscribe(1).await;
        fixture.fake.script(SEND_MESSAGE, vec![ScriptedReply::real().after(Duration::from_millis(500))]);
        let bot = fixture.bot().spawn();
        fixture.fake.until_requests(SEND_MESSAGE, 1).await;
        fixture.set_clock(step + SECONDS);
        fixture.until_sent(&bot, 1).await;
        assert_eq!(
            (fixture.assert_delivered_once().await, fixture.fake.messages(FIRST_CHANNEL).len()),
            (1, 1),
            "{step}"
        );
    }
}

#[tokio::test]
async fn f33_three_days_of_sleep_end_with_one_late_digest() {
    let fixture = DigestFixture::new().await;
    fixture.subscribe(1).await;
    let bot = fixture.bot().start(&fixture.fake).await;
    fixture.until_sent(&bot, 1).await;
    fixture.add_post("later");
    bot.signal(ProcessSignal::Stop);
    fixture.set_clock(DAY * 3 + HOUR * 2);
    bot.signal(ProcessSignal::Continue);
    let rows = fixture.until_sent(&bot, 2).await;
    let skipped =
        rows.iter().find(|row| row.state == DeliveryState::Skipped).expect("the two days of before");
    assert_eq!((skipped.slots, skipped.reason), (2, Some(DeliveryReason::Missed)), "{rows:#?}");
    let late = rows.iter().find(|row| row.is_late).expect("a late one");
    assert_eq!(late.slot, fixture.slot() + DAY * 3);
    let message = fixture.fake.messages(FIRST_CHANNEL).pop().expect("a digest").to_string();
    assert!(message.contains("late") && message.contains("About later"), "{message}");
    assert_eq!(fixture.assert_delivered_once().await, 2);
}
