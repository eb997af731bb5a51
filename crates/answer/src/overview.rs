//! Answers questions for a set of points: takeaways, opinions, comparisons, trends, lists, advice, summaries, counts.
//!
//! The lines are points of the posts (`takeaways_corpus::points`). What the question names beside its shape and its scope
//! is its topic. Without one, the points of all posts in the scope are grouped by the themes that several posts have
//! (`takeaways.rs`). With one, the lines are the points on it (`lines.rs`).

mod advice;
mod alternatives;
mod announcements;
mod asked;
mod assemble;
mod beside_topic;
mod both_named;
mod card;
mod claims;
mod compared_events;
mod comparison;
mod contrast;
mod days;
mod drafts;
mod further;
mod lines;
mod listed;
mod listed_posts;
mod listed_sides;
mod lists;
mod meant_posts;
mod mentions;
mod names;
mod naming;
mod numbers;
mod on_topic;
mod origin_scope;
mod periods;
mod picked_lines;
mod points_on_topic;
mod points_overview;
mod post_summary;
mod recaps;
mod recent;
mod scoped_posts;
mod several;
mod shape;
mod side_names;
mod sides;
mod takeaways;
mod talks;
mod themes;
mod titled_posts;
mod topic_groups;
mod topic_line;
mod topic_text;
mod trend;
mod turns;
mod version;
mod views;
mod weak_lines;

use std::sync::Arc;

use crate::{
    engine::{AnswerError, AnswerLimits, Engine, Request},
    named_overview::{CardSubject, Subject},
    plan::QueryPlan,
    resolve::ExplicitScope,
};
use asked::AskedOverview;
use assemble::{assemble, keep_lines};
pub(crate) use card::named_person;
use drafts::{DraftGroup, first_groups};
pub(crate) use origin_scope::take_origin;
use scoped_posts::ScopedPosts;
pub(crate) use sides::missing_sides;
use takeaways_text::model::{Overview, PostCount, QuestionShape, Shape};
pub use talks::speakers_of_talks;

/// The maximum number of lines of an overview, beside those with numbers that posts give differently.
pub const MAX_LINES: usize = 10;
/// Fewer posts have no themes.
const MIN_POSTS_WITH_THEMES: usize = 3;
/// With as many lines that are short enough, longer ones are not missed.
const ENOUGH_SHORT: usize = 4;
/// As many lines of any length are shown where there are not enough short ones.
const ENOUGH_LONG: usize = 5;
/// The maximum number of lines that show what is counted.
const MAX_EXAMPLES: usize = 3;

/// All of so many posts.
fn all_of(posts: usize) -> PostCount {
    let of = to_u32(posts);
    PostCount { posts: of, of }
}

impl Engine {
    /// Answers a question for a set of points; `None` if it asks for no set, or if the posts have no points on it. `plan` is for posts
    /// about the events that the question names.
    pub(crate) fn overview(&self, plan: &QueryPlan) -> Result<Option<Overview>, AnswerError> {
        if let Some(Subject::Card(wanted)) = &plan.request.subject {
            return self.card_or_takeaways(plan, *wanted);
        }
        if let Some(card) = card::card_of_asked_person(self, plan)? {
            return Ok(Some(card));
        }
        let Some(asked) = AskedOverview::read(self, plan)? else { return Ok(None) };
        let found = self.overview_of(asked)?;
        let limits = plan.request.limits;
        let any_length = AnswerLimits::from(limits.excerpts);
        let lines = found.as_ref().map_or(0, |overview| overview.excerpts.len());
        // A number needs no lines.
        let is_count = found.as_ref().is_some_and(|overview| overview.shape == Shape::Count);
        if limits == any_length || is_count || lines >= ENOUGH_SHORT {
            return Ok(found);
        }
        // Long lines are better than few.
        let request = Request { limits: any_length, ..(*plan.request).clone() };
        let longer = self.overview(&QueryPlan { request: Arc::new(request), ..plan.clone() })?;
        let longer = longer.map(|mut overview| {
            keep_lines(&mut overview, Some(ENOUGH_LONG));
            overview
        });
        Ok(longer.filter(|longer| longer.excerpts.len() > lines).or(found))
    }

    fn overview_of(&self, asked: AskedOverview) -> Result<Option<Overview>, AnswerError> {
        let mut asked = Some(asked);
        if let Some(AskedOverview::Comparison(comparison)) = asked {
            let (plan, shape) = (comparison.plan.clone(), comparison.shape.clone());
            if let Some(compared) = comparison.into_overview(self)? {
                return Ok(Some(compared));
            }
            asked = AskedOverview::read_without_sides(self, plan, shape)?;
        }
        match asked {
            Some(AskedOverview::Points(points)) => points.into_overview(self),
            Some(AskedOverview::Events(found)) => Ok(Some(found.card)),
            Some(AskedOverview::Things(list)) => Ok(Some(list.into_overview())),
            Some(AskedOverview::Comparison(_)) | None => Ok(None),
        }
    }

    /// Answers a question for facts on several things that no line tells together, each by itself: "what did they say about Helm and
    /// etcd?" `None` for one fact.
    pub(crate) fn several_facts(&self, mut plan: QueryPlan) -> Result<Option<Overview>, AnswerError> {
        let shape = plan.question.shape().clone();
        plan.keep_topic(&shape);
        let is_searched = plan.explicit_scope != ExplicitScope::Empty && plan.missing.is_empty();
        if !is_searched || shape.unanswerable.is_some() || !several::may_be_told_apart(self, &plan)? {
            return Ok(None);
        }
        let mut scoped = ScopedPosts::count(self.index(), &plan)?;
        let shape = QuestionShape { shape: Shape::Takeaways, ..shape };
        let Some(several) = several::groups(self, &plan, &shape, &mut scoped)? else { return Ok(None) };
        let overview = assemble(shape.shape, &plan, &scoped, several.groups);
        Ok(Some(Overview { confidence: several.confidence, ..overview }))
    }

    /// Answers a question for a set of points from a part of its words, if nothing is on all of them. That part `may_be_clause`, or else
    /// is a sentence.
    pub(crate) fn narrower_overview(
        &self,
        plan: &QueryPlan,
        may_be_clause: bool,
    ) -> Result<Option<Overview>, AnswerError> {
        let Some(AskedOverview::Points(points)) = AskedOverview::read(self, plan)? else { return Ok(None) };
        Ok(points.narrower_with_answer(self, may_be_clause)?.map(|(_, overview)| overview))
    }

    /// The card that a command asks for. Posts may name what has no card, or a person whose own words they do not hold: then what they
    /// tell of it.
    fn card_or_takeaways(
        &self,
        plan: &QueryPlan,
        wanted: CardSubject,
    ) -> Result<Option<Overview>, AnswerError> {
        let card = card::card(self, plan, wanted)?;
        let has_lines = card.as_ref().is_some_and(|card| !card.excerpts.is_empty());
        if has_lines || wanted == CardSubject::Person {
            return Ok(card);
        }
        let takeaways = QuestionShape { shape: Shape::Takeaways, ..QuestionShape::default() };
        let mut plan = plan.clone();
        Arc::make_mut(&mut plan.request).subject = Some(Subject::Overview(takeaways));
        Ok(self.overview(&plan)?.or(card))
    }
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
