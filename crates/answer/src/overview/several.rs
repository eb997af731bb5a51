//! Questions for several things at once: `lessons on A / B / C`, `what was said about A, B and C`.

use std::collections::HashSet;

use super::drafts::Drafts;
use super::lines::{Line, lines_of_candidates, sort_best_first, topic_candidates};
use super::naming::{joined_concepts, posts_naming};
use super::on_topic::Topic;
use super::picked_lines::{PickedLines, in_turn};
use super::scoped_posts::ScopedPosts;
use super::topic_groups::{keep_on_topic, lines_of_list};
use super::weak_lines::leave_out_weak;
use super::{DraftGroup, MAX_LINES, advice, to_u32, views};
use crate::{
    answer_type::AnswerType,
    concepts::Concept,
    confidence::confidence,
    engine::{AnswerError, Engine},
    plan::QueryPlan,
    resolve::NameRole,
    shape_words::{is_done_word, is_judgement},
};
use takeaways_corpus::entities::EntityTable;
use takeaways_search::Index;
use takeaways_text::model::{GroupTitle, PostCount, PostId, QuestionShape, Shape};
use takeaways_text::tokens::folding::fold;

/// The maximum number of things.
pub(super) const MAX_THINGS: usize = 4;
/// The maximum number of lines of an author on one, if there are enough of others.
const LINES_OF_AUTHOR: usize = 2;
/// With as many lines on all of them, the lines on each are not needed.
const ENOUGH_TOGETHER: usize = 3;
/// The same for lines on some of them.
const ENOUGH_OF_PARTS: usize = 6;

/// The concepts of each thing of a topic that lists several; none if the topic is one thing. `concepts` are those of the topic.
pub(super) fn things_listed(plan: &QueryPlan, concepts: &[Concept]) -> Vec<Vec<Concept>> {
    // A word that joins in one language is a preposition in another.
    let conjunctions = &plan.language.words().events.conjunctions;
    let choices = &plan.language.words().shapes.or;
    let joins = |word: &str| {
        is_joining_sign(word)
            || conjunctions.iter().any(|it| it == word)
            || choices.contains(fold(word).as_str())
    };
    listed(plan, concepts, &joins, true)
}

/// The concepts of what is counted for a topic: those of each thing if it offers a choice (`A or B`, `A / B`), else all. Words side by
/// side count together.
pub(super) fn counted_things(plan: &QueryPlan) -> Vec<Vec<Concept>> {
    let choices = choices_listed(plan);
    if choices.is_empty() {
        vec![joined_concepts(plan, &plan.concepts)]
    } else {
        choices.iter().map(|it| joined_concepts(plan, it)).collect()
    }
}

