//! Input that no Discord client sends to this version: forged presses, unknown commands, forms and pings. Each gets a
//! friendly private reply.

use serde_json::{Value, json};

use super::fixture::{
    OUT_OF_SCOPE, QUESTION, bot_messages, buttons, has_excerpts, is_private, start_bot, text,
};
use crate::fake_discord::{CHANNEL, OTHER_USER, USER};

#[track_caller]
fn is_kind(reply: &Value, words: &str) {
    assert!(text(reply).contains(words) && is_private(reply), "{reply:#}");
}

#[tokio::test]
async fn a13_forged_and_stale_presses_do_nothing() {
    let (fake, _bot) = start_bot().await;
    let offered = fake.ask(OUT_OF_SCOPE).send().reply().await;
    let mention = fake.message(QUESTION).mentioning_bot().send().reply().await;
    let count = bot_messages(&fake, CHANNEL).len();
    let (long, wide, numbers) = ("x".repeat(100), "é".repeat(100), format!("1:del:{}", "1".repeat(94)));
    let forged = [
        "1:try:99",
        "1:try:256",
        "1:try:-1",
        "1:try:",
        "1:try:00",
        "2:x:0",
        "2:try:0",
        "1:del:abc",
        "1:del:",
        "1:del:0x7",
        "1:ask:0",
        "try",
        "@everyone",
        "'; DROP TABLE posts; --",
        "../../etc/passwd",
        "\u{202e}0:yrt:1",
        &long,
        &wide,
        &numbers,
    ];
    for custom_id in forged {
        for message in [&offered, &mention] {
            let reply = fake.press(message, custom_id).send().reply().await;
            is_kind(&reply, "This button is from another version of me");
        }
    }
    // The number of another person's message gives no access.
    let reply = fake.press(&mention, &format!("1:del:{OTHER_USER}")).send().reply().await;
    is_kind(&reply, "for the person who asked");
    let there = bot_messages(&fake, CHANNEL);
    let public = there.iter().filter(|message| !is_private(message)).count();
    assert_eq!(public, count, "nothing was deleted, nothing was said aloud");
    fake.assert_clean();
}

#[tokio::test]
async fn a13_a_button_without_its_words_asks_nothing() {
    let (fake, _bot) = start_bot().await;
    let offered = fake.ask(OUT_OF_SCOPE).send().reply().await;
    let mut bare = offered.clone();
    bare["components"] = json!([]);
    let mut without = offered.clone();
    let button = &mut without["components"][0]["components"][0];
    button.as_object_mut().expect("a button").remove("label");
    button["emoji"] = json!({ "id": null, "name": "🦦" });
    let mut blank = offered.clone();
    blank["components"][0]["components"][0]["label"] = " ".into();
    for (message, words) in
        [(&bare, "This button is"), (&without, "This button is"), (&blank, "I can only read text")]
    {
        is_kind(&fake.press(message, "1:try:0").send().reply().await, words);
    }
    let chosen = fake.choose(&offered, "1:try:0", &["what is helm?"]).send().reply().await;
    let label = offered["components"][0]["components"][0]["label"].as_str().expect("a label");
    assert!(text(&chosen).contains(label), "what a menu holds is not read: {chosen:#}");
    assert!(!text(&chosen).contains("what is helm?"), "what a menu holds is not read: {chosen:#}");
    fake.assert_clean();
}

/// A forged press that reads as a question is only a question.
#[tokio::test]
async fn a13_a_label_of_80_strange_characters_is_a_question_and_no_more() {
    let (fake, _bot) = start_bot().await;
    let mut offered = fake.ask(OUT_OF_SCOPE).private(true).send().reply().await;
    for label in ["🦦".repeat(40), "@everyone <@1100000000000000002> ||x||".into(), "*_~`|>#[](:".repeat(7)]
    {
        offered["components"][0]["components"][0]["label"] = label.clone().into();
        let reply = fake.press(&offered, "1:try:0").send().reply().await;
        assert!(is_private(&reply) && !has_excerpts(&reply), "{label}: {reply:#}");
    }
    fake.assert_clean();
}

#[tokio::test]
async fn commands_that_there_are_not_are_answered() {
    let (fake, _bot) = start_bot().await;
    let message = fake.message("hello all").send();
    for call in [
        fake.slash("trends").option("topic", "mesh"),
        fake.slash("trend"),
        fake.slash("ask"),
        fake.slash("ask").option("question", 7),
        fake.slash("ask").option("question", true),
        fake.ask(QUESTION).option("year", 2019),
        fake.ask(QUESTION).option("private", "yes"),
        fake.slash("ask").subcommand("again").option("question", QUESTION),
        fake.slash("@everyone"),
        fake.message_command("Translate this", message.payload()),
        fake.message_command("ask", message.payload()),
        fake.user_command("What did they write?", USER),
        fake.user_command("ask", USER),
        fake.submit("1:why:1", &[("reason", "otters")]),
        fake.submit("", &[]),
        fake.ping(),
        fake.slash("trend").in_dm(),
        fake.submit("1:why:1", &[("reason", "otters")]).in_dm(),
    ] {
        let sent = call.send();
        let reply = sent.reply().await;
        assert!(text(&reply).contains("Ask with `/ask`"), "{}: {reply:#}", sent.payload());
        assert!(is_private(&reply) && buttons(&reply).is_empty(), "{reply:#}");
    }
    // An option of a later version does not affect the known options.
    assert!(has_excerpts(&fake.ask(QUESTION).option("topic", "mesh").send().reply().await));
    fake.assert_clean();
}
