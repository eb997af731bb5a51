//! What tells whether a window answers a question.

use crate::answer::asked::Asked;
use crate::answer::concepts::Concept;
use crate::answer::understand::Understood;
use crate::answer::windows::Window;
use crate::answer::windows::parts::Part;

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
    /// How many words are said neither in the window nor around it: the logarithm.
    Unsaid,
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
    /// The question is about an event as a whole.
    Impression,
    /// How much better the window is than the best one of other posts, at most 1.
    Margin,
    /// How many things the question asks for: the logarithm.
    Asks,
}

impl Signal {
    /// All of them.
    pub const ALL: [Self; 14] = [
        Self::Coverage,
        Self::Direct,
        Self::Whole,
        Self::NamesUnsaid,
        Self::NamesUnknown,
        Self::Unsaid,
        Self::Fits,
        Self::Misfits,
        Self::NoNumber,
        Self::Uncounted,
        Self::Elsewhere,
        Self::Impression,
        Self::Margin,
        Self::Asks,
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
            Self::Unsaid => "unsaid",
            Self::Fits => "fits",
            Self::Misfits => "misfits",
            Self::NoNumber => "no_number",
            Self::Uncounted => "uncounted",
            Self::Elsewhere => "elsewhere",
            Self::Impression => "impression",
            Self::Margin => "margin",
            Self::Asks => "asks",
        }
    }
}

/// All signals of one question.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Signals([f32; Signal::ALL.len()]);

/// The most that [`Signal::Margin`] tells: where one post alone has the words, that says nothing of what is asked.
const MOST_MARGIN: f32 = 1.0;

/// The most names or words that are counted.
const MOST_COUNTED: u8 = 4;
/// A part of a question is not less than this: the logarithm of nothing says too much.
const LEAST: f32 = 0.03;

impl Signals {
    /// Of the best window of a question, and the best one of other posts.
    #[must_use]
    pub fn of(understood: &Understood, first: &Window, second: Option<&Window>) -> Self {
        let mut signals = Self::default();
        for (signal, part) in
            [(Signal::Fits, Part::Fits), (Signal::Misfits, Part::Misfits), (Signal::NoNumber, Part::NoNumber)]
        {
            signals.set(signal, first.parts.get(part));
        }
        let log = |part| first.parts.get(part).max(LEAST).ln();
        signals.set(Signal::Coverage, log(Part::Coverage));
        signals.set(Signal::Direct, log(Part::Direct));
        signals.mark(Signal::Whole, first.parts.get(Part::Coverage) > 0.999);
        signals.mark(Signal::Uncounted, understood.asked == Asked::HowMany && !first.counts);
        let is_elsewhere = !understood.missing.is_empty() && !understood.chosen.is_any();
        signals.mark(Signal::Elsewhere, is_elsewhere);
        signals.mark(Signal::Impression, understood.asked == Asked::Impression);
        let margin = second.map_or(MOST_MARGIN, |second| first.score - second.score);
        signals.set(Signal::Margin, margin.clamp(0.0, MOST_MARGIN));
        #[expect(clippy::cast_precision_loss, reason = "a question has at most 64 words")]
        signals.set(Signal::Asks, (1.0 + understood.concepts.len() as f32).ln());
        signals.set_words(&understood.concepts, &first.said);
        signals
    }

    fn set_words(&mut self, concepts: &[Concept], said: &[f32]) {
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
        let unsaid = count(&|concept, said| !concept.is_weak() && !is_said(said));
        self.set(Signal::Unsaid, unsaid.ln_1p());
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
