//! F21, F22: a Discord that refuses one digest or all.

use jiff::SignedDuration;
use takeaways_digest::{Delivery, DeliveryReason, DeliveryState, PauseReason, SubscriptionId};

use super::fixture::{DigestFixture, FIRST_CHANNEL};
use crate::fake_discord::{DM, GUILD, SEND, SEND_MESSAGE, ScriptedReply, USER};
use crate::harness::bot::TestBot;

const SECONDS: SignedDuration = SignedDuration::from_secs(5);

/// Returns five seconds after the run of a day, from the slot.
fn day(number: i32) -> SignedDuration {
    SignedDuration::from_hours(24) * number + SECONDS
}

fn count(rows: &[Delivery], state: DeliveryState) -> usize {
    rows.iter().filter(|row| row.state == state).count()
}

/// On three days the first of two channels refuses and the second accepts its digest.
async fn three_days(fixture: &DigestFixture, bot: &TestBot, refuse: DeliveryReason) {
    for number in 0..3 {
        fixture.add_post(&format!("day-{number}"));
        fixture.set_clock(day(number));
        let done = usize::try_from(number).expect("a day") + 1;
        let is_done = |rows: &[Delivery]| {
            count(rows, DeliveryState::Sent) == done && count(rows, DeliveryState::Failed) == done
        };
        let rows = fixture.until(bot, &format!("day {number}"), is_done).await;
        let failed = rows.iter().find(|row| row.state == DeliveryState::Failed).expect("one");
        assert_eq!(failed.reason, Some(refuse));
    }
}

/// Returns two subscriptions. The bot may not write to the first one's channel, and has paused it.
async fn paused_for_permission() -> (DigestFixture, Vec<SubscriptionId>, TestBot) {
    let fixture = DigestFixture::new().await;
    let made = fixture.subscribe(2).await;
    fixture.fake.overwrite(FIRST_CHANNEL, 0, SEND);
    let bot = fixture.bot().spawn();
    three_days(&fixture, &bot, DeliveryReason::NoPermission).await;
    bot.until_log("is paused").await;
    (fixture, made, bot)
}

#[tokio::test]
async fn f21_three_refusals_pause_one_channel_which_goes_on_when_the_permission_is_back() {
    let (fixture, made, bot) = paused_for_permission().await;
    let told = fixture.fake.next_message(DM).await.to_string();
    assert!(told.contains(&FIRST_CHANNEL.to_string()), "{told}");
    // On a day of the pause there is no attempt, and nobody is told again.
    let tries = || fixture.fake.requests_to(&format!("POST /channels/{FIRST_CHANNEL}/messages")).len();
    assert_eq!(tries(), 3);
    fixture.add_post("day-3");
    fixture.set_clock(day(3));
    let rows = fixture.until(&bot, "a skip", |rows| count(rows, DeliveryState::Skipped) == 1).await;
    let skipped = rows.iter().find(|row| row.state == DeliveryState::Skipped).expect("one");
    assert_eq!((skipped.subscription, skipped.reason), (made[0], Some(DeliveryReason::Paused)));
    fixture.until_sent(&bot, 4).await;
    assert_eq!((tries(), fixture.fake.messages(DM).len()), (3, 1));
    // The event of the permission is enough, and the next digest has all missed posts.
    fixture.fake.overwrite(FIRST_CHANNEL, SEND, 0);
    bot.until_log("a digest resumes").await;
    fixture.set_clock(day(4));
    fixture.until_sent(&bot, 5).await;
    let message = fixture.fake.messages(FIRST_CHANNEL)[0].to_string();
    for number in 0..4 {
        assert!(message.contains(&format!("About day-{number}")), "{message}");
    }
    assert_eq!((fixture.assert_delivered_once().await, fixture.fake.messages(DM).len()), (5, 1));
}

/// The bot did not run during the event, so it checks when the next run is due.
#[tokio::test]
async fn f21_a_permission_that_came_back_unheard_is_seen_at_the_next_run() {
    let (fixture, made, bot) = paused_for_permission().await;
    fixture.until_status(&bot, made[0], Some(PauseReason::NoPermission)).await;
    drop(bot);
    fixture.fake.overwrite(FIRST_CHANNEL, 0, 0);
    fixture.set_clock(day(3));
    let bot = fixture.bot().spawn();
    // Either this run or the next one is sent.
    bot.until_log("a digest resumes").await;
    fixture.set_clock(day(4));
    fixture
        .until(&bot, "a digest", |rows| {
            rows.iter().any(|row| row.subscription == made[0] && row.state == DeliveryState::Sent)
        })
        .await;
    fixture.assert_delivered_once().await;
}

