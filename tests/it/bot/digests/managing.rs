//! `/digest add|list|edit|pause|resume|remove|log`, and their refusals.

use super::{WEEKLY, add, corpus, digest, digest_of, says, start_bot, started_with};
use crate::bot::fixture::{buttons, text};
use crate::fake_discord::{CHANNEL, GUILD, OTHER_USER, SEND, SEND_MESSAGE, VIEW};

/// View Channels and Read Message History.
const READ: u64 = 1 << 10 | 1 << 16;
/// Manage Server.
const MANAGE: u64 = 1 << 5;

#[tokio::test]
async fn a_digest_is_made_shown_changed_and_removed() {
    let (fake, bot) = start_bot().await;
    says(&digest(&fake, "list").send().reply().await, "This server has no digests yet");
    let made = add(&fake, WEEKLY).option("topic", "GitOps").send().reply().await;
    says(&made, &format!("Digest **#1** was created: new posts on **GitOps**, in <#{CHANNEL}>."));
    for words in [
        "Europe/Berlin. Next:",
        "If there are no new posts, nothing is posted.",
        "Nobody is ever pinged",
        "last 30 days",
    ] {
        says(&made, words);
    }
    assert_eq!(text(&made).matches(":F> (<t:").count(), 3, "the next three runs: {made:#}");
    assert!(!text(&made).contains("⚠️") && !text(&made).contains("UTC"), "{made:#}");
    assert_eq!(buttons(&made), [("Preview".to_owned(), "1:pre:1:0".to_owned())]);

    let call = digest_of(&fake, "edit", "#1").option("schedule", "daily at 18:30").option("topic", "none");
    let changed = call.option("author", "grace").option("when_empty", 1).send().reply().await;
    says(&changed, &format!("Digest **#1** was changed: new posts by **Grace Example**, in <#{CHANNEL}>."));
    says(&changed, "Europe/Berlin. Next:");
    says(&digest(&fake, "list").send().reply().await, "new posts by **Grace Example**");

    says(&digest_of(&fake, "pause", "1").send().reply().await, "Digest **#1** is paused.");
    says(
        &digest(&fake, "list").send().reply().await,
        &format!("<@{OTHER_USER}> paused it. Resume it with `/digest resume`."),
    );
    says(&digest_of(&fake, "now", "1").send().reply().await, "Digest **#1** is not posted. Paused <t:");
    says(&digest_of(&fake, "resume", "1").send().reply().await, "Digest **#1** is resumed. Next: <t:");
    says(&digest_of(&fake, "resume", "1").send().reply().await, "is not paused");
    says(&digest_of(&fake, "log", "1").send().reply().await, "has had no runs yet");

    let removed = digest_of(&fake, "remove", "1").send().reply().await;
    says(&removed, "Digest **#1** was removed");
    says(&digest(&fake, "list").send().reply().await, "This server has no digests yet");
    for _ in 0..2 {
        let undone = fake.press(&removed, "1:undo:1").by_moderator().send().reply().await;
        says(&undone, "Digest **#1** was restored. Next: <t:");
    }
    says(&digest(&fake, "list").send().reply().await, "**#1**");
    assert!(!bot.log().contains("GitOps") && !bot.log().contains("grace"), "{}", bot.log());
    fake.assert_clean();
}

#[tokio::test]
async fn what_nobody_names_is_said_aloud() {
    let (fake, _bot) = start_bot().await;
    let made = digest(&fake, "add").option("schedule", "daily at 18:30").send().reply().await;
    says(&made, "all new posts");
    says(&made, "You gave no time zone, so times are in UTC.");
    let made = digest(&fake, "add").option("schedule", "daily at 18:30").option("timezone", "asia/tokyo");
    let made = made.option("when_empty", 1).option("language", 1).send().reply().await;
    says(&made, "Asia/Tokyo. Next:");
    says(&made, "one line says so");
    says(&made, "in English");
    let unknown = add(&fake, WEEKLY).option("author", "Nobody Yet").send().reply().await;
    says(&unknown, "⚠️ Nobody called Nobody Yet has a post here yet");
    fake.assert_clean();
}

#[tokio::test]
async fn what_the_bot_may_not_do_in_a_channel_is_said_when_it_is_named() {
    let (fake, _bot) = start_bot().await;
    let made = add(&fake, WEEKLY).bot_may(READ).send().reply().await;
    says(&made, "I can't post in");
    says(&made, "Send Messages, Embed Links");
    let (other, thread, forum) = (CHANNEL + 7_001, CHANNEL + 7_002, CHANNEL + 7_003);
    fake.create_channel(GUILD, other, 5);
    fake.create_thread(other, thread);
    fake.create_channel(GUILD, forum, 15);
    for channel in [other, thread] {
        let made = add(&fake, WEEKLY).option_channel("channel", channel).send().reply().await;
        says(&made, &format!("in <#{channel}>."));
        assert!(!text(&made).contains("can't post"), "{made:#}");
    }
    fake.overwrite(other, 0, 1 << 11 | 1 << 38);
    for (channel, lacks) in [(other, "Send Messages"), (thread, "Send Messages in Threads")] {
        let made = add(&fake, WEEKLY).option_channel("channel", channel).send().reply().await;
        says(
            &made,
            &format!(
                "I can't post in <#{channel}> yet. Please give my role these permissions there: {lacks}."
            ),
        );
    }
    let refused = add(&fake, WEEKLY).option_channel("channel", forum).send().reply().await;
    says(&refused, "text channels, announcement channels and threads");
    fake.assert_clean();
}

