//! Tells whether a question asks about now ("latest", "these days", "any news") or about what comes ("upcoming"), and
//! whether its excerpts are old. Their excerpts are sorted by date.
//!
//! Recency words limit the age of an answer and are not searched: posts of any age contain them.

use crate::{
    concepts::Concept,
    question_forms::QuestionForms,
    question_names::is_within,
    question_syntax::{QuestionSyntax, QuestionWord},
    resolve::{ScopeOptions, next_word},
    times::find_times,
};
use jiff::{ToSpan as _, civil::Date};
use std::{cmp::Reverse, ops::Range, sync::LazyLock};
use takeaways_corpus::events::EventTable;
use takeaways_text::{
    language::{all_words, inner_words},
    model::{Citation, Excerpt, ExcerptDate},
    phrases::PhraseTable,
};

/// Returns the date of the newest excerpt, if the answer must tell its age: the question asks about what comes, which no
/// recap tells, or it asks about now and the date is more than a year ago. `None` also if the date of an excerpt is not
/// known.
pub fn newest_to_state(asked: Option<AskedTime>, excerpts: &[Excerpt], today: Date) -> Option<ExcerptDate> {
    let dates: Vec<ExcerptDate> =
        excerpts.iter().map(|excerpt| excerpt_date(&excerpt.citation)).collect::<Option<_>>()?;
    let newest = newest_date(&dates)?;
    match asked? {
        AskedTime::Now => is_old(newest, today).then_some(newest),
        AskedTime::Coming => Some(newest),
    }
}

/// Sorts the excerpts of a question about now or about what comes by date, the newest first and those without a date last.
/// The excerpts of other questions keep their order.
pub fn sort_newest_first(excerpts: &mut [Excerpt], asked: Option<AskedTime>) {
    if asked.is_some() {
        excerpts.sort_by_key(|excerpt| Reverse(day_of(excerpt)));
    }
}

/// The day of an excerpt; the last one of its year, if only that is known.
pub(crate) fn day_of(excerpt: &Excerpt) -> Option<Date> {
    excerpt_date(&excerpt.citation).and_then(last_day)
}

/// Returns the day on which a post was published, else the date of its event.
fn excerpt_date(citation: &Citation) -> Option<ExcerptDate> {
    let event = citation.event.as_ref();
    let day = citation.date.or_else(|| event.and_then(|event| event.end.or(event.start)));
    day.map(ExcerptDate::Day).or_else(|| event.and_then(|event| event.year).map(ExcerptDate::Year))
}

/// Returns the last day of the last year; only the year if one of its dates has no day.
fn newest_date(dates: &[ExcerptDate]) -> Option<ExcerptDate> {
    let year = dates.iter().map(|date| date.year()).max()?;
    let of_year = dates.iter().filter(|date| date.year() == year);
    let days: Option<Vec<Date>> = of_year.map(|date| date.day()).collect();
    Some(days.and_then(|days| days.into_iter().max()).map_or(ExcerptDate::Year(year), ExcerptDate::Day))
}

/// Returns the day of a date; without one, the last day of its year.
fn last_day(date: ExcerptDate) -> Option<Date> {
    date.day().or_else(|| Date::new(date.year(), 12, 31).ok())
}

/// Whether a date is more than a year ago.
fn is_old(date: ExcerptDate, today: Date) -> bool {
    last_day(date).and_then(|day| day.checked_add(1.year()).ok()).is_some_and(|limit| limit < today)
}

/// The time that a question without a date asks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedTime {
    /// The present: "latest", "these days".
    Now,
    /// What comes: "upcoming", "the next KubeCon".
    Coming,
}

/// Returns the time that a question asks about. A question that names a year, or an event of a year, asks about neither:
/// "the state of storage in 2018".
pub fn asked_time(syntax: &QuestionSyntax, options: &ScopeOptions, today: Date) -> Option<AskedTime> {
    let asked = if has_coming_words(syntax) {
        AskedTime::Coming
    } else if has_recency_words(syntax) {
        AskedTime::Now
    } else {
        return None;
    };
    (!names_time(syntax, options, today)).then_some(asked)
}

fn names_time(syntax: &QuestionSyntax, options: &ScopeOptions, today: Date) -> bool {
    !options.is_undated()
        || !syntax.events.is_empty()
        || !syntax.years.is_empty()
        || !find_times(&syntax.text, &[], today).is_empty()
        || EventTable::builtin().mentions(&syntax.text).iter().any(|mention| mention.year.is_some())
}

