//! A13 and A14: commands and presses without permission, and digests of other servers.

use super::{WEEKLY, add, digest, digest_of, says, start_bot};
use crate::bot::fixture::{bot_messages, is_private, text};
use crate::fake_discord::{CHANNEL, OTHER_USER};

const ALL: [&str; 9] = ["add", "list", "edit", "pause", "resume", "remove", "preview", "now", "log"];
const REFUSED: &str =
    "Only people who may manage the server can change its digests and where my recaps come from.";
/// All permissions except those of a moderator.
const NEARLY_ALL: u64 = !(1 << 5 | 1 << 3) & ((1 << 53) - 1);

#[tokio::test]
async fn a13_who_may_not_manage_the_server_manages_no_digests() {
    let (fake, _bot) = start_bot().await;
    let made = add(&fake, WEEKLY).send().reply().await;
    let removed = add(&fake, WEEKLY).send().reply().await;
    digest_of(&fake, "remove", "2").send().reply().await;
    for subcommand in ALL {
        let call = || {
            let call = fake.slash("digest").subcommand(subcommand);
            match subcommand {
                "add" => call.option("schedule", WEEKLY),
                "list" => call,
                _ => call.option("id", "1"),
            }
        };
        says(&call().send().reply().await, REFUSED);
        says(&call().by(OTHER_USER).permissions(NEARLY_ALL).send().reply().await, REFUSED);
        let direct = call().by_moderator().in_dm().send().reply().await;
        assert!(text(&direct).contains(REFUSED), "{direct:#}");
    }
    for (message, custom_id) in [(&made, "1:pre:1:0"), (&made, "1:list:0"), (&removed, "1:undo:2")] {
        for permissions in [0, NEARLY_ALL] {
            let press = fake.press(message, custom_id).permissions(permissions);
            says(&press.send().reply().await, REFUSED);
        }
    }
    let list = digest(&fake, "list").send().reply().await;
    assert!(text(&list).contains("**#1**") && !text(&list).contains("**#2**"), "{list:#}");
    fake.assert_clean();
}

#[tokio::test]
async fn a14_digests_of_other_servers_are_not_found() {
    let (fake, _bot) = start_bot().await;
    fake.add_channel(77, 78);
    let theirs = add(&fake, WEEKLY).option("author", "Ada Secret").send().reply().await;
    says(&theirs, "Digest **#1** was created");
    let none = "There is no digest";
    for subcommand in ["edit", "pause", "resume", "remove", "preview", "now", "log"] {
        let reply = digest_of(&fake, subcommand, "1").in_guild(77).send().reply().await;
        says(&reply, none);
        assert!(!text(&reply).contains("Secret"), "{reply:#}");
    }
    let edit = digest_of(&fake, "edit", "1").in_guild(77).option("schedule", "daily at 10:00");
    says(&edit.send().reply().await, none);
    says(&digest(&fake, "list").in_guild(77).send().reply().await, "This server has no digests yet");
    // A foreign message whose button has the number of our digest.
    let mut stale = digest(&fake, "list").in_guild(77).send().reply().await;
    stale["channel_id"] = "78".into();
    for custom_id in ["1:pre:1:0", "1:undo:1"] {
        says(&fake.press(&stale, custom_id).by_moderator().send().reply().await, none);
    }
    let removed = digest_of(&fake, "remove", "1").send().reply().await;
    says(&removed, "was removed");
    says(&fake.press(&stale, "1:undo:1").by_moderator().send().reply().await, none);
    says(&fake.press(&removed, "1:undo:1").by_moderator().send().reply().await, "Digest **#1** was restored");
    fake.assert_clean();
}

#[tokio::test]
async fn a13_forged_presses_do_nothing() {
    let (fake, _bot) = start_bot().await;
    let made = add(&fake, WEEKLY).send().reply().await;
    let before = bot_messages(&fake, CHANNEL).len();
    let (long, wide) = ("1".repeat(100), "🦦".repeat(25));
    let digits = format!("1:undo:{}", "9".repeat(93));
    let forged = [
        "1:pre:1",
        "1:pre:1:",
        "1:pre::0",
        "1:pre:1:0:0",
        "1:pre:01:0",
        "1:pre:1:65536",
        "1:pre:9223372036854775808:0",
        "1:undo:",
        "1:undo:+1",
        "1:undo:1;DROP TABLE subscriptions",
        "1:list:-1",
        "1:go:one",
        "2:pre:1:0",
        &long,
        &wide,
        &digits,
    ];
    for custom_id in forged {
        let reply = fake.press(&made, custom_id).by_moderator().send().reply().await;
        says(&reply, "This button is from another version of me");
    }
    for custom_id in ["1:pre:-1:0", "1:undo:-9223372036854775808", "1:pre:9223372036854775807:65535"] {
        says(&fake.press(&made, custom_id).by_moderator().send().reply().await, "There is no digest");
    }
    says(&fake.press(&made, "1:list:65535").by_moderator().send().reply().await, "**#1**");
    for custom_id in ["1:go:1", "1:go:-1"] {
        says(&fake.press(&made, custom_id).by_moderator().send().reply().await, "no paused digest");
    }
    let public = bot_messages(&fake, CHANNEL).iter().filter(|message| !is_private(message)).count();
    assert_eq!((public, before), (0, 1), "all of it was said to the one who pressed");
    fake.assert_clean();
}

/// Calls a command with subcommands in ways that no client uses.
#[tokio::test]
async fn a13_commands_in_other_forms_are_answered() {
    let (fake, _bot) = start_bot().await;
    for call in [
        fake.slash("digest").by_moderator(),
        fake.slash("digest").subcommand("explode").by_moderator(),
        fake.slash("digest").subcommand("add").by_moderator(),
        fake.slash("digest").subcommand("add").option("schedule", 7).by_moderator(),
        fake.slash("digest").subcommand("log").option("id", 1).by_moderator(),
        add(&fake, WEEKLY).option("channel", "general"),
        add(&fake, WEEKLY).option("when_empty", 99),
        fake.slash("follow"),
        fake.slash("follow").subcommand("city").option("name", "Oslo"),
        fake.slash("unfollow"),
    ] {
        says(&call.send().reply().await, "I don't know that command: it is from another version of me.");
    }
    fake.assert_clean();
}
