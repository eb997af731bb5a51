//! Sentences that readers marked: what they took away from a post, what tells of the event as a whole, and what is useful to those
//! who go to events.
//!
//! A mark has a place and a hash of the sentence there, never the sentence. If the text has changed, it is stale and does not count.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use takeaways_corpus::points::{PointWeights, SentenceReader, SentenceValues};
use takeaways_text::model::{Language, Post};
use xxhash_rust::xxh3::xxh3_64;

use crate::corpus_files::InMemoryCorpus;
use crate::judgments::Agreement;
use crate::lines::{LineProblem, parse_keyed_lines};
use crate::metrics::Share;
use crate::points::is_set_aside;

/// The marks of all posts, by the name of the file.
#[derive(Debug, Default)]
pub struct SentenceMarks(BTreeMap<String, PostMarks>);

/// A line of the file: the sentences of a post that are marked. Its others are not.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PostMarks {
    post: String,
    /// Whether a second reader marked the post too.
    #[serde(default)]
    read_twice: bool,
    marks: Vec<SentenceMark>,
}

/// What a reader said of a sentence.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SentenceMark {
    /// The place of the sentence in the post's readable text.
    span: (usize, usize),
    /// The XXH3 hash of the sentence, as hexadecimal digits.
    hash: String,
    kinds: Vec<Mark>,
    /// Those by the second reader.
    #[serde(default)]
    second: Vec<Mark>,
}

/// A mark of a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// One of the few sentences that answer what the takeaways of the post are.
    Takeaway,
    /// It tells of the event as a whole or of a large part of it.
    Event,
    /// It is useful to those who go to such events.
    Attendees,
    /// It is useful to those who speak there.
    Speakers,
    /// It is useful to those who organise them.
    Organisers,
    /// It judges the event or a part of its organisation well.
    For,
    /// It judges it badly.
    Against,
    /// It does both.
    Mixed,
}

/// A sentence of a post with what is measured of it.
#[derive(Debug, Clone)]
pub struct MarkedSentence {
    /// What is measured of it.
    pub values: SentenceValues,
    /// The language of its post.
    pub language: Language,
    /// What the first reader marked.
    pub marks: Vec<Mark>,
}

impl MarkedSentence {
    /// Whether a reader said that it tells of the event, or judges it.
    pub fn is_about_event(&self) -> bool {
        self.marks.iter().any(|mark| matches!(mark, Mark::Event | Mark::For | Mark::Against | Mark::Mixed))
    }

    /// Whether the compiled-in model says so.
    fn is_found(&self) -> bool {
        PointWeights::builtin().is_about_event(&self.values, self.language)
    }
}

/// How well the model agrees with the readers.
#[derive(Debug, Clone, Serialize)]
pub struct MarkReport {
    /// The number of marked sentences.
    pub marked: usize,
    /// How often the two readers agree on each mark.
    pub agreement: Vec<(Mark, Agreement)>,
    /// The posts that the weights may be fitted to.
    pub fitted: MarkQuality,
    /// The posts that are set aside.
    pub set_aside: MarkQuality,
    /// Marks whose text is not in the corpus as it was marked.
    pub stale: Vec<String>,
}

/// The quality over some posts.
#[derive(Debug, Clone, Default, Serialize)]
pub struct MarkQuality {
    /// The number of sentences.
    pub sentences: usize,
    /// Of the sentences that the model takes for such on the event, the share that readers marked so.
    pub precision: Option<Share>,
    /// Of those that readers marked so, the share that the model finds.
    pub recall: Option<Share>,
}

impl SentenceMarks {
    /// Parses a file of marks: a line of JSON for each post.
    ///
    /// # Errors
    /// If lines are wrong. The error has every problem.
    pub fn parse(file: &str, text: &str) -> Result<Self, Vec<LineProblem>> {
        let parse = |line: &str| {
            let marks: PostMarks = serde_json::from_str(line).map_err(|error| error.to_string())?;
            Ok((marks.post.clone(), marks))
        };
        Ok(Self(parse_keyed_lines(file, text, "post", parse)?))
    }

    /// Measures the sentences of the marked posts that weights may be fitted to.
    pub fn training_sentences(&self, corpus: &InMemoryCorpus) -> Vec<MarkedSentence> {
        self.sentences(corpus, |name| !is_set_aside(name))
    }

