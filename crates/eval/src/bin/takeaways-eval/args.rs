//! The arguments of `takeaways-eval`, and the help texts of its commands.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use jiff::Timestamp;

use takeaways_cli::args::{GlobalArgs, corpus_folders, parse_time, with_corpus_flag};

/// Measures answers: against questions with known answers, against a collection of judged documents, and one
/// measurement against another.
#[derive(Debug, Parser)]
#[command(name = "takeaways-eval", version, after_help = ALL, max_term_width = 100)]
pub(crate) struct EvalArgs {
    #[command(flatten)]
    pub global: GlobalArgs,
    #[command(subcommand)]
    pub command: EvalCommand,
}

/// What to measure.
#[derive(Debug, Subcommand)]
pub(crate) enum EvalCommand {
    /// Asks questions whose answers are known, and counts how many are answered rightly, wrongly and not at all.
    #[command(after_help = QUESTIONS)]
    Questions(EvalQuestionsArgs),
    /// Asks questions whose excerpts are graded, and says how good the shown ones are.
    #[command(after_help = JUDGED)]
    Judged(EvalJudgedArgs),
    /// Ranks the documents of a collection in BEIR layout and measures it as `trec_eval` does.
    #[command(after_help = COLLECTION)]
    Collection(EvalCollectionArgs),
    /// Asks questions for a set of points, and says how many of the points the answers hold.
    #[command(after_help = OVERVIEWS)]
    Overviews(EvalOverviewsArgs),
    /// Says how well the points of the posts agree with sentences that readers graded, and fits their weights.
    #[command(after_help = POINTS)]
    Points(EvalPointsArgs),
    /// Says how many questions are recognised as what they ask for, and fits the weights of the words that tell it.
    #[command(after_help = SHAPES)]
    Shapes(EvalShapesArgs),
    /// Says how many questions are limited to the events, years and people that they mean.
    #[command(after_help = SCOPES)]
    Scopes(EvalLabelsArgs),
    /// Holds conversations, and says how many turns have the right scope and the right answer.
    #[command(after_help = CONVERSATIONS)]
    Conversations(EvalLabelsArgs),
    /// Compares two reports question by question, and tells luck from difference.
    #[command(after_help = COMPARE)]
    Compare(EvalCompareArgs),
    /// Fits the weights of the ranking and of the confidence to questions whose answers are known.
    #[command(after_help = FIT)]
    Fit(EvalFitArgs),
}

/// `takeaways-eval questions`.
#[derive(Debug, clap::Args)]
pub(crate) struct EvalQuestionsArgs {
    /// Files of questions, one in a line of JSON.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub output: EvalFormatArgs,
    /// Show what was asked, wanted and shown for up to so many misses, the worst first.
    #[arg(long, value_name = "N", default_value_t = 10)]
    pub misses: usize,
    /// Ask each question with the posts that answer it taken away, which makes it one without an answer; those that
    /// another post answers are left out.
    #[arg(long, conflicts_with_all = ["plot", "time"])]
    pub hide_answers: bool,
    /// Write a picture of how often answers are right by how sure they were, as SVG.
    #[arg(long, value_name = "FILE")]
    pub plot: Option<PathBuf>,
    /// Also measure how long an answer takes: the one part of the report that is never the same twice.
    #[arg(long)]
    pub time: bool,
    /// Ask as if it were this day or time.
    #[arg(long, value_name = "DATE", value_parser = parse_time, default_value = DEFAULT_DAY)]
    pub now: Timestamp,
}

/// The day on which questions are asked. It is fixed, so that a report does not change with the calendar, and it is
/// after every post that existed when the questions were written.
const DEFAULT_DAY: &str = "2026-11-20";

/// `takeaways-eval judged`.
#[derive(Debug, clap::Args)]
pub(crate) struct EvalJudgedArgs {
    /// Files of questions, one in a line of JSON; those without judgments are left out.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// The file of judgments, a line of JSON for each question.
    #[arg(long, value_name = "FILE", required = true)]
    pub judgments: PathBuf,
    #[command(flatten)]
    pub output: EvalFormatArgs,
    /// Ask as if it were this day or time.
    #[arg(long, value_name = "DATE", value_parser = parse_time, default_value = DEFAULT_DAY)]
    pub now: Timestamp,
}

