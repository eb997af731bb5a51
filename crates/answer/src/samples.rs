//! Posts, concepts, candidates and an engine for the tests of this crate.

use std::sync::Arc;

use jiff::Timestamp;

use crate::{
    Engine, Request, Strictness,
    answer_type::AnswerType,
    candidates::{Candidate, CandidateReader},
    concepts::Concept,
    parse::parse,
    passage_cache::PassageCache,
    plan::QueryPlan,
    rank::rank,
    resolve::ExplicitScope,
};
use takeaways_corpus::events::EventTable;
use takeaways_corpus::{Corpus, CorpusSettings, SourceFile, read_post};
use takeaways_search::{Alternative, CorpusFiles, Hit, Index, IndexOptions};
use takeaways_text::model::{Event, EventId, Language, Post, PostId, Scope};
use takeaways_text::tokens::tokenize;

/// An event of the table.
pub(crate) fn event(id: &str) -> Event {
    EventTable::builtin().edition(&EventId(id.into())).expect("in the table").clone()
}

/// The time of all tests.
pub(crate) fn now() -> Timestamp {
    "2026-11-20T00:00:00Z".parse().expect("a time")
}

/// The folder of the five notes that tests ask about.
const NOTES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/data/notes");

/// An index in memory of five notes, which stay as they are when the program gets more.
pub(crate) fn index() -> Arc<Index> {
    let corpus = Corpus::new(CorpusSettings { folders: vec![NOTES.into()], ..CorpusSettings::default() });
    let files = CorpusFiles::list(&corpus, now());
    let (index, _) = Index::open(None, &files, now(), &IndexOptions::default()).expect("an index in memory");
    Arc::new(index)
}

/// An engine over five notes.
pub(crate) fn engine() -> Engine {
    Engine::new(index(), Strictness::default())
}

/// An engine over Markdown files with these names.
pub(crate) fn engine_over(files: &[(impl AsRef<str>, impl AsRef<str>)]) -> Engine {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        std::fs::write(folder.path().join(name.as_ref()), text.as_ref()).expect("a file");
    }
    let settings = CorpusSettings { folders: vec![folder.path().to_owned()], ..CorpusSettings::default() };
    let corpus = Corpus::new(settings);
    let files = CorpusFiles::list(&corpus, now());
    let (index, _) = Index::open(None, &files, now(), &IndexOptions::default()).expect("an index in memory");
    Engine::new(Arc::new(index), Strictness::default())
}

/// A request for up to three excerpts.
pub(crate) fn request(question: &str) -> Request {
    let question = question.parse().expect("a question");
    Request::new(question, 3, now())
}

/// A post as it is read from a Markdown file.
pub(crate) fn post(id: &str, markdown: &str) -> Arc<Post> {
    let (id, path) = (PostId(id.into()), format!("{id}.md"));
    let file = SourceFile { id: &id, path: &path, bytes: markdown.as_bytes() };
    Arc::new(read_post(&file, now()).post.expect("a post"))
}

/// Known concepts of one word each, in the order of the question, each of importance 1.
pub(crate) fn concepts(words: &[&str]) -> Vec<Concept> {
    let concept = |(at, word): (usize, &&str)| {
        let term = tokenize(word, Language::En).into_iter().next().expect("a word").term;
        Concept {
            text: (*word).to_owned(),
            words: at..at + 1,
            alternatives: vec![Alternative::term(term)],
            own_forms: 1,
            importance: 1.0,
            is_known: true,
            ..Concept::default()
        }
    };
    words.iter().enumerate().map(concept).collect()
}

/// A plan that looks for some words in all posts.
pub(crate) fn plan(words: &[&str]) -> QueryPlan {
    QueryPlan {
        request: Arc::new(request("nothing")),
        question: Arc::new(parse(&"nothing".parse().expect("a question"))),
        scope: Scope::default(),
        events: Vec::new(),
        explicit_scope: ExplicitScope::default(),
        parts: Vec::new(),
        series: Vec::new(),
        missing: Vec::new(),
        choices: Vec::new(),
        has_landmarks: false,
        is_after_event: false,
        writer_words: None,
        language: Language::En,
        concepts: concepts(words),
        excluded_topics: Vec::new(),
        answer_type: AnswerType::Anything,
        scope_importance: 0.0,
        amount: None,
        asks_for_place_or_days: false,
        listed: Vec::new(),
    }
}

/// The candidates of a post of which each passage was found, best first.
pub(crate) fn candidates(post: &Arc<Post>, concepts: &[Concept], answer_type: AnswerType) -> Vec<Candidate> {
    let hit = |passage| Hit { score: 1.0, post: Arc::clone(post), passage };
    let hits: Vec<Hit> = (0..post.body.passages.len()).map(hit).collect();
    let reader = CandidateReader::new(concepts, answer_type, Language::En);
    rank(reader.candidates(&hits, &PassageCache::default()))
}

/// The candidate with exactly this text.
#[track_caller]
pub(crate) fn candidate(
    post: &Arc<Post>,
    concepts: &[Concept],
    answer_type: AnswerType,
    text: &str,
) -> Candidate {
    let all = candidates(post, concepts, answer_type);
    let texts: Vec<&str> = all.iter().map(|it| it.post.body.slice(it.span)).collect();
    let at = texts.iter().position(|it| *it == text).unwrap_or_else(|| panic!("no {text:?} in {texts:?}"));
    all[at].clone()
}

/// The only sentence of a post of its own, as a candidate for "mesh" with a score.
pub(crate) fn scored_candidate(id: &str, text: &str, score: f32) -> Candidate {
    let post = post(id, &format!("{text}\n"));
    Candidate { score, ..candidate(&post, &concepts(&["mesh"]), AnswerType::Anything, text) }
}
