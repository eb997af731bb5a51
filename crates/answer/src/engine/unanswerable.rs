//! Tells which questions recaps can't answer, and which excerpts answer one of them all the same.

use super::mentions_rarest;
use crate::{
    amount::is_price_in, answer_type::AnswerType, candidates::Candidate, concepts::Concept,
    freshness::AskedTime, plan::QueryPlan,
};
use takeaways_text::language::{self, WordList};
use takeaways_text::model::{Missing, Unanswerable, Years};

/// Why recaps can't answer a question of this kind.
pub(super) fn find_unanswerable(plan: &QueryPlan) -> Option<Unanswerable> {
    match plan.request.subject {
        None => {
            let coming = || asks_for_coming_event(plan).then_some(Unanswerable::Future);
            let is_meant =
                |reason: &Unanswerable| *reason != Unanswerable::Future || !is_about_past_event(plan);
            plan.question.shape().unanswerable.filter(is_meant).or_else(coming)
        }
        // Names ask for nothing else.
        Some(_) => None,
    }
}

/// Whether recaps can't hold what a question asks for, however well a passage fits its words.
pub(crate) fn can_not_be_answered(plan: &QueryPlan, best: Option<&Candidate>) -> bool {
    let reason = find_unanswerable(plan);
    let is_refused = |best: &Candidate| reason.is_some_and(|reason| !answers_anyway(reason, plan, best));
    asks_for_coming_event(plan) || has_no_recaps(plan) || best.is_some_and(is_refused)
}

/// Whether a question is about a time that is told from today and that no recap is from: "last month". A year or a month of
/// a year may be written in a post, but these words mean another time there.
fn has_no_recaps(plan: &QueryPlan) -> bool {
    plan.missing.iter().any(is_told_from_today)
}

/// Whether a time that no recap is from is told from today: "last month".
pub(crate) fn is_told_from_today(missing: &Missing) -> bool {
    matches!(missing, Missing::Years(words) if !words.contains(char::is_numeric))
}

/// Whether a candidate answers a question of a kind that recaps mostly can't answer.
fn answers_anyway(reason: Unanswerable, plan: &QueryPlan, best: &Candidate) -> bool {
    match reason {
        // Where somebody lives is nobody's business, whatever stands beside the name.
        Unanswerable::Personal => false,
        // A recap of an event may tell what was best there, or how the weather was, but not how it is now.
        Unanswerable::Best => !plan.scope.is_everything(),
        Unanswerable::Weather => !plan.scope.is_everything() && plan.asked_time().is_none(),
        Unanswerable::Price => {
            // A price needs no word for it, but it is that of something.
            let prices = &language::all().questions.prices;
            let is_thing = |concept: &Concept| !concept.is_weak() && !prices.has_word(&concept.text);
            let names_thing = plan.concepts.iter().any(is_thing);
            let is_of_it = names_thing && mentions_rarest(plan, best) && covers_all(plan, best, prices);
            is_of_it && is_price_in(text_of(best))
        }
        // A recap may tell what somebody expects of a thing, but then it has all words of the question.
        Unanswerable::Future => {
            // "Soon" tells no topic.
            let upcoming = &language::all().questions.upcoming;
            names_subject(plan) && covers_all(plan, best, upcoming) || covers_future(plan, best)
        }
        // "What time is it?" is about nothing.
        Unanswerable::Schedule => !plan.concepts.iter().all(Concept::is_weak),
        // The words of a question alone tell little of what a recap may hold: what something is it may say of what no table has. But
        // any recap may tell a joke.
        Unanswerable::Other => {
            let names_thing = names_subject(plan)
                || !plan.scope.people.is_empty()
                || plan.answer_type == AnswerType::Meaning && !plan.concepts.iter().all(Concept::is_weak);
            names_thing && covers_all(plan, best, &WordList::default())
        }
    }
}

fn text_of(candidate: &Candidate) -> &str {
    candidate.post.body.text.get(candidate.span.start()..candidate.span.end()).unwrap_or_default()
}

/// The least coverage of a concept by a candidate that has the word itself.
const MIN_WORD_COVERAGE: f32 = 0.5;

/// The least number and share of the words of a question for what will be, for an answer that only looks ahead.
const MIN_FUTURE_WORDS: usize = 3;
const MIN_FUTURE_SHARE: f32 = 0.7;

/// Whether a candidate has each word of the question that tells its topic, but for some.
fn covers_all(plan: &QueryPlan, candidate: &Candidate, but_for: &WordList) -> bool {
    let mut concepts = plan.concepts.iter().zip(&candidate.concept_coverage);
    concepts.all(|(concept, coverage)| {
        concept.is_weak() || *coverage >= MIN_WORD_COVERAGE || but_for.has_word(&concept.text)
    })
}

/// Whether a candidate has so much of a question for what will be that it is about the same, and not by a single word: "which tools
/// will not fix a broken culture". What an event or a year that no recap is from will bring, it can't tell.
fn covers_future(plan: &QueryPlan, candidate: &Candidate) -> bool {
    let pairs = plan.concepts.iter().zip(&candidate.concept_coverage);
    let covered = pairs.filter(|(concept, coverage)| !concept.is_weak() && **coverage >= MIN_WORD_COVERAGE);
    // What will be ten years from now, or next year, no recap knows.
    plan.missing.is_empty()
        && plan.asked_time().is_none()
        && covered.count() >= MIN_FUTURE_WORDS
        && candidate.own_words.share_with_names(&plan.concepts) >= MIN_FUTURE_SHARE
}

/// Whether a question names an event, an author, or a thing that recaps mention.
pub(super) fn names_subject(plan: &QueryPlan) -> bool {
    plan.names_events() || !plan.scope.authors.is_empty() || plan.names_a_topic()
}

/// Whether a question names a year in the past, and all events that it is about were held before this one: "where will Curry On 2019 be?"
/// asks for what is past by now.
fn is_about_past_event(plan: &QueryPlan) -> bool {
    let this_year = plan.request.today().year();
    let names_year = || plan.question.syntax.words.iter().any(|word| word.text.parse::<Years>().is_ok());
    let mut years = plan.events.iter().chain(&plan.listed).map(|event| event.year).peekable();
    years.peek().is_some() && years.all(|year| year.is_some_and(|year| year < this_year)) && names_year()
}

/// Whether a question asks only when or where an event will be, and the table of events does not know. A recap that says it looked ahead
/// to what is past by now.
fn asks_for_coming_event(plan: &QueryPlan) -> bool {
    plan.asks_for_place_or_days
        && plan.listed.is_empty()
        && plan.asked_time() == Some(AskedTime::Coming)
        && !is_about_past_event(plan)
}
