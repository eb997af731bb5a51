//! The groups of an overview before its lines become excerpts.

use std::collections::HashSet;

use super::lines::Line;
use super::trend::Trend;
use super::{MAX_LINES, to_u32};
use takeaways_text::model::{GroupTitle, PostCount, Reason, Shape};

/// A group before its lines become excerpts.
pub(super) struct DraftGroup {
    pub title: GroupTitle,
    pub posts: PostCount,
    pub lines: Vec<Line>,
    /// See [`Group::reasons`](takeaways_text::model::Group::reasons).
    pub reasons: Vec<Reason>,
    /// How many lines there are beside those of the group.
    pub further: usize,
}

impl DraftGroup {
    /// Returns a group for which there are no reasons.
    pub fn new(title: GroupTitle, posts: PostCount, lines: Vec<Line>) -> Self {
        Self { title, posts, lines, reasons: Vec::new(), further: 0 }
    }

    /// Returns a group that counts only the posts of its lines, out of so many.
    pub fn of_lines(title: GroupTitle, of: usize, lines: Vec<Line>) -> Self {
        let posts: HashSet<_> = lines.iter().map(|line| &line.post.id).collect();
        let posts = PostCount { posts: to_u32(posts.len()), of: to_u32(of) };
        Self::new(title, posts, lines)
    }
}

/// The groups of an overview, before it is assembled.
#[derive(Default)]
pub(super) struct Drafts {
    pub groups: Vec<DraftGroup>,
    /// The lines that those of the groups are picked from, best first: what is left of them is told after the overview.
    pub all: Vec<Line>,
    /// The confidence that the first line answers.
    pub confidence: f32,
    /// See [`Overview::is_partial`](takeaways_text::model::Overview::is_partial).
    pub is_partial: bool,
    /// See [`Overview::unmentioned`](takeaways_text::model::Overview::unmentioned).
    pub unmentioned: Option<Vec<String>>,
    pub trend: Option<Trend>,
}

impl Drafts {
    /// Groups that are all asked for, and the lines that theirs are picked from.
    pub fn new(groups: Vec<DraftGroup>, all: Vec<Line>) -> Self {
        Self { groups, all, confidence: 1.0, is_partial: false, unmentioned: None, trend: None }
    }

    /// Whether there are neither lines nor a number that is asked for.
    pub fn have_nothing(&self, shape: Shape) -> bool {
        let is_empty = |group: &DraftGroup| group.lines.is_empty() && !is_number(shape, group);
        self.trend.is_none() && self.groups.iter().all(is_empty)
    }
}

/// The first groups of a list with a line each. The last one says how many more there are.
pub(super) fn first_groups(mut groups: Vec<DraftGroup>) -> Vec<DraftGroup> {
    let further = groups.len().saturating_sub(MAX_LINES);
    groups.truncate(MAX_LINES);
    if let Some(last) = groups.last_mut() {
        last.further = further;
    }
    groups
}

/// Whether a group is a number that is asked for: it needs no lines.
pub(super) fn is_number(shape: Shape, group: &DraftGroup) -> bool {
    shape == Shape::Count && group.posts.posts > 0
}
