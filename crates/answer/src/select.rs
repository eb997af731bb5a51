//! Selects excerpts from ranked candidates: at most two of a post, no overlaps, no near-duplicates.

use std::collections::{BTreeSet, HashSet};

use jiff::Timestamp;
use xxhash_rust::xxh3::xxh3_64;

use crate::{
    candidates::{Candidate, MarksAround},
    confidence::Strictness,
    cut::{Cut, MAX_PROSE, Marks, cut},
    excerpt_place::{CitedFor, ExcerptPlace},
    features::Feature,
    plan::QueryPlan,
    section_event::cited_event,
};
use takeaways_text::language;
use takeaways_text::model::{BlockKind, Citation, Excerpt, Post, PostId, Quote, Scope, Span};
use takeaways_text::tokens::{folding::trim_punctuation, for_each_token};

/// The maximum number of excerpts of one post.
const MAX_PER_POST: usize = 2;
/// The maximum score gap to the best excerpt. On our 441 questions, 3.0 put the right excerpt into the first three 2 %
/// more often than 2.0.
pub(crate) const MAX_SCORE_GAP: f32 = 3.0;
/// The minimum coverage of the question, as a share of the coverage of the best candidate.
const MIN_COVERAGE_SHARE: f32 = 0.5;
/// The minimum coverage of the question of each excerpt after the first. Of 236 such excerpts a reader graded 57 as answering or adding
/// something; below this are 2 of them, and 42 of the 179 others (2026-12-01).
const MIN_FURTHER_COVERAGE: f32 = 0.4;
/// Two excerpts are duplicates if they share this part of their runs of three terms and have the same facts. Copies
/// differ by a word or two; contradicting sentences differ in a number, a name or a negation.
const DUPLICATE_SHARE: f32 = 0.8;

/// A candidate that is shown.
#[derive(Debug, Clone)]
pub struct SelectedCandidate {
    /// The candidate.
    pub candidate: Candidate,
    /// The other posts with a near-duplicate of it.
    duplicates: BTreeSet<PostId>,
}

/// The decision on a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is shown at this place, counted from 0.
    Shown(usize),
    /// It is a duplicate of the excerpt at this place.
    Duplicate(usize),
    /// It overlaps with the excerpt at this place.
    Overlaps(usize),
    /// It covers little of the question, or less than the best candidate.
    LowCoverage,
    /// It is no answer of the kind asked for, such as a number, as the best candidate is.
    OtherKind,
    /// Its post has enough excerpts.
    PostLimit,
    /// The answer has enough excerpts.
    Limit,
    /// Its score is too far behind the best one.
    LowScore,
    /// It is of another post than the best one, and is too unlikely to answer the question by itself.
    LowConfidence,
}

/// Decides on each of the ranked candidates; at most `limit` are shown. `confidence` tells how likely a candidate answers
/// the question by itself.
pub fn decide_all(
    candidates: &[Candidate],
    limit: usize,
    confidence: &dyn Fn(&Candidate) -> f32,
) -> Vec<Decision> {
    // Whatever the setting: the first excerpt may be a guess that is better than nothing, but a further one has to add to it.
    // On the graded questions this leaves out 4 of 10 that are off the topic, and hardly one that answers.
    let is_sure = |candidate: &Candidate| confidence(candidate) >= Strictness::Strict.threshold();
    let is_first_sure = candidates.first().is_some_and(is_sure);
    decide_with(candidates, limit, &is_sure, is_first_sure, true)
}

/// As [`decide_all`]. `is_first_sure` tells whether the first one answers, so that the others have to add to it, and `finds_duplicates` whether a duplicate is found that would not be shown for another reason too.
fn decide_with(
    candidates: &[Candidate],
    limit: usize,
    is_sure: &dyn Fn(&Candidate) -> bool,
    is_first_sure: bool,
    finds_duplicates: bool,
) -> Vec<Decision> {
    let Some(first) = candidates.first() else { return Vec::new() };
    let mut shown: Vec<(&Candidate, Span, ContentFingerprint)> = Vec::new();
    let mut decide = |candidate| decide(candidate, first, &mut shown, limit, is_sure, finds_duplicates);
    let direct = |candidate: &Candidate| candidate.features.get(Feature::Direct);
    // Beside a sure answer, what is far behind and shares only the context with it adds nothing.
    let adds_nothing = |candidate: &Candidate| {
        is_first_sure
            && direct(candidate) < direct(first) * MIN_COVERAGE_SHARE
            && candidate.score < first.score - MAX_SCORE_GAP / 2.0
    };
    let decide = |candidate| if adds_nothing(candidate) { Decision::LowCoverage } else { decide(candidate) };
    candidates.iter().map(decide).collect()
}

