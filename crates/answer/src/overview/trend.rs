//! How often a topic is named over the years, with a line for each year.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::comparison::asks_for_size;
use super::lines::{Line, points_of_posts, topic_lines};
use super::mentions::first_and_last;
use super::naming::{is_name_of_topic, joined_concepts, posts_naming};
use super::numbers::attendance_lines;
use super::on_topic::Topic;
use super::picked_lines::PickedLines;
use super::scoped_posts::scope_filter;
use super::several::{counted_things, joined_things, posts_naming_choice};
use super::shape::names_a_thing;
use super::topic_text::words_of;
use super::turns::turns;
use super::weak_lines::{is_readable, keep_if_enough, put_takeaways_first};
use super::{DraftGroup, MAX_LINES, ScopedPosts, drafts::Drafts, to_u32};
use crate::{
    amount::Amount,
    answer_type::AnswerType,
    attendance::{self, is_size},
    concepts::Concept,
    engine::{AnswerError, Engine},
    plan::QueryPlan,
};
use takeaways_search::Filter;
use takeaways_text::model::{
    GroupTitle, Mentions, Overview, Post, PostCount, PostId, Shape, TrendTurn, YearCount, Years,
};
use takeaways_text::tokens::folding::{fold, folded_words};

/// The least grade of a line that stands for no year: it stands here for itself.
const MIN_GRADE: f32 = 1.2;
/// With fewer lines on the topic, those that only name it stay, and with fewer of posts that are counted, those of others.
const MIN_LINES: usize = 2;
/// The maximum number of lines of an author on one year.
const LINES_OF_AUTHOR: usize = 3;

/// A topic over the years.
pub(super) struct Trend {
    /// See [`Overview::series`].
    series: Vec<YearCount>,
    /// See [`Overview::mentions`].
    mentions: Option<Box<Mentions>>,
    /// See [`Overview::too_few`].
    too_few: bool,
    /// What is counted, if not the posts that name all of the topic: `monitoring or tracing`.
    topic: Option<String>,
}

impl Trend {
    /// Adds to an overview what it has beside its groups.
    pub fn complete(self, overview: &mut Overview) {
        overview.series = self.series;
        overview.too_few = self.too_few;
        overview.mentions = self.mentions;
        if self.topic.is_some() {
            overview.topic = self.topic;
        }
    }
}

/// Returns how many posts of each year name the topic, and a line for each year that does, with the turns of their share. `scoped` are the
/// posts of the scope, and then those that name the topic are counted; without any there is nothing.
pub(super) fn drafts(
    engine: &Engine,
    plan: &QueryPlan,
    scoped: &mut ScopedPosts,
) -> Result<Drafts, AnswerError> {
    if asks_for_attendance(plan) || plan.concepts.is_empty() {
        let mut lines = attendance_lines(&scoped.posts, plan);
        let years: HashSet<Option<i16>> = lines.iter().map(|line| year_of(&line.post)).collect();
        // "How did FOSDEM grow?", if posts tell how many came in one year at most.
        let tells_no_growth = !counts_attendees(plan) && years.len() < 2;
        if !asks_for_attendance(plan) || tells_no_growth {
            lines = lines_of_change(lines, scoped, plan);
        }
        let groups = groups_by_year(&lines, scoped, &[], plan);
        let trend = Trend { series: Vec::new(), mentions: None, too_few: false, topic: None };
        return Ok(Drafts { trend: Some(trend), ..Drafts::new(groups, lines) });
    }
    let Counted { things, naming, topic } = Counted::find(engine, plan, scoped.count.of)?;
    if naming.is_empty() {
        return Ok(Drafts::default());
    }
    // What is counted is the topic of the lines too: platform engineering, and no engineer who builds a platform.
    let topics: Vec<Topic<'_>> = things.iter().map(|concepts| Topic::new(concepts)).collect();
    let is_about_topic = |line: &Line| topics.iter().any(|topic| topic.is_subject_of(line));
    let is_counted = |line: &Line| naming.contains(&line.post.id);
    let mut lines = topic_lines(engine, plan, Shape::Trend)?;
    keep_if_enough(&mut lines, MIN_LINES, is_counted);
    let on_topic: Vec<Line> = lines.iter().filter(|line| is_about_topic(line)).cloned().collect();
    // Weak lines are better than none.
    let lines = if on_topic.len() < MIN_LINES { lines } else { on_topic };
    let index = engine.index();
    let Some(scope) = scope_filter(index, plan)? else { return Ok(Drafts::default()) };
    let counted = Filter { posts: naming.iter().cloned().collect(), ..scope.clone() };
    let mentions = first_and_last(index, &counted)?;
    let mut series = series(&index.count_by_year(&scope)?, &index.count_by_year(&counted)?);
    let turns = turns(&series);
    let groups = if turns.is_empty() {
        groups_by_year(&lines, scoped, &series, plan)
    } else {
        let of_year = |year: i16| -> Result<Vec<Line>, AnswerError> {
            let of_year: Vec<Line> =
                lines.iter().filter(|line| year_of(&line.post) == Some(year)).cloned().collect();
            if !of_year.is_empty() {
                return Ok(of_year);
            }
            // The best passages of all years may leave out a year.
            let mut plan = plan.clone();
            plan.scope.years = Some(Years::single(year));
            let mut of_year = topic_lines(engine, &plan, Shape::Trend)?;
            let is_of_year = |line: &Line| year_of(&line.post) == Some(year);
            of_year.retain(|line| is_of_year(line) && is_counted(line) && is_about_topic(line));
            Ok(of_year)
        };
        groups_by_turn(&lines, of_year, &turns, &series, scoped, plan)?
    };
    // The series begins with the first year that can tell a share, or has a post on the topic.
    let is_shown = |count: &YearCount| count.has_share() || count.posts.posts > 0;
    series.drain(..series.iter().position(is_shown).unwrap_or(series.len()));
    let too_few = series.iter().filter(|count| count.has_share()).count() < 2;
    let trend = Trend { series, mentions, too_few, topic };
    scoped.count_naming(naming);
    Ok(Drafts { trend: Some(trend), ..Drafts::new(groups, lines) })
}

