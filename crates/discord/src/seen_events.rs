//! The events that were handled already: after a session is resumed, Discord may send an event again.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, PoisonError};

/// The number of remembered ids: more than the events of the minutes in which a session can be resumed.
const CAPACITY: usize = 20_000;

/// The ids of the latest events.
#[derive(Debug, Default)]
pub(crate) struct SeenEvents(Mutex<RecentIds>);

#[derive(Debug, Default)]
struct RecentIds {
    known: HashSet<u64>,
    order: VecDeque<u64>,
}

impl SeenEvents {
    /// Records an id. Returns whether it is new.
    pub(crate) fn insert(&self, id: u64) -> bool {
        let mut ids = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !ids.known.insert(id) {
            return false;
        }
        ids.order.push_back(id);
        if ids.order.len() > CAPACITY
            && let Some(oldest) = ids.order.pop_front()
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
        let events = SeenEvents::default();
        assert!(events.insert(1));
        assert!(!events.insert(1));
        assert!((2..=CAPACITY as u64 + 1).all(|id| events.insert(id)));
        assert!(!events.insert(2));
        assert!(events.insert(1), "the oldest is forgotten");
    }
}
