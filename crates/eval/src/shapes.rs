//! Questions that are labelled with the shapes of their answers.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use takeaways_text::model::Shape;
use takeaways_text::question_shape::find_shape;
use takeaways_text::script::is_cjk;

use crate::metrics::Share;

/// The halves of the file that weights are fitted to.
const FITTED: [&str; 3] = ["choosing", "more", "training"];

/// A question with the shape of its answer.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShapeQuestion {
    text: String,
    #[serde(rename = "lang")]
    _language: String,
    shape: Label,
    half: String,
}

/// What a question asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
enum Label {
    Shape(Shape),
    Unanswerable(NoShape),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum NoShape {
    Unanswerable,
}

impl Label {
    /// Whether it is that of a question for a fact; `None` if it is none of an answer.
    fn is_fact(self) -> Option<bool> {
        match self {
            Self::Shape(shape) => Some(shape == Shape::Fact),
            Self::Unanswerable(_) => None,
        }
    }
}

/// A question for a fact, as in the files of `takeaways-eval questions`.
#[derive(Debug, Clone, Deserialize)]
pub struct FactQuestion {
    #[serde(rename = "q")]
    text: String,
}

/// How many shapes are found, by the half of the questions.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ShapeReport(pub BTreeMap<String, ShapeShares>);

/// How many shapes of a half are found.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ShapeShares {
    /// Of all questions, those with the right shape.
    pub right: Option<Share>,
    /// Of the questions for facts, those taken for such.
    pub facts: Option<Share>,
    /// Of the questions for sets of points, those taken for such, of whatever shape.
    pub broad: Option<Share>,
    /// Of what recaps can't answer, what is taken for such.
    pub unanswerable: Option<Share>,
}

/// Says how many shapes are found.
pub fn shape_report(questions: &[ShapeQuestion]) -> ShapeReport {
    let mut halves: BTreeMap<&str, Vec<(Label, Label)>> = BTreeMap::new();
    for question in questions {
        let found = find_shape(&question.text);
        let found = match found.unanswerable {
            Some(_) => Label::Unanswerable(NoShape::Unanswerable),
            None => Label::Shape(found.shape),
        };
        halves.entry(&question.half).or_default().push((question.shape, found));
    }
    let shares = |pairs: &[(Label, Label)]| {
        let are_fact = |asked: bool| pairs.iter().filter(move |(label, _)| label.is_fact() == Some(asked));
        let unanswerable = pairs.iter().filter(|(label, _)| label.is_fact().is_none());
        ShapeShares {
            right: Share::from_flags(pairs.iter().map(|(label, found)| label == found)),
            facts: Share::from_flags(are_fact(true).map(|(_, found)| found.is_fact() == Some(true))),
            broad: Share::from_flags(are_fact(false).map(|(_, found)| found.is_fact() == Some(false))),
            unanswerable: Share::from_flags(unanswerable.map(|(_, found)| found.is_fact().is_none())),
        }
    };
    ShapeReport(halves.into_iter().map(|(half, pairs)| (half.to_owned(), shares(&pairs))).collect())
}

/// Returns the questions that weights are fitted to, with their shapes; `None` for what recaps can't answer.
pub fn training_questions<'q>(
    questions: &'q [ShapeQuestion],
    facts: &'q [FactQuestion],
) -> Vec<(&'q str, Option<Shape>)> {
    let labelled = questions.iter().filter(|question| FITTED.contains(&question.half.as_str()));
    let labelled = labelled.map(|question| match question.shape {
        Label::Shape(shape) => (question.text.as_str(), Some(shape)),
        Label::Unanswerable(_) => (question.text.as_str(), None),
    });
    let facts = facts.iter().map(|fact| (fact.text.as_str(), Some(Shape::Fact)));
    // The words of a script without spaces are not told apart.
    labelled.chain(facts).filter(|(text, _)| !text.contains(is_cjk)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn questions() -> Vec<ShapeQuestion> {
        [
            ("tips for my first KubeCon", "advice", "choosing"),
            ("who gave the keynote?", "fact", "choosing"),
            ("who gave the keynote in 2019?", "advice", "aside"),
            ("will it rain tomorrow?", "unanswerable", "aside"),
        ]
        .iter()
        .map(|(text, shape, half)| {
            let line = serde_json::json!({"text": text, "lang": "en", "shape": shape, "half": half});
            serde_json::from_value(line).expect("a question")
        })
        .collect()
    }

    #[test]
    fn shapes_are_counted_by_half() {
        let report = shape_report(&questions());
        let counts = |half: &str| {
            let shares = &report.0[half];
            [&shares.right, &shares.facts, &shares.broad].map(|it| it.as_ref().map(|it| (it.count, it.total)))
        };
        assert_eq!(counts("choosing"), [Some((2, 2)), Some((1, 1)), Some((1, 1))]);
        let [right, facts, broad] = counts("aside");
        assert_eq!((right.map(|it| it.1), facts, broad), (Some(2), None, Some((0, 1))));
    }

    #[test]
    fn weights_are_fitted_to_no_half_that_is_set_aside() {
        let facts =
            [FactQuestion { text: "where was it?".into() }, FactQuestion { text: "会場はどこ".into() }];
        let questions = questions();
        let training = training_questions(&questions, &facts);
        assert_eq!(
            training,
            [
                ("tips for my first KubeCon", Some(Shape::Advice)),
                ("who gave the keynote?", Some(Shape::Fact)),
                ("where was it?", Some(Shape::Fact))
            ]
        );
    }
}
