//! Conversations with the bot, and the buttons below its answers.

use std::fs;

use serde_json::{Value, json};

use super::fixture::{
    OUT_OF_SCOPE, bot_messages, buttons, has_excerpts, id_of, is_private, posts, read, read_text, start_bot,
    start_bot_with, text,
};
use crate::fake_discord::{CHANNEL, FakeDiscord, OTHER_USER, USER};
use crate::harness::bot::{ProcessSignal, TestBot};
use crate::harness::{Cli, TempCorpus};

const AT_SEATTLE: &str = "what about service mesh at KubeCon NA 2018?";

/// A message with two excerpts of different posts.
async fn two_excerpts(fake: &FakeDiscord) -> Value {
    let reply = fake.ask("what about service mesh?").send().reply().await;
    assert!(reply["embeds"].as_array().is_some_and(|all| all.len() > 1), "{reply:#}");
    reply
}

#[tokio::test]
async fn direct_messages_go_on_also_after_a_restart() {
    let (fake, state) = (FakeDiscord::start().await, tempfile::tempdir().expect("a folder"));
    let bot = TestBot::setup(&fake).state(state.path()).start(&fake).await;
    let first = fake.message(AT_SEATTLE).in_dm().send().reply().await;
    assert!(text(&first).contains("KubeCon NA 2018"), "{first:#}");
    drop(bot);
    let _bot = TestBot::setup(&fake).state(state.path()).start(&fake).await;
    let second = fake.message("and in 2019?").in_dm().send().reply().await;
    assert!(text(&second).starts_with("**service mesh · KubeCon NA 2019, San Diego**"), "{second:#}");
    assert!(has_excerpts(&second));
    let thanks = fake.message("thanks").in_dm().send().reply().await;
    assert!(text(&thanks).contains("You're welcome"), "{thanks:#}");
    let wide = id_of(&second, "wide").expect("a button");
    let third = fake.press(&second, &wide).send().reply().await;
    assert!(has_excerpts(&third) && !text(&third).contains("San Diego**"), "{third:#}");
    let topic = id_of(&second, "topic").expect("a button");
    let anew = fake.press(&second, &topic).send().reply().await;
    assert!(text(&anew).contains("new topic"), "{anew:#}");
    let fourth = fake.message("and in 2019?").in_dm().send().reply().await;
    assert!(!text(&fourth).contains("service mesh ·"), "{fourth:#}");
    fake.assert_clean();
}

/// Messages of one conversation.
const CONVERSATION: [&str; 7] = [
    AT_SEATTLE,
    "and in 2019?",
    "what about security?",
    "thanks",
    "more",
    "what were the takeaways of KubeCon EU 2018?",
    "and of KubeCon NA 2019?",
];

#[tokio::test]
async fn a_conversation_is_the_same_in_direct_messages_and_in_a_batch() {
    let (fake, _bot) = start_bot().await;
    let line =
        |(at, question)| json!({ "id": format!("{at}"), "q": question, "conversation": "a" }).to_string();
    let lines: Vec<String> = CONVERSATION.into_iter().enumerate().map(line).collect();
    let batch = Cli::with_notes().args("ask --batch -").input(lines.join("\n")).run();
    let (mut answers, mut headings) = (0, 0);
    for (line, message) in batch.out.lines().zip(CONVERSATION) {
        let printed: Value = serde_json::from_str(line).expect("JSON");
        let sent = read(&fake.message(message).in_dm().send().reply().await);
        headings += usize::from(sent.starts_with(printed["understood"].as_str().expect("a text")));
        for excerpt in printed["excerpts"].as_array().into_iter().flatten() {
            let quote = read_text(excerpt["quote"].as_str().expect("a quote"));
            let begin: String = quote.chars().take(60).collect();
            // A message has room for the best lines of an overview only.
            let is_overview = printed["shape"] != "fact";
            assert!(is_overview || sent.contains(&begin), "{message}: no {begin:?} in {sent}");
            answers += usize::from(sent.contains(&begin));
        }
    }
    assert!(headings >= 3, "{headings}\n{}", batch.out);
    assert!(answers > 8, "{answers}\n{}", batch.out);
    fake.assert_clean();
}

#[tokio::test]
async fn each_person_has_a_conversation_of_their_own() {
    let (fake, _bot) = start_bot().await;
    let mine = fake.message(AT_SEATTLE).mentioning_bot().send().reply().await;
    assert!(has_excerpts(&mine), "{mine:#}");
    let other = fake.message("and in 2019?").mentioning_bot().by(OTHER_USER).send().reply().await;
    assert!(!text(&other).contains("service mesh ·"), "{other:#}");
    // A reply goes on with the answer that it replies to, whoever asked for it.
    let replied = fake.message("and in 2019?").replying_to(&mine, true).by(OTHER_USER).send().reply().await;
    assert!(text(&replied).starts_with("**service mesh · KubeCon NA 2019"), "{replied:#}");
    let asked = fake.ask(AT_SEATTLE).send().reply().await;
    let replied = fake.message("and in 2019?").replying_to(&asked, true).send().reply().await;
    assert!(text(&replied).starts_with("**service mesh · KubeCon NA 2019"), "{replied:#}");
    fake.assert_clean();
}

