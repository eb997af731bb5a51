//! Direct messages to the bot.

use super::fixture::{QUESTION, UNANSWERABLE, bot_messages, buttons, flaws, has_excerpts, start_bot, text};
use crate::fake_discord::{DEADLINE, DM};
use crate::harness::bot::ProcessSignal;

#[tokio::test]
async fn a_plain_sentence_is_a_question_and_the_rest_is_met_kindly() {
    let (fake, _bot) = start_bot().await;
    let four_thousand = "service mesh ".repeat(400).chars().take(4_000).collect::<String>();
    for (message, said) in [
        (QUESTION, "Notes on"),
        ("service mesh", "Notes on"),
        (UNANSWERABLE, "I found nothing in the recaps that answers this: "),
        (four_thousand.as_str(), "service mesh"),
        ("hello", "**Ask** with `/ask`"),
        ("Hi there! 👋", "**Ask** with `/ask`"),
        ("help", "**Ask** with `/ask`"),
        ("what can you do?", "**Ask** with `/ask`"),
        ("hi there, what can you do?", "**Ask** with `/ask`"),
        ("🦦", "I can only read text"),
        ("<:otter:123456789012345678>", "I can only read text"),
        ("https://example.com/cat.gif", "I can only read text"),
        ("?!", "I can only read text"),
        ("", "I can only read text"),
        ("thanks!", "You're welcome"),
        ("ok thanks 👍", "You're welcome"),
        ("lol ok", "What I can answer"),
        ("bye", "What I can answer"),
        (&"x".repeat(6_001), "has 6001 characters"),
    ] {
        let reply = fake.message(message).in_dm().send().reply().await;
        assert!(text(&reply).contains(said), "{message:.40}: {reply:#}");
        assert_eq!(flaws(&reply), [""; 0], "{message:.40}");
        assert!(buttons(&reply).iter().all(|(_, id)| !id.contains("del")), "it is theirs alone: {reply:#}");
        assert!(reply["message_reference"].is_null(), "nobody else is here: {reply:#}");
    }
    fake.assert_clean();
}

#[tokio::test]
async fn images_and_stickers_are_met_kindly_and_do_not_hide_a_question() {
    let (fake, _bot) = start_bot().await;
    for message in [fake.message("").with_attachment("cat.png"), fake.message("").with_sticker()] {
        let reply = message.in_dm().send().reply().await;
        assert!(text(&reply).contains("I can only read text"), "{reply:#}");
    }
    let reply = fake.message(QUESTION).with_attachment("cat.png").in_dm().send().reply().await;
    assert!(has_excerpts(&reply), "{reply:#}");
    fake.assert_clean();
}

#[tokio::test]
async fn a_name_in_front_and_a_reply_change_nothing() {
    let (fake, _bot) = start_bot().await;
    let first = fake.message(QUESTION).mentioning_bot().in_dm().send().reply().await;
    assert!(has_excerpts(&first), "{first:#}");
    let second = fake.message("what is helm?").replying_to(&first, false).in_dm().send().reply().await;
    assert!(has_excerpts(&second) && text(&second).contains("Helm"), "{second:#}");
    fake.assert_clean();
}

/// Ends the bot, which finishes its work, before its messages are counted.
#[tokio::test]
async fn bots_webhooks_and_the_bot_itself_are_not_answered() {
    let (fake, mut bot) = start_bot().await;
    fake.message(QUESTION).in_dm().by_bot().send();
    fake.message(QUESTION).in_dm().by_webhook().send();
    fake.message(QUESTION).in_channel(DM).by_itself().send();
    let interaction = fake.message("what is helm?").in_dm().send();
    interaction.reply().await;
    // The same message again, as after a resumption.
    interaction.repeat();
    bot.signal(ProcessSignal::Terminate);
    bot.wait_exit(DEADLINE).await;
    let answers: Vec<_> =
        bot_messages(&fake, DM).into_iter().filter(|message| !message["nonce"].is_null()).collect();
    assert_eq!(answers.len(), 1, "{answers:#?}");
    assert_eq!(answers[0]["nonce"], interaction.id.to_string());
    fake.assert_clean();
}
