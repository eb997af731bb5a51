//! Connections that end, and sessions that are resumed or replaced.

use std::time::Duration;

use tokio::task::JoinSet;

use super::{assert_answers, assert_clean_exit, callbacks, ready};
use crate::fake_discord::{CloseReason, DEADLINE, FakeDiscord, Refusal};
use crate::harness::bot::TestBot;

const RESUME: u64 = 6;

#[tokio::test]
async fn f10_a_reconnect_resumes_where_discord_said_and_replays_are_answered_once() {
    let (fake, bot) = ready().await;
    let first = fake.ask("one").send();
    first.reply().await;
    fake.gateway().reconnect();
    // Missed events are replayed, and answered ones come again.
    let second = fake.ask("two").send();
    first.repeat();
    second.repeat();
    fake.gateway().until_resumed(1).await;
    second.reply().await;
    let connections = fake.gateway().connections();
    assert_eq!(connections[0].closed, Some(CloseReason::ByClient(Some(4000))), "1000 would end the session");
    assert_eq!(connections[1].path, "/resume");
    assert_eq!(fake.gateway().identifies().len(), 1);
    assert_clean_exit(&fake, bot).await;
    assert_eq!([callbacks(&fake, first.id), callbacks(&fake, second.id)], [1, 1]);
}

#[tokio::test]
async fn f11_a_session_that_is_refused_for_now_is_resumed() {
    let (fake, bot) = ready().await;
    fake.gateway().refuse_session(true);
    fake.gateway().invalid_session(true);
    fake.gateway().until_resumed(1).await;
    assert_answers(&fake).await;
    assert_eq!(fake.gateway().ops(RESUME).len(), 2);
    assert_eq!(fake.gateway().identifies().len(), 1);
    assert_clean_exit(&fake, bot).await;
}

#[tokio::test]
async fn f11_a_session_that_is_over_begins_anew_without_its_number() {
    let (fake, bot) = ready().await;
    assert_answers(&fake).await;
    fake.gateway().invalid_session(false);
    fake.gateway().until_ready(2).await;
    // The sequence number must be that of the new session: the fake knows the highest valid one.
    fake.gateway().request_heartbeat();
    fake.gateway().until_ops(1, 1).await;
    assert_answers(&fake).await;
    assert!(fake.gateway().ops(RESUME).is_empty());
    assert_clean_exit(&fake, bot).await;
}

#[tokio::test]
async fn f11_a_resume_that_is_refused_is_followed_by_a_new_session_after_a_while() {
    let (fake, bot) = ready().await;
    fake.gateway().forget_sessions();
    fake.gateway().reconnect();
    fake.gateway().until_ready(2).await;
    assert_answers(&fake).await;
    let (resumes, identifies) = (fake.gateway().ops(RESUME), fake.gateway().identifies());
    assert_eq!(resumes.len(), 1);
    let wait = identifies[1].at - resumes[0].at;
    assert!(wait >= Duration::from_secs(1), "Discord wants a wait of 1 to 5 s: {wait:?}");
    assert_clean_exit(&fake, bot).await;
}

#[tokio::test]
async fn f12_a_connection_without_acknowledgements_is_closed_and_the_session_resumed() {
    let fake = FakeDiscord::start().await;
    fake.gateway().heartbeat_every(1_000);
    fake.gateway().acknowledge(false);
    let bot = TestBot::setup(&fake).start(&fake).await;
    fake.gateway().until_attempts(2).await;
    fake.gateway().acknowledge(true);
    fake.gateway().until_resumed(1).await;
    assert_answers(&fake).await;
    assert_eq!(fake.gateway().connections()[0].closed, Some(CloseReason::ByClient(Some(4000))));
    assert_eq!(fake.gateway().identifies().len(), 1);
    assert_clean_exit(&fake, bot).await;
}

/// The way in which a connection ends.
#[derive(Clone, Copy)]
enum How {
    CutMidFrame,
    Reset,
    Closed(u16),
}

/// Ends the connection of a bot and checks that it answers again.
async fn broken(how: How, goes_on: bool) {
    let (fake, bot) = ready().await;
    match how {
        How::CutMidFrame => fake.gateway().cut_mid_frame(),
        How::Reset => fake.gateway().reset(),
        How::Closed(code) => fake.gateway().close(code),
    }
    let missed = fake.ask("one").send();
    if goes_on {
        fake.gateway().until_resumed(1).await;
        missed.reply().await;
    } else {
        fake.gateway().until_ready(2).await;
        missed.excuse();
        assert!(fake.gateway().ops(RESUME).is_empty());
    }
    assert_answers(&fake).await;
    assert_eq!(fake.gateway().begun(), if goes_on { 1 } else { 2 });
    assert_clean_exit(&fake, bot).await;
}

#[tokio::test]
async fn f13_a_connection_that_breaks_is_resumed() {
    let mut all = JoinSet::new();
    all.spawn(broken(How::CutMidFrame, true));
    all.spawn(broken(How::Reset, true));
    for code in [1000, 1001, 4000, 4001, 4002, 4005, 4008] {
        all.spawn(broken(How::Closed(code), true));
    }
    all.join_all().await;
}

#[tokio::test]
async fn f13_a_close_that_ends_the_session_is_followed_by_a_new_one() {
    let mut all = JoinSet::new();
    for code in [4003, 4007, 4009] {
        all.spawn(broken(How::Closed(code), false));
    }
    all.join_all().await;
}

#[tokio::test]
async fn f13_a_session_that_breaks_at_once_goes_on_each_time() {
    let (fake, bot) = ready().await;
    for count in 1..=3 {
        fake.gateway().reset();
        fake.gateway().until_resumed(count).await;
    }
    assert_answers(&fake).await;
    assert_eq!(fake.gateway().identifies().len(), 1);
    assert_clean_exit(&fake, bot).await;
}

/// The bot does not wait for ever for a silent Discord. The fail point only shortens the wait.
#[tokio::test]
async fn f14_a_hello_or_a_ready_that_never_comes_is_not_waited_for() {
    let fake = FakeDiscord::start().await;
    fake.gateway().refuse_next(1, Refusal::Silent);
    fake.gateway().ignore_sessions(1);
    let bot = TestBot::setup(&fake).faults("patience=sleep:2000").spawn();
    fake.gateway().until_ready(1).await;
    fake.set_callback_window(DEADLINE);
    assert_answers(&fake).await;
    assert_eq!((fake.gateway().attempts().len(), fake.gateway().identifies().len()), (3, 2));
    // The same holds for an old session.
    fake.gateway().ignore_sessions(1);
    fake.gateway().reset();
    fake.gateway().until_ready(2).await;
    assert_answers(&fake).await;
    assert_clean_exit(&fake, bot).await;
}
