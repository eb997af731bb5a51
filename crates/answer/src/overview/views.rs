//! Groups opinions by the side that they take.

use std::collections::HashSet;

use super::lines::{Line, Picked};
use super::{DraftGroup, MAX_LINES, to_u32};
use takeaways_corpus::points::find_stance;
use takeaways_text::model::{GroupTitle, PostCount, Stance};

/// The sides, in the order of their groups.
const SIDES: [Option<Stance>; 3] = [Some(Stance::For), Some(Stance::Against), None];
/// How many of the lines are kept for a side that the best ones do not take.
const MAX_OF_OTHER_SIDE: usize = 2;

/// Groups the best of some lines, which are sorted, by the side that they take. `of` is the number of posts that they are
/// from. The group with the best line comes first.
pub(super) fn groups(lines: &[Line], of: u32) -> Vec<DraftGroup> {
    let mut picked = Picked::default();
    let mut best = picked.pick_fairly(lines, MAX_LINES - MAX_OF_OTHER_SIDE);
    for side in [Stance::For, Stance::Against] {
        if !best.iter().any(|line| stance(line) == Some(side)) {
            let others: Vec<Line> = lines.iter().filter(|line| stance(line) == Some(side)).cloned().collect();
            best.extend(picked.pick(&others, MAX_OF_OTHER_SIDE.min(MAX_LINES - best.len()), 2));
        }
    }
    let room = MAX_LINES - best.len();
    best.extend(picked.pick_fairly(lines, room));
    let has_best = |side: Option<Stance>| best.first().is_some_and(|line| stance(line) == side);
    let mut sides = SIDES;
    sides.sort_by_key(|side| !has_best(*side));
    let groups = sides.map(|side| {
        let lines: Vec<Line> = best.iter().filter(|line| stance(line) == side).cloned().collect();
        let posts: HashSet<_> = lines.iter().map(|line| &line.post.id).collect();
        DraftGroup {
            title: side.map_or(GroupTitle::Views, GroupTitle::Stance),
            posts: PostCount { posts: to_u32(posts.len()), of },
            lines,
            reasons: Vec::new(),
        }
    });
    groups.into()
}

fn stance(line: &Line) -> Option<Stance> {
    find_stance(line.post.body.slice(line.span))
}
