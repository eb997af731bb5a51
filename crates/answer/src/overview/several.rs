//! Questions for several things at once: `lessons on A / B / C`, `what was said about A, B and C`.

use std::collections::HashSet;

use super::lines::{Line, lines_of_candidates, topic_candidates};
use super::naming::{joined_concepts, posts_naming};
use super::on_topic::Topic;
use super::picked_lines::PickedLines;
use super::{DraftGroup, MAX_LINES, to_u32};
use crate::{
    concepts::Concept,
    confidence::confidence,
    engine::{AnswerError, Engine},
    plan::QueryPlan,
};
use takeaways_corpus::entities::EntityTable;
use takeaways_search::Index;
use takeaways_text::model::{GroupTitle, PostCount, PostId, Shape};
use takeaways_text::tokens::folding::fold;

/// The maximum number of things.
const MAX_THINGS: usize = 4;

/// The concepts of each thing of a topic that lists several; none if the topic is one thing.
pub(super) fn things_listed(plan: &QueryPlan) -> Vec<Vec<Concept>> {
    // A word that joins in one language is a preposition in another.
    let conjunctions = &plan.language.words().events.conjunctions;
    let choices = &plan.language.words().shapes.or;
    let joins = |word: &str| {
        word == "&" || conjunctions.iter().any(|it| it == word) || choices.contains(fold(word).as_str())
    };
    listed(plan, &joins, true)
}

/// The plans of what is counted for a topic: one for each thing if it offers a choice (`A or B`, `A / B`), else one. Words side by
/// side count together.
pub(super) fn counted_plans(plan: &QueryPlan) -> Vec<QueryPlan> {
    let joined =
        |concepts: &[Concept]| QueryPlan { concepts: joined_concepts(plan, concepts), ..plan.clone() };
    let choices = choices_listed(plan);
    if choices.is_empty() {
        vec![joined(&plan.concepts)]
    } else {
        choices.iter().map(|it| joined(it)).collect()
    }
}

/// Keeps the first line of each post that names what is counted. If no line does, the others stay.
pub(super) fn keep_counted(lines: &mut Vec<Line>, naming: &HashSet<PostId>, plan: &QueryPlan) {
    let counted = counted_plans(plan);
    let topics: Vec<Topic<'_>> = counted.iter().map(Topic::new).collect();
    let shows =
        |line: &Line| naming.contains(&line.post.id) && topics.iter().any(|topic| topic.is_whole_at(line));
    if lines.iter().any(shows) {
        lines.retain(shows);
    }
    let mut posts = HashSet::new();
    lines.retain(|line| posts.insert(line.post.id.clone()));
}

/// The concepts of each thing of a topic that offers a choice (`A or B`, `A / B`, `A, B or C`, `A, B, C`); none if all of it is asked
/// for, as with `A and B` or `A, B`.
fn choices_listed(plan: &QueryPlan) -> Vec<Vec<Concept>> {
    let choices = &plan.language.words().shapes.or;
    let is_choice = |word: &str| choices.contains(fold(word).as_str());
    let things = listed(plan, &is_choice, false);
    let syntax = &plan.question.syntax;
    let bytes = |concept: &Concept| syntax.bytes_of(&concept.words);
    let ends = things
        .windows(2)
        .filter_map(|pair| Some(bytes(pair[0].last()?)?.end..bytes(pair[1].first()?)?.start));
    let between: Vec<&str> = ends.filter_map(|range| syntax.text.get(range)).collect();
    let offers = |text: &&str| text.contains('/') || text.split_whitespace().any(is_choice);
    // Nobody names all of three things; of two both may be meant.
    let lists_many = between.len() > 1 && between.iter().all(|text| text.trim() == ",");
    if lists_many || between.iter().any(offers) { things } else { Vec::new() }
}

/// The concepts of each thing of a topic, between which there are only signs and words that join. `splits_names` tells that projects
/// side by side are several things too.
fn listed(plan: &QueryPlan, is_conjunction: &dyn Fn(&str) -> bool, splits_names: bool) -> Vec<Vec<Concept>> {
    let syntax = &plan.question.syntax;
    let mut things: Vec<Vec<Concept>> = Vec::new();
    let mut last_end = None;
    // "Tilt Skaffold Garden, what is the difference?" names three projects. Two may be one thing: "Google Kubernetes".
    let (table, mut beside) = (EntityTable::builtin(), 0);
    for concept in &plan.concepts {
        let Some(bytes) = syntax.bytes_of(&concept.words) else { return Vec::new() };
        let between = last_end.and_then(|end| syntax.text.get(end..bytes.start));
        last_end = Some(bytes.end);
        let is_separator = |c: char| matches!(c, ',' | '/' | ';');
        let mut words = between.unwrap_or(",").split(|c: char| c.is_whitespace() || is_separator(c));
        let has_conjunctions_only = words.all(|word| word.is_empty() || is_conjunction(word));
        let is_next = between.is_none_or(|text| !text.trim().is_empty());
        let is_beside = |thing: &Vec<Concept>| {
            let name = |concept: &Concept| table.knows(&concept.text);
            splits_names && !is_next && name(concept) && thing.last().is_some_and(name)
        };
        let is_of_same_word =
            |thing: &Vec<Concept>| thing.last().is_some_and(|last| last.words == concept.words);
        match things.last_mut() {
            Some(thing) if is_of_same_word(thing) => thing.push(concept.clone()),
            Some(thing) if is_beside(thing) => {
                beside += 1;
                things.push(vec![concept.clone()]);
            }
            Some(thing) if !is_next || between.is_some_and(|text| text.trim() == "-") => {
                thing.push(concept.clone());
            }
            _ if has_conjunctions_only => things.push(vec![concept.clone()]),
            _ => return Vec::new(),
        }
    }
    let are_things = beside == 0 || beside + 1 == things.len() && beside > 1;
    if are_things && (2..=MAX_THINGS).contains(&things.len()) { things } else { Vec::new() }
}

