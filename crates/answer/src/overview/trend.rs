//! How often a topic is named over the years, with a line for each year.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::lines::{Line, PickedLines, points_of_posts, topic_lines};
use super::numbers::attendance_lines;
use super::scoped_posts::scope_filter;
use super::turns::turns;
use super::{DraftGroup, MAX_LINES, ScopedPosts, all_of, to_u32};
use crate::{
    attendance::{self, is_size},
    concepts::Concept,
    engine::{AnswerError, Engine, Request},
    plan::{QueryPlan, names_thing},
};
use takeaways_search::{Alternative, Index};
use takeaways_text::model::{
    GroupTitle, Mention, Mentions, Overview, Post, PostCount, PostId, Shape, TrendTurn, YearCount, Years,
};
use takeaways_text::tokens::folding::fold;

/// The least grade of a line that stands for no year: it stands here for itself.
const MIN_GRADE: f32 = 1.2;

/// A topic over the years.
pub(super) struct Trend {
    pub groups: Vec<DraftGroup>,
    /// How many posts name the topic; `None` if there is no topic.
    pub posts: Option<u32>,
    /// See [`Overview::series`].
    series: Vec<YearCount>,
    /// See [`Overview::mentions`].
    mentions: Option<Box<Mentions>>,
    /// See [`Overview::too_few`].
    too_few: bool,
}

impl Trend {
    /// Adds to an overview what it has beside its groups.
    pub fn complete(self, overview: &mut Overview) {
        overview.series = self.series;
        overview.too_few = self.too_few;
        overview.mentions = self.mentions;
    }
}

/// Returns how many posts of each year name the topic, and a line for each year that does, with the turns of their share.
pub(super) fn trend(
    engine: &Engine,
    plan: &QueryPlan,
    scoped: &ScopedPosts,
    request: &Request,
) -> Result<Trend, AnswerError> {
    if plan.concepts.is_empty() {
        let groups = groups_by_year(points_of_posts(&scoped.posts, plan), scoped);
        return Ok(Trend { groups, posts: None, series: Vec::new(), mentions: None, too_few: false });
    }
    if plan.concepts.iter().all(is_of_attendance) {
        let groups = groups_by_year(attendance_lines(&scoped.posts, plan), scoped);
        return Ok(Trend { groups, posts: None, series: Vec::new(), mentions: None, too_few: false });
    }
    let lines = topic_lines(engine, plan, Shape::Trend, request)?;
    let naming = posts_naming(engine.index(), plan, request)?;
    let mentions = first_and_last(scoped.posts.iter().filter(|post| naming.contains(&post.id)));
    let series = series(&scoped.posts, &naming);
    let turns = turns(&series);
    let groups = if turns.is_empty() {
        groups_by_year(lines, scoped)
    } else {
        groups_by_turn(engine, plan, &lines, &turns, &series, request)?
    };
    let too_few = series.iter().filter(|count| count.has_share()).count() < 2;
    Ok(Trend { groups, posts: Some(to_u32(naming.len())), series, mentions, too_few })
}

/// Whether a word asks how many people came: `attendance`, `size`.
fn is_of_attendance(concept: &Concept) -> bool {
    let word = fold(&concept.text);
    is_size(&word) || attendance::words().any(|known| fold(known) == word)
}

/// A line for each year that names the topic, with its turn, then the best points of all others.
fn groups_by_turn(
    engine: &Engine,
    plan: &QueryPlan,
    lines: &[Line],
    turns: &[(i16, TrendTurn)],
    series: &[YearCount],
    request: &Request,
) -> Result<Vec<DraftGroup>, AnswerError> {
    let mut picked = PickedLines::default();
    let mut groups: Vec<DraftGroup> = Vec::new();
    for count in series.iter().filter(|count| count.posts.posts > 0) {
        let year = count.year;
        let turn = turns.iter().find(|(it, _)| *it == year).map(|(_, turn)| *turn);
        let is_of_year = |line: &&Line| year_of(&line.post) == Some(year);
        let mut of_year: Vec<Line> = lines.iter().filter(is_of_year).cloned().collect();
        if of_year.is_empty() {
            // The best passages of all years may leave out a year.
            let mut plan = plan.clone();
            plan.scope.years = Some(Years { first: year, last: year });
            of_year = topic_lines(engine, &plan, Shape::Trend, request)?;
            of_year.retain(|line| is_of_year(&line));
        }
        let title = GroupTitle::Year { year, turn };
        groups.push(DraftGroup::new(title, count.posts, picked.pick(&of_year, 1, 3)));
    }
    groups.retain(|group| !group.lines.is_empty());
    keep_best_years(&mut groups);
    let shown = groups.iter().map(|group| group.lines.len()).sum::<usize>();
    // What shows no change must be worth reading by itself, unless there is nothing else.
    let is_wanted = |line: &&Line| shown == 0 || line.best_grade() >= MIN_GRADE;
    let others: Vec<Line> = lines.iter().filter(is_wanted).cloned().collect();
    let others = picked.pick_fairly(&others, MAX_LINES.saturating_sub(shown));
    groups.push(DraftGroup::new(GroupTitle::Also, all_of(others.len()), others));
    Ok(groups)
}

