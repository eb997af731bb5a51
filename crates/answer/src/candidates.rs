//! Reads candidates from the found passages: runs of whole sentences or list items, with their features.

mod feature_extraction;
mod marks_around;
mod own_words;
mod sentence_runs;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::{
    answer_type::AnswerType,
    concepts::Concept,
    features::{Feature, FeatureVector},
    matcher::{Match, Matcher},
    passage_cache::{AnalysedPassage, AnalysedSentence, NameKind, PassageCache, names_of_post},
    people::{full_name, heading_names_person, is_given_name, people_of_heading},
    weights::Weights,
};
use feature_extraction::ExtractedFeatures;
pub use feature_extraction::begins_with_reference;
pub use marks_around::MarksAround;
pub use own_words::OwnWords;
use own_words::may_name_origin;
pub use sentence_runs::has_at_most;
pub(crate) use sentence_runs::merge_marks;
use sentence_runs::{SentenceMatches, can_be_cited, is_worth_citing, lead_in, marks};
use takeaways_search::Hit;
use takeaways_text::model::{BlockKind, Language, Post, Sentence, Span};
use takeaways_text::sentences::is_title_like;
use takeaways_text::tokens::{folding::fold, strip_genitive};

/// The maximum number of characters of a run of sentences that may become an excerpt. A single sentence may have
/// [`MAX_PROSE`](crate::cut::MAX_PROSE).
pub const MAX_CHARS: usize = 400;
/// The maximum number of characters of a heading that is shown above an excerpt: the title of a talk with its speaker and their place
/// may be long.
pub(crate) const MAX_HEADING: usize = 200;
/// At least so many candidates get the expensive features, which can't lift rank 100 to rank 1.
const ENOUGH_CANDIDATES: usize = 96;
/// So many of two passages do too: an overview shows more than the first ones.
const CANDIDATES_OF_TWO_PASSAGES: usize = 3;

/// The coverage of a concept in the context of a candidate; in the candidate itself it is 1. All but the nearby
/// sentences are shown beside the excerpt, so a sentence need not repeat them.
const IN_LEAD_IN: f32 = 0.9;
const IN_HEADING: f32 = 0.85;
pub(crate) const IN_AUTHOR: f32 = 0.8;
const IN_TITLE: f32 = 0.8;
const IN_EVENT: f32 = 0.8;
pub(crate) const NEARBY: f32 = 0.25;

/// A run of sentences that may become an excerpt.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Its post.
    pub post: Arc<Post>,
    /// Its place in the post's text.
    pub span: Span,
    /// Indices of its sentences in the post.
    pub sentences: Range<usize>,
    /// The line that introduces it: of its list, the question that it answers, or the heading that names who or what is
    /// asked for.
    pub lead_in: Option<Span>,
    /// Its section.
    pub section: u32,
    /// The places of the question's words in it.
    pub marks: Vec<Span>,
    /// The places of the question's words in the paragraphs around it, if it may be shown.
    pub marks_around: MarksAround,
    /// How much it and its context cover each concept, 0 to 1.
    pub concept_coverage: Vec<f32>,
    /// Whether it has the kind of answer that is asked for; `None` if letters can't show it.
    pub matches_answer_type: Option<bool>,
    /// Whether a number is asked for and one is beside a word of the question.
    pub has_counted_match: bool,
    /// How it has the concepts without the rest of its context.
    pub own_words: OwnWords,
    /// The concepts of names whose parts are apart in it.
    pub split_names: Vec<usize>,
    /// Its features.
    pub features: FeatureVector,
    /// The logarithm of how likely it is the answer, relative to the other candidates.
    pub score: f32,
}

impl Candidate {
    /// Returns how well it matches the answer type: 2 for a number beside a word of the question, 1 for any match, 0
    /// for none.
    pub fn answer_type_rank(&self) -> u8 {
        u8::from(self.has_counted_match) + u8::from(self.matches_answer_type != Some(false))
    }
}

