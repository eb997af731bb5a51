//! The start of a session: the address of the gateway, how many sessions Discord still allows, and the budget of new
//! sessions. The budget is kept in a file, so that it holds across restarts.
//!
//! Discord allows 1,000 new sessions a day, one in five seconds, and resets the token of a bot that needs more:
//! <https://discord.com/developers/docs/topics/gateway#session-start-limit>.

use std::path::PathBuf;
use std::time::Duration;
use std::{fs, io};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use takeaways_delivery::Backoff;
use tokio::sync::watch;
use tokio::time::sleep;

use super::reconnect::FatalError;
use crate::rest::{Rest, RestError};
use crate::route::Route;

/// The shortest wait if Discord allows no new session yet.
const MIN_SESSION_WAIT: Duration = Duration::from_secs(5);
/// The waits between attempts to reach Discord at the start.
const START_BACKOFF: Backoff = Backoff { seconds: &[1.0, 2.0, 5.0, 15.0, 30.0, 60.0], jitter: 0.0 };

/// The address of the gateway, and the number of sessions that may still be started.
#[derive(Debug, Deserialize)]
struct GatewayBot {
    url: String,
    session_start_limit: SessionStartLimit,
}

#[derive(Debug, Deserialize)]
struct SessionStartLimit {
    remaining: u64,
    /// In milliseconds.
    reset_after: u64,
}

/// Waits until Discord allows a new session, and returns the address of the gateway. Without a `known` address it also
/// waits for a Discord that can't be reached, for example after the machine started; otherwise the known one has to do.
/// `None` if the bot is stopped meanwhile.
///
/// # Errors
/// If Discord refuses the token.
pub(crate) async fn wait_for_session(
    rest: &Rest,
    known: Option<&str>,
    stop: &watch::Receiver<bool>,
) -> Result<Option<String>, FatalError> {
    let mut stop = stop.clone();
    let mut failures = 0;
    loop {
        let found = tokio::select! {
            found = rest.get::<GatewayBot>(Route::GatewayBot) => found,
            _ = stop.wait_for(|stop| *stop) => return Ok(None),
        };
        let wait = match (found, known) {
            (Err(error), Some(known)) if error.status() != 401 => {
                tracing::warn!(%error, "Discord can't tell how many sessions are left");
                return Ok(Some(known.to_owned()));
            }
            (Ok(found), _) if found.session_start_limit.remaining == 0 => {
                let wait = Duration::from_millis(found.session_start_limit.reset_after).max(MIN_SESSION_WAIT);
                let at = Timestamp::now().saturating_add(wait).unwrap_or(Timestamp::MAX);
                tracing::error!(%at, "Discord allows no more sessions today; waiting until then");
                wait
            }
            (Ok(found), _) => return Ok(Some(found.url)),
            (Err(error), _) if error.status() == 401 => return Err(FatalError::Token),
            (Err(error), _) => {
                failures += 1;
                let wait = wait_after(&error, failures);
                let seconds = wait.as_secs();
                tracing::warn!(%error, "Discord can't be reached; the next attempt is in about {seconds} s");
                wait
            }
        };
        tokio::select! {
            // The jitter only lengthens the wait, because Discord named the time or has problems.
            () = sleep(wait.mul_f64(1.0 + fastrand::f64() / 4.0)) => {}
            _ = stop.wait_for(|stop| *stop) => return Ok(None),
        }
    }
}

/// The wait after this many failures, or a longer one that Discord names.
pub(crate) fn wait_after(error: &RestError, failures: u32) -> Duration {
    START_BACKOFF.wait(failures).max(error.retry_after().unwrap_or_default())
}

/// The most new sessions in an hour.
const MAX_PER_HOUR: usize = 40;
/// The most new sessions in a day: half of what Discord allows.
const MAX_PER_DAY: usize = 500;
/// The time between two new sessions, by Discord's rule for bots of this size.
const MIN_INTERVAL: SignedDuration = SignedDuration::from_secs(5);

/// The sessions that were started.
#[derive(Debug)]
pub(crate) struct IdentifyBudget {
    /// `None` if the budget is not kept on disk.
    path: Option<PathBuf>,
    session_starts: Vec<Timestamp>,
}

#[derive(Serialize, Deserialize)]
struct BudgetFile {
    identified: Vec<Timestamp>,
}

