//! Prefers what recaps of the last years say on a topic where a question asks about now: "what is new in eBPF?"

use super::lines::{lines_of_candidates, topic_candidates};
use crate::{
    candidates::Candidate,
    engine::{AnswerError, Engine},
    plan::QueryPlan,
};
use takeaways_text::model::{Shape, Years};

/// The number of years before this one that are recent.
const RECENT_YEARS: i16 = 3;
/// With fewer lines, those of all years are shown.
const MIN_LINES: usize = 3;

/// The candidates for lines on the topic of a plan, the best first. Of a question about now or about what comes, they are those of
/// the last years if these have enough to say.
pub(super) fn candidates_on_topic(
    engine: &Engine,
    plan: &QueryPlan,
    shape: Shape,
) -> Result<Vec<Candidate>, AnswerError> {
    if plan.asked_time().is_some() && plan.scope.events.is_empty() && plan.scope.years.is_none() {
        let last = plan.request.today().year();
        let mut recent = plan.clone();
        recent.scope.years = Some(Years { first: last - RECENT_YEARS, last });
        let candidates = topic_candidates(engine, &recent, shape)?;
        if lines_of_candidates(&candidates, plan, shape).len() >= MIN_LINES {
            return Ok(candidates);
        }
    }
    topic_candidates(engine, plan, shape)
}
