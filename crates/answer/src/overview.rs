//! Answers questions for a set of points: takeaways, opinions, comparisons, trends, lists, advice, summaries, counts.
//!
//! The lines are points of the posts (`takeaways_corpus::points`). What the question names beside its shape and its scope
//! is its topic. Without one, the points of all posts in the scope are grouped by the themes that several posts have
//! (`takeaways.rs`). With one, the lines are the points on it (`lines.rs`).

mod advice;
mod announcements;
mod asked;
mod assemble;
mod both_named;
mod card;
mod claims;
mod comparison;
mod days;
mod drafts;
mod further;
mod lines;
mod listed;
mod listed_posts;
mod listed_sides;
mod lists;
mod meant_posts;
mod names;
mod naming;
mod numbers;
mod on_topic;
mod origin_scope;
mod periods;
mod picked_lines;
mod points_on_topic;
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
mod topic_text;
mod trend;
mod turns;
mod views;
mod weak_lines;

use std::sync::Arc;

use crate::{
    amount::Amount,
    concepts::Concept,
    engine::{AnswerError, Engine, is_told_from_today},
    freshness::AskedTime,
    named_overview::{CardSubject, Subject},
    plan::QueryPlan,
    resolve::ExplicitScope,
    shape_words::{is_event_word, is_word_of_attendee},
};
use assemble::{assemble, keep_lines};
pub(crate) use card::named_person;
use drafts::{DraftGroup, Drafts, first_groups};
use lists::ThingList;
use on_topic::Topic;
pub(crate) use origin_scope::take_origin;
use scoped_posts::ScopedPosts;
use shape::names_a_thing;
pub(crate) use sides::missing_sides;
use takeaways_text::model::{Event, EventId, Overview, Post, PostCount, QuestionShape, Shape};
use takeaways_text::tokens::strip_genitive;
pub use talks::speakers_of_talks;
use topic_text::{counted, take_other_words};

/// The maximum number of lines of an overview, beside those with numbers that posts give differently.
pub const MAX_LINES: usize = 10;
/// The same of one that is not about all that is asked for: by readers' grades, nine of ten lines further down are bad.
const MAX_LINES_OF_PARTIAL: usize = 5;
/// Fewer posts have no themes.
const MIN_POSTS_WITH_THEMES: usize = 3;
/// The maximum number of lines that show what is counted.
const MAX_EXAMPLES: usize = 3;

/// Leaves the events of a conference that an author was not at out of the scope of an overview.
fn leave_out_events_without(posts: &[Arc<Post>], plan: &mut QueryPlan, overview: &mut Overview) {
    if plan.scope.authors.is_empty() || posts.is_empty() {
        return;
    }
    let is_of = |id: &EventId| posts.iter().any(|post| post.events.iter().any(|event| event.id == *id));
    plan.events.retain(|event| is_of(&event.id));
    overview.scope.events.retain(is_of);
}

/// All of so many posts.
fn all_of(posts: usize) -> PostCount {
    let of = to_u32(posts);
    PostCount { posts: of, of }
}

