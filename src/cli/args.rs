//! What can be typed after `takeaways`.

mod digest;
mod examples;

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use jiff::Timestamp;

pub use digest::{DigestCommand, DigestFormat, DigestLogArgs, DigestPreviewArgs, DigestRunArgs};
pub use takeaways_cli::args::{GlobalArgs, parse_time};
use takeaways_cli::args::{corpus_folders, with_corpus_flag};
use takeaways_text::model::Years;

/// Answers questions about conferences with the words of those who were there.
#[derive(Debug, Parser)]
#[command(version, after_help = examples::ALL, max_term_width = 100)]
pub struct Args {
    #[command(flatten)]
    pub global: GlobalArgs,
    #[command(subcommand)]
    pub command: CliCommand,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum CliCommand {
    /// Answers a question with one to three excerpts.
    #[command(after_help = examples::ASK)]
    Ask(AskArgs),
    /// Answers question after question.
    #[command(after_help = examples::CHAT)]
    Chat(QueryArgs),
    /// Runs the bot: `/ask`, direct messages and mentions, until it is told to end.
    #[command(after_help = examples::SERVE)]
    Serve,
    /// Looks at all that the bot needs, asks Discord too, and says what to do about what is missing.
    #[command(after_help = examples::DOCTOR)]
    Doctor(DoctorArgs),
    /// Shows what digests hold.
    #[command(subcommand, after_help = examples::DIGEST)]
    Digest(DigestCommand),
    /// Looks at the posts themselves.
    #[command(subcommand, after_help = examples::CORPUS)]
    Corpus(CorpusCommand),
    /// Looks after what outlives the bot: its digests, and what of them was posted.
    #[command(subcommand, after_help = examples::STATE)]
    State(StateCommand),
    /// Shows the settings that hold, where each comes from, and all that is wrong with them.
    #[command(after_help = examples::CHECK)]
    Check(FormatArgs),
    /// Asks the bot that runs on this machine how it is; exit code 1 where it does not answer people.
    #[command(after_help = examples::HEALTH)]
    Health {
        /// Only whether it lives, also where Discord is out of reach: for a supervisor that restarts what is not well.
        #[arg(long)]
        live: bool,
    },
    /// Prints completions for a shell: `source <(takeaways completions bash)`.
    Completions { shell: Shell },
}

/// `takeaways ask`.
#[derive(Debug, clap::Args)]
pub struct AskArgs {
    /// What to ask, best in quotation marks.
    #[arg(value_name = "QUESTION", required_unless_present = "batch", conflicts_with = "batch")]
    pub question: Vec<String>,
    /// Answer a file of questions, `{"id": …, "q": …}` a line, with a line of JSON each; - is standard input.
    #[arg(long, value_name = "FILE")]
    pub batch: Option<PathBuf>,
    #[command(flatten)]
    pub query: QueryArgs,
    /// How to print: plain for people, json for programs, discord for the message that a bot would send.
    #[arg(long, value_enum)]
    pub format: Option<AskFormat>,
    /// Also show why the answer is what it is: how the question was understood, the best N stretches of the posts with
    /// what each was weighed by, and what makes the confidence; 8 without a number.
    #[arg(long, value_name = "N", num_args = 0..=1, require_equals = true, default_missing_value = "8")]
    pub explain: Option<usize>,
}

/// `takeaways doctor`.
#[derive(Debug, clap::Args)]
pub struct DoctorArgs {
    /// Also look whether the bot may do its work in this server: its id, as Discord's developer mode copies it.
    #[arg(long, value_name = "ID", value_parser = clap::value_parser!(u64).range(1..))]
    pub server: Option<u64>,
    /// And in this channel of it.
    #[arg(long, value_name = "ID", requires = "server", value_parser = clap::value_parser!(u64).range(1..))]
    pub channel: Option<u64>,
}

/// Where and how to look.
#[derive(Debug, clap::Args)]
pub struct QueryArgs {
    /// Only posts about this event, for example "KubeCon EU 2019" (may be repeated).
    #[arg(long, value_name = "NAME")]
    pub event: Vec<String>,
    /// Only this year, or these: 2019, 2018-2020 (may be repeated for years that follow each other).
    #[arg(long, value_name = "YEAR", value_parser = clap::value_parser!(Years))]
    pub year: Vec<Years>,
    /// Only posts by this author, or a part of the name (may be repeated).
    #[arg(long, value_name = "NAME")]
    pub author: Vec<String>,
    /// The most excerpts to show.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u8).range(1..=3))]
    pub limit: Option<u8>,
    /// Answer as if it were this day (2020-01-31) or time (2020-01-31T09:00Z).
    #[arg(long, value_name = "DATE", value_parser = parse_time)]
    pub now: Option<Timestamp>,
    /// Read every post again, also those that seem unchanged.
    #[arg(long)]
    pub verify: bool,
}

/// `takeaways corpus`.
#[derive(Debug, Subcommand)]
pub enum CorpusCommand {
    /// Prints all that is wrong with the posts, and what to do; exit code 1 where something can't be read.
    Check(FormatArgs),
    /// Prints how many posts there are, about what, from when.
    Status(FormatArgs),
    /// Prints a line for each post.
    List(FormatArgs),
    /// Prints the readable text of a post, which all spans count in, and nothing else.
    Text {
        /// Its name or path as `corpus list` shows it.
        post: String,
    },
    /// Prints what is known of a post, and its blocks.
    Show {
        /// Its name or path as `corpus list` shows it.
        post: String,
        #[command(flatten)]
        output: FormatArgs,
    },
}

/// `takeaways state`.
#[derive(Debug, Subcommand)]
pub enum StateCommand {
    /// Copies the state into a new file, as it is at one time, also while the bot runs.
    Backup {
        /// The copy; it must not be there yet.
        file: PathBuf,
    },
    /// Looks whether the state is whole, and what it holds; exit code 1 where something is wrong.
    Check(FormatArgs),
    /// Brings the state of an older version up to date, as the bot does at its start.
    Migrate,
}

/// How to print.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct FormatArgs {
    /// How to print: plain for people, json for programs.
    #[arg(long, value_enum, default_value_t = OutputFormat::Plain)]
    pub format: OutputFormat,
}

