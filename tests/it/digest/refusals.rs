//! F21, F22: a Discord that refuses one digest or all.

use jiff::SignedDuration;
use takeaways_digest::{Delivery, DeliveryReason, DeliveryState, PauseReason};

use super::fixture::{DigestFixture, FIRST_CHANNEL};
use crate::fake_discord::{DM, GUILD, SEND, SEND_MESSAGE, ScriptedReply, USER};

const SECONDS: SignedDuration = SignedDuration::from_secs(5);

/// Returns five seconds after the run of a day, from the slot.
fn day(number: i32) -> SignedDuration {
    SignedDuration::from_hours(24) * number + SECONDS
}

fn count(rows: &[Delivery], state: DeliveryState) -> usize {
    rows.iter().filter(|row| row.state == state).count()
}

/// On three days the first of two channels refuses and the second accepts its digest.
async fn three_days(stage: &DigestFixture, bot: &crate::harness::bot::TestBot, refuse: DeliveryReason) {
    for number in 0..3 {
        stage.add_post(&format!("day-{number}"));
        stage.set_clock(day(number));
        let done = usize::try_from(number).expect("a day") + 1;
        let is_done = |rows: &[Delivery]| {
            count(rows, DeliveryState::Sent) == done && count(rows, DeliveryState::Failed) == done
        };
        let rows = stage.until(bot, &format!("day {number}"), is_done).await;
        let failed = rows.iter().find(|row| row.state == DeliveryState::Failed).expect("one");
        assert_eq!(failed.reason, Some(refuse));
    }
}

#[tokio::test]
async fn f21_three_refusals_pause_one_channel_which_goes_on_when_the_permission_is_back() {
    let stage = DigestFixture::new().await;
    let made = stage.subscribe(2).await;
    stage.fake.overwrite(FIRST_CHANNEL, 0, SEND);
    let bot = stage.bot().spawn();
    three_days(&stage, &bot, DeliveryReason::NoPermission).await;
    bot.until_log("is paused").await;
    let told = stage.fake.next_message(DM).await.to_string();
    assert!(told.contains(&FIRST_CHANNEL.to_string()), "{told}");
    // On a day of the pause there is no attempt, and nobody is told again.
    let tries = || stage.fake.requests_to(&format!("POST /channels/{FIRST_CHANNEL}/messages")).len();
    assert_eq!(tries(), 3);
    stage.add_post("day-3");
    stage.set_clock(day(3));
    let rows = stage.until(&bot, "a skip", |rows| count(rows, DeliveryState::Skipped) == 1).await;
    let skipped = rows.iter().find(|row| row.state == DeliveryState::Skipped).expect("one");
    assert_eq!((skipped.subscription, skipped.reason), (made[0], Some(DeliveryReason::Paused)));
    stage.until_sent(&bot, 4).await;
    assert_eq!((tries(), stage.fake.messages(DM).len()), (3, 1));
    // The event of the permission is enough, and the next digest has all missed posts.
    stage.fake.overwrite(FIRST_CHANNEL, SEND, 0);
    bot.until_log("goes on").await;
    stage.set_clock(day(4));
    stage.until_sent(&bot, 5).await;
    let message = stage.fake.messages(FIRST_CHANNEL)[0].to_string();
    for number in 0..4 {
        assert!(message.contains(&format!("About day-{number}")), "{message}");
    }
    assert_eq!((stage.assert_delivered_once().await, stage.fake.messages(DM).len()), (5, 1));
}

/// The bot did not run during the event, so it checks when the next run is due.
#[tokio::test]
async fn f21_a_permission_that_came_back_unheard_is_seen_at_the_next_run() {
    let stage = DigestFixture::new().await;
    let made = stage.subscribe(2).await;
    stage.fake.overwrite(FIRST_CHANNEL, 0, SEND);
    let bot = stage.bot().spawn();
    three_days(&stage, &bot, DeliveryReason::NoPermission).await;
    bot.until_log("is paused").await;
    stage.until_status(&bot, made[0], Some(PauseReason::NoPermission)).await;
    drop(bot);
    stage.fake.overwrite(FIRST_CHANNEL, 0, 0);
    stage.set_clock(day(3));
    let bot = stage.bot().spawn();
    // Either this run or the next one is sent.
    bot.until_log("goes on").await;
    stage.set_clock(day(4));
    stage
        .until(&bot, "a digest", |rows| {
            rows.iter().any(|row| row.subscription == made[0] && row.state == DeliveryState::Sent)
        })
        .await;
    stage.assert_delivered_once().await;
}

