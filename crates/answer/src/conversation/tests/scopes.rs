//! Tests of the scopes that messages name by what they do not want, by the other one, and by the places of adjectives.

use super::follow_ups::talk_about;
use super::*;
use takeaways_text::model::{Answer, Missing};

const EU_2018: &str = "kubecon-eu-2018";
const EU_2019: &str = "kubecon-eu-2019";
const NA_2019: &str = "kubecon-na-2019";

#[test]
fn what_is_not_wanted_is_left_out() {
    let of_2019: &[&str] = &[EU_2019, NA_2019];
    for (messages, events) in [
        (&["Istio at KubeCon in 2018", "not 2018, 2019 i mean"][..], &[EU_2019][..]),
        (&["Istio at KubeCon in 2019", "not 2019 but 2018"], &[EU_2018]),
        (&["Istio at KubeCon in 2019", "nicht 2019, sondern 2018"], &[EU_2018]),
        (&["Istio at KubeCon in 2019", "not Barcelona"], &[NA_2019]),
        (&["Istio at KubeCon in 2019", "pas Barcelone"], &[NA_2019]),
        // What is left is less each time.
        (&["Istio at KubeCon in 2018 and 2019", "not 2018", "not San Diego"], &[EU_2019]),
        (&["what was said about Istio at KubeCon?", "not Barcelona"], &[EU_2018, NA_2019]),
        (&["Istio at KubeCon in 2018 and 2019", "no, not 2019"], &[EU_2018]),
        (&["Istio at KubeCon in 2018 and 2019", "nein, nicht 2019"], &[EU_2018]),
        (&["Istio at KubeCon in 2018 and 2019", "without 2018"], of_2019),
    ] {
        let (last, before) = messages.split_last().expect("a message");
        let mut talk = Talk::after(before);
        talk.check(last, events, ANY);
    }
    let mut talk = Talk::new();
    talk.check("Istio in 2018 to 2019", &[], ANY);
    talk.reply("not 2018");
    let years = talk.turn.as_ref().and_then(|turn| turn.scope.years);
    assert_eq!(years, Some(Years::single(2019)));
    // Of everything, what is left is no list of events.
    let mut talk = Talk::new();
    talk.check("what was said about Istio?", &[], ANY);
    talk.reply("not Barcelona");
    let events = talk.turn.map(|turn| turn.scope.events).unwrap_or_default();
    assert!(events.len() < 2, "{events:?}");
}

#[test]
fn the_years_stay_at_a_conference_that_most_posts_are_about() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio?", &[], ANY);
    talk.reply("in 2019");
    talk.reply("at KubeCon");
    assert_eq!(talk.turn.and_then(|turn| turn.scope.years), Some(Years::single(2019)));
}

#[test]
fn what_events_are_compared_on_is_asked_of_another_one() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2019?", &[EU_2019], ANY);
    talk.answer("compare with the one before");
    let answer = talk.answer("and at KubeCon NA 2019?");
    assert_eq!((answer.turn.topic.as_str(), answer.turn.scope.events[0].0.as_str()), ("Istio", NA_2019));
}

#[test]
fn a_thing_after_an_article_is_left_out() {
    for message in ["not from the vendors", "without the vendors"] {
        let mut talk = Talk::new();
        talk.check("what was said about Istio?", &[], ANY);
        let answer = talk.answer(message);
        assert_eq!(answer.turn.topic, "Istio", "{message}");
    }
}

#[test]
fn nothing_may_be_left_of_a_scope() {
    for (first, message) in [
        ("Istio at KubeCon EU 2019", "not 2019"),
        ("Istio at KubeCon EU 2019", "no, not 2019"),
        ("Istio at KubeCon EU 2019", "nein, nicht 2019"),
        ("Istio at KubeCon EU 2019", "not Barcelona"),
    ] {
        let mut talk = Talk::new();
        talk.check(first, &[EU_2019], ANY);
        assert_eq!(talk.reply(message), Reply::Notice(Notice::NoMore), "{message}");
    }
}

