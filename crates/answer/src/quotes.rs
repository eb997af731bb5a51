//! Finds the post that words are from, and the topic of a message.

use std::collections::HashSet;
use std::sync::LazyLock;

use jiff::Timestamp;
use regex::Regex;

use crate::{
    engine::{AnswerError, Engine, Request},
    excerpt_place::CitedFor,
    handle::{EngineHandle, HandleError},
    resolve::NameRole,
    select::QuotedPart,
    small_talk::find_small_talk,
    verify::verify_answer,
};
use takeaways_text::model::{Answer, Excerpt, Post, Question, Scope, Span};
use takeaways_text::tokens::folding::folded_words;

/// An excerpt with the words of a quote.
#[derive(Debug, Clone, PartialEq)]
pub struct QuoteMatch {
    /// The excerpt.
    pub excerpt: Excerpt,
    /// How much of the quote it has: 1 for exactly its words, else less: the share of its words that stand there in their order.
    pub share: f32,
}

/// What was found for the words of a quote.
#[derive(Debug, Clone, PartialEq)]
pub enum QuoteSearch {
    /// A post has them, or nearly them.
    Found(Box<QuoteMatch>),
    /// No post has them.
    NotFound,
    /// They are so few that they may be anybody's.
    TooShort,
}

/// Fewer words may be anybody's.
const MIN_WORDS: usize = 4;
/// The maximum number of words of a quote that are looked for. A message of Discord has about 700.
const MAX_WORDS: usize = 120;
/// The maximum number of sentences of an excerpt.
const MAX_SENTENCES: usize = 6;
/// The maximum number of marked quotations of a message that are looked for.
const MAX_QUOTES: usize = 4;
/// The passages whose posts are compared with the quote.
const MAX_PASSAGES: usize = 32;
/// The least share of the runs of three words of a quote. With less it is another sentence on the same topic.
const MIN_SHARE: f32 = 0.6;
/// The words of a message by which recaps on its topic are found.
const MAX_KEY_TERMS: usize = 6;
/// A message with at most this many words is a question as it stands.
const SHORT_MESSAGE: usize = 12;

impl EngineHandle {
    /// Finds the post that the quote of a message is from: its quoted lines, else what stands in quotation marks, else all of it.
    ///
    /// # Errors
    /// As [`EngineHandle::answer`].
    pub fn find_quote(&self, message: &str, now: Timestamp) -> Result<QuoteSearch, HandleError> {
        self.with_repair(|snapshot| {
            let found = snapshot.engine().find_quote(message, now)?;
            if let QuoteSearch::Found(found) = &found {
                let answer = Answer::of_excerpts(vec![found.excerpt.clone()]);
                verify_answer(&answer, snapshot.engine().index())?;
            }
            Ok(found)
        })
    }

    /// Returns the question for what recaps say about the topic of a message: its quoted lines, else itself if it is short,
    /// else its rarest words and names; `None` if it is small talk, or has no words that a recap has.
    ///
    /// # Errors
    /// If the index can't be read.
    pub fn question_about(&self, message: &str, now: Timestamp) -> Result<Option<String>, HandleError> {
        self.with_repair(|snapshot| Ok(snapshot.engine().question_about(message, now)?))
    }
}

impl Engine {
    fn find_quote(&self, message: &str, now: Timestamp) -> Result<QuoteSearch, AnswerError> {
        let mut quotes: Vec<Vec<String>> =
            quotes_in(message).iter().map(|quote| folded_words(quote)).collect();
        quotes.retain(|words| words.len() >= MIN_WORDS);
        if quotes.is_empty() {
            return Ok(QuoteSearch::TooShort);
        }
        // A search for each costs time; the last one is the whole message.
        let whole = quotes.pop();
        for words in quotes.into_iter().take(MAX_QUOTES).chain(whole) {
            if let Some(found) = self.find_words(&words, now)? {
                return Ok(QuoteSearch::Found(Box::new(found)));
            }
        }
        Ok(QuoteSearch::NotFound)
    }

