//! Scores a sentence: claims, position, topic words, penalties. Detects sentences that are off topic.

use super::phrase_match::{FoldedText, PhraseSet};
use crate::main_topics::CorpusFrequency;
use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};
use takeaways_answer::{is_about_itself, is_number};
use takeaways_text::{
    model::{Block, BlockKind, Event, Language, Post, Sentence},
    tokens::{for_each_token, is_boilerplate, is_stop_word},
};

/// What was learned, or is to be done.
static LESSONS: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.lessons));
/// Comparisons and changes.
static CONTRASTS: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.contrasts));
/// Opinions with reasons.
static REASONS: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.reasons));

/// Praise that could be in any post.
static PRAISE: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.praise));
/// Words of advertising.
static MARKETING: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.marketing));
/// Verbs of a story, in the past tense.
static PAST_VERBS: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.past_verbs));
/// Reports of who presented what.
static REPORTS: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.reports));
/// Words for the event itself, not for its content.
static EVENT_WORDS: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.event_words));
/// The first person.
static FIRST_PERSON: LazyLock<PhraseSet> =
    LazyLock::new(|| PhraseSet::of(|words| &words.digest.first_person));
/// Opinions. They excuse the first person.
static OPINIONS: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.opinions));
/// References to the text before.
static REFERENCES: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.references));
/// References to a thing in the text before.
static OBJECT_REFERENCES: LazyLock<PhraseSet> =
    LazyLock::new(|| PhraseSet::of(|words| &words.digest.object_references));
/// Openings that ask the reader to do something.
static CALLS_TO_ACTION: LazyLock<PhraseSet> =
    LazyLock::new(|| PhraseSet::of(|words| &words.digest.calls_to_action));

/// Thanks, travel, food, booths, slides.
static SMALL_TALK: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.small_talk));
/// Words of a programme, such as talks and rooms.
static PROGRAMME: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.programme));
/// Matches of [`PROGRAMME`] from which a sentence retells the programme.
const MIN_PROGRAMME_WORDS: usize = 3;

/// Headings over takeaways.
static TAKEAWAY_HEADINGS: LazyLock<PhraseSet> =
    LazyLock::new(|| PhraseSet::of(|words| &words.digest.takeaway_headings));
/// Headings over the logistics of an event.
static LOGISTICS_HEADINGS: LazyLock<PhraseSet> =
    LazyLock::new(|| PhraseSet::of(|words| &words.digest.logistics_headings));
/// In a post of fewer sentences, beginning and end score as the rest.
const SHORT_POST: usize = 12;

/// The most topic words of a post.
const MAX_WORDS: usize = 40;
/// Additional mentions of a word that is in the title.
const TITLE_BONUS: f32 = 2.0;
/// The weight of a rare word with seven mentions. The heaviest word weighs 1 only if its weight is at least this.
const MIN_TOP_WEIGHT: f32 = 3.9;

/// Returns how much a sentence gains by its claims: lessons, contrasts, reasons, numbers. At most about 1.6.
pub(super) fn claim_score(text: &str, folded: &FoldedText) -> f32 {
    let score = |phrases: &PhraseSet, first: f32| match_score(phrases.count_in(folded), first, 1.4);
    let number = if text.split_whitespace().any(is_number) { 0.15 } else { 0.0 };
    score(&LESSONS, 0.5) + score(&CONTRASTS, 0.3) + score(&REASONS, 0.3) + number
}

/// Returns how much a sentence loses by praise, story, references and the like.
pub(super) fn penalty(text: &str, folded: &FoldedText) -> f32 {
    let score = |phrases: &PhraseSet, first: f32| match_score(phrases.count_in(folded), first, 1.6);
    let first_person = if OPINIONS.is_in(folded) { 0.0 } else { score(&FIRST_PERSON, 0.25) };
    score(&PRAISE, 0.35)
        + score(&REPORTS, 0.35)
        + score(&MARKETING, 0.4)
        + score(&PAST_VERBS, 0.2)
        + score(&EVENT_WORDS, 0.25)
        + first_person
        + score(&REFERENCES, 0.15)
        + score(&OBJECT_REFERENCES, 0.4)
        + if text.ends_with(['!', '！']) { 0.2 } else { 0.0 }
        + if CALLS_TO_ACTION.begins(folded) { 0.4 } else { 0.0 }
        + if names_a_title(text) { 0.4 } else { 0.0 }
        + if names_many(text) { 0.3 } else { 0.0 }
}

/// Scores a number of matches: `first` for one, `first * several` for more.
fn match_score(matches: usize, first: f32, several: f32) -> f32 {
    match matches {
        0 => 0.0,
        1 => first,
        _ => first * several,
    }
}

/// Whether a text quotes three or more words, most of them capitalised: the title of a talk.
fn names_a_title(text: &str) -> bool {
    text.split(['"', '“', '”', '„', '«', '»']).skip(1).step_by(2).any(|quoted| {
        let words: Vec<&str> = quoted.split_whitespace().collect();
        words.len() >= 3 && count_capitalised(&words) * 2 > words.len()
    })
}

/// Whether more than every third word after the first is capitalised: a list of names.
fn names_many(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().skip(1).collect();
    count_capitalised(&words) * 3 > words.len() && words.len() > 5
}

fn count_capitalised(words: &[&str]) -> usize {
    words.iter().filter(|word| word.starts_with(char::is_uppercase)).count()
}

