//! Creates a digest for a channel.

use jiff::{SignedDuration, Timestamp};
use serenity::all::ChannelType;

use super::channel_access::{DigestChannel, check_access};
use super::timing::{Timing, TimingOptions, check_it_runs};
use super::{CommandResult, FilterOptions, Moderator, Rejection, next_runs};
use crate::bot::Bot;
use crate::failure::Failure;
use takeaways_delivery::DigestWriter;
use takeaways_digest::{Interest, NewSubscription, Schedule, Target, WhenEmpty, Zone};
use takeaways_render::discord::{self as pages, SubscriptionView};
use takeaways_store::StoreError;

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
