//! Tells what of advice a sentence gives, and what of it a question asks for.

use std::sync::LazyLock;

use crate::folded_text::{FoldedText, PhraseLists};

/// What advice is about, beside what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdviceKind {
    /// What not to do, or what the writer would not do again.
    Warning,
    /// Whether going there pays.
    Worth,
}

impl AdviceKind {
    /// What a question asks for; `None` if it asks for any advice.
    pub fn asked(question: &str) -> Option<Self> {
        static ASKED: LazyLock<PhraseLists<2>> = LazyLock::new(|| {
            PhraseLists::new([|words| &words.advice.asked_warnings, |words| &words.advice.asked_worth])
        });
        // "What would you not do again?" asks for warnings.
        let [warnings, worth] = ASKED.find(&FoldedText::fold(question)).counts;
        if warnings > 0 { Some(Self::Warning) } else { (worth > 0).then_some(Self::Worth) }
    }

    /// Whether a text gives this.
    pub fn is_in(self, text: &str) -> bool {
        const OPENINGS: usize = 2;
        static GIVEN: LazyLock<PhraseLists<3>> = LazyLock::new(|| {
            PhraseLists::new([
                |words| &words.advice.warnings,
                |words| &words.advice.worth,
                |words| &words.advice.warning_openings,
            ])
        });
        let found = GIVEN.find(&FoldedText::fold(text));
        let [warnings, worth, _] = found.counts;
        match self {
            Self::Warning => warnings > 0 || found.begins_with(OPENINGS),
            Self::Worth => worth > 0,
        }
    }
}

/// Who asks for advice and is more than a visitor of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AdviceAudience {
    /// Who gives talks.
    Speakers,
    /// Who organises events.
    Organisers,
}

impl AdviceAudience {
    /// Who a question asks for; `None` if it may be anybody.
    pub fn asked(question: &str) -> Option<Self> {
        static ASKED: LazyLock<PhraseLists<2>> = LazyLock::new(|| {
            PhraseLists::new([|words| &words.advice.asked_organisers, |words| &words.advice.asked_speakers])
        });
        let [organisers, speakers] = ASKED.find(&FoldedText::fold(question)).counts;
        if organisers > 0 { Some(Self::Organisers) } else { (speakers > 0).then_some(Self::Speakers) }
    }

    /// Whether a text is on what they do.
    pub fn is_meant_by(self, text: &str) -> bool {
        static MEANT: LazyLock<PhraseLists<2>> = LazyLock::new(|| {
            PhraseLists::new([|words| &words.advice.organising, |words| &words.advice.speaking])
        });
        let [organising, speaking] = MEANT.find(&FoldedText::fold(text)).counts;
        match self {
            Self::Organisers => organising > 0,
            Self::Speakers => speaking > 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn speakers_and_organisers_ask_for_advice_of_their_own() {
        for (question, expected) in [
            ("any tips for KubeCon?", None),
            ("how do I get a talk accepted as a new speaker?", Some(AdviceAudience::Speakers)),
            ("Habt ihr Ratschläge für meinen ersten Vortrag?", Some(AdviceAudience::Speakers)),
            ("which talks should I see?", None),
            ("what should organisers of a small conference do better?", Some(AdviceAudience::Organisers)),
            ("tips for organizing my schedule", None),
            ("conseils pour organiser mon séjour à la KubeCon", None),
            ("wie organisiere ich meine Reise zur FOSDEM?", None),
            ("tips on which lightning talk to see", None),
        ] {
            assert_eq!(AdviceAudience::asked(question), expected, "{question}");
        }
        assert!(AdviceAudience::Speakers.is_meant_by("Practise your talk in front of colleagues."));
        assert!(!AdviceAudience::Speakers.is_meant_by("Plan which talks you want to see."));
        assert!(AdviceAudience::Organisers.is_meant_by("Train the volunteers in advance."));
        assert!(!AdviceAudience::Organisers.is_meant_by("Book a hotel near the venue."));
    }

    #[test]
    fn questions_ask_for_kinds_of_advice() {
        for (question, expected) in [
            ("any tips for KubeCon?", None),
            ("what would people not do again at KubeCon?", Some(AdviceKind::Warning)),
            ("biggest mistakes to avoid at FOSDEM", Some(AdviceKind::Warning)),
            ("was sollte ich vermeiden?", Some(AdviceKind::Warning)),
            ("is KubeCon worth it?", Some(AdviceKind::Worth)),
            ("would you go to KubeCon again?", Some(AdviceKind::Worth)),
            ("vale a pena ir à KubeCon?", Some(AdviceKind::Worth)),
        ] {
            assert_eq!(AdviceKind::asked(question), expected, "{question}");
        }
    }

    #[test]
    fn sentences_give_kinds_of_advice() {
        for (text, is_warning, is_worth) in [
            ("Don't book sessions back to back.", true, false),
            ("Next time I would bring better shoes.", true, false),
            ("The workshops were worth every cent.", false, true),
            ("Bring comfortable shoes.", false, false),
            ("Never miss the evening party.", false, false),
            ("You should have a list of sessions and avoid queues.", false, false),
            ("N'oubliez pas de prendre des chaussures.", false, false),
            ("Évitez la file du matin.", true, false),
        ] {
            let given = [AdviceKind::Warning, AdviceKind::Worth].map(|kind| kind.is_in(text));
            assert_eq!(given, [is_warning, is_worth], "{text}");
        }
    }
}
