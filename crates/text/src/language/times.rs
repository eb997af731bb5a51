//! The words for times.

use serde::Deserialize;

use super::{WordGroups, WordList};

/// How questions name times, and which editions of a conference they mean. The phrases of all languages are
/// tried on every question, without regard to case and accents. `#` is a slot: for a number, a year or a time,
/// as the row says. `crates/answer/src/times.rs` has the grammar.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeWords {
    /// The year before this one.
    pub last_year: WordList,
    /// The current year.
    pub this_year: WordList,
    /// The day before today.
    pub yesterday: WordList,
    /// The current week.
    pub this_week: WordList,
    /// The week before this one.
    pub last_week: WordList,
    /// The current month.
    pub this_month: WordList,
    /// The month before this one.
    pub last_month: WordList,
    /// A number of months up to today; `#` is the number.
    pub last_months: WordList,
    /// The year before the last one.
    pub year_before_last: WordList,
    /// A number of years ago; `#` is the number.
    pub years_ago: WordList,
    /// From a number of years ago on; `#` is the number.
    pub since_years: WordList,
    /// A number of years up to this one; `#` is the number.
    pub last_years: WordList,
    /// Ten years; `#` is the first, in digits.
    pub decades: WordList,
    /// Before a time: from its beginning on. `#` is the time if it stands inside.
    pub since: WordList,
    /// Before a time: later than it. `#` likewise.
    pub after: WordList,
    /// Before a time: earlier than it. `#` likewise.
    pub before: WordList,
    /// Before a time: up to its end. `#` likewise.
    pub until: WordList,
    /// Before the first of two times that `to` or `and` joins.
    pub between: WordList,
    /// Before the first of two times that `to` joins.
    pub from: WordList,
    /// Between the first and the last of a range.
    pub to: WordList,
    /// Between two times: `2017 and 2019`.
    pub and: WordList,
    /// Before the pandemic: while it lasted.
    pub during: WordList,
    /// Articles and prepositions between the words of a time.
    pub fillers: WordList,
    /// Between a month or a season and its year.
    pub of: WordList,
    /// Before a month or a season: of this year.
    pub this: WordList,
    /// Before a month or a season: the last one that is over.
    pub last: WordList,
    /// The same after it.
    pub last_after: WordList,
    /// Months and seasons that mostly mean something else: `may`.
    pub other_meanings: WordList,
    /// Spring, summer, autumn and winter.
    pub seasons: WordGroups<4>,
    /// The quarters of a year.
    pub quarters: WordGroups<4>,
    /// The halves of a year.
    pub halves: WordGroups<2>,
    /// The beginning, the middle and the end of a year, right before it.
    pub thirds: WordGroups<3>,
    /// One to ten in letters.
    pub numbers: WordGroups<10>,
    /// The pandemic of 2020.
    pub pandemic: WordList,
    /// The moment when it began.
    pub pandemic_start: WordList,
    /// The time before it.
    pub before_pandemic: WordList,
    /// The time of it.
    pub during_pandemic: WordList,
    /// The time after it.
    pub after_pandemic: WordList,
    /// Before the name of an event series: its newest editions; `#` is how many.
    pub latest: WordList,
    /// The same after the name.
    pub latest_after: WordList,
    /// The edition before the newest.
    pub second_latest: WordList,
    /// The oldest editions; `#` is how many.
    pub first: WordList,
    /// Between these words and the name: `edition of`.
    pub edition: WordList,
}