/// Reads the candidates of one question from passages.
#[derive(Debug)]
pub struct CandidateReader<'q> {
    concepts: &'q [Concept],
    matcher: Matcher<'q>,
    answer_type: AnswerType,
    language: Language,
    total_importance: f32,
    /// The importance of all names together; 0 if there are none.
    name_importance: f32,
    /// The most important concept.
    most_important: Option<usize>,
    /// The coverage of the concepts by no words at all.
    uncovered: Vec<f32>,
    /// Two words in a row that may be a full name, with the place of the first concept.
    full_names: Vec<(usize, String)>,
    /// The concepts that may name where a post is from.
    origin_names: Vec<usize>,
    /// Whether all concepts are weak.
    is_weak: bool,
}

/// A candidate with the features that need only the matches.
struct CandidateDraft<'h> {
    hit: &'h Hit,
    /// The index of the hit.
    passage: usize,
    /// Indices of its sentences in the passage.
    range: Range<usize>,
    lead_in: Option<Span>,
    /// The range of its coverage in [`CandidateDrafts::coverage`].
    coverage: Range<usize>,
    features: FeatureVector,
    /// The score of these features.
    score: f32,
}

/// What the found passages of a post cover, and the context of all its passages.
struct PostContext {
    /// The score of the best passage, relative to that of the best passage of all posts.
    best_score: f32,
    /// How much the passages cover each concept.
    coverage: Vec<f32>,
    /// How much title, authors and events cover each concept.
    context: Vec<f32>,
}

/// The drafts of a question. Only a few of the many become candidates, so they share their memory.
#[derive(Default)]
struct CandidateDrafts<'h> {
    all: Vec<CandidateDraft<'h>>,
    coverage: Vec<f32>,
}

impl<'q> CandidateReader<'q> {
    /// Returns a reader for the concepts of a question in this language.
    pub fn new(concepts: &'q [Concept], answer_type: AnswerType, language: Language) -> Self {
        let total_importance =
            concepts.iter().map(|concept| concept.importance).sum::<f32>().max(f32::EPSILON);
        let is_weak = concepts.iter().all(Concept::is_weak);
        let name_importance =
            concepts.iter().filter(|concept| concept.is_name).map(|concept| concept.importance).sum();
        let by_importance =
            |a: &usize, b: &usize| concepts[*a].importance.total_cmp(&concepts[*b].importance);
        Self {
            concepts,
            matcher: Matcher::new(concepts),
            answer_type,
            language,
            total_importance,
            name_importance,
            most_important: (0..concepts.len()).filter(|at| !concepts[*at].is_limit).max_by(by_importance),
            uncovered: concepts.iter().map(|concept| f32::from(u8::from(concept.is_limit))).collect(),
            full_names: (0..).zip(concepts.windows(2)).filter_map(adjacent_name).collect(),
            origin_names: (0..concepts.len()).filter(|at| may_name_origin(&concepts[*at])).collect(),
            is_weak,
        }
    }

