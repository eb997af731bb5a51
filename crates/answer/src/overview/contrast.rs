//! What sets the sides of a comparison apart: the themes that one tells more of, and the lines on what the others do not mention.

use std::sync::Arc;

use super::comparison::LINES_OF_SIDE;
use super::lines::{Line, sort_best_first};
use super::sides::{Side, are_scopes};
use super::themes::{ThemeCandidate, ThemeKey, excess_in_errors};
use super::to_u32;
use takeaways_corpus::topics::{TopicTable, is_event_topic};
use takeaways_search::Facets;
use takeaways_text::model::{Post, PostCount, ReasonKind, ThemeContrast};

/// Fewer posts of a side have no theme in common.
const MIN_POSTS_OF_THEME: u32 = 2;
/// Fewer posts are no theme that one side has more of.
const MIN_POSTS_OF_SIDE_THEME: usize = 3;
/// A side tells clearly more of a theme if it does by as many standard errors.
const MIN_EXCESS_OF_SIDE: f32 = 1.5;
/// The maximum number of themes of both sides, and of those that one tells more of or has alone.
const THEMES_OF_BOTH: usize = 5;
const THEMES_OF_ONE: usize = 3;
/// What it adds to the grade of a line if only its side mentions its topic.
const DISTINCT_GAIN: f32 = 0.6;

/// Returns the themes of two sides: those of both, then those of which the first and of which the second tells clearly more. Each
/// side keeps its lines on the latter, if it has enough.
pub(super) fn contrast_sides(mut sides: [&mut Side; 2], facets: &Facets) -> Vec<ThemeContrast> {
    let themes = contrast(sides.each_ref().map(|side| side.scoped.posts.as_slice()), facets);
    for (at, side) in sides.iter_mut().enumerate() {
        let is_distinct =
            |line: &&Line| themes.iter().any(|(key, theme)| theme.more == Some(at) && key.is_of(line));
        let distinct: Vec<Line> = side.lines.iter().filter(is_distinct).cloned().collect();
        if distinct.len() >= LINES_OF_SIDE {
            side.lines = distinct;
        }
    }
    themes.into_iter().map(|(_, theme)| theme).collect()
}

fn contrast(sides: [&[Arc<Post>]; 2], facets: &Facets) -> Vec<(ThemeKey, ThemeContrast)> {
    let all: usize = sides.iter().map(|posts| posts.len()).sum();
    let mut themes: Vec<(f32, ThemeKey, ThemeContrast)> = Vec::new();
    for candidate in ThemeCandidate::all(facets) {
        let count = |posts: &[Arc<Post>]| posts.iter().filter(|post| candidate.is_told_in(post)).count();
        let counts = sides.map(count);
        // What nearly all posts have tells nothing.
        if counts.iter().sum::<usize>() * 4 > all * 3 {
            continue;
        }
        let excess = excess_in_errors((counts[0], sides[0].len()), (counts[1], sides[1].len()));
        let is_more = |at: usize, excess: f32| {
            let [own, other] = [counts[at], counts[1 - at]];
            own >= MIN_POSTS_OF_SIDE_THEME && (excess >= MIN_EXCESS_OF_SIDE || other == 0)
        };
        let more = if is_more(0, excess) {
            Some(0)
        } else if is_more(1, -excess) {
            Some(1)
        } else {
            None
        };
        let count = |at: usize| PostCount { posts: to_u32(counts[at]), of: to_u32(sides[at].len()) };
        let theme = ThemeContrast { name: candidate.name.to_owned(), sides: [count(0), count(1)], more };
        themes.push((excess.abs(), candidate.key, theme));
    }
    let best = |more: Option<usize>, is_wanted: fn(&ThemeContrast) -> bool, limit: usize| {
        let mut wanted: Vec<(f32, ThemeKey, ThemeContrast)> =
            themes.iter().filter(|(_, _, theme)| theme.more == more && is_wanted(theme)).cloned().collect();
        wanted.sort_by(|a, b| {
            let posts = |theme: &ThemeContrast| theme.sides.iter().map(|side| side.posts).sum::<u32>();
            let by_posts = posts(&b.2).cmp(&posts(&a.2));
            if more.is_some() { b.0.total_cmp(&a.0).then(by_posts) } else { by_posts }
        });
        wanted.truncate(limit);
        wanted.into_iter().map(|(_, key, theme)| (key, theme)).collect::<Vec<_>>()
    };
    let is_in_both = |theme: &ThemeContrast| theme.sides.iter().all(|side| side.posts >= MIN_POSTS_OF_THEME);
    let is_shared = |theme: &ThemeContrast| theme.sides.iter().all(|side| side.posts > 0);
    let is_only = |theme: &ThemeContrast| theme.sides.iter().any(|side| side.posts == 0);
    let of_side =
        |at| [best(Some(at), is_shared, THEMES_OF_ONE), best(Some(at), is_only, THEMES_OF_ONE)].concat();
    [best(None, is_in_both, THEMES_OF_BOTH), of_side(0), of_side(1)].concat()
}

/// Raises the lines on topics that the posts of the other sides mention less. Of things, each line names its own.
pub(super) fn prefer_distinct(sides: &mut [Side]) {
    if !are_scopes(sides) {
        return;
    }
    let table = TopicTable::builtin();
    let count = |posts: &[Arc<Post>], id: &str| {
        posts.iter().filter(|post| post.topics.iter().any(|it| it == id)).count()
    };
    let counts: Vec<Vec<usize>> =
        sides.iter().map(|side| table.ids().map(|id| count(&side.scoped.posts, id)).collect()).collect();
    let all: usize = sides.iter().map(|side| side.scoped.posts.len()).sum();
    for (own, side) in sides.iter_mut().enumerate() {
        let others = all - side.scoped.posts.len();
        let is_distinct = |line: &Line| {
            line.topics.iter().any(|topic| {
                let is_theme = table.id_at(*topic).is_some_and(|id| !is_event_topic(id));
                let with_it = counts.iter().enumerate().filter(|(at, _)| *at != own);
                let with_it: usize = with_it.filter_map(|(_, count)| count.get(usize::from(*topic))).sum();
                is_theme && with_it * 4 <= others
            })
        };
        for line in &mut side.lines {
            if is_distinct(line) {
                line.add(ReasonKind::Distinct, DISTINCT_GAIN);
            }
        }
        sort_best_first(&mut side.lines);
    }
}
