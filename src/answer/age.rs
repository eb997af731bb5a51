//! Whether an answer to a question about now is old.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _, tz::TimeZone};

use super::asked::fits;
use super::scope::Wish;
use super::typed::{Typed, take_apart};
use super::years;
use crate::corpus::events::EventTable;
use crate::model::{Excerpt, Question};

/// With what people ask about now, in the languages of the posts; `*` stands for any one word. Words that as often mean
/// something else are left out: "last" (day), "noch" (something), "toujours" (always), "ora" (hour).
const NOW: &[&str] = &[
    "now",
    "today",
    "todays",
    "today's",
    "current",
    "currently",
    "nowadays",
    "latest",
    "newest",
    "recent",
    "recently",
    "still",
    "these days",
    "at the moment",
    "state of",
    "what is new",
    "what's new",
    "whats new",
    "jetzt",
    "heute",
    "heutzutage",
    "aktuell",
    "aktuelle",
    "aktuellen",
    "aktueller",
    "aktuelles",
    "derzeit",
    "zurzeit",
    "momentan",
    "inzwischen",
    "mittlerweile",
    "neueste",
    "neuesten",
    "neuester",
    "neuestes",
    "immer noch",
    "im moment",
    "stand der",
    "stand von",
    "maintenant",
    "aujourd'hui",
    "actuellement",
    "actuel",
    "actuelle",
    "actuels",
    "actuelles",
    "récent",
    "récente",
    "récents",
    "récentes",
    "récemment",
    "en ce moment",
    "de nos jours",
    "l'état de",
    "l'état du",
    "l'état des",
    "ahora",
    "hoy",
    "actualmente",
    "actual",
    "actuales",
    "reciente",
    "recientes",
    "recientemente",
    "todavía",
    "estado de",
    "estado del",
    "agora",
    "hoje",
    "atualmente",
    "atual",
    "atuais",
    "recente",
    "recentes",
    "recentemente",
    "ainda",
    "estado da",
    "estado do",
    "adesso",
    "oggi",
    "attualmente",
    "attuale",
    "attuali",
    "recenti",
    "al momento",
    "stato di",
    "stato del",
    "stato della",
    "nu",
    "vandaag",
    "momenteel",
    "tegenwoordig",
    "huidige",
    "nieuwste",
    "onlangs",
    "nog steeds",
    "stand van",
];

/// The same in scripts without blanks, and in Korean, whose words have endings.
const NOW_CJK: &[&str] = &[
    "現在",
    "最近",
    "最新",
    "今は",
    "今の",
    "今でも",
    "现在",
    "目前",
    "如今",
    "当前",
    "今天",
    "지금",
    "현재",
    "최근",
    "최신",
    "요즘",
    "아직",
];

/// The day of the newest excerpt, where the question asks about now and that day is more than a year past: `None`
/// where there is nothing to be said of the answer's age.
#[must_use]
pub fn newest(question: &Question, wish: &Wish, excerpts: &[Excerpt], now: Timestamp) -> Option<Date> {
    let today = now.to_zoned(TimeZone::UTC).date();
    let newest = excerpts.iter().filter_map(|excerpt| excerpt.citation.date).max()?;
    let is_old = newest.checked_add(1.year()).is_ok_and(|then| then < today);
    (is_old && asks_about_now(question, wish, today)).then_some(newest)
}

/// Whether a question is about now. One that says itself which year or which event of a year it is about is not:
/// "the state of storage in 2018".
fn asks_about_now(question: &Question, wish: &Wish, today: Date) -> bool {
    let typed = take_apart(question.text());
    says_now(&typed) && !says_when(&typed, wish, today)
}

fn says_now(typed: &Typed) -> bool {
    let lower: Vec<String> = typed.words.iter().map(|word| word.text.to_lowercase()).collect();
    (0..lower.len()).any(|at| NOW.iter().any(|form| fits(form, &lower[at..])))
        || NOW_CJK.iter().any(|form| typed.text.contains(form))
}

fn says_when(typed: &Typed, wish: &Wish, today: Date) -> bool {
    !wish.is_undated()
        || !typed.events.is_empty()
        || !typed.years.is_empty()
        || years::named(&typed.words, today.year(), &|_| false).is_some()
        || EventTable::builtin().mentions(&typed.text).iter().any(|mention| mention.year.is_some())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    fn asks(question: &str, wish: &Wish) -> bool {
        asks_about_now(&question.parse().expect("a question"), wish, date(2026, 11, 20))
    }

    #[test]
    fn questions_about_now() {
        for question in [
            "What do people think of service mesh now?",
            "what is the latest on eBPF",
            "What's new in GitOps?",
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
            assert!(asks(question, &Wish::default()), "{question}");
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
            "what is a snowball? event:kubecon-na-2019 now",
        ] {
            assert!(!asks(question, &Wish::default()), "{question}");
        }
        let wish = Wish { events: vec!["kubecon-na-2019".into()], ..Wish::default() };
        assert!(!asks("what is the latest on eBPF", &wish));
        let blank = Wish { events: vec![" ".into()], authors: vec!["Ada".into()], ..Wish::default() };
        assert!(asks("what is the latest on eBPF", &blank));
    }
}
