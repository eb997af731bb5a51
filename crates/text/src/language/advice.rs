//! The words of advice.

use serde::Deserialize;

use super::WordList;

/// Words by which writers advise people who go to events.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AdviceWords {
    /// Phrases that advise, anywhere in a sentence: `make sure`.
    pub cues: WordList,
    /// Words with which a sentence that advises begins: `bring`.
    pub openings: WordList,
    /// What people do and need at events: sessions, tickets, sleep.
    pub attending: WordList,
}
