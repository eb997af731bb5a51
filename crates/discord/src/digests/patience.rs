//! How long to wait before the next try.

use std::time::Duration;

/// The shortest wait, and the longest, in seconds.
const FIRST: f64 = 2.0;
const LAST: f64 = 60.0;

/// The wait after so many attempts: twice as long with each, and spread by up to a half, so that those that failed together
/// don't come again together.
pub fn after(attempts: u32) -> Duration {
    spread(attempts, fastrand::f64())
}

fn spread(attempts: u32, chance: f64) -> Duration {
    let doublings = i32::try_from(attempts.saturating_sub(1).min(10)).unwrap_or(10);
    let wait = FIRST * 2.0_f64.powi(doublings) * (1.0 + chance / 2.0);
    Duration::from_secs_f64(wait.clamp(FIRST, LAST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_up_to_a_minute() {
        let seconds = |attempts, chance| spread(attempts, chance).as_secs();
        assert_eq!([0, 1, 2, 3, 5, 6, 99].map(|attempts| seconds(attempts, 0.0)), [2, 2, 4, 8, 32, 60, 60]);
        assert_eq!(seconds(3, 1.0), 12);
    }
}
