//! Autocomplete choices for the options of `/digest` and `/follow`.

use super::{WEEKLY, add, digest_of, start_bot};
use crate::fake_discord::{FakeDiscord, InteractionBuilder};

fn of_digest(fake: &FakeDiscord, subcommand: &str) -> InteractionBuilder {
    fake.autocomplete("digest").subcommand(subcommand).by_moderator()
}

async fn names(call: InteractionBuilder) -> Vec<String> {
    let sent = call.send();
    assert_eq!(sent.first_callback().await.kind, 8);
    sent.choices().await
}

#[tokio::test]
async fn zones_are_completed() {
    let (fake, _bot) = start_bot().await;
    for (typed, zone) in [
        ("berl", "Europe/Berlin (UTC+"),
        ("new york", "America/New_York (UTC-"),
        ("utc", "UTC"),
        ("tokio", "Asia/Tokyo (UTC+9)"),
        ("+9", "Asia/Tokyo (UTC+9)"),
        ("ist", "Asia/Kolkata (UTC+5:30)"),
    ] {
        for call in [
            of_digest(&fake, "add"),
            of_digest(&fake, "edit"),
            fake.autocomplete("follow").subcommand("topic"),
        ] {
            let found = names(call.focused("timezone", typed)).await;
            assert!(found[0].starts_with(zone), "{typed}: {found:?}");
        }
    }
    assert!(names(of_digest(&fake, "add").focused("timezone", "")).await.len() <= 25);
    assert_eq!(names(of_digest(&fake, "add").focused("timezone", "otters")).await, [""; 0]);
    fake.assert_clean();
}

#[tokio::test]
async fn topics_authors_and_events_are_those_of_the_index() {
    let (fake, _bot) = start_bot().await;
    assert_eq!(names(of_digest(&fake, "add").focused("author", "grace")).await, ["Grace Example · 1 post"]);
    assert_eq!(names(of_digest(&fake, "edit").focused("topic", "gitop")).await, ["GitOps"]);
    assert_eq!(names(of_digest(&fake, "add").focused("event", "otters")).await, [""; 0]);
    let follow = |kind: &str| fake.autocomplete("follow").subcommand(kind).in_dm();
    assert_eq!(names(follow("author").focused("name", "grace")).await, ["Grace Example · 1 post"]);
    assert_eq!(names(follow("topic").focused("name", "gitop")).await, ["GitOps"]);
    assert_eq!(names(follow("event").focused("name", "otters")).await, [""; 0]);
    fake.assert_clean();
}

#[tokio::test]
async fn a14_digests_are_offered_to_moderators_of_their_server_alone() {
    let (fake, _bot) = start_bot().await;
    fake.add_channel(77, 78);
    add(&fake, WEEKLY).option("author", "Grace Example").send().reply().await;
    add(&fake, "daily at 10:00").send().reply().await;
    digest_of(&fake, "pause", "2").send().reply().await;
    for subcommand in ["edit", "pause", "resume", "remove", "preview", "now", "log"] {
        let found = names(of_digest(&fake, subcommand).focused("id", "")).await;
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(
            found[0].starts_with("#1 ") && found[0].ends_with(" · new posts by Grace Example"),
            "{found:?}"
        );
        assert!(found[1].starts_with("#2 ") && found[1].ends_with(" · all new posts · paused"), "{found:?}");
        assert_eq!(names(of_digest(&fake, subcommand).focused("id", "grace")).await.len(), 1);
        for other in [
            fake.autocomplete("digest").subcommand(subcommand),
            of_digest(&fake, subcommand).in_guild(77),
            of_digest(&fake, subcommand).in_dm(),
        ] {
            assert_eq!(names(other.focused("id", "")).await, [""; 0], "{subcommand}");
        }
    }
    fake.assert_clean();
}

#[tokio::test]
async fn what_somebody_follows_is_offered_to_them_alone() {
    let (fake, _bot) = start_bot().await;
    let unfollow = || fake.autocomplete("unfollow").focused("what", "");
    assert_eq!(names(unfollow()).await, ["all, and delete my data"]);
    fake.slash("follow").subcommand("author").option("name", "grace").send().reply().await;
    assert_eq!(names(unfollow()).await, ["author: Grace Example", "all, and delete my data"]);
    assert_eq!(names(unfollow().in_dm()).await.len(), 2);
    assert_eq!(names(unfollow().by_moderator()).await, ["all, and delete my data"]);
    fake.assert_clean();
}
