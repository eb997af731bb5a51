//! `takeaways digest preview`: what a digest would hold, and why it does not hold the rest.

use std::sync::Arc;

use anyhow::{Context, Result};
use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::by_sight;
use super::interests::interests;
use crate::cli::args::{DigestFormat, Preview};
use crate::cli::engine;
use crate::cli::exit::Exit;
use crate::cli::progress::Progress;
use crate::cli::session::Session;
use crate::cli::terminal;
use takeaways_answer::verify_quotes;
use takeaways_digest::{Composed, Entry, LeftOut, Recap, Shelf, Why, Window, compose, passed_over};
use takeaways_render::{discord, json, plain};

/// What stands in the place of a delivery's key.
const FOOTER: &str = "d:preview";
/// Posts of so long are in it where no days were named.
const A_WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Composes a digest and prints it; the exit says whether it holds anything.
pub fn run(session: &Session, wish: &Preview) -> Result<Exit> {
    let now = wish.now.unwrap_or(session.now);
    let engine = engine::open(&session.settings, false, now, &mut Progress::new(session.is_quiet))?;
    let index = engine.index();
    let interests = interests(wish, &*index.facets(now)?)?;
    let shelf = Shelf::default().refreshed(index, now)?;
    let Found { entries, window, mut left_out } = found(session, wish, &shelf, now)?;
    let Composed { digest, left_out: others } = compose(&entries, &interests, &window);
    left_out.extend(passed_over(&entries, &interests, &window));
    left_out.extend(others);
    if let Some(digest) = &digest {
        verify_quotes(digest.quotes(), index)
            .context("a sentence is not word for word what its post says")?;
    }
    let pages = digest.as_ref().map(|digest| discord::digest(digest, FOOTER, None));
    left_out.extend(pages.iter().flat_map(|pages| &pages.hidden).filter_map(|hidden| {
        Some(LeftOut { recap: Arc::clone(shelf.find(hidden)?), why: Why::BehindButton })
    }));
    let shown: &[LeftOut] = if wish.left_out { &left_out } else { &[] };
    terminal::print(&match wish.format {
        DigestFormat::Plain => plain_page(&plain::digest(digest.as_ref(), terminal::look()), shown),
        DigestFormat::Json => json::digest(digest.as_ref(), shown)? + "\n",
        DigestFormat::Discord => match pages {
            Some(pages) => serde_json::to_string(&pages.first)? + "\n",
            None => serde_json::to_string(&discord::nothing_new(FOOTER, None))? + "\n",
        },
    })?;
    Ok(Exit::from_yes(digest.is_some()))
}

fn plain_page(digest: &str, left_out: &[LeftOut]) -> String {
    match left_out {
        [] => digest.to_owned(),
        _ => format!("{digest}\nLeft out:\n{}", plain::left_out(left_out, terminal::look())),
    }
}

/// What may be in the digest, and what is left out before.
pub struct Found {
    pub entries: Vec<Entry>,
    pub window: Window,
    pub left_out: Vec<LeftOut>,
}

fn found(session: &Session, wish: &Preview, shelf: &Shelf, now: Timestamp) -> Result<Found> {
    if let Some(from) = wish.by_date {
        return Ok(by_date(from, wish.until, shelf, now));
    }
    let since = wish.since.map_or_else(|| now.checked_sub(A_WEEK), Ok)?;
    by_sight::found(&session.settings, shelf, since, now)
}

/// Posts dated within some days; each counts as new.
fn by_date(from: Date, until: Option<Date>, shelf: &Shelf, now: Timestamp) -> Found {
    let why = |recap: &Recap| match recap.post.date {
        None => Some(Why::Undated),
        Some(date) if date < from || until.is_some_and(|until| date >= until) => Some(Why::OtherDays),
        Some(_) => None,
    };
    let mut entries = Vec::new();
    let mut left_out = Vec::new();
    for (number, recap) in (1..).zip(shelf.all()) {
        let recap = Arc::clone(recap);
        match why(&recap) {
            Some(why) => left_out.push(LeftOut { recap, why }),
            None => entries.push(Entry { number, first_seen: now, is_initial: false, recap }),
        }
    }
    Found { entries, window: Window { after: 0, include_since: None, begun: None, now }, left_out }
}
