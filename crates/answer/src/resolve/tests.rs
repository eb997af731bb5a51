//! Tests of the scopes of questions and options.

use super::*;
use crate::parse::parse;
use crate::samples::event;
use takeaways_search::AuthorFacet;

/// An index with one post about each of some events, and two authors.
fn facets() -> Facets {
    let ids = [
        "kubecon-eu-2019",
        "kubecon-na-2018",
        "kubecon-na-2019",
        "fosdem-2019",
        "fosdem-2020",
        "promcon-2017",
    ];
    Facets {
        events: ids.into_iter().map(|id| (event(id), 2)).collect(),
        years: vec![(2017, 2), (2018, 2), (2019, 6), (2020, 2)],
        authors: vec![
            AuthorFacet::new("Ada Lovelace", 3),
            AuthorFacet::new("Grace Hopper", 1),
            AuthorFacet::new("Ana Muñoz", 1),
            AuthorFacet::new("Mira Oakley", 1),
            AuthorFacet::new("lea.bon.hoa", 1),
        ],
        speakers: vec!["Mira Oakley".into()],
        ..Facets::default()
    }
}

fn resolved(question: &str, options: &ScopeOptions) -> ResolvedQuestion {
    let today = "2020-03-01".parse().expect("a day");
    resolve_scope(
        &parse(&question.parse().expect("a question")),
        options,
        NameRole::Subject,
        &facets(),
        today,
    )
}

#[track_caller]
fn check(
    question: &str,
    options: &ScopeOptions,
    events: &[&str],
    years: Option<(i16, i16)>,
    missing: &[&str],
) {
    let resolved = resolved(question, options);
    let ids: Vec<&str> = resolved.scope.events.iter().map(|id| id.0.as_str()).collect();
    assert_eq!(ids, events, "{question}");
    assert_eq!(resolved.scope.years.map(|years| (years.first, years.last)), years, "{question}");
    let found: Vec<&str> = resolved.missing.iter().map(Missing::words).collect();
    assert_eq!(found, missing, "{question}");
}

#[test]
fn a_word_beside_a_conference_says_that_it_was_online() {
    let events = ["kubecon-eu-2019", "kubecon-eu-2021", "kubecon-na-2019"].map(|id| (event(id), 2));
    let facets = Facets { events: events.into(), years: vec![(2019, 4), (2021, 2)], ..Facets::default() };
    let today = "2022-03-01".parse().expect("a day");
    for (question, expected) in [
        ("how was the virtual KubeCon?", true),
        ("wie war die virtuelle KubeCon?", true),
        ("how was KubeCon EU online", true),
        ("how was KubeCon?", false),
        ("virtual machines at KubeCon", false),
        ("the virtual KubeCon EU 2019", false),
    ] {
        let parsed = parse(&question.parse().expect("a question"));
        let scope = resolve_scope(&parsed, &ScopeOptions::default(), NameRole::Subject, &facets, today).scope;
        let is_online = scope.events == [EventId("kubecon-eu-2021".to_owned())];
        assert_eq!(is_online, expected, "{question}: {:?}", scope.events);
    }
}

