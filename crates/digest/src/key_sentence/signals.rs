//! What takes from a sentence: praise that says nothing, a programme told again, the writer's own days, a lean on what
//! stands around it.
//!
//! What recaps say around what they took away: thanks, travel, food, their own booth, where the slides are.
//!
//! What a sentence claims: a lesson, a comparison, a number, an opinion.
//!
//! Where in a post a sentence stands.
//!
//! How much of what a post is about a sentence names.

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

/// Praise and thanks that could stand in any recap.
static PRAISE: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.praise));

/// What somebody wants to sell.
static MARKETING: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.marketing));

/// A story rather than what it taught.
static PAST: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.past_verbs));

/// Who told what, instead of what was told.
static REPORTS: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.reports));

/// The event itself rather than what it was about.
static OF_EVENT: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.event_words));

/// Who writes about themselves.
static OF_SELF: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.first_person));

/// Where it says what the writer thinks, that is no harm.
static THINKS: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.opinions));

/// Points at what stands before.
static POINTS: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.references));

/// Points at a thing that stands before.
static POINTS_AT: LazyLock<PhraseSet> =
    LazyLock::new(|| PhraseSet::of(|words| &words.digest.object_references));
/// Where it begins so, it wants something from its reader.
static URGES: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.calls_to_action));

/// What it loses by that.
pub(super) fn penalty(text: &str, folded: &FoldedText) -> f32 {
    let steps = |found: usize, first: f32| match found {
        0 => 0.0,
        1 => first,
        _ => first * 1.6,
    };
    let of_self = if THINKS.is_in(folded) { 0 } else { OF_SELF.count_in(folded) };
    steps(PRAISE.count_in(folded), 0.35)
        + steps(REPORTS.count_in(folded), 0.35)
        + steps(MARKETING.count_in(folded), 0.4)
        + steps(PAST.count_in(folded), 0.2)
        + steps(OF_EVENT.count_in(folded), 0.25)
        + steps(of_self, 0.25)
        + steps(POINTS.count_in(folded), 0.15)
        + steps(POINTS_AT.count_in(folded), 0.4)
        + if text.ends_with(['!', '！']) { 0.2 } else { 0.0 }
        + if URGES.begins(folded) { 0.4 } else { 0.0 }
        + if names_a_title(text) { 0.4 } else { 0.0 }
        + if names_many(text) { 0.3 } else { 0.0 }
}

/// Whether three or more words stand in quotation marks, with capitals: the title of a talk.
fn names_a_title(text: &str) -> bool {
    text.split(['"', '“', '”', '„', '«', '»']).skip(1).step_by(2).any(|quoted| {
        let words: Vec<&str> = quoted.split_whitespace().collect();
        let capitals = words.iter().filter(|word| word.starts_with(char::is_uppercase)).count();
        words.len() >= 3 && capitals * 2 > words.len()
    })
}

/// Whether more than every third word has a capital that no sentence begins with: a list of names.
fn names_many(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().skip(1).collect();
    let capitals = words.iter().filter(|word| word.starts_with(char::is_uppercase)).count();
    capitals * 3 > words.len() && words.len() > 5
}

/// A sentence with one of these is about nothing that anybody took away.
static NEVER: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.small_talk));
/// Two of these in one sentence are a programme, not a thought.
static PROGRAMME: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.programme));

/// Whether it is about nothing that anybody took away.
pub(super) fn is_off_topic(text: &str, folded: &FoldedText) -> bool {
    is_about_itself(text) || NEVER.is_in(folded) || PROGRAMME.count_in(folded) >= 3
}

/// What was learned, or is to be done.
static LESSONS: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.lessons));

/// One thing against another, or a change.
static CONTRASTS: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.contrasts));

/// What somebody thinks of it, and why.
static REASONS: LazyLock<PhraseSet> = LazyLock::new(|| PhraseSet::of(|words| &words.digest.reasons));

/// What it gains by that: up to about 1.6.
pub(super) fn claim_score(text: &str, folded: &FoldedText) -> f32 {
    let steps = |found: usize, first: f32| match found {
        0 => 0.0,
        1 => first,
        _ => first * 1.4,
    };
    let number = if text.split_whitespace().any(is_number) { 0.15 } else { 0.0 };
    steps(LESSONS.count_in(folded), 0.5)
        + steps(CONTRASTS.count_in(folded), 0.3)
        + steps(REASONS.count_in(folded), 0.3)
        + number
}

/// Headings over what people took away.
static OF_TAKEAWAYS: LazyLock<PhraseSet> =
    LazyLock::new(|| PhraseSet::of(|words| &words.digest.takeaway_headings));
/// Headings over what is around an event.
static OF_LOGISTICS: LazyLock<PhraseSet> =
    LazyLock::new(|| PhraseSet::of(|words| &words.digest.logistics_headings));
/// A post with fewer sentences has no beginning and end to speak of.
const SHORT_POST: usize = 12;

