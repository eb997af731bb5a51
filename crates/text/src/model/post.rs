//! Posts, notes on posts, and the events that they are about.

use super::{Body, Language};
use crate::lists::join_and;
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use std::fmt;

/// The id of a post within its corpus: the file's path under the corpus folder, with `/` between parts and without its
/// last extension. The extension stays if two files would have the same id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PostId(pub String);

impl fmt::Display for PostId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whose words a file contains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostKind {
    /// The author's own words.
    Post,
    /// Someone else's words about a post: the front matter has a `source`.
    Note,
}

/// A post of the corpus. A field that the file does not state is `None` or empty.
///
/// For a note, `title`, `authors`, `url`, `date` and `publisher` describe the post that it is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Post {
    /// Its id within the corpus.
    pub id: PostId,
    /// The path of the file under its corpus folder, with `/` between parts.
    pub path: String,
    /// A post, or a note on one.
    pub kind: PostKind,
    /// The title, as plain text.
    pub title: Option<String>,
    /// The authors, in the order of the file.
    pub authors: Vec<String>,
    /// The day of publication, in the zone that the file names.
    pub date: Option<Date>,
    /// Its address, with `http` or `https`.
    pub url: Option<String>,
    /// The publisher, if a note names one.
    pub publisher: Option<String>,
    /// The language of the text.
    pub language: Language,
    /// Tags and categories as written.
    pub tags: Vec<String>,
    /// Ids of the topics that the post is about (`config/topics.toml`).
    pub topics: Vec<String>,
    /// Ids of the projects that the text names (`config/entities.toml`), the most named first.
    pub projects: Vec<String>,
    /// Ids of the companies that the text names, likewise.
    pub companies: Vec<String>,
    /// The events that the post is about, the main one first.
    pub events: Vec<Event>,
    /// Whether the post is a draft.
    pub draft: bool,
    /// Whether a note is about a draft. Such a note is no draft itself.
    pub is_about_draft: bool,
    /// The time before which the post must not be shown.
    pub visible_from: Option<Timestamp>,
    /// The readable text with its structure.
    pub body: Body,
}

impl Post {
    /// The title to show: made from the file name if the post has none.
    pub fn display_title(&self) -> &str {
        match &self.title {
            Some(title) => title,
            None => self.id.0.rsplit('/').next().unwrap_or(&self.id.0),
        }
    }

    /// The main event.
    pub fn main_event(&self) -> Option<&Event> {
        self.events.first()
    }

    /// The event that the headings of a section name, in a post about several events.
    pub fn section_event(&self, section: u32) -> Option<&Event> {
        let event = self.body.sections.get(section as usize)?.event?;
        self.events.get(usize::from(event))
    }

    /// The time of publication, if it is in the future.
    pub fn scheduled_at(&self, now: Timestamp) -> Option<Timestamp> {
        self.visible_from.filter(|from| *from > now)
    }

    /// The authors as one text: `A`, `A and B`, `A, B and C`; `None` if nobody is named.
    pub fn byline(&self) -> Option<String> {
        (!self.authors.is_empty()).then(|| join_and(&self.authors))
    }
}

/// The id of one edition of a conference: lower case, words joined by hyphens, for example `kubecon-na-2019`.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventId(pub String);

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One edition of a conference. Unknown fields are `None`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// The conference without year and place: `KubeCon + CloudNativeCon`.
    pub series: String,
    /// The usual name of this edition, including the year if it is known: `KubeCon NA 2019`.
    pub name: String,
    /// The year of the event.
    pub year: Option<i16>,
    /// The city; `None` for events online.
    pub city: Option<String>,
    /// Country name in English.
    pub country: Option<String>,
    /// The edition's region as the organisers name it: `North America`, `Europe`, `China`.
    pub region: Option<String>,
    /// First day.
    pub start: Option<Date>,
    /// Last day.
    pub end: Option<Date>,
}

impl Event {
    /// The name and the place: `KubeCon NA 2019, San Diego`.
    pub fn label(&self) -> String {
        match &self.city {
            Some(city) if !self.name.contains(city.as_str()) => format!("{}, {city}", self.name),
            _ => self.name.clone(),
        }
    }
}
