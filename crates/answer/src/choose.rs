//! Windows to excerpts: the best ones, at most two of a post, none that another one says already.

use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

use jiff::Timestamp;
use xxhash_rust::xxh3::xxh3_64;

use super::told_of;
use super::windows::parts::Part;
use super::windows::{Window, grown};
use takeaways_text::language::all_words;
use takeaways_text::model::{BlockKind, Citation, Excerpt, Post, PostId, Quoted, Scope, Span};
use takeaways_text::tokens::tokens;

/// The most excerpts of one post.
const MAX_PER_POST: usize = 2;
/// How much less a second or third excerpt may score than the best: it is there for its own sake. Over 441 questions the
/// right one is among the first three for two in a hundred more than at 2.0; further down is little.
const GAP: f32 = 3.0;
/// The part of what the best one says of the question that the others have to say.
const SHARE_OF_BEST: f32 = 0.5;
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

/// What becomes of a window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// It is shown, at this place from 0.
    Shown(usize),
    /// It says the same as what is shown at this place.
    Same(usize),
    /// It is shown as a part of what is shown at this place, or shares words with it.
    Overlaps(usize),
    /// It says less of the question than the best one.
    SaysLess,
    /// Its post is shown often enough.
    EnoughOfPost,
    /// As many are shown as were asked for.
    Enough,
    /// It is too far behind the best one.
    TooFarBehind,
}

/// The best windows first. Ties go by the post's id and the place in it, so that nothing depends on the order in which
/// they were found.
#[must_use]
pub fn in_order(mut windows: Vec<Window>) -> Vec<Window> {
    windows.sort_by(|a, b| {
        b.score.total_cmp(&a.score).then_with(|| a.post.id.cmp(&b.post.id)).then_with(|| a.span.cmp(&b.span))
    });
    windows
}

/// What becomes of windows that stand in order, at most `limit` of which are shown.
#[must_use]
pub fn fates(windows: &[Window], limit: usize) -> Vec<Fate> {
    let Some(first) = windows.first() else { return Vec::new() };
    let mut shown: Vec<(&Window, Span, Gist)> = Vec::new();
    let mut out = Vec::with_capacity(windows.len());
    for window in windows {
        out.push(fate(window, first, &mut shown, limit));
    }
    out
}

fn fate<'w>(
    window: &'w Window,
    first: &Window,
    shown: &mut Vec<(&'w Window, Span, Gist)>,
    limit: usize,
) -> Fate {
    if window.score < first.score - GAP {
        return Fate::TooFarBehind;
    }
    let coverage = |window: &Window| window.parts.get(Part::Coverage);
    if coverage(window) < coverage(first) * SHARE_OF_BEST || window.holds() < first.holds() {
        return Fate::SaysLess;
    }
    let span = shown_span(window);
    let of_post = |other: &Window| other.post.id == window.post.id;
    let overlap = shown.iter().position(|(other, at, _)| of_post(other) && at.overlaps(span));
    if let Some(place) = overlap {
        return Fate::Overlaps(place);
    }
    let gist = Gist::of(&window.post, span);
    if let Some(place) = shown.iter().position(|(_, _, known)| known.is_like(&gist)) {
        return Fate::Same(place);
    }
    if shown.len() >= limit {
        return Fate::Enough;
    }
    if shown.iter().filter(|(other, ..)| of_post(other)).count() >= MAX_PER_POST {
        return Fate::EnoughOfPost;
    }
    shown.push((window, span, gist));
    Fate::Shown(shown.len() - 1)
}

/// The windows that are shown of those that stand in order, best first, at most `limit`.
#[must_use]
pub fn choose(windows: Vec<Window>, limit: usize) -> Vec<Chosen> {
    let mut chosen: Vec<Chosen> = Vec::new();
    for (fate, window) in fates(&windows, limit).into_iter().zip(windows) {
        match fate {
            Fate::Shown(_) => chosen.push(Chosen { window, others: BTreeSet::new() }),
            Fate::Same(place) if chosen.get(place).is_some_and(|it| it.window.post.id != window.post.id) => {
                chosen[place].others.insert(window.post.id.clone());
            }
            Fate::TooFarBehind => break,
            _ => {}
        }
    }
    chosen
}

/// What is shown of a window's post.
#[must_use]
pub fn shown_span(window: &Window) -> Span {
    grown(&window.post.body, &window.sentences).unwrap_or(window.span)
}

/// What an excerpt says, to be compared: its runs of three terms, and what makes a fact another one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Gist {
    shingles: HashSet<u64>,
    /// Numbers, names and denials, by which sentences that are alike may say the opposite.
    facts: HashSet<String>,
}

impl Gist {
    fn of(post: &Post, span: Span) -> Self {
        let text = post.body.slice(span);
        let terms: Vec<String> = tokens(text, post.language).into_iter().map(|token| token.term).collect();
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
    static NEGATIONS: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.answers.negations));
    word.contains(|c: char| c.is_ascii_digit())
        || word.starts_with(char::is_uppercase)
        || word.ends_with("n't")
        || word.ends_with("n’t")
        || NEGATIONS.contains(&word.to_lowercase().as_str())
}

/// What people are shown of a chosen window; `None` where its spans are not of its post's text.
#[must_use]
pub fn excerpt(chosen: Chosen, scope: &Scope, now: Timestamp) -> Option<Excerpt> {
    let Chosen { window, others } = chosen;
    let post = &*window.post;
    let span = shown_span(&window);
    let quoted = quoted(post, span)?;
    Some(Excerpt {
        id: id(post, span),
        lead_in: window
            .lead_in
            .filter(|lead_in| !span.contains(*lead_in))
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
