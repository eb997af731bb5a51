//! A question as a person asks it, and the scope of a question.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{EventId, Language};

/// The maximum number of characters of a question. Discord's messages end at 4,000; a pasted paragraph still fits.
pub const MAX_QUESTION_CHARS: usize = 6_000;

/// A question without white space at its ends: never empty, at most [`MAX_QUESTION_CHARS`] characters.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Question {
    text: String,
    conversation_language: Option<Language>,
}

/// The reason why a text is not a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum QuestionError {
    /// The text is only white space.
    #[error("the question is empty")]
    Empty,
    /// The text is too long.
    #[error("the question has {chars} characters; write at most {max}")]
    TooLong {
        /// The number of characters.
        chars: usize,
        /// The limit.
        max: usize,
    },
    /// The years of a `year:` prefix are in the wrong order.
    #[error(transparent)]
    Years(YearsError),
}

impl Question {
    /// The words of the question.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The language of the conversation that it goes on with, for a question whose words do not tell theirs.
    pub fn conversation_language(&self) -> Option<Language> {
        self.conversation_language
    }

    /// The same question in a conversation.
    pub fn in_conversation(self, language: Option<Language>) -> Self {
        Self { conversation_language: language, ..self }
    }
}

impl FromStr for Question {
    type Err = QuestionError;

    fn from_str(input: &str) -> Result<Self, QuestionError> {
        let text = input.trim();
        match text.chars().count() {
            0 => Err(QuestionError::Empty),
            chars if chars > MAX_QUESTION_CHARS => {
                Err(QuestionError::TooLong { chars, max: MAX_QUESTION_CHARS })
            }
            _ => match turned_years(text) {
                Some(error) => Err(QuestionError::Years(error)),
                None => Ok(Self { text: text.to_owned(), conversation_language: None }),
            },
        }
    }
}

/// Returns what is wrong with a `year:` prefix whose years are in the wrong order. All other values stay for the search,
/// which reads more than [`Years`] does and says what no post is from.
fn turned_years(question: &str) -> Option<YearsError> {
    question.split_whitespace().find_map(|word| {
        let (name, years) = word.split_once(':')?;
        let years = years.trim_matches(['"', ',', '?']);
        let error = name.eq_ignore_ascii_case("year").then(|| years.parse::<Years>().err())??;
        matches!(error, YearsError::Turned(_)).then_some(error)
    })
}

/// The part of the corpus that was searched. Empty lists mean all of it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Scope {
    /// The posts are about one of these events.
    pub events: Vec<EventId>,
    /// The years of the event. If its year is unknown, the years of the post.
    pub years: Option<Years>,
    /// The posts are by one of these authors.
    pub authors: Vec<String>,
    /// The posts are by none of these authors.
    #[serde(default)]
    pub excluded_authors: Vec<String>,
    /// Each excerpt tells of all these people, of whom no post has words of their own.
    #[serde(default)]
    pub people: Vec<String>,
}

/// A range of years, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Years {
    /// The first year.
    pub first: i16,
    /// The last year, never before the first.
    pub last: i16,
}

impl Years {
    /// The earliest year of a post: the Web is not older. Open ranges begin here.
    pub const FIRST: i16 = 1990;

    /// The range between two years, in either order.
    pub fn between(a: i16, b: i16) -> Self {
        Self { first: a.min(b), last: a.max(b) }
    }

    /// One year.
    pub fn single(year: i16) -> Self {
        Self { first: year, last: year }
    }

    /// The smallest range that contains all of these, if no year between them is left out.
    pub fn join(mut all: Vec<Self>) -> Option<Self> {
        all.sort_by_key(|years| years.first);
        let (first, others) = all.split_first()?;
        others.iter().try_fold(*first, |joined, next| {
            (next.first <= joined.last.saturating_add(1)).then(|| joined.cover(*next))
        })
    }

    /// The smallest range that contains both.
    pub fn cover(self, other: Self) -> Self {
        Self { first: self.first.min(other.first), last: self.last.max(other.last) }
    }

