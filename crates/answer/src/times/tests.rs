//! Tests of the grammar of times.

use super::*;

const TODAY: Date = jiff::civil::date(2026, 11, 21);

/// The times in a text: the years if they are whole ones, else the days; each with its words.
fn describe(text: &str) -> Vec<String> {
    let words = |time: &NamedTime| text.to_lowercase()[time.range.clone()].to_owned();
    let days = |time: &NamedTime| match time.period.whole_years(TODAY.year()) {
        Some(years) => format!("{}-{}", years.first, years.last),
        None => format!("{}..{}", time.period.first, time.period.last),
    };
    let times = find_times(text, &[], TODAY);
    times.iter().map(|time| format!("{} {}", days(time), words(time))).collect()
}

#[test]
fn years_months_and_seasons() {
    for (text, expected) in [
        ("what about 2019?", vec!["2019-2019 2019"]),
        ("back in '19", vec!["2019-2019 19"]),
        ("since 2018", vec!["2018-2026 since 2018"]), // open ranges end in the current year
        ("before 2019", vec!["1990-2018 before 2019"]),
        ("after 2018", vec!["2019-2026 after 2018"]),
        ("after 2026", vec!["2027-2027 after 2026"]),
        ("until 2016", vec!["1990-2016 until 2016"]),
        ("between 2017 and 2019", vec!["2017-2019 between 2017 and 2019"]),
        ("from 2016 to 2018", vec!["2016-2018 from 2016 to 2018"]),
        ("from 2021 on", vec!["2021-2026 from 2021 on"]),
        ("from 2016 to today", vec!["2016-2026 from 2016 to today"]),
        ("de 2016 a hoy", vec!["2016-2026 de 2016 a hoy"]),
        ("von 2016 bis heute", vec!["2016-2026 von 2016 bis heute"]),
        ("2021 onwards", vec!["2021-2026 2021 onwards"]),
        ("roughly 2021 to now", vec!["2021-2026 2021 to now"]),
        ("2021 bis heute", vec!["2021-2026 2021 bis heute"]),
        ("de 2021 à aujourd'hui", vec!["2021-2026 de 2021 à aujourd'hui"]),
        ("talks from 2019", vec!["2019-2019 2019"]),
        ("2016-2018, 2018/19", vec!["2016-2018 2016-2018", "2018-2019 2018/19"]),
        ("in 2031?", vec!["2031-2031 2031"]),
        ("1975?", vec!["1975-1975 1975"]),
        ("before 1975", vec!["1974-1974 before 1975"]),
        ("since 2031", vec!["2031-2031 since 2031"]),
        ("2048 clusters, and port 1935 in use", vec![]),
        ("in 2016 or in 2018", vec!["2016-2016 2016", "2018-2018 2018"]),
        ("last year, this year's", vec!["2025-2025 last year", "2026-2026 this year"]),
        ("two years ago, 10 years ago", vec!["2024-2024 two years ago", "2016-2016 10 years ago"]),
        ("a couple of years ago", vec!["2024-2024 couple of years ago"]),
        ("the last three years", vec!["2024-2026 last three years"]),
        ("since last year", vec!["2025-2026 since last year"]),
        ("the 2010s", vec!["2010-2019 2010s"]),
        ("what was said in May?", vec!["2026-05-01..2026-05-31 may"]),
        ("in the summer, in Q2", vec!["2026-06-01..2026-08-31 summer", "2026-04-01..2026-06-30 q2"]),
        (
            "im Mai, en mai, en mayo",
            vec!["2026-05-01..2026-05-31 mai", "2026-05-01..2026-05-31 mai", "2026-05-01..2026-05-31 mayo"],
        ),
        ("in May and June 2019", vec!["2019-05-01..2019-06-30 may and june 2019"]),
        ("in spring boot, in the first half", vec![]),
        ("in May 2019", vec!["2019-05-01..2019-05-31 may 2019"]),
        ("on May 20th, 2019", vec!["2019-05-01..2019-05-31 may 20th, 2019"]),
        ("Dec. '18", vec!["2018-12-01..2018-12-31 dec. '18"]),
        ("2019-05", vec!["2019-05-01..2019-05-31 2019-05"]),
        ("May and June 2019", vec!["2019-05-01..2019-06-30 may and june 2019"]),
        ("since May 2019", vec!["2019-05-01..9999-12-31 since may 2019"]),
        ("before the spring of 2019", vec!["1990-01-01..2019-02-28 before the spring of 2019"]),
        ("winter 2018", vec!["2018-12-01..2019-02-28 winter 2018"]),
        ("Q2 2024, q4/18", vec!["2024-04-01..2024-06-30 q2 2024", "2018-10-01..2018-12-31 q4/18"]),
        (
            "early 2019, late in 2018",
            vec!["2019-01-01..2019-04-30 early 2019", "2018-09-01..2018-12-31 late in 2018"],
        ),
        ("Anfang 2019", vec!["2019-01-01..2019-04-30 anfang 2019"]),
        ("a finales de 2018", vec!["2018-09-01..2018-12-31 finales de 2018"]),
        ("fin 2018, mi-2019", vec!["2018-09-01..2018-12-31 fin 2018", "2019-05-01..2019-08-31 mi-2019"]),
        ("too late, and the end of the talk", vec![]),
        ("2024 Q2", vec!["2024-04-01..2024-06-30 2024 q2"]),
        ("the first half of last year", vec!["2025-01-01..2025-06-30 first half of last year"]),
        ("this spring's talks", vec!["2026-03-01..2026-05-31 this spring"]),
        (
            "last summer, last November",
            vec!["2026-06-01..2026-08-31 last summer", "2025-11-01..2025-11-30 last november"],
        ),
    ] {
        assert_eq!(describe(text), expected, "{text}");
    }
}

