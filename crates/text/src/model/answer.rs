//! The answer to a question, with its excerpts and their sources.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Event, Language, Link, Overview, PostId, PostKind, Scope, Span, Unanswerable};

/// The answer to one question.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The recaps answer the question.
    Cited {
        /// One to three excerpts, best first. The list is never padded.
        excerpts: Vec<Excerpt>,
        /// The part of the corpus that was searched.
        scope: Scope,
        /// The date of the newest excerpt, if the question asks about the present and that date is long past. Then
        /// every page tells the age of the answer.
        newest: Option<ExcerptDate>,
        /// As in [`Answer::NothingFound`].
        listed: Vec<Event>,
        /// The confidence that the first excerpt answers the question, 0 to 1.
        confidence: f32,
        /// The language of the question. The page speaks it.
        language: Language,
    },
    /// The recaps have several points on the question.
    Overview(Overview),
    /// The recaps do not answer the question.
    NothingFound {
        /// The part of the corpus that was searched.
        scope: Scope,
        /// The confidence that the best excerpt would have answered the question, 0 to 1.
        confidence: f32,
        /// The parts of the question that no recap of the scope contains.
        missing: Vec<Missing>,
        /// Why recaps can't answer such a question at all; `None` if others like it have an answer.
        unanswerable: Option<Unanswerable>,
        /// The date of the newest recap, if the question asks about what comes.
        newest: Option<ExcerptDate>,
        /// The events of whose place and days the question asks. The table of events tells them, whatever the recaps do.
        listed: Vec<Event>,
        /// The excerpt that comes nearest to an answer. It is shown as that, and not as an answer.
        nearest: Option<Box<Excerpt>>,
        /// Questions that have an answer.
        suggestions: Vec<Suggestion>,
        /// The language of the question. The page speaks it.
        language: Language,
    },
}

/// The date of an excerpt, as exact as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExcerptDate {
    /// A day of this year.
    Year(i16),
    /// This day.
    Day(Date),
}

impl ExcerptDate {
    /// The year.
    pub fn year(self) -> i16 {
        match self {
            Self::Year(year) => year,
            Self::Day(day) => day.year(),
        }
    }

    /// The day, if it is known.
    pub fn day(self) -> Option<Date> {
        match self {
            Self::Year(_) => None,
            Self::Day(day) => Some(day),
        }
    }
}

/// A part of the question that was not found, in the question's words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// Words that no recap contains.
    Words(String),
    /// An event that no recap is about.
    Event(String),
    /// Years that no recap is from.
    Years(String),
    /// An author that no recap is by.
    Author(String),
    /// A name that several people have.
    Namesakes(String),
}

impl Missing {
    /// The question's words.
    pub fn words(&self) -> &str {
        match self {
            Self::Words(words)
            | Self::Event(words)
            | Self::Years(words)
            | Self::Author(words)
            | Self::Namesakes(words) => words,
        }
    }
}

/// A question that was searched and has an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The question, ready to be asked.
    pub question: String,
}

/// Words of a post, with their place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quote {
    /// The words: exactly the text of the post at `span`.
    #[serde(rename = "quote")]
    pub text: String,
    /// The place in the readable text of the post.
    pub span: Span,
}

/// Words of a post that answer a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Excerpt {
    /// An id of 12 hexadecimal digits. It stays the same as long as the words and the path of the post do.
    pub id: String,
    /// The words, one contiguous range.
    pub quote: Quote,
    /// The line that introduces the list, if the quote is a list item that needs it.
    pub lead_in: Option<Quote>,
    /// The words of the question within the quote, as places in the post's text, in order.
    pub marks: Vec<Span>,
    /// The sentences of the quote that answer, if the quote has others around them: a place in the post's text.
    pub answer: Option<Span>,
    /// How many items of its list the quote shows, if it shows items of a list.
    pub items: Option<ItemCount>,
    /// The list items in the quote, in order.
    pub list_items: Vec<ListItem>,
    /// The links in the quote and the lead-in, in order.
    pub links: Vec<Link>,
    /// The line of the readable text on which the quote begins, counted from 1.
    pub line: usize,
    /// The language of the post, if the question is in another one.
    pub foreign_language: Option<Language>,
    /// The score. It can be compared only within one answer.
    pub score: f32,
    /// The number of further excerpts that say the same and are not shown.
    pub duplicate_count: u32,
    /// The source of the words.
    pub citation: Citation,
}

/// How many items of a list are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemCount {
    /// The items in the quote.
    pub shown: u32,
    /// All items of the list.
    pub all: u32,
}

