//! The one sentence of a post that is worth reading by itself.
//!
//! First what can't stand alone, or says nothing of the event, is left out (`alone`, `talk`); what is left is weighed by what
//! it claims (`claims`), by how much of what the post is about it names (`central`), and by where it stands (`place`).
//! The best one is taken where it is good enough. All of it is told from letters; `docs/digests.md` says why it is so.

mod alone;
mod central;
mod claims;
mod place;
mod talk;
mod weak;
mod words;

use std::cmp::Reverse;

use self::central::Central;
use self::words::Folded;
use super::commonness::Commonness;
use super::theme::is_of_event;
use takeaways_corpus::topics::TopicTable;
use takeaways_text::model::{Post, Quoted, Sentence, Span};

/// A sentence that weighs less is not worth reading: only the title is shown. Found by reading digests of real posts.
const ENOUGH: f32 = 1.0;
/// A sentence that names so little of what the post is about, and no topic either, is beside the point.
const BESIDE: f32 = 0.12;
/// So many sentences are weighed, from the first on: a post is bounded, its digest has to be made in time.
const MOST: usize = 4_000;

/// The sentence of a post that is worth reading most, as it stands in the post; `None` where none is good enough.
#[must_use]
pub fn worth_reading(post: &Post, commonness: &dyn Commonness) -> Option<Quoted> {
    let body = &post.body;
    let central = Central::of(post, commonness);
    let weighed = body.sentences.iter().take(MOST).filter_map(|sentence| weigh(post, sentence, &central));
    let best = weighed.max_by(|a, b| a.0.total_cmp(&b.0).then_with(|| Reverse(a.1).cmp(&Reverse(b.1))))?;
    let (weight, span) = best;
    (weight >= ENOUGH).then(|| Quoted { quote: body.slice(span).to_owned(), span })
}

/// What a sentence weighs, and where it is; `None` for one that can't be shown by itself.
fn weigh(post: &Post, sentence: &Sentence, central: &Central) -> Option<(f32, Span)> {
    let block = post.body.blocks.get(sentence.block as usize)?;
    let text = post.body.slice(sentence.span);
    let place = place::weight(post, block, sentence)?;
    let folded = Folded::of(text);
    if tells_of_author(post, text)
        || !alone::is_whole(post, block, sentence, &folded)
        || talk::is_talk(text, &folded)
    {
        return None;
    }
    let named = central.weight(text, post.language);
    let of_topic = match (names_a_topic(text), named < BESIDE) {
        (true, _) => 0.2,
        (false, true) => -0.4,
        (false, false) => 0.0,
    };
    let weight = claims::weight(text, &folded) + 1.2 * named + of_topic + place + of_length(text)
        - weak::weight(text, &folded);
    Some((weight, sentence.span))
}

/// What can be read at a glance is read.
fn of_length(text: &str) -> f32 {
    match text.chars().count() {
        ..=180 => 0.1,
        181..=210 => 0.0,
        _ => -0.2,
    }
}

/// Whether it names a topic that people at such events talk about.
fn names_a_topic(text: &str) -> bool {
    TopicTable::builtin().named_in(text).iter().any(|(topic, _)| !is_of_event(topic))
}

/// Whether it is about its author: names them, or begins with one of their names.
fn tells_of_author(post: &Post, text: &str) -> bool {
    let first = text.split([' ', '\'', '’', ',']).next().unwrap_or_default();
    post.authors.iter().any(|author| {
        author.contains(' ')
            && (text.contains(author.as_str()) || author.split(' ').any(|name| name == first))
    })
}

#[cfg(test)]
mod tests;