impl Engine {
    /// Answers a question for a set of points, and returns the events of its scope; `None` if it asks for no set, or if the
    /// posts have no points on it. `plan` is for posts about the events that the question names.
    pub(crate) fn overview(&self, plan: &QueryPlan) -> Result<Option<(Overview, Vec<Event>)>, AnswerError> {
        let mut shape = match &plan.request.subject {
            Some(Subject::Overview(shape)) => shape.clone(),
            Some(Subject::Card(wanted)) => return self.card_or_takeaways(plan, *wanted),
            None => self.shape_of(plan)?,
        };
        if shape.shape == Shape::Fact {
            return Ok(None);
        }
        let mut plan = plan.clone();
        // "What is the cost of observability?" asks for views on it, "how many attend KubeCon?" for a number of each year.
        plan.amount = plan.amount.filter(|it| *it == Amount::Attendance && shape.shape == Shape::Trend);
        take_origin(self, &mut plan)?;
        leave_out_own_time(&mut plan, shape.shape);
        if let Some(of_day) = days::overview_of_day(self, &plan, &shape)? {
            return Ok(Some(of_day));
        }
        // The words of two sides together may name an event that there is not.
        let is_missing = !plan.missing.is_empty();
        if plan.explicit_scope == ExplicitScope::Empty || is_missing && shape.shape != Shape::Comparison {
            return Ok(None);
        }
        if let Some(card) = self.card_of_events(&mut plan, &shape)? {
            return Ok(Some(card));
        }
        plan.take_excluded_topics();
        if shape.shape == Shape::Comparison {
            if let Some(comparison) = comparison::compare(self, &plan, &shape)? {
                return Ok(Some(comparison));
            }
            if is_missing {
                return Ok(None);
            } else if plan.request.subject.is_none() {
                shape.shape = shape::without_sides(&plan, &shape);
            } else if !missing_sides(self, &plan.request, &shape)?.is_empty() {
                // An overview of one side is no comparison.
                return Ok(None);
            }
        }
        let is_named = plan.request.subject.is_some(); // All its words are of the topic.
        plan.keep_topic(&shape);
        if shape.shape == Shape::Trend && !is_named && trend::is_of_one_time(&plan) {
            shape.shape = Shape::Takeaways;
        }
        leave_out_unknown_writer(&mut plan, shape.shape);
        let is_unknown = is_named && !plan.unknown_words().is_empty();
        if is_unknown || plan.concepts.iter().any(|concept| concept.is_name && !concept.is_known) {
            return Ok(None);
        }
        let other_words = if is_named { Vec::new() } else { take_other_words(&mut plan, shape.shape) };
        if shape.shape == Shape::List
            && shape.list_kind.is_none()
            && let Some(list) = ThingList::find(self, &plan)?
        {
            return Ok(Some((list.into_overview(), plan.events)));
        }
        lists::take_kind_word(&mut plan, shape.shape);
        let has_topic = !plan.concepts.is_empty();
        if let Some(plan) = views::plan_on_person(self, &plan, shape.shape)? {
            return self.overview(&plan);
        }
        // The lines on a topic come from a search; the other posts are only counted.
        let needs_posts = !has_topic || matches!(shape.shape, Shape::Trend | Shape::Summary);
        let mut scoped = if needs_posts {
            ScopedPosts::read(self.index(), &plan)?
        } else {
            ScopedPosts::count(self.index(), &plan)?
        };
        let side = plan.question.asked_side;
        let can_do_without_topic = match shape.shape {
            Shape::Takeaways | Shape::Advice | Shape::Trend => true,
            Shape::List => shape.asks_for_posts() && plan.names_scope(),
            // "What do people complain about at conferences?"
            Shape::Opinions => plan.names_scope() || side.is_some(),
            _ => plan.names_scope(),
        };
        if !has_topic && !can_do_without_topic {
            return Ok(None);
        }
        if shape.shape == Shape::Trend
            && !has_topic
            && !trend::asks_for_attendance(&plan)
            && let Some(overview) = periods::compare_periods(self, &plan, &scoped.posts)?
        {
            return Ok(Some((overview, plan.events)));
        }
        let mut drafts = self.drafts(&shape, &plan, &mut scoped, &other_words)?;
        if drafts.have_nothing(shape.shape) {
            let concepts = shape::without_other_words(&plan, &shape);
            if !concepts.is_empty() {
                // Nobody has "failure stories" about the thing, but somebody may mention the thing.
                plan.concepts = concepts;
                drafts = self.drafts(&shape, &plan, &mut scoped, &[])?;
            }
        }
        let Drafts { groups, confidence, is_partial, trend } = drafts;
        let assembled = assemble(shape.shape, &plan, &scoped, groups);
        let mut overview = Overview { confidence, is_partial, ..assembled };
        let most = is_partial.then_some(MAX_LINES_OF_PARTIAL);
        keep_lines(&mut overview, shape.lines.into_iter().chain(most).min());
        if let Some(trend) = trend {
            trend.complete(&mut overview);
        }
        let is_enough = self.is_enough(&overview, &shape, &plan, is_named);
        leave_out_events_without(&scoped.posts, &mut plan, &mut overview);
        Ok(Some((overview, plan.events)).filter(|_| is_enough))
    }

