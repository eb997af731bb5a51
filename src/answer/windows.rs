//! Passages to windows: the stretches of whole sentences or list items that may be cited, with their scores.

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

/// What a concept counts that the window itself doesn't say, by where else it is said. In the window it is 1.
/// The order is what a reader sees beside the excerpt: author and headings are shown, neighbours are not.
const IN_LEAD_IN: f32 = 0.9;
const IN_HEADING: f32 = 0.6;
const IN_AUTHOR: f32 = 0.6;
const IN_TITLE: f32 = 0.45;
const IN_EVENT: f32 = 0.4;
const NEARBY: f32 = 0.35;

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
    /// To be compared within one question only.
    pub score: f32,
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
    shape: Shape,
    chars: usize,
}

impl<'q> Scorer<'q> {
    /// For one question.
    #[must_use]
    pub fn new(concepts: &'q [Concept], asked: Asked) -> Self {
        let total = concepts.iter().map(|concept| concept.importance).sum::<f32>().max(f32::EPSILON);
        Self { concepts, matcher: Matcher::new(concepts), asked, total }
    }

    /// The windows of a hit. `best` is the best hit's score of this question.
    #[must_use]
    pub fn windows(&self, hit: &Hit, best: f32) -> Vec<Window> {
        let body = &hit.post.body;
        let Some(passage) = body.passages.get(hit.passage) else { return Vec::new() };
        let seen: Vec<Seen<'_>> =
            body.sentences_of(passage).iter().map(|s| self.look(&hit.post, s)).collect();
        let around = self.around(&hit.post, passage.section, &seen);
        let rank = if best > 0.0 { hit.score / best } else { 0.0 };
        let mut out = Vec::new();
        for start in 0..seen.len() {
            for end in start + 1..=seen.len() {
                let window = &seen[start..end];
                if !may_stand(window, body) {
                    break;
                }
                out.extend(self.window(&hit.post, passage.section, window, &around, rank));
            }
        }
        out
    }

    fn look<'p>(&self, post: &'p Post, sentence: &'p Sentence) -> Seen<'p> {
        let text = post.body.slice(sentence.span);
        let kind =
            post.body.blocks.get(sentence.block as usize).map_or(BlockKind::Paragraph, |block| block.kind);
        Seen {
            sentence,
            kind,
            matches: self.matcher.scan(text, post.language),
            shape: Shape::of(text),
            chars: text.chars().count(),
        }
    }

    /// What is said around a window, for each concept: title, headings, author, event, and the whole passage.
    fn around(&self, post: &Post, section: u32, seen: &[Seen<'_>]) -> Vec<f32> {
        let mut said = vec![0.0f32; self.concepts.len()];
        let mut add = |matches: &[Match], weight: f32| {
            for found in matches {
                said[found.concept] = said[found.concept].max(found.weight * weight);
            }
        };
        seen.iter().for_each(|seen| add(&seen.matches, NEARBY));
        let scan = |text: &str| self.matcher.scan(text, post.language);
        add(&scan(post.title.as_deref().unwrap_or_default()), IN_TITLE);
        for heading in post.body.heading_path(section) {
            add(&scan(heading), IN_HEADING);
        }
        for author in &post.authors {
            add(&scan(author), IN_AUTHOR);
        }
        for event in &post.events {
            add(&scan(&event.label()), IN_EVENT);
        }
        said
    }

    fn window(
        &self,
        post: &Arc<Post>,
        section: u32,
        seen: &[Seen<'_>],
        around: &[f32],
        rank: f32,
    ) -> Option<Window> {
        let body = &post.body;
        let (first, last) = (seen.first()?, seen.last()?);
        let span = first.sentence.span.cover(last.sentence.span);
        let lead_in = lead_in(body, first.sentence);
        let mut said = around.to_vec();
        let mut direct = vec![0.0f32; said.len()];
        for found in seen.iter().flat_map(|seen| &seen.matches) {
            direct[found.concept] = direct[found.concept].max(found.weight);
        }
        if let Some(lead_in) = lead_in {
            for found in self.matcher.scan(body.slice(lead_in), post.language) {
                said[found.concept] = said[found.concept].max(found.weight * IN_LEAD_IN);
            }
        }
        for (said, direct) in said.iter_mut().zip(&direct) {
            *said = said.max(*direct);
        }
        let shape = seen.iter().map(|seen| seen.shape).fold(Shape::default(), Shape::or);
        let fit = shape.holds(self.asked);
        let counts = self.asked == Asked::HowMany && counts_something(body, seen);
        let (coverage, direct) = (self.share(&said), self.share(&direct));
        let merit =
            0.58 * coverage + 0.22 * direct + 0.12 * rank + self.nearness(seen) + self.meaning(body, seen);
        let score = (merit + fit_bonus(fit, counts) - dilution(seen)) * worth(body, seen, span, shape);
        Some(Window {
            post: Arc::clone(post),
            span,
            lead_in,
            section,
            marks: marks(&body.text, seen),
            said,
            coverage,
            direct,
            fit,
            score,
        })
    }

    /// The part of the question's importance that is said.
    fn share(&self, said: &[f32]) -> f32 {
        let sum: f32 = self.concepts.iter().zip(said).map(|(concept, said)| concept.importance * said).sum();
        sum / self.total
    }

    /// Up to 0.08 where concepts that stand side by side in the question do so in a sentence.
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
        0.08 * (0..pairs).filter(|&first| near(first)).count() as f32 / pairs as f32
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
    seen.len() <= most
        && chars <= MAX_CHARS
        && !seen.iter().any(|seen| matches!(seen.kind, BlockKind::Code | BlockKind::Heading(_)))
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
fn dilution(seen: &[Seen<'_>]) -> f32 {
    let crossings = seen.windows(2).filter(|pair| pair[0].sentence.block != pair[1].sentence.block).count();
    0.015 * (seen.len() - 1) as f32 + 0.02 * crossings as f32
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
        worth *= 0.96;
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
