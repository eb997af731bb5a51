//! Passages to windows: the stretches of whole sentences or list items that may be cited, with their scores.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::asked::Asked;
use super::concepts::Concept;
use super::matches::{Match, Matcher};
use super::shape::{Shape, is_number};
use crate::model::{BlockKind, Body, Post, Sentence, Span};
use crate::retrieval::Hit;

/// The most characters of an excerpt.
pub const MAX_CHARS: usize = 400;
/// The most sentences of an excerpt; more dilute what it says.
const MAX_SENTENCES: usize = 3;
/// The most items of one list in an excerpt, where they are short enough.
const MAX_ITEMS: usize = 6;

/// How many stretches are looked at closely: what a look adds or takes is less than what parts the first from
/// the hundredth.
const FINALISTS: usize = 96;

/// What a concept counts that the window itself doesn't say, by where else it is said. In the window it is 1.
/// The order is what a reader sees beside the excerpt: author and headings are shown, neighbours are not.
const IN_LEAD_IN: f32 = 0.9;
const IN_HEADING: f32 = 0.6;
const IN_AUTHOR: f32 = 0.6;
const IN_TITLE: f32 = 0.45;
const IN_EVENT: f32 = 0.4;
const NEARBY: f32 = 0.25;

/// A stretch of a post that may be cited.
#[derive(Debug, Clone)]
pub struct Window {
    /// The post.
    pub post: Arc<Post>,
    /// Where.
    pub span: Span,
    /// The line that introduces the list that the window is of.
    pub lead_in: Option<Span>,
    /// The section that it stands in.
    pub section: u32,
    /// The question's words in it, as places in the post's text.
    pub marks: Vec<Span>,
    /// How much of each concept is said in it or around it, 0 to 1.
    pub said: Vec<f32>,
    /// The part of the question that is said in it or around it, by importance, 0 to 1.
    pub coverage: f32,
    /// The part of the question that the window itself says, by importance, 0 to 1.
    pub direct: f32,
    /// Whether it holds the kind of thing that is asked for; `None` where letters can't tell.
    pub fit: Option<bool>,
    /// Whether a number stands right before one of the question's words, where it asks for one.
    pub counts: bool,
    /// To be compared within one question only.
    pub score: f32,
}

impl Window {
    /// How much of what is asked for it holds: 2 for a number of what is asked, 1 for anything of the kind, 0
    /// for nothing of it.
    #[must_use]
    pub fn holds(&self) -> u8 {
        u8::from(self.counts) + u8::from(self.fit != Some(false))
    }
}

/// What the windows of one question are scored with.
#[derive(Debug)]
pub struct Scorer<'q> {
    concepts: &'q [Concept],
    matcher: Matcher<'q>,
    asked: Asked,
    total: f32,
}

/// A sentence, looked at once for all the windows that it is in.
struct Seen<'p> {
    sentence: &'p Sentence,
    kind: BlockKind,
    matches: Vec<Match>,
    chars: usize,
}

/// A stretch of sentences with what can be told from the matches alone.
struct Draft<'h> {
    hit: &'h Hit,
    passage: usize,
    range: Range<usize>,
    lead_in: Option<Span>,
    said: Vec<f32>,
    coverage: f32,
    direct: f32,
    /// The score without what takes a look at the words.
    merit: f32,
}

impl<'q> Scorer<'q> {
    /// For one question.
    #[must_use]
    pub fn new(concepts: &'q [Concept], asked: Asked) -> Self {
        let total = concepts.iter().map(|concept| concept.importance).sum::<f32>().max(f32::EPSILON);
        Self { concepts, matcher: Matcher::new(concepts), asked, total }
    }

    /// The windows of some hits that are worth comparing, in no particular order.
    #[must_use]
    pub fn windows(&self, hits: &[Hit]) -> Vec<Window> {
        let best = hits.iter().map(|hit| hit.score).fold(f32::EPSILON, f32::max);
        let seen: Vec<Vec<Seen<'_>>> = hits.iter().map(|hit| self.look(hit)).collect();
        let mut posts = HashMap::new();
        let mut drafts: Vec<Draft<'_>> = Vec::new();
        for (passage, hit) in hits.iter().enumerate() {
            let of_post = posts.entry(Arc::as_ptr(&hit.post)).or_insert_with(|| self.around_post(&hit.post));
            drafts.extend(self.drafts(hit, passage, &seen[passage], of_post, hit.score / best));
        }
        drafts.sort_by(|a, b| b.merit.total_cmp(&a.merit));
        drafts.truncate(FINALISTS);
        drafts.into_iter().filter_map(|draft| self.window(draft, &seen)).collect()
    }

