//! The bot as a process: the real program, and what the system says of it.

use std::fs::{self, File};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use crate::discord::FakeGateway;

/// What is started.
pub struct BotCommand<'a> {
    /// The executable.
    pub path: &'a Path,
    /// The folder of its posts; those that are compiled in without one.
    pub corpus: Option<&'a Path>,
    /// Its state, and the folder that it is started in.
    pub folder: &'a Path,
}

/// A bot that runs until it is dropped.
pub struct RunningBot {
    process: Child,
    /// When it was started.
    pub started: Instant,
}

impl BotCommand<'_> {
    /// Starts it, with its limits off and its log in a file, as a service has it.
    pub fn start(&self, discord: &FakeGateway) -> Result<RunningBot> {
        // It counts its sessions over restarts, and would wait.
        let _ = fs::remove_file(self.folder.join("state/gateway.json"));
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
            .stderr(File::create(self.folder.join("log"))?);
        let started = Instant::now();
        let process = command.spawn().context("the bot can't be started")?;
        Ok(RunningBot { process, started })
    }
}

impl RunningBot {
    /// The processor time that it has taken.
    pub fn processor_time(&self) -> Result<Duration> {
        let stat = self.read("stat")?;
        // The name of the program, in brackets, may hold anything; user and system time follow as fields 14 and 15.
        let (_, fields) = stat.rsplit_once(')').context("no stat")?;
        let ticks = fields.split_whitespace().skip(11).take(2).map(str::parse::<u64>);
        // A hundredth of a second each, on all Linux.
        Ok(Duration::from_millis(10 * ticks.sum::<Result<u64, _>>()?))
    }

    /// Its memory, now or at the most, in MB of 10⁶ bytes: `VmRSS` or `VmHWM`.
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
