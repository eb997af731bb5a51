//! Selects excerpts from ranked candidates: at most two of a post, no overlaps, no near-duplicates.

use std::collections::{BTreeSet, HashSet};

use jiff::Timestamp;
use xxhash_rust::xxh3::xxh3_64;

use crate::{
    candidates::Candidate,
    confidence::Strictness,
    cut::{Cut, MAX_PROSE, Marks, cut},
    excerpt_place::{CitedFor, ExcerptPlace},
    features::Feature,
    plan::QueryPlan,
    section_event::cited_event,
};
use takeaways_text::language;
use takeaways_text::model::{BlockKind, Citation, Excerpt, Post, PostId, Quote, Scope, Span};
use takeaways_text::tokens::for_each_token;

/// The maximum number of excerpts of one post.
const MAX_PER_POST: usize = 2;
/// The maximum score gap to the best excerpt. On our 441 questions, 3.0 put the right excerpt into the first three 2 %
/// more often than 2.0.
const MAX_SCORE_GAP: f32 = 3.0;
/// The minimum coverage of the question, as a share of the coverage of the best candidate.
const MIN_COVERAGE_SHARE: f32 = 0.5;
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
    /// It covers less of the question than the best candidate.
    LowCoverage,
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
    if coverage(candidate) < coverage(first) * MIN_COVERAGE_SHARE
        || candidate.answer_type_rank() < first.answer_type_rank()
    {
        return Decision::LowCoverage;
    }
    let span = cut_candidate(candidate).span;
    let is_same_post = |other: &Candidate| other.post.id == candidate.post.id;
    let overlap = shown.iter().position(|(other, at, _)| is_same_post(other) && at.overlaps(span));
    if let Some(place) = overlap {
        return Decision::Overlaps(place);
    }
    let reason = if shown.len() >= limit {
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
    cut_with(candidate, &[], limit)
}

