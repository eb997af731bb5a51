//! Tells which form of an answer a question asks for, where its words alone do not.

#[cfg(test)]
mod tests;

use std::ops::Range;
use std::sync::Arc;

use super::advice::asks_for_verdict;
use super::listed_sides::{MAX_SIDES, lists_events};
use super::naming::posts_naming;
use super::origin_scope::take_origin;
use super::{several, trend, version::names_version};
use crate::{
    answer_type::AnswerType,
    candidates::Candidate,
    concepts::Concept,
    engine::{AnswerError, Engine},
    features::Feature,
    freshness::AskedTime,
    parse::thing_places,
    plan::QueryPlan,
    question_syntax::{QuestionSyntax, QuestionWord, blank_out, overlap},
    resolve::{NameRole, asks_for_words, unlisted_conferences},
    shape_words::{is_aspect, is_judgement, is_person_word},
};
use takeaways_corpus::events::EventTable;
use takeaways_corpus::points::{AdviceKind, asked_side};
use takeaways_search::Facets;
use takeaways_text::language;
use takeaways_text::model::{Language, QuestionShape, Shape, Stance, Years};
use takeaways_text::tokens::{folding::fold, is_stop_word};

/// A post covers a question as well as another one if its best sentence has as much of the words, as a share of the other's.
const NEAR_SHARE: f32 = 0.8;
/// The number of passages that tell whether posts have what a question asks for.
const MAX_PASSAGES: usize = 64;
/// A question that only names a thing asks for what posts say of it if as many posts name it.
const MIN_POSTS_ABOUT_THING: usize = 5;
/// How much of a question, by importance, the words of one sentence must tell so that it may be the answer.
const MIN_FACT_COVERAGE: f32 = 0.5;

impl Engine {
    /// The shape of a question. One that only names an event asks for its takeaways, and one for all that an author said asks
    /// for a summary.
    pub(super) fn shape_of(&self, plan: &QueryPlan) -> Result<QuestionShape, AnswerError> {
        let question = &plan.question.syntax;
        let shape = plan.question.shape().clone();
        if let Some(of_worth) = shape_of_worth(plan, &shape) {
            return Ok(QuestionShape { shape: of_worth, ..shape });
        }
        if compares_events(plan, &shape) {
            return Ok(QuestionShape { shape: Shape::Comparison, ..shape });
        }
        if let Some(of_side) = shape_of_side(plan, &shape) {
            return Ok(of_side);
        }
        if !plan.parts.is_empty() && shape.shape == Shape::Summary {
            // What was told on a topic is no whole to sum up.
            return Ok(QuestionShape { shape: Shape::Takeaways, ..shape });
        }
        let has_version = names_version(&question.text);
        // Who asks for takeaways in so many words gets them.
        let may_be_fact = shape.is_estimated || plan.asked_time() == Some(AskedTime::Now);
        if shape.shape == Shape::Takeaways && has_version && may_be_fact {
            return Ok(QuestionShape::default());
        }
        let is_fact = shape.shape == Shape::Fact && shape.unanswerable.is_none();
        if is_fact && counts_people_of_series(plan) {
            return Ok(QuestionShape { shape: Shape::Trend, ..shape });
        }
        // The words of a question for all that an author wrote are like those of one for takeaways or opinions.
        let may_be_of_author = shape.is_estimated && asks_for_words(question);
        if may_be_of_author && self.is_about_author(plan)? {
            return Ok(QuestionShape { shape: Shape::Summary, ..shape });
        }
        if !is_fact || has_version {
            return Ok(shape);
        }
        let facets = self.index().facets(plan.request.now)?;
        let (names_event, asks_for_words) =
            (names_only_an_event(question, &facets), asks_for_words(question));
        if !names_event && !asks_for_words && !shape.is_open {
            return Ok(shape);
        }
        let is_event = names_event && !plan.scope.events.is_empty();
        let is_about_event = is_event && plan.answer_type == AnswerType::Impression;
        let decided = if is_about_event || shape.is_open && self.is_about_thing(plan)? {
            Shape::Takeaways
        } else if asks_for_words && self.is_about_author(plan)? {
            Shape::Summary
        } else {
            Shape::Fact
        };
        Ok(QuestionShape { shape: decided, ..shape })
    }