/// The phrases of questions about now. Words that often mean something else are not in the lists: "last" (day), "noch" (something),
/// "toujours" (always), "ora" (hour).
static RECENCY_PHRASES: LazyLock<QuestionForms> =
    LazyLock::new(|| QuestionForms::new(|words| &words.questions.recency));

/// Phrases such as "state of", which are searched too.
static STATE_PHRASES: LazyLock<PhraseTable<()>> =
    LazyLock::new(|| all_words(|words| &words.questions.state).into_iter().collect());

/// Phrases of questions about what comes.
static COMING_PHRASES: LazyLock<QuestionForms> =
    LazyLock::new(|| QuestionForms::new(|words| &words.questions.upcoming));

/// Words for the coming edition of an event in scripts without blanks, and in Korean.
static CJK_NEXT: LazyLock<Vec<&str>> = LazyLock::new(|| inner_words(|words| &words.questions.next));

/// Whether a question has words that ask about what comes.
fn has_coming_words(syntax: &QuestionSyntax) -> bool {
    if has_form(&COMING_PHRASES, syntax) {
        return true;
    }
    let mentions = EventTable::builtin().mentions(&syntax.text);
    let mut series = mentions.iter().filter(|mention| mention.series.is_some()).peekable();
    series.peek().is_some() && CJK_NEXT.iter().any(|next| syntax.text.contains(next))
        || series.any(|mention| next_word(&mention.range, &syntax.words).is_some())
}

/// Whether a question has words that ask about now.
fn has_recency_words(syntax: &QuestionSyntax) -> bool {
    has_form(&RECENCY_PHRASES, syntax) || find_phrases(&syntax.words, &STATE_PHRASES).next().is_some()
}

/// Whether a question has a form that is not a part of a name.
fn has_form(forms: &QuestionForms, syntax: &QuestionSyntax) -> bool {
    find_phrases(&syntax.words, &forms.whole).next().is_some() || forms.are_inside(&syntax.text)
}

/// Drops the concepts of recency words if the scope or another concept tells what the question is about. Quoted words
/// stay.
pub(super) fn drop_recency_words(concepts: &mut Vec<Concept>, syntax: &QuestionSyntax, is_scoped: bool) {
    let phrases: Vec<Range<usize>> = [&*RECENCY_PHRASES, &COMING_PHRASES]
        .into_iter()
        .flat_map(|forms| find_phrases(&syntax.words, &forms.whole))
        .collect();
    let is_recency = |concept: &Concept| {
        let is_phrase = is_within(concept, &phrases) || RECENCY_PHRASES.inner.contains(&only_term(concept));
        is_phrase && !is_within(concept, &syntax.phrases)
    };
    if is_scoped || concepts.iter().any(|concept| !is_recency(concept) && !concept.is_weak()) {
        concepts.retain(|concept| !is_recency(concept));
    }
}

/// Finds the words of each phrase that is not a part of a name.
fn find_phrases<'w>(
    words: &'w [QuestionWord],
    phrases: &'w PhraseTable<()>,
) -> impl Iterator<Item = Range<usize>> + use<'w> {
    let lower: Vec<String> = words.iter().map(|word| word.text.to_lowercase()).collect();
    (0..words.len()).filter_map(move |at| {
        let (longest, ()) = phrases.matches_at(lower.as_slice(), at).next()?;
        Some(at..at + longest).filter(|range| !is_part_of_a_name(words, range))
    })
}

/// Whether a phrase is a part of a name such as "Hacker News" or "New Relic". "What's the Latest on Helm" only has the
/// capitals of a heading.
fn is_part_of_a_name(words: &[QuestionWord], phrase: &Range<usize>) -> bool {
    let is_capital = |at: usize| {
        words.get(at).is_some_and(|word| {
            word.text.starts_with(char::is_uppercase) && word.text.contains(char::is_lowercase)
        })
    };
    let (first, last) = (phrase.start, phrase.end - 1);
    let continues_name = first > 1 && is_capital(first) && is_capital(first - 1);
    let begins_name = last > 0 && is_capital(last) && is_capital(phrase.end);
    continues_name || begins_name
}

/// Returns the term of a concept whose first form is one term: a pair of letters in scripts without blanks.
fn only_term(concept: &Concept) -> &str {
    let terms = concept.alternatives.first().map(|alternative| alternative.terms.as_slice());
    match terms {
        Some([term]) => term,
        _ => "",
    }
}

#[cfg(test)]
mod tests;
