//! Tests of when an answer tells its age, and of the order of answers about now.

use super::*;
use crate::{question_syntax::parse_syntax, samples::request};
use jiff::civil::date;
use takeaways_search::Alternative;
use takeaways_text::model::{Event, EventId, PostId, PostKind, Quote, Span};

fn today() -> Date {
    request("?").today()
}

fn asks(question: &str, options: &ScopeOptions) -> bool {
    asked_time(&parse_syntax(question), options, today()).is_some()
}

fn excerpt(published: Option<Date>, event: Option<Event>) -> Excerpt {
    let citation = Citation {
        post: PostId("a.md".into()),
        path: "a.md".into(),
        kind: PostKind::Post,
        title: "A".into(),
        author: None,
        speaker: None,
        date: published,
        event,
        section: Vec::new(),
        url: None,
        draft: false,
        scheduled: None,
    };
    Excerpt {
        id: "0123456789ab".into(),
        quote: Quote { text: "a".into(), span: Span::new("a", 0..1).expect("a span") },
        lead_in: None,
        marks: Vec::new(),
        answer: None,
        items: None,
        list_items: Vec::new(),
        links: Vec::new(),
        line: 1,
        foreign_language: None,
        score: 1.0,
        duplicate_count: 0,
        citation,
    }
}

fn event(year: Option<i16>, start: Option<Date>, end: Option<Date>) -> Event {
    let [id, series, name] = ["some", "Some", "Some"].map(str::to_owned);
    let (city, country, region) = (None, None, None);
    Event { id: EventId(id), series, name, year, city, country, region, start, end }
}

#[test]
fn the_date_of_the_newest_excerpt() {
    let (first, last) = (Some(date(2024, 11, 12)), Some(date(2024, 11, 15)));
    let dated = |year| excerpt(Some(date(year, 5, 30)), None);
    for (excerpts, expected) in [
        (vec![dated(2018), dated(2019)], Some(ExcerptDate::Day(date(2019, 5, 30)))),
        (vec![dated(2019), dated(2026)], None),
        (
            vec![dated(2019), excerpt(None, Some(event(Some(2024), first, last)))],
            Some(ExcerptDate::Day(date(2024, 11, 15))),
        ),
        (
            vec![excerpt(None, Some(event(Some(2024), first, None)))],
            Some(ExcerptDate::Day(date(2024, 11, 12))),
        ),
        (
            vec![dated(2019), excerpt(None, Some(event(Some(2024), None, None)))],
            Some(ExcerptDate::Year(2024)),
        ),
        (
            vec![dated(2024), excerpt(None, Some(event(Some(2024), None, None)))],
            Some(ExcerptDate::Year(2024)),
        ),
        (
            vec![dated(2025), excerpt(None, Some(event(Some(2024), None, None)))],
            Some(ExcerptDate::Day(date(2025, 5, 30))),
        ),
        (vec![excerpt(None, Some(event(Some(2025), None, None)))], None),
        (vec![dated(2019), excerpt(None, None)], None),
        (vec![dated(2019), excerpt(None, Some(event(None, None, None)))], None),
        (vec![], None),
    ] {
        let question = "what is the latest on eBPF";
        assert_eq!(
            newest_to_state(
                asked_time(&parse_syntax(question), &ScopeOptions::default(), today()),
                &excerpts,
                today()
            ),
            expected,
            "{excerpts:?}"
        );
    }
}

#[test]
fn a_question_about_what_comes_is_told_the_date_of_any_excerpt() {
    let excerpts = [excerpt(Some(date(2026, 9, 1)), None)];
    for (question, expected) in [
        ("when is the next KubeCon?", Some(ExcerptDate::Day(date(2026, 9, 1)))),
        ("what is the latest on KubeCon", None),
        ("when is the next KubeCon after 2025?", None),
    ] {
        assert_eq!(
            newest_to_state(
                asked_time(&parse_syntax(question), &ScopeOptions::default(), today()),
                &excerpts,
                today()
            ),
            expected,
            "{question:?}"
        );
    }
}

