//! Tests of conversations.

mod acts;
mod asides;
mod follow_ups;
mod people;
mod scopes;

use super::*;
use crate::engine::Engine;
use crate::samples::{engine_over, request};
use crate::small_talk::SmallTalk;
use crate::{EngineHandle, ReopenedEngine};
use takeaways_text::model::Years;

/// Posts on three editions of a conference and one of another.
fn handle() -> EngineHandle {
    let post = |event: &str, author: &str, date: &str, text: &str| {
        format!("---\ntitle: Recap\nauthor: {author}\ndate: {date}\nevent: {event}\n---\n\n{text}\n")
    };
    let files = [
        (
            "eu-2018.md",
            post(
                "kubecon-eu-2018",
                "Ada Lovelace",
                "2018-05-10",
                "Istio was the talk of Copenhagen, and nobody ran Istio in production. Nobody spoke of Linkerd without a smile.",
            ),
        ),
        (
            "eu-2019.md",
            post(
                "kubecon-eu-2019",
                "Grace Hopper",
                "2019-05-25",
                "Istio had grown up by Barcelona, where three banks ran Istio in production.\n\n## Security\n\nThe security audit of Kubernetes found thirty-seven problems. Everybody wanted to read the security audit. It was paid for by the foundation.",
            ),
        ),
        (
            "na-2019.md",
            post(
                "kubecon-na-2019",
                "Grace Hopper",
                "2019-11-25",
                "Istio felt slow and cumbersome in San Diego, said the users of Istio. The venue of San Diego was huge, with twelve thousand people.",
            ),
        ),
        (
            "fosdem.md",
            post(
                "fosdem-2020",
                "Mary Keller",
                "2020-02-05",
                "FOSDEM had a room on Istio that was full all day. The waffles were good.",
            ),
        ),
    ];
    handle_of(engine_over(&files))
}

fn handle_of(engine: Engine) -> EngineHandle {
    let open = |_: Option<&Engine>| Ok(ReopenedEngine { engine: None, unread: Vec::new() });
    EngineHandle::new(engine, Box::new(open), 3)
}

/// Whatever is shown, also nothing.
const ANY: &str = "*";

/// Asks in a conversation; returns the understood words, the events and years of the scope, and the first excerpt.
struct Talk {
    handle: EngineHandle,
    turn: Option<Turn>,
}

impl Talk {
    fn new() -> Self {
        Self { handle: handle(), turn: None }
    }

    /// A conversation after these messages.
    fn after(messages: &[&str]) -> Self {
        let mut talk = Self::new();
        for message in messages {
            assert!(matches!(talk.reply(message), Reply::Answer(_)), "{message}");
        }
        talk
    }

    fn reply(&mut self, message: &str) -> Reply {
        let reply = self.handle.converse(self.turn.as_ref(), &request(message)).expect("a reply");
        if let Reply::Answer(answer) = &reply {
            self.turn = Some(answer.turn.clone());
        }
        reply
    }

    #[track_caller]
    fn answer(&mut self, message: &str) -> Box<TurnAnswer> {
        let Reply::Answer(answer) = self.reply(message) else { panic!("{message}: no answer") };
        answer
    }

    #[track_caller]
    fn check(&mut self, message: &str, events: &[&str], words: &str) {
        let answer = self.answer(message);
        let scope = answer.verified.answer.scope();
        let found: Vec<&str> = scope.events.iter().map(|id| id.0.as_str()).collect();
        assert_eq!(found, events, "{message}: {:?}", answer.turn);
        let first = answer.verified.answer.excerpts().first();
        let quote = first.map_or("", |excerpt| excerpt.quote.text.as_str());
        let is_right =
            if words.is_empty() { quote.is_empty() } else { quote.contains(words) || words == ANY };
        assert!(is_right, "{message}: {quote:?}");
    }
}