#[test]
fn events_and_years_in_the_words_of_a_question() {
    let all = ScopeOptions::default();
    let fosdems = ["fosdem-2019", "fosdem-2020"];
    check("what about meshes?", &all, &[], None, &[]);
    check("what about meshes in Barcelona?", &all, &["kubecon-eu-2019"], None, &[]);
    check("meshes at KubeCon NA 19", &all, &["kubecon-na-2019"], None, &[]);
    check("meshes at kubecon in 2019", &all, &["kubecon-eu-2019", "kubecon-na-2019"], None, &[]);
    // Half of the posts are about a KubeCon, so "kubecon" is just the word for a conference.
    check("meshes at kubecon", &all, &[], None, &[]);
    assert_eq!(resolved("meshes at kubecon", &all).series, ["KubeCon + CloudNativeCon"]);
    assert_eq!(resolved("meshes at FOSDEM", &all).series, [""; 0]);
    check("how was FOSDEM?", &all, &fosdems, None, &[]);
    check("how was the latest FOSDEM?", &all, &["fosdem-2020"], None, &[]);
    check("what happened at FOSDEM in 2019", &all, &["fosdem-2019"], None, &[]);
    check("how was the KubeCon in Nairobi?", &all, &[], None, &["KubeCon in Nairobi"]);
    check("takeaways from ElixirConf", &all, &[], None, &["ElixirConf"]);
    let kubecons = ["kubecon-eu-2019", "kubecon-na-2018", "kubecon-na-2019"];
    for text in [
        "meshes at KubeCon or FOSDEM",
        "meshes at FOSDEM and KubeCon",
        "Meshes bei KubeCon oder FOSDEM",
        "meshes at KubeCon or at the FOSDEM",
        "Meshes auf der KubeCon oder auf der FOSDEM",
        "les meshes à la KubeCon ou au FOSDEM",
        "meshes en la KubeCon o en el FOSDEM",
        "meshes na KubeCon ou no FOSDEM",
    ] {
        check(text, &all, &[&fosdems[..], &kubecons[..]].concat(), None, &[]);
    }
    for text in ["meshes, not FOSDEM", "meshes, but not at the FOSDEM", "meshes, except at FOSDEM"] {
        check(text, &all, &[&kubecons[..], &["promcon-2017"]].concat(), None, &[]);
    }
    for text in ["meshes, not at KubeCon", "meshes außer KubeCon"] {
        check(text, &all, &[&fosdems[..], &["promcon-2017"]].concat(), None, &[]);
    }
    check("meshes in 2019, not at KubeCon", &all, &["fosdem-2019"], None, &[]);
    for text in ["what was said about KubeCon at FOSDEM?", "what should I not do at FOSDEM?"] {
        check(text, &all, &fosdems, None, &[]);
    }
    check("meshes in 2018 and 2019", &all, &[], Some((2018, 2019)), &[]);
    check("meshes in 2017 or 2020", &all, &["fosdem-2020", "promcon-2017"], None, &[]);
    check("what changed since 2018", &all, &[], Some((2018, 2020)), &[]);
    check("meshes last year", &all, &[], Some((2019, 2019)), &[]);
}

#[test]
fn times_choose_events() {
    let all = ScopeOptions::default();
    let fosdems = ["fosdem-2019", "fosdem-2020"];
    let kubecons = ["kubecon-eu-2019", "kubecon-na-2018", "kubecon-na-2019"];
    check("last year's KubeCon", &all, &["kubecon-eu-2019", "kubecon-na-2019"], None, &[]);
    check("KubeCons since 2019", &all, &["kubecon-eu-2019", "kubecon-na-2019"], None, &[]);
    check("KubeCon, Nov 2019: keynote", &all, &["kubecon-na-2019"], None, &[]);
    check("KubeCon from 2018 to 2019", &all, &kubecons, None, &[]);
    check("KubeCon NA 2018 and the 2019 edition", &all, &["kubecon-na-2018", "kubecon-na-2019"], None, &[]);
    let of_north_america = ["kubecon-na-2018", "kubecon-na-2019"];
    check("was war bei der KubeCon NA 2019 anders als 2018?", &all, &of_north_america, None, &[]);
    check("what KubeCon NA 2018 said about 2019", &all, &["kubecon-na-2018"], None, &[]);
    check("Barcelona or San Diego, which KubeCon?", &all, &["kubecon-eu-2019", "kubecon-na-2019"], None, &[]);
    check("the last two KubeCons", &all, &["kubecon-eu-2019", "kubecon-na-2019"], None, &[]);
    check("the first KubeCon", &all, &["kubecon-na-2018"], None, &[]);
    check("my first KubeCon", &all, &[], None, &[]);
    for tips in
        ["tips for the first KubeCon", "Tipps für die erste KubeCon", "conseils pour la première KubeCon"]
    {
        check(tips, &all, &[], None, &[]);
    }
    check("FOSDEM 2018", &all, &[], None, &["FOSDEM 2018"]);
    check("FOSDEM two years ago", &all, &[], Some((2018, 2018)), &["FOSDEM two years ago"]);
    // A time that is told by an event is that of its conference.
    check("meshes before Barcelona", &all, &["kubecon-na-2018"], None, &[]);
    check("meshes after Seattle", &all, &["kubecon-eu-2019", "kubecon-na-2019"], None, &[]);
    check("between Seattle and Barcelona", &all, &["kubecon-eu-2019", "kubecon-na-2018"], None, &[]);
    check("FOSDEMs since Barcelona", &all, &["fosdem-2020"], None, &[]);
    check("after San Diego", &all, &[], None, &["after San Diego"]);
    check("since the latest FOSDEM", &all, &["fosdem-2020"], None, &[]);
    // Months and seasons are the events in them.
    check("in May 2019", &all, &["kubecon-eu-2019"], None, &[]);
    check("winter 2018", &all, &["fosdem-2019", "kubecon-na-2018"], None, &[]);
    check("in July 2019", &all, &[], None, &["July 2019"]);
    check("FOSDEM or PromCon", &all, &["fosdem-2019", "fosdem-2020", "promcon-2017"], None, &[]);
    check("how was FOSDEM before the pandemic?", &all, &["fosdem-2019"], None, &[]);
    check("before the pandemic", &all, &[], Some((1990, 2019)), &[]);
    assert_eq!(resolved("FOSDEM", &all).scope.events.len(), fosdems.len());
}

