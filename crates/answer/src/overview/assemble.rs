//! Makes an overview of its groups.

use std::cmp::Reverse;

use super::claims::show_claims;
use super::{DraftGroup, ScopedPosts, to_u32, topic_text::topic_text};
use crate::{
    engine::Request,
    freshness::{asked_time, day_of, newest_to_state},
    plan::QueryPlan,
};
use takeaways_text::model::{Excerpt, Group, Overview, Reason, Shape};

/// Makes the overview of its groups. Groups without lines are left out.
pub(super) fn assemble(
    shape: Shape,
    plan: &QueryPlan,
    scoped: &ScopedPosts,
    mut groups: Vec<DraftGroup>,
    request: &Request,
) -> Overview {
    if shape != Shape::List {
        show_claims(groups.iter_mut().flat_map(|group| &mut group.lines));
    }
    let asked = asked_time(&plan.question.syntax, &request.scope_options, request.now);
    let (mut excerpts, mut reasons) = (Vec::new(), Vec::new());
    let (mut shown, mut further) = (Vec::new(), 0);
    for group in groups {
        further += to_u32(group.further);
        let start = excerpts.len();
        let lines = group.lines.into_iter();
        let mut lines: Vec<(Excerpt, Vec<Reason>)> =
            lines.filter_map(|line| Some((line.excerpt(plan, request.now)?, line.reasons))).collect();
        if asked.is_some() {
            lines.sort_by_key(|(excerpt, _)| Reverse(day_of(excerpt)));
        }
        for (excerpt, why) in lines {
            excerpts.push(excerpt);
            reasons.push(why);
        }
        if excerpts.len() > start {
            let lines = start..excerpts.len();
            shown.push(Group { title: group.title, posts: group.posts, lines, reasons: group.reasons });
        }
    }
    let newest = newest_to_state(asked, &excerpts, request.now);
    Overview {
        shape,
        topic: topic_text(plan, shape),
        scope: plan.scope.clone(),
        posts: scoped.count,
        authors: scoped.authors_within(&plan.scope),
        days: scoped.days(),
        groups: shown,
        excerpts,
        reasons,
        card: None,
        contrast: Vec::new(),
        mentions: None,
        series: Vec::new(),
        further,
        newest,
        confidence: 1.0,
        too_few: false,
        is_partial: false,
        language: plan.language,
    }
}

/// Keeps only the first lines of an overview, if it has more: "top 3 takeaways" asks for three.
pub(super) fn keep_first(overview: &mut Overview, lines: usize) {
    overview.excerpts.truncate(lines);
    overview.reasons.truncate(lines);
    for group in &mut overview.groups {
        group.lines.end = group.lines.end.min(lines);
    }
    overview.groups.retain(|group| !group.lines.is_empty());
}
