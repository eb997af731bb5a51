//! The sides of a comparison: two that the words of a question name, or the things or events that it lists.

use std::ops::Range;

use super::comparison::LINES_OF_SIDE;
use super::lines::{Line, points_of_posts, topic_lines};
use super::listed_sides::{
    are_editions_of_one, is_thing, leave_out_colocated, listed_events, listed_things, name_of_concepts,
    names_each, written_name,
};
use super::naming::posts_naming;
use super::on_topic::Topic;
use super::side_names::{is_year_alone, name_of_side, names_of_side, split_at_versus};
use super::weak_lines::{GOOD_GRADE, leave_out_below, put_takeaways_first};
use super::{ScopedPosts, to_u32};
use crate::{
    attendance::is_size,
    concepts::Concept,
    engine::{AnswerError, Engine, Request},
    find_name::find_events_by_name,
    plan::{QueryPlan, names_thing},
    question_syntax::{contains, overlap},
    resolve::{NameRole, ScopeOptions, events_of_option},
};
use takeaways_text::model::{Event, Language, Missing, Question, QuestionShape, ReasonKind, Shape, Years};

/// What it adds to the grade of a line of an event that it tells of the event as a whole.
const EVENT_GAIN: f32 = 1.0;
/// A side with more words is no name of an event or a thing.
const MAX_SIDE_WORDS: usize = 5;

/// One of the things that are compared.
pub(super) struct Side {
    pub name: String,
    pub plan: QueryPlan,
    /// Its posts: those of its scope, of a thing those that name it.
    pub scoped: ScopedPosts,
    /// How many people came to it, if it is shown before its lines.
    pub attendance: Option<Line>,
    pub lines: Vec<Line>,
}

impl Side {
    /// Reads the posts and the lines of a side.
    fn read(engine: &Engine, plan: QueryPlan, name: String) -> Result<Self, AnswerError> {
        let index = engine.index();
        let (scoped, lines) = if plan.concepts.is_empty() {
            let scoped = ScopedPosts::read(index, &plan)?;
            let mut lines = points_of_posts(&scoped.posts, &plan);
            if plan.scope.years.is_none() && plan.scope.authors.is_empty() {
                raise_lines_on_event(&mut lines);
            }
            put_takeaways_first(&mut lines);
            leave_out_below(GOOD_GRADE, &mut lines, LINES_OF_SIDE);
            (scoped, lines)
        } else {
            let all = ScopedPosts::count(index, &plan)?.count.of;
            let naming = posts_naming(index, &plan)?;
            let scoped = ScopedPosts::read_naming(index, &plan, naming, all)?;
            let mut lines = topic_lines(engine, &plan, Shape::Comparison)?;
            let topic = Topic::new(&plan.concepts);
            if lines.iter().any(|line| topic.is_whole_at(line)) {
                lines.retain(|line| topic.is_whole_at(line));
            }
            (scoped, lines)
        };
        Ok(Self { name, plan, scoped, attendance: None, lines })
    }

    /// Keeps only the posts and the lines that have its name with a capital, if there are any and no table has it: beside other
    /// names it is one too, and "Garden" is no garden.
    fn keep_named(&mut self) {
        if self.plan.concepts.is_empty() || names_thing(&self.name) {
            return;
        }
        let name = self.name.to_lowercase();
        let is_name = |word: &str| word.starts_with(char::is_uppercase) && word.to_lowercase() == name;
        if name.contains(|c: char| !c.is_alphanumeric()) {
            return;
        }
        let is_named = |text: &str| text.split(|c: char| !c.is_alphanumeric()).any(is_name);
        if !self.scoped.posts.iter().any(|post| is_named(&post.body.text)) {
            return;
        }
        self.scoped.posts.retain(|post| is_named(&post.body.text));
        self.scoped.count.posts = to_u32(self.scoped.posts.len());
        self.lines.retain(|line| is_named(line.text()));
    }
}

/// Raises the lines that tell of the event as a whole: what a talk was about sets no event apart.
fn raise_lines_on_event(lines: &mut [Line]) {
    for line in lines.iter_mut().filter(|line| line.kind.is_about_event) {
        line.add(ReasonKind::Event, EVENT_GAIN);
    }
}

