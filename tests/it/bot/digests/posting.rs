//! `/digest now`, the buttons of its message, and its log; `/digest preview`.

use serde_json::Value;

use super::{WEEKLY, add, digest_of, many_posts, says, start_bot, started_with, until_sent};
use crate::bot::fixture::{bot_messages, buttons, is_private, text};
use crate::fake_discord::{CHANNEL, FakeDiscord, GUILD};

/// Returns the digests in a channel.
fn digests(fake: &FakeDiscord, channel: u64) -> Vec<Value> {
    let mut all = bot_messages(fake, channel);
    all.retain(|message| message["interaction_metadata"].is_null());
    all
}

#[tokio::test]
async fn a_digest_is_posted_at_once_and_once() {
    let (fake, bot) = start_bot().await;
    add(&fake, WEEKLY).send().reply().await;
    let order = digest_of(&fake, "now", "1").send();
    says(&order.reply().await, &format!("I am posting the digest in <#{CHANNEL}>."));
    let posted = fake.next_message(CHANNEL).await;
    for words in ["A year of GitOps", "Notes on meshes", "-# d:"] {
        assert!(text(&posted).contains(words), "no {words:?} in {posted:#}");
    }
    assert!(!text(&posted).contains("Unfinished") && !text(&posted).contains("An old one"), "{posted:#}");
    // The same command again, as after a resumption.
    order.repeat();
    let log = until_sent(&fake).await;
    says(&digest_of(&fake, "now", "1").send().reply().await, "There are no new posts since the last digest");
    assert_eq!(digests(&fake, CHANNEL).len(), 1);
    bot.until_log("a digest is posted before its time").await;
    says(&log, "**sent**: 2 posts.");
    let id = posted["id"].as_str().expect("an id");
    says(&log, &format!("[Open](https://discord.com/channels/{GUILD}/{CHANNEL}/{id})"));
    fake.assert_clean();
}

#[tokio::test]
async fn what_a_digest_has_no_room_for_is_behind_its_buttons() {
    let (fake, _bot) = started_with(&many_posts(), |bot| bot).await;
    add(&fake, WEEKLY).send().reply().await;
    digest_of(&fake, "now", "1").send().reply().await;
    let posted = fake.next_message(CHANNEL).await;
    let more = buttons(&posted);
    assert!(!more.is_empty() && more[0].0.ends_with(" more"), "{posted:#}");
    let mut said = text(&posted);
    for (_, custom_id) in &more {
        let page = fake.press(&posted, custom_id).send().reply().await;
        assert!(is_private(&page), "{page:#}");
        said += &text(&page);
    }
    for at in 0..40 {
        assert!(said.contains(&format!("Report {at:02} of otters")), "no {at} in {said}");
    }
    fake.assert_clean();
}

/// A digest's button works only in the channel of the digest.
#[tokio::test]
async fn a13_a_digests_buttons_work_in_its_channel_only() {
    let (fake, _bot) = started_with(&many_posts(), |bot| bot).await;
    fake.add_channel(77, 78);
    add(&fake, WEEKLY).send().reply().await;
    digest_of(&fake, "now", "1").send().reply().await;
    let posted = fake.next_message(CHANNEL).await;
    let gone = "This button is from another version of me";
    let mut elsewhere = posted.clone();
    elsewhere["channel_id"] = "78".into();
    let mut unknown = posted.clone();
    unknown["id"] = "1".into();
    for (message, custom_id) in
        [(&elsewhere, "1:more:0"), (&unknown, "1:more:0"), (&posted, "1:more:99"), (&posted, "1:more:-1")]
    {
        says(&fake.press(message, custom_id).send().reply().await, gone);
    }
    says(&fake.press(&posted, "1:more:0").in_dm().send().reply().await, gone);
    fake.assert_clean();
}

#[tokio::test]
async fn a_preview_is_what_would_be_posted_and_says_what_is_left_out() {
    let (fake, _bot) = start_bot().await;
    let made = add(&fake, WEEKLY).option("author", "Grace Example").send().reply().await;
    let command = digest_of(&fake, "preview", "1").send();
    let press = fake.press(&made, "1:pre:1:0").by_moderator().send();
    for preview in [command, press] {
        let messages = preview.messages(2).await;
        assert_eq!(messages.len(), 2);
        says(&messages[0], "A year of GitOps");
        assert!(!text(&messages[0]).contains("meshes"), "{messages:#?}");
        says(&messages[1], "Left out: 2 posts.");
        for words in ["It is by another author", "- Notes on meshes", "- An old one"] {
            says(&messages[1], words);
        }
    }
    // Nothing was posted, so all posts are still new.
    assert!(bot_messages(&fake, CHANNEL).iter().all(|message| !message["interaction_metadata"].is_null()));
    digest_of(&fake, "now", "1").send().reply().await;
    assert!(text(&fake.next_message(CHANNEL).await).contains("A year of GitOps"));
    until_sent(&fake).await;
    let again = digest_of(&fake, "preview", "1").send();
    let messages = again.messages(2).await;
    says(&messages[0], "There are no new posts by **Grace Example** since the last digest");
    // The post is older than the digest, which only the first digest includes.
    says(&messages[1], "It is older than the digest");
    fake.assert_clean();
}

#[tokio::test]
async fn what_a_preview_has_no_room_for_is_behind_its_buttons() {
    let (fake, _bot) = started_with(&many_posts(), |bot| bot).await;
    add(&fake, WEEKLY).send().reply().await;
    let preview = digest_of(&fake, "preview", "1").send().reply().await;
    let more = buttons(&preview);
    assert!(
        more.iter().all(|(label, id)| label.ends_with(" more") && id.starts_with("1:pre:1:")),
        "{more:?}"
    );
    let mut said = text(&preview);
    for (_, custom_id) in &more {
        said += &text(&fake.press(&preview, custom_id).by_moderator().send().reply().await);
    }
    assert!((0..40).all(|at| said.contains(&format!("Report {at:02} of otters"))), "{said}");
    says(&fake.press(&preview, "1:pre:1:99").by_moderator().send().reply().await, "has changed since this");
    fake.assert_clean();
}
