//! What was handled already: after a resumed session Discord may send an event a second time.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

/// So many are remembered: the events of the minutes in which a session can be gone on with.
const REMEMBERED: usize = 20_000;

/// The last events, by their ids.
#[derive(Debug, Default)]
pub struct Seen(Mutex<Ids>);

#[derive(Debug, Default)]
struct Ids {
    known: HashSet<u64>,
    in_order: VecDeque<u64>,
}

impl Seen {
    /// Whether it comes for the first time.
    pub fn is_new(&self, id: u64) -> bool {
        let mut ids = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !ids.known.insert(id) {
            return false;
        }
        ids.in_order.push_back(id);
        if ids.in_order.len() > REMEMBERED
            && let Some(oldest) = ids.in_order.pop_front()
        {
            ids.known.remove(&oldest);
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f16_an_event_is_new_once_and_forgotten_in_the_end() {
        let seen = Seen::default();
        assert!(seen.is_new(1));
        assert!(!seen.is_new(1));
        assert!((2..=REMEMBERED as u64 + 1).all(|id| seen.is_new(id)));
        assert!(!seen.is_new(2));
        assert!(seen.is_new(1), "the oldest is forgotten");
    }
}