#[test]
fn excerpts_about_now_are_sorted_by_date() {
    let dates = [Some(date(2018, 5, 1)), None, Some(date(2022, 5, 1)), Some(date(2018, 5, 1))];
    let sorted = |question: &str| -> Vec<Option<i16>> {
        let mut excerpts = dates.map(|date| excerpt(date, None));
        sort_newest_first(
            &mut excerpts,
            asked_time(&parse_syntax(question), &ScopeOptions::default(), today()),
        );
        excerpts.iter().map(|excerpt| excerpt.citation.date.map(Date::year)).collect()
    };
    assert_eq!(sorted("what is new in otters"), [Some(2022), Some(2018), Some(2018), None]);
    assert_eq!(sorted("what do otters eat"), [Some(2018), None, Some(2022), Some(2018)]);
}

#[test]
fn questions_about_what_comes() {
    let asked = |question: &str| asked_time(&parse_syntax(question), &ScopeOptions::default(), today());
    for question in [
        "when is the next KubeCon?",
        "upcoming conferences",
        "what's next for Helm?",
        "which talks are coming up",
        "KubeCon next year",
        "what's the next version of Prometheus?",
        "which release of Kubernetes is coming next?",
        "what next for Prometheus?",
        "Was kommt in der nächsten Version von Helm?",
        "qué trae la próxima versión de Helm",
        "quand sort la prochaine version de Helm ?",
        "o que vem na próxima versão do Helm?",
        "Helm 的下一个版本",
        "Wann ist die nächste KubeCon?",
        "kommende Konferenzen",
        "à quand la KubeCon prochaine ?",
        "prochaine conférence sur Helm",
        "¿Cuándo es la próxima KubeCon?",
        "onde será a próxima KubeCon?",
        "dove sarà la prossima KubeCon?",
        "waar is de volgende KubeCon?",
        "次回のKubeConはいつ",
        "다음 KubeCon은 언제",
        "下一届KubeCon在哪里",
    ] {
        assert_eq!(asked(question), Some(AskedTime::Coming), "{question}");
    }
    for question in [
        "what happened on the next day?",
        "who sat next to the otters",
        "the next step of Helm",
        "when was the next KubeCon after 2018?",
        "la prochaine étape de Helm",
    ] {
        assert_eq!(asked(question), None, "{question}");
    }
}

#[test]
fn questions_about_now() {
    for question in [
        "What do people think of service mesh now?",
        "what is the latest on eBPF",
        "What's new in GitOps?",
        "any news about Istio?",
        "What's the Latest on Helm?",
        "quoi de neuf avec Istio ?",
        "¿Qué novedades hay de Istio?",
        "is Helm still in use?",
        "the State of storage",
        "what are teams doing these days with Istio",
        "how was the latest KubeCon?",
        "Was ist der aktuelle Stand von Helm?",
        "Wird Helm immer noch benutzt?",
        "qu'en est-il aujourd’hui de Helm ?",
        "¿Qué se usa hoy en día?",
        "o que se usa atualmente?",
        "cosa si usa oggi?",
        "wat is de nieuwste versie",
        "Helm は現在どうですか",
        "Helm 目前怎么样",
        "요즘 Helm은",
        "what do teams run today",
        "wie läuft Helm dieser Tage",
        "ces jours-ci, que devient Helm ?",
        "¿qué se usa estos días?",
        "cosa si usa oggigiorno?",
        "wat draait er op dit moment",
    ] {
        assert!(asks(question, &ScopeOptions::default()), "{question}");
    }
}

#[test]
fn questions_about_another_time_or_none() {
    for question in [
        "what was said about service mesh?",
        "the state of storage in 2018",
        "what was new at KubeCon NA 19 in recent releases",
        "what is the latest since 2017",
        "is ServiceNow in it?",
        "what are the new features of Istio?",
        "who mentioned Hacker News?",
        "what is a snowball? event:kubecon-na-2019 now",
    ] {
        assert!(!asks(question, &ScopeOptions::default()), "{question}");
    }
    let options = ScopeOptions { events: vec!["kubecon-na-2019".into()], ..ScopeOptions::default() };
    assert!(!asks("what is the latest on eBPF", &options));
    let blank =
        ScopeOptions { events: vec![" ".into()], authors: vec!["Ada".into()], ..ScopeOptions::default() };
    assert!(asks("what is the latest on eBPF", &blank));
}