#[tokio::test]
async fn f21_a_channel_that_is_gone_and_a_server_that_is_left_are_told_apart() {
    let stage = DigestFixture::new().await;
    let made = stage.subscribe(2).await;
    stage.fake.delete_channel(FIRST_CHANNEL);
    let bot = stage.bot().spawn();
    three_days(&stage, &bot, DeliveryReason::NoChannel).await;
    bot.until_log("is paused").await;
    // An outage is not a removal.
    bot.until_log("ready").await;
    stage.fake.outage(GUILD);
    stage.add_post("later");
    stage.set_clock(day(3));
    stage.until_sent(&bot, 4).await;
    stage.fake.remove_bot(GUILD);
    stage.until_status(&bot, made[1], Some(PauseReason::NoServer)).await;
    stage.set_clock(day(4));
    let skipped =
        |rows: &[Delivery]| rows.iter().filter(|row| row.reason == Some(DeliveryReason::Paused)).count() >= 2;
    stage.until(&bot, "both are paused", skipped).await;
    stage.fake.invite_bot(GUILD);
    stage.until_status(&bot, made[1], None).await;
    stage.add_post("last");
    stage.set_clock(day(5));
    stage.until_sent(&bot, 5).await;
    stage.assert_delivered_once().await;
}

#[tokio::test]
async fn f21_closed_direct_messages_pause_a_person_s_digest_until_they_write() {
    let stage = DigestFixture::new().await;
    let made = stage.follow(USER).await;
    stage.subscribe(1).await;
    stage.fake.take_direct_messages(USER, false);
    let bot = stage.bot().start(&stage.fake).await;
    stage.until_status(&bot, made, Some(PauseReason::DirectMessagesClosed)).await;
    stage.until_sent(&bot, 1).await;
    assert!(stage.fake.messages(DM).is_empty());
    stage.fake.take_direct_messages(USER, true);
    stage.fake.message("What about service meshes?").in_dm().send().reply().await;
    stage.until_status(&bot, made, None).await;
    stage.set_clock(day(1));
    let rows = stage.until_sent(&bot, 2).await;
    let is_theirs = |row: &&Delivery| row.subscription == made && row.state == DeliveryState::Sent;
    assert_eq!((rows.iter().filter(is_theirs).count(), stage.fake.messages(DM).len()), (1, 3));
    assert_eq!(stage.assert_delivered_once().await, 2);
}

#[tokio::test]
async fn f22_ten_minutes_of_errors_make_digests_late_but_none_twice() {
    let stage = DigestFixture::new().await;
    stage.subscribe(3).await;
    stage.fake.script_always(SEND_MESSAGE, ScriptedReply::status(503));
    let bot = stage.bot().spawn();
    let tried = |rows: &[Delivery]| rows.len() == 3 && rows.iter().all(|row| row.attempts > 0);
    stage.until(&bot, "a try of each", tried).await;
    for minutes in [2, 4, 6, 8] {
        stage.set_clock(SignedDuration::from_mins(minutes));
        let before = stage.fake.requests_to(SEND_MESSAGE).len();
        stage.fake.until_requests(SEND_MESSAGE, before + 1).await;
    }
    assert!(stage.fake.all_messages().is_empty());
    let all = stage.fake.requests_to(SEND_MESSAGE).len();
    assert!(all <= 60, "{all} tries in ten minutes");
    stage.fake.unscript(SEND_MESSAGE);
    // The next attempt is at most one and a half minutes after the last.
    stage.set_clock(SignedDuration::from_mins(12));
    stage.until_sent(&bot, 3).await;
    assert_eq!(stage.assert_delivered_once().await, 3);
    for message in stage.fake.all_messages() {
        assert!(message.to_string().contains("late, it was due"), "{message}");
    }
}
