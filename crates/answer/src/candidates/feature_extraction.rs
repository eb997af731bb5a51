//! The features of one window's score.
//!
//! What a stretch is worth beside the question's words in it: whether it explains or counts what is asked, and how
//! much it carries by itself.

use super::{
    CandidateDraft, CandidateReader, PostContext, raise_coverage, sentence_matches::SentenceMatches,
};
use crate::{
    answer_type::{AnswerType, is_number, matches_answer_type},
    features::{Feature, FeatureVector},
    matcher::Match,
};
use std::sync::LazyLock;
use takeaways_search::Hit;
use takeaways_text::{
    language::all_words,
    model::{BlockKind, Body, Post, Span},
};

/// How many words apart neighbours of the question are side by side in a text.
const NEAR_WORDS: u32 = 4;
/// How many words apart two words are one name: "Guido van Rossum".
const ADJACENT_WORDS: u32 = 2;

/// What a look at a window's words tells of it.
pub(super) struct ExtractedFeatures {
    pub(super) features: FeatureVector,
    /// Whether it holds the kind of thing that is asked for; `None` where letters can't tell.
    pub(super) fit: Option<bool>,
    /// Whether a number stands right before one of the question's words, where it asks for one.
    pub(super) counts: bool,
    /// The concepts of names that are torn apart.
    pub(super) torn: Vec<usize>,
}