#[test]
fn a_follow_up_replaces_what_it_names_and_keeps_the_rest() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2018?", &["kubecon-eu-2018"], "talk of Copenhagen");
    talk.check("and in 2019?", &["kubecon-eu-2019"], "three banks");
    talk.check("what about security?", &["kubecon-eu-2019"], "security audit");
    talk.check("no, I meant Istio", &["kubecon-eu-2019"], "three banks");
    talk.check("in San Diego?", &["kubecon-na-2019"], "felt slow");
    talk.check("how many people came there?", &["kubecon-na-2019"], ANY);
    talk.check("and at FOSDEM?", &["fosdem-2020"], ANY);
    // A topic of its own is looked for in the event talked about first.
    talk.check("what was said about Istio?", &["fosdem-2020"], "Istio");
    talk.check("what was said about Linkerd?", &[], "Linkerd");
}

#[test]
fn the_conferences_of_a_conversation_are_kept() {
    let mut talk = Talk::new();
    talk.check("how was KubeCon?", &[], ANY);
    talk.check("no, I meant 2018", &["kubecon-eu-2018"], ANY);
    talk.check("anything newer?", &["kubecon-eu-2019", "kubecon-na-2019"], ANY);
    talk.check("and in 2019?", &["kubecon-eu-2019", "kubecon-na-2019"], ANY);
    talk.check("before that?", &["kubecon-eu-2018"], ANY);
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2018?", &["kubecon-eu-2018"], "talk of Copenhagen");
    talk.check("which talks were about Istio in 2019?", &["kubecon-eu-2019"], ANY);
    talk.check("how many people were at that KubeCon?", &["kubecon-eu-2019"], "");
}

#[test]
fn a_part_of_the_world_names_the_editions_there() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2019?", &["kubecon-eu-2019"], "three banks");
    talk.check("and in the United States?", &["kubecon-na-2019"], "felt slow");
    talk.check("and in Denmark, the year before?", &["kubecon-eu-2018"], "talk of Copenhagen");
    talk.check("and in Belgium?", &["fosdem-2020"], "FOSDEM");
    talk.check("back to Copenhagen", &["kubecon-eu-2018"], "talk of Copenhagen");
}

#[test]
fn an_edition_is_named_by_its_place_in_time() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon in 2019?", &["kubecon-eu-2019", "kubecon-na-2019"], ANY);
    talk.check("just the newest one please", &["kubecon-na-2019"], "felt slow");
    talk.check("the oldest one", &["kubecon-eu-2018"], "talk of Copenhagen");
    talk.check("no, a year later, in Barcelona", &["kubecon-eu-2019"], "three banks");
    talk.check("how did Istio feel at the most recent one?", &["kubecon-na-2019"], "felt slow");
    talk.check("tell me more about the third", &["kubecon-na-2019"], "felt slow");
    talk.check("back to the first edition", &["kubecon-eu-2018"], ANY);
    talk.check("random question: who had waffles?", &[], "waffles");
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon in 2019?", &["kubecon-eu-2019", "kubecon-na-2019"], ANY);
    // Without "just" it would be the last excerpt.
    talk.check("just the last one", &["kubecon-na-2019"], "felt slow");
}

#[test]
fn a_message_that_points_at_a_place_means_the_event_that_was_shown() {
    let mut talk = Talk::new();
    talk.check("how many problems did the security audit find?", &[], "thirty-seven");
    talk.check("what else was said there about Istio?", &["kubecon-eu-2019"], "three banks");
}

#[test]
fn two_events_are_compared() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2018?", &["kubecon-eu-2018"], "talk of Copenhagen");
    talk.check("how does that compare to Barcelona?", &["kubecon-eu-2018", "kubecon-eu-2019"], "talk of");
    talk.check("and in San Diego?", &["kubecon-na-2019"], "felt slow");
    let mut talk = Talk::new();
    talk.check("how was KubeCon EU 2018?", &["kubecon-eu-2018"], ANY);
    talk.check("how does that compare to KubeCon EU 2019?", &["kubecon-eu-2018", "kubecon-eu-2019"], ANY);
    let mut talk = Talk::new();
    talk.check("how was KubeCon 2019?", &["kubecon-eu-2019", "kubecon-na-2019"], ANY);
    let all = ["kubecon-eu-2018", "kubecon-eu-2019", "kubecon-na-2019"];
    talk.check("how does that compare to 2018?", &all, ANY);
}

