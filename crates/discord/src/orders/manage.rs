//! The digests of a server: shown, changed, paused, resumed, removed, brought back, and their log.

use jiff::Timestamp;
use serenity::all::ChannelType;

use super::look::{Place, look};
use super::when::{When, Written, runs_at_all};
use super::{Moderator, Named, Ordered, Stopped, runs};
use crate::bot::Bot;
use takeaways_digest::{PauseReason, Status, Subscription, SubscriptionId, Target, WhenEmpty};
use takeaways_render::discord::{self as pages, Shown};
use takeaways_store::{Changes, StoreError};

/// So many runs the log shows.
const LOGGED: u32 = 10;

/// What of a digest is to change.
pub struct Edit {
    pub schedule: Option<String>,
    pub zone: Option<String>,
    pub channel: Option<(u64, ChannelType)>,
    pub filter: Named,
    pub when_empty: Option<WhenEmpty>,
}

impl Bot {
    /// A digest of the moderator's server, by its number as it was typed.
    ///
    /// # Errors
    /// Where there is none of it there, whoever else may have one.
    pub(super) async fn digest_of(&self, moderator: Moderator, typed: &str) -> Result<Subscription, Stopped> {
        let found = match pages::digest_number(typed) {
            Some(id) => self.store.find(moderator.server, id).await?,
            None => None,
        };
        found.ok_or_else(|| Stopped::Told(pages::no_such_digest(typed)))
    }

    /// All digests of a server.
    ///
    /// # Errors
    /// See [`Stopped`].
    pub async fn list_digests(&self, moderator: Moderator, page: u16) -> Ordered {
        Ok(pages::listed(&self.store.of_server(moderator.server).await?, page))
    }

    /// Changes what is named of a digest.
    ///
    /// # Errors
    /// See [`Stopped`].
    pub async fn edit_digest(
        &self,
        moderator: Moderator,
        typed: &str,
        edit: Edit,
        now: Timestamp,
    ) -> Ordered {
        let Moderator { here, server } = moderator;
        let old = self.digest_of(moderator, typed).await?;
        let When { schedule, zone } = Written::of(edit.schedule, edit.zone).read()?;
        let wanted = &old.wanted;
        runs_at_all(
            schedule.as_ref().unwrap_or(&wanted.schedule),
            zone.as_ref().unwrap_or(&wanted.zone),
            now,
        )?;
        let old_channel = match wanted.target {
            Target::Channel { channel, .. } => channel,
            Target::Person(_) => here.channel,
        };
        let place = match edit.channel {
            Some(named) => Place::of(Some(named), &here)?,
            None => Place { channel: old_channel, kind: here.kind.filter(|_| old_channel == here.channel) },
        };
        let is_filtered = edit.filter.is_any();
        let interest = wanted.interests.first().cloned().unwrap_or_default();
        let (interest, notes) = self.filter(edit.filter, interest, now).await?;
        let look = look(self, &here, server, place).await?;
        let changes = Changes {
            target: edit.channel.map(|_| Target::Channel { server, channel: place.channel }),
            interests: is_filtered.then(|| vec![interest]),
            schedule,
            zone,
            when_empty: edit.when_empty,
        };
        let new = self.store.change(server, old.id, changes, now).await?;
        let new = new.ok_or_else(|| Stopped::Told(pages::no_such_digest(typed)))?;
        tracing::info!(digest = new.id.0, "a digest was changed");
        self.digests.wake();
        let shown = Shown {
            subscription: &new,
            runs: &runs(&new, now),
            // What was said when it was made or changed holds: a zone that is not UTC was named.
            is_zone_named: true,
            look: &look,
            notes: &notes,
        };
        Ok(pages::changed(&shown))
    }

    /// Pauses a digest.
    ///
    /// # Errors
    /// See [`Stopped`].
    pub async fn pause_digest(&self, moderator: Moderator, typed: &str, now: Timestamp) -> Ordered {
        let digest = self.digest_of(moderator, typed).await?;
        self.store.pause(digest.id, PauseReason::Asked, now).await?;
        tracing::info!(digest = digest.id.0, "a digest was paused");
        Ok(pages::paused(&digest))
    }

    /// Lets a digest run again.
    ///
    /// # Errors
    /// See [`Stopped`].
    pub async fn resume_digest(&self, moderator: Moderator, typed: &str, now: Timestamp) -> Ordered {
        let digest = self.digest_of(moderator, typed).await?;
        if !self.store.resume(digest.id, now).await? {
            return Ok(pages::not_paused(&digest));
        }
        tracing::info!(digest = digest.id.0, "a digest was resumed");
        self.digests.wake();
        Ok(pages::resumed(&digest, &runs(&digest, now)))
    }

    /// Removes a digest.
    ///
    /// # Errors
    /// See [`Stopped`].
    pub async fn remove_digest(&self, moderator: Moderator, typed: &str, now: Timestamp) -> Ordered {
        let digest = self.digest_of(moderator, typed).await?;
        let removed = self.store.remove(moderator.server, digest.id, now).await?;
        let removed = removed.ok_or_else(|| Stopped::Told(pages::no_such_digest(typed)))?;
        tracing::info!(digest = removed.id.0, "a digest was removed");
        Ok(pages::removed(&removed))
    }

    /// Brings a removed digest back.
    ///
    /// # Errors
    /// See [`Stopped`].
    pub async fn restore_digest(&self, moderator: Moderator, id: SubscriptionId, now: Timestamp) -> Ordered {
        let restored = match self.store.restore(moderator.server, id, self.caps.server, now).await {
            Err(StoreError::TooMany(cap)) => return Err(Stopped::Told(pages::too_many_digests(cap))),
            restored => restored?,
        };
        match restored {
            Some(digest) => {
                tracing::info!(digest = id.0, "a removed digest was brought back");
                self.digests.wake();
                Ok(pages::restored(&digest, &runs(&digest, now)))
            }
            None => match self.store.find(moderator.server, id).await? {
                Some(digest) => Ok(pages::restored(&digest, &runs(&digest, now))),
                None => Ok(pages::no_such_digest(&id.to_string())),
            },
        }
    }

    /// The last runs of a digest.
    ///
    /// # Errors
    /// See [`Stopped`].
    pub async fn log_of_digest(&self, moderator: Moderator, typed: &str) -> Ordered {
        let digest = self.digest_of(moderator, typed).await?;
        let runs = self.store.log(digest.id, LOGGED).await?;
        Ok(pages::log(&digest, &runs))
    }

    /// Whether a digest is paused.
    pub(super) fn is_paused(digest: &Subscription) -> bool {
        digest.status != Status::Active
    }
}
