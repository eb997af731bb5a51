//! `takeaways digest preview`: composes a digest without posting it, and lists the posts it leaves out.

use super::interests::resolve_interests;
use crate::cli::{
    args::{DigestPreviewArgs, PageFormat},
    context::{self, Session},
    exit::Exit,
    state, terminal,
    terminal::IndexingProgress,
};
use anyhow::{Context, Result, bail};
use jiff::{SignedDuration, Timestamp, civil::Date, tz::TimeZone};
use std::sync::Arc;
use takeaways_answer::verify_quotes;
use takeaways_digest::{
    Composition, Digest, DigestPost, DigestPostCache, Interest, NumberedPost, NumberedPosts, OmissionReason,
    OmittedPost, PostRecord, PostWindow, Sighting, compose, omitted_old_posts, omitted_unpublished_posts,
};
use takeaways_render::{discord, json, plain, pluralise};
use takeaways_search::Index;
use takeaways_settings::Settings;
use takeaways_store::{PostIdentity, Store};
use takeaways_text::model::{Post, PostId};

/// Takes the place of the key of a delivery.
const FOOTER: &str = "d:preview";
/// The period of a digest without a date.
const DEFAULT_PERIOD: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Composes a digest and prints it. The exit is negative if it has no posts.
pub fn run(session: &Session, args: &DigestPreviewArgs) -> Result<Exit> {
    let now = args.now.unwrap_or(session.now);
    let engine = context::open(&session.settings, false, now, &mut IndexingProgress::new(session.is_quiet))?;
    let index = engine.index();
    let interests = resolve_interests(args, &*index.facets(now)?, now.to_zoned(TimeZone::UTC).date())?;
    let selection = select_posts(session, args, index, now)?;
    let window = &selection.window;
    let entries = selection.posts.new_entries(&interests, window, &DigestPostCache::default())?;
    let Composition { digest, omitted } = compose(&entries, &interests, window);
    if let Some(digest) = &digest {
        verify_quotes(digest.quotes(), index).context("a quote differs from its post")?;
    }
    let pages = digest.as_ref().map(|digest| discord::digest(digest, None, FOOTER));
    let hidden = pages.as_ref().map_or(&[][..], |pages| &pages.overflow_posts);
    let undated = selection.undated_posts(index, &interests, now)?;
    let mut left_out = Vec::new();
    if args.left_out {
        left_out = selection.left_out(index, &interests, args.format, now)?;
        left_out.extend(omitted);
        left_out.extend(OmittedPost::behind_button(&entries, hidden));
    }
    terminal::print(&match args.format {
        PageFormat::Plain => {
            plain_page(digest.as_ref(), hidden, &left_out, &selection, args) + &undated_line(undated, args)
        }
        PageFormat::Json => json::digest(digest.as_ref(), &left_out)? + "\n",
        PageFormat::Discord => match pages {
            Some(pages) => serde_json::to_string(&pages.first)? + "\n",
            None => serde_json::to_string(&discord::nothing_new(FOOTER))? + "\n",
        },
    })?;
    Ok(Exit::from_success(digest.is_some()))
}

fn plain_page(
    digest: Option<&Digest>,
    hidden: &[PostId],
    left_out: &[OmittedPost],
    selection: &PostSelection,
    args: &DigestPreviewArgs,
) -> String {
    let style = terminal::terminal_style();
    let mut page = match digest {
        Some(digest) => plain::digest(digest, hidden, style),
        None => format!("There are no such posts {}.\n", selection.period),
    };
    // Those without a date are listed, since somebody may add the date.
    let other_days = selection.other_days.iter().filter(|record| record.date.is_some()).count();
    if args.left_out && (!left_out.is_empty() || other_days > 0) {
        page += "\nLeft out:\n";
        page += &plain::omitted_posts(left_out, style);
        if other_days > 0 {
            page.extend(["  ", &pluralise(other_days, "post"), " not from these days\n"]);
        }
    }
    page
}

/// That posts without a date are not among those of some days. A list of what is left out names them.
fn undated_line(undated: usize, args: &DigestPreviewArgs) -> String {
    if undated == 0 || args.left_out {
        return String::new();
    }
    let (verb, them) = if undated == 1 { ("is", "it") } else { ("are", "them") };
    format!("\n{} without a date {verb} left out: --left-out names {them}.\n", pluralise(undated, "post"))
}

/// The posts that a digest chooses from.
struct PostSelection {
    posts: NumberedPosts,
    window: PostWindow,
    /// What the posts are chosen by, as in "there are no posts …".
    period: String,
    /// The posts of other days and those without a date, if posts are chosen by date.
    other_days: Vec<PostRecord>,
    /// Whether posts are chosen by when they were first seen.
    is_by_sighting: bool,
}

