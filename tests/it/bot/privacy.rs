//! What the state holds of a person, and what is left after `/forget-me`.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::fixture::{buttons, is_private, posts, start_at, text};
use crate::fake_discord::{DEADLINE, FakeDiscord, OTHER_USER, USER};
use crate::harness::bot::TestBot;
use crate::store::files::columns_with;

/// The seconds until shortly after nine o'clock, when the digests are due that people follow.
fn until_nine() -> u32 {
    let tomorrow = (Timestamp::now() + SignedDuration::from_hours(24)).to_zoned(TimeZone::UTC);
    let nine = tomorrow.start_of_day().expect("a day").timestamp() + SignedDuration::from_hours(9);
    u32::try_from(nine.duration_since(Timestamp::now()).as_secs() + 5).expect("less than two days")
}

async fn until_named(file: &Path, id: &str, column: &str) {
    let start = Instant::now();
    while !columns_with(file, id).await.contains(&column.to_owned()) {
        assert!(start.elapsed() < DEADLINE, "{column} is not in {:?}", columns_with(file, id).await);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn a21_after_forget_me_no_row_of_the_state_names_the_person() {
    let (fake, state, corpus) = (FakeDiscord::start().await, tempfile::tempdir().expect("a folder"), posts());
    let bot = start_at(&fake, &corpus, state.path(), 0).await;
    let file = state.path().join("state.sqlite3");
    let follow = |user| fake.slash("follow").subcommand("topic").option("name", "gitops").by(user);
    for user in [USER, OTHER_USER] {
        fake.ask("what about service mesh?").by(user).send().reply().await;
        let follow = follow(user).option("schedule", "daily at 09:00").option("timezone", "UTC");
        follow.send().reply().await;
    }
    fake.message("what about service mesh?").in_dm().send().reply().await;
    fake.message("what about security?").mentioning_bot().send().reply().await;
    let digest = |subcommand| fake.slash("digest").subcommand(subcommand).by_moderator().by(USER);
    digest("add").option("schedule", "weekly on Monday at 09:00").send().reply().await;
    digest("pause").option("id", "3").send().reply().await;
    drop(bot);
    // A digest that can't be sent leaves a row of the ledger.
    let news = "---\ntitle: GitOps now\nauthor: Ada Example\ndate: 2026-11-01\n---\n\nMost teams deploy with GitOps today.\n";
    fs::write(corpus.path().join("news.md"), news).expect("a file");
    fake.take_direct_messages(USER, false);
    let ahead = until_nine();
    fake.set_clock(SignedDuration::from_secs(ahead.into()));
    let bot = start_at(&fake, &corpus, state.path(), ahead).await;
    let id = USER.to_string();
    until_named(&file, &id, "deliveries.person").await;
    let named = columns_with(&file, &id).await;
    for column in [
        "answers.person",
        "deliveries.person",
        "person_zones.person",
        "subscriptions.made_by",
        "subscriptions.paused_by",
        "subscriptions.person",
    ] {
        assert!(named.contains(&column.to_owned()), "{column} is not in {named:?}");
    }
    let said = fake.slash("forget-me").send().reply().await;
    assert!(is_private(&said) && text(&said).contains("I deleted your id everywhere"), "{said:#}");
    assert_eq!(columns_with(&file, &id).await, [""; 0]);
    assert!(!columns_with(&file, &OTHER_USER.to_string()).await.is_empty(), "somebody else's rows stay");
    let again = fake.slash("forget-me").send().reply().await;
    assert!(text(&again).contains("I store nothing about you"), "{again:#}");
    drop(bot);
    fake.assert_clean();
}

#[tokio::test]
async fn a_press_of_somebody_else_keeps_nothing_of_what_was_asked_before() {
    let (fake, state) = (FakeDiscord::start().await, tempfile::tempdir().expect("a folder"));
    let bot = TestBot::setup(&fake).state(state.path()).start(&fake).await;
    let file = state.path().join("state.sqlite3");
    fake.message("what about service mesh at KubeCon NA 2018?").mentioning_bot().send().reply().await;
    let answer = fake.message("and what about security?").mentioning_bot().send().reply().await;
    assert!(!columns_with(&file, "mesh").await.is_empty());
    let (_, id) = buttons(&answer).into_iter().find(|(_, id)| id.starts_with("1:wide:")).expect("a button");
    fake.press(&answer, &id).by(OTHER_USER).send().reply().await;
    fake.slash("forget-me").send().reply().await;
    assert_eq!(columns_with(&file, "mesh").await, [""; 0]);
    assert!(!columns_with(&file, &OTHER_USER.to_string()).await.is_empty(), "the press is kept");
    drop(bot);
    fake.assert_clean();
}
