//! What can be typed after `takeaways digest`.

use clap::{Subcommand, ValueEnum};
use jiff::Timestamp;
use jiff::civil::Date;

use super::{FormatArgs, examples, parse_time};

/// `takeaways digest`.
#[derive(Debug, Subcommand)]
pub enum DigestCommand {
    /// Prints what a digest would hold. Nothing is posted, and nothing counts as delivered.
    #[command(after_help = examples::DIGEST_PREVIEW)]
    Preview(DigestPreviewArgs),
    /// Sends what is due, and ends: for cron and the like, without a connection to the gateway. Exit code 1 where
    /// something could not be sent.
    #[command(after_help = examples::DIGEST_RUN)]
    Run(DigestRunArgs),
    /// Prints a line for each digest that somebody wants.
    List(FormatArgs),
    /// Prints the last runs with what became of them.
    Log(DigestLogArgs),
}

/// `takeaways digest run`.
#[derive(Debug, clap::Args)]
pub struct DigestRunArgs {
    /// Do as if it were this day (2020-01-31) or time (2020-01-31T09:00Z).
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    pub now: Option<Timestamp>,
    /// Only print what would be sent: nothing is written, and Discord is not asked.
    #[arg(long)]
    pub dry_run: bool,
}

/// `takeaways digest log`.
#[derive(Debug, clap::Args)]
pub struct DigestLogArgs {
    /// Only of this digest, by its number; with or without the #.
    pub id: Option<String>,
    /// The most lines.
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=1_000))]
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
    /// Only posts by this author, or a part of the name (may be repeated).
    #[arg(long, value_name = "NAME")]
    pub author: Vec<String>,
    /// Only posts in this language, by its code: en, de, ja (may be repeated).
    #[arg(long, value_name = "CODE")]
    pub language: Vec<String>,
    /// Posts that were first seen since this day (2020-01-31) or time (2020-01-31T09:00Z).
    #[arg(long, value_name = "DATE", value_parser = parse_time)]
    pub since: Option<Timestamp>,
    /// Posts that are dated from this day on, whenever they were first seen.
    #[arg(long, value_name = "DATE", conflicts_with = "since")]
    pub by_date: Option<Date>,
    /// With --by-date: and up to the day before this one.
    #[arg(long, value_name = "DATE", requires = "by_date")]
    pub until: Option<Date>,
    /// Compose as if it were this day or time.
    #[arg(long, value_name = "DATE", value_parser = parse_time)]
    pub now: Option<Timestamp>,
    /// How to print: plain for people, json for programs, discord for the message that the bot would post.
    #[arg(long, value_enum, default_value_t = DigestFormat::Plain)]
    pub format: DigestFormat,
    /// Also show each post that is left out, and why.
    #[arg(long)]
    pub left_out: bool,
}

/// How a digest is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DigestFormat {
    Plain,
    Json,
    Discord,
}