#[test]
fn pronouns_point_at_what_was_named() {
    let mut talk = Talk::new();
    talk.check("who ran Istio in production at KubeCon EU 2019?", &["kubecon-eu-2019"], "three banks");
    talk.check("was it slow in San Diego?", &["kubecon-na-2019"], "felt slow");
    let turn = talk.turn.clone().expect("a turn");
    assert_eq!((turn.subject.as_deref(), turn.person.as_deref()), (Some("Istio"), Some("Grace Hopper")));
    talk.check("what did she say about security in Barcelona?", &["kubecon-eu-2019"], "security audit");
    talk.check("der Vorraum?", &["kubecon-eu-2019"], "");
}

#[test]
fn a_person_whom_others_mention_is_talked_about() {
    let text = "---\ntitle: Recap\nauthor: Grace Hopper\nevent: kubecon-eu-2019\n---\n\n## Keynotes\n\nThe keynote on \
                security was given by Liz Rice from Aqua. She showed how little a container hides.\n\nShe also told how \
                she learned to read the kernel.\n\n## Meshes\n\nThe talk on meshes and security was crowded.\n";
    let engine = engine_over(&[("a.md", text)]);
    let mut talk = Talk { handle: handle_of(engine), turn: None };
    talk.check("who gave the keynote on security?", &[], "Liz Rice");
    assert_eq!(talk.turn.as_ref().expect("a turn").person.as_deref(), Some("Liz Rice"));
    talk.check("what did she say about security?", &[], "Liz Rice");
    let turn = talk.turn.clone().expect("a turn");
    assert_eq!(turn.scope.people, ["Liz Rice"]);
    assert_eq!(turn.shown.len(), 1, "the talk on meshes is not hers: {turn:?}");
}

#[test]
fn complaints_are_about_what_was_talked_about() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon NA 2019?", &["kubecon-na-2019"], "felt slow");
    talk.check("any complaints?", &["kubecon-na-2019"], "cumbersome");
    assert_eq!(talk.turn.expect("a turn").subject.as_deref(), Some("Istio"));
}

#[test]
fn what_says_nothing_of_the_topic_is_none() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2019?", &["kubecon-eu-2019"], "three banks");
    talk.check("and later that year in San Diego?", &["kubecon-na-2019"], "felt slow");
    assert_eq!(talk.turn.as_ref().expect("a turn").topic, "Istio");
    talk.check("in general?", &[], "Istio");
    talk.check("in Copenhagen, I mean, not San Diego", &["kubecon-eu-2018"], "talk of Copenhagen");
    assert_eq!(talk.turn.as_ref().expect("a turn").topic, "Istio");
}

#[test]
fn others_than_the_one_before_are_asked_for() {
    let mut talk = Talk::new();
    talk.check("what did Grace Hopper say about Istio?", &[], "Istio");
    assert_eq!(talk.turn.as_ref().expect("a turn").scope.authors, ["Grace Hopper"]);
    talk.check("did anyone else say that?", &[], "Istio");
    assert!(talk.turn.as_ref().expect("a turn").scope.authors.is_empty());
}

#[test]
fn the_source_is_named_and_what_was_shown_stays() {
    let mut talk = Talk::new();
    talk.check("Did Istio feel slow?", &[], "Istio");
    let shown = talk.turn.clone().expect("a turn").shown;
    let answer = talk.answer("who said that, and where?");
    assert!(
        matches!(answer.heading, Some(AnswerHeading::Source(_)))
            && answer.verified.answer.excerpts().len() == 1
    );
    assert_eq!(answer.turn.with_whole().shown, shown);
}

