//! The arguments of `takeaways`.

mod digest;
mod examples;
mod scope;
mod sources;
mod state;

use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::LazyLock;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use clap_complete::Shell;
use jiff::Timestamp;

use super::usage;
pub use digest::{DigestCommand, DigestLogArgs, DigestPreviewArgs, DigestRunArgs};
pub use scope::{AuthorArgs, EventOptionArgs, QueryArgs, ReadingArgs, ScopeArgs, YearArgs};
pub use sources::{AddArgs, RefreshArgs, RemoveArgs};
pub use state::StateCommand;
pub use takeaways_cli::args::{GlobalArgs, number_up_to, parse_day, parse_time};
use takeaways_cli::args::{corpus_folders, with_corpus_flag};

/// Answers questions about conferences with quotes from the recaps of people who were there.
#[derive(Debug, Parser)]
#[command(version, after_help = examples::ALL, max_term_width = 100)]
pub struct Args {
    #[command(flatten)]
    pub global: GlobalArgs,
    #[command(subcommand)]
    pub command: CliCommand,
}

/// A subcommand.
#[derive(Debug, Subcommand)]
pub enum CliCommand {
    /// Answers a question with excerpts: one to three for a fact, more in groups for takeaways, opinions or a trend.
    #[command(after_help = examples::ASK)]
    Ask(AskArgs),
    /// Prints what people took away from an event.
    #[command(after_help = examples::EVENT)]
    Event(EventArgs),
    /// Compares two events, years, authors or things.
    #[command(after_help = examples::COMPARE)]
    Compare(CompareArgs),
    /// Prints how many posts of each year name a topic, and what they say.
    #[command(after_help = examples::TREND)]
    Trend(TrendArgs),
    /// Prints the card of a person: how many posts, at which events, from when to when, and the best points.
    #[command(after_help = examples::WHO)]
    Who(PersonArgs),
    /// Prints the card of a topic, a project or a company: how many posts, at which events, and the best points.
    #[command(after_help = examples::TOPIC)]
    Topic(ThingArgs),
    /// Prints the five newest recaps.
    #[command(after_help = examples::LATEST)]
    Latest(LatestArgs),
    /// Answers one question after the other.
    #[command(after_help = examples::CHAT)]
    Chat(QueryArgs),
    /// Runs the Discord bot until it is stopped.
    #[command(after_help = examples::SERVE)]
    Serve,
    /// Checks everything the bot needs, also at Discord, and says how to fix each problem.
    #[command(after_help = examples::DOCTOR)]
    Doctor(DoctorArgs),
    /// Previews, sends and lists digests.
    #[command(subcommand, after_help = examples::DIGEST)]
    Digest(DigestCommand),
    /// Checks, lists and shows the posts.
    #[command(subcommand, after_help = examples::CORPUS)]
    Corpus(CorpusCommand),
    /// Backs up, checks and migrates the state, and shows or deletes what is kept of a person.
    #[command(subcommand, after_help = examples::STATE)]
    State(StateCommand),
    /// Shows the effective settings, the source of each, and every problem with them.
    #[command(after_help = examples::CHECK)]
    Check(CheckArgs),
    /// Asks the bot on this machine whether it is healthy; exit code 1 if it can't answer people.
    #[command(after_help = examples::HEALTH)]
    Health {
        /// Only ask whether the process is alive, even if Discord is out of reach. For a supervisor that restarts it.
        #[arg(long)]
        live: bool,
    },
    /// Prints the completions for a shell: `source <(takeaways completions bash)`.
    #[command(after_help = examples::COMPLETIONS)]
    Completions { shell: Shell },
    /// Writes manual pages, one for each command, into a folder.
    #[command(after_help = examples::MAN)]
    Man {
        /// The folder, for example ~/.local/share/man/man1. It is created if it does not exist.
        #[arg(value_name = "DIR")]
        folder: PathBuf,
    },
}

/// `takeaways ask`.
#[derive(Debug, clap::Args)]
pub struct AskArgs {
    /// The question, best in quotation marks.
    #[arg(value_name = "QUESTION", required_unless_present = "batch", conflicts_with = "batch")]
    pub question: Vec<String>,
    /// Answer a file of questions. Each line is `{"id": …, "q": …}` and gets a line of JSON; - is standard input.
    #[arg(long, value_name = "FILE")]
    pub batch: Option<PathBuf>,
    #[command(flatten)]
    pub query: QueryArgs,
    /// Output format: plain for people, json for programs, discord for the message that the bot would send.
    #[arg(long, value_enum)]
    pub format: Option<PageFormat>,
    /// Also explain the answer: how the question was understood, the scores of the best N excerpts (8 if no number is
    /// given), and the parts of the confidence.
    #[arg(long, value_name = "N", num_args = 0..=1, require_equals = true, default_missing_value = "8")]
    pub explain: Option<usize>,
}