/// Keeps the first line of each post that names what is counted. If no line does, the others stay.
pub(super) fn keep_counted(lines: &mut Vec<Line>, naming: &HashSet<PostId>, plan: &QueryPlan) {
    let counted = counted_things(plan);
    let topics: Vec<Topic<'_>> = counted.iter().map(|concepts| Topic::new(concepts)).collect();
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
pub(super) fn choices_listed(plan: &QueryPlan) -> Vec<Vec<Concept>> {
    let choices = &plan.language.words().shapes.or;
    let is_choice = |word: &str| choices.contains(fold(word).as_str());
    let things = listed(plan, &plan.concepts, &is_choice, false);
    let between = text_between(plan, &things);
    let offers = |text: &&str| text.contains('/') || text.split_whitespace().any(is_choice);
    // Nobody names all of three things; of two both may be meant.
    let lists_many = between.len() > 1 && between.iter().all(|text| text.trim() == ",");
    if lists_many || between.iter().any(offers) { things } else { Vec::new() }
}

/// The concepts of each thing of a topic, between which there are only signs and words that join. `splits_names` tells that projects
/// side by side are several things too.
fn listed(
    plan: &QueryPlan,
    concepts: &[Concept],
    is_conjunction: &dyn Fn(&str) -> bool,
    splits_names: bool,
) -> Vec<Vec<Concept>> {
    let syntax = &plan.question.syntax;
    let mut things: Vec<Vec<Concept>> = Vec::new();
    let mut last_end = None;
    // "Tilt Skaffold Garden, what is the difference?" names three projects. Two may be one thing: "Google Kubernetes".
    let (table, mut beside) = (EntityTable::builtin(), 0);
    for concept in concepts {
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
    any_of(things_listed(plan, &plan.concepts), index, plan)
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

/// The things that a topic lists last, and what stands before them: the "problems" of "problems with Helm and Kustomize".
struct Listing {
    context: Vec<Concept>,
    things: Vec<Vec<Concept>>,
    /// Whether words say that all of them are meant: "Helm and Kustomize".
    is_joined: bool,
}

impl Listing {
    fn of(plan: &QueryPlan) -> Option<Self> {
        (0..plan.concepts.len()).find_map(|start| {
            let (context, rest) = plan.concepts.split_at(start);
            let things = things_listed(plan, rest);
            let is_joined = are_joined(plan, &things);
            let listing = Self { context: context.to_vec(), things, is_joined };
            (!listing.things.is_empty()).then_some(listing)
        })
    }
}

/// Returns the groups of a topic that lists several things, one for each, and counts the posts that name one of them; `None` if it
/// lists none, if posts cover fewer than two, or if enough lines are about all of them.
pub(super) fn groups(
    engine: &Engine,
    plan: &QueryPlan,
    question: &QuestionShape,
    scoped: &mut ScopedPosts,
) -> Result<Option<Drafts>, AnswerError> {
    let shape = question.shape;
    let is_told = !question.is_estimated && matches!(shape, Shape::List | Shape::Opinions);
    if !is_told && !matches!(shape, Shape::Takeaways | Shape::Advice) {
        return Ok(None);
    }
    let Some(Listing { context, things, is_joined }) = Listing::of(plan) else { return Ok(None) };
    let may_be_one = is_told || !context.is_empty();
    if may_be_one && (!is_joined || !are_nouns(&things) || !are_told_apart(engine, plan, shape)?) {
        return Ok(None);
    }
    let limit = MAX_LINES / things.len();
    let (mut groups, mut all, mut all_naming) = (Vec::new(), Vec::new(), HashSet::new());
    let mut picked = PickedLines::new(plan.request.limits);
    let mut first_confidence = None;
    for concepts in things {
        let texts: Vec<&str> = concepts.iter().map(|concept| concept.text.as_str()).collect();
        let title = GroupTitle::Theme(texts.join(" "));
        let thing = QueryPlan { concepts, ..plan.clone() };
        let with_context = [context.as_slice(), &thing.concepts].concat();
        let plan = QueryPlan { concepts: with_context, ..plan.clone() };
        let mut found = lines_on(engine, &plan, shape)?;
        let topic = Topic::new(&plan.concepts);
        if !context.is_empty() && !found.lines.iter().any(|line| topic.is_whole_at(line)) {
            if context.iter().any(|concept| concept.is_name) {
                continue; // Other people's products are no answer.
            }
            found = lines_on(engine, &thing, shape)?; // Nobody says all of it.
        }
        picked.begin_group();
        let mut lines = picked.pick_or_shortest(&found.lines, limit, LINES_OF_AUTHOR);
        lines.extend(picked.pick(&found.lines, limit - lines.len(), limit));
        if !lines.is_empty() {
            first_confidence = first_confidence.or(found.confidence);
            let naming = posts_naming(engine.index(), &thing)?;
            let posts = PostCount { posts: to_u32(naming.len()), of: scoped.count.of };
            groups.push(DraftGroup::new(title, posts, lines));
            all_naming.extend(naming);
            all.push(found.lines);
        }
    }
    if groups.len() < 2 {
        return Ok(None);
    }
    scoped.count_naming(all_naming);
    let confidence = first_confidence.unwrap_or_default();
    Ok(Some(Drafts { confidence, ..Drafts::new(groups, in_turn(all)) }))
}

/// The concepts of each thing of a topic that joins several: `monitoring and tracing`; none if it offers a choice, or is one thing.
pub(super) fn joined_things(plan: &QueryPlan) -> Vec<Vec<Concept>> {
    let things = things_listed(plan, &plan.concepts);
    if are_joined(plan, &things) && are_nouns(&things) { things } else { Vec::new() }
}

/// Whether all of some things are meant: a word that joins stands between them. One is enough for a choice: "A or B", "A / B".
fn are_joined(plan: &QueryPlan, things: &[Vec<Concept>]) -> bool {
    let words = plan.language.words();
    let between = text_between(plan, things);
    let has_any = |is: &dyn Fn(&str) -> bool| between.iter().any(|text| text.split_whitespace().any(is));
    let offers = |word: &str| word.contains('/') || words.shapes.or.contains(fold(word).as_str());
    let joins = |word: &str| {
        is_joining_sign(word) || words.events.conjunctions.contains(fold(word.trim_matches(',')).as_str())
    };
    !has_any(&offers) && has_any(&joins)
}

/// Whether a word is a sign for "and".
fn is_joining_sign(word: &str) -> bool {
    matches!(word, "&" | "+")
}

/// What stands between each two of some things in a question.
fn text_between<'p>(plan: &'p QueryPlan, things: &[Vec<Concept>]) -> Vec<&'p str> {
    let syntax = &plan.question.syntax;
    let bytes = |concept: &Concept| syntax.bytes_of(&concept.words);
    let ends = things
        .windows(2)
        .filter_map(|pair| Some(bytes(pair[0].last()?)?.end..bytes(pair[1].first()?)?.start));
    ends.filter_map(|range| syntax.text.get(range)).collect()
}

/// Whether none of some things is what was done: "graduated and donated".
fn are_nouns(things: &[Vec<Concept>]) -> bool {
    let says_nothing = |concept: &Concept| is_done_word(&concept.text) || is_judgement(&concept.text);
    !things.iter().any(|thing| thing.iter().all(says_nothing))
}

/// Whether a question for a fact lists things by words that join them, and no line is on all of them.
pub(super) fn may_be_told_apart(engine: &Engine, plan: &QueryPlan) -> Result<bool, AnswerError> {
    let is_listing = plan.answer_type == AnswerType::Anything
        && Listing::of(plan).is_some_and(|listing| listing.is_joined && are_nouns(&listing.things));
    if !is_listing {
        return Ok(false);
    }
    let topic = Topic::new(&plan.concepts);
    Ok(!lines_on(engine, plan, Shape::Takeaways)?.lines.iter().any(|line| topic.is_whole_at(line)))
}

/// Whether lines are on the topic, but too few, and not enough on all of it.
fn are_told_apart(engine: &Engine, plan: &QueryPlan, shape: Shape) -> Result<bool, AnswerError> {
    let topic = Topic::new(&plan.concepts);
    let lines = lines_on(engine, plan, shape)?.lines;
    let whole = lines.iter().filter(|line| topic.is_whole_at(line)).count();
    Ok((1..ENOUGH_OF_PARTS).contains(&lines.len()) && whole < ENOUGH_TOGETHER)
}

/// The lines on one thing, the best first.
struct LinesOnThing {
    lines: Vec<Line>,
    /// The confidence that the best candidate answers; `None` without one.
    confidence: Option<f32>,
}

fn lines_on(engine: &Engine, plan: &QueryPlan, shape: Shape) -> Result<LinesOnThing, AnswerError> {
    let candidates = topic_candidates(engine, plan, shape)?;
    let mut lines = lines_of_candidates(&candidates, plan, shape);
    match shape {
        Shape::List => {
            keep_on_topic(&mut lines, plan, shape);
            lines = lines_of_list(lines, &candidates, plan, &engine.plan_again(plan, NameRole::Subject)?);
        }
        Shape::Opinions => {
            keep_on_topic(&mut lines, plan, shape);
            leave_out_weak(&mut lines);
            // How many lines there are does not depend on what a page shows.
            let drafts = views::drafts(lines, 0, plan, PickedLines::of_any_length());
            lines = drafts.groups.into_iter().flat_map(|group| group.lines).collect();
            sort_best_first(&mut lines);
        }
        Shape::Advice => {
            leave_out_weak(&mut lines);
            advice::keep_advising(&mut lines);
        }
        _ => {}
    }
    Ok(LinesOnThing { lines, confidence: candidates.first().map(|best| confidence(plan, best).1) })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{assert_sound, engine_of_recaps, overview_of};
    use super::posts_naming_any;
    use crate::{resolve::NameRole, samples::request};
    use takeaways_text::model::{Answer, GroupTitle};

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

    #[test]
    fn what_stands_before_several_things_is_said_of_each() {
        let recaps = [
            ("Ada", "For me the problems with Helm are its templates, because nobody can read them later."),
            ("Bea", "I think that autoscaling has problems too, because most metrics lag behind."),
            ("Cem", "I think that most teams love autoscaling, because it is easy to start with."),
        ];
        let engine = engine_of_recaps(&recaps);
        let lines = |question: &str| -> Vec<(String, String)> {
            let Some(overview) = overview_of(&engine, question) else { return Vec::new() };
            assert_sound(&overview);
            let groups = overview.groups.iter().filter_map(|group| match &group.title {
                GroupTitle::Theme(name) => Some((name, &group.lines)),
                _ => None,
            });
            let quote = |at: usize| overview.excerpts[at].quote.text.clone();
            groups.flat_map(|(name, lines)| lines.clone().map(|at| (name.clone(), quote(at)))).collect()
        };
        let shown = lines("what do people think of the problems with Helm and autoscaling?");
        let named: Vec<&str> = shown.iter().map(|(name, _)| name.as_str()).collect();
        assert!(named.contains(&"Helm") && named.contains(&"autoscaling"), "{shown:?}");
        let first_of =
            |name: &str| shown.iter().find(|(it, _)| it == name).map(|(_, text)| text.contains("problems"));
        assert_eq!((first_of("Helm"), first_of("autoscaling")), (Some(true), Some(true)), "{shown:?}");
        // What was done is no thing, and one of two is enough for a choice.
        assert_eq!(lines("what do people think of graduated and donated autoscaling?"), []);
        assert_eq!(lines("what do people think of the problems with Helm or autoscaling?"), []);
    }

    #[test]
    fn where_nobody_tells_of_both_things_each_is_told_by_itself() {
        let recaps = [
            ("Ada", "Helm got a hub of charts, and most people liked it, because they share many of theirs."),
            ("Bea", "etcd moved to the foundation, and most people hope that more of them will help it now."),
            ("Cem", "The dinner was late, and most teams went home early, because the trains had stopped."),
        ];
        let engine = engine_of_recaps(&recaps);
        let answer = |question: &str| engine.answer(&request(question)).expect("an answer");
        for (question, is_told) in [
            ("what news was there on Helm and etcd at KubeCon EU 2018?", true),
            ("what news was there on Zeppelin and Quokka at KubeCon EU 2018?", false),
        ] {
            let answer = answer(question);
            assert_eq!(answer.is_answered(), is_told, "{question}: {answer:?}");
            if let Answer::Overview(overview) = answer {
                let titles: Vec<&GroupTitle> = overview.groups.iter().map(|group| &group.title).collect();
                assert!(
                    matches!(titles.as_slice(), [GroupTitle::Theme(a), GroupTitle::Theme(b)] if a == "Helm" && b == "etcd"),
                    "{titles:?}"
                );
            }
        }
    }
}