/// `takeaways-eval overviews`.
#[derive(Debug, clap::Args)]
pub(crate) struct EvalOverviewsArgs {
    /// The file of questions, one in a line of JSON.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The half of the questions that is asked.
    #[arg(long, value_name = "HALF", default_value = "choosing")]
    pub half: String,
    /// The file of graded sentences, which tell how many lines are bad.
    #[arg(long, value_name = "FILE")]
    pub points: PathBuf,
    /// The maximum number of characters of a line; a message of Discord has up to 200.
    #[arg(long, value_name = "NUMBER", default_value_t = u16::MAX, hide_default_value = true)]
    pub line: u16,
    #[command(flatten)]
    pub output: EvalFormatArgs,
    /// Ask as if it were this day or time.
    #[arg(long, value_name = "DATE", value_parser = parse_time, default_value = DEFAULT_DAY)]
    pub now: Timestamp,
}

/// `takeaways-eval points`.
#[derive(Debug, clap::Args)]
pub(crate) struct EvalPointsArgs {
    /// The file of graded sentences, a line of JSON for each post.
    #[arg(value_name = "GRADES")]
    pub file: PathBuf,
    /// The file of marked sentences, a line of JSON for each post.
    #[arg(value_name = "MARKS")]
    pub marks: PathBuf,
    /// Fit the weights too, and write them here.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    #[command(flatten)]
    pub output: EvalFormatArgs,
    /// Read the posts as of this day, and date the weights by it.
    #[arg(long, value_name = "DATE", value_parser = parse_time, default_value = DEFAULT_DAY)]
    pub now: Timestamp,
}

/// `takeaways-eval shapes`.
#[derive(Debug, clap::Args)]
pub(crate) struct EvalShapesArgs {
    /// The file of questions, one with its shape in a line of JSON.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Fit the weights too, and write them here.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Files of questions for facts, one in a line of JSON, to which the weights are fitted too.
    #[arg(long, value_name = "FILE", requires = "out", num_args = 1..)]
    pub facts: Vec<PathBuf>,
    #[command(flatten)]
    pub output: EvalFormatArgs,
    /// Date the weights by this day.
    #[arg(long, value_name = "DATE", value_parser = parse_time, default_value = DAY_OF_LABELS)]
    pub now: Timestamp,
}

/// `takeaways-eval scopes` and `takeaways-eval conversations`.
#[derive(Debug, clap::Args)]
pub(crate) struct EvalLabelsArgs {
    /// The file of labels, one question or conversation in a line of JSON.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    #[command(flatten)]
    pub output: EvalFormatArgs,
    /// Ask as if it were this day or time.
    #[arg(long, value_name = "DATE", value_parser = parse_time, default_value = DAY_OF_LABELS)]
    pub now: Timestamp,
}

/// The day as of which labels say what is meant.
const DAY_OF_LABELS: &str = "2026-11-21";

/// `takeaways-eval collection`.
#[derive(Debug, clap::Args)]
pub(crate) struct EvalCollectionArgs {
    /// The folder with `corpus.jsonl`, `queries.jsonl` and `qrels/`.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Write the ranking in the format of TREC runs.
    #[arg(long, value_name = "FILE")]
    pub run: Option<PathBuf>,
    #[command(flatten)]
    pub output: EvalFormatArgs,
}

/// `takeaways-eval compare`.
#[derive(Debug, clap::Args)]
pub(crate) struct EvalCompareArgs {
    /// The report before a change, as `--format json` printed it.
    #[arg(value_name = "BEFORE")]
    pub before: PathBuf,
    /// The report after it.
    #[arg(value_name = "AFTER")]
    pub after: PathBuf,
    #[command(flatten)]
    pub output: EvalFormatArgs,
}

/// `takeaways-eval fit`.
#[derive(Debug, clap::Args)]
pub(crate) struct EvalFitArgs {
    /// Files of questions, one in a line of JSON.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Write the weights here; they are printed below the report without it.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Ask as if it were this day or time, and date the weights by it.
    #[arg(long, value_name = "DATE", value_parser = parse_time)]
    pub now: Option<Timestamp>,
}

impl EvalFitArgs {
    /// Returns the time at which the questions are asked.
    pub(crate) fn question_time(&self) -> Timestamp {
        self.now.or_else(|| parse_time(DEFAULT_DAY).ok()).unwrap_or_default()
    }
}

/// How to print a report.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct EvalFormatArgs {
    /// How to print: text for people, json for programs and `takeaways-eval compare`.
    #[arg(long, value_enum, default_value_t = EvalFormat::Text)]
    pub format: EvalFormat,
}

/// The format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum EvalFormat {
    Text,
    Json,
}

