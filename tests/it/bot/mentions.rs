//! Mentions in a server, and replies that ping the bot.

use super::fixture::{QUESTION, bot_messages, buttons, has_excerpts, start_bot, text};
use crate::fake_discord::{BOT, CHANNEL, DEADLINE, FakeDiscord, MODERATOR, OTHER_USER, USER};
use crate::harness::bot::{ProcessSignal, TestBot};

/// Ends the bot, which finishes its work, and returns the ids of the messages that it answered.
async fn answered(fake: &FakeDiscord, mut bot: TestBot) -> Vec<String> {
    bot.signal(ProcessSignal::Terminate);
    bot.wait_exit(DEADLINE).await;
    let answers = bot_messages(fake, CHANNEL);
    let to = |id: &serde_json::Value| id.as_str().unwrap_or_default().to_owned();
    answers
        .iter()
        .map(|message| to(&message["message_reference"]["message_id"]))
        .filter(|id| !id.is_empty())
        .collect()
}

#[tokio::test]
async fn a_mention_is_answered_wherever_it_stands() {
    let (fake, _bot) = start_bot().await;
    for content in [
        format!("<@{BOT}> {QUESTION}"),
        format!("<@!{BOT}> {QUESTION}"),
        format!("{QUESTION} <@{BOT}>"),
        format!("what did people say, <@{BOT}>, about service mesh?"),
        format!("<@{BOT}><@{BOT}>\n{QUESTION}"),
    ] {
        let named = fake.message(&content).naming_bot().send();
        let reply = named.reply().await;
        assert!(has_excerpts(&reply), "{content}: {reply:#}");
        assert_eq!(reply["message_reference"]["message_id"], named.id.to_string(), "{reply:#}");
        assert_eq!(
            buttons(&reply).last(),
            Some(&("Delete".to_owned(), format!("1:del:{USER}"))),
            "{reply:#}"
        );
    }
    for (content, said) in [
        ("", "**Ask** with `/ask`"),
        ("hello", "**Ask** with `/ask`"),
        ("👋", "I can only read text"),
        ("thanks!", "You're welcome"),
        ("ok", "All right."),
        ("vielen dank!", "Gern geschehen"),
    ] {
        let reply = fake.message(content).mentioning_bot().send().reply().await;
        assert!(text(&reply).contains(said), "{content}: {reply:#}");
    }
    fake.assert_clean();
}

#[tokio::test]
async fn a_reply_that_pings_is_a_question_and_one_that_does_not_is_none() {
    let (fake, bot) = start_bot().await;
    let first = fake.message(QUESTION).mentioning_bot().send();
    let answer = first.reply().await;
    let pinging = fake.message("what is helm?").replying_to(&answer, true).send();
    let reply = pinging.reply().await;
    assert!(text(&reply).contains("Helm"), "{reply:#}");
    fake.message("what is helm?").replying_to(&answer, false).send();
    fake.message("what is helm?").replying_to(first.payload(), true).send();
    let last = fake.message("what is helm?").mentioning_bot().by(OTHER_USER).send();
    last.reply().await;
    let expected = [&first, &pinging, &last].map(|message| message.id.to_string());
    assert_eq!(answered(&fake, bot).await, expected);
    fake.assert_clean();
}

#[tokio::test]
async fn what_pings_all_a_role_or_others_is_not_for_the_bot() {
    let (fake, bot) = start_bot().await;
    fake.message(QUESTION).send();
    fake.message(QUESTION).mentioning_everyone().send();
    fake.message(&format!("@here {QUESTION}")).send();
    fake.message(QUESTION).mentioning_role(MODERATOR).send();
    fake.message(&format!("<@{OTHER_USER}> {QUESTION}")).send();
    fake.message(QUESTION).mentioning_bot().by_bot().send();
    fake.message(QUESTION).mentioning_bot().by_webhook().send();
    fake.message(QUESTION).mentioning_bot().by_itself().send();
    let question = fake.message(QUESTION).mentioning_bot().send();
    question.reply().await;
    question.repeat();
    assert_eq!(answered(&fake, bot).await, [question.id.to_string()]);
    fake.assert_clean();
}

#[tokio::test]
async fn mentions_can_be_switched_off_and_commands_go_on() {
    let fake = FakeDiscord::start().await;
    let setup = TestBot::setup(&fake).env("TAKEAWAYS__DISCORD__ANSWER_MENTIONS", "false");
    let bot = setup.start(&fake).await;
    fake.message(QUESTION).mentioning_bot().send();
    assert!(has_excerpts(&fake.ask(QUESTION).send().reply().await));
    assert!(has_excerpts(&fake.message(QUESTION).in_dm().send().reply().await));
    assert_eq!(answered(&fake, bot).await, [""; 0]);
    fake.assert_clean();
}
