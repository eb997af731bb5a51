//! Chooses the key sentence of a post: the one that is most worth reading by itself.
//!
//! Sentences that can't stand alone or are off topic are left out (`standalone`, `signals`). The others are scored by
//! their claims, their topic words, their position and their penalties (`signals`). The best one is taken if its score
//! is high enough. `docs/digests.md` gives the reasons.

mod phrase_match;
mod signals;
mod standalone;

use std::cmp::Reverse;

use self::phrase_match::FoldedText;
use super::main_topics::is_event_topic;
use crate::main_topics::CorpusFrequency;
use signals::TopicWords;
use takeaways_corpus::topics::TopicTable;
use takeaways_text::model::{Post, Quote, Sentence, Span};

/// The least score of a key sentence; below it only the title is shown. Found by reading digests of real posts.
const MIN_SCORE: f32 = 1.0;
/// A sentence with less coverage of the topic words, and without a topic, scores lower.
const MIN_TOPIC_COVERAGE: f32 = 0.12;
/// The most sentences that are scored, from the first on, so that a digest is made in time.
const MAX_SENTENCES: usize = 4_000;

/// Returns the key sentence of a post, quoted from it; `None` if no sentence is good enough.
#[must_use]
pub fn key_sentence(post: &Post, frequency: &dyn CorpusFrequency) -> Option<Quote> {
    let body = &post.body;
    let topic_words = TopicWords::of_post(post, frequency);
    let scored = body
        .sentences
        .iter()
        .take(MAX_SENTENCES)
        .filter_map(|sentence| score_sentence(post, sentence, &topic_words));
    let best = scored.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| Reverse(a.1).cmp(&Reverse(b.1))))?;
    let (score, span) = best;
    (score >= MIN_SCORE).then(|| Quote { text: body.slice(span).to_owned(), span })
}

/// Returns the score and span of a sentence; `None` if it can't be shown by itself.
fn score_sentence(post: &Post, sentence: &Sentence, topic_words: &TopicWords) -> Option<(f32, Span)> {
    let block = post.body.blocks.get(sentence.block as usize)?;
    let text = post.body.slice(sentence.span);
    let position = signals::position_score(post, block, sentence)?;
    let folded = FoldedText::fold(text);
    if is_about_author(post, text)
        || !standalone::is_standalone(post, block, sentence, &folded)
        || signals::is_off_topic(text, &folded)
    {
        return None;
    }
    let coverage = topic_words.coverage(text, post.language);
    let topic = match (names_a_topic(text), coverage < MIN_TOPIC_COVERAGE) {
        (true, _) => 0.2,
        (false, true) => -0.4,
        (false, false) => 0.0,
    };
    let score = signals::claim_score(text, &folded) + 1.2 * coverage + topic + position + length_score(text)
        - signals::penalty(text, &folded);
    Some((score, sentence.span))
}

/// Prefers short sentences.
fn length_score(text: &str) -> f32 {
    match text.chars().count() {
        ..=180 => 0.1,
        181..=210 => 0.0,
        _ => -0.2,
    }
}

/// Whether a text names a topic other than those of events.
fn names_a_topic(text: &str) -> bool {
    TopicTable::builtin().topics_in_text(text).iter().any(|(topic, _)| !is_event_topic(topic))
}

/// Whether a sentence names an author of the post, or begins with a part of their name.
fn is_about_author(post: &Post, text: &str) -> bool {
    let first = text.split([' ', '\'', '’', ',']).next().unwrap_or_default();
    post.authors.iter().any(|author| {
        author.contains(' ')
            && (text.contains(author.as_str()) || author.split(' ').any(|name| name == first))
    })
}

#[cfg(test)]
mod tests;