impl CandidateReader<'_> {
    /// Measures a draft that covers `span` of its post; `all` are the sentences of its passage.
    pub(super) fn measure(
        &self,
        draft: &CandidateDraft<'_>,
        span: Span,
        all: &[SentenceMatches<'_>],
    ) -> ExtractedFeatures {
        let post = &*draft.hit.post;
        let seen = all.get(draft.range.clone()).unwrap_or_default();
        let mut features = draft.features;
        let counts = self.answer_type == AnswerType::HowMany && counts_something(&post.body, seen);
        // A number that counts something else is no sign of an answer, nor of none.
        let fit = matches_answer_type(self.answer_type, post.body.slice(span))
            .filter(|fit| self.answer_type != AnswerType::HowMany || counts || !fit);
        self.measure_words(&mut features, seen, all.get(draft.range.end));
        features.set(Feature::Nearness, self.nearness(seen));
        features.set(Feature::Defines, meaning(self.answer_type, &post.body, seen));
        features.set_flag(Feature::Counts, counts);
        features.set_flag(Feature::NoNumber, self.answer_type == AnswerType::HowMany && fit == Some(false));
        features.set_flag(Feature::Fits, self.answer_type != AnswerType::HowMany && fit == Some(true));
        features.set_flag(Feature::Misfits, self.answer_type != AnswerType::HowMany && fit == Some(false));
        measure_form(&mut features, post, seen, span);
        ExtractedFeatures { features, fit, counts, torn: self.torn(draft, seen) }
    }

    /// The features that all stretches of a passage share; `score` is its score against the best one.
    pub(super) fn parts_of_passage(&self, hit: &Hit, score: f32, of_post: &PostContext) -> FeatureVector {
        let mut features = FeatureVector::default();
        features.set(Feature::Passage, score);
        features.set(Feature::Post, of_post.best_score);
        features.set(Feature::InPost, self.importance_share(&of_post.coverage));
        #[expect(clippy::cast_precision_loss, reason = "a post has fewer passages than 2^24")]
        features.set(Feature::Early, 1.0 / (1.0 + hit.passage as f32));
        features.set_flag(Feature::OtherLanguage, hit.post.language != self.language);
        features
    }

    /// The same with what a stretch says itself (`direct`), and with what is around it (`said`).
    pub(super) fn parts_of_draft(
        &self,
        mut features: FeatureVector,
        said: &[f32],
        direct: &[f32],
    ) -> FeatureVector {
        features.set(Feature::Coverage, self.importance_share(said));
        features.set(Feature::Direct, self.importance_share(direct));
        if self.name_importance > 0.0 {
            features.set(Feature::NamesUnsaid, 1.0 - self.share_of_names(said));
        }
        features
    }

    /// What the matches of the words tell.
    fn measure_words(
        &self,
        features: &mut FeatureVector,
        seen: &[SentenceMatches<'_>],
        next: Option<&SentenceMatches<'_>>,
    ) {
        let (mut own, mut exact) = (vec![0.0; self.concepts.len()], vec![0.0; self.concepts.len()]);
        for found in seen.iter().flat_map(|seen| &seen.matches) {
            raise_coverage(&mut own, std::slice::from_ref(found), 1.0);
            if found.weight >= 1.0 {
                raise_coverage(&mut exact, std::slice::from_ref(found), 1.0);
            }
        }
        features.set(Feature::Exact, self.importance_share(&exact));
        features.set(
            Feature::Rarest,
            self.most_important.and_then(|at| own.get(at)).copied().unwrap_or_default(),
        );
        features.set(Feature::Names, self.share_of_names(&own));
        if let Some(next) = next {
            let mut after = own.clone();
            raise_coverage(&mut after, &next.matches, 1.0);
            features.set(Feature::After, self.importance_share(&after) - self.importance_share(&own));
        }
    }

    /// The part of the names' importance that is said; 0 where the question has none.
    fn share_of_names(&self, said: &[f32]) -> f32 {
        if self.name_importance <= 0.0 {
            return 0.0;
        }
        let names = self.concepts.iter().zip(said).filter(|(concept, _)| concept.is_name);
        names.map(|(concept, said)| concept.importance * said).sum::<f32>() / self.name_importance
    }

    /// Names that touch in the question and that are both said, but nowhere as one: the World Cup is neither in "a cup
    /// of coffee" nor in "all over the world". A row of words that is no sentence may be of several names.
    fn torn(&self, draft: &CandidateDraft<'_>, seen: &[SentenceMatches<'_>]) -> Vec<usize> {
        let is_said = |at: usize| seen.iter().flat_map(|seen| &seen.matches).any(|found| found.concept == at);
        let pairs = self.concepts.windows(2).enumerate().filter(|(at, pair)| {
            let is_name = pair[0].follows_function_word
                && pair[0].is_name
                && pair[1].is_name
                && pair[0].words.end == pair[1].words.start;
            is_name && is_said(*at) && is_said(at + 1) && !is_near_in(seen, *at, ADJACENT_WORDS)
        });
        let torn: Vec<usize> = pairs.map(|(at, _)| at).collect();
        if torn.is_empty() {
            return torn;
        }
        let post = &draft.hit.post;
        let section = post.body.passages.get(draft.hit.passage).map(|passage| passage.section);
        let around = section.map(|section| post.body.heading_path(section)).unwrap_or_default();
        let around =
            around.into_iter().chain(post.title.as_deref()).chain(post.authors.iter().map(String::as_str));
        let around: Vec<Vec<Match>> = around.map(|text| self.matcher.scan(text, post.language)).collect();
        let is_around = |at: usize| around.iter().any(|matches| is_near(matches, at, ADJACENT_WORDS));
        torn.into_iter().filter(|&at| !is_around(at)).flat_map(|at| [at, at + 1]).collect()
    }

    /// The part of the neighbours in the question that stand side by side in a sentence.
    #[expect(clippy::cast_precision_loss, reason = "a question has at most 64 words")]
    fn nearness(&self, seen: &[SentenceMatches<'_>]) -> f32 {
        let pairs = self.concepts.len().saturating_sub(1);
        if pairs == 0 {
            return 0.0;
        }
        (0..pairs).filter(|&first| is_near_in(seen, first, NEAR_WORDS)).count() as f32 / pairs as f32
    }
}

/// Whether a sentence says a concept and the next one of the question within some words.
fn is_near_in(seen: &[SentenceMatches<'_>], first: usize, words: u32) -> bool {
    seen.iter().any(|seen| is_near(&seen.matches, first, words))
}

fn is_near(matches: &[Match], first: usize, words: u32) -> bool {
    let of = |concept| matches.iter().filter(move |found| found.concept == concept);
    of(first).any(|a| of(first + 1).any(|b| a.position.abs_diff(b.position) <= words))
}

/// What its form tells, whatever it is about.
fn measure_form(features: &mut FeatureVector, post: &Post, seen: &[SentenceMatches<'_>], span: Span) {
    features.set(Feature::Length, length(&post.body, seen, span));
    features.set(Feature::Linked, linked_share(&post.body, span));
    features.set_flag(Feature::AboutItself, seen.iter().any(|seen| seen.is_about_itself));
    let kind = seen.first().map(|seen| seen.kind);
    features.set_flag(Feature::SetOff, matches!(kind, Some(BlockKind::Quote | BlockKind::TableRow)));
    features.set_flag(Feature::ImageAlt, kind == Some(BlockKind::ImageAlt));
    features.set_flag(Feature::Caption, kind == Some(BlockKind::Caption));
}

/// The logarithm of the letters in hundreds; wide letters say as much as two.
#[expect(clippy::cast_precision_loss, reason = "a window has at most 400 letters")]
fn length(body: &Body, seen: &[SentenceMatches<'_>], span: Span) -> f32 {
    let chars: usize = seen.iter().map(|seen| seen.chars).sum();
    let text = body.slice(span);
    // Where there are no more bytes than letters there are no wide ones.
    let is_plain = text.len() <= chars + chars / 8;
    let wide = || text.chars().filter(|c| ('\u{3000}'..='\u{d7af}').contains(c)).count();
    let letters = chars + if is_plain { 0 } else { wide() };
    (letters.max(1) as f32 / 100.0).ln()
}

/// What follows a name that is being defined.
static DEFINING_A_KIND: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.answers.kind_definitions));

/// What follows a name of which something is told, be it what it is.
static DEFINING: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.answers.definitions));

