//! Every button of the digests of a server: pressed twice, by somebody else, by who has installed the bot too, after a
//! restart, after the posts are gone, and after a month. `own_buttons.rs` has those of a person's own digest.

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use serde_json::Value;

use super::{WEEKLY, add, digest, digest_of, many_posts, read, until_sent};
use crate::bot::fixture::{is_private, start_at};
use crate::bot::situations::{ButtonTest, Control, Situation, find_controls};
use crate::fake_discord::{CHANNEL, FakeDiscord, USER};

/// Longer than buttons of answers work, in seconds: until a Saturday, since a run on a Monday is made up for until the
/// Thursday at the same hour, and the preview would have nothing new.
fn month() -> u32 {
    let first = Timestamp::now().to_zoned(TimeZone::UTC).date().saturating_add(31.days());
    let days = 31 + i32::from(first.weekday().until(Weekday::Saturday));
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
    let controls = find_controls(&KINDS, |kind| kind.name, &messages);
    let press = |control: &Control<Kind>, situation| {
        let press = fake.press(&control.message, &control.id).by_moderator();
        if situation == Situation::ByOther { press.by(USER).permissions(0) } else { press }
    };
    let check = |control: &Control<Kind>, situation, reply: &Value| {
        let Kind { name, first, again, by_other, when_gone } = control.kind;
        let words = match situation {
            Situation::ByOther => by_other,
            Situation::First => first,
            Situation::Second | Situation::UserInstalled | Situation::AfterRestart => again,
            Situation::PostsGone | Situation::AfterMonth => when_gone,
        };
        let said = read(reply);
        assert!(said.contains(words), "{situation:?} {name}: no {words:?} in {said}");
        assert!(is_private(reply), "{situation:?} {name}: {reply:#}");
    };
    let test = ButtonTest { fake: &fake, corpus: &corpus, state: state.path(), bot, ahead: [0, month()] };
    test.press_in_each_situation(&controls, press, check).await;
    fake.assert_clean();
}
