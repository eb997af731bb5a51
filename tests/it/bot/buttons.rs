//! Presses of the bot's own buttons: suggested questions, the button that deletes, and the one that follows.
//! `every_button.rs` presses each in every situation.

use std::path::Path;

use serde_json::{Value, json};

use super::fixture::{
    OUT_OF_SCOPE, QUESTION, bot_messages, buttons, has_excerpts, id_of, is_private, start_bot, text,
};
use crate::fake_discord::{CHANNEL, FakeDiscord, OTHER_USER, USER};
use crate::harness::bot::TestBot;

/// The permissions of a member, and of a moderator who may delete messages.
const MEMBER: u64 = 1 << 10 | 1 << 11;
const MODERATOR: u64 = MEMBER | 1 << 13;
const AT_SEATTLE: &str = "what about service mesh at KubeCon NA 2018?";

/// Returns the answer to a mention by [`USER`], and the id of its button that deletes.
async fn mentioned(fake: &FakeDiscord, question: &str) -> (Value, String) {
    let reply = fake.message(question).mentioning_bot().send().reply().await;
    let delete = buttons(&reply).pop().expect("a button").1;
    (reply, delete)
}

fn is_there(fake: &FakeDiscord, message: &Value) -> bool {
    bot_messages(fake, CHANNEL).iter().any(|there| there["id"] == message["id"])
}

/// The questions of the menu that goes on from an answer.
fn related(message: &Value) -> Vec<String> {
    let rows = message["components"].as_array().into_iter().flatten();
    let parts = rows.flat_map(|row| row["components"].as_array().into_iter().flatten());
    let menu = parts.into_iter().find(|part| part["custom_id"] == "1:try:0" && part["options"].is_array());
    let options = menu.and_then(|menu| menu["options"].as_array().cloned()).unwrap_or_default();
    options.iter().map(|option| option["value"].as_str().expect("a text").to_owned()).collect()
}

async fn start_in(fake: &FakeDiscord, state: &Path) -> TestBot {
    TestBot::setup(fake).state(state).start(fake).await
}

#[tokio::test]
async fn each_offer_has_an_answer_that_says_what_was_pressed() {
    let (fake, _bot) = start_bot().await;
    let command = fake.ask(OUT_OF_SCOPE).send().reply().await;
    let direct = fake.message(OUT_OF_SCOPE).in_dm().send().reply().await;
    let (mention, _) = mentioned(&fake, OUT_OF_SCOPE).await;
    let private = fake.ask(OUT_OF_SCOPE).private(true).send().reply().await;
    for message in [command, direct, mention, private] {
        let offers: Vec<_> =
            buttons(&message).into_iter().filter(|(_, id)| id.starts_with("1:try:")).collect();
        assert!(!offers.is_empty(), "{message:#}");
        for (question, custom_id) in offers {
            let answer = fake.press(&message, &custom_id).send().reply().await;
            assert!(has_excerpts(&answer), "{question}: {answer:#}");
            assert!(text(&answer).starts_with(&format!("**{question}**")), "{answer:#}");
            assert_eq!(is_private(&answer), is_private(&message), "{answer:#}");
        }
    }
    fake.assert_clean();
}

/// The message holds everything that a press needs, so a bot need not remember it.
#[tokio::test]
async fn buttons_work_after_a_restart() {
    let (fake, bot) = start_bot().await;
    let offered = fake.ask(OUT_OF_SCOPE).send().reply().await;
    let (mention, delete) = mentioned(&fake, QUESTION).await;
    let help = fake.slash("help").send().reply().await;
    drop(bot);
    let _bot = TestBot::setup(&fake).start(&fake).await;
    for message in [&offered, &help] {
        let answer = fake.press(message, "1:try:0").send().reply().await;
        assert!(has_excerpts(&answer), "{answer:#}");
    }
    fake.press(&mention, &delete).send().first_callback().await;
    fake.until_requests("DELETE /webhooks/*/*/messages/@original", 1).await;
    assert!(!is_there(&fake, &mention));
    fake.assert_clean();
}