/// Without it a reply would go on with a newer answer, or with none of the person who replies.
#[tokio::test]
async fn a_reply_to_a_refusal_or_to_a_shared_answer_goes_on_with_it() {
    let (fake, _bot) = start_bot().await;
    let unknown = fake.message("zeppelins?").mentioning_bot().send().reply().await;
    assert!(!has_excerpts(&unknown) && id_of(&unknown, "topic").is_some(), "{unknown:#}");
    let refusal = fake.message(OUT_OF_SCOPE).mentioning_bot().send().reply().await;
    assert!(!has_excerpts(&refusal), "{refusal:#}");
    let private = fake.ask(AT_SEATTLE).private(true).send().reply().await;
    let share = id_of(&private, "share").expect("a button");
    let shared = fake.press(&private, &share).send().reply().await;
    for (answer, event) in [(&refusal, "KubeCon NA 2019"), (&shared, "KubeCon NA 2018")] {
        fake.message("prometheus?").mentioning_bot().send().reply().await;
        for person in [USER, OTHER_USER] {
            let reply = fake.message("what about security?").replying_to(answer, true).by(person);
            let reply = reply.send().reply().await;
            assert!(text(&reply).starts_with(&format!("**security · {event}, ")), "{person}: {reply:#}");
        }
    }
    fake.assert_clean();
}

#[tokio::test]
async fn the_context_of_an_excerpt_is_private_and_can_be_paged() {
    let (fake, state) = (FakeDiscord::start().await, tempfile::tempdir().expect("a folder"));
    let bot = TestBot::setup(&fake).state(state.path()).start(&fake).await;
    let answer = two_excerpts(&fake).await;
    let menu = id_of(&answer, "context").expect("a menu");
    drop(bot);
    let _bot = TestBot::setup(&fake).state(state.path()).start(&fake).await;
    let context = fake.choose(&answer, &menu, &["1"]).send().reply().await;
    assert!(has_excerpts(&context) && is_private(&context), "{context:#}");
    let pages: Vec<(String, String)> =
        buttons(&context).into_iter().filter(|(_, id)| id.starts_with("1:around:")).collect();
    assert!(!pages.is_empty(), "{context:#}");
    for (label, id) in pages {
        let page = fake.press(&context, &id).send().reply().await;
        assert!(has_excerpts(&page) && is_private(&page), "{label}: {page:#}");
        assert_ne!(text(&page), text(&context), "{label}");
    }
    let nowhere = fake.choose(&answer, &menu, &["9"]).send().reply().await;
    assert!(!has_excerpts(&nowhere) && is_private(&nowhere), "{nowhere:#}");
    fake.assert_clean();
}

#[tokio::test]
async fn somebody_else_who_presses_is_answered_privately() {
    let (fake, _bot) = start_bot().await;
    let first = fake.message(AT_SEATTLE).mentioning_bot().send().reply().await;
    assert!(has_excerpts(&first), "{first:#}");
    let answer = fake.message("and in 2019?").mentioning_bot().send().reply().await;
    let shown = bot_messages(&fake, CHANNEL).len();
    let wide = id_of(&answer, "wide").expect("a button");
    let other = fake.press(&answer, &wide).by(OTHER_USER).send().reply().await;
    assert!(is_private(&other), "{other:#}");
    let own = fake.press(&answer, &wide).by(USER).send().reply().await;
    assert!(!is_private(&own), "{own:#}");
    assert!(bot_messages(&fake, CHANNEL).len() > shown);
    let stays = bot_messages(&fake, CHANNEL)
        .iter()
        .any(|message| message["id"] == answer["id"] && text(message) == text(&answer));
    assert!(stays, "the message stays as it was");
    fake.assert_clean();
}

#[tokio::test]
async fn a_private_answer_can_be_shared_by_who_asked() {
    let (fake, _bot) = start_bot().await;
    let answer = fake.ask(AT_SEATTLE).private(true).send().reply().await;
    assert!(is_private(&answer), "{answer:#}");
    let share = id_of(&answer, "share").expect("a button");
    let shared = fake.press(&answer, &share).send().reply().await;
    assert!(!is_private(&shared) && has_excerpts(&shared), "{shared:#}");
    let heading = format!("**service mesh · KubeCon NA 2018, Seattle**\n-# Shared by <@{USER}>");
    assert!(text(&shared).starts_with(&heading), "{shared:#}");
    assert_eq!(shared["allowed_mentions"]["parse"].as_array().map_or(0, Vec::len), 0);
    let public = fake.ask(AT_SEATTLE).send().reply().await;
    assert_eq!(id_of(&public, "share"), None, "{public:#}");
    fake.assert_clean();
}