#[test]
fn the_pandemic() {
    for (text, years) in [
        ("pre-covid", "1990-2019"),
        ("before the pandemic", "1990-2019"),
        ("since covid", "2020-2026"),
        ("after the pandemic began", "2020-2026"),
        ("during covid-19", "2020-2021"),
        ("post-covid", "2022-2026"),
        ("vor Corona", "1990-2019"),
        ("in der Corona-Zeit", "2020-2021"),
        ("depuis le début de la pandémie", "2020-2026"),
        ("antes de la pandemia", "1990-2019"),
        ("pós-pandemia", "2022-2026"),
    ] {
        let found = describe(text);
        assert!(found.len() == 1 && found[0].starts_with(years), "{text}: {found:?}");
    }
}

#[test]
fn times_in_other_languages() {
    for (text, time) in [
        ("seit 2018", "2018-2026"),
        ("ab 2021", "2021-2026"),
        ("bis einschließlich 2016", "1990-2016"),
        ("letztes Jahr", "2025-2025"),
        ("vor zwei Jahren", "2024-2024"),
        ("seit zwei Jahren", "2024-2026"),
        ("in den letzten drei Jahren", "2024-2026"),
        ("zwischen 2017 und 2019", "2017-2019"),
        ("in den 2010er Jahren", "2010-2019"),
        ("im 2. Quartal 2024", "2024-04-01..2024-06-30"),
        ("im Frühjahr 2022", "2022-03-01..2022-05-31"),
        ("letzten Sommer", "2026-06-01..2026-08-31"),
        ("depuis 2021", "2021-2026"),
        ("Jusqu'en 2016", "1990-2016"),
        ("à partir de 2019", "2019-2026"),
        ("l'an dernier", "2025-2025"),
        ("il y a deux ans", "2024-2024"),
        ("entre 2017 et 2019", "2017-2019"),
        ("les années 2010", "2010-2019"),
        ("l'été dernier", "2026-06-01..2026-08-31"),
        ("T2 2024", "2024-04-01..2024-06-30"),
        ("el año pasado", "2025-2025"),
        ("hace dos años", "2024-2024"),
        ("desde 2016 hasta 2018", "2016-2018"),
        ("de 2021 en adelante", "2021-2026"),
        ("en septiembre de 2017", "2017-09-01..2017-09-30"),
        ("la primavera de 2022", "2022-03-01..2022-05-31"),
        ("no ano passado", "2025-2025"),
        ("há três anos", "2023-2023"),
        ("até 2015", "1990-2015"),
        ("1º trimestre de 2023", "2023-01-01..2023-03-31"),
        ("últimos cinco anos", "2022-2026"),
        ("去年", "2025-2025"),
        ("2019年", "2019-2019"),
    ] {
        let found = describe(text);
        assert!(found.len() == 1 && found[0].starts_with(time), "{text}: {found:?}");
    }
}

#[test]
fn words_that_only_look_like_times() {
    for text in [
        "version 1.19",
        "ubuntu 20.04 nodes",
        "version 2019.1",
        "2,019 people",
        "12,019 people",
        "the 2019th example",
        "port 8080",
        "2145",
        "may I ask",
        "this may help, this fall back",
        "spring boot",
        "march of progress",
        "will it last?",
        "since nobody enjoys YAML",
        "before adopting it",
        "between Helm and Kustomize",
        "a second opinion",
        "fall back to plain VMs",
        "at first",
        "covid rules",
        "Antes de mais nada",
        "até que ponto",
        "Ich mag Helm nicht",
    ] {
        assert_eq!(describe(text), [""; 0], "{text}");
    }
}

