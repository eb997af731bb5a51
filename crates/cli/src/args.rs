//! The options that all programs of the workspace share, and parsers of their values.

use std::fmt::Display;
use std::path::PathBuf;
use std::str::FromStr;

use clap::ArgMatches;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// The options that every command has.
#[derive(Debug, clap::Args)]
#[command(next_help_heading = "Everywhere")]
pub struct GlobalArgs {
    /// Folders with posts in the order of the command line: see [`corpus_folders`].
    #[arg(skip)]
    pub corpus: Vec<PathBuf>,
    /// Folder for the index and the state, instead of the platform's data folder.
    #[arg(long, global = true, value_name = "DIR", display_order = 2)]
    pub state_dir: Option<PathBuf>,
    /// Settings file to read instead of takeaways.toml.
    #[arg(long, global = true, value_name = "FILE", display_order = 3)]
    pub config: Option<PathBuf>,
    /// Log more to standard error: -v for info, -vv for debug.
    #[arg(short, long, global = true, action = clap::ArgAction::Count, conflicts_with = "quiet", display_order = 4)]
    pub verbose: u8,
    /// Log only errors to standard error.
    #[arg(short, long, global = true, display_order = 5)]
    pub quiet: bool,
    /// Use colours: auto (the default), always or never.
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        value_enum,
        default_value = "auto",
        hide_default_value = true,
        hide_possible_values = true,
        display_order = 6
    )]
    pub color: ColorWhen,
}

/// When output has colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ColorWhen {
    /// As the terminal and the variables `NO_COLOR`, `CLICOLOR` and `CLICOLOR_FORCE` say.
    Auto,
    /// Also in a pipe or a file.
    Always,
    /// Not even at a terminal.
    Never,
}

/// Adds `--corpus` to a command and to all its subcommands.
pub fn with_corpus_flag(command: clap::Command) -> clap::Command {
    let names: Vec<String> = command.get_subcommands().map(|sub| sub.get_name().to_owned()).collect();
    names
        .into_iter()
        .fold(command.arg(corpus_flag()), |command, name| command.mut_subcommand(name, with_corpus_flag))
}

/// Each level has its own flag: if a global flag of clap stands both before and after a subcommand, clap drops the
/// first.
fn corpus_flag() -> clap::Arg {
    clap::Arg::new("corpus")
        .long("corpus")
        .value_name("DIR")
        .help("Folder with posts, instead of the built-in notes (may be repeated)")
        .help_heading("Everywhere")
        .display_order(1)
        .action(clap::ArgAction::Append)
        .value_parser(clap::value_parser!(PathBuf))
}

/// The folders of all `--corpus` flags, in the order of the command line.
pub fn corpus_folders(matches: &ArgMatches) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    let mut level = Some(matches);
    while let Some(matches) = level {
        folders.extend(matches.get_many::<PathBuf>("corpus").into_iter().flatten().cloned());
        level = matches.subcommand().map(|(_, matches)| matches);
    }
    folders
}

/// Parses a time, or a day as its first moment in UTC.
///
/// # Errors
/// If the text is neither. The error tells people what to write instead.
pub fn parse_time(text: &str) -> Result<Timestamp, String> {
    let text = text.trim();
    let day = || text.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok().map(|zoned| zoned.timestamp());
    let zoned = || text.parse::<Zoned>().ok().map(|zoned| zoned.timestamp());
    text.parse::<Timestamp>()
        .ok()
        .or_else(zoned)
        .or_else(day)
        .ok_or_else(|| "write a day like 2020-01-31, or a time with a zone like 2020-01-31T09:00Z".into())
}

/// Parses a day.
///
/// # Errors
/// If the text is not a day of the calendar. The error tells people what to write instead.
pub fn parse_day(text: &str) -> Result<Date, String> {
    text.trim().parse().map_err(|_| "write a day like 2020-01-31".into())
}

/// Parses a number from 1 to `most`.
///
/// # Errors
/// If the text is no such number.
pub fn number_up_to<T>(most: T, text: &str) -> Result<T, String>
where
    T: Copy + FromStr + PartialOrd + From<u8> + Display,
{
    let number = text.parse().ok().filter(|number| *number >= T::from(1) && *number <= most);
    number.ok_or_else(|| format!("write a number from 1 to {most}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_bounds_that_are_told() {
        assert_eq!((number_up_to(3, "1"), number_up_to(3, "3")), (Ok(1), Ok(3)));
        for text in ["0", "4", "-1", "x", "", "99999999999"] {
            assert_eq!(number_up_to(3_u8, text), Err("write a number from 1 to 3".to_owned()), "{text}");
        }
    }

    #[test]
    fn times_as_people_write_them() {
        for (text, expected) in [
            ("2020-01-31", Some("2020-01-31T00:00:00Z")),
            ("2020-01-31T09:00Z", Some("2020-01-31T09:00:00Z")),
            ("2020-01-31T09:00:00+02:00", Some("2020-01-31T07:00:00Z")),
            ("2020-01-31T09:00[Europe/Berlin]", Some("2020-01-31T08:00:00Z")),
            ("2020-02-30", None),
            ("yesterday", None),
            ("", None),
        ] {
            assert_eq!(parse_time(text).ok().map(|time| time.to_string()).as_deref(), expected, "{text}");
        }
    }
}