#[test]
fn places_choose_events() {
    let all = ScopeOptions::default();
    check("meshes in Germany", &all, &["promcon-2017"], None, &[]);
    check("en Allemagne", &all, &["promcon-2017"], None, &[]);
    check("Germany: meshes", &all, &["promcon-2017"], None, &[]);
    check("does Germany like meshes", &all, &[], None, &[]);
    let american = ["kubecon-na-2018", "kubecon-na-2019"];
    check("meshes in the US", &all, &american, None, &[]);
    check("in North America since 2019", &all, &["kubecon-na-2019"], None, &[]);
    check("meshes in Munich or Barcelona", &all, &["kubecon-eu-2019", "promcon-2017"], None, &[]);
    check("meshes in Barcelona, Spain", &all, &["kubecon-eu-2019"], None, &[]);
    check("a conference in Lisbon", &all, &[], None, &["Lisbon"]);
    check("KubeCons in Europe", &all, &["kubecon-eu-2019"], None, &[]);
}

#[test]
fn options_and_prefixes_override_the_words() {
    let event = |event: &str| ScopeOptions { events: vec![event.into()], ..ScopeOptions::default() };
    check("meshes no KubeCon Barcelona", &ScopeOptions::default(), &["kubecon-eu-2019"], None, &[]);
    check("meshes in Barcelona", &event("kubecon-na-2018"), &["kubecon-na-2018"], None, &[]);
    check("meshes", &event("KubeCon EU 2019, Barcelona"), &["kubecon-eu-2019"], None, &[]);
    check("meshes", &event("San Diego"), &["kubecon-na-2019"], None, &[]);
    check("meshes", &event("KubeCon Nairobi"), &[], None, &["KubeCon Nairobi"]);
    check("meshes event:promcon", &ScopeOptions::default(), &["promcon-2017"], None, &[]);
    let both = ScopeOptions { events: vec!["PromCon".into(), "San Diego".into()], ..ScopeOptions::default() };
    check("meshes", &both, &["kubecon-na-2019", "promcon-2017"], None, &[]);
    let one_unknown =
        ScopeOptions { events: vec!["PromCon".into(), "ZebraCon".into()], ..ScopeOptions::default() };
    check("meshes", &one_unknown, &["promcon-2017"], None, &["ZebraCon"]);
    assert_eq!(resolved("meshes", &one_unknown).explicit_scope, ExplicitScope::Posts);
    assert_eq!(resolved("meshes", &event("ZebraCon")).explicit_scope, ExplicitScope::Empty);
    assert_eq!(
        resolved("meshes event:promcon author:nobody", &ScopeOptions::default()).explicit_scope,
        ExplicitScope::Empty
    );
    assert_eq!(resolved("meshes", &ScopeOptions::default()).explicit_scope, ExplicitScope::Unset);
    let years = ScopeOptions { years: Some(Years::between(2017, 2018)), ..ScopeOptions::default() };
    check("meshes in 2019", &years, &[], Some((2017, 2018)), &[]);
    check("meshes year:2031", &ScopeOptions::default(), &[], None, &["2031"]);
}

