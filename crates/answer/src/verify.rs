//! Whether an answer still says what its posts say.

use super::engine::AnswerError;
use takeaways_search::Index;
use takeaways_text::model::{Answer, Excerpt, PostId, Quoted};

/// Why an answer must not be sent.
#[derive(Debug, thiserror::Error)]
pub enum Differs {
    /// The post is not in the index any more.
    #[error("the post {post} of the excerpt {excerpt} is gone")]
    Gone {
        /// The excerpt's id.
        excerpt: String,
        /// The post's.
        post: PostId,
    },
    /// The words are not those of the post at that place.
    #[error("the excerpt {excerpt} differs from its post {post}")]
    Words {
        /// The excerpt's id.
        excerpt: String,
        /// The post's.
        post: PostId,
    },
    /// The post can't be read.
    #[error("the post of the excerpt {excerpt} can't be read")]
    Unread {
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
pub fn verify(answer: &Answer, index: &Index) -> Result<(), Differs> {
    answer.excerpts().iter().try_for_each(|excerpt| verify_one(excerpt, index))
}

fn verify_one(excerpt: &Excerpt, index: &Index) -> Result<(), Differs> {
    let quotes = std::iter::once(&excerpt.quoted).chain(&excerpt.lead_in);
    verify_of(&excerpt.citation.post, quotes, &excerpt.id, index)
}

/// The same for quotes that stand in a digest, each with its post.
///
/// # Errors
/// The first quote that differs, whose post is gone or can't be read. It is named by where it begins.
pub fn verify_quotes<'q>(
    quotes: impl IntoIterator<Item = (&'q PostId, &'q Quoted)>,
    index: &Index,
) -> Result<(), Differs> {
    let name = |quoted: &Quoted| format!("at {}", quoted.span.start());
    quotes
        .into_iter()
        .try_for_each(|(post, quoted)| verify_of(post, std::iter::once(quoted), &name(quoted), index))
}

fn verify_of<'q>(
    post: &PostId,
    mut quotes: impl Iterator<Item = &'q Quoted>,
    name: &str,
    index: &Index,
) -> Result<(), Differs> {
    let (excerpt, id) = (|| name.to_owned(), || post.clone());
    let post = index
        .post(post)
        .map_err(|error| Differs::Unread { excerpt: excerpt(), source: error.into() })?
        .ok_or_else(|| Differs::Gone { excerpt: excerpt(), post: id() })?;
    let all_said = quotes.all(|quoted| quoted.span.slice(&post.body.text) == Some(quoted.quote.as_str()));
    if all_said { Ok(()) } else { Err(Differs::Words { excerpt: excerpt(), post: id() }) }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use jiff::Timestamp;

    use super::*;
    use crate::{Engine, Request, Strictness, Wish};
    use takeaways_corpus::{Corpus, CorpusSettings};
    use takeaways_search::{CorpusFiles, Options};
    use takeaways_text::model::Span;

    /// An answer from the notes that are compiled in, and its index.
    fn answered() -> (Answer, Arc<Index>) {
        let now: Timestamp = "2026-11-20T00:00:00Z".parse().expect("a time");
        let corpus = Corpus::new(CorpusSettings::default());
        let files = CorpusFiles::list(&corpus, now);
        let (index, _) = Index::open(None, &files, now, &Options::default()).expect("an index in memory");
        let index = Arc::new(index);
        let engine = Engine::new(Arc::clone(&index), Strictness::default());
        let question = "what did people say about service mesh?".parse().expect("a question");
        let request = Request { question, wish: Wish::default(), limit: 3, now };
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
        let (answer, index) = answered();
        assert!(!answer.excerpts().is_empty());
        verify(&answer, &index).expect("the words of the posts");
        let byte = changed(&answer, |excerpt| {
            let last = excerpt.quoted.quote.pop();
            excerpt.quoted.quote.push(if last == Some('!') { '?' } else { '!' });
        });
        assert!(matches!(verify(&byte, &index), Err(Differs::Words { .. })));
        let lead_in = changed(&answer, |excerpt| {
            excerpt.lead_in = Some(Quoted { quote: "They say:".into(), span: excerpt.quoted.span });
        });
        assert!(matches!(verify(&lead_in, &index), Err(Differs::Words { .. })));
    }

    #[test]
    fn words_from_elsewhere_or_of_no_post_differ() {
        let (answer, index) = answered();
        let elsewhere = changed(&answer, |excerpt| {
            let quote = &excerpt.quoted.quote;
            excerpt.quoted.span = Span::new(quote, 0..quote.len()).expect("all of it");
        });
        assert!(matches!(verify(&elsewhere, &index), Err(Differs::Words { .. })));
        let gone = changed(&answer, |excerpt| excerpt.citation.post = PostId("gone".into()));
        let error = verify(&gone, &index).expect_err("there is no such post");
        assert!(error.to_string().starts_with("the post gone of the excerpt "), "{error}");
    }
}
