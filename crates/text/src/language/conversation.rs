//! The words with which messages go on with a conversation.

use super::{WordGroups, WordList};
use serde::Deserialize;

/// How a message goes on with the one before it. All are compared without case and accents; English
/// contractions are one word (`whats`).
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConversationWords {
    /// How a message begins that replaces a part of the question before: `and`, `what about`.
    pub connectors: WordList,
    /// How a message begins that corrects the question before: `no`, `I meant`.
    pub corrections: WordList,
    /// What says nothing before a message: `ok so`, `haha`.
    pub markers: WordList,
    /// Short spellings of chats, each before what it stands for: `abt about`.
    pub spellings: WordList,
    /// Articles before a thing that is not wanted: the `the` of `not the keynotes`.
    pub articles: WordList,
    /// Words for one person who was named or shown: `she`.
    pub persons: WordList,
    /// Words for who wrote the post that was shown: `the author`.
    pub authors: WordList,
    /// Words for a thing that was named: `it`.
    pub things: WordList,
    /// Words that stand for a thing only at the end of a message: `that`.
    pub closing_things: WordList,
    /// Words for people or things without a name: `they`.
    pub people_things: WordList,
    /// Words for an event or a year that was named: `there`.
    pub places: WordList,
    /// Phrases in which such words point at nothing: `is there`.
    pub expletives: WordList,
    /// The first of several editions: `the oldest one`.
    pub oldest: WordList,
    /// The last of several editions: `the most recent one`.
    pub newest: WordList,
    /// The other of two events: `the other city`.
    pub other_edition: WordList,
    /// At the beginning of a message that limits several editions to some of them: `only the newer one`.
    pub narrowing: WordList,
    /// What stands after the words for an edition: `the oldest of those`.
    pub edition_nouns: WordList,
    /// Words that point at the conference that follows them: `that KubeCon`.
    pub demonstratives: WordList,
    /// Words that begin a clause after an `it` that points at nothing: `is it hard to …`.
    pub clause_words: WordList,
    /// The edition a year before the one talked about: `the year before`.
    pub year_before: WordList,
    /// The edition a year after the one talked about: `the year after`.
    pub year_after: WordList,
    /// In a language that leaves out the subject of a verb: the words with which nobody is meant, `se` of `¿qué se dijo?`.
    pub impersonal: WordList,
    /// An edition in the year of the one talked about: `same year`.
    pub same_year: WordList,
    /// The same after a number: `two years earlier`.
    pub years_earlier: WordList,
    /// The same after a number: `two years later`.
    pub years_later: WordList,
    /// What says nothing of the topic within a message: `in particular`, `later that year`.
    pub adverbials: WordList,
    /// What asks for all editions of the conferences of the conversation: `in any year`.
    pub every_year: WordList,
    /// What asks beyond the scope of the conversation: `in general`, `ever`.
    pub everywhere: WordList,
    /// What asks for the words of other people than before: `anyone else`.
    pub other_people: WordList,
    /// Words with which a message asks for something, beside those of questions: `tell`.
    pub asking_words: WordList,
    /// Whole messages that ask for more of the same.
    pub more: WordList,
    /// Whole messages that ask for the text around an excerpt.
    pub context: WordList,
    /// Whole messages that ask where an excerpt is from.
    pub sources: WordList,
    /// Whole messages that ask who gave a talk: `who was the speaker?`
    pub speaker_questions: WordList,
    /// Words that ask where excerpts are from in a message of item words: `send me the links`.
    pub source_nouns: WordList,
    /// Whole messages that ask how the thing or the event talked about has changed: `what changed?`
    pub changes: WordList,
    /// Whole messages that ask for the same in newer posts.
    pub newer: WordList,
    /// Whole messages that ask for the same in older posts.
    pub older: WordList,
    /// Whole messages that ask for the same in the order of the posts' dates.
    pub newest_first: WordList,
    /// Whole messages that ask for all posts that an overview rests on.
    pub all_recaps: WordList,
    /// Whole messages that ask to compare the event or the year of an overview with the one before.
    pub compare_with_before: WordList,
    /// Words at the end of a message that ask nothing: `please`, `lol`.
    pub polite_words: WordList,
    /// The other words of a message that only thanks for an answer or remarks on it: `that helps a lot`.
    pub remark_words: WordList,
    /// Whole messages that accept an offer.
    pub yes: WordList,
    /// Whole messages that end a topic.
    pub new_topic: WordList,
    /// The words for the first to the tenth of the shown excerpts.
    pub ordinals: WordGroups<10>,
    /// Words for the last of the shown excerpts.
    pub last: WordList,
    /// The other words of a message about one of the shown excerpts: `tell me more about the second one`.
    pub item_words: WordList,
    /// Words of requests that are no topic: `wrote`, `years`.
    pub frame_words: WordList,
    /// Phrases of messages that ask about the two events talked about: `which one was bigger?`
    pub both: WordList,
    /// Words that limit a question to the events talked about last: `in both`.
    pub both_events: WordList,
    /// Words that limit a question to all events talked about: `at one of them`.
    pub any_event: WordList,
    /// Words of messages that ask for what was not shown before: `what else did she say?`
    pub other: WordList,
    /// Whole messages that ask for posts in this language.
    pub in_language: WordList,
    /// Whole messages that ask for an answer in other words, such as a translation, or for its language.
    pub rewording: WordList,
    /// Whole messages that ask for less: `shorter`.
    pub shorter: WordList,
    /// Whole messages that ask for one sentence.
    pub one_sentence: WordList,
    /// Words that make a number ask for so many excerpts: `just 3`.
    pub count_words: WordList,
    /// Whole messages that ask how many posts name the thing of an overview: `how many?`
    pub counts: WordList,
    /// Whole messages that ask which events the answer is about: `which cities?`
    pub which_events: WordList,
    /// Whole messages that ask which events there are recaps of: `which years do you have?`
    pub events_kept: WordList,
    /// Words with which a message goes back to an event talked about: `the first one again`.
    pub returning: WordList,
}
