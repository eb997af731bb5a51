//! The health of the process, for supervisors and operators.

use jiff::Timestamp;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The states of a process, in the order in which it passes through them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HealthState {
    /// The process has not been reachable yet.
    Starting,
    /// The process is reachable and has no problem.
    Ready,
    /// The process runs, and an operator should look at it.
    Degraded,
    /// The process takes no new work.
    Stopping,
}

impl HealthState {
    /// All states.
    pub const ALL: [Self; 4] = [Self::Starting, Self::Ready, Self::Degraded, Self::Stopping];

    /// Returns the name of the state in replies and metrics.
    pub fn name(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::Ready => "ready",
            Self::Degraded => "degraded",
            Self::Stopping => "stopping",
        }
    }
}

/// The health at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthReport {
    /// The state of the process.
    pub state: HealthState,
    /// Whether questions are answered now.
    pub is_answering: bool,
    /// `ok`, or the state and its reasons: `degraded: the corpus can't be read (since 2019-11-18T09:30:00Z)`.
    pub text: String,
}

/// How far the posts are read for the first time. It is displayed as "still reading the recaps, 120 of 213".
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ReadingProgress {
    /// The files that are read.
    pub done: usize,
    /// The files to read; 0 if they are not counted yet.
    pub total: usize,
}

impl fmt::Display for ReadingProgress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("still reading the recaps")?;
        if self.total > 0 {
            write!(f, ", {} of {}", self.done, self.total)?;
        }
        Ok(())
    }
}

/// The health of the process. All clones share it.
///
/// Health has three independent parts. [`Self::set_ready`] and [`Self::set_unreachable`] say whether the bot can be
/// reached. [`Self::set_reading`] says whether it has posts to answer from. [`Self::add_problem`] and
/// [`Self::clear_problem`] keep the set of problems while it answers. Each problem has its own reason, so the end of one
/// does not hide another, and the time since when it holds.
#[derive(Debug, Clone, Default)]
pub struct Health(Arc<Mutex<HealthRecord>>);

#[derive(Debug, Default)]
struct HealthRecord {
    was_ready: bool,
    is_stopping: bool,
    unreachable: Option<&'static str>,
    reading: Option<ReadingProgress>,
    problems: BTreeMap<&'static str, Timestamp>,
}

impl Health {
    /// Returns the health of a process that is starting.
    pub fn new() -> Self {
        Self::default()
    }

    /// The bot can be reached, for the first time or again.
    pub fn set_ready(&self) {
        let mut record = self.lock();
        (record.was_ready, record.unreachable) = (true, None);
    }

    /// The bot can't be reached until the next [`set_ready`](Self::set_ready).
    pub fn set_unreachable(&self, reason: &'static str) {
        self.lock().unreachable = Some(reason);
    }

    /// Sets how far the posts are read for the first time; `None` if they are read. Until then nothing is answered.
    pub fn set_reading(&self, progress: Option<ReadingProgress>) {
        self.lock().reading = progress;
    }

    /// Returns how far the posts are read for the first time; `None` if they are read.
    pub fn reading(&self) -> Option<ReadingProgress> {
        self.lock().reading
    }

    /// Adds a problem of a bot that still answers as of now if it `holds`, and removes it otherwise.
    pub fn set_problem(&self, reason: &'static str, holds: bool) {
        if holds {
            self.add_problem(reason, Timestamp::now());
        } else {
            self.clear_problem(reason);
        }
    }

    /// Adds a problem of a bot that still answers. If it is known, its time stays.
    pub fn add_problem(&self, reason: &'static str, since: Timestamp) {
        self.lock().problems.entry(reason).or_insert(since);
    }

    /// Removes the problem with this reason.
    pub fn clear_problem(&self, reason: &'static str) {
        self.lock().problems.remove(reason);
    }

    /// The process is stopping. Later calls don't change that.
    pub fn set_stopping(&self) {
        self.lock().is_stopping = true;
    }

