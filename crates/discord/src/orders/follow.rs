//! What somebody follows: a digest for them alone.

use jiff::Timestamp;

use super::when::{When, Written, runs_at_all};
use super::{Here, Named, Ordered, Part, Stopped, runs};
use crate::bot::Bot;
use takeaways_digest::{
    Interest, NewSubscription, PauseReason, Schedule, Status, Subscription, SubscriptionId, Target,
    WhenEmpty, Zone,
};
use takeaways_render::discord::{self as pages};
use takeaways_store::{Changes, StoreError};

/// When it comes where nobody says so.
const DEFAULT: &str = "weekly on Monday at 09:00";

/// Something to follow, and when the whole digest is to come.
pub struct Followed {
    pub what: Named,
    pub schedule: Option<String>,
    pub zone: Option<String>,
}

impl Followed {
    /// An event.
    pub fn event(name: String, schedule: Option<String>, zone: Option<String>) -> Self {
        Self { what: Named { event: Part::Becomes(name), ..Named::default() }, schedule, zone }
    }

    /// A topic.
    pub fn topic(name: String, schedule: Option<String>, zone: Option<String>) -> Self {
        Self { what: Named { topic: Part::Becomes(name), ..Named::default() }, schedule, zone }
    }

    /// An author.
    pub fn author(name: String, schedule: Option<String>, zone: Option<String>) -> Self {
        Self { what: Named { author: Part::Becomes(name), ..Named::default() }, schedule, zone }
    }
}

impl Bot {
    /// One thing more that somebody follows; a schedule or a zone changes when all of it comes.
    ///
    /// # Errors
    /// See [`Stopped`].
    pub async fn follow(&self, here: Here, followed: Followed, now: Timestamp) -> Ordered {
        let When { schedule, zone } = Written::of(followed.schedule, followed.zone).read()?;
        let old = self.store.of_person(here.person).await?;
        let (at, in_zone) = when(old.as_ref(), schedule.as_ref(), zone.as_ref())?;
        runs_at_all(&at, &in_zone, now)?;
        let (interest, notes) = self.filter(followed.what, Interest::default(), now).await?;
        let new = NewSubscription {
            target: Target::Person(here.person),
            interests: vec![interest.clone()],
            schedule: at,
            zone: in_zone,
            when_empty: WhenEmpty::Nothing,
            include_since: None,
            made_by: here.person,
            made_at: now,
        };
        self.take_posts_in(now).await?;
        let (mut subscription, is_new) = match self.store.follow(new, self.caps.person).await {
            Err(StoreError::TooMany(cap)) => return Err(Stopped::Told(pages::too_many_follows(cap))),
            followed => followed?,
        };
        let is_zone_named = zone.is_some() || subscription.wanted.zone != Zone::utc();
        if old.is_some() && (schedule.is_some() || zone.is_some()) {
            let changes = Changes { schedule, zone, ..Changes::default() };
            let new = self.store.change_of_person(here.person, changes, now).await?;
            subscription = new.unwrap_or(subscription);
        }
        let (subscription, was_closed) = self.awake(subscription, now).await?;
        tracing::info!(digest = subscription.id.0, is_new, "somebody follows something");
        self.digests.wake();
        let page = pages::followed(&subscription, &interest, is_new, is_zone_named, &notes);
        Ok(if was_closed { page.below(pages::GOES_ON) } else { page })
    }

    /// All that somebody follows. One that is paused goes on: whoever looks at it wants it.
    ///
    /// # Errors
    /// See [`Stopped`].
    pub async fn following(&self, here: Here, now: Timestamp) -> Ordered {
        let Some(subscription) = self.store.of_person(here.person).await? else {
            return Ok(pages::following(None));
        };
        let (subscription, was_closed) = self.awake(subscription, now).await?;
        self.digests.wake();
        let page = pages::following(Some(&subscription));
        Ok(if was_closed { page.below(pages::GOES_ON) } else { page })
    }

    /// The same, resumed where it was paused for direct messages that were closed, and whether it was: the next one tells
    /// whether they still are.
    async fn awake(
        &self,
        subscription: Subscription,
        now: Timestamp,
    ) -> Result<(Subscription, bool), Stopped> {
        let is_for_messages =
            matches!(subscription.status, Status::Paused { reason: PauseReason::DirectMessagesClosed, .. });
        if !is_for_messages || !self.store.resume(subscription.id, now).await? {
            return Ok((subscription, false));
        }
        // What they would be told of it is said here.
        if let Target::Person(person) = subscription.wanted.target {
            self.store.take_notice(person).await?;
        }
        tracing::info!(digest = subscription.id.0, "a digest by direct message was resumed");
        Ok((self.store.subscription(subscription.id).await?.unwrap_or(subscription), true))
    }

    /// One thing less that somebody follows, or all, and their id with it.
    ///
    /// # Errors
    /// See [`Stopped`].
    pub async fn unfollow(&self, here: Here, typed: &str, now: Timestamp) -> Ordered {
        if typed.trim().eq_ignore_ascii_case(pages::ALL) {
            let was_there = self.store.forget_person(here.person).await?;
            tracing::info!(was_there, "somebody was forgotten");
            return Ok(pages::forgotten(was_there));
        }
        let subscription = self.store.of_person(here.person).await?;
        let interests = subscription.as_ref().map(|it| it.wanted.interests.as_slice()).unwrap_or_default();
        let named = interests.iter().find(|interest| pages::is_named(interest, typed));
        let Some(named) = named else { return Ok(pages::not_followed(typed)) };
        match self.store.unfollow(here.person, named, now).await? {
            Some(left) => {
                tracing::info!(left = left.len(), "somebody no longer follows something");
                Ok(pages::unfollowed(named, &left))
            }
            None => Ok(pages::not_followed(typed)),
        }
    }

    /// Lets somebody's own digest come again; that of nobody else.
    ///
    /// # Errors
    /// See [`Stopped`].
    pub async fn resume_own(&self, person: u64, id: SubscriptionId, now: Timestamp) -> Ordered {
        let own = self.store.of_person(person).await?.filter(|own| own.id == id);
        let Some(own) = own else { return Ok(pages::nothing_to_resume()) };
        if !self.store.resume(own.id, now).await? && own.status != Status::Active {
            return Ok(pages::nothing_to_resume());
        }
        self.store.take_notice(person).await?;
        tracing::info!(digest = own.id.0, "a digest by direct message was resumed");
        self.digests.wake();
        let runs = runs(&own, now);
        Ok(pages::comes_again(&own, &runs))
    }
}

/// When it comes: as it is said now, as before, or as nobody said.
fn when(
    old: Option<&Subscription>,
    schedule: Option<&Schedule>,
    zone: Option<&Zone>,
) -> Result<(Schedule, Zone), Stopped> {
    let schedule = match schedule.or(old.map(|old| &old.wanted.schedule)) {
        Some(schedule) => schedule.clone(),
        None => DEFAULT.parse().map_err(|error| Stopped::Told(pages::bad_schedule(&error)))?,
    };
    let zone = zone.or(old.map(|old| &old.wanted.zone)).cloned();
    Ok((schedule, zone.unwrap_or_else(Zone::utc)))
}