#[tokio::test]
async fn what_can_not_be_understood_is_answered_with_what_to_write() {
    let (fake, _bot) = start_bot().await;
    for (call, words) in [
        (
            add(&fake, "now and then"),
            "A schedule can't contain \"now\": write one like `weekly on Monday at 09:00`.",
        ),
        (add(&fake, " "), "The schedule is empty: write one like `weekly on Monday at 09:00`."),
        (add(&fake, "* * * * *"), "name one minute, like `0 * * * *`."),
        (add(&fake, "0 9 31 2 *"), "For example: `weekly on Monday at 09:00 Europe/Berlin`"),
        (
            add(&fake, "daily at 09:00").option("timezone", "Europe/Berln"),
            "did you mean Europe/Berlin? A list appears while you type.",
        ),
        (add(&fake, WEEKLY).option("timezone", "UTC"), "Please give only one."),
        (add(&fake, WEEKLY).option("event", "OtterConf"), "I don't know the event OtterConf."),
        (
            add(&fake, WEEKLY).option("topic", "supply"),
            "Which topic is supply? Perhaps **Supply chain security**.",
        ),
        (add(&fake, WEEKLY).option("author", "example"), "Which author is example?"),
        (digest_of(&fake, "edit", "7"), "There is no digest 7 in this server."),
        (digest_of(&fake, "log", "twelve"), "There is no digest twelve in this server."),
    ] {
        says(&call.send().reply().await, words);
    }
    says(&digest(&fake, "list").send().reply().await, "This server has no digests yet");
    add(&fake, WEEKLY).option("topic", "security").send().reply().await;
    says(&digest_of(&fake, "edit", "1").send().reply().await, "Nothing was changed.");
    says(
        &digest_of(&fake, "preview", "1").send().reply().await,
        "There are no new posts on **Security** since the last digest, so nothing would be posted.",
    );
    fake.assert_clean();
}

#[tokio::test]
async fn a_digest_is_not_for_a_channel_in_which_its_maker_may_not_write() {
    let (fake, _bot) = start_bot().await;
    let (silent, other) = (MANAGE | VIEW, CHANNEL + 7_001);
    fake.create_channel(GUILD, other, 5);
    for call in [
        add(&fake, WEEKLY).permissions(silent),
        add(&fake, WEEKLY)
            .permissions(silent)
            .option_channel("channel", other)
            .permissions(MANAGE | VIEW | SEND),
    ] {
        says(&call.send().reply().await, "You may not send messages in");
    }
    add(&fake, WEEKLY).send().reply().await;
    let edit = digest_of(&fake, "edit", "1").permissions(silent).option_channel("channel", other);
    says(&edit.send().reply().await, "You may not send messages in");
    fake.assert_clean();
}

#[tokio::test]
async fn a_channel_that_is_deleted_pauses_its_digests_at_once() {
    let (fake, bot) = start_bot().await;
    let other = CHANNEL + 7_001;
    fake.create_channel(GUILD, other, 0);
    add(&fake, "monthly on the 1st at 09:00 UTC").option_channel("channel", other).send().reply().await;
    fake.delete_channel(other);
    bot.until_log("a digest is paused").await;
    says(&digest(&fake, "list").send().reply().await, "the channel is gone. Choose another channel");
    says(&digest_of(&fake, "now", "1").send().reply().await, "is not posted. Paused <t:");
    let told = fake.requests_to(SEND_MESSAGE);
    assert!(told[0].body.to_string().contains("is paused: the channel is gone. Choose another"), "{told:#?}");
    fake.assert_clean();
}

#[tokio::test]
async fn a_zone_is_remembered_for_the_server_and_for_the_person() {
    let (fake, _bot) = start_bot().await;
    says(&add(&fake, "daily at 09:00").send().reply().await, "You gave no time zone, so times are in UTC.");
    add(&fake, "daily at 09:00 Europe/Berlin").send().reply().await;
    let server_zone = "You gave no time zone, so I took the last one: Europe/Berlin.".to_owned();
    says(&add(&fake, "daily at 10:00").send().reply().await, &server_zone);
    let follow = |topic: &str| fake.slash("follow").subcommand("topic").option("name", topic);
    says(&follow("gitops").send().reply().await, &server_zone);
    let tokyo = follow("security").option("timezone", "Asia/Tokyo");
    says(&tokyo.send().reply().await, "Asia/Tokyo");
    for topic in ["gitops", "security"] {
        fake.slash("unfollow").option("what", format!("topic:{topic}")).send().reply().await;
    }
    let taken = "You gave no time zone, so I took the last one: Asia/Tokyo.";
    says(&follow("gitops").send().reply().await, taken);
    fake.slash("unfollow").option("what", "all").send().reply().await;
    says(&follow("gitops").send().reply().await, &server_zone);
    let elsewhere = follow("gitops").by(OTHER_USER).in_dm().send().reply().await;
    assert!(text(&elsewhere).contains("so times are in UTC."), "{elsewhere:#}");
    fake.assert_clean();
}

#[tokio::test]
async fn a_server_has_so_many_digests_and_no_more() {
    let (fake, _bot) = started_with(&corpus(), |bot| bot.env("TAKEAWAYS__DIGEST__SERVER", "2")).await;
    for _ in 0..2 {
        says(&add(&fake, WEEKLY).send().reply().await, "was created");
    }
    says(&add(&fake, WEEKLY).send().reply().await, "This server has 2 digests, the maximum.");
    let removed = digest_of(&fake, "remove", "1").send().reply().await;
    says(&add(&fake, WEEKLY).send().reply().await, "was created");
    let undone = fake.press(&removed, "1:undo:1").by_moderator().send().reply().await;
    says(&undone, "the maximum");
    // Other servers have their own digests.
    fake.add_channel(77, 78);
    says(&add(&fake, WEEKLY).in_guild(77).send().reply().await, "was created");
    fake.assert_clean();
}