#[tokio::test]
async fn f21_a_channel_that_is_gone_and_a_server_that_is_left_are_told_apart() {
    let fixture = DigestFixture::new().await;
    let made = fixture.subscribe(2).await;
    fixture.fake.delete_channel(FIRST_CHANNEL);
    let bot = fixture.bot().spawn();
    // The bot did not run when it was deleted, and one refusal is enough.
    fixture.add_post("first");
    fixture.set_clock(day(0));
    fixture.until_status(&bot, made[0], Some(PauseReason::NoChannel)).await;
    assert!(fixture.fake.next_message(DM).await.to_string().contains("is paused: the channel is gone"));
    fixture.until_sent(&bot, 1).await;
    assert_eq!(fixture.fake.messages(DM).len(), 1);
    // An outage is not a removal.
    bot.until_log("ready").await;
    fixture.fake.outage(GUILD);
    fixture.add_post("later");
    fixture.set_clock(day(3));
    fixture.until_sent(&bot, 2).await;
    fixture.fake.remove_bot(GUILD);
    fixture.until_status(&bot, made[1], Some(PauseReason::NoServer)).await;
    fixture.set_clock(day(4));
    let skipped =
        |rows: &[Delivery]| rows.iter().filter(|row| row.reason == Some(DeliveryReason::Paused)).count() >= 2;
    fixture.until(&bot, "both are paused", skipped).await;
    fixture.fake.invite_bot(GUILD);
    fixture.until_status(&bot, made[1], None).await;
    fixture.add_post("last");
    fixture.set_clock(day(5));
    fixture.until_sent(&bot, 3).await;
    fixture.assert_delivered_once().await;
}

#[tokio::test]
async fn f21_closed_direct_messages_pause_a_person_s_digest_until_they_write() {
    let fixture = DigestFixture::new().await;
    let made = fixture.follow(USER).await;
    fixture.subscribe(1).await;
    fixture.fake.take_direct_messages(USER, false);
    let bot = fixture.bot().start(&fixture.fake).await;
    fixture.until_status(&bot, made, Some(PauseReason::DirectMessagesClosed)).await;
    fixture.until_sent(&bot, 1).await;
    assert!(fixture.fake.messages(DM).is_empty());
    fixture.fake.take_direct_messages(USER, true);
    fixture.fake.message("What about service meshes?").in_dm().send().reply().await;
    fixture.until_status(&bot, made, None).await;
    fixture.set_clock(day(1));
    let rows = fixture.until_sent(&bot, 2).await;
    let is_theirs = |row: &&Delivery| row.subscription == made && row.state == DeliveryState::Sent;
    // The question, its answer, the notice and the digest.
    assert_eq!((rows.iter().filter(is_theirs).count(), fixture.fake.messages(DM).len()), (1, 4));
    assert_eq!(fixture.assert_delivered_once().await, 2);
}

#[tokio::test]
async fn f22_ten_minutes_of_errors_make_digests_late_but_none_twice() {
    let fixture = DigestFixture::new().await;
    fixture.subscribe(3).await;
    fixture.fake.script_always(SEND_MESSAGE, ScriptedReply::status(503));
    let bot = fixture.bot().spawn();
    let tried = |rows: &[Delivery]| rows.len() == 3 && rows.iter().all(|row| row.attempts > 0);
    fixture.until(&bot, "a try of each", tried).await;
    for minutes in [2, 4, 6, 8] {
        fixture.set_clock(SignedDuration::from_mins(minutes));
        let before = fixture.fake.requests_to(SEND_MESSAGE).len();
        fixture.fake.until_requests(SEND_MESSAGE, before + 1).await;
    }
    assert!(fixture.fake.all_messages().is_empty());
    let all = fixture.fake.requests_to(SEND_MESSAGE).len();
    assert!(all <= 60, "{all} tries in ten minutes");
    fixture.fake.unscript(SEND_MESSAGE);
    // The next attempt is at most one and a half minutes after the last.
    fixture.set_clock(SignedDuration::from_mins(12));
    fixture.until_sent(&bot, 3).await;
    assert_eq!(fixture.assert_delivered_once().await, 3);
    for message in fixture.fake.all_messages() {
        assert!(message.to_string().contains("late; due"), "{message}");
    }
}
