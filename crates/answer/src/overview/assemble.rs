//! Makes an overview of its groups.

use std::cmp::Reverse;

use super::claims::show_claims;
use super::drafts::is_number;
use super::weak_lines::leave_out_weak_of_groups;
use super::{DraftGroup, ScopedPosts, to_u32, topic_text::topic_text};
use crate::{
    freshness::{day_of, newest_to_state},
    plan::QueryPlan,
};
use takeaways_text::model::{Excerpt, Group, Overview, PostId, Quote, Reason, Shape, Span};

/// Makes the overview of its groups. Groups without lines are left out, but for a number that is asked for.
pub(super) fn assemble(
    shape: Shape,
    plan: &QueryPlan,
    scoped: &ScopedPosts,
    mut groups: Vec<DraftGroup>,
) -> Overview {
    leave_out_weak_of_groups(&mut groups, shape, plan.language, &plan.scope.events);
    if shape != Shape::List {
        show_claims(groups.iter_mut().flat_map(|group| &mut group.lines));
    }
    let asked = plan.asked_time();
    let (mut excerpts, mut reasons) = (Vec::new(), Vec::new());
    let (mut shown, mut further) = (Vec::new(), 0);
    for group in groups {
        further += to_u32(group.further);
        let is_number = is_number(shape, &group);
        let start = excerpts.len();
        let lines = group.lines.into_iter();
        let mut lines: Vec<(Excerpt, Vec<Reason>)> =
            lines.filter_map(|line| Some((line.excerpt(plan)?, line.reasons))).collect();
        if asked.is_some() {
            lines.sort_by_key(|(excerpt, _)| Reverse(day_of(excerpt)));
        }
        for (excerpt, why) in lines {
            excerpts.push(excerpt);
            reasons.push(why);
        }
        if excerpts.len() > start || is_number {
            let lines = start..excerpts.len();
            shown.push(Group { title: group.title, posts: group.posts, lines, reasons: group.reasons });
        }
    }
    leave_out_repeated_lead_ins(&mut excerpts);
    let newest = newest_to_state(asked, &excerpts, plan.request.today());
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
        unmentioned: None,
        language: plan.language,
    }
}

/// Leaves out the lead-ins that are lines themselves: the title of an item may be the best of it.
fn leave_out_repeated_lead_ins(excerpts: &mut [Excerpt]) {
    let places: Vec<(PostId, Span)> =
        excerpts.iter().map(|it| (it.citation.post.clone(), it.quote.span)).collect();
    for excerpt in excerpts {
        let post = &excerpt.citation.post;
        let is_shown =
            |lead_in: &Quote| places.iter().any(|(other, span)| other == post && span.overlaps(lead_in.span));
        if excerpt.lead_in.as_ref().is_some_and(is_shown) {
            excerpt.lead_in = None;
        }
    }
}

/// Keeps as many lines of an overview as are asked for, if a number is and it has more: of each group the first, then of each the
/// second.
pub(super) fn keep_lines(overview: &mut Overview, asked: Option<usize>) {
    let Some(mut room) = asked else { return };
    let mut kept = vec![0; overview.groups.len()];
    while room > 0 {
        let lengths = overview.groups.iter().map(|group| group.lines.len());
        let with_more: Vec<usize> =
            lengths.zip(&kept).enumerate().filter(|(_, (all, kept))| all > *kept).map(|(at, _)| at).collect();
        if with_more.is_empty() {
            return;
        }
        for at in with_more.into_iter().take(room) {
            kept[at] += 1;
            room -= 1;
        }
    }
    let shown = |at: usize| {
        let groups = overview.groups.iter().zip(&kept);
        groups.into_iter().any(|(group, kept)| (group.lines.start..group.lines.start + kept).contains(&at))
    };
    let is_shown: Vec<bool> = (0..overview.excerpts.len()).map(shown).collect();
    let all = overview.excerpts.len();
    keep_marked(&mut overview.excerpts, &is_shown);
    keep_marked(&mut overview.reasons, &is_shown);
    if overview.shape == Shape::List {
        overview.further += to_u32(all - overview.excerpts.len());
    }
    let mut start = 0;
    for (group, kept) in overview.groups.iter_mut().zip(kept) {
        group.lines = start..start + kept;
        start += kept;
    }
    overview.groups.retain(|group| !group.lines.is_empty());
}

/// Keeps the elements at the places that are marked.
fn keep_marked<T>(all: &mut Vec<T>, is_kept: &[bool]) {
    let mut places = is_kept.iter();
    all.retain(|_| places.next().copied().unwrap_or_default());
}
