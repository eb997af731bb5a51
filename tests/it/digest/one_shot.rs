//! `takeaways digest run` at a Discord that does not take a digest at once: it ends when each digest was sent or given up,
//! or when its time is over, and its exit code and its output say which.
//!
//! The waits are real, so five processes with five Discords run at once.

use takeaways_digest::DeliveryState;
use tokio::task::JoinSet;

use super::fixture::DigestFixture;
use super::processes::run;
use crate::fake_discord::{SEND, SEND_MESSAGE, ScriptedReply};
use crate::harness::CliRun;

/// How many processes run at once.
const PROCESSES: usize = 5;

/// Runs `command` in five processes, each with a digest that is due and a Discord that `prepare` sets up.
async fn run_all(command: &'static str, prepare: fn(&DigestFixture)) -> Vec<(DigestFixture, CliRun)> {
    let mut runs = JoinSet::new();
    for _ in 0..PROCESSES {
        runs.spawn(async move {
            let fixture = DigestFixture::new().await;
            fixture.subscribe(1).await;
            prepare(&fixture);
            let done = run(fixture.cli(command)).await;
            (fixture, done)
        });
    }
    runs.join_all().await
}

/// Expects that the digest is still to be sent and that the output says so, and that a later run sends it once.
async fn expect_open(runs: Vec<(DigestFixture, CliRun)>) {
    for (fixture, done) in runs {
        let done = done.code(1).says("0 sent, 1 still to send\n").says("#1  ").says("still to send after ");
        assert!(!done.says("The next `takeaways digest run` goes on").out.contains("given up"));
        let row = fixture.ledger().await.remove(0);
        assert!(matches!(row.state, DeliveryState::Planned | DeliveryState::Sending), "{row:?}");
        assert!(row.attempts >= 2, "{row:?}");
        fixture.fake.unscript(SEND_MESSAGE);
        run(fixture.cli("digest run")).await.code(0).says("1 sent\n");
        assert_eq!(fixture.assert_delivered_once().await, 1);
    }
}

#[tokio::test]
async fn a_run_waits_as_long_as_a_rate_limit_says_and_sends() {
    let limit = |it: &DigestFixture| it.fake.script(SEND_MESSAGE, vec![ScriptedReply::limited(10.0, "user")]);
    for (fixture, done) in run_all("digest run", limit).await {
        let done = done.code(0);
        assert_eq!(done.out, "1 sent\n");
        assert_eq!(fixture.assert_delivered_once().await, 1);
    }
}

#[tokio::test]
async fn a_run_names_what_is_open_when_its_time_is_over_and_discord_answers_500() {
    let fail = |it: &DigestFixture| it.fake.script_always(SEND_MESSAGE, ScriptedReply::status(500));
    expect_open(run_all("digest run --for 8s", fail).await).await;
}

#[tokio::test]
async fn a_run_names_what_is_open_when_its_time_is_over_and_discord_resets_connections() {
    let fail = |it: &DigestFixture| it.fake.script_always(SEND_MESSAGE, ScriptedReply::reset());
    expect_open(run_all("digest run --for 8s", fail).await).await;
}

/// The digest that fails is due in the first round, and the one that needs a second round is sent.
#[tokio::test]
async fn a_run_names_what_it_gave_up_in_an_earlier_round() {
    let fixture = DigestFixture::new().await;
    fixture.subscribe(2).await;
    let [refused, limited] = [0, 1].map(|at| super::fixture::FIRST_CHANNEL + at);
    fixture.fake.overwrite(refused, 0, SEND);
    let route = format!("POST /channels/{limited}/messages");
    fixture.fake.script(&route, vec![ScriptedReply::status(500), ScriptedReply::status(500)]);
    let done = run(fixture.cli("digest run")).await.code(1).says("1 sent, 1 given up\n");
    done.says(&format!("channel {refused} ")).says("failed").says("the bot may not post there");
    assert_eq!(fixture.assert_delivered_once().await, 1);
}
