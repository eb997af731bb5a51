//! Reads a question in full and right spelling before anything else is done with it, and tells what is read as something else.

mod genitives;
mod places;
mod topics;
mod words;

use crate::{
    concepts::Concept,
    conversation::{spelled_out, without_markers},
    engine::{AnswerError, Engine, Request},
    matcher::Matcher,
    question_syntax::is_quotation_mark,
    small_talk::without_greeting,
};
use std::{cmp::Reverse, ops::Range};
use takeaways_search::{Alternative, Clause, ClauseRole, Filter, Hit, Query};
use takeaways_text::{model::Language, tokens::is_stop_word};
use topics::with_topics_spelled;

/// A request as it is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreparedRequest {
    /// The request, with the question in right spelling.
    pub request: Request,
    /// The words of the question that were read as others, in their order; none for words of grammar.
    pub respelled: Vec<Respelling>,
}

/// A word or a name of a question that is read as another one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Respelling {
    /// As it was typed.
    pub typed: String,
    /// As it is read.
    pub read: String,
}

/// A part of a question, in bytes, and what is read in its place.
type Replacement = (Range<usize>, String);

impl Engine {
    /// Returns a request as it is answered: the question in full spelling, with the names of cities as events have them, those of
    /// people with their apostrophes and misspelt words as posts have them, and without the greeting and the markers before it. What
    /// is quoted is right, and so is what a caller names.
    ///
    /// # Errors
    /// If the index can't be read.
    pub fn prepared(&self, request: &Request) -> Result<PreparedRequest, AnswerError> {
        let mut prepared = PreparedRequest { request: in_full(request), respelled: Vec::new() };
        let is_right = request.subject.is_some() || request.question.text().contains(is_quotation_mark);
        if !is_right {
            for misspelt in [places::misspelt, genitives::misspelt, words::misspelt] {
                let replacements = misspelt(self, &prepared.request)?;
                prepared.replace(replacements);
            }
            let text = prepared.request.question.text();
            prepared.respelled.sort_by_key(|it| text.find(&it.read));
        }
        Ok(prepared)
    }
}

/// The same request for the question in full spelling, without the greeting and the markers before it.
fn in_full(request: &Request) -> Request {
    let text = spelled_out(request.question.text());
    let text = without_markers(without_greeting(without_markers(&text)));
    request.with_text(&with_topics_spelled(text, request.question.conversation_language()))
}

impl PreparedRequest {
    /// The corrections before the second of two questions, which is only named.
    pub(crate) fn respelled_before(mut self, second: Option<&str>) -> Vec<Respelling> {
        let text = self.request.question.text();
        let at = second.and_then(|second| text.find(second));
        let first = at.and_then(|at| text.get(..at)).unwrap_or(text);
        self.respelled.retain(|it| first.contains(&it.read));
        self.respelled
    }

    /// Replaces parts of the question. Of those that overlap, the last and longest one counts. Each is told once.
    fn replace(&mut self, mut replacements: Vec<Replacement>) {
        let mut text = self.request.question.text().to_owned();
        // The last ones first, since what is replaced may move what is after it.
        replacements.sort_unstable_by_key(|(range, _)| (Reverse(range.end), range.start));
        let mut end = text.len();
        for (range, read) in replacements {
            let Some(typed) = text.get(range.clone()).filter(|_| range.end <= end).map(str::to_owned) else {
                continue;
            };
            end = range.start;
            text.replace_range(range, &read);
            let respelling = Respelling { typed, read };
            // Only English words of grammar are corrected: "comment" is one in French.
            if !is_stop_word(&respelling.read, Language::En) && !self.respelled.contains(&respelling) {
                self.respelled.push(respelling);
            }
        }
        if text != self.request.question.text() {
            self.request = self.request.with_text(&text);
        }
    }
}

/// Returns the best passages with one of these forms, at most so many.
fn find_passages(
    engine: &Engine,
    request: &Request,
    alternatives: Vec<Alternative>,
    max_passages: usize,
) -> Result<Vec<Hit>, AnswerError> {
    let filter = Filter { visible_at: request.now, ..Filter::default() };
    let clause = Clause { alternatives, weight: 1.0, role: ClauseRole::Must };
    Ok(engine.index().search(&Query { clauses: vec![clause], filter }, max_passages)?)
}

