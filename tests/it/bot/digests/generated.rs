//! A18: the text of an option is a name, a schedule, a number or invalid. It is stored and shown letter for letter, and
//! no part of it is interpreted.

use takeaways_digest::Interest;
use takeaways_store::{Store, StoreLocation};

use super::{WEEKLY, add, corpus, digest, digest_of, flaws_of, start_bot, started_with};
use crate::bot::generated::input;
use crate::bot::options::HOSTILE;
use crate::fake_discord::{FakeDiscord, GUILD, InteractionBuilder, USER};
use crate::harness::bot::ProcessSignal;

/// Returns each command with this text in each of its text options.
fn everywhere(fake: &FakeDiscord, text: &str) -> Vec<InteractionBuilder> {
    let follow = |kind: &str| fake.slash("follow").subcommand(kind).option("name", text);
    let topic = || fake.slash("follow").subcommand("topic").option("name", "gitops");
    let mut calls = vec![
        add(fake, text),
        fake.slash("unfollow").option("what", text),
        follow("topic"),
        follow("author"),
        follow("event"),
        topic().option("schedule", text),
        topic().option("timezone", text),
    ];
    calls.extend(
        ["timezone", "event", "topic", "author"].map(|option| add(fake, WEEKLY).option(option, text)),
    );
    calls.extend(
        ["edit", "pause", "resume", "remove", "preview", "now", "log"].map(|of| digest_of(fake, of, text)),
    );
    let edited = ["schedule", "timezone", "event", "topic", "author"];
    calls.extend(edited.map(|option| digest_of(fake, "edit", "1").option(option, text)));
    calls
}

#[tokio::test]
async fn a18_hostile_options_are_names_or_none() {
    let (fake, bot) = started_with(&corpus(), |bot| {
        bot.env("TAKEAWAYS__DIGEST__SERVER", "10000").env("TAKEAWAYS__DIGEST__PERSON", "1000")
    })
    .await;
    add(&fake, WEEKLY).send().reply().await;
    let long = "x".repeat(6_000);
    for text in HOSTILE.iter().copied().chain([long.as_str()]) {
        for call in everywhere(&fake, text) {
            let reply = call.send().reply().await;
            assert_eq!(flaws_of(&reply), [""; 0], "{text:?}: {reply:#}");
        }
    }
    for call in [digest(&fake, "list"), fake.slash("following")] {
        let reply = call.send().reply().await;
        assert_eq!(flaws_of(&reply), [""; 0], "{reply:#}");
    }
    assert!(!bot.log().contains("\"ERROR\""), "{}", bot.log());
    fake.assert_clean();
}

#[tokio::test]
async fn a18_generated_options_break_nothing() {
    let (fake, bot) = start_bot().await;
    add(&fake, WEEKLY).send().reply().await;
    let mut random = fastrand::Rng::with_seed(18);
    for _ in 0..12 {
        let text = input(&mut random);
        let sent: Vec<_> = everywhere(&fake, &text).into_iter().map(InteractionBuilder::send).collect();
        for call in sent {
            let reply = call.reply().await;
            assert_eq!(flaws_of(&reply), [""; 0], "{text:?}: {reply:#}");
        }
    }
    assert!(!bot.log().contains("\"ERROR\""), "{}", bot.log());
    fake.assert_clean();
}

/// A name is stored exactly as it was given.
#[tokio::test]
async fn a18_names_are_stored_letter_for_letter() {
    let names = [
        "'; DROP TABLE subscriptions; --",
        "{{7*7}} %s%n ${jndi:ldap://a}",
        "../../etc/passwd",
        "Zoë \"x\" $1 ?",
    ];
    let state = tempfile::tempdir().expect("a folder");
    let (fake, mut bot) = started_with(&corpus(), |bot| bot.state(state.path())).await;
    for name in names {
        add(&fake, WEEKLY).option("author", name).send().reply().await;
        fake.slash("follow").subcommand("author").option("name", name).send().reply().await;
    }
    bot.signal(ProcessSignal::Terminate);
    bot.wait_exit(crate::fake_discord::DEADLINE).await;
    let store = Store::open(&StoreLocation::Folder(state.path().to_owned())).await.expect("a state");
    let by = |name: &&str| Interest { author: Some((*name).to_owned()), ..Interest::default() };
    let expected: Vec<Interest> = names.iter().map(by).collect();
    let all = store.list_by_server(GUILD).await.expect("a state");
    let stored: Vec<Interest> = all.into_iter().flat_map(|one| one.definition.interests).collect();
    assert_eq!(stored, expected);
    let own = store.find_by_person(USER).await.expect("a state").expect("a digest");
    assert_eq!(own.definition.interests, expected);
    fake.assert_clean();
}
