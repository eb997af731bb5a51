//! `takeaways corpus`: the posts without the index, and the sources that they come from.

mod add;
mod check;
mod list;
mod names;
mod refresh;
mod remove;
mod show;
mod sources;
mod status;

use std::io::{self, IsTerminal, Write};
use std::path::Path;

use anyhow::Result;

use self::names::NameKind;
use super::args::CorpusCommand;
use super::context::Session;
use super::exit::Exit;
use super::terminal;
use takeaways_cli::configured_corpus;
use takeaways_cli::terminal::IndexingProgress;
use takeaways_corpus::{Corpus, CorpusCounts, CorpusFile, Problem, ReadOptions};
use takeaways_search::ReadProgress;
use takeaways_text::model::Post;
use takeaways_text::nearest::{did_you_mean, nearest};

/// Runs a subcommand of `takeaways corpus`.
pub fn run(session: &Session, command: &CorpusCommand) -> Result<Exit> {
    let corpus = || configured_corpus(&session.settings);
    match command {
        CorpusCommand::Add(how) => add::run(session, how),
        CorpusCommand::Sources(how) => sources::run(session, how.format),
        CorpusCommand::Refresh(how) => refresh::run(session, how),
        CorpusCommand::Remove(how) => remove::run(session, how),
        CorpusCommand::Check { output, all } => check::run(session, &corpus()?, output.format, *all),
        CorpusCommand::Status(how) => status::run(session, &corpus()?, how.format),
        CorpusCommand::List(how) => list::run(session, &corpus()?, how.format),
        CorpusCommand::Topics(how) => names::run(session, &corpus()?, NameKind::Topics, how),
        CorpusCommand::Projects(how) => names::run(session, &corpus()?, NameKind::Projects, how),
        CorpusCommand::Companies(how) => names::run(session, &corpus()?, NameKind::Companies, how),
        CorpusCommand::People(how) => names::run(session, &corpus()?, NameKind::People, how),
        CorpusCommand::Text { post, line } => with_post(session, &corpus()?, post, |post| match line {
            Some(line) => print_lines(post, *line as usize),
            None => print_text(post),
        }),
        CorpusCommand::Show { post, output: how } => {
            with_post(session, &corpus()?, post, |post| show::run(post, session.now, how.format))
        }
    }
}

/// Reads all posts with a progress bar. Returns the problems and the counts.
fn for_each_post(
    session: &Session,
    corpus: &Corpus,
    visit: impl FnMut(Post),
) -> (Vec<Problem>, CorpusCounts) {
    let mut bar = IndexingProgress::new(session.is_quiet);
    let show = bar.callback();
    let progress = |done, total| show(ReadProgress { done, total });
    let options = ReadOptions { progress: Some(&progress), ..ReadOptions::default() };
    takeaways_corpus::for_each_post(corpus, session.now, &options, visit)
}

/// Prints the text byte for byte. On a terminal a line end follows, so that the prompt begins a line.
fn print_text(post: &Post) -> Result<Exit> {
    terminal::print(&post.body.text)?;
    if io::stdout().is_terminal() && !post.body.text.ends_with('\n') {
        terminal::print("\n")?;
    }
    Ok(Exit::Done)
}

/// How many lines with words are printed before and after the one that is asked for.
const LINES_AROUND: usize = 2;

/// Prints a line of the text and those around it, each with its number.
fn print_lines(post: &Post, line: usize) -> Result<Exit> {
    let lines: Vec<(usize, &str)> = (1..).zip(post.body.text.lines()).collect();
    let Some(last) = lines.last().map(|(last, _)| *last).filter(|last| line > *last) else {
        let (before, after): (Vec<_>, Vec<_>) = lines
            .into_iter()
            .filter(|(at, text)| *at == line || !text.trim().is_empty())
            .partition(|(at, _)| *at < line);
        let before = before.iter().skip(before.len().saturating_sub(LINES_AROUND));
        let shown = before.chain(after.iter().take(LINES_AROUND + 1));
        for (at, text) in shown {
            terminal::print(&format!("{at:>5}  {}\n", terminal::printable(text)))?;
        }
        return Ok(Exit::Done);
    };
    Ok(report_problem(&format!("the text of {} has only {last} lines", post.path)))
}

/// Reads the post with this name, even if the settings exclude it from answers.
fn with_post(
    session: &Session,
    corpus: &Corpus,
    name: &str,
    then: impl Fn(&Post) -> Result<Exit>,
) -> Result<Exit> {
    let files = corpus.list().files;
    let found = find_files(&session.settings.corpus.folders, &files, name);
    let [file] = found.as_slice() else {
        return Ok(report_problem(&format!(
            "{}; {}",
            problem_text(name, &found),
            suggestion_text(name, &files, &found)
        )));
    };
    let parsed = corpus.read_file(file, session.now);
    if let Some(post) = &parsed.post {
        return then(post);
    }
    let problems: Vec<String> = parsed.problems.iter().map(ToString::to_string).collect();
    Ok(report_problem(&problems.join("\n")))
}

/// The post with this id, or all posts with this path, relative to a corpus folder or absolute.
fn find_files<'a>(folders: &[impl AsRef<Path>], files: &'a [CorpusFile], name: &str) -> Vec<&'a CorpusFile> {
    if let Some(file) = files.iter().find(|file| file.id.0 == name) {
        return vec![file];
    }
    let absolute = std::path::absolute(name).unwrap_or_default();
    let inside = folders.iter().find_map(|folder| absolute.strip_prefix(folder).ok());
    let is_meant = |file: &&CorpusFile| file.path == name || inside == Some(Path::new(&file.path));
    files.iter().filter(is_meant).collect()
}

fn problem_text(name: &str, found: &[&CorpusFile]) -> String {
    if found.is_empty() {
        format!("there is no post {name}")
    } else {
        format!("several posts have the name {name}")
    }
}

fn suggestion_text(name: &str, files: &[CorpusFile], found: &[&CorpusFile]) -> String {
    let names = if found.is_empty() {
        nearest(name, files.iter().map(|file| file.id.0.as_str()), 3)
    } else {
        found.iter().map(|file| file.id.0.as_str()).collect()
    };
    did_you_mean(&names).unwrap_or_else(|| "`takeaways corpus list` shows all posts; if a question with --corpus found it, give that here too".to_owned())
}

fn report_problem(why: &str) -> Exit {
    // If this can't be printed, the exit code has to suffice.
    let _ = writeln!(io::stderr(), "error: {}", terminal::printable(why));
    Exit::Negative
}
