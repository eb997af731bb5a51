//! How much of what a post is about a sentence names.

use std::collections::{HashMap, HashSet};

use crate::corpus_frequency::CorpusFrequency;
use takeaways_text::model::{Event, Language, Post};
use takeaways_text::tokens::{for_each_token, is_boilerplate, is_stop_word};

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