/// Returns the places of what may be shown of the ranked candidates if somebody wants more than an answer shows, at most
/// `limit`. `is_sure` tells whether a candidate is sure enough by itself.
pub fn further_places(
    candidates: &[Candidate],
    limit: usize,
    is_sure: &dyn Fn(&Candidate) -> bool,
) -> Vec<ExcerptPlace> {
    let decided = decide_with(candidates, limit, is_sure, false, false).into_iter().zip(candidates);
    let shown = decided.filter(|(decision, _)| matches!(decision, Decision::Shown(_)));
    let place = |candidate: &Candidate| {
        let Cut { span, answer, items } = cut_candidate(candidate);
        ExcerptPlace {
            post: candidate.post.id.clone(),
            id: excerpt_id(&candidate.post, span),
            span,
            lead_in: candidate.lead_in.filter(|lead_in| !span.contains(*lead_in)),
            answer,
            items,
        }
    };
    shown.map(|(_, candidate)| place(candidate)).collect()
}

fn decide<'c>(
    candidate: &'c Candidate,
    first: &Candidate,
    shown: &mut Vec<(&'c Candidate, Span, ContentFingerprint)>,
    limit: usize,
    is_sure: &dyn Fn(&Candidate) -> bool,
    finds_duplicates: bool,
) -> Decision {
    if candidate.score < first.score - MAX_SCORE_GAP {
        return Decision::LowScore;
    }
    let coverage = |candidate: &Candidate| candidate.features.get(Feature::Coverage);
    if coverage(candidate) < coverage(first) * MIN_COVERAGE_SHARE {
        return Decision::LowCoverage;
    }
    if candidate.answer_type_rank() < first.answer_type_rank() {
        return Decision::OtherKind;
    }
    let span = cut_candidate(candidate).span;
    let is_same_post = |other: &Candidate| other.post.id == candidate.post.id;
    let repeats = |other: &Candidate, at: &Span| {
        at.overlaps(span) || other.lead_in.is_some_and(|lead_in| lead_in.overlaps(span))
    };
    let overlap = shown.iter().position(|(other, at, _)| is_same_post(other) && repeats(other, at));
    if let Some(place) = overlap {
        return Decision::Overlaps(place);
    }
    let reason = if !shown.is_empty() && coverage(candidate) < MIN_FURTHER_COVERAGE {
        Some(Decision::LowCoverage)
    } else if shown.len() >= limit {
        Some(Decision::Limit)
    } else if !is_same_post(first) && !is_sure(candidate) {
        Some(Decision::LowConfidence)
    } else if shown.iter().filter(|(other, ..)| is_same_post(other)).count() >= MAX_PER_POST {
        Some(Decision::PostLimit)
    } else {
        None
    };
    if let Some(reason) = reason.filter(|_| !finds_duplicates) {
        return reason;
    }
    let fingerprint = ContentFingerprint::new(&candidate.post, span);
    if let Some(place) = shown.iter().position(|(_, _, known)| known.is_duplicate_of(&fingerprint)) {
        return Decision::Duplicate(place);
    }
    reason.unwrap_or_else(|| {
        shown.push((candidate, span, fingerprint));
        Decision::Shown(shown.len() - 1)
    })
}

/// Returns the candidates that are shown of the ranked ones, at most `limit`. See [`decide_all`].
pub fn select(
    candidates: Vec<Candidate>,
    limit: usize,
    confidence: &dyn Fn(&Candidate) -> f32,
) -> Vec<SelectedCandidate> {
    let mut selected: Vec<SelectedCandidate> = Vec::new();
    for (decision, candidate) in decide_all(&candidates, limit, confidence).into_iter().zip(candidates) {
        match decision {
            Decision::Shown(_) => selected.push(SelectedCandidate { candidate, duplicates: BTreeSet::new() }),
            Decision::Duplicate(place)
                if selected.get(place).is_some_and(|it| it.candidate.post.id != candidate.post.id) =>
            {
                selected[place].duplicates.insert(candidate.post.id.clone());
            }
            Decision::LowScore => break,
            _ => {}
        }
    }
    selected
}

/// Returns what is shown of a candidate.
pub fn cut_candidate(candidate: &Candidate) -> Cut {
    cut_with(candidate, &candidate.marks_around, MAX_PROSE)
}

/// Returns what is shown of a candidate within about `limit` characters, if it is not a list, without paragraphs around it.
pub fn cut_to(candidate: &Candidate, limit: usize) -> Cut {
    cut_with(candidate, &MarksAround::default(), limit)
}

fn cut_with(candidate: &Candidate, marks_around: &MarksAround, limit: usize) -> Cut {
    let whole = || Cut { span: candidate.span, answer: None, items: None };
    let Candidate { post, sentences, marks, .. } = candidate;
    let marks = Marks { own: marks, around: marks_around };
    cut(&post.body, sentences, marks, candidate.has_counted_match, limit).unwrap_or_else(whole)
}

/// The content of an excerpt, to find near-duplicates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ContentFingerprint {
    /// The hashes of its runs of three terms.
    shingles: HashSet<u64>,
    /// Numbers, names and negations: sentences that differ in them may contradict each other.
    facts: HashSet<String>,
}