    fn find_words(&self, words: &[String], now: Timestamp) -> Result<Option<QuoteMatch>, AnswerError> {
        let wanted = &words[..words.len().min(MAX_WORDS)];
        // Quotes and a minus would be syntax.
        let Ok(question) = wanted.join(" ").parse::<Question>() else { return Ok(None) };
        let request = Request::new(question, 1, now);
        let plan = self.plan(&request, NameRole::Mention)?;
        if plan.is_empty() {
            return Ok(None);
        }
        let hits = self.index().search(&plan.query(), MAX_PASSAGES)?;
        let mut seen = HashSet::new();
        let posts = hits.into_iter().map(|hit| hit.post).filter(|post| seen.insert(post.id.clone()));
        let matches =
            posts.filter_map(|post| best_run(&post, wanted).map(|(span, share)| (post, span, share)));
        let best = matches.max_by(|a, b| a.2.total_cmp(&b.2).then_with(|| b.0.id.cmp(&a.0.id)));
        let Some((post, span, share)) = best.filter(|(_, _, share)| *share >= MIN_SHARE) else {
            return Ok(None);
        };
        let section = post.body.section_at(span);
        let cited_for = CitedFor { scope: &Scope::default(), language: plan.language, now };
        let excerpt = QuotedPart { post: &post, span, section, lead_in: None }.excerpt(&cited_for);
        let share =
            if share < 1.0 { words_in_order(wanted, &folded_words(post.body.slice(span))) } else { share };
        Ok(excerpt.map(|excerpt| QuoteMatch { excerpt, share }))
    }

    fn question_about(&self, message: &str, now: Timestamp) -> Result<Option<String>, AnswerError> {
        let text = quoted_lines(message).unwrap_or_else(|| message.trim().to_owned());
        if find_small_talk(&text).is_some() {
            return Ok(None);
        }
        let Ok(question) = text.chars().take(4_000).collect::<String>().parse::<Question>() else {
            return Ok(None);
        };
        if folded_words(&text).len() <= SHORT_MESSAGE {
            return Ok(Some(question.text().to_owned()));
        }
        let names = self.find_names(&Request::new(question, 1, now), NameRole::Mention)?;
        let mut concepts: Vec<_> =
            names.concepts.iter().filter(|concept| concept.is_known && !concept.is_weak()).collect();
        concepts
            .sort_by(|a, b| b.importance.total_cmp(&a.importance).then(a.words.start.cmp(&b.words.start)));
        concepts.truncate(MAX_KEY_TERMS);
        concepts.sort_by_key(|concept| concept.words.start);
        let terms: Vec<&str> = concepts.iter().map(|concept| concept.text.as_str()).collect();
        Ok((!terms.is_empty()).then(|| terms.join(" ")))
    }
}

/// The lines of a message that Discord shows as a quote; `None` if there are none.
fn quoted_lines(message: &str) -> Option<String> {
    let lines = message.lines().filter_map(|line| line.trim_start().strip_prefix("> "));
    let quoted: Vec<&str> = match message.split_once(">>> ") {
        Some((before, quoted)) if before.is_empty() || before.ends_with('\n') => quoted.lines().collect(),
        _ => lines.collect(),
    };
    let quoted = quoted.into_iter().map(str::trim).collect::<Vec<_>>().join(" ");
    (!quoted.is_empty()).then_some(quoted)
}

