//! `takeaways digest preview`: what a digest would hold, and why it does not hold the rest.
//!
//! The posts as the state has seen them.

use super::interests::resolve_interests;
use crate::cli::{
    args::{DigestFormat, DigestPreviewArgs},
    context::{self, RunContext},
    exit::Exit,
    state, terminal,
    terminal::IndexingProgress,
};
use anyhow::{Context, Result, bail};
use jiff::{SignedDuration, Timestamp, civil::Date};
use std::sync::Arc;
use takeaways_answer::verify_quotes;
use takeaways_digest::{
    Composition, DigestPost, DigestPosts, OmissionReason, OmittedPost, PostEntry, PostWindow, compose,
    omitted_old_posts,
};
use takeaways_render::{discord, json, plain};
use takeaways_settings::Settings;
use takeaways_store::{PostIdentity, Sighting, Store};

/// What stands in the place of a delivery's key.
const FOOTER: &str = "d:preview";
/// Posts of so long are in it where no days were named.
const A_WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Composes a digest and prints it; the exit says whether it holds anything.
pub fn run(session: &RunContext, args: &DigestPreviewArgs) -> Result<Exit> {
    let now = args.now.unwrap_or(session.now);
    let engine = context::open(&session.settings, false, now, &mut IndexingProgress::new(session.is_quiet))?;
    let index = engine.index();
    let interests = resolve_interests(args, &*index.facets(now)?)?;
    let shelf = DigestPosts::default().refresh(index, now)?;
    let DigestInput { entries, window, mut left_out } = select_entries(session, args, &shelf, now)?;
    let Composition { digest, omitted: others } = compose(&entries, &interests, &window);
    left_out.extend(omitted_old_posts(&entries, &interests, &window));
    left_out.extend(others);
    if let Some(digest) = &digest {
        verify_quotes(digest.quotes(), index)
            .context("a sentence is not word for word what its post says")?;
    }
    let pages = digest.as_ref().map(|digest| discord::digest(digest, FOOTER, None));
    left_out.extend(pages.iter().flat_map(|pages| &pages.overflow_posts).filter_map(|hidden| {
        Some(OmittedPost { post: Arc::clone(shelf.find(hidden)?), reason: OmissionReason::BehindButton })
    }));
    let shown: &[OmittedPost] = if args.left_out { &left_out } else { &[] };
    terminal::print(&match args.format {
        DigestFormat::Plain => plain_page(&plain::digest(digest.as_ref(), terminal::terminal_style()), shown),
        DigestFormat::Json => json::digest(digest.as_ref(), shown)? + "\n",
        DigestFormat::Discord => match pages {
            Some(pages) => serde_json::to_string(&pages.first)? + "\n",
            None => serde_json::to_string(&discord::nothing_new(FOOTER, None))? + "\n",
        },
    })?;
    Ok(Exit::from_success(digest.is_some()))
}

fn plain_page(digest: &str, left_out: &[OmittedPost]) -> String {
    match left_out {
        [] => digest.to_owned(),
        _ => format!("{digest}\nLeft out:\n{}", plain::omitted_posts(left_out, terminal::terminal_style())),
    }
}

/// What may be in the digest, and what is left out before.
pub struct DigestInput {
    pub entries: Vec<PostEntry>,
    pub window: PostWindow,
    pub left_out: Vec<OmittedPost>,
}

fn select_entries(
    session: &RunContext,
    args: &DigestPreviewArgs,
    shelf: &DigestPosts,
    now: Timestamp,
) -> Result<DigestInput> {
    if let Some(from) = args.by_date {
        return Ok(select_by_date(from, args.until, shelf, now));
    }
    let since = args.since.map_or_else(|| now.checked_sub(A_WEEK), Ok)?;
    select_by_sighting(&session.settings, shelf, since, now)
}

/// Posts dated within some days; each counts as new.
fn select_by_date(from: Date, until: Option<Date>, shelf: &DigestPosts, now: Timestamp) -> DigestInput {
    let why = |recap: &DigestPost| match recap.metadata.date {
        None => Some(OmissionReason::Undated),
        Some(date) if date < from || until.is_some_and(|until| date >= until) => {
            Some(OmissionReason::OtherDays)
        }
        Some(_) => None,
    };
    let mut entries = Vec::new();
    let mut left_out = Vec::new();
    for (number, recap) in (1..).zip(shelf.all()) {
        let recap = Arc::clone(recap);
        match why(&recap) {
            Some(why) => left_out.push(OmittedPost { post: recap, reason: why }),
            None => entries.push(PostEntry { number, first_seen: now, is_initial: false, post: recap }),
        }
    }
    DigestInput {
        entries,
        window: PostWindow { after: 0, include_since: None, subscribed_at: None, now },
        left_out,
    }
}

/// Posts that were first seen since a time, or, of those that were there when the state began, are dated from then on.
/// What the state has not seen yet is new.
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