/// `takeaways event`.
#[derive(Debug, clap::Args)]
pub struct EventArgs {
    /// The event, for example KubeCon EU 2019.
    #[arg(value_name = "NAME", required = true)]
    pub name: Vec<String>,
    /// Only what is said on this topic.
    #[arg(long, value_name = "TOPIC")]
    pub topic: Option<String>,
    #[command(flatten)]
    pub years: YearArgs,
    #[command(flatten)]
    pub authors: AuthorArgs,
    #[command(flatten)]
    pub reading: ReadingArgs,
    #[command(flatten)]
    pub output: OverviewOutputArgs,
}

/// `takeaways compare`.
#[derive(Debug, clap::Args)]
pub struct CompareArgs {
    /// An event, a year, an author, or a thing.
    #[arg(value_name = "A")]
    pub left: String,
    /// Another one.
    #[arg(value_name = "B")]
    pub right: String,
    #[command(flatten)]
    pub reading: ReadingArgs,
    #[command(flatten)]
    pub output: OverviewOutputArgs,
}

/// `takeaways trend`.
#[derive(Debug, clap::Args)]
pub struct TrendArgs {
    /// The topic, project or company.
    #[arg(value_name = "TOPIC", required = true)]
    pub topic: Vec<String>,
    #[command(flatten)]
    pub overview: OverviewArgs,
}

/// `takeaways who`.
#[derive(Debug, clap::Args)]
pub struct PersonArgs {
    /// The name, or a part of it that no other person has.
    #[arg(value_name = "NAME", required = true)]
    pub name: Vec<String>,
    #[command(flatten)]
    pub events: EventOptionArgs,
    #[command(flatten)]
    pub years: YearArgs,
    #[command(flatten)]
    pub reading: ReadingArgs,
    #[command(flatten)]
    pub output: OverviewOutputArgs,
}

/// `takeaways topic`.
#[derive(Debug, clap::Args)]
pub struct ThingArgs {
    /// The topic, project or company.
    #[arg(value_name = "NAME", required = true)]
    pub name: Vec<String>,
    #[command(flatten)]
    pub overview: OverviewArgs,
}

/// `takeaways latest`.
#[derive(Debug, clap::Args)]
pub struct LatestArgs {
    /// Take this day (2020-01-31) or time (2020-01-31T09:00Z) for now: posts scheduled for later are hidden.
    #[arg(long, value_name = "DATE", value_parser = parse_time)]
    pub now: Option<Timestamp>,
}

/// The scope of an overview, and how it is printed.
#[derive(Debug, clap::Args)]
pub struct OverviewArgs {
    #[command(flatten)]
    pub scope: ScopeArgs,
    #[command(flatten)]
    pub output: OverviewOutputArgs,
}

/// How an overview is printed.
#[derive(Debug, clap::Args)]
pub struct OverviewOutputArgs {
    /// Output format: plain for people, json for programs, discord for the message that the bot would send.
    #[arg(long, value_enum)]
    pub format: Option<PageFormat>,
    /// Also tell why each theme and each line was taken.
    #[arg(long)]
    pub explain: bool,
}

/// `takeaways check`.
#[derive(Debug, clap::Args)]
pub struct CheckArgs {
    /// Also show the settings that have their defaults.
    #[arg(long)]
    pub all: bool,
    #[command(flatten)]
    pub output: FormatArgs,
}

/// `takeaways doctor`.
#[derive(Debug, clap::Args)]
pub struct DoctorArgs {
    /// Also check the bot's permissions in this server. Takes the server's id, which Discord's developer mode copies.
    #[arg(long, value_name = "ID", value_parser = clap::value_parser!(u64).range(1..))]
    pub server: Option<u64>,
    /// Also check the bot's permissions in this channel of the server.
    #[arg(long, value_name = "ID", requires = "server", value_parser = clap::value_parser!(u64).range(1..))]
    pub channel: Option<u64>,
}

