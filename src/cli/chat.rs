//! `takeaways chat`: one question after the other, with a line editor on a terminal.

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

const WELCOME: &str = "Ask what people took away. :help shows help, :quit or Ctrl-D quits.\n";

const HELP: &str = "\
Type a question and press Enter.
  \"container runtime\"   this exact phrase
  -docker               without this word
  author:garuccio event:kubecon-eu year:2019   only posts by, about or from
  :help                 show this help
  :quit                 quit, as Ctrl-D does; Ctrl-C clears the line
";

/// How many questions are remembered between runs.
const MAX_HISTORY: usize = 1_000;

/// Answers until the input ends or the person quits.
pub fn run(session: &RunContext, query: &QueryArgs) -> Result<Exit> {
    let asker = Asker::open(session, query)?;
    if io::stdin().is_terminal() && io::stdout().is_terminal() {
        run_editor(session, &asker)
    } else {
        run_piped(&asker)
    }
}

/// Whether to go on.
enum ChatFlow {
    Continue,
    End,
}

fn run_editor(session: &RunContext, asker: &Asker) -> Result<Exit> {
    let config = Config::builder().max_history_size(MAX_HISTORY)?.history_ignore_dups(true)?;
    let mut editor = DefaultEditor::with_config(config.auto_add_history(true).build())?;
    let history = history_file(session);
    if let Some(history) = &history {
        // It does not exist the first time.
        let _ = editor.load_history(history);
    }
    terminal::print(WELCOME)?;
    let exit = loop {
        match editor.readline("> ") {
            Ok(line) => match handle_line(asker, &line) {
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
        tracing::warn!("the history can't be saved: {error}");
    }
    exit
}

/// The file of the history; `None` if the state folder can't be created.
fn history_file(session: &RunContext) -> Option<PathBuf> {
    let dir = &session.settings.state.dir;
    match fs::create_dir_all(dir) {
        Ok(()) => Some(dir.join("chat-history.txt")),
        Err(error) => {
            tracing::warn!(
                "the history can't be saved: the folder {} can't be created: {error}",
                dir.display()
            );
            None
        }
    }
}

fn run_piped(asker: &Asker) -> Result<Exit> {
    let mut lines = LineReader::new(io::stdin().lock());
    while let Some(line) = lines.next_line()? {
        let next = match line {
            InputLine::Text(line) => handle_line(asker, &line)?,
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

fn handle_line(asker: &Asker, line: &str) -> Result<ChatFlow> {
    match line.trim() {
        "" => {}
        line if is_command(line, &["quit", "exit", "q"]) => return Ok(ChatFlow::End),
        line if is_command(line, &["help", "h", "?"]) => terminal::print(HELP)?,
        line if line.starts_with(':') => terminal::print("Unknown command; :help lists the commands.\n")?,
        question => terminal::print(&reply(asker, question)?)?,
    }
    Ok(ChatFlow::Continue)
}

/// Whether a line is one of these commands, after a colon, a slash or nothing, as in other programs. Nobody means such a
/// word alone as a question.
fn is_command(line: &str, names: &[&str]) -> bool {
    let name = line.strip_prefix([':', '/']).unwrap_or(line);
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}

fn reply(asker: &Asker, line: &str) -> Result<String> {
    match line.parse::<Question>() {
        Ok(question) => {
            let VerifiedAnswer { answer, events } = asker.ask(&question, None, None)?.verified;
            Ok(plain::answer(&question, &answer, &events, terminal::terminal_style()) + "\n")
        }
        Err(error) => Ok(format!("{}.\n\n", capitalise(&error.to_string()))),
    }
}

/// Makes the first letter a capital.
fn capitalise(sentence: &str) -> String {
    let mut chars = sentence.chars();
    chars.next().map(|first| first.to_uppercase().chain(chars).collect()).unwrap_or_default()
}
