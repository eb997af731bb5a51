//! Manages the digests of a server: list, edit, pause, resume, remove, restore, and their log.
//!
//! Creates a digest for a channel.

use super::{
    CommandResult, FilterOptions, Moderator, Rejection, next_runs,
    options::{Timing, TimingOptions, check_it_runs},
};
use crate::bot::{Bot, Failure};
use crate::permissions::{DigestChannel, check_access};
use jiff::{SignedDuration, Timestamp};
use serenity::all::ChannelType;
use takeaways_delivery::DigestWriter;
use takeaways_digest::{
    Interest, NewSubscription, PauseReason, Schedule, Subscription, SubscriptionId, SubscriptionStatus,
    Target, WhenEmpty, Zone,
};
use takeaways_render::discord::{self as pages, SubscriptionView};
use takeaways_store::{StoreError, SubscriptionChanges};

/// The number of runs in the log.
const LOG_ROWS: u32 = 10;

/// A change of a digest.
pub struct DigestEdit {
    pub schedule: Option<String>,
    pub zone: Option<String>,
    pub channel: Option<(u64, ChannelType)>,
    pub filter: FilterOptions,
    pub when_empty: Option<WhenEmpty>,
}

impl Bot {
    /// A digest of the moderator's server, by its typed id.
    ///
    /// # Errors
    /// If this server has no digest with this id.
    pub(super) async fn find_digest(
        &self,
        moderator: Moderator,
        typed: &str,
    ) -> Result<Subscription, Rejection> {
        let found = match pages::parse_digest_number(typed) {
            Some(id) => self.store.find_in_server(moderator.server, id).await?,
            None => None,
        };
        found.ok_or_else(|| Rejection::Page(pages::no_such_digest(typed)))
    }

    /// Lists the digests of a server.
    ///
    /// # Errors
    /// See [`Rejection`].
    pub async fn list_digests(&self, moderator: Moderator, page: u16) -> CommandResult {
        Ok(pages::list_message(&self.store.list_by_server(moderator.server).await?, page))
    }

    /// Changes the given options of a digest.
    ///
    /// # Errors
    /// See [`Rejection`].
    pub async fn edit_digest(
        &self,
        moderator: Moderator,
        typed: &str,
        edit: DigestEdit,
        now: Timestamp,
    ) -> CommandResult {
        let Moderator { caller: here, server } = moderator;
        let old = self.find_digest(moderator, typed).await?;
        let Timing { schedule, zone } = TimingOptions::new(edit.schedule, edit.zone).parse()?;
        let wanted = &old.definition;
        check_it_runs(
            schedule.as_ref().unwrap_or(&wanted.schedule),
            zone.as_ref().unwrap_or(&wanted.zone),
            now,
        )?;
        let old_channel = match wanted.target {
            Target::Channel { channel, .. } => channel,
            Target::Person(_) => here.channel,
        };
        let place = match edit.channel {
            Some(named) => DigestChannel::resolve(Some(named), &here)?,
            None => DigestChannel {
                channel: old_channel,
                kind: here.kind.filter(|_| old_channel == here.channel),
            },
        };
        let is_filtered = edit.filter.is_any();
        let interest = wanted.interests.first().cloned().unwrap_or_default();
        let (interest, notes) = self.resolve_filter(edit.filter, interest, now).await?;
        let look = check_access(self, &here, server, place).await?;
        let changes = SubscriptionChanges {
            target: edit.channel.map(|_| Target::Channel { server, channel: place.channel }),
            interests: is_filtered.then(|| vec![interest]),
            schedule,
            zone,
            when_empty: edit.when_empty,
        };
        let new = self.store.change(server, old.id, changes, now).await?;
        let new = new.ok_or_else(|| Rejection::Page(pages::no_such_digest(typed)))?;
        tracing::info!(digest = new.id.0, "a digest was changed");
        self.digests.wake();
        let shown = SubscriptionView {
            subscription: &new,
            runs: &next_runs(&new, now),
            // A zone that is not UTC was named at an earlier command.
            is_zone_named: true,
            access: &look,
            notes: &notes,
        };
        Ok(pages::changed_message(&shown))
    }

    /// Pauses a digest.
    ///
    /// # Errors
    /// See [`Rejection`].
    pub async fn pause_digest(&self, moderator: Moderator, typed: &str, now: Timestamp) -> CommandResult {
        let digest = self.find_digest(moderator, typed).await?;
        self.store.pause(digest.id, PauseReason::Asked, now).await?;
        tracing::info!(digest = digest.id.0, "a digest was paused");
        Ok(pages::paused_message(&digest))
    }

    /// Resumes a digest.
    ///
    /// # Errors
    /// See [`Rejection`].
    pub async fn resume_digest(&self, moderator: Moderator, typed: &str, now: Timestamp) -> CommandResult {
        let digest = self.find_digest(moderator, typed).await?;
        if !self.store.resume(digest.id, now).await? {
            return Ok(pages::not_paused_message(&digest));
        }
        tracing::info!(digest = digest.id.0, "a digest was resumed");
        self.digests.wake();
        Ok(pages::resumed_message(&digest, &next_runs(&digest, now)))
    }

