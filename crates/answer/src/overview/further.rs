//! What is left to tell after an overview.

use super::asked::{AskedOverview, AskedPoints};
use super::lines::{Line, lines_of_candidates, points_of_posts, topic_lines};
use super::picked_lines::PickedLines;
use super::topic_groups::{keep_on_topic, lines_of_list};
use super::{MAX_LINES, advice, listed_posts, recent, views};
use crate::{
    engine::{AnswerError, Engine, Request},
    excerpt_place::ExcerptPlace,
    post_part::PostPart,
    resolve::NameRole,
};
use takeaways_text::model::Shape;

impl Engine {
    /// Returns the places of the lines that come after those of an overview, best first.
    pub(crate) fn further_lines(
        &self,
        request: &Request,
        shown: &[ExcerptPlace],
    ) -> Result<Vec<ExcerptPlace>, AnswerError> {
        let asked = AskedOverview::of_request(self, request)?;
        let plan = asked.plan().clone();
        let mut lines = match asked {
            AskedOverview::Events(_) => Vec::new(),
            AskedOverview::Comparison(comparison) => comparison.lines(self)?,
            AskedOverview::Things(list) => list.into_lines(),
            AskedOverview::Points(points) => points.lines(self)?,
        };
        lines.retain(|line| !shown.iter().any(|place| line.overlaps(&place.post, place.span)));
        let picked = PickedLines::of_any_length().pick_fairly(&lines, MAX_LINES);
        let excerpts = picked.iter().filter_map(|line| line.excerpt(&plan));
        Ok(excerpts.map(|excerpt| ExcerptPlace::from(&excerpt)).collect())
    }
}

impl AskedPoints {
    /// All lines that the overview is chosen from, best first.
    fn lines(&self, engine: &Engine) -> Result<Vec<Line>, AnswerError> {
        let lines = self.lines_on_topic(engine)?;
        match self.with_wider_topic() {
            Some(wider) if lines.is_empty() => wider.lines_on_topic(engine),
            _ => Ok(lines),
        }
    }

    fn lines_on_topic(&self, engine: &Engine) -> Result<Vec<Line>, AnswerError> {
        let Self { plan, shape: asked, other_words } = self;
        let shape = asked.shape;
        let mut scoped = self.scoped_posts(engine)?;
        if asked.asks_for_posts() {
            return listed_posts::lines(engine, plan, &mut scoped);
        }
        if let Some(meant) = self.meant_posts(engine, &scoped)? {
            let points = |it: &PostPart| {
                points_of_posts(std::slice::from_ref(it.post()), plan)
                    .into_iter()
                    .filter(|line| it.contains(line.span))
                    .collect::<Vec<_>>()
            };
            return Ok(meant.iter().flat_map(points).collect());
        }
        if plan.concepts.is_empty() {
            let posts = &scoped.posts;
            return Ok(match shape {
                Shape::Advice => advice::lines(engine, posts, plan, other_words)?,
                Shape::Opinions => {
                    let asked = plan.question.asked_side;
                    let mut lines = views::lines_of_event(posts, plan);
                    lines.retain(|line| asked.is_none() || line.stance == asked);
                    lines
                }
                _ => points_of_posts(posts, plan),
            });
        }
        if shape != Shape::List {
            return topic_lines(engine, plan, shape);
        }
        let candidates = recent::candidates_on_topic(engine, plan, shape)?;
        let mut lines = lines_of_candidates(&candidates, plan, shape);
        keep_on_topic(&mut lines, plan, shape);
        Ok(lines_of_list(lines, &candidates, plan, &engine.plan_again(plan, NameRole::Subject)?))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::overview_of;
    use super::*;
    use crate::samples::{engine_over, request};

    #[test]
    fn more_is_from_the_posts_that_the_overview_is_of() {
        let file = |name: &str, title: &str| {
            let points: Vec<String> = ["Istio", "Helm", "etcd", "Envoy", "Linkerd", "Flux", "Argo CD"]
                .iter()
                .flat_map(|thing| {
                    let months =
                        format!("Most teams at {name} need months to learn {thing}, because it is complex.");
                    let home =
                        format!("I think that everyone at {name} should try {thing} at home, because it costs nothing.");
                    [months, home]
                })
                .collect();
            let text =
                format!("---\ntitle: {title}\nevent: KubeCon EU 2018\n---\n\n{}\n", points.join("\n\n"));
            (format!("2018-{name}.md"), text)
        };
        let engine = engine_over(&[
            file("meshnotes-1", "KubeCon day 1"),
            file("meshnotes-2", "KubeCon day 2"),
            file("farside-1", "A recap"),
            file("umbra-1", "Another recap"),
        ]);
        for (question, expected) in [
            ("summarise day 2 of KubeCon EU 2018", vec!["2018-meshnotes-2"]),
            ("meshnotes' key takeaways from KubeCon", vec!["2018-meshnotes-1", "2018-meshnotes-2"]),
        ] {
            let overview = overview_of(&engine, question).expect(question);
            let shown: Vec<ExcerptPlace> = overview.excerpts.iter().map(ExcerptPlace::from).collect();
            let further = engine.further_lines(&request(question), &shown).expect("lines");
            assert!(!further.is_empty(), "{question}");
            let is_meant = |place: &ExcerptPlace| expected.contains(&place.post.0.as_str());
            assert!(shown.iter().chain(&further).all(is_meant), "{question}: {further:?}");
            let (posts, all) =
                engine.posts_of_overview(&request(question), &overview.scope, 9).expect("posts");
            let mut posts: Vec<&str> = posts.iter().map(|post| post.id.0.as_str()).collect();
            posts.sort_unstable();
            assert_eq!((posts, all), (expected.clone(), expected.len()), "{question}");
        }
    }

    #[test]
    fn more_of_a_comparison_is_of_each_side() {
        let file = |year: i16, thing: &str| {
            let points: Vec<String> = (1..9)
                .map(|at| {
                    format!(
                        "Most teams needed {at} months to learn {thing} number {at}, because it is complex."
                    )
                })
                .collect();
            let head = format!("title: Recap of {year}\nauthor: Ada{year} Lee\nevent: KubeCon EU {year}");
            (format!("{year}.md"), format!("---\n{head}\n---\n\n{}\n", points.join("\n\n")))
        };
        let engine = engine_over(&[file(2018, "Istio"), file(2022, "Linkerd")]);
        let question = "KubeCon EU 2018 vs KubeCon EU 2022";
        let overview = overview_of(&engine, question).expect("a comparison");
        let shown: Vec<ExcerptPlace> = overview.excerpts.iter().map(ExcerptPlace::from).collect();
        let further = engine.further_lines(&request(question), &shown).expect("lines");
        let posts: Vec<&str> = further.iter().take(2).map(|place| place.post.0.as_str()).collect();
        assert_eq!(posts, ["2018", "2022"], "{further:?}");
        let (recaps, all) = engine.posts_of_overview(&request(question), &overview.scope, 9).expect("posts");
        assert_eq!((recaps.len(), all), (2, 2));
    }
}
