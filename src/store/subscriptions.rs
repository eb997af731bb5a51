//! Subscriptions: made, listed, changed, removed.

use jiff::Timestamp;

use super::{Store, StoreError};
use crate::digest::{
    Interest, NewSubscription, PauseReason, Schedule, Subscription, SubscriptionId, Target, WhenEmpty, Zone,
};

/// How many there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caps {
    /// Subscriptions of a server.
    pub server: u32,
    /// Interests of a person.
    pub person: u32,
}

/// What is changed of a subscription; what is `None` stays.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    /// Where it goes.
    pub target: Option<Target>,
    /// Which posts.
    pub interests: Option<Vec<Interest>>,
    /// When.
    pub schedule: Option<Schedule>,
    /// In which zone.
    pub zone: Option<Zone>,
    /// What happens with nothing new.
    pub when_empty: Option<WhenEmpty>,
}

impl Store {
    /// A new subscription of a channel; runs up to `made_at` are decided, and the posts that were seen are covered.
    ///
    /// # Errors
    /// [`StoreError::TooMany`] where the server has `cap` of them.
    pub async fn subscribe(&self, _new: NewSubscription, _cap: u32) -> Result<Subscription, StoreError> {
        todo!()
    }

    /// The subscriptions of a server's channels, oldest first; removed ones are not among them.
    ///
    /// # Errors
    /// Where the state can't be read.
    pub async fn of_server(&self, _server: u64) -> Result<Vec<Subscription>, StoreError> {
        todo!()
    }

    /// A subscription of this server's; that of another is not found.
    ///
    /// # Errors
    /// Where the state can't be read.
    pub async fn find(&self, _server: u64, _id: SubscriptionId) -> Result<Option<Subscription>, StoreError> {
        todo!()
    }

    /// A subscription, whoever's it is: for deliveries and the command line.
    ///
    /// # Errors
    /// Where the state can't be read.
    pub async fn subscription(&self, _id: SubscriptionId) -> Result<Option<Subscription>, StoreError> {
        todo!()
    }

    /// All subscriptions, by number.
    ///
    /// # Errors
    /// Where the state can't be read.
    pub async fn subscriptions(&self) -> Result<Vec<Subscription>, StoreError> {
        todo!()
    }

    /// Changes a subscription of this server's. A new time or zone begins now: runs of before are decided. What is planned
    /// of it and not sent is given up (`Reason::Changed`); its posts stay new.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn change(
        &self,
        _server: u64,
        _id: SubscriptionId,
        _changes: Changes,
        _now: Timestamp,
    ) -> Result<Option<Subscription>, StoreError> {
        todo!()
    }

    /// Removes a subscription of this server's; it can be restored for a day. What is planned is given up.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn remove(
        &self,
        _server: u64,
        _id: SubscriptionId,
        _now: Timestamp,
    ) -> Result<Option<Subscription>, StoreError> {
        todo!()
    }

    /// Undoes a removal; `None` where there is none to undo.
    ///
    /// # Errors
    /// [`StoreError::TooMany`] where others have taken its place.
    pub async fn restore(
        &self,
        _server: u64,
        _id: SubscriptionId,
        _cap: u32,
        _now: Timestamp,
    ) -> Result<Option<Subscription>, StoreError> {
        todo!()
    }

    /// Pauses a subscription. Its runs are skipped from now on, and what is planned is given up. Whether it was active.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn pause(
        &self,
        _id: SubscriptionId,
        _reason: PauseReason,
        _now: Timestamp,
    ) -> Result<bool, StoreError> {
        todo!()
    }

    /// Ends a pause: failures are forgotten, runs up to now are decided. Whether it was paused.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn resume(&self, _id: SubscriptionId, _now: Timestamp) -> Result<bool, StoreError> {
        todo!()
    }

    /// What a person follows, with when it comes.
    ///
    /// # Errors
    /// Where the state can't be read.
    pub async fn of_person(&self, _person: u64) -> Result<Option<Subscription>, StoreError> {
        todo!()
    }

    /// One interest more of a person: makes their subscription with the first one (`new.interests`), and takes the schedule
    /// and the zone of `new` only then. `false` where they follow it already.
    ///
    /// # Errors
    /// [`StoreError::TooMany`] where the person has `cap` of them.
    pub async fn follow(&self, _new: NewSubscription, _cap: u32) -> Result<(Subscription, bool), StoreError> {
        todo!()
    }

    /// One interest less; with the last one the subscription goes. `None` where they did not follow it.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn unfollow(
        &self,
        _person: u64,
        _interest: &Interest,
        _now: Timestamp,
    ) -> Result<Option<Vec<Interest>>, StoreError> {
        todo!()
    }

    /// When what a person follows comes.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn change_of_person(
        &self,
        _person: u64,
        _changes: Changes,
        _now: Timestamp,
    ) -> Result<Option<Subscription>, StoreError> {
        todo!()
    }

    /// Removes a person's subscription and their id from every row. Whether there was anything.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn forget_person(&self, _person: u64) -> Result<bool, StoreError> {
        todo!()
    }

    /// Something that a person is to be told in the next answer that they see: kept until it is taken.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn leave_notice(
        &self,
        _person: u64,
        _notice: PauseReason,
        _now: Timestamp,
    ) -> Result<(), StoreError> {
        todo!()
    }

    /// Takes what a person is to be told, once.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn take_notice(&self, _person: u64) -> Result<Option<PauseReason>, StoreError> {
        todo!()
    }

    /// The bot was removed from a server: its subscriptions pause, and go after 30 days.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn server_gone(&self, _server: u64, _now: Timestamp) -> Result<(), StoreError> {
        todo!()
    }

    /// The bot is in a server: what paused because it was not resumes.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn server_back(&self, _server: u64, _now: Timestamp) -> Result<u32, StoreError> {
        todo!()
    }

    /// Removes for good what was removed a day ago, what is of servers that the bot left 30 days ago, and rows of the ledger
    /// that are older than 400 days. How many rows went.
    ///
    /// # Errors
    /// Where the state can't be written.
    pub async fn clean(&self, _now: Timestamp) -> Result<u64, StoreError> {
        todo!()
    }
}
