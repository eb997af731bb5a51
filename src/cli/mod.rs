//! The command line, with one file per subcommand.
//!
//! Effects start here: the clock, the environment, the terminal. This module passes questions to the engine and pages to
//! standard output; it does not know how an answer is found or rendered.

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
mod man;
mod overview;
mod serve;
mod source_upkeep;
mod sources;
mod state;
mod usage;

use std::ffi::OsString;
use std::io::{self, Write};
use std::process::ExitCode;

use anyhow::{Result, anyhow};
use clap::error::ErrorKind;
use rustix::fs::Mode;

use args::{Args, CliCommand};
use context::Session;
use exit::Exit;
use takeaways_cli::{exit, log, terminal};

/// Runs the program with the arguments of the process.
pub fn main() -> ExitCode {
    run(std::env::args_os()).into()
}

fn run(arguments: impl Iterator<Item = OsString>) -> Exit {
    let arguments: Vec<OsString> = arguments.collect();
    match args::parse(&arguments) {
        Ok(args) => dispatch(&args).unwrap_or_else(|error| exit::report(&error)),
        Err(error) => {
            let advice = usage::advice_for_json(&error).map(str::to_owned);
            if let Some(advice) = advice.or_else(|| usage::advice_for_dash(&arguments, &error)) {
                return exit::report(&anyhow!(advice));
            }
            let exit = exit::report_usage(&error);
            if error.kind() == ErrorKind::InvalidSubcommand {
                let is_digest = arguments.iter().any(|argument| argument == "digest");
                let hint = if is_digest { usage::HINT_FOR_DIGEST } else { usage::HINT_FOR_QUESTION };
                let _ = writeln!(io::stderr(), "{hint}");
            }
            exit
        }
    }
}

fn dispatch(args: &Args) -> Result<Exit> {
    terminal::set_color(args.global.color);
    terminal::set_program(&args.global);
    if !matches!(args.command, CliCommand::Man { .. }) {
        // The index holds all text of the posts, and the state holds what people follow.
        rustix::process::umask(Mode::RWXG | Mode::RWXO);
    }
    match &args.command {
        CliCommand::Ask(ask) if ask.batch.is_some() => batch::run(&Session::start(&args.global)?, ask),
        CliCommand::Ask(ask) => ask::run(&Session::start(&args.global)?, ask),
        CliCommand::Event(event) => overview::event(&Session::start(&args.global)?, event),
        CliCommand::Compare(compare) => overview::compare(&Session::start(&args.global)?, compare),
        CliCommand::Trend(trend) => overview::trend(&Session::start(&args.global)?, trend),
        CliCommand::Who(card) => overview::who(&Session::start(&args.global)?, card),
        CliCommand::Topic(card) => overview::topic(&Session::start(&args.global)?, card),
        CliCommand::Latest(latest) => chat::latest(&Session::start(&args.global)?, latest),
        CliCommand::Chat(query) => chat::run(&Session::start(&args.global)?, query),
        CliCommand::Digest(command) => digest::run(&Session::start(&args.global)?, command),
        CliCommand::Corpus(command) => corpus::run(&Session::start(&args.global)?, command),
        CliCommand::State(command) => state::run(&Session::start(&args.global)?, command),
        CliCommand::Check(check) => check::run(&args.global, check),
        CliCommand::Health { live } => health::run(&args.global, *live),
        CliCommand::Doctor(doctor) => doctor::run(&args.global, doctor),
        CliCommand::Serve => serve::run(&Session::start_for(log::LogAudience::Operator, &args.global)?),
        CliCommand::Completions { shell } => completions::run(*shell),
        CliCommand::Man { folder } => man::run(folder),
    }
}
