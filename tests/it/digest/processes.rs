//! F07, F08, F09: several processes with one state.

use std::time::Duration;

use jiff::SignedDuration;
use takeaways_digest::DeliveryState;

use super::database::TestDatabase;
use super::fixture::{DigestFixture, FIRST_CHANNEL};
use crate::fake_discord::{DEADLINE, SEND_MESSAGE, ScriptedReply};
use crate::harness::bot::ProcessSignal;
use crate::harness::run;

/// The route of the first response to an interaction.
const CALLBACK: &str = "POST /interactions/*/*/callback";
/// The error of a second process.
const HELD: i32 = 2;

#[tokio::test]
async fn f07_a_second_process_on_one_file_ends_and_names_the_first() {
    let fixture = DigestFixture::new().await;
    fixture.subscribe(1).await;
    let bot = fixture.bot().start(&fixture.fake).await;
    fixture.until_sent(&bot, 1).await;
    let holder = bot.id().to_string();
    let mut second = fixture.bot().spawn();
    assert_eq!(second.wait_exit(Duration::from_secs(5)).await, Some(HELD));
    assert!(second.log().contains(&holder), "{}", second.log());
    run(fixture.cli("digest run")).await.code(HELD).warns(&holder);
    assert_eq!(fixture.fake.gateway().identifies().len(), 1, "the second does not reach Discord");
    assert_eq!(fixture.assert_delivered_once().await, 1);
}

#[tokio::test]
async fn f07_what_reads_works_beside_the_process_that_writes() {
    let fixture = DigestFixture::new().await;
    fixture.subscribe(1).await;
    let bot = fixture.bot().start(&fixture.fake).await;
    fixture.until_sent(&bot, 1).await;
    run(fixture.cli("digest list")).await.code(0).says("daily");
    run(fixture.cli("digest log")).await.code(0).says("sent");
    run(fixture.cli("digest preview --by-date 2019-01-01")).await.code(0);
    run(fixture.cli("state check")).await.code(0);
    let copy = fixture.folder().join("copy.sqlite3");
    run(fixture.cli(&format!("state backup {}", copy.display()))).await.code(0);
    assert!(copy.is_file());
    run(fixture.cli("ask service meshes")).await.code(0);
    assert_eq!(fixture.assert_delivered_once().await, 1);
}

/// The lock is released when its process ends, in any way.
#[tokio::test]
async fn f07_the_next_process_takes_the_file_of_one_that_was_killed() {
    let fixture = DigestFixture::new().await;
    fixture.subscribe(1).await;
    let mut bot = fixture.bot().start(&fixture.fake).await;
    bot.signal(ProcessSignal::Kill);
    bot.wait_exit(Duration::from_secs(5)).await;
    run(fixture.cli("digest run")).await.code(0);
    let mut bot = fixture.bot().start(&fixture.fake).await;
    assert!(bot.is_running());
    assert_eq!(fixture.assert_delivered_once().await, 1);
}

#[tokio::test]
async fn f08_two_processes_on_postgresql_send_each_digest_once() {
    let Some(database) = TestDatabase::new().await else { return };
    let fixture = DigestFixture::with_servers(Some(database.url())).await;
    fixture.subscribe(20).await;
    // Digests are slow, so that both processes work at once.
    fixture.fake.script_always(SEND_MESSAGE, ScriptedReply::real().after(Duration::from_millis(50)));
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let (one, other) = (fixture.bot().spawn(), fixture.bot().state(elsewhere.path()).spawn());
    fixture.until_sent(&one, 20).await;
    fixture.add_post("later");
    fixture.set_clock(SignedDuration::from_hours(24) + SignedDuration::from_secs(5));
    fixture.until_sent(&other, 40).await;
    // A third process starts and ends.
    fixture.add_post("last");
    fixture.set_clock(SignedDuration::from_hours(48) + SignedDuration::from_secs(5));
    let third = tempfile::tempdir().expect("a temporary folder");
    run(fixture.cli_in(third.path(), "digest run")).await.code(0);
    fixture.until_sent(&other, 60).await;
    assert_eq!(fixture.assert_delivered_once().await, 60);
    assert_eq!(
        fixture.fake.requests_to(SEND_MESSAGE).len(),
        60,
        "none was sent twice, not even with one nonce"
    );
}

