use crate::overview::tests::{assert_sound, engine_of_recaps, overview_of};
use crate::samples::engine_over;
use crate::{engine::Request, named_overview::NamedOverview, resolve::ScopeOptions, samples::request};
use takeaways_text::model::{Answer, GroupTitle, Overview};

/// The sides of a comparison, each with the number of its posts.
fn sides(overview: &Overview) -> Vec<(&str, u32)> {
    let groups = overview.groups.iter();
    let sides = groups.filter_map(|group| match &group.title {
        GroupTitle::Side(name) => Some((name.as_str(), group.posts.posts)),
        _ => None,
    });
    sides.collect()
}

#[test]
fn each_of_several_editions_is_a_side() {
    let file = |year: i16| {
        let text =
            format!("Most teams should scan their images in {year}, because security costs less early.");
        (format!("{year}.md"), format!("---\nevent: KubeCon EU {year}\n---\n\n{text}\n"))
    };
    let engine = engine_over(&[2018, 2019, 2022].map(file));
    let [first, second, third] = [(2018, "Copenhagen"), (2019, "Barcelona"), (2022, "Valencia")]
        .map(|(year, city)| format!("KubeCon EU {year}, {city}"));
    let overview = overview_of(&engine, "KubeCon EU 2018 vs 2019 vs 2022").expect("a comparison");
    assert_sound(&overview);
    assert_eq!(sides(&overview), [(first.as_str(), 1), (second.as_str(), 1), (third.as_str(), 1)]);
    let overview = overview_of(&engine, "2022 vs 2018 KubeCon EU").expect("a comparison");
    assert_eq!(sides(&overview), [(third.as_str(), 1), (first.as_str(), 1)]);
    // The conference may stand before both years, and other words after them.
    let both = [(first.as_str(), 1), (second.as_str(), 1)];
    for question in [
        "How did KubeCon EU change: 2018 vs 2019?",
        "KubeCon EU: what is the difference between the 2018 and 2019 edition",
    ] {
        assert_eq!(sides(&overview_of(&engine, question).expect(question)), both, "{question}");
    }
    let question = "how different was KubeCon EU 2018 from 2019 in the eyes of those who went there?";
    assert_eq!(sides(&overview_of(&engine, question).expect(question)), both);
    // The words of both sides together name an edition that there is not.
    let overview = overview_of(&engine, "kubecon eu 2018 copenhagen vs 2019 barcelona what changed");
    let overview = overview.expect("a comparison");
    assert_eq!(sides(&overview), [("KubeCon EU 2018, Copenhagen", 1), ("KubeCon EU 2019, Barcelona", 1)]);
}

#[test]
fn several_things_are_compared() {
    let engine = engine_of_recaps(&[
        ("Ann", "Linkerd was easier to run than most teams believe, because it has few settings."),
        ("Bo", "For our team Istio was disappointing, because it broke each week."),
        ("Cy", "I think that Cilium is faster than all others, because it needs no sidecar."),
        ("Di", "Behind the walled gardens of the castle most people met for the evening."),
        ("Ed", "Garden was better for our tests, because it starts all services at once."),
    ]);
    for (question, expected) in [
        ("linkerd vs istio vs cilium for small teams?", &[("Linkerd", 1), ("Istio", 1), ("Cilium", 1)][..]),
        // What no table has is written as a name.
        ("Linkerd or Istio or garden? what's the difference", &[("Linkerd", 1), ("Istio", 1), ("garden", 1)]),
    ] {
        let overview = overview_of(&engine, question).expect(question);
        assert_sound(&overview);
        assert_eq!(sides(&overview), expected, "{question}");
        assert!(overview.too_few, "{question}");
    }
}

#[test]
fn which_event_was_better_is_told_by_views_of_the_events() {
    let recap =
        |event: &str, text: &str| (format!("{event}.md"), format!("---\nevent: {event}\n---\n\n{text}\n"));
    let mesh = "Most teams need months to learn Istio well, because it is complex.\n\n";
    let [eu, na] = [
        "I really loved the keynotes of this year, all of them.",
        "The rooms were far too small, and the queue for the badge took an hour.",
    ];
    let engine = engine_over(&[
        recap("KubeCon EU 2018", &(mesh.to_owned() + eu)),
        recap("KubeCon NA 2018", &(mesh.replace("Istio", "Linkerd") + na)),
    ]);
    let question = "which was better, KubeCon EU 2018 or KubeCon NA 2018?";
    let overview = overview_of(&engine, question).expect("an overview");
    assert_eq!(sides(&overview), [("KubeCon EU 2018, Copenhagen", 1), ("KubeCon NA 2018, Seattle", 1)]);
    let first: Vec<&str> = overview
        .groups
        .iter()
        .map(|group| overview.excerpts[group.lines.start].quote.text.as_str())
        .collect();
    assert_eq!(first, [eu, na]);
}

