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
mod words;

use std::cmp::Reverse;

use self::central::Central;
use super::commonness::Commonness;
use crate::model::{Post, Quoted, Sentence};

/// A sentence that weighs less is not worth reading: only the title is shown. Found by reading digests of real posts.
const ENOUGH: f32 = 1.0;
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
fn weigh(post: &Post, sentence: &Sentence, central: &Central) -> Option<(f32, crate::model::Span)> {
    let block = post.body.blocks.get(sentence.block as usize)?;
    let text = post.body.slice(sentence.span);
    let is_fit = alone::is_whole(post, block, sentence) && !talk::is_talk(text, post.language);
    let place = place::weight(post, block, sentence)?;
    is_fit.then(|| {
        (claims::weight(text, post.language) + central.weight(text, post.language) + place, sentence.span)
    })
}
