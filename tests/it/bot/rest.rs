//! Failed requests to Discord, and its rate limits.

use std::time::Duration;

use super::fixture::{QUESTION, text};
use crate::fake_discord::{
    CHANNEL, CloseReason, DEADLINE, DM, FakeDiscord, GUILD, MessageHandle, RecordedRequest, SEND_MESSAGE,
    ScriptedReply,
};
use crate::harness::bot::{ProcessSignal, TestBot};

const CALLBACK: &str = "POST /interactions/*/*/callback";
const EDIT: &str = "PATCH /webhooks/*/*/messages/@original";
/// The wait that Discord requests in these tests: long compared with an answer, and short for a test.
const WAIT: Duration = Duration::from_secs(2);

fn mention(fake: &FakeDiscord) -> MessageHandle {
    fake.message(QUESTION).mentioning_bot().send()
}

/// Returns the requests to a route, and checks that the second one came after the requested wait.
#[track_caller]
fn waited(fake: &FakeDiscord, route: &str) -> Vec<RecordedRequest> {
    let sent = fake.requests_to(route);
    assert_eq!(sent.len(), 2, "{sent:#?}");
    assert!(sent[1].at >= sent[0].at + WAIT, "{sent:#?}");
    sent
}

#[tokio::test]
async fn f17_a_response_that_fails_is_tried_once_more() {
    let fake = FakeDiscord::start().await;
    let bot = TestBot::setup(&fake).start(&fake).await;
    let late = ScriptedReply::status(504).after(Duration::from_millis(1_500));
    let broken = [500, 502, 503].map(ScriptedReply::status).into_iter();
    let broken = broken.chain([
        ScriptedReply::reset(),
        ScriptedReply::reset().applied(),
        ScriptedReply::status(500).applied(),
        late,
    ]);
    for (at, reply) in broken.enumerate() {
        fake.script(CALLBACK, vec![reply]);
        let interaction = fake.ask(QUESTION).send();
        assert!(text(&interaction.reply().await).contains("Notes on"), "{at}");
        assert_eq!(interaction.messages(1).await.len(), 1, "{at}");
        assert_eq!(fake.until_requests(CALLBACK, 2 * (at + 1)).await.len(), 2 * (at + 1));
    }
    assert_eq!(fake.requests_to(EDIT).len(), 0);
    fake.assert_clean();
    drop(bot);
}

#[tokio::test]
async fn f17_a_response_is_tried_again_while_there_is_time() {
    let fake = FakeDiscord::start().await;
    let bot = TestBot::setup(&fake).start(&fake).await;
    fake.script(CALLBACK, vec![ScriptedReply::error(404, 10062)]);
    fake.ask(QUESTION).send().excuse();
    bot.until_log("the person could not be told of it").await;
    assert!(bot.log().contains("code 10062"), "{}", bot.log());
    assert_eq!(fake.requests_to(CALLBACK).len(), 1);
    drop(bot);
    let bot = TestBot::setup(&fake).start(&fake).await;
    fake.script(
        CALLBACK,
        vec![ScriptedReply::status(500), ScriptedReply::status(503), ScriptedReply::status(500)],
    );
    assert!(text(&fake.ask(QUESTION).send().reply().await).contains("Notes on"));
    assert_eq!(fake.requests_to(CALLBACK).len(), 5);
    fake.script_always(CALLBACK, ScriptedReply::status(500));
    fake.ask(QUESTION).send().excuse();
    bot.until_log("the person could not be told of it").await;
    assert!((8..=11).contains(&fake.requests_to(CALLBACK).len()), "{:#?}", fake.requests_to(CALLBACK));
    assert_eq!(fake.requests_to(EDIT).len(), 0);
    fake.assert_clean();
}

#[tokio::test]
async fn f17_what_was_acknowledged_by_another_is_edited() {
    for faults in ["", "answer=sleep:2000"] {
        let fake = FakeDiscord::start().await;
        let _bot = TestBot::setup(&fake).faults(faults).start(&fake).await;
        fake.script(CALLBACK, vec![ScriptedReply::error(400, 40060).applied()]);
        let interaction = fake.ask(QUESTION).send();
        let edited = fake.until_requests(EDIT, 1).await;
        assert!(text(&edited[0].body).contains("Notes on"), "{edited:#?}");
        assert!(text(&interaction.reply().await).contains("Notes on"));
        assert_eq!(fake.requests_to(CALLBACK).len(), 1);
        fake.assert_clean();
    }
}

