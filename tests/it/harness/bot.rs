//! Runs the real bot in its own process against a fake Discord.

use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use takeaways_testing::shared_data::sample_notes;
use takeaways_testing::unprivileged::{give_away, unprivileged_command};
use tempfile::TempDir;

use super::TempCorpus;
use crate::fake_discord::{DEADLINE, FakeDiscord, TOKEN};

/// The interval for polling a log or the end of a process.
const POLL_INTERVAL: Duration = Duration::from_millis(10);

/// A signal of a supervisor.
#[derive(Clone, Copy, Debug)]
pub enum ProcessSignal {
    Terminate,
    Interrupt,
    Stop,
    Continue,
    Kill,
    HangUp,
}

impl ProcessSignal {
    fn name(self) -> &'static str {
        match self {
            Self::Terminate => "-TERM",
            Self::Interrupt => "-INT",
            Self::Stop => "-STOP",
            Self::Continue => "-CONT",
            Self::Kill => "-KILL",
            Self::HangUp => "-HUP",
        }
    }
}

/// A bot before its start, with its own state folder and an empty environment.
pub struct BotSetup {
    home: TempDir,
    state: Option<PathBuf>,
    program: Vec<String>,
    arguments: Vec<String>,
    environment: Vec<(String, String)>,
    is_unprivileged: bool,
    has_built_in_notes: bool,
}

impl BotSetup {
    fn new() -> Self {
        let home = tempfile::tempdir().expect("a temporary folder");
        let program = vec![env!("CARGO_BIN_EXE_takeaways").to_owned()];
        let setup = Self {
            home,
            state: None,
            program,
            arguments: Vec::new(),
            environment: Vec::new(),
            is_unprivileged: false,
            has_built_in_notes: false,
        };
        setup
            .env("DISCORD_TOKEN", TOKEN)
            .env("TAKEAWAYS__OPS__LISTEN", "127.0.0.1:0")
            .env("TAKEAWAYS__DISCORD__LIMITS__PERSON", "0")
            .env("TAKEAWAYS__DISCORD__LIMITS__SERVER", "0")
            .env("TAKEAWAYS__LOG__FORMAT", "json")
            .env("TAKEAWAYS__LOG__LEVEL", "info")
    }

    /// Uses the posts of `corpus`.
    pub fn corpus(self, corpus: &TempCorpus) -> Self {
        let folder = corpus.path().to_str().expect("a path in UTF-8").to_owned();
        self.arg("--corpus").arg(&folder)
    }

    /// Uses the notes that are compiled in. Without this and without a corpus, the bot has the five notes of the tests,
    /// which stay as they are.
    pub fn built_in_notes(self) -> Self {
        Self { has_built_in_notes: true, ..self }
    }

    /// Runs as a user who may not read everything.
    pub fn unprivileged(self) -> Self {
        Self { is_unprivileged: true, ..self }
    }

    /// Uses a state folder that outlives the bot, for a second start.
    pub fn state(mut self, folder: &Path) -> Self {
        self.state = Some(folder.to_owned());
        self
    }

    /// Starts the program with another command, which gets the program's arguments.
    pub fn program(mut self, command: &[String]) -> Self {
        command.clone_into(&mut self.program);
        self
    }

    /// Adds an argument.
    pub fn arg(mut self, argument: &str) -> Self {
        self.arguments.push(argument.into());
        self
    }

    /// Sets a variable; a later value overrides an earlier one.
    pub fn env(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    /// Sets fail points, such as `answer=panic` or `answer=sleep:2000`. They need the feature `faults`.
    pub fn faults(self, points: &str) -> Self {
        self.env("TAKEAWAYS_FAULTS", points)
    }

    /// Limits the number of open files, as `ulimit -n` does.
    pub fn max_descriptors(mut self, limit: u32) -> Self {
        let shell = ["/bin/sh".to_owned(), "-c".to_owned(), format!("ulimit -n {limit}; exec \"$0\" \"$@\"")];
        self.program.splice(0..0, shell);
        self
    }

    /// Starts the bot without waiting.
    pub fn spawn(self) -> TestBot {
        let state = self.state.clone().unwrap_or_else(|| self.home.path().join("state"));
        let mut command = if self.is_unprivileged {
            give_away(self.home.path());
            unprivileged_command(Path::new(&self.program[0]))
        } else {
            Command::new(&self.program[0])
        };
        command.args(&self.program[1..]).arg("serve").arg("--state-dir").arg(state).args(&self.arguments);
        if !self.has_built_in_notes && !self.arguments.iter().any(|argument| argument == "--corpus") {
            command.arg("--corpus").arg(sample_notes());
        }
        command.env_clear().env("HOME", self.home.path()).envs(self.environment.iter().cloned());
        command.current_dir(self.home.path()).stdin(Stdio::null());
        let mut child =
            command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
        let log = Arc::<Mutex<String>>::default();
        let readers = vec![
            copy(child.stdout.take().expect("a pipe"), &log),
            copy(child.stderr.take().expect("a pipe"), &log),
        ];
        TestBot { child, log, readers, _home: self.home }
    }

    /// Starts the bot and waits until it has got READY and has read its posts.
    pub async fn start(self, fake: &FakeDiscord) -> TestBot {
        let bot = self.start_reading(fake).await;
        bot.until_log("the posts were read").await;
        bot
    }

    /// Starts the bot and waits until it has got READY. It may still read its posts.
    pub async fn start_reading(self, fake: &FakeDiscord) -> TestBot {
        let gateway = fake.gateway();
        let before = gateway.begun();
        let mut bot = self.spawn();
        tokio::select! {
            () = gateway.until_ready(before + 1) => return bot,
            _ = bot.poll_exit() => bot.read_to_end(),
        }
        panic!("the bot ended before it was ready:\n{}", bot.log());
    }
}

/// Appends each line to the log as soon as it is written.
fn copy(pipe: impl Read + Send + 'static, log: &Arc<Mutex<String>>) -> JoinHandle<()> {
    let log = Arc::clone(log);
    std::thread::spawn(move || {
        let (mut pipe, mut line) = (BufReader::new(pipe), Vec::new());
        while pipe.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
            let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
            *log += &String::from_utf8_lossy(&line);
            line.clear();
        }
    })
}