#[test]
fn a_refusal_repeats_what_was_typed() {
    let mut talk = Talk::new();
    talk.check("how many people came to San Diego?", &["kubecon-na-2019"], "twelve thousand");
    let answer = talk.answer("and to Copenhagen?");
    assert!(answer.verified.answer.excerpts().is_empty());
    assert_eq!(answer.question.text(), "and to Copenhagen?");
}

#[test]
fn the_edition_before_or_after_is_found() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2018?", &["kubecon-eu-2018"], "talk of Copenhagen");
    talk.check("and the year after?", &["kubecon-eu-2019"], "three banks");
    talk.check("und im Jahr davor?", &["kubecon-eu-2018"], "talk of Copenhagen");
    talk.check("and two years later?", &["kubecon-eu-2020"], "");
}

#[test]
fn newer_and_older_posts_are_asked_for() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon NA 2019?", &["kubecon-na-2019"], "felt slow");
    let years =
        |talk: &Talk| talk.turn.as_ref().and_then(|turn| turn.scope.years).map(|it| (it.first, it.last));
    talk.check("anything newer?", &[], "FOSDEM");
    assert_eq!(years(&talk), Some((2020, 2026)));
    talk.check("before that?", &[], "Istio");
    assert_eq!(years(&talk), Some((Years::FIRST, 2019)));
}

#[test]
fn what_was_shown_can_be_named() {
    let mut talk = Talk::new();
    talk.check("what did the security audit find?", &[], "thirty-seven");
    talk.check("who said that?", &[], "thirty-seven");
    // All of its section was shown. The one before stands beside it.
    talk.check("why?", &[], "three banks");
    talk.check("tell me more about the first one", &[], "three banks");
}

#[test]
fn more_comes_until_there_is_no_more() {
    let handle = handle_of(crate::samples::engine());
    let mut talk = Talk { handle, turn: None };
    talk.check("service mesh?", &[], "esh");
    let mut turn = talk.turn.clone().expect("a turn");
    turn.further = turn.shown.split_off(1);
    let later: Vec<ExcerptPlace> = turn.further.clone();
    assert_eq!(later.len(), 2, "the notes have three excerpts on it");
    talk.turn = Some(turn);
    let more = talk.answer("tell me more, please");
    assert_eq!(more.turn.shown, later);
    assert_eq!(talk.reply("more please"), Reply::Notice(Notice::NoMore));
    for message in ["the 9th one", "the 99th one"] {
        assert_eq!(talk.reply(message), Reply::Notice(Notice::NoSuchExcerpt(2)));
    }
}

#[test]
fn small_talk_and_a_new_topic_are_no_questions() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2018?", &["kubecon-eu-2018"], "talk of Copenhagen");
    for remark in [
        "thanks",
        "ok cool",
        "thank you, that helps a lot",
        "haha fair",
        "sounds lovely, thank you so much!",
        "ok thx, that was really useful",
        "merci beaucoup, bonne journée",
    ] {
        assert!(matches!(talk.reply(remark), Reply::SmallTalk(..)), "{remark}");
    }
    talk.check("and in Barcelona?", &["kubecon-eu-2019"], "three banks");
    talk.check("thanks, and Linkerd in Copenhagen", &["kubecon-eu-2018"], "Linkerd");
    assert_eq!(talk.reply("new topic"), Reply::Notice(Notice::NewTopic));
}

#[test]
fn thanks_may_have_words_that_ask_in_other_languages() {
    let mut talk = Talk::new();
    talk.check("what did the security audit find?", &[], "thirty-seven");
    for message in ["Sounds lovely, thank you, that was quick!", "danke, das war gut"] {
        assert!(matches!(talk.reply(message), Reply::SmallTalk(SmallTalk::Thanks, _)), "{message}");
    }
}

