//! Windows to excerpts: the best ones, at most two of a post, none that another one says already.

use std::collections::{BTreeSet, HashSet};
use std::sync::LazyLock;

use jiff::Timestamp;
use xxhash_rust::xxh3::xxh3_64;

use super::candidates::{Candidate, expand_span};
use super::features::Feature;
use crate::passage_cache;
use takeaways_text::language::all_words;
use takeaways_text::model::{BlockKind, Citation, Excerpt, Post, PostId, Quote, Scope, Span};
use takeaways_text::tokens::tokenize;

/// The most excerpts of one post.
const MAX_PER_POST: usize = 2;
/// How much less a second or third excerpt may score than the best: it is there for its own sake. Over 441 questions the
/// right one is among the first three for two in a hundred more than at 2.0; further down is little.
const MAX_SCORE_GAP: f32 = 3.0;
/// The part of what the best one says of the question that the others have to say.
const MIN_COVERAGE_SHARE: f32 = 0.5;
/// Two excerpts with this share of common runs of three words say the same, if they name the same numbers and
/// names: posts that were copied differ by a word or two, facts that contradict each other by no more.
const DUPLICATE_SHARE: f32 = 0.8;

/// A chosen candidate and which other posts say the same.
#[derive(Debug, Clone)]
pub struct SelectedCandidate {
    /// The candidate.
    pub candidate: Candidate,
    /// The other posts whose near-duplicates of it were folded.
    duplicates: BTreeSet<PostId>,
}

/// What becomes of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It is shown, at this place from 0.
    Shown(usize),
    /// It says the same as what is shown at this place.
    Duplicate(usize),
    /// It is shown as a part of what is shown at this place, or shares words with it.
    Overlaps(usize),
    /// It says less of the question than the best one.
    LowCoverage,
    /// Its post is shown often enough.
    PostLimit,
    /// As many are shown as were asked for.
    Limit,
    /// It is too far behind the best one.
    LowScore,
}

/// The best candidates first. Ties go by the post's id and the place in it, so that nothing depends on the order in which
/// they were found.
#[must_use]
pub fn sort_candidates(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by(|a, b| {
        b.score.total_cmp(&a.score).then_with(|| a.post.id.cmp(&b.post.id)).then_with(|| a.span.cmp(&b.span))
    });
    candidates
}

/// What becomes of candidates that stand in order, at most `limit` of which are shown.
#[must_use]
pub fn decide_all(candidates: &[Candidate], limit: usize) -> Vec<Decision> {
    let Some(first) = candidates.first() else { return Vec::new() };
    let mut shown: Vec<(&Candidate, Span, ContentFingerprint)> = Vec::new();
    let mut out = Vec::with_capacity(candidates.len());
    for candidate in candidates {
        out.push(decide(candidate, first, &mut shown, limit));
    }
    out
}

fn decide<'w>(
    candidate: &'w Candidate,
    first: &Candidate,
    shown: &mut Vec<(&'w Candidate, Span, ContentFingerprint)>,
    limit: usize,
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
    let span = shown_span(candidate);
    let of_post = |other: &Candidate| other.post.id == candidate.post.id;
    let overlap = shown.iter().position(|(other, at, _)| of_post(other) && at.overlaps(span));
    if let Some(place) = overlap {
        return Decision::Overlaps(place);
    }
    let gist = ContentFingerprint::new(&candidate.post, span);
    if let Some(place) = shown.iter().position(|(_, _, known)| known.is_duplicate_of(&gist)) {
        return Decision::Duplicate(place);
    }
    if shown.len() >= limit {
        return Decision::Limit;
    }
    if shown.iter().filter(|(other, ..)| of_post(other)).count() >= MAX_PER_POST {
        return Decision::PostLimit;
    }
    shown.push((candidate, span, gist));
    Decision::Shown(shown.len() - 1)
}

