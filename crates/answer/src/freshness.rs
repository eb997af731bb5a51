//! Whether an answer to a question about now is old.
//!
//! The words by which a question asks about now: "latest", "these days", "any news".
//!
//! They say how old an answer may be, not what it is about: posts of any age hold them.

use crate::{
    answer_type::matches_form,
    concepts::Concept,
    parse,
    question_syntax::{QuestionSyntax, QuestionWord, parse_syntax},
    resolve::ScopeOptions,
};
use jiff::{Timestamp, ToSpan as _, civil::Date, tz::TimeZone};
use std::{ops::Range, sync::LazyLock};
use takeaways_corpus::events::EventTable;
use takeaways_text::{
    language::{all_words, inner_words, whole_words},
    model::{Citation, Excerpt, ExcerptDate, Question},
};

/// When the newest excerpt is from, where the question asks about now and that is more than a year past: `None` where
/// there is nothing to be said of the answer's age, or one of the excerpts may be from any time.
#[must_use]
pub fn newest_if_old(
    question: &Question,
    wish: &ScopeOptions,
    excerpts: &[Excerpt],
    now: Timestamp,
) -> Option<ExcerptDate> {
    let today = now.to_zoned(TimeZone::UTC).date();
    let ages: Vec<ExcerptDate> =
        excerpts.iter().map(|excerpt| age_of(&excerpt.citation)).collect::<Option<_>>()?;
    let newest = newest_age(&ages)?;
    (is_old(newest, today) && asks_about_now(question, wish, today)).then_some(newest)
}

/// The day that it was published, else when its event was.
fn age_of(from: &Citation) -> Option<ExcerptDate> {
    let event = from.event.as_ref();
    let day = from.date.or_else(|| event.and_then(|event| event.end.or(event.start)));
    day.map(ExcerptDate::Day).or_else(|| event.and_then(|event| event.year).map(ExcerptDate::Year))
}

/// Of the last year the last day, where the day of all that are from it is known.
fn newest_age(ages: &[ExcerptDate]) -> Option<ExcerptDate> {
    let year = ages.iter().map(|age| age.year()).max()?;
    let of_year = ages.iter().filter(|age| age.year() == year);
    let days: Option<Vec<Date>> = of_year.map(|age| age.day()).collect();
    Some(days.and_then(|days| days.into_iter().max()).map_or(ExcerptDate::Year(year), ExcerptDate::Day))
}

/// Whether it is more than a year past, on whatever day it was.
fn is_old(age: ExcerptDate, today: Date) -> bool {
    let day = age.day().or_else(|| Date::new(age.year(), 12, 31).ok());
    day.and_then(|day| day.checked_add(1.year()).ok()).is_some_and(|then| then < today)
}

/// Whether a question is about now. One that says itself which year or which event of a year it is about is not:
/// "the state of storage in 2018".
fn asks_about_now(question: &Question, wish: &ScopeOptions, today: Date) -> bool {
    let typed = parse_syntax(question.text());
    is_said(&typed) && !says_when(&typed, wish, today)
}

fn says_when(typed: &QuestionSyntax, wish: &ScopeOptions, today: Date) -> bool {
    !wish.is_undated()
        || !typed.events.is_empty()
        || !typed.years.is_empty()
        || parse::parse_years(&typed.words, today.year(), &|_| false).is_some()
        || EventTable::builtin().mentions(&typed.text).iter().any(|mention| mention.year.is_some())
}

/// With what people ask about now, in the languages of the posts; `*` stands for any one word. Words that as often mean
/// something else are left out: "last" (day), "noch" (something), "toujours" (always), "ora" (hour).
static NOW: LazyLock<Vec<&str>> = LazyLock::new(|| whole_words(|words| &words.questions.recency));

/// The same in scripts without blanks, and in Korean, whose words have endings.
static NOW_CJK: LazyLock<Vec<&str>> = LazyLock::new(|| inner_words(|words| &words.questions.recency));

/// The same, of what is asked about and so looked for as well.
static STATE: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.questions.state));

/// Whether a question says that it is about now.
pub(super) fn is_said(typed: &QuestionSyntax) -> bool {
    let is_in = |forms| find_phrases(&typed.words, forms).next().is_some();
    is_in(&NOW) || is_in(&STATE) || NOW_CJK.iter().any(|form| typed.text.contains(form))
}

