//! Tests of whom a conversation is about.

use super::follow_ups::talk_about;
use super::*;

/// Posts on one topic by three people.
fn three_people() -> Talk {
    talk_about(&[
        (
            "kubecon-eu-2018",
            "Ada Lovelace",
            "I liked the talk on Istio, because it was short. Most teams need months to learn Istio.",
        ),
        (
            "kubecon-eu-2019",
            "Grace Hopper",
            "I liked Istio more than last year, because it was easier. Nobody should run Istio without tests.",
        ),
        (
            "fosdem-2020",
            "Mary Short",
            "I found that Istio is hard to debug. The waffles were good in case you are short on time.",
        ),
    ])
}

#[test]
fn a_pronoun_means_who_was_named() {
    let mut talk = three_people();
    talk.answer("what did Ada Lovelace say about Istio?");
    let answer = talk.answer("did anyone else mention it?");
    let first = answer.verified.answer.excerpts().first().expect("an excerpt");
    assert_ne!(first.citation.author.as_deref(), Some("Ada Lovelace"));
    assert_eq!(answer.turn.person.as_deref(), Some("Ada Lovelace"));
    // Without a name nobody of several is meant.
    let mut talk = three_people();
    talk.answer("what do people think of Istio?");
    assert_eq!(talk.turn.expect("a turn").person, None);
}

#[test]
fn a_topic_after_a_person_is_asked_of_that_person() {
    let mut talk = three_people();
    talk.answer("who is Grace Hopper?");
    let answer = talk.answer("what about Istio?");
    let authors: Vec<Option<&str>> =
        answer.verified.answer.excerpts().iter().map(|it| it.citation.author.as_deref()).collect();
    assert!(!authors.is_empty() && authors.iter().all(|it| *it == Some("Grace Hopper")), "{authors:?}");
    let answer = talk.answer("and FOSDEM?");
    assert!(matches!(&answer.heading, Some(AnswerHeading::ByOthers(_))), "{answer:?}");
}

#[test]
fn what_others_say_of_a_person_has_the_whole_name() {
    let mut talk = talk_about(&[
        ("kubecon-eu-2018", "Mary Short", "I liked the talk on Istio, because it was easy to follow."),
        (
            "fosdem-2020",
            "Ada Lovelace",
            "Be short at the stand, since the waffles sell out. The room on Istio was full all day.",
        ),
    ]);
    talk.answer("what did Mary Short say about Istio?");
    let answer = talk.answer("and FOSDEM?");
    let AnswerHeading::ByOthers(scope) = answer.heading.clone().expect("a heading") else {
        panic!("{answer:?}")
    };
    assert_eq!(scope.authors, ["Mary Short"]);
    assert!(answer.verified.answer.scope().authors.is_empty());
}

#[test]
fn a_given_name_that_nobody_has_is_no_word() {
    let mut talk = three_people();
    talk.answer("what do people think of Istio?");
    let answer = talk.answer("and Marie?");
    assert!(answer.verified.answer.excerpts().is_empty(), "{answer:?}");
    assert_eq!((answer.turn.language, answer.turn.found_nothing), (Language::En, true));
    // It is no part of what is talked about.
    talk.check("in 2019", &[], "easier");
}

#[test]
fn a_project_with_the_name_of_a_common_word_is_a_topic() {
    let mut talk = talk_about(&[
        ("gophercon-2016", "Ada Lovelace", "Most teams learn Go in a week, because Go is small."),
        ("rustconf-2018", "Grace Hopper", "Most teams learn Rust in a month, because Rust is strict."),
    ]);
    talk.check("what did people say about Rust?", &[], "Rust");
    talk.check("and Go?", &[], "Go");
}
