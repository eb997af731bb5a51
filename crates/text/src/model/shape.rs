//! The shape of a question: what form of answer it asks for.

use std::ops::Range;

use serde::{Deserialize, Serialize};

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
    /// All shapes.
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
    /// Whether it is a list of events that is asked for.
    pub asks_for_events: bool,
    /// Why recaps cannot answer the question.
    pub unanswerable: Option<Unanswerable>,
    /// Whether no phrase of the question tells its shape, so that it is a fact for want of another.
    pub is_open: bool,
}