    fn sentences(&self, corpus: &InMemoryCorpus, is_included: impl Fn(&str) -> bool) -> Vec<MarkedSentence> {
        let posts = corpus.posts().filter(|(name, _)| is_included(name));
        let marked = posts.filter_map(|(name, post)| Some((post, self.0.get(name)?)));
        marked.flat_map(|(post, marks)| marks.sentences_of(post)).collect()
    }

    /// Compares the model with the readers.
    pub fn report(&self, corpus: &InMemoryCorpus) -> MarkReport {
        let posts = corpus.posts().filter_map(|(name, post)| Some((name, post, self.0.get(name)?)));
        let mut stale: Vec<String> = posts
            .flat_map(|(name, post, marks)| {
                let stale = marks.marks.iter().filter(|mark| !mark.is_fresh(post));
                stale.map(move |mark| format!("{name} {:?}", mark.span))
            })
            .collect();
        stale.sort();
        MarkReport {
            marked: self.0.values().map(|post| post.marks.len()).sum(),
            agreement: self.agreement(corpus),
            fitted: quality(&self.sentences(corpus, |name| !is_set_aside(name))),
            set_aside: quality(&self.sentences(corpus, is_set_aside)),
            stale,
        }
    }

    /// Compares the readers of the posts that were read twice, mark by mark.
    fn agreement(&self, corpus: &InMemoryCorpus) -> Vec<(Mark, Agreement)> {
        let twice = self.0.values().filter(|post| post.read_twice);
        let marks: Vec<&SentenceMark> = twice.clone().flat_map(|post| &post.marks).collect();
        let names: Vec<&str> = twice.map(|post| post.post.as_str()).collect();
        let all = self.sentences(corpus, |name| names.contains(&name)).len();
        let kinds = [
            Mark::Takeaway,
            Mark::Event,
            Mark::Attendees,
            Mark::Speakers,
            Mark::Organisers,
            Mark::For,
            Mark::Against,
            Mark::Mixed,
        ];
        let pairs = |kind: Mark| {
            let has = |kinds: &[Mark]| u8::from(kinds.contains(&kind));
            let mut pairs: Vec<(u8, u8)> =
                marks.iter().map(|mark| (has(&mark.kinds), has(&mark.second))).collect();
            pairs.resize(all.max(pairs.len()), (0, 0));
            pairs
        };
        kinds.into_iter().filter_map(|kind| Some((kind, Agreement::new(&pairs(kind))?))).collect()
    }
}

impl PostMarks {
    /// The sentences of its post, with the marks of the first reader.
    fn sentences_of(&self, post: &Post) -> Vec<MarkedSentence> {
        let body = &post.body;
        let fresh = self.marks.iter().filter(|mark| mark.is_fresh(post));
        let marks: HashMap<(usize, usize), &[Mark]> =
            fresh.map(|mark| (mark.span, mark.kinds.as_slice())).collect();
        let reader = SentenceReader::new(body, &post.authors, post.language);
        let sentences = reader.read_all(usize::MAX).map(|(sentence, values)| {
            let place = (sentence.span.start(), sentence.span.end());
            let marks = marks.get(&place).map(|marks| marks.to_vec()).unwrap_or_default();
            MarkedSentence { values, language: post.language, marks }
        });
        sentences.collect()
    }
}

impl SentenceMark {
    /// Whether the sentence is in the post as it was marked.
    fn is_fresh(&self, post: &Post) -> bool {
        let hash = post.body.text.get(self.span.0..self.span.1).map(|text| xxh3_64(text.as_bytes()));
        hash.is_some() && u64::from_str_radix(&self.hash, 16).ok() == hash
    }
}

fn quality(sentences: &[MarkedSentence]) -> MarkQuality {
    let found = sentences.iter().filter(|it| it.is_found());
    let marked = sentences.iter().filter(|it| it.is_about_event());
    MarkQuality {
        sentences: sentences.len(),
        precision: Share::from_flags(found.map(MarkedSentence::is_about_event)),
        recall: Share::from_flags(marked.map(MarkedSentence::is_found)),
    }
}