/// How an answer is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AskFormat {
    Plain,
    Json,
    Discord,
}

/// How something is printed: for people, or for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    Plain,
    Json,
}

/// What was typed, or what to tell the person instead.
pub fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Args, clap::Error> {
    let matches = command().try_get_matches_from(arguments)?;
    let mut args = Args::from_arg_matches(&matches)?;
    args.global.corpus = corpus_folders(&matches);
    Ok(args)
}

/// All that can be typed.
pub fn command() -> clap::Command {
    with_corpus_flag(Args::command())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_are_well_formed() {
        command().debug_assert();
    }

    #[test]
    fn every_example_in_the_help_parses() {
        let mut open = vec![command()];
        let mut seen = 0;
        while let Some(command) = open.pop() {
            let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
            for line in help.lines() {
                let Some((_, example)) = line.split_once("takeaways ").filter(|_| line.starts_with("  "))
                else {
                    continue;
                };
                seen += 1;
                assert!(parse(words(&format!("takeaways {example}"))).is_ok(), "{line}");
            }
            open.extend(command.get_subcommands().cloned());
        }
        assert!(seen > 15, "{seen}");
    }

    /// As a shell would: up to a redirection, divided at spaces outside of quotation marks.
    fn words(line: &str) -> Vec<OsString> {
        let mut words = vec![String::new()];
        let mut quote = None;
        for c in line.chars() {
            match (c, quote) {
                ('>' | '<' | '|', None) => break,
                (' ', None) => words.push(String::new()),
                ('"' | '\'', None) => quote = Some(c),
                (c, Some(mark)) if c == mark => quote = None,
                (c, _) => words.last_mut().expect("there is one").push(c),
            }
        }
        words.into_iter().filter(|word| !word.is_empty()).map(OsString::from).collect()
    }
}
