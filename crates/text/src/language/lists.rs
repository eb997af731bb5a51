//! The lists of words that each language fills, by what they are used for.
//!
//! `docs/languages.md` explains them to people who add a language.

use serde::Deserialize;

use super::{WordGroups, WordList};

/// Words that the tokenizer and the index treat specially.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenWords {
    /// Articles, prepositions, pronouns, auxiliary verbs and question words. They say nothing about the topic
    /// of a question; they also tell the language of a text.
    pub stop_words: WordList,
    /// Stop words that are names when they are written exactly so: `Go`, `US`.
    pub stop_word_names: WordList,
    /// Characters whose pairs are stop words (scripts without spaces).
    pub stop_characters: WordList,
    /// Words that nearly every question about a recap holds: recap, talk, say. They count little.
    pub boilerplate: WordList,
    /// What an apostrophe ties to the end of a word: `s` of `Kubernetes's`.
    pub contractions: WordList,
    /// Words that lose their last vowel before an apostrophe: `d` of `d'Istio`.
    pub elisions: WordList,
    /// Letters and signs that hint at the language of a short text.
    pub typical_letters: WordList,
}

/// Words that are written with a full stop of their own, in lower case and without the last full stop. Those
/// of English count in every language.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Abbreviations {
    /// Titles before names: `Dr`. They count only with a capital.
    pub titles: WordList,
    /// Something always follows these: `e.g`. Their full stop never ends a sentence.
    pub never_ending: WordList,
    /// Their full stop does not end a sentence if a number follows: `No`.
    pub before_numbers: WordList,
    /// Their full stop may end a sentence: `etc`.
    pub maybe_ending: WordList,
}

/// Months, weekdays and what else dates are made of, in lower case.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarWords {
    /// The whole names of the months, a group for each month, with the spellings without accents that people
    /// use.
    pub months: WordGroups<12>,
    /// Short names of months that are no other words, a group for each month.
    pub short_months: WordGroups<12>,
    /// Short names that count only where a date is expected and that are not the first three letters of the
    /// name.
    pub short_months_in_dates: WordGroups<12>,
    /// The whole names of the weekdays from Monday on, a group for each.
    pub weekdays: WordGroups<7>,
    /// Names of months that are mostly other words: `may`.
    pub months_with_other_meanings: WordList,
    /// Words like `yesterday`.
    pub relative_days: WordList,
    /// What follows the digits of a day: `th`.
    pub ordinal_endings: WordList,
    /// What stands between day and month: `4 de mayo`.
    pub date_prepositions: WordList,
    /// Words that may stand in a date, beside months, weekdays and digits.
    pub date_words: WordList,
    /// What may stand between the day and the month of an event.
    pub event_day_words: WordList,
}

/// How questions name years.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearWords {
    /// The year before this one, in two words.
    pub last_year: WordList,
    /// The current year, in two words.
    pub this_year: WordList,
    /// Before a year: from this year on.
    pub since: WordList,
    /// Before a year: later than this year.
    pub after: WordList,
    /// Before a year: earlier than this year.
    pub before: WordList,
    /// Before a year: up to this year.
    pub until: WordList,
    /// Before the first year of a range.
    pub between: WordList,
    /// Between the two years of a range: `2017 and 2019`.
    pub range_joiners: WordList,
    /// What may be attached to the digits of a year.
    pub year_endings: WordList,
}

/// How questions begin and what they ask for. `*` stands for any one word.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionWords {
    /// Asks for a person or a company.
    pub who: WordList,
    /// Asks for a day, a month or a year.
    pub when: WordList,
    /// Asks for a place.
    pub r#where: WordList,
    /// Asks for a number.
    pub how_many: WordList,
    /// Asks for a reason.
    pub why: WordList,
    /// Asks what something is.
    pub meaning: WordList,
    /// Words that may begin a question before its question word: `at KubeCon, who ...`.
    pub lead_words: WordList,
    /// With these, `what is ...` asks for a property of a thing, not for its meaning: `the price of`.
    pub property_words: WordList,
    /// Asks about now: `latest`, `these days`.
    pub recency: WordList,
    /// Asks about now, and is part of the topic: `state of`.
    pub state: WordList,
    /// Right before the name of an event series: its newest edition.
    pub latest: WordList,
    /// Right before the name of an event or a place: the question excludes it.
    pub exclusions: WordList,
    /// Question words and grammar that are cut out of text without spaces, in this order.
    pub uninformative: WordList,
}

/// Whole messages that are no questions, folded: small letters, no accents, no punctuation.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageWords {
    /// Greetings.
    pub greetings: WordList,
    /// What may follow a greeting: `hi all`.
    pub addressees: WordList,
    /// Questions about the bot itself.
    pub calls_for_help: WordList,
    /// Thanks.
    pub thanks: WordList,
    /// Other messages without a question: `ok`, `bye`.
    pub chatter: WordList,
}

