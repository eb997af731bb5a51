use super::*;

fn ids(input: &EventDetectionInput<'_>) -> String {
    let events = detect_events(EventTable::builtin(), input);
    events.iter().map(|event| event.id.0.as_str()).collect::<Vec<_>>().join(" ")
}

fn input<'a>(title: &'a str, date: &str, text: &'a str) -> EventDetectionInput<'a> {
    let title = Some(title).filter(|title| !title.is_empty());
    EventDetectionInput {
        title,
        file_stem: "post",
        tags: &[],
        date: date.parse().ok(),
        text,
        headings: &[],
        declared_events: &[],
    }
}

#[test]
fn title_text_and_date_are_evidence() {
    for (title, date, text, expected) in [
        ("KubeCon: a look around", "2018-05-03", "KubeCon 2018 is on, and we are there.", "kubecon-eu-2018"),
        (
            "Takeaways from KubeCon",
            "2019-01-17",
            "We met at KubeCon in Seattle last month. Since the KubeCon of 2015 it has grown. \
             The next one will take place in Barcelona, and KubeCon NA 2019 in San Diego.",
            "kubecon-na-2018",
        ),
        ("KubeCon recap", "2018-05-10", "It was as loud as KubeCon last year in Austin.", "kubecon-eu-2018"),
        ("KubeCon recap, see you at KubeCon NA 2025", "2025-04-20", "", "kubecon-eu-2025"),
        ("KubeCon recap", "", "", "kubecon"),
        ("DEF CON 27 recap", "2019-08-20", "", "def-con-2019"),
        ("DEF CON 26 in Las Vegas", "2018-08-20", "", "def-con-las-vegas-2018"),
        ("Notes from Vue.js Conf Toronto", "2019-11-20", "", ""),
        ("KubeCon recap", "2025-06-20", "", "kubecon-2025"),
        (
            "A look back at 2019: what KubeCon taught us",
            "",
            "We flew home from San Diego.",
            "kubecon-na-2019",
        ),
        ("What KubeCon says about 2020", "2019-11-30", "", "kubecon-na-2019"),
        ("KubeCon 2019 recap", "", "We flew home from San Diego.", "kubecon-na-2019"),
        ("FOSDEM recap", "2029-02-10", "", "fosdem"),
        ("FOSDEM recap", "2029-02-10", "What we did in 2029", "fosdem-2029"),
        ("KubeCon San Diego", "2026-01-01", "", "kubecon-na-2019"),
        ("KCD Amsterdam and Paris 2023", "", "", "kcd-amsterdam-2023 kcd-france-2023"),
        ("DevOpsDays Mos Eisley", "2031-07-01", "", "devopsdays-mos-eisley-2031"),
        ("DevOpsDays Mos Eisley", "2031-02-01", "", "devopsdays-mos-eisley"),
        ("DevOpsDays Detroit", "2023-11-01", "", "devopsdays-detroit-2023"),
        ("ElixirConf 2021", "", "", "elixirconf-2021"),
        // An event that ended some weeks ago, against one that ended months ago.
        ("KubeCon recap", "2019-01-10", "Last month I was at KubeCon.", "kubecon-na-2018"),
        ("Takeaways from KubeCon + CloudNativeCon", "2019-01-17", "", "kubecon-na-2018"),
        ("Ready for KubeCon", "2019-10-25", "", "kubecon-2019"),
        ("RubyKaigi 2031", "", "", "rubykaigi-2031"),
        ("A week in spring", "2019-05-27", "Last week I was at KubeCon in Barcelona.", "kubecon-eu-2019"),
        ("A week in spring", "2019-05-27", "Flowers everywhere, in Barcelona too.", ""),
        ("Notes", "", "Notes from PromCon 2016, and PromCon 2017 was in Munich.", "promcon-2016"),
    ] {
        assert_eq!(ids(&input(title, date, text)), expected, "{title} {date} {text}");
    }
}

