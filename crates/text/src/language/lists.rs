//! The word lists that each language fills, grouped by their use.
//!
//! `docs/languages.md` explains them to people who add a language.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{WordGroups, WordList};

/// Words with a special role in the tokenizer and the index.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TokenWords {
    /// Articles, prepositions, pronouns, auxiliary verbs and question words. They say nothing about the topic of a
    /// question, and they help to detect the language of a text.
    pub stop_words: WordList,
    /// Stop words that are names when they are written exactly so: `Go`, `US`.
    pub stop_word_names: WordList,
    /// Characters whose pairs are stop words (scripts without spaces).
    pub stop_characters: WordList,
    /// Words that nearly every question about a recap contains: recap, talk, say. They have little weight.
    pub boilerplate: WordList,
    /// Clitics at the end of a word: `s` in `Kubernetes's`.
    pub contractions: WordList,
    /// Words that lose their last vowel before an apostrophe: `d` in `d'Istio`.
    pub elisions: WordList,
    /// Letters and signs that hint at the language of a short text.
    pub typical_letters: WordList,
}

/// Words that are written with a full stop, in lower case and without the last full stop. The English ones apply to
/// every language.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Abbreviations {
    /// Titles before names: `Dr`. They count only with a capital.
    pub titles: WordList,
    /// Words that another word always follows: `e.g`. Their full stop never ends a sentence.
    pub never_ending: WordList,
    /// Words whose full stop does not end a sentence if a number follows: `No`.
    pub before_numbers: WordList,
    /// Words whose full stop may end a sentence: `etc`.
    pub maybe_ending: WordList,
}

/// Months, weekdays and other parts of dates, in lower case.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarWords {
    /// The full names of the months, a group for each month, including spellings without accents.
    pub months: WordGroups<12>,
    /// Short names of months that are not other words, a group for each month.
    pub short_months: WordGroups<12>,
    /// Short names that apply only where a date is expected and that are not the first three letters of the full name.
    pub short_months_in_dates: WordGroups<12>,
    /// The full names of the weekdays from Monday on, a group for each.
    pub weekdays: WordGroups<7>,
    /// Names of months that mostly mean something else: `may`.
    pub months_with_other_meanings: WordList,
    /// Words like `yesterday`.
    pub relative_days: WordList,
    /// Suffixes after the digits of a day: `th`.
    pub ordinal_endings: WordList,
    /// Words between day and month: `4 de mayo`.
    pub date_prepositions: WordList,
    /// Words that may stand in a date, beside months, weekdays and digits.
    pub date_words: WordList,
    /// Words that may stand between the day and the month of an event.
    pub event_day_words: WordList,
}

/// How questions begin, and what they ask for. `*` stands for any one word.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionWords {
    /// Asks for a person.
    pub who: WordList,
    /// Asks for a company.
    pub company: WordList,
    /// Asks for a project or a product.
    pub project: WordList,
    /// Asks for a day, a month or a year.
    pub when: WordList,
    /// Asks for a place.
    pub r#where: WordList,
    /// First words of questions for the manner: `how`.
    pub how: WordList,
    /// Asks for a number.
    pub how_many: WordList,
    /// Asks for a reason.
    pub why: WordList,
    /// Asks for the meaning of something.
    pub meaning: WordList,
    /// Right before whose words are asked for: `according to`.
    pub source_openings: WordList,
    /// Words that may begin a question before its question word: `at KubeCon, who ...`.
    pub lead_words: WordList,
    /// Words that make `what is ...` ask for a property of a thing and not for its meaning: `the price of`.
    pub property_words: WordList,
    /// Asks about the present: `latest`, `these days`.
    pub recency: WordList,
    /// Asks about what comes: `upcoming`, `what is next`.
    pub upcoming: WordList,
    /// Asks about the present, and is part of the topic: `state of`.
    pub state: WordList,
    /// Directly before or after the name of an event series: its coming edition.
    pub next: WordList,
    /// Before the name of a country or a part of the world: the question is about events there.
    pub in_places: WordList,
    /// Directly before the name of an event or a place: the question excludes it.
    pub exclusions: WordList,
    /// Question words and grammar that are removed from text without spaces, in this order.
    pub uninformative: WordList,
}

/// Phrases that show the shape of a question, in the notation that `docs/languages.md` explains.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShapeWords {
    /// Words that phrases name together: `{people}` stands for each word of `people`.
    #[serde(default)]
    pub groups: BTreeMap<String, WordList>,
    /// Words that only open a question: `can you tell me`.
    pub openings: WordList,
    /// Words with which a question may begin after its topic: `what`.
    pub asks: WordList,
    /// Asks for one fact, whatever else the question says.
    pub fact: WordList,
    /// Asks what people took away.
    pub takeaways: WordList,
    /// Words of a question about a topic that ask for nothing more particular: `lessons`, `said`.
    pub takeaway_words: WordList,
    /// Words that say what of a thing is asked for, of which many posts may tell: `problems`.
    pub aspect_words: WordList,
    /// Asks what people think.
    pub opinions: WordList,
    /// Words of such a question that are not its topic: `good`, `overrated`.
    pub opinion_words: WordList,
    /// Compares two things.
    pub comparison: WordList,
    /// Between the two things of a short question: `Istio or Linkerd?`.
    pub or: WordList,
    /// Asks how something changed.
    pub trend: WordList,
    /// Words of such a question that are not its topic: `popular`, `growing`.
    pub trend_words: WordList,
    /// Asks for all things of a kind.
    pub list: WordList,
    /// Asks which events there are, or where they were.
    pub events: WordList,
    /// Asks what to do.
    pub advice: WordList,
    /// Words of such a question that are not its topic: `tips`.
    pub advice_words: WordList,
    /// Words of such a question that are about going to an event: `newcomer`.
    pub attendee_words: WordList,
    /// Asks for the content of a post or a day.
    pub summary: WordList,
    /// Asks how many posts or people mention something.
    pub count: WordList,
    /// Asks for what has not happened yet.
    pub future: WordList,
    /// Asks for the best of all.
    pub best: WordList,
    /// Asks for the price of a ticket.
    pub price: WordList,
    /// Asks for the programme of today, or for opening hours.
    pub schedule: WordList,
    /// Asks for the weather.
    pub weather: WordList,
    /// Asks for private facts about a person.
    pub personal: WordList,
}