/// Whether each side is a scope, and none a thing.
pub(super) fn are_scopes(sides: &[Side]) -> bool {
    sides.iter().all(|side| side.plan.concepts.is_empty())
}

/// Whether all sides have the same scope.
pub(super) fn have_one_scope(sides: &[Side]) -> bool {
    sides.windows(2).all(|pair| pair[0].plan.scope == pair[1].plan.scope)
}

/// The sides that a question names, each with lines; `None` if there are fewer than two.
pub(super) fn find(
    engine: &Engine,
    plan: &QueryPlan,
    shape: &QuestionShape,
) -> Result<Option<Vec<Side>>, AnswerError> {
    let is_of_words = plan.request.subject.is_none();
    // A name that is missing is missing for each thing.
    let mut listed =
        if is_of_words && plan.missing.is_empty() { listed_things(plan, shape) } else { Vec::new() };
    // The words tell only two sides apart.
    let mut lists_several = listed.len() > 2;
    if is_of_words && listed.is_empty() {
        listed = listed_events(plan, shape);
        leave_out_colocated(&mut listed, &*engine.index().facets(plan.request.now)?);
        lists_several = match listed.len() {
            2 => are_editions_of_one(plan, shape),
            count => count > 2 && names_each(plan, count),
        };
    }
    if !lists_several && let Some(named) = named_sides(engine, plan, shape)? {
        return Ok(Some(named));
    }
    if !is_of_words {
        return Ok(None);
    }
    let mut sides = Vec::new();
    for (name, plan) in listed {
        let mut side = Side::read(engine, plan, name)?;
        side.keep_named();
        let is_event = side.plan.concepts.is_empty();
        if !side.scoped.posts.is_empty() && (is_event || !side.lines.is_empty()) {
            sides.push(side);
        }
    }
    Ok(Some(sides).filter(|sides| sides.len() > 1))
}

/// The sides that the words of a question tell apart.
fn named_sides(
    engine: &Engine,
    plan: &QueryPlan,
    shape: &QuestionShape,
) -> Result<Option<Vec<Side>>, AnswerError> {
    let Some(sides) = &shape.sides else { return Ok(None) };
    let text = &plan.question.syntax.text;
    let word = |range: &Range<usize>| text.get(range.clone()).unwrap_or_default().trim();
    let is_long = |side: &&str| side.split_whitespace().count() > MAX_SIDE_WORDS;
    // "2024 in the eyes of those who went" is 2024.
    let side = |range: &Range<usize>| {
        let whole = word(range);
        let first =
            whole.split_whitespace().next().filter(|it| is_long(&whole) && is_year_alone(it, plan.language));
        first.unwrap_or(whole)
    };
    let [left, right] = sides.each_ref().map(side);
    let names: Vec<&str> = [left, right].into_iter().flat_map(split_at_versus).collect();
    if plan.request.subject.is_none()
        && names.len() == 2
        && let Some(things) = things_in_one_scope(engine, plan, shape, sides)?
    {
        return Ok(Some(things));
    }
    if plan.request.subject.is_none() && [left, right].iter().any(is_long) {
        return Ok(None);
    }
    let names: Vec<&str> = names.into_iter().map(|name| name_of_side(name, plan.language)).collect();
    let mut found = Vec::new();
    for (at, name) in names.iter().enumerate() {
        let other = names.get(usize::from(at == 0)).copied().unwrap_or_default();
        let Some(side) =
            named_side(engine, &plan.request, plan.language, [name, other], &plan.excluded_topics)?
        else {
            return Ok(None);
        };
        found.push(side);
    }
    if plan.request.subject.is_none() {
        let syntax = &plan.question.syntax;
        let is_beside = |concept: &Concept| {
            let bytes = syntax.bytes_of(&concept.words).unwrap_or_default();
            !sides.iter().any(|side| overlap(side, &bytes)) && names_thing(&concept.text)
        };
        let mut topic = plan.clone();
        topic.keep_topic(shape);
        topic.concepts.retain(is_beside);
        share_topic(engine, &mut found, topic)?;
    }
    Ok(Some(found))
}