/// Signs after a name that do the same in every language.
const DEFINING_SIGNS: [&str; 5] = ["(", "- ", "– ", "— ", ": "];

static OPENING_REFERENCES: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.answers.opening_references));

/// Up to 1 where the question asks what something is and a sentence says "X is a", "X is", "X (…)", or both its
/// short and its long name.
pub(super) fn meaning(asked: AnswerType, body: &Body, seen: &[SentenceMatches<'_>]) -> f32 {
    if asked != AnswerType::Meaning {
        return 0.0;
    }
    let by_sentence = seen.iter().map(|seen| {
        let text = body.slice(seen.sentence.span);
        let goes_on = |found: &Match, openings: &[&str]| {
            let after = text.get(found.range.end..).unwrap_or_default().trim_start();
            openings.iter().any(|opening| after.starts_with(opening))
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
        let defines = |found: &Match| match () {
            () if goes_on(found, &DEFINING_A_KIND) => 1.0,
            () if both_names(found) || goes_on(found, &DEFINING) || goes_on(found, &DEFINING_SIGNS) => 0.6,
            () => 0.0,
        };
        seen.matches.iter().map(defines).fold(0.0, f32::max)
    });
    by_sentence.fold(0.0, f32::max)
}

/// Whether a number stands right before or behind one of the question's words: "12,000 attendees", "eighty new
/// users", "attendees: 800".
pub(super) fn counts_something(body: &Body, seen: &[SentenceMatches<'_>]) -> bool {
    seen.iter().any(|seen| {
        let text = body.slice(seen.sentence.span);
        seen.matches.iter().any(|found| {
            let before = text.get(..found.range.start).unwrap_or_default();
            let after = text.get(found.range.end..).unwrap_or_default();
            before.split_whitespace().rev().take(3).any(is_number)
                || after.split_whitespace().take(3).any(is_number)
        })
    })
}

/// The part of a span that is link text, 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "a window has at most a few thousand bytes")]
pub(super) fn linked_share(body: &Body, span: Span) -> f32 {
    let from = body.links.partition_point(|link| link.span.end() <= span.start());
    let linked: usize = body.links[from..]
        .iter()
        .take_while(|link| link.span.start() < span.end())
        .map(|link| link.span.len())
        .sum();
    linked as f32 / span.len() as f32
}

/// Whether it begins with a word that points at what stands before it.
pub(super) fn begins_with_reference(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
    OPENING_REFERENCES.contains(&first.trim_matches(|c: char| !c.is_alphabetic()))
}
