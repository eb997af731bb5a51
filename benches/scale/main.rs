//! Measures the index at several sizes: `cargo bench --bench scale -- 1000 10000 100000`.
//!
//! Prints a row of a Markdown table for each number of posts. Indexing and searching run in separate processes, so that
//! each has its own peak memory. `--write FOLDER 1000` writes the posts as files instead. `--overviews 500` measures overviews
//! with that many posts in their scope.
#![expect(clippy::print_stdout, reason = "a benchmark prints its figures")]

mod corpus;

use std::path::Path;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};
use takeaways_testing::Percentiles;

use corpus::{Random, SyntheticCorpus, path_of};
use jiff::Timestamp;
use takeaways_answer::{Engine, MAX_EXCERPTS, Request, Strictness};
use takeaways_search::{
    Alternative, Clause, ClauseRole, CorpusFile, FileContent, FileSource, Filter, Index, IndexOptions, Query,
};
use takeaways_text::model::{EventId, Language, PostId};
use takeaways_text::tokens::tokenize;

const QUESTIONS: usize = 2_000;
/// The number of passages that the engine ranks for an answer.
const LIMIT: usize = 50;

/// Files that are generated when they are read.
struct SyntheticFiles {
    corpus: SyntheticCorpus,
    stamps: Vec<CorpusFile>,
}

impl SyntheticFiles {
    fn new(posts: usize) -> Self {
        let mut synthetic = Self { corpus: SyntheticCorpus::new(), stamps: Vec::new() };
        for _ in 0..posts {
            synthetic.add();
        }
        synthetic
    }

    fn add(&mut self) {
        let number = self.stamps.len();
        let path = path_of(number);
        let id = PostId(path.trim_end_matches(".md").to_owned());
        self.stamps.push(CorpusFile { root: 0, path, id, size: number as u64, modified_ns: 0 });
    }
}

impl FileSource for SyntheticFiles {
    fn files(&self) -> &[CorpusFile] {
        &self.stamps
    }

    fn hides_unpublished(&self) -> bool {
        false
    }

    fn read(&self, at: usize) -> Result<FileContent, String> {
        let post = Some(self.corpus.recap(at).post());
        Ok(FileContent { post, problems: 0, is_rejected: false, content_hash: at as u64 })
    }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    let number = |word: &str| word.parse().unwrap_or(0);
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--write", folder, posts] => write(Path::new(folder), number(posts)),
        ["--build", folder, posts] => build(Path::new(folder), number(posts)),
        ["--ask", folder, posts] => ask(Path::new(folder), number(posts)),
        ["--overviews", posts] => overviews(number(posts)),
        [] => run_sizes(&["1000"]),
        ref sizes => run_sizes(sizes),
    }
}

fn run_sizes(sizes: &[&str]) {
    let columns = [
        "posts",
        "passages",
        "text",
        "made again",
        "built",
        "on disk",
        "peak memory",
        "segments",
        "opened",
        "first question",
        "memory then",
        "question p50 / p99",
        "in one event p50 / p99",
        "frequency p50 / p99",
        "answer p50 / p99",
        "real question p50 / p99",
        "added post found",
    ];
    println!("| {} |", columns.join(" | "));
    println!("|{}", "---|".repeat(columns.len()));
    for size in sizes {
        let folder = std::env::temp_dir().join(format!("takeaways-scale-{}", std::process::id()));
        for step in ["--build", "--ask"] {
            let program = std::env::current_exe().unwrap_or_default();
            let status = Command::new(program).arg(step).arg(&folder).arg(size).status();
            assert!(
                status.as_ref().is_ok_and(std::process::ExitStatus::success),
                "{step} {size}: {status:?}"
            );
        }
        std::fs::remove_dir_all(&folder).unwrap_or_default();
    }
}

fn write(folder: &Path, posts: usize) {
    let corpus = SyntheticCorpus::new();
    for number in 0..posts {
        let recap = corpus.recap(number);
        let path = folder.join(path_of(number));
        let made = std::fs::create_dir_all(path.parent().unwrap_or(folder));
        let written = made.and_then(|()| std::fs::write(&path, recap.markdown()));
        assert!(written.is_ok(), "{}: {written:?}", path.display());
    }
}