#[test]
fn without_a_turn_before_it_a_message_is_answered_as_a_question() {
    let handle = handle();
    for text in ["what was said about Istio in Barcelona?", "and in 2019?", "more", "why?"] {
        let answered = handle.answer(&request(text)).expect("an answer");
        match handle.converse(None, &request(text)).expect("a reply") {
            Reply::Answer(answer) => assert_eq!(answer.verified, answered, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn a_turn_is_the_same_after_it_was_stored() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2018?", &["kubecon-eu-2018"], "talk of Copenhagen");
    let turn = talk.turn.expect("a turn");
    let stored = serde_json::to_string(&turn).expect("JSON");
    assert_eq!(serde_json::from_str::<Turn>(&stored).expect("a turn"), turn);
    assert!(!stored.contains("production"), "no words of a post: {stored}");
}

#[test]
fn the_two_events_talked_about_are_compared() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2018?", &["kubecon-eu-2018"], "talk of Copenhagen");
    talk.check("and in Barcelona in 2019?", &["kubecon-eu-2019"], "three banks");
    let answer = talk.answer("so how do they compare?");
    let events = &answer.verified.answer.scope().events;
    assert_eq!(
        events.iter().map(|id| id.0.as_str()).collect::<Vec<_>>(),
        ["kubecon-eu-2018", "kubecon-eu-2019"]
    );
    let topic = "what is the difference between Istio and Linkerd?";
    assert!(!matches!(talk.reply(topic), Reply::Answer(answer) if answer.turn.question.contains(" vs ")));
}

#[test]
fn the_two_topics_talked_about_are_compared() {
    for (message, is_comparison) in [
        ("which one is simpler?", true),
        ("compare them", true),
        ("which of them did the users of the bank in the north run in production?", false),
    ] {
        let mut talk = Talk::new();
        talk.check("what was said about Linkerd?", &[], "Linkerd");
        talk.check("and about Istio?", &[], ANY);
        let Reply::Answer(answer) = talk.reply(message) else { panic!("{message}") };
        let understood = answer.question.text();
        assert_eq!(understood.starts_with("Linkerd vs Istio"), is_comparison, "{message}: {understood}");
    }
}

#[test]
fn the_question_before_a_comparison_goes_on() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2018?", &["kubecon-eu-2018"], "talk of Copenhagen");
    talk.check("and in Barcelona in 2019?", &["kubecon-eu-2019"], "three banks");
    assert!(matches!(talk.reply("which one was better?"), Reply::Answer(_)));
    talk.check("and in San Diego?", &["kubecon-na-2019"], "felt slow");
}

#[test]
fn a_bare_question_for_one_side_is_about_the_thing_talked_about() {
    let mut talk = Talk::new();
    talk.check("what do people think of Istio?", &[], ANY);
    talk.check("any criticism?", &[], "felt slow");
    let mut talk = Talk::new();
    talk.check("what was said about Linkerd?", &[], "Linkerd");
    // Nobody does, so the other views are shown.
    talk.check("does anyone disagree?", &[], "Linkerd");
    // The question before goes on.
    talk.check("and Istio?", &[], "Istio");
}

#[test]
fn a_follow_up_without_a_thing_of_its_own_is_about_the_posts_just_shown() {
    let post = |event: &str, text: &str| format!("---\ntitle: Recap\nevent: {event}\n---\n\n{text}\n");
    let files = [
        (
            "a.md",
            post(
                "kubecon-eu-2019",
                "Three banks ran Istio in production.\n\n## Evening\n\nThe lights went out after nine minutes, because a cable had come loose.",
            ),
        ),
        (
            "b.md",
            post(
                "fosdem-2020",
                "The lights went out in Brussels, because a storm had come. Lights came back later.",
            ),
        ),
    ];
    let engine = engine_over(&files);
    let mut talk = Talk { handle: handle_of(engine), turn: None };
    talk.check("why did the lights go out?", &[], "storm");
    talk = Talk { turn: None, ..talk };
    talk.check("how many banks ran Istio in production?", &[], "Three banks");
    talk.check("why did the lights go out?", &[], "cable");
    // The next message goes on with this question.
    let topic = talk.turn.map(|turn| turn.topic).unwrap_or_default();
    assert!(topic.contains("lights"), "{topic:?}");
}
