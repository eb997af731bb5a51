//! The points on a topic in posts that were found for it. The search finds passages by their words; what writers think stands
//! beside them, and is a point of the post already.

use super::lines::{KIND_GAIN, Line, RANK_WEIGHT, STANCE_GAIN, lines_of_points, posts_of};
use super::on_topic::{Topic, names_other_project};
use crate::{candidates::Candidate, plan::QueryPlan};
use takeaways_corpus::points::find_stance;
use takeaways_text::model::{Point, Post, ReasonKind};

/// Points with a lower grade are left to the search.
const MIN_GRADE: f32 = 1.0;
/// What it adds to the score of a point at most that the search did not rank it.
const FOUND_LOSS: f32 = -1.0;
/// What it adds to the score of a point under a heading that the topic stands only there.
const UNNAMED_LOSS: f32 = -0.6;

/// The points that judge the topic of a plan, of the posts of some candidates.
pub(super) fn judging_points(candidates: &[Candidate], plan: &QueryPlan, topic: &Topic<'_>) -> Vec<Line> {
    let judges = |post: &Post, point: &Point| {
        point.kind.judges && {
            let marks = topic.marks_of(post, point.span);
            !marks.is_empty() && !names_other_project(post.body.slice(point.span), point.span, &marks)
        }
    };
    let mut lines = lines_of_posts(candidates, plan, topic, |post| {
        good_points(post).filter(|point| judges(post, point)).collect()
    });
    for line in &mut lines {
        line.stance = find_stance(&line.post.body, line.span, line.post.language, &line.marks);
        line.add(ReasonKind::Kind, KIND_GAIN);
        line.add(ReasonKind::Stance, if line.stance.is_some() { STANCE_GAIN } else { 0.0 });
    }
    lines
}

/// The points of the sections on the topic of a plan, of the posts of some candidates: what stands under a heading need not name it
/// again.
pub(super) fn points_of_sections(candidates: &[Candidate], plan: &QueryPlan, topic: &Topic<'_>) -> Vec<Line> {
    let mut lines = lines_of_posts(candidates, plan, topic, |post| {
        let body = &post.body;
        let sections = body.sections_under(|heading| topic.is_all_of(body.slice(heading), post.language));
        good_points(post).filter(|point| sections.contains(&body.section_at(point.span))).collect()
    });
    for line in &mut lines {
        line.add(ReasonKind::Topic, if line.marks.is_empty() { UNNAMED_LOSS } else { 0.0 });
    }
    lines
}

fn good_points(post: &Post) -> impl Iterator<Item = &Point> {
    post.body.points.iter().filter(|point| point.grade() >= MIN_GRADE)
}

/// The lines of those points of the posts of some candidates that `points_of` a post returns, with their marks.
fn lines_of_posts(
    candidates: &[Candidate],
    plan: &QueryPlan,
    topic: &Topic<'_>,
    points_of: impl Fn(&Post) -> Vec<&Point>,
) -> Vec<Line> {
    let (Some(best), Some(last)) = (candidates.first(), candidates.last()) else { return Vec::new() };
    let events = &plan.scope.events;
    let is_of_scope =
        |post: &Post| events.is_empty() || post.events.iter().any(|event| events.contains(&event.id));
    let posts = posts_of(candidates).filter(|post| is_of_scope(post));
    let points = posts.flat_map(|post| points_of(post).into_iter().map(move |point| (post, point)));
    let mut lines = lines_of_points(points, plan);
    let rank_loss = RANK_WEIGHT * (last.score - best.score);
    for line in &mut lines {
        line.marks = topic.marks_of(&line.post, line.span);
        line.add(ReasonKind::Rank, rank_loss.max(FOUND_LOSS));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::super::tests::{engine_of_recaps, overview_of};

    #[test]
    fn what_describes_events_is_said_of_events() {
        let of_events = |at: usize| {
            format!("I think that virtual conferences of kind {at} are great, because they are cheap.\n\n")
        };
        let other = "I think that virtual machines are great, because they are easy to move.";
        for (count, expected) in [(1, true), (4, false)] {
            let ada: String = (0..count).map(of_events).collect();
            let engine = engine_of_recaps(&[("Ada", ada.as_str()), ("Bea", other)]);
            let overview =
                overview_of(&engine, "what do people think of virtual conferences?").expect("an overview");
            let is_shown = overview.excerpts.iter().any(|line| line.quote.text == other);
            assert_eq!(is_shown, expected, "{count}: {overview:?}");
        }
    }

    #[test]
    fn what_a_writer_thinks_is_shown_beside_what_is_found() {
        let view = "For me Istio is great because most teams need it, and it is easier to debug than others.";
        let facts = "Istio takes a port for Istio sidecars of Istio. ".repeat(3);
        let others: Vec<String> =
            (0..30).map(|at| format!("Istio {at} takes the port {at} of an Istio sidecar.\n\n")).collect();
        let ada = format!("{facts}\n\n{}\n\n{view}\n", others.concat());
        let recaps =
            [("Ada", ada.as_str()), ("Bea", "Istio is hard to debug, because its proxy logs little.")];
        let overview =
            overview_of(&engine_of_recaps(&recaps), "what do people think of Istio?").expect("an overview");
        assert!(overview.excerpts.iter().any(|line| line.quote.text == view), "{overview:?}");
    }

    #[test]
    fn what_stands_under_a_heading_need_not_name_it_again() {
        let point = "Most teams should measure first, because one change hides the cost of another.";
        let post = |heading: &str| {
            let text = format!(
                "## {heading}\n\n{point}\n\nA profiler is a start for performance work of most teams, because it is free.\n"
            );
            let recaps = [
                ("Ada", text.as_str()),
                ("Bea", "Performance is hard to predict, because caches fill slowly."),
            ];
            let overview = overview_of(&engine_of_recaps(&recaps), "what was said about performance?")
                .expect("an overview");
            overview.excerpts.iter().position(|line| line.quote.text == point)
        };
        assert!(post("Performance").is_some_and(|at| at > 0), "{:?}", post("Performance"));
        assert_eq!(post("Other work"), None);
    }
}
