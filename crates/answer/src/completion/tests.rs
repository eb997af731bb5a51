use super::*;
use crate::samples::event;

const TODAY: Date = jiff::civil::date(2026, 11, 20);

fn facets() -> Facets {
    let events =
        [("kubecon-na-2019", 3), ("kubecon-eu-2019", 3), ("kubecon-eu-2018", 5), ("promcon-2017", 1)];
    Facets {
        events: events.into_iter().map(|(id, posts)| (event(id), posts)).collect(),
        years: vec![(2019, 6), (2018, 5), (2017, 1), (0, 9)],
        authors: vec![
            AuthorFacet::new("Grace Hopper", 2),
            AuthorFacet::new("Ana Muñoz", 1),
            AuthorFacet::new("Ada Lovelace", 1),
        ],
        ..Facets::default()
    }
}

#[test]
fn events_by_what_the_letters_match() {
    for (input, expected) in [
        ("", vec!["kubecon-eu-2018", "kubecon-na-2019", "kubecon-eu-2019", "promcon-2017"]),
        ("  ", vec!["kubecon-eu-2018", "kubecon-na-2019", "kubecon-eu-2019", "promcon-2017"]),
        ("KubeCon N", vec!["kubecon-na-2019"]),
        ("kubecon-eu", vec!["kubecon-eu-2018", "kubecon-eu-2019"]),
        ("2019", vec!["kubecon-na-2019", "kubecon-eu-2019"]),
        ("diego kube", vec!["kubecon-na-2019"]),
        ("kubecon na 19", vec!["kubecon-na-2019"]),
        ("münchen", vec!["promcon-2017"]),
        ("Münich", vec!["promcon-2017"]),
        ("german", vec!["promcon-2017"]),
        ("cloudnative 2018", vec!["kubecon-eu-2018"]),
        ("p", vec!["promcon-2017"]),
        ("eu 19", vec!["kubecon-eu-2019"]),
        ("19", vec!["kubecon-na-2019", "kubecon-eu-2019"]),
        ("bcn", vec!["kubecon-eu-2019"]),
        ("sd", vec!["kubecon-na-2019"]),
        ("cph", vec!["kubecon-eu-2018"]),
        ("copenhagn", vec!["kubecon-eu-2018"]),
        ("Kopenhagen 18", vec!["kubecon-eu-2018"]),
        ("kubcon barcelna", vec!["kubecon-eu-2019"]),
        ("the last two KubeCons", vec!["kubecon-na-2019", "kubecon-eu-2019"]),
        ("first KubeCon", vec![]),
        ("the first KubeCon", vec!["kubecon-eu-2018"]),
        ("after Barcelona", vec!["kubecon-na-2019"]),
        ("in Germany", vec!["promcon-2017"]),
        ("May 2019", vec!["kubecon-eu-2019"]),
        ("otters", vec![]),
        ("?!", vec![]),
    ] {
        let facets = facets();
        let found: Vec<&str> = complete_events(input, &facets, TODAY)
            .into_iter()
            .map(|(event, _)| event.id.0.as_str())
            .collect();
        assert_eq!(found, expected, "{input:?}");
    }
}

#[test]
fn years_and_ranges() {
    for (input, expected) in [
        ("", vec!["2019 6", "2018 5", "2017 1"]),
        ("201", vec!["2019 6", "2018 5", "2017 1"]),
        ("2018", vec!["2018 5"]),
        ("2017-2018", vec!["2017-2018 6"]),
        ("2001-2002", vec![]),
        ("17-18", vec!["2017-2018 6"]),
        ("19", vec!["2019 6"]),
        ("20", vec!["2019 6", "2018 5", "2017 1"]),
        ("99", vec![]),
        ("since 2018", vec!["2018-2026 11"]),
        ("the last nine years", vec!["2018-2026 11"]),
        ("before 2018", vec!["1990-2017 1"]),
    ] {
        let found: Vec<String> = complete_years(input, &facets(), TODAY)
            .into_iter()
            .map(|(years, posts)| format!("{years} {posts}"))
            .collect();
        assert_eq!(found, expected, "{input:?}");
    }
}

#[test]
fn topics_with_posts_come_first() {
    let facets = Facets { topics: vec![("supply-chain".into(), 3)], ..Facets::default() };
    let ids = |input: &str| complete_topics(input, &facets).into_iter().map(|it| it.id).collect::<Vec<_>>();
    assert_eq!(ids("")[0], "supply-chain");
    assert_eq!(ids("").len(), MAX_CHOICES);
    assert_eq!(ids("supply"), ["supply-chain"]);
    assert_eq!(ids("otters"), [""; 0]);
    assert_eq!(ids("k8s")[0], "kubernetes");
    assert_eq!(ids("sbom"), ["supply-chain"]);
    assert_eq!(ids("kubernets")[0], "kubernetes");
}

#[test]
fn authors_without_their_accents() {
    for (input, expected) in [
        ("", vec!["Grace Hopper", "Ada Lovelace", "Ana Muñoz"]),
        ("a", vec!["Ada Lovelace", "Ana Muñoz"]),
        ("MUNOZ", vec!["Ana Muñoz"]),
        ("hop gra", vec!["Grace Hopper"]),
        ("nobody", vec![]),
        ("gh", vec!["Grace Hopper"]),
        ("lovlace", vec!["Ada Lovelace"]),
        ("hoper garce", vec!["Grace Hopper"]),
    ] {
        let facets = facets();
        let found: Vec<&str> =
            complete_authors(input, &facets).into_iter().map(|(author, _)| author).collect();
        assert_eq!(found, expected, "{input:?}");
    }
    let long = "x".repeat(100_000);
    assert_eq!(complete_authors(&long, &facets()), []);
}
