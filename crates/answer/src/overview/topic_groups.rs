//! The lines of an overview on a topic.

use std::collections::HashSet;

use super::lines::{Line, lines_of_candidates};
use super::on_topic::Topic;
use super::picked_lines::PickedLines;
use super::shape::{self, is_of_one_post};
use super::topic_line::topic_line;
use super::weak_lines::{keep_if_enough, leave_out_weak};
use super::{
    DraftGroup, MAX_EXAMPLES, MAX_LINES, advice, all_of, drafts::Drafts, listed, lists, post_summary, recent,
    several, talks, views,
};
use crate::{
    answer_type::AnswerType,
    candidates::Candidate,
    confidence::confidence,
    engine::{AnswerError, Engine},
    plan::QueryPlan,
    resolve::NameRole,
};
use takeaways_text::model::{GroupTitle, PostId, QuestionShape, Shape};

/// With as many lines that name a known thing of the topic, or enough of its words, the rest is left out.
const ENOUGH_ON_THINGS: usize = 2;
/// So many words of the topic are enough.
const ENOUGH_PARTS: usize = 2;

impl Engine {
    /// The groups of the points on a topic, which `naming` name. None if one post answers, and no other of those in scope does.
    pub(super) fn topic_groups(
        &self,
        plan: &QueryPlan,
        question: &QuestionShape,
        posts_in_scope: u32,
        naming: &HashSet<PostId>,
    ) -> Result<Drafts, AnswerError> {
        let shape = question.shape;
        let candidates = recent::candidates_on_topic(self, plan, shape)?;
        let mut lines = lines_of_candidates(&candidates, plan, shape);
        keep_on_topic(&mut lines, plan, shape);
        let Some(first) = candidates.first().filter(|_| !lines.is_empty()) else {
            return Ok(count_without_lines(shape, naming.len()));
        };
        let asked = self.plan_again(plan, NameRole::Subject)?;
        // Who only names a thing asks for no single fact.
        let only_names = question.is_open && !question.is_estimated;
        let (best, confidence) = if only_names {
            (None, confidence(plan, first).1)
        } else {
            self.best_line(shape, asked.clone())?
        };
        let asks_for_all = shape == Shape::List && plan.asks_what_was_done();
        let asks_for_talks = shape == Shape::List && talks::are_asked_for(plan);
        let may_be_fact = posts_in_scope > 1
            && !only_names
            && plan.request.subject.is_none()
            && plan.parts.is_empty()
            && !asks_for_all
            && !asks_for_talks;
        let is_sure = self.is_confident_enough(confidence);
        let listed = if matches!(shape, Shape::Takeaways | Shape::Advice | Shape::Opinions) {
            listed::lines_of_best_list(&candidates, plan, &asked, shape)
        } else {
            Vec::new()
        };
        if may_be_fact && is_sure && listed.is_empty() && is_of_one_post(&candidates, shape, best.is_some()) {
            return Ok(Drafts::default());
        }
        // A sentence with the words of the shape only ("pros and cons") is not on the topic.
        let best = best.filter(|best| best.overlaps_any(&lines));
        lines.splice(..0, best);
        let (posts, limit) = if shape == Shape::Count {
            several::keep_counted(&mut lines, naming, plan);
            (naming.len(), MAX_EXAMPLES)
        } else {
            (lines.iter().map(|line| &line.post.id).collect::<HashSet<_>>().len(), MAX_LINES)
        };
        if matches!(shape, Shape::Opinions | Shape::Advice) {
            leave_out_weak(&mut lines);
        }
        if shape == Shape::Opinions {
            lines.retain(|line| !line.overlaps_any(&listed));
            let listed = PickedLines::new(plan.request.limits).pick(&listed, MAX_LINES, MAX_LINES);
            let picked = PickedLines::new(plan.request.limits);
            let mut drafts = views::drafts(lines, posts, plan, picked);
            if !listed.is_empty() {
                let mut room = MAX_LINES - listed.len();
                for group in &mut drafts.groups {
                    group.lines.truncate(room);
                    room -= group.lines.len();
                }
                drafts.groups.insert(0, DraftGroup::of_lines(GroupTitle::Views, posts, listed));
            }
            return Ok(Drafts { confidence, ..drafts });
        }
        if shape == Shape::Advice {
            advice::keep_advising(&mut lines);
            let groups = advice::groups(&listed, &lines, posts, plan.request.limits);
            return Ok(Drafts { confidence, ..Drafts::new(groups, lines) });
        }
        let of = all_of(posts);
        if shape == Shape::List {
            let all = lines_of_list(lines, &candidates, plan, &asked);
            let lines = PickedLines::new(plan.request.limits).pick(&all, MAX_LINES, MAX_LINES);
            let further = all.len() - lines.len();
            let group = DraftGroup::new(GroupTitle::Items, of, lines);
            return Ok(Drafts { confidence, ..Drafts::new(vec![DraftGroup { further, ..group }], all) });
        }
        let lines = lists::telling_of_talks(lines, &plan.question.syntax.text, shape);
        let mut picked = PickedLines::new(plan.request.limits);
        let mut shown = picked.pick(&listed, limit, limit);
        let mut others = picked.pick_fairly(&lines, limit - shown.len());
        if shape != Shape::Count {
            leave_out_weak(&mut others);
        }
        shown.extend(others);
        let title = if shape == Shape::Count { GroupTitle::Items } else { GroupTitle::Also };
        Ok(Drafts { confidence, ..Drafts::new(vec![DraftGroup::new(title, of, shown)], lines) })
    }

