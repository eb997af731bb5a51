//! The line of a candidate on a topic.

use std::cmp::Reverse;

use super::lines::{KIND_GAIN, Line, NO_POINT, RANK_WEIGHT, STANCE_GAIN, gain_of_summary, is_short_enough};
use super::on_topic::names_other_project;
use super::weak_lines::language_gain;
use crate::{
    candidates::{Candidate, begins_with_reference},
    engine::AnswerLimits,
    features::Feature,
    plan::QueryPlan,
    select::cut_to,
};
use takeaways_corpus::points::{find_stance, gives_view};
use takeaways_text::model::{Block, BlockKind, Body, Point, PointKind, ReasonKind, Shape, Span};
use takeaways_text::script::is_cjk;

/// The maximum number of characters of a line.
const MAX_CHARS: usize = 300;
/// The minimum number of characters of a line that is no item of a list.
pub(super) const MIN_CHARS: usize = 40;
/// The minimum number of a paragraph or an item of a list that takes a side, among opinions: "People don't like YAML."
const MIN_CHARS_OF_VIEW: usize = 15;
/// How much of the topic the words of a line must cover so that it takes a side on it.
const MIN_STANCE_COVERAGE: f32 = 0.8;
/// What the grade counts for the order of lines. The items of a list need not be good quotes.
const GRADE_WEIGHT: f32 = 1.0;
const GRADE_WEIGHT_OF_LIST: f32 = 0.3;

/// The line of a candidate; `None` if it is too long, or begins with a reference. `best` is the score of the best one.
pub(super) fn topic_line(candidate: &Candidate, best: f32, shape: Shape, plan: &QueryPlan) -> Option<Line> {
    let body = &candidate.post.body;
    let fewest = match shape {
        Shape::List => 1,
        Shape::Opinions => MIN_CHARS_OF_VIEW,
        _ => MIN_CHARS,
    };
    let can_be_line = |span: Span| {
        let text = body.slice(span);
        let mut kinds = body.blocks_at(span).filter_map(|at| Some(body.blocks.get(at as usize)?.kind));
        kinds.next().is_some_and(|kind| kind != BlockKind::TableRow)
            && kinds.next().is_none()
            && text.chars().count() >= fewest
            && is_short_enough(text)
            && !begins_with_reference(text)
            && !text.ends_with([':', '：']) // What it announces is not shown.
    };
    let cut = cut_to(candidate, max_chars(body.slice(candidate.span), plan.request.limits)).span;
    let is_view = |item: &Span| gives_view(body.slice(*item), candidate.post.language);
    let item = marked_item(body, candidate).filter(|item| shape == Shape::Opinions && is_view(item));
    let mut spans = [Some(cut), Some(candidate.span), item].into_iter().flatten();
    let span = spans.find(|span| can_be_line(*span))?;
    let points = body.points.iter().filter(|point| candidate.span.overlaps(point.span));
    let grade = points.clone().map(Point::grade).fold(NO_POINT, f32::max);
    let is_kind = |is: fn(PointKind) -> bool| points.clone().any(|point| is(point.kind));
    let advises = is_kind(|kind| kind.advises);
    let is_wanted = match shape {
        Shape::Opinions | Shape::Comparison | Shape::Trend => is_kind(|kind| kind.judges),
        Shape::Advice => advises,
        _ => false,
    };
    // What names only a part of the topic, or another project, may judge something else.
    let names_topic = candidate.features.get(Feature::Direct) >= MIN_STANCE_COVERAGE;
    let may_take_side = shape == Shape::Opinions
        && names_topic
        && !names_other_project(body.slice(span), span, &candidate.marks);
    let stance =
        may_take_side.then(|| find_stance(body, span, candidate.post.language, &candidate.marks)).flatten();
    let is_short = body.slice(span).chars().count() < MIN_CHARS;
    let is_block =
        || body.blocks_at(span).any(|at| body.blocks.get(at as usize).is_some_and(|it| it.span == span));
    if shape == Shape::Opinions && is_short && (stance.is_none() || !is_block()) {
        return None;
    }
    let weight = if shape == Shape::List { GRADE_WEIGHT_OF_LIST } else { GRADE_WEIGHT };
    let gain = if is_wanted { KIND_GAIN } else { 0.0 };
    let attendee_advice = points.clone().map(|point| point.kind.attendee_advice).max().unwrap_or_default();
    let mut line = Line {
        answer: Some(candidate.span).filter(|answer| *answer != span && span.contains(*answer)),
        section: candidate.section,
        kind: PointKind { attendee_advice, advises, ..PointKind::default() },
        stance,
        // What it announces at its end may be left out.
        marks: candidate.marks.iter().filter(|mark| span.contains(**mark)).copied().collect(),
        ..Line::at(&candidate.post, span)
    };
    line.add(ReasonKind::Rank, RANK_WEIGHT * (candidate.score - best));
    line.add(ReasonKind::Language, language_gain(line.post.language, plan.language));
    line.add(ReasonKind::Grade, weight * grade);
    line.add(ReasonKind::Kind, gain);
    line.add(ReasonKind::Stance, if stance.is_some() { STANCE_GAIN } else { 0.0 });
    if shape == Shape::Trend {
        let prevalence = points.clone().map(|point| point.kind.prevalence).max().unwrap_or_default();
        line.add(ReasonKind::Kind, gain_of_summary(is_kind(|kind| kind.sums_up), prevalence));
    }
    Some(line)
}

/// The item with the most words of the question, of a candidate that goes over several items of a list.
fn marked_item(body: &Body, candidate: &Candidate) -> Option<Span> {
    let marks_in = |block: &Block| candidate.marks.iter().filter(|mark| block.span.contains(**mark)).count();
    let blocks = body.blocks_at(candidate.span).filter_map(|at| body.blocks.get(at as usize));
    let items = blocks.filter(|it| it.kind == BlockKind::ListItem && candidate.span.contains(it.span));
    let best = items.min_by_key(|item| Reverse(marks_in(item)))?;
    (marks_in(best) > 0).then_some(best.span)
}

/// The maximum number of characters of a line in the script of a text. One without spaces says as much with two in five; see
/// [`width`](takeaways_corpus::points::width).
fn max_chars(text: &str, limits: AnswerLimits) -> usize {
    let limit = MAX_CHARS.min(limits.line.into());
    if text.contains(is_cjk) { limit * 2 / 5 } else { limit }
}
