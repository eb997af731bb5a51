//! The words that show sides.

use serde::Deserialize;

use super::WordList;

/// Words that show the side that a writer takes, and the side that a question asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StanceWords {
    /// For something.
    pub praise: WordList,
    /// Against something.
    pub criticism: WordList,
    /// A side after one of them is the other side.
    pub negations: WordList,
    /// After the first word: what comes next speaks for the other side.
    pub contrasts: WordList,
    /// Anywhere: a part of the sentence speaks for the other side.
    pub concessions: WordList,
    /// Phrases with words of the other lists that show no side.
    pub neutral: WordList,
    /// Words for an event and its parts, such as its venue and its talks. A side near one of them is taken on the event.
    pub event_parts: WordList,
    /// Near one of `event_parts`, against it: a room may be full, and a talk boring.
    pub event_criticism: WordList,
    /// In a question for views: it asks for those for something.
    pub asked_praise: WordList,
    /// In a question for views: it asks for those against something.
    pub asked_criticism: WordList,
    /// In a question for views: it asks for those against what a word of `asked_praise` says.
    pub asked_negations: WordList,
}
