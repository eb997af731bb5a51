//! Extracts the features of candidates: from their matches, from the passage and post around, and from their form.

use super::{CandidateDraft, CandidateReader, PostContext, raise_coverage, sentence_runs::SentenceMatches};
use crate::{
    answer_type::{AnswerType, is_number, matches_answer_type},
    concepts::Concept,
    expansions::{DEFINITION_SIGNS, has_expansion, is_abbreviation},
    features::{Feature, FeatureVector},
    matcher::Match,
};
use takeaways_search::Hit;
use takeaways_text::{
    language::{self, WordList},
    model::{BlockKind, Body, Language, Span},
    sentences::is_title_like,
    tokens::{is_boilerplate, is_stop_word, strip_genitive},
};

/// The maximum distance in words of neighbours of the question that are near in a text.
const NEAR_WORDS: u32 = 4;
/// The maximum distance in words of the parts of one name: "Guido van Rossum".
const ADJACENT_WORDS: u32 = 2;

/// The features of a candidate, with what they are based on.
pub(super) struct ExtractedFeatures {
    pub(super) features: FeatureVector,
    /// As in [`Candidate`](super::Candidate).
    pub(super) matches_answer_type: Option<bool>,
    /// As in [`Candidate`](super::Candidate).
    pub(super) has_counted_match: bool,
    /// As in [`Candidate`](super::Candidate).
    pub(super) split_names: Vec<usize>,
}

