//! The topic of an overview, as the question words it.

use std::ops::Range;

use super::{
    beside_topic::{leave_out_beside, leave_out_other_sentences},
    days::names_part,
    naming::joined_concepts,
    several, shape,
    shape::names_a_thing,
};
use crate::{
    concepts::Concept,
    parse::thing_places,
    plan::{QueryPlan, names_thing},
    question_syntax::{QuestionWord, overlap},
    shape_words::{is_aspect, is_done_word, is_event_word, is_judgement, is_word_of_attendee},
};
use takeaways_corpus::events::EventTable;
use takeaways_corpus::points::AdviceAudience;
use takeaways_text::language;
use takeaways_text::model::Shape;
use takeaways_text::question_shape::estimate::ShapeWords;
use takeaways_text::tokens::folding::fold;
use takeaways_text::tokens::{is_stop_word, strip_genitive};

/// The maximum number of words from "about" to the last word of what a broad question is about.
const MAX_TOPIC_WORDS: usize = 3;

/// Leaves out those concepts of a broad question that are common in such questions and name no known thing, if others stay. A trend is
/// that of the known things alone, since it counts the posts that name all of the topic.
fn leave_out_common(plan: &mut QueryPlan, shape: Shape) {
    let is_thing = shape::is_thing(plan);
    let has_things = plan.concepts.iter().any(&is_thing);
    let mut kept = plan.concepts.clone();
    match shape {
        Shape::Trend if has_things && several::things_listed(plan, &plan.concepts).is_empty() => {
            kept.retain(|concept| concept.is_name || is_thing(concept));
        }
        // "Home automation" is no known thing, so its "home" stays.
        Shape::Takeaways | Shape::Opinions if has_things || plan.names_scope() => {
            let events = EventTable::builtin().mentions(&plan.question.syntax.text);
            // The "virtual" of "virtual KubeCons" says which.
            let describes_events = |concept: &Concept| {
                plan.question.syntax.words.get(concept.words.end).is_some_and(|next| {
                    is_event_word(&next.text) || events.iter().any(|event| overlap(&event.range, &next.range))
                })
            };
            // "GitOps: hype or here to stay?" is about GitOps.
            let only_judges =
                |concept: &Concept| shape == Shape::Opinions && has_things && is_judgement(&concept.text);
            kept.retain(|concept| {
                concept.is_name
                    || !is_common_word(&concept.text) && !only_judges(concept)
                    || is_thing(concept)
                    || describes_events(concept)
            });
        }
        _ => {}
    }
    // "What was wrong with KubeCon?" is about all of it.
    let judges = |concept: &Concept| is_judgement(&concept.text) && !concept.is_name;
    if shape == Shape::Opinions && plan.names_scope() && kept.iter().all(judges) {
        plan.concepts.clear();
    } else if !kept.is_empty() {
        plan.concepts = kept;
    }
}

/// Whether many broad questions have a word.
fn is_common_word(word: &str) -> bool {
    ShapeWords::builtin().is_common(&fold(word))
}

/// Takes those concepts of a broad question that are only words of its sentence: those of a named thing, and those that it says it
/// is about ("takeaways on pricing"), stay. Who asks for advice may name no event: "what should newcomers pack?"
pub(super) fn take_other_words(plan: &mut QueryPlan, shape: Shape) -> Vec<Concept> {
    leave_out_beside(plan);
    leave_out_common(plan, shape);
    let is_of_attendee = || plan.question.syntax.words.iter().any(|word| is_word_of_attendee(&word.text));
    let asks_for_audience =
        shape == Shape::Advice && AdviceAudience::asked(&plan.question.syntax.text).is_some();
    let is_broad = match shape {
        Shape::Advice => asks_for_audience || plan.names_scope() || is_of_attendee(),
        Shape::Takeaways | Shape::Summary => plan.names_scope(),
        _ => false,
    };
    if !is_broad || names_a_thing(plan) {
        return Vec::new();
    }
    // "On day two" says of what part of an event, and "advice on giving a talk" for whom.
    let says_part = plan.parts.is_empty() && names_part(&plan.question.syntax.text);
    if says_part || asks_for_audience {
        return std::mem::take(&mut plan.concepts);
    }
    let is_label = plan.is_label();
    let concepts = std::mem::take(&mut plan.concepts);
    let is_topic = |concept: &Concept| is_label || follows_topic_preposition(concept, plan);
    let (topic, others): (Vec<Concept>, Vec<Concept>) = concepts.into_iter().partition(is_topic);
    plan.concepts = topic;
    for concept in &mut plan.concepts {
        concept.is_required = true;
    }
    let mut others: Vec<Concept> =
        others.into_iter().filter(|concept| !is_common_word(&concept.text)).collect();
    leave_out_other_sentences(&mut others, plan);
    others
}

