use super::*;
use crate::samples::{engine_over, now};
use crate::verify::verify_answer;
use crate::{NamedOverview, ScopeOptions};
use takeaways_text::model::{Answer, Mention, Missing};

/// Three recaps of two events. Two name Istio; Ada wrote two of them.
fn engine() -> Engine {
    let post = |author: &str, event: &str, date: &str, text: &str| {
        format!(
            "---\ntitle: Recap of {event}\nauthor: {author}\ndate: {date}\nevent: {event}\n---\n\n{text}\n"
        )
    };
    let months =
        "We should not start with Istio in production, because most teams need months to learn it well.";
    let simple = "Most people at the conference said that Istio has become simpler, and I believe them now.";
    let cheap = "Everyone should look at Linkerd first, because it costs less to run and is easier to debug.";
    let files = [
        ("a.md", post("Ada Example", "KubeCon EU 2018", "2018-06-01", months)),
        ("b.md", post("Bob Sample", "KubeCon NA 2019", "2019-12-01", simple)),
        ("c.md", post("Ada Example", "KubeCon NA 2019", "2020-01-07", cheap)),
    ];
    engine_over(&files)
}

fn answer_of(engine: &Engine, named: NamedOverview) -> Answer {
    let request = named.request(ScopeOptions::default(), 3, now()).expect("a request");
    let answer = engine.answer(&request).expect("an answer");
    verify_answer(&answer, engine.index()).expect("each line stands in its post");
    answer
}

fn card_of(engine: &Engine, named: NamedOverview) -> Overview {
    match answer_of(engine, named) {
        Answer::Overview(overview) => overview,
        other => panic!("no card: {other:?}"),
    }
}

fn month(mention: &Mention) -> (i16, Option<i8>) {
    (mention.year, mention.month)
}

#[test]
fn a_project_has_the_posts_that_name_it() {
    let engine = engine();
    for name in ["Istio", "istio", " ISTIO "] {
        let overview = card_of(&engine, NamedOverview::Thing { name: name.into() });
        let card = overview.card.expect("a card");
        assert_eq!((card.kind, card.name.as_str()), (CardKind::Project, "Istio"));
        assert_eq!((overview.posts.of, overview.authors.named), (2, 2));
        let events: Vec<(&str, u32)> =
            card.events.iter().map(|(event, posts)| (event.id.0.as_str(), *posts)).collect();
        assert_eq!(events, [("kubecon-na-2019", 1), ("kubecon-eu-2018", 1)]);
        let mentions = overview.mentions.expect("mentions");
        assert_eq!((month(&mentions.first), month(&mentions.last)), ((2018, Some(5)), (2019, Some(11))));
        assert!(overview.excerpts.iter().all(|line| line.quote.text.contains("Istio")));
        assert_eq!(overview.excerpts.len(), 2);
    }
}

#[test]
fn a_name_means_what_has_it_before_what_is_about_it() {
    let post = |author: &str, text: &str| {
        format!(
            "---\ntitle: On monitoring\nauthor: {author}\ndate: 2019-06-01\nevent: KubeCon EU 2019\n---\n\n{text}\n"
        )
    };
    let prometheus = "Most teams keep Prometheus in production, because Prometheus is easy to run at home.";
    let alerts = "Nobody should watch a dashboard all day, because good alerts tell more than numbers.";
    let files = [("a.md", post("Ada Example", prometheus)), ("b.md", post("Bob Sample", alerts))];
    let engine = engine_over(&files);
    // More posts are on the topic that has the name of the project among its words.
    for (name, expected) in [
        ("Prometheus", (CardKind::Project, "Prometheus")),
        ("the Prometheus project", (CardKind::Project, "Prometheus")),
        ("monitoring and metrics", (CardKind::Topic, "Monitoring and metrics")),
        ("alerting", (CardKind::Topic, "Monitoring and metrics")),
        ("Ada Example", (CardKind::Person, "Ada Example")),
    ] {
        let card = card_of(&engine, NamedOverview::Thing { name: name.into() }).card.expect(name);
        assert_eq!((card.kind, card.name.as_str()), expected, "{name}");
    }
    // What has no card has lines.
    let overview = card_of(&engine, NamedOverview::Thing { name: "production".into() });
    assert!(overview.card.is_none() && overview.excerpts[0].quote.text.contains("production"));
}

#[test]
fn a_person_has_their_own_posts() {
    let overview = card_of(&engine(), NamedOverview::Person { name: "Ada".into() });
    let card = overview.card.expect("a card");
    assert_eq!((card.kind, card.name.as_str()), (CardKind::Person, "Ada Example"));
    assert_eq!((overview.posts.of, overview.authors.named, overview.excerpts.len()), (2, 1, 2));
}

