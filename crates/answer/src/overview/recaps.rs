//! The posts that an overview rests on, for a list of them.

use std::cmp::Reverse;
use std::sync::Arc;

use super::asked::{AskedOverview, AskedPoints};
use super::scoped_posts::scope_filter;
use super::several::posts_naming_any;
use super::topic_text::counted;
use crate::{
    engine::{AnswerError, Engine, Request},
    plan::QueryPlan,
};
use takeaways_text::model::{Post, Scope, Shape};

impl Engine {
    /// Returns the posts that the overview of a request rests on, the newest first, at most `limit`; and how many there are. They
    /// are those of its scope that name the topic. If none has all its words, they are all posts of the scope, as in the count
    /// above the overview.
    pub(crate) fn posts_of_overview(
        &self,
        request: &Request,
        scope: &Scope,
        limit: usize,
    ) -> Result<(Vec<Arc<Post>>, usize), AnswerError> {
        let asked = AskedOverview::of_request(self, request)?;
        let told = match &asked {
            AskedOverview::Comparison(comparison) => Some(comparison.posts()),
            AskedOverview::Points(points) if points.may_mean_posts() => {
                let meant = points.meant_posts(self, &points.scoped_posts(self)?)?;
                meant.map(|meant| meant.iter().map(|it| Arc::clone(it.post())).collect())
            }
            AskedOverview::Events(_) | AskedOverview::Things(_) | AskedOverview::Points(_) => None,
        };
        if let Some(mut posts) = told {
            posts.sort_by_key(|post| Reverse(post.date));
            let all = posts.len();
            posts.truncate(limit);
            return Ok((posts, all));
        }
        let (plan, topic) = match asked {
            AskedOverview::Points(AskedPoints { plan, shape, .. }) => {
                let topic = counted(&plan, shape.shape);
                (plan, topic)
            }
            asked => (asked.plan().clone(), counted(asked.plan(), Shape::List)),
        };
        let Some(mut filter) = scope_filter(self.index(), &plan)? else {
            return Ok((Vec::new(), 0));
        };
        if !scope.events.is_empty() {
            // The plan has no events of which the posts are gone.
            filter.events.clone_from(&scope.events);
        }
        if !topic.is_empty() {
            let plan = QueryPlan { concepts: topic, ..plan };
            let naming = posts_naming_any(self.index(), &plan)?;
            if !naming.is_empty() {
                // Those that name the topic are of the blog already.
                filter.posts = naming.into_iter().collect();
            }
        }
        Ok(self.index().posts_in(&filter, limit)?)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{
        tests::{engine_of_posts, overview_of},
        to_u32,
    };
    use crate::samples::request;

    #[test]
    fn there_are_as_many_as_the_overview_counts() {
        let engine = engine_of_posts();
        for (question, expected) in [
            ("main takeaways of KubeCon EU 2018", 4),
            ("main takeaways of 2019", 4),
            ("what do people think of service meshes?", 8),
            ("what do people say about security at KubeCon EU 2018?", 3),
            ("what are the main takeaways?", 8),
        ] {
            let overview = overview_of(&engine, question).expect(question);
            let (posts, all) =
                engine.posts_of_overview(&request(question), &overview.scope, 2).expect("posts");
            assert_eq!((all, overview.posts.posts), (expected, to_u32(all)), "{question}");
            assert!(posts.len() == 2 && posts.is_sorted_by(|a, b| a.date >= b.date), "{question}");
        }
    }
}
