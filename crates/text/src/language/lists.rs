//! The word lists that each language fills, grouped by their use.
//!
//! The comments are for people who add a language: `docs/languages.md` is written from them, and from those of the
//! types beside this one (`tests/languages.rs`).

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
    /// Asks for a company of a kind, of which an answer may say that it is one: `which bank`.
    pub company_of_kind: WordList,
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
    /// Asks for an amount, also of money.
    pub how_much: WordList,
    /// Asks for a length of time: `how long did`.
    pub how_long: WordList,
    /// Asks for one of a kind, whose word follows: `which price`.
    pub which: WordList,
    /// Words for talks of one kind: `keynote`.
    pub talk_kinds: WordList,
    /// What speakers give at a conference: `talk`.
    pub talks: WordList,
    /// Words for giving a talk and for who does: `spoke`, `speaker`.
    pub speaks: WordList,
    /// Words for using a thing, and for beginning to: `uses`, `migrated`.
    pub uses: WordList,
    /// Words for making something public: `launched`.
    pub announces: WordList,
    /// Words in a sentence that tells that something was made public, or reached a stage: `generally available`.
    pub news: WordList,
    /// Words for what something costs and for paying.
    pub prices: WordList,
    /// Words for what is told as a number: `version`.
    pub measures: WordList,
    /// Asks for a reason.
    pub why: WordList,
    /// Asks what something is.
    pub meaning: WordList,
    /// Asks what an abbreviation stands for, or says it: `what does * stand for`, `short for`.
    pub expansion: WordList,
    /// Right before the name of whose words are asked for: `according to`.
    pub source_openings: WordList,
    /// After the name of a company or a project, or before it, they mean those who write its blog: `the Bedrock engineers`, `the people
    /// from Bedrock`.
    pub team_words: WordList,
    /// May stand between such a word and the name, or between "conferences" and their subject: `from`.
    pub team_prepositions: WordList,
    /// Words that may begin a question before its question word: `at KubeCon, who ...`.
    pub lead_words: WordList,
    /// Words before what a broad question is about: `takeaways on pricing`.
    pub topic_prepositions: WordList,
    /// Words that make `what is ...` ask for a property of a thing and not for its meaning: `the price of`.
    pub property_words: WordList,
    /// Asks about the present: `latest`, `these days`.
    pub recency: WordList,
    /// Asks about what comes: `upcoming`, `what is next`.
    pub upcoming: WordList,
    /// Asks about the present, and is part of the topic: `state of`.
    pub state: WordList,
    /// After the subject of conferences: the `conferences` of "Go conferences".
    pub conferences: WordList,
    /// Directly before or after the name of an event series: its coming edition.
    pub next: WordList,
    /// Before the name of a country or a part of the world: the question is about events there.
    pub in_places: WordList,
    /// Directly before the name of an event or a place: the question excludes it.
    pub exclusions: WordList,
    /// Question words and grammar that are removed from text without spaces, in this order.
    pub uninformative: WordList,
}

