//! Manages the digests of a server: add, list, edit, pause, resume, remove, restore, and their log.

use super::{
    CommandResult, FilterOptions, Moderator, Rejection, next_runs,
    options::{Timing, check_has_runs},
};
use crate::bot::Bot;
use crate::commands::NamedChannel;
use crate::permissions::{DigestChannel, check_access};
use crate::response::Failure;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use takeaways_delivery::DigestWriter;
use takeaways_digest::{
    Interest, NewSubscription, PauseReason, Schedule, Subscription, SubscriptionId, Target, WhenEmpty, Zone,
};
use takeaways_render::discord::{self as pages, SubscriptionView, ZoneSource};
use takeaways_store::{StoreError, SubscriptionChanges, ZoneOwner};

/// The number of runs in the log.
const LOG_ROWS: u32 = 10;

/// The longest look-back of the first digest.
const MAX_LOOKBACK: SignedDuration = SignedDuration::from_hours(30 * 24);

/// The options of a new digest.
pub(crate) struct DigestOptions {
    pub schedule: String,
    pub zone: Option<String>,
    pub channel: Option<NamedChannel>,
    pub filter: FilterOptions,
    pub when_empty: WhenEmpty,
    pub wrap_up: bool,
    pub include_last_days: bool,
}

/// A change of a digest.
pub(crate) struct DigestEdit {
    pub schedule: Option<String>,
    pub zone: Option<String>,
    pub channel: Option<NamedChannel>,
    pub filter: FilterOptions,
    pub when_empty: Option<WhenEmpty>,
    pub wrap_up: Option<bool>,
}

impl DigestEdit {
    /// Whether it changes nothing.
    fn is_empty(&self) -> bool {
        let Self { schedule, zone, channel, filter, when_empty, wrap_up } = self;
        let is_blank = |option: &Option<String>| option.as_ref().is_none_or(|text| text.trim().is_empty());
        is_blank(schedule)
            && is_blank(zone)
            && channel.is_none()
            && !filter.is_any()
            && when_empty.is_none()
            && wrap_up.is_none()
    }
}

impl Bot {
    /// A digest of the moderator's server, by its typed id.
    ///
    /// # Errors
    /// If this server has no digest with this id.
    pub(super) async fn find_digest(
        &self,
        moderator: Moderator,
        id: &str,
    ) -> Result<Subscription, Rejection> {
        let found = match pages::parse_digest_number(id) {
            Some(id) => self.store.find_in_server(moderator.server, id).await?,
            None => None,
        };
        found.ok_or_else(|| Rejection::Page(pages::no_such_digest(id)))
    }

    /// Lists the digests of a server.
    pub(crate) async fn list_digests(&self, moderator: Moderator, page: u16) -> CommandResult {
        Ok(pages::list_message(&self.store.list_by_server(moderator.server).await?, page))
    }

    /// Changes the given options of a digest.
    pub(crate) async fn edit_digest(
        &self,
        moderator: Moderator,
        id: String,
        edit: DigestEdit,
        now: Timestamp,
    ) -> CommandResult {
        let Moderator { caller, server } = moderator;
        let old = self.find_digest(moderator, &id).await?;
        if edit.is_empty() {
            return Err(Rejection::Page(pages::nothing_to_change()));
        }
        let Timing { schedule, zone } = Timing::parse(edit.schedule.as_deref(), edit.zone.as_deref())?;
        let definition = &old.definition;
        check_has_runs(
            schedule.as_ref().unwrap_or(&definition.schedule),
            zone.as_ref().unwrap_or(&definition.zone),
            now,
        )?;
        let old_channel = match definition.target {
            Target::Channel { channel, .. } => channel,
            Target::Person(_) => caller.channel,
        };
        let channel = match edit.channel {
            Some(named) => DigestChannel::resolve(Some(named), &caller)?,
            None => {
                DigestChannel { id: old_channel, kind: caller.kind.filter(|_| old_channel == caller.channel) }
            }
        };
        let is_filtered = edit.filter.is_any();
        let interest = definition.interests.first().cloned().unwrap_or_default();
        let (interest, notes) = self.resolve_filter(edit.filter, interest, now).await?;
        let access = check_access(self, &caller, server, channel).await?;
        let named_zone = zone.clone();
        let changes = SubscriptionChanges {
            target: edit.channel.map(|_| Target::Channel { server, channel: channel.id }),
            interests: is_filtered.then(|| vec![interest]),
            schedule,
            zone,
            when_empty: edit.when_empty,
            wrap_up: edit.wrap_up,
        };
        let new = self.store.change(server, old.id, changes, now).await?;
        let new = new.ok_or_else(|| Rejection::Page(pages::no_such_digest(&id)))?;
        self.remember_zone(ZoneOwner::Server(server), named_zone.as_ref()).await?;
        tracing::info!(digest = new.id.0, "a digest was changed");
        self.wakeup.wake();
        let view = SubscriptionView {
            subscription: &new,
            runs: &next_runs(&new, now),
            zone_source: ZoneSource::Named,
            access: &access,
            notes: &notes,
        };
        Ok(pages::changed_message(&view))
    }

    /// Pauses a digest.
    pub(crate) async fn pause_digest(
        &self,
        moderator: Moderator,
        id: String,
        now: Timestamp,
    ) -> CommandResult {
        let digest = self.find_digest(moderator, &id).await?;
        self.store.pause(digest.id, PauseReason::Asked, Some(moderator.caller.person), now).await?;
        tracing::info!(digest = digest.id.0, "a digest was paused");
        Ok(pages::paused_message(&digest))
    }

