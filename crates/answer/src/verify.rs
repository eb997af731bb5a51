//! Whether an answer still says what its posts say.

use super::engine::AnswerError;
use takeaways_search::Index;
use takeaways_text::model::{Answer, Excerpt, PostId, Quote};

/// Why an answer must not be sent.
#[derive(Debug, thiserror::Error)]
pub enum QuoteMismatch {
    /// The post is not in the index any more.
    #[error("the post {post} of the excerpt {excerpt} is gone")]
    PostMissing {
        /// The excerpt's id.
        excerpt: String,
        /// The post's.
        post: PostId,
    },
    /// The words are not those of the post at that place.
    #[error("the excerpt {excerpt} differs from its post {post}")]
    TextDiffers {
        /// The excerpt's id.
        excerpt: String,
        /// The post's.
        post: PostId,
    },
    /// The post can't be read.
    #[error("the post of the excerpt {excerpt} can't be read")]
    PostUnreadable {
        /// The excerpt's id.
        excerpt: String,
        /// Why.
        source: AnswerError,
    },
}

/// Compares each quote and each lead-in, byte for byte, with its post in `index`: to be called right before an answer
/// is sent, with the index that it was made from.
///
/// # Errors
/// The first excerpt that differs, whose post is gone or can't be read.
pub fn verify_answer(answer: &Answer, index: &Index) -> Result<(), QuoteMismatch> {
    answer.excerpts().iter().try_for_each(|excerpt| verify_excerpt(excerpt, index))
}

fn verify_excerpt(excerpt: &Excerpt, index: &Index) -> Result<(), QuoteMismatch> {
    let quotes = std::iter::once(&excerpt.quote).chain(&excerpt.lead_in);
    verify_post_quotes(&excerpt.citation.post, quotes, &excerpt.id, index)
}

/// The same for quotes that stand in a digest, each with its post.
///
/// # Errors
/// The first quote that differs, whose post is gone or can't be read. It is named by where it begins.
pub fn verify_quotes<'q>(
    quotes: impl IntoIterator<Item = (&'q PostId, &'q Quote)>,
    index: &Index,
) -> Result<(), QuoteMismatch> {
    let name = |quoted: &Quote| format!("at {}", quoted.span.start());
    quotes.into_iter().try_for_each(|(post, quoted)| {
        verify_post_quotes(post, std::iter::once(quoted), &name(quoted), index)
    })
}

fn verify_post_quotes<'q>(
    post: &PostId,
    mut quotes: impl Iterator<Item = &'q Quote>,
    name: &str,
    index: &Index,
) -> Result<(), QuoteMismatch> {
    let (excerpt, id) = (|| name.to_owned(), || post.clone());
    let post = index
        .post(post)
        .map_err(|error| QuoteMismatch::PostUnreadable { excerpt: excerpt(), source: error.into() })?
        .ok_or_else(|| QuoteMismatch::PostMissing { excerpt: excerpt(), post: id() })?;
    let all_said = quotes.all(|quoted| quoted.span.slice(&post.body.text) == Some(quoted.text.as_str()));
    if all_said { Ok(()) } else { Err(QuoteMismatch::TextDiffers { excerpt: excerpt(), post: id() }) }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::*;
    use crate::{Engine, Request, ScopeOptions, Strictness};
    use takeaways_corpus::{Corpus, CorpusSettings};
    use takeaways_search::{CorpusFiles, IndexOptions};
    use takeaways_text::model::Span;

    /// An answer from the notes that are compiled in, and its index.
    fn answer_and_index() -> (Answer, Arc<Index>) {
        let now: Timestamp = "2026-11-20T00:00:00Z".parse().expect("a time");
        let corpus = Corpus::new(CorpusSettings::default());
        let files = CorpusFiles::list(&corpus, now);
        let (index, _) =
            Index::open(None, &files, now, &IndexOptions::default()).expect("an index in memory");
        let index = Arc::new(index);
        let engine = Engine::new(Arc::clone(&index), Strictness::default());
        let question = "what did people say about service mesh?".parse().expect("a question");
        let request = Request { question, scope_options: ScopeOptions::default(), limit: 3, now };
        (engine.answer(&request).expect("an answer"), index)
    }

    fn changed(answer: &Answer, change: impl Fn(&mut Excerpt)) -> Answer {
        let mut answer = answer.clone();
        if let Answer::Cited { excerpts, .. } = &mut answer {
            change(excerpts.last_mut().expect("an excerpt"));
        }
        answer
    }

    #[test]
    fn an_answer_is_what_its_posts_say_and_one_changed_byte_is_not() {
        let (answer, index) = answer_and_index();
        assert!(!answer.excerpts().is_empty());
        verify_answer(&answer, &index).expect("the words of the posts");
        let byte = changed(&answer, |excerpt| {
            let last = excerpt.quote.text.pop();
            excerpt.quote.text.push(if last == Some('!') { '?' } else { '!' });
        });
        assert!(matches!(verify_answer(&byte, &index), Err(QuoteMismatch::TextDiffers { .. })));
        let lead_in = changed(&answer, |excerpt| {
            excerpt.lead_in = Some(Quote { text: "They say:".into(), span: excerpt.quote.span });
        });
        assert!(matches!(verify_answer(&lead_in, &index), Err(QuoteMismatch::TextDiffers { .. })));
    }

    #[test]
    fn words_from_elsewhere_or_of_no_post_differ() {
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