impl IdentifyBudget {
    /// Reads the file. Effects: reads the file. A file that can't be read counts as empty: it must not keep the bot
    /// from starting.
    pub(crate) fn open(path: Option<PathBuf>) -> Self {
        let started = path.as_deref().map(fs::read).and_then(|read| match read {
            Ok(bytes) => serde_json::from_slice::<BudgetFile>(&bytes)
                .inspect_err(
                    |error| tracing::warn!(%error, "the count of sessions is damaged and restarts at zero"),
                )
                .ok(),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => {
                tracing::warn!(%error, "the count of sessions can't be read and restarts at zero");
                None
            }
        });
        Self { path, session_starts: started.map(|file| file.identified).unwrap_or_default() }
    }

    /// How long to wait until a session may be started.
    pub(crate) fn wait(&self, now: Timestamp) -> Duration {
        let within = |span: SignedDuration, max: usize| {
            let mut recent: Vec<Timestamp> = self
                .session_starts
                .iter()
                // The clock may have been set back since. Times far ahead come from a clock that was wrong.
                .filter(|at| at.duration_since(now) < SignedDuration::from_mins(10))
                .map(|at| *at.min(&now))
                .filter(|at| now.duration_since(*at) < span)
                .collect();
            recent.sort_unstable();
            let oldest = recent.len().checked_sub(max).and_then(|at| recent.get(at).copied());
            oldest.map_or(SignedDuration::ZERO, |at| span - now.duration_since(at))
        };
        let waits = [
            within(MIN_INTERVAL, 1),
            within(SignedDuration::from_hours(1), MAX_PER_HOUR),
            within(SignedDuration::from_hours(24), MAX_PER_DAY),
        ];
        waits.into_iter().max().and_then(|wait| Duration::try_from(wait).ok()).unwrap_or_default()
    }

    /// Counts a session. Effects: writes the file atomically; if that fails, the count continues in memory.
    pub(crate) fn spend(&mut self, now: Timestamp) {
        self.session_starts.retain(|at| now.duration_since(*at) < SignedDuration::from_hours(24));
        self.session_starts.push(now);
        if let Err(error) = self.write() {
            tracing::warn!(%error, "the count of sessions can't be saved");
        }
    }

    fn write(&self) -> io::Result<()> {
        let Some(path) = &self.path else { return Ok(()) };
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let temp_path = path.with_extension("new");
        fs::write(&temp_path, serde_json::to_vec(&BudgetFile { identified: self.session_starts.clone() })?)?;
        fs::rename(&temp_path, path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_at_the_start_grow_to_a_minute_or_to_what_discord_names() {
        let unreachable = RestError::Unreachable("no");
        let waits =
            [1, 2, 3, 4, 5, 6, 7, u32::MAX].map(|failures| wait_after(&unreachable, failures).as_secs());
        assert_eq!(waits, [1, 2, 5, 15, 30, 60, 60, 60]);
        let retry_after = Some(Duration::from_secs(7));
        let limited = RestError::Refused { status: 429, code: 0, message: String::new(), retry_after };
        assert_eq!([1, 4].map(|failures| wait_after(&limited, failures).as_secs()), [7, 15]);
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(1_700_000_000 + seconds).expect("a time")
    }

    #[test]
    fn two_sessions_are_five_seconds_apart() {
        let mut budget = IdentifyBudget::open(None);
        assert_eq!(budget.wait(at(0)), Duration::ZERO);
        budget.spend(at(0));
        assert_eq!(budget.wait(at(2)), Duration::from_secs(3));
        assert_eq!(budget.wait(at(5)), Duration::ZERO);
        assert_eq!(budget.wait(at(-100)), Duration::from_secs(5), "a clock that went back");
    }

    #[test]
    fn f15_a_program_that_dies_every_two_seconds_begins_few_sessions() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("state/gateway.json");
        let mut started = 0;
        for start in (0..3_600).step_by(2) {
            let mut budget = IdentifyBudget::open(Some(path.clone()));
            // The simulated process ends during a longer wait.
            if budget.wait(at(start)) < Duration::from_secs(2) {
                budget.spend(at(start));
                started += 1;
            }
        }
        assert!((30..=50).contains(&started), "{started}");
    }

    #[test]
    fn a_damaged_file_counts_as_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("gateway.json");
        fs::write(&path, "{\"identified\": [3").expect("a file");
        let mut budget = IdentifyBudget::open(Some(path.clone()));
        assert_eq!(budget.wait(at(0)), Duration::ZERO);
        budget.spend(at(0));
        assert_eq!(IdentifyBudget::open(Some(path)).wait(at(1)), Duration::from_secs(4));
    }
}
