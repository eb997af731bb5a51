//! Fail points for the tests: where a test wants it, a step fails, panics or takes long.
//!
//! They exist with the feature `faults` only, which no release has, and are set by the variable `TAKEAWAYS_FAULTS`:
//! `answer=panic`, `answer=fail`, `answer=sleep:2000` (milliseconds), `quote=differs`, and
//! `patience=sleep:500`, so long the gateway is waited for; `digest.claim.after=kill` ends the process as SIGKILL does,
//! and `digest.claim.after=kill:3` the third time that it comes there. Several with commas between.

#[cfg(all(feature = "faults", not(debug_assertions)))]
compile_error!("the feature `faults` is for tests only and must not be in a release");

/// What a step is to do instead of its work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InjectedFault {
    /// To panic.
    Panic,
    /// To fail in the way that the step can fail.
    Fail,
    /// To take this long first.
    Sleep(std::time::Duration),
    /// To end the process at once, the so manieth time that it comes there.
    Kill(u64),
}

/// The points of a digest's way from the calendar to its end in the ledger, at each of which [`pass`] may end the
/// process: before and after each write to the state and each request.
pub const DIGEST_POINTS: [&str; 26] = [
    "digest.see.before",
    "digest.see.after",
    "digest.skip.before",
    "digest.skip.after",
    "digest.plan.before",
    "digest.plan.after",
    "digest.claim.before",
    "digest.claim.after",
    "digest.history.before",
    "digest.history.after",
    "digest.absent.before",
    "digest.absent.after",
    "digest.send.before",
    "digest.send.after",
    "digest.sent.before",
    "digest.sent.after",
    "digest.release.before",
    "digest.release.after",
    "digest.failed.before",
    "digest.failed.after",
    "digest.tell.before",
    "digest.tell.after",
    "digest.pause.before",
    "digest.pause.after",
    "digest.clean.before",
    "digest.clean.after",
];

/// What a step is to do, if anything.
#[cfg(not(feature = "faults"))]
#[must_use]
pub fn injected_fault(_step: &str) -> Option<InjectedFault> {
    None
}

/// What a step is to do, if anything.
#[cfg(feature = "faults")]
#[must_use]
pub fn injected_fault(step: &str) -> Option<InjectedFault> {
    let set = std::env::var("TAKEAWAYS_FAULTS").ok()?;
    let how = set.split(',').find_map(|one| one.strip_prefix(step)?.strip_prefix('='))?;
    match how.split_once(':') {
        Some(("sleep", millis)) => {
            Some(InjectedFault::Sleep(std::time::Duration::from_millis(millis.parse().ok()?)))
        }
        Some(("kill", time)) => time.parse().ok().map(InjectedFault::Kill),
        _ if how == "kill" => Some(InjectedFault::Kill(1)),
        _ if how == "panic" => Some(InjectedFault::Panic),
        _ => Some(InjectedFault::Fail),
    }
}

/// Panics or sleeps where a test wants it; `true` where the step is to fail.
///
/// # Panics
/// Where a test wants it.
#[must_use]
pub fn should_fail(step: &str) -> bool {
    match injected_fault(step) {
        None => false,
        Some(InjectedFault::Fail) => true,
        Some(InjectedFault::Panic) => panic!("a test wants a panic at {step}"),
        Some(InjectedFault::Sleep(time)) => {
            std::thread::sleep(time);
            false
        }
        Some(InjectedFault::Kill(time)) => {
            kill(step, time);
            false
        }
    }
}

/// A step that can't fail by itself: here the process may end, or take long.
///
/// # Panics
/// Where a test wants it.
pub fn fail_point(step: &str) {
    // Nothing here can fail, so that it fails is not heard.
    let _ = should_fail(step);
}

#[cfg(not(feature = "faults"))]
fn kill(_step: &str, _time: u64) {}

/// Ends the process with SIGKILL, the so manieth time that it comes to a step. This thread does nothing more.
#[cfg(feature = "faults")]
fn kill(step: &str, time: u64) {
    use std::collections::BTreeMap;
    use std::sync::{Mutex, PoisonError};
    static REACHED: Mutex<BTreeMap<String, u64>> = Mutex::new(BTreeMap::new());
    let mut passed = REACHED.lock().unwrap_or_else(PoisonError::into_inner);
    let count = passed.entry(step.to_owned()).or_default();
    *count += 1;
    if *count == time {
        let _ = std::process::Command::new("kill").args(["-KILL", &std::process::id().to_string()]).status();
        // Where there is no such program.
        std::process::abort();
    }
}

/// How far the clock is off, by the file that `TAKEAWAYS_FAULT_CLOCK` names: seconds, which a test may change while the
/// process runs.
#[cfg(not(feature = "faults"))]
#[must_use]
pub fn clock_offset() -> Option<jiff::SignedDuration> {
    None
}

/// How far the clock is off, by the file that `TAKEAWAYS_FAULT_CLOCK` names: seconds, which a test may change while the
/// process runs.
#[cfg(feature = "faults")]
#[must_use]
pub fn clock_offset() -> Option<jiff::SignedDuration> {
    let path = std::env::var_os("TAKEAWAYS_FAULT_CLOCK")?;
    let seconds = std::fs::read_to_string(path).ok()?.trim().parse().ok()?;
    Some(jiff::SignedDuration::from_secs(seconds))
}
