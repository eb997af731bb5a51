//! Every button and menu below answers: pressed twice, by somebody else, where only the person has installed the bot, after a
//! restart, after the posts are gone, and after a month.

use std::fmt::Debug;

use serde_json::Value;

use super::fixture::{
    OUT_OF_SCOPE, QUESTION, bot_messages, buttons, has_excerpts, id_of, is_private, posts, start_at,
    start_bot_with, text,
};
use super::situations::{ButtonTest, Control, Situation};
use crate::fake_discord::{CHANNEL, FakeDiscord, InteractionBuilder, OTHER_USER};

/// A day more than answers are kept for, in seconds.
const MONTH: u32 = 31 * 24 * 60 * 60;
const EXPIRED: &str = "older than a month";
const GONE: &str = "That post is gone";

/// What a press is answered with.
#[derive(Debug, Clone, Copy)]
enum Expected {
    /// Excerpts, for everybody or for the person who pressed.
    Excerpts { private: bool },
    /// These words, for everybody or for the person who pressed.
    Words { words: &'static str, private: bool },
}

impl Expected {
    #[track_caller]
    fn check(self, situation: impl Debug, kind: &str, reply: &Value) {
        let private = match self {
            Self::Excerpts { private } => {
                assert!(has_excerpts(reply), "{situation:?} {kind}: {reply:#}");
                private
            }
            Self::Words { words, private } => {
                assert!(text(reply).contains(words), "{situation:?} {kind}: no {words:?} in {reply:#}");
                private
            }
        };
        assert_eq!(is_private(reply), private, "{situation:?} {kind}: {reply:#}");
    }
}

const fn everybody(words: &'static str) -> Expected {
    Expected::Words { words, private: false }
}

const fn alone(words: &'static str) -> Expected {
    Expected::Words { words, private: true }
}

const SHOWN: Expected = Expected::Excerpts { private: false };
const SHOWN_ALONE: Expected = Expected::Excerpts { private: true };

/// A kind of button or menu.
struct Kind {
    /// As its id has it.
    name: &'static str,
    /// The question whose reply has it; without one the first reply that has such a button.
    below: Option<&'static str>,
    /// What is chosen in it, if it is a menu; the label of an offered question is its question.
    choice: Option<&'static str>,
    first: Expected,
    second: Expected,
    by_other: Expected,
    when_gone: Expected,
    after_month: Expected,
}

impl Kind {
    /// A button that shows excerpts to everybody who sees the answer.
    const fn public(name: &'static str, when_gone: Expected) -> Self {
        let after_month = alone(EXPIRED);
        Self {
            name,
            below: None,
            choice: None,
            first: SHOWN,
            second: SHOWN,
            by_other: SHOWN_ALONE,
            when_gone,
            after_month,
        }
    }

    /// A button that shows something to the person who pressed it.
    const fn personal(name: &'static str, choice: Option<&'static str>, when_gone: Expected) -> Self {
        let shown = SHOWN_ALONE;
        let after_month = alone(EXPIRED);
        Self {
            name,
            below: None,
            choice,
            first: shown,
            second: shown,
            by_other: shown,
            when_gone,
            after_month,
        }
    }

