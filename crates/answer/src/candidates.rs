//! Passages to windows: the stretches of whole sentences or list items that may be cited, with their scores.

mod feature_extraction;
mod sentence_matches;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use super::answer_type::AnswerType;
use super::concepts::Concept;
use super::features::FeatureVector;
use super::matcher::{Match, Matcher};
use super::passage_cache::{AnalysedPassage, AnalysedSentence, PassageCache};
use super::weights::Weights;
use feature_extraction::ExtractedFeatures;
pub use sentence_matches::expand_span;
use sentence_matches::{SentenceMatches, is_telling, lead_in, marks, may_stand};
use takeaways_search::Hit;
use takeaways_text::model::{BlockKind, Language, Post, Sentence, Span};

/// The most characters of an excerpt.
pub const MAX_CHARS: usize = 400;
/// How many stretches are looked at closely: what a look adds or takes is less than what features the first from
/// the hundredth.
const MAX_CANDIDATES: usize = 96;

/// What a concept counts that the window itself doesn't say, by where else it is said. In the window it is 1.
/// All but the neighbours are shown beside the excerpt, so that a sentence need not repeat them: one that does says
/// less of what else is asked.
const IN_LEAD_IN: f32 = 0.9;
const IN_HEADING: f32 = 0.85;
const IN_AUTHOR: f32 = 0.8;
const IN_TITLE: f32 = 0.8;
const IN_EVENT: f32 = 0.8;
const NEARBY: f32 = 0.25;

/// A stretch of a post that may be cited.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// The post.
    pub post: Arc<Post>,
    /// Where.
    pub span: Span,
    /// The sentences that it is of, indices into those of the post.
    pub sentences: Range<usize>,
    /// The line that introduces the list that the window is of.
    pub lead_in: Option<Span>,
    /// The section that it stands in.
    pub section: u32,
    /// The question's words in it, as places in the post's text.
    pub marks: Vec<Span>,
    /// How much of each concept is said in it or around it, 0 to 1.
    pub concept_coverage: Vec<f32>,
    /// Whether it holds the kind of thing that is asked for; `None` where letters can't tell.
    pub fit: Option<bool>,
    /// Whether a number stands right before one of the question's words, where it asks for one.
    pub counts: bool,
    /// The concepts of names that it says, but torn apart.
    pub torn: Vec<usize>,
    /// What speaks for it and against it.
    pub features: FeatureVector,
    /// Set by the scorers: the logarithm of how likely it is to be the answer, against the other windows of the
    /// question.
    pub score: f32,
}

impl Candidate {
    /// How much of what is asked for it holds: 2 for a number of what is asked, 1 for anything of the kind, 0
    /// for nothing of it.
    #[must_use]
    pub fn answer_type_rank(&self) -> u8 {
        u8::from(self.counts) + u8::from(self.fit != Some(false))
    }
}

/// Reads passages for one question.
#[derive(Debug)]
pub struct CandidateReader<'q> {
    concepts: &'q [Concept],
    matcher: Matcher<'q>,
    answer_type: AnswerType,
    language: Language,
    total_importance: f32,
    /// The importance of all names together; 0 where there are none.
    name_importance: f32,
    /// The concept of most importance.
    most_important: Option<usize>,
    /// Whether all that is asked for are words that any recap may hold.
    is_weak: bool,
}

/// A stretch of sentences with what can be told from the matches alone.
struct CandidateDraft<'h> {
    hit: &'h Hit,
    passage: usize,
    range: Range<usize>,
    lead_in: Option<Span>,
    /// Where `CandidateDrafts::concept_coverage` holds how much of each concept is said.
    coverage: Range<usize>,
    /// The features that need no look at the words.
    features: FeatureVector,
    /// Their score.
    score: f32,
}

/// What is said in and around all passages of a post that were found.
struct PostContext {
    /// The score of the best one against that of the best of all posts.
    best_score: f32,
    /// What they say, for each concept.
    coverage: Vec<f32>,
    /// What is said around them, for each concept.
    context: Vec<f32>,
}

/// All stretches of a question. They are many, and only some become windows, so they share their memory.
#[derive(Default)]
struct CandidateDrafts<'h> {
    all: Vec<CandidateDraft<'h>>,
    coverage: Vec<f32>,
}

