//! Personal subscriptions.

use jiff::Timestamp;

use super::options::{Timing, check_has_runs};
use super::{Caller, CommandResult, FilterOptions, Rejection, next_runs};
use crate::bot::Bot;
use takeaways_digest::{
    Interest, NewSubscription, PauseReason, Schedule, Subscription, SubscriptionId, SubscriptionStatus,
    Target, WhenEmpty, Zone,
};
use takeaways_render::discord::{self as pages, ZoneSource};
use takeaways_store::{ForgottenRows, StoreError, SubscriptionChanges, ZoneOwner};

/// The schedule of a personal subscription if none is given.
const DEFAULT_SCHEDULE: &str = "weekly on Monday at 09:00";

/// An interest to follow, and the schedule of the whole digest.
pub(crate) struct FollowOptions {
    pub filter: FilterOptions,
    pub schedule: Option<String>,
    pub zone: Option<String>,
}

impl Bot {
    /// Adds an interest. A schedule or zone applies to the whole personal digest.
    pub(crate) async fn follow(
        &self,
        caller: Caller,
        options: FollowOptions,
        now: Timestamp,
    ) -> CommandResult {
        let timing = Timing::parse(options.schedule.as_deref(), options.zone.as_deref())?;
        let (interest, notes) = self.resolve_filter(options.filter, Interest::default(), now).await?;
        self.follow_interest(caller, interest, &notes, timing, now).await
    }

    /// Adds an interest with the caller's own schedule, or the default one.
    pub(crate) async fn follow_at_once(
        &self,
        caller: Caller,
        interest: Interest,
        now: Timestamp,
    ) -> CommandResult {
        self.follow_interest(caller, interest, &[], Timing::default(), now).await
    }

    /// Adds the interest of a digest of the caller's server.
    pub(crate) async fn follow_digest(
        &self,
        caller: Caller,
        id: SubscriptionId,
        now: Timestamp,
    ) -> CommandResult {
        let found = match caller.server {
            Some(server) => self.store.find_in_server(server, id).await?,
            None => None,
        };
        match found.as_ref().map(|found| found.definition.interests.as_slice()) {
            Some([interest]) => self.follow_at_once(caller, interest.clone(), now).await,
            _ => Err(Rejection::Page(pages::outdated_button())),
        }
    }

    async fn follow_interest(
        &self,
        caller: Caller,
        interest: Interest,
        notes: &[String],
        timing: Timing,
        now: Timestamp,
    ) -> CommandResult {
        let Timing { schedule, zone } = timing;
        let old = self.store.find_by_person(caller.person).await?;
        let chosen_schedule = choose_schedule(old.as_ref(), schedule.as_ref())?;
        let (chosen_zone, zone_source) = if let (None, Some(old)) = (&zone, &old) {
            let zone = old.definition.zone.clone();
            let source = if zone == Zone::utc() { ZoneSource::Default } else { ZoneSource::Named };
            (zone, source)
        } else {
            let server = caller.server.map(ZoneOwner::Server);
            let owners: Vec<_> = [ZoneOwner::Person(caller.person)].into_iter().chain(server).collect();
            self.choose_zone(zone.clone(), &owners).await?
        };
        check_has_runs(&chosen_schedule, &chosen_zone, now)?;
        let new = NewSubscription {
            target: Target::Person(caller.person),
            interests: vec![interest.clone()],
            schedule: chosen_schedule,
            zone: chosen_zone,
            when_empty: WhenEmpty::Nothing,
            include_since: None,
            wrap_up: false,
            made_by: caller.person,
            made_at: now,
        };
        self.record_posts(now).await?;
        let (mut subscription, is_new) = match self.store.follow(new, self.caps.person).await {
            Err(StoreError::TooMany(cap)) => return Err(Rejection::Page(pages::too_many_follows(cap))),
            followed => followed?,
        };
        self.remember_zone(ZoneOwner::Person(caller.person), zone.as_ref()).await?;
        if old.is_some() && (schedule.is_some() || zone.is_some()) {
            let changes = SubscriptionChanges { schedule, zone, ..SubscriptionChanges::default() };
            let new = self.store.change_by_person(caller.person, changes, now).await?;
            subscription = new.unwrap_or(subscription);
        }
        let (subscription, was_closed) = self.resume_if_closed(subscription, now).await?;
        tracing::info!(digest = subscription.id.0, is_new, "a person follows something");
        self.wakeup.wake();
        let page = pages::followed_message(&subscription, &interest, is_new, zone_source, notes);
        Ok(if was_closed { page.with_line(pages::RESUMED_NOTICE) } else { page })
    }