/// Leaves what says "now" out of what is looked for, where the scope or anything else of it tells what the question is
/// about. What stands in quotes stays.
pub(super) fn set_aside(concepts: &mut Vec<Concept>, typed: &QuestionSyntax, is_scoped: bool) {
    let said: Vec<Range<usize>> = find_phrases(&typed.words, &NOW).collect();
    let is_now = |concept: &Concept| {
        let is_within =
            |range: &Range<usize>| range.start <= concept.words.start && concept.words.end <= range.end;
        let is_form = said.iter().any(is_within) || NOW_CJK.contains(&first_term(concept));
        is_form && !typed.phrases.iter().any(is_within)
    };
    if is_scoped || concepts.iter().any(|concept| !is_now(concept) && !concept.is_weak()) {
        concepts.retain(|concept| !is_now(concept));
    }
}

/// The words of each form that is said.
fn find_phrases<'w>(
    words: &'w [QuestionWord],
    forms: &'w [&str],
) -> impl Iterator<Item = Range<usize>> + use<'w> {
    let lower: Vec<String> = words.iter().map(|word| word.text.to_lowercase()).collect();
    (0..words.len()).filter_map(move |at| {
        let longest = forms
            .iter()
            .filter(|form| matches_form(form, &lower[at..]))
            .map(|form| form.split(' ').count())
            .max()?;
        Some(at..at + longest).filter(|range| !is_part_of_a_name(words, range))
    })
}

/// "Hacker News" and "New Relic" are names; "What's the Latest on Helm" only has a heading's capitals.
fn is_part_of_a_name(words: &[QuestionWord], form: &Range<usize>) -> bool {
    let is_capital = |at: usize| {
        words.get(at).is_some_and(|word| {
            word.text.starts_with(char::is_uppercase) && word.text.contains(char::is_lowercase)
        })
    };
    let last = form.end - 1;
    let is_behind_one = form.start > 1 && is_capital(form.start) && is_capital(form.start - 1);
    let is_before_one = last > 0 && is_capital(last) && is_capital(form.end);
    is_behind_one || is_before_one
}

/// The pair of letters that a concept of a script without blanks is.
fn first_term(concept: &Concept) -> &str {
    let terms = concept.alternatives.first().map(|alternative| alternative.terms.as_slice());
    match terms {
        Some([term]) => term,
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::question_syntax::parse_syntax;
    use jiff::civil::date;
    use takeaways_search::Alternative;
    use takeaways_text::model::{Event, EventId, PostId, PostKind, Quote, Span};

    fn asks(question: &str, wish: &ScopeOptions) -> bool {
        asks_about_now(&question.parse().expect("a question"), wish, date(2026, 11, 20))
    }

    fn excerpt(published: Option<Date>, event: Option<Event>) -> Excerpt {
        let citation = Citation {
            post: PostId("a.md".into()),
            path: "a.md".into(),
            kind: PostKind::Post,
            title: "A".into(),
            author: None,
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
    fn the_age_of_the_newest_excerpt() {
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
            let question = "what is the latest on eBPF".parse().expect("a question");
            let now = "2026-11-20T00:00:00Z".parse().expect("a time");
            assert_eq!(
                newest_if_old(&question, &ScopeOptions::default(), &excerpts, now),
                expected,
                "{excerpts:?}"
            );
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
        ] {
            assert!(asks(question, &ScopeOptions::default()), "{question}");
        }
    }

    #[test]
    fn questions_about_another_time_or_none() {
        for question in [
            "what did people say about service mesh?",
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
        let wish = ScopeOptions { events: vec!["kubecon-na-2019".into()], ..ScopeOptions::default() };
        assert!(!asks("what is the latest on eBPF", &wish));
        let blank =
            ScopeOptions { events: vec![" ".into()], authors: vec!["Ada".into()], ..ScopeOptions::default() };
        assert!(asks("what is the latest on eBPF", &blank));
    }

    fn concept(typed: &QuestionSyntax, at: usize) -> Concept {
        let text = typed.words[at].text.clone();
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

    /// What is left of a question of which every word is looked for.
    fn remaining_text(question: &str, is_scoped: bool) -> String {
        let typed = parse_syntax(question);
        let mut concepts: Vec<Concept> = (0..typed.words.len()).map(|at| concept(&typed, at)).collect();
        set_aside(&mut concepts, &typed, is_scoped);
        let texts: Vec<&str> = concepts.iter().map(|concept| concept.text.as_str()).collect();
        texts.join(" ")
    }

    #[test]
    fn words_of_now_are_not_looked_for_beside_others() {
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
        ] {
            assert_eq!(remaining_text(question, false), expected, "{question}");
        }
    }

    #[test]
    fn what_is_meant_otherwise_is_looked_for() {
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
                parse_syntax(question)
                    .words
                    .iter()
                    .map(|word| word.text.as_str())
                    .collect::<Vec<_>>()
                    .join(" ")
            );
        }
        assert_eq!(remaining_text("latest news", true), "");
    }
}
