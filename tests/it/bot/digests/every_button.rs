//! Every button of the digests of a server: pressed twice, by somebody else, by who has installed the bot too, after a
//! restart, after the posts are gone, and after a month. `own_buttons.rs` has those of a person's own digest.

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::Value;

use super::{WEEKLY, add, digest, digest_of, many_posts, read, until_sent};
use crate::bot::fixture::{id_of, is_private, remove_posts, start_at};
use crate::fake_discord::{CHANNEL, FakeDiscord, InteractionBuilder, USER};
use crate::harness::bot::ProcessSignal;

/// Longer than buttons of answers work, in seconds: until a Thursday, since on a Monday the digest would be posted again.
fn month() -> u32 {
    let first = Timestamp::now().to_zoned(TimeZone::UTC).date().saturating_add(31.days());
    let days = 31 + i32::from(first.weekday().until(Weekday::Thursday));
    u32::try_from(days).expect("a few weeks") * 24 * 60 * 60
}

/// A button with what its press is answered with.
struct Kind {
    name: &'static str,
    first: &'static str,
    again: &'static str,
    /// For a member who may manage nothing.
    by_other: &'static str,
    when_gone: &'static str,
}

const NOT_FOR_MEMBERS: &str = "Only people who may manage the server";
const FOLLOWS: &str = "You already follow";
const NOW_FOLLOWS: &str = "You now follow";

/// As many as take two pages of a list.
const DIGESTS: usize = 23;
const LAST: &str = "**#23**";

const KINDS: [Kind; 5] = [
    // All posts were in the digest that was posted.
    Kind {
        name: "pre",
        first: "no new posts",
        again: "no new posts",
        by_other: NOT_FOR_MEMBERS,
        when_gone: "Gardens",
    },
    Kind {
        name: "undo",
        first: "was restored",
        again: "was restored",
        by_other: NOT_FOR_MEMBERS,
        when_gone: "was restored",
    },
    // It shows what was posted.
    Kind { name: "more", first: "Report", again: "Report", by_other: "Report", when_gone: "Report" },
    Kind { name: "subscribe", first: NOW_FOLLOWS, again: FOLLOWS, by_other: NOW_FOLLOWS, when_gone: FOLLOWS },
    // The second page of the digests of the server.
    Kind { name: "list", first: LAST, again: LAST, by_other: NOT_FOR_MEMBERS, when_gone: LAST },
];

/// A button of a message.
struct Control {
    kind: &'static Kind,
    message: Value,
    id: String,
}

impl Control {
    fn press(&self, fake: &FakeDiscord) -> InteractionBuilder {
        fake.press(&self.message, &self.id).by_moderator()
    }

    #[track_caller]
    fn check(&self, situation: &str, words: &str, reply: &Value) {
        let (name, said) = (self.kind.name, read(reply));
        assert!(said.contains(words), "{situation} {name}: no {words:?} in {said}");
        assert!(is_private(reply), "{situation} {name}: {reply:#}");
    }
}

#[tokio::test]
async fn every_button_of_digests_answers_in_every_situation() {
    let (fake, state, corpus) =
        (FakeDiscord::start().await, tempfile::tempdir().expect("a folder"), many_posts());
    let bot = start_at(&fake, &corpus, state.path(), 0).await;
    let made = add(&fake, WEEKLY).send().reply().await;
    add(&fake, WEEKLY).option("topic", "GitOps").send().reply().await;
    let removed = digest_of(&fake, "remove", "2").send().reply().await;
    add(&fake, WEEKLY).option("author", "Author 7").send().reply().await;
    let mut messages = vec![made, removed];
    for id in ["1", "3"] {
        digest_of(&fake, "now", id).send().reply().await;
        messages.push(fake.next_message(CHANNEL).await);
    }
    until_sent(&fake).await;
    for number in 4..=DIGESTS {
        let author = format!("Author {number}");
        add(&fake, WEEKLY).option("author", author.as_str()).send().reply().await;
    }
    let list = digest(&fake, "list").send().reply().await;
    assert!(!read(&list).contains(LAST), "{list:#}");
    messages.push(list);
    let control = |kind: &'static Kind| {
        let found = messages.iter().find_map(|message| Some((message.clone(), id_of(message, kind.name)?)));
        let (message, id) = found.unwrap_or_else(|| panic!("no {}", kind.name));
        Control { kind, message, id }
    };
    let controls: Vec<Control> = KINDS.iter().map(control).collect();
    for control in &controls {
        let press = control.press(&fake).by(USER).permissions(0);
        control.check("by another person", control.kind.by_other, &press.send().reply().await);
    }
    for (situation, is_first) in [("first", true), ("second", false)] {
        for control in &controls {
            let words = if is_first { control.kind.first } else { control.kind.again };
            control.check(situation, words, &control.press(&fake).send().reply().await);
        }
    }
    for control in &controls {
        let press = control.press(&fake).user_installed();
        control.check("installed by the person too", control.kind.again, &press.send().reply().await);
    }
    drop(bot);
    let bot = start_at(&fake, &corpus, state.path(), 0).await;
    for control in &controls {
        control.check("after a restart", control.kind.again, &control.press(&fake).send().reply().await);
    }
    remove_posts(&corpus);
    bot.signal(ProcessSignal::HangUp);
    bot.until_log("changed posts were read").await;
    for control in &controls {
        let reply = control.press(&fake).send().reply().await;
        control.check("after its posts are gone", control.kind.when_gone, &reply);
    }
    drop(bot);
    let _bot = start_at(&fake, &corpus, state.path(), month()).await;
    for control in &controls {
        let reply = control.press(&fake).send().reply().await;
        control.check("after a month", control.kind.when_gone, &reply);
    }
    fake.assert_clean();
}