/// `takeaways corpus`.
#[derive(Debug, Subcommand)]
pub enum CorpusCommand {
    /// Prints every problem of the posts and how to fix it; exit code 1 if a post can't be read.
    #[command(after_help = examples::CHECKS)]
    Check {
        #[command(flatten)]
        output: FormatArgs,
        /// Print each warning and hint, also those that many files have.
        #[arg(long)]
        all: bool,
    },
    /// Takes in the posts of a blog: finds its feed, sitemap or page, shows what is there, and asks.
    #[command(after_help = examples::CORPUS_ADD)]
    Add(AddArgs),
    /// Prints one line per source of posts.
    Sources(FormatArgs),
    /// Reads the sources at once, whether they are due or not; exit code 1 if one can't be read.
    #[command(after_help = examples::CORPUS_REFRESH)]
    Refresh(RefreshArgs),
    /// Removes a source with its posts, or takes one post out for good.
    #[command(after_help = examples::CORPUS_REMOVE)]
    Remove(RemoveArgs),
    /// Prints the number of posts, their dates, languages and events.
    Status(FormatArgs),
    /// Prints one line per post.
    List(FormatArgs),
    /// Prints the topics that posts are about, with the number of posts, the most frequent first.
    #[command(after_help = examples::CORPUS_NAMES)]
    Topics(NamesArgs),
    /// Prints the projects that posts name, with the number of posts, the most frequent first.
    #[command(after_help = examples::CORPUS_NAMES)]
    Projects(NamesArgs),
    /// Prints the companies that posts name, with the number of posts, the most frequent first.
    #[command(after_help = examples::CORPUS_NAMES)]
    Companies(NamesArgs),
    /// Prints the authors and speakers, with the number of posts, the most frequent first.
    #[command(after_help = examples::CORPUS_NAMES)]
    People(NamesArgs),
    /// Prints the readable text of a post and nothing else. Spans count bytes of this text.
    Text {
        /// The post's name or path, as `corpus list` shows it.
        post: String,
        /// Print only this line and those around it, with their numbers. Sources below quotes name it.
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
        line: Option<u32>,
    },
    /// Prints the metadata and the blocks of a post.
    Show {
        /// The post's name or path, as `corpus list` shows it.
        post: String,
        #[command(flatten)]
        output: FormatArgs,
    },
}

/// `takeaways corpus topics`, `projects`, `companies` and `people`.
#[derive(Debug, clap::Args)]
pub struct NamesArgs {
    /// Only posts about this event, for example "KubeCon EU 2019" (may be repeated).
    #[arg(long, value_name = "NAME")]
    pub event: Vec<String>,
    #[command(flatten)]
    pub output: FormatArgs,
}

/// The output format of a command.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct FormatArgs {
    /// Output format: plain for people, json for programs.
    #[arg(long, value_enum, default_value_t = OutputFormat::Plain)]
    pub format: OutputFormat,
}

/// The output format of an answer or a digest: for people, for programs, or the message of the bot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum PageFormat {
    Plain,
    Json,
    Discord,
}

/// An output format: for people, or for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    Plain,
    Json,
}

/// Parses the arguments. A question in the place of a command is asked.
///
/// # Errors
/// A help text, the version, or a problem of the arguments.
pub fn parse(arguments: &[OsString]) -> Result<Args, clap::Error> {
    let matches = command().try_get_matches_from(arguments).or_else(|error| {
        match usage::as_question(arguments, &error) {
            Some(question) => command().try_get_matches_from(question),
            None => Err(error),
        }
    })?;
    let mut args = Args::from_arg_matches(&matches)?;
    args.global.corpus = corpus_folders(&matches);
    Ok(args)
}

/// The whole command line.
pub fn command() -> clap::Command {
    with_corpus_flag(Args::command()).version(VERSION.as_str())
}

/// The version for people. Whoever builds the program may name the commit; an archive of the source has none.
static VERSION: LazyLock<String> = LazyLock::new(|| version(option_env!("TAKEAWAYS_COMMIT")));

fn version(commit: Option<&str>) -> String {
    let commit = commit.filter(|commit| !commit.is_empty());
    env!("CARGO_PKG_VERSION").to_owned() + &commit.map(|commit| format!(" ({commit})")).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_are_well_formed() {
        command().debug_assert();
    }

    #[test]
    fn the_version_has_the_commit_of_a_build_that_names_it() {
        let plain = env!("CARGO_PKG_VERSION");
        assert_eq!(version(None), plain);
        assert_eq!(version(Some("")), plain);
        assert_eq!(version(Some("1a2b3c4")), format!("{plain} (1a2b3c4)"));
    }

    #[test]
    fn options_for_all_commands_have_one_order() {
        let mut open = vec![command()];
        while let Some(mut command) = open.pop() {
            command.build();
            let help = command.render_help().to_string();
            let everywhere = help.split_once("Everywhere:\n").map(|(_, rest)| rest).unwrap_or_default();
            let everywhere = everywhere.split_once("\n\n").map_or(everywhere, |(options, _)| options);
            let options: Vec<&str> = everywhere
                .split_whitespace()
                .filter(|word| word.starts_with("--"))
                .map(|word| word.trim_end_matches(['.', ',']))
                .collect();
            let expected = ["--corpus", "--state-dir", "--config", "--verbose", "--quiet", "--color"];
            assert_eq!(options, expected, "{}", command.get_name());
            open.extend(command.get_subcommands().filter(|sub| sub.get_name() != "help").cloned());
        }
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
                assert!(parse(&words(&format!("takeaways {example}"))).is_ok(), "{line}");
            }
            open.extend(command.get_subcommands().cloned());
        }
        assert!(seen > 15, "{seen}");
    }

    /// Splits a line as a shell does: up to a redirection, at spaces outside of quotation marks.
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