    /// Returns the current health.
    pub fn report(&self) -> HealthReport {
        self.lock().report()
    }

    fn lock(&self) -> MutexGuard<'_, HealthRecord> {
        // No method panics in the middle of a change, so a poisoned record is consistent.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HealthRecord {
    fn report(&self) -> HealthReport {
        let state = self.state();
        let problems = self.problems.iter().map(|(reason, since)| format!("{reason} (since {since:.0})"));
        let reading = self.reading.map(|progress| progress.to_string());
        let unreachable = self.unreachable.map(str::to_owned);
        let reasons: Vec<String> = unreachable.into_iter().chain(reading).chain(problems).collect();
        let text = match state {
            HealthState::Ready => "ok".to_owned(),
            state if reasons.is_empty() => state.name().to_owned(),
            state => format!("{}: {}", state.name(), reasons.join("; ")),
        };
        let is_answering = matches!(state, HealthState::Ready | HealthState::Degraded)
            && self.unreachable.is_none()
            && self.reading.is_none();
        HealthReport { state, is_answering, text }
    }

    fn state(&self) -> HealthState {
        match self {
            _ if self.is_stopping => HealthState::Stopping,
            _ if !self.was_ready || self.reading.is_some() => HealthState::Starting,
            _ if self.unreachable.is_none() && self.problems.is_empty() => HealthState::Ready,
            _ => HealthState::Degraded,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(health: &Health) -> (String, bool) {
        let report = health.report();
        (report.text, report.is_answering)
    }

    #[test]
    fn it_starts_answers_and_stops() {
        let health = Health::new();
        assert_eq!(text_of(&health), ("starting".into(), false));
        health.set_ready();
        assert_eq!(text_of(&health), ("ok".into(), true));
        health.set_stopping();
        assert_eq!(text_of(&health), ("stopping".into(), false));
        health.set_ready();
        assert_eq!(text_of(&health), ("stopping".into(), false));
    }

    #[test]
    fn nothing_is_answered_until_the_posts_are_read() {
        let health = Health::new();
        health.set_reading(Some(ReadingProgress::default()));
        health.set_ready();
        assert_eq!(text_of(&health), ("starting: still reading the recaps".into(), false));
        health.set_reading(Some(ReadingProgress { done: 120, total: 213 }));
        assert_eq!(text_of(&health), ("starting: still reading the recaps, 120 of 213".into(), false));
        health.set_reading(None);
        assert_eq!(text_of(&health), ("ok".into(), true));
    }

    #[test]
    fn a_problem_alone_does_not_stop_answers() {
        let health = Health::new();
        health.set_ready();
        let [one, two] = [1, 2].map(|second| Timestamp::from_second(second).expect("a time"));
        health.add_problem("b", two);
        health.add_problem("a", one);
        health.add_problem("a", two);
        let text = "degraded: a (since 1970-01-01T00:00:01Z); b (since 1970-01-01T00:00:02Z)";
        assert_eq!(text_of(&health), (text.into(), true));
        health.clear_problem("b");
        health.clear_problem("b");
        assert_eq!(text_of(&health), ("degraded: a (since 1970-01-01T00:00:01Z)".into(), true));
        health.clear_problem("a");
        assert_eq!(health.report().state, HealthState::Ready);
    }

    #[test]
    fn an_unreachable_bot_does_not_answer_and_other_problems_stay() {
        let health = Health::new();
        health.set_unreachable("no gateway");
        assert_eq!(text_of(&health), ("starting: no gateway".into(), false));
        health.set_ready();
        health.add_problem("old posts", Timestamp::UNIX_EPOCH);
        let old_posts = "old posts (since 1970-01-01T00:00:00Z)";
        health.set_unreachable("no gateway");
        assert_eq!(text_of(&health), (format!("degraded: no gateway; {old_posts}"), false));
        health.set_ready();
        assert_eq!(text_of(&health), (format!("degraded: {old_posts}"), true));
    }
}
