use super::*;

fn found(title: &str, tags: &[&str], text: &str) -> Option<(String, Option<String>)> {
    let tags: Vec<String> = tags.iter().map(|tag| (*tag).to_owned()).collect();
    let input = EventDetectionInput {
        title: Some(title),
        file_stem: "post",
        tags: &tags,
        date: Some(jiff::civil::date(2019, 5, 11)),
        text,
        headings: &[],
        declared_events: &[],
    };
    find_unlisted_event(EventTable::builtin(), &input).map(|event| (event.name, event.city))
}

#[test]
fn a_name_before_a_year_is_an_event() {
    for (title, text, expected, city) in [
        ("Notes from FooFest 2019", "", "FooFest 2019", None),
        ("Notes from Foo.js Conf 2019", "", "Foo.js Conf 2019", None),
        ("Notes", "We met. At Foo.js Conf 2019 all was new.", "Foo.js Conf 2019", None),
        ("Elastic{ON} Conf 2019", "", "Elastic{ON} Conf 2019", None),
        ("World Beekeeping Congress 2019", "", "World Beekeeping Congress 2019", None),
        ("Design Summit 2018 recap", "", "Design Summit 2018", None),
        (
            "Trip report: ICML 2019, Amsterdam",
            "I attended the sessions at ICML.",
            "ICML 2019",
            Some("Amsterdam"),
        ),
        ("Symposium on Urban Water 2019", "", "Symposium on Urban Water 2019", None),
        (
            "Highlights of Museums and the Web 2019",
            "The keynote of Museums and the Web was long.",
            "Museums and the Web 2019",
            None,
        ),
        (
            "XXIII Congreso Nacional de Enfermería, Valencia 2019",
            "",
            "Congreso Nacional de Enfermería 2019",
            Some("Valencia"),
        ),
        (
            "beyond tellerrand Berlin 2018",
            "The beyond tellerrand took place in May.",
            "beyond tellerrand 2018",
            Some("Berlin"),
        ),
        ("MW19 notes", "The sessions of MW were long.", "MW 2019", None),
        ("Symposium »Stadt von morgen« 2019: Notizen", "", "Symposium Stadt von morgen 2019", None),
        ("My MW19", "Museums and the Web 2019 took place in May.", "Museums and the Web 2019", None),
        (
            "Money20/20 Europe 2019",
            "I spent days at Money20/20 Europe, an event.",
            "Money20/20 Europe 2019",
            None,
        ),
        (
            "I stayed at home",
            "Podcasters' Weekend 2019 was held in my kitchen.",
            "Podcasters' Weekend 2019",
            None,
        ),
    ] {
        let expected = Some((expected.to_owned(), city.map(str::to_owned)));
        assert_eq!(found(title, &[], text), expected, "{title}");
    }
    assert_eq!(
        found("Notes", &["GDC 2019"], "The talks at GDC were long."),
        Some(("GDC 2019".to_owned(), None))
    );
}

#[test]
fn other_words_before_a_year_are_none() {
    for (title, text) in [
        ("Looking back at 2019", "I attended many events in 2019."),
        ("Kubernetes 2019", "The talks on Kubernetes were full."),
        ("My Conference 2019", "The conference was great."),
        ("Boston 2019", "The event in Boston was great."),
        ("May 2019", "In May 2019 I attended events."),
        ("Apple Pie 2019", "I baked."),
        ("Apimondia 2009", "The congress was long ago."),
        ("A walk", "On 12 October 2019 I attended a small meetup."),
        ("A walk", "In June 2019 I attended a meetup. Saturday, October 12 2019 was warm."),
        ("A server", "Windows Server 2019 was announced, and every session of the conference was on it."),
        ("Remote work and COVID19", "Each conference was online, and every talk too."),
    ] {
        assert_eq!(found(title, &[], text), None, "{title}");
    }
}