/// Parses the arguments of the process. The error has the message for the user.
pub(crate) fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<EvalArgs, clap::Error> {
    let matches = command().try_get_matches_from(arguments)?;
    let mut args = EvalArgs::from_arg_matches(&matches)?;
    args.global.corpus = corpus_folders(&matches);
    Ok(args)
}

fn command() -> clap::Command {
    with_corpus_flag(EvalArgs::command())
}

/// `takeaways-eval --help`.
const ALL: &str = "\
Examples:
  takeaways-eval questions tests/questions/community.jsonl --corpus posts
  takeaways-eval questions dev.jsonl --format json > before.json
  takeaways-eval judged dev.jsonl --judgments judgments.jsonl --corpus posts
  takeaways-eval points tests/questions/points.jsonl tests/questions/marks.jsonl --corpus posts
  takeaways-eval collection collections/scifact --run scifact.run
  takeaways-eval compare before.json after.json
  takeaways-eval fit tests/questions/community.jsonl --corpus posts --out config/weights.toml";

/// `takeaways-eval judged --help`.
const JUDGED: &str = "\
A line of the judgments is the excerpts of one question:
  {\"id\": \"q1\", \"judgments\": [{\"post\": \"a.md\", \"span\": [0, 80], \"hash\": \"9f…\", \"grade\": 3}]}
The span counts bytes of the post's text as `takeaways corpus text` prints it; the hash is XXH3 of it,
in hexadecimal digits. The grades: 3 answers whole and can stand alone, 2 answers, 1 is on the topic,
0 is not. `second` is the grade by another reader. Where the text has changed, a judgment counts as
missing and is listed, and so is an excerpt that is like no judged one.

Exit codes:
  0  done
  2  it could not run: wrong use, wrong questions or judgments, wrong settings";

/// `takeaways-eval overviews --help`.
const OVERVIEWS: &str = "\
A line of the file is one question with the points that a good answer holds:
  {\"id\": \"o1\", \"half\": \"choosing\", \"shape\": \"takeaways\", \"lang\": \"en\", \"q\": \"…\", \"points\": [
    {\"what\": \"…\", \"weight\": 3, \"posts\": [\"a.md\"], \"patterns\": [\"regular expression\"]}]}
A line of the answer holds a point if it is of one of its posts and matches one of its patterns, whatever
the case. The weights: 3 an answer must have it, 2 good to have, 1 nice.

Examples:
  takeaways-eval overviews tests/questions/overviews.jsonl --points tests/questions/points.jsonl --corpus posts
  takeaways-eval overviews tests/questions/overviews.jsonl --points tests/questions/points.jsonl --line 200 --corpus posts";

/// `takeaways-eval points --help`.
const POINTS: &str = "\
A line of the grades is the graded sentences of one post:
  {\"post\": \"a.md\", \"marks\": [{\"span\": [0, 80], \"hash\": \"9f…\", \"grade\": 3, \"claim\": true, \"alone\": true}]}
A line of the marks is the marked sentences of one post; its others have no mark:
  {\"post\": \"a.md\", \"read_twice\": true, \"marks\": [{\"span\": [0, 80], \"hash\": \"9f…\", \"kinds\": [\"event\"]}]}
The span counts bytes of the post's text as `takeaways corpus text` prints it; the hash is XXH3 of it,
in hexadecimal digits. The grades: 3 I would quote it, 2 fine, 1 weak, 0 no. The kinds: takeaway, event,
attendees, speakers, organisers, for, against, mixed. `second` is what another reader said. Where the text
has changed, a mark is stale and listed.

A quarter of the posts is set aside: no weight is fitted to them.

Examples:
  takeaways-eval points tests/questions/points.jsonl tests/questions/marks.jsonl --corpus posts
  takeaways-eval points tests/questions/points.jsonl tests/questions/marks.jsonl --out config/points.toml";

/// `takeaways-eval shapes --help`.
const SHAPES: &str = "\
A line of the file is one question with the shape of its answer:
  {\"text\": \"…\", \"lang\": \"en\", \"shape\": \"advice\", \"half\": \"choosing\"}
`unanswerable` stands for what recaps cannot answer. Weights are fitted to the halves `choosing`, `more` and
`training`.

Examples:
  takeaways-eval shapes tests/questions/shapes.jsonl
  takeaways-eval shapes tests/questions/shapes.jsonl --facts tests/questions/choosing.jsonl --out config/shapes.toml";

/// `takeaways-eval scopes --help`.
const SCOPES: &str = "\
A line of the file is one question with what it means:
  {\"q\": \"…\", \"lang\": \"en\", \"half\": \"choosing\", \"events\": [\"kubecon-eu-2019\"], \"first\": 2019,
   \"last\": 2019, \"authors\": [], \"missing\": false}
`missing` says that it names an event or a time that no post is about. Misses of the half `choosing`
are listed; the other half is only for checking.

Examples:
  takeaways-eval scopes tests/questions/scopes.jsonl --corpus posts";

/// `takeaways-eval conversations --help`.
const CONVERSATIONS: &str = "\
A line of the file is one conversation:
  {\"id\": \"c1\", \"half\": \"choosing\", \"turns\": [{\"q\": \"…\", \"events\": [], \"first\": null, \"last\": null,
   \"authors\": [], \"expects\": \"answer\", \"right\": [{\"post\": \"a.md\", \"words\": 5, \"hash\": \"9f…\"}]}]}
A turn `expects` an answer, nothing (a refusal) or talk (no question). A right place is given by the
number of its words and their FNV-1a hash, folded and joined by blanks. Misses of the half `choosing`
are listed; the other half is only for checking.

Examples:
  takeaways-eval conversations tests/questions/conversations.jsonl --corpus posts";

/// `takeaways-eval questions --help`.
const QUESTIONS: &str = "\
A line of a file is one question:
  {\"id\": \"q1\", \"kind\": \"fact\", \"q\": \"…\", \"posts\": [\"a.md\"], \"any\": [\"regular expression\"]}
`posts` are the names of the files that answer it; one of `any` must match an excerpt of one of them,
whatever the case. A question of the kind `none` has neither: it is right not to answer it. A line
without `id` has its number instead.

`near`, for those of the kind `none`, says whether posts tell of what they are about.

All files of the corpus are read, drafts and posts of the future too, into an index in memory. Three
excerpts are asked for; of the settings under `answering` only the strictness counts. The same files
and questions give the same report, byte for byte and on any day, but for what --time adds.

Exit codes:
  0  done
  1  done, but an excerpt is not word for word what its file says
  2  it could not run: wrong use, wrong questions, wrong settings

Examples:
  takeaways-eval questions tests/questions/community.jsonl --corpus posts --misses 30
  takeaways-eval questions dev.jsonl --format json --plot reliability.svg > dev.json
  takeaways-eval questions dev.jsonl --hide-answers";

/// `takeaways-eval collection --help`.
const COLLECTION: &str = "\
The folder holds corpus.jsonl (_id, title, text), queries.jsonl (_id, text) and qrels/test.tsv
(query-id, corpus-id, score; without test.tsv all .tsv files there). A document is read and searched
as a post is, and scores what its best passage does. The metrics are those of trec_eval, over
the queries with a relevant document; up to 1,000 documents are ranked for each. Of equal scores the
later id comes first, as in trec_eval.

Where queries.jsonl has `metadata` with `answerable` and `answers`, questions are answered too, and
none is refused: span@1 and span@3 tell whether an answer stands in the first or the first three
excerpts, of a relevant document, and AUROC whether the confidence tells which can be answered.

Examples:
  takeaways-eval collection collections/scifact
  takeaways-eval collection collections/scifact --run scifact.run --format json > scifact.json";

/// `takeaways-eval compare --help`.
const COMPARE: &str = "\
Examples:
  takeaways-eval compare before.json after.json";

/// `takeaways-eval fit --help`.
const FIT: &str = "\
The weights come in the form of config/weights.toml, with its comments, its thresholds and what was set
by hand in it. The report says how well questions are answered by weights that were fitted without
them, which questions about the same post never are.

Small corpora count too: the confidence is fitted over all posts, each half, each quarter, and each
folder with at most ten posts. It is that of the ranking which is compiled in: put the weights in their
place, build, and fit again, until they hardly move.

Examples:
  takeaways-eval fit tests/questions/community.jsonl --corpus posts
  takeaways-eval fit dev.jsonl --corpus posts --now 2026-11-20 --out config/weights.toml";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_commands_are_well_formed() {
        command().debug_assert();
    }

    #[test]
    fn every_example_in_the_help_parses() {
        for help in [ALL, QUESTIONS, OVERVIEWS, POINTS, SCOPES, CONVERSATIONS, COLLECTION, COMPARE, FIT] {
            let examples: Vec<&str> =
                help.lines().filter(|line| line.starts_with("  takeaways-eval ")).collect();
            assert!(!examples.is_empty(), "{help}");
            for example in examples {
                let words = example.split_whitespace().take_while(|word| *word != ">");
                assert!(parse(words.map(OsString::from)).is_ok(), "{example}");
            }
        }
    }
}
