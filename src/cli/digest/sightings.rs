//! The posts as the state has seen them.

use std::sync::Arc;

use anyhow::{Result, bail};
use jiff::Timestamp;

use super::preview::DigestInput;
use crate::cli::state;
use takeaways_digest::{DigestPost, DigestPosts, OmittedPost, PostEntry, PostWindow};
use takeaways_settings::Settings;
use takeaways_store::{PostIdentity, Sighting, Store};

/// Posts that were first seen since a time, or, of those that were there when the state began, are dated from then on. What
/// the state has not seen yet is new.
pub fn select_by_sighting(
    settings: &Settings,
    shelf: &DigestPosts,
    since: Timestamp,
    now: Timestamp,
) -> Result<DigestInput> {
    let (out, hidden): (Vec<&Arc<DigestPost>>, Vec<&Arc<DigestPost>>) =
        shelf.all().iter().partition(|recap| recap.is_published(now));
    let posts: Vec<PostIdentity> = out.iter().map(|recap| recap.as_ref().into()).collect();
    let sightings = read_sightings(settings, &posts)?;
    let after = sightings.iter().flatten().map(|sighting| sighting.number).max().unwrap_or_default();
    let sightings = Sighting::predict(sightings, now, false);
    let mut entries: Vec<PostEntry> =
        out.into_iter().zip(sightings).map(|(recap, seen)| seen.into_entry(Arc::clone(recap))).collect();
    entries.sort_by_key(|entry| entry.number);
    let left_out = hidden.into_iter().filter_map(|recap| OmittedPost::unpublished(recap, now)).collect();
    let window = PostWindow { after, include_since: Some(since), subscribed_at: None, now };
    Ok(DigestInput { entries, window, left_out })
}

fn read_sightings(settings: &Settings, posts: &[PostIdentity]) -> Result<Vec<Option<Sighting>>> {
    state::build_runtime()?.block_on(async {
        let Some(store) = Store::open_read_only(&state::state_location(settings)).await? else {
            bail!(
                "there is no state yet, which knows when posts were first seen: `takeaways serve` makes it; \
                 --by-date DATE goes by the dates of the posts"
            )
        };
        let seen = store.find_sightings(posts).await?;
        store.close().await;
        Ok(seen)
    })
}
