//! How long to wait before the next try to connect.

use std::time::Duration;

/// The longest wait, before it is shortened at random.
const LONGEST: Duration = Duration::from_mins(2);

/// The wait before try number `failed` + 1, where `failed` tries in a row came to nothing.
///
/// It doubles from one second to two minutes. `luck`, from 0 to 1, takes up to half of it away, so that bots that
/// lost Discord at the same moment don't all come back at the same moment; the last waits stay over a minute.
#[must_use]
pub fn wait(failed: u32, luck: f64) -> Duration {
    let Some(doublings) = failed.checked_sub(1) else { return Duration::ZERO };
    let whole = Duration::from_secs(1 << doublings.min(7)).min(LONGEST);
    whole.mul_f64(1.0 - luck.clamp(0.0, 1.0) / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_doubles_up_to_two_minutes_and_never_falls_under_one_again() {
        let millis = |failed, luck| wait(failed, luck).as_millis();
        let waits = [0, 1, 2, 3, 7, 8, 9, u32::MAX].map(|failed| millis(failed, 0.0));
        assert_eq!(waits, [0, 1_000, 2_000, 4_000, 64_000, 120_000, 120_000, 120_000]);
        assert_eq!(millis(8, 1.0), 60_000);
    }

    #[test]
    fn f14_an_hour_of_refusals_takes_few_tries() {
        for luck in [0.0, 0.5, 1.0] {
            let (mut tries, mut past) = (0, Duration::ZERO);
            while past < Duration::from_hours(1) {
                tries += 1;
                past += wait(tries, luck);
            }
            assert!((20..100).contains(&tries), "{tries} tries with luck {luck}");
        }
    }
}
