//! Windows to excerpts: the best ones, at most two of a post, none that another one says already.

use std::collections::{BTreeSet, HashSet};

use jiff::Timestamp;
use xxhash_rust::xxh3::xxh3_64;

use super::told_of;
use super::windows::Window;
use crate::model::{BlockKind, Citation, Excerpt, Post, PostId, Quoted, Scope, Span};
use crate::text::tokens::tokens;

/// The most excerpts of one post.
const MAX_PER_POST: usize = 2;
/// A second or third excerpt has to be this good against the best: it is there for its own sake.
const SHARE_OF_BEST: f32 = 0.7;
/// Two excerpts with this share of common runs of three words say the same, if they name the same numbers and
/// names: posts that were copied differ by a word or two, facts that contradict each other by no more.
const SAME: f32 = 0.8;

/// A chosen window and which other posts say the same.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The window.
    pub window: Window,
    /// The other posts whose near-duplicates of it were folded.
    others: BTreeSet<PostId>,
}

impl Chosen {
    fn take_in(&mut self, same: &Window) {
        if same.post.id != self.window.post.id {
            self.others.insert(same.post.id.clone());
        }
    }
}

/// The best windows first, at most `limit`. Ties go by the post's id and the place in it, so that nothing
/// depends on the order in which they were found.
#[must_use]
pub fn choose(mut windows: Vec<Window>, limit: usize) -> Vec<Chosen> {
    windows.sort_by(|a, b| {
        b.score.total_cmp(&a.score).then_with(|| a.post.id.cmp(&b.post.id)).then_with(|| a.span.cmp(&b.span))
    });
    let Some(first) = windows.first() else { return Vec::new() };
    let (best, best_coverage, holds) = (first.score, first.coverage, first.holds());
    let mut chosen: Vec<(Chosen, Gist)> = Vec::new();
    for window in windows {
        if window.score < best * SHARE_OF_BEST {
            break;
        }
        let carries = window.coverage >= best_coverage * SHARE_OF_BEST && window.holds() >= holds;
        if !carries || overlaps(&window, &chosen) {
            continue;
        }
        let gist = Gist::of(&window);
        if let Some((same, _)) = chosen.iter_mut().find(|(_, known)| known.is_like(&gist)) {
            same.take_in(&window);
        } else if chosen.len() < limit && of_post(&chosen, &window) < MAX_PER_POST {
            chosen.push((Chosen { window, others: BTreeSet::new() }, gist));
        }
    }
    chosen.into_iter().map(|(chosen, _)| chosen).collect()
}

fn overlaps(window: &Window, chosen: &[(Chosen, Gist)]) -> bool {
    chosen
        .iter()
        .any(|(other, _)| other.window.post.id == window.post.id && other.window.span.overlaps(window.span))
}

fn of_post(chosen: &[(Chosen, Gist)], window: &Window) -> usize {
    chosen.iter().filter(|(other, _)| other.window.post.id == window.post.id).count()
}

/// What an excerpt says, to be compared: its runs of three terms, and what makes a fact another one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Gist {
    shingles: HashSet<u64>,
    /// Numbers, names and denials, by which sentences that are alike may say the opposite.
    facts: HashSet<String>,
}

impl Gist {
    fn of(window: &Window) -> Self {
        let text = window.post.body.slice(window.span);
        let terms: Vec<String> =
            tokens(text, window.post.language).into_iter().map(|token| token.term).collect();
        let size = terms.len().clamp(1, 3);
        let shingles = terms.windows(size).map(|run| xxh3_64(run.join(" ").as_bytes())).collect();
        let words = text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
        let facts = words.filter(|word| is_fact(word)).map(str::to_lowercase).collect();
        Self { shingles, facts }
    }

    /// Whether two say the same, or one says nothing that the other does not.
    #[expect(clippy::cast_precision_loss, reason = "an excerpt has at most a few hundred words")]
    fn is_like(&self, other: &Self) -> bool {
        let (less, more) =
            if self.shingles.len() <= other.shingles.len() { (self, other) } else { (other, self) };
        let common = less.shingles.intersection(&more.shingles).count();
        common > 0 && common as f32 / less.shingles.len() as f32 >= SAME && less.facts.is_subset(&more.facts)
    }
}

fn is_fact(word: &str) -> bool {
    const DENIALS: &[&str] =
        &["not", "no", "never", "without", "nicht", "kein", "pas", "ne", "nunca", "não", "niet"];
    word.contains(|c: char| c.is_ascii_digit())
        || word.starts_with(char::is_uppercase)
        || word.ends_with("n't")
        || word.ends_with("n’t")
        || DENIALS.contains(&word.to_lowercase().as_str())
}

/// What people are shown of a chosen window; `None` where its spans are not of its post's text.
#[must_use]
pub fn excerpt(chosen: Chosen, scope: &Scope, now: Timestamp) -> Option<Excerpt> {
    let Chosen { window, others } = chosen;
    let post = &*window.post;
    let quoted = quoted(post, window.span)?;
    Some(Excerpt {
        id: id(post, window.span),
        lead_in: window
            .lead_in
            .filter(|lead_in| !window.span.contains(*lead_in))
            .and_then(|span| self::quoted(post, span)),
        quoted,
        marks: window.marks.clone(),
        score: window.score,
        also: u32::try_from(others.len()).unwrap_or(u32::MAX),
        citation: citation(post, window.section, scope, now),
    })
}

fn quoted(post: &Post, span: Span) -> Option<Quoted> {
    Some(Quoted { quote: span.slice(&post.body.text)?.to_owned(), span })
}

/// From the path and the words alone, so that it outlives re-indexing and edits elsewhere in the post.
fn id(post: &Post, span: Span) -> String {
    let words = post.body.slice(span);
    let hash = xxh3_64(format!("{}\n{words}", post.path).as_bytes());
    format!("{:012x}", hash >> 16)
}

fn citation(post: &Post, section: u32, scope: &Scope, now: Timestamp) -> Citation {
    Citation {
        post: post.id.clone(),
        path: post.path.clone(),
        kind: post.kind,
        title: post.shown_title().to_owned(),
        author: post.byline(),
        date: post.date,
        event: told_of::cited(post, section, &scope.events).cloned(),
        section: shown_sections(post, section),
        url: post.url.clone(),
        draft: post.draft,
        scheduled: post.scheduled(now),
    }
}

/// The headings over the excerpt, without one that only repeats the title.
fn shown_sections(post: &Post, section: u32) -> Vec<String> {
    debug_assert!(post.body.blocks.iter().all(|block| !matches!(block.kind, BlockKind::Heading(0))));
    let path = post.body.heading_path(section).into_iter();
    path.filter(|heading| Some(*heading) != post.title.as_deref()).map(str::to_owned).collect()
}