/// Whether a word stands soon after one that says what something is about: "takeaways on pricing".
pub(super) fn follows_topic_preposition(concept: &Concept, plan: &QueryPlan) -> bool {
    let prepositions = &language::all().questions.topic_prepositions;
    let before = plan.question.syntax.words.get(..concept.words.start).unwrap_or_default().iter().rev();
    let mut before = before.take(MAX_TOPIC_WORDS);
    before.any(|word| prepositions.contains(word.text.to_lowercase().as_str()))
}

/// What is counted of the topic of a plan: "45 recaps mention service meshes" is clear, and "24 recaps mention problems with service
/// meshes" is not, nor is "6 recaps mention accepted and experiences". So it is what of the topic stands together in the question, else the
/// known things. Words that only say what is asked of things, how they are, or what was done with them, are never counted.
pub(super) fn counted(plan: &QueryPlan, shape: Shape) -> Vec<Concept> {
    // Each of several things is counted, also one that is in no table.
    if matches!(shape, Shape::Count | Shape::Trend)
        || !several::things_listed(plan, &plan.concepts).is_empty()
    {
        return plan.concepts.clone();
    }
    let words = &plan.question.syntax.words;
    let names_a_thing = |concept: &Concept| {
        let words = words.get(concept.words.clone()).unwrap_or_default();
        let names_none = |word: &QuestionWord| {
            let says_nothing = [is_done_word, is_aspect, is_judgement].into_iter().any(|is| is(&word.text));
            says_nothing || is_of_shape(word, plan)
        };
        // The "it" of "worth it" is no thing.
        words.is_empty()
            || !words.iter().all(|word| names_none(word) || is_stop_word(&word.text, plan.language))
    };
    let named: Vec<Concept> =
        plan.concepts.iter().filter(|concept| names_a_thing(concept)).cloned().collect();
    let stands_together = named.windows(2).all(|pair| match pair {
        [before, after] => before.words.end == after.words.start,
        _ => true,
    });
    let is_phrase = match named.as_slice() {
        [word] => {
            word.is_name || names_thing(&word.text) || !is_common_word(&word.text) && is_alone(word, plan)
        }
        several => several.len() > 1,
    };
    if stands_together && is_phrase {
        return named;
    }
    // "Costs" are counted where nothing else is asked for.
    if let [only] = plan.concepts.as_slice()
        && is_aspect(&only.text)
    {
        return vec![only.clone()];
    }
    let mut things = shape::things(plan);
    things.retain(names_a_thing);
    things
}

/// Whether a word of a question tells its shape.
pub(super) fn is_of_shape(word: &QuestionWord, plan: &QueryPlan) -> bool {
    plan.question.shape().words.iter().any(|shape| overlap(shape, &word.range))
}

/// Whether a word is no part of a longer phrase of its question: the "giving" of "giving a talk" names nothing, nor does the "savings"
/// of "cost savings".
fn is_alone(word: &Concept, plan: &QueryPlan) -> bool {
    let words = &plan.question.syntax.words;
    let is_content = |at: usize| {
        words.get(at).is_some_and(|word| !is_of_shape(word, plan) && !is_stop_word(&word.text, plan.language))
    };
    let places = &plan.language.words().answers.place_prepositions;
    let is_in_place = |at: usize| words.get(at).is_some_and(|word| places.contains(word.text.as_str()));
    let Range { start, end } = word.words;
    // Those of "Rust conferences" are about Rust.
    let is_of_events = words.get(end).is_some_and(|word| is_event_word(&word.text));
    let has_object = !is_of_events && (is_content(end) || is_content(end + 1) && !is_in_place(end));
    !has_object && !start.checked_sub(1).is_some_and(is_content)
}

