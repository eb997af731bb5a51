//! The buttons of a person's own digest, *Unfollow* and *Resume*: pressed twice, by somebody else, where only the person has installed
//! the bot, after a restart, after the posts are gone, and after a month.

use std::fmt::Debug;
use std::path::Path;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use takeaways_digest::{Interest, NewSubscription, PauseReason, SubscriptionId, Target};
use takeaways_store::{Store, StoreLocation};

use super::{corpus, read};
use crate::bot::fixture::{flaws, id_of, start_at};
use crate::bot::situations::{ButtonTest, Control, Situation, find_controls};
use crate::fake_discord::{DM, FakeDiscord, OTHER_USER, USER};
use crate::harness::daily_subscription;

/// A day more than buttons of answers work, in seconds.
const MONTH: u32 = 31 * 24 * 60 * 60;

/// A button with what its press is answered with. Nothing of it depends on the posts or on the time.
struct Kind {
    name: &'static str,
    said: &'static str,
    /// For somebody else, who follows nothing.
    by_other: &'static str,
}

/// Of several things it asks which one.
const WHICH: &str = "What do you want to stop following?";
const FOLLOWS_NOTHING: &str = "You follow nothing. `/follow` starts a digest";

const KINDS: [Kind; 2] = [
    Kind { name: "unfollow", said: WHICH, by_other: FOLLOWS_NOTHING },
    Kind {
        name: "go",
        said: "Your digest of the 2 things that you follow is resumed. Next: <t:",
        by_other: "You have no paused digest.",
    },
];

#[track_caller]
fn check(situation: impl Debug, words: &str, reply: &Value) {
    let said = read(reply);
    assert!(said.contains(words), "{situation:?}: no {words:?} in {said}");
    assert_eq!(flaws(reply), [""; 0], "{situation:?}");
}

async fn open(state: &Path) -> Store {
    Store::open(&StoreLocation::Folder(state.to_owned())).await.expect("a state")
}

/// Makes a person follow two topics daily at nine, since the evening before. Returns their digest, and the seconds until shortly after
/// nine.
async fn follow_two(state: &Path) -> (SubscriptionId, u32) {
    let tomorrow = (Timestamp::now() + SignedDuration::from_hours(24)).to_zoned(TimeZone::UTC);
    let slot = tomorrow.start_of_day().expect("a day").timestamp() + SignedDuration::from_hours(9);
    let store = open(state).await;
    let mut made = SubscriptionId(0);
    for topic in ["gitops", "security"] {
        let evening = slot - SignedDuration::from_hours(12);
        let interests = vec![Interest { topic: Some(topic.to_owned()), ..Interest::default() }];
        let new = NewSubscription { interests, ..daily_subscription(Target::Person(USER), USER, evening) };
        made = store.follow(new, 20).await.expect("a subscription").0.id;
    }
    store.close().await;
    let ahead = slot.duration_since(Timestamp::now()).as_secs() + 5;
    (made, u32::try_from(ahead).expect("less than two days"))
}

/// Pauses the digest, as after a failure, of which the person is told with the next answer.
async fn pause(state: &Path, id: SubscriptionId) {
    let store = open(state).await;
    let closed = PauseReason::DirectMessagesClosed;
    assert!(store.pause(id, closed, None, Timestamp::now()).await.expect("a state"));
    store.close().await;
}

#[tokio::test]
async fn every_button_of_an_own_digest_answers_in_every_situation() {
    let (fake, state, corpus) =
        (FakeDiscord::start().await, tempfile::tempdir().expect("a folder"), corpus());
    let (id, ahead) = follow_two(state.path()).await;
    fake.set_clock(SignedDuration::from_secs(ahead.into()));
    let bot = start_at(&fake, &corpus, state.path(), ahead).await;
    let digest = fake.next_message(DM).await;
    bot.until_log("a digest was sent").await;
    drop(bot);
    pause(state.path(), id).await;
    let bot = start_at(&fake, &corpus, state.path(), ahead).await;
    let notice = fake.slash("about").send().messages(2).await.remove(1);
    let controls = find_controls(&KINDS, |kind| kind.name, &[digest, notice]);
    let press = |control: &Control<Kind>| fake.press(&control.message, &control.id);
    let press_in = |control: &Control<Kind>, situation| match situation {
        Situation::ByOther => press(control).by(OTHER_USER),
        _ => press(control),
    };
    let check_in = |control: &Control<Kind>, situation, reply: &Value| {
        let Kind { said, by_other, .. } = control.kind;
        check(situation, if situation == Situation::ByOther { by_other } else { said }, reply);
    };
    let ahead = [ahead, ahead + MONTH];
    let test = ButtonTest { fake: &fake, corpus: &corpus, state: state.path(), bot, ahead };
    let _bot = test.press_in_each_situation(&controls, press_in, check_in).await;
    unfollow_all(&fake, &controls[0]).await;
    check("of what is gone", "You have no paused digest.", &press(&controls[1]).send().reply().await);
    fake.assert_clean();
}

/// Ends one thing after the other, with each press twice.
async fn unfollow_all(fake: &FakeDiscord, unfollow: &Control<Kind>) {
    let press = || fake.press(&unfollow.message, &unfollow.id);
    let menu = press().send().reply().await;
    let id = id_of(&menu, "unfollow").expect("a menu");
    let choose = |topic| fake.choose(&menu, &id, &[topic]);
    let by_other = choose("topic:gitops").by(OTHER_USER).send().reply().await;
    check("the menu by another person", "You don't follow", &by_other);
    let one_left = "You no longer follow posts on **GitOps**. You still follow 1 thing";
    check("the menu", one_left, &choose("topic:gitops").send().reply().await);
    check(
        "the menu again",
        "You don't follow posts on **GitOps**.",
        &choose("topic:gitops").send().reply().await,
    );
    // Of one thing it need not ask.
    let none_left = "You no longer follow posts on **Security**. You follow nothing now";
    check("the last thing", none_left, &press().send().reply().await);
    check("the last thing again", FOLLOWS_NOTHING, &press().send().reply().await);
    let gone = choose("topic:security").send().reply().await;
    check("the menu of what is gone", "You don't follow posts on **Security**.", &gone);
}