    /// Resumes a digest.
    pub(crate) async fn resume_digest(
        &self,
        moderator: Moderator,
        id: String,
        now: Timestamp,
    ) -> CommandResult {
        let digest = self.find_digest(moderator, &id).await?;
        if !self.store.resume(digest.id, now).await? {
            return Ok(pages::not_paused_message(&digest));
        }
        tracing::info!(digest = digest.id.0, "a digest was resumed");
        self.wakeup.wake();
        Ok(pages::resumed_message(&digest, &next_runs(&digest, now)))
    }

    /// Removes a digest.
    pub(crate) async fn remove_digest(
        &self,
        moderator: Moderator,
        id: String,
        now: Timestamp,
    ) -> CommandResult {
        let digest = self.find_digest(moderator, &id).await?;
        let removed = self.store.remove(moderator.server, digest.id, now).await?;
        let removed = removed.ok_or_else(|| Rejection::Page(pages::no_such_digest(&id)))?;
        tracing::info!(digest = removed.id.0, "a digest was removed");
        Ok(pages::removed_message(&removed))
    }

    /// Restores a removed digest.
    pub(crate) async fn restore_digest(
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
                tracing::info!(digest = id.0, "a removed digest was restored");
                self.wakeup.wake();
                Ok(pages::restored_message(&digest, &next_runs(&digest, now)))
            }
            None => match self.store.find_in_server(moderator.server, id).await? {
                Some(digest) => Ok(pages::restored_message(&digest, &next_runs(&digest, now))),
                None => Ok(pages::no_such_digest(&id.to_string())),
            },
        }
    }

    /// Shows the latest runs of a digest.
    pub(crate) async fn digest_log(&self, moderator: Moderator, id: String) -> CommandResult {
        let digest = self.find_digest(moderator, &id).await?;
        let runs = self.store.recent_runs(digest.id, LOG_ROWS).await?;
        Ok(pages::run_log(&digest, &runs))
    }

    /// Creates a digest.
    pub(crate) async fn add_digest(
        &self,
        moderator: Moderator,
        options: DigestOptions,
        now: Timestamp,
    ) -> CommandResult {
        let Moderator { caller, server } = moderator;
        let Timing { schedule, zone } = Timing::parse(Some(&options.schedule), options.zone.as_deref())?;
        let schedule = match schedule {
            Some(schedule) => schedule,
            // An empty schedule: its parse error explains what to write.
            None => {
                options.schedule.parse::<Schedule>().map_err(|e| Rejection::Page(pages::bad_schedule(&e)))?
            }
        };
        let named_zone = zone.clone();
        let (zone, zone_source) = self.choose_zone(zone, &[ZoneOwner::Server(server)]).await?;
        check_has_runs(&schedule, &zone, now)?;
        let channel = DigestChannel::resolve(options.channel, &caller)?;
        let (interest, notes) = self.resolve_filter(options.filter, Interest::default(), now).await?;
        let access = check_access(self, &caller, server, channel).await?;
        let new = NewSubscription {
            target: Target::Channel { server, channel: channel.id },
            interests: vec![interest],
            schedule,
            zone,
            when_empty: options.when_empty,
            include_since: options.include_last_days.then(|| now.saturating_sub(MAX_LOOKBACK).unwrap_or(now)),
            wrap_up: options.wrap_up,
            made_by: caller.person,
            made_at: now,
        };
        self.record_posts(now).await?;
        let subscription = match self.store.subscribe(new, self.caps.server).await {
            Err(StoreError::TooMany(cap)) => return Err(Rejection::Page(pages::too_many_digests(cap))),
            made => made?,
        };
        self.remember_zone(ZoneOwner::Server(server), named_zone.as_ref()).await?;
        tracing::info!(digest = subscription.id.0, "a digest was created");
        self.wakeup.wake();
        let runs = next_runs(&subscription, now);
        let view = SubscriptionView {
            subscription: &subscription,
            runs: &runs,
            zone_source,
            access: &access,
            notes: &notes,
        };
        Ok(pages::created_message(&view))
    }

    /// The zone of a command, else the last one that one of these named, else UTC.
    pub(super) async fn choose_zone(
        &self,
        named: Option<Zone>,
        owners: &[ZoneOwner],
    ) -> Result<(Zone, ZoneSource), Rejection> {
        if let Some(zone) = named {
            return Ok((zone, ZoneSource::Named));
        }
        for owner in owners {
            if let Some(zone) = self.store.find_zone(*owner).await? {
                return Ok((zone, ZoneSource::Remembered));
            }
        }
        Ok((Zone::utc(), ZoneSource::Default))
    }

    /// Remembers the zone of a command for the next one.
    pub(super) async fn remember_zone(
        &self,
        owner: ZoneOwner,
        named: Option<&Zone>,
    ) -> Result<(), Rejection> {
        match named {
            Some(zone) => Ok(self.store.save_zone(owner, zone).await?),
            None => Ok(()),
        }
    }

    /// Records all posts in the state: posts that exist already are not new for a digest that is made now.
    pub(super) async fn record_posts(&self, now: Timestamp) -> Result<(), Rejection> {
        Ok(self.composer()?.record_posts(&self.store, now, false).await.map_err(Failure::from)?)
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
        let snapshot = self.engine()?.snapshot();
        let facets = self.capacity.threads.run(move || snapshot.facets(now)).await?;
        let facets = facets.map_err(takeaways_answer::HandleError::from)?;
        options.apply_to(old, &facets, now.to_zoned(TimeZone::UTC).date())
    }
}