    /// The range without the years of another one; `None` if none are left, or some on both sides.
    pub fn without(self, other: Self) -> Option<Self> {
        let before = (self.first < other.first)
            .then(|| Self { last: self.last.min(other.first.saturating_sub(1)), ..self });
        let after = (self.last > other.last)
            .then(|| Self { first: self.first.max(other.last.saturating_add(1)), ..self });
        before.xor(after)
    }

    /// Whether the range contains `year`.
    pub fn contains(self, year: i16) -> bool {
        (self.first..=self.last).contains(&year)
    }
}

/// The text is not a range of years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum YearsError {
    /// It is no year, or a year out of range.
    #[error("write a year from 1900 to 2100, or two: 2018-2020")]
    Unreadable,
    /// The years are in the wrong order, which is more often a slip than meant. Holds them in the right order.
    #[error("write the earlier year first: {0}")]
    Turned(Years),
}

impl FromStr for Years {
    type Err = YearsError;

    /// `2019`, `2018-2020`, `2018..2020`, `2018 to 2020`.
    fn from_str(input: &str) -> Result<Self, YearsError> {
        let year = |text: &str| {
            text.trim()
                .parse::<i16>()
                .ok()
                .filter(|year| (1900..=2100).contains(year))
                .ok_or(YearsError::Unreadable)
        };
        match input
            .split_once("..")
            .or_else(|| input.split_once(" to "))
            .or_else(|| input.split_once(['-', '–']))
        {
            Some((first, last)) => {
                let (first, last) = (year(first)?, year(last)?);
                let years = Self::between(first, last);
                if first > last { Err(YearsError::Turned(years)) } else { Ok(years) }
            }
            None => year(input).map(Self::single),
        }
    }
}

impl fmt::Display for Years {
    /// `2019`, or `2018-2020`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.first)?;
        if self.last != self.first {
            write!(f, "-{}", self.last)?;
        }
        Ok(())
    }
}

impl Scope {
    /// Whether no event, year or author limits the posts. People limit only what is told of them.
    pub fn is_everything(&self) -> bool {
        self.events.is_empty()
            && self.years.is_none()
            && self.authors.is_empty()
            && self.excluded_authors.is_empty()
    }
}

/// The form of the answer that a question asks for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// One fact, or one view of one person. Also a search for keywords.
    #[default]
    Fact,
    /// What people took away from an event, a year or a series.
    Takeaways,
    /// What people think of something.
    Opinions,
    /// How two events, years, authors or things differ.
    Comparison,
    /// How something changed over time.
    Trend,
    /// All things of a kind.
    List,
    /// What writers advise.
    Advice,
    /// The content of one post, the posts of one author, or one day.
    Summary,
    /// How many posts or people mention something.
    Count,
}

impl Shape {
    /// All shapes, in the order of [`Shape::index`].
    pub const ALL: [Self; 9] = [
        Self::Fact,
        Self::Takeaways,
        Self::Opinions,
        Self::Comparison,
        Self::Trend,
        Self::List,
        Self::Advice,
        Self::Summary,
        Self::Count,
    ];

    /// The position among all shapes.
    pub const fn index(self) -> usize {
        self as usize
    }
}

/// What recaps of past conferences cannot answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unanswerable {
    /// What has not happened yet.
    Future,
    /// The best of all.
    Best,
    /// The price of a ticket.
    Price,
    /// The programme of today, or opening hours.
    Schedule,
    /// The weather.
    Weather,
    /// Private facts about a person.
    Personal,
    /// Anything else that no recap tells, whatever it is on: a task, what is the case now, the asker or the bot.
    Other,
}

impl Unanswerable {
    /// Its name, as it is written in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::Future => "future",
            Self::Best => "best",
            Self::Price => "price",
            Self::Schedule => "schedule",
            Self::Weather => "weather",
            Self::Personal => "personal",
            Self::Other => "other",
        }
    }
}

