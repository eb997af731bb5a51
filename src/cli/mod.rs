//! The command line: one file a subcommand.
//!
//! Effects start here: the clock, the environment, the terminal. This module must not know how an answer is
//! found or how it looks; it carries questions to the engine and pages to standard output.

mod args;
mod ask;
mod batch;
mod chat;
mod check;
mod completions;
mod context;
mod corpus;
mod digest;
mod doctor;
mod health;
mod serve;
mod state;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Result, anyhow};
use clap::error::{ContextKind, ContextValue, ErrorKind};

use args::{Args, CliCommand};
use context::RunContext;
use exit::Exit;
use takeaways_cli::{exit, log, terminal};

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
        CliCommand::Ask(ask) if ask.batch.is_some() => batch::run(&RunContext::start(&args.global)?, ask),
        CliCommand::Ask(ask) => ask::run(&RunContext::start(&args.global)?, ask),
        CliCommand::Chat(wish) => chat::run(&RunContext::start(&args.global)?, wish),
        CliCommand::Digest(what) => digest::run(&RunContext::start(&args.global)?, what),
        CliCommand::Corpus(what) => corpus::run(&RunContext::start(&args.global)?, what),
        CliCommand::State(what) => state::run(&RunContext::start(&args.global)?, what),
        CliCommand::Check(how) => check::run(&args.global, *how),
        CliCommand::Health { live } => health::run(&args.global, *live),
        CliCommand::Doctor(doctor) => doctor::run(&args.global, doctor),
        CliCommand::Serve => serve::run(&RunContext::start_for(log::LogAudience::Operator, &args.global)?),
        CliCommand::Completions { shell } => completions::run(*shell),
    }
}
