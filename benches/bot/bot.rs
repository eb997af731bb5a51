//! The bot as a process: the real program, and its usage by the system's accounting.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};

use crate::discord::FakeGateway;

/// The longest that a bot may read its posts for the first time.
const READ_TIMEOUT: Duration = Duration::from_mins(10);

/// The program to start.
pub struct BotCommand<'a> {
    /// The executable.
    pub path: &'a Path,
    /// The folder of its posts; `None` for the compiled-in notes.
    pub corpus: Option<&'a Path>,
    /// The state folder, which is also the working folder.
    pub folder: &'a Path,
}

/// A running bot, which is killed on drop.
pub struct RunningBot {
    process: Child,
    log: PathBuf,
    /// The time of its start.
    pub started: Instant,
}

impl BotCommand<'_> {
    /// Starts the bot without limits, with its log in a file, as a service.
    pub fn start(&self, discord: &FakeGateway) -> Result<RunningBot> {
        // The session budget outlives restarts, and would delay the start.
        let _ = fs::remove_file(self.folder.join("state/gateway.json"));
        let log = self.folder.join("log");
        let mut command = Command::new(self.path);
        for (name, _) in std::env::vars_os() {
            let is_ours = name.to_str().is_some_and(|name| name.starts_with("TAKEAWAYS_"));
            if is_ours || name == "DISCORD_TOKEN_FILE" {
                command.env_remove(name);
            }
        }
        command
            .arg("serve")
            .arg("--state-dir")
            .arg(self.folder.join("state"))
            .args(self.corpus.iter().flat_map(|corpus| [Path::new("--corpus"), corpus]))
            .env("DISCORD_TOKEN", "MTEwMDAwMDAwMDAwMDAwMDAwMQ.Bench.of-no-use-elsewhere")
            .env("TAKEAWAYS__DISCORD__API_BASE", discord.address())
            .env("TAKEAWAYS__DISCORD__LIMITS__PERSON", "0")
            .env("TAKEAWAYS__DISCORD__LIMITS__SERVER", "0")
            .env("TAKEAWAYS__OPS__LISTEN", "127.0.0.1:0")
            .current_dir(self.folder)
            .stdin(Stdio::null())
            .stderr(File::create(&log)?);
        let started = Instant::now();
        let process = command.spawn().context("the bot can't be started")?;
        Ok(RunningBot { process, log, started })
    }
}

impl RunningBot {
    /// Waits until it has read its posts and answers questions.
    pub fn until_read(&self) -> Result<()> {
        while !fs::read_to_string(&self.log)?.contains("the posts were read") {
            ensure!(self.started.elapsed() < READ_TIMEOUT, "the posts are not read after {READ_TIMEOUT:?}");
            sleep(Duration::from_millis(1));
        }
        Ok(())
    }

    /// Returns its processor time.
    pub fn processor_time(&self) -> Result<Duration> {
        let stat = self.read("stat")?;
        // The name of the program, in brackets, may have any characters. Fields 14 and 15 are user and system time.
        let (_, fields) = stat.rsplit_once(')').context("no stat")?;
        let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
        // The unit is a hundredth of a second on all Linux systems.
        Ok(Duration::from_millis(10 * ticks.sum::<Result<u64, _>>()?))
    }

    /// Returns its current or peak memory, `VmRSS` or `VmHWM`, in MB of 10⁶ bytes.
    pub fn memory(&self, which: &str) -> Result<f64> {
        let status = self.read("status")?;
        let line = status.lines().find(|line| line.starts_with(which)).context("no status")?;
        let kib: u32 = line.split_whitespace().nth(1).context("no number")?.parse()?;
        Ok(f64::from(kib) * 1.024e-3)
    }

    fn read(&self, what: &str) -> Result<String> {
        Ok(fs::read_to_string(format!("/proc/{}/{what}", self.process.id()))?)
    }
}

impl Drop for RunningBot {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