/// Words that texts use for facts about an event. A question that names only an event looks for them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventFactWords {
    /// Where a text says when the event was.
    pub date_words: WordList,
    /// Where a text says where the event was.
    pub place_words: WordList,
    /// Where a text says how many people came.
    pub attendance_words: WordList,
    /// Where a text says how the event was.
    pub impression_words: WordList,
}

/// What shows that a sentence answers a question.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerWords {
    /// Before the name of a place.
    pub place_prepositions: WordList,
    /// Characters at the end of place names (scripts without spaces).
    pub place_endings: WordList,
    /// Numbers as words, without `one`.
    pub number_words: WordList,
    /// What begins a reason: `because`. Found anywhere in a sentence, so blanks count.
    pub reasons: WordList,
    /// What recaps say to their readers: `follow me`. Such a sentence is a last resort.
    pub asides: WordList,
    /// After a name: what kind of thing it is. Blanks count.
    pub kind_definitions: WordList,
    /// After a name: something about it. Blanks count.
    pub definitions: WordList,
    /// Words of denial; two sentences that differ in one do not say the same.
    pub negations: WordList,
    /// A sentence that begins with one refers to the sentence before.
    pub opening_references: WordList,
}

/// How a post names its author and its date, in lower case unless noted.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BylineWords {
    /// The author, before a colon.
    pub labels: WordList,
    /// Before the author, at the start of a line, with the blank.
    pub openings: WordList,
    /// Before the date of publication, at the start of a line.
    pub dated: WordList,
    /// What ends the names in a byline, as written, with blanks.
    pub after_names: WordList,
    /// What is removed before names in front matter, with the blank.
    pub name_openings: WordList,
    /// Before the signature, with a comma: `Cheers, Jane Doe`.
    pub closings: WordList,
    /// After a name: what the person does, with blanks.
    pub occupation_verbs: WordList,
    /// Pronouns for a person.
    pub pronouns: WordList,
    /// Headings over the words about the author.
    pub author_headings: WordList,
    /// What asks the reader to write to the author.
    pub contact_requests: WordList,
}

/// Words that tell the names of people from other capitalised words, in lower case.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NameWords {
    /// Words in names of companies and groups.
    pub groups: WordList,
    /// What a person does.
    pub roles: WordList,
    /// Words in headings, greetings and places that are in no name.
    pub not_names: WordList,
    /// Small words within names: `van`.
    pub particles: WordList,
    /// Between two names. English `and` is in the code: it also counts between single names.
    pub conjunctions: WordList,
}

/// Headings that are no titles of posts, in lower case.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TitleWords {
    /// Headings of parts: `introduction`.
    pub part_headings: WordList,
    /// Before a number, with the blank: `day `.
    pub numbered_parts: WordList,
}

/// Words around the names of events, folded: small letters, no accents.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventWords {
    /// Before the place of an event. One with an accent is compared as written.
    pub place_prepositions: WordList,
    /// Between the last two of several events.
    pub conjunctions: WordList,
    /// Between a name, a place and a year.
    pub joiners: WordList,
    /// Within the name of a place: `Juiz de Fora`.
    pub name_particles: WordList,
    /// Capitalised words after the name of an event that are no place.
    pub not_places: WordList,
    /// After a number that is no year: `20 years`.
    pub counted: WordList,
    /// After a name that something belongs to.
    pub genitives: WordList,
    /// The event is still to come.
    pub upcoming: WordList,
    /// The event is only compared with.
    pub compared: WordList,
}

/// What makes a sentence good or bad for a digest, in lower case. `*` at the end stands for any ending.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestWords {
    /// Praise that fits any event.
    pub praise: WordList,
    /// Marketing language.
    pub marketing: WordList,
    /// Verbs that tell a story.
    pub past_verbs: WordList,
    /// Verbs that tell who told what.
    pub reports: WordList,
    /// The event itself: rooms, sessions, attendees.
    pub event_words: WordList,
    /// The writer.
    pub first_person: WordList,
    /// What the writer thinks; then the first person is no fault.
    pub opinions: WordList,
    /// References to sentences before.
    pub references: WordList,
    /// References to a thing in sentences before.
    pub object_references: WordList,
    /// At the beginning: the sentence wants something from its reader.
    pub calls_to_action: WordList,
    /// What was learned or is to be done.
    pub lessons: WordList,
    /// Comparisons and changes.
    pub contrasts: WordList,
    /// Reasons, problems and their solutions.
    pub reasons: WordList,
    /// At the beginning: the sentence does not stand alone.
    pub leaning_openings: WordList,
    /// Anywhere: the sentence refers to something outside.
    pub references_elsewhere: WordList,
    /// Thanks, travel, food: nothing that anybody took away.
    pub small_talk: WordList,
    /// Words of a programme; three of them are no thought.
    pub programme: WordList,
    /// Headings over what people took away.
    pub takeaway_headings: WordList,
    /// Headings over travel, thanks and links.
    pub logistics_headings: WordList,
}
