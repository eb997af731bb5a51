//! Tells which words of a question a candidate has itself, and which its author or the heading of its section have for it.

use super::{CandidateReader, IN_AUTHOR, IN_HEADING, raise_coverage, sentence_runs::SentenceMatches};
use crate::{
    concepts::Concept,
    matcher::Match,
    origin::{is_named_after, names_origin},
    passage_cache::AnalysedPassage,
    plan::names_thing,
};
use takeaways_search::Hit;
use takeaways_text::model::Post;
use takeaways_text::translations::is_english_word;

/// The minimum weight of a word that says a concept: that of another form of a synonym.
const MIN_SAID: f32 = 0.4;

/// How a candidate has the concepts of a question.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct OwnWords {
    /// How much its sentences cover each.
    coverage: Vec<f32>,
    /// Whether its author, its speaker or the heading of its section has each.
    is_around: Vec<bool>,
    /// As [`CandidateReader::name_distance`], of each.
    name_distance: Vec<Option<u32>>,
}

impl OwnWords {
    /// The share of the question that its sentences cover, of what neither its author nor the heading tells: "Jimdo" above a list need
    /// not stand in each item.
    pub fn share_of_rest(&self, concepts: &[Concept]) -> f32 {
        self.share(concepts, |coverage, is_around| (!is_around || coverage > 0.0).then_some(coverage))
    }

    /// The share of the question that its sentences, its author and the heading cover.
    pub fn share_with_names(&self, concepts: &[Concept]) -> f32 {
        self.share(concepts, |coverage, is_around| Some(if is_around { 1.0 } else { coverage }))
    }

    /// Whether its sentences have a concept, if only in another form of a synonym.
    pub fn has(&self, at: usize) -> bool {
        self.coverage.get(at).is_some_and(|it| *it >= MIN_SAID)
    }

    /// Whether one of its sentences has a concept within some words of a name of the question, or has it without any of the names.
    pub fn has_near_name(&self, at: usize, words: u32) -> bool {
        self.name_distance.get(at).copied().flatten().is_some_and(|it| it <= words)
    }

    /// The share by importance of the concepts for which `count` tells how much is covered; 1 if there is none.
    fn share(&self, concepts: &[Concept], count: impl Fn(f32, bool) -> Option<f32>) -> f32 {
        let (mut all, mut covered) = (0.0, 0.0);
        for ((concept, coverage), is_around) in concepts.iter().zip(&self.coverage).zip(&self.is_around) {
            if let Some(share) = count(*coverage, *is_around) {
                all += concept.importance;
                covered += concept.importance * share;
            }
        }
        if all > 0.0 { covered / all } else { 1.0 }
    }
}

impl CandidateReader<'_> {
    /// Returns how a run of sentences of a hit has the concepts.
    pub(super) fn own_words(
        &self,
        hit: &Hit,
        analysed: &AnalysedPassage,
        run: &[SentenceMatches<'_>],
    ) -> OwnWords {
        let (post, body) = (&*hit.post, &hit.post.body);
        let mut own = self.uncovered.clone();
        for it in run {
            raise_coverage(&mut own, &it.matches, 1.0);
        }
        let mut around = self.uncovered.clone();
        self.cover_by_authors(&mut around, post, analysed);
        if let Some(speaker) = run.first().and_then(|it| body.speaker_of(it.sentence.block)) {
            raise_coverage(&mut around, &self.matcher.scan(speaker, post.language), IN_AUTHOR);
        }
        let section = body.passages.get(hit.passage).map(|passage| passage.section);
        let headings = section.map(|section| body.heading_path(section)).unwrap_or_default();
        for (heading, terms) in headings.into_iter().zip(&analysed.headings) {
            // The title is that of all sections.
            if post.title.as_deref() != Some(heading) {
                raise_coverage(&mut around, &self.matcher.scan_terms(heading, terms), IN_HEADING);
            }
        }
        OwnWords {
            coverage: own,
            is_around: around.iter().map(|it| *it >= IN_AUTHOR).collect(),
            name_distance: (0..self.concepts.len()).map(|at| self.name_distance(at, run)).collect(),
        }
    }

    /// Returns the number of words from a concept to the nearest name of the question in the same sentence; 0 if a sentence has the
    /// concept and no name: then it is said of what stands before.
    fn name_distance(&self, concept: usize, run: &[SentenceMatches<'_>]) -> Option<u32> {
        let is_sure = |found: &&Match| found.weight >= MIN_SAID;
        let is_name = |found: &&Match| {
            found.concept != concept
                && self.concepts.get(found.concept).is_some_and(Concept::is_name_or_entity)
        };
        let in_sentence = |it: &SentenceMatches<'_>| {
            let mut own =
                it.matches.iter().filter(|found| found.concept == concept).filter(is_sure).peekable();
            own.peek()?;
            let names = || it.matches.iter().filter(is_name).filter(is_sure);
            let distances = own.flat_map(|own| names().map(|name| name.position.abs_diff(own.position)));
            Some(distances.min().unwrap_or_default())
        };
        run.iter().filter_map(in_sentence).min()
    }

    /// Raises the coverage of the concepts that name the authors of a post, or its origin.
    pub(super) fn cover_by_authors(&self, coverage: &mut [f32], post: &Post, passage: &AnalysedPassage) {
        // They stand after the title.
        let terms_of_authors = passage.names.iter().skip(usize::from(post.title.is_some()));
        for (author, terms) in post.authors.iter().zip(terms_of_authors) {
            raise_coverage(coverage, &self.matcher.scan_terms(author, terms), IN_AUTHOR);
        }
        for at in &self.origin_names {
            if names_origin(&self.concepts[*at].text, post) {
                coverage[*at] = coverage[*at].max(IN_AUTHOR);
            }
        }
        for (at, name) in &self.full_names {
            if is_named_after(name, post) {
                for coverage in coverage.iter_mut().skip(*at).take(2) {
                    *coverage = coverage.max(IN_AUTHOR);
                }
            }
        }
    }
}

/// Whether a concept may name where a post is from. A post may mention a blog, but what means something else names none.
pub(super) fn may_name_origin(concept: &Concept) -> bool {
    !concept.is_known || !is_english_word(&concept.text.to_lowercase()) && !names_thing(&concept.text)
}