    /// Answers a question for facts on several things that no line tells together, each by itself: "what did they say about Helm and
    /// etcd?" `None` for one fact.
    pub(crate) fn several_facts(
        &self,
        mut plan: QueryPlan,
    ) -> Result<Option<(Overview, Vec<Event>)>, AnswerError> {
        let shape = plan.question.shape().clone();
        plan.keep_topic(&shape);
        let is_searched = plan.explicit_scope != ExplicitScope::Empty && plan.missing.is_empty();
        if !is_searched || shape.unanswerable.is_some() || !several::may_be_told_apart(self, &plan)? {
            return Ok(None);
        }
        let mut scoped = ScopedPosts::count(self.index(), &plan)?;
        let shape = QuestionShape { shape: Shape::Takeaways, ..shape };
        let Some(several) = several::groups(self, &plan, &shape, scoped.count.of)? else { return Ok(None) };
        scoped.count_naming(several.naming);
        let overview = assemble(shape.shape, &plan, &scoped, several.groups);
        Ok(Some((Overview { confidence: several.confidence, ..overview }, plan.events)))
    }

    /// The card that a command asks for. Posts may name what has no card, or a person whose own words they do not hold: then what they
    /// tell of it.
    fn card_or_takeaways(
        &self,
        plan: &QueryPlan,
        wanted: CardSubject,
    ) -> Result<Option<(Overview, Vec<Event>)>, AnswerError> {
        let card = card::card(self, plan, wanted)?;
        let has_lines = card.as_ref().is_some_and(|(card, _)| !card.excerpts.is_empty());
        if has_lines || wanted == CardSubject::Person {
            return Ok(card);
        }
        let takeaways = QuestionShape { shape: Shape::Takeaways, ..QuestionShape::default() };
        let mut plan = plan.clone();
        Arc::make_mut(&mut plan.request).subject = Some(Subject::Overview(takeaways));
        Ok(self.overview(&plan)?.or(card))
    }

    /// Whether an overview answers a question of a shape. `is_named` tells that it was asked for by a command.
    fn is_enough(
        &self,
        overview: &Overview,
        shape: &QuestionShape,
        plan: &QueryPlan,
        is_named: bool,
    ) -> bool {
        // Who asks for one side takes a single view.
        let is_one_enough = is_named
            || plan.question.asked_side.is_some()
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
            && self.is_confident_enough(overview.confidence);
        overview.excerpts.len() >= fewest && (is_sure || !is_doubtful)
    }