impl ContentFingerprint {
    pub(crate) fn new(post: &Post, span: Span) -> Self {
        let text = post.body.slice(span);
        let mut terms: Vec<u64> = Vec::new();
        for_each_token(text, post.language, &mut |term, _, _| terms.push(xxh3_64(term.as_bytes())));
        let size = terms.len().clamp(1, 3);
        let hash = |run: &[u64]| run.iter().fold(0_u64, |hash, term| hash.rotate_left(21) ^ term);
        let shingles = terms.windows(size).map(hash).collect();
        let words = text.split_whitespace().map(trim_punctuation);
        let facts = words.filter(|word| is_fact(word)).map(str::to_lowercase).collect();
        Self { shingles, facts }
    }

    /// Whether the shorter one says nothing that the longer one does not.
    #[expect(clippy::cast_precision_loss, reason = "an excerpt has at most a few hundred words")]
    pub(crate) fn is_duplicate_of(&self, other: &Self) -> bool {
        let (short, long) =
            if self.shingles.len() <= other.shingles.len() { (self, other) } else { (other, self) };
        let common = short.shingles.intersection(&long.shingles).count();
        common > 0
            && common as f32 / short.shingles.len() as f32 >= DUPLICATE_SHARE
            && short.facts.is_subset(&long.facts)
    }
}

fn is_fact(word: &str) -> bool {
    word.contains(|c: char| c.is_ascii_digit())
        || word.starts_with(char::is_uppercase)
        || word.ends_with("n't")
        || word.ends_with("n’t")
        || language::all().answers.negations.contains(word.to_lowercase().as_str())
}

/// Returns the excerpt of a selected candidate; `None` if its spans don't fit the text of its post.
pub fn excerpt(selected: SelectedCandidate, plan: &QueryPlan) -> Option<Excerpt> {
    let SelectedCandidate { candidate, duplicates } = selected;
    let Cut { span, answer, items } = cut_candidate(&candidate);
    let lead_in = candidate.lead_in.filter(|lead_in| !span.contains(*lead_in));
    let quoted = QuotedPart { post: &candidate.post, span, section: candidate.section, lead_in };
    // The cut may leave out the end of the candidate too.
    let marks = candidate.marks_around.all.iter().chain(&candidate.marks).copied();
    let mut marks: Vec<Span> = marks.filter(|mark| span.contains(*mark)).collect();
    marks.sort();
    Some(Excerpt {
        marks,
        answer,
        items,
        score: candidate.score,
        duplicate_count: u32::try_from(duplicates.len()).unwrap_or(u32::MAX),
        ..quoted.excerpt(&plan.cited_for())?
    })
}

/// A part of a post that is quoted.
pub(crate) struct QuotedPart<'p> {
    pub post: &'p Post,
    pub span: Span,
    pub section: u32,
    pub lead_in: Option<Span>,
}

impl QuotedPart<'_> {
    /// Returns the excerpt, without marks and score; `None` if a span doesn't fit the text of the post.
    pub fn excerpt(&self, cited_for: &CitedFor<'_>) -> Option<Excerpt> {
        let Self { post, span, section, lead_in } = *self;
        let CitedFor { scope, language, now } = *cited_for;
        let quoted = lead_in.into_iter().chain([span]);
        let links = quoted.flat_map(|span| post.body.links_in(span)).cloned().collect();
        Some(Excerpt {
            id: excerpt_id(post, span),
            quote: quote(post, span)?,
            lead_in: lead_in.and_then(|span| quote(post, span)),
            marks: Vec::new(),
            answer: None,
            items: None,
            list_items: post.body.list_items_in(span),
            links,
            line: post.body.line_of(span),
            foreign_language: Some(post.language).filter(|of_post| *of_post != language),
            score: 0.0,
            duplicate_count: 0,
            citation: Citation {
                speaker: post.body.speaker_at(span).map(str::to_owned),
                ..citation(post, section, scope, now)
            },
        })
    }
}

fn quote(post: &Post, span: Span) -> Option<Quote> {
    Some(Quote { text: span.slice(&post.body.text)?.to_owned(), span })
}

/// Hashes only the path and the words, so that the id survives indexing and edits elsewhere in the post.
pub(crate) fn excerpt_id(post: &Post, span: Span) -> String {
    let words = post.body.slice(span);
    let hash = xxh3_64(format!("{}\n{words}", post.path).as_bytes());
    format!("{:012x}", hash >> 16)
}

/// Returns the source of words of a section, without their speaker.
pub(crate) fn citation(post: &Post, section: u32, scope: &Scope, now: Timestamp) -> Citation {
    Citation {
        post: post.id.clone(),
        path: post.path.clone(),
        kind: post.kind,
        title: post.display_title().to_owned(),
        author: post.byline(),
        speaker: None,
        date: post.date,
        event: cited_event(post, section, &scope.events).cloned(),
        section: shown_sections(post, section),
        url: post.url.clone(),
        draft: post.draft || post.is_about_draft,
        scheduled: post.scheduled_at(now),
    }
}

/// Returns the headings over the excerpt, without one that repeats the title.
fn shown_sections(post: &Post, section: u32) -> Vec<String> {
    debug_assert!(post.body.blocks.iter().all(|block| !matches!(block.kind, BlockKind::Heading(0))));
    let path = post.body.heading_path(section).into_iter();
    path.filter(|heading| Some(*heading) != post.title.as_deref()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests;
