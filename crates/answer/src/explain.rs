//! Why an answer is what it is: the question as it was understood, and what was weighed how.

use super::choose::{Fate, fates, shown_span};
use super::confidence::Signal;
use super::engine::{AnswerError, Engine, Found, Request, limit};
use super::understand::Understood;
use super::weights::Weights;
use super::windows::Window;
use super::windows::parts::Part;
use takeaways_search::Alternative;
use takeaways_text::model::{Missing, PostId, Scope, Span};

/// Why an answer is what it is.
#[derive(Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The kind of thing that is asked for.
    pub asked: &'static str,
    /// Where it was looked for.
    pub scope: Scope,
    /// The conferences that are named without an edition.
    pub series: Vec<String>,
    /// What is named and no post is about or by.
    pub missing: Vec<Missing>,
    /// What was looked for.
    pub sought: Vec<Sought>,
    /// What was found, best first.
    pub windows: Vec<Weighed>,
    /// How likely it is that the first one answers the question, 0 to 1.
    pub confidence: f32,
    /// The least confidence with which an answer is given.
    pub threshold: f32,
    /// Where the logarithm of the confidence's odds begins.
    pub bias: f32,
    /// What adds up to it: name, value, weight.
    pub signals: Vec<(&'static str, f32, f32)>,
}

/// One thing that was looked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Sought {
    /// As it was typed; empty where it is told from the question as a whole.
    pub text: String,
    /// What the index was asked for, and what each counts against the typed word.
    pub ways: Vec<(String, f32)>,
    /// How much it says.
    pub importance: f32,
    /// It was taken for a name.
    pub name: bool,
    /// A post holds it.
    pub known: bool,
}

/// A stretch of a post that might have been cited.
#[derive(Debug, Clone, PartialEq)]
pub struct Weighed {
    /// The post.
    pub post: PostId,
    /// Its file.
    pub path: String,
    /// What would be shown of it.
    pub span: Span,
    /// The words there.
    pub quote: String,
    /// The sum of its parts.
    pub score: f32,
    /// Name, value and weight of the parts that are not 0.
    pub parts: Vec<(&'static str, f32, f32)>,
    /// Whether it is shown, and why not.
    pub fate: Fate,
}

impl Explanation {
    /// Whether it is sure enough to answer.
    #[must_use]
    pub fn suffices(&self) -> bool {
        self.confidence >= self.threshold
    }

    /// The logarithm of the confidence's odds: the bias and what each signal adds.
    #[must_use]
    pub fn sum(&self) -> f32 {
        self.bias + self.signals.iter().map(|(_, value, weight)| value * weight).sum::<f32>()
    }
}

impl Engine {
    /// Why the answer to a question is what it is, with the best `most` of what was weighed and all that is chosen
    /// of it.
    ///
    /// # Errors
    /// Where the index cannot be read.
    pub fn explain(&self, request: &Request, most: usize) -> Result<Explanation, AnswerError> {
        let (understood, found) = self.attempt(request)?;
        Ok(self.explanation(request, &understood, &found, most))
    }

    /// Why the answer that these candidates make is what it is.
    pub(super) fn explanation(
        &self,
        request: &Request,
        understood: &Understood,
        found: &Found,
        most: usize,
    ) -> Explanation {
        let Found { windows, confidence, signals } = found;
        let fates = fates(windows, limit(request));
        let weights = Weights::builtin();
        let ways = |alternatives: &[Alternative]| {
            alternatives.iter().map(|way| (way.terms.join(" "), way.weight)).collect()
        };
        Explanation {
            asked: understood.asked.name(),
            sought: understood
                .concepts
                .iter()
                .map(|concept| Sought {
                    text: concept.text.clone(),
                    ways: ways(&concept.alternatives),
                    importance: concept.importance,
                    name: concept.name,
                    known: concept.known,
                })
                .collect(),
            windows: windows
                .iter()
                .zip(fates)
                .enumerate()
                .filter(|(at, (_, fate))| *at < most || matches!(fate, Fate::Shown(_)))
                .map(|(_, (window, fate))| weighed(window, fate))
                .collect(),
            confidence: *confidence,
            threshold: self.threshold(),
            bias: weights.bias(),
            signals: Signal::ALL
                .into_iter()
                .map(|signal| (signal.name(), signals.get(signal), weights.of_signal(signal)))
                .collect(),
            scope: understood.scope.clone(),
            series: understood.series.clone(),
            missing: understood.missing.clone(),
        }
    }
}

fn weighed(window: &Window, fate: Fate) -> Weighed {
    let body = &window.post.body;
    let span = shown_span(window);
    let weights = Weights::builtin();
    let parts =
        Part::ALL.into_iter().map(|part| (part.name(), window.parts.get(part), weights.of_part(part)));
    Weighed {
        post: window.post.id.clone(),
        path: window.post.path.clone(),
        span,
        quote: body.slice(span).to_owned(),
        score: window.score,
        parts: parts.filter(|(_, value, _)| value.abs() > f32::EPSILON).collect(),
        fate,
    }
}