    /// A button that asks a question. The message holds it, so it does not expire, and everybody may ask it.
    const fn offer(below: Option<&'static str>) -> Self {
        let nothing = everybody(NOTHING);
        Self { below, by_other: SHOWN, after_month: nothing, ..Self::public("try", nothing) }
    }
}

const NEW_TOPIC: &str = "a new topic";
const FOLLOWS: &str = "You already follow";
const NOT_FOR_OTHERS: &str = "for the person who asked";
/// It names the events, which the kept answer has by their ids.
const NO_RECAP: &str = "no recap about KubeCon EU 2019 or KubeCon NA 2019";
const NOTHING: &str = "I found nothing in the recaps";
const NO_MORE: &str = "That is all that I can show";
/// A question for one fact, whose answer leaves excerpts out.
const FACT: &str = "what about service mesh?";
const OVERVIEW: &str = "what were the main takeaways of KubeCon 2019?";

/// Each kind with what its press brings, but the button that deletes.
const KINDS: [Kind; 14] = [
    // The lines that come next are found again, the excerpts are kept with the answer.
    Kind { below: Some(OVERVIEW), ..Kind::public("next", everybody(NO_MORE)) },
    Kind { below: Some(FACT), ..Kind::public("next", everybody(GONE)) },
    Kind::public("newest", everybody(GONE)),
    // Somebody else never sees the button of a private answer. A forged press shows it to that person alone.
    Kind::public("share", everybody(GONE)),
    Kind::public("wide", everybody(NOTHING)),
    Kind {
        first: everybody(NEW_TOPIC),
        second: everybody(NEW_TOPIC),
        by_other: alone(NEW_TOPIC),
        ..Kind::public("topic", everybody(NEW_TOPIC))
    },
    Kind::personal("context", Some("0"), alone(GONE)),
    Kind::personal("around", None, alone(GONE)),
    Kind::personal("group", Some("0"), alone(NO_RECAP)),
    Kind::personal("recaps", None, alone("None of these recaps is here")),
    Kind::personal("compare", None, alone("no earlier event or year")),
    // Whoever presses it follows.
    Kind {
        first: alone("You now follow"),
        second: alone(FOLLOWS),
        by_other: alone("You now follow"),
        ..Kind::personal("follow", None, alone(FOLLOWS))
    },
    // The menu below an answer, and the buttons below a refusal.
    Kind::offer(Some(FACT)),
    Kind::offer(Some(OUT_OF_SCOPE)),
];

/// Presses a button, or chooses in a menu.
fn press(fake: &FakeDiscord, control: &Control<Kind>) -> InteractionBuilder {
    let Control { kind, message, id } = control;
    let offered = message["components"].as_array().into_iter().flatten();
    let mut menus = offered.flat_map(|row| row["components"].as_array().into_iter().flatten());
    let menu = menus.find(|part| part["custom_id"] == id.as_str() && part["options"].is_array());
    let question = menu.and_then(|menu| menu["options"][0]["value"].as_str());
    match kind.choice.or(question) {
        Some(choice) => fake.choose(message, id, &[choice]),
        None => fake.press(message, id),
    }
}

/// Asks until each kind of button and menu was sent.
async fn find_controls(fake: &FakeDiscord) -> Vec<Control<Kind>> {
    let at_seattle = "what about service mesh at KubeCon NA 2018?";
    fake.message(at_seattle).mentioning_bot().send().reply().await;
    let mut sent = vec![
        ("", fake.message("and in 2019?").mentioning_bot().send().reply().await),
        ("", fake.ask("what does Loom weave into one network?").send().reply().await),
        ("", fake.ask("what were the main takeaways of KubeCon EU?").send().reply().await),
        ("", fake.ask(at_seattle).private(true).send().reply().await),
    ];
    for question in [OVERVIEW, FACT, OUT_OF_SCOPE] {
        sent.push((question, fake.ask(question).send().reply().await));
    }
    let find = |name: &str, below: Option<&str>, messages: &[(&str, Value)]| {
        let mut asked = messages.iter().filter(|(question, _)| below.is_none_or(|below| below == *question));
        asked.find_map(|(_, message)| Some((message.clone(), id_of(message, name)?)))
    };
    let (message, menu) = find("context", None, &sent).expect("a menu");
    sent.push(("", fake.choose(&message, &menu, &["0"]).send().reply().await));
    let control = |kind: &'static Kind| {
        let (message, id) = find(kind.name, kind.below, &sent).unwrap_or_else(|| {
            let all: Vec<_> = sent.iter().map(|(question, message)| (question, buttons(message))).collect();
            panic!("no {} below {:?} in {all:?}", kind.name, kind.below)
        });
        Control { kind, message, id }
    };
    KINDS.iter().map(control).collect()
}

