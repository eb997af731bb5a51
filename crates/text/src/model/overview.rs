//! The answer to a question for a set of points: groups of cited lines.

use std::ops::Range;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Event, Excerpt, ExcerptDate, Language, Scope, Shape};

/// An answer in groups of lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Overview {
    /// The form of the answer.
    pub shape: Shape,
    /// The words of the question that name its topic; `None` if it only names a scope.
    pub topic: Option<String>,
    /// The part of the corpus that was read.
    pub scope: Scope,
    /// The number of posts that were read, and of those that the answer is about.
    pub posts: PostCount,
    /// The authors of the posts that were read.
    pub authors: AuthorCount,
    /// The days of the first and the last of the posts that were read; `None` if none has one.
    pub days: Option<(Date, Date)>,
    /// The groups, in the order in which they are shown.
    pub groups: Vec<Group>,
    /// The lines of all groups, one group after the other.
    pub excerpts: Vec<Excerpt>,
    /// Why each line was taken, in the order of `excerpts`: what its score adds up from.
    pub reasons: Vec<Vec<Reason>>,
    /// What the overview is a card of; `None` if it is none.
    pub card: Option<Card>,
    /// Where the topic is named first and last; `None` if the overview tells it of nothing.
    pub mentions: Option<Box<Mentions>>,
    /// What both sides of a comparison tell of, then what only one does.
    pub contrast: Vec<ThemeContrast>,
    /// How many posts name the topic in each year, the first year first. Empty unless the question asks for it.
    pub series: Vec<YearCount>,
    /// How many more lines a list has.
    pub further: u32,
    /// The date of the newest line, if the question asks about the present and that date is long past.
    pub newest: Option<ExcerptDate>,
    /// The confidence that the first line answers the question, 0 to 1; 1 if it is not drawn from a search.
    pub confidence: f32,
    /// Whether there are too few posts to speak of a difference or a change.
    pub too_few: bool,
    /// Whether no line names all that the question asks about.
    pub is_partial: bool,
    /// The names and known things that the question asks about and no line names; empty if these are other words, and `None` if each word
    /// is in a line.
    pub unmentioned: Option<Vec<String>>,
    /// The language of the question. The page speaks it.
    pub language: Language,
}

/// How many people or groups of them wrote some posts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct AuthorCount {
    /// Those whom the posts name. Who wrote a post together counts as one.
    pub named: u32,
    /// Whether a post names nobody. There may be more authors then.
    pub are_some_unnamed: bool,
}

/// Who or what a card is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Card {
    /// The kind of it.
    pub kind: CardKind,
    /// The name; empty for all conferences.
    pub name: String,
    /// The events of the posts that tell of it, each with their number, the most frequent first; those of a conference the newest
    /// first.
    pub events: Vec<(Event, u32)>,
}

/// The kind of what a card is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CardKind {
    /// An author, or somebody whose own words posts hold.
    Person,
    /// A topic.
    Topic,
    /// A project.
    Project,
    /// A company.
    Company,
    /// A conference, or all of them.
    Conference,
}

/// The first and the last post that tell of something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mentions {
    /// The first one.
    pub first: Mention,
    /// The last one.
    pub last: Mention,
}

/// When a post tells of something: the time of its event, or its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    /// The year.
    pub year: i16,
    /// The month, 1 to 12, if it is known.
    pub month: Option<i8>,
    /// The event.
    pub event: Option<Event>,
}

/// A number of posts among others.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct PostCount {
    /// The posts that are counted.
    pub posts: u32,
    /// All posts of the scope.
    pub of: u32,
}

/// Lines that belong together.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// What they have in common.
    pub title: GroupTitle,
    /// The posts that tell of it, among those that were read.
    pub posts: PostCount,
    /// The lines: a range of [`Overview::excerpts`].
    pub lines: Range<usize>,
    /// Why a theme was taken: what its strength adds up from. Empty for other groups.
    pub reasons: Vec<Reason>,
}

/// A term of the sum by which a line or a theme was taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reason {
    /// What it tells of.
    pub kind: ReasonKind,
    /// What it adds.
    pub value: f32,
}