    /// Shows a personal subscription. A paused one is resumed, because its owner shows interest in it.
    pub(crate) async fn following(&self, caller: Caller, now: Timestamp) -> CommandResult {
        let Some(subscription) = self.store.find_by_person(caller.person).await? else {
            return Ok(pages::follows_message(None));
        };
        let (subscription, was_closed) = self.resume_if_closed(subscription, now).await?;
        self.wakeup.wake();
        let page = pages::follows_message(Some(&subscription));
        Ok(if was_closed { page.with_line(pages::RESUMED_NOTICE) } else { page })
    }

    /// Resumes a subscription that was paused for closed direct messages, and returns it and whether it was resumed.
    /// The next digest shows whether they are still closed.
    async fn resume_if_closed(
        &self,
        subscription: Subscription,
        now: Timestamp,
    ) -> Result<(Subscription, bool), Rejection> {
        let is_closed = matches!(
            subscription.status,
            SubscriptionStatus::Paused { reason: PauseReason::DirectMessagesClosed, .. }
        );
        if !is_closed || !self.store.resume(subscription.id, now).await? {
            return Ok((subscription, false));
        }
        tracing::info!(digest = subscription.id.0, "a digest by direct message was resumed");
        Ok((self.store.find_subscription(subscription.id).await?.unwrap_or(subscription), true))
    }

    /// Removes an interest, or all of them and the person's id.
    pub(crate) async fn unfollow(
        &self,
        caller: Caller,
        interest_text: &str,
        now: Timestamp,
    ) -> CommandResult {
        if interest_text.trim().eq_ignore_ascii_case(pages::UNFOLLOW_ALL) {
            return self.forget_person(caller.person).await;
        }
        let subscription = self.store.find_by_person(caller.person).await?;
        let interests =
            subscription.as_ref().map(|own| own.definition.interests.as_slice()).unwrap_or_default();
        let interest = interests.iter().find(|interest| pages::interest_matches(interest, interest_text));
        let Some(interest) = interest else { return Ok(pages::not_followed_message(interest_text)) };
        match self.store.unfollow(caller.person, interest, now).await? {
            Some(remaining) => {
                tracing::info!(left = remaining.len(), "a person no longer follows something");
                Ok(pages::unfollowed_message(interest, &remaining))
            }
            None => Ok(pages::not_followed_message(interest_text)),
        }
    }

    /// Removes the only interest of the caller, or the one that was chosen, or asks which one.
    pub(crate) async fn unfollow_by_button(
        &self,
        caller: Caller,
        chosen: Option<&str>,
        now: Timestamp,
    ) -> CommandResult {
        if let Some(chosen) = chosen {
            return self.unfollow(caller, chosen, now).await;
        }
        let Some(own) = self.store.find_by_person(caller.person).await? else {
            return Ok(pages::follows_message(None));
        };
        match own.definition.interests.as_slice() {
            [only] => self.unfollow(caller, &pages::choice_value(only), now).await,
            _ => Ok(pages::unfollow_menu(&own)),
        }
    }

    /// Deletes all that is kept of a person.
    pub(crate) async fn forget_person(&self, person: u64) -> CommandResult {
        let rows = self.store.forget_person(person).await?;
        tracing::info!(was_there = !rows.is_empty(), "the data of a person was deleted");
        let ForgottenRows { follows, answers, zones, digests } = rows;
        let sources = self.sources.forget_contributor(person).await?;
        Ok(pages::forgotten_message(pages::DeletedCounts { follows, answers, zones, digests, sources }))
    }

    /// Resumes the caller's own digest, never that of another person.
    pub(crate) async fn resume_personal_digest(
        &self,
        person: u64,
        id: SubscriptionId,
        now: Timestamp,
    ) -> CommandResult {
        let own = self.store.find_by_person(person).await?.filter(|own| own.id == id);
        let Some(own) = own else { return Ok(pages::nothing_to_resume()) };
        if !self.store.resume(own.id, now).await? && own.status != SubscriptionStatus::Active {
            return Ok(pages::nothing_to_resume());
        }
        tracing::info!(digest = own.id.0, "a digest by direct message was resumed");
        self.wakeup.wake();
        let runs = next_runs(&own, now);
        Ok(pages::resumed_follow_message(&own, &runs))
    }
}

/// The new schedule: that of the command, else the previous one, else the default.
fn choose_schedule(old: Option<&Subscription>, new: Option<&Schedule>) -> Result<Schedule, Rejection> {
    match new.or(old.map(|old| &old.definition.schedule)) {
        Some(schedule) => Ok(schedule.clone()),
        None => DEFAULT_SCHEDULE.parse().map_err(|error| Rejection::Page(pages::bad_schedule(&error))),
    }
}