/// The shape of a question, with the words that show it. All ranges count bytes of the question.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QuestionShape {
    /// The form of the answer.
    pub shape: Shape,
    /// The words that show the shape and are no topic, in order and without overlaps. Empty for a fact.
    pub words: Vec<Range<usize>>,
    /// The two things compared, if the question names them one after the other.
    pub sides: Option<[Range<usize>; 2]>,
    /// What a list is of, if it is not of lines.
    pub list_kind: Option<ListKind>,
    /// Why recaps cannot answer the question.
    pub unanswerable: Option<Unanswerable>,
    /// How many lines are asked for: the 3 of "top 3 takeaways".
    pub lines: Option<usize>,
    /// Whether the phrases of the question do not tell its shape. If all its words tell none either, it is a fact for want of another.
    pub is_open: bool,
    /// Whether all words of the question together tell the shape, and its phrases tell none or another. Then `words` are those that many
    /// questions have.
    pub is_estimated: bool,
}

/// What a list is of that is not one of lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListKind {
    /// Events: `which conferences do you cover?`
    Events,
    /// Posts, or those who wrote them: `who wrote about FOSDEM?`
    Posts,
}

impl QuestionShape {
    /// Whether phrases tell this shape.
    pub fn is_told(&self) -> bool {
        !self.is_estimated && (self.shape != Shape::Fact || !self.is_open)
    }

    /// Whether a list of events is asked for.
    pub fn asks_for_events(&self) -> bool {
        self.list_kind == Some(ListKind::Events)
    }

    /// Whether a list of posts, or of those who wrote them, is asked for.
    pub fn asks_for_posts(&self) -> bool {
        self.list_kind == Some(ListKind::Posts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_shape_stands_at_its_index() {
        assert!(Shape::ALL.iter().enumerate().all(|(at, shape)| shape.index() == at));
    }

    #[test]
    fn a_question_is_parsed_once() {
        assert_eq!("  what? ".parse::<Question>().map(|q| q.text().to_owned()), Ok("what?".into()));
        assert_eq!(" \n".parse::<Question>(), Err(QuestionError::Empty));
        assert_eq!("é".repeat(6_000).parse::<Question>().map(|_| ()), Ok(()));
        assert_eq!(
            "x".repeat(6_001).parse::<Question>(),
            Err(QuestionError::TooLong { chars: 6_001, max: 6_000 })
        );
    }

    #[test]
    fn years_in_the_wrong_order_are_refused_also_inside_a_question() {
        let error = YearsError::Turned(Years::between(2017, 2019));
        for years in ["2019-2017", "2019..2017", "2019 to 2017", "2019–2017"] {
            assert_eq!(years.parse::<Years>(), Err(error), "{years}");
        }
        for question in ["meshes year:2019-2017", "YEAR:2019-2017, meshes?", "year:\"2019–2017\" meshes"] {
            assert_eq!(question.parse::<Question>(), Err(QuestionError::Years(error)), "{question}");
        }
        for question in
            ["meshes year:2017-2019", "meshes year:nonsense", "meshes from 2019-2017", "leapyear:2019-2017"]
        {
            assert!(question.parse::<Question>().is_ok(), "{question}");
        }
        assert_eq!(QuestionError::Years(error).to_string(), "write the earlier year first: 2017-2019");
    }

    #[test]
    fn years_are_parsed() {
        for (input, expected) in [
            ("2019", Some((2019, 2019))),
            ("2018-2020", Some((2018, 2020))),
            ("2018..2020", Some((2018, 2020))),
            ("2019-2019", Some((2019, 2019))),
            ("2018 to 2020", Some((2018, 2020))),
            (" 2018 – 2020 ", Some((2018, 2020))),
            ("19", None),
            ("2018-", None),
            ("-2018", None),
            ("99999", None),
            ("", None),
        ] {
            assert_eq!(
                input.parse::<Years>().ok().map(|years| (years.first, years.last)),
                expected,
                "{input}"
            );
        }
    }
}
