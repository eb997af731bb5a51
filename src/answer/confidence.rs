//! How sure it is that the best window answers the question, and when that is too little.

use serde::{Deserialize, Serialize};

use super::asked::Asked;
use super::script::Script;
use super::understand::Understood;
use super::windows::Window;

/// How sure it has to be to answer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Strictness {
    /// Rather no answer than a wrong one.
    Strict,
    /// As many wrong answers as wrong refusals.
    #[default]
    Balanced,
    /// Rather an answer that may not fit than none.
    Eager,
}

impl Strictness {
    /// The least confidence with which an answer is given.
    #[must_use]
    pub fn threshold(self) -> f32 {
        match self {
            Self::Strict => 0.55,
            Self::Balanced => 0.38,
            Self::Eager => 0.28,
        }
    }
}

/// What is left of the confidence where a name in the question is said nowhere in or around the window.
const NAME_UNSAID: f32 = 0.35;
/// The same where no post at all holds the name.
const NAME_UNKNOWN: f32 = 0.3;
/// What is left for each plain word that no post holds, in this or another spelling. Words of scripts without blanks
/// are pairs of letters, and Korean ones have endings; that none holds those says little.
const WORD_UNKNOWN: f32 = 0.85;
/// What is left where the window itself says nothing of the question, only what stands around it.
const NOTHING_DIRECT: f32 = 0.5;
/// What is left where the window does not hold the kind of thing that is asked for.
const MISFIT: f32 = 0.65;
/// What is left where "how many" finds a number, but at none of the question's words.
const UNCOUNTED: f32 = 0.7;
/// The same where it finds no number at all.
const NO_NUMBER: f32 = 0.3;
/// What is left where the question is about an event that no post is about.
const ELSEWHERE: f32 = 0.3;

/// 0 to 1: the part of the question that is said, less where a name is missing, where only the surroundings
/// say it, or where the window does not hold what is asked for.
#[must_use]
pub fn confidence(understood: &Understood, window: &Window) -> f32 {
    let mut confidence = window.coverage;
    for (concept, said) in understood.concepts.iter().zip(&window.said) {
        if concept.name && *said <= 0.0 {
            confidence *= if concept.known { NAME_UNSAID } else { NAME_UNKNOWN };
        }
    }
    for concept in understood.concepts.iter().filter(|concept| !concept.known && !concept.name) {
        let is_corrected = concept.alternatives.iter().any(|alternative| alternative.weight < 1.0);
        if !is_corrected && !concept.text.chars().any(|c| Script::of(c).is_paired()) {
            confidence *= WORD_UNKNOWN;
        }
    }
    if window.direct <= 0.0 {
        confidence *= NOTHING_DIRECT;
    }
    confidence *= match (understood.asked, window.fit) {
        (Asked::HowMany, _) if window.counts => 1.0,
        (Asked::HowMany, Some(false)) => NO_NUMBER,
        (Asked::HowMany, _) => UNCOUNTED,
        (_, Some(false)) => MISFIT,
        _ => 1.0,
    };
    if !understood.missing.is_empty() && !understood.chosen.is_any() {
        // A post about another event may say when and where this one is, hardly how it was.
        let announced = window.fit == Some(true) && matches!(understood.asked, Asked::When | Asked::Where);
        confidence *= if announced { 1.0 } else { ELSEWHERE };
    }
    // What people made of an event is in every post about it.
    if understood.asked == Asked::Impression && !understood.scope.is_everything() {
        confidence = confidence.max(0.6);
    }
    confidence.clamp(0.0, 1.0)
}
