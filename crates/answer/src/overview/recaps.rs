//! The posts that an overview rests on, for a list of them.

use std::cmp::Reverse;
use std::sync::Arc;

use super::asked::AskedOverview;
use super::scoped_posts::ScopedPosts;
use crate::engine::{AnswerError, Engine, Request};
use takeaways_text::model::{Post, Scope};

impl Engine {
    /// Returns the posts that the overview of a request rests on, the newest first, at most `limit`; and how many there are. They
    /// are those that are counted above the overview.
    pub(crate) fn posts_of_overview(
        &self,
        request: &Request,
        scope: &Scope,
        limit: usize,
    ) -> Result<(Vec<Arc<Post>>, usize), AnswerError> {
        let index = self.index();
        let (mut plan, scoped) = match AskedOverview::of_request(self, request)? {
            AskedOverview::Comparison(comparison) => {
                let mut posts = comparison.posts();
                posts.sort_by_key(|post| Reverse(post.date));
                let all = posts.len();
                posts.truncate(limit);
                return Ok((posts, all));
            }
            AskedOverview::Points(mut points) => {
                let mut scoped = points.scoped_posts(self)?;
                points.choose(self, &mut scoped)?;
                (points.plan, scoped)
            }
            AskedOverview::Things(list) => (list.plan, list.scoped),
            AskedOverview::Events(found) => {
                let scoped = ScopedPosts::count(index, &found.plan)?;
                (found.plan, scoped)
            }
        };
        if !scope.events.is_empty() {
            // The plan has no events of which the posts are gone.
            plan.scope.events.clone_from(&scope.events);
        }
        scoped.counted(index, &plan, limit)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        tests::{engine_of_posts, overview_of},
        to_u32,
    };
    use crate::samples::request;
    use takeaways_text::model::Shape;

    #[test]
    fn there_are_as_many_as_the_overview_counts() {
        let engine = engine_of_posts();
        for (question, expected) in [
            ("main takeaways of KubeCon EU 2018", 4),
            ("main takeaways of 2019", 4),
            ("what do people think of service meshes?", 8),
            ("what do people say about security at KubeCon EU 2018?", 3),
            ("what are the main takeaways?", 8),
            ("how many recaps mention service meshes?", 8),
            ("how many recaps mention security?", 6),
            ("service meshes over the years", 8),
        ] {
            let overview = overview_of(&engine, question).expect(question);
            let (posts, all) =
                engine.posts_of_overview(&request(question), &overview.scope, 2).expect("posts");
            // The group of a count has its number.
            let count = overview.groups.iter().filter(|_| overview.shape == Shape::Count).map(|it| it.posts);
            let counted = count.chain([overview.posts]).next().map(|it| it.posts);
            assert_eq!((all, counted), (expected, Some(to_u32(all))), "{question}");
            assert!(posts.len() == 2 && posts.is_sorted_by(|a, b| a.date >= b.date), "{question}");
        }
    }
}