/// The posts of the scope that name the topic, or one of several things that it lists.
pub(super) fn posts_naming_any(index: &Index, plan: &QueryPlan) -> Result<HashSet<PostId>, AnswerError> {
    any_of(things_listed(plan), index, plan)
}

/// The posts of the scope that name all of the topic, or one thing of a choice: "A or B".
pub(super) fn posts_naming_choice(index: &Index, plan: &QueryPlan) -> Result<HashSet<PostId>, AnswerError> {
    any_of(choices_listed(plan), index, plan)
}

/// The posts of the scope that name one of some things; without things all of the topic.
fn any_of(
    things: Vec<Vec<Concept>>,
    index: &Index,
    plan: &QueryPlan,
) -> Result<HashSet<PostId>, AnswerError> {
    if things.is_empty() {
        return posts_naming(index, plan);
    }
    let mut naming = HashSet::new();
    for concepts in things {
        naming.extend(posts_naming(index, &QueryPlan { concepts, ..plan.clone() })?);
    }
    Ok(naming)
}

/// The groups of a topic that lists several things.
pub(super) struct SeveralThings {
    /// One for each.
    pub groups: Vec<DraftGroup>,
    /// The number of posts that name one of them.
    pub naming: u32,
    /// The confidence that the first line answers.
    pub confidence: f32,
}

/// Returns the groups of a topic that lists several things; `None` if it lists none, or if posts cover fewer than two.
pub(super) fn groups(
    engine: &Engine,
    plan: &QueryPlan,
    shape: Shape,
    of: u32,
) -> Result<Option<SeveralThings>, AnswerError> {
    if !matches!(shape, Shape::Takeaways | Shape::Advice) {
        return Ok(None);
    }
    let things = things_listed(plan);
    let limit = MAX_LINES / things.len().max(1);
    let (mut groups, mut all_naming) = (Vec::new(), HashSet::new());
    let mut picked = PickedLines::default();
    let mut first_confidence = None;
    for concepts in things {
        let texts: Vec<&str> = concepts.iter().map(|concept| concept.text.as_str()).collect();
        let title = GroupTitle::Theme(texts.join(" "));
        let plan = QueryPlan { concepts, ..plan.clone() };
        let candidates = topic_candidates(engine, &plan, shape)?;
        let lines = picked.pick(&lines_of_candidates(&candidates, &plan, shape), limit, 2);
        if !lines.is_empty() {
            let best = candidates.first().map(|best| confidence(&plan, best).1);
            first_confidence = first_confidence.or(best);
            let naming = posts_naming(engine.index(), &plan)?;
            groups.push(DraftGroup::new(title, PostCount { posts: to_u32(naming.len()), of }, lines));
            all_naming.extend(naming);
        }
    }
    let (naming, confidence) = (to_u32(all_naming.len()), first_confidence.unwrap_or_default());
    Ok((groups.len() > 1).then_some(SeveralThings { groups, naming, confidence }))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_sound, engine_of_recaps, overview_of};
    use super::posts_naming_any;
    use crate::{resolve::NameRole, samples::request};
    use takeaways_text::model::GroupTitle;

    #[test]
    fn each_of_several_things_has_its_lines() {
        let recaps = [
            ("Ada", "For me the postmortem culture of most teams is still young, because blame is easier."),
            ("Bea", "We learned that autoscaling is harder than it seems, because most metrics lag behind."),
            ("Cem", "Most teams should not start with tracing, because it takes months to learn."),
        ];
        let engine = engine_of_recaps(&recaps);
        let titles = |question: &str| -> Vec<String> {
            let Some(overview) = overview_of(&engine, question) else { return Vec::new() };
            assert_sound(&overview);
            let names = overview.groups.iter().filter_map(|group| match &group.title {
                GroupTitle::Theme(name) => Some(name.clone()),
                _ => None,
            });
            names.collect()
        };
        for question in [
            "lessons on postmortem / autoscaling / tracing",
            "lessons on postmortem, autoscaling and tracing",
        ] {
            assert_eq!(titles(question), ["postmortem", "autoscaling", "tracing"], "{question}");
        }
        assert_eq!(titles("lessons on autoscaling"), [""; 0]);
        // "In" joins nothing, though it does in another language.
        assert_eq!(titles("lecciones de autoscaling en tracing"), [""; 0]);
        // The parts of a compound are one thing.
        assert_eq!(titles("lessons on tracing-autoscaling"), [""; 0]);
        let topic =
            overview_of(&engine, "lessons on postmortem, autoscaling and tracing").expect("one").topic;
        assert_eq!(topic.as_deref(), Some("postmortem, autoscaling or tracing"));
        // Who names one of them is counted.
        let request = request("autoscaling and tracing");
        let plan = engine.plan(&request, NameRole::Subject).expect("a plan");
        assert_eq!(posts_naming_any(engine.index(), &plan).expect("an answer").len(), 2);
    }
}
