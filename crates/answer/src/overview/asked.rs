//! What a question for a set of points asks for. Its overview, the lines that come after that, and the list of its posts all begin here.

use super::alternatives::join_alternatives;
use super::beside_topic::{topic_of_clause, topics_of_sentences};
use super::comparison::Comparison;
use super::days::{asks_for_whole_day, within_day};
use super::lists::{self, ThingList};
use super::meant_posts::meant_posts;
use super::origin_scope::{is_of_other_writer, take_origin};
use super::scoped_posts::ScopedPosts;
use super::several::things_listed;
use super::sides::missing_sides;
use super::topic_text::take_other_words;
use super::views::plan_on_person;
use super::{shape, talks, trend};
use crate::{
    amount::Amount,
    concepts::Concept,
    engine::{AnswerError, Engine, Request, is_told_from_today},
    freshness::AskedTime,
    named_overview::Subject,
    plan::QueryPlan,
    post_part::PostPart,
    resolve::{ExplicitScope, NameRole},
    shape_words::{is_event_word, is_word_of_attendee},
};
use takeaways_text::model::{Overview, QuestionShape, Shape};
use takeaways_text::tokens::strip_genitive;

/// What a question for a set of points asks for.
pub(super) enum AskedOverview {
    /// The events of posts, or how many posts there are of them.
    Events(Box<EventsCard>),
    Comparison(Comparison),
    /// Announcements, names or talks.
    Things(ThingList),
    Points(AskedPoints),
}

/// A card of events.
pub(super) struct EventsCard {
    pub plan: QueryPlan,
    pub card: Overview,
}

/// Points on a topic or of a scope.
#[derive(Clone)]
pub(super) struct AskedPoints {
    /// The plan with the concepts of the topic, limited to the posts of the blog that the question names.
    pub plan: QueryPlan,
    pub shape: QuestionShape,
    /// The concepts that are not of the topic.
    pub other_words: Vec<Concept>,
}

impl AskedOverview {
    /// Reads what a question asks for from its plan, which is for posts about the events that it names. `None` if it asks for no set of
    /// points, or for what no post has.
    pub fn read(engine: &Engine, plan: &QueryPlan) -> Result<Option<Self>, AnswerError> {
        let shape = match &plan.request.subject {
            Some(Subject::Overview(shape)) => shape.clone(),
            _ => engine.shape_of(plan)?,
        };
        if plan.request.subject.is_none()
            && let Some(list) = talks::favourites(engine, plan)?
        {
            return Ok(Some(Self::Things(list)));
        }
        let shape = match shape.shape {
            Shape::Fact if asks_for_whole_day(engine, plan)? => {
                QuestionShape { shape: Shape::Summary, ..QuestionShape::default() }
            }
            Shape::Fact => return Ok(None),
            _ => shape,
        };
        let mut plan = plan.clone();
        // "What is the cost of observability?" asks for views on it, "how many attend KubeCon?" for a number of each year.
        plan.amount = plan.amount.filter(|it| *it == Amount::Attendance && shape.shape == Shape::Trend);
        take_origin(engine, &mut plan)?;
        if shape.shape == Shape::Summary && is_of_other_writer(&plan) {
            return Ok(None); // What others wrote is no answer.
        }
        leave_out_own_time(&mut plan, shape.shape);
        if let Some(of_day) = within_day(engine, &plan, &shape)?
            && let Some(asked) = Self::read(engine, &of_day)?
        {
            return Ok(Some(asked));
        }
        // The words of two sides together may name an event that there is not.
        let is_missing = !plan.missing.is_empty();
        if plan.explicit_scope == ExplicitScope::Empty || is_missing && shape.shape != Shape::Comparison {
            return Ok(None);
        }
        if let Some(card) = engine.card_of_events(&mut plan, &shape)? {
            return Ok(Some(Self::Events(Box::new(EventsCard { plan, card }))));
        }
        plan.take_excluded_topics();
        if shape.shape != Shape::Comparison {
            return Self::read_points(engine, plan, shape);
        }
        match Comparison::find(engine, &plan, &shape)? {
            Some(comparison) => Ok(Some(Self::Comparison(comparison))),
            None => Self::read_without_sides(engine, plan, shape),
        }
    }

    /// What a question for a comparison asks for whose sides no posts tell of.
    pub fn read_without_sides(
        engine: &Engine,
        plan: QueryPlan,
        shape: QuestionShape,
    ) -> Result<Option<Self>, AnswerError> {
        // An overview of one side is no comparison.
        let lacks_side =
            plan.request.subject.is_some() && !missing_sides(engine, &plan.request, &shape)?.is_empty();
        if lacks_side || !plan.missing.is_empty() {
            return Ok(None);
        }
        let without_sides = match plan.request.subject {
            None => shape::without_sides(&plan, &shape),
            Some(_) => shape.shape,
        };
        Self::read_points(engine, plan, QuestionShape { shape: without_sides, ..shape })
    }

