//! Fits the weights of the words that tell the shape of a question: a multinomial logistic regression with an L2 penalty.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::fmt::Write as _;
use std::ops::Range;

use jiff::civil::Date;
use takeaways_corpus::{entities::EntityTable, events::EventTable, topics::TopicTable};
use takeaways_text::model::Shape;
use takeaways_text::person_names::is_given_name;
use takeaways_text::phrases::Words;
use takeaways_text::question_shape::estimate::{CLASSES, ROWS, UNANSWERABLE, UNIT};
use takeaways_text::question_shape::weight_rows;
use takeaways_text::tokens::is_any_stop_word;

use super::models::minimise;
use super::toml_string;
use crate::metrics::to_float;

/// A word in as many questions for sets of points is common: mostly it is not what they are about.
const MIN_QUESTIONS_WITH_COMMON: usize = 45;
/// Unless it is a word of grammar, at least this share of them ask for one shape. What questions are about is asked for in any.
const MIN_SHARE_OF_SHAPE: f64 = 0.375;
/// The L2 penalty of the weights, chosen on questions of other writers.
const L2: f64 = 0.000_2;
/// The steps of the optimiser, and its learning rate.
const STEPS: u32 = 250;
const RATE: f64 = 0.1;

/// What is fitted to labelled questions.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedShapes {
    /// The number of questions.
    pub questions: usize,
    /// The words that many questions for sets of points have.
    pub common: BTreeSet<String>,
    /// The rows of weights, as `config/shapes.bin` has them.
    pub weights: Vec<u8>,
}

/// Fits the weights to questions with their shapes; `None` for what recaps can't answer.
pub fn fit_shapes(questions: &[(&str, Option<Shape>)]) -> FittedShapes {
    let read: Vec<Vec<usize>> = questions.iter().map(|(question, _)| weight_rows(question)).collect();
    let classes: Vec<usize> =
        questions.iter().map(|(_, shape)| shape.map_or(UNANSWERABLE, Shape::index)).collect();
    let counts = Shape::ALL.map(|shape| {
        let of_shape = questions.iter().filter(move |(_, asked)| *asked == Some(shape));
        count_words(of_shape.map(|(question, _)| *question))
    });
    let [facts, broad @ ..] = &counts;
    let count_of =
        |counts: &HashMap<String, usize>, word: &str| counts.get(word).copied().unwrap_or_default();
    let is_common = |word: &&String| {
        let of_shapes = broad.each_ref().map(|counts| count_of(counts, word));
        let (count, of_one) =
            (of_shapes.iter().sum::<usize>(), of_shapes.into_iter().max().unwrap_or_default());
        let tells_shape =
            || 2 * count >= count_of(facts, word) && to_float(of_one) >= MIN_SHARE_OF_SHAPE * to_float(count);
        count >= MIN_QUESTIONS_WITH_COMMON && (is_any_stop_word(word) || tells_shape()) && !is_name(word)
    };
    FittedShapes {
        questions: questions.len(),
        common: broad.iter().flat_map(HashMap::keys).filter(is_common).cloned().collect(),
        weights: regression(&read, &classes).into_iter().map(to_byte).collect(),
    }
}

/// A weight as a number of units in a byte.
fn to_byte(weight: f64) -> u8 {
    let units = (weight / f64::from(UNIT)).round().clamp(f64::from(i8::MIN), f64::from(i8::MAX));
    #[expect(
        clippy::cast_possible_truncation,
        reason = "it is a whole number between the least and the greatest"
    )]
    let units = units as i8;
    units.cast_unsigned()
}

/// The folded words of questions outside of names and numbers, with the number of questions that have each.
fn count_words<'q>(questions: impl Iterator<Item = &'q str>) -> HashMap<String, usize> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for question in questions {
        let words = Words::new(question);
        let names = names_in(question);
        let is_named = |at: usize| {
            let place = words.byte_range(at..at + 1);
            names.iter().any(|name| name.start < place.end && place.start < name.end)
        };
        // "Kelsey Hightower", but not the "said" of "said about", which is a given name too.
        let is_full_name = |at: usize| {
            let both = [words.folded(at), words.folded(at + 1)];
            is_given_name(both[0]) && both.into_iter().all(|word| !word.is_empty() && !is_any_stop_word(word))
        };
        let is_of_person = |at: usize| is_full_name(at) || at > 0 && is_full_name(at - 1);
        let others = (0..words.len()).filter(|at| !is_named(*at) && !is_of_person(*at));
        let different: HashSet<&str> = others.map(|at| words.folded(at)).collect();
        for word in different.into_iter().filter(|word| word.chars().count() > 1) {
            *counts.entry(word.to_owned()).or_default() += 1;
        }
    }
    counts.retain(|word, _| !word.starts_with(|c: char| c.is_ascii_digit()));
    counts
}