impl PostSelection {
    /// The number of published posts that have no date, but would be in a digest of all days.
    fn undated_posts(&self, index: &Index, interests: &[Interest], now: Timestamp) -> Result<usize> {
        let undated = self.other_days.iter().filter(|record| record.is_undated(now));
        if interests.is_empty() {
            return Ok(undated.count());
        }
        let mut wanted = 0;
        for record in undated {
            let post = index.post(&record.id)?;
            let is_wanted = |post: &Post| interests.iter().any(|interest| interest.wants(post));
            wanted += usize::from(post.is_some_and(|post| is_wanted(&post)));
        }
        Ok(wanted)
    }

    /// The posts that are left out before the digest is composed. Those of other days are listed for programs only:
    /// people get their number.
    fn left_out(
        &self,
        index: &Index,
        interests: &[Interest],
        format: PageFormat,
        now: Timestamp,
    ) -> Result<Vec<OmittedPost>> {
        let mut left_out = Vec::new();
        let is_listed = |record: &&PostRecord| record.date.is_none() || matches!(format, PageFormat::Json);
        for record in self.other_days.iter().filter(is_listed) {
            let reason =
                if record.date.is_some() { OmissionReason::OtherDays } else { OmissionReason::Undated };
            if let Some(post) = index.post(&record.id)? {
                left_out.push(OmittedPost { post: Arc::new(DigestPost::unanalysed(&post)), reason });
            }
        }
        left_out.extend(omitted_old_posts(&self.posts.old_entries(&self.window)?, interests, &self.window));
        // Chosen by date, an unpublished post is among the new ones, and has its reason there.
        if self.is_by_sighting {
            left_out.extend(omitted_unpublished_posts(index, &index.post_records()?, now)?);
        }
        Ok(left_out)
    }
}

fn select_posts(
    session: &Session,
    args: &DigestPreviewArgs,
    index: &Arc<Index>,
    now: Timestamp,
) -> Result<PostSelection> {
    if let Some(from) = args.by_date {
        if let Some(until) = args.until.filter(|until| *until <= from) {
            bail!("--until {until} is not after --by-date {from}, so no day lies between them");
        }
        return select_by_date(from, args.until, index, now);
    }
    let since = args.since.map_or_else(|| now.checked_sub(DEFAULT_PERIOD), Ok)?;
    select_by_sighting(&session.settings, index, since, now)
}

/// Selects posts by their dates. Each counts as new.
fn select_by_date(
    from: Date,
    until: Option<Date>,
    index: &Arc<Index>,
    now: Timestamp,
) -> Result<PostSelection> {
    let is_wanted = |record: &PostRecord| {
        record.date.is_some_and(|date| date >= from && until.is_none_or(|until| date < until))
    };
    let (wanted, other_days): (Vec<PostRecord>, Vec<PostRecord>) =
        index.post_records()?.into_iter().partition(is_wanted);
    let numbered = |(number, post)| NumberedPost {
        sighting: Sighting { number, first_seen: now, is_initial: false },
        post,
    };
    let posts = NumberedPosts::new(Arc::clone(index), (1..).zip(wanted).map(numbered).collect());
    let end = until.map(|until| format!(" and before {until}")).unwrap_or_default();
    let window = PostWindow { after: 0, include_since: None, subscribed_at: None, now };
    Ok(PostSelection {
        posts,
        window,
        period: format!("dated {from} or later{end}"),
        other_days,
        is_by_sighting: false,
    })
}

/// Posts that were first seen since a time, or, of those that were there when the state began, are dated from then on.
/// What the state has not seen yet is new.
fn select_by_sighting(
    settings: &Settings,
    index: &Arc<Index>,
    since: Timestamp,
    now: Timestamp,
) -> Result<PostSelection> {
    let published: Vec<PostRecord> =
        index.post_records()?.into_iter().filter(|record| record.is_published(now)).collect();
    let identities: Vec<PostIdentity> = published.iter().map(PostIdentity::from).collect();
    let sightings = read_sightings(settings, &identities)?;
    let after = sightings.iter().flatten().map(|sighting| sighting.number).max().unwrap_or_default();
    let sightings = Sighting::predict(sightings, now, false);
    let numbered =
        sightings.into_iter().zip(published).map(|(sighting, post)| NumberedPost { sighting, post });
    let posts = NumberedPosts::new(Arc::clone(index), numbered.collect());
    let window = PostWindow { after, include_since: Some(since), subscribed_at: None, now };
    let period = format!("that were first seen on {since:.0} or later");
    Ok(PostSelection { posts, window, period, other_days: Vec::new(), is_by_sighting: true })
}

fn read_sightings(settings: &Settings, posts: &[PostIdentity]) -> Result<Vec<Option<Sighting>>> {
    state::build_runtime()?.block_on(async {
        let Some(store) = Store::open_read_only(&state::state_location(settings)).await? else {
            bail!(
                "nobody knows yet when the posts were first seen: `takeaways serve` records that while it runs. \
                 Add --by-date DATE to choose posts by their own dates"
            )
        };
        let sightings = store.find_sightings(posts).await?;
        store.close().await;
        Ok(sightings)
    })
}
