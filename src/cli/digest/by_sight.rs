//! The posts as the state has seen them.

use std::sync::Arc;

use anyhow::{Result, bail};
use jiff::Timestamp;

use super::preview::Found;
use crate::cli::state;
use crate::digest::{Entry, LeftOut, Recap, Shelf, Why, Window};
use crate::settings::Settings;
use crate::store::{SeenPost, Sighting, Store};

/// Posts that were first seen since a time, or, of those that were there when the state began, are dated from then on. What
/// the state has not seen yet is new.
pub fn found(settings: &Settings, shelf: &Shelf, since: Timestamp, now: Timestamp) -> Result<Found> {
    let (out, hidden): (Vec<&Arc<Recap>>, Vec<&Arc<Recap>>) =
        shelf.all().iter().partition(|recap| recap.is_out(now));
    let posts: Vec<SeenPost> = out.iter().map(|recap| seen_post(recap)).collect();
    let sightings = sightings(settings, &posts)?;
    let after = sightings.iter().flatten().map(|sighting| sighting.number).max().unwrap_or_default();
    let mut unseen = after;
    let mut entries: Vec<Entry> = out
        .into_iter()
        .zip(sightings)
        .map(|(recap, sighting)| {
            let sighting = sighting.unwrap_or_else(|| {
                unseen += 1;
                Sighting { number: unseen, first_seen: now, is_initial: false }
            });
            let Sighting { number, first_seen, is_initial } = sighting;
            Entry { number, first_seen, is_initial, recap: Arc::clone(recap) }
        })
        .collect();
    entries.sort_by_key(|entry| entry.number);
    let why = |recap: &Recap| recap.post.scheduled(now).map_or(Why::Draft, Why::NotBefore);
    let left_out =
        hidden.into_iter().map(|recap| LeftOut { recap: Arc::clone(recap), why: why(recap) }).collect();
    let window = Window { after, include_since: Some(since), begun: None, now };
    Ok(Found { entries, window, left_out })
}

fn seen_post(recap: &Recap) -> SeenPost {
    let post = &recap.post;
    SeenPost {
        url: post.url.clone(),
        path: post.path.clone(),
        fingerprint: recap.fingerprint,
        date: post.date,
    }
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