#[test]
fn options_are_understood_as_questions_are() {
    let event = |event: &str| ScopeOptions { events: vec![event.into()], ..ScopeOptions::default() };
    check("meshes", &event("last two KubeCons"), &["kubecon-eu-2019", "kubecon-na-2019"], None, &[]);
    check("meshes", &event("KubeCon"), &["kubecon-eu-2019", "kubecon-na-2018", "kubecon-na-2019"], None, &[]);
    check("meshes", &event("in Germany"), &["promcon-2017"], None, &[]);
    check("meshes", &event("2020"), &["fosdem-2020"], None, &[]);
    check("meshes event:\"before Barcelona\"", &ScopeOptions::default(), &["kubecon-na-2018"], None, &[]);
    check("meshes year:\"since 2019\"", &ScopeOptions::default(), &[], Some((2019, 2020)), &[]);
    check("meshes year:\"last three years\"", &ScopeOptions::default(), &[], Some((2018, 2020)), &[]);
}

#[test]
fn authors_and_years_that_are_not_wanted_are_left_out() {
    for (question, excluded) in [
        ("meshes, but not by Ada Lovelace", vec!["Ada Lovelace"]),
        ("posts on meshes except by Grace Hopper", vec!["Grace Hopper"]),
        ("Meshes, aber nicht von Ada Lovelace", vec!["Ada Lovelace"]),
        ("meshes, not by Ada Lovelace or Grace Hopper", vec!["Ada Lovelace", "Grace Hopper"]),
        ("meshes without the posts of Ada Lovelace", vec!["Ada Lovelace"]),
        ("what does everyone but Grace Hopper say about meshes?", vec!["Grace Hopper"]),
        ("meshes ohne die Beiträge von Ada Lovelace", vec!["Ada Lovelace"]),
        ("meshes sauf les articles de Grace Hopper", vec!["Grace Hopper"]),
        ("qué dicen todos menos Grace Hopper de meshes?", vec!["Grace Hopper"]),
    ] {
        let scope = resolved(question, &ScopeOptions::default()).scope;
        assert!(scope.authors.is_empty() && scope.excluded_authors == excluded, "{question}: {scope:?}");
    }
    let of_others = &["fosdem-2020", "kubecon-na-2018", "promcon-2017"];
    for question in [
        "meshes, but not in 2019",
        "meshes sin contar 2019",
        "meshes, mas não em 2019",
        "meshes, escluso il 2019",
    ] {
        check(question, &ScopeOptions::default(), of_others, None, &[]);
    }
    // What did not work in a year is asked of that year.
    for question in [
        "what did not work in 2019?",
        "what was not mentioned in 2019?",
        "who did not go in 2019?",
        "nicht nur die Beiträge von 2019: meshes",
    ] {
        check(question, &ScopeOptions::default(), &[], Some((2019, 2019)), &[]);
    }
    check(
        "meshes, not in 2018 or 2019",
        &ScopeOptions::default(),
        &["fosdem-2020", "promcon-2017"],
        None,
        &[],
    );
    check("nicht nur 2019: meshes", &ScopeOptions::default(), &[], Some((2019, 2019)), &[]);
}

#[test]
fn people_are_found_by_any_common_form() {
    let facets = Facets {
        authors: [
            "@graceqhopper",
            "Alex Kite",
            "Alex Lee",
            "Ana Muñoz",
            "Jo Short",
            "alex",
            "mroe",
            "v_kern",
        ]
        .map(|name| AuthorFacet::new(name, 1))
        .to_vec(),
        ..Facets::default()
    };
    let resolve = |question: &str| {
        let today = "2020-03-01".parse().expect("a day");
        let parsed = parse(&question.parse().expect("a question"));
        resolve_scope(&parsed, &ScopeOptions::default(), NameRole::Subject, &facets, today)
    };
    for (question, authors) in [
        ("what did Muñoz say", vec!["Ana Muñoz"]),
        ("munoz's view", vec!["Ana Muñoz"]),
        ("Munoz's view", vec!["Ana Muñoz"]),
        ("meshes, according to munoz", vec!["Ana Muñoz"]),
        ("ana munoz on meshes", vec!["Ana Muñoz"]),
        ("Muñoz' Mesh", vec![]),
        ("Muñozs Meinung", vec!["Ana Muñoz"]),
        ("Ana M. on meshes", vec!["Ana Muñoz"]),
        ("Alex K. on meshes", vec!["Alex Kite"]),
        ("in short, what did they say", vec![]),
        ("what did Short say", vec!["Jo Short"]),
        ("@graceqhopper meshes", vec!["@graceqhopper"]),
        ("Grace Hopper on meshes", vec!["@graceqhopper"]),
        ("grace hopper meshes", vec!["@graceqhopper"]),
        ("Max Roe on meshes", vec!["mroe"]),
        ("max roe on meshes", vec![]),
        ("@mroe on meshes", vec!["mroe"]),
        ("Service Mesh gemäß Muñoz", vec!["Ana Muñoz"]),
        ("v_kern and meshes", vec!["v_kern"]),
        ("Alex Kite Surfing", vec!["Alex Kite"]),
        ("is Alex a tool?", vec![]),
    ] {
        assert_eq!(resolve(question).scope.authors, authors, "{question}");
    }
    let ambiguous = resolve("what did Alex say about meshes?");
    assert_eq!(ambiguous.missing, [Missing::Namesakes("Alex".into())]);
    let choices = ["Alex Kite", "Alex Lee", "@alex"].map(|name| format!("what did {name} say about meshes?"));
    assert_eq!(ambiguous.choices, choices);
    let with_year = resolve("what did Alex say about meshes? year:2019").missing;
    assert_eq!(with_year.first(), ambiguous.missing.first());
    for (choice, author) in choices.iter().zip(["Alex Kite", "Alex Lee", "alex"]) {
        assert_eq!(resolve(choice).scope.authors, [author], "{choice}");
    }
}