/// What a term of a sum tells of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReasonKind {
    /// A line is a good quote: the grade of its point.
    Grade,
    /// A line is on a theme that many posts have.
    Theme,
    /// A line tells of the event itself.
    Event,
    /// A line is on a topic of events, such as travel.
    EventTopic,
    /// A line is in another language than the question.
    Language,
    /// Better lines of the same section come before.
    Section,
    /// The headings above a line name the topic.
    Heading,
    /// Better lines on the same topic come before.
    Topic,
    /// A line advises, or judges, as the question asks.
    Kind,
    /// A line names what its writers make or sell.
    Promotion,
    /// A line takes a side, for its topic or against it.
    Stance,
    /// How well a line answers the words of the question.
    Rank,
    /// Only the line's own side of a comparison tells of its topic.
    Distinct,
    /// Many posts have a theme.
    Posts,
    /// The posts tell of a theme more than all others do.
    Excess,
}

impl ReasonKind {
    /// What it says, as it stands in an explanation.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Grade => "a good quote",
            Self::Theme => "on a theme of many posts",
            Self::Event => "tells of the event",
            Self::EventTopic => "on a topic of events",
            Self::Language => "in another language",
            Self::Section => "after better lines of its section",
            Self::Heading => "under a heading that names the topic",
            Self::Topic => "after better lines on its topic",
            Self::Kind => "of the kind that is asked for",
            Self::Promotion => "on the writers' own product",
            Self::Stance => "takes a side",
            Self::Rank => "how well it answers",
            Self::Distinct => "on what only its side tells of",
            Self::Posts => "the number of posts",
            Self::Excess => "told of more than elsewhere",
        }
    }
}

/// The side that a view takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    /// It speaks for its topic.
    For,
    /// It speaks against it.
    Against,
}

/// What the lines of a group have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupTitle {
    /// A theme, as it stands in a list: `Service mesh`.
    Theme(String),
    /// Strong points without a theme.
    Also,
    /// Views on the topic.
    Views,
    /// Views on the topic where those of this side are asked for, and none clearly takes it.
    ViewsWithout(Stance),
    /// Views on the topic that take this side.
    Stance(Stance),
    /// What writers advise.
    Advice,
    /// What writers advise not to do, or would not do again.
    Warnings,
    /// The things that a list asks for.
    Items,
    /// The points of one post: its title.
    Post(String),
    /// One of the sides of a comparison: an event, a year, or a thing.
    Side(String),
    /// Numbers that posts give differently, side by side: `8,000 · 7,500+ attendees`.
    Numbers(String),
    /// What was told in a year.
    Year {
        /// The year.
        year: i16,
        /// What turns in it; `None` if the years tell no shares.
        turn: Option<TrendTurn>,
    },
}

/// How the share of posts that name a topic turns in a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TrendTurn {
    /// The topic is named for the first time.
    First,
    /// The share is the highest.
    Peak,
    /// The share is clearly higher than at the turn before.
    Rise,
    /// The share is clearly lower than at the turn before.
    Fall,
}

/// How many posts of each side of a comparison are about a theme.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemeContrast {
    /// The theme, as it stands in a list: `Service mesh`.
    pub name: String,
    /// The posts of the first and the second side.
    pub sides: [PostCount; 2],
    /// The side that tells clearly more of it, 0 or 1.
    pub more: Option<usize>,
}

/// How many posts of a year name a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct YearCount {
    /// The year.
    pub year: i16,
    /// The posts that name it, and all posts of the year.
    pub posts: PostCount,
}

impl YearCount {
    /// A year with fewer posts tells no share.
    const MIN_POSTS: u32 = 5;

    /// The share of the posts that name it; `None` if the year has too few posts to tell one.
    pub fn share(&self) -> Option<f64> {
        self.has_share().then(|| f64::from(self.posts.posts) / f64::from(self.posts.of))
    }

    /// Whether the year has enough posts to tell what share of them names the topic.
    pub fn has_share(&self) -> bool {
        self.posts.of >= Self::MIN_POSTS
    }
}
