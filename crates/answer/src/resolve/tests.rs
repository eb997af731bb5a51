//! Tests of the scopes of questions and options.

use super::*;
use crate::parse::parse;
use takeaways_corpus::events::EventTable;

/// An index with one post about each of some events, and two authors.
fn facets() -> Facets {
    let table = EventTable::builtin();
    let ids = [
        "kubecon-eu-2019",
        "kubecon-na-2018",
        "kubecon-na-2019",
        "fosdem-2019",
        "fosdem-2020",
        "promcon-2017",
    ];
    let event = |id: &str| table.edition(&EventId(id.into())).expect("in the table").clone();
    Facets {
        events: ids.into_iter().map(|id| (event(id), 2)).collect(),
        years: vec![(2017, 2), (2018, 2), (2019, 6), (2020, 2)],
        authors: vec![
            ("Ada Lovelace".into(), 3),
            ("Grace Hopper".into(), 1),
            ("Ana Muñoz".into(), 1),
            ("Mira Oakley".into(), 1),
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
        EventRole::Subject,
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
    check("meshes, not FOSDEM", &all, &[], None, &[]);
    check("how was the KubeCon in Nairobi?", &all, &[], None, &["KubeCon in Nairobi"]);
    check("takeaways from ElixirConf", &all, &[], None, &["ElixirConf"]);
    check("what changed since 2018", &all, &[], Some((2018, 2020)), &[]);
    check("meshes last year", &all, &[], Some((2019, 2019)), &[]);
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
            EventRole::Subject,
            &facets,
            today,
        );
        assert_eq!(found, ResolvedQuestion::default(), "{blank:?}");
    }
}

#[test]
fn an_author_with_exactly_that_name_is_preferred() {
    let authors = vec![("Ana Muñoz".into(), 4), ("Ana".into(), 1), ("Anaïs Noël".into(), 1)];
    let facets = Facets { authors, ..Facets::default() };
    let today = "2020-03-01".parse().expect("a day");
    for (typed, expected) in
        [("ana", "Ana"), ("MUNOZ", "Ana Muñoz"), ("ana munoz", "Ana Muñoz"), ("noel", "Anaïs Noël")]
    {
        let options = ScopeOptions { authors: vec![typed.into()], ..ScopeOptions::default() };
        let resolved = resolve_scope(
            &parse(&"otters".parse().expect("a question")),
            &options,
            EventRole::Subject,
            &facets,
            today,
        );
        assert_eq!(resolved.scope.authors, [expected], "{typed}");
    }
}