    /// Removes a digest.
    ///
    /// # Errors
    /// See [`Rejection`].
    pub async fn remove_digest(&self, moderator: Moderator, typed: &str, now: Timestamp) -> CommandResult {
        let digest = self.find_digest(moderator, typed).await?;
        let removed = self.store.remove(moderator.server, digest.id, now).await?;
        let removed = removed.ok_or_else(|| Rejection::Page(pages::no_such_digest(typed)))?;
        tracing::info!(digest = removed.id.0, "a digest was removed");
        Ok(pages::removed_message(&removed))
    }

    /// Restores a removed digest.
    ///
    /// # Errors
    /// See [`Rejection`].
    pub async fn restore_digest(
        &self,
        moderator: Moderator,
        id: SubscriptionId,
        now: Timestamp,
    ) -> CommandResult {
        let restored = match self.store.restore(moderator.server, id, self.caps.server, now).await {
            Err(StoreError::TooMany(cap)) => return Err(Rejection::Page(pages::too_many_digests(cap))),
            restored => restored?,
        };
        match restored {
            Some(digest) => {
                tracing::info!(digest = id.0, "a removed digest was brought back");
                self.digests.wake();
                Ok(pages::restored_message(&digest, &next_runs(&digest, now)))
            }
            None => match self.store.find_in_server(moderator.server, id).await? {
                Some(digest) => Ok(pages::restored_message(&digest, &next_runs(&digest, now))),
                None => Ok(pages::no_such_digest(&id.to_string())),
            },
        }
    }

    /// Shows the latest runs of a digest.
    ///
    /// # Errors
    /// See [`Rejection`].
    pub async fn digest_log(&self, moderator: Moderator, typed: &str) -> CommandResult {
        let digest = self.find_digest(moderator, typed).await?;
        let runs = self.store.recent_runs(digest.id, LOG_ROWS).await?;
        Ok(pages::run_log(&digest, &runs))
    }

    /// Whether a digest is paused.
    pub(super) fn is_paused(digest: &Subscription) -> bool {
        digest.status != SubscriptionStatus::Active
    }
}

/// The longest look-back of the first digest.
const MAX_LOOKBACK: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The options of a new digest.
pub struct DigestOptions {
    pub schedule: String,
    pub zone: Option<String>,
    pub channel: Option<(u64, ChannelType)>,
    pub filter: FilterOptions,
    pub when_empty: WhenEmpty,
    pub include_last_days: bool,
}

impl Bot {
    /// Creates a digest.
    ///
    /// # Errors
    /// See [`Rejection`].
    pub async fn add_digest(
        &self,
        moderator: Moderator,
        wanted: DigestOptions,
        now: Timestamp,
    ) -> CommandResult {
        let Moderator { caller: here, server } = moderator;
        let Timing { schedule, zone } =
            TimingOptions::new(Some(wanted.schedule.clone()), wanted.zone).parse()?;
        let schedule = match schedule {
            Some(schedule) => schedule,
            // An empty schedule: its parse error explains what to write.
            None => {
                wanted.schedule.parse::<Schedule>().map_err(|e| Rejection::Page(pages::bad_schedule(&e)))?
            }
        };
        let (is_zone_named, zone) = (zone.is_some(), zone.unwrap_or_else(Zone::utc));
        check_it_runs(&schedule, &zone, now)?;
        let place = DigestChannel::resolve(wanted.channel, &here)?;
        let (interest, notes) = self.resolve_filter(wanted.filter, Interest::default(), now).await?;
        let look = check_access(self, &here, server, place).await?;
        let new = NewSubscription {
            target: Target::Channel { server, channel: place.channel },
            interests: vec![interest],
            schedule,
            zone,
            when_empty: wanted.when_empty,
            include_since: wanted.include_last_days.then(|| now.saturating_sub(MAX_LOOKBACK).unwrap_or(now)),
            made_by: here.person,
            made_at: now,
        };
        self.record_posts(now).await?;
        let subscription = match self.store.subscribe(new, self.caps.server).await {
            Err(StoreError::TooMany(cap)) => return Err(Rejection::Page(pages::too_many_digests(cap))),
            made => made?,
        };
        tracing::info!(digest = subscription.id.0, "a digest was made");
        self.digests.wake();
        let runs = next_runs(&subscription, now);
        let shown = SubscriptionView {
            subscription: &subscription,
            runs: &runs,
            is_zone_named,
            access: &look,
            notes: &notes,
        };
        Ok(pages::created_message(&shown))
    }

    /// Records all posts in the state: posts that exist already are not new for a digest that is made now.
    ///
    /// # Errors
    /// If the posts can't be read.
    pub(super) async fn record_posts(&self, now: Timestamp) -> Result<(), Rejection> {
        Ok(self.press.record_posts(&self.store, now, false).await.map_err(Failure::from)?)
    }

    /// Resolves the names of a filter, on a thread of its own.
    ///
    /// # Errors
    /// If a name is unknown or ambiguous, or the index can't be read.
    pub(super) async fn resolve_filter(
        &self,
        options: FilterOptions,
        old: Interest,
        now: Timestamp,
    ) -> Result<(Interest, Vec<String>), Rejection> {
        if !options.is_any() {
            return Ok((old, Vec::new()));
        }
        let snapshot = self.engine.snapshot();
        let facets = self.run_blocking(move || snapshot.facets(now)).await?;
        let facets = facets.map_err(takeaways_answer::HandleError::from)?;
        options.apply_to(old, &facets)
    }
}