/// Prints the first half of a row.
fn build(folder: &Path, posts: usize) {
    let files = SyntheticFiles::new(posts);
    let begin = Instant::now();
    let index = open_index(folder, &files);
    let built = begin.elapsed();
    let status = index.status();

    let begin = Instant::now();
    let sample = (posts / 100).max(1);
    let bytes: usize = (0..sample).map(|number| files.corpus.recap(number).post().body.text.len()).sum();
    let made = begin.elapsed() * u32::try_from(posts / sample).unwrap_or(1);

    print!(
        "| {posts} | {} | {} MB | {:.1} s | {:.1} s | {} MB | {} MB | {}",
        status.passages,
        bytes * (posts / sample) / 1_000_000,
        made.as_secs_f64(),
        built.as_secs_f64(),
        status.bytes / 1_000_000,
        peak_memory(),
        status.segments,
    );
}

/// Prints the second half of a row.
fn ask(folder: &Path, posts: usize) {
    let mut files = SyntheticFiles::new(posts);
    let before = peak_memory();
    let begin = Instant::now();
    let index = open_index(folder, &files);
    let open = begin.elapsed();
    let first = questions(&files.corpus, posts, &index, 1, |_| Filter::default());
    let memory = peak_memory() - before;

    let plain = questions(&files.corpus, posts, &index, QUESTIONS, |_| Filter::default());
    let one_event = |random: &mut Random| {
        let event = EventId(format!("event-{}", random.in_range(0, 59)));
        Filter { events: vec![event], ..Filter::default() }
    };
    let filtered = questions(&files.corpus, posts, &index, QUESTIONS, one_event);
    let frequencies = frequencies(&files.corpus, posts, &index);
    let index = Arc::new(index);
    let answers = answers(&files.corpus, posts, &index);
    let real = real_answers(&index);
    let Some(index) = Arc::into_inner(index) else { panic!("the engine is gone") };
    println!(
        " | {:.1} ms | {:.1} ms | +{memory} MB | {} | {} | {} | {} | {} | {:.1} ms |",
        milliseconds(open),
        milliseconds(first[0]),
        percentiles(plain),
        percentiles(filtered),
        percentiles(frequencies),
        percentiles(answers),
        percentiles(real),
        milliseconds(add_one(&mut files, index)),
    );
}

fn open_index(folder: &Path, files: &SyntheticFiles) -> Index {
    match Index::open(Some(folder), files, Timestamp::now(), &IndexOptions::default()) {
        Ok((index, report)) if report.notices.is_empty() && report.failed.is_empty() => index,
        other => panic!("{other:?}"),
    }
}

fn questions(
    corpus: &SyntheticCorpus,
    posts: usize,
    index: &Index,
    count: usize,
    filter: impl Fn(&mut Random) -> Filter,
) -> Vec<Duration> {
    let mut random = Random::new(99);
    let mut times = Vec::with_capacity(count);
    for _ in 0..count {
        let words = corpus.question(random.below(posts));
        let groups = words.iter().map(|word| group(word)).collect();
        let query = Query { clauses: groups, filter: filter(&mut random) };
        let begin = Instant::now();
        let hits = index.search(&query, LIMIT);
        times.push(begin.elapsed());
        assert!(hits.is_ok(), "{hits:?}");
    }
    times
}

/// Measures whole answers: parsing, search, ranking and citation, or refusals with suggestions.
fn answers(corpus: &SyntheticCorpus, posts: usize, index: &Arc<Index>) -> Vec<Duration> {
    let engine = Engine::new(Arc::clone(index), Strictness::default());
    let mut random = Random::new(55);
    (0..QUESTIONS / 4).map(|_| answer(&engine, &corpus.question(random.below(posts)).join(" "))).collect()
}

/// Measures answers to questions of people, each asked once.
fn real_answers(index: &Arc<Index>) -> Vec<Duration> {
    let engine = Engine::new(Arc::clone(index), Strictness::default());
    let lines = include_str!("../../tests/questions/choosing.jsonl").lines();
    lines
        .map(|line| match serde_json::from_str::<serde_json::Value>(line) {
            Ok(line) => answer(&engine, line["q"].as_str().unwrap_or_default()),
            Err(error) => panic!("{error}: {line}"),
        })
        .collect()
}

