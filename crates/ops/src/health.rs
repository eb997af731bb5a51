//! How the process is: what it tells a supervisor and whoever looks after it.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The states that there are, in the order in which a process goes through them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It has not answered anybody yet.
    Starting,
    /// All is well.
    Ready,
    /// It runs, and somebody should look.
    Degraded,
    /// It takes no new work.
    Stopping,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Starting, Self::Ready, Self::Degraded, Self::Stopping];

    /// The word for it, in replies and in metrics.
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

/// How things are at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// Where the process is.
    pub state: State,
    /// Whether somebody who asks now gets an answer.
    pub is_answering: bool,
    /// `ok`, or the state and why: `degraded: the corpus can't be read`.
    pub text: String,
}

/// The health of the process; all clones are one.
///
/// Two things are kept apart. Whether it can be reached: [`ready`](Self::ready) and [`away`](Self::away). And what
/// is wrong while it answers all the same: [`degraded`](Self::degraded) until [`mended`](Self::mended), by reason,
/// so that one trouble that ends does not hide another that goes on.
#[derive(Debug, Clone, Default)]
pub struct Health(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    was_ready: bool,
    is_stopping: bool,
    away: Option<&'static str>,
    troubles: BTreeSet<&'static str>,
}

impl Health {
    /// Of a process that is starting.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// It can be reached, for the first time or again.
    pub fn ready(&self) {
        let mut known = self.known();
        (known.was_ready, known.away) = (true, None);
    }

    /// Nobody can reach it until it is [`ready`](Self::ready) again.
    pub fn away(&self, reason: &'static str) {
        self.known().away = Some(reason);
    }

    /// It answers, but not as it should.
    pub fn degraded(&self, reason: &'static str) {
        self.known().troubles.insert(reason);
    }

    /// What [`degraded`](Self::degraded) told of this reason is over.
    pub fn mended(&self, reason: &'static str) {
        self.known().troubles.remove(reason);
    }

    /// It ends; nothing that comes after changes that.
    pub fn stopping(&self) {
        self.known().is_stopping = true;
    }

    /// How things are now.
    #[must_use]
    pub fn report(&self) -> Report {
        self.known().report()
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        // Nothing above can panic half way, so what a lock was left with is whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Known {
    fn report(&self) -> Report {
        let state = self.state();
        let reasons: Vec<&str> = self.away.into_iter().chain(self.troubles.iter().copied()).collect();
        let text = match state {
            State::Ready => "ok".to_owned(),
            state if reasons.is_empty() => state.name().to_owned(),
            state => format!("{}: {}", state.name(), reasons.join("; ")),
        };
        let is_answering = matches!(state, State::Ready | State::Degraded) && self.away.is_none();
        Report { state, is_answering, text }
    }

    fn state(&self) -> State {
        match self {
            _ if self.is_stopping => State::Stopping,
            _ if !self.was_ready => State::Starting,
            _ if self.away.is_none() && self.troubles.is_empty() => State::Ready,
            _ => State::Degraded,
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
        health.ready();
        assert_eq!(told(&health), ("ok".into(), true));
        health.stopping();
        assert_eq!(told(&health), ("stopping".into(), false));
        health.ready();
        assert_eq!(told(&health), ("stopping".into(), false));
    }

    #[test]
    fn trouble_alone_does_not_keep_it_from_answering() {
        let health = Health::new();
        health.ready();
        health.degraded("b");
        health.degraded("a");
        health.degraded("a");
        assert_eq!(told(&health), ("degraded: a; b".into(), true));
        health.mended("b");
        health.mended("b");
        assert_eq!(told(&health), ("degraded: a".into(), true));
        health.mended("a");
        assert_eq!(health.report().state, State::Ready);
    }

    #[test]
    fn who_is_away_answers_nobody_and_other_trouble_stays() {
        let health = Health::new();
        health.away("no gateway");
        assert_eq!(told(&health), ("starting: no gateway".into(), false));
        health.ready();
        health.degraded("old posts");
        health.away("no gateway");
        assert_eq!(told(&health), ("degraded: no gateway; old posts".into(), false));
        health.ready();
        assert_eq!(told(&health), ("degraded: old posts".into(), true));
    }
}