#[tokio::test]
async fn f18_a_response_is_tried_again_when_it_may() {
    let fake = FakeDiscord::start_tls().await;
    let _bot = TestBot::setup(&fake).start(&fake).await;
    fake.script(CALLBACK, vec![ScriptedReply::limited(1.0, "user")]);
    let interaction = fake.ask(QUESTION).send();
    assert!(text(&interaction.reply().await).contains("Notes on"));
    let sent = fake.requests_to(CALLBACK);
    assert!(sent.len() == 2 && sent[1].at >= sent[0].at + Duration::from_secs(1), "{sent:#?}");
    // A server that offers HTTP/2 gets it, so that a burst shares one connection.
    assert!(fake.requests().iter().all(|request| request.is_http2));
    fake.assert_clean();
}

#[tokio::test]
async fn f18_the_limit_of_a_route_is_waited_for_and_others_go_on() {
    for (fake, scope) in [
        (FakeDiscord::start_tls().await, "user"),
        (FakeDiscord::start_tls().await, "shared"),
        (FakeDiscord::start().await, "user"),
    ] {
        let _bot = TestBot::setup(&fake).start(&fake).await;
        let here = format!("POST /channels/{CHANNEL}/messages");
        fake.script(&here, vec![ScriptedReply::limited(WAIT.as_secs_f64(), scope)]);
        let limited = mention(&fake);
        fake.until_requests(&here, 1).await;
        fake.message(QUESTION).in_dm().send().reply().await;
        assert!(text(&limited.reply().await).contains("Notes on"));
        let sent = waited(&fake, &here);
        assert!(fake.requests_to(&format!("POST /channels/{DM}/messages"))[0].at < sent[1].at);
        fake.assert_clean();
    }
}

#[tokio::test]
async fn f18_a_limit_of_the_whole_bot_holds_for_all_but_interactions() {
    for fake in [FakeDiscord::start_tls().await, FakeDiscord::start().await] {
        let _bot = TestBot::setup(&fake).start(&fake).await;
        fake.script(SEND_MESSAGE, vec![ScriptedReply::limited_globally(WAIT.as_secs_f64())]);
        let limited = mention(&fake);
        let first = fake.until_requests(SEND_MESSAGE, 1).await[0].at;
        fake.ask(QUESTION).in_dm().send().reply().await;
        let direct = fake.message(QUESTION).in_dm().send();
        limited.reply().await;
        direct.reply().await;
        let sent = fake.requests_to(SEND_MESSAGE);
        assert!(sent.len() == 3 && sent[1..].iter().all(|later| later.at >= first + WAIT), "{sent:#?}");
        assert!(fake.requests_to(CALLBACK)[0].at < sent[1].at);
        fake.assert_clean();
    }
}

#[tokio::test]
async fn f18_after_an_answer_of_the_guards_nothing_is_sent() {
    for fake in [FakeDiscord::start_tls().await, FakeDiscord::start().await] {
        let bot = TestBot::setup(&fake).start(&fake).await;
        bot.until_log("the commands were registered").await;
        fake.script(SEND_MESSAGE, vec![ScriptedReply::banned_by_the_edge()]);
        mention(&fake);
        bot.until_log("all requests pause for 60 s").await;
        let before = fake.requests().len();
        mention(&fake);
        fake.message(QUESTION).in_dm().send();
        fake.ask(QUESTION).send().excuse();
        bot.until_log("blocks requests for now").await;
        bot.until_log("the person could not be told of it").await;
        assert_eq!(fake.requests().len(), before);
        assert_eq!(fake.invalid_requests(), 1);
        fake.assert_clean();
    }
}

#[tokio::test]
async fn f19_a_storm_over_a_hundred_channels_stays_within_the_limits() {
    let fake = FakeDiscord::start_tls().await;
    let _bot = TestBot::setup(&fake).start(&fake).await;
    let channels: Vec<u64> = (1..=100).map(|at| CHANNEL + 1_000 * at).collect();
    for channel in &channels {
        fake.add_channel(GUILD, *channel);
    }
    fake.script(SEND_MESSAGE, vec![ScriptedReply::limited(1.0, "user"); 20]);
    let ask = |channel: &u64| fake.message(QUESTION).in_channel(*channel).mentioning_bot().send();
    let interaction: Vec<MessageHandle> = channels.iter().map(ask).collect();
    for interaction in &interaction {
        assert!(text(&interaction.reply().await).contains("Notes on"));
    }
    assert_eq!(fake.requests_to(SEND_MESSAGE).len(), 120);
    assert_eq!(fake.invalid_requests(), 20);
    assert!(fake.busiest_second() <= 50, "{}", fake.busiest_second());
    fake.assert_clean();
}

