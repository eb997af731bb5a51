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
mod eval;
mod exit;
mod health;
mod lines;
mod log;
mod progress;
mod serve;
mod session;
mod state;
mod terminal;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::Result;
use clap::error::ErrorKind;

use args::{Args, Command};
use exit::Exit;
use session::Session;

/// Runs the program with the arguments of the process.
#[must_use]
pub fn main() -> ExitCode {
    run(std::env::args_os()).into()
}

fn run(arguments: impl Iterator<Item = OsString>) -> Exit {
    match args::parse(arguments) {
        Ok(args) => dispatch(&args).unwrap_or_else(|error| exit::report(&error)),
        Err(wrong) => {
            // Where not even this can be printed, the exit code has to do.
            let _ = wrong.print();
            if wrong.kind() == ErrorKind::InvalidSubcommand {
                let _ =
                    writeln!(io::stderr(), "To ask something: takeaways ask \"what about service mesh?\"");
            }
            if wrong.use_stderr() { Exit::Refused } else { Exit::Done }
        }
    }
}

fn dispatch(args: &Args) -> Result<Exit> {
    match &args.command {
        Command::Ask(ask) if ask.batch.is_some() => batch::run(&Session::start(&args.global)?, ask),
        Command::Ask(ask) => ask::run(&Session::start(&args.global)?, ask),
        Command::Chat(wish) => chat::run(&Session::start(&args.global)?, wish),
        Command::Digest(what) => digest::run(&Session::start(&args.global)?, what),
        Command::Corpus(what) => corpus::run(&Session::start(&args.global)?, what),
        Command::State(what) => state::run(&Session::start(&args.global)?, what),
        Command::Eval(what) => eval::run(&Session::start(&args.global)?, what),
        Command::Check(how) => check::run(&args.global, *how),
        Command::Health { live } => health::run(&args.global, *live),
        Command::Doctor(doctor) => doctor::run(&args.global, doctor),
        Command::Serve => serve::run(&Session::start_for(log::Reader::Operator, &args.global)?),
        Command::Completions { shell } => completions::run(*shell),
    }
}
