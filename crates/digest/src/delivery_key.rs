//! What names a delivery to Discord, so that it can be found again.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use xxhash_rust::xxh3::xxh3_128;

use super::{Destination, SubscriptionId};

/// Names one delivery: the same for the same state, place, subscription and slot. 96 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeliveryKey(u128);

impl DeliveryKey {
    /// `state` is a number that was drawn when the state was made, so that two states never share a key.
    #[must_use]
    pub fn new(state: u64, place: Destination, subscription: SubscriptionId, slot: Timestamp) -> Self {
        let (kind, id) = match place {
            Destination::Channel(id) => (1_u8, id),
            Destination::Person(id) => (2, id),
        };
        let mut bytes = vec![kind];
        bytes.extend(state.to_be_bytes());
        bytes.extend(id.to_be_bytes());
        bytes.extend(subscription.0.to_be_bytes());
        bytes.extend(slot.as_millisecond().to_be_bytes());
        Self(xxh3_128(&bytes) >> 32)
    }

    /// The nonce: 25 characters, which is the most that Discord takes.
    #[must_use]
    pub fn nonce(self) -> String {
        format!("d{self}")
    }

    /// What stands at the end of the message, `d:` and 8 hexadecimal digits.
    #[must_use]
    pub fn footer(self) -> String {
        format!("d:{:08x}", self.0 >> 64)
    }
}

/// 24 hexadecimal digits.
impl fmt::Display for DeliveryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:024x}", self.0)
    }
}

/// What is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a key has 24 hexadecimal digits")]
pub struct DeliveryKeyError;

impl FromStr for DeliveryKey {
    type Err = DeliveryKeyError;

    fn from_str(text: &str) -> Result<Self, DeliveryKeyError> {
        let is_one = text.len() == 24 && text.bytes().all(|b| b.is_ascii_hexdigit());
        u128::from_str_radix(text, 16).ok().filter(|_| is_one).map(Self).ok_or(DeliveryKeyError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_the_same_for_the_same_run_and_no_other() {
        let slot = Timestamp::from_second(1_800_000_000).expect("a time");
        let key = |state, place, id| DeliveryKey::new(state, place, SubscriptionId(id), slot);
        let one = key(7, Destination::Channel(1), 1);
        assert_eq!(one, key(7, Destination::Channel(1), 1));
        assert_ne!(one, key(8, Destination::Channel(1), 1));
        assert_ne!(one, key(7, Destination::Person(1), 1));
        assert_ne!(one, key(7, Destination::Channel(1), 2));
        assert_eq!(one.nonce().len(), 25);
        assert_eq!(one.footer().len(), 10);
        assert!(one.nonce()[1..].starts_with(&one.footer()[2..]));
        assert_eq!(one.to_string().parse(), Ok(one));
        assert_eq!("zz".parse::<DeliveryKey>(), Err(DeliveryKeyError));
    }
}