#[test]
fn authors_are_found_by_any_part_of_their_name() {
    for (question, authors, missing) in [
        ("meshes author:lovelace", vec!["Ada Lovelace"], vec![]),
        ("meshes author:\"grace hopper\"", vec!["Grace Hopper"], vec![]),
        ("meshes author:munoz", vec!["Ana Muñoz"], vec![]),
        ("meshes author:love", vec!["Ada Lovelace"], vec![]),
        ("meshes author:ada author:hopper", vec!["Ada Lovelace", "Grace Hopper"], vec![]),
        ("what did Ada Lovelace say author:hopper", vec!["Grace Hopper"], vec![]),
        ("posts by Ada Lovelace on meshes", vec!["Ada Lovelace"], vec![]),
        ("what did Ada Lovelace say", vec!["Ada Lovelace"], vec![]),
        ("Ada Lovelace's view of meshes", vec!["Ada Lovelace"], vec![]),
        ("what did Ada say", vec!["Ada Lovelace"], vec![]),
        ("what did Mira Oakley say", vec!["Mira Oakley"], vec![]),
        ("was sagt Mira Oakley", vec!["Mira Oakley"], vec![]),
        ("what did Mira Oakley show in her talk", vec![], vec![]),
        ("meshes author:oakley", vec!["Mira Oakley"], vec![]),
        ("meshes author:curie", vec![], vec!["curie"]),
    ] {
        let resolved = resolved(question, &ScopeOptions::default());
        assert_eq!(resolved.scope.authors, authors, "{question}");
        let found: Vec<&str> = resolved.missing.iter().map(Missing::words).collect();
        assert_eq!(found, missing, "{question}");
    }
}

#[test]
fn a_blank_name_sets_nothing_and_is_not_missing() {
    for blank in ["", " \t"] {
        let options = ScopeOptions { events: vec![blank.into()], years: None, authors: vec![blank.into()] };
        assert!(options.is_empty(), "{blank:?}");
        let facets = Facets::default();
        let today = jiff::civil::date(2026, 11, 20);
        let found = resolve_scope(
            &parse(&"mesh".parse().expect("a question")),
            &options,
            NameRole::Subject,
            &facets,
            today,
        );
        assert_eq!(found, ResolvedQuestion::default(), "{blank:?}");
    }
}

#[test]
fn an_author_with_exactly_that_name_is_preferred() {
    let authors =
        vec![AuthorFacet::new("Ana Muñoz", 4), AuthorFacet::new("Ana", 1), AuthorFacet::new("Anaïs Noël", 1)];
    let facets = Facets { authors, ..Facets::default() };
    let today = "2020-03-01".parse().expect("a day");
    for (typed, expected) in
        [("ana", "Ana"), ("MUNOZ", "Ana Muñoz"), ("ana munoz", "Ana Muñoz"), ("noel", "Anaïs Noël")]
    {
        let options = ScopeOptions { authors: vec![typed.into()], ..ScopeOptions::default() };
        let resolved = resolve_scope(
            &parse(&"otters".parse().expect("a question")),
            &options,
            NameRole::Subject,
            &facets,
            today,
        );
        assert_eq!(resolved.scope.authors, [expected], "{typed}");
    }
}