#[tokio::test]
async fn a13_who_asked_and_moderators_may_delete_and_others_may_not() {
    let (fake, _bot) = start_bot().await;
    for (at, person, permissions) in [(1, USER, MEMBER), (2, OTHER_USER, MODERATOR)] {
        let (reply, delete) = mentioned(&fake, QUESTION).await;
        assert_eq!(delete, format!("1:del:{USER}"));
        let other = fake.press(&reply, &delete).by(OTHER_USER).permissions(MEMBER).send().reply().await;
        assert!(is_private(&other), "{other:#}");
        assert!(text(&other).contains("for the person who asked, and for moderators"), "{other:#}");
        assert!(is_there(&fake, &reply));
        let press = fake.press(&reply, &delete).by(person).permissions(permissions).send();
        assert_eq!(press.first_callback().await.kind, 6);
        fake.until_requests("DELETE /webhooks/*/*/messages/@original", at).await;
        assert!(!is_there(&fake, &reply));
    }
    fake.assert_clean();
}

/// A message may have unknown fields; only its button is read.
#[tokio::test]
async fn a_press_on_a_message_with_unknown_parts_is_answered() {
    let (fake, _bot) = start_bot().await;
    let mut offered = fake.ask(OUT_OF_SCOPE).send().reply().await;
    let unknown = json!({ "type": 99, "id": 1, "items": [{ "type": 98 }] });
    offered["components"].as_array_mut().expect("rows").insert(0, unknown);
    offered["message_reference"] = json!({ "type": 9 });
    offered["type"] = 250.into();
    offered["flags"] = (1_u64 << 40).into();
    let answer = fake.press(&offered, "1:try:0").send().reply().await;
    assert!(has_excerpts(&answer) && !is_private(&answer), "{answer:#}");
    fake.assert_clean();
}

#[tokio::test]
async fn each_question_that_goes_on_from_an_answer_has_an_answer() {
    let (fake, _bot) = start_bot().await;
    let answer = fake.ask(AT_SEATTLE).send().reply().await;
    let offered = related(&answer);
    assert!((1..=3).contains(&offered.len()), "{answer:#}");
    for question in &offered {
        let next = fake.choose(&answer, "1:try:0", &[question]).send().reply().await;
        assert!(has_excerpts(&next), "{question}: {next:#}");
        assert!(text(&next).starts_with(&format!("**{question}**")), "{next:#}");
    }
    let refused = fake.ask("who won the football world cup?").send().reply().await;
    assert_eq!(related(&refused), [""; 0]);
    fake.assert_clean();
}

#[tokio::test]
async fn an_answer_to_a_command_is_deleted_by_who_asked() {
    let (fake, _bot) = start_bot().await;
    let answer = fake.ask(QUESTION).send().reply().await;
    let delete = id_of(&answer, "del").expect("a button");
    let other = fake.press(&answer, &delete).by(OTHER_USER).permissions(0).send().reply().await;
    assert!(is_private(&other) && text(&other).contains("for the person who asked"), "{other:#}");
    fake.press(&answer, &delete).send().first_callback().await;
    fake.until_requests("DELETE /webhooks/*/*/messages/@original", 1).await;
    assert!(!bot_messages(&fake, CHANNEL).iter().any(|there| there["id"] == answer["id"]));
    let private = fake.ask(QUESTION).private(true).send().reply().await;
    assert!(buttons(&private).iter().all(|(_, id)| !id.starts_with("1:del:")), "{private:#}");
    fake.assert_clean();
}

#[tokio::test]
async fn the_topic_of_an_answer_can_be_followed_by_everybody_also_after_a_restart() {
    let (fake, state) = (FakeDiscord::start().await, tempfile::tempdir().expect("a folder"));
    let bot = start_in(&fake, state.path()).await;
    let answer = fake.ask(AT_SEATTLE).send().reply().await;
    let follow = id_of(&answer, "follow").expect("a button");
    assert!(buttons(&answer).contains(&("Follow service mesh".to_owned(), follow.clone())), "{answer:#}");
    drop(bot);
    let _bot = start_in(&fake, state.path()).await;
    for (user, said) in
        [(USER, "You now follow"), (OTHER_USER, "You now follow"), (USER, "You already follow")]
    {
        let reply = fake.press(&answer, &follow).by(user).send().reply().await;
        assert!(is_private(&reply) && text(&reply).contains(said), "{reply:#}");
    }
    let own = fake.slash("following").by(OTHER_USER).send().reply().await;
    assert!(text(&own).contains("- on **Service mesh**"), "{own:#}");
    fake.assert_clean();
}