/// From -0.6 to 0.4. `None` where a sentence is not looked at.
#[expect(clippy::cast_precision_loss, reason = "a share of a text needs no more than seven digits")]
pub(super) fn position_score(post: &Post, block: &Block, sentence: &Sentence) -> Option<f32> {
    let of_block = match block.kind {
        BlockKind::Paragraph => 0.0,
        BlockKind::ListItem if block.depth <= 2 => -0.1,
        _ => return None,
    };
    let body = &post.body;
    let headings = FoldedText::fold(&body.heading_path(block.section).join(" | "));
    let under = match () {
        () if OF_LOGISTICS.is_in(&headings) => -0.5,
        () if OF_TAKEAWAYS.is_in(&headings) => 0.3,
        () => 0.0,
    };
    let at = sentence.span.start() as f32 / body.text.len().max(1) as f32;
    let in_text = match () {
        () if body.sentences.len() < SHORT_POST => 0.0,
        () if at < 0.06 => -0.3,
        () if at > 0.95 => -0.2,
        () => 0.0,
    };
    Some(of_block + under + in_text)
}

/// So many words say what a post is about.
const MAX_WORDS: usize = 40;
/// A word of the title counts as if it stood so many times more in the text.
const TITLE_BONUS: f32 = 2.0;
/// What a word weighs that is rare and stands seven times in a post: where no word weighs as much, none weighs 1.
const MIN_TOP_WEIGHT: f32 = 3.9;
/// The most that a sentence gets for what it names.
const MAX_COVERAGE: f32 = 1.0;

/// The words that say what a post is about, the first of them weighing 1.
#[derive(Debug, Default)]
pub(super) struct TopicWords {
    weights: HashMap<String, f32>,
}

impl TopicWords {
    pub fn of_post(post: &Post, commonness: &dyn CorpusFrequency) -> Self {
        let mut times: HashMap<String, f32> = HashMap::new();
        for_each_content_word(&post.body.text, post.language, &mut |term| {
            *times.entry(term.to_owned()).or_default() += 1.0;
        });
        for_each_content_word(post.title.as_deref().unwrap_or_default(), post.language, &mut |term| {
            if let Some(times) = times.get_mut(term) {
                *times += TITLE_BONUS;
            }
        });
        for name in excluded_names(post) {
            for_each_content_word(&name, post.language, &mut |term| {
                times.remove(term);
            });
        }
        let mut ranked: Vec<(f32, String)> = times.into_iter().map(|(term, times)| (times, term)).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        // The rarest may stand once only; but what a post names once, it is not about.
        ranked.retain(|(times, _)| *times > 1.0);
        ranked.truncate(4 * MAX_WORDS);
        let weigh = |(times, term): (f32, String)| {
            let weight = times.powf(0.7) * rarity(commonness.term_share(&term));
            (term, weight)
        };
        let mut weighed: Vec<(String, f32)> = ranked.into_iter().map(weigh).collect();
        weighed.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        weighed.truncate(MAX_WORDS);
        let first = weighed.first().map_or(0.0, |(_, weight)| *weight).max(MIN_TOP_WEIGHT);
        Self { weights: weighed.into_iter().map(|(term, weight)| (term, weight / first)).collect() }
    }

    /// Up to [`MAX_COVERAGE`]: the second word counts half of the first, and so on, so that a list of names does not win.
    pub fn coverage(&self, text: &str, language: Language) -> f32 {
        let mut seen: HashSet<String> = HashSet::new();
        let mut found: Vec<f32> = Vec::new();
        for_each_content_word(text, language, &mut |term| {
            if let Some(weight) = self.weights.get(term).filter(|_| seen.insert(term.to_owned())) {
                found.push(*weight);
            }
        });
        found.sort_by(|a, b| b.total_cmp(a));
        let sum: f32 = found.iter().zip([0.5, 0.25, 0.15, 0.1]).map(|(weight, share)| weight * share).sum();
        sum * MAX_COVERAGE
    }
}

/// The square of the inverse document frequency, 1 for a word of one passage in a hundred or fewer: 0.55 for one in thirty,
/// 0.25 for one in ten.
fn rarity(common: f32) -> f32 {
    let frequency = (1.0 / (common + 0.002)).ln() / 100.0_f32.ln();
    frequency.clamp(0.0, 1.0).powi(2)
}

/// Names that stand all over a post and say nothing of what it tells: those of its events and authors.
fn excluded_names(post: &Post) -> Vec<String> {
    let of_event = |event: &Event| {
        let place = [&event.city, &event.country, &event.region];
        let place: Vec<&str> = place.into_iter().flatten().map(String::as_str).collect();
        format!("{} {} {}", event.series, event.name, place.join(" "))
    };
    post.events.iter().map(of_event).chain(post.authors.iter().cloned()).collect()
}

/// Each term that says something: no stop word, no word of the talk around a recap.
fn for_each_content_word(text: &str, language: Language, each: &mut impl FnMut(&str)) {
    for_each_token(text, language, &mut |term, range, _| {
        let word = text.get(range).unwrap_or_default();
        let is_number = term.chars().all(|c| c.is_ascii_digit());
        if !(is_number || is_stop_word(word, language) || is_boilerplate(word)) {
            each(term);
        }
    });
}