#[test]
fn a_place_without_an_edition_is_ignored() {
    for (title, date, expected) in [
        ("KubeCon EU 2022, Detroit next", "2022-05-25", "kubecon-eu-2022"),
        (
            "KubeCon EU 2022, GitOpsCon EU 2022, China and others",
            "2022-05-22",
            "kubecon-eu-2022 gitopscon-eu-2022",
        ),
        ("KubeCon EU 2022, China locks a door", "2022-05-22", "kubecon-eu-2022"),
        ("KubeCon EU 2022, KubeCon Detroit", "2022-05-22", "kubecon-eu-2022 kubecon-na-2022"),
        ("KubeCon EU 2022 Detroit", "2022-05-22", "kubecon-eu-2022"),
        ("KubeCon 2018 in Barcelona", "2018-12-20", "kubecon-na-2018"),
        ("KubeCon 2022 in Pictures", "2022-05-30", "kubecon-eu-2022"),
        ("FOSDEM 2019, Berlin edition of PromCon", "2019-06-25", "fosdem-2019 promcon-2019"),
        ("KubeCon Amsterdam 2020 (virtual)", "2020-08-25", "kubecon-eu-2020"),
        ("KubeCon Boston 2020 went virtual", "2020-12-01", "kubecon-na-2020"),
        ("KubeCon Amsterdam", "2023-05-01", "kubecon-eu-2023"),
        ("DevOpsDays 2019, Oslo", "2019-10-01", "devopsdays-oslo-2019"),
        ("KubeCon Nairobi 2027", "2027-10-01", "kubecon-nairobi-2027"),
    ] {
        assert_eq!(ids(&input(title, date, "")), expected, "{title}");
    }
}

#[test]
fn an_edition_without_a_year_is_near_the_date_of_the_post() {
    let people = "We met many people of KCD in Paris last week, and KCD Oslo was in 2023.";
    let of_2023 = "We met many people of KCD in Paris last week, as at KCD 2023.";
    for (date, text, expected) in [
        ("2023-03-12", people, "kcd-france-2023"),
        ("2024-03-28", people, "kcd-2024"),
        ("2024-03-28", of_2023, "kcd-france-2023"),
    ] {
        assert_eq!(ids(&input("Back from KCD", date, text)), expected, "{date} {text}");
    }
}

#[test]
fn declared_events_override_everything_else() {
    for (declared, expected) in [
        ("kubecon-na-2019", "kubecon-na-2019"),
        ("KubeCon Europe 2022", "kubecon-eu-2022"),
        ("PromCon, the second one, 2017", "promcon-2017"),
        ("KubeCon + CloudNativeCon Europe Virtual 2020", "kubecon-eu-2020"),
        ("KubeCon + CloudNativeCon EU", "kubecon-eu-2018"),
        ("Nerdearla 2023", "nerdearla-2023"),
        ("Our own meetup", "our-own-meetup-2018"),
        (" \u{1f389} ", "promcon-2018"),
        ("2017", "promcon-2018"),
    ] {
        let declared = [declared.to_owned()];
        let input = EventDetectionInput {
            declared_events: &declared,
            ..input("PromCon 2018", "2018-08-20", "KubeCon in Detroit")
        };
        assert_eq!(ids(&input), expected, "{declared:?}");
    }
}

#[test]
fn an_unlisted_edition_has_the_known_values() {
    let events = detect_events(EventTable::builtin(), &input("KCD Oslo 2029", "", ""));
    let event = events.first().expect("an event");
    assert_eq!((event.name.as_str(), event.series.as_str()), ("KCD Oslo 2029", "Kubernetes Community Days"));
    assert_eq!((event.city.as_deref(), event.country.as_deref()), (Some("Oslo"), Some("Norway")));
    assert_eq!((event.year, event.start), (Some(2029), None));
}

#[test]
fn tags_and_file_names_are_evidence_too() {
    let tags = ["KubeCon2018".to_owned(), "Seattle".to_owned()];
    assert_eq!(ids(&EventDetectionInput { tags: &tags, ..input("Day 1", "", "") }), "kubecon-na-2018");
    assert_eq!(
        ids(&EventDetectionInput { file_stem: "2019-kubecon-eu-notes", ..input("", "", "a talk") }),
        "kubecon-eu-2019"
    );
    assert_eq!(ids(&EventDetectionInput { file_stem: "2019-05-notes", ..input("", "", "a talk") }), "");
}

#[test]
fn hostile_texts_do_not_panic() {
    let long = format!("KubeCon {}", "KubeCon EU and NA 2019, ".repeat(20_000));
    for text in
        ["", "\0", "\r\r", "\u{202e}KubeCon", long.as_str(), "2019 2019 2019", "in in in KubeCon in in in"]
    {
        let _ = detect_events(EventTable::builtin(), &input(text, "0001-01-01", text));
    }
}

#[test]
fn a_declared_name_is_one_clean_line() {
    let name = |declared: &str| event_from_text(declared, None).map(|event| event.name);
    assert_eq!(name("Zebra \t Days\u{8} 2019").as_deref(), Some("Zebra Days 2019"));
    // Fuzzing found a name that was truncated after a space.
    let long = format!("{} x", "x".repeat(119));
    assert_eq!(name(&long).map(|name| name.len()), Some(119));
    assert_eq!(name("2019"), None);
}