    /// Whether a broad question about an event asks with its `other_words` for what one place tells: "did Ann Lee think that taking
    /// a laptop is worth it?"
    pub(super) fn is_answered_by_one(
        &self,
        plan: &QueryPlan,
        other_words: &[Concept],
        shape: Shape,
    ) -> Result<bool, AnswerError> {
        let asks_for_advice = || {
            let advice = &language::all().shapes.advice_words;
            plan.question.syntax.words.iter().any(|word| advice.has_word(&word.text))
        };
        let is_of_kind = |word: &Concept| shape == Shape::Advice && asks_for_verdict(word, plan);
        let says_nothing = other_words.iter().all(|word| word.is_weak() || is_of_kind(word));
        if says_nothing || shape == Shape::Advice && asks_for_advice() {
            return Ok(false);
        }
        let words = QueryPlan { concepts: other_words.to_vec(), ..plan.clone() };
        let candidates = self.candidates(&words, MAX_PASSAGES)?;
        if !is_of_one_post(&candidates, shape, false) {
            return Ok(false);
        }
        let (_, confidence) = self.best_line(shape, self.plan_again(plan, NameRole::Subject)?)?;
        Ok(self.is_confident_enough(confidence))
    }

    /// Whether a question only names a thing, or several, of which enough posts tell that it has no single answer.
    fn is_about_thing(&self, plan: &QueryPlan) -> Result<bool, AnswerError> {
        let has_people = !plan.scope.authors.is_empty() || !plan.scope.people.is_empty();
        if has_people || !plan.request.posts.is_empty() {
            return Ok(false);
        }
        let things = things_alone(plan);
        // "How does Acme use Linkerd?" is about both.
        let are_listed = || several::things_listed(plan, &things).len() > 1;
        let are_related = (2..=several::MAX_THINGS).contains(&things.len()) && !are_listed();
        let asked =
            if are_related { vec![things] } else { things.into_iter().map(|thing| vec![thing]).collect() };
        for concepts in asked {
            let plan = QueryPlan { concepts, ..plan.clone() };
            if posts_naming(self.index(), &plan)?.len() >= MIN_POSTS_ABOUT_THING {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether a question names an author, or a blog by the names of its files, and no topic: `what did Jane Doe write about FOSDEM?`
    fn is_about_author(&self, plan: &QueryPlan) -> Result<bool, AnswerError> {
        let mut plan = plan.clone();
        let names_blog = take_origin(self, &mut plan)?;
        // "Over the years" is no topic.
        let trend = QuestionShape { shape: Shape::Trend, ..QuestionShape::default() };
        let has_topic = plan.names_a_topic() || plan.has_topic_beside(&trend);
        let is_open = matches!(plan.answer_type, AnswerType::Impression | AnswerType::Anything);
        let facets = self.index().facets(plan.request.now)?;
        let wrote = |name: &String| facets.speakers.binary_search(name).is_err();
        let names_author = !plan.scope.authors.is_empty() && plan.scope.authors.iter().all(wrote);
        Ok(!has_topic && is_open && (names_blog || names_author))
    }
}

/// The shape of a question whether something is worth it: of an event it asks for advice, "is FOSDEM worth it?", and of a thing for views,
/// "was Loki worth it?" `None` if it asks something else.
fn shape_of_worth(plan: &QueryPlan, shape: &QuestionShape) -> Option<Shape> {
    if AdviceKind::asked(&plan.question.syntax.text) != Some(AdviceKind::Worth) {
        return None;
    }
    let names_event = plan.names_events();
    match shape.shape {
        Shape::Opinions if names_event && !plan.has_topic_beside(shape) => Some(Shape::Advice),
        Shape::Advice if !names_event && names_a_thing(plan) => Some(Shape::Opinions),
        _ => None,
    }
}

/// The shape of a question for what people did not like at an event, or for what not to do there, that no phrase tells: "was hat den
/// Leuten auf der KubeCon nicht gefallen?" `None` if it asks something else.
fn shape_of_side(plan: &QueryPlan, shape: &QuestionShape) -> Option<QuestionShape> {
    let question = &plan.question;
    let is_of_anybody = plan.scope.authors.is_empty() && plan.scope.people.is_empty();
    let asked = if AdviceKind::asked(&question.syntax.text) == Some(AdviceKind::Warning) && is_of_anybody {
        Shape::Advice
    } else {
        // "Points forts" are what was liked, and takeaways too.
        question.asked_side.filter(|side| *side == Stance::Against).map(|_| Shape::Opinions)?
    };
    let is_open = match shape.shape {
        Shape::Fact | Shape::Takeaways => true,
        Shape::List => shape.list_kind.is_none(),
        other => other == asked,
    };
    let may_be_view = matches!(plan.answer_type, AnswerType::Anything | AnswerType::Impression);
    if !is_open || !may_be_view || shape.unanswerable.is_some() || !plan.names_events() {
        return None;
    }
    // "Gefallen", without which it asks nothing, and "Leute" are no topic.
    let is_asking = |concept: &Concept| -> bool {
        let mut rest = question.syntax.text.clone();
        let words = question.syntax.words.get(concept.words.clone()).unwrap_or_default();
        for word in words {
            blank_out(&mut rest, word.range.clone());
        }
        let asks_still = match asked {
            Shape::Advice => AdviceKind::asked(&rest) == Some(AdviceKind::Warning),
            _ => asked_side(&rest) == question.asked_side,
        };
        !asks_still || words.iter().all(|word| is_person_word(&word.text))
    };
    let mut found = QuestionShape { shape: asked, ..shape.clone() };
    let mut topic = plan.concepts.iter().filter(|it| it.is_of_topic(&question.syntax.words, &found));
    if !topic.all(is_asking) {
        return None;
    }
    let words =
        plan.concepts.iter().flat_map(|it| question.syntax.words.get(it.words.clone()).unwrap_or_default());
    found.words.extend(words.map(|word| word.range.clone()));
    Some(found)
}

/// Whether a question without a phrase for it asks how several events that it names differ: "Valencia or Amsterdam, which KubeCon was
/// nicer?"
fn compares_events(plan: &QueryPlan, shape: &QuestionShape) -> bool {
    let question = &plan.question.syntax;
    let compare_words = &language::all().shapes.compare_words;
    matches!(shape.shape, Shape::Fact | Shape::Opinions)
        && shape.unanswerable.is_none()
        && matches!(plan.answer_type, AnswerType::Anything | AnswerType::Impression)
        && (2..=MAX_SIDES).contains(&plan.scope.events.len())
        && lists_events(&question.text)
        && question.words.iter().any(|word| compare_words.has_word(&word.text))
}

/// Whether a question asks how many people come to the conference that most posts are about: each of its years has its number.
fn counts_people_of_series(plan: &QueryPlan) -> bool {
    plan.scope.is_everything() && !plan.series.is_empty() && trend::counts_people(plan)
}

/// The concepts of a plan that are known topics, projects and companies.
pub(super) fn things(plan: &QueryPlan) -> Vec<Concept> {
    let is_thing = is_thing(plan);
    plan.concepts.iter().filter(|concept| is_thing(concept)).cloned().collect()
}

/// Tells whether a concept of a plan is a known topic, project or company.
pub(super) fn is_thing(plan: &QueryPlan) -> impl Fn(&Concept) -> bool + use<> {
    let question = Arc::clone(&plan.question);
    let places = thing_places(&question.syntax.text);
    move |concept| {
        let words = question.syntax.words.get(concept.words.clone()).unwrap_or_default();
        words.iter().all(|word| places.iter().any(|place| overlap(place, &word.range)))
    }
}

/// The concepts of a plan for which nothing was found, if its other words may be left out; else none. They are the known things of
/// a question of which no phrase tells the shape. Of other questions they are what stands before a further clause, as in "what do
/// they make of GitOps, and of a talk from the sofa?", or before what is said of a thing: "is GitOps more pain than gain?"
pub(super) fn without_other_words(plan: &QueryPlan, shape: &QuestionShape) -> Vec<Concept> {
    let is_thing = is_thing(plan);
    let asks_for_views = shape.shape == Shape::Opinions;
    // Whose views are asked for need not be in a post: those of "the more sceptical authors".
    let is_of_views = |word: &str| is_judgement(word) || asked_side(word).is_some();
    let only_judges = |concept: &Concept| asks_for_views && !concept.is_name && is_of_views(&concept.text);
    let mut kept = plan.concepts.clone();
    kept.retain(|concept| is_thing(concept) || !only_judges(concept));
    if shape.is_open || shape.is_estimated {
        kept.retain(&is_thing);
    } else if let Some(last) = kept.iter().rposition(&is_thing) {
        let begins_clause = |pair: &[Concept]| is_clause_between(&pair[0], &pair[1], asks_for_views, plan);
        let end = kept.windows(2).skip(last).position(begins_clause).map(|at| last + at + 1);
        kept.truncate(end.unwrap_or(kept.len()));
    }
    let is_shorter = kept.len() < plan.concepts.len() && kept.iter().any(is_thing);
    if is_shorter { kept } else { Vec::new() }
}

/// Whether a further clause begins between two concepts of a question. If it asks for views, this may be what is said of the first.
fn is_clause_between(before: &Concept, after: &Concept, asks_for_views: bool, plan: &QueryPlan) -> bool {
    let syntax = &plan.question.syntax;
    let text =
        syntax.text_of(&(before.words.end.saturating_sub(1)..after.words.start + 1)).unwrap_or_default();
    let copulas = &plan.language.words().stances.copulas;
    let is_copula = |at: usize| syntax.words.get(at).is_some_and(|word| copulas.has_word(&word.text));
    let between = before.words.end..after.words.start;
    // A concept right after the other one may be one more item of a list.
    let has_words = !between.is_empty();
    let begins_clause = has_words && text.contains([',', '?', ';', '–', '—']);
    // "Is GitOps more pain than gain?"
    let follows_copula = has_words && before.words.start.checked_sub(1).is_some_and(is_copula);
    // "Are they happy with GitOps, or is it oversold?" In "GitOps being sold" more is said of it.
    let is_said_anew = between.skip(1).any(is_copula);
    begins_clause || asks_for_views && (text.contains([':', '?']) || follows_copula || is_said_anew)
}

/// The things that a question names, if it names nothing else beside its scope and what of them it asks for: `anything about eBPF?`,
/// `problems with service meshes`. Else none.
fn things_alone(plan: &QueryPlan) -> Vec<Concept> {
    let question = &plan.question.syntax;
    let takeaways = QuestionShape { shape: Shape::Takeaways, ..QuestionShape::default() };
    let things = things(plan);
    let is_thing = is_thing(plan);
    let is_of_topic = |concept: &&Concept| concept.is_of_topic(&question.words, &takeaways);
    let mut others = plan.concepts.iter().filter(is_of_topic).filter(|concept| !is_thing(concept));
    let names_aspect = |concept: &Concept| {
        let words = question.words.get(concept.words.clone()).unwrap_or_default();
        words.iter().all(|word| is_aspect(&word.text))
    };
    let is_open = matches!(plan.answer_type, AnswerType::Anything | AnswerType::Impression)
        && others.all(names_aspect)
        && !asks_which(question, &things, plan.language);
    if is_open { things } else { Vec::new() }
}

/// Whether a question asks which one of a kind of things belongs to another thing: `which database does Uber use?`
fn asks_which(question: &QuestionSyntax, things: &[Concept], language: Language) -> bool {
    let word = |at: usize| question.words.get(at).map(|word| word.text.to_lowercase());
    let is_kind = |thing: &Concept| {
        let before = thing.words.start.checked_sub(1).and_then(word);
        let after = word(thing.words.end);
        before.is_some_and(|it| language::all().questions.which.contains(it.as_str()))
            && after.is_some_and(|it| is_stop_word(&it, language))
    };
    things.len() > 1 && things.iter().any(is_kind)
}

/// The shape of a comparison without two sides that posts mention: of editions their years, of several things what is said
/// of each, else what people think of them.
pub(super) fn without_sides(plan: &QueryPlan, shape: &QuestionShape) -> Shape {
    let mut plan = plan.clone();
    plan.keep_topic(shape);
    let years = plan.scope.years.map_or(0, |years| years.last - years.first);
    if plan.concepts.is_empty() && (years > 0 || plan.scope.events.len() > 1) {
        Shape::Trend
    } else if several::things_listed(&plan, &plan.concepts).len() > 1 {
        Shape::Takeaways
    } else {
        Shape::Opinions
    }
}

/// Whether a question names an event, and has no other words than those that may stand before it: `tell me about FOSDEM`.
fn names_only_an_event(question: &QuestionSyntax, facets: &Facets) -> bool {
    let listed = EventTable::builtin().mentions(&question.text).into_iter().map(|mention| mention.range);
    let unlisted = unlisted_conferences(question, facets).into_iter().map(|(range, _)| range);
    let names: Vec<Range<usize>> = listed.chain(unlisted).collect();
    let is_named = |word: &QuestionWord| names.iter().any(|name| overlap(&word.range, name));
    let is_other = |word: &&QuestionWord| !is_named(word) && word.text.parse::<Years>().is_err();
    let mut others = question.words.iter().filter(is_other);
    !names.is_empty()
        && others.all(|word| language::all().questions.lead_words.contains(fold(&word.text).as_str()))
}

/// Whether one place answers a question that is worded as a broad one: a single post has a sentence with most of its words. A
/// question for views, takeaways or a list stays a broad one if the `best_is_line`, since its first line then answers it.
pub(super) fn is_of_one_post(candidates: &[Candidate], shape: Shape, best_is_line: bool) -> bool {
    let may_be_fact = match shape {
        Shape::Advice => true,
        Shape::List | Shape::Opinions | Shape::Takeaways => !best_is_line,
        _ => false,
    };
    let directness = |candidate: &Candidate| candidate.features.get(Feature::Direct);
    let Some(best) = candidates.first().filter(|best| directness(best) >= MIN_FACT_COVERAGE) else {
        return false;
    };
    let mut others = candidates.iter().filter(|candidate| candidate.post.id != best.post.id);
    may_be_fact && !others.any(|candidate| directness(candidate) >= NEAR_SHARE * directness(best))
}

/// Whether a question names a thing, and not only what people do at events.
pub(super) fn names_a_thing(plan: &QueryPlan) -> bool {
    plan.names_a_topic() || plan.concepts.iter().any(|concept| concept.is_name)
}
