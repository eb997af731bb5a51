//! The features that the two models weigh: those of a candidate, which rank it, and the signals of a question, which
//! tell how likely its best candidate answers it. Only names and storage; other modules compute them.

/// One thing that speaks for a candidate or against it. Most go from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Feature {
    /// The share of the question, by importance, that is said in it or around it.
    Coverage,
    /// The share of the question that it says itself.
    Direct,
    /// The share of the question that it says in the very words that were typed.
    Exact,
    /// Whether it says the rarest thing that is asked for.
    Rarest,
    /// The score of its passage in the index, against the best passage.
    Passage,
    /// The score of its post's best passage, against the best passage.
    Post,
    /// The share of the question that its post says, in the passages that were found.
    InPost,
    /// How many neighbours in the question are neighbours in it.
    Nearness,
    /// The share of the question's names that it says itself.
    Names,
    /// The share of the question's names that is said neither in it nor around it.
    NamesUnsaid,
    /// The share of the question that only the next sentence says.
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
    /// The share of it that is link text.
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

impl Feature {
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

/// All features of one candidate.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FeatureVector([f32; Feature::ALL.len()]);

impl FeatureVector {
    /// One of them.
    #[must_use]
    pub fn get(&self, feature: Feature) -> f32 {
        self.0[feature as usize]
    }

    /// Sets one of them.
    pub fn set(&mut self, feature: Feature, value: f32) {
        self.0[feature as usize] = value;
    }

    /// Sets one of them to 1 or 0.
    pub fn set_flag(&mut self, feature: Feature, holds: bool) {
        self.set(feature, f32::from(u8::from(holds)));
    }
}

/// One thing that tells whether a candidate answers a question. What is missing is counted or taken as a logarithm: each
/// thing that is missing makes an answer less likely by a factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Signal {
    /// The part of the question, by importance, that is said in the candidate or around it: its logarithm.
    Coverage,
    /// The part of the question that the candidate says itself: its logarithm.
    Direct,
    /// All that is asked for is said.
    Whole,
    /// How many names some post has that are said neither in the candidate nor around it.
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
    /// How many of the things that the question asks for are said in the candidate or around it: the logarithm. Half of
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

impl Signals {
    /// One of them.
    #[must_use]
    pub fn get(&self, signal: Signal) -> f32 {
        self.0[signal as usize]
    }

    /// Sets one of them.
    pub fn set(&mut self, signal: Signal, value: f32) {
        self.0[signal as usize] = value;
    }

    /// Sets one of them to 1 or 0.
    pub fn set_flag(&mut self, signal: Signal, holds: bool) {
        self.set(signal, f32::from(u8::from(holds)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_feature_is_stored_by_itself() {
        for feature in Feature::ALL {
            let mut features = FeatureVector::default();
            features.set(feature, 0.5);
            let set: Vec<Feature> = Feature::ALL.into_iter().filter(|it| features.get(*it) > 0.0).collect();
            assert_eq!(set, [feature]);
            features.set_flag(feature, false);
            assert_eq!(features, FeatureVector::default(), "{}", feature.name());
        }
    }

    #[test]
    fn each_signal_is_stored_by_itself() {
        for signal in Signal::ALL {
            let mut signals = Signals::default();
            signals.set_flag(signal, true);
            let set: Vec<Signal> = Signal::ALL.into_iter().filter(|it| signals.get(*it) > 0.0).collect();
            assert_eq!(set, [signal]);
        }
    }
}
