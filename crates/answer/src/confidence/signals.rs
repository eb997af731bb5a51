//! What tells whether a window answers a question.

use crate::asked::Asked;
use crate::concepts::Concept;
use crate::understand::Understood;
use crate::windows::Window;
use crate::windows::parts::Part;

/// One thing that tells whether a window answers a question. What is missing is counted or taken as a logarithm: each
/// thing that is missing makes an answer less likely by a factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Signal {
    /// The part of the question, by importance, that is said in the window or around it: its logarithm.
    Coverage,
    /// The part of the question that the window says itself: its logarithm.
    Direct,
    /// All that is asked for is said.
    Whole,
    /// How many names some post has that are said neither in the window nor around it.
    NamesUnsaid,
    /// How many names no post has.
    NamesUnknown,
    /// What is asked for (a person, a number, a reason) is there.
    Fits,
    /// It is not there.
    Misfits,
    /// A number is asked for, and none is there.
    NoNumber,
    /// A number is asked for, and it stands at none of the question's words.
    Uncounted,
    /// The question names an event, a year or an author that no post is about or by.
    Elsewhere,
    /// How many of the things that the question asks for are said in the window or around it: the logarithm. Half of
    /// two is one word that many a sentence has; half of six is no accident.
    Said,
}

impl Signal {
    /// All of them.
    pub const ALL: [Self; 11] = [
        Self::Coverage,
        Self::Direct,
        Self::Whole,
        Self::NamesUnsaid,
        Self::NamesUnknown,
        Self::Fits,
        Self::Misfits,
        Self::NoNumber,
        Self::Uncounted,
        Self::Elsewhere,
        Self::Said,
    ];

    /// Its name in the file of weights and in `--explain`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Coverage => "coverage",
            Self::Direct => "direct",
            Self::Whole => "whole",
            Self::NamesUnsaid => "names_unsaid",
            Self::NamesUnknown => "names_unknown",
            Self::Fits => "fits",
            Self::Misfits => "misfits",
            Self::NoNumber => "no_number",
            Self::Uncounted => "uncounted",
            Self::Elsewhere => "elsewhere",
            Self::Said => "said",
        }
    }
}

/// All signals of one question.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Signals([f32; Signal::ALL.len()]);

/// The most names or words that are counted.
const MOST_COUNTED: u8 = 6;
/// What is said by a loose synonym, or only nearby, is not counted as said.
const TOLD: f32 = 0.5;
/// The importance of a question's scope, against that of its words: about a word of one passage in a hundred.
const SCOPE: f32 = 1.5;
/// A part of a question is not less than this: the logarithm of nothing says too much.
const LEAST: f32 = 0.03;

impl Signals {
    /// Of the best window of a question.
    #[must_use]
    pub fn of(understood: &Understood, first: &Window) -> Self {
        let mut signals = Self::default();
        for (signal, part) in
            [(Signal::Fits, Part::Fits), (Signal::Misfits, Part::Misfits), (Signal::NoNumber, Part::NoNumber)]
        {
            signals.set(signal, first.parts.get(part));
        }
        // An event or an author that is named and found is a part of the question that is said.
        let words: f32 = understood.concepts.iter().map(|concept| concept.importance).sum();
        let scope = if understood.scope.is_everything() { 0.0 } else { SCOPE };
        let whole = (words + scope).max(f32::EPSILON);
        // Names that are torn apart are other names.
        let is_torn = |at: usize| first.torn.contains(&at);
        let torn: f32 =
            (0..).zip(&understood.concepts).filter(|(at, _)| is_torn(*at)).map(|(_, it)| it.importance).sum();
        let log = |part| ((first.parts.get(part) * words - torn + scope) / whole).max(LEAST).ln();
        signals.set(Signal::Coverage, log(Part::Coverage));
        signals.set(Signal::Direct, log(Part::Direct));
        signals.mark(Signal::Whole, first.parts.get(Part::Coverage) > 0.999 && first.torn.is_empty());
        signals.mark(Signal::Uncounted, understood.asked == Asked::HowMany && !first.counts);
        let is_elsewhere = !understood.missing.is_empty() && !understood.chosen.is_any();
        signals.mark(Signal::Elsewhere, is_elsewhere);
        signals.set_words(&understood.concepts, &first.said, !understood.scope.is_everything());
        signals
    }

    fn set_words(&mut self, concepts: &[Concept], said: &[f32], is_scoped: bool) {
        let count = |is_so: &dyn Fn(&Concept, f32) -> bool| {
            let counted = concepts.iter().zip(said).filter(|(concept, said)| is_so(concept, **said)).count();
            // More than a few say no more.
            f32::from(u8::try_from(counted).unwrap_or(u8::MAX).min(MOST_COUNTED))
        };
        let is_said = |said: f32| said > 0.0;
        self.set(
            Signal::NamesUnsaid,
            count(&|concept, said| concept.name && concept.known && !is_said(said)),
        );
        self.set(Signal::NamesUnknown, count(&|concept, _| concept.name && !concept.known));
        let told = count(&|concept, said| !concept.is_weak() && said >= TOLD);
        self.set(Signal::Said, (told + 0.5 * f32::from(u8::from(is_scoped))).ln_1p());
    }

    /// One of them.
    #[must_use]
    pub fn get(&self, signal: Signal) -> f32 {
        self.0[signal as usize]
    }

    fn set(&mut self, signal: Signal, value: f32) {
        self.0[signal as usize] = value;
    }

    fn mark(&mut self, signal: Signal, holds: bool) {
        self.set(signal, f32::from(u8::from(holds)));
    }
}