/// What a trend counts.
struct Counted {
    /// The concepts of each thing of which one is enough.
    things: Vec<Vec<Concept>>,
    /// The posts that name it.
    naming: HashSet<PostId>,
    /// See [`Trend::topic`].
    topic: Option<String>,
}

impl Counted {
    /// Finds what is counted in a scope with so many posts. Of a topic that joins several things each counts: who asks for monitoring and
    /// tracing over the years asks for both. Not if most posts name one of them, as in "Kubernetes and security": the others tell which of
    /// these are meant.
    fn find(engine: &Engine, plan: &QueryPlan, posts: u32) -> Result<Self, AnswerError> {
        let index = engine.index();
        let joined = joined_things(plan);
        if !joined.is_empty() && !is_name_of_topic(plan, &*index.facets(plan.request.now)?) {
            let mut naming = HashSet::new();
            let mut do_most_name_one = false;
            for thing in &joined {
                let of_thing = posts_naming(index, &QueryPlan { concepts: thing.clone(), ..plan.clone() })?;
                do_most_name_one |= 2 * to_u32(of_thing.len()) > posts;
                naming.extend(of_thing);
            }
            if !do_most_name_one {
                let names: Vec<String> = joined.iter().filter_map(|thing| words_of(thing, plan)).collect();
                let topic = Some(plan.language.refusals().any_of(&names));
                let things = joined.iter().map(|thing| joined_concepts(plan, thing)).collect();
                return Ok(Self { things, naming, topic });
            }
        }
        Ok(Self { things: counted_things(plan), naming: posts_naming_choice(index, plan)?, topic: None })
    }
}

/// Whether a question counts those who came (`how many people attended?`), or names nothing but their number (`attendance`).
pub(super) fn counts_people(plan: &QueryPlan) -> bool {
    plan.amount == Some(Amount::Attendance)
        || !plan.concepts.is_empty() && plan.concepts.iter().all(is_of_attendance)
}

/// Whether a question about events asks how many people came: `attendance over the years`, `is it getting bigger?`
pub(super) fn asks_for_attendance(plan: &QueryPlan) -> bool {
    let asks_for_size = || {
        let words = folded_words(&plan.question.syntax.text);
        asks_for_size(&words) || attendance::asks_for_most(&words)
    };
    counts_attendees(plan) || plan.names_scope() && !names_a_thing(plan) && asks_for_size()
}

/// Whether it asks for the number itself: `how many came each year?`
fn counts_attendees(plan: &QueryPlan) -> bool {
    let mut words = plan.question.syntax.words.iter();
    let mut counts =
        || plan.answer_type == AnswerType::HowMany && words.any(|word| attendance::is_asked_for(&word.text));
    counts_people(plan) || counts()
}

/// Whether a question is for one event, or for one year and no topic, and not for how many came: "any trends at KubeCon Paris?" asks what
/// was new there, and nothing can rise or fall.
pub(super) fn is_of_one_time(plan: &QueryPlan) -> bool {
    let is_one_year = plan.scope.years.is_some_and(|years| years.first == years.last);
    let is_one_event = plan.scope.events.len() == 1;
    (is_one_event || is_one_year && plan.concepts.is_empty()) && !asks_for_attendance(plan)
}

/// The lines that may show how events changed: of each year first how many people came, then what writers took away.
fn lines_of_change(attendance: Vec<Line>, scoped: &ScopedPosts, plan: &QueryPlan) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    for line in attendance {
        if !lines.iter().any(|it| year_of(&it.post) == year_of(&line.post)) {
            lines.push(line);
        }
    }
    let mut points = points_of_posts(&scoped.posts, plan);
    put_takeaways_first(&mut points);
    lines.extend(points);
    lines
}

/// Whether a word asks how many people came: `attendance`, `size`.
fn is_of_attendance(concept: &Concept) -> bool {
    is_size(&fold(&concept.text)) || attendance::is_asked_for(&concept.text)
}

