//! `/follow`, `/unfollow`, `/following`, and notices for members who accept no direct messages.

use std::path::Path;

use jiff::Timestamp;
use serde_json::Value;
use takeaways_digest::{Interest, NewSubscription, PauseReason, Target};
use takeaways_store::{Store, StoreLocation};

use super::{corpus, read, says, start_bot, started_with};
use crate::bot::fixture::{QUESTION, buttons, is_private, text};
use crate::fake_discord::{
    DM, FakeDiscord, InteractionBuilder, OTHER_USER, SEND_MESSAGE, ScriptedReply, USER,
};
use crate::harness::daily_subscription;

fn follow(fake: &FakeDiscord, kind: &str, name: &str) -> InteractionBuilder {
    fake.slash("follow").subcommand(kind).option("name", name)
}

#[tokio::test]
async fn a_member_follows_looks_and_unfollows() {
    let (fake, bot) = start_bot().await;
    says(&fake.slash("following").send().reply().await, "You follow nothing.");
    let first = follow(&fake, "topic", "gitops").send().reply().await;
    says(&first, "You now follow posts on **GitOps**.");
    says(&first, "eekly on Monday at 09:00, UTC. Next: <t:");
    says(&first, "You gave no time zone, so times are in UTC.");
    says(&follow(&fake, "topic", "GitOps").send().reply().await, "You already follow posts on **GitOps**.");
    let second = follow(&fake, "author", "grace").option("timezone", "Europe/Berlin");
    let second = second.option("schedule", "daily at 18:30").send().reply().await;
    says(&second, "You now follow posts by **Grace Example**.");
    assert!(
        read(&second).contains("aily at 18:30, Europe/Berlin") && !text(&second).contains("UTC"),
        "{second:#}"
    );
    says(
        &follow(&fake, "event", "kubecon-eu-2018").send().reply().await,
        "about **KubeCon EU 2018, Copenhagen**",
    );
    let all = fake.slash("following").send().reply().await;
    for words in
        ["You follow posts (3):", "- on **GitOps**", "- by **Grace Example**", "aily at 18:30, Europe/Berlin"]
    {
        says(&all, words);
    }
    // Others don't see it.
    says(&fake.slash("following").by(OTHER_USER).send().reply().await, "You follow nothing.");

    let gone = fake.slash("unfollow").option("what", "topic:gitops").send().reply().await;
    says(&gone, "You no longer follow posts on **GitOps**. You still follow 2 things");
    says(&fake.slash("unfollow").option("what", "GitOps").send().reply().await, "You don't follow GitOps.");
    says(
        &fake.slash("unfollow").option("what", "Grace Example").send().reply().await,
        "no longer follow posts by",
    );
    says(&fake.slash("unfollow").option("what", "ALL").send().reply().await, "your id");
    says(&fake.slash("unfollow").option("what", "all").send().reply().await, "I store nothing about you");
    says(&fake.slash("following").send().reply().await, "You follow nothing.");
    for words in ["gitops", "grace", "GitOps", "Grace"] {
        assert!(!bot.log().contains(words), "{words} is in {}", bot.log());
    }
    fake.assert_clean();
}

#[tokio::test]
async fn all_of_it_works_in_direct_messages() {
    let (fake, _bot) = start_bot().await;
    for (call, words) in [
        (follow(&fake, "topic", "gitops"), "You now follow posts on **GitOps**."),
        (fake.slash("following"), "You follow posts (1):"),
        (fake.slash("unfollow").option("what", "gitops"), "You follow nothing now"),
    ] {
        let reply = call.in_dm().send().reply().await;
        assert!(text(&reply).contains(words) && !is_private(&reply), "{reply:#}");
    }
    fake.assert_clean();
}

#[tokio::test]
async fn what_can_not_be_followed_is_said() {
    let (fake, _bot) = started_with(&corpus(), |bot| bot.env("TAKEAWAYS__DIGEST__PERSON", "2")).await;
    for (call, words) in [
        (follow(&fake, "topic", "otters"), "I don't know the topic otters."),
        (follow(&fake, "event", ""), "I don't know the event"),
        (follow(&fake, "author", "example"), "Which author is example? Perhaps"),
        (follow(&fake, "author", &"x".repeat(91)), "I don't know the author"),
        (
            follow(&fake, "topic", "gitops").option("schedule", "sometimes"),
            "A schedule can't contain \"sometimes\"",
        ),
        (follow(&fake, "topic", "gitops").option("timezone", "Mars"), "A list appears while you type."),
        (follow(&fake, "author", "Nobody Yet"), "Nobody called Nobody Yet has a post here yet"),
        (follow(&fake, "topic", "gitops"), "You now follow posts on **GitOps**."),
        (follow(&fake, "topic", "security"), "You follow 2 things, the maximum."),
        (fake.slash("following"), "You follow posts (2):"),
    ] {
        says(&call.send().reply().await, words);
    }
    fake.assert_clean();
}

