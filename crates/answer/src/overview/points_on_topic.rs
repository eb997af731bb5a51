//! The points on a topic in posts that were found for it. The search finds passages by their words; what writers think stands
//! beside them, and is a point of the post already.

use super::lines::{KIND_GAIN, Line, RANK_WEIGHT, STANCE_GAIN, posts_of};
use super::on_topic::{Topic, names_other_project};
use super::weak_lines::language_gain;
use crate::{candidates::Candidate, engine::are_words_of, plan::QueryPlan, section_event::may_be_about};
use takeaways_corpus::points::find_stance;
use takeaways_text::model::{Post, ReasonKind};

/// Points with a lower grade are left to the search.
const MIN_GRADE: f32 = 1.0;
/// What it adds to the score of a point at most that the search did not rank it.
const FOUND_LOSS: f32 = -1.0;

/// The points that judge the topic of a plan, of the posts of some candidates.
pub(super) fn judging_points(candidates: &[Candidate], plan: &QueryPlan, topic: &Topic<'_>) -> Vec<Line> {
    let (Some(best), Some(last)) = (candidates.first(), candidates.last()) else { return Vec::new() };
    let events = &plan.scope.events;
    let is_of_scope =
        |post: &Post| events.is_empty() || post.events.iter().any(|event| events.contains(&event.id));
    let mut lines = Vec::new();
    for post in posts_of(candidates).filter(|post| is_of_scope(post)) {
        let points = post.body.points.iter().filter(|point| point.kind.judges && point.grade() >= MIN_GRADE);
        for point in points {
            let marks = topic.marks_of(post, point.span);
            if marks.is_empty() || names_other_project(post.body.slice(point.span), point.span, &marks) {
                continue;
            }
            let mut line = Line::new(post, point);
            if !may_be_about(post, line.section, events)
                || !are_words_of(post, line.span, &plan.scope.authors)
            {
                continue;
            }
            line.stance = find_stance(&post.body, line.span, post.language, &marks);
            line.marks = marks;
            let rank_loss = RANK_WEIGHT * (last.score - best.score);
            line.add(ReasonKind::Rank, rank_loss.max(FOUND_LOSS));
            line.add(ReasonKind::Language, language_gain(post.language, plan.language));
            line.add(ReasonKind::Kind, KIND_GAIN);
            line.add(ReasonKind::Stance, if line.stance.is_some() { STANCE_GAIN } else { 0.0 });
            lines.push(line);
        }
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
}