fn concept(syntax: &QuestionSyntax, at: usize) -> Concept {
    let text = syntax.words[at].text.clone();
    Concept {
        alternatives: vec![Alternative::term(text.to_lowercase())],
        own_forms: 1,
        text,
        words: at..at + 1,
        importance: 1.0,
        is_known: true,
        ..Concept::default()
    }
}

/// The words of a question that are still searched.
fn remaining_text(question: &str, is_scoped: bool) -> String {
    let syntax = parse_syntax(question);
    let mut concepts: Vec<Concept> = (0..syntax.words.len()).map(|at| concept(&syntax, at)).collect();
    drop_recency_words(&mut concepts, &syntax, is_scoped);
    let texts: Vec<&str> = concepts.iter().map(|concept| concept.text.as_str()).collect();
    texts.join(" ")
}

#[test]
fn recency_words_are_not_searched_beside_others() {
    for (question, expected) in [
        ("latest on GitOps", "on GitOps"),
        ("any news about Istio?", "any about Istio"),
        ("What's the Latest on Helm?", "What's the on Helm"),
        ("what is new in GitOps?", "in GitOps"),
        ("current state of storage", "state of storage"),
        ("how do teams run Istio these days", "how do teams run Istio"),
        ("Neuigkeiten zu Helm", "zu Helm"),
        ("quoi de neuf avec Helm", "avec Helm"),
        ("novedades de Helm", "de Helm"),
        ("Helm 最新", "Helm"),
        ("upcoming features of Helm", "features of Helm"),
        ("what is next for Helm", "Helm"),
    ] {
        assert_eq!(remaining_text(question, false), expected, "{question}");
    }
}

#[test]
fn words_with_another_meaning_are_searched() {
    for question in [
        "new features of Istio",
        "which tools are new",
        "who reads Hacker News",
        "what's New Relic",
        "posts with \"latest\" tags",
        "who said \"these days\" first",
        "latest",
        "latest news",
        "latest talks",
    ] {
        assert_eq!(
            remaining_text(question, false),
            parse_syntax(question).words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
        );
    }
    assert_eq!(remaining_text("latest news", true), "");
}

#[test]
fn lines_of_an_overview_about_now_are_sorted_by_date() {
    let texts = [
        (2018, "We believe that GitOps is the future of delivery, because reviews catch most mistakes."),
        (2023, "GitOps made our teams faster, since every change has an owner and a review."),
        (2020, "I think that GitOps is harder than most teams expect, because drift is everywhere."),
        (2021, "For us GitOps means that nobody touches the cluster by hand any more."),
        (2019, "Most teams should start with GitOps early, because it takes months to learn."),
    ];
    let file = |(year, text): &(i16, &str)| {
        let head = format!("title: Recap of {year}\nauthor: Writer {year}\ndate: {year}-05-01");
        (format!("{year}.md"), format!("---\n{head}\n---\n\n{text}\n"))
    };
    let files: Vec<(String, String)> = texts.iter().map(file).collect();
    let answer = crate::samples::engine_over(&files)
        .answer(&crate::samples::request("what is new in GitOps?"))
        .expect("an answer");
    let years: Vec<i16> =
        answer.excerpts().iter().filter_map(|it| it.citation.date.map(Date::year)).collect();
    assert!(years.len() > 2 && years.is_sorted_by(|a, b| a >= b), "{years:?}");
    // Three recaps of the last years are enough; in 2019 there was one.
    let is_recent = |now: &str| {
        let mut request = crate::samples::request("what is new in GitOps?");
        request.now = now.parse().expect("a time");
        let answer = crate::samples::engine_over(&files).answer(&request).expect("an answer");
        answer.excerpts().iter().all(|it| it.citation.date.map(Date::year) > Some(2019))
    };
    assert!(is_recent("2023-11-20T00:00:00Z") && !is_recent("2026-11-20T00:00:00Z"));
}
