//! `takeaways chat`: one question after the other, with a line editor on a terminal.

mod completer;

use std::fs;
use std::io::{self, IsTerminal};
use std::path::PathBuf;

use anyhow::Result;
use jiff::civil::Date;
use rustyline::error::ReadlineError;
use rustyline::history::FileHistory;
use rustyline::{CompletionType, Config, Editor};

use self::completer::ChatCompleter;
use super::args::{LatestArgs, QueryArgs, ReadingArgs, ScopeArgs};
use super::context::{Asker, Session};
use super::exit::Exit;
use super::terminal;
use takeaways_answer::{Command, Notice, RecapList, Reply, SmallTalk, Turn};
use takeaways_cli::input_lines::{InputLine, LineReader};
use takeaways_render::discord::NewestPost;
use takeaways_render::{capitalise, clean, plain};
use takeaways_text::model::{Language, Question};

const WELCOME: &str = "Ask what people took away. :help shows help, :quit or Ctrl-D quits.\n";

const HELP: &str = "\
Type a question and press Enter. Tab completes names and commands.
  \"container runtime\"   this exact phrase
  -docker               without this word
  author:garuccio event:kubecon-eu year:2019   only posts by, about or from
A question may go on with the one before: \"and in 2019?\", \"what about security?\", \"tell me more about the second one\".
  :more                 show more on the last question
  :context 2            show the text around excerpt 2; then :next and :previous go on from there
  :recaps               list the recaps behind an overview; :recaps 26 goes on there
  :compare              compare an event or a year with the one before
  :newest               show the newest recaps first
  :open 2               show where excerpt 2 can be read
  :new                  begin a new topic
  :help                 show this help
  :quit                 quit, as Ctrl-D does; Ctrl-C clears the line
";

const ASK_FIRST: &str = "Ask a question first.\n\n";

/// How many of the newest posts are shown.
pub const NEWEST_POSTS: usize = 5;

/// How many questions are remembered between runs.
const MAX_HISTORY: usize = 1_000;

/// Answers until the input ends or the person quits.
pub fn run(session: &Session, query: &QueryArgs) -> Result<Exit> {
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

/// The questions and answers of a run.
struct Chat<'a> {
    asker: &'a Asker,
    /// What is kept of the last question.
    turn: Option<Turn>,
    /// The addresses or places of the excerpts that were shown last.
    sources: Vec<String>,
    /// Whether the text around an excerpt was shown last.
    is_at_context: bool,
    /// Whether questions are repeated above their answers, because nobody types them there.
    echoes: bool,
}