/// The fake keeps Discord's limits itself, so that only requests over them are refused.
#[tokio::test]
async fn f19_of_a_storm_over_a_hundred_channels_less_than_a_hundredth_is_refused() {
    let fake = FakeDiscord::start_tls().await;
    let _bot = TestBot::setup(&fake).start(&fake).await;
    fake.enforce_limits();
    let channels = || (1..=100).map(|at| CHANNEL + 1_000 * at);
    channels().for_each(|channel| fake.add_channel(GUILD, channel));
    let all = channels().chain(channels()).chain(channels());
    let asked: Vec<MessageHandle> =
        all.map(|channel| fake.message(QUESTION).in_channel(channel).mentioning_bot().send()).collect();
    fake.until_messages(2 * asked.len()).await;
    let (sent, refused) = (fake.requests().len(), fake.invalid_requests());
    assert!(refused * 100 < sent, "{refused} of {sent} were refused");
    assert!(fake.busiest_second() <= 50, "{}", fake.busiest_second());
    fake.assert_clean();
}

#[tokio::test]
async fn f19_of_many_messages_in_a_channel_one_is_sent_in_vain() {
    let fake = FakeDiscord::start_tls().await;
    let _bot = TestBot::setup(&fake).start(&fake).await;
    fake.script(SEND_MESSAGE, vec![ScriptedReply::limited(WAIT.as_secs_f64(), "user")]);
    let interaction: Vec<MessageHandle> = (0..20).map(|_| mention(&fake)).collect();
    fake.until_requests(SEND_MESSAGE, 21).await;
    for interaction in &interaction {
        interaction.reply().await;
    }
    let sent = fake.requests_to(SEND_MESSAGE);
    assert!(sent[1].at >= sent[0].at + WAIT, "{sent:#?}");
    assert_eq!(fake.invalid_requests(), 1);
    fake.assert_clean();
}

#[tokio::test]
async fn f20_with_a_token_that_was_reset_everything_ends() {
    for fake in [FakeDiscord::start_tls().await, FakeDiscord::start().await] {
        let mut bot = TestBot::setup(&fake).start(&fake).await;
        bot.until_log("the commands were registered").await;
        fake.script_always("* /channels/**", ScriptedReply::error(401, 0));
        (0..20).for_each(|_| drop(mention(&fake)));
        assert_eq!(bot.wait_exit(DEADLINE).await, Some(2), "{}", bot.log());
        assert!(bot.log().contains("error: Discord refuses the token"), "{}", bot.log());
        assert_ne!(fake.gateway().until_closed().await, CloseReason::ByServer);
        // A slow first answer shows the typing indicator, which is refused before anything is sent.
        assert!(fake.requests_to(SEND_MESSAGE).len() <= 1, "the others in its channel are not sent");
        fake.assert_clean();
    }
}

#[tokio::test]
async fn a_message_that_may_have_arrived_is_sent_again_with_its_nonce() {
    let fake = FakeDiscord::start().await;
    let mut bot = TestBot::setup(&fake).start(&fake).await;
    let broken = [
        ScriptedReply::status(500),
        ScriptedReply::reset(),
        ScriptedReply::reset().applied(),
        ScriptedReply::status(502).applied(),
    ];
    for (at, reply) in broken.into_iter().enumerate() {
        fake.script(SEND_MESSAGE, vec![reply]);
        assert!(text(&mention(&fake).reply().await).contains("Notes on"));
        let sent = fake.until_requests(SEND_MESSAGE, 2 * (at + 1)).await;
        let [first, second] = &sent[2 * at..] else { panic!("two of them: {sent:#?}") };
        assert_eq!(first.body, second.body);
        assert_eq!(first.body["enforce_nonce"], true);
    }
    let by_bot = |message: &&serde_json::Value| message["author"]["bot"] == true;
    assert_eq!(fake.messages(CHANNEL).iter().filter(by_bot).count(), 4);
    fake.script_always(SEND_MESSAGE, ScriptedReply::status(500));
    let before = fake.requests_to(SEND_MESSAGE).len();
    mention(&fake);
    bot.until_log("an answer could not be sent").await;
    assert_eq!(fake.requests_to(SEND_MESSAGE).len(), before + 3, "and then no more");
    bot.signal(ProcessSignal::Terminate);
    assert_eq!(bot.wait_exit(DEADLINE).await, Some(0));
    fake.assert_clean();
}
