//! The arguments that tell which posts are searched, and when.

use std::str::FromStr;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use takeaways_answer::parse_years;
use takeaways_cli::args::{number_up_to, parse_time};
use takeaways_text::model::{Years, YearsError};

/// The value of `--year`: "last year" means other years later, so it is kept as typed.
#[derive(Debug, Clone)]
pub struct YearWords(String);

impl YearWords {
    /// Returns the years on a day.
    ///
    /// # Errors
    /// If the words name no years.
    pub fn years(&self, today: Date) -> Result<Years, YearsError> {
        parse_years(&self.0, today)
    }
}

impl FromStr for YearWords {
    type Err = YearsError;

    fn from_str(input: &str) -> Result<Self, YearsError> {
        let words = Self(input.to_owned());
        words.years(Timestamp::now().to_zoned(TimeZone::UTC).date()).map(|_| words)
    }
}

/// The scope and the options of a search.
#[derive(Debug, clap::Args)]
pub struct QueryArgs {
    #[command(flatten)]
    pub scope: ScopeArgs,
    /// Show at most this many excerpts for a fact, up to three. An overview in groups is always whole.
    #[arg(long, value_name = "N", value_parser = |text: &str| number_up_to(3_u8, text))]
    pub limit: Option<u8>,
}

/// The posts that are searched, and the time of asking.
#[derive(Debug, Default, clap::Args)]
pub struct ScopeArgs {
    #[command(flatten)]
    pub events: EventOptionArgs,
    #[command(flatten)]
    pub years: YearArgs,
    #[command(flatten)]
    pub authors: AuthorArgs,
    #[command(flatten)]
    pub reading: ReadingArgs,
}

/// The events that posts are about.
#[derive(Debug, Default, Clone, clap::Args)]
pub struct EventOptionArgs {
    /// Only posts about this event, for example "KubeCon EU 2019" (may be repeated).
    #[arg(long, value_name = "NAME")]
    pub event: Vec<String>,
}

/// The years of posts.
#[derive(Debug, Default, Clone, clap::Args)]
pub struct YearArgs {
    /// Only this year or these years: 2019, 2018-2020, "since 2018" (may be repeated for consecutive years).
    #[arg(long, value_name = "YEAR")]
    pub year: Vec<YearWords>,
}

/// The authors of posts.
#[derive(Debug, Default, Clone, clap::Args)]
pub struct AuthorArgs {
    /// Only posts by this author; a part of the name is enough (may be repeated).
    #[arg(long, value_name = "NAME")]
    pub author: Vec<String>,
}

/// When and how posts are read.
#[derive(Debug, Default, Clone, clap::Args)]
pub struct ReadingArgs {
    /// Take this day (2020-01-31) or time (2020-01-31T09:00Z) for now: "last year" is the one before it, and posts scheduled
    /// for later are hidden. Posts dated later are not.
    #[arg(long, value_name = "DATE", value_parser = parse_time)]
    pub now: Option<Timestamp>,
    /// Read every post again, even if it seems unchanged.
    #[arg(long)]
    pub verify: bool,
}
