//! A small index to ask, and the text form of a question with all that belongs to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use takeaways_answer::{Engine, Request, ScopeOptions, Strictness};
use takeaways_corpus::source::EMBEDDED_NOTES;
use takeaways_search::{CorpusFile, FileContent, FileSource, Index, IndexOptions};
use takeaways_text::model::{Answer, Post, PostId, Question, Years, invariants};

use crate::{holds, posts};

/// Posts of kinds that are rare: each a path in its first line, then the file.
const ODD: &[&[u8]] = &[
    include_bytes!("../seeds/whole_file/odd-lists"),
    include_bytes!("../seeds/whole_file/odd-signs"),
    include_bytes!("../seeds/whole_file/odd-scripts"),
    include_bytes!("../seeds/whole_file/odd-page"),
    include_bytes!("../seeds/whole_file/odd-long"),
    include_bytes!("../seeds/whole_file/odd-nameless"),
];

/// An engine over the notes that are compiled in and a few odd posts.
#[derive(Debug)]
pub struct Asker {
    engine: Engine,
    posts: BTreeMap<PostId, Post>,
}

/// Posts as files of an index.
struct Shelf {
    stamps: Vec<CorpusFile>,
    posts: Vec<Post>,
}

impl FileSource for Shelf {
    fn files(&self) -> &[CorpusFile] {
        &self.stamps
    }

    fn hides_unpublished(&self) -> bool {
        false
    }

    fn read(&self, at: usize) -> Result<FileContent, String> {
        let post = self.posts.get(at).cloned();
        Ok(FileContent { post, problems: 0, is_rejected: false, content_hash: at as u64 })
    }
}

impl Default for Asker {
    fn default() -> Self {
        Self::new()
    }
}

impl Asker {
    /// Builds the index, in memory.
    ///
    /// # Panics
    /// Where a post of its own can't be read.
    #[must_use]
    pub fn new() -> Self {
        let notes = EMBEDDED_NOTES.iter().map(|(path, text)| [path, "\n", text].concat().into_bytes());
        let odd = ODD.iter().map(|input| input.to_vec());
        let posts: Vec<Post> =
            notes.chain(odd).map(|input| posts::read(&input).post.expect("a post")).collect();
        let stamp = |post: &Post| CorpusFile {
            root: 0,
            path: post.path.clone(),
            id: post.id.clone(),
            size: post.body.text.len() as u64,
            modified_ns: 0,
        };
        let shelf = Shelf { stamps: posts.iter().map(stamp).collect(), posts };
        let options = IndexOptions { threads: 1, ..IndexOptions::default() };
        let (index, _) = Index::open(None, &shelf, posts::now(), &options).expect("an index in memory");
        let engine = Engine::new(Arc::new(index), Strictness::Eager);
        let posts = shelf.posts.into_iter().map(|post| (post.id.clone(), post)).collect();
        Self { engine, posts }
    }

    /// Asks, and checks the answer and what it offers.
    ///
    /// # Panics
    /// Where something does not hold.
    pub fn check(&self, request: &Request) {
        let answer = self.engine.answer(request).expect("an answer");
        let mut post_of = |excerpt: &takeaways_text::model::Excerpt| self.posts.get(&excerpt.citation.post);
        holds(invariants::answer_violation(&answer, &mut post_of), request);
        assert!(answer.excerpts().len() <= request.limits.excerpts.clamp(1, 3), "more than was asked for");
        if let Answer::NothingFound { suggestions, missing, .. } = &answer {
            assert!(missing.iter().all(|one| !one.words().trim().is_empty()), "{missing:?}");
            for offer in suggestions {
                self.check_offer(&offer.question, request);
            }
        }
    }

    /// What is offered has an answer.
    fn check_offer(&self, offer: &str, request: &Request) {
        let question = offer.parse().expect("an offer is a question");
        let again =
            Request { question, scope_options: ScopeOptions::default(), subject: None, ..request.clone() };
        let answer = self.engine.answer(&again).expect("an answer");
        assert!(!answer.excerpts().is_empty(), "{offer:?} is offered and has no answer");
    }
}

/// A request from lines: `@event NAME`, `@author NAME`, `@years FIRST LAST`, `@limit N` and `@now TIME` are what
/// they say; all others are the question. `None` where that is no question.
#[must_use]
pub fn request(input: &[u8]) -> Option<Request> {
    let text = String::from_utf8_lossy(input);
    let mut typed: Vec<&str> = Vec::new();
    let mut scope_options = ScopeOptions::default();
    let (mut limit, mut now) = (3, posts::now());
    for line in text.split('\n') {
        match line.split_once(' ') {
            Some(("@event", name)) => scope_options.events.push(name.to_owned()),
            Some(("@author", name)) => scope_options.authors.push(name.to_owned()),
            Some(("@years", years)) => scope_options.years = self::years(years),
            Some(("@limit", number)) => limit = number.parse().unwrap_or(limit),
            Some(("@now", time)) => now = time.parse().unwrap_or(now),
            _ => typed.push(line),
        }
    }
    let question: Question = typed.join("\n").parse().ok()?;
    Some(Request { scope_options, ..Request::new(question, limit, now) })
}

fn years(text: &str) -> Option<Years> {
    let (first, last) = text.split_once(' ')?;
    Some(Years::between(first.parse().ok()?, last.parse().ok()?))
}