/// A line for each year that has one on the topic, with its turn, then the best points of all others. `lines_of_year` finds those
/// of a year.
fn groups_by_turn(
    lines: &[Line],
    lines_of_year: impl Fn(i16) -> Result<Vec<Line>, AnswerError>,
    turns: &[(i16, TrendTurn)],
    series: &[YearCount],
    scoped: &ScopedPosts,
    plan: &QueryPlan,
) -> Result<Vec<DraftGroup>, AnswerError> {
    let mut picked = PickedLines::new(plan.request.limits);
    let mut groups: Vec<DraftGroup> = Vec::new();
    for count in series.iter().filter(|count| count.posts.posts > 0) {
        let year = count.year;
        let turn = turns.iter().find(|(it, _)| *it == year).map(|(_, turn)| *turn);
        let title = GroupTitle::Year { year, turn };
        picked.begin_group();
        let mut of_year = lines_of_year(year)?;
        keep_if_enough(&mut of_year, 1, |line| is_readable(line, plan.language));
        let lines = picked.pick_or_shortest(&of_year, 1, LINES_OF_AUTHOR);
        groups.push(DraftGroup::new(title, count.posts, lines));
    }
    groups.retain(|group| !group.lines.is_empty());
    keep_best_years(&mut groups);
    let shown = groups.iter().map(|group| group.lines.len()).sum::<usize>();
    // What shows no change must be worth reading by itself, unless there is nothing else.
    let is_wanted = |line: &&Line| shown == 0 || line.best_grade() >= MIN_GRADE;
    let others: Vec<Line> = lines.iter().filter(is_wanted).cloned().collect();
    picked.begin_group();
    let others = picked.pick_fairly(&others, MAX_LINES.saturating_sub(shown));
    groups.push(DraftGroup::of_lines(GroupTitle::Also, scoped.count.of as usize, others));
    Ok(groups)
}

/// The best lines of each year, the first year first. The posts of a year are those that `series` counts, else those of its lines.
fn groups_by_year(
    lines: &[Line],
    scoped: &ScopedPosts,
    series: &[YearCount],
    plan: &QueryPlan,
) -> Vec<DraftGroup> {
    let mut by_year: BTreeMap<i16, Vec<Line>> = BTreeMap::new();
    for line in lines {
        if let Some(year) = year_of(&line.post) {
            by_year.entry(year).or_default().push(line.clone());
        }
    }
    let mut picked = PickedLines::new(plan.request.limits);
    // With few years there is room for more lines of each.
    let per_year = (MAX_LINES / by_year.len().max(1)).max(1);
    let mut groups: Vec<DraftGroup> = Vec::new();
    for (year, mut lines) in by_year {
        let of_lines = || {
            let posts: HashSet<&PostId> = lines.iter().map(|line| &line.post.id).collect();
            let of = scoped.posts.iter().filter(|post| year_of(post) == Some(year)).count();
            PostCount { posts: to_u32(posts.len()), of: to_u32(of.max(posts.len())) }
        };
        let counted = series.iter().find(|count| count.year == year).map(|count| count.posts);
        let posts = counted.unwrap_or_else(of_lines);
        let title = GroupTitle::Year { year, turn: None };
        picked.begin_group();
        keep_if_enough(&mut lines, 1, |line| is_readable(line, plan.language));
        let lines = picked.pick_or_shortest(&lines, per_year, LINES_OF_AUTHOR);
        groups.push(DraftGroup::new(title, posts, lines));
    }
    keep_best_years(&mut groups);
    groups
}

/// Keeps the years with the best lines, if there are more lines than an overview has room for.
fn keep_best_years(groups: &mut Vec<DraftGroup>) {
    while groups.iter().map(|group| group.lines.len()).sum::<usize>() > MAX_LINES {
        // The first and the last year show where it began and where it is now.
        let inner = groups.iter().enumerate().skip(1).take(groups.len().saturating_sub(2));
        let score = |group: &DraftGroup| group.lines.first().map_or(0.0, |line| line.score);
        let worst = inner.min_by(|a, b| score(a.1).total_cmp(&score(b.1))).map(|(at, _)| at);
        let Some(worst) = worst else { break };
        groups.remove(worst);
    }
}

/// How many of the posts of each year name a topic.
fn series(all: &BTreeMap<i16, usize>, naming: &BTreeMap<i16, usize>) -> Vec<YearCount> {
    let count = |(year, of): (&i16, &usize)| {
        let posts = naming.get(year).copied().unwrap_or_default();
        YearCount { year: *year, posts: PostCount { posts: to_u32(posts), of: to_u32(*of) } }
    };
    all.iter().map(count).collect()
}

/// The year of a post: that of its event, or of its date.
pub(super) fn year_of(post: &Arc<Post>) -> Option<i16> {
    post.main_event().and_then(|event| event.year).or_else(|| post.date.map(jiff::civil::Date::year))
}
