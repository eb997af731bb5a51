//! The arguments of `takeaways digest`.

use std::time::Duration;

use clap::Subcommand;
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::{FormatArgs, PageFormat, examples, number_up_to, parse_day, parse_time};

/// `takeaways digest`.
#[derive(Debug, Subcommand)]
pub enum DigestCommand {
    /// Prints a digest without posting it. Nothing counts as delivered.
    #[command(after_help = examples::DIGEST_PREVIEW)]
    Preview(DigestPreviewArgs),
    /// Sends the digests that are due, then ends. For cron: it needs no gateway connection. Exit code 1 if a digest was
    /// not sent, with a line for each.
    #[command(after_help = examples::DIGEST_RUN)]
    Run(DigestRunArgs),
    /// Prints one line per digest.
    List(FormatArgs),
    /// Prints the last runs and their outcomes.
    Log(DigestLogArgs),
}

/// `takeaways digest run`.
#[derive(Debug, clap::Args)]
pub struct DigestRunArgs {
    /// Run as if it were this day (2020-01-31) or time (2020-01-31T09:00Z).
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub now: Option<Timestamp>,
    /// Retry what Discord does not take for at most this long, for example 90s, 10m or 1h.
    #[arg(long = "for", value_name = "TIME", default_value = "15m", value_parser = parse_period)]
    pub limit: Duration,
    /// Only print what would be sent. Nothing is saved, and Discord is not contacted.
    #[arg(long)]
    pub dry_run: bool,
}

/// `takeaways digest log`.
#[derive(Debug, clap::Args)]
pub struct DigestLogArgs {
    /// Only runs of the digest with this number, with or without the #.
    pub id: Option<String>,
    /// Print at most this many lines.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = |text: &str| number_up_to(1_000_u32, text))]
    pub limit: u32,
    #[command(flatten)]
    pub output: FormatArgs,
}

/// `takeaways digest preview`.
#[derive(Debug, clap::Args)]
pub struct DigestPreviewArgs {
    /// Only posts about this event, for example "KubeCon EU 2019" (may be repeated).
    #[arg(long, value_name = "NAME")]
    pub event: Vec<String>,
    /// Only posts about this topic, for example "service mesh" (may be repeated).
    #[arg(long, value_name = "NAME")]
    pub topic: Vec<String>,
    /// Only posts by this author; a part of the name is enough (may be repeated).
    #[arg(long, value_name = "NAME")]
    pub author: Vec<String>,
    /// Only posts in this language, by its code: en, de, ja (may be repeated).
    #[arg(long, value_name = "CODE")]
    pub language: Vec<String>,
    /// Only posts that were first seen since this day (2020-01-31) or time (2020-01-31T09:00Z).
    #[arg(long, value_name = "DATE", value_parser = parse_time)]
    pub since: Option<Timestamp>,
    /// Only posts dated on this day or later, no matter when they were first seen.
    #[arg(long, value_name = "DATE", conflicts_with = "since", value_parser = parse_day)]
    pub by_date: Option<Date>,
    /// With --by-date: only posts dated before this day.
    #[arg(long, value_name = "DATE", requires = "by_date", value_parser = parse_day)]
    pub until: Option<Date>,
    /// Compose as if it were this day or time.
    #[arg(long, value_name = "DATE", value_parser = parse_time)]
    pub now: Option<Timestamp>,
    /// Output format: plain for people, json for programs, discord for the message that the bot would post.
    #[arg(long, value_enum, default_value_t = PageFormat::Plain)]
    pub format: PageFormat,
    /// Also list the posts that are left out, with the reason.
    #[arg(long)]
    pub left_out: bool,
}

/// Parses a period such as `90s`, `10m` or `1h 30m`.
fn parse_period(text: &str) -> Result<Duration, String> {
    let period: Option<SignedDuration> = text.parse().ok();
    let period = period.and_then(|period| Duration::try_from(period).ok());
    period.filter(|period| !period.is_zero()).ok_or_else(|| "write a period like 90s, 10m or 1h".to_owned())
}