#[test]
fn who_only_speaks_in_posts_has_those_that_name_them_too() {
    let post = |text: &str| format!("---\ntitle: Notes\nevent: KubeCon EU 2019\n---\n\n{text}\n");
    let told =
        "I think that the keynote of Grace Hopper was the best, because Grace Hopper explained a nanosecond.";
    let other = "Most teams keep Prometheus in production, because Prometheus is easy to run at home.";
    let files = [
        (
            "a.md",
            post(
                "> I believe that most teams should measure first, because guesses cost more.\n>\n> — Grace Hopper",
            ),
        ),
        ("b.md", post(told)),
        ("c.md", post(other)),
    ];
    let engine = engine_over(&files);
    let card = card_of(&engine, NamedOverview::Person { name: "Grace Hopper".into() });
    assert_eq!((card.posts.posts, card.posts.of), (2, 3), "{card:?}");
    assert!(card.excerpts.iter().any(|line| line.quote.text.contains("nanosecond")), "{card:?}");
}

#[test]
fn a_person_whose_words_no_post_holds_is_told_of() {
    let post = |author: &str, text: &str| {
        format!(
            "---\ntitle: Notes\nauthor: {author}\ndate: 2019-06-01\nevent: KubeCon EU 2019\n---\n\n{text}\n"
        )
    };
    let told =
        "I believe that Grace Hopper gave the best keynote, because Grace Hopper explained a nanosecond.";
    let other = "Most teams keep Prometheus in production, because Prometheus is easy to run at home.";
    let files = [("a.md", post("Ada Example", told)), ("b.md", post("Bob Sample", other))];
    let engine = engine_over(&files);
    let card = card_of(&engine, NamedOverview::Person { name: "Grace Hopper".into() });
    let quotes: Vec<&str> = card.excerpts.iter().map(|it| it.quote.text.as_str()).collect();
    assert!(quotes.len() == 1 && quotes[0].contains("Grace Hopper"), "{quotes:?}");
    assert_eq!((card.posts.posts, card.posts.of), (1, 2), "{card:?}");
    // A project is nobody, and so is a word.
    for name in ["Prometheus", "production"] {
        let named = NamedOverview::Person { name: name.into() };
        assert!(matches!(answer_of(&engine, named), Answer::NothingFound { .. }), "{name}");
    }
}

#[test]
fn a_name_that_nobody_has_is_refused_with_similar_ones() {
    let named = NamedOverview::Person { name: "Ada Exampel".into() };
    let Answer::NothingFound { missing, suggestions, .. } = answer_of(&engine(), named) else {
        panic!("a refusal")
    };
    assert_eq!(missing, [Missing::Author("Ada Exampel".into())]);
    assert_eq!(suggestions[0].question, "Ada Example");
    // Nobody is offered who was asked for.
    let scope = ScopeOptions { years: Some(Years::single(2018)), ..ScopeOptions::default() };
    let named = NamedOverview::Person { name: "Bob Sample".into() };
    let request = named.request(scope, 3, now()).expect("a request");
    let Answer::NothingFound { missing, suggestions, .. } = engine().answer(&request).expect("an answer")
    else {
        panic!("a refusal")
    };
    assert_eq!(missing, [Missing::Author("Bob Sample".into())]);
    assert!(suggestions.iter().all(|it| it.question != "Bob Sample"), "{suggestions:?}");
    for named in [
        NamedOverview::Thing { name: "Sourdough".into() },
        NamedOverview::Trend { topic: "Sourdough".into() },
    ] {
        assert!(matches!(answer_of(&engine(), named), Answer::NothingFound { .. }));
    }
}

#[test]
fn a_scope_narrows_a_card() {
    let scope = ScopeOptions { events: vec!["kubecon-na-2019".into()], ..ScopeOptions::default() };
    let request = NamedOverview::Thing { name: "Istio".into() }.request(scope, 3, now()).expect("a request");
    let Answer::Overview(overview) = engine().answer(&request).expect("an answer") else { panic!("a card") };
    assert_eq!((overview.posts.of, overview.excerpts.len()), (1, 1));
}

#[test]
fn who_asks_who_somebody_is_gets_the_card() {
    let recap = |author: &str, text: &str| {
        format!("---\ntitle: Recap\nauthor: {author}\nevent: KubeCon EU 2018\n---\n\n{text}\n")
    };
    let met =
        "The best part of the week was that I met Mira Oakley, because she knows everyone in the community.";
    let told = "Most of us liked the keynote by Mira Oakley, who founded Acme, because it was about people and clusters.";
    let engine = engine_over(&[
        ("a.md".to_owned(), recap("Ada Example", met)),
        ("b.md".to_owned(), recap("Bob Sample", told)),
    ]);
    let card = |question: &str| match engine.answer(&crate::samples::request(question)).expect(question) {
        Answer::Overview(overview) => overview.card.map(|card| (card.name, overview.excerpts)),
        _ => None,
    };
    for question in ["who is Mira Oakley?", "wer ist Mira Oakley?", "who is Ada Example"] {
        let (name, lines) = card(question).expect(question);
        assert!(question.contains(&name), "{question}: {name}");
        assert!(!lines.is_empty(), "{question}");
    }
    let (_, lines) = card("who is Mira Oakley?").expect("a card");
    assert_eq!(lines.first().map(|line| line.quote.text.as_str()), Some(told));
    for question in [
        "who met Mira Oakley?",
        "who is Mira Oakley's boss?",
        "who is the founder of Acme?",
        "who is Acme Labs?",
    ] {
        assert_eq!(card(question), None, "{question}");
    }
}