/// Discord sends each event to both, since both use the same shard. A second callback gets code 40060.
#[tokio::test]
async fn f08_two_processes_answer_each_question_once() {
    let Some(database) = TestDatabase::new().await else { return };
    let fixture = DigestFixture::with_servers(Some(database.url())).await;
    let fake = &fixture.fake;
    fake.set_callback_window(DEADLINE);
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let _one = fixture.bot().start(fake).await;
    let _other = fixture.bot().state(elsewhere.path()).start(fake).await;
    fake.gateway().share_events();
    let mut callbacks = 0;
    for _ in 0..20 {
        let asked = fake.ask("service meshes").send();
        // The second callback breaks no rule here.
        asked.excuse();
        callbacks += 2;
        fake.until_requests(CALLBACK, callbacks).await;
        assert!(asked.reply().await.to_string().contains("are still young"));
        assert_eq!(asked.messages(1).await.len(), 1, "answered twice");
    }
    let taken: Vec<Option<u16>> = fake.requests_to(CALLBACK).iter().map(|request| request.status).collect();
    assert_eq!(taken.iter().filter(|status| **status == Some(400)).count(), 20, "{taken:?}");
    for at in 1..=20 {
        let question = fake.message("service meshes").in_dm().send();
        fake.until_requests(SEND_MESSAGE, 2 * at).await;
        question.reply().await;
        let answers =
            fake.messages(question.channel).into_iter().filter(|said| said["author"]["bot"] == true);
        assert_eq!(answers.count(), at, "answered twice");
    }
    fake.assert_clean();
}

/// The holder of a claim stops while it sends, for longer than the claim is valid.
async fn f09(rest: impl AsyncFnOnce(&DigestFixture)) {
    let Some(database) = TestDatabase::new().await else { return };
    let fixture = DigestFixture::with_servers(Some(database.url())).await;
    fixture.subscribe(1).await;
    fixture.fake.script(SEND_MESSAGE, vec![ScriptedReply::real().after(Duration::from_millis(300))]);
    let first = fixture.bot().spawn();
    fixture.fake.until_requests(SEND_MESSAGE, 1).await;
    first.signal(ProcessSignal::Stop);
    fixture.fake.until_messages(1).await;
    let claimed = fixture.ledger().await.remove(0);
    assert_eq!((claimed.state, claimed.attempts), (DeliveryState::Sending, 1));
    rest(&fixture).await;
    let elsewhere = tempfile::tempdir().expect("a temporary folder");
    let second = fixture.bot().state(elsewhere.path()).spawn();
    let acted = fixture.until_sent(&second, 1).await.remove(0);
    assert!(acted.epoch > claimed.epoch, "{acted:#?}");
    drop(second);
    first.signal(ProcessSignal::Continue);
    // When it has sent the next one, it has tried to record the first.
    fixture.add_post("later");
    fixture.set_clock(SignedDuration::from_hours(24) + SignedDuration::from_secs(5));
    let rows = fixture.until_sent(&first, 2).await;
    assert_eq!(rows.last(), Some(&acted), "the late write was refused");
    assert_eq!((fixture.assert_delivered_once().await, fixture.fake.messages(FIRST_CHANNEL).len()), (2, 2));
}

#[tokio::test]
async fn f09_the_holder_of_a_claim_stands_still_and_its_write_is_refused() {
    f09(async |fixture| fixture.set_clock(SignedDuration::from_secs(40))).await;
}

#[tokio::test]
#[ignore = "it takes half a minute by the clock on the wall"]
async fn f09_nightly_the_holder_of_a_claim_stands_still_for_half_a_minute() {
    f09(async |_| tokio::time::sleep(Duration::from_secs(30)).await).await;
}
