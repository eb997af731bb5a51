//! The overview of points on a topic or of a scope.

use std::collections::HashSet;
use std::sync::Arc;

use super::asked::AskedPoints;
use super::assemble::{assemble, keep_lines};
use super::drafts::Drafts;
use super::lines::Line;
use super::on_topic::Topic;
use super::scoped_posts::ScopedPosts;
use super::topic_text::counted;
use super::{
    advice, listed_posts, lists, meant_posts, naming, periods, post_summary, several, shape, takeaways,
    trend, views,
};
use crate::{
    concepts::Concept,
    engine::{AnswerError, Engine},
    plan::QueryPlan,
};
use takeaways_text::model::{EventId, Overview, Post, Shape};
use takeaways_text::tokens::strip_genitive;

/// The maximum number of lines of an overview that is not about all that is asked for: by readers' grades, nine of ten lines
/// further down are bad.
const MAX_LINES_OF_PARTIAL: usize = 5;

impl AskedPoints {
    /// Returns the overview; `None` if the posts have no points, or too few.
    pub fn into_overview(mut self, engine: &Engine) -> Result<Option<Overview>, AnswerError> {
        if self.plan.concepts.is_empty() && !self.can_do_without_topic() {
            return Ok(None);
        }
        let mut scoped = self.scoped_posts(engine)?;
        if self.shape.shape == Shape::Trend
            && self.plan.concepts.is_empty()
            && !trend::asks_for_attendance(&self.plan)
            && let Some(overview) = periods::compare_periods(engine, &self.plan, &scoped.posts)?
        {
            return Ok(Some(overview));
        }
        let drafts = self.choose(engine, &mut scoped)?;
        let Drafts { groups, confidence, is_partial, unmentioned, trend, .. } = drafts;
        let assembled = assemble(self.shape.shape, &self.plan, &scoped, groups);
        let mut overview = Overview { confidence, is_partial, unmentioned, ..assembled };
        let most = is_partial.then_some(MAX_LINES_OF_PARTIAL);
        keep_lines(&mut overview, self.shape.lines.into_iter().chain(most).min());
        if let Some(trend) = trend {
            trend.complete(&mut overview);
        }
        if !self.is_answered_by(&overview, engine) {
            return Ok(None);
        }
        if !self.plan.scope.authors.is_empty() {
            leave_out_events_without(&scoped.posts, &mut overview);
        }
        Ok(Some(overview))
    }

    /// Whether the question asks for enough without a topic.
    fn can_do_without_topic(&self) -> bool {
        let names_scope = self.plan.names_scope();
        match self.shape.shape {
            Shape::Takeaways | Shape::Advice | Shape::Trend => true,
            Shape::List => self.shape.asks_for_posts() && names_scope,
            // "What do people complain about at conferences?"
            Shape::Opinions => names_scope || self.plan.question.asked_side.is_some(),
            _ => names_scope,
        }
    }

    /// Whether an overview tells enough.
    fn is_answered_by(&self, overview: &Overview, engine: &Engine) -> bool {
        let Self { plan, shape, .. } = self;
        // Who asks for one side takes a single view, and who asks of one day a single line.
        let is_one_enough = plan.request.subject.is_some()
            || plan.question.asked_side.is_some()
            || !plan.parts.is_empty()
            || shape.shape == Shape::Count
            || shape.asks_for_posts();
        let is_counted = match shape.shape {
            Shape::Count => !overview.groups.is_empty(),
            Shape::Trend => overview.mentions.is_some(),
            _ => false,
        };
        // A number needs no line, and the numbers of the years one at most.
        let fewest = match (is_one_enough, is_counted) {
            (true, is_counted) => usize::from(!is_counted),
            (false, true) if !shape.is_estimated => 1,
            (false, _) => 2,
        };
        // A shape that no phrase tells, on nothing that is known, must be as sure as a fact: "how do people cook at home?"
        let is_doubtful = shape.is_estimated && shape::things(plan).is_empty() && !plan.names_scope();
        let is_sure = !overview.is_partial
            && !matches!(shape.shape, Shape::Trend | Shape::List)
            && engine.is_confident_enough(overview.confidence);
        // Nor do lines on a part of what is asked answer it: "what was said about GitOps at KubeCon NA 2017?"
        let is_beside = shape.is_estimated && overview.is_partial;
        overview.excerpts.len() >= fewest && !is_beside && (is_sure || !is_doubtful)
    }

    /// Chooses the groups of lines. If there are none, the topic becomes wider. `scoped` are the posts of the scope, and then those that
    /// the lines are from.
    pub fn choose(&mut self, engine: &Engine, scoped: &mut ScopedPosts) -> Result<Drafts, AnswerError> {
        let drafts = self.drafts(engine, scoped)?;
        if drafts.have_nothing(self.shape.shape)
            && let Some(wider) = self.with_wider_topic()
        {
            *self = wider;
            return self.drafts(engine, scoped);
        }
        Ok(drafts)
    }