impl<'q> CandidateReader<'q> {
    /// For the concepts of a question, in the language that it is asked in.
    #[must_use]
    pub fn new(concepts: &'q [Concept], answer_type: AnswerType, language: Language) -> Self {
        let total_importance =
            concepts.iter().map(|concept| concept.importance).sum::<f32>().max(f32::EPSILON);
        let is_weak = concepts.iter().all(Concept::is_weak);
        let name_importance =
            concepts.iter().filter(|concept| concept.is_name).map(|concept| concept.importance).sum();
        let of_importance =
            |a: &usize, b: &usize| concepts[*a].importance.total_cmp(&concepts[*b].importance);
        Self {
            concepts,
            matcher: Matcher::new(concepts),
            answer_type,
            language,
            total_importance,
            name_importance,
            most_important: (0..concepts.len()).max_by(of_importance),
            is_weak,
        }
    }

    /// The windows of some hits that are worth comparing, in no particular order.
    #[must_use]
    pub fn candidates(&self, hits: &[Hit], cache: &PassageCache) -> Vec<Candidate> {
        let best = hits.iter().map(|hit| hit.score).fold(f32::EPSILON, f32::max);
        let passages: Vec<Arc<AnalysedPassage>> = hits.iter().map(|hit| cache.get(hit)).collect();
        let seen: Vec<Vec<SentenceMatches<'_>>> =
            hits.iter().zip(&passages).map(|(hit, passage)| self.see(hit, passage)).collect();
        let mut posts: HashMap<*const Post, PostContext> = HashMap::new();
        for (hit, seen) in hits.iter().zip(&seen) {
            let of_post = posts.entry(Arc::as_ptr(&hit.post)).or_insert_with(|| PostContext {
                best_score: 0.0,
                coverage: vec![0.0; self.concepts.len()],
                context: self.post_context(&hit.post),
            });
            of_post.best_score = of_post.best_score.max(hit.score / best);
            for seen in seen {
                raise_coverage(&mut of_post.coverage, &seen.matches, 1.0);
            }
        }
        let mut drafts = CandidateDrafts::default();
        for (passage, hit) in hits.iter().enumerate() {
            let Some(of_post) = posts.get(&Arc::as_ptr(&hit.post)) else { continue };
            let around = self.around_passage(hit, &passages[passage], &seen[passage], &of_post.context);
            let features = self.parts_of_passage(hit, hit.score / best, of_post);
            self.draft_candidates(hit, passage, &seen[passage], &around, features, &mut drafts);
        }
        let CandidateDrafts { mut all, coverage: said } = drafts;
        all.sort_by(|a, b| b.score.total_cmp(&a.score));
        all.truncate(MAX_CANDIDATES);
        all.iter().filter_map(|draft| self.window(draft, &said, &seen)).collect()
    }

