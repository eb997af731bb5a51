//! A conference that a post is about.

use std::fmt;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

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
