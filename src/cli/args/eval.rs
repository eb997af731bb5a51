//! What can be typed after `takeaways eval`.

use std::path::PathBuf;

use clap::{Subcommand, ValueEnum};
use jiff::Timestamp;

use super::{examples, moment};

/// `takeaways eval`.
#[derive(Debug, Subcommand)]
pub enum Eval {
    /// Asks questions whose answers are known, and counts how many are answered rightly, wrongly and not at all.
    #[command(after_help = examples::EVAL_QUESTIONS)]
    Questions(Questions),
    /// Ranks the documents of a collection in BEIR layout and measures it as `trec_eval` does.
    #[command(after_help = examples::EVAL_COLLECTION)]
    Collection(Collection),
    /// Compares two reports question by question, and tells luck from difference.
    #[command(after_help = examples::EVAL_COMPARE)]
    Compare(Compare),
    /// Fits the weights of the ranking and of the confidence to questions whose answers are known.
    #[command(after_help = examples::EVAL_FIT)]
    Fit(Fit),
}

/// `takeaways eval questions`.
#[derive(Debug, clap::Args)]
pub struct Questions {
    /// Files of questions, one in a line of JSON.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    #[command(flatten)]
    pub how: EvalFormatted,
    /// Also show what was asked, wanted and shown for up to so many misses.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub misses: usize,
    /// Ask each question with the posts that answer it taken away, which makes it one without an answer; those that
    /// another post answers are left out.
    #[arg(long, conflicts_with_all = ["plot", "time"])]
    pub hide_answers: bool,
    /// Write a picture of how often answers are right by how sure they were, as PNG.
    #[arg(long, value_name = "FILE")]
    pub plot: Option<PathBuf>,
    /// Also measure how long an answer takes: the one part of the report that is never the same twice.
    #[arg(long)]
    pub time: bool,
    /// Ask as if it were this day or time.
    #[arg(long, value_name = "DATE", value_parser = moment, default_value = DAY)]
    pub now: Timestamp,
}

/// The day on which questions are asked: fixed, so that a report does not change with the calendar, and after every
/// post that there was when the questions were written.
const DAY: &str = "2026-11-20";

/// `takeaways eval collection`.
#[derive(Debug, clap::Args)]
pub struct Collection {
    /// The folder with `corpus.jsonl`, `queries.jsonl` and `qrels/`.
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,
    /// Write the ranking in the format of TREC runs.
    #[arg(long, value_name = "FILE")]
    pub run: Option<PathBuf>,
    #[command(flatten)]
    pub how: EvalFormatted,
}

/// `takeaways eval compare`.
#[derive(Debug, clap::Args)]
pub struct Compare {
    /// The report before a change, as `--format json` printed it.
    #[arg(value_name = "BEFORE")]
    pub before: PathBuf,
    /// The report after it.
    #[arg(value_name = "AFTER")]
    pub after: PathBuf,
    #[command(flatten)]
    pub how: EvalFormatted,
}

/// `takeaways eval fit`.
#[derive(Debug, clap::Args)]
pub struct Fit {
    /// Files of questions, one in a line of JSON.
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Write the weights here; they are printed below the report without it.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Ask as if it were this day or time, and date the weights by it.
    #[arg(long, value_name = "DATE", value_parser = moment)]
    pub now: Option<Timestamp>,
}

impl Fit {
    /// When the questions are asked.
    pub fn asked(&self) -> Timestamp {
        self.now.or_else(|| moment(DAY).ok()).unwrap_or_default()
    }
}

/// How to print a report.
#[derive(Debug, Clone, Copy, clap::Args)]
pub struct EvalFormatted {
    /// How to print: text for people, json for programs and `eval compare`.
    #[arg(long, value_enum, default_value_t = EvalFormat::Text)]
    pub format: EvalFormat,
}

/// How a report is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EvalFormat {
    Text,
    Json,
}