    fn look<'h>(&self, hit: &'h Hit) -> Vec<Seen<'h>> {
        let body = &hit.post.body;
        let sentences = body.passages.get(hit.passage).map(|passage| body.sentences_of(passage));
        let look = |sentence: &'h Sentence| {
            let text = body.slice(sentence.span);
            let block = body.blocks.get(sentence.block as usize);
            Seen {
                sentence,
                kind: block.map_or(BlockKind::Paragraph, |block| block.kind),
                matches: self.matcher.scan(text, hit.post.language),
                chars: text.chars().count(),
            }
        };
        sentences.unwrap_or_default().iter().map(look).collect()
    }

    /// What is said around all windows of a post, for each concept: by title, authors and events.
    fn around_post(&self, post: &Post) -> Vec<f32> {
        let mut said = vec![0.0; self.concepts.len()];
        let scan = |text: &str| self.matcher.scan(text, post.language);
        raise(&mut said, &scan(post.title.as_deref().unwrap_or_default()), IN_TITLE);
        post.authors.iter().for_each(|author| raise(&mut said, &scan(author), IN_AUTHOR));
        post.events.iter().for_each(|event| raise(&mut said, &scan(&event.label()), IN_EVENT));
        said
    }

    /// The stretches of a passage that may stand by themselves.
    fn drafts<'h>(
        &self,
        hit: &'h Hit,
        passage: usize,
        seen: &[Seen<'_>],
        around: &[f32],
        rank: f32,
    ) -> Vec<Draft<'h>> {
        let body = &hit.post.body;
        let Some(section) = body.passages.get(hit.passage).map(|passage| passage.section) else {
            return Vec::new();
        };
        let mut around = around.to_vec();
        for heading in body.heading_path(section) {
            raise(&mut around, &self.matcher.scan(heading, hit.post.language), IN_HEADING);
        }
        seen.iter().for_each(|seen| raise(&mut around, &seen.matches, NEARBY));
        let mut drafts = Vec::new();
        for start in 0..seen.len() {
            let lead_in = lead_in(body, seen[start].sentence);
            let mut said = around.clone();
            if let Some(lead_in) = lead_in {
                raise(&mut said, &self.matcher.scan(body.slice(lead_in), hit.post.language), IN_LEAD_IN);
            }
            let mut direct = vec![0.0; said.len()];
            for end in start + 1..=seen.len() {
                let stretch = &seen[start..end];
                if !may_stand(stretch, body) {
                    break;
                }
                let last = &seen[end - 1].matches;
                raise(&mut direct, last, 1.0);
                raise(&mut said, last, 1.0);
                if !is_telling(stretch, seen.get(end), body) {
                    continue;
                }
                let (coverage, direct) = (self.share(&said), self.share(&direct));
                let merit = 0.58 * coverage + 0.22 * direct + 0.25 * rank - dilution(stretch, body);
                let said = said.clone();
                drafts.push(Draft {
                    hit,
                    passage,
                    range: start..end,
                    lead_in,
                    said,
                    coverage,
                    direct,
                    merit,
                });
            }
        }
        drafts
    }

    /// Looks at the words of a draft.
    fn window(&self, draft: Draft<'_>, seen: &[Vec<Seen<'_>>]) -> Option<Window> {
        let Draft { hit, lead_in, said, coverage, direct, merit, .. } = draft;
        let body = &hit.post.body;
        let seen = seen.get(draft.passage)?.get(draft.range)?;
        let span = seen.first()?.sentence.span.cover(seen.last()?.sentence.span);
        let shape = Shape::of(body.slice(span));
        let fit = shape.holds(self.asked);
        let counts = self.asked == Asked::HowMany && counts_something(body, seen);
        let merit = merit + self.nearness(seen) + self.meaning(body, seen) + fit_bonus(fit, counts);
        Some(Window {
            post: Arc::clone(&hit.post),
            span,
            lead_in,
            section: body.passages.get(hit.passage)?.section,
            marks: marks(&body.text, seen),
            said,
            coverage,
            direct,
            fit,
            counts,
            score: merit * worth(body, seen, span, shape),
        })
    }

    /// The part of the question's importance that is said.
    fn share(&self, said: &[f32]) -> f32 {
        let sum: f32 = self.concepts.iter().zip(said).map(|(concept, said)| concept.importance * said).sum();
        sum / self.total
    }

    /// Up to 0.12 where concepts that stand side by side in the question do so in a sentence.
    #[expect(clippy::cast_precision_loss, reason = "a question has at most 64 words")]
    fn nearness(&self, seen: &[Seen<'_>]) -> f32 {
        let pairs = self.concepts.len().saturating_sub(1);
        if pairs == 0 {
            return 0.0;
        }
        let near = |first: usize| {
            seen.iter().any(|seen| {
                let of = |concept| seen.matches.iter().filter(move |found| found.concept == concept);
                of(first).any(|a| of(first + 1).any(|b| a.position.abs_diff(b.position) <= 4))
            })
        };
        0.12 * (0..pairs).filter(|&first| near(first)).count() as f32 / pairs as f32
    }

    /// Up to 0.08 where the question asks what something is and a sentence says "X is", "X (…)", or both its
    /// short and its long name.
    fn meaning(&self, body: &Body, seen: &[Seen<'_>]) -> f32 {
        if self.asked != Asked::Meaning {
            return 0.0;
        }
        let defines = seen.iter().any(|seen| {
            let text = body.slice(seen.sentence.span);
            let explains = |found: &Match| {
                let after = text.get(found.range.end..).unwrap_or_default().trim_start();
                DEFINING.iter().any(|opening| after.starts_with(opening))
            };
            let lengths = |concept| {
                let mut lengths: Vec<usize> = seen
                    .matches
                    .iter()
                    .filter(|found| found.concept == concept && found.weight >= 1.0)
                    .map(|found| found.range.len())
                    .collect();
                lengths.sort_unstable();
                lengths.dedup();
                lengths
            };
            let both_names = |found: &Match| {
                let lengths = lengths(found.concept);
                lengths.first().zip(lengths.last()).is_some_and(|(short, long)| *long > short * 2)
            };
            seen.matches.iter().any(|found| explains(found) || both_names(found))
        });
        if defines { 0.08 } else { 0.0 }
    }
}

/// Each concept that is matched counts at least `share` of the match's weight.
fn raise(said: &mut [f32], matches: &[Match], share: f32) {
    for found in matches {
        if let Some(said) = said.get_mut(found.concept) {
            *said = said.max(found.weight * share);
        }
    }
}

/// What follows a name that is being explained.
const DEFINING: &[&str] = &[
    "is ",
    "are ",
    "was ",
    "(",
    "- ",
    "– ",
    "— ",
    ": ",
    ", a ",
    ", an ",
    ", the ",
    "stands for",
    "means ",
    "ist ",
    "est ",
    "es ",
    "は",
    "是",
];

/// Whether sentences that stand in a row may be cited together.
fn may_stand(seen: &[Seen<'_>], body: &Body) -> bool {
    let Some((first, last)) = seen.first().zip(seen.last()) else { return false };
    let items = seen.iter().filter(|seen| seen.kind == BlockKind::ListItem).count();
    let most = if items > 1 { MAX_ITEMS } else { MAX_SENTENCES };
    let chars = body.slice(first.sentence.span.cover(last.sentence.span)).chars().count();
    let pictured = seen.iter().any(|seen| matches!(seen.kind, BlockKind::ImageAlt | BlockKind::Caption));
    seen.len() <= most
        && !(pictured && seen.len() > 1)
        && chars <= MAX_CHARS
        && !seen.iter().any(|seen| matches!(seen.kind, BlockKind::Code | BlockKind::Heading(_)))
}

/// Whether a stretch is worth citing as it is. A list's introduction needs an item, and a stretch with items
/// neither leaves their list nor takes in items that say nothing of the question, but where it begins with what
/// introduces them: then they are the answer. A third sentence that says nothing of the question only dilutes.
fn is_telling(stretch: &[Seen<'_>], next: Option<&Seen<'_>>, body: &Body) -> bool {
    let Some((first, last)) = stretch.first().zip(stretch.last()) else { return false };
    let introduces = |by: &Seen<'_>, item: &Seen<'_>| lead_in_block(body, item) == Some(by.sentence.block);
    if next.is_some_and(|next| introduces(last, next)) {
        return false;
    }
    let is_item = |seen: &Seen<'_>| seen.kind == BlockKind::ListItem;
    if !stretch.iter().any(is_item) {
        return stretch.len() < 3 || !last.matches.is_empty();
    }
    let said = |seen: &Seen<'_>| {
        let of_block = |other: &&Seen<'_>| other.sentence.block == seen.sentence.block;
        stretch.len() == 1 || stretch.iter().filter(of_block).any(|other| !other.matches.is_empty())
    };
    let items = || stretch.iter().filter(|seen| is_item(seen));
    let is_list = is_listed(stretch, body);
    let introduces = |seen: &Seen<'_>| seen.sentence.block == first.sentence.block;
    // Either the introduction asks and all items answer, or each item that is cited says something itself.
    let promised = is_list && !items().any(said);
    stretch.iter().all(|seen| is_item(seen) || is_list && introduces(seen)) && (promised || items().all(said))
}

/// Whether a stretch is the introduction of a list and items of that list.
fn is_listed(stretch: &[Seen<'_>], body: &Body) -> bool {
    let ends = stretch.first().zip(stretch.last());
    ends.is_some_and(|(first, last)| lead_in_block(body, last) == Some(first.sentence.block))
}

/// The block that introduces the list which a sentence is an item of.
fn lead_in_block(body: &Body, seen: &Seen<'_>) -> Option<u32> {
    body.blocks.get(seen.sentence.block as usize)?.lead_in
}

/// The line that introduces the list that the sentence is an item of: its block, or where that is long its last
/// sentence.
fn lead_in(body: &Body, sentence: &Sentence) -> Option<Span> {
    let block = body.blocks.get(sentence.block as usize)?;
    let at = block.lead_in?;
    let lead_in = body.blocks.get(at as usize)?;
    if body.slice(lead_in.span).chars().count() <= 160 {
        return Some(lead_in.span);
    }
    let last = body.sentences.iter().rfind(|sentence| sentence.block == at)?;
    (body.slice(last.span).chars().count() <= 240).then_some(last.span)
}

fn fit_bonus(fit: Option<bool>, counts: bool) -> f32 {
    match fit {
        Some(true) if counts => 0.14,
        Some(true) => 0.06,
        Some(false) => -0.10,
        None => 0.0,
    }
}

/// Whether a number stands right before one of the question's words: "12,000 attendees", "eighty new users".
fn counts_something(body: &Body, seen: &[Seen<'_>]) -> bool {
    seen.iter().any(|seen| {
        let text = body.slice(seen.sentence.span);
        seen.matches.iter().any(|found| {
            let before = text.get(..found.range.start).unwrap_or_default();
            before.split_whitespace().rev().take(3).any(is_number)
        })
    })
}

/// What a window loses by being longer than it need be.
#[expect(clippy::cast_precision_loss, reason = "a window has at most six sentences")]
fn dilution(seen: &[Seen<'_>], body: &Body) -> f32 {
    let mut items = seen.iter().filter(|seen| seen.kind == BlockKind::ListItem);
    if is_listed(seen, body) && items.all(|item| item.matches.is_empty()) {
        // The items are what the introduction promises: the more of them the better.
        return -0.003 * seen.len() as f32;
    }
    let crossings = seen.windows(2).filter(|pair| pair[0].sentence.block != pair[1].sentence.block).count();
    0.004 * (seen.len() - 1) as f32 + 0.02 * crossings as f32
}

/// A factor of at most 1 for windows that carry little whatever they are about.
fn worth(body: &Body, seen: &[Seen<'_>], span: Span, shape: Shape) -> f32 {
    let text = body.slice(span);
    let chars: usize = seen.iter().map(|seen| seen.chars).sum();
    let wide = text.chars().filter(|c| ('\u{3000}'..='\u{d7af}').contains(c)).count();
    let mut worth = match chars + wide {
        0..40 => 0.8,
        40..80 => 0.93,
        _ => 1.0,
    };
    if shape.boilerplate {
        worth *= 0.7;
    }
    worth *= match seen.first().map(|seen| seen.kind) {
        Some(BlockKind::ImageAlt) => 0.6,
        Some(BlockKind::Caption) => 0.85,
        Some(BlockKind::Quote | BlockKind::TableRow) => 0.96,
        _ => 1.0,
    };
    if linked_share(body, span) > 0.8 {
        worth *= 0.8;
    }
    if begins_with_reference(text) {
        worth *= 0.99;
    }
    worth
}

/// The part of a span that is link text, 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "a window has at most a few thousand bytes")]
fn linked_share(body: &Body, span: Span) -> f32 {
    let from = body.links.partition_point(|link| link.span.end() <= span.start());
    let linked: usize = body.links[from..]
        .iter()
        .take_while(|link| link.span.start() < span.end())
        .map(|link| link.span.len())
        .sum();
    linked as f32 / span.len() as f32
}

/// Whether it begins with a word that points at what stands before it.
fn begins_with_reference(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
    [
        "it", "this", "that", "these", "those", "they", "he", "she", "his", "her", "their", "its", "such",
        "also",
    ]
    .contains(&first.trim_matches(|c: char| !c.is_alphabetic()))
}

/// The places of the question's words, in order and without overlaps.
fn marks(text: &str, seen: &[Seen<'_>]) -> Vec<Span> {
    let mut marks: Vec<Span> = seen
        .iter()
        .flat_map(|seen| {
            let start = seen.sentence.span.start();
            seen.matches.iter().map(move |found| start + found.range.start..start + found.range.end)
        })
        .filter_map(|range| Span::new(text, range))
        .collect();
    marks.sort();
    marks.dedup_by(|next, kept| {
        let overlap = kept.overlaps(*next);
        if overlap {
            *kept = kept.cover(*next);
        }
        overlap
    });
    marks
}
