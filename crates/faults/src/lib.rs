//! Fail points for the tests: a test can make a step fail, panic, sleep or end the process.
//!
//! They exist only with the feature `faults`, which no release has. The variable `TAKEAWAYS_FAULTS` sets them:
//! `answer=panic`, `answer=fail`, `answer=sleep:2000` (milliseconds), `quote=differs`. `patience=sleep:500` sets the
//! timeout of the gateway, `answer.timeout=sleep:60000` the longest wait for an answer, `sources.check=sleep:200` how often is looked for sources that are due, and `sources.notify` for
//! those whose contributors must be told. `digest.claim.after=kill` ends the process as SIGKILL does; `digest.claim.after=kill:3` does
//! so when the step is reached for the third time. Commas separate several of them.

#[cfg(all(feature = "faults", not(debug_assertions)))]
compile_error!("the feature `faults` is for tests only and must not be in a release");

/// The action of a fail point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InjectedFault {
    /// The step panics.
    Panic,
    /// The step fails with its own error.
    Fail,
    /// The step sleeps first.
    Sleep(std::time::Duration),
    /// The process ends at once when the step is reached for the nth time.
    Kill(u64),
}

/// The fail points of a delivery, from its planning to its outcome. [`fail_point`] may end the process at each of them:
/// before and after each write to the state and each request.
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

/// The action that is set for a step, if any.
#[cfg(not(feature = "faults"))]
pub fn injected_fault(_step: &str) -> Option<InjectedFault> {
    None
}

/// The action that is set for a step, if any.
#[cfg(feature = "faults")]
pub fn injected_fault(step: &str) -> Option<InjectedFault> {
    let faults = std::env::var("TAKEAWAYS_FAULTS").ok()?;
    let action = faults.split(',').find_map(|fault| fault.strip_prefix(step)?.strip_prefix('='))?;
    match action.split_once(':') {
        Some(("sleep", millis)) => {
            Some(InjectedFault::Sleep(std::time::Duration::from_millis(millis.parse().ok()?)))
        }
        Some(("kill", visit)) => visit.parse().ok().map(InjectedFault::Kill),
        _ if action == "kill" => Some(InjectedFault::Kill(1)),
        _ if action == "panic" => Some(InjectedFault::Panic),
        _ => Some(InjectedFault::Fail),
    }
}

/// The time that a test sets by `step=sleep:…`, or `usual`.
pub fn time_or(step: &str, usual: std::time::Duration) -> std::time::Duration {
    match injected_fault(step) {
        Some(InjectedFault::Sleep(time)) => time,
        _ => usual,
    }
}

/// Panics or sleeps if a test asks for it. Returns whether the step has to fail.
///
/// # Panics
/// If a test asks for it.
pub fn should_fail(step: &str) -> bool {
    match injected_fault(step) {
        None => false,
        Some(InjectedFault::Fail) => true,
        Some(InjectedFault::Panic) => panic!("a test wants a panic at {step}"),
        Some(InjectedFault::Sleep(time)) => {
            std::thread::sleep(time);
            false
        }
        Some(InjectedFault::Kill(visit)) => {
            kill(step, visit);
            false
        }
    }
}

/// A step that has no error of its own. The process may end here, or the step may take long.
///
/// # Panics
/// If a test asks for it.
pub fn fail_point(step: &str) {
    // The caller can't fail, so a `fail` action is ignored here.
    let _ = should_fail(step);
}

#[cfg(not(feature = "faults"))]
fn kill(_step: &str, _visit: u64) {}

/// Ends the process with SIGKILL when a step is reached for the nth time. This thread does nothing more.
#[cfg(feature = "faults")]
fn kill(step: &str, visit: u64) {
    use std::collections::BTreeMap;
    use std::sync::{Mutex, PoisonError};
    static VISITS: Mutex<BTreeMap<String, u64>> = Mutex::new(BTreeMap::new());
    let mut visits = VISITS.lock().unwrap_or_else(PoisonError::into_inner);
    let count = visits.entry(step.to_owned()).or_default();
    *count += 1;
    if *count == visit {
        let _ = std::process::Command::new("kill").args(["-KILL", &std::process::id().to_string()]).status();
        // If the program `kill` is missing.
        std::process::abort();
    }
}

/// The offset of the clock in seconds, from the file that `TAKEAWAYS_FAULT_CLOCK` names. A test may change the file
/// while the process runs.
#[cfg(not(feature = "faults"))]
pub fn clock_offset() -> Option<jiff::SignedDuration> {
    None
}

/// The offset of the clock in seconds, from the file that `TAKEAWAYS_FAULT_CLOCK` names. A test may change the file
/// while the process runs.
#[cfg(feature = "faults")]
pub fn clock_offset() -> Option<jiff::SignedDuration> {
    let path = std::env::var_os("TAKEAWAYS_FAULT_CLOCK")?;
    let seconds = std::fs::read_to_string(path).ok()?.trim().parse().ok()?;
    Some(jiff::SignedDuration::from_secs(seconds))
}
