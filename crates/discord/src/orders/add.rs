//! A new digest of a channel.

use jiff::{SignedDuration, Timestamp};
use serenity::all::ChannelType;

use super::look::{Place, look};
use super::when::{When, Written, runs_at_all};
use super::{Moderator, Named, Ordered, Stopped, runs};
use crate::bot::Bot;
use crate::failure::Failure;
use takeaways_delivery::DigestWriter;
use takeaways_digest::{Interest, NewSubscription, Schedule, Target, WhenEmpty, Zone};
use takeaways_render::discord::{self as pages, Shown};
use takeaways_store::StoreError;

/// So far back the first one may look.
const LAST_DAYS: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A digest, as it was named.
pub struct Wanted {
    pub schedule: String,
    pub zone: Option<String>,
    pub channel: Option<(u64, ChannelType)>,
    pub filter: Named,
    pub when_empty: WhenEmpty,
    pub include_last_days: bool,
}

impl Bot {
    /// Makes a digest.
    ///
    /// # Errors
    /// See [`Stopped`].
    pub async fn add_digest(&self, moderator: Moderator, wanted: Wanted, now: Timestamp) -> Ordered {
        let Moderator { here, server } = moderator;
        let When { schedule, zone } = Written::of(Some(wanted.schedule.clone()), wanted.zone).read()?;
        let schedule = match schedule {
            Some(schedule) => schedule,
            // A blank one: what it says of itself is what there is to say.
            None => {
                wanted.schedule.parse::<Schedule>().map_err(|e| Stopped::Told(pages::bad_schedule(&e)))?
            }
        };
        let (is_zone_named, zone) = (zone.is_some(), zone.unwrap_or_else(Zone::utc));
        runs_at_all(&schedule, &zone, now)?;
        let place = Place::of(wanted.channel, &here)?;
        let (interest, notes) = self.filter(wanted.filter, Interest::default(), now).await?;
        let look = look(self, &here, server, place).await?;
        let new = NewSubscription {
            target: Target::Channel { server, channel: place.channel },
            interests: vec![interest],
            schedule,
            zone,
            when_empty: wanted.when_empty,
            include_since: wanted.include_last_days.then(|| now.saturating_sub(LAST_DAYS).unwrap_or(now)),
            made_by: here.person,
            made_at: now,
        };
        self.take_posts_in(now).await?;
        let subscription = match self.store.subscribe(new, self.caps.server).await {
            Err(StoreError::TooMany(cap)) => return Err(Stopped::Told(pages::too_many_digests(cap))),
            made => made?,
        };
        tracing::info!(digest = subscription.id.0, "a digest was made");
        self.digests.wake();
        let runs = runs(&subscription, now);
        let shown =
            Shown { subscription: &subscription, runs: &runs, is_zone_named, look: &look, notes: &notes };
        Ok(pages::made(&shown))
    }

    /// Has the state take note of all posts that there are: what is there already is not new to what is made now.
    ///
    /// # Errors
    /// Where the posts can't be read.
    pub(super) async fn take_posts_in(&self, now: Timestamp) -> Result<(), Stopped> {
        Ok(self.press.record_posts(&self.store, now, false).await.map_err(Failure::from)?)
    }

    /// The filter that names mean. The names are looked for on a thread of its own.
    ///
    /// # Errors
    /// Where a name means nothing, or the index can't be read.
    pub(super) async fn filter(
        &self,
        named: Named,
        old: Interest,
        now: Timestamp,
    ) -> Result<(Interest, Vec<String>), Stopped> {
        if !named.is_any() {
            return Ok((old, Vec::new()));
        }
        let snapshot = self.engine.snapshot();
        let facets = self.on_a_thread(move || snapshot.facets(now)).await?;
        let facets = facets.map_err(takeaways_answer::HandleError::from)?;
        named.over(old, &facets)
    }
}
