//! `takeaways chat`: question after question, with a line editor where somebody types.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::PathBuf;

use anyhow::Result;
use rustyline::error::ReadlineError;
use rustyline::{Config, DefaultEditor};

use super::args::QueryArgs;
use super::context::{Asker, RunContext};
use super::exit::Exit;
use super::terminal;
use takeaways_answer::VerifiedAnswer;
use takeaways_cli::input_lines::{InputLine, LineReader};
use takeaways_render::plain;
use takeaways_text::model::Question;

const WELCOME: &str = "Ask what people took away. :help says more, :quit or Ctrl-D ends.\n";

const HELP: &str = "\
Type a question and press Enter.
  \"container runtime\"   the words as they stand, next to each other
  -docker               nothing with this word
  author:garuccio event:kubecon-eu year:2019   only there
  :help                 this help
  :quit                 ends, as Ctrl-D does; Ctrl-C drops the line
";

/// The most questions that are remembered between runs.
const MAX_HISTORY: usize = 1_000;

/// Answers until the person has enough.
pub fn run(session: &RunContext, wish: &QueryArgs) -> Result<Exit> {
    let asker = Asker::open(session, wish)?;
    if io::stdin().is_terminal() && io::stdout().is_terminal() {
        edited(session, &asker)
    } else {
        piped(&asker)
    }
}

/// Whether to go on.
enum ChatFlow {
    Continue,
    End,
}

fn edited(session: &RunContext, asker: &Asker) -> Result<Exit> {
    let config = Config::builder().max_history_size(MAX_HISTORY)?.history_ignore_dups(true)?;
    let mut editor = DefaultEditor::with_config(config.auto_add_history(true).build())?;
    let history = history_file(session);
    if let Some(history) = &history {
        // The first time there is none.
        let _ = editor.load_history(history);
    }
    terminal::print(WELCOME)?;
    let ended = loop {
        match editor.readline("> ") {
            Ok(line) => match take(asker, &line) {
                Ok(ChatFlow::Continue) => {}
                Ok(ChatFlow::End) => break Ok(Exit::Done),
                Err(error) => break Err(error),
            },
            Err(ReadlineError::Interrupted) => {}
            Err(ReadlineError::Eof) => break Ok(Exit::Done),
            Err(error) => break Err(error.into()),
        }
    };
    if let Some(Err(error)) = history.map(|history| editor.save_history(&history)) {
        tracing::warn!("the questions are not remembered: {error}");
    }
    ended
}

/// Where questions are remembered; `None` where the state folder can't be made.
fn history_file(session: &RunContext) -> Option<PathBuf> {
    let dir = &session.settings.state.dir;
    match fs::create_dir_all(dir) {
        Ok(()) => Some(dir.join("chat-history.txt")),
        Err(error) => {
            tracing::warn!("the questions are not remembered: {} can't be made: {error}", dir.display());
            None
        }
    }
}

fn piped(asker: &Asker) -> Result<Exit> {
    let mut lines = LineReader::new(io::stdin().lock());
    while let Some(line) = lines.next_line()? {
        let next = match line {
            InputLine::Text(line) => take(asker, &line)?,
            InputLine::Invalid(why) => {
                terminal::print(&format!("{}.\n\n", capitalise(why)))?;
                ChatFlow::Continue
            }
        };
        if matches!(next, ChatFlow::End) {
            break;
        }
    }
    Ok(Exit::Done)
}

fn take(asker: &Asker, line: &str) -> Result<ChatFlow> {
    match line.trim() {
        "" => {}
        typed if is_command(typed, &["quit", "exit", "q"]) => return Ok(ChatFlow::End),
        typed if is_command(typed, &["help", "h", "?"]) => terminal::print(HELP)?,
        other if other.starts_with(':') => terminal::print("There is no such command; :help lists all.\n")?,
        typed => terminal::print(&reply(asker, typed)?)?,
    }
    Ok(ChatFlow::Continue)
}

/// Whether a line is one of these commands. Other programs have them bare or behind a slash, and nobody who types
/// one alone means it as a question.
fn is_command(typed: &str, names: &[&str]) -> bool {
    let name = typed.strip_prefix([':', '/']).unwrap_or(typed);
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn reply(asker: &Asker, typed: &str) -> Result<String> {
    match typed.parse::<Question>() {
        Ok(question) => {
            let VerifiedAnswer { answer, events } = asker.ask(&question, None, None)?.verified;
            Ok(plain::answer(&question, &answer, &events, terminal::terminal_style()) + "\n")
        }
        Err(wrong) => Ok(format!("{}.\n\n", capitalise(&wrong.to_string()))),
    }
}

/// With a capital letter at its start.
fn capitalise(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
