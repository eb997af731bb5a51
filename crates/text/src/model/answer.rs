//! What a question gets back.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Event, PostId, PostKind, Scope, Span};

/// The answer to one question.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The recaps answer it.
    Cited {
        /// One to three, best first; none is there to fill up.
        excerpts: Vec<Excerpt>,
        /// What was searched.
        scope: Scope,
        /// When the newest excerpt is from, where the question asks about now and that is long past: then every page
        /// says how old the answer is.
        newest: Option<ExcerptDate>,
        /// How sure it is that the first excerpt answers the question, 0 to 1.
        confidence: f32,
    },
    /// The recaps hold no answer.
    NothingFound {
        /// What was searched.
        scope: Scope,
        /// How sure it is that the best excerpt would have answered the question, 0 to 1.
        confidence: f32,
        /// What was looked for and is in no recap of the scope.
        missing: Vec<Missing>,
        /// Questions that have an answer.
        suggestions: Vec<Suggestion>,
    },
}

/// When an excerpt is from, as closely as is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExcerptDate {
    /// A day of this year.
    Year(i16),
    /// This day.
    Day(Date),
}

impl ExcerptDate {
    /// The year.
    #[must_use]
    pub fn year(self) -> i16 {
        match self {
            Self::Year(year) => year,
            Self::Day(day) => day.year(),
        }
    }

    /// The day, where it is known.
    #[must_use]
    pub fn day(self) -> Option<Date> {
        match self {
            Self::Year(_) => None,
            Self::Day(day) => Some(day),
        }
    }
}

/// What was looked for in vain, in the question's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// Words that no recap has.
    Words(String),
    /// An event that no recap is about.
    Event(String),
    /// Years that no recap is from.
    Years(String),
    /// An author that no recap is by.
    Author(String),
}

impl Missing {
    /// The question's words.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Self::Words(words) | Self::Event(words) | Self::Years(words) | Self::Author(words) => words,
        }
    }
}

/// A question that was searched and has an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The question, to be asked as it is.
    pub question: String,
}

/// Words of a post, and where they stand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The words: exactly the post's text at `span`.
    #[serde(rename = "quote")]
    pub text: String,
    /// Where in the post's readable text.
    pub span: Span,
}

/// Words of a post that answer a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Excerpt {
    /// Stays the same as long as the post's words and path do: 12 hexadecimal digits.
    pub id: String,
    /// The words, one unbroken stretch.
    pub quote: Quote,
    /// The line that introduces the list, where the quote is an item that needs it.
    pub lead_in: Option<Quote>,
    /// The words of the question within the quote, as places in the post's text, in order.
    pub marks: Vec<Span>,
    /// To be compared within one answer only.
    pub score: f32,
    /// How many more excerpts say the same and are not shown.
    pub duplicate_count: u32,
    /// Where the words come from.
    pub citation: Citation,
}

/// Where words come from. For a note all of it is the source's but `post` and `path`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The post's name within the corpus.
    pub post: PostId,
    /// The file's path under its corpus folder.
    pub path: String,
    /// The author's own words, or a note on them.
    pub kind: PostKind,
    /// The title.
    pub title: String,
    /// Who wrote it; `None` where nobody is named.
    pub author: Option<String>,
    /// The day it was published.
    pub date: Option<Date>,
    /// The main event.
    pub event: Option<Event>,
    /// The headings over the quote, outermost first.
    pub section: Vec<String>,
    /// Where it can be read.
    pub url: Option<String>,
    /// Marked as a draft; taken in only where the settings say so.
    pub draft: bool,
    /// When it is published, where that is still to come; taken in only where the settings say so.
    pub scheduled: Option<Timestamp>,
}

impl Answer {
    /// The excerpts, best first; empty where nothing was found.
    #[must_use]
    pub fn excerpts(&self) -> &[Excerpt] {
        match self {
            Self::Cited { excerpts, .. } => excerpts,
            Self::NothingFound { .. } => &[],
        }
    }

    /// What was searched.
    #[must_use]
    pub fn scope(&self) -> &Scope {
        match self {
            Self::Cited { scope, .. } | Self::NothingFound { scope, .. } => scope,
        }
    }

    /// When the newest excerpt is from, where it has to be told that the answer is old.
    #[must_use]
    pub fn newest(&self) -> Option<ExcerptDate> {
        match self {
            Self::Cited { newest, .. } => *newest,
            Self::NothingFound { .. } => None,
        }
    }

    /// 0 to 1.
    #[must_use]
    pub fn confidence(&self) -> f32 {
        match self {
            Self::Cited { confidence, .. } | Self::NothingFound { confidence, .. } => *confidence,
        }
    }
}
