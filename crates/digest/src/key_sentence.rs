//! The one sentence of a post that is worth reading by itself.
//!
//! First what can't stand alone, or says nothing of the event, is left out (`alone`, `talk`); what is left is weighed by what
//! it claims (`claims`), by how much of what the post is about it names (`central`), and by where it stands (`place`).
//! The best one is taken where it is good enough. All of it is told from letters; `docs/digests.md` says why it is so.

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

/// A sentence that weighs less is not worth reading: only the title is shown. Found by reading digests of real posts.
const MIN_SCORE: f32 = 1.0;
/// A sentence that names so little of what the post is about, and no topic either, is beside the point.
const MIN_TOPIC_COVERAGE: f32 = 0.12;
/// So many sentences are weighed, from the first on: a post is bounded, its digest has to be made in time.
const MAX_SENTENCES: usize = 4_000;

/// The sentence of a post that is worth reading most, as it stands in the post; `None` where none is good enough.
#[must_use]
pub fn key_sentence(post: &Post, commonness: &dyn CorpusFrequency) -> Option<Quote> {
    let body = &post.body;
    let central = TopicWords::of_post(post, commonness);
    let weighed = body
        .sentences
        .iter()
        .take(MAX_SENTENCES)
        .filter_map(|sentence| score_sentence(post, sentence, &central));
    let best = weighed.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| Reverse(a.1).cmp(&Reverse(b.1))))?;
    let (weight, span) = best;
    (weight >= MIN_SCORE).then(|| Quote { text: body.slice(span).to_owned(), span })
}

/// What a sentence weighs, and where it is; `None` for one that can't be shown by itself.
fn score_sentence(post: &Post, sentence: &Sentence, central: &TopicWords) -> Option<(f32, Span)> {
    let block = post.body.blocks.get(sentence.block as usize)?;
    let text = post.body.slice(sentence.span);
    let place = signals::position_score(post, block, sentence)?;
    let folded = FoldedText::fold(text);
    if is_about_author(post, text)
        || !standalone::is_standalone(post, block, sentence, &folded)
        || signals::is_off_topic(text, &folded)
    {
        return None;
    }
    let named = central.coverage(text, post.language);
    let of_topic = match (names_a_topic(text), named < MIN_TOPIC_COVERAGE) {
        (true, _) => 0.2,
        (false, true) => -0.4,
        (false, false) => 0.0,
    };
    let weight = signals::claim_score(text, &folded) + 1.2 * named + of_topic + place + length_score(text)
        - signals::penalty(text, &folded);
    Some((weight, sentence.span))
}

/// What can be read at a glance is read.
fn length_score(text: &str) -> f32 {
    match text.chars().count() {
        ..=180 => 0.1,
        181..=210 => 0.0,
        _ => -0.2,
    }
}

/// Whether it names a topic that people at such events talk about.
fn names_a_topic(text: &str) -> bool {
    TopicTable::builtin().topics_in_text(text).iter().any(|(topic, _)| !is_event_topic(topic))
}

/// Whether it is about its author: names them, or begins with one of their names.
fn is_about_author(post: &Post, text: &str) -> bool {
    let first = text.split([' ', '\'', '’', ',']).next().unwrap_or_default();
    post.authors.iter().any(|author| {
        author.contains(' ')
            && (text.contains(author.as_str()) || author.split(' ').any(|name| name == first))
    })
}

#[cfg(test)]
mod tests;