#[tokio::test]
async fn a_first_answer_or_refusal_within_a_scope_can_be_asked_without_it() {
    let (fake, _bot) = start_bot().await;
    for question in [AT_SEATTLE, OUT_OF_SCOPE] {
        let first = fake.ask(question).send().reply().await;
        let wide = id_of(&first, "wide").unwrap_or_else(|| panic!("{question}: {first:#}"));
        let without = fake.press(&first, &wide).send().reply().await;
        assert_ne!(text(&without), text(&first), "{question}");
        assert_eq!(id_of(&without, "wide"), None, "{question}: {without:#}");
    }
    for question in ["what about service mesh?", "what were the takeaways of KubeCon EU 2018?"] {
        assert_eq!(id_of(&fake.ask(question).send().reply().await, "wide"), None, "{question}");
    }
    fake.assert_clean();
}

#[tokio::test]
async fn the_lines_of_an_overview_have_context() {
    let (fake, _bot) = start_bot_with(&posts()).await;
    let overview = fake.slash("topic").option("name", "Prometheus").send().reply().await;
    let menu = id_of(&overview, "context").expect("a menu");
    let rows = overview["components"].as_array().into_iter().flatten();
    let mut parts = rows.flat_map(|row| row["components"].as_array().into_iter().flatten());
    let label = parts.find_map(|part| part["options"][1]["label"].as_str()).expect("an entry");
    let context = fake.choose(&overview, &menu, &["1"]).send().reply().await;
    assert!(has_excerpts(&context) && is_private(&context), "{context:#}");
    // The words of a line name it.
    let begin: String = label.chars().take(30).collect();
    assert!(text(&context).replace(['*', '\n'], "").contains(&begin), "no {begin:?} in {context:#}");
    fake.assert_clean();
}

/// A person who has installed the bot uses it among others, who are no readers of what is for that person alone.
#[tokio::test]
async fn a_group_chat_is_a_channel_of_others() {
    let (fake, _bot) = start_bot().await;
    let answer = fake.ask("what about service mesh?").in_group().send().reply().await;
    assert!(!is_private(&answer) && id_of(&answer, "del").is_some(), "{answer:#}");
    for kind in ["next", "follow", "context"] {
        let id = id_of(&answer, kind).unwrap_or_else(|| panic!("no {kind} in {answer:#}"));
        let press = || match kind {
            "context" => fake.choose(&answer, &id, &["0"]).user_installed(),
            _ => fake.press(&answer, &id).user_installed(),
        };
        let reply = press().by(OTHER_USER).send().reply().await;
        assert!(is_private(&reply), "somebody else's {kind}: {reply:#}");
        let is_personal = matches!(kind, "follow" | "context");
        assert_eq!(is_private(&press().send().reply().await), is_personal, "{kind}");
    }
    let alone = fake.ask(AT_SEATTLE).private(true).in_group().send().reply().await;
    let share = id_of(&alone, "share").expect("a button");
    let shared = fake.press(&alone, &share).user_installed().send().reply().await;
    assert!(is_private(&alone) && !is_private(&shared) && has_excerpts(&shared), "{shared:#}");
    let delete = id_of(&shared, "del").expect("a button");
    let refused = fake.press(&shared, &delete).user_installed().by(OTHER_USER).send().reply().await;
    assert!(is_private(&refused), "{refused:#}");
    fake.press(&shared, &delete).user_installed().send().first_callback().await;
    fake.until_requests("DELETE /webhooks/*/*/messages/@original", 1).await;
    fake.assert_clean();
}

#[tokio::test]
async fn a_press_after_its_post_is_gone_says_so() {
    let (fake, corpus) = (FakeDiscord::start().await, TempCorpus::small());
    let bot = TestBot::setup(&fake).corpus(&corpus).start(&fake).await;
    let answer = fake.ask("what about service meshes?").send().reply().await;
    let context = id_of(&answer, "around").or_else(|| id_of(&answer, "context")).expect("a button");
    fs::remove_file(corpus.path().join("2019/mesh.md")).expect("it was there");
    bot.signal(ProcessSignal::HangUp);
    bot.until_log("changed posts were read").await;
    let press = if context.starts_with("1:around:") {
        fake.press(&answer, &context)
    } else {
        fake.choose(&answer, &context, &["0"])
    };
    let gone = press.send().reply().await;
    assert!(text(&gone).contains("That post is gone"), "{gone:#}");
    fake.assert_clean();
}

#[tokio::test]
async fn a_press_on_an_answer_that_is_not_kept_says_so() {
    let (fake, _bot) = start_bot().await;
    let answer = two_excerpts(&fake).await;
    for forged in
        ["1:next:7", "1:share:7", "1:around:7:0:0", "1:wide:7", "1:context:7", "1:recaps:7:0", "1:compare:7"]
    {
        let reply = fake.press(&answer, forged).send().reply().await;
        assert!(text(&reply).contains("older than a month") && is_private(&reply), "{forged}: {reply:#}");
    }
    fake.assert_clean();
}