/// Creates a state in which a member follows something, and the bot could not write to them.
async fn with_closed_messages(folder: &Path, persons: &[u64]) {
    let store = Store::open(&StoreLocation::Folder(folder.to_owned())).await.expect("a state");
    for person in persons {
        let new = NewSubscription {
            interests: vec![Interest { topic: Some("gitops".into()), ..Interest::default() }],
            ..daily_subscription(Target::Person(*person), *person, Timestamp::now())
        };
        let (own, _) = store.follow(new, 20).await.expect("a state");
        let closed = PauseReason::DirectMessagesClosed;
        store.pause(own.id, closed, None, Timestamp::now()).await.expect("a state");
    }
}

/// Another member.
const THIRD: u64 = USER + 80;

const CLOSED: &str = "you don't accept direct messages from me";

async fn resume(fake: &FakeDiscord, message: &Value) -> Value {
    let (label, custom_id) = buttons(message).pop().expect("a button");
    assert_eq!(label, "Resume");
    // Only the member sees it.
    let other = fake.press(message, &custom_id).by_moderator().send().reply().await;
    says(&other, "You have no paused digest.");
    fake.press(message, &custom_id).send().reply().await
}

#[tokio::test]
async fn whose_direct_messages_are_closed_is_told_with_the_next_answer_and_once() {
    let state = tempfile::tempdir().expect("a folder");
    with_closed_messages(state.path(), &[USER, THIRD]).await;
    let (fake, bot) = started_with(&corpus(), |bot| bot.state(state.path())).await;
    let about = fake.slash("about").send().messages(2).await;
    says(&about[0], "I know ");
    says(&about[1], CLOSED);
    bot.until_log("somebody was told that their digest is paused").await;
    assert_eq!(fake.slash("about").send().messages(1).await.len(), 1);
    says(&resume(&fake, &about[1]).await, "Your digest of the 1 thing that you follow is resumed. Next: <t:");
    assert!(!text(&fake.slash("following").send().reply().await).contains("Paused"));
    // After a public answer the notice is private.
    let interaction = fake.ask(QUESTION).by(THIRD).send();
    let messages = interaction.messages(2).await;
    assert!(!text(&messages[0]).contains(CLOSED) && !is_private(&messages[0]), "{messages:#?}");
    says(&messages[1], CLOSED);
    // Nobody was told twice.
    let notices = fake.all_messages().iter().filter(|message| text(message).contains(CLOSED)).count();
    assert_eq!(notices, 2);
    fake.assert_clean();
}

#[tokio::test]
async fn it_goes_on_with_what_they_look_at_or_follow_next() {
    let state = tempfile::tempdir().expect("a folder");
    with_closed_messages(state.path(), &[USER, OTHER_USER]).await;
    let (fake, _bot) = started_with(&corpus(), |bot| bot.state(state.path())).await;
    let looked = fake.slash("following").send().reply().await;
    let followed = follow(&fake, "topic", "security").by(OTHER_USER).send().reply().await;
    for reply in [looked, followed] {
        says(&reply, "It is resumed now");
        assert!(!text(&reply).contains("Paused"), "{reply:#}");
    }
    // The notice comes only once.
    for person in [USER, OTHER_USER] {
        fake.slash("about").by(person).send().reply().await;
    }
    let told = |message: &Value| text(message).contains(CLOSED);
    assert!(!fake.all_messages().iter().any(told));
    fake.assert_clean();
}

#[tokio::test]
async fn who_writes_to_the_bot_is_told_there() {
    let state = tempfile::tempdir().expect("a folder");
    with_closed_messages(state.path(), &[USER]).await;
    let (fake, _bot) = started_with(&corpus(), |bot| bot.state(state.path())).await;
    let mention = fake.message(QUESTION).mentioning_bot().send().reply().await;
    assert!(!text(&mention).contains(CLOSED), "others read it: {mention:#}");
    fake.message("what about GitOps?").in_dm().send();
    let notice = next_notice(&fake).await;
    let resumed = resume_direct(&fake, &notice).await;
    assert!(text(&resumed).contains("is resumed"), "{resumed:#}");
    fake.assert_clean();
}

#[tokio::test]
async fn what_was_told_in_an_answer_that_was_not_sent_is_told_with_the_next_one() {
    let state = tempfile::tempdir().expect("a folder");
    with_closed_messages(state.path(), &[USER]).await;
    let (fake, bot) = started_with(&corpus(), |bot| bot.state(state.path())).await;
    fake.script(SEND_MESSAGE, vec![ScriptedReply::error(400, 50035)]);
    fake.message(QUESTION).in_dm().send();
    bot.until_log("an answer could not be sent").await;
    fake.message("what about GitOps?").in_dm().send();
    next_notice(&fake).await;
    fake.assert_clean();
}

/// Returns the notice below the next answer to a direct message.
async fn next_notice(fake: &FakeDiscord) -> Value {
    let answer = fake.next_message(DM).await;
    assert!(!text(&answer).contains(CLOSED), "{answer:#}");
    let notice = fake.next_message(DM).await;
    assert!(text(&notice).contains(CLOSED), "{notice:#}");
    notice
}

async fn resume_direct(fake: &FakeDiscord, message: &Value) -> Value {
    let (_, custom_id) = buttons(message).pop().expect("a button");
    fake.press(message, &custom_id).send().reply().await
}
