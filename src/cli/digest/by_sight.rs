//! The posts as the state has seen them.

use std::sync::Arc;

use anyhow::{Result, bail};
use jiff::Timestamp;

use super::preview::Found;
use crate::cli::state;
use takeaways_digest::{Entry, LeftOut, Recap, Shelf, Window};
use takeaways_settings::Settings;
use takeaways_store::{SeenPost, Sighting, Store};

/// Posts that were first seen since a time, or, of those that were there when the state began, are dated from then on. What
/// the state has not seen yet is new.
pub fn found(settings: &Settings, shelf: &Shelf, since: Timestamp, now: Timestamp) -> Result<Found> {
    let (out, hidden): (Vec<&Arc<Recap>>, Vec<&Arc<Recap>>) =
        shelf.all().iter().partition(|recap| recap.is_out(now));
    let posts: Vec<SeenPost> = out.iter().map(|recap| recap.as_ref().into()).collect();
    let sightings = sightings(settings, &posts)?;
    let after = sightings.iter().flatten().map(|sighting| sighting.number).max().unwrap_or_default();
    let sightings = Sighting::supposed(sightings, now, false);
    let mut entries: Vec<Entry> =
        out.into_iter().zip(sightings).map(|(recap, seen)| seen.of(Arc::clone(recap))).collect();
    entries.sort_by_key(|entry| entry.number);
    let left_out = hidden.into_iter().filter_map(|recap| LeftOut::not_out(recap, now)).collect();
    let window = Window { after, include_since: Some(since), begun: None, now };
    Ok(Found { entries, window, left_out })
}

fn sightings(settings: &Settings, posts: &[SeenPost]) -> Result<Vec<Option<Sighting>>> {
    state::runtime()?.block_on(async {
        let Some(store) = Store::beside(&state::place(settings)).await? else {
            bail!(
                "there is no state yet, which knows when posts were first seen: `takeaways serve` makes it; \
                 --by-date DATE goes by the dates of the posts"
            )
        };
        let seen = store.seen(posts).await?;
        store.close().await;
        Ok(seen)
    })
}
