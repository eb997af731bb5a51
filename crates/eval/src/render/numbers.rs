//! Numbers as reports show them.

use crate::bootstrap::Interval;
use crate::scores::Share;

/// `0.72 [0.62, 0.81]`.
pub(super) fn interval(interval: &Interval) -> String {
    let Interval { value, low, high } = interval;
    format!("{value:.3} [{low:.2}, {high:.2}]")
}

/// The same, or a dash where it can't be made.
pub(super) fn maybe(number: Option<&Interval>) -> String {
    number.map_or_else(|| "–".to_owned(), interval)
}

/// `9 of 80, 0.112 [0.05, 0.19]`.
pub(super) fn share(share: &Share) -> String {
    format!("{} of {}, {}", share.count, share.of, interval(&share.share))
}