/// A running bot. It is killed on drop, and must not have logged its token.
pub struct TestBot {
    child: Child,
    log: Arc<Mutex<String>>,
    readers: Vec<JoinHandle<()>>,
    _home: TempDir,
}

impl TestBot {
    /// Returns the address of its health and metrics, a free port that its log names.
    pub async fn ops_address(&self) -> String {
        self.until_log("health and metrics").await;
        let log = self.log();
        let line = log.lines().find(|line| line.contains("health and metrics")).expect("it was waited for");
        let line: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        line["fields"]["address"].as_str().expect("an address").to_owned()
    }

    /// Prepares a bot for a fake with plain HTTP, or with its own rate limiter for one with TLS.
    pub fn setup(fake: &FakeDiscord) -> BotSetup {
        let setup = BotSetup::new();
        match fake.certificate() {
            None => setup.env("TAKEAWAYS__DISCORD__API_BASE", &fake.url()),
            Some(certificate) => setup
                .env("TAKEAWAYS_FAULT_DISCORD", &fake.address().to_string())
                .env("TAKEAWAYS_FAULT_CERT", certificate.to_str().expect("a path in UTF-8")),
        }
    }

    /// Returns its standard output and standard error so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Returns its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Returns the value of a line of its `/proc/…/status`.
    pub fn status(&self, name: &str) -> String {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
        line.unwrap_or_else(|| panic!("no {name} in {status}")).trim().to_owned()
    }

    /// Returns the number in a line of its `/proc/…/status`; memory is in KiB.
    pub fn status_number(&self, name: &str) -> u64 {
        self.status(name).split_whitespace().next().and_then(|first| first.parse().ok()).expect("a number")
    }

    /// Waits for words in the log.
    pub async fn until_log(&self, words: &str) {
        self.until_log_times(words, 1).await;
    }

    /// Waits until the log has these words this number of times.
    pub async fn until_log_times(&self, words: &str, times: usize) {
        let start = Instant::now();
        while self.log().matches(words).count() < times {
            assert!(start.elapsed() < DEADLINE, "not {times} × {words:?} in\n{}", self.log());
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }

    /// Waits until its metrics have a line.
    pub async fn until_metric(&self, line: &str) {
        self.until_page("metrics", |page| page.contains(line)).await;
    }

    /// Waits until it has no problem.
    pub async fn until_ready_again(&self) {
        self.until_page("readyz", |page| page == "ok\n").await;
    }

    /// Returns the status and the text of one of its pages, such as `readyz`.
    pub async fn page(&self, name: &str) -> (u16, String) {
        let page =
            reqwest::get(format!("http://{}/{name}", self.ops_address().await)).await.expect("an answer");
        (page.status().as_u16(), page.text().await.expect("a text"))
    }

    /// Waits until one of its pages is as wished.
    pub async fn until_page(&self, name: &str, is_reached: impl Fn(&str) -> bool) {
        let start = Instant::now();
        loop {
            let (_, page) = self.page(name).await;
            if is_reached(&page) {
                return;
            }
            assert!(start.elapsed() < DEADLINE, "{page}\n{}", self.log());
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }

    /// Sends a signal.
    pub fn signal(&self, signal: ProcessSignal) {
        let sent = Command::new("kill").arg(signal.name()).arg(self.id().to_string()).status();
        assert!(sent.expect("there is a kill").success(), "{signal:?} reaches nobody");
    }

    /// Waits for its end. Returns its exit code, or `None` if a signal ended it.
    pub async fn wait_exit(&mut self, timeout: Duration) -> Option<i32> {
        let ended = tokio::time::timeout(timeout, self.poll_exit()).await;
        let Ok(code) = ended else { panic!("it runs on after {timeout:?}:\n{}", self.log()) };
        self.read_to_end();
        self.assert_token_not_logged();
        code
    }

    /// Returns whether it is running.
    pub fn is_running(&mut self) -> bool {
        self.child.try_wait().expect("a child").is_none()
    }

    async fn poll_exit(&mut self) -> Option<i32> {
        loop {
            if let Some(status) = self.child.try_wait().expect("a child") {
                return status.code();
            }
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    }

    /// Reads the rest of its output. The bot must have ended.
    fn read_to_end(&mut self) {
        self.readers.drain(..).for_each(|reader| reader.join().expect("its output is read"));
    }

    #[track_caller]
    fn assert_token_not_logged(&self) {
        let secret = TOKEN.rsplit('.').next().unwrap_or(TOKEN);
        assert!(!self.log().contains(secret), "the token is in its output");
    }
}

impl Drop for TestBot {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
        if !std::thread::panicking() {
            self.read_to_end();
            self.assert_token_not_logged();
        }
    }
}