/// A list item in a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListItem {
    /// The part of it that is in the quote: a place in the post's text.
    pub span: Span,
    /// How deep it is nested below the outermost item of the quote; 0 for that one.
    pub level: u8,
    /// Its number, if the list is numbered and the quote has the start of the item.
    pub number: Option<u32>,
}

/// The source of an excerpt. For a note, all fields but `post` and `path` describe the post that the note is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Citation {
    /// The id of the post within the corpus.
    pub post: PostId,
    /// The path of the file under its corpus folder.
    pub path: String,
    /// Whether the words are the author's own or a note on them.
    pub kind: PostKind,
    /// The title.
    pub title: String,
    /// The authors; `None` if nobody is named.
    pub author: Option<String>,
    /// The person whose words the excerpt is, if that is another one than the authors: who speaks in the section, in the
    /// interview, or in the quote within the post.
    pub speaker: Option<String>,
    /// The day of publication.
    pub date: Option<Date>,
    /// The main event.
    pub event: Option<Event>,
    /// The headings above the quote, outermost first.
    pub section: Vec<String>,
    /// The address of the post.
    pub url: Option<String>,
    /// Whether the post is a draft, or the post that a note is about. Posts that are drafts are included only if the settings say
    /// so.
    pub draft: bool,
    /// The time of publication, if it is in the future. Such posts are included only if the settings say so.
    pub scheduled: Option<Timestamp>,
}

/// An answer with less confidence says that it may be none. Of the answers to `tests/questions/reworded.jsonl`, half of those below it
/// are right, and two of three of the others.
const SURE: f32 = 0.6;

impl Answer {
    /// Returns a sure answer with these excerpts, of no scope and in English.
    pub fn of_excerpts(excerpts: Vec<Excerpt>) -> Self {
        Self::Cited {
            excerpts,
            scope: Scope::default(),
            newest: None,
            listed: Vec::new(),
            confidence: 1.0,
            language: Language::En,
        }
    }

    /// Whether its first excerpt may well not answer the question: then the page says so.
    pub fn is_unsure(&self) -> bool {
        matches!(self, Self::Cited { confidence, listed, .. } if *confidence < SURE && listed.is_empty())
    }

    /// Whether the question has an answer, from recaps or from the list of events.
    pub fn is_answered(&self) -> bool {
        match self {
            Self::Cited { .. } | Self::Overview(_) => true,
            Self::NothingFound { listed, .. } => !listed.is_empty(),
        }
    }

    /// The excerpts, best first; empty if nothing was found.
    pub fn excerpts(&self) -> &[Excerpt] {
        match self {
            Self::Cited { excerpts, .. } => excerpts,
            Self::Overview(overview) => &overview.excerpts,
            Self::NothingFound { .. } => &[],
        }
    }

    /// All excerpts that are shown: those that answer, or the one that comes nearest.
    pub fn quoted(&self) -> impl Iterator<Item = &Excerpt> {
        let nearest = match self {
            Self::NothingFound { nearest, .. } => nearest.as_deref(),
            Self::Cited { .. } | Self::Overview(_) => None,
        };
        self.excerpts().iter().chain(nearest)
    }

    /// The part of the corpus that was searched.
    pub fn scope(&self) -> &Scope {
        match self {
            Self::Cited { scope, .. } | Self::NothingFound { scope, .. } => scope,
            Self::Overview(overview) => &overview.scope,
        }
    }

    /// The date of the newest excerpt, if the page must tell the age of the answer.
    pub fn newest(&self) -> Option<ExcerptDate> {
        match self {
            Self::Cited { newest, .. } | Self::NothingFound { newest, .. } => *newest,
            Self::Overview(overview) => overview.newest,
        }
    }

    /// The events of whose place and days the question asks.
    pub fn listed(&self) -> &[Event] {
        match self {
            Self::Cited { listed, .. } | Self::NothingFound { listed, .. } => listed,
            Self::Overview(_) => &[],
        }
    }

    /// The language of the question.
    pub fn language(&self) -> Language {
        match self {
            Self::Cited { language, .. } | Self::NothingFound { language, .. } => *language,
            Self::Overview(overview) => overview.language,
        }
    }

    /// The confidence, 0 to 1.
    pub fn confidence(&self) -> f32 {
        match self {
            Self::Cited { confidence, .. } | Self::NothingFound { confidence, .. } => *confidence,
            Self::Overview(overview) => overview.confidence,
        }
    }
}
