//! What is left to tell after an overview.

use super::MAX_LINES;
use super::asked::AskedOverview;
use super::picked_lines::PickedLines;
use crate::{
    engine::{AnswerError, Engine, Request},
    excerpt_place::ExcerptPlace,
};

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
            AskedOverview::Points(mut points) => {
                let mut scoped = points.scoped_posts(self)?;
                points.choose(self, &mut scoped)?.all
            }
        };
        lines.retain(|line| !shown.iter().any(|place| line.overlaps(&place.post, place.span)));
        let picked = PickedLines::of_any_length().pick_fairly(&lines, MAX_LINES);
        let excerpts = picked.iter().filter_map(|line| line.excerpt(&plan));
        Ok(excerpts.map(|excerpt| ExcerptPlace::from(&excerpt)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{engine_of_recaps, overview_of};
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

    /// The texts of the lines that come after an overview, and those of the overview.
    fn more_after(engine: &Engine, question: &str) -> (Vec<String>, Vec<String>) {
        let overview = overview_of(engine, question).expect(question);
        let shown: Vec<ExcerptPlace> = overview.excerpts.iter().map(ExcerptPlace::from).collect();
        let further = engine.further_lines(&request(question), &shown).expect("lines");
        let post = |place: &ExcerptPlace| engine.index().post(&place.post).expect("a post").expect("a post");
        let text = |place: &ExcerptPlace| post(place).body.slice(place.span).to_owned();
        (further.iter().map(text).collect(), shown.iter().map(text).collect())
    }

    #[test]
    fn more_about_now_is_from_recent_posts_too() {
        let file = |year: i16| {
            let points: Vec<String> = (1..9)
                .map(|at| {
                    format!("Most teams need {at} months to learn Istio in {year}, because it is complex.")
                })
                .collect();
            let head = format!(
                "title: Recap of {year}\nauthor: Ada{year} Lee\ndate: {year}-05-01\nevent: KubeCon EU {year}"
            );
            (format!("{year}.md"), format!("---\n{head}\n---\n\n{}\n", points.join("\n\n")))
        };
        let engine = engine_over(&[file(2016), file(2025), file(2026)]);
        let (further, shown) = more_after(&engine, "what do people think of Istio today?");
        assert!(!further.is_empty());
        assert!(further.iter().chain(&shown).all(|line| !line.contains("2016")), "{further:?} {shown:?}");
    }

    #[test]
    fn more_complaints_are_no_praise() {
        let bad = (1..=12).map(|at| format!("I think that hall {at} of the conference was too crowded, and I was disappointed by the food there.\n\n"));
        let good = "The conference was great, and I loved the talks, because they were short.\n\nI think that the conference was the best one of the year, because everyone was kind.\n";
        let bad: String = bad.collect();
        let engine = engine_of_recaps(&[("Ada", &bad), ("Bea", good), ("Cem", good)]);
        let (further, shown) = more_after(&engine, "complaints about KubeCon EU 2018");
        assert!(!further.is_empty());
        let complains = |line: &String| line.contains("disappointed");
        assert!(further.iter().chain(&shown).all(complains), "{further:?} {shown:?}");
    }
}
