//! Every command: twice, by somebody else, in direct messages, where only the person has installed the bot, in a server and in a
//! group chat, after a restart, and after the posts are gone.

use serde_json::Value;

use super::fixture::{flaws, posts, remove_posts, start_at, text};
use crate::fake_discord::{FakeDiscord, InteractionBuilder, USER};
use crate::harness::bot::ProcessSignal;

/// Contexts and an installation of Discord's: direct messages with the bot, chats of others, and by a person.
const BOT_DM: u64 = 1;
const PRIVATE_CHANNEL: u64 = 2;
const USER_INSTALL: u64 = 1;

/// A command with what it says.
struct Command {
    name: &'static str,
    subcommand: Option<&'static str>,
    options: &'static [(&'static str, &'static str)],
    /// While there are posts about what it names.
    words: &'static str,
    /// When the same person has used it just before.
    again: &'static str,
    /// After these posts are gone.
    when_gone: &'static str,
}

const fn command(
    name: &'static str,
    options: &'static [(&'static str, &'static str)],
    words: &'static str,
    when_gone: &'static str,
) -> Command {
    Command { name, subcommand: None, options, words, again: words, when_gone }
}

const LOOM: &str = "Loom at first";
const TOO_FEW: &str = "too few recaps to speak of a difference";
const NO_LOOM: &str = "No recap mentions Loom";
const NO_PROMETHEUS: &str = "I found nothing in the recaps that answers this: Prometheus";
const NO_EVENTS: &str = "There is no recap about KubeCon EU 2019 or KubeCon NA 2019";

const NO_LONGER: &str = "You no longer follow posts on **GitOps";
const FORGOTTEN: &str = "I deleted your id everywhere";

/// Each command, in the order in which a member may use them: what they follow is still there for the next ones.
const COMMANDS: [Command; 18] = [
    command("ask", &[("question", "what does Loom weave into one network?")], "**Loom**", NO_LOOM),
    command(
        "takeaways",
        &[("event", "kubecon-eu-2019")],
        "KubeCon EU 2019, Barcelona\n",
        "answers this: KubeCon EU 2019\nThere is no recap about KubeCon EU 2019",
    ),
    command("compare", &[("first", "kubecon-eu-2019"), ("second", "kubecon-na-2019")], TOO_FEW, NO_EVENTS),
    command("trend", &[("topic", "Prometheus")], "recaps mention Prometheus", NO_PROMETHEUS),
    command("who", &[("name", "Grace Example")], "several clusters", "no recap by Grace Example"),
    command("topic", &[("name", "Prometheus")], "First in December 2018", NO_PROMETHEUS),
    command("latest", &[], "The newest posts", "**Gardens**"),
    command("help", &[], "I answer questions", "I answer questions"),
    command("about", &[], "I know 8 posts", "I know 1 post"),
    Command { subcommand: Some("list"), ..command("digest", &[], "no digests yet", "no digests yet") },
    Command {
        subcommand: Some("recent"),
        ..command("recaps", &[], "No post has come in", "No post has come in")
    },
    Command {
        subcommand: Some("topic"),
        ..command("follow", &[("name", "GitOps")], "follow posts on", "follow posts on")
    },
    command("following", &[], "**GitOps", "**GitOps"),
    command("privacy", &[], "What I store about you", "What I store about you"),
    command("Find recaps about this", &[], LOOM, "no topic in this message"),
    command("Who said this?", &[], "Ada Example", "None of the recaps has these words"),
    Command {
        again: "You don't follow GitOps",
        ..command("unfollow", &[("what", "GitOps")], NO_LONGER, NO_LONGER)
    },
    Command { again: "I store nothing about you", ..command("forget-me", &[], FORGOTTEN, FORGOTTEN) },
];

impl Command {
    fn build(&self, fake: &FakeDiscord, message: &Value) -> InteractionBuilder {
        if self.name.contains(' ') {
            return fake.message_command(self.name, message);
        }
        let call = fake.slash(self.name);
        let call = match self.subcommand {
            Some(subcommand) => call.subcommand(subcommand),
            None => call,
        };
        let call = self.options.iter().fold(call, |call, (name, value)| call.option(name, *value));
        call.by_moderator()
    }
}

/// Whether the reply is private in direct messages too.
fn is_help(command: &Command) -> bool {
    matches!(command.name, "help" | "about" | "privacy")
}

/// Whether only who used the command sees the reply in a server.
fn is_for_one(command: &Command) -> bool {
    !matches!(command.name, "ask" | "takeaways" | "compare" | "trend" | "who" | "topic" | "latest")
}

#[track_caller]
fn check(situation: &str, command: &Command, words: &str, is_private: bool, reply: &Value) {
    let mut flaws = flaws(reply);
    // The years of a trend without a picture stand in a block of code.
    flaws.retain(|flaw| flaw != "```" || command.name != "trend");
    assert_eq!(flaws, [""; 0], "/{} {situation}", command.name);
    assert!(text(reply).contains(words), "/{} {situation}: no {words:?} in {:?}", command.name, text(reply));
    assert_eq!(super::fixture::is_private(reply), is_private, "/{} {situation}", command.name);
}

#[tokio::test]
async fn every_command_answers_in_every_situation() {
    let (fake, state, corpus) = (FakeDiscord::start().await, tempfile::tempdir().expect("a folder"), posts());
    let bot = start_at(&fake, &corpus, state.path(), 0).await;
    bot.until_log("the commands were registered").await;
    let registered = fake.commands();
    let names: Vec<&str> = registered.iter().filter_map(|it| it["name"].as_str()).collect();
    assert!(names.iter().all(|name| COMMANDS.iter().any(|it| it.name == *name)), "{names:?}");
    let quoted = "Many teams weave their clusters into one network with Loom, and few regret it.";
    let message = fake.message(quoted).send().payload().clone();
    for command in &COMMANDS {
        let registered = registered.iter().find(|it| it["name"] == command.name).expect("it is registered");
        let has = |key: &str, number: u64| {
            registered[key].as_array().is_some_and(|all| all.iter().any(|it| *it == number))
        };
        let call = || command.build(&fake, &message);
        let in_server = is_for_one(command);
        let mut calls = vec![
            ("at first", call(), in_server),
            ("again", call(), in_server),
            ("by somebody else", call().by(USER), in_server),
        ];
        if has("contexts", BOT_DM) {
            // The commands of a message answer alone everywhere.
            calls.push((
                "in direct messages",
                call().in_dm(),
                command.name.contains(' ') || is_help(command),
            ));
        }
        if has("integration_types", USER_INSTALL) {
            calls.push(("installed by the person", call().user_installed(), in_server));
        }
        if has("contexts", PRIVATE_CHANNEL) {
            calls.push(("in a group chat", call().in_group(), in_server));
        }
        for (situation, call, is_private) in calls {
            let is_new = matches!(situation, "at first" | "by somebody else");
            let words = if is_new { command.words } else { command.again };
            check(situation, command, words, is_private, &call.send().reply().await);
        }
    }
    drop(bot);
    let bot = start_at(&fake, &corpus, state.path(), 0).await;
    for command in &COMMANDS {
        let reply = command.build(&fake, &message).send().reply().await;
        check("after a restart", command, command.words, is_for_one(command), &reply);
    }
    remove_posts(&corpus);
    bot.signal(ProcessSignal::HangUp);
    bot.until_log("changed posts were read").await;
    for command in &COMMANDS {
        let reply = command.build(&fake, &message).send().reply().await;
        check("after its posts are gone", command, command.when_gone, is_for_one(command), &reply);
    }
    fake.assert_clean();
}