/// Whether a sentence is about the trip, the programme or the post itself.
pub(super) fn is_off_topic(text: &str, folded: &FoldedText) -> bool {
    is_about_itself(text) || SMALL_TALK.is_in(folded) || PROGRAMME.count_in(folded) >= MIN_PROGRAMME_WORDS
}

/// Returns how much a sentence gains or loses by its position: its block, its headings, and where in the post it is.
/// From -0.9 to 0.3; `None` for sentences of other blocks than paragraphs and list items.
#[expect(clippy::cast_precision_loss, reason = "a share of a text needs no more than seven digits")]
pub(super) fn position_score(post: &Post, block: &Block, sentence: &Sentence) -> Option<f32> {
    let block_score = match block.kind {
        BlockKind::Paragraph => 0.0,
        BlockKind::ListItem if block.depth <= 2 => -0.1,
        _ => return None,
    };
    let body = &post.body;
    let headings = FoldedText::fold(&body.heading_path(block.section).join(" | "));
    let heading_score = match () {
        () if LOGISTICS_HEADINGS.is_in(&headings) => -0.5,
        () if TAKEAWAY_HEADINGS.is_in(&headings) => 0.3,
        () => 0.0,
    };
    let relative_start = sentence.span.start() as f32 / body.text.len().max(1) as f32;
    let text_score = match () {
        () if body.sentences.len() < SHORT_POST => 0.0,
        () if relative_start < 0.06 => -0.3,
        () if relative_start > 0.95 => -0.2,
        () => 0.0,
    };
    Some(block_score + heading_score + text_score)
}

/// The words that tell the topic of a post, with weights up to 1.
#[derive(Debug, Default)]
pub(super) struct TopicWords {
    weights: HashMap<String, f32>,
}

impl TopicWords {
    /// Finds the topic words of a post: words that are frequent in it and rare in the corpus.
    pub fn of_post(post: &Post, frequency: &dyn CorpusFrequency) -> Self {
        let mut mentions: HashMap<String, f32> = HashMap::new();
        for_each_content_word(&post.body.text, post.language, &mut |term| {
            *mentions.entry(term.to_owned()).or_default() += 1.0;
        });
        for_each_content_word(post.title.as_deref().unwrap_or_default(), post.language, &mut |term| {
            if let Some(mentions) = mentions.get_mut(term) {
                *mentions += TITLE_BONUS;
            }
        });
        for name in excluded_names(post) {
            for_each_content_word(&name, post.language, &mut |term| {
                mentions.remove(term);
            });
        }
        // A post is not about a word with one mention, however rare the word is.
        let mut words: Vec<(String, f32)> =
            mentions.into_iter().filter(|(_, mentions)| *mentions > 1.0).collect();
        sort_by_weight(&mut words);
        words.truncate(4 * MAX_WORDS);
        for (term, weight) in &mut words {
            *weight = weight.powf(0.7) * rarity(frequency.term_share(term));
        }
        sort_by_weight(&mut words);
        words.truncate(MAX_WORDS);
        let top = words.first().map_or(0.0, |(_, weight)| *weight).max(MIN_TOP_WEIGHT);
        Self { weights: words.into_iter().map(|(term, weight)| (term, weight / top)).collect() }
    }

    /// Returns how much of the topic a text names, 0 to 1. The second word counts half of the first, and so on, so
    /// that a list of names does not win.
    pub fn coverage(&self, text: &str, language: Language) -> f32 {
        let mut seen: HashSet<String> = HashSet::new();
        let mut weights: Vec<f32> = Vec::new();
        for_each_content_word(text, language, &mut |term| {
            if let Some(weight) = self.weights.get(term).filter(|_| seen.insert(term.to_owned())) {
                weights.push(*weight);
            }
        });
        weights.sort_by(|a, b| b.total_cmp(a));
        weights.iter().zip([0.5, 0.25, 0.15, 0.1]).map(|(weight, share)| weight * share).sum()
    }
}

/// Sorts by weight, the heaviest first, then by term.
fn sort_by_weight(words: &mut [(String, f32)]) {
    words.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
}

/// Returns the square of the inverse document frequency: 1 for a word of one passage in a hundred or fewer, 0.55 for
/// one in thirty, 0.25 for one in ten.
fn rarity(share: f32) -> f32 {
    let inverse_frequency = (1.0 / (share + 0.002)).ln() / 100.0_f32.ln();
    inverse_frequency.clamp(0.0, 1.0).powi(2)
}

/// Returns the names of the events and authors of a post. They are all over it and say nothing about its topic.
fn excluded_names(post: &Post) -> Vec<String> {
    let event_names = |event: &Event| {
        let place = [&event.city, &event.country, &event.region];
        let place: Vec<&str> = place.into_iter().flatten().map(String::as_str).collect();
        format!("{} {} {}", event.series, event.name, place.join(" "))
    };
    post.events.iter().map(event_names).chain(post.authors.iter().cloned()).collect()
}

/// Calls `f` with each term that is neither a number, a stop word nor boilerplate.
fn for_each_content_word(text: &str, language: Language, f: &mut impl FnMut(&str)) {
    for_each_token(text, language, &mut |term, range, _| {
        let word = text.get(range).unwrap_or_default();
        let is_number = term.chars().all(|c| c.is_ascii_digit());
        if !(is_number || is_stop_word(word, language) || is_boilerplate(word)) {
            f(term);
        }
    });
}