    /// The line of the best answer if it is sure, and its confidence: whoever asks for one fact after all finds it in the first
    /// line. `asked` is the plan of the question with all concepts.
    pub(super) fn best_line(
        &self,
        shape: Shape,
        asked: QueryPlan,
    ) -> Result<(Option<Line>, f32), AnswerError> {
        let (plan, ranked) = self.rank_planned(asked)?;
        let best = ranked.candidates.first().filter(|_| self.is_confident_enough(ranked.confidence));
        Ok((best.and_then(|best| topic_line(best, best.score, shape, &plan)), ranked.confidence))
    }
}

/// The group of a count of posts that no line shows: the only one that names a company may have it in a list. Nothing for other shapes.
fn count_without_lines(shape: Shape, naming: usize) -> Drafts {
    let is_counted = shape == Shape::Count && naming > 0;
    let group = || DraftGroup::new(GroupTitle::Items, all_of(naming), Vec::new());
    Drafts { groups: is_counted.then(group).into_iter().collect(), ..Drafts::default() }
}

/// The lines of a list on a topic, of its candidates and `lines` on the topic, best first, also those for which there is no room.
/// `asked` is the plan of the question with all concepts.
pub(super) fn lines_of_list(
    mut lines: Vec<Line>,
    candidates: &[Candidate],
    plan: &QueryPlan,
    asked: &QueryPlan,
) -> Vec<Line> {
    post_summary::spread_over_sections(&mut lines);
    let asks_for_users = lists::asks_for_users(plan);
    let answer_type = if asks_for_users { AnswerType::Company } else { plan.answer_type };
    if asks_for_users {
        lists::put_first(&mut lines, lists::is_on_use);
    }
    lines = lists::naming_others(lines, answer_type, &plan.question.syntax.text);
    if asks_for_users {
        lists::keep_only(&mut lines, lists::is_on_use);
    }
    lines = lists::telling_of_talks(lines, &plan.question.syntax.text, Shape::List);
    let listed = listed::listed_lines(candidates, plan, asked);
    let is_on_word = plan.concepts.len() < ENOUGH_PARTS && !plan.concepts.iter().any(shape::is_thing(plan));
    if !listed.is_empty() && is_on_word {
        lines.clear(); // A list on one word that anything may have is more than sentences with that word.
    }
    // A list of a post is shown whole.
    let mut picked = PickedLines::of_any_length();
    let mut all = picked.pick(&listed, listed.len(), listed.len());
    all.extend(picked.pick_fairly(&lines, lines.len()));
    all
}

/// Leaves out the lines that are not on the topic of a plan but on a part of it.
pub(super) fn keep_on_topic(lines: &mut Vec<Line>, plan: &QueryPlan, shape: Shape) {
    if shape != Shape::List && plan.concepts.iter().any(|concept| concept.is_required) {
        // What is said of half of a topic is not on it.
        let topic = Topic::new(&plan.concepts);
        lines.retain(|line| topic.is_whole_at(line));
    }
    let are_things: Vec<bool> = plan.concepts.iter().map(shape::is_thing(plan)).collect();
    if are_things.contains(&true) {
        // Of "arguments for Helm", a line on other arguments is left out.
        let topic = Topic::new(&plan.concepts);
        keep_if_enough(lines, ENOUGH_ON_THINGS, |line| {
            let named = topic.named_at(line);
            let names_a_thing = named.iter().zip(&are_things).any(|(named, is_thing)| *named && *is_thing);
            names_a_thing || named.into_iter().filter(|is_named| *is_named).count() >= ENOUGH_PARTS
        });
    }
}