/// The places of the events, topics, projects and companies in a question.
fn names_in(question: &str) -> Vec<Range<usize>> {
    let events = EventTable::builtin().mentions(question).into_iter().map(|mention| mention.range);
    let topics = TopicTable::builtin().named_in(question).into_iter().map(|(_, place)| place);
    let entities = EntityTable::builtin().mentions(question).into_iter().map(|mention| mention.span);
    events.chain(topics).chain(entities).collect()
}

/// Whether a word names an event, a topic, a project or a company, however it is written.
fn is_name(word: &str) -> bool {
    let (first, rest) = word.split_at(word.chars().next().map_or(0, char::len_utf8));
    let spellings = [word.to_owned(), first.to_uppercase() + rest, word.to_uppercase()];
    spellings.iter().any(|word| !names_in(word).is_empty() || EntityTable::builtin().knows(word))
}

/// Returns the weights with which the classes of questions with these rows are most probable.
fn regression(read: &[Vec<usize>], classes: &[usize]) -> Vec<f64> {
    let count = to_float(read.len().max(1));
    minimise(ROWS * CLASSES, STEPS, RATE, |weights| {
        let mut slopes: Vec<f64> = weights.iter().map(|weight| L2 * weight).collect();
        for (rows, class) in read.iter().zip(classes) {
            let mut scores = [0.0; CLASSES];
            for row in rows {
                scores.iter_mut().zip(&weights[row * CLASSES..]).for_each(|(score, weight)| *score += weight);
            }
            let best = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let odds = scores.map(|score| (score - best).exp());
            let total: f64 = odds.iter().sum();
            let mut residuals = odds.map(|odds| odds / total / count);
            residuals[*class] -= 1.0 / count;
            for row in rows {
                let slopes = slopes[row * CLASSES..].iter_mut();
                slopes.zip(residuals).for_each(|(slope, residual)| *slope += residual);
            }
        }
        slopes
    })
}

/// Returns the text of `config/shapes.toml`.
pub fn shapes_file(fitted: &FittedShapes, day: Date, files: &str) -> String {
    let mut text = "# What labelled questions tell of the shapes of others. `takeaways-eval shapes --out` writes this file, and the weights\n\
         # beside it, `shapes.bin`.\n\n"
        .to_owned();
    let source = format!("{day} on {files}, {} questions", fitted.questions);
    // Writing to a string never fails.
    let _ = writeln!(text, "fitted = {}", toml_string(&source));
    text.push_str("\n# Words that many questions for sets of points have.\ncommon = [\n");
    for word in &fitted.common {
        let _ = writeln!(text, "    {},", toml_string(word));
    }
    text.push_str("]\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use takeaways_text::question_shape::estimate::{ShapeWords, probabilities_by};

    #[test]
    fn what_shows_a_shape_gets_its_weight() {
        let things = ["istio", "linkerd", "flux", "argo", "helm", "rook", "loki", "tekton"];
        let questions: Vec<(String, Shape)> = things
            .iter()
            .flat_map(|thing| {
                [
                    (format!("who made open{thing}"), Shape::Fact),
                    (format!("anyone found {thing} painful"), Shape::Opinions),
                    (format!("show me talks on {thing}"), Shape::List),
                ]
            })
            .collect();
        let questions: Vec<(&str, Option<Shape>)> =
            questions.iter().map(|(text, shape)| (&**text, Some(*shape))).collect();
        let fitted = fit_shapes(&questions);
        let probability =
            |question: &str, of: Shape| probabilities_by(&fitted.weights, &weight_rows(question))[of.index()];
        assert!(probability("anyone found vitess painful", Shape::Opinions) > 0.8);
        // A word that is in none of the questions.
        assert!(probability("did they find vitess painfully slow", Shape::Opinions) > 0.5);
        let file = shapes_file(&fitted, jiff::civil::date(2026, 11, 26), "a test");
        assert!(ShapeWords::parse(&file).is_ok());
        assert_eq!(fitted.common.len(), 0);
    }

    #[test]
    fn a_weight_is_a_byte_of_units() {
        assert_eq!([0.0, 0.02, -0.02, 0.031, 9.0, -9.0].map(to_byte), [0, 1, 255, 2, 127, 128]);
    }
}