#[test]
fn times_are_told_by_events() {
    let text = "between Copenhagen and San Diego, after the latest FOSDEM";
    let landmark = |name: &str, year: i16, month: i8| Landmark {
        range: text.find(name).map(|at| at..at + name.len()).expect("in the text"),
        period: Period::months(year, month, 1).expect("a month"),
        series: name.into(),
        is_named: false,
    };
    let landmarks = [
        landmark("Copenhagen", 2018, 5),
        landmark("San Diego", 2019, 11),
        landmark("latest FOSDEM", 2024, 2),
    ];
    let times = find_times(text, &landmarks, TODAY);
    let found: Vec<String> = times
        .iter()
        .map(|time| format!("{}..{} {:?}", time.period.first, time.period.last, time.series))
        .collect();
    assert_eq!(
        found,
        ["2018-05-01..2019-11-30 Some(\"Copenhagen\")", "2024-03-01..9999-12-31 Some(\"latest FOSDEM\")"]
    );
}

#[test]
fn open_times_are_joined() {
    let joined = |text: &str| {
        let times = find_times(text, &[], TODAY);
        let years = join_times(&times).into_iter().filter_map(|(period, _)| period.whole_years(2026));
        years.map(|years| years.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(joined("since 2018 and before 2021"), ["2018-2020"]);
    assert_eq!(joined("before 2021, since 2018"), ["2018-2020"]);
    assert_eq!(joined("2018 and 2021"), ["2018", "2021"]);
    assert_eq!(years_in_words("2018 and 2021", TODAY), None); // not one range
    assert_eq!((years_in_words("in May 2019", TODAY), years_in_words("otters", TODAY)), (None, None));
}

#[test]
fn editions_are_chosen_beside_a_name() {
    for (text, expected) in [
        ("the latest KubeCon", Some((true, 0, 1))),
        ("the last three KubeCon", Some((true, 0, 3))),
        ("die letzten drei KubeCon", Some((true, 0, 3))),
        ("les 3 dernières KubeCon", Some((true, 0, 3))),
        ("la dernière édition de la KubeCon", Some((true, 0, 1))),
        ("la KubeCon más reciente", Some((true, 0, 1))),
        ("a penúltima KubeCon", Some((true, 1, 1))),
        ("the very first KubeCon", Some((false, 0, 1))),
        ("my first KubeCon", None),
        ("KubeCon at last", None),
        ("will it last? KubeCon", None),
    ] {
        let name = text.find("KubeCon").map(|at| at..at + 7).expect("a name");
        let found = find_edition_choice(text, &name);
        let found = found.map(|(choice, _)| (choice.is_from_newest, choice.skipped, choice.taken));
        assert_eq!(found, expected, "{text}");
    }
}

#[test]
fn times_are_told_from_today() {
    for (text, expected) in [
        ("yesterday", vec!["2026-11-20..2026-11-20 yesterday"]),
        ("last week", vec!["2026-11-09..2026-11-15 last week"]),
        ("diese Woche", vec!["2026-11-16..2026-11-22 diese woche"]),
        ("le mois dernier", vec!["2026-10-01..2026-10-31 mois dernier"]),
        ("neste mês", vec!["2026-11-01..2026-11-30 neste mês"]),
        ("in the last two months", vec!["2026-09-21..2026-11-21 last two months"]),
        ("the year before last", vec!["2024-2024 year before last"]),
        ("el año pasado", vec!["2025-2025 año pasado"]),
        ("since June", vec!["2026-06-01..9999-12-31 since june"]),
        ("since last month", vec!["2026-10-01..9999-12-31 since last month"]),
        ("seit Dezember", vec!["2025-12-01..9999-12-31 seit dezember"]),
        ("since Monday", vec!["2026-11-16..9999-12-31 since monday"]),
        ("since Saturday", vec!["2026-11-21..9999-12-31 since saturday"]),
        ("since spring", vec!["2026-03-01..9999-12-31 since spring"]),
        ("since spring cleaning", vec![]),
        ("talks on Monday", vec![]),
        ("what came in November?", vec!["2026-11-01..2026-11-30 november"]),
    ] {
        assert_eq!(describe(text), expected, "{text}");
    }
}