/// The candidates that are shown of those that stand in order, best first, at most `limit`.
#[must_use]
pub fn select(candidates: Vec<Candidate>, limit: usize) -> Vec<SelectedCandidate> {
    let mut chosen: Vec<SelectedCandidate> = Vec::new();
    for (decision, candidate) in decide_all(&candidates, limit).into_iter().zip(candidates) {
        match decision {
            Decision::Shown(_) => chosen.push(SelectedCandidate { candidate, duplicates: BTreeSet::new() }),
            Decision::Duplicate(place)
                if chosen.get(place).is_some_and(|it| it.candidate.post.id != candidate.post.id) =>
            {
                chosen[place].duplicates.insert(candidate.post.id.clone());
            }
            Decision::LowScore => break,
            _ => {}
        }
    }
    chosen
}

/// What is shown of a candidate's post.
#[must_use]
pub fn shown_span(candidate: &Candidate) -> Span {
    expand_span(&candidate.post.body, &candidate.sentences).unwrap_or(candidate.span)
}

/// What an excerpt says, to be compared: its runs of three terms, and what makes a fact another one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ContentFingerprint {
    shingles: HashSet<u64>,
    /// Numbers, names and denials, by which sentences that are alike may say the opposite.
    facts: HashSet<String>,
}

impl ContentFingerprint {
    fn new(post: &Post, span: Span) -> Self {
        let text = post.body.slice(span);
        let terms: Vec<String> = tokenize(text, post.language).into_iter().map(|token| token.term).collect();
        let size = terms.len().clamp(1, 3);
        let shingles = terms.windows(size).map(|run| xxh3_64(run.join(" ").as_bytes())).collect();
        let words = text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
        let facts = words.filter(|word| is_fact(word)).map(str::to_lowercase).collect();
        Self { shingles, facts }
    }

