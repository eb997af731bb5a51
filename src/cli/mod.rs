//! The command line: one file a subcommand.
//!
//! Effects start here: the clock, the environment, the terminal. This room must not know how an answer is
//! found or how it looks; it carries questions to the engine and pages to standard output.

mod args;
mod ask;
mod batch;
mod chat;
mod check;
mod completions;
mod corpus;
mod digest;
mod doctor;
mod engine;
mod health;
mod lines;
mod serve;
mod session;
mod state;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Result, anyhow};
use clap::error::{ContextKind, ContextValue, ErrorKind};

use args::{Args, Command};
use exit::Exit;
use session::Session;
use takeaways_cli::{exit, log, progress, terminal};

/// What the old word for the evaluation answers.
const EVAL_MOVED: &str = "`takeaways eval …` is now `takeaways-eval …`, a program of its own: run \
                          `cargo run --release -p takeaways-eval -- …` in the sources";

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    run(std::env::args_os()).into()
}

fn run(arguments: impl Iterator<Item = OsString>) -> Exit {
    match args::parse(arguments) {
        Ok(args) => dispatch(&args).unwrap_or_else(|error| exit::report(&error)),
        Err(wrong) if is_old_eval(&wrong) => exit::report(&anyhow!(EVAL_MOVED)),
        Err(wrong) => {
            let exit = exit::report_usage(&wrong);
            if wrong.kind() == ErrorKind::InvalidSubcommand {
                let _ =
                    writeln!(io::stderr(), "To ask something: takeaways ask \"what about service mesh?\"");
            }
            exit
        }
    }
}

/// Whether what is wrong is the old word for the evaluation.
fn is_old_eval(wrong: &clap::Error) -> bool {
    matches!(wrong.get(ContextKind::InvalidSubcommand), Some(ContextValue::String(word)) if word == "eval")
}

fn dispatch(args: &Args) -> Result<Exit> {
    match &args.command {
        Command::Ask(ask) if ask.batch.is_some() => batch::run(&Session::start(&args.global)?, ask),
        Command::Ask(ask) => ask::run(&Session::start(&args.global)?, ask),
        Command::Chat(wish) => chat::run(&Session::start(&args.global)?, wish),
        Command::Digest(what) => digest::run(&Session::start(&args.global)?, what),
        Command::Corpus(what) => corpus::run(&Session::start(&args.global)?, what),
        Command::State(what) => state::run(&Session::start(&args.global)?, what),
        Command::Check(how) => check::run(&args.global, *how),
        Command::Health { live } => health::run(&args.global, *live),
        Command::Doctor(doctor) => doctor::run(&args.global, doctor),
        Command::Serve => serve::run(&Session::start_for(log::Reader::Operator, &args.global)?),
        Command::Completions { shell } => completions::run(*shell),
    }
}
