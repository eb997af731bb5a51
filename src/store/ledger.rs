//! The ledger: each run is written here before it is sent.

use jiff::{SignedDuration, Timestamp};

use super::{Store, StoreError};
use crate::digest::{Delivery, DeliveryId, Key, Reason, Skip, SubscriptionId, Target};

/// A run that is written down.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// Whose it is.
    pub subscription: SubscriptionId,
    /// Where it goes. The subscription must still go there.
    pub target: Target,
    /// The time that it is the run of.
    pub slot: Timestamp,
    /// Whether it says that it is late.
    pub is_late: bool,
    /// What names it to Discord.
    pub key: Key,
    /// The message as JSON; `None` where there is nothing to post, and the run is over.
    pub body: Option<String>,
    /// The pages that its button shows, as a JSON array; `None` where it shows all.
    pub more: Option<String>,
    /// How many posts it holds.
    pub posts: u32,
    /// The highest number of a post that was looked at.
    pub covers: i64,
}

/// The right to send a delivery, until it is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// What is to be sent, as it is now.
    pub delivery: Delivery,
    /// Whether an earlier attempt may have reached Discord: then it has to be found out first.
    pub may_be_there: bool,
    /// No request may begin after it.
    pub until: Timestamp,
}

impl Store {
    /// Active and paused subscriptions with a run to decide about at `now`, by the time of the run and their number, at most
    /// `limit`; after `after`, which the last one of the page before had.
    ///
    /// # Errors
    /// Where the state can't be read.
    pub async fn waiting(
        &self,
        _now: Timestamp,
        _limit: u32,
    ) -> Result<Vec<crate::digest::Subscription>, StoreError> {
        todo!()
    }

    /// When somebody has to look next: the earliest run of a subscription or retry of a delivery.
    ///
    /// # Errors
    /// Where the state can't be read.
    pub async fn next_look(&self) -> Result<Option<Timestamp>, StoreError> {
        todo!()
    }

    /// The slots that the ledger holds of a subscription after a time.
    ///
    /// # Errors
    /// Where the state can't be read.
    pub async fn held(
        &self,
        _id: SubscriptionId,
        _after: Timestamp,
    ) -> Result<std::collections::BTreeSet<Timestamp>, StoreError> {
        todo!()
    }

    /// Writes down a run and moves the subscription on, in one transaction: runs up to `decided_until` are decided, the next
    /// is `next`. `None`, with nothing done, where the ledger holds the slot already, or the subscription was changed, paused
    /// or removed since (it has to be as `decided_from` says); the subscription is moved on in the first case.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn plan(
        &self,
        _plan: Plan,
        _decided_from: Timestamp,
        _decided_until: Timestamp,
        _next: Option<Timestamp>,
        _now: Timestamp,
    ) -> Result<Option<Delivery>, StoreError> {
        todo!()
    }

    /// Writes down runs that are not made, and moves the subscription on. Where its last row is one of the same reason, that
    /// row takes them in.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn skip(
        &self,
        _id: SubscriptionId,
        _skip: Option<Skip>,
        _reason: Reason,
        _decided_until: Timestamp,
        _next: Option<Timestamp>,
        _now: Timestamp,
    ) -> Result<(), StoreError> {
        todo!()
    }

    /// The clock went back: what was decided about times after `now` is open again, but what was sent, or may have been,
    /// stays in the ledger. How many subscriptions that were.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn clock_went_back(&self, _now: Timestamp) -> Result<u32, StoreError> {
        todo!()
    }

    /// Deliveries that are to be sent or settled at `now`, in the order of their slots, at most `limit`: planned ones whose time
    /// has come, and those that somebody claimed and did not end (`others` says whether the claims of others count before
    /// they are over).
    ///
    /// # Errors
    /// Where the state can't be read.
    pub async fn open_deliveries(&self, _now: Timestamp, _limit: u32) -> Result<Vec<Delivery>, StoreError> {
        todo!()
    }

    /// Claims a delivery for a while, and marks it as being sent. `None` where another has it, or it is over.
    ///
    /// # Errors
    /// Where the state can't be written: then nothing may be sent.
    pub async fn claim(
        &self,
        _id: DeliveryId,
        _now: Timestamp,
        _lease: SignedDuration,
    ) -> Result<Option<Claim>, StoreError> {
        todo!()
    }

    /// Discord has it: the subscription's posts are covered, its failures forgotten. `false` where another has claimed it
    /// since: nothing is written.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn sent(&self, _claim: &Claim, _message: u64, _now: Timestamp) -> Result<bool, StoreError> {
        todo!()
    }

    /// Discord surely does not have it, as was looked up: from now on it counts as never handed over.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn absent(&self, _claim: &Claim, _now: Timestamp) -> Result<Option<Claim>, StoreError> {
        todo!()
    }

    /// Gives the claim back: it is to be tried again from `not_before` on. With `is_refused` Discord did surely not take it.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn release(
        &self,
        _claim: &Claim,
        _is_refused: bool,
        _not_before: Timestamp,
    ) -> Result<bool, StoreError> {
        todo!()
    }

    /// It ends without having been sent; its posts stay new. Gives the subscription's failures in a row, or `None` where the
    /// claim is no longer good.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn failed(
        &self,
        _claim: &Claim,
        _reason: Reason,
        _now: Timestamp,
    ) -> Result<Option<u32>, StoreError> {
        todo!()
    }

    /// It can't be found out whether it was sent. Its posts are covered, since they may have been read.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn unknown(&self, _claim: &Claim, _now: Timestamp) -> Result<bool, StoreError> {
        todo!()
    }

    /// The last runs of a subscription, newest first.
    ///
    /// # Errors
    /// Where the state can't be read.
    pub async fn log(&self, _id: SubscriptionId, _limit: u32) -> Result<Vec<Delivery>, StoreError> {
        todo!()
    }

    /// The last runs of all, newest first.
    ///
    /// # Errors
    /// Where the state can't be read.
    pub async fn log_of_all(&self, _limit: u32) -> Result<Vec<Delivery>, StoreError> {
        todo!()
    }

    /// The delivery that is this message of this channel's or person's, for its buttons.
    ///
    /// # Errors
    /// Where the state can't be read.
    pub async fn of_message(&self, _message: u64) -> Result<Option<Delivery>, StoreError> {
        todo!()
    }
}