    /// Returns the candidates of some hits that are worth scoring, in no particular order.
    pub fn candidates(&self, hits: &[Hit], cache: &PassageCache) -> Vec<Candidate> {
        let best_score = hits.iter().map(|hit| hit.score).fold(f32::EPSILON, f32::max);
        let passages: Vec<Arc<AnalysedPassage>> = hits.iter().map(|hit| cache.get(hit)).collect();
        let sentences: Vec<Vec<SentenceMatches<'_>>> =
            hits.iter().zip(&passages).map(|(hit, passage)| self.match_sentences(hit, passage)).collect();
        let mut posts: HashMap<*const Post, PostContext> = HashMap::new();
        for ((hit, passage), sentences) in hits.iter().zip(&passages).zip(&sentences) {
            let post = posts.entry(Arc::as_ptr(&hit.post)).or_insert_with(|| PostContext {
                best_score: 0.0,
                coverage: self.uncovered.clone(),
                context: self.post_context(&hit.post, passage),
            });
            post.best_score = post.best_score.max(hit.score / best_score);
            for sentence in sentences {
                raise_coverage(&mut post.coverage, &sentence.matches, 1.0);
            }
        }
        let mut drafts = CandidateDrafts::default();
        for (at, hit) in hits.iter().enumerate() {
            let Some(post) = posts.get(&Arc::as_ptr(&hit.post)) else { continue };
            let context = self.passage_context(hit, &passages[at], &sentences[at], &post.context);
            let features = self.passage_features(hit, hit.score / best_score, post);
            self.draft_candidates(hit, at, &sentences[at], &context, features, &mut drafts);
        }
        let CandidateDrafts { all, coverage } = drafts;
        // Drafts are large, and most of them are left out.
        let mut best: Vec<usize> = (0..all.len()).collect();
        let by_score = |a: &usize, b: &usize| all[*b].score.total_cmp(&all[*a].score).then(a.cmp(b));
        let most = ENOUGH_CANDIDATES.max(hits.len() * CANDIDATES_OF_TWO_PASSAGES / 2);
        if best.len() > most {
            best.select_nth_unstable_by(most, by_score);
            best.truncate(most);
        }
        best.sort_unstable_by(by_score);
        let candidate = |draft: &CandidateDraft<'_>| {
            self.candidate(draft, &coverage, sentences.get(draft.passage)?, passages.get(draft.passage)?)
        };
        best.into_iter().filter_map(|at| candidate(&all[at])).collect()
    }

    fn match_sentences<'h>(&self, hit: &'h Hit, passage: &AnalysedPassage) -> Vec<SentenceMatches<'h>> {
        let body = &hit.post.body;
        let sentences = body.passages.get(hit.passage).map(|passage| body.sentences_of(passage));
        let match_sentence = |(sentence, analysed): (&'h Sentence, &AnalysedSentence)| {
            let block = body.blocks.get(sentence.block as usize);
            SentenceMatches {
                sentence,
                kind: block.map_or(BlockKind::Paragraph, |block| block.kind),
                matches: self.matcher.scan_terms(body.slice(sentence.span), &analysed.terms),
                chars: analysed.chars,
                is_about_itself: analysed.is_about_itself,
                is_title_like: analysed.is_title_like,
                is_listed_talk: analysed.is_listed_talk,
            }
        };
        sentences.unwrap_or_default().iter().zip(&passage.sentences).map(match_sentence).collect()
    }

    /// Returns how much the title, the authors, the events and the origin of a post cover each concept.
    fn post_context(&self, post: &Post, passage: &AnalysedPassage) -> Vec<f32> {
        let mut coverage = self.uncovered.clone();
        for ((kind, name), terms) in names_of_post(post).zip(&passage.names) {
            let share = match kind {
                NameKind::Title => IN_TITLE,
                NameKind::Author => continue,
                NameKind::Event => IN_EVENT,
            };
            raise_coverage(&mut coverage, &self.matcher.scan_terms(&name, terms), share);
        }
        self.cover_by_authors(&mut coverage, post, passage);
        coverage
    }

    /// Returns how much the context of a passage covers each concept: its post, its headings, and its sentences.
    fn passage_context(
        &self,
        hit: &Hit,
        passage: &AnalysedPassage,
        sentences: &[SentenceMatches<'_>],
        post_context: &[f32],
    ) -> Vec<f32> {
        let body = &hit.post.body;
        let mut coverage = post_context.to_vec();
        let section = body.passages.get(hit.passage).map(|passage| passage.section);
        let headings = section.map(|section| body.heading_path(section)).unwrap_or_default();
        for (heading, terms) in headings.into_iter().zip(&passage.headings) {
            raise_coverage(&mut coverage, &self.matcher.scan_terms(heading, terms), IN_HEADING);
        }
        for sentence in sentences {
            raise_coverage(&mut coverage, &sentence.matches, NEARBY);
        }
        coverage
    }

    /// Drafts the candidates of a passage.
    fn draft_candidates<'h>(
        &self,
        hit: &'h Hit,
        passage: usize,
        sentences: &[SentenceMatches<'_>],
        context: &[f32],
        passage_features: FeatureVector,
        drafts: &mut CandidateDrafts<'h>,
    ) {
        let body = &hit.post.body;
        // Items in a row have the same introduction, which is scanned once.
        let mut introduction: Option<(Span, Vec<Match>)> = None;
        let (mut coverage, mut direct) = (Vec::new(), Vec::new());
        for start in 0..sentences.len() {
            let lead_in = lead_in(body, sentences[start].sentence);
            coverage.clear();
            coverage.extend_from_slice(context);
            if let Some(speaker) = body.speaker_of(sentences[start].sentence.block) {
                raise_coverage(&mut coverage, &self.matcher.scan(speaker, hit.post.language), IN_AUTHOR);
            }
            if let Some(lead_in) = lead_in {
                let known = introduction.take().filter(|(known, _)| *known == lead_in);
                let scan = || (lead_in, self.matcher.scan(body.slice(lead_in), hit.post.language));
                let (_, matches) = introduction.insert(known.unwrap_or_else(scan));
                raise_coverage(&mut coverage, matches, IN_LEAD_IN);
            }
            direct.clone_from(&self.uncovered);
            for end in start + 1..=sentences.len() {
                let run = &sentences[start..end];
                if !can_be_cited(run, body) {
                    break;
                }
                let last = &sentences[end - 1].matches;
                raise_coverage(&mut direct, last, 1.0);
                raise_coverage(&mut coverage, last, 1.0);
                if !is_worth_citing(run, sentences.get(end), body) {
                    continue;
                }
                let features = self.draft_features(passage_features, &coverage, &direct);
                let coverage_start = drafts.coverage.len();
                drafts.coverage.extend_from_slice(&coverage);
                drafts.all.push(CandidateDraft {
                    hit,
                    passage,
                    range: start..end,
                    lead_in,
                    coverage: coverage_start..drafts.coverage.len(),
                    features,
                    score: Weights::builtin().score(&features),
                });
            }
        }
    }

    /// Returns the candidate of a draft, with all features.
    fn candidate(
        &self,
        draft: &CandidateDraft<'_>,
        coverage: &[f32],
        sentences: &[SentenceMatches<'_>],
        analysed: &AnalysedPassage,
    ) -> Option<Candidate> {
        let CandidateDraft { hit, lead_in, .. } = *draft;
        let body = &hit.post.body;
        let passage = body.passages.get(hit.passage)?;
        let run = sentences.get(draft.range.clone())?;
        let span = run.first()?.sentence.span.cover(run.last()?.sentence.span);
        let ExtractedFeatures { mut features, mut matches_answer_type, has_counted_match, split_names } =
            self.extract_features(draft, span, sentences);
        let mut lead_in = lead_in;
        if matches_answer_type == Some(false)
            && let Some(line) = self.line_with_name(&hit.post, passage.section, span)
        {
            lead_in = Some(line);
            matches_answer_type = Some(true);
            features.set_flag(Feature::Misfits, false);
        }
        let lead_in = lead_in.or_else(|| self.heading_with_words(&hit.post, passage.section, analysed, run));
        let first = passage.first_sentence as usize;
        Some(Candidate {
            post: Arc::clone(&hit.post),
            span,
            sentences: first + draft.range.start..first + draft.range.end,
            lead_in,
            section: passage.section,
            marks: marks(&body.text, run, |concept| self.is_highlighted(concept)),
            marks_around: MarksAround::default(),
            concept_coverage: coverage.get(draft.coverage.clone())?.to_vec(),
            matches_answer_type,
            has_counted_match,
            own_words: self.own_words(hit, analysed, run),
            split_names,
            score: 0.0,
            features,
        })
    }

    /// Returns the line of a section that names a person, if the question asks who: the heading of a talk names who gave it, or the
    /// line below it, "Speaker: Ann Lee, Acme".
    fn line_with_name(&self, post: &Post, section: u32, run: Span) -> Option<Span> {
        if !matches!(self.answer_type, AnswerType::Who | AnswerType::Company) {
            return None;
        }
        let body = &post.body;
        // The title of the post names its author: "Recap by Ann Lee".
        let may_be_shown = |span: &Span| {
            has_at_most(body, *span, MAX_HEADING) && post.title.as_deref() != Some(body.slice(*span))
        };
        let mut headings = body.headings_above(section).filter(may_be_shown);
        if let Some(named) = headings.find(|span| !people_of_heading(body.slice(*span)).is_empty()) {
            return Some(named);
        }
        let heading = body.sections.get(section as usize)?.heading?;
        let from = body.blocks.partition_point(|block| block.span.start() < heading.end());
        let first = body.blocks.get(from).filter(|block| block.section == section).map(|block| block.span);
        let is_byline = |span: &Span| {
            let line = body.slice(*span);
            may_be_shown(span) && !span.overlaps(run) && is_title_like(line) && full_name(line).is_some()
        };
        let names_person = |span: &Span| may_be_shown(span) && heading_names_person(body.slice(*span));
        first.filter(is_byline).or_else(|| Some(heading).filter(names_person))
    }

    /// Returns the nearest heading with words of the question that a run lacks: without "Storage at Acme" nobody can tell whose
    /// numbers stand below it.
    fn heading_with_words(
        &self,
        post: &Post,
        section: u32,
        analysed: &AnalysedPassage,
        run: &[SentenceMatches<'_>],
    ) -> Option<Span> {
        let is_in_run = |concept| run.iter().flat_map(|it| &it.matches).any(|found| found.concept == concept);
        let adds_word = |found: &Match| self.is_highlighted(found.concept) && !is_in_run(found.concept);
        let body = &post.body;
        let headings = body.headings_above(section).zip(analysed.headings.iter().rev());
        let mut informative = headings.filter(|(span, terms)| {
            // The title is shown in any case.
            has_at_most(body, *span, MAX_HEADING)
                && post.title.as_deref() != Some(body.slice(*span))
                && self.matcher.scan_terms(body.slice(*span), terms).iter().any(adds_word)
        });
        informative.next().map(|(span, _)| span)
    }

    /// Returns the share of the question's importance that is covered.
    fn importance_share(&self, coverage: &[f32]) -> f32 {
        let pairs = self.concepts.iter().zip(coverage);
        pairs.map(|(concept, coverage)| concept.importance * coverage).sum::<f32>() / self.total_importance
    }

    /// Whether the words of a concept are marked. Weak words are not, unless there are no others.
    fn is_highlighted(&self, concept: usize) -> bool {
        self.is_weak || self.concepts.get(concept).is_some_and(|concept| !concept.is_weak())
    }
}

/// Raises the coverage of each matched concept to at least `share` of the match's weight.
fn raise_coverage(coverage: &mut [f32], matches: &[Match], share: f32) {
    for found in matches {
        if let Some(coverage) = coverage.get_mut(found.concept) {
            *coverage = coverage.max(found.weight * share);
        }
    }
}

/// Two concepts that are next to each other in a question, as a name: both with capitals, or after a given name.
fn adjacent_name((at, pair): (usize, &[Concept])) -> Option<(usize, String)> {
    let [first, last] = pair else { return None };
    let are_near = first.words.end == last.words.start && !first.text.is_empty();
    let is_name = || first.is_name && last.is_name || is_given_name(&fold(&first.text));
    (are_near && is_name()).then(|| (at, format!("{} {}", first.text, strip_genitive(&last.text))))
}

#[cfg(test)]
mod tests;
