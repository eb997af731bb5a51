//! What an overview was asked for, to tell more of it: its topic, and the posts that it is of.

use super::days::within_day;
use super::meant_posts::meant_posts;
use super::origin_scope::take_origin;
use super::scoped_posts::ScopedPosts;
use super::take_other_words;
use super::views::plan_on_person;
use crate::{
    concepts::Concept,
    engine::{AnswerError, Engine, Request},
    plan::QueryPlan,
    post_part::PostPart,
    resolve::NameRole,
};
use takeaways_text::model::{QuestionShape, Shape};

/// What the overview of a request was asked for, as [`Engine::overview`] understood it.
pub(super) struct AskedOverview {
    /// The plan with the concepts of the topic, limited to the posts of the blog that the request names.
    pub plan: QueryPlan,
    pub shape: QuestionShape,
    /// The concepts that are not of the topic.
    pub other_words: Vec<Concept>,
}

impl AskedOverview {
    pub fn new(engine: &Engine, request: &Request) -> Result<Self, AnswerError> {
        Self::of_plan(engine, engine.plan(request, NameRole::Subject)?)
    }

    fn of_plan(engine: &Engine, mut plan: QueryPlan) -> Result<Self, AnswerError> {
        let shape = engine.shape_of(&plan)?;
        take_origin(engine, &mut plan)?;
        if let Some(of_day) = within_day(engine, &plan, &shape)? {
            return Self::of_plan(engine, of_day);
        }
        plan.take_excluded_topics();
        plan.keep_topic(&shape);
        let is_named = plan.request.subject.is_some();
        let other_words = if is_named { Vec::new() } else { take_other_words(&mut plan, shape.shape) };
        match plan_on_person(engine, &plan, shape.shape)? {
            Some(on_person) => Self::of_plan(engine, on_person),
            None => Ok(Self { plan, shape, other_words }),
        }
    }

    /// The posts or the parts of posts that were summed up; `None` if the overview is of all in its scope.
    pub fn meant_posts(&self, engine: &Engine) -> Result<Option<Vec<PostPart>>, AnswerError> {
        let (plan, shape) = (&self.plan, self.shape.shape);
        let posts = if shape == Shape::Summary || shape == Shape::Takeaways && plan.concepts.is_empty() {
            ScopedPosts::read(engine.index(), plan)?.posts
        } else {
            Vec::new()
        };
        meant_posts(engine, plan, shape, &posts)
    }
}