#[test]
fn a_handle_may_be_made_of_several_words() {
    let resolved = resolved("What did Léa Bon Hoa think of Istio?", &ScopeOptions::default());
    assert_eq!(resolved.scope.authors, ["lea.bon.hoa"]);
}

#[test]
fn a_handle_after_words_such_as_according_to_is_a_name() {
    let facets = Facets { authors: vec![AuthorFacet::new("meadow", 2)], ..Facets::default() };
    let today = "2020-03-01".parse().expect("a day");
    for (question, expected) in [
        ("lessons according to Meadow", true),
        ("que retenir selon Meadow ?", true),
        ("que retenir d'après Meadow ?", true),
        ("the talk by Meadow", false),
        ("lessons according to Meadow Brook", false),
    ] {
        let parsed = parse(&question.parse().expect("a question"));
        let scope = resolve_scope(&parsed, &ScopeOptions::default(), NameRole::Subject, &facets, today).scope;
        assert_eq!(!scope.authors.is_empty(), expected, "{question}");
    }
}

#[test]
fn a_first_name_with_another_last_name_is_no_handle() {
    let facets = Facets { authors: vec![AuthorFacet::new("jason", 2)], ..Facets::default() };
    let today = "2020-03-01".parse().expect("a day");
    for (question, expected) in [
        ("jason on functions", true),
        ("what does jason think of functions", true),
        ("jason, what about functions", true),
        ("jason Kubernetes takeaways", true),
        ("What did Jason say about functions?", true),
        ("jason McGee on functions", false),
        ("jason mcgee on functions", false),
        ("jason mcgee's opinion on functions", false),
    ] {
        let parsed = parse(&question.parse().expect("a question"));
        let scope = resolve_scope(&parsed, &ScopeOptions::default(), NameRole::Subject, &facets, today).scope;
        assert_eq!(!scope.authors.is_empty(), expected, "{question}");
    }
}

#[test]
fn who_is_told_of_is_no_author() {
    for (question, expected) in [
        ("what did Mira Oakley say about Istio?", true),
        ("what was said about Mira Oakley?", false),
        ("what did Oakley say about Istio?", true),
        ("what was said about Oakley?", false),
        ("Was sagten die Leute über Mira Oakley?", false),
    ] {
        let scope = resolved(question, &ScopeOptions::default()).scope;
        assert_eq!(!scope.authors.is_empty(), expected, "{question}");
    }
}

#[test]
fn a_report_needs_no_words_of_the_speaker() {
    let question = "what did Mira Oakley say about Istio?".parse().expect("a question");
    let (parsed, facets) = (parse(&question), facets());
    let today = "2020-03-01".parse().expect("a day");
    let authors = |role| resolve_scope(&parsed, &ScopeOptions::default(), role, &facets, today).scope.authors;
    assert_eq!(authors(NameRole::Subject), ["Mira Oakley"]);
    assert!(authors(NameRole::Report).is_empty());
}

#[test]
fn an_event_with_just_the_name_wins_over_others_of_its_part_of_the_world() {
    let known = event("kubecon-eu-2019");
    let named = Event { name: "KubeCon Europe 2019".into(), ..known.clone() };
    let other = Event {
        id: EventId("kubecon-x-2019".into()),
        name: "KubeCon Prague 2019".into(),
        city: Some("Prague".into()),
        ..known.clone()
    };
    let events_of = |events: &[&Event]| {
        let facets = Facets { events: events.iter().map(|it| ((*it).clone(), 1)).collect(), ..facets() };
        let question = parse(&"how was KubeCon Europe 2019?".parse().expect("a question"));
        let today = "2020-03-01".parse().expect("a day");
        resolve_scope(&question, &ScopeOptions::default(), NameRole::Subject, &facets, today).scope.events
    };
    assert_eq!(events_of(&[&named, &other]), std::slice::from_ref(&named.id));
    let neither = Event { name: "KubeCon Barcelona 2019".into(), ..named };
    assert_eq!(events_of(&[&neither, &other]).len(), 2);
}
