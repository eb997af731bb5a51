//! A time zone of the IANA database, by name.

use std::fmt;
use std::str::FromStr;

use jiff::tz::TimeZone;

/// A time zone with its IANA name. It compares by name.
#[derive(Debug, Clone)]
pub struct Zone {
    name: String,
    rules: TimeZone,
}

/// What is no zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no time zone is called {0:?}: name one of the IANA database, such as Europe/Berlin")]
pub struct ZoneError(pub String);

impl Zone {
    /// Coordinated universal time.
    #[must_use]
    pub fn utc() -> Self {
        Self { name: "UTC".to_owned(), rules: TimeZone::UTC }
    }

    /// Its IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its rules.
    #[must_use]
    pub fn rules(&self) -> &TimeZone {
        &self.rules
    }
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Zone {}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

impl FromStr for Zone {
    type Err = ZoneError;

    fn from_str(name: &str) -> Result<Self, ZoneError> {
        let rules = TimeZone::get(name.trim()).map_err(|_| ZoneError(name.to_owned()))?;
        let name = rules.iana_name().ok_or_else(|| ZoneError(name.to_owned()))?.to_owned();
        Ok(Self { name, rules })
    }
}
