//! The sides of a comparison that a question lists: several things, or several events.

use super::several::things_listed;
use super::side_names::{is_year_alone, split_at_versus};
use crate::{
    concepts::Concept,
    plan::{QueryPlan, names_thing},
};
use takeaways_corpus::{entities::EntityTable, events::EventTable};
use takeaways_search::Facets;
use takeaways_text::model::{Event, QuestionShape, Years};

/// The maximum number of events that are sides.
pub(super) const MAX_SIDES: usize = 4;

/// The names and the plans of several things that a question lists; none if it lists none.
pub(super) fn listed_things(plan: &QueryPlan, shape: &QuestionShape) -> Vec<(String, QueryPlan)> {
    let mut plan = plan.clone();
    plan.keep_topic(shape);
    // "A or B or C for D": what is said of the list is no part of it.
    let count = plan.concepts.len();
    let runs = (2..=count).rev().flat_map(|len| (0..=count - len).map(move |start| start..start + len));
    let things = runs
        .filter_map(|run| Some(things_listed(&plan, plan.concepts.get(run)?)))
        .find(|things| things.len() > 1 && things.iter().any(|thing| is_thing(thing)));
    let side = |thing: Vec<Concept>| {
        Some((name_of_concepts(&plan, &thing)?, QueryPlan { concepts: thing, ..plan.clone() }))
    };
    things.into_iter().flatten().filter_map(side).collect()
}

/// The names and the plans of several events that a question names, the earliest first; none if it names one or many.
pub(super) fn listed_events(plan: &QueryPlan, shape: &QuestionShape) -> Vec<(String, QueryPlan)> {
    let mut plan = plan.clone();
    plan.keep_topic(shape);
    if !plan.concepts.iter().any(|concept| names_thing(&concept.text)) {
        // "Which was better organised?" asks for views on the events.
        plan.concepts.clear();
    }
    let events = plan.scope.events.clone();
    let question = &plan.question.syntax.text;
    let is_one_missing = split_at_versus(question).len() > events.len();
    if !(2..=MAX_SIDES).contains(&events.len()) || is_one_missing || !lists_events(question) {
        return Vec::new();
    }
    let mut sides: Vec<(Option<i16>, String, QueryPlan)> = Vec::new();
    for id in events {
        let event = plan.events.iter().find(|event| event.id == id).cloned();
        let name = event.as_ref().map_or_else(|| id.to_string(), Event::label);
        let mut plan = plan.clone();
        plan.scope.events = vec![id];
        let year = event.as_ref().and_then(|event| event.year);
        plan.events = event.into_iter().collect();
        sides.push((year, name, plan));
    }
    sides.sort_by_key(|(year, ..)| *year);
    sides.into_iter().map(|(_, name, plan)| (name, plan)).collect()
}

/// Leaves out the events that were held in the place and the year of one that more posts are about: Barcelona is its KubeCon, and not the
/// summit before it.
pub(super) fn leave_out_colocated(listed: &mut Vec<(String, QueryPlan)>, facets: &Facets) {
    let place_and_posts = |(_, plan): &(String, QueryPlan)| {
        let event = plan.events.first()?;
        let posts = facets.events.iter().find(|(it, _)| it.id == event.id).map_or(0, |(_, posts)| *posts);
        Some(((event.city.clone()?, event.year?), posts))
    };
    let all: Vec<_> = listed.iter().map(place_and_posts).collect();
    let is_smaller = |own: &Option<((String, i16), u64)>| {
        let Some((place, posts)) = own else { return false };
        all.iter().flatten().any(|(other, most)| other == place && most > posts)
    };
    let mut keep = all.iter().map(|own| !is_smaller(own));
    listed.retain(|_| keep.next().unwrap_or(true));
}

/// Whether the sides are years or places of a conference that the question names for both: "how did KubeCon EU change, 2018 vs 2019?",
/// "Valencia or Amsterdam, which KubeCon was nicer?"
pub(super) fn are_editions_of_one(plan: &QueryPlan, shape: &QuestionShape) -> bool {
    let text = &plan.question.syntax.text;
    let Some(sides) = &shape.sides else { return false };
    let sides = sides.each_ref().map(|range| text.get(range.clone()).unwrap_or_default().trim());
    let table = EventTable::builtin();
    let is_place = |side: &str| {
        let mentions = table.mentions(side);
        matches!(mentions.as_slice(), [it] if it.series.is_none() && it.range == (0..side.len()))
    };
    let names_conference = || table.mentions(text).iter().any(|mention| mention.series.is_some());
    sides.iter().all(|side| is_year_alone(side, plan.language))
        || sides.iter().all(|side| is_place(side)) && names_conference()
}

/// Whether a question names several events, or one and several years: a conference alone stands for all its editions.
pub(super) fn lists_events(question: &str) -> bool {
    let [events, years] = counts_of_names(question);
    events + years > 1
}

/// Whether a question names each of several events, by name or by year: "KubeCon EU 2018 vs 2022 vs 2024".
pub(super) fn names_each(plan: &QueryPlan, events: usize) -> bool {
    counts_of_names(&plan.question.syntax.text).contains(&events)
}

/// How many events or places of events, and how many years, a question names.
fn counts_of_names(question: &str) -> [usize; 2] {
    let table = EventTable::builtin();
    let words = question.split(|c: char| !c.is_alphanumeric());
    let years = words.filter(|word| word.parse::<Years>().is_ok()).count();
    [table.mentions(question).len() + table.lone_places(question).len(), years]
}

/// Whether words name something that can be compared: a thing of the tables, or a name.
pub(super) fn is_thing(concepts: &[Concept]) -> bool {
    concepts.iter().any(|concept| concept.is_name || names_thing(&concept.text))
}

/// A name as its table writes it: `Skaffold` for `skaffold`.
pub(super) fn written_name(name: &str) -> String {
    let table = EntityTable::builtin();
    let mentions = table.mentions(name);
    let whole = mentions.iter().find(|mention| mention.span == (0..name.len()));
    whole.and_then(|it| table.name(it.kind, it.id)).unwrap_or(name).to_owned()
}

/// The words of the question for some of its concepts, as a table writes them.
pub(super) fn name_of_concepts(plan: &QueryPlan, concepts: &[Concept]) -> Option<String> {
    let words = concepts.first()?.words.start..concepts.last()?.words.end;
    let syntax = &plan.question.syntax;
    syntax.text_of(&words).map(written_name)
}
