//! The inputs of both models: the features that rank a candidate, and the signals of the confidence. Only names and
//! storage: `candidates/feature_extraction.rs` computes the features, and `confidence.rs` the signals.

/// Defines numbers by their names, and what holds a value of each.
macro_rules! named_numbers {
    (
        $(#[$of_number:meta])* $number:ident,
        $(#[$of_values:meta])* $values:ident;
        $($(#[$of_variant:meta])* $variant:ident = $name:literal,)*
    ) => {
        $(#[$of_number])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum $number {
            $($(#[$of_variant])* $variant,)*
        }

        impl $number {
            /// All of them, in their order.
            pub const ALL: [Self; [$($name),*].len()] = [$(Self::$variant),*];

            /// Returns the name in `config/weights.toml` and `ask --explain`.
            pub fn name(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }

        $(#[$of_values])*
        #[derive(Debug, Clone, Copy, PartialEq, Default)]
        pub struct $values([f32; $number::ALL.len()]);

        impl $values {
            /// Returns the value of a number.
            pub fn get(&self, number: $number) -> f32 {
                self.0[number as usize]
            }

            /// Sets the value of a number.
            pub fn set(&mut self, number: $number, value: f32) {
                self.0[number as usize] = value;
            }

            /// Sets a number to 1 or 0.
            pub fn set_flag(&mut self, number: $number, holds: bool) {
                self.set(number, f32::from(u8::from(holds)));
            }
        }
    };
}

named_numbers! {
    /// A number that says something about a candidate, mostly from 0 to 1.
    Feature,
    /// The features of a candidate.
    FeatureVector;
    /// The share of the question, by importance, that it and its context cover.
    Coverage = "coverage",
    /// The share of the question that its own words cover.
    Direct = "direct",
    /// The share of the question that it has in the same words as typed.
    Exact = "exact",
    /// How much it covers the most important concept.
    Rarest = "rarest",
    /// The score of its passage in the index, divided by that of the best passage.
    Passage = "passage",
    /// The score of its post's best passage, divided by that of the best passage.
    Post = "post",
    /// The share of the question that the found passages of its post cover.
    InPost = "in_post",
    /// The share of the neighbouring concepts of the question that are near each other in it.
    Nearness = "nearness",
    /// The share of the question's names that its own words cover.
    Names = "names",
    /// The share of the question's names that neither it nor its context covers.
    NamesUnsaid = "names_unsaid",
    /// The share of the question that only the next sentence covers.
    After = "after",
    /// How much it looks like a definition, if a meaning is asked for.
    Defines = "defines",
    /// 1 if a number is asked for and one is beside a word of the question.
    Counts = "counts",
    /// 1 if a number is asked for and it has none.
    NoNumber = "no_number",
    /// 1 if it has what is asked for: a person, a day, a place, a reason.
    Fits = "fits",
    /// 1 if it has nothing of that kind.
    Misfits = "misfits",
    /// Its length: the logarithm of its letters in hundreds.
    Length = "length",
    /// How early in its post it is: 1 for the first passage, 1/2 for the second.
    Early = "early",
    /// 1 if it is a quote within the post, or a row of a table.
    SetOff = "set_off",
    /// The share of it that is link text.
    Linked = "linked",
    /// 1 if its post is in English and the question is not.
    InEnglish = "in_english",
    /// 1 if its post is neither in the language of the question nor in English.
    ThirdLanguage = "third_language",
    /// 1 if it speaks of its own post: "watch the replay".
    AboutItself = "about_itself",
    /// 1 if it reads as a title (most of its words have a capital, and it ends without a full stop) and has not what is
    /// asked for.
    TitleLike = "title_like",
}

named_numbers! {
    /// A number that says something about the best candidate of a question. What is missing is counted or taken as a
    /// logarithm, because each missing part makes an answer less likely by a factor.
    Signal,
    /// The signals of a question.
    Signals;
    /// The logarithm of the share of the question, by importance, that the candidate and its context cover.
    Coverage = "coverage",
    /// The logarithm of the share of the question that the candidate's own words cover.
    Direct = "direct",
    /// 1 if the candidate and its context cover the whole question.
    Whole = "whole",
    /// The number of known names that neither the candidate nor its context covers.
    NamesUnsaid = "names_unsaid",
    /// The number of names that no post contains.
    NamesUnknown = "names_unknown",
    /// As [`Feature::Misfits`].
    Misfits = "misfits",
    /// As [`Feature::NoNumber`].
    NoNumber = "no_number",
    /// 1 if a number is asked for and none is beside a word of the question.
    Uncounted = "uncounted",
    /// The logarithm of how many concepts the candidate and its context cover. Half of two concepts is one word that
    /// many sentences have; half of six is not an accident.
    Said = "said",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_number_is_stored_by_itself() {
        for feature in Feature::ALL {
            let mut features = FeatureVector::default();
            features.set(feature, 0.5);
            let set: Vec<Feature> = Feature::ALL.into_iter().filter(|it| features.get(*it) > 0.0).collect();
            assert_eq!(set, [feature]);
            features.set_flag(feature, false);
            assert_eq!(features, FeatureVector::default(), "{}", feature.name());
        }
    }
}
