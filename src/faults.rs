//! Fail points for the tests: where a test wants it, a step fails, panics or takes long.
//!
//! They exist with the feature `faults` only, which no release has, and are set by the variable `TAKEAWAYS_FAULTS`:
//! `answer=panic`, `answer=fail`, `answer=sleep:2000` (milliseconds), `quote=differs`, and
//! `patience=sleep:500`, so long the gateway is waited for; several with commas between.

#[cfg(all(feature = "faults", not(debug_assertions)))]
compile_error!("the feature `faults` is for tests only and must not be in a release");

/// What a step is to do instead of its work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// To panic.
    Panic,
    /// To fail in the way that the step can fail.
    Fail,
    /// To take this long first.
    Sleep(std::time::Duration),
}

/// What a step is to do, if anything.
#[cfg(not(feature = "faults"))]
#[must_use]
pub fn at(_step: &str) -> Option<Fault> {
    None
}

/// What a step is to do, if anything.
#[cfg(feature = "faults")]
#[must_use]
pub fn at(step: &str) -> Option<Fault> {
    let set = std::env::var("TAKEAWAYS_FAULTS").ok()?;
    let how = set.split(',').find_map(|one| one.strip_prefix(step)?.strip_prefix('='))?;
    match how.split_once(':') {
        Some(("sleep", millis)) => Some(Fault::Sleep(std::time::Duration::from_millis(millis.parse().ok()?))),
        _ if how == "panic" => Some(Fault::Panic),
        _ => Some(Fault::Fail),
    }
}

/// Panics or sleeps where a test wants it; `true` where the step is to fail.
///
/// # Panics
/// Where a test wants it.
#[must_use]
pub fn strikes(step: &str) -> bool {
    match at(step) {
        None => false,
        Some(Fault::Fail) => true,
        Some(Fault::Panic) => panic!("a test wants a panic at {step}"),
        Some(Fault::Sleep(time)) => {
            std::thread::sleep(time);
            false
        }
    }
}

/// A client that takes `TAKEAWAYS_FAULT_DISCORD` (address and port) for discord.com, and trusts the certificate in the
/// file `TAKEAWAYS_FAULT_CERT`: so tests see the bot as it is without a proxy.
#[cfg(feature = "faults")]
pub fn elsewhere(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    let address = std::env::var("TAKEAWAYS_FAULT_DISCORD").ok().and_then(|address| address.parse().ok());
    let pem = std::env::var("TAKEAWAYS_FAULT_CERT").ok().and_then(|path| std::fs::read(path).ok());
    let certificate = pem.and_then(|pem| reqwest::Certificate::from_pem(&pem).ok());
    match (address, certificate) {
        (Some(address), Some(certificate)) => {
            builder.resolve("discord.com", address).add_root_certificate(certificate)
        }
        _ => builder,
    }
}