    /// Whether two say the same, or one says nothing that the other does not.
    #[expect(clippy::cast_precision_loss, reason = "an excerpt has at most a few hundred words")]
    fn is_duplicate_of(&self, other: &Self) -> bool {
        let (less, more) =
            if self.shingles.len() <= other.shingles.len() { (self, other) } else { (other, self) };
        let common = less.shingles.intersection(&more.shingles).count();
        common > 0
            && common as f32 / less.shingles.len() as f32 >= DUPLICATE_SHARE
            && less.facts.is_subset(&more.facts)
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

/// What people are shown of a chosen candidate; `None` where its spans are not of its post's text.
#[must_use]
pub fn excerpt(chosen: SelectedCandidate, scope: &Scope, now: Timestamp) -> Option<Excerpt> {
    let SelectedCandidate { candidate, duplicates: others } = chosen;
    let post = &*candidate.post;
    let span = shown_span(&candidate);
    let quoted = quote(post, span)?;
    Some(Excerpt {
        id: excerpt_id(post, span),
        lead_in: candidate
            .lead_in
            .filter(|lead_in| !span.contains(*lead_in))
            .and_then(|span| self::quote(post, span)),
        quote: quoted,
        marks: candidate.marks.clone(),
        score: candidate.score,
        duplicate_count: u32::try_from(others.len()).unwrap_or(u32::MAX),
        citation: citation(post, candidate.section, scope, now),
    })
}

fn quote(post: &Post, span: Span) -> Option<Quote> {
    Some(Quote { text: span.slice(&post.body.text)?.to_owned(), span })
}

/// From the path and the words alone, so that it outlives re-indexing and edits elsewhere in the post.
fn excerpt_id(post: &Post, span: Span) -> String {
    let words = post.body.slice(span);
    let hash = xxh3_64(format!("{}\n{words}", post.path).as_bytes());
    format!("{:012x}", hash >> 16)
}

fn citation(post: &Post, section: u32, scope: &Scope, now: Timestamp) -> Citation {
    Citation {
        post: post.id.clone(),
        path: post.path.clone(),
        kind: post.kind,
        title: post.display_title().to_owned(),
        author: post.byline(),
        date: post.date,
        event: passage_cache::cited_event(post, section, &scope.events).cloned(),
        section: shown_sections(post, section),
        url: post.url.clone(),
        draft: post.draft,
        scheduled: post.scheduled_at(now),
    }
}

/// The headings over the excerpt, without one that only repeats the title.
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
    use crate::samples::{candidate, concepts, post};

    /// The only sentence of a post of its own, with a score.
    fn scored(id: &str, text: &str, score: f32) -> Candidate {
        let post = post(id, &format!("{text}\n"));
        Candidate { score, ..candidate(&post, &concepts(&["mesh"]), AnswerType::Anything, text) }
    }

    #[test]
    fn candidates_stand_by_score_and_then_by_post() {
        let sorted = sort_candidates(vec![
            scored("b", "A mesh is young.", 1.0),
            scored("c", "A mesh is old.", 2.0),
            scored("a", "A mesh is new.", 1.0),
        ]);
        let ids: Vec<&str> = sorted.iter().map(|it| it.post.id.0.as_str()).collect();
        assert_eq!(ids, ["c", "a", "b"]);
    }

    #[test]
    fn each_candidate_is_decided_on() {
        let best = scored("a", "The mesh is young and small.", 9.0);
        for (other, limit, expected) in [
            (scored("b", "Nobody runs a mesh in production today.", 8.0), 3, Decision::Shown(1)),
            (scored("b", "The mesh is young and small.", 8.0), 3, Decision::Duplicate(0)),
            (scored("b", "The mesh is not young and small.", 8.0), 3, Decision::Shown(1)),
            (scored("b", "Nobody runs a mesh in production today.", 8.0), 1, Decision::Limit),
            (scored("b", "Nobody runs a mesh in production today.", 5.9), 3, Decision::LowScore),
            (Candidate { score: 8.5, ..best.clone() }, 3, Decision::Overlaps(0)),
        ] {
            let text = other.post.body.slice(other.span).to_owned();
            let decisions = decide_all(&[best.clone(), other], limit);
            assert_eq!(decisions, [Decision::Shown(0), expected], "{text}");
        }
        assert_eq!(decide_all(&[], 3), []);
    }

    #[test]
    fn what_says_less_of_the_question_than_the_best_is_left() {
        let best = scored("a", "The mesh is young and small.", 9.0);
        let mut other = scored("b", "Nobody runs a mesh in production today.", 8.9);
        other.features.set(Feature::Coverage, 0.49);
        assert_eq!(decide_all(&[best.clone(), other.clone()], 3)[1], Decision::LowCoverage);
        other.features.set(Feature::Coverage, 0.51);
        assert_eq!(decide_all(&[best, other], 3)[1], Decision::Shown(1));
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
            decide_all(&texts.map(one), 3),
            [Decision::Shown(0), Decision::Shown(1), Decision::PostLimit]
        );
    }

    #[test]
    fn duplicates_of_other_posts_are_counted() {
        let text = "The mesh is young and small.";
        let all = ["a", "b", "c"].map(|id| scored(id, text, 5.0));
        let selected = select(all.to_vec(), 3);
        let counts: Vec<usize> = selected.iter().map(|it| it.duplicates.len()).collect();
        assert_eq!(counts, [2]);
    }

    #[test]
    fn facts_are_numbers_names_and_denials() {
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
        let found = scored("a", "The mesh is young and small.", 5.0);
        let post = Arc::clone(&found.post);
        let now = "2026-11-20T00:00:00Z".parse().expect("a time");
        let selected = select(vec![found], 3).remove(0);
        let excerpt = excerpt(selected, &Scope::default(), now).expect("an excerpt");
        assert_eq!(excerpt.quote.span.slice(&post.body.text), Some(excerpt.quote.text.as_str()));
        assert_eq!((excerpt.id.len(), excerpt.duplicate_count), (12, 0));
    }
}