/// What a message may quote: its quoted lines, what stands in quotation marks, all of it.
fn quotes_in(message: &str) -> Vec<String> {
    static MARKED: LazyLock<Regex> = LazyLock::new(|| {
        #[expect(clippy::expect_used, reason = "the pattern is compiled in and a test reads it")]
        Regex::new(r#""[^"]+"|[“”„][^“”]+[“”]|«[^»]+»|»[^«]+«|「[^」]+」"#).expect("a pattern")
    });
    let marked = MARKED.find_iter(message).map(|quote| quote.as_str().to_owned());
    quoted_lines(message).into_iter().chain(marked).chain([message.to_owned()]).collect()
}

/// The share of these words that other words have in the same order, below 1: a run of three words is lost with any of them, so the
/// share of runs would say less.
fn words_in_order(wanted: &[String], found: &[String]) -> f32 {
    // The longest common subsequence of the words so far with each beginning of `found`.
    let mut longest = vec![0_usize; found.len() + 1];
    for word in wanted {
        let mut diagonal = 0;
        for (at, other) in found.iter().enumerate() {
            let above = longest[at + 1];
            longest[at + 1] = if word == other { diagonal + 1 } else { above.max(longest[at]) };
            diagonal = above;
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a quote has at most 120 words")]
    let share = longest[found.len()] as f32 / wanted.len().max(1) as f32;
    share.min(0.99)
}

/// The run of sentences of a post, of one speaker, that has most of these words in a row, with the share of the runs of three
/// words that it has: 1 for exactly these words.
fn best_run(post: &Post, wanted: &[String]) -> Option<(Span, f32)> {
    let sentences = &post.body.sentences;
    let shingles =
        |words: &[String]| -> HashSet<Vec<String>> { words.windows(3).map(<[String]>::to_vec).collect() };
    let wanted_shingles = shingles(wanted);
    let folded: Vec<Vec<String>> =
        sentences.iter().map(|sentence| folded_words(post.body.slice(sentence.span))).collect();
    let is_near =
        |words: &Vec<String>| shingles(words).iter().any(|shingle| wanted_shingles.contains(shingle));
    let mut best: Option<(Span, f32, usize)> = None;
    for start in (0..sentences.len()).filter(|at| folded.get(*at).is_some_and(&is_near)) {
        let mut words: Vec<String> = Vec::new();
        for (at, sentence) in sentences.iter().enumerate().skip(start).take(MAX_SENTENCES) {
            let first = sentences.get(start)?;
            let speaker = |block| post.body.speaker_of(block);
            if speaker(first.block) != speaker(sentence.block) {
                break;
            }
            words.extend(folded.get(at).into_iter().flatten().cloned());
            let is_whole = words.windows(wanted.len()).any(|window| window == wanted);
            let found = shingles(&words);
            let common = wanted_shingles.iter().filter(|shingle| found.contains(*shingle)).count();
            #[expect(clippy::cast_precision_loss, reason = "a quote has at most 120 words")]
            let share =
                if is_whole { 1.0 } else { (common as f32 / wanted_shingles.len().max(1) as f32).min(0.99) };
            let span = first.span.cover(sentence.span);
            // Of runs with the same share the shortest.
            let is_better =
                best.is_none_or(|(_, known, len)| share > known || (share >= known && span.len() < len));
            if is_better {
                best = Some((span, share, span.len()));
            }
        }
    }
    best.map(|(span, share, _)| (span, share))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{engine_over, now};

    #[test]
    fn a_quote_is_found_exactly_or_nearly_or_not_at_all() {
        let post = "---\ntitle: Otters\nauthor: Ada Lovelace\ndate: 2019-05-25\n---\n\nOtters came first. The otter swims \
                    faster than any beaver of the river. Nobody knows why.\n";
        let engine = engine_over(&[("otters.md", post)]);
        let found = |words: &str| match engine.find_quote(words, now()).expect("read") {
            QuoteSearch::Found(found) => Some((found.excerpt.quote.text, found.share)),
            QuoteSearch::NotFound | QuoteSearch::TooShort => None,
        };
        let sentence = "The otter swims faster than any beaver of the river.";
        assert_eq!(found("“the OTTER swims faster than any beaver”"), Some((sentence.into(), 1.0)));
        let near = found("the otter swims faster than any beaver of the lake").expect("nearly");
        assert_eq!(near, (sentence.into(), 0.9), "one word of ten is another");
        let both = found("of the river. Nobody knows why").expect("two sentences");
        assert_eq!(both, (format!("{sentence} Nobody knows why."), 1.0));
        for message in [
            "> the otter swims faster than any beaver\n\nI don't think that this is true of all of them",
            "who was it that said “the otter swims faster than any beaver” at the last conference?",
            "I like \"otters\", and \"the otter swims faster than any beaver\" even more",
            ">>> the otter swims\nfaster than any beaver",
        ] {
            assert_eq!(found(message), Some((sentence.into(), 1.0)), "{message}");
        }
        let nothing = |words: &str| engine.find_quote(words, now()).expect("read");
        for words in ["the beaver swims", "> otters", ""] {
            assert_eq!(nothing(words), QuoteSearch::TooShort, "{words}");
        }
        for words in
            ["a beaver is a large rodent of cold rivers everywhere", "is it true? \"the otter\" is it"]
        {
            assert_eq!(nothing(words), QuoteSearch::NotFound, "{words}");
        }
    }

    #[test]
    fn the_topic_of_a_long_message_is_its_rarest_words() {
        let post =
            "---\ntitle: Otters\n---\n\nOtters use Istio on small rivers.\n\nPeople talked about lunch.\n";
        let engine = engine_over(&[("otters.md", post)]);
        let about = |message: &str| engine.question_about(message, now()).expect("read");
        assert_eq!(about("is Istio any good?").as_deref(), Some("is Istio any good?"));
        assert_eq!(about("what a day\n> Istio on rivers\nindeed").as_deref(), Some("Istio on rivers"));
        let long = "Hello everybody, yesterday we had a long talk in our team about whether Istio would be a good fit for us and \
                    nobody really knew";
        assert!(about(long).is_some_and(|question| question.contains("Istio") && question.len() < 60));
        for nothing in [" ", "ok thanks", "lol", "> lol\nwhat a day"] {
            assert_eq!(about(nothing), None, "{nothing}");
        }
    }
}
