//! Words of a question beside what it asks about: asides in brackets, examples, statements, and questions after the one that tells its shape.

use std::ops::Range;

use super::shape;
use crate::{
    circumstances::{asides, clauses},
    concepts::{Concept, begins_sentence},
    plan::QueryPlan,
    question_syntax::{QuestionWord, contains, overlap},
};
use takeaways_corpus::events::EventTable;
use takeaways_text::tokens::is_any_stop_word;

/// Leaves out the concepts that are no topic of a broad question, if others stay.
pub(super) fn leave_out_beside(plan: &mut QueryPlan) {
    leave_out_asides(plan);
    leave_out_statements(plan);
    leave_out_aspects(plan);
}

/// The topics that a question has if less of its words are of it, the widest first: those without what stands beside the sentences that tell
/// its shape, and of the first sentence. "How was KubeCon EU 2019? I heard of a queue" asks how it was.
pub(super) fn topics_of_sentences(plan: &QueryPlan) -> Vec<Vec<Concept>> {
    let sentences = Sentences::of(plan);
    let is_thing = shape::is_thing(plan);
    let may_be_asked = |topic: &Vec<Concept>| {
        let names = topic.iter().any(|concept| concept.is_name || is_thing(concept));
        names || plan.names_scope() && (!topic.is_empty() || sentences.name_event(plan))
    };
    // A question before may have what the telling one is about.
    let asking = [sentences.telling.as_slice(), &sentences.others].concat();
    let first = asking.first().filter(|_| sentences.others.is_empty()).map(|first| vec![first.clone()]);
    let mut topics = vec![plan.concepts.clone()];
    for part in std::iter::once(asking).chain(first) {
        let topic = concepts_within(&part, plan);
        if topics.last().is_some_and(|wider| topic.len() < wider.len()) && may_be_asked(&topic) {
            topics.push(topic);
        }
    }
    topics.split_off(1)
}

/// The topic of a question if only the first clause that names something has it: "security over time, from afterthought to fashion" asks
/// about security. `None` if no other clause has more of the topic.
pub(super) fn topic_of_clause(plan: &QueryPlan) -> Option<Vec<Concept>> {
    let is_thing = shape::is_thing(plan);
    let asked = concepts_within(&Sentences::of(plan).telling, plan);
    let first = asked.iter().find(|concept| concept.is_name || is_thing(concept))?;
    let clauses = clauses(&plan.question.syntax);
    let clause = clauses.iter().find(|clause| clause.contains(&first.words.start))?;
    Some(concepts_within(std::slice::from_ref(clause), plan)).filter(|it| it.len() < plan.concepts.len())
}

/// The concepts of a plan that stand in some parts of its question.
fn concepts_within(parts: &[Range<usize>], plan: &QueryPlan) -> Vec<Concept> {
    let is_within = |concept: &&Concept| parts.iter().any(|part| part.contains(&concept.words.start));
    plan.concepts.iter().filter(is_within).cloned().collect()
}

/// The sentences of a question.
struct Sentences {
    /// Those that tell its shape.
    telling: Vec<Range<usize>>,
    /// Statements, and questions after those.
    beside: Vec<Range<usize>>,
    /// Questions before those.
    others: Vec<Range<usize>>,
}

impl Sentences {
    fn of(plan: &QueryPlan) -> Self {
        let syntax = &plan.question.syntax;
        // All the words of a shape that phrases do not tell may be common ones.
        let told = plan.question.told_shape().words;
        let shape_words = if told.is_empty() { plan.question.shape().words.clone() } else { told };
        let tells = |sentence: &Range<usize>| {
            let bytes = syntax.bytes_of(sentence).unwrap_or_default();
            shape_words.iter().any(|words| overlap(words, &bytes))
        };
        let is_question = |sentence: &Range<usize>| {
            let end = syntax.bytes_of(sentence).unwrap_or_default().end;
            let next = syntax.words.get(sentence.end).map_or(syntax.text.len(), |word| word.range.start);
            syntax.text.get(end..next).unwrap_or_default().contains('?')
        };
        let sentences = syntax.runs(|at| begins_sentence(syntax, at));
        let (telling, rest): (Vec<_>, Vec<_>) = sentences.into_iter().partition(tells);
        let last = telling.last().map(|sentence| sentence.start);
        let is_after = |sentence: &Range<usize>| last.is_some_and(|last| last < sentence.start);
        let (beside, others) = rest.into_iter().partition(|it| !is_question(it) || is_after(it));
        Self { telling, beside, others }
    }

    /// Whether those that tell the shape name an event.
    fn name_event(&self, plan: &QueryPlan) -> bool {
        let syntax = &plan.question.syntax;
        let mentions = EventTable::builtin().mentions(&syntax.text);
        let told = self.telling.iter().filter_map(|sentence| syntax.bytes_of(sentence));
        told.into_iter().any(|bytes| mentions.iter().any(|it| overlap(&it.range, &bytes)))
    }
}

