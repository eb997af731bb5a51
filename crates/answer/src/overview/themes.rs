//! Chooses the best points of posts, and groups them by the themes that several posts have.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::lines::{Line, Picked, author_key, points_of_posts, sort_best_first};
use super::{DraftGroup, MAX_LINES, to_u32};
use takeaways_corpus::topics::{TopicTable, is_event_topic};
use takeaways_search::Facets;
use takeaways_text::model::{GroupTitle, Post, PostCount};

/// The maximum number of themes.
const MAX_THEMES: usize = 6;
/// The maximum number of lines of a theme, each of another author.
const LINES_OF_THEME: usize = 2;
/// A theme has at least this many authors.
const MIN_AUTHORS: usize = 3;
/// What a larger share of the posts has is no theme, if there are enough posts to tell.
const MAX_SHARE: f32 = 0.9;
const ENOUGH_POSTS: usize = 5;
/// What a theme that all posts have would add to the grade of a line.
const THEME_GAIN: f32 = 0.5;
/// What it adds to the grade of a line that it tells of the event, and not only of a thing.
const EVENT_GAIN: f32 = 0.4;
/// Posts that the prior adds to each side of the comparison with the rest of the corpus.
const PRIOR: f32 = 1.0;

/// Returns the groups of some posts: themes, and what is strong without one. `facets` are those of all posts.
pub(super) fn groups(posts: &[Arc<Post>], facets: &Facets, all_posts: u64) -> Vec<DraftGroup> {
    let themes = find_themes(posts, facets, all_posts);
    let shares: HashMap<u16, f32> = themes.iter().map(|theme| (theme.topic, theme.share())).collect();
    let mut lines = points_of_posts(posts);
    for line in &mut lines {
        let share = line.topics.iter().filter_map(|topic| shares.get(topic)).copied().fold(0.0, f32::max);
        line.score += THEME_GAIN * share + if line.kind.tells_of_event { EVENT_GAIN } else { 0.0 };
    }
    sort_best_first(&mut lines);
    group_by_theme(Picked::default().pick_fairly(&lines, MAX_LINES), &themes, posts.len())
}

/// Puts each line under the strongest theme that it has and that has room for it; all others stand without one.
fn group_by_theme(mut lines: Vec<Line>, themes: &[Theme], posts: usize) -> Vec<DraftGroup> {
    let mut groups = Vec::new();
    for theme in themes {
        if groups.len() == MAX_THEMES {
            break;
        }
        let mut authors = HashSet::new();
        let (on_it, others): (Vec<Line>, Vec<Line>) = lines.into_iter().partition(|line| {
            line.topics.contains(&theme.topic)
                && authors.len() < LINES_OF_THEME
                && authors.insert(author_key(&line.post))
        });
        lines = others;
        if !on_it.is_empty() {
            let title = GroupTitle::Theme(theme.name.clone());
            groups.push(DraftGroup { title, posts: theme.posts, lines: on_it });
        }
    }
    let of = to_u32(posts);
    groups.push(DraftGroup { title: GroupTitle::Also, posts: PostCount { posts: of, of }, lines });
    groups
}

/// What several posts have in common.
struct Theme {
    /// The position of the topic in the table.
    topic: u16,
    name: String,
    posts: PostCount,
}

impl Theme {
    /// The share of the posts that have it.
    fn share(&self) -> f32 {
        ratio(self.posts.posts as usize, self.posts.of as usize)
    }
}

/// Finds the themes of some posts, the strongest first: by the number of posts, and by how much more they tell of it than
/// all other posts do.
fn find_themes(posts: &[Arc<Post>], facets: &Facets, all_posts: u64) -> Vec<Theme> {
    let table = TopicTable::builtin();
    let everywhere: HashMap<&str, u64> =
        facets.topics.iter().map(|(id, count)| (id.as_str(), *count)).collect();
    let mut found: Vec<(f32, Theme)> = Vec::new();
    for (topic, id) in (0..).zip(table.ids()).filter(|(_, id)| !is_event_topic(id)) {
        let names_it = |post: &&Arc<Post>| post.body.points.iter().any(|point| point.topics.contains(&topic));
        let is_about_it = |post: &&Arc<Post>| post.topics.iter().any(|it| it == id);
        let with_it = posts.iter().filter(|post| is_about_it(post) || names_it(post));
        let with_it: Vec<&Arc<Post>> = with_it.collect();
        let about_it = posts.iter().filter(is_about_it).count();
        let authors: HashSet<String> = with_it.iter().map(|post| author_key(post)).collect();
        let share = ratio(with_it.len(), posts.len());
        if authors.len() < MIN_AUTHORS || posts.len() >= ENOUGH_POSTS && share > MAX_SHARE {
            continue;
        }
        let elsewhere = everywhere.get(id).copied().unwrap_or_default();
        let outside = Outside {
            with_it: elsewhere.saturating_sub(about_it as u64),
            all: all_posts.saturating_sub(posts.len() as u64),
        };
        let strength = to_f32(with_it.len()).ln_1p() + 0.5 * excess(about_it, posts.len(), &outside);
        let posts = PostCount { posts: to_u32(with_it.len()), of: to_u32(posts.len()) };
        let name = table.name(id).unwrap_or(id).to_owned();
        found.push((strength, Theme { topic, name, posts }));
    }
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.topic.cmp(&b.1.topic)));
    found.into_iter().map(|(_, theme)| theme).collect()
}

/// The posts that are not in the scope.
struct Outside {
    with_it: u64,
    all: u64,
}

/// Returns how much more often posts inside have a topic than those outside: the logarithm of the ratio of their odds in
/// standard errors, from -2 to 3, with a prior (Monroe, Colaresi and Quinn 2008). 0 if there are no posts outside.
fn excess(with_it: usize, all: usize, outside: &Outside) -> f32 {
    if outside.all == 0 {
        return 0.0;
    }
    let odds = |with_it: f32, all: f32| ((with_it + PRIOR) / (all - with_it + PRIOR).max(PRIOR)).ln();
    let (inside_with, inside_all) = (to_f32(with_it), to_f32(all));
    #[expect(clippy::cast_precision_loss, reason = "a corpus has far fewer posts than 2^24")]
    let (outside_with, outside_all) = (outside.with_it as f32, outside.all as f32);
    let difference = odds(inside_with, inside_all) - odds(outside_with, outside_all);
    let variance = 1.0 / (inside_with + PRIOR) + 1.0 / (outside_with + PRIOR);
    (difference / variance.sqrt()).clamp(-2.0, 3.0)
}

fn ratio(part: usize, all: usize) -> f32 {
    to_f32(part) / to_f32(all.max(1))
}

#[expect(clippy::cast_precision_loss, reason = "a corpus has far fewer posts than 2^24")]
fn to_f32(number: usize) -> f32 {
    number as f32
}
