use super::*;

#[test]
fn the_builtin_table_is_sound() {
    let table = EventTable::builtin();
    assert!(table.editions().count() > 400 && table.series().count() > 100);
    let mut ids: Vec<&str> = table.series().map(|series| series.id.as_str()).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "two series have one id");
    for event in table.editions() {
        assert_eq!(table.edition(&event.id), Some(event));
        let found = table.mentions(&event.name);
        let found = found.first().map(|mention| mention.editions.contains(&event));
        assert_eq!(found, Some(true), "{} does not name itself", event.name);
    }
}

#[test]
fn every_kubecon_has_its_days() {
    let kubecons = EventTable::builtin().editions().filter(|event| event.id.0.starts_with("kubecon-"));
    let days: Vec<_> = kubecons.map(|event| (event.start.is_some(), event.region.is_some())).collect();
    assert_eq!(days, [(true, true); 35]);
    let event = EventTable::builtin().edition(&EventId("kubecon-na-2019".into())).expect("it is there");
    assert_eq!(event.label(), "KubeCon NA 2019, San Diego");
    assert_eq!(event.region.as_deref(), Some("North America"));
    assert_eq!(event.country.as_deref(), Some("United States"));
    let event = EventTable::builtin().edition(&EventId("kubecon-eu-2020".into())).expect("it is there");
    assert_eq!((event.label().as_str(), event.city.as_deref()), ("KubeCon EU 2020", None));
}

#[test]
fn impossible_tables_are_errors() {
    let parse = |editions: &str| {
        EventTable::parse(&format!("[[series]]\nid = 'a'\nname = 'A'\neditions = \"{editions}\""))
    };
    assert!(matches!(parse("2019\\n2019"), Err(EventsError::DuplicateId(_))));
    assert!(matches!(parse("2019 | Atlantis"), Err(EventsError::City { .. })));
    assert!(matches!(parse("2019 | (Atlantis)"), Err(EventsError::City { .. })));
    assert!(matches!(parse("2019 | | soon | later"), Err(EventsError::Edition { .. })));
    assert!(matches!(EventTable::parse("series = 1"), Err(EventsError::Toml(_))));
    assert!(EventTable::parse("").is_ok_and(|table| table.mentions("KubeCon 2019").is_empty()));
}

#[test]
fn slugs_are_lower_case_words() {
    for (text, expected) in
        [("Zürich 2017", "zurich-2017"), ("SCaLE 13x", "scale-13x"), ("会議 2019!", "会議-2019")]
    {
        assert_eq!(slug(text), expected);
    }
}

#[test]
fn lines_of_editions() {
    for (line, read) in [
        ("EU 2019 | Barcelona | 2019-05-20 | 2019-05-23", true),
        ("2022", true),
        ("EU 2020 | | 2020-08-17 | 2020-08-20", true),
        ("EU 2020 | (Amsterdam) | 2020-08-17 | 2020-08-20", true),
        ("2015 | Los Angeles | 2015-02-19 | 2015-02-22 | SCaLE 13x", true),
        ("New York 2016 | New York", true),
        ("EU", false),
        ("EU 2019 | Barcelona | 2019-05-20", false), // no last day
        ("EU 2019 | Barcelona | 2019-05-23 | 2019-05-20", false), // the wrong way round
        ("EU 2019 | Barcelona | 2018-05-20 | 2018-05-23", false), // another year
        ("EU 2019 | Barcelona | 2019-02-30 | 2019-03-01", false), // no such day
        ("EU 2019 | Barcelona | | | a | b", false),
    ] {
        assert_eq!(EditionRow::parse(line).is_some(), read, "{line}");
    }
}

#[test]
fn a_city_in_parentheses_was_only_planned() {
    let places = |line| EditionRow::parse(line).map(|row| (row.city, row.planned));
    assert_eq!(places("EU 2020 | (Amsterdam)"), Some((None, Some("Amsterdam"))));
    assert_eq!(places("EU 2023 | Amsterdam"), Some((Some("Amsterdam"), None)));
    assert_eq!(places("EU 2021"), Some((None, None)));
}
