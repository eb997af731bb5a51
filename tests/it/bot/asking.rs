//! Questions by command, direct message and mention, and the bot's description of itself.

use super::fixture::{
    OUT_OF_SCOPE, QUESTION, UNANSWERABLE, buttons, has_excerpts, is_private, start_bot, text,
};
use crate::fake_discord::{CloseReason, DEADLINE};
use crate::harness::bot::ProcessSignal;

#[tokio::test]
async fn a_question_is_answered_and_the_bot_leaves() {
    let (fake, mut bot) = start_bot().await;
    let reply = fake.ask(QUESTION).send().reply().await;
    assert!(text(&reply).contains("Notes on"), "{reply:#}");
    bot.signal(ProcessSignal::Terminate);
    assert_eq!(bot.wait_exit(DEADLINE).await, Some(0), "{}", bot.log());
    assert_eq!(fake.gateway().until_closed().await, CloseReason::ByClient(Some(1000)));
    fake.assert_clean();
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
        ("lol ok".to_owned(), "What I can answer"),
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