#[test]
fn the_scope_at_the_end_is_that_of_both_things() {
    let file = |(name, event, thing): (&str, &str, &str)| {
        let text =
            format!("For our team {thing} was easier to run than most believe, because it has few settings.");
        (format!("{name}.md"), format!("---\nauthor: {name}\nevent: {event}\n---\n\n{text}\n"))
    };
    let engine = engine_over(
        &[
            ("Ann", "KubeCon EU 2018", "Istio"),
            ("Bo", "KubeCon EU 2018", "Linkerd"),
            ("Cy", "KubeCon EU 2019", "Istio"),
            ("Di", "KubeCon NA 2019", "Istio"),
        ]
        .map(file),
    );
    for (question, expected) in [
        ("Istio vs Linkerd", &[("Istio", 3), ("Linkerd", 1)][..]),
        ("Istio vs Linkerd in 2018", &[("Istio", 1), ("Linkerd", 1)]),
        ("Istio vs Linkerd 2018-2019", &[("Istio", 3), ("Linkerd", 1)]),
        ("Istio vs Linkerd at KubeCon EU 2018", &[("Istio", 1), ("Linkerd", 1)]),
        ("At KubeCon EU 2018, Istio vs Linkerd", &[("Istio", 1), ("Linkerd", 1)]),
        // Nobody names Linkerd there.
        ("Istio vs Linkerd at KubeCon NA 2019", &[("Istio", 1)]),
    ] {
        let overview = overview_of(&engine, question).expect(question);
        assert_eq!(sides(&overview), expected, "{question}");
    }
}

#[test]
fn an_account_is_compared_with_a_person_and_with_an_event() {
    let file = |name: &str, author: &str, event: &str, text: &str| {
        (format!("{name}.md"), format!("---\nauthor: {author}\nevent: {event}\n---\n\n{text}\n"))
    };
    let costs = "Most teams should scan their images early, because security costs less then.";
    let months = "Most teams should start without a mesh, because it takes months to learn it well.";
    let engine = engine_over(&[
        file("2018-kubecon-meshnotes", "meshnotes", "KubeCon EU 2018", costs),
        file("2019-kubecon-ito", "Ada Ito", "KubeCon EU 2019", months),
    ]);
    for (question, expected) in [
        ("compare meshnotes with Ada Ito", [("meshnotes", 1), ("Ada Ito", 1)]),
        ("compare meshnotes with KubeCon EU 2019", [("meshnotes", 1), ("KubeCon EU 2019, Barcelona", 1)]),
    ] {
        let overview = overview_of(&engine, question).expect(question);
        assert_eq!(sides(&overview), expected, "{question}");
    }
}

#[test]
fn the_topic_of_one_event_is_that_of_both() {
    let file = |year: i16| {
        let mesh =
            format!("Most teams should start without Istio in {year}, because it takes months to learn it.");
        let costs = format!("Most teams should scan their images in {year}, because it costs less early.");
        (format!("{year}.md"), format!("---\nevent: KubeCon EU {year}\n---\n\n{costs}\n\n{mesh}\n"))
    };
    let engine = engine_over(&[2018, 2019].map(file));
    for question in ["KubeCon EU 2018 vs 2019: Istio", "Istio: KubeCon EU 2018 vs 2019"] {
        let overview = overview_of(&engine, question).expect(question);
        let lines: Vec<&str> = overview.excerpts.iter().map(|line| line.quote.text.as_str()).collect();
        assert!(lines.len() == 2 && lines.iter().all(|line| line.contains("Istio")), "{question}: {lines:?}");
        assert_eq!(sides(&overview), [("KubeCon EU 2018, Copenhagen", 1), ("KubeCon EU 2019, Barcelona", 1)]);
    }
}

