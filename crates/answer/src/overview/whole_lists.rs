//! Lists of posts of which most items are lines of a list: they are shown whole and in their order.

use std::collections::HashSet;
use std::sync::Arc;

use super::lines::Line;
use super::listed::line_of_item;
use crate::{answer_type::AnswerType, plan::QueryPlan};
use takeaways_text::model::{Block, BlockKind, Body, PostId, ReasonKind};

/// Fewer lines of a list tell nothing of the others.
const MIN_SHOWN: usize = 3;
/// For each item that is no line, as many must be lines.
const SHOWN_FOR_MISSING: usize = 2;

/// Where some lines are most items of one list of a post, puts all its items at the place of the first one, in the order of the list. If
/// things of a kind are asked for, other items may be none, so the lines must be all of them.
pub(super) fn in_whole_lists(lines: &[Line], plan: &QueryPlan, asked: AnswerType) -> Vec<Line> {
    let most_missing = if asked == AnswerType::Anything { usize::MAX } else { 0 };
    let list_of = |line: &Line| Some((line.post.id.clone(), start_of_list(line)?));
    let lists: Vec<Option<(PostId, usize)>> = lines.iter().map(list_of).collect();
    let (mut shown, mut whole_lists) = (Vec::new(), HashSet::new());
    for (line, list) in lines.iter().zip(&lists) {
        if list.as_ref().is_some_and(|list| whole_lists.contains(list)) {
            continue;
        }
        let whole = list.as_ref().and_then(|list| {
            let of_list = lines.iter().zip(&lists).filter(|(_, it)| it.as_ref() == Some(list));
            whole_list(of_list.map(|(line, _)| line.clone()).collect(), list.1, plan, most_missing)
        });
        if let Some(whole) = whole {
            shown.extend(whole);
            whole_lists.extend(list.clone());
        } else {
            shown.push(line.clone());
        }
    }
    shown
}

/// Some lines of the list that begins with a block, with those of its other items, each as good as the best one; `None` if these are too
/// many.
fn whole_list(
    mut lines: Vec<Line>,
    start: usize,
    plan: &QueryPlan,
    most_missing: usize,
) -> Option<Vec<Line>> {
    let post = Arc::clone(&lines.first()?.post);
    let depth = post.body.blocks.get(start)?.depth;
    let is_shown = |item: &Block| lines.iter().any(|line| line.span.overlaps(item.span));
    let missing: Vec<&Block> =
        items_from(&post.body, start).filter(|item| item.depth == depth && !is_shown(item)).collect();
    if missing.len() > most_missing || lines.len() < MIN_SHOWN.max(missing.len() * SHOWN_FOR_MISSING) {
        return None;
    }
    lines.extend(missing.into_iter().filter_map(|item| line_of_item(&post, item, plan)));
    let best = lines.iter().map(|line| line.score).fold(f32::MIN, f32::max);
    for line in &mut lines {
        line.add(ReasonKind::Heading, best - line.score);
    }
    lines.sort_by_key(|line| line.span);
    Some(lines)
}

/// The first block of the list of a line; `None` if it is no item of one.
fn start_of_list(line: &Line) -> Option<usize> {
    let body = &line.post.body;
    let at = body.blocks_at(line.span).next()? as usize;
    let item = body.blocks.get(at).filter(|block| block.kind == BlockKind::ListItem)?;
    let before = body.blocks.get(..at)?.iter().rev();
    Some(at - before.take_while(|block| is_of_list(block, item.section)).count())
}

/// The items of the list that begins with a block.
fn items_from(body: &Body, start: usize) -> impl Iterator<Item = &Block> {
    let blocks = body.blocks.get(start..).unwrap_or_default();
    let section = blocks.first().map_or(0, |first| first.section);
    blocks.iter().take_while(move |block| is_of_list(block, section))
}

fn is_of_list(block: &Block, section: u32) -> bool {
    block.kind == BlockKind::ListItem && block.section == section
}

#[cfg(test)]
mod tests {
    use super::super::talks::line_at;
    use super::*;
    use crate::samples::{plan, post};

    #[test]
    fn a_list_of_which_most_is_shown_is_shown_whole_and_in_its_order() {
        let post = post("a", "- One.\n- Two.\n- Three.\n- Four.\n\nOther words.\n");
        let shown = |lines: &[usize], asked: AnswerType| {
            let blocks = lines.iter().filter_map(|at| post.body.blocks.get(*at));
            let lines: Vec<Line> = blocks.map(|block| line_at(&post, block.span)).collect();
            let whole = in_whole_lists(&lines, &plan(&[]), asked);
            whole.iter().map(|line| post.body.slice(line.span)).collect::<Vec<&str>>().join(" ")
        };
        assert_eq!(shown(&[4, 3, 1, 2], AnswerType::Anything), "Other words. One. Two. Three. Four.");
        assert_eq!(shown(&[3, 4, 1], AnswerType::Anything), "Four. Other words. Two.");
        assert_eq!(shown(&[3, 1, 2], AnswerType::Company), "Four. Two. Three.");
        assert_eq!(shown(&[3, 1, 2, 0], AnswerType::Company), "One. Two. Three. Four.");
    }
}
