//! The words of advice.

use serde::Deserialize;

use super::WordList;

/// What shows that a sentence advises people who go to events, in lower case. `*` at the end stands for any
/// ending. A sentence does if it has a cue or begins with an opening, or stands under a heading with a cue, and
/// is about going to events.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdviceWords {
    /// Phrases that advise, anywhere in a sentence: `make sure`.
    pub cues: WordList,
    /// Words with which a sentence that advises begins: `bring`.
    pub openings: WordList,
    /// What people do and need at events: sessions, tickets, sleep.
    pub attending: WordList,
    /// Phrases of a sentence that says what its writer would not do again: `next time i`, `mistake`.
    pub warnings: WordList,
    /// Phrases at the beginning of a sentence that says what not to do: `avoid`, `don't book`.
    pub warning_openings: WordList,
    /// Phrases of a question for such sentences: `mistakes`, `not do`.
    pub asked_warnings: WordList,
    /// Phrases of a sentence that says whether going there pays: `worth`, `would go again`.
    pub worth: WordList,
    /// Phrases of a question for such sentences: `worth it`, `go again`.
    pub asked_worth: WordList,
    /// Phrases of a question for advice by those who give talks: `my first talk`, `call for papers`.
    pub asked_speakers: WordList,
    /// Phrases of a sentence on giving talks: `my slides`, `your proposal`.
    pub speaking: WordList,
    /// Phrases of a question for advice by those who organise events: `organise a conference`, `organisers`.
    pub asked_organisers: WordList,
    /// Phrases of a sentence on organising events: `volunteers`, `organisers`.
    pub organising: WordList,
}