fn run_editor(session: &Session, asker: &Asker) -> Result<Exit> {
    let config = Config::builder().max_history_size(MAX_HISTORY)?.history_ignore_dups(true)?;
    let config = config.auto_add_history(true).completion_type(CompletionType::List);
    let mut editor = Editor::<ChatCompleter, FileHistory>::with_config(config.build())?;
    editor.set_helper(Some(ChatCompleter { facets: asker.facets()?, today: asker.today() }));
    let history = history_file(session);
    if let Some(history) = &history {
        // It does not exist the first time.
        let _ = editor.load_history(history);
    }
    terminal::print(WELCOME)?;
    let mut chat = Chat::new(asker);
    let exit = loop {
        match editor.readline("> ") {
            Ok(line) => match chat.handle_line(&line) {
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
fn history_file(session: &Session) -> Option<PathBuf> {
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
    let mut chat = Chat { echoes: true, ..Chat::new(asker) };
    while let Some(line) = lines.next_line()? {
        let next = match line {
            InputLine::Text(line) => chat.handle_line(&line)?,
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

impl<'a> Chat<'a> {
    fn new(asker: &'a Asker) -> Self {
        Self { asker, turn: None, sources: Vec::new(), is_at_context: false, echoes: false }
    }

    fn handle_line(&mut self, line: &str) -> Result<ChatFlow> {
        let line = line.trim();
        let (name, argument) = line.split_once(' ').unwrap_or((line, ""));
        match line {
            "" => {}
            _ if is_command(line, &["quit", "exit", "q"]) => return Ok(ChatFlow::End),
            _ if is_command(line, &["help", "h", "?"]) => terminal::print(HELP)?,
            _ if line.starts_with(':') => {
                let page = match (name, excerpt_number(argument)) {
                    (":new", _) => self.begin_anew(),
                    (":more", _) => self.run_command(Command::More)?,
                    (":newest", _) => self.run_command(Command::NewestFirst)?,
                    (":compare", _) => self.run_command(Command::Compare)?,
                    (":recaps", at) if at.is_some() || argument.is_empty() => {
                        self.recaps(at.unwrap_or_default())?
                    }
                    (":recaps", _) => "Write the number of a recap, for example :recaps 26.\n\n".to_owned(),
                    (":context", Some(at)) => self.context(at)?,
                    (":next", _) => self.beside_context(1)?,
                    (":previous", _) => self.beside_context(-1)?,
                    (":open", Some(at)) => self.source(at),
                    (":context" | ":open", None) => {
                        format!("Write the number of an excerpt, for example {name} 2.\n\n")
                    }
                    _ => "Unknown command; :help lists the commands.\n".to_owned(),
                };
                terminal::print(&page)?;
            }
            question => {
                let echo = if self.echoes { format!("> {}\n", clean(question)) } else { String::new() };
                let page = self.reply(question)?;
                terminal::print(&(echo + &page))?;
            }
        }
        Ok(ChatFlow::Continue)
    }

    fn reply(&mut self, line: &str) -> Result<String> {
        match line.parse::<Question>() {
            Ok(question) => {
                let (reply, _) = self.asker.converse(self.turn.as_ref(), &question, None)?;
                self.page(reply)
            }
            Err(error) => Ok(format!("{}.\n\n", capitalise(&error.to_string()))),
        }
    }

    /// Does what a command asks for on the last answer.
    fn run_command(&mut self, command: Command) -> Result<String> {
        let Some(turn) = &self.turn else { return Ok(ASK_FIRST.to_owned()) };
        let reply = self.asker.run_command(command, turn)?;
        self.page(reply)
    }

    /// Shows the text around an excerpt of the last answer.
    fn context(&mut self, at: usize) -> Result<String> {
        let Some(turn) = &self.turn else { return Ok(ASK_FIRST.to_owned()) };
        let reply = self.asker.run_command(Command::Context(at), turn)?;
        let is_shown = matches!(reply, Reply::Answer(_));
        let page = self.page(reply)?;
        self.is_at_context = is_shown;
        Ok(page)
    }

    /// Shows what follows the text around an excerpt (1), or what precedes it (-1).
    fn beside_context(&mut self, step: i32) -> Result<String> {
        let Some(turn) = self.turn.as_ref().filter(|_| self.is_at_context) else {
            return Ok("Write :context and the number of an excerpt first.\n\n".to_owned());
        };
        let Some(mut beside) = self.asker.context(turn, step)? else {
            return Ok(self.page_of_notice(Notice::NoMore));
        };
        // More is of the answer.
        beside.turn.whole.clone_from(&turn.whole);
        beside.turn.overview = turn.overview;
        beside.turn.themes.clone_from(&turn.themes);
        let page = self.page(Reply::Answer(Box::new(beside)))?;
        self.is_at_context = true;
        Ok(page)
    }

    /// Lists the posts that the last answer rests on, from one on, counted from 0.
    fn recaps(&mut self, first: usize) -> Result<String> {
        let Some(turn) = &self.turn else { return Ok(ASK_FIRST.to_owned()) };
        let reply = self.asker.recaps(turn, first)?;
        self.page(reply)
    }

    fn begin_anew(&mut self) -> String {
        let language = self.turn.take().map_or(Language::En, |turn| turn.language);
        plain::notice(Notice::NewTopic, language, terminal::terminal_style()) + "\n"
    }

    /// Where an excerpt can be read.
    fn source(&self, at: usize) -> String {
        match self.sources.get(at) {
            Some(source) => format!("{}\n\n", clean(source)),
            None if self.sources.is_empty() => ASK_FIRST.to_owned(),
            None => self.page_of_notice(Notice::NoSuchExcerpt(self.sources.len())),
        }
    }

    /// Returns the page of a reply, and keeps its turn.
    fn page(&mut self, reply: Reply) -> Result<String> {
        let style = terminal::terminal_style();
        self.is_at_context &= !matches!(reply, Reply::Answer(_));
        Ok(match reply {
            Reply::Answer(answered) => {
                let page = plain::turn_answer(&answered, style) + "\n";
                let quoted = answered.verified.answer.quoted();
                let sources: Vec<String> =
                    quoted.map(|excerpt| plain::readable_at(excerpt, style.program)).collect();
                // The text around an excerpt has no numbers: those of the answer go on.
                if sources.len() > 1 || !sources.is_empty() && answered.turn.whole.is_empty() {
                    self.sources = sources;
                }
                self.turn = Some(answered.turn);
                page
            }
            Reply::SmallTalk(SmallTalk::Greeting | SmallTalk::HelpRequest, _) => HELP.to_owned(),
            Reply::SmallTalk(kind, language) => small_talk(self.asker, kind, language)?,
            Reply::Recaps(list) => recap_list(&list),
            Reply::Notice(notice) => {
                let page = self.page_of_notice(notice);
                if notice == Notice::NewTopic {
                    self.turn = None;
                }
                page
            }
        })
    }

    fn page_of_notice(&self, notice: Notice) -> String {
        let language = self.turn.as_ref().map_or(Language::En, |turn| turn.language);
        plain::notice(notice, language, terminal::terminal_style()) + "\n"
    }
}

/// Posts that an answer rests on, and how to see the rest.
fn recap_list(list: &RecapList) -> String {
    let page = plain::recap_list(list, terminal::terminal_style());
    let next = list.first + list.recaps.len();
    let rest = if next < list.all { format!("`:recaps {}` shows more.\n\n", next + 1) } else { "\n".into() };
    page + &rest
}

/// The place of an excerpt with a number, which counts from 1.
fn excerpt_number(argument: &str) -> Option<usize> {
    argument.trim().parse::<usize>().ok()?.checked_sub(1)
}

/// Prints the newest posts. The exit is negative if there are none.
pub fn latest(session: &Session, args: &LatestArgs) -> Result<Exit> {
    let reading = ReadingArgs { now: args.now, ..ReadingArgs::default() };
    let asker = Asker::open_in(session, &ScopeArgs { reading, ..ScopeArgs::default() })?;
    let posts = asker.newest_posts(None, NEWEST_POSTS)?;
    terminal::print(&newest_posts(&asker, &posts, None)?)?;
    Ok(Exit::from_success(!posts.is_empty()))
}

/// The newest posts, and that posts without a date are not among them.
fn newest_posts(asker: &Asker, posts: &[NewestPost], since: Option<Date>) -> Result<String> {
    let page = plain::newest_posts(posts, since, terminal::terminal_style()) + "\n";
    let (undated, verb) = match asker.undated_posts()? {
        0 => return Ok(page),
        1 => ("1 recap".to_owned(), "has"),
        several => (format!("{several} recaps"), "have"),
    };
    Ok(format!(
        "{page}{undated} {verb} no date and can't be listed here: `takeaways corpus check` names them.\n\n"
    ))
}

/// What a person reads whose message is not a question.
pub fn small_talk(asker: &Asker, kind: SmallTalk, language: Language) -> Result<String> {
    let words = language.refusals();
    let sentence = match kind {
        SmallTalk::NewestPosts { since } => {
            return newest_posts(asker, &asker.newest_posts(since, NEWEST_POSTS)?, since);
        }
        SmallTalk::Thanks => words.welcome.fill(&[]),
        SmallTalk::Chatter => words.acknowledged.fill(&[]),
        SmallTalk::HelpRequest | SmallTalk::Greeting => words.can_ask.fill(&[]),
        SmallTalk::Wordless => "Write a question in words.".to_owned(),
    };
    Ok(format!("{}\n\n", sentence.trim_end()))
}

/// Whether a line is one of these commands, after a colon, a slash or nothing, as in other programs. Nobody means such a
/// word alone as a question.
fn is_command(line: &str, names: &[&str]) -> bool {
    let name = line.strip_prefix([':', '/']).unwrap_or(line);
    names.iter().any(|known| known.eq_ignore_ascii_case(name))
}
