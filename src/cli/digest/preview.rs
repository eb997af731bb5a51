//! `takeaways digest preview`: composes a digest without posting it, and lists the posts it leaves out.

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

/// Takes the place of the key of a delivery.
const FOOTER: &str = "d:preview";
/// The period of a digest without a date.
const DEFAULT_PERIOD: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Composes a digest and prints it. The exit is negative if it has no posts.
pub fn run(session: &RunContext, args: &DigestPreviewArgs) -> Result<Exit> {
    let now = args.now.unwrap_or(session.now);
    let engine = context::open(&session.settings, false, now, &mut IndexingProgress::new(session.is_quiet))?;
    let index = engine.index();
    let interests = resolve_interests(args, &*index.facets(now)?)?;
    let posts = DigestPosts::default().refresh(index, now)?;
    let DigestInput { entries, window, mut left_out } = select_entries(session, args, &posts, now)?;
    let Composition { digest, omitted } = compose(&entries, &interests, &window);
    left_out.extend(omitted_old_posts(&entries, &interests, &window));
    left_out.extend(omitted);
    if let Some(digest) = &digest {
        verify_quotes(digest.quotes(), index).context("a quote differs from its post")?;
    }
    let pages = digest.as_ref().map(|digest| discord::digest(digest, FOOTER, None));
    left_out.extend(pages.iter().flat_map(|pages| &pages.overflow_posts).filter_map(|hidden| {
        Some(OmittedPost { post: Arc::clone(posts.find(hidden)?), reason: OmissionReason::BehindButton })
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

/// The posts that a digest may have, and those that are left out before it is composed.
struct DigestInput {
    entries: Vec<PostEntry>,
    window: PostWindow,
    left_out: Vec<OmittedPost>,
}

fn select_entries(
    session: &RunContext,
    args: &DigestPreviewArgs,
    posts: &DigestPosts,
    now: Timestamp,
) -> Result<DigestInput> {
    if let Some(from) = args.by_date {
        return Ok(select_by_date(from, args.until, posts, now));
    }
    let since = args.since.map_or_else(|| now.checked_sub(DEFAULT_PERIOD), Ok)?;
    select_by_sighting(&session.settings, posts, since, now)
}

/// Selects posts by their dates. Each counts as new.
fn select_by_date(from: Date, until: Option<Date>, posts: &DigestPosts, now: Timestamp) -> DigestInput {
    let omission = |post: &DigestPost| match post.metadata.date {
        None => Some(OmissionReason::Undated),
        Some(date) if date < from || until.is_some_and(|until| date >= until) => {
            Some(OmissionReason::OtherDays)
        }
        Some(_) => None,
    };
    let mut entries = Vec::new();
    let mut left_out = Vec::new();
    for (number, post) in (1..).zip(posts.all()) {
        let post = Arc::clone(post);
        match omission(&post) {
            Some(reason) => left_out.push(OmittedPost { post, reason }),
            None => entries.push(PostEntry { number, first_seen: now, is_initial: false, post }),
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
fn select_by_sighting(
    settings: &Settings,
    posts: &DigestPosts,
    since: Timestamp,
    now: Timestamp,
) -> Result<DigestInput> {
    let (published, unpublished): (Vec<&Arc<DigestPost>>, Vec<&Arc<DigestPost>>) =
        posts.all().iter().partition(|post| post.is_published(now));
    let identities: Vec<PostIdentity> = published.iter().map(|post| post.as_ref().into()).collect();
    let sightings = read_sightings(settings, &identities)?;
    let after = sightings.iter().flatten().map(|sighting| sighting.number).max().unwrap_or_default();
    let sightings = Sighting::predict(sightings, now, false);
    let mut entries: Vec<PostEntry> = published
        .into_iter()
        .zip(sightings)
        .map(|(post, sighting)| sighting.into_entry(Arc::clone(post)))
        .collect();
    entries.sort_by_key(|entry| entry.number);
    let left_out = unpublished.into_iter().filter_map(|post| OmittedPost::unpublished(post, now)).collect();
    let window = PostWindow { after, include_since: Some(since), subscribed_at: None, now };
    Ok(DigestInput { entries, window, left_out })
}

fn read_sightings(settings: &Settings, posts: &[PostIdentity]) -> Result<Vec<Option<Sighting>>> {
    state::build_runtime()?.block_on(async {
        let Some(store) = Store::open_read_only(&state::state_location(settings)).await? else {
            bail!(
                "there is no state yet, which records when posts were first seen: `takeaways serve` creates it; \
                 --by-date DATE uses the dates of the posts instead"
            )
        };
        let sightings = store.find_sightings(posts).await?;
        store.close().await;
        Ok(sightings)
    })
}
