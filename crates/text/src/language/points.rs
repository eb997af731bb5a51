//! The words that tell how good a quote a sentence is.

use serde::Deserialize;

use super::WordList;

/// What makes a sentence a good or a bad quote, in lower case. `*` at the end stands for any ending. How much
/// each list counts is fitted (`config/points.toml`).
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PointWords {
    /// Praise that fits any event.
    pub praise: WordList,
    /// Marketing language.
    pub marketing: WordList,
    /// Verbs of a narrative.
    pub past_verbs: WordList,
    /// Verbs of reporting: `said`, `explained`.
    pub reports: WordList,
    /// The event itself: rooms, sessions, attendees.
    pub event_words: WordList,
    /// The writer.
    pub first_person: WordList,
    /// The writer's opinion. With it, the first person is acceptable.
    pub opinions: WordList,
    /// References to previous sentences.
    pub references: WordList,
    /// References to a thing in previous sentences.
    pub object_references: WordList,
    /// Words that refer to nothing, with one of `object_references`: `it is`.
    pub impersonal: WordList,
    /// Words for the writers and those they speak for.
    pub first_person_plural: WordList,
    /// Words of a sentence that says that many spoke of something, or what its writer took away: `recurring theme`.
    pub prevalence: WordList,
    /// At the start: the sentence asks something of its reader.
    pub calls_to_action: WordList,
    /// Anywhere: the sentence only says that there was or will be a talk, a post or a meeting, or where to find
    /// it: `a talk titled`, `read more`. Such a sentence is no point.
    pub announcements: WordList,
    /// Lessons and recommendations.
    pub lessons: WordList,
    /// Comparisons and changes.
    pub contrasts: WordList,
    /// Reasons, problems and their solutions.
    pub reasons: WordList,
    /// At the start: the sentence does not stand alone.
    pub leaning_openings: WordList,
    /// Anywhere: the sentence refers to something outside.
    pub references_elsewhere: WordList,
    /// Words about thanks, travel and food, which are not takeaways.
    pub small_talk: WordList,
    /// Words of a programme. A sentence with three of them is not a thought.
    pub programme: WordList,
    /// Finite verbs of headings that state something: the "is" of "Security is an unsolved problem".
    pub statement_verbs: WordList,
    /// Headings over takeaways.
    pub takeaway_headings: WordList,
    /// Headings over what the writer sums up.
    pub summary_headings: WordList,
    /// What the line above a list says if its items are what the writer took away.
    pub summary_introductions: WordList,
    /// Among the first words: the writer sums up in the sentence, or names what was best: `overall`, `my favourite`. In a language without
    /// spaces anywhere.
    pub summing_openings: WordList,
    /// Headings over travel, thanks and links.
    pub logistics_headings: WordList,
}