fn cut_with(candidate: &Candidate, marks_around: &[Span], limit: usize) -> Cut {
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
        let words = text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
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
pub fn excerpt(selected: SelectedCandidate, plan: &QueryPlan, now: Timestamp) -> Option<Excerpt> {
    let SelectedCandidate { candidate, duplicates } = selected;
    let Cut { span, answer, items } = cut_candidate(&candidate);
    let lead_in = candidate.lead_in.filter(|lead_in| !span.contains(*lead_in));
    let quoted = QuotedPart { post: &candidate.post, span, section: candidate.section, lead_in };
    let is_shown = |mark: &Span| span.contains(*mark);
    let mut marks: Vec<Span> = candidate.marks_around.iter().copied().filter(is_shown).collect();
    marks.extend(&candidate.marks);
    marks.sort();
    Some(Excerpt {
        marks,
        answer,
        items,
        score: candidate.score,
        duplicate_count: u32::try_from(duplicates.len()).unwrap_or(u32::MAX),
        ..quoted.excerpt(&plan.cited_for(now))?
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
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::answer_type::AnswerType;
    use crate::samples::{candidate, concepts, now, plan, post, scored_candidate};

    /// Each candidate answers the question.
    const SURE: &dyn Fn(&Candidate) -> f32 = &|_| 1.0;

    #[test]
    fn each_candidate_is_decided_on() {
        let best = scored_candidate("a", "The mesh is young and small.", 9.0);
        for (other, limit, expected) in [
            (scored_candidate("b", "Nobody runs a mesh in production today.", 8.0), 3, Decision::Shown(1)),
            (scored_candidate("b", "The mesh is young and small.", 8.0), 3, Decision::Duplicate(0)),
            (scored_candidate("b", "The mesh is not young and small.", 8.0), 3, Decision::Shown(1)),
            (scored_candidate("b", "Nobody runs a mesh in production today.", 8.0), 1, Decision::Limit),
            (scored_candidate("b", "Nobody runs a mesh in production today.", 5.9), 3, Decision::LowScore),
            (Candidate { score: 8.5, ..best.clone() }, 3, Decision::Overlaps(0)),
        ] {
            let text = other.post.body.slice(other.span).to_owned();
            let decisions = decide_all(&[best.clone(), other], limit, SURE);
            assert_eq!(decisions, [Decision::Shown(0), expected], "{text}");
        }
        assert_eq!(decide_all(&[], 3, SURE), []);
    }

    #[test]
    fn a_candidate_of_another_post_is_shown_if_it_is_sure_by_itself() {
        let best = scored_candidate("a", "The mesh is young and small.", 9.0);
        let other = scored_candidate("b", "Nobody runs a mesh in production today.", 8.9);
        for (confidence, expected) in [(0.59, Decision::LowConfidence), (0.61, Decision::Shown(1))] {
            let decisions = decide_all(&[best.clone(), other.clone()], 3, &|_| confidence);
            assert_eq!(decisions, [Decision::Shown(0), expected]);
        }
        let post = post("a", "# Part\n\nThe mesh is young.\n\n# Other\n\nNobody runs a mesh today.\n");
        let one = |text, score| Candidate {
            score,
            ..candidate(&post, &concepts(&["mesh"]), AnswerType::Anything, text)
        };
        let same = [one("The mesh is young.", 9.0), one("Nobody runs a mesh today.", 8.9)];
        assert_eq!(decide_all(&same, 3, &|_| 0.0), [Decision::Shown(0), Decision::Shown(1)]);
    }

    #[test]
    fn a_candidate_that_covers_less_is_not_shown() {
        let best = scored_candidate("a", "The mesh is young and small.", 9.0);
        let mut other = scored_candidate("b", "Nobody runs a mesh in production today.", 8.9);
        other.features.set(Feature::Coverage, 0.49);
        assert_eq!(decide_all(&[best.clone(), other.clone()], 3, SURE)[1], Decision::LowCoverage);
        other.features.set(Feature::Coverage, 0.51);
        assert_eq!(decide_all(&[best, other], 3, SURE)[1], Decision::Shown(1));
    }

    #[test]
    fn beside_a_sure_answer_what_shares_only_its_context_adds_nothing() {
        let post = post("a", "# Part\n\nThe mesh is young.\n\n# Other\n\nNobody runs a mesh today.\n");
        let one = |text| candidate(&post, &concepts(&["mesh"]), AnswerType::Anything, text);
        let best = Candidate { score: 9.0, ..one("The mesh is young.") };
        for (direct, score, confidence, expected) in [
            (0.49, 7.4, 0.61, Decision::LowCoverage),
            (0.51, 7.4, 0.61, Decision::Shown(1)),
            (0.49, 7.6, 0.61, Decision::Shown(1)),
            (0.49, 7.4, 0.59, Decision::Shown(1)),
        ] {
            let mut other = Candidate { score, ..one("Nobody runs a mesh today.") };
            other.features.set(Feature::Direct, direct);
            let decisions = decide_all(&[best.clone(), other], 3, &|_| confidence);
            assert_eq!(decisions[1], expected, "{direct} {score} {confidence}");
        }
    }

    #[test]
    fn a_post_is_shown_twice_at_most() {
        let texts = ["The mesh is young.", "Nobody runs a mesh today.", "Every mesh needs certificates."];
        let post = post("a", &texts.map(|text| format!("# Part\n\n{text}\n")).join("\n"));
        let one = |text| Candidate {
            score: 5.0,
            ..candidate(&post, &concepts(&["mesh"]), AnswerType::Anything, text)
        };
        assert_eq!(
            decide_all(&texts.map(one), 3, SURE),
            [Decision::Shown(0), Decision::Shown(1), Decision::PostLimit]
        );
    }

    #[test]
    fn duplicates_of_other_posts_are_counted() {
        let text = "The mesh is young and small.";
        let all = ["a", "b", "c"].map(|id| scored_candidate(id, text, 5.0));
        let selected = select(all.to_vec(), 3, SURE);
        let counts: Vec<usize> = selected.iter().map(|it| it.duplicates.len()).collect();
        assert_eq!(counts, [2]);
    }

    #[test]
    fn facts_are_numbers_names_and_negations() {
        for (word, expected) in [
            ("12,000", true),
            ("v1.16", true),
            ("Istio", true),
            ("not", true),
            ("don't", true),
            ("nicht", true),
            ("mesh", false),
            ("", false),
        ] {
            assert_eq!(is_fact(word), expected, "{word}");
        }
    }

    #[test]
    fn an_excerpt_is_cut_from_its_post() {
        let best = scored_candidate("a", "The mesh is young and small.", 5.0);
        let post = Arc::clone(&best.post);
        let selected = select(vec![best], 3, SURE).remove(0);
        let excerpt = excerpt(selected, &plan(&["mesh"]), now()).expect("an excerpt");
        assert_eq!(excerpt.quote.span.slice(&post.body.text), Some(excerpt.quote.text.as_str()));
        assert_eq!((excerpt.id.len(), excerpt.duplicate_count), (12, 0));
    }
}
