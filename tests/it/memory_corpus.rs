//! Posts as files in memory, with an index and questions in the same process.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

use takeaways_answer::{Engine, Request, Strictness, VerifiedAnswer};
use takeaways_corpus::{SourceFile, identity, read_post};
use takeaways_render::plain::{self, TerminalStyle};
use takeaways_search::{CorpusFile, FileContent, FileSource, Index, IndexOptions, OpenReport};
use takeaways_testing::now;
use takeaways_text::model::{Answer, Excerpt, Post, PostId, Question, Quote};

/// The most characters of an excerpt or a lead-in.
const MAX_CHARS: usize = 1_400;

/// Files in memory, in the order of a directory walk.
#[derive(Debug, Clone, Default)]
pub struct MemoryCorpus {
    files: Vec<(String, Vec<u8>)>,
    stamps: Vec<CorpusFile>,
}

impl MemoryCorpus {
    /// Creates a corpus of old files.
    pub fn new(files: Vec<(String, Vec<u8>)>) -> Self {
        let paths: Vec<(usize, &str)> = files.iter().map(|(path, _)| (0, path.as_str())).collect();
        let ids = identity::post_ids(&paths);
        let stamps = files.iter().zip(ids).map(|((path, bytes), id)| CorpusFile {
            root: 0,
            path: path.clone(),
            id,
            size: bytes.len() as u64,
            modified_ns: 1,
        });
        Self { stamps: stamps.collect(), files }
    }

    /// Returns the same files in reverse order.
    pub fn reversed(&self) -> Self {
        Self::new(self.files.iter().rev().cloned().collect())
    }

    /// Returns all posts by id.
    pub fn posts(&self) -> HashMap<PostId, Post> {
        let read = (0..self.files.len()).filter_map(|at| self.read(at).ok()?.post);
        read.map(|post| (post.id.clone(), post)).collect()
    }

    /// Indexes the files, in a folder or in memory.
    pub fn index(&self, folder: Option<&Path>, threads: usize) -> (Index, OpenReport) {
        Index::open(folder, self, now(), &options(threads)).expect("an index")
    }
}

impl FileSource for MemoryCorpus {
    fn files(&self) -> &[CorpusFile] {
        &self.stamps
    }

    fn hides_unpublished(&self) -> bool {
        true
    }

    fn read(&self, at: usize) -> Result<FileContent, String> {
        let ((path, bytes), stamp) = (&self.files[at], &self.stamps[at]);
        let parsed = read_post(&SourceFile { id: &stamp.id, path, bytes }, now());
        let hash = xxhash_rust::xxh3::xxh3_64(bytes);
        Ok(FileContent {
            post: parsed.post,
            problems: parsed.problems.len(),
            is_rejected: false,
            content_hash: hash,
        })
    }
}

/// Returns the default options with this number of threads.
pub fn options(threads: usize) -> IndexOptions<'static> {
    IndexOptions { threads, ..IndexOptions::default() }
}

/// Returns the least strict engine, which answers the most questions.
pub fn eager(index: Index) -> Engine {
    Engine::new(Arc::new(index), Strictness::Eager)
}

/// Asks a question; `None` if the text is too long or too short for a question.
pub fn ask(engine: &Engine, typed: &str) -> Option<Answer> {
    let question: Question = typed.parse().ok()?;
    let request = Request::new(question, 3, now());
    Some(engine.answer(&request).expect("an answer, or nothing found"))
}

/// Checks the invariants of every answer.
#[track_caller]
pub fn assert_sound(answer: &Answer, posts: &HashMap<PostId, Post>) {
    // An overview has up to ten lines, however many of one post.
    let (most, most_of_post) = if matches!(answer, Answer::Overview(_)) { (10, 10) } else { (3, 2) };
    assert!(answer.excerpts().len() <= most, "{answer:#?}");
    assert!((0.0..=1.0).contains(&answer.confidence()), "{answer:#?}");
    for excerpt in answer.excerpts() {
        let of_post = answer.excerpts().iter().filter(|other| other.citation.post == excerpt.citation.post);
        assert!(of_post.count() <= most_of_post, "{answer:#?}");
        let post = posts.get(&excerpt.citation.post).expect("a post of the corpus");
        assert_quoted(&excerpt.quote, post);
        if let Some(line) = &excerpt.lead_in {
            assert_quoted(line, post);
            assert!(line.span.end() <= excerpt.quote.span.start(), "{excerpt:#?}");
        }
        assert_marks(excerpt, post);
        let quoted = [Some(&excerpt.quote), excerpt.lead_in.as_ref()];
        let is_quoted = |span| quoted.into_iter().flatten().any(|quote| quote.span.contains(span));
        assert!(excerpt.links.iter().all(|link| is_quoted(link.span)), "{excerpt:#?}");
        assert!(excerpt.answer.is_none_or(|answer| excerpt.quote.span.contains(answer)), "{excerpt:#?}");
        assert!(excerpt.items.is_none_or(|items| items.shown <= items.all), "{excerpt:#?}");
        assert_eq!(excerpt.citation.speaker.as_deref(), post.body.speaker_at(excerpt.quote.span));
    }
    assert_page(answer);
}

#[track_caller]
fn assert_quoted(quoted: &Quote, post: &Post) {
    assert_eq!(quoted.span.slice(&post.body.text), Some(quoted.text.as_str()), "{}", post.path);
    assert!(quoted.text.chars().count() <= MAX_CHARS, "{quoted:#?}");
}

/// Checks that the marks are words of the quote, in order and disjoint.
#[track_caller]
fn assert_marks(excerpt: &Excerpt, post: &Post) {
    for mark in &excerpt.marks {
        assert!(excerpt.quote.span.contains(*mark), "{excerpt:#?}");
        assert!(mark.slice(&post.body.text).is_some_and(|word| !word.trim().is_empty()), "{excerpt:#?}");
    }
    assert!(excerpt.marks.windows(2).all(|pair| pair[0].end() <= pair[1].start()), "{excerpt:#?}");
}

/// Checks that the rendered page has no control characters for a terminal.
#[track_caller]
fn assert_page(answer: &Answer) {
    let question: Question = "what?".parse().expect("a question");
    let verified = VerifiedAnswer::new(answer.clone(), Vec::new());
    let page = plain::answer(
        &question,
        &verified,
        TerminalStyle { width: 40, colour: false, hyperlinks: false, program: "takeaways" },
    );
    let obeyed = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
    };
    assert!(!page.contains(obeyed), "{page:?}");
}
