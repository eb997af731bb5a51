//! The word lists for names of people, and for whose words a text is.

use serde::Deserialize;

use super::WordList;

/// Words that distinguish the names of people from other capitalised words, in lower case.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameWords {
    /// Words in names of companies and groups.
    pub groups: WordList,
    /// Words for what a person does.
    pub roles: WordList,
    /// Words in headings, greetings and places that do not occur in names.
    pub not_names: WordList,
    /// Particles within names: `van`.
    pub particles: WordList,
    /// What may stand right after the name of a person in a sentence that says who that is: `who`, `from`.
    pub describing: WordList,
    /// Between two names. English `and` is in the code: it also counts between single names.
    pub conjunctions: WordList,
}

/// Words that show whose words a part of a post is, in lower case.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SpeakerWords {
    /// Verbs that stand beside a quotation and a name: `says`.
    pub speech_verbs: WordList,
    /// The person who writes or speaks: `I`.
    pub first_person: WordList,
    /// The person who is asked in an interview: `you`.
    pub second_person: WordList,
    /// One person who is written about, no group: `she`.
    pub third_person: WordList,
    /// Before a name, which is no part of it if capitalised: `by`.
    pub before_names: WordList,
    /// What a quotation is called by who introduces it: `quote`.
    pub quotation_words: WordList,
    /// Names of conversations in titles: `interview`.
    pub interviews: WordList,
    /// Before the name of the person who is interviewed: `spoke with`.
    pub conversations: WordList,
    /// Before a question of a conversation, with a colon: `Q`.
    pub question_labels: WordList,
    /// Before an answer of a conversation, with a colon: `A`.
    pub answer_labels: WordList,
    /// Words before the name of whose words a question asks for: `according to`. Folded.
    pub before_speakers: WordList,
    /// What may be attached to the name of a person without an apostrophe: `s` of `Trosts Meinung`.
    pub name_endings: WordList,
    /// Words of a question for what a person said: `think`. Folded: no accents.
    pub requests: WordList,
}