/// Leaves statements, and questions after the one that tells the shape, out of the other words of a question that names its event in that
/// one: what they say decides nothing.
pub(super) fn leave_out_other_sentences(other_words: &mut Vec<Concept>, plan: &QueryPlan) {
    let sentences = Sentences::of(plan);
    if sentences.name_event(plan) {
        other_words.retain(|it| !sentences.beside.iter().any(|beside| beside.contains(&it.words.start)));
    }
}

/// Leaves out what stands in brackets behind a topic or within it: the "queues, coffee" of "meals (queues, coffee)" only say what may
/// be told. Where nothing else is a topic, what begins with a word of grammar says which event is meant: "the summits (the ones of a
/// foundation)".
fn leave_out_asides(plan: &mut QueryPlan) {
    let syntax = &plan.question.syntax;
    let asides = asides(&syntax.text);
    let aside_of = |concept: &Concept| {
        let bytes = syntax.bytes_of(&concept.words)?;
        asides.iter().find(|aside| contains(aside, &bytes))
    };
    if plan.concepts.iter().any(|concept| aside_of(concept).is_none()) {
        plan.concepts.retain(|concept| aside_of(concept).is_none());
    } else if plan.names_scope() {
        let first_word = |aside: &Range<usize>| syntax.words.iter().find(|it| contains(aside, &it.range));
        let describes =
            |aside: &Range<usize>| first_word(aside).is_some_and(|word| is_any_stop_word(&word.text));
        plan.concepts.retain(|concept| !aside_of(concept).is_some_and(describes));
    }
}

/// Leaves out the concepts of statements beside the sentences that tell the shape, and of questions after them, if others stay, but for
/// names and known things: the "stories" of "I collect swag stories. Which goodies did people bring home?" After a sentence that names
/// such a thing itself, they are examples too: "what do people say about meshes? Istio, Linkerd?"
fn leave_out_statements(plan: &mut QueryPlan) {
    let syntax = &plan.question.syntax;
    let Sentences { telling, beside, others } = Sentences::of(plan);
    let is_thing = shape::is_thing(plan);
    let is_in = |sentences: &[Range<usize>], concept: &Concept| {
        !concept.words.is_empty() && sentences.iter().any(|it| it.contains(&concept.words.start))
    };
    let names = |concept: &Concept| concept.is_name || is_thing(concept);
    // "I give a talk. How did others feel about theirs?" But the "them" of "I hear of service meshes. Do people like them?" are these.
    let words = &plan.language.words().conversation;
    let points = |word: &QuestionWord| {
        [&words.persons, &words.things, &words.people_things].iter().any(|list| list.has_word(&word.text))
    };
    let mut asking = telling.iter().chain(&others).cloned().flatten().filter_map(|at| syntax.words.get(at));
    let names_beside = plan.concepts.iter().any(|concept| is_in(&beside, concept) && names(concept));
    if asking.any(points) && !names_beside {
        return;
    }
    let first = telling.first().map_or(usize::MAX, |sentence| sentence.start);
    let names_thing = plan.concepts.iter().any(|concept| is_in(&telling, concept) && names(concept));
    let is_example = |concept: &Concept| names_thing && concept.words.start > first;
    let is_kept = |concept: &&Concept| !is_in(&beside, concept) || names(concept) && !is_example(concept);
    let kept: Vec<Concept> = plan.concepts.iter().filter(is_kept).cloned().collect();
    let has_question = !telling.is_empty() || !others.is_empty();
    if has_question && !kept.is_empty() {
        plan.concepts = kept;
    }
}

