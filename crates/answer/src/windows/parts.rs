//! What speaks for a window and against it: each part by itself, so that it can be weighed, fitted and shown.

use crate::weights::Weights;

/// One thing that speaks for a window or against it. Most go from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The part of the question, by importance, that is said in it or around it.
    Coverage,
    /// The part of the question that it says itself.
    Direct,
    /// The part of the question that it says in the very words that were typed.
    Exact,
    /// Whether it says the rarest thing that is asked for.
    Rarest,
    /// The score of its passage in the index, against the best passage.
    Passage,
    /// The score of its post's best passage, against the best passage.
    Post,
    /// The part of the question that its post says, in the passages that were found.
    InPost,
    /// How many neighbours in the question are neighbours in it.
    Nearness,
    /// The part of the question's names that it says itself.
    Names,
    /// The part of the question's names that is said neither in it nor around it.
    NamesUnsaid,
    /// The part of the question that only the next sentence says.
    After,
    /// It tells what something is, where that is asked for.
    Defines,
    /// A number stands at one of the question's words, where a number is asked for.
    Counts,
    /// It holds no number, where one is asked for.
    NoNumber,
    /// It holds what is asked for: a person, a day, a place, a reason.
    Fits,
    /// It holds nothing of that.
    Misfits,
    /// How long it is: the logarithm of its letters in hundreds.
    Length,
    /// How early in its post it stands: 1 for the first passage, a half for the second.
    Early,
    /// It is a quote within the post, or a row of a table.
    SetOff,
    /// The part of it that is link text.
    Linked,
    /// It is in another language than the question.
    OtherLanguage,
    /// It tells of its own post: "watch the replay".
    AboutItself,
    /// It describes a picture for those who don't see it.
    ImageAlt,
    /// It stands under a picture.
    Caption,
}

impl Part {
    /// All of them.
    pub const ALL: [Self; 24] = [
        Self::Coverage,
        Self::Direct,
        Self::Exact,
        Self::Rarest,
        Self::Passage,
        Self::Post,
        Self::InPost,
        Self::Nearness,
        Self::Names,
        Self::NamesUnsaid,
        Self::After,
        Self::Defines,
        Self::Counts,
        Self::NoNumber,
        Self::Fits,
        Self::Misfits,
        Self::Length,
        Self::Early,
        Self::SetOff,
        Self::Linked,
        Self::OtherLanguage,
        Self::AboutItself,
        Self::ImageAlt,
        Self::Caption,
    ];

    /// Its name in the file of weights and in `--explain`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Coverage => "coverage",
            Self::Direct => "direct",
            Self::Exact => "exact",
            Self::Rarest => "rarest",
            Self::Passage => "passage",
            Self::Post => "post",
            Self::InPost => "in_post",
            Self::Nearness => "nearness",
            Self::Names => "names",
            Self::NamesUnsaid => "names_unsaid",
            Self::After => "after",
            Self::Defines => "defines",
            Self::Counts => "counts",
            Self::NoNumber => "no_number",
            Self::Fits => "fits",
            Self::Misfits => "misfits",
            Self::Length => "length",
            Self::Early => "early",
            Self::SetOff => "set_off",
            Self::Linked => "linked",
            Self::OtherLanguage => "other_language",
            Self::AboutItself => "about_itself",
            Self::ImageAlt => "image_alt",
            Self::Caption => "caption",
        }
    }
}

/// All parts of one window.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Parts([f32; Part::ALL.len()]);

impl Parts {
    /// One of them.
    #[must_use]
    pub fn get(&self, part: Part) -> f32 {
        self.0[part as usize]
    }

    /// Sets one of them.
    pub fn set(&mut self, part: Part, value: f32) {
        self.0[part as usize] = value;
    }

    /// Sets one of them to 1 or 0.
    pub fn mark(&mut self, part: Part, holds: bool) {
        self.set(part, f32::from(u8::from(holds)));
    }

    /// The score that they make up together.
    #[must_use]
    pub fn score(&self) -> f32 {
        let weights = Weights::builtin();
        Part::ALL.into_iter().map(|part| weights.of_part(part) * self.get(part)).sum()
    }
}