/// Whole messages that are not questions, folded: lower case, no accents, no punctuation.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageWords {
    /// Greetings.
    pub greetings: WordList,
    /// Words that may follow a greeting: `hi all`.
    pub addressees: WordList,
    /// Questions about the bot itself.
    pub calls_for_help: WordList,
    /// Questions for the newest posts.
    pub newest_posts: WordList,
    /// Thanks.
    pub thanks: WordList,
    /// Other messages without a question: `ok`, `bye`.
    pub chatter: WordList,
}

/// Words that texts use for facts about an event. A question that names only an event searches for them.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventFactWords {
    /// Words of sentences about the date of an event.
    pub date_words: WordList,
    /// Words of sentences about the place of an event.
    pub place_words: WordList,
    /// Words for the people at an event.
    pub attendance_words: WordList,
    /// Verbs of sentences about their number: `gathered`.
    pub attendance_verbs: WordList,
    /// Numbers from forty on, in words: `eighty`, `hundreds`.
    pub large_numbers: WordList,
    /// Words of questions for the number of attendees. What answers them need not hold any.
    pub attendance_question_words: WordList,
    /// Words of questions for the larger of two events.
    pub size_words: WordList,
    /// Words that compare two events and no more: `bigger`.
    pub comparatives: WordList,
    /// Words of sentences about the atmosphere of an event.
    pub impression_words: WordList,
}

/// Signs that a sentence answers a question.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerWords {
    /// Before the name of a place.
    pub place_prepositions: WordList,
    /// Characters at the end of place names (scripts without spaces).
    pub place_endings: WordList,
    /// Numbers as words, without `one`.
    pub number_words: WordList,
    /// Beginnings of reasons: `because`. They match anywhere in a sentence, so blanks count.
    pub reasons: WordList,
    /// Requests of recaps to their readers: `follow me`. Such a sentence is used only as a last resort.
    pub asides: WordList,
    /// Words after a name that say what kind of thing it is. Blanks count.
    pub kind_definitions: WordList,
    /// Words after a name that describe it. Blanks count.
    pub definitions: WordList,
    /// Negations. Two sentences that differ in one do not say the same.
    pub negations: WordList,
    /// A sentence that begins with one of these refers to the previous sentence.
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
    /// Words that end the names in a byline, as written, with blanks.
    pub after_names: WordList,
    /// Words that are removed before names in front matter, with the blank.
    pub name_openings: WordList,
    /// Before the signature, with a comma: `Cheers, Jane Doe`.
    pub closings: WordList,
    /// Words after a name that say what the person does, with blanks.
    pub occupation_verbs: WordList,
    /// Pronouns for a person.
    pub pronouns: WordList,
    /// Headings over the words about the author.
    pub author_headings: WordList,
    /// Invitations to write to the author.
    pub contact_requests: WordList,
}

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
    /// The person who is asked: `you`.
    pub second_person: WordList,
    /// One person who is written about: `she`.
    pub third_person: WordList,
    /// Before a name, which is no part of it if capitalised: `by`.
    pub before_names: WordList,
    /// What a quotation is called by who introduces it: `quote`.
    pub quotation_words: WordList,
    /// Names of conversations in titles: `interview`.
    pub interviews: WordList,
    /// Before the name of a person who is asked in what follows: `spoke with`.
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

/// Headings that are not titles of posts, in lower case.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TitleWords {
    /// Headings of sections: `introduction`.
    pub part_headings: WordList,
    /// Before a number, with the blank: `day `.
    pub numbered_parts: WordList,
}

/// Words around the names of events, folded: lower case, no accents.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventWords {
    /// Before the place of an event. A word with an accent is compared as written.
    pub place_prepositions: WordList,
    /// Between the last two of several events.
    pub conjunctions: WordList,
    /// Between a name, a place and a year.
    pub joiners: WordList,
    /// Within the name of a place: `Juiz de Fora`.
    pub name_particles: WordList,
    /// Capitalised words after the name of an event that are not places.
    pub not_places: WordList,
    /// Words after a number that is not a year: `20 years`.
    pub counted: WordList,
    /// Words after a name that belongs to something else.
    pub genitives: WordList,
    /// Words of an event in the future.
    pub upcoming: WordList,
    /// Words of an event that is only compared with.
    pub compared: WordList,
}

/// Words that make a sentence a good or a bad quote, in lower case. `*` at the end stands for any ending.
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
    /// At the start: the sentence asks something of its reader.
    pub calls_to_action: WordList,
    /// That there was or will be a talk, a post or a meeting, or where to find it: `a talk titled`, `read more`.
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
    /// Headings over takeaways.
    pub takeaway_headings: WordList,
    /// Headings over what the writer sums up.
    pub summary_headings: WordList,
    /// Headings over travel, thanks and links.
    pub logistics_headings: WordList,
}
