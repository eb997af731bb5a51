//! A synthetic corpus: the same posts for the same number, as files or as parsed posts.
//!
//! Half of the sentences have invented words, with the frequencies of natural words (Zipf's law, exponent 1.07, 60,000
//! words, as in 200 of the posts). The other half are sentences of the compiled-in notes with some words replaced by
//! invented ones: only real words have synonyms, topics and names, which make a question expensive. Posts look like recaps: front matter, headings, paragraphs, lists with a lead-in; 7.9 kB and ten passages on
//! average.

use jiff::{Timestamp, civil::Date};
use takeaways_corpus::{Corpus, CorpusSettings};
use takeaways_text::model::{
    Block, BlockKind, Body, Boundary, Event, EventId, Language, Passage, Post, PostId, PostKind, Section,
    Sentence, Span,
};

const WORDS: u32 = 60_000;
const AUTHORS: u64 = 2_000;
const EVENTS: u64 = 60;
/// The ranks of stop words, which questions don't have.
const STOP_WORDS: usize = 60;

/// The generator of the posts.
pub struct SyntheticCorpus {
    words: Vec<String>,
    /// The words of each sentence of the compiled-in notes.
    notes: Vec<Vec<String>>,
    /// The cumulative frequencies of the words, out of 2^32.
    cumulated: Vec<u32>,
}

/// A block of a post.
pub enum RecapBlock {
    Heading(String),
    Paragraph(Vec<String>),
    /// A list: its lead-in and its items.
    List(String, Vec<String>),
}

/// A generated post.
pub struct SyntheticPost {
    pub number: usize,
    pub title: String,
    pub author: String,
    pub date: Date,
    pub event: u64,
    pub topics: Vec<String>,
    pub pieces: Vec<RecapBlock>,
}

