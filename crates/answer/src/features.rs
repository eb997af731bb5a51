//! The inputs of both models: the features that rank a candidate, and the signals of the confidence. Only names and
//! storage: `candidates/feature_extraction.rs` computes the features, and `confidence.rs` the signals.

/// A number that says something about a candidate, mostly from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Feature {
    /// The share of the question, by importance, that it and its context cover.
    Coverage,
    /// The share of the question that its own words cover.
    Direct,
    /// The share of the question that it has in the same words as typed.
    Exact,
    /// How much it covers the most important concept.
    Rarest,
    /// The score of its passage in the index, divided by that of the best passage.
    Passage,
    /// The score of its post's best passage, divided by that of the best passage.
    Post,
    /// The share of the question that the found passages of its post cover.
    InPost,
    /// The share of the neighbouring concepts of the question that are near each other in it.
    Nearness,
    /// The share of the question's names that its own words cover.
    Names,
    /// The share of the question's names that neither it nor its context covers.
    NamesUnsaid,
    /// The share of the question that only the next sentence covers.
    After,
    /// How much it looks like a definition, if a meaning is asked for.
    Defines,
    /// 1 if a number is asked for and one is beside a word of the question.
    Counts,
    /// 1 if a number is asked for and it has none.
    NoNumber,
    /// 1 if it has what is asked for: a person, a day, a place, a reason.
    Fits,
    /// 1 if it has nothing of that kind.
    Misfits,
    /// Its length: the logarithm of its letters in hundreds.
    Length,
    /// How early in its post it is: 1 for the first passage, 1/2 for the second.
    Early,
    /// 1 if it is a quote within the post, or a row of a table.
    SetOff,
    /// The share of it that is link text.
    Linked,
    /// 1 if its post is in English and the question is not.
    InEnglish,
    /// 1 if its post is neither in the language of the question nor in English.
    ThirdLanguage,
    /// 1 if it speaks of its own post: "watch the replay".
    AboutItself,
    /// 1 if it reads as a title (most of its words have a capital, and it ends without a full stop) and has not what is
    /// asked for.
    TitleLike,
}

impl Feature {
    /// All features, in the order of their numbers.
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
        Self::InEnglish,
        Self::ThirdLanguage,
        Self::AboutItself,
        Self::TitleLike,
    ];

    /// Returns the name in `config/weights.toml` and `ask --explain`.
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
            Self::InEnglish => "in_english",
            Self::ThirdLanguage => "third_language",
            Self::AboutItself => "about_itself",
            Self::TitleLike => "title_like",
        }
    }
}

/// The features of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct FeatureVector([f32; Feature::ALL.len()]);

impl FeatureVector {
    /// Returns the value of a feature.
    pub fn get(&self, feature: Feature) -> f32 {
        self.0[feature as usize]
    }

    /// Sets the value of a feature.
    pub fn set(&mut self, feature: Feature, value: f32) {
        self.0[feature as usize] = value;
    }

    /// Sets a feature to 1 or 0.
    pub fn set_flag(&mut self, feature: Feature, holds: bool) {
        self.set(feature, f32::from(u8::from(holds)));
    }
}

/// A number that says something about the best candidate of a question. What is missing is counted or taken as a
/// logarithm, because each missing part makes an answer less likely by a factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Signal {
    /// The logarithm of the share of the question, by importance, that the candidate and its context cover.
    Coverage,
    /// The logarithm of the share of the question that the candidate's own words cover.
    Direct,
    /// 1 if the candidate and its context cover the whole question.
    Whole,
    /// The number of known names that neither the candidate nor its context covers.
    NamesUnsaid,
    /// The number of names that no post contains.
    NamesUnknown,
    /// As [`Feature::Fits`].
    Fits,
    /// As [`Feature::Misfits`].
    Misfits,
    /// As [`Feature::NoNumber`].
    NoNumber,
    /// 1 if a number is asked for and none is beside a word of the question.
    Uncounted,
    /// 1 if the question names an event, a year or an author that no post is about or by.
    Elsewhere,
    /// The logarithm of how many concepts the candidate and its context cover. Half of two concepts is one word that
    /// many sentences have; half of six is not an accident.
    Said,
}

impl Signal {
    /// All signals, in the order of their numbers.
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

    /// Returns the name in `config/weights.toml` and `ask --explain`.
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

/// The signals of a question.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Signals([f32; Signal::ALL.len()]);

impl Signals {
    /// Returns the value of a signal.
    pub fn get(&self, signal: Signal) -> f32 {
        self.0[signal as usize]
    }

    /// Sets the value of a signal.
    pub fn set(&mut self, signal: Signal, value: f32) {
        self.0[signal as usize] = value;
    }

    /// Sets a signal to 1 or 0.
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
