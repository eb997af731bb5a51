//! Decides when to connect again, and whether to resume the session.

use std::time::Duration;
use takeaways_delivery::Backoff;

/// The jitter shortens a wait by up to half, so that bots that lost Discord at the same moment do not all return at the
/// same moment. The last waits stay over a minute.
const BACKOFF: Backoff = Backoff { seconds: &[1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0, 120.0], jitter: -0.5 };
/// A session that is up for this long is stable. One that breaks sooner counts as a failed attempt; otherwise a gateway
/// that breaks each connection at once would be called without a pause.
const STABLE_AFTER: Duration = Duration::from_secs(10);
/// Resume attempts before a new session starts: the resume address may be dead, or an event that waits there may break
/// the connection.
const MAX_RESUMES: u32 = 4;

/// Counts of failed attempts.
#[derive(Debug, Default)]
pub(crate) struct ReconnectBackoff {
    /// Failures in a row without a stable session.
    failures: u32,
    /// Failures in a row without any session.
    without_session: u32,
}

impl ReconnectBackoff {
    /// Counts a connection that ended. `session_time` is how long its session was up; `None` if it
    /// never was.
    pub(crate) fn record_end(&mut self, session_time: Option<Duration>) {
        let is_stable = session_time.is_some_and(|session_time| session_time >= STABLE_AFTER);
        self.failures = if is_stable { 0 } else { self.failures.saturating_add(1) };
        self.without_session =
            if session_time.is_some() { 0 } else { self.without_session.saturating_add(1) };
    }

    /// The number of failed attempts, for the log.
    pub(crate) fn failures(&self) -> u32 {
        self.failures
    }

    /// Whether to give the session up.
    pub(crate) fn is_session_lost(&self) -> bool {
        self.without_session >= MAX_RESUMES
    }

    /// The wait before the next attempt.
    pub(crate) fn next_wait(&self, jitter: f64) -> Duration {
        wait_after(self.failures, jitter)
    }
}

/// The wait after this many failed attempts in a row. `jitter`, from 0 to 1, shortens it.
fn wait_after(failures: u32, jitter: f64) -> Duration {
    if failures == 0 { Duration::ZERO } else { BACKOFF.wait_with(failures, jitter) }
}

/// The action after a connection has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CloseAction {
    /// The session can be resumed, and nothing is lost.
    Resume,
    /// The session is over; a new one has to be started.
    Identify,
    /// Further attempts would fail too; a person has to act.
    Stop(FatalError),
}

/// Why no connection is possible.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FatalError {
    /// The token is wrong or was reset.
    #[error(
        "Discord refuses the token: copy it again from the page \"Bot\" of \
         https://discord.com/developers/applications and set DISCORD_TOKEN"
    )]
    Token,
    /// An invalid shard.
    #[error("Discord refuses the shard number: this is a bug, please report it")]
    Shard,
    /// Too many servers for one connection.
    #[error(
        "the bot is in more than 2,500 servers, the limit of one connection: this version supports only one"
    )]
    Sharding,
    /// Discord no longer supports this version of the gateway.
    #[error("Discord no longer supports version 10 of its gateway: install a newer version of takeaways")]
    Version,
    /// Invalid intents.
    #[error("Discord refuses the intents: this is a bug, please report it")]
    Intents,
    /// Intents that were not granted.
    #[error(
        "Discord refuses the intents, although takeaways uses no privileged one: check the page \"Bot\" of \
         https://discord.com/developers/applications"
    )]
    DisallowedIntents,
}

/// The action for a close code; `None` if the connection broke without one. The codes:
/// <https://discord.com/developers/docs/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes>.
pub(crate) fn close_action(code: Option<u16>) -> CloseAction {
    match code {
        Some(4004) => CloseAction::Stop(FatalError::Token),
        Some(4010) => CloseAction::Stop(FatalError::Shard),
        Some(4011) => CloseAction::Stop(FatalError::Sharding),
        Some(4012) => CloseAction::Stop(FatalError::Version),
        Some(4013) => CloseAction::Stop(FatalError::Intents),
        Some(4014) => CloseAction::Stop(FatalError::DisallowedIntents),
        // Not authenticated, a wrong sequence, a session that timed out; 4006 is the older code of the last.
        Some(4003 | 4006 | 4007 | 4009) => CloseAction::Identify,
        _ => CloseAction::Resume,
    }
}

/// Returns a random wait of one to five seconds, as Discord asks for between a refused session and the next:
/// <https://discord.com/developers/docs/events/gateway#resuming>.
pub(crate) fn new_session_wait() -> Duration {
    Duration::from_secs_f64(1.0 + 4.0 * fastrand::f64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f11_the_wait_for_a_new_session_is_one_to_five_seconds() {
        let waits: Vec<f64> = (0..1_000).map(|_| new_session_wait().as_secs_f64()).collect();
        assert!(waits.iter().all(|wait| (1.0..=5.0).contains(wait)), "{waits:?}");
        assert!(waits.iter().any(|wait| *wait < 2.0) && waits.iter().any(|wait| *wait > 4.0), "they differ");
    }

    #[test]
    fn it_doubles_up_to_two_minutes_and_never_falls_under_one_again() {
        let millis = |failures, jitter| wait_after(failures, jitter).as_millis();
        let waits = [0, 1, 2, 3, 7, 8, 9, u32::MAX].map(|failures| millis(failures, 0.0));
        assert_eq!(waits, [0, 1_000, 2_000, 4_000, 64_000, 120_000, 120_000, 120_000]);
        assert_eq!(millis(8, 1.0), 60_000);
    }

    #[test]
    fn a_session_that_breaks_at_once_each_time_is_waited_for_and_kept() {
        let mut backoff = ReconnectBackoff::default();
        for _ in 0..8 {
            backoff.record_end(Some(Duration::from_secs(1)));
        }
        assert_eq!(backoff.next_wait(0.0), Duration::from_mins(2));
        assert!(!backoff.is_session_lost());
        backoff.record_end(Some(Duration::from_mins(1)));
        assert_eq!(backoff.next_wait(0.0), Duration::ZERO);
    }

    #[test]
    fn a_session_that_never_comes_back_is_given_up() {
        let mut backoff = ReconnectBackoff::default();
        let given_up = [None, None, None, None, Some(Duration::ZERO), None].map(|session_time| {
            backoff.record_end(session_time);
            backoff.is_session_lost()
        });
        assert_eq!(given_up, [false, false, false, true, false, false]);
    }

    #[test]
    fn f14_an_hour_of_refusals_takes_few_tries() {
        for jitter in [0.0, 0.5, 1.0] {
            let (mut tries, mut past) = (0, Duration::ZERO);
            while past < Duration::from_hours(1) {
                tries += 1;
                past += wait_after(tries, jitter);
            }
            assert!((20..100).contains(&tries), "{tries} tries with jitter {jitter}");
        }
    }

    #[test]
    fn the_codes_of_the_documentation() {
        for code in [4004, 4010, 4011, 4012, 4013, 4014] {
            assert!(matches!(close_action(Some(code)), CloseAction::Stop(_)), "{code}");
        }
        for code in [
            None,
            Some(1000),
            Some(1001),
            Some(1006),
            Some(4000),
            Some(4001),
            Some(4002),
            Some(4005),
            Some(4008),
        ] {
            assert_eq!(close_action(code), CloseAction::Resume, "{code:?}");
        }
        for code in [4003, 4007, 4009] {
            assert_eq!(close_action(Some(code)), CloseAction::Identify, "{code}");
        }
    }
}