/// A small random number generator (splitmix64; Steele, Lea and Flood 2014, OOPSLA).
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5EED)
    }

    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Returns a number below `end`, or 0 if `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % (end.max(1) as u64)).unwrap_or(0)
    }

    /// Returns a number from `low` to `high`, both included.
    pub fn in_range(&mut self, low: u64, high: u64) -> u64 {
        low + self.next() % (high - low + 1)
    }
}

impl SyntheticCorpus {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "shares are between 0 and 1")]
    pub fn new() -> Self {
        let mut random = Random::new(7);
        let words = (0..WORDS).map(|rank| word(rank, &mut random)).collect();
        let weights: Vec<f64> = (0..WORDS).map(|rank| (f64::from(rank) + 2.7).powf(-1.07)).collect();
        let total: f64 = weights.iter().sum();
        let mut sum = 0.0;
        let cumulated = weights.iter().map(|weight| {
            sum += weight;
            (sum / total * f64::from(u32::MAX)) as u32
        });
        Self { cumulated: cumulated.collect(), words, notes: note_sentences() }
    }

    /// Generates the post of a number.
    pub fn recap(&self, number: usize) -> SyntheticPost {
        let mut random = Random::new(number as u64 + 1);
        let mut pieces = vec![RecapBlock::Paragraph(self.sentences(&mut random, 7))];
        for _ in 0..random.in_range(2, 4) {
            pieces.push(RecapBlock::Heading(self.title(&mut random, 2, 5)));
            for _ in 0..random.in_range(1, 3) {
                pieces.push(RecapBlock::Paragraph(self.sentences(&mut random, 9)));
            }
            let items = (0..random.in_range(3, 5)).map(|_| self.sentence(&mut random, 18, 36)).collect();
            pieces.push(RecapBlock::List(format!("{}:", self.title(&mut random, 4, 7)), items));
        }
        SyntheticPost {
            number,
            title: self.title(&mut random, 4, 9),
            author: format!(
                "Author{0} Surname{0}",
                random.in_range(0, AUTHORS - 1).min(random.in_range(0, AUTHORS - 1))
            ),
            date: date_of(number),
            event: event_of(number),
            topics: (0..random.in_range(1, 3)).map(|_| format!("topic-{}", random.in_range(0, 79))).collect(),
            pieces,
        }
    }

    /// Returns three to six words that are near each other in a passage of this post, as a question.
    pub fn question(&self, number: usize) -> Vec<String> {
        let recap = self.recap(number);
        let mut random = Random::new(number as u64 ^ 0xA5A5);
        let paragraphs: Vec<&Vec<String>> = recap
            .pieces
            .iter()
            .filter_map(|piece| match piece {
                RecapBlock::Paragraph(sentences) => Some(sentences),
                _ => None,
            })
            .collect();
        let Some(sentences) = paragraphs.get(random.below(paragraphs.len())) else {
            return vec![];
        };
        // The words of the notes are in too many posts.
        let words = sentences.iter().step_by(2).flat_map(|sentence| sentence.split([' ', '.']));
        let words: Vec<String> = words
            .map(str::to_lowercase)
            .filter(|word| !word.is_empty() && !self.is_stop_word(word))
            .collect();
        let wanted = random.in_range(3, 6);
        (0..wanted).filter_map(|_| words.get(random.below(words.len())).cloned()).collect()
    }

    fn is_stop_word(&self, word: &str) -> bool {
        self.words[..STOP_WORDS].iter().any(|stop| stop == word)
    }

    fn random_word(&self, random: &mut Random) -> &str {
        let at = (random.next() >> 32) as u32;
        let rank = self.cumulated.partition_point(|&sum| sum < at);
        &self.words[rank.min(self.words.len() - 1)]
    }

    fn sentence(&self, random: &mut Random, least: u64, most: u64) -> String {
        let mut out = String::new();
        for at in 0..random.in_range(least, most) {
            if at > 0 {
                out.push(' ');
            }
            out.push_str(self.random_word(random));
        }
        capitalise(&mut out);
        out.push('.');
        out
    }

    fn sentences(&self, random: &mut Random, most: u64) -> Vec<String> {
        let count = random.in_range(5, most);
        let mut sentence =
            |at| if at % 2 == 0 { self.sentence(random, 8, 26) } else { self.note_sentence(random) };
        (0..count).map(&mut sentence).collect()
    }

    /// A sentence of the notes with every fourth word replaced.
    fn note_sentence(&self, random: &mut Random) -> String {
        let note = &self.notes[random.below(self.notes.len())];
        let replaced = |word| if random.below(4) == 0 { self.random_word(random) } else { word };
        note.iter().map(String::as_str).map(replaced).collect::<Vec<_>>().join(" ")
    }

    fn title(&self, random: &mut Random, least: u64, most: u64) -> String {
        let mut title = self.sentence(random, least, most);
        title.pop();
        title
    }
}

/// Returns the words of the sentences of the compiled-in notes.
fn note_sentences() -> Vec<Vec<String>> {
    let corpus = Corpus::new(CorpusSettings::default());
    let posts =
        corpus.list().files.into_iter().filter_map(|file| corpus.read_file(&file, Timestamp::now()).post);
    let sentences = posts.flat_map(|post| {
        let sentences = post.body.sentences.iter().map(|sentence| post.body.slice(sentence.span).to_owned());
        sentences.collect::<Vec<_>>()
    });
    sentences.map(|sentence| sentence.split_whitespace().map(str::to_owned).collect()).collect()
}

impl SyntheticPost {
    /// Returns the post as a file.
    pub fn markdown(&self) -> String {
        let topics = self.topics.join(", ");
        let mut out = format!(
            "---\ntitle: {}\nauthor: {}\ndate: {}\nevent: {}\ntags: [{topics}]\n---\n",
            self.title,
            self.author,
            self.date,
            event_name(self.event),
        );
        for piece in &self.pieces {
            out.push('\n');
            match piece {
                RecapBlock::Heading(text) => out.extend(["## ", text, "\n"]),
                RecapBlock::Paragraph(sentences) => out.extend([&sentences.join(" "), "\n"]),
                RecapBlock::List(lead_in, items) => {
                    out.extend([lead_in, "\n\n"]);
                    for item in items {
                        out.extend(["- ", item, "\n"]);
                    }
                }
            }
        }
        out
    }

    /// Returns the post approximately as the parser would.
    pub fn post(&self) -> Post {
        let path = path_of(self.number);
        Post {
            id: PostId(path.trim_end_matches(".md").to_owned()),
            path,
            kind: PostKind::Post,
            is_about_draft: false,
            title: Some(self.title.clone()),
            authors: vec![self.author.clone()],
            date: Some(self.date),
            url: None,
            publisher: None,
            language: Language::En,
            tags: self.topics.clone(),
            topics: self.topics.clone(),
            projects: Vec::new(),
            companies: Vec::new(),
            events: vec![Event {
                id: EventId(format!("event-{}", self.event)),
                series: "Event".to_owned(),
                name: event_name(self.event),
                year: Some(year_of(self.event)),
                city: Some(format!("City{}", self.event)),
                country: None,
                region: Some("Europe".to_owned()),
                start: None,
                end: None,
            }],
            draft: false,
            visible_from: None,
            body: self.body(),
        }
    }

    fn body(&self) -> Body {
        let mut body = Body { sections: vec![Section::default()], ..Body::default() };
        for piece in &self.pieces {
            let first = body.sentences.len();
            match piece {
                RecapBlock::Heading(text) => {
                    let span = add(&mut body, BlockKind::Heading(2), None, &[text], "\n\n");
                    let heading = Section { heading: span, level: 2, parent: Some(0), event: None };
                    body.sections.push(heading);
                    continue;
                }
                RecapBlock::Paragraph(sentences) => {
                    add(&mut body, BlockKind::Paragraph, None, sentences, "\n\n");
                }
                RecapBlock::List(lead_in, items) => {
                    let lead = u32::try_from(body.blocks.len()).ok();
                    add(&mut body, BlockKind::Paragraph, None, &[lead_in], "\n\n");
                    for item in items {
                        add(&mut body, BlockKind::ListItem, lead, &[item], "\n");
                    }
                }
            }
            add_passage(&mut body, first);
        }
        body
    }
}

fn add<S: AsRef<str>>(
    body: &mut Body,
    kind: BlockKind,
    lead_in: Option<u32>,
    sentences: &[S],
    gap: &str,
) -> Option<Span> {
    if !body.text.is_empty() {
        body.text.push_str(gap);
    }
    let block = u32::try_from(body.blocks.len()).ok()?;
    let start = body.text.len();
    for (at, sentence) in sentences.iter().enumerate() {
        if at > 0 {
            body.text.push(' ');
        }
        let from = body.text.len();
        body.text.push_str(sentence.as_ref());
        let span = Span::new(&body.text, from..body.text.len())?;
        body.sentences.push(Sentence { span, block });
    }
    let span = Span::new(&body.text, start..body.text.len())?;
    let section = u32::try_from(body.sections.len() - 1).ok()?;
    body.blocks.push(Block {
        kind,
        span,
        section,
        lead_in,
        depth: u8::from(lead_in.is_some()),
        speaker: None,
        boundary: Boundary::None,
        number: None,
    });
    Some(span)
}

fn add_passage(body: &mut Body, first: usize) {
    let (Some(from), Some(to)) = (body.sentences.get(first), body.sentences.last()) else { return };
    body.passages.push(Passage {
        span: from.span.cover(to.span),
        section: u32::try_from(body.sections.len() - 1).unwrap_or(0),
        first_sentence: u32::try_from(first).unwrap_or(0),
        end_sentence: u32::try_from(body.sentences.len()).unwrap_or(0),
    });
}

/// Returns the path of a post's file.
pub fn path_of(number: usize) -> String {
    format!("{:03}/{}-post-{number}.md", number / 1_000, date_of(number))
}

fn event_of(number: usize) -> u64 {
    Random::new(number as u64 ^ 0xE7E7).in_range(0, EVENTS - 1)
}

fn year_of(event: u64) -> i16 {
    2015 + i16::try_from(event / 6).unwrap_or(0)
}

fn date_of(number: usize) -> Date {
    let mut random = Random::new(number as u64 ^ 0xDADA);
    let month = i8::try_from(random.in_range(1, 12)).unwrap_or(1);
    let day = i8::try_from(random.in_range(1, 28)).unwrap_or(1);
    Date::new(year_of(event_of(number)), month, day).unwrap_or(Date::ZERO)
}

fn event_name(event: u64) -> String {
    format!("Event{} {}", event % 6, 2015 + event / 6)
}

/// Returns the word of a rank. Frequent words are short.
fn word(rank: u32, random: &mut Random) -> String {
    const ONSETS: [&str; 16] =
        ["b", "br", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "st", "t", "tr", "v"];
    const CORES: [&str; 8] = ["a", "e", "i", "o", "u", "ai", "ea", "ou"];
    const ENDS: [&str; 8] = ["", "n", "r", "s", "t", "l", "ck", "ng"];
    let syllables = match rank {
        0..60 => 1,
        60..3_000 => 2,
        _ => 3,
    };
    let mut word = String::new();
    for _ in 0..syllables {
        word.push_str(ONSETS[random.below(ONSETS.len())]);
        word.push_str(CORES[random.below(CORES.len())]);
    }
    word.push_str(ENDS[random.below(ENDS.len())]);
    word
}

fn capitalise(text: &mut str) {
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
}
