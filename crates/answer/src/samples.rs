//! Posts, concepts and candidates for the tests of this crate.

use std::sync::Arc;

use super::answer_type::AnswerType;
use super::candidates::{Candidate, CandidateReader};
use super::concepts::Concept;
use super::passage_cache::PassageCache;
use super::weights::Weights;
use takeaways_corpus::{SourceFile, read_post};
use takeaways_search::{Alternative, Hit};
use takeaways_text::model::{Language, Post, PostId};
use takeaways_text::tokens::tokenize;

/// A post as it is read from a Markdown file.
pub(crate) fn post(id: &str, markdown: &str) -> Arc<Post> {
    let (id, path) = (PostId(id.into()), format!("{id}.md"));
    let file = SourceFile { id: &id, path: &path, bytes: markdown.as_bytes() };
    let now = "2026-11-20T00:00:00Z".parse().expect("a time");
    Arc::new(read_post(&file, now).post.expect("a post"))
}

/// Known concepts of one word each, in the order of the question, each of importance 1.
pub(crate) fn concepts(words: &[&str]) -> Vec<Concept> {
    let concept = |(at, word): (usize, &&str)| {
        let term = tokenize(word, Language::En).into_iter().next().expect("a word").term;
        Concept {
            text: (*word).to_owned(),
            words: at..at + 1,
            alternatives: vec![Alternative::term(term)],
            own_forms: 1,
            importance: 1.0,
            is_known: true,
            ..Concept::default()
        }
    };
    words.iter().enumerate().map(concept).collect()
}

/// The candidates of a post of which each passage was found, best first.
pub(crate) fn candidates(post: &Arc<Post>, concepts: &[Concept], asked: AnswerType) -> Vec<Candidate> {
    let hit = |passage| Hit { score: 1.0, post: Arc::clone(post), passage };
    let hits: Vec<Hit> = (0..post.body.passages.len()).map(hit).collect();
    let mut candidates =
        CandidateReader::new(concepts, asked, Language::En).candidates(&hits, &PassageCache::default());
    for candidate in &mut candidates {
        candidate.score = Weights::builtin().score(&candidate.features);
    }
    super::select::sort_candidates(candidates)
}

/// The candidate with just this text.
#[track_caller]
pub(crate) fn candidate(post: &Arc<Post>, concepts: &[Concept], asked: AnswerType, text: &str) -> Candidate {
    let all = candidates(post, concepts, asked);
    let texts: Vec<&str> = all.iter().map(|it| it.post.body.slice(it.span)).collect();
    let at = texts.iter().position(|it| *it == text).unwrap_or_else(|| panic!("no {text:?} in {texts:?}"));
    all[at].clone()
}