    fn drafts(&self, engine: &Engine, scoped: &mut ScopedPosts) -> Result<Drafts, AnswerError> {
        let Self { plan, shape: question, other_words } = self;
        let (has_topic, shape) = (!plan.concepts.is_empty(), question.shape);
        if let Some(meant) = self.meant_posts(engine, scoped)? {
            *scoped = meant_posts::scoped(&meant);
            return Ok(post_summary::summary(&meant, plan));
        }
        if shape == Shape::Trend {
            return trend::drafts(engine, plan, scoped);
        }
        if question.asks_for_posts() {
            return listed_posts::groups(engine, plan, scoped);
        }
        if question.asks_for_events() && has_topic && shape::things(plan).len() == plan.concepts.len() {
            return lists::events_naming(engine, plan, scoped);
        }
        if has_topic {
            if let Some(several) = several::groups(engine, plan, question, scoped)? {
                return Ok(several);
            }
            let counted = QueryPlan { concepts: counted(plan, shape), ..plan.clone() };
            let mut naming = match shape {
                Shape::Count => several::posts_naming_choice(engine.index(), plan)?,
                _ if counted.concepts.is_empty() => HashSet::new(),
                _ => several::posts_naming_any(engine.index(), &counted)?,
            };
            let mut drafts = engine.topic_groups(plan, question, scoped.count.of, &naming)?;
            let topic = Topic::new(&plan.concepts);
            let is_whole =
                drafts.groups.iter().flat_map(|group| &group.lines).any(|line| topic.is_whole_in_list(line));
            // What a command names is asked for, and nothing else of the post.
            let is_of_only_post =
                plan.request.subject.is_none() && plan.names_scope() && scoped.count.of == 1;
            if shape == Shape::Takeaways && is_of_only_post && !is_whole && !question.is_estimated {
                // It tells more than the lines with some words of the topic.
                let everything = QueryPlan { concepts: Vec::new(), ..plan.clone() };
                *scoped = ScopedPosts::read(engine.index(), &everything)?;
                return Ok(post_summary::summary(&meant_posts::whole_posts(&scoped.posts), plan));
            }
            let is_named = shape != Shape::Count && !naming.is_empty();
            if shape == Shape::Count {
                scoped.limit_to(naming); // Its group says how many they are.
            } else if is_named {
                // A line may name the topic in another form.
                let lines = drafts.groups.iter().flat_map(|group| &group.lines);
                let on_topic = lines.filter(|line| topic.is_whole_at(line));
                naming.extend(on_topic.map(|line| line.post.id.clone()));
                scoped.count_naming(naming);
            }
            // A group on a topic has some of the posts that name it.
            for group in &mut drafts.groups {
                group.posts.of = scoped.count.posts.max(group.posts.posts);
            }
            // A list that names other things than those asked for is none of them. What is counted needs no line on all of it.
            let may_be_partial = shape == Shape::List || !is_named && shape != Shape::Count;
            let has_lines = drafts.groups.iter().any(|group| !group.lines.is_empty());
            drafts.is_partial = may_be_partial && has_lines && !is_whole;
            let lines = drafts.groups.iter().flat_map(|group| &group.lines);
            drafts.unmentioned =
                drafts.is_partial.then(|| unmentioned(&plan.concepts, plan, lines)).flatten();
            return Ok(drafts);
        }
        if engine.is_answered_by_one(plan, other_words, shape)? {
            return Ok(Drafts::default());
        }
        match shape {
            Shape::Advice => {
                let lines = advice::lines(engine, &scoped.posts, plan, other_words)?;
                let is_partial = advice::lacks_words(&lines, other_words, plan);
                let groups = advice::groups(&[], &lines, scoped.posts.len(), plan.request.limits);
                let shown = groups.iter().flat_map(|group| &group.lines);
                let unmentioned = is_partial.then(|| unmentioned(other_words, plan, shown)).flatten();
                Ok(Drafts { is_partial, unmentioned, ..Drafts::new(groups, lines) })
            }
            Shape::Opinions => Ok(views::of_event(&scoped.posts, plan)),
            Shape::Count => {
                if scoped.count.posts < scoped.count.of {
                    // Not all of them were read.
                    let counted = ScopedPosts::count(engine.index(), plan)?;
                    (scoped.count, scoped.authors) = (counted.count, counted.authors);
                }
                Ok(naming::examples(&scoped.posts, plan))
            }
            _ => takeaways::of_posts(&scoped.posts, plan, engine.index()),
        }
    }
}

/// See [`Overview::unmentioned`]. Only the first lines count.
fn unmentioned<'l>(
    concepts: &[Concept],
    plan: &QueryPlan,
    lines: impl Iterator<Item = &'l Line>,
) -> Option<Vec<String>> {
    let topic = Topic::new(concepts);
    let named: Vec<Vec<bool>> = lines.take(MAX_LINES_OF_PARTIAL).map(|line| topic.named_at(line)).collect();
    let is_missing = |at: &usize| !named.iter().any(|named| named[*at]);
    let missing = (0..concepts.len()).filter(is_missing).map(|at| &concepts[at]);
    let missing: Vec<&Concept> = missing.filter(|concept| !concept.is_weak()).collect();
    let is_thing = shape::is_thing(plan);
    let things = missing.iter().filter(|concept| concept.is_name_or_entity() || is_thing(concept));
    let things = things.map(|concept| strip_genitive(&concept.text).to_owned()).collect();
    (!missing.is_empty()).then_some(things)
}

/// Leaves the events of a conference that an author was not at out of the scope of an overview.
fn leave_out_events_without(posts: &[Arc<Post>], overview: &mut Overview) {
    if posts.is_empty() {
        return;
    }
    let is_of = |id: &EventId| posts.iter().any(|post| post.events.iter().any(|event| event.id == *id));
    overview.scope.events.retain(is_of);
}
