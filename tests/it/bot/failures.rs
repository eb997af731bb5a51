//! Messages to users if the bot fails, is slow, or may not write.

use std::time::Duration;

use regex::Regex;
use serde_json::Value;

use super::fixture::{QUESTION, buttons, has_excerpts, id_of, is_private, start_bot, text};
use super::metrics;
use crate::fake_discord::{CHANNEL, DM, EMBED, EPHEMERAL, FakeDiscord, ScriptedReply};
use crate::harness::bot::TestBot;
use crate::harness::postgres::shared;
use crate::harness::proxy::TcpProxy;

/// Returns the id of a failure, which is also in the log.
#[track_caller]
fn id(message: &Value) -> String {
    let text = text(message);
    let id = Regex::new(r"\*\*([0-9a-f]{8})\*\*").expect("a pattern");
    id.captures(&text).unwrap_or_else(|| panic!("no id in {text:?}"))[1].to_owned()
}

#[tokio::test]
async fn a_failure_is_told_with_an_id_that_is_in_the_log() {
    for (faults, cause) in [
        ("answer=panic", "it panicked"),
        ("answer=fail", "the recaps failed: a test wants this to fail"),
        ("quote=differs", "the recaps failed"),
    ] {
        let fake = FakeDiscord::start().await;
        let bot = TestBot::setup(&fake).faults(faults).start(&fake).await;
        let command = fake.ask(QUESTION).send().reply().await;
        assert!(is_private(&command), "{command:#}");
        let mention = fake.message(QUESTION).mentioning_bot().send().reply().await;
        let direct = fake.message(QUESTION).in_dm().send().reply().await;
        for message in [command, mention, direct] {
            let id = id(&message);
            assert!(!text(&message).contains("Notes on"), "{message:#}");
            bot.until_log(&id).await;
            let told = |line: &&str| line.contains(&id) && line.contains(cause) && line.contains("\"ERROR\"");
            assert!(bot.log().lines().any(|line| told(&line)), "no {id} with {cause}: {}", bot.log());
        }
        let panics = if faults == "answer=panic" { 3 } else { 0 };
        assert!(metrics(&bot).await.contains(&format!("takeaways_panics_total {panics}\n")));
        // The bot continues to work.
        assert!(text(&fake.slash("about").send().reply().await).contains("recaps"));
        fake.assert_clean();
    }
}

#[tokio::test]
async fn an_answer_that_takes_long_is_announced_as_it_was_wished() {
    let fake = FakeDiscord::start().await;
    let _bot = TestBot::setup(&fake).faults("answer=sleep:2000").start(&fake).await;
    let interaction = [true, false].map(|private| (private, fake.ask(QUESTION).private(private).send()));
    for (private, interaction) in interaction {
        let first = interaction.first_callback().await;
        assert_eq!(first.kind, 5);
        assert_eq!(first.data["flags"], if private { EPHEMERAL } else { 0 });
        let reply = interaction.reply().await;
        assert!(text(&reply).contains("Notes on"), "{reply:#}");
        assert_eq!(is_private(&reply), private);
    }
    for edit in fake.requests_to("PATCH /webhooks/*/*/messages/@original") {
        assert_eq!(edit.body["flags"].as_u64().unwrap_or_default() & EPHEMERAL, 0, "{:#}", edit.body);
    }
    fake.assert_clean();
}

#[tokio::test]
async fn a_message_whose_answer_takes_long_sees_somebody_type() {
    let fake = FakeDiscord::start().await;
    let _bot = TestBot::setup(&fake).faults("answer=sleep:2000").start(&fake).await;
    // A failed typing indicator does not delay the answer.
    fake.script(&format!("POST /channels/{DM}/typing"), vec![ScriptedReply::status(500)]);
    let interaction = [fake.message(QUESTION).mentioning_bot().send(), fake.message(QUESTION).in_dm().send()];
    for (interaction, channel) in interaction.iter().zip([CHANNEL, DM]) {
        assert!(text(&interaction.reply().await).contains("Notes on"));
        let typing = fake.requests_to(&format!("POST /channels/{channel}/typing"));
        let sent = fake.requests_to(&format!("POST /channels/{channel}/messages"));
        assert_eq!((typing.len(), sent.len()), (1, 1));
        assert!(typing[0].at < sent[0].at);
    }
    fake.assert_clean();
}

