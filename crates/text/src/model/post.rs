//! A recap post, or a note on one.
//!
//! A conference that a post is about.

use super::{Body, Language};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Names a post within its corpus: the file's path under the corpus folder, `/` between parts, without its
/// last extension; the extension is kept where two files would have the same id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PostId(pub String);

impl fmt::Display for PostId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whose words a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PostKind {
    /// The author's own.
    Post,
    /// Someone else's, about a post: the front matter has a `source`.
    Note,
}

/// A post as the corpus holds it. What the file does not say is `None` or empty.
///
/// For a note, `title`, `authors`, `url`, `date` and `publisher` are those of the post that it is about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Post {
    /// Its name within the corpus.
    pub id: PostId,
    /// The file's path under its corpus folder, `/` between parts.
    pub path: String,
    /// A post, or a note on one.
    pub kind: PostKind,
    /// The title, as plain text.
    pub title: Option<String>,
    /// Who wrote it, in the file's order.
    pub authors: Vec<String>,
    /// The day it was published, in the zone that the file gives.
    pub date: Option<Date>,
    /// Where it can be read, an `http` or `https` address.
    pub url: Option<String>,
    /// Who published it, where a note says so.
    pub publisher: Option<String>,
    /// The language of the text.
    pub language: Language,
    /// Tags and categories as written.
    pub tags: Vec<String>,
    /// Ids of the topics that the post is about (`config/topics.toml`).
    pub topics: Vec<String>,
    /// The events that it is about, the main one first.
    pub events: Vec<Event>,
    /// Marked as a draft.
    pub draft: bool,
    /// Not to be shown before this time.
    pub visible_from: Option<Timestamp>,
    /// The readable text and its map.
    pub body: Body,
}

impl Post {
    /// The title that people are shown: of the file name where the post has none.
    #[must_use]
    pub fn display_title(&self) -> &str {
        match &self.title {
            Some(title) => title,
            None => self.id.0.rsplit('/').next().unwrap_or(&self.id.0),
        }
    }

    /// The main event.
    #[must_use]
    pub fn main_event(&self) -> Option<&Event> {
        self.events.first()
    }

    /// When it is published, where that is still to come.
    #[must_use]
    pub fn scheduled_at(&self, now: Timestamp) -> Option<Timestamp> {
        self.visible_from.filter(|from| *from > now)
    }

    /// The authors as one text: `A`, `A and B`, `A, B and C`; `None` where nobody is named.
    #[must_use]
    pub fn byline(&self) -> Option<String> {
        let (last, others) = self.authors.split_last()?;
        Some(if others.is_empty() { last.clone() } else { format!("{} and {last}", others.join(", ")) })
    }
}

/// Names one edition of a conference: lower case, words joined by hyphens, for example `kubecon-na-2019`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EventId(pub String);

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One edition of a conference. What is unknown is `None`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// The conference without year and place: `KubeCon + CloudNativeCon`.
    pub series: String,
    /// What people call this edition, year included where it is known: `KubeCon NA 2019`.
    pub name: String,
    /// The year in which it took place.
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
    /// Name and place as people read it: `KubeCon NA 2019, San Diego`.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.city {
            Some(city) if !self.name.contains(city.as_str()) => format!("{}, {city}", self.name),
            _ => self.name.clone(),
        }
    }
}