/// What is counted, as the question words it: `cost of observability`, `Istio or Linkerd`; `None` if it has no topic.
pub(super) fn topic_text(plan: &QueryPlan, shape: Shape) -> Option<String> {
    let concepts = counted(plan, shape);
    // Trends and counts are of the posts that name all of several things, unless one is enough.
    let things = match shape {
        Shape::Count | Shape::Trend => {
            several::choices_listed(&QueryPlan { concepts: concepts.clone(), ..plan.clone() })
        }
        _ => several::things_listed(plan, &concepts),
    };
    if things.is_empty() {
        return words_of(&concepts, plan);
    }
    let names: Vec<String> = things.iter().filter_map(|thing| words_of(thing, plan)).collect();
    Some(plan.language.refusals().any_of(&names))
}

/// Whether a text is the name of a known thing, from its first to its last letter.
fn is_name_of_thing(text: &str) -> bool {
    thing_places(text).contains(&(0..text.len()))
}

/// The words of concepts, as the question has them: `service meshes`. Of words that count apart, each is named, since posts may have them
/// in different places: `snack and fatigue`.
pub(super) fn words_of(concepts: &[Concept], plan: &QueryPlan) -> Option<String> {
    let concepts = joined_concepts(plan, concepts);
    let concepts = concepts.as_slice();
    let syntax = &plan.question.syntax;
    let text_of = |concepts: &[Concept]| {
        let words = concepts.first()?.words.start..concepts.last()?.words.end;
        Some(strip_genitive(syntax.text_of(&words)?))
    };
    let is_thing = |concepts: &[Concept]| {
        let are_names = || concepts.iter().all(|concept| concept.is_name);
        let is_run = concepts.windows(2).all(|pair| pair[0].words.end == pair[1].words.start);
        is_run && (are_names() || text_of(concepts).is_some_and(is_name_of_thing))
    };
    let mut names: Vec<String> = Vec::new();
    let mut rest = concepts;
    while !rest.is_empty() {
        let len = (2..=rest.len()).rev().find(|len| is_thing(&rest[..*len])).unwrap_or(1);
        let (name, others) = rest.split_at(len);
        names.extend(text_of(name).map(str::to_owned).or_else(|| Some(name.first()?.text.clone())));
        rest = others;
    }
    names.dedup(); // The parts of a compound have the same words.
    Some(plan.language.refusals().all_of(&names)).filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::super::tests::{engine_of_posts, engine_of_recaps, overview_of};
    use crate::{resolve::NameRole, samples::request};
    use takeaways_text::model::Shape;

    #[test]
    fn takeaways_on_something_are_on_it_also_where_no_table_has_it() {
        let recaps = [
            (
                "Ada",
                "Most teams should look at pricing first, because costs of licences grow with each cluster.",
            ),
            (
                "Bea",
                "Pricing was the loudest complaint, because most teams should pay less for idle clusters.",
            ),
            ("Cem", "Most teams should look at Istio first, because it is easier to debug than others."),
        ];
        let engine = engine_of_recaps(&recaps);
        for question in
            ["takeaways on pricing from KubeCon EU 2018", "main points about the pricing at KubeCon EU 2018"]
        {
            let overview = overview_of(&engine, question).expect(question);
            let is_on_it = |text: &str| text.to_lowercase().contains("pricing");
            assert!(
                overview.excerpts.iter().all(|line| is_on_it(&line.quote.text)),
                "{question}: {overview:?}"
            );
        }
        assert_eq!(overview_of(&engine, "takeaways on quantum pricing from KubeCon EU 2018"), None);
        let overview = overview_of(&engine_of_posts(), "takeaways for engineers from KubeCon EU 2018");
        assert!(overview.is_some_and(|overview| overview.topic.is_none()));
    }

    #[test]
    fn what_stands_alone_before_an_event_is_the_topic() {
        let recaps = [
            ("Ada", "The food was better than last year, because most people could choose what they eat."),
            ("Bea", "I think that the food was great, because nobody had to wait for more than a minute."),
            ("Cem", "Most teams should look at Istio first, because it is easier to debug than others."),
        ];
        let engine = engine_of_recaps(&recaps);
        for (question, expected) in [
            ("food at KubeCon", true),
            ("food at KubeCon EU 2018", true),
            ("food KubeCon EU 2018", true),
            ("broadly speaking, what happened at KubeCon?", false),
            ("taking food to KubeCon, good idea?", false),
        ] {
            let plan = engine.plan(&request(question), NameRole::Subject).expect("a plan");
            assert_eq!(plan.is_label(), expected, "{question}");
        }
        let takeaways = overview_of(&engine, "broadly speaking, what happened at KubeCon EU 2018?");
        assert!(takeaways.is_some_and(|overview| overview.topic.is_none()));
    }

    #[test]
    fn what_was_done_with_things_is_not_counted() {
        let recaps = [
            ("Ada", "Linkerd was announced as stable, because most teams should have an easier mesh."),
            ("Bea", "Kind was announced for storage tests, because most teams need clusters that cost less."),
            ("Cem", "Most teams should look at Istio first, because it is easier to debug than others."),
        ];
        let engine = engine_of_recaps(&recaps);
        let overview =
            overview_of(&engine, "which tools were announced at KubeCon EU 2018?").expect("an overview");
        assert_eq!((overview.topic.as_deref(), overview.posts.posts), (None, 3), "{overview:?}");
        let overview = overview_of(&engine, "how many recaps mention announced?").expect("a count");
        assert_eq!(overview.topic.as_deref(), Some("announced"));
    }

    #[test]
    fn words_side_by_side_are_named_together() {
        let recaps = [
            ("Ada", "Snack tables cause fatigue, so most teams should bring what they like."),
            ("Bea", "Most teams should fight fatigue first, because each snack costs an hour of sleep."),
        ];
        let engine = engine_of_recaps(&recaps);
        for (question, expected) in [
            ("what do people think of snack fatigue?", "snack fatigue"),
            ("how many recaps mention snack fatigue?", "snack fatigue"),
            ("how many recaps mention snack or fatigue?", "snack or fatigue"),
            ("how many recaps mention snack and fatigue?", "snack and fatigue"),
        ] {
            let overview = overview_of(&engine, question).expect(question);
            assert_eq!(overview.topic.as_deref(), Some(expected), "{question}");
        }
    }

    #[test]
    fn a_part_of_a_phrase_is_not_counted() {
        let recaps = [
            (
                "Ada",
                "You should write down your stories before giving a talk on burnout, because most people forget.",
            ),
            (
                "Bea",
                "You should practise giving a talk aloud, and most talks should be accepted by your team first.",
            ),
            (
                "Cem",
                "Most people should talk about burnout in their teams, because giving advice is not enough.",
            ),
        ];
        let engine = engine_of_recaps(&recaps);
        for (question, expected) in [
            ("any advice on giving a talk?", None),
            ("any advice on burnout?", Some("burnout")),
            ("what do people think of burnout at KubeCon EU 2018?", Some("burnout")),
        ] {
            let Some(overview) = overview_of(&engine, question) else { panic!("{question}: no overview") };
            assert_eq!(overview.topic.as_deref(), expected, "{question}: {overview:?}");
        }
    }

    #[test]
    fn words_of_many_questions_are_no_topic_beside_a_known_thing() {
        let engine = engine_of_posts();
        let kept = |question: &str, shape: Shape| {
            let mut plan = engine.plan(&request(question), NameRole::Subject).expect("a plan");
            super::leave_out_common(&mut plan, shape);
            plan.concepts.into_iter().map(|concept| concept.text).collect::<Vec<String>>()
        };
        assert_eq!(kept("want home service meshes", Shape::Takeaways), ["service meshes"]);
        assert_eq!(kept("service meshes, a shiny toy", Shape::Trend), ["service meshes"]);
        assert_eq!(kept("service meshes, a shiny toy", Shape::Takeaways).len(), 3);
        // Home automation is no known thing. "Virtual" says which events.
        assert_eq!(kept("home automation", Shape::Opinions), ["home", "automation"]);
        assert!(kept("virtual KubeCon with service meshes", Shape::Opinions).contains(&"virtual".to_owned()));
        assert_eq!(kept("wrong at KubeCon EU 2018", Shape::Opinions), [""; 0]);
    }
}