impl CandidateReader<'_> {
    /// Extracts the features of a draft with this span. `sentences` are all of its passage.
    pub(super) fn extract_features(
        &self,
        draft: &CandidateDraft<'_>,
        span: Span,
        sentences: &[SentenceMatches<'_>],
    ) -> ExtractedFeatures {
        let post = &*draft.hit.post;
        let run = sentences.get(draft.range.clone()).unwrap_or_default();
        let mut features = draft.features;
        let asks_number = self.answer_type == AnswerType::HowMany;
        let has_counted_match = asks_number && self.has_counted_match(&post.body, run, post.language);
        // A number that counts something else says nothing.
        let matches_answer_type = matches_answer_type(self.answer_type, post.body.slice(span))
            .filter(|is_match| !asks_number || has_counted_match || !is_match)
            .or_else(|| self.tells_expansion(post.body.slice(span)));
        self.set_match_features(&mut features, run, sentences.get(draft.range.end));
        features.set(Feature::Nearness, self.nearness(run));
        if self.answer_type.is_meaning() {
            let expands = |concept: &Concept| {
                is_abbreviation(&concept.text) && has_expansion(post.body.slice(span), &concept.text)
            };
            let defines = if self.concepts.iter().any(expands) { 1.0 } else { definition(&post.body, run) };
            features.set(Feature::Defines, defines);
        }
        features.set_flag(Feature::Counts, has_counted_match);
        features.set_flag(Feature::NoNumber, asks_number && matches_answer_type == Some(false));
        features.set_flag(Feature::Fits, !asks_number && matches_answer_type == Some(true));
        features.set_flag(Feature::Misfits, !asks_number && matches_answer_type == Some(false));
        set_form_features(&mut features, &post.body, run, span);
        // "Meshes – Ann Lee, Acme" in the list of talks tells who gave one. Several items of it tell no more.
        let mut lines = post.body.slice(span).lines();
        let is_title_like = matches_answer_type != Some(true) && lines.all(is_title_like);
        features.set_flag(Feature::TitleLike, is_title_like);
        let split_names = self.split_names(draft, run);
        ExtractedFeatures { features, matches_answer_type, has_counted_match, split_names }
    }

    /// Whether a text tells what an abbreviation of the question stands for; `None` if that is not asked.
    fn tells_expansion(&self, text: &str) -> Option<bool> {
        let has_any = || self.concepts.iter().any(|concept| has_expansion(text, &concept.text));
        (self.answer_type == AnswerType::Expansion).then(has_any)
    }

    /// Returns the features that all candidates of a passage share. `score` is relative to that of the best passage.
    pub(super) fn passage_features(&self, hit: &Hit, score: f32, post: &PostContext) -> FeatureVector {
        let mut features = FeatureVector::default();
        features.set(Feature::Passage, score);
        features.set(Feature::Post, post.best_score);
        features.set(Feature::InPost, self.importance_share(&post.coverage));
        #[expect(clippy::cast_precision_loss, reason = "a post has fewer passages than 2^24")]
        features.set(Feature::Early, 1.0 / (1.0 + hit.passage as f32));
        let language = hit.post.language;
        let is_other = language != self.language;
        features.set_flag(Feature::InEnglish, is_other && language == Language::En);
        features.set_flag(Feature::ThirdLanguage, is_other && language != Language::En);
        features
    }

    /// Adds the features of a draft to those of its passage: `direct` is the coverage of its own words, `coverage` that
    /// with its context.
    pub(super) fn draft_features(
        &self,
        mut features: FeatureVector,
        coverage: &[f32],
        direct: &[f32],
    ) -> FeatureVector {
        features.set(Feature::Coverage, self.importance_share(coverage));
        features.set(Feature::Direct, self.importance_share(direct));
        if self.name_importance > 0.0 {
            features.set(Feature::NamesUnsaid, 1.0 - self.name_share(coverage));
        }
        features
    }

    /// Sets the features of the matches of a run and of the sentence after it.
    fn set_match_features(
        &self,
        features: &mut FeatureVector,
        run: &[SentenceMatches<'_>],
        next: Option<&SentenceMatches<'_>>,
    ) {
        let (mut own, mut exact) = (self.uncovered.clone(), self.uncovered.clone());
        for found in run.iter().flat_map(|it| &it.matches) {
            raise_coverage(&mut own, std::slice::from_ref(found), 1.0);
            if found.weight >= 1.0 {
                raise_coverage(&mut exact, std::slice::from_ref(found), 1.0);
            }
        }
        features.set(Feature::Exact, self.importance_share(&exact));
        let rarest = self.most_important.and_then(|at| own.get(at));
        features.set(Feature::Rarest, rarest.copied().unwrap_or_default());
        features.set(Feature::Names, self.name_share(&own));
        if let Some(next) = next {
            let mut with_next = own.clone();
            raise_coverage(&mut with_next, &next.matches, 1.0);
            features.set(Feature::After, self.importance_share(&with_next) - self.importance_share(&own));
        }
    }

    /// Returns the share of the names' importance that is covered; 0 if the question has no names.
    fn name_share(&self, coverage: &[f32]) -> f32 {
        if self.name_importance <= 0.0 {
            return 0.0;
        }
        let names = self.concepts.iter().zip(coverage).filter(|(concept, _)| concept.is_name);
        names.map(|(concept, coverage)| concept.importance * coverage).sum::<f32>() / self.name_importance
    }

    /// Returns the concepts of names that are side by side in the question and apart in the run and its context: the
    /// World Cup is not in "a cup of coffee for the world". A question that is not a sentence may name several things.
    fn split_names(&self, draft: &CandidateDraft<'_>, run: &[SentenceMatches<'_>]) -> Vec<usize> {
        let is_covered = |at: usize| run.iter().flat_map(|it| &it.matches).any(|found| found.concept == at);
        let pairs = self.concepts.windows(2).enumerate().filter(|(at, pair)| {
            let is_name = pair[0].follows_stop_word
                && pair[0].is_name
                && pair[1].is_name
                // In "Ada's Loom" there are two names.
                && strip_genitive(&pair[0].text) == pair[0].text
                && pair[0].words.end == pair[1].words.start;
            is_name && is_covered(*at) && is_covered(at + 1) && !is_near_in(run, *at, ADJACENT_WORDS)
        });
        let split: Vec<usize> = pairs.map(|(at, _)| at).collect();
        if split.is_empty() {
            return split;
        }
        let post = &draft.hit.post;
        let section = post.body.passages.get(draft.hit.passage).map(|passage| passage.section);
        let headings = section.map(|section| post.body.heading_path(section)).unwrap_or_default();
        let authors = post.authors.iter().map(String::as_str);
        let context = headings.into_iter().chain(post.title.as_deref()).chain(authors);
        let context: Vec<Vec<Match>> = context.map(|text| self.matcher.scan(text, post.language)).collect();
        let is_in_context = |at: usize| context.iter().any(|matches| is_near(matches, at, ADJACENT_WORDS));
        split.into_iter().filter(|&at| !is_in_context(at)).flat_map(|at| [at, at + 1]).collect()
    }

    /// Whether a number counts a match: "12,000 attendees", "eighty new users", "attendees: 800". If the question tells what
    /// it counts, only that counts.
    fn has_counted_match(&self, body: &Body, run: &[SentenceMatches<'_>], language: Language) -> bool {
        let names_counted = self.concepts.iter().any(|concept| concept.is_counted);
        let is_counted = |found: &Match| {
            !names_counted || self.concepts.get(found.concept).is_some_and(|concept| concept.is_counted)
        };
        run.iter().any(|it| {
            let text = body.slice(it.sentence.span);
            it.matches.iter().filter(|found| is_counted(found)).any(|found| has_number(text, found, language))
        })
    }

    /// Returns the share of neighbouring concepts of the question that are near each other in a sentence.
    #[expect(clippy::cast_precision_loss, reason = "a question has at most 64 words")]
    fn nearness(&self, run: &[SentenceMatches<'_>]) -> f32 {
        let pairs = self.concepts.len().saturating_sub(1);
        if pairs == 0 {
            return 0.0;
        }
        (0..pairs).filter(|&first| is_near_in(run, first, NEAR_WORDS)).count() as f32 / pairs as f32
    }
}

/// Whether a sentence has a concept and the next one of the question within some words.
fn is_near_in(run: &[SentenceMatches<'_>], first: usize, words: u32) -> bool {
    run.iter().any(|it| is_near(&it.matches, first, words))
}

fn is_near(matches: &[Match], first: usize, words: u32) -> bool {
    let matches_of = |concept| matches.iter().filter(move |found| found.concept == concept);
    matches_of(first).any(|a| matches_of(first + 1).any(|b| a.position.abs_diff(b.position) <= words))
}

/// Sets the features that do not depend on the question.
fn set_form_features(features: &mut FeatureVector, body: &Body, run: &[SentenceMatches<'_>], span: Span) {
    features.set(Feature::Length, length(body, run, span));
    features.set(Feature::Linked, linked_share(body, span));
    features.set_flag(Feature::AboutItself, run.iter().any(|it| it.is_about_itself));
    let kind = run.first().map(|it| it.kind);
    features.set_flag(Feature::SetOff, matches!(kind, Some(BlockKind::Quote | BlockKind::TableRow)));
}

/// Returns the logarithm of the letters in hundreds. A wide letter counts as two.
#[expect(clippy::cast_precision_loss, reason = "a candidate has at most a few hundred letters")]
fn length(body: &Body, run: &[SentenceMatches<'_>], span: Span) -> f32 {
    let chars: usize = run.iter().map(|it| it.chars).sum();
    let text = body.slice(span);
    // A text with hardly more bytes than letters has no wide letters.
    let is_narrow = text.len() <= chars + chars / 8;
    let wide = || text.chars().filter(|c| ('\u{3000}'..='\u{d7af}').contains(c)).count();
    let letters = chars + if is_narrow { 0 } else { wide() };
    (letters.max(1) as f32 / 100.0).ln()
}

/// Returns how much a run looks like a definition: 1 for "X is a"; 0.6 for "X is", "X (…)", or a short and a long name
/// in one sentence; 0 for nothing of that.
fn definition(body: &Body, run: &[SentenceMatches<'_>]) -> f32 {
    let by_sentence = run.iter().map(|it| {
        let text = body.slice(it.sentence.span);
        let after = |found: &Match| text.get(found.range.end..).unwrap_or_default().trim_start();
        let continues = |found: &Match, openings: &WordList| {
            openings.iter().any(|opening| after(found).starts_with(opening))
        };
        let lengths = |concept| {
            let mut lengths: Vec<usize> = it
                .matches
                .iter()
                .filter(|found| found.concept == concept && found.weight >= 1.0)
                .map(|found| found.range.len())
                .collect();
            lengths.sort_unstable();
            lengths.dedup();
            lengths
        };
        let has_both_names = |found: &Match| {
            let lengths = lengths(found.concept);
            lengths.first().zip(lengths.last()).is_some_and(|(short, long)| *long > short * 2)
        };
        let defines = |found: &Match| match () {
            () if continues(found, &language::all().answers.kind_definitions) => 1.0,
            () if has_both_names(found)
                || continues(found, &language::all().answers.definitions)
                || DEFINITION_SIGNS.iter().any(|sign| after(found).starts_with(sign))
                    && !goes_on_in_link(body, it.sentence.span.start() + found.range.end) =>
            {
                0.6
            }
            () => 0.0,
        };
        it.matches.iter().map(defines).fold(0.0, f32::max)
    });
    by_sentence.fold(0.0, f32::max)
}

/// Whether a place is within the text of a link: what follows there is the title of a page.
fn goes_on_in_link(body: &Body, at: usize) -> bool {
    let next = body.links.partition_point(|link| link.span.end() <= at);
    body.links.get(next).is_some_and(|link| link.span.start() < at)
}

/// The maximum number of words between a number and what it counts, with the number.
const COUNTED_WORDS: usize = 3;

/// Whether a number is beside a match in a sentence.
fn has_number(text: &str, found: &Match, language: Language) -> bool {
    let before = text.get(..found.range.start).unwrap_or_default();
    let after = text.get(found.range.end..).unwrap_or_default();
    before.split_whitespace().rev().take(COUNTED_WORDS).any(is_number)
        || is_stated_after_colon(after)
        || is_counted_after(after, language)
}

/// Whether the text after a word states its number after a colon: "cluster size: 1,000 nodes".
fn is_stated_after_colon(after: &str) -> bool {
    after.split_once(": ").is_some_and(|(before, number)| {
        before.split_whitespace().count() < COUNTED_WORDS
            && number.split_whitespace().next().is_some_and(is_number)
    })
}

/// Whether a number after a word counts nothing else, unlike that in "attend a two hour workshop".
fn is_counted_after(after: &str, language: Language) -> bool {
    let mut words = after.split_whitespace();
    let number = words.by_ref().take(COUNTED_WORDS).find(|word| is_number(word));
    let ends = |word: &str| word.ends_with([',', '.', ';', ':', ')', '!', '?']);
    // "attended by 800 people" still counts those who attended.
    let is_empty = |word: &str| is_stop_word(word, language) || is_boilerplate(word);
    number.is_some_and(|number| ends(number) || words.next().is_none_or(is_empty))
}

/// Returns the share of a span that is link text, 0 to 1.
#[expect(clippy::cast_precision_loss, reason = "a candidate has at most a few thousand bytes")]
pub(super) fn linked_share(body: &Body, span: Span) -> f32 {
    let from = body.links.partition_point(|link| link.span.end() <= span.start());
    let linked: usize = body.links[from..]
        .iter()
        .take_while(|link| link.span.start() < span.end())
        .map(|link| link.span.len())
        .sum();
    linked as f32 / span.len() as f32
}

/// Whether a text begins with a word that refers to the sentence before: "It", "This".
pub fn begins_with_reference(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default().to_lowercase();
    language::all().answers.opening_references.contains(first.trim_matches(|c: char| !c.is_alphabetic()))
}
