//! Verifies that every quote of an answer is in its post, byte for byte.

use std::sync::Arc;

use crate::engine::AnswerError;
use takeaways_search::Index;
use takeaways_text::model::{Answer, Excerpt, Post, PostId, Quote};

/// Why an answer can't be sent.
#[derive(Debug, thiserror::Error)]
pub enum QuoteMismatch {
    /// The post is not in the index any more.
    #[error("the post {post} of the excerpt {excerpt} is gone")]
    PostMissing {
        /// The excerpt's id.
        excerpt: String,
        /// The post's id.
        post: PostId,
    },
    /// The post has other words at that place.
    #[error("the excerpt {excerpt} differs from its post {post}")]
    TextDiffers {
        /// The excerpt's id.
        excerpt: String,
        /// The post's id.
        post: PostId,
    },
    /// The words are another person's than the excerpt says.
    #[error("the excerpt {excerpt} names another speaker than its post {post}")]
    SpeakerDiffers {
        /// The excerpt's id.
        excerpt: String,
        /// The post's id.
        post: PostId,
    },
    /// The post can't be read.
    #[error("the post of the excerpt {excerpt} can't be read")]
    PostUnreadable {
        /// The excerpt's id.
        excerpt: String,
        /// The cause.
        source: AnswerError,
    },
}

/// Compares each quote, its speaker and each lead-in of an answer with its post in `index`, from which the answer was
/// made. To be called right before the answer is sent.
///
/// # Errors
/// If an excerpt differs from its post, or the post is gone or can't be read. The error names the first such excerpt.
pub fn verify_answer(answer: &Answer, index: &Index) -> Result<(), QuoteMismatch> {
    answer.quoted().try_for_each(|excerpt| verify_excerpt(excerpt, index))
}

fn verify_excerpt(excerpt: &Excerpt, index: &Index) -> Result<(), QuoteMismatch> {
    let quotes = std::iter::once(&excerpt.quote).chain(&excerpt.lead_in);
    let post = verify_post_quotes(&excerpt.citation.post, quotes, &excerpt.id, index)?;
    let speaker = excerpt.citation.speaker.as_deref();
    let mut blocks = post.body.blocks_at(excerpt.quote.span);
    if blocks.all(|block| post.body.speaker_of(block) == speaker) {
        return Ok(());
    }
    Err(QuoteMismatch::SpeakerDiffers { excerpt: excerpt.id.clone(), post: excerpt.citation.post.clone() })
}

/// Compares each quote of a digest with its post.
///
/// # Errors
/// If a quote differs from its post, or the post is gone or can't be read. The error names the start of the first such
/// quote.
pub fn verify_quotes<'q>(
    quotes: impl IntoIterator<Item = (&'q PostId, &'q Quote)>,
    index: &Index,
) -> Result<(), QuoteMismatch> {
    quotes.into_iter().try_for_each(|(post, quote)| {
        let name = format!("at {}", quote.span.start());
        verify_post_quotes(post, std::iter::once(quote), &name, index).map(|_| ())
    })
}

fn verify_post_quotes<'q>(
    post: &PostId,
    mut quotes: impl Iterator<Item = &'q Quote>,
    name: &str,
    index: &Index,
) -> Result<Arc<Post>, QuoteMismatch> {
    let (excerpt, id) = (|| name.to_owned(), || post.clone());
    let post = index
        .post(post)
        .map_err(|error| QuoteMismatch::PostUnreadable { excerpt: excerpt(), source: error.into() })?
        .ok_or_else(|| QuoteMismatch::PostMissing { excerpt: excerpt(), post: id() })?;
    let is_same = quotes.all(|quote| quote.span.slice(&post.body.text) == Some(quote.text.as_str()));
    if is_same { Ok(post) } else { Err(QuoteMismatch::TextDiffers { excerpt: excerpt(), post: id() }) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{engine, request};
    use takeaways_text::model::Span;

    /// An answer from the notes that are compiled in, and its index.
    fn answer_and_index() -> (Answer, Arc<Index>) {
        let engine = engine();
        let answer = engine.answer(&request("service mesh?")).expect("an answer");
        (answer, Arc::clone(engine.index()))
    }

    fn changed(answer: &Answer, change: impl Fn(&mut Excerpt)) -> Answer {
        let mut answer = answer.clone();
        if let Answer::Cited { excerpts, .. } = &mut answer {
            change(excerpts.last_mut().expect("an excerpt"));
        }
        answer
    }

    #[test]
    fn one_changed_byte_is_a_mismatch() {
        let (answer, index) = answer_and_index();
        assert!(!answer.excerpts().is_empty());
        verify_answer(&answer, &index).expect("the quotes are in the posts");
        let byte = changed(&answer, |excerpt| {
            let last = excerpt.quote.text.pop();
            excerpt.quote.text.push(if last == Some('!') { '?' } else { '!' });
        });
        assert!(matches!(verify_answer(&byte, &index), Err(QuoteMismatch::TextDiffers { .. })));
        let speaker = changed(&answer, |excerpt| excerpt.citation.speaker = Some("Nobody".into()));
        assert!(matches!(verify_answer(&speaker, &index), Err(QuoteMismatch::SpeakerDiffers { .. })));
        let lead_in = changed(&answer, |excerpt| {
            excerpt.lead_in = Some(Quote { text: "They say:".into(), span: excerpt.quote.span });
        });
        assert!(matches!(verify_answer(&lead_in, &index), Err(QuoteMismatch::TextDiffers { .. })));
    }

    #[test]
    fn quotes_of_a_digest_are_named_by_their_start() {
        let (answer, index) = answer_and_index();
        let excerpt = &answer.excerpts()[0];
        verify_quotes([(&excerpt.citation.post, &excerpt.quote)], &index).expect("the quote is in the post");
        let other = Quote { text: "They say:".into(), span: excerpt.quote.span };
        let error = verify_quotes([(&excerpt.citation.post, &other)], &index).expect_err("another text");
        assert!(error.to_string().contains(&format!("at {}", other.span.start())), "{error}");
    }

    #[test]
    fn quotes_from_elsewhere_or_of_no_post_differ() {
        let (answer, index) = answer_and_index();
        let elsewhere = changed(&answer, |excerpt| {
            let quote = &excerpt.quote.text;
            excerpt.quote.span = Span::new(quote, 0..quote.len()).expect("all of it");
        });
        assert!(matches!(verify_answer(&elsewhere, &index), Err(QuoteMismatch::TextDiffers { .. })));
        let gone = changed(&answer, |excerpt| excerpt.citation.post = PostId("gone".into()));
        let error = verify_answer(&gone, &index).expect_err("there is no such post");
        assert!(error.to_string().starts_with("the post gone of the excerpt "), "{error}");
    }
}