/// Gives the topic of one of some events, or what a question names beside them, to those without one: in "KubeCon 2018 vs 2023 on
/// security" and "KubeCon 2018 vs 2023: security" both are asked about it.
fn share_topic(engine: &Engine, sides: &mut Vec<Side>, beside: QueryPlan) -> Result<(), AnswerError> {
    let names_topic = |plan: &&QueryPlan| plan.concepts.iter().any(|concept| names_thing(&concept.text));
    let of_side = sides.iter().map(|side| &side.plan).find(names_topic).cloned();
    let Some(topic) = of_side.or_else(|| Some(beside).filter(|plan| names_topic(&plan))) else {
        return Ok(());
    };
    // Things at the event of an option are no events.
    let are_of_option = have_one_scope(sides) && sides.iter().any(|side| side.plan.explicit_scope.is_set());
    if are_of_option || !sides.iter().all(|side| side.plan.names_scope()) {
        return Ok(());
    }
    let mut on_topic = Vec::new();
    for side in sides.iter() {
        let name = event_label(&side.plan, &side.name).unwrap_or_else(|| side.name.clone());
        let QueryPlan { scope, events, series, concepts, .. } = side.plan.clone();
        let plan = QueryPlan { scope, events, series, ..topic.clone() };
        on_topic.push(Side::read(engine, if concepts.is_empty() { plan } else { side.plan.clone() }, name)?);
    }
    // Where posts of one say nothing of it, the events are compared as they are.
    if on_topic.iter().all(|side| !side.lines.is_empty()) {
        *sides = on_topic;
    }
    Ok(())
}

/// Two things in the scope that a question names for both: before or after them, as in "A vs B in 2018". `None` if it names none, or one
/// for the first of them, or if no post names either.
fn things_in_one_scope(
    engine: &Engine,
    plan: &QueryPlan,
    shape: &QuestionShape,
    ranges: &[Range<usize>; 2],
) -> Result<Option<Vec<Side>>, AnswerError> {
    let first = plan.question.syntax.text.get(ranges[0].clone()).unwrap_or_default();
    let Ok(question) = first.trim().parse::<Question>() else { return Ok(None) };
    let of_first = Request { question, ..(*plan.request).clone() };
    if !plan.names_scope() || engine.plan(&of_first, NameRole::Subject)?.names_scope() {
        return Ok(None);
    }
    let mut topic = plan.clone();
    topic.keep_topic(shape);
    let syntax = &plan.question.syntax;
    let is_in = |concept: &Concept, range: &Range<usize>| {
        syntax.bytes_of(&concept.words).is_some_and(|bytes| contains(range, &bytes))
    };
    let mut sides = Vec::new();
    for range in ranges {
        let concepts: Vec<Concept> = topic.concepts.iter().filter(|it| is_in(it, range)).cloned().collect();
        let Some(name) = name_of_concepts(plan, &concepts).filter(|_| is_thing(&concepts)) else {
            return Ok(None);
        };
        sides.push(Side::read(engine, QueryPlan { concepts, ..topic.clone() }, name)?);
    }
    Ok(Some(sides).filter(|sides| sides.iter().any(|side| !side.scoped.posts.is_empty())))
}

/// The sides of a comparison that a caller names and that posts do not mention.
pub(crate) fn missing_sides(
    engine: &Engine,
    request: &Request,
    shape: &QuestionShape,
) -> Result<Vec<Missing>, AnswerError> {
    let Some(sides) = &shape.sides else { return Ok(Vec::new()) };
    let [left, right] =
        sides.each_ref().map(|side| request.question.text().get(side.clone()).unwrap_or_default());
    let mut missing = Vec::new();
    for [name, other] in [[left, right], [right, left]] {
        if named_side(engine, request, Language::En, [name, other], &[])?.is_none() {
            let is_year = name.parse::<Years>().is_ok();
            missing.push(if is_year { Missing::Years(name.into()) } else { Missing::Words(name.into()) });
        }
    }
    Ok(missing)
}