/// The best lines of each year, the first year first.
fn groups_by_year(lines: Vec<Line>, scoped: &ScopedPosts) -> Vec<DraftGroup> {
    let mut by_year: BTreeMap<i16, Vec<Line>> = BTreeMap::new();
    for line in lines {
        if let Some(year) = year_of(&line.post) {
            by_year.entry(year).or_default().push(line);
        }
    }
    let mut picked = PickedLines::default();
    // With few years there is room for more lines of each.
    let per_year = (MAX_LINES / by_year.len().max(1)).max(1);
    let mut groups: Vec<DraftGroup> = Vec::new();
    for (year, lines) in by_year {
        let posts: HashSet<PostId> = lines.iter().map(|line| line.post.id.clone()).collect();
        let of = scoped.posts.iter().filter(|post| year_of(post) == Some(year)).count();
        let posts = PostCount { posts: to_u32(posts.len()), of: to_u32(of) };
        let title = GroupTitle::Year { year, turn: None };
        groups.push(DraftGroup::new(title, posts, picked.pick(&lines, per_year, 3)));
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

/// Returns how many posts of each year name a topic, from the first year that can tell it or has one.
fn series(posts: &[Arc<Post>], naming: &HashSet<PostId>) -> Vec<YearCount> {
    let mut by_year: BTreeMap<i16, PostCount> = BTreeMap::new();
    for post in posts {
        if let Some(year) = year_of(post) {
            let count = by_year.entry(year).or_default();
            count.of += 1;
            count.posts += u32::from(naming.contains(&post.id));
        }
    }
    let mut series: Vec<YearCount> =
        by_year.into_iter().map(|(year, posts)| YearCount { year, posts }).collect();
    let is_shown = |count: &YearCount| count.has_share() || count.posts.posts > 0;
    let first = series.iter().position(is_shown).unwrap_or(series.len());
    series.drain(..first);
    series
}

/// Joins the words that name a thing only together, so that they count only next to each other: a post on a platform and on
/// engineering need not name platform engineering.
fn joined_concepts(concepts: &[Concept]) -> Vec<Concept> {
    let mut joined: Vec<Concept> = Vec::new();
    for concept in concepts {
        let before = joined.last().filter(|before| {
            before.words.end == concept.words.start
                && !names_thing(&before.text)
                && !names_thing(&concept.text)
                && names_thing(&format!("{} {}", before.text, concept.text))
        });
        match before.map(|before| followed_by(before, concept)) {
            Some(both) => {
                joined.pop();
                joined.push(both);
            }
            None => joined.push(concept.clone()),
        }
    }
    joined
}

/// The concept of one's own words with those of another one after them.
fn followed_by(first: &Concept, second: &Concept) -> Concept {
    let own = |concept: &Concept| concept.alternatives.iter().take(concept.own_forms).cloned().collect();
    let (of_first, of_second): (Vec<Alternative>, Vec<Alternative>) = (own(first), own(second));
    let pairs = of_first.iter().flat_map(|first| of_second.iter().map(move |second| (first, second)));
    let joined = pairs.map(|(first, second)| Alternative {
        terms: first.terms.iter().chain(&second.terms).cloned().collect(),
        weight: first.weight.min(second.weight),
        languages: first.languages.intersection(second.languages),
    });
    let alternatives: Vec<Alternative> = joined.collect();
    Concept {
        text: format!("{} {}", first.text, second.text),
        words: first.words.start..second.words.end,
        own_forms: alternatives.len(),
        alternatives,
        ..first.clone()
    }
}

/// The posts of the scope whose text, headings or title name each part of the topic.
pub(super) fn posts_naming(
    index: &Index,
    plan: &QueryPlan,
    request: &Request,
) -> Result<HashSet<PostId>, AnswerError> {
    let mut query =
        QueryPlan { concepts: joined_concepts(&plan.concepts), ..plan.clone() }.query(request.now);
    let Some(filter) = scope_filter(index, plan, request)? else { return Ok(HashSet::new()) };
    query.filter = filter;
    for clause in &mut query.clauses {
        // Another word may mean something else, and one that counts must not.
        clause.alternatives.retain(|alternative| alternative.weight >= 0.9);
        clause.role = takeaways_search::ClauseRole::Must;
    }
    Ok(index.posts_matching(&query)?)
}

/// Where posts mention something first and last; `None` if none of them has a year.
pub(super) fn first_and_last<'p>(posts: impl Iterator<Item = &'p Arc<Post>>) -> Option<Box<Mentions>> {
    let mut mentions: Vec<Mention> = posts.filter_map(|post| mention(post)).collect();
    // Of one month, the mention with an event tells more.
    mentions.sort_by_key(|mention| (mention.year, mention.month, mention.event.is_none()));
    let first = mentions.first()?.clone();
    let last = (first.year, first.month);
    let last = mentions.iter().map(|it| (it.year, it.month)).max().unwrap_or(last);
    let last = mentions.into_iter().find(|it| (it.year, it.month) == last)?;
    Some(Box::new(Mentions { first, last }))
}

/// When a post mentions something: the month of its event, or its own.
fn mention(post: &Post) -> Option<Mention> {
    let event = post.main_event();
    let day = event.and_then(|event| event.start);
    let day = day.or_else(|| {
        post.date.filter(|date| event.is_none_or(|it| it.year.is_none_or(|year| year == date.year())))
    });
    let year = day.map(jiff::civil::Date::year).or_else(|| event.and_then(|event| event.year))?;
    Some(Mention { year, month: day.map(jiff::civil::Date::month), event: event.cloned() })
}

/// The year of a post: that of its event, or of its date.
pub(super) fn year_of(post: &Arc<Post>) -> Option<i16> {
    post.main_event().and_then(|event| event.year).or_else(|| post.date.map(jiff::civil::Date::year))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{engine_of, engine_of_recaps, overview_of};
    use takeaways_text::model::GroupTitle;

    #[test]
    fn words_that_name_a_thing_only_together_count_next_to_each_other() {
        let engine = engine_of_recaps(&[
            ("Ann", "I think that platform engineering is harder than most teams believe."),
            ("Bo", "Our platform is slow, but the engineering behind it was better than before."),
            ("Cy", "Most teams should start without a mesh, because it takes months to learn."),
        ]);
        let question = "how many recaps mention platform engineering?";
        let overview = overview_of(&engine, question).expect("an overview");
        let counted: Vec<u32> = overview.groups.iter().map(|group| group.posts.posts).collect();
        assert_eq!(counted, [1]);
    }

    #[test]
    fn each_year_that_names_the_topic_has_a_line() {
        let says = [
            (2017, "I think that autoscaling is harder than most teams believe, because metrics lag."),
            (2018, "Most teams should start without autoscaling, because it takes months to learn."),
            (2019, "We learned that autoscaling was better than before, but it still needs care."),
        ];
        let posts: Vec<(String, String)> = says
            .iter()
            .map(|(year, text)| {
                let recap = format!("---\ntitle: R\nevent: KubeCon EU {year}\n---\n\n{text}\n");
                (format!("{year}.md"), recap)
            })
            .collect();
        let overview = overview_of(&engine_of(&posts), "autoscaling over the years").expect("an overview");
        let years: Vec<i16> = overview
            .groups
            .iter()
            .filter_map(|group| match group.title {
                GroupTitle::Year { year, .. } => Some(year),
                _ => None,
            })
            .collect();
        assert_eq!(years, [2017, 2018, 2019]);
    }
}
