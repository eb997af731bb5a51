//! The posts that an overview is drawn from.

use std::collections::HashSet;
use std::sync::Arc;

use jiff::civil::Date;

use super::{picked_lines::author_name, to_u32};
use crate::{engine::AnswerError, plan::QueryPlan};
use takeaways_search::{Filter, Index, ScopeCounts, SearchError};
use takeaways_text::model::{AuthorCount, Post, PostCount, PostId, Scope};

/// The maximum number of posts that are read for an overview: the newest ones.
pub(super) const MAX_POSTS: usize = 1_000;

/// The posts that an overview is drawn from.
pub(super) struct ScopedPosts {
    /// The newest first. Empty if they are only counted.
    pub posts: Vec<Arc<Post>>,
    /// How many there are: those that are read or counted, of all.
    pub count: PostCount,
    pub authors: AuthorCount,
    /// Those that are counted, if they are not all of the scope: they name the topic, or are meant by themselves.
    naming: Option<HashSet<PostId>>,
}

impl ScopedPosts {
    pub fn new(posts: Vec<Arc<Post>>, all: usize) -> Self {
        let bylines: HashSet<Option<String>> = posts.iter().map(|post| author_name(post)).collect();
        let are_some_unnamed = bylines.contains(&None);
        let named = to_u32(bylines.len() - usize::from(are_some_unnamed));
        let authors = AuthorCount { named, are_some_unnamed };
        let count = PostCount { posts: to_u32(posts.len()), of: to_u32(all) };
        Self { posts, count, authors, naming: None }
    }

    /// Some posts of a scope, without the others.
    pub fn only(posts: Vec<Arc<Post>>) -> Self {
        let (of, naming) = (posts.len(), posts.iter().map(|post| post.id.clone()).collect());
        Self { naming: Some(naming), ..Self::new(posts, of) }
    }

    /// Counts the posts of the scope of a plan without reading them.
    pub fn count(index: &Index, plan: &QueryPlan) -> Result<Self, AnswerError> {
        let counts = match scope_filter(index, plan)? {
            Some(filter) => index.count_in(&filter)?,
            None => ScopeCounts::default(),
        };
        let posts = to_u32(counts.posts);
        let count = PostCount { posts, of: posts };
        let authors = AuthorCount { named: to_u32(counts.authors), are_some_unnamed: counts.unnamed > 0 };
        Ok(Self { posts: Vec::new(), count, authors, naming: None })
    }

    /// Counts only the posts that name the topic. If none has all its words, the lines are from posts with some of them, and the
    /// count stays that of the scope.
    pub fn count_naming(&mut self, naming: HashSet<PostId>) {
        if !naming.is_empty() {
            self.count.posts = to_u32(naming.len());
            self.naming = Some(naming);
        }
    }

    /// The posts that are counted, if another count says how many they are.
    pub fn limit_to(&mut self, naming: HashSet<PostId>) {
        self.naming = Some(naming);
    }

    /// Returns the posts that are counted, the newest first, at most `limit`; and how many there are. `plan` is that of the scope.
    pub fn counted(
        self,
        index: &Index,
        plan: &QueryPlan,
        limit: usize,
    ) -> Result<(Vec<Arc<Post>>, usize), AnswerError> {
        let Some(mut filter) = scope_filter(index, plan)? else { return Ok((Vec::new(), 0)) };
        if let Some(naming) = self.naming {
            if naming.is_empty() {
                return Ok((Vec::new(), 0)); // A filter without posts allows all.
            }
            filter.posts = naming.into_iter().collect();
        }
        Ok(index.posts_in(&filter, limit)?)
    }

    /// How many of the people of a scope, or of all where it names none, wrote them: a post by several is of the one who is asked for.
    pub fn authors_within(&self, scope: &Scope) -> AuthorCount {
        if scope.authors.is_empty() {
            return self.authors;
        }
        let named = self.authors.named.min(to_u32(scope.authors.len()));
        AuthorCount { named, are_some_unnamed: false }
    }

    /// The days of the first and the last post that is read.
    pub fn days(&self) -> Option<(Date, Date)> {
        let days = || self.posts.iter().filter_map(|post| post.date);
        days().min().zip(days().max())
    }

    /// Reads the posts of the scope of a plan that name its topic, by their ids. `of` is the number of all posts of the scope.
    pub fn read_naming(
        index: &Index,
        plan: &QueryPlan,
        naming: HashSet<PostId>,
        of: u32,
    ) -> Result<Self, AnswerError> {
        let filter = scope_filter(index, plan)?.filter(|_| !naming.is_empty());
        let posts = match filter {
            Some(filter) => {
                let posts = naming.into_iter().collect();
                index.posts_in(&Filter { posts, ..filter }, MAX_POSTS)?.0
            }
            None => Vec::new(),
        };
        let mut scoped = Self::only(posts);
        scoped.count.of = of;
        Ok(scoped)
    }

    /// Reads the posts of the scope of a plan.
    pub fn read(index: &Index, plan: &QueryPlan) -> Result<Self, AnswerError> {
        let (posts, all) = match scope_filter(index, plan)? {
            Some(filter) => index.posts_in(&filter, MAX_POSTS)?,
            None => (Vec::new(), 0),
        };
        Ok(Self::new(posts, all))
    }
}

/// The filter for the posts of the scope of a plan; `None` if the scope is a series that no post is about.
pub(super) fn scope_filter(index: &Index, plan: &QueryPlan) -> Result<Option<Filter>, SearchError> {
    let mut filter = plan.filter();
    if plan.is_of_series() {
        filter.events = plan.editions(&*index.facets(plan.request.now)?);
        if filter.events.is_empty() {
            return Ok(None);
        }
    }
    Ok(Some(filter))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{overview_of, posts};
    use super::*;
    use crate::samples::engine_over;

    #[test]
    fn what_is_counted_of_a_series_is_of_its_posts() {
        let of_others = "---\ntitle: Days\nevent: DevOpsDays Chicago 2018\n---\n\nA service mesh is too complex for most teams.\n";
        let engine = engine_over(&[posts(), vec![("days.md".to_owned(), of_others.to_owned())]].concat());
        let counts = |question: &str| overview_of(&engine, question).expect(question).posts;
        assert_eq!(
            counts("what do people say about service meshes at KubeCon?"),
            PostCount { posts: 8, of: 8 }
        );
        assert_eq!(counts("what do people say about service meshes?"), PostCount { posts: 9, of: 9 });
    }
}