/// Reads the first of two sides that a question in this language names.
fn named_side(
    engine: &Engine,
    request: &Request,
    language: Language,
    [name, other]: [&str; 2],
    excluded: &[Concept],
) -> Result<Option<Side>, AnswerError> {
    let mut chosen = named_event(engine, request, name)?;
    let texts = if chosen.is_some() { Vec::new() } else { names_of_side(name, other, language) };
    // The "2019" of "KubeCon 2018 and 2019" is KubeCon 2019.
    let mut name = name.to_owned();
    for text in texts {
        let Ok(question) = text.parse::<Question>() else { continue };
        let of_side = Request { question, subject: None, ..request.clone() };
        let mut plan = engine.plan(&of_side, NameRole::Subject)?;
        limit_to_named_events(engine, &mut plan)?;
        plan.keep_topic(&QuestionShape::default());
        let names_event = plan.names_events();
        let is_usable = plan.missing.is_empty() && plan.concepts.iter().all(|concept| concept.is_known);
        if is_usable && (chosen.is_none() || names_event) {
            // A person is no edition of a conference.
            let is_done = names_event || !plan.scope.authors.is_empty();
            if names_event && request.subject.is_none() {
                name = text;
            }
            chosen = Some(plan);
            if is_done {
                break;
            }
        }
    }
    let Some(mut plan) = chosen else { return Ok(None) };
    plan.language = language;
    plan.concepts.retain(|concept| !excluded.iter().any(|it| it.text == concept.text));
    plan.excluded_topics = excluded.to_vec();
    if !plan.names_scope() && plan.concepts.is_empty() {
        return Ok(None);
    }
    if plan.names_events() {
        // "The smaller events" are no topic.
        plan.concepts.retain(|concept| !is_size(&concept.text));
    }
    let label = event_label(&plan, &name).filter(|_| plan.concepts.is_empty());
    let name = label.unwrap_or_else(|| written_name(&name));
    let mut side = Side::read(engine, plan, name)?;
    if names_thing(other) {
        side.keep_named();
    }
    Ok(Some(side))
}

/// Limits the plan of a side whose scope options set to those events of the scope that the side names: with the options for both of
/// two events, each side is one of them.
fn limit_to_named_events(engine: &Engine, plan: &mut QueryPlan) -> Result<(), AnswerError> {
    if plan.scope.events.len() < 2 || !plan.explicit_scope.is_set() {
        return Ok(());
    }
    let without_options = Request { scope_options: ScopeOptions::default(), ..(*plan.request).clone() };
    let named = engine.plan(&without_options, NameRole::Subject)?.scope;
    let is_named = |event: &Event| {
        let is_of_years = || event.year.zip(named.years).is_some_and(|(year, years)| years.contains(year));
        if named.events.is_empty() { is_of_years() } else { named.events.contains(&event.id) }
    };
    let events: Vec<Event> = plan.events.iter().filter(|event| is_named(event)).cloned().collect();
    if !events.is_empty() {
        plan.scope.events = events.iter().map(|event| event.id.clone()).collect();
        plan.events = events;
    }
    Ok(())
}

/// The name and the place of the only event that a plan is limited to, for what a question calls it. A year stays one.
fn event_label(plan: &QueryPlan, name: &str) -> Option<String> {
    let [id] = plan.scope.events.as_slice() else { return None };
    if !name.contains(char::is_alphabetic) {
        return None;
    }
    plan.events.iter().find(|event| event.id == *id).map(Event::label)
}

/// The plan of a side that a caller names as an event, by its id or its label; `None` if it is none.
fn named_event(engine: &Engine, request: &Request, name: &str) -> Result<Option<QueryPlan>, AnswerError> {
    let facets = engine.index().facets(request.now)?;
    // A part of the name of an event may be a thing.
    let find = if names_thing(name) { find_events_by_name } else { events_of_option };
    if request.subject.is_none() || find(name, &facets, request.today()).is_empty() {
        return Ok(None);
    }
    let Ok(question) = name.parse::<Question>() else { return Ok(None) };
    let scope_options = ScopeOptions { events: vec![name.to_owned()], ..request.scope_options.clone() };
    let request = Request { question, scope_options, ..request.clone() };
    let mut plan = engine.plan(&request, NameRole::Subject)?;
    plan.concepts.clear();
    Ok(Some(plan))
}

#[cfg(test)]
mod tests;