#[tokio::test]
async fn a_slow_sign_does_not_hold_up_the_answer() {
    let fake = FakeDiscord::start().await;
    let _bot = TestBot::setup(&fake).faults("answer=sleep:1000").start(&fake).await;
    fake.script("POST /channels/*/typing", vec![ScriptedReply::real().after(Duration::from_secs(15))]);
    let reply = fake.message(QUESTION).mentioning_bot().send().reply().await;
    assert!(text(&reply).contains("Notes on"));
    assert_eq!(fake.requests_to("POST /channels/*/typing")[0].status, None, "it is not over yet");
}

#[tokio::test]
async fn who_asked_where_the_bot_may_not_write_is_told_privately_once() {
    // Discord removes embeds without the permission, so the message would be empty.
    // Then, or without a permission, it is tried once more without embeds.
    for (status, code, tries) in [(403, 50001, 1), (403, 50013, 2), (400, 50006, 2)] {
        let fake = FakeDiscord::start().await;
        let bot = TestBot::setup(&fake).start(&fake).await;
        let here = format!("POST /channels/{CHANNEL}/messages");
        fake.script_always(&here, ScriptedReply::error(status, code));
        let ask = || fake.message(QUESTION).mentioning_bot().send();
        ask();
        let told = fake.next_message(DM).await;
        assert!(text(&told).contains(&format!("I may not write in <#{CHANNEL}>")), "{told:#}");
        ask();
        fake.until_requests(&here, 2 * tries).await;
        fake.message(QUESTION).in_dm().send().reply().await;
        assert_eq!(fake.requests_to("POST /users/@me/channels").len(), 1);
        assert_eq!(fake.requests_to(&here).len(), 2 * tries, "a refusal is not tried again");
        assert!(bot.log().contains(&format!("code {code}")), "{}", bot.log());
        fake.assert_clean();
    }
}

#[tokio::test]
async fn where_embeds_are_not_allowed_the_answer_is_plain_text() {
    let (fake, _bot) = start_bot().await;
    fake.overwrite(CHANNEL, 0, EMBED);
    let reply = fake.message(QUESTION).mentioning_bot().send().reply().await;
    assert!(reply["content"].as_str().is_some_and(|content| content.contains("Notes on")), "{reply:#}");
    assert!(!has_excerpts(&reply), "{reply:#}");
    assert!(buttons(&reply).iter().any(|(label, _)| label == "Delete"), "{reply:#}");
    assert_eq!(fake.requests_to("POST /users/@me/channels").len(), 0, "there is nothing to tell privately");
    fake.assert_clean();
}

#[tokio::test]
async fn who_takes_no_direct_messages_is_left_alone() {
    for route in [format!("POST /channels/{DM}/messages"), "POST /users/@me/channels".to_owned()] {
        let fake = FakeDiscord::start().await;
        let bot = TestBot::setup(&fake).start(&fake).await;
        fake.script_always(&format!("POST /channels/{CHANNEL}/messages"), ScriptedReply::error(403, 50013));
        fake.script_always(&route, ScriptedReply::error(403, 50007));
        fake.message(QUESTION).mentioning_bot().send();
        bot.until_log("the person could not be told by direct message either").await;
        assert_eq!(fake.requests_to(&route).len(), 1);
        // The bot continues to work.
        assert!(text(&fake.ask(QUESTION).send().reply().await).contains("Notes on"));
        assert_eq!(fake.requests_to(&route).len(), 1);
        fake.assert_clean();
    }
}

#[tokio::test]
async fn a_button_is_acknowledged_in_time_while_the_state_does_not_answer() {
    let Some(server) = shared() else { return };
    let proxy = TcpProxy::connect_to(server.socket()).await;
    let url = server.address_at(proxy.address(), &server.new_database().await);
    let fake = FakeDiscord::start().await;
    let _bot = TestBot::setup(&fake).env("TAKEAWAYS__STATE__URL", &url).start(&fake).await;
    let answer = fake.ask("what about service mesh?").send().reply().await;
    let menu = id_of(&answer, "context").expect("a menu");
    proxy.cut();
    // The fake tells of a press that is not acknowledged in three seconds.
    let pressed = fake.choose(&answer, &menu, &["0"]).send();
    let first = pressed.first_callback().await;
    assert_eq!((first.kind, &first.data["flags"]), (5, &EPHEMERAL.into()));
    tokio::time::sleep(Duration::from_secs(1)).await;
    proxy.restore();
    let reply = pressed.reply().await;
    assert!(!text(&reply).is_empty(), "{reply:#}");
    fake.assert_clean();
}