#[test]
fn what_only_begins_as_an_exclusion_excludes_nothing() {
    for (message, events) in [
        ("not only in 2019 but also in 2018", &[EU_2018, EU_2019][..]),
        ("without a service mesh, how do services talk to each other?", &[EU_2019]),
        ("not sure, what is Linkerd?", &[]),
    ] {
        let mut talk = Talk::new();
        talk.check("what was said about Istio at KubeCon EU 2019?", &[EU_2019], ANY);
        talk.check(message, events, ANY);
    }
}

#[test]
fn the_other_one_is_that_which_was_not_shown_or_was_shown_before() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2018?", &[EU_2018], ANY);
    talk.check("and in 2019?", &[EU_2019], ANY);
    talk.check("and what was said in the other city?", &[EU_2018], ANY);
    talk.check("und im anderen Jahr?", &[EU_2019], ANY);
    let mut talk = Talk::new();
    talk.check("how did Istio feel at KubeCon in 2019?", &[EU_2019, NA_2019], "felt slow");
    talk.check("and the other city?", &[EU_2019], "three banks");
    for (message, events) in [
        ("what was said at the other one?", &[EU_2018][..]),
        ("and the other one?", &[EU_2018]),
        ("why was the other one not used?", &[EU_2019]),
    ] {
        let mut talk = Talk::new();
        talk.check("what was said about Istio at KubeCon EU 2018?", &[EU_2018], ANY);
        talk.check("and in 2019?", &[EU_2019], ANY);
        talk.check(message, events, ANY);
    }
}

#[test]
fn an_adjective_of_a_country_names_its_editions() {
    for (message, events) in [
        ("only the Danish ones", &[EU_2018][..]),
        ("what was the Spanish one like", &[EU_2019]),
        ("just the us ones", &[NA_2019]),
        ("and US ones?", &[NA_2019]),
        ("can you give us one example of Istio?", &[EU_2018, EU_2019, NA_2019]),
        ("tell us one thing about security", &[EU_2018, EU_2019, NA_2019]),
        ("what is the Spanish conference scene?", &[]),
        ("did the Spanish time zone matter?", &[EU_2018, EU_2019, NA_2019]),
        ("in Spanish one more time please", &[EU_2018, EU_2019, NA_2019]),
    ] {
        let mut talk = Talk::new();
        talk.check(
            "what was said about Istio at KubeCon in 2018 and 2019?",
            &[EU_2018, EU_2019, NA_2019],
            ANY,
        );
        talk.check(message, events, ANY);
    }
}

#[test]
fn at_which_of_two_events_it_was_is_asked_of_what_was_shown() {
    for message in [
        "was that Barcelona or San Diego?",
        "war das in Barcelona oder San Diego?",
        "was it in 2018 or 2019?",
    ] {
        let mut talk = Talk::new();
        talk.check("what was said about Istio at KubeCon in 2019?", &[EU_2019, NA_2019], ANY);
        let answer = talk.answer(message);
        let is_source = matches!(answer.heading, Some(AnswerHeading::Source(_) | AnswerHeading::Sources));
        assert!(is_source, "{message}: {:?}", answer.heading);
    }
    for message in ["link to Barcelona and San Diego", "links for KubeCon 2018 and KubeCon 2019"] {
        let mut talk = Talk::new();
        talk.check("what was said about Istio at KubeCon in 2019?", &[EU_2019, NA_2019], ANY);
        let reply = talk.reply(message);
        let heading = if let Reply::Answer(answer) = &reply { answer.heading.as_ref() } else { None };
        let is_source = matches!(heading, Some(AnswerHeading::Source(_) | AnswerHeading::Sources));
        assert!(!is_source, "{message}: {heading:?}");
    }
}

#[test]
fn an_edition_without_recaps_leaves_its_conference() {
    let mut talk = Talk::new();
    talk.check("what happened at KubeCon 2017?", &[], "");
    talk.check("ok then 2018", &[EU_2018], ANY);
}

#[test]
fn there_is_no_other_event_than_the_only_one() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at FOSDEM 2020?", &["fosdem-2020"], "waffles");
    assert_eq!(talk.reply("was there another FOSDEM in 2020?"), Reply::Notice(Notice::NoMore));
    for message in [
        "what else happened at KubeCon EU 2019?",
        "any other highlights from KubeCon EU 2019?",
        "any other KubeCon EU 2019 talks?",
        "what did other people say about KubeCon EU 2019?",
        "any other news from Barcelona?",
        "was gab es sonst noch auf der KubeCon EU 2019?",
    ] {
        let mut talk = Talk::new();
        talk.check("what was said about Linkerd at KubeCon EU 2019?", &[EU_2019], ANY);
        assert_ne!(talk.reply(message), Reply::Notice(Notice::NoMore), "{message}");
    }
}