/// Leaves out what stands behind a dash at the end of a question that has a topic before it: the "worries" of "what was said about disks -
/// tools, worries?" only say what may be told. Names and known things stay where the topic before has none, or
/// where no phrase before tells the shape.
fn leave_out_aspects(plan: &mut QueryPlan) {
    let syntax = &plan.question.syntax;
    let dash = [" - ", " – ", " — "].iter().filter_map(|dash| syntax.text.rfind(dash)).max();
    let told = plan.question.told_shape().words;
    let tells_shape = |dash: &usize| told.iter().any(|words| words.start > *dash);
    let Some(dash) = dash.filter(|dash| !tells_shape(dash)) else { return };
    let is_behind = |concept: &Concept| syntax.bytes_of(&concept.words).is_some_and(|it| it.start > dash);
    let is_thing = shape::is_thing(plan);
    let names = |concept: &Concept| concept.is_name || is_thing(concept);
    let names_thing =
        !told.is_empty() && plan.concepts.iter().any(|concept| !is_behind(concept) && names(concept));
    let is_kept = |concept: &&Concept| !is_behind(concept) || names(concept) && !names_thing;
    let kept: Vec<Concept> = plan.concepts.iter().filter(is_kept).cloned().collect();
    if kept.iter().any(|concept| !is_behind(concept)) {
        plan.concepts = kept;
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{engine_of_posts, engine_of_recaps};
    use crate::{engine::Engine, plan::QueryPlan, resolve::NameRole, samples::request};
    use takeaways_text::model::Answer;

    /// The plan with the topic of a question.
    fn plan_of(engine: &Engine, question: &str) -> QueryPlan {
        let mut plan = engine.plan(&request(question), NameRole::Subject).expect("a plan");
        plan.keep_topic(&plan.question.shape().clone());
        plan
    }

    /// What is kept of the topic of a question.
    fn kept(engine: &Engine, question: &str, leave_out: fn(&mut QueryPlan)) -> Vec<String> {
        let mut plan = plan_of(engine, question);
        leave_out(&mut plan);
        plan.concepts.into_iter().map(|concept| concept.text).collect()
    }

    #[test]
    fn what_a_question_asks_for_is_not_in_the_statements_around() {
        let engine = engine_of_posts();
        for (question, expected) in [
            ("I collect stories. What do people think of meals?", &["meals"][..]),
            ("What do people think of meals? I collect stories.", &["meals"]),
            ("Are meals free? What do people say about seats?", &["meals", "free", "seats"]),
            ("I collect seats. What do people say about their meals?", &["collect", "seats", "meals"]),
            ("I collect Istio. What do people say about its meals?", &["Istio", "meals"]),
            ("My boss likes Istio. What do people think of meals?", &["Istio", "meals"]),
            ("What do people think of meals? Are seats free?", &["meals"]),
            ("What do people think of Helm? Is Istio free?", &["Helm"]),
            ("What do people think of meals? Is Istio free?", &["meals", "Istio"]),
            ("meals in St. Louis: what do people think?", &["meals", "St", "Louis"]),
        ] {
            assert_eq!(kept(&engine, question, super::leave_out_statements), expected, "{question}");
        }
    }

    #[test]
    fn what_stands_behind_a_dash_is_no_topic_unless_it_names_a_thing() {
        let engine = engine_of_posts();
        for (question, expected) in [
            ("what was said about meals - seats, stories?", &["meals"][..]),
            ("what was said about meals - seats, Istio?", &["meals", "Istio"]),
            ("what do people think of Helm - seats, Istio?", &["Helm"]),
            ("what was said - meals, seats?", &["meals", "seats"]),
            ("meals and seats - what was said?", &["meals", "seats"]),
            ("meals - what do the posts say about seats?", &["meals", "seats"]),
        ] {
            assert_eq!(kept(&engine, question, super::leave_out_aspects), expected, "{question}");
        }
    }

    #[test]
    fn what_stands_in_brackets_is_no_topic_beside_one() {
        let engine = engine_of_posts();
        for (question, expected) in [
            ("meals (seats, Istio): what do people think?", &["meals"][..]),
            ("takeaways (meals, seats)", &["meals", "seats"]),
            ("takeaways from KubeCon EU 2018 (meals)", &["meals"]),
            ("takeaways from KubeCon EU 2018 (the one with the meals)", &[]),
        ] {
            assert_eq!(kept(&engine, question, super::leave_out_asides), expected, "{question}");
        }
    }

    #[test]
    fn where_nothing_is_on_all_of_it_less_is_asked() {
        let engine = engine_of_posts();
        let topics = |question: &str| -> Vec<Vec<String>> {
            let plan = plan_of(&engine, question);
            let topics = super::topics_of_sentences(&plan).into_iter().chain(super::topic_of_clause(&plan));
            topics.map(|topic| topic.into_iter().map(|concept| concept.text).collect()).collect()
        };
        assert_eq!(topics("how was KubeCon EU 2018? I heard of cold meals"), [vec![""; 0]]);
        assert_eq!(topics("service meshes over time, cold meals, seats"), [["service meshes"]]);
        let with_question_before = "are meals free? what do people think of it at KubeCon EU 2018?";
        for question in [with_question_before, "what do people think of meals, seats?"] {
            assert_eq!(topics(question), [[""; 0]; 0], "{question}");
        }
    }

    #[test]
    fn a_part_of_a_question_is_answered_where_nothing_is_on_all_of_it() {
        let recaps = [
            ("Ada", "For me KubeCon was a great event, because most people could choose what they eat."),
            ("Bea", "I think that Helm is great, because nobody had to wait for more than a minute."),
            ("Cem", "Most teams should look at Istio first, because it is easier to debug than others."),
            ("Dan", "I like Helm, because most teams should have an easier start than with plain files."),
        ];
        let engine = engine_of_recaps(&recaps);
        for (question, is_answered, is_partial) in [
            (
                "what are the main takeaways of KubeCon EU 2018? I heard of dragons about the castle",
                true,
                true,
            ),
            ("what do people think of Helm, or of dragons in a castle", true, false),
            ("what do people think of dragons? I heard of a castle", false, false),
        ] {
            let answer = engine.answer(&request(question)).expect("an answer");
            let overview = match &answer {
                Answer::Overview(overview) => Some(overview),
                _ => None,
            };
            assert_eq!(overview.is_some(), is_answered, "{question}: {answer:?}");
            assert_eq!(overview.is_some_and(|it| it.is_partial), is_partial, "{question}: {answer:?}");
        }
    }
}
