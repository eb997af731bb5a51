//! Finds the gateway, and how many sessions Discord still allows.

use std::time::Duration;

use jiff::Timestamp;
use serde::Deserialize;
use tokio::sync::watch;
use tokio::time::sleep;

use super::reconnect::FatalError;
use crate::rest::{Rest, RestError};
use crate::route::Route;
use takeaways_delivery::Backoff;

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
}
