//! Runs a program of the workspace and checks its output.

use std::fs;
use std::io::Write;
use std::marker::PhantomData;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

use crate::TempCorpus;
use crate::shared_data::sample_notes;
#[cfg(unix)]
use crate::unprivileged;

/// A program of the workspace. Only the tests of its own package know its path.
pub trait Program {
    /// `env!("CARGO_BIN_EXE_…")`.
    const PATH: &str;
}

/// A program with its own state folder and working folder, and an empty environment.
pub struct Cli<P> {
    program: PhantomData<P>,
    home: TempDir,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    input: Vec<u8>,
    #[cfg(unix)]
    is_unprivileged: bool,
}

impl<P: Program> Cli<P> {
    /// Prepares a run without arguments.
    pub fn new() -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        Self {
            program: PhantomData,
            home,
            arguments: Vec::new(),
            environment: Vec::new(),
            input: Vec::new(),
            #[cfg(unix)]
            is_unprivileged: false,
        }
    }

    /// Prepares a run with the posts of `corpus`.
    pub fn with_corpus(corpus: &TempCorpus) -> Self {
        Self::new().corpus(corpus.path())
    }

    /// Prepares a run with five notes, which stay as they are when the program gets more.
    pub fn with_notes() -> Self {
        Self::new().corpus(&sample_notes())
    }

    /// Adds the posts of this folder.
    pub fn corpus(self, folder: &Path) -> Self {
        self.arg("--corpus").arg(folder.to_str().expect("a path in UTF-8"))
    }

    /// Sets the state folder.
    pub fn state(self, folder: &Path) -> Self {
        self.arg("--state-dir").arg(folder.to_str().expect("a path in UTF-8"))
    }

    /// Runs the program as a user who may not read everything.
    #[cfg(unix)]
    pub fn unprivileged(self) -> Self {
        Self { is_unprivileged: true, ..self }
    }

    /// Reads drafts too.
    pub fn with_drafts(self) -> Self {
        self.env("TAKEAWAYS__CORPUS__DRAFTS", "true")
    }

    /// Adds an argument.
    pub fn arg(mut self, argument: &str) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Adds arguments, separated by spaces.
    pub fn args(mut self, arguments: &str) -> Self {
        self.arguments.extend(arguments.split(' ').map(str::to_owned));
        self
    }

    /// Sets a variable in the environment.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Sets the standard input.
    pub fn input(mut self, bytes: impl AsRef<[u8]>) -> Self {
        self.input = bytes.as_ref().to_vec();
        self
    }

    /// Writes a file to the working folder.
    pub fn file(self, name: &str, text: &str) -> Self {
        fs::write(self.working_dir().join(name), text).expect("a file");
        self
    }

    /// Returns the working folder.
    pub fn working_dir(&self) -> &Path {
        self.home.path()
    }

    /// Runs the program. Its state folder stays for the next run.
    pub fn run(&self) -> CliRun {
        let mut child = self.command().stdout(Stdio::piped()).spawn().expect("the program starts");
        let mut stdin = child.stdin.take().expect("a pipe");
        // The input has its own thread, so that neither process waits for the other with a full pipe.
        let input = self.input.clone();
        let writer = std::thread::spawn(move || stdin.write_all(&input).ok());
        let output = child.wait_with_output().expect("the program ends");
        writer.join().expect("the input is written");
        CliRun {
            code: output.status.code().expect("no signal ended it"),
            out: String::from_utf8(output.stdout).expect("UTF-8 on standard output"),
            err: String::from_utf8(output.stderr).expect("UTF-8 on standard error"),
            called: self.arguments.join(" "),
        }
    }

    /// Runs the program without a reader of standard output. Returns the exit code and standard error.
    pub fn run_without_reader(&self) -> (i32, String) {
        let mut child = self.command().stdout(Stdio::piped()).spawn().expect("the program starts");
        drop(child.stdout.take());
        drop(child.stdin.take());
        let output = child.wait_with_output().expect("the program ends");
        (
            output.status.code().expect("no signal ended it"),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    }

    fn command(&self) -> Command {
        let mut command = self.new_command();
        command
            .env_clear()
            .env("HOME", self.working_dir())
            .env("XDG_DATA_HOME", self.working_dir().join("data"))
            .envs(self.environment.iter().cloned())
            .current_dir(self.working_dir())
            .args(&self.arguments)
            .stdin(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }
}

#[cfg(unix)]
impl<P: Program> Cli<P> {
    fn new_command(&self) -> Command {
        if !self.is_unprivileged {
            return Command::new(P::PATH);
        }
        unprivileged::give_away(self.working_dir());
        unprivileged::unprivileged_command(Path::new(P::PATH))
    }
}

#[cfg(not(unix))]
impl<P: Program> Cli<P> {
    fn new_command(&self) -> Command {
        Command::new(P::PATH)
    }
}

/// The result of a run.
pub struct CliRun {
    /// The exit code.
    pub code: i32,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
    called: String,
}

impl CliRun {
    /// Checks the exit code.
    #[track_caller]
    pub fn code(self, code: i32) -> Self {
        assert_eq!(self.code, code, "takeaways {}\n{}\n{}", self.called, self.out, self.err);
        self
    }

    /// Checks that standard output has these words.
    #[track_caller]
    pub fn says(self, words: &str) -> Self {
        assert!(self.out.contains(words), "takeaways {}: no {words:?} in\n{}", self.called, self.out);
        self
    }

    /// Checks that standard output does not have these words.
    #[track_caller]
    pub fn does_not_say(self, words: &str) -> Self {
        assert!(!self.out.contains(words), "takeaways {}: {words:?} in\n{}", self.called, self.out);
        self
    }

    /// Checks that standard error has these words.
    #[track_caller]
    pub fn warns(self, words: &str) -> Self {
        assert!(self.err.contains(words), "takeaways {}: no {words:?} in\n{}", self.called, self.err);
        self
    }

    /// Checks that standard error is empty.
    #[track_caller]
    pub fn without_warning(self) -> Self {
        assert_eq!(self.err, "", "takeaways {}", self.called);
        self
    }

    /// Parses standard output as JSON, one value per line.
    #[track_caller]
    pub fn json_lines(&self) -> Vec<Value> {
        let parse = |line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        self.out.lines().map(parse).collect()
    }

    /// Parses standard output as one JSON value.
    #[track_caller]
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}