#[test]
fn an_accepted_offer_is_a_question_of_its_own() {
    let mut talk = Talk::new();
    talk.check("what was said about Linkerd at KubeCon EU 2018?", &[EU_2018], "Linkerd");
    talk.check("and at FOSDEM?", &["fosdem-2020"], "");
    talk.turn.as_mut().expect("a turn").offers = vec!["what was said about Linkerd?".to_owned()];
    talk.check("yes", &[], "Linkerd");
    talk.check("in 2018?", &[], ANY);
}

#[test]
fn what_they_learned_and_only_talks_keep_the_topic() {
    let only_talks = ["only talks", "nur Vorträge", "solo charlas", "seulement les exposés", "só palestras"];
    for message in ["what did they learn?", "which tools were named?"].into_iter().chain(only_talks) {
        let mut talk = Talk::new();
        talk.check("what was said about Istio at KubeCon EU 2019?", &[EU_2019], "three banks");
        talk.check(message, &[EU_2019], ANY);
        let topic = talk.turn.as_ref().map(|turn| turn.topic.clone()).unwrap_or_default();
        assert!(topic.contains("Istio"), "{message}: {topic:?}");
    }
}

#[test]
fn an_author_who_wrote_nothing_on_the_topic_is_quoted_on_the_event() {
    let mut talk = talk_about(&[
        (EU_2018, "Ada Lovelace", "I flew home early because the hall was too crowded for me."),
        (EU_2019, "Ada Lovelace", "I found that Istio is worth it, because it saved us a month of work."),
        (EU_2019, "Mary Keller", "Some flew home early from Barcelona because of the strike of the pilots."),
    ]);
    talk.check("why did Ada Lovelace fly home early from KubeCon EU 2018?", &[EU_2018], "too crowded");
    talk.check("and in Barcelona?", &[EU_2019], "worth it");
}

#[test]
fn an_edition_that_no_post_is_about_is_named_as_the_one_before_it() {
    for (messages, events, missing) in [
        (
            &["what was said about Istio at KubeCon EU 2019?", "and in 2023?"][..],
            &["kubecon-eu-2023"][..],
            "KubeCon EU 2023",
        ),
        (&["was wurde auf der KubeCon EU 2019 über Istio gesagt?", "und 2014?"], &[], "KubeCon EU 2014"),
        (&["how was FOSDEM 2020?", "and the year after?"], &["fosdem-2021"], "FOSDEM 2021"),
        (
            &["what was said about Istio at KubeCon EU 2019?", "and at FOSDEM that year?"],
            &["fosdem-2019"],
            "FOSDEM 2019",
        ),
    ] {
        let (last, before) = messages.split_last().expect("a message");
        let mut talk = Talk::after(before);
        let answer = talk.answer(last);
        let Answer::NothingFound { scope, missing: found, .. } = &answer.verified.answer else {
            panic!("{last}: {:?}", answer.verified.answer)
        };
        let ids: Vec<&str> = scope.events.iter().map(|id| id.0.as_str()).collect();
        let names: Vec<&str> = found.iter().map(Missing::words).collect();
        assert_eq!((ids.as_slice(), names.as_slice()), (events, &[missing][..]), "{last}");
    }
}

#[test]
fn a_place_in_which_no_known_event_was_is_not_answered_from_another() {
    for (first, second) in [
        ("what was said about Istio at KubeCon EU 2019?", "and in Monterrey?"),
        ("¿qué se dijo de Istio en KubeCon EU 2019?", "¿y en Monterrey?"),
        ("qu'a-t-on dit d'Istio à KubeCon EU 2019 ?", "et à Guingamp ?"),
        ("o que disseram sobre Istio na KubeCon EU 2019?", "e no Recife?"),
    ] {
        let mut talk = Talk::new();
        talk.check(first, &[EU_2019], ANY);
        talk.check(second, &[], "");
        talk.check("and in San Diego?", &["kubecon-na-2019"], ANY);
    }
    // A topic after "in" is none.
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2019?", &[EU_2019], ANY);
    talk.check("and in Kubernetes?", &[EU_2019], ANY);
}

