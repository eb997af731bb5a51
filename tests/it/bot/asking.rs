//! Questions by command, direct message and mention, and the bot's description of itself.

use super::fixture::{
    OUT_OF_SCOPE, QUESTION, UNANSWERABLE, bot_messages, buttons, flaws, has_excerpts, is_private, posts,
    start_bot, start_bot_with, text, without_kept_rows,
};
use super::gateway::assert_clean_exit;
use crate::fake_discord::{DEADLINE, DM};
use crate::harness::Cli;
use crate::harness::bot::ProcessSignal;

#[tokio::test]
async fn a_question_is_answered_and_the_bot_leaves() {
    let (fake, bot) = start_bot().await;
    let reply = fake.ask(QUESTION).send().reply().await;
    assert!(text(&reply).contains("Notes on"), "{reply:#}");
    assert_clean_exit(&fake, bot).await;
}

#[tokio::test]
async fn a_direct_message_and_a_mention_are_answered() {
    let (fake, _bot) = start_bot().await;
    let direct = fake.message(QUESTION).in_dm().send().reply().await;
    assert!(text(&direct).contains("Notes on"), "{direct:#}");
    assert!(buttons(&direct).iter().all(|(label, _)| label != "Delete"), "it is theirs alone: {direct:#}");
    let mention = fake.message("what about service mesh?").mentioning_bot().send().reply().await;
    assert!(text(&mention).contains("Notes on"), "{mention:#}");
    fake.assert_clean();
}

#[tokio::test]
async fn ask_answers_in_a_server_and_in_a_direct_channel() {
    let (fake, _bot) = start_bot().await;
    for (question, is_found) in [(QUESTION, true), (UNANSWERABLE, false), (OUT_OF_SCOPE, false)] {
        for call in [fake.ask(question), fake.ask(question).in_dm()] {
            let sent = call.send();
            assert_eq!(sent.first_callback().await.kind, 4, "an answer that is ready needs no \"thinking…\"");
            let reply = sent.reply().await;
            assert_eq!(has_excerpts(&reply), is_found, "{reply:#}");
            assert!(!is_private(&reply), "{reply:#}");
            assert!(
                is_found || text(&reply).starts_with("I found nothing in the recaps that answers this: "),
                "{reply:#}"
            );
        }
    }
    let reply = fake.ask(OUT_OF_SCOPE).send().reply().await;
    assert!(
        text(&reply)
            .contains("Searched in KubeCon NA 2019, San Diego.\nNo recap there mentions opentelemetry.\nTry"),
        "{reply:#}"
    );
    assert!(!buttons(&reply).is_empty(), "{reply:#}");
    fake.assert_clean();
}

/// Discord accepts both: blanks count as characters, and an older command may allow more of them.
#[tokio::test]
async fn what_is_no_question_is_said_to_the_person_alone() {
    let (fake, _bot) = start_bot().await;
    for (question, said) in [
        ("   ".to_owned(), "I can only read text"),
        ("é".repeat(6_001), "has 6001 characters"),
        ("hello".to_owned(), "**Ask** with `/ask`"),
        ("hi there, what can you do?".to_owned(), "**Ask** with `/ask`"),
        ("latest posts".to_owned(), "**The newest posts**"),
        ("newest recaps?".to_owned(), "Notes on"),
        ("thanks!".to_owned(), "You're welcome"),
        ("lol ok".to_owned(), "All right."),
    ] {
        let reply = fake.ask(&question).send().reply().await;
        assert!(text(&reply).contains(said), "{reply:#}");
        assert!(is_private(&reply), "{reply:#}");
    }
    let reply = fake.ask(&"mesh ".repeat(1_200)).send().reply().await;
    assert!(text(&reply).len() > 10, "{reply:#}");
    fake.assert_clean();
}

#[tokio::test]
async fn each_example_of_help_has_an_answer_when_it_is_pressed() {
    let (fake, _bot) = start_bot().await;
    for call in [fake.slash("help"), fake.slash("help").in_dm()] {
        let help = call.send().reply().await;
        assert!(is_private(&help), "{help:#}");
        assert!(text(&help).contains("**Ask** with `/ask`"), "{help:#}");
        let examples = buttons(&help);
        assert!((2..=4).contains(&examples.len()), "{examples:?}");
        for (question, custom_id) in examples {
            let answer = fake.press(&help, &custom_id).send().reply().await;
            assert!(has_excerpts(&answer), "{question}: {answer:#}");
            assert!(text(&answer).starts_with(&format!("**{question}**")), "which was pressed? {answer:#}");
            assert!(is_private(&answer), "what was asked in private stays so: {answer:#}");
        }
    }
    fake.assert_clean();
}