#[tokio::test]
async fn every_button_answers_in_every_situation() {
    let (fake, state, corpus) = (FakeDiscord::start().await, tempfile::tempdir().expect("a folder"), posts());
    let bot = start_at(&fake, &corpus, state.path(), 0).await;
    let controls = find_controls(&fake).await;
    let press = |control: &Control<Kind>, situation| match situation {
        Situation::ByOther => press(&fake, control).by(OTHER_USER).permissions(0),
        _ => press(&fake, control),
    };
    let check = |control: &Control<Kind>, situation, reply: &Value| {
        let Kind { name, below, first, second, by_other, when_gone, after_month, .. } = *control.kind;
        let expected = match situation {
            Situation::ByOther => by_other,
            Situation::First => first,
            Situation::PostsGone => when_gone,
            Situation::AfterMonth => after_month,
            Situation::Second | Situation::UserInstalled | Situation::AfterRestart => second,
        };
        expected.check(situation, &format!("{name} below {below:?}"), reply);
    };
    let test = ButtonTest { fake: &fake, corpus: &corpus, state: state.path(), bot, ahead: [0, MONTH] };
    test.press_in_each_situation(&controls, press, check).await;
    fake.assert_clean();
}

/// The number of the kept answer that a message names.
fn number_of(message: &Value) -> String {
    let ids = buttons(message).into_iter().map(|(_, id)| id);
    let mut named =
        ids.filter(|id| ["1:topic:", "1:context:", "1:around:"].iter().any(|kind| id.starts_with(kind)));
    let id = named.next().unwrap_or_else(|| panic!("no number in {message:#}"));
    id.split(':').nth(2).expect("a number").to_owned()
}

#[tokio::test]
async fn more_of_an_answer_goes_on_until_that_is_all() {
    let (fake, _bot) = start_bot_with(&posts()).await;
    for question in [FACT, OVERVIEW] {
        let mut page = fake.message(question).mentioning_bot().send().reply().await;
        let mut seen = vec![text(&page)];
        while let Some(more) = id_of(&page, "next") {
            let next = fake.press(&page, &more).send().reply().await;
            if !has_excerpts(&next) {
                // An overview does not know how much there is.
                everybody(NO_MORE).check(question, "the last More", &next);
                break;
            }
            assert!(!seen.contains(&text(&next)), "{question}: the same again: {next:#}");
            seen.push(text(&next));
            page = next;
        }
        assert!(seen.len() > 1, "{question}: {page:#}");
        // A word asks for more as a button does. An old button may be pressed where there is none any more.
        let word = fake.message("more").replying_to(&page, true).send().reply().await;
        assert!(text(&word).contains(NO_MORE), "{question}: {word:#}");
        let old = format!("1:next:{}", number_of(&page));
        everybody(NO_MORE).check(question, "an old More", &fake.press(&page, &old).send().reply().await);
    }
    fake.assert_clean();
}

#[tokio::test]
async fn an_answer_is_deleted_by_who_asked_also_after_a_month() {
    let (fake, state, corpus) = (FakeDiscord::start().await, tempfile::tempdir().expect("a folder"), posts());
    let bot = start_at(&fake, &corpus, state.path(), 0).await;
    let in_server = fake.ask(QUESTION).send().reply().await;
    let installed = fake.ask(QUESTION).user_installed().send().reply().await;
    drop(bot);
    let bot = start_at(&fake, &corpus, state.path(), MONTH).await;
    let mut deleted = 0;
    for (situation, answer, is_installed) in
        [("in a server", in_server, false), ("installed by the person alone", installed, true)]
    {
        let id = id_of(&answer, "del").expect("a button");
        let press = || {
            let press = fake.press(&answer, &id);
            if is_installed { press.user_installed() } else { press }
        };
        let other = press().by(OTHER_USER).permissions(0).send().reply().await;
        alone(NOT_FOR_OTHERS).check(situation, "del", &other);
        // The message is gone after the first press; the second, before it left the screen, breaks nothing.
        for _ in ["first", "second"] {
            press().send().first_callback().await;
            deleted += 1;
            fake.until_requests("DELETE /webhooks/*/*/messages/@original", deleted).await;
            assert!(
                !bot_messages(&fake, CHANNEL).iter().any(|there| there["id"] == answer["id"]),
                "{situation}"
            );
        }
    }
    assert!(has_excerpts(&fake.ask(QUESTION).send().reply().await));
    assert!(!bot.log().contains("a reply failed"), "{}", bot.log());
    fake.assert_clean();
}