    /// The groups of a plan by their shape. `other_words` are those that are not its topic.
    fn drafts(
        &self,
        question: &QuestionShape,
        plan: &QueryPlan,
        scoped: &mut ScopedPosts,
        other_words: &[Concept],
    ) -> Result<Drafts, AnswerError> {
        let (has_topic, shape) = (!plan.concepts.is_empty(), question.shape);
        let meant = meant_posts::meant_posts(self, plan, shape, &scoped.posts)?;
        if let Some(meant) = meant {
            *scoped = meant_posts::scoped(&meant);
            return Ok(post_summary::summary(&meant, plan).into());
        }
        if shape == Shape::Trend {
            let mut trend = trend::trend(self, plan, scoped)?;
            if trend.posts == Some(0) {
                return Ok(Drafts::from(Vec::new()));
            }
            let groups = std::mem::take(&mut trend.groups);
            scoped.count_naming(trend.posts.unwrap_or_default());
            return Ok(Drafts { trend: Some(trend), ..Drafts::from(groups) });
        }
        if question.asks_for_posts() {
            return Ok(listed_posts::groups(self, plan, scoped)?.into());
        }
        if question.asks_for_events() && has_topic && shape::things(plan).len() == plan.concepts.len() {
            return Ok(lists::events_naming(self, plan, scoped)?.into());
        }
        if has_topic {
            if let Some(several) = several::groups(self, plan, question, scoped.count.of)? {
                scoped.count_naming(several.naming);
                return Ok(Drafts { confidence: several.confidence, ..Drafts::from(several.groups) });
            }
            let (mut groups, confidence) = self.topic_groups(plan, question, scoped.count.of)?;
            let topic = Topic::new(plan);
            let is_whole = groups.iter().flat_map(|group| &group.lines).any(|line| topic.is_whole_at(line));
            if shape == Shape::Takeaways && plan.names_scope() && scoped.count.of == 1 && !is_whole {
                // The only post of a scope tells more than the lines with some words of the topic.
                let everything = QueryPlan { concepts: Vec::new(), ..plan.clone() };
                *scoped = ScopedPosts::read(self.index(), &everything)?;
                return Ok(post_summary::summary(&meant_posts::whole_posts(&scoped.posts), plan).into());
            }
            // The lines are from recaps that name the topic. What counts them says so itself.
            let counted = QueryPlan { concepts: counted(plan, shape), ..plan.clone() };
            let mut naming = 0;
            if shape != Shape::Count && !counted.concepts.is_empty() {
                naming = to_u32(several::posts_naming_any(self.index(), &counted)?.len());
                scoped.count_naming(naming);
            }
            // A group on a topic has some of the posts that name it.
            for group in &mut groups {
                group.posts.of = scoped.count.posts.max(group.posts.posts);
            }
            // A list that names other things than those asked for is none of them.
            let may_be_partial = naming == 0 || shape == Shape::List;
            let has_lines = groups.iter().any(|group| !group.lines.is_empty());
            let is_partial = may_be_partial && has_lines && !is_whole;
            return Ok(Drafts { confidence, is_partial, ..Drafts::from(groups) });
        }
        if self.is_answered_by_one(plan, other_words, shape)? {
            return Ok(Drafts::from(Vec::new()));
        }
        let mut is_partial = false;
        let groups = match shape {
            Shape::Advice => {
                let lines = advice::lines(self, &scoped.posts, plan, other_words)?;
                is_partial = advice::lacks_words(&lines, other_words, plan);
                advice::groups(&[], &lines, scoped.posts.len())
            }
            Shape::Opinions => views::of_event(&scoped.posts, plan),
            Shape::Count => {
                if scoped.count.posts < scoped.count.of {
                    // Not all of them were read.
                    let counted = ScopedPosts::count(self.index(), plan)?;
                    (scoped.count, scoped.authors) = (counted.count, counted.authors);
                }
                naming::examples(&scoped.posts, plan)
            }
            _ => takeaways::of_posts(&scoped.posts, plan, self.index())?,
        };
        Ok(Drafts { is_partial, ..Drafts::from(groups) })
    }
}

/// Leaves out when the asker goes to an event: "I go to KubeCon next month, any tips?" asks for what others did.
fn leave_out_own_time(plan: &mut QueryPlan, shape: Shape) {
    if shape == Shape::Advice && names_attendance(plan) && plan.asked_time() == Some(AskedTime::Coming) {
        plan.missing.retain(|missing| !is_told_from_today(missing));
    }
}

/// Whether a question names an event, or a word for people who go to events.
fn names_attendance(plan: &QueryPlan) -> bool {
    let mut words = plan.question.syntax.words.iter();
    plan.names_scope() || words.any(|word| is_word_of_attendee(&word.text) || is_event_word(&word.text))
}

/// Takes the name of a person that no post has out of the topic of a question for what the person wrote of an event: a recap that
/// names no author may be it. The answer says that none is known to be.
fn leave_out_unknown_writer(plan: &mut QueryPlan, shape: Shape) {
    let may_be_written = matches!(shape, Shape::Summary | Shape::Takeaways)
        && plan.scope.events.len() == 1
        && !talks::has_word_for_talk(&plan.question.syntax.text);
    if let [name] = plan.scope.people.as_slice()
        && may_be_written
    {
        let is_part = |concept: &Concept| {
            concept.is_name && !concept.is_known && name.contains(strip_genitive(&concept.text))
        };
        plan.concepts.retain(|concept| !is_part(concept));
    }
}

fn to_u32(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