#[tokio::test]
async fn about_tells_what_there_is() {
    let (fake, _bot) = start_bot().await;
    for call in [fake.slash("about"), fake.slash("about").in_dm()] {
        let about = call.send().reply().await;
        let said = text(&about);
        let version = env!("CARGO_PKG_VERSION");
        for words in [
            "I know 5 posts about 4 events from 2018 to 2019: recaps and notes on recaps.",
            // 26 November 2019, noon in UTC.
            "The newest is from <t:1574769600:D>.",
            &format!("**takeaways {version}** · Apache-2.0"),
        ] {
            assert!(said.contains(words), "no {words:?} in {said}");
        }
        assert!(is_private(&about), "{about:#}");
    }
    fake.assert_clean();
}

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
        ("lol ok", "All right."),
        ("bye", "All right."),
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

/// Questions with their options: answered, answered within a scope, refused with and without buttons.
const CASES: [(&str, &[(&str, &str)]); 16] = [
    ("what did people say about service mesh?", &[]),
    ("what is helm?", &[]),
    ("which projects graduated?", &[]),
    ("what about security at KubeCon EU 2019?", &[]),
    ("what about the latest KubeCon?", &[]),
    ("\"service mesh\" -istio", &[]),
    ("what about Kubernetes?", &[("event", "kubecon-na-2019")]),
    ("what about Kubernetes?", &[("year", "2018-2020"), ("author", "garuccio")]),
    ("what about Kubernetes?", &[("event", "KubeCon"), ("year", "2018")]),
    ("what about Kubernetes?", &[("event", "NoSuchConf 2031")]),
    ("opentelemetry at KubeCon NA 2019", &[]),
    ("ebpf in 2031", &[]),
    ("who won the football world cup?", &[]),
    ("who sang about the service mesh of sourdough?", &[]),
    ("how was KubeCon EU 2031?", &[]),
    ("what about @everyone and <@1> || **bold** [a](https://b.c)?", &[]),
];

#[tokio::test]
async fn what_is_printed_is_what_is_sent() {
    let (fake, _bot) = start_bot().await;
    let mut buttons = 0;
    for (at, (question, options)) in CASES.into_iter().enumerate() {
        let call = options.iter().fold(fake.ask(question), |call, (name, value)| call.option(name, *value));
        let sent = call.send().first_callback().await;
        let cli =
            options.iter().fold(Cli::with_notes().args("ask --format discord"), |cli, (name, value)| {
                cli.arg(&format!("--{name}")).arg(value)
            });
        let printed = cli.arg("--").arg(question).run().json();
        assert_eq!((sent.kind, &without_kept_rows(&sent.data)), (4, &printed), "{question} {options:?}");
        buttons += usize::from(!printed["components"].is_null());
        let mut direct = fake.message(question).in_dm();
        if options.is_empty() {
            // Each is a conversation of its own.
            direct = direct.by(crate::fake_discord::GUILD + 5_000 + at as u64);
            let reply = direct.send().reply().await;
            assert_eq!(reply["content"], printed.get("content").cloned().unwrap_or("".into()), "{question}");
        }
    }
    assert!(buttons >= 2, "no refusal had a button");
    fake.assert_clean();
}

#[tokio::test]
async fn who_said_a_quote_is_told_how_near_its_words_are() {
    let (fake, _bot) = start_bot_with(&posts()).await;
    let nothing = "None of the recaps has these words";
    for (quote, words) in [
        (
            "Many teams weave their clusters into one network with Loom, and few regret it.",
            "**Ada Example**, word for word:",
        ),
        // One word of 14 is another.
        (
            "Many teams weave their clusters into one network with Loom, and some regret it.",
            "**Ada Example**, nearly word for word (93 %):",
        ),
        ("Many teams knit their sweaters in one evening with wool, and some regret it.", nothing),
    ] {
        let message = fake.message(quote).send().payload().clone();
        let reply = fake.message_command("Who said this?", &message).send().reply().await;
        assert!(text(&reply).contains(words) && is_private(&reply), "{quote}: {reply:#}");
        assert_eq!(has_excerpts(&reply), words != nothing, "{quote}: {reply:#}");
    }
    fake.assert_clean();
}