    fn see<'h>(&self, hit: &'h Hit, passage: &AnalysedPassage) -> Vec<SentenceMatches<'h>> {
        let body = &hit.post.body;
        let sentences = body.passages.get(hit.passage).map(|passage| body.sentences_of(passage));
        let see = |(sentence, known): (&'h Sentence, &AnalysedSentence)| {
            let block = body.blocks.get(sentence.block as usize);
            SentenceMatches {
                sentence,
                kind: block.map_or(BlockKind::Paragraph, |block| block.kind),
                matches: self.matcher.scan_terms(body.slice(sentence.span), &known.terms),
                chars: known.chars,
                is_about_itself: known.is_about_itself,
            }
        };
        sentences.unwrap_or_default().iter().zip(&passage.sentences).map(see).collect()
    }

    /// What is said around all windows of a post, for each concept: by title, authors and events.
    fn post_context(&self, post: &Post) -> Vec<f32> {
        let mut said = vec![0.0; self.concepts.len()];
        let scan = |text: &str| self.matcher.scan(text, post.language);
        raise_coverage(&mut said, &scan(post.title.as_deref().unwrap_or_default()), IN_TITLE);
        for author in &post.authors {
            raise_coverage(&mut said, &scan(author), IN_AUTHOR);
        }
        for event in &post.events {
            raise_coverage(&mut said, &scan(&event.label()), IN_EVENT);
        }
        said
    }

    /// What is said around all windows of a passage: by its post, by headings, and nearby.
    fn around_passage(
        &self,
        hit: &Hit,
        passage: &AnalysedPassage,
        seen: &[SentenceMatches<'_>],
        of_post: &[f32],
    ) -> Vec<f32> {
        let body = &hit.post.body;
        let mut around = of_post.to_vec();
        let section = body.passages.get(hit.passage).map(|passage| passage.section);
        let headings = section.map(|section| body.heading_path(section)).unwrap_or_default();
        for (heading, terms) in headings.into_iter().zip(&passage.headings) {
            raise_coverage(&mut around, &self.matcher.scan_terms(heading, terms), IN_HEADING);
        }
        for seen in seen {
            raise_coverage(&mut around, &seen.matches, NEARBY);
        }
        around
    }

    /// Adds the stretches of a passage that may stand by themselves.
    fn draft_candidates<'h>(
        &self,
        hit: &'h Hit,
        passage: usize,
        seen: &[SentenceMatches<'_>],
        around: &[f32],
        of_passage: FeatureVector,
        drafts: &mut CandidateDrafts<'h>,
    ) {
        let body = &hit.post.body;
        // Items that stand in a row have one introduction.
        let mut introduction: Option<(Span, Vec<Match>)> = None;
        let (mut said, mut direct) = (Vec::new(), Vec::new());
        for start in 0..seen.len() {
            let lead_in = lead_in(body, seen[start].sentence);
            said.clear();
            said.extend_from_slice(around);
            if let Some(lead_in) = lead_in {
                let known = introduction.take().filter(|(known, _)| *known == lead_in);
                let scan = || (lead_in, self.matcher.scan(body.slice(lead_in), hit.post.language));
                let (_, matches) = introduction.insert(known.unwrap_or_else(scan));
                raise_coverage(&mut said, matches, IN_LEAD_IN);
            }
            direct.clear();
            direct.resize(said.len(), 0.0);
            for end in start + 1..=seen.len() {
                let stretch = &seen[start..end];
                if !may_stand(stretch, body) {
                    break;
                }
                let last = &seen[end - 1].matches;
                raise_coverage(&mut direct, last, 1.0);
                raise_coverage(&mut said, last, 1.0);
                if !is_telling(stretch, seen.get(end), body) {
                    continue;
                }
                let features = self.parts_of_draft(of_passage, &said, &direct);
                let from = drafts.coverage.len();
                drafts.coverage.extend_from_slice(&said);
                drafts.all.push(CandidateDraft {
                    hit,
                    passage,
                    range: start..end,
                    lead_in,
                    coverage: from..drafts.coverage.len(),
                    features,
                    score: Weights::builtin().score(&features),
                });
            }
        }
    }

    /// Looks at the words of a draft.
    fn window(
        &self,
        draft: &CandidateDraft<'_>,
        said: &[f32],
        seen: &[Vec<SentenceMatches<'_>>],
    ) -> Option<Candidate> {
        let CandidateDraft { hit, lead_in, .. } = *draft;
        let body = &hit.post.body;
        let passage = body.passages.get(hit.passage)?;
        let all = seen.get(draft.passage)?;
        let seen = all.get(draft.range.clone())?;
        let span = seen.first()?.sentence.span.cover(seen.last()?.sentence.span);
        let ExtractedFeatures { features, fit, counts, torn } = self.measure(draft, span, all);
        let first = passage.first_sentence as usize;
        Some(Candidate {
            post: Arc::clone(&hit.post),
            span,
            sentences: first + draft.range.start..first + draft.range.end,
            lead_in,
            section: passage.section,
            marks: marks(&body.text, seen, |concept| self.is_highlighted(concept)),
            concept_coverage: said.get(draft.coverage.clone())?.to_vec(),
            fit,
            counts,
            torn,
            score: 0.0,
            features,
        })
    }

    /// The part of the question's importance that is said.
    fn importance_share(&self, said: &[f32]) -> f32 {
        let sum: f32 = self.concepts.iter().zip(said).map(|(concept, said)| concept.importance * said).sum();
        sum / self.total_importance
    }

    /// Whether a concept's words are shown as what was asked for: "people" and "say" are not, beside others.
    fn is_highlighted(&self, concept: usize) -> bool {
        self.is_weak || self.concepts.get(concept).is_some_and(|concept| !concept.is_weak())
    }
}

/// Each concept that is matched counts at least `share` of the match's weight.
fn raise_coverage(said: &mut [f32], matches: &[Match], share: f32) {
    for found in matches {
        if let Some(said) = said.get_mut(found.concept) {
            *said = said.max(found.weight * share);
        }
    }
}

#[cfg(test)]
mod tests;
