//! Numbers of people that recaps of one event give differently.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use super::lines::{Line, is_short_enough};
use super::picked_lines::author_key;
use super::trend::year_of;
use super::weak_lines::is_readable;
use crate::attendance::{Attendance, attendance_of_event};
use crate::plan::QueryPlan;
use crate::section_event::may_be_about;
use takeaways_text::model::{Post, Span};

/// The maximum number of numbers that stand side by side.
const MAX_NUMBERS: usize = 3;
/// No conference grows so many times larger: a smaller number counts those at one meeting of it.
const MAX_GROWTH: u32 = 50;

/// Returns the numbers of attendees that the lines give, as one text (`8,000 · 7,500+ attendees`), and a line for each;
/// `None` if different authors give the same or none. `lines` must be the best first.
pub(super) fn differing_numbers(lines: &[Line]) -> Option<(String, Vec<Line>)> {
    let mut by_value: BTreeMap<u32, (Attendance<'_>, &Line)> = BTreeMap::new();
    let mut authors = HashSet::new();
    for line in lines {
        if by_value.len() == MAX_NUMBERS {
            break;
        }
        let Some((value, found)) = counted_attendees(&line.post, line.span) else { continue };
        if !by_value.contains_key(&value) && authors.insert(author_key(&line.post)) {
            by_value.insert(value, (found, line));
        }
    }
    if by_value.len() < 2 {
        return None;
    }
    let numbers: Vec<&str> = by_value.values().rev().map(|(found, _)| found.text).collect();
    let noun = by_value.values().next().and_then(|(found, _)| found.noun).unwrap_or_default();
    let lines = by_value.values().rev().map(|(_, line)| (*line).clone()).collect();
    Some((format!("{} {noun}", numbers.join(" · ")), lines))
}

/// The sentences of some posts that give a number of attendees, the largest first: one of each post.
pub(super) fn attendance_lines(posts: &[Arc<Post>], plan: &QueryPlan) -> Vec<Line> {
    let largest = |post: &Arc<Post>| {
        let sentences = post.body.sentences.iter().filter_map(|sentence| {
            let text = post.body.slice(sentence.span);
            let (value, _) = counted_attendees(post, sentence.span).filter(|_| is_short_enough(text))?;
            Some((value, Line::at(post, sentence.span)))
        });
        let of_event = sentences.filter(|(_, line)| may_be_about(post, line.section, &plan.scope.events));
        of_event.max_by_key(|(value, _)| *value)
    };
    let mut lines: Vec<(u32, Line)> = posts.iter().filter_map(largest).collect();
    // A recap and its translation have the same number.
    lines.sort_by_key(|(value, line)| (Reverse(*value), !is_readable(line, plan.language)));
    let largest = lines.first().map_or(0, |(value, _)| *value);
    lines.retain(|(value, _)| value.saturating_mul(MAX_GROWTH) >= largest);
    lines.into_iter().map(|(_, line)| line).collect()
}

/// The number of those who came to the event of a post that a part of it gives, with its value. Those of other years and those
/// who were not on site are others.
fn counted_attendees(post: &Arc<Post>, span: Span) -> Option<(u32, Attendance<'_>)> {
    let found = attendance_of_event(post.body.slice(span), year_of(post))?;
    Some((found.size().filter(|_| found.noun.is_some() && !found.is_online)?, found))
}