/// Measures overviews over all posts, and what counting the posts of their scope costs.
fn overviews(posts: usize) {
    const TIMES: usize = 200;
    let files = SyntheticFiles::new(posts);
    let opened = Index::open(None, &files, Timestamp::now(), &IndexOptions::default());
    let Ok((index, _)) = opened else { panic!("the index can't be built") };
    let (index, filter) = (Arc::new(index), Filter { visible_at: Timestamp::now(), ..Filter::default() });
    let measure = |work: &dyn Fn()| {
        let timed = || {
            let begin = Instant::now();
            work();
            begin.elapsed()
        };
        percentiles((0..TIMES).map(|_| timed()).collect())
    };
    println!("| {posts} posts in scope | p50 / p99 |\n|---|---|");
    let read =
        measure(&|| assert!(index.posts_in(&filter, posts).is_ok_and(|(read, _)| read.len() == posts)));
    println!("| read to be counted | {read} |");
    let count = measure(&|| assert!(index.count_in(&filter).is_ok_and(|counts| counts.posts == posts)));
    println!("| counted by the index | {count} |");
    let engine = Engine::new(Arc::clone(&index), Strictness::Eager);
    for question in
        ["what do people think of kubernetes?", "kubernetes over the years", "what were the main takeaways?"]
    {
        let times = (0..TIMES).map(|_| answer(&engine, question)).collect();
        println!("| {question} | {} |", percentiles(times));
    }
}

/// Measures one answer.
fn answer(engine: &Engine, question: &str) -> Duration {
    let question = question.parse();
    let Ok(question) = question else { panic!("{question:?}") };
    let request = Request::new(question, MAX_EXCERPTS, Timestamp::now());
    let begin = Instant::now();
    let answer = engine.answer(&request);
    assert!(answer.is_ok(), "{answer:?}");
    begin.elapsed()
}

/// Measures queries of one new word.
fn frequencies(corpus: &SyntheticCorpus, posts: usize, index: &Index) -> Vec<Duration> {
    let mut random = Random::new(77);
    let mut words: Vec<String> = (0..500).flat_map(|_| corpus.question(random.below(posts))).collect();
    words.sort();
    words.dedup();
    let time = |word: &String| {
        let alternative = Alternative::new(terms(word));
        let begin = Instant::now();
        let count = index.frequency(&alternative);
        assert!(count.is_ok_and(|count| count > 0), "{word}");
        begin.elapsed()
    };
    words.iter().map(time).collect()
}

fn group(word: &str) -> Clause {
    Clause::new(Alternative::new(terms(word)), ClauseRole::Should)
}

fn terms(word: &str) -> Vec<String> {
    tokenize(word, Language::En).into_iter().map(|token| token.term).collect()
}

/// Measures the time from a directory walk with a new post until a search finds it; the median of seven.
fn add_one(files: &mut SyntheticFiles, mut index: Index) -> Duration {
    let mut times = Vec::new();
    for _ in 0..7 {
        files.add();
        let last = files.stamps.len() - 1;
        let groups = files.corpus.recap(last).title.split(' ').map(group).collect();
        let posts = vec![files.stamps[last].id.clone()];
        let query = Query { clauses: groups, filter: Filter { posts, ..Filter::default() } };
        let begin = Instant::now();
        let hits = index.refresh(files, Timestamp::now(), &IndexOptions::default()).and_then(|(fresh, _)| {
            index = fresh;
            index.search(&query, 1)
        });
        times.push(begin.elapsed());
        assert!(hits.is_ok_and(|hits| hits.len() == 1), "the added post is found");
    }
    times.sort();
    times[times.len() / 2]
}

/// Returns the peak memory of this process, in MB; 0 if the system does not report it.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0)
        / 1_000
}

fn percentiles(times: Vec<Duration>) -> String {
    let times = Percentiles::new(times);
    format!("{:.3} / {:.3} ms", times.percentile(50), times.percentile(99))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