#[test]
fn a_year_without_an_edition_is_no_edition_of_another_year() {
    for (message, event) in [("and in 2031?", "KubeCon EU 2031"), ("and in 1975?", "KubeCon EU 1975")] {
        let mut talk = Talk::new();
        talk.check("what was said about Istio at KubeCon EU 2019?", &[EU_2019], "three banks");
        talk.check(message, &[], "");
        let answer = talk.answer(message);
        let Answer::NothingFound { missing, .. } = &answer.verified.answer else {
            panic!("{message}: answered")
        };
        assert_eq!(missing, &[Missing::Event(event.to_owned())], "{message}");
    }
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2018?", &[EU_2018], "talk of Copenhagen");
    talk.check("and next year?", &[EU_2019], "three banks");
}

#[test]
fn a_name_of_several_people_is_the_one_who_was_there_or_a_choice() {
    let recaps = [
        (EU_2018, "Ada Lovelace", "Istio was the talk of Copenhagen, and nobody ran Istio in production."),
        (EU_2019, "Ada Byron", "Linkerd had grown up by Barcelona, where three banks ran it in production."),
        ("fosdem-2020", "Mary Keller", "FOSDEM had waffles and a room on containers that was full all day."),
    ];
    let mut talk = talk_about(&recaps);
    talk.check("how was KubeCon EU 2018?", &[EU_2018], ANY);
    talk.check("and Ada?", &[EU_2018], "talk of Copenhagen");
    let mut talk = talk_about(&recaps);
    talk.check("how was FOSDEM 2020?", &["fosdem-2020"], ANY);
    let answer = talk.answer("and Ada?");
    let offers = &answer.turn.offers;
    assert!(offers.len() == 2 && offers.iter().any(|it| it.contains("Ada Byron")), "{offers:?}");
}

#[test]
fn a_thing_that_the_event_talked_about_says_nothing_of_is_looked_for_elsewhere() {
    let mut talk = Talk::after(&["How was FOSDEM 2020?"]);
    talk.check("what about Linkerd?", &[], "Linkerd");
    let mut talk = Talk::after(&["How was FOSDEM 2020?"]);
    talk.check("what about Istio?", &["fosdem-2020"], "a room on Istio");
}

#[test]
fn years_stay_beside_the_name_of_a_conference() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio?", &[], "Istio");
    talk.answer("in 2019");
    let answer = talk.answer("at KubeCon EU");
    let scope = answer.verified.answer.scope();
    let first = answer.verified.answer.excerpts().first().expect("an excerpt");
    assert!(first.quote.text.contains("Barcelona"), "{scope:?}");
}

#[test]
fn a_topic_is_compared_with_the_event_before() {
    let mut talk = Talk::new();
    talk.check("what was said about Istio at KubeCon EU 2019?", &["kubecon-eu-2019"], "three banks");
    let both = ["kubecon-eu-2019", "kubecon-eu-2018"];
    let answer = talk.answer("compare with the one before");
    let events: Vec<String> = answer.verified.answer.scope().events.iter().map(|it| it.0.clone()).collect();
    assert!(both.iter().all(|event| events.contains(&(*event).to_owned())), "{events:?}");
}

#[test]
fn what_is_left_out_is_no_topic() {
    for message in ["except KubeCon EU 2019", "not from KubeCon EU 2019"] {
        let mut talk = Talk::new();
        talk.check("what was said about Istio?", &[], "Istio");
        talk.answer("in 2019");
        let answer = talk.answer(message);
        let first = answer.verified.answer.excerpts().first().expect("an excerpt");
        assert!(first.quote.text.contains("San Diego"), "{message}: {answer:?}");
        assert_eq!(answer.turn.topic, "Istio", "{message}");
    }
    let mut talk = Talk::new();
    talk.check("what was said about Istio?", &[], "Istio");
    let answer = talk.answer("not about the Linkerd");
    assert!(answer.question.text().contains("-\"Linkerd\""), "{answer:?}");
}