/// The text of the passage of a hit; empty if its post has no such passage.
fn text_of(hit: &Hit) -> &str {
    let passage = hit.post.body.passages.get(hit.passage);
    passage.map(|passage| hit.post.body.slice(passage.span)).unwrap_or_default()
}

/// Returns the words with some forms, as the best passages write them: of at most so many passages, each once.
pub(crate) fn spellings_in_posts(
    engine: &Engine,
    request: &Request,
    forms: Vec<Alternative>,
    max_passages: usize,
) -> Result<Vec<String>, AnswerError> {
    let hits = find_passages(engine, request, forms.clone(), max_passages)?;
    let concepts = [Concept { own_forms: forms.len(), alternatives: forms, ..Concept::default() }];
    let matcher = Matcher::new(&concepts);
    let mut words: Vec<String> = Vec::new();
    for hit in &hits {
        let text = text_of(hit);
        for found in matcher.scan(text, hit.post.language) {
            let word = text.get(found.range).map(str::to_owned);
            words.extend(word.filter(|word| !words.contains(word)));
        }
    }
    Ok(words)
}

/// Returns the places where a text has these whole words, in the same letters.
pub(crate) fn find_words(text: &str, words: &str) -> impl Iterator<Item = usize> {
    let is_inside = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let places = text.match_indices(words).map(|(start, _)| start);
    places.filter(move |start| {
        let (before, after) = (text.get(..*start), text.get(start + words.len()..));
        !is_inside(before.and_then(|it| it.chars().next_back()))
            && !is_inside(after.and_then(|it| it.chars().next()))
    })
}

/// Whether two words have the same first letters, which people rarely get wrong.
pub(crate) fn has_same_start(word: &str, other: &str) -> bool {
    word.chars().take(2).eq(other.chars().take(2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{engine, engine_over, request};

    /// A question in right spelling, and the words that are read as others.
    pub(super) fn read(engine: &Engine, question: &str) -> (String, Vec<(String, String)>) {
        let PreparedRequest { request, respelled } = engine.prepared(&request(question)).expect("an index");
        let respelled = respelled.into_iter().map(|it| (it.typed, it.read)).collect();
        (request.question.text().to_owned(), respelled)
    }

    #[test]
    fn what_is_read_as_something_else_is_told_in_its_order() {
        let engine = engine();
        let (text, respelled) = read(&engine, "hi, what abuot KubeCon Barcalona?");
        assert_eq!(text, "what about KubeCon Barcelona?");
        assert_eq!(respelled, [("Barcalona".to_owned(), "Barcelona".to_owned())]);
        for quoted in ["\"Barcalona\"", "“Barcalona”", "„Barcalona“", "«Barcalona»", "「Barcalona」"]
        {
            assert_eq!(read(&engine, &format!("in {quoted}?")), (format!("in {quoted}?"), Vec::new()));
        }
    }

    #[test]
    fn each_correction_is_told_once_where_the_question_has_it() {
        let post = |at: usize| {
            let words = "Mary Ann Lee left a comment on the golden signals of KubeCon in Barcelona.";
            (
                format!("{at}.md"),
                format!("---\nevent: KubeCon EU 2019\n---\n\n# Day {at}\n\n{words} It was day {at}.\n"),
            )
        };
        let engine = engine_over(&(0..3).map(post).collect::<Vec<_>>());
        for (typed, expected, told) in [
            (
                "any coment on goolden signals, or goolden rules, in KubeCon Barcalona by Mary Ann Lees?",
                "any comment on golden signals, or golden rules, in KubeCon Barcelona by Mary Ann Lee's?",
                &["coment", "goolden", "Barcalona", "Mary Ann Lees"][..],
            ),
            (
                "Mary Ann Lees talk and Ann Lees advice",
                "Mary Ann Lee's talk and Ann Lee's advice",
                &["Mary Ann Lees", "Ann Lees"],
            ),
        ] {
            let (text, respelled) = read(&engine, typed);
            assert_eq!(text, expected);
            assert_eq!(respelled.iter().map(|(typed, _)| typed).collect::<Vec<_>>(), told, "{respelled:?}");
        }
    }
}