#[test]
fn words_of_comparison_beside_two_events_compare_them() {
    let file = |year: i16, event: &str, name: &str| {
        let text =
            format!("Most teams should scan their images in {year}, because security costs less early.");
        (format!("{name}.md"), format!("---\nevent: {event} {year}\n---\n\n{text}\n"))
    };
    let engine = engine_over(&[
        file(2018, "KubeCon EU", "a"),
        file(2019, "KubeCon EU", "b"),
        // The summit before the second one has fewer posts.
        file(2019, "KubeCon EU", "c"),
        file(2019, "Kubernetes Contributor Summit EU", "d"),
        file(2022, "KubeCon EU", "e"),
    ]);
    let [first, second] = ["KubeCon EU 2018, Copenhagen", "KubeCon EU 2019, Barcelona"];
    for question in [
        "copenhagen or barcelona 19, which kubecon was nicer",
        "did people enjoy Copenhagen more than Barcelona?",
        "kubecon eu 2018 2019 differences",
        "En quoi KubeCon EU 2018 diffère de l'édition 2019 ?",
        "Wie unterscheidet sich die KubeCon EU 2018 von der Ausgabe 2019?",
    ] {
        let overview = overview_of(&engine, question).expect(question);
        assert_eq!(sides(&overview), [(first, 1), (second, 2)], "{question}");
    }
    // This asks for a number.
    let overview =
        overview_of(&engine, "how many people more came to KubeCon EU 2019 than to KubeCon EU 2018?");
    assert!(overview.is_none_or(|it| sides(&it).is_empty()));
}

#[test]
fn sides_may_stand_in_quotes_of_any_form() {
    let text = "We ran Linkerd for a year, and Linkerd is easy to debug.\n\nIstio took months to learn, because it has so many settings.";
    let engine = engine_over(&[("a.md".to_owned(), format!("---\nevent: KubeCon EU 2018\n---\n\n{text}\n"))]);
    for question in ["\"Linkerd\" vs \"Istio\"", "“Linkerd” vs “Istio”", "„Linkerd“ vs «Istio»"]
    {
        let overview = overview_of(&engine, question).expect(question);
        let names: Vec<&str> = sides(&overview).into_iter().map(|(name, _)| name).collect();
        assert!(names.contains(&"Istio"), "{question}: {names:?}");
    }
    let compare = NamedOverview::Comparison { sides: ["“Linkerd”".to_owned(), "«Istio»".to_owned()] };
    let request = compare.request(ScopeOptions::default(), 3, request("a").now).expect("a request");
    let answer = engine.answer(&request).expect("an answer");
    assert!(answer.is_answered(), "{answer:?}");
}

#[test]
fn scope_options_for_both_events_leave_each_side_its_own() {
    let file = |year: i16| {
        let text =
            format!("Most teams should scan their images in {year}, because security costs less early.");
        (format!("{year}.md"), format!("---\nevent: KubeCon EU {year}\n---\n\n{text}\n"))
    };
    let engine = engine_over(&[2018, 2019, 2022].map(file));
    for question in ["KubeCon EU 2018 vs KubeCon EU 2022", "KubeCon EU 2018 vs 2022", "2018 vs 2022"] {
        let events = vec!["kubecon-eu-2018".to_owned(), "kubecon-eu-2022".to_owned()];
        let scope_options = ScopeOptions { events, ..ScopeOptions::default() };
        let request = Request { scope_options, ..request(question) };
        let answer = engine.answer(&request).expect("an answer");
        let Answer::Overview(overview) = answer else { panic!("{question}: {answer:?}") };
        let counts: Vec<u32> = sides(&overview).into_iter().map(|(_, posts)| posts).collect();
        assert_eq!(counts, [1, 1], "{question}: {overview:?}");
    }
}

#[test]
fn things_at_the_event_of_an_option_keep_their_names() {
    let engine = engine_of_recaps(&[
        ("Ann", "Linkerd was easier to run than most teams believe, because it has few settings."),
        ("Bo", "For our team Istio was disappointing, because it broke each week."),
    ]);
    let scope_options =
        ScopeOptions { events: vec!["kubecon-eu-2018".to_owned()], ..ScopeOptions::default() };
    let answer = engine.answer(&Request { scope_options, ..request("Linkerd vs Istio") }).expect("an answer");
    let Answer::Overview(overview) = answer else { panic!("{answer:?}") };
    assert_eq!(sides(&overview), [("Linkerd", 1), ("Istio", 1)]);
}
