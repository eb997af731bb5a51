//! The health of the process, for a supervisor and for people.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The states of a process, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HealthState {
    /// It has not connected yet.
    Starting,
    /// All is well.
    Ready,
    /// It runs, and somebody should take a look.
    Degraded,
    /// It takes no new work.
    Stopping,
}

impl HealthState {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Starting, Self::Ready, Self::Degraded, Self::Stopping];

    /// The name of the state, in replies and in metrics.
    #[must_use]
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
    /// Whether a question that is asked now gets an answer.
    pub is_answering: bool,
    /// `ok`, or the state and the reason: `degraded: the corpus can't be read`.
    pub text: String,
}

/// The health of the process. All clones share it.
///
/// It keeps two things apart. One is whether the process can be reached: [`set_ready`](Self::set_ready) and
/// [`set_unreachable`](Self::set_unreachable). The other is the list of problems while it still answers:
/// [`add_problem`](Self::add_problem) until [`clear_problem`](Self::clear_problem), by reason, so that the end of one
/// problem does not hide another.
#[derive(Debug, Clone, Default)]
pub struct Health(Arc<Mutex<HealthRecord>>);

#[derive(Debug, Default)]
struct HealthRecord {
    was_ready: bool,
    is_stopping: bool,
    unreachable: Option<&'static str>,
    problems: BTreeSet<&'static str>,
}

impl Health {
    /// The health of a process that is starting.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The process can be reached, for the first time or again.
    pub fn set_ready(&self) {
        let mut known = self.lock();
        (known.was_ready, known.unreachable) = (true, None);
    }

    /// Nobody can reach the process until [`set_ready`](Self::set_ready) is called.
    pub fn set_unreachable(&self, reason: &'static str) {
        self.lock().unreachable = Some(reason);
    }

    /// The process answers, but with this problem.
    pub fn add_problem(&self, reason: &'static str) {
        self.lock().problems.insert(reason);
    }

    /// The problem that [`add_problem`](Self::add_problem) reported is over.
    pub fn clear_problem(&self, reason: &'static str) {
        self.lock().problems.remove(reason);
    }

    /// The process is stopping. No later call changes that.
    pub fn set_stopping(&self) {
        self.lock().is_stopping = true;
    }

    /// The health now.
    #[must_use]
    pub fn report(&self) -> HealthReport {
        self.lock().report()
    }

    fn lock(&self) -> MutexGuard<'_, HealthRecord> {
        // The code above can't panic while it holds the lock, so the value is consistent.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HealthRecord {
    fn report(&self) -> HealthReport {
        let state = self.state();
        let reasons: Vec<&str> = self.unreachable.into_iter().chain(self.problems.iter().copied()).collect();
        let text = match state {
            HealthState::Ready => "ok".to_owned(),
            state if reasons.is_empty() => state.name().to_owned(),
            state => format!("{}: {}", state.name(), reasons.join("; ")),
        };
        let is_answering =
            matches!(state, HealthState::Ready | HealthState::Degraded) && self.unreachable.is_none();
        HealthReport { state, is_answering, text }
    }

    fn state(&self) -> HealthState {
        match self {
            _ if self.is_stopping => HealthState::Stopping,
            _ if !self.was_ready => HealthState::Starting,
            _ if self.unreachable.is_none() && self.problems.is_empty() => HealthState::Ready,
            _ => HealthState::Degraded,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(health: &Health) -> (String, bool) {
        let report = health.report();
        (report.text, report.is_answering)
    }

    #[test]
    fn it_starts_answers_and_stops() {
        let health = Health::new();
        assert_eq!(told(&health), ("starting".into(), false));
        health.set_ready();
        assert_eq!(told(&health), ("ok".into(), true));
        health.set_stopping();
        assert_eq!(told(&health), ("stopping".into(), false));
        health.set_ready();
        assert_eq!(told(&health), ("stopping".into(), false));
    }

    #[test]
    fn trouble_alone_does_not_keep_it_from_answering() {
        let health = Health::new();
        health.set_ready();
        health.add_problem("b");
        health.add_problem("a");
        health.add_problem("a");
        assert_eq!(told(&health), ("degraded: a; b".into(), true));
        health.clear_problem("b");
        health.clear_problem("b");
        assert_eq!(told(&health), ("degraded: a".into(), true));
        health.clear_problem("a");
        assert_eq!(health.report().state, HealthState::Ready);
    }

    #[test]
    fn who_is_away_answers_nobody_and_other_trouble_stays() {
        let health = Health::new();
        health.set_unreachable("no gateway");
        assert_eq!(told(&health), ("starting: no gateway".into(), false));
        health.set_ready();
        health.add_problem("old posts");
        health.set_unreachable("no gateway");
        assert_eq!(told(&health), ("degraded: no gateway; old posts".into(), false));
        health.set_ready();
        assert_eq!(told(&health), ("degraded: old posts".into(), true));
    }
}