/// Phrases that show the shape of a question: which form of answer it asks for. The phrases of all languages are
/// tried on every question, without regard to case and accents. A misspelt word of six or more letters is found
/// if one letter is wrong and the first and the last are right. The phrase with the most words decides; of
/// phrases of equal length a fact comes first. A phrase without `!`, `~` or a gap at its beginning counts only
/// where it begins or ends a clause: within a clause its words are part of what is asked. Typing errors are not
/// mended into the words of phrases with `~`. In a clause that begins with a phrase of `fact`, a phrase of another shape
/// counts only if it begins there too and is longer.
///
/// What the phrases tell and all words of the question are weighed together. A phrase is overruled where the words are
/// sure of another shape, or that no recap can answer the question. `config/shapes.bin` has the weights. `takeaways-eval shapes --out
/// config/shapes.toml` fits them to the questions of `tests/questions/shapes.jsonl`, and writes both files. So a new
/// wording needs no new phrase: put it there, fit the weights again, and look at the halves that are set aside.
///
/// | sign | meaning |
/// |---|---|
/// | `a\|b` | One of these words. |
/// | `a_b` | Two words of one choice: `key_points\|highlights of`. |
/// | `{people}` | Each word of the list `people` in `[shapes.groups]` of the language. |
/// | `a?` | The words may be missing. |
/// | `-s` | Any word of four or more letters with this ending that is no stop word. |
/// | `#` | A number. |
/// | `*`, `*?` | A gap of one to eight words of a clause, or of none to eight. In `comparison` the two gaps of a phrase are the things compared; a gap at an end reaches to the end of the clause. `*?` at the beginning: the phrase counts anywhere in a clause. |
/// | `*3`, `*3?` | A gap of at most three words, for what is asked of a name, but not of what a clause describes: `who spoke about *3 $`. |
/// | `^` | A clause begins here, or only `openings` stand before. |
/// | `$` | A clause ends here, or only years and words such as `please` follow. |
/// | `!` | First of all: the phrase counts as if it had three more words. |
/// | `~` | Last of all: the phrase counts anywhere in a clause, but only if no other phrase is found. |
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShapeWords {
    /// Words that phrases name together: `{people}` stands for each word of `people`.
    #[serde(default)]
    pub groups: BTreeMap<String, WordList>,
    /// Words that only open a question: `can you tell me`.
    pub openings: WordList,
    /// Words with which a question may begin after its topic: `what` in `istio what do people think`.
    pub asks: WordList,
    /// Asks for one fact, or what one person said: `who`, `how many`. Needed only where words of another shape
    /// may follow: a question without any phrase is a fact, unless it only names a topic or its words tell another shape.
    pub fact: WordList,
    /// Asks what people took away: `highlights of`.
    pub takeaways: WordList,
    /// Words of such a question, or of one that only names a topic, that are not the topic: `lessons`, `said`.
    pub takeaway_words: WordList,
    /// Words for what a question asks about a thing, if many posts may cover it: `problems` in `problems with
    /// service meshes`.
    pub aspect_words: WordList,
    /// Words that only say that things were named, shown or used: `mentioned`.
    pub mention_words: WordList,
    /// Words of such a question that say what was done with things, and name none: `announced` in `which tools were announced`.
    pub done_words: WordList,
    /// Asks what people think: `pros and cons of`.
    pub opinions: WordList,
    /// Words of such a question that are not its topic: `good`, `overrated`.
    pub opinion_words: WordList,
    /// Compares two things: `* vs *`.
    pub comparison: WordList,
    /// Between choices, if no more is asked, or only what people prefer: `Istio or Linkerd, what do people prefer?`
    pub or: WordList,
    /// Beside a word for a talk, they say that somebody liked it most or least: `favourite`.
    pub favourite_words: WordList,
    /// Words that ask which of two events people liked more: `better`.
    pub preference_words: WordList,
    /// Beside the names of two events, they ask how these differ: `changed`, `nicer`.
    pub compare_words: WordList,
    /// Asks how something changed: `over the years`.
    pub trend: WordList,
    /// Words of a question for a trend that are not its topic: `popular`, `growing`.
    pub trend_words: WordList,
    /// Asks for all things of a kind: `which companies`.
    pub list: WordList,
    /// Asks which events there are, or where they were.
    pub events: WordList,
    /// Asks which posts there are on something, or who wrote them.
    pub posts: WordList,
    /// Asks what to do: `tips for`.
    pub advice: WordList,
    /// Words of such a question that are not its topic: `tips`.
    pub advice_words: WordList,
    /// Words of such a question that are about going to an event: `newcomer`.
    pub attendee_words: WordList,
    /// What an asker may want a number of: single words in the plural, such as `lessons`.
    pub counted_words: WordList,
    /// The words for 2 to 10, in order.
    pub cardinals: WordList,
    /// Single words right before such a number: `top`.
    pub amount_openings: WordList,
    /// Asks for the content of a post or a day: `what happened on day 2`.
    pub summary: WordList,
    /// Asks how many posts or people mention something: `how many recaps`.
    pub count: WordList,
    /// Names the post that a question is about. Its words ask for nothing: `according to the wrap-up`. Without a gap it names all posts,
    /// and its words are no topic: `based on the recaps`.
    pub sources: WordList,
    /// Recaps cannot answer: what has not happened yet.
    pub future: WordList,
    /// Recaps cannot answer: the best of all.
    pub best: WordList,
    /// Recaps cannot answer: the price of a ticket.
    pub price: WordList,
    /// Recaps cannot answer: the programme of today, opening hours.
    pub schedule: WordList,
    /// Recaps cannot answer: the weather.
    pub weather: WordList,
    /// Recaps cannot answer: private facts about a person.
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
    /// Words in the names of events: `congress`.
    pub event_nouns: WordList,
    /// Before the name of an event that somebody was at: `attended`, `went to`. Two words at most.
    pub attending: WordList,
    /// After the name of an event that was held: `took place`.
    pub held: WordList,
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
    /// In questions for the event with the most people.
    pub most_attended: WordList,
    /// Words of questions for the larger of two events, or for how an event grew.
    pub size_words: WordList,
    /// Words that compare two events or two things: `bigger`. In some languages no single word does.
    pub comparatives: WordList,
    /// Words after a number of people who were not on site, and beside the name of an event that was online: `virtual`.
    pub online_words: WordList,
    /// Words after a number of people who came to one part of an event: `booth`.
    pub part_words: WordList,
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
    /// Words of amounts of money: `dollars`, `free`.
    pub money: WordList,
    /// Words for per cent and for a percentage.
    pub percent: WordList,
    /// Words of lengths of time: `hours`.
    pub time_units: WordList,
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
    /// After the last comma of a sentence with a question mark: it is a statement.
    pub question_tags: WordList,
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

/// Headings that are not titles of posts, in lower case.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TitleWords {
    /// Headings of sections: `introduction`.
    pub part_headings: WordList,
    /// Before a number, with the blank: `day `.
    pub numbered_parts: WordList,
    /// Before such a word, what stands for the first part: the `opening` day. Folded.
    pub first_parts: WordList,
    /// The same for the last part: the `closing` day. Folded.
    pub last_parts: WordList,
    /// What the title of a web page says that is not there.
    pub not_found: WordList,
}

/// Words around the names of events, folded: lower case, no accents.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventWords {
    /// Before the place of an event. A word with an accent is compared as written.
    pub place_prepositions: WordList,
    /// Between the last two of several events.
    pub conjunctions: WordList,
    /// What all events are about, beside a word for events: `tech conferences`.
    pub fields: WordList,
    /// Between a name, a place and a year.
    pub joiners: WordList,
    /// Within the name of a place: `Juiz de Fora`.
    pub name_particles: WordList,
    /// Capitalised words after the name of an event that are not places.
    pub not_places: WordList,
    /// Words after a number that is not a year: `20 years`.
    pub counted: WordList,
    /// After a name that something belongs to: `s` of `KubeCon's keynote`.
    pub genitives: WordList,
    /// Words of an event in the future.
    pub upcoming: WordList,
    /// Words of an event that is only compared with.
    pub compared: WordList,
    /// Words by which a sentence compares two events: `than`.
    pub compares: WordList,
}
