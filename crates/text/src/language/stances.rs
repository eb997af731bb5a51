//! The words that show sides.

use serde::Deserialize;

use super::WordList;

/// What shows the side that a writer takes, or that a question asks for, in lower case. `*` at the end stands
/// for any ending. The longest phrase counts.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StanceWords {
    /// For something.
    pub praise: WordList,
    /// Against something.
    pub criticism: WordList,
    /// A side within three words after one of them is the other side.
    pub negations: WordList,
    /// After the first word: the text goes on to the other side, so that it takes none.
    pub contrasts: WordList,
    /// Anywhere: a part of the text speaks for the other side, so that it takes none.
    pub concessions: WordList,
    /// Phrases with words of the other lists that show no side.
    pub neutral: WordList,
    /// Words for an event and its parts, such as its venue and its talks. A side within ten words of one of them
    /// is taken on the event.
    pub event_parts: WordList,
    /// Near one of `event_parts`, against it: a room may be full, and a talk boring.
    pub event_criticism: WordList,
    /// Verbs and other words after which a noun says what a thing is: "Istio is a great tool".
    pub copulas: WordList,
    /// A thing right after one of them is not what the sentence is about: "the talk on Istio was great".
    pub prepositions: WordList,
    /// Words between what judges and the thing that it judges: "impressed by Istio", "the problem with Istio".
    pub joiners: WordList,
    /// In a question for views: it asks for those for something.
    pub asked_praise: WordList,
    /// In a question for views: it asks for those against something.
    pub asked_criticism: WordList,
    /// In a question for views, with a word of `asked_praise`: it asks for those against.
    pub asked_negations: WordList,
}
