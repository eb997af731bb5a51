//! Tests of which candidates are shown.

use std::sync::Arc;

use super::*;
use crate::answer_type::AnswerType;
use crate::samples::{candidate, concepts, plan, post, scored_candidate};

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
fn what_covers_little_of_the_question_is_no_further_excerpt() {
    let mut best = scored_candidate("a", "The mesh is young and small.", 9.0);
    best.features.set(Feature::Coverage, 0.3);
    let mut other = scored_candidate("b", "Nobody runs a mesh in production today.", 8.9);
    for (coverage, expected) in [(0.39, Decision::LowCoverage), (0.41, Decision::Shown(1))] {
        other.features.set(Feature::Coverage, coverage);
        let decisions = decide_all(&[best.clone(), other.clone()], 3, SURE);
        assert_eq!(decisions, [Decision::Shown(0), expected], "{coverage}");
    }
}

#[test]
fn what_is_of_another_kind_is_not_shown_beside_one_of_the_kind_asked_for() {
    let mut best = scored_candidate("a", "The mesh is young and small.", 9.0);
    best.matches_answer_type = Some(true);
    let mut other = scored_candidate("b", "Nobody runs a mesh in production today.", 8.9);
    for (matches, expected) in [(false, Decision::OtherKind), (true, Decision::Shown(1))] {
        other.matches_answer_type = Some(matches);
        assert_eq!(decide_all(&[best.clone(), other.clone()], 3, SURE)[1], expected);
    }
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
    let one =
        |text| Candidate { score: 5.0, ..candidate(&post, &concepts(&["mesh"]), AnswerType::Anything, text) };
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
    let excerpt = excerpt(selected, &plan(&["mesh"])).expect("an excerpt");
    assert_eq!(excerpt.quote.span.slice(&post.body.text), Some(excerpt.quote.text.as_str()));
    assert_eq!((excerpt.id.len(), excerpt.duplicate_count), (12, 0));
}
