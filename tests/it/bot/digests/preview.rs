//! `/digest preview`: the posts of the next digest, and the omitted posts with their reasons.

use super::{WEEKLY, add, digest_of, many_posts, says, start_bot, started_with, until_sent};
use crate::bot::fixture::{bot_messages, buttons, text};
use crate::fake_discord::CHANNEL;

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