    fn read_points(
        engine: &Engine,
        mut plan: QueryPlan,
        mut shape: QuestionShape,
    ) -> Result<Option<Self>, AnswerError> {
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
            && let Some(list) = ThingList::find(engine, &plan)?
        {
            return Ok(Some(Self::Things(list)));
        }
        lists::take_kind_word(&mut plan, shape.shape);
        if matches!(shape.shape, Shape::Count | Shape::Trend)
            && things_listed(&plan, &plan.concepts).is_empty()
        {
            // Lines with one of several alternatives are found without this, but posts with one are not counted.
            join_alternatives(&mut plan, engine.index());
        }
        match plan_on_person(engine, &plan, shape.shape)? {
            Some(on_person) => Self::read(engine, &on_person),
            None => Ok(Some(Self::Points(AskedPoints { plan, shape, other_words }))),
        }
    }

    /// What the overview of a request was asked for. One that answered a question for facts on several things has points on its topic.
    pub fn of_request(engine: &Engine, request: &Request) -> Result<Self, AnswerError> {
        let mut plan = engine.plan(request, NameRole::Subject)?;
        if let Some(asked) = Self::read(engine, &plan)? {
            let narrower = match &asked {
                Self::Points(points) => points.narrower_with_answer(engine, true)?,
                _ => None,
            };
            return Ok(narrower.map_or(asked, |(narrower, _)| Self::Points(narrower)));
        }
        let shape = plan.question.shape().clone();
        plan.keep_topic(&shape);
        let shape = QuestionShape { shape: Shape::Takeaways, ..shape };
        Ok(Self::Points(AskedPoints { plan, shape, other_words: Vec::new() }))
    }

    /// The plan for the posts that the overview is drawn from.
    pub fn plan(&self) -> &QueryPlan {
        match self {
            Self::Events(events) => &events.plan,
            Self::Comparison(comparison) => &comparison.plan,
            Self::Things(list) => &list.plan,
            Self::Points(points) => &points.plan,
        }
    }
}

impl AskedPoints {
    /// The same with fewer words in its topic: nobody has "failure stories" about a thing, but somebody may mention the thing. `None` if
    /// no word may be left out.
    pub fn with_wider_topic(&self) -> Option<Self> {
        let concepts = shape::without_other_words(&self.plan, &self.shape);
        let plan = QueryPlan { concepts, ..self.plan.clone() };
        let wider = Self { plan, shape: self.shape.clone(), other_words: Vec::new() };
        Some(wider).filter(|it| !it.plan.concepts.is_empty())
    }

    /// The same with less to find, and its overview, if phrases tell the shape and nothing is on the whole topic: with alternatives of which
    /// one is enough, else with the topic of a part of the question. A clause of a sentence is one if no fact answers all of it.
    pub fn narrower_with_answer(
        &self,
        engine: &Engine,
        may_be_clause: bool,
    ) -> Result<Option<(Self, Overview)>, AnswerError> {
        let is_told = self.plan.request.subject.is_none() && self.plan.question.told_shape().is_told();
        if !is_told {
            return Ok(None);
        }
        let mut joined = self.plan.clone();
        join_alternatives(&mut joined, engine.index());
        let mut topics = vec![joined.concepts];
        topics.extend(topics_of_sentences(&self.plan));
        topics.extend(topic_of_clause(&self.plan).filter(|_| may_be_clause));
        topics.retain(|topic| *topic != self.plan.concepts);
        if topics.is_empty() || self.clone().into_overview(engine)?.is_some() {
            return Ok(None);
        }
        for concepts in topics {
            let plan = QueryPlan { concepts, ..self.plan.clone() };
            let narrower = Self { plan, shape: self.shape.clone(), other_words: Vec::new() };
            let overview = narrower.clone().into_overview(engine)?.filter(|overview| !overview.is_partial);
            if let Some(mut overview) = overview {
                if overview.topic.is_none() && overview.mentions.is_none() {
                    // Nothing else says what was left out.
                    overview.is_partial = true;
                    overview.unmentioned = Some(Vec::new());
                }
                return Ok(Some((narrower, overview)));
            }
        }
        Ok(None)
    }

    /// The posts of the scope, read or only counted: the lines on a topic come from a search.
    pub fn scoped_posts(&self, engine: &Engine) -> Result<ScopedPosts, AnswerError> {
        let needs_posts = self.plan.concepts.is_empty()
            || match self.shape.shape {
                Shape::Summary => true,
                Shape::Trend => trend::asks_for_attendance(&self.plan),
                _ => false,
            };
        if needs_posts {
            ScopedPosts::read(engine.index(), &self.plan)
        } else {
            ScopedPosts::count(engine.index(), &self.plan)
        }
    }

    /// Whether the question may mean some posts of its scope by themselves.
    pub fn may_mean_posts(&self) -> bool {
        matches!(self.shape.shape, Shape::Summary | Shape::Takeaways)
    }

    /// The posts or the parts of posts that are summed up; `None` if the overview is of all in its scope. `scoped` are its
    /// [`AskedPoints::scoped_posts`].
    pub fn meant_posts(
        &self,
        engine: &Engine,
        scoped: &ScopedPosts,
    ) -> Result<Option<Vec<PostPart>>, AnswerError> {
        if !self.may_mean_posts() {
            return Ok(None);
        }
        meant_posts(engine, &self.plan, self.shape.shape, &scoped.posts)
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
