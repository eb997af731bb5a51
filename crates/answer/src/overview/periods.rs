//! Compares the earlier posts of a scope with the later ones.

use std::sync::Arc;

use super::both_named::LinesOnBoth;
use super::comparison::{LINES_OF_SIDE, MIN_POSTS_OF_SIDE, overview_of};
use super::contrast::contrast_sides;
use super::lines::points_of_posts;
use super::scoped_posts::ScopedPosts;
use super::sides::Side;
use super::trend::year_of;
use super::weak_lines::{keep_if_enough, put_takeaways_first, spread_over};
use crate::{
    engine::{AnswerError, Engine},
    plan::QueryPlan,
};
use takeaways_text::model::{Overview, Post, ReasonKind, Shape, Years};

/// Compares the earlier posts of a scope with the later ones; `None` if there are too few of either.
pub(super) fn compare_periods(
    engine: &Engine,
    plan: &QueryPlan,
    posts: &[Arc<Post>],
) -> Result<Option<Overview>, AnswerError> {
    let Some(halves) = halves(posts) else { return Ok(None) };
    let mut sides = halves.map(|(years, posts)| {
        // What many spoke of tells what moved a time.
        let mut lines = points_of_posts(&posts, plan);
        put_takeaways_first(&mut lines);
        keep_if_enough(&mut lines, LINES_OF_SIDE, |line| line.kind.prevalence > 0 && !line.kind.promotes);
        // One topic is not all that moved a time.
        spread_over(&mut lines, ReasonKind::Topic, |line| line.topics.clone());
        let all = posts.len();
        let scoped = ScopedPosts::new(posts, all);
        Side { name: years.to_string(), plan: plan.clone(), scoped, attendance: None, lines }
    });
    let contrast = contrast_sides(sides.each_mut(), &*engine.index().facets(plan.request.now)?);
    let overview = overview_of(sides.into(), &LinesOnBoth::default(), Shape::Trend, plan);
    Ok(overview.map(|overview| Overview { contrast, ..overview }))
}

/// Splits posts between two years, into halves as equal as can be; `None` if there are too few for a comparison.
fn halves(posts: &[Arc<Post>]) -> Option<[(Years, Vec<Arc<Post>>); 2]> {
    let mut dated: Vec<(i16, Arc<Post>)> =
        posts.iter().filter_map(|post| Some((year_of(post)?, Arc::clone(post)))).collect();
    dated.sort_by_key(|(year, _)| *year);
    let is_between = |at: &usize| dated[at - 1].0 != dated[*at].0;
    let middle = dated.len() / 2;
    let at = (1..dated.len()).filter(is_between).min_by_key(|at| at.abs_diff(middle))?;
    let later = dated.split_off(at);
    let half = |posts: Vec<(i16, Arc<Post>)>| {
        let years = Years { first: posts.first()?.0, last: posts.last()?.0 };
        (posts.len() >= MIN_POSTS_OF_SIDE).then(|| (years, posts.into_iter().map(|(_, post)| post).collect()))
    };
    Some([half(dated)?, half(later)?])
}

#[cfg(test)]
mod tests {
    use super::super::tests::overview_of;
    use super::*;
    use crate::samples::engine_over;
    use takeaways_text::model::GroupTitle;

    /// Six posts of each of these years, all on one topic and each on another one.
    fn engine() -> Engine {
        let post = |at: usize| {
            let (year, topic) = if at < 6 { (2016 + at % 2, "Istio") } else { (2022 + at % 2, "Linkerd") };
            let text = format!(
                "---\ntitle: Recap {at}\nauthor: Ada{at} Example{at}\ndate: {year}-06-0{}\nevent: KubeCon EU {year}\n---\n\n\
                 Most teams should learn {topic} before anything else, because {topic} number {at} is harder than it seems.\n\n\
                 Security is a habit of {at} small steps, and nobody should leave it to others.\n",
                at % 9 + 1
            );
            (format!("recap{at}.md"), text)
        };
        let files: Vec<(String, String)> = (0..12).map(post).collect();
        engine_over(&files)
    }

    #[test]
    fn a_trend_without_a_topic_compares_earlier_with_later_posts() {
        for question in ["what are the trends over the years?", "how has KubeCon changed over the years?"] {
            let overview = overview_of(&engine(), question).expect(question);
            assert_eq!(overview.shape, Shape::Trend, "{question}");
            let titles: Vec<&GroupTitle> = overview.groups.iter().map(|group| &group.title).collect();
            let sides = ["2016-2017", "2022-2023"].map(|side| GroupTitle::Side(side.into()));
            assert_eq!(titles, sides.iter().collect::<Vec<_>>(), "{question}");
            let of = |name: &str| overview.contrast.iter().find(|theme| theme.name == name);
            assert_eq!(of("Linkerd").map(|theme| theme.more), Some(Some(1)), "{:?}", overview.contrast);
            assert_eq!(of("Istio").map(|theme| theme.more), Some(Some(0)), "{:?}", overview.contrast);
            // What tells the sides apart is shown of each.
            assert!(overview.excerpts[0].quote.text.contains("Istio"));
            assert!(overview.excerpts.last().is_some_and(|line| line.quote.text.contains("Linkerd")));
        }
    }
}
