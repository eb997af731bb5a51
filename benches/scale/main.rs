//! What the index costs at some sizes: `cargo bench --bench scale -- 1000 10000 100000`.
//!
//! Prints a row of a Markdown table for each number of posts. Each size runs in a process of its own, so that
//! its peak memory is its own. `--write FOLDER 1000` writes the posts as files instead.

mod corpus;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use corpus::{Corpus, Dice};
use jiff::Timestamp;
use takeaways::model::{EventId, Language};
use takeaways::retrieval::{
    Alternative, FileSource, Filter, Group, Index, Need, Options, Query, Read, Stamp,
};
use takeaways::text::tokens::tokens;

const QUESTIONS: usize = 2_000;
/// As many passages as a question's answer is chosen from.
const LIMIT: usize = 50;

/// Files that are made when they are read.
struct Synthetic {
    corpus: Corpus,
    stamps: Vec<Stamp>,
}

impl Synthetic {
    fn new(posts: usize) -> Self {
        let mut synthetic = Self { corpus: Corpus::new(), stamps: Vec::new() };
        (0..posts).for_each(|_| synthetic.add());
        synthetic
    }

    fn add(&mut self) {
        let number = self.stamps.len();
        let recap = self.corpus.recap(number);
        let (path, id) = (recap.path(), recap.post().id);
        self.stamps.push(Stamp { root: 0, path, id, size: number as u64, modified_ns: 0 });
    }
}

impl FileSource for Synthetic {
    fn stamps(&self) -> &[Stamp] {
        &self.stamps
    }

    fn read(&self, at: usize) -> Result<Read, String> {
        Ok(Read { post: Some(self.corpus.recap(at).post()), problems: 0, content_hash: at as u64 })
    }
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| word != "--bench").collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["--write", folder, posts] => write(Path::new(folder), posts.parse().unwrap_or(0)),
        ["--one", posts] => measure(posts.parse().unwrap_or(0)),
        [] => all(&["1000"]),
        ref sizes => all(sizes),
    }
}

fn all(sizes: &[&str]) {
    println!(
        "| posts | passages | text | build | on disk | peak memory | segments | open | question p50 / p99 | in one event p50 / p99 | added post found | made again |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|---|---|");
    for size in sizes {
        let program = std::env::current_exe().expect("this program has a path");
        let status = Command::new(program).args(["--one", size]).status().expect("this program runs");
        assert!(status.success(), "{size} posts: {status}");
    }
}

fn write(folder: &Path, posts: usize) {
    let corpus = Corpus::new();
    for number in 0..posts {
        let recap = corpus.recap(number);
        let path = folder.join(recap.path());
        std::fs::create_dir_all(path.parent().unwrap_or(folder)).expect("a folder can be made");
        std::fs::write(path, recap.markdown()).expect("a file can be written");
    }
}

fn measure(posts: usize) {
    let folder = std::env::temp_dir().join(format!("takeaways-scale-{}", std::process::id()));
    let mut files = Synthetic::new(posts);
    let now = Timestamp::now();
    let options = Options::default();

    let begin = Instant::now();
    let (index, report) = Index::open(Some(&folder), &files, now, &options).expect("the index is built");
    let build = begin.elapsed();
    assert!(report.notices.is_empty() && report.failed.is_empty(), "{report:?}");
    let (status, peak) = (index.status(), peak_memory());
    drop(index);

    let begin = Instant::now();
    let (index, _) = Index::open(Some(&folder), &files, now, &options).expect("the index opens");
    let open = begin.elapsed();
    let plain = questions(&files.corpus, posts, &index, |_| Filter::default());
    let one_event = |dice: &mut Dice| {
        let event = EventId(format!("event-{}", dice.between(0, 59)));
        Filter { events: vec![event], ..Filter::default() }
    };
    let filtered = questions(&files.corpus, posts, &index, one_event);
    let added = add_one(&mut files, index, now);

    let begin = Instant::now();
    let sample = (posts / 100).max(1);
    let bytes: usize = (0..sample).map(|number| files.corpus.recap(number).post().body.text.len()).sum();
    let made = begin.elapsed() * u32::try_from(posts / sample).unwrap_or(1);

    println!(
        "| {posts} | {} | {} MB | {:.1} s | {} MB | {peak} MB | {} | {:.1} ms | {} | {} | {:.1} ms | {:.1} s |",
        status.passages,
        bytes * (posts / sample) / 1_000_000,
        build.as_secs_f64(),
        status.bytes / 1_000_000,
        status.segments,
        milliseconds(open),
        percentiles(plain),
        percentiles(filtered),
        milliseconds(added),
        made.as_secs_f64(),
    );
    if std::env::var_os("KEEP").is_none() {
        std::fs::remove_dir_all(&folder).expect("the index can be removed");
    }
}

fn questions(
    corpus: &Corpus,
    posts: usize,
    index: &Index,
    filter: impl Fn(&mut Dice) -> Filter,
) -> Vec<Duration> {
    let mut dice = Dice::new(99);
    let mut times = Vec::with_capacity(QUESTIONS);
    for _ in 0..QUESTIONS {
        let words = corpus.question(dice.next() as usize % posts.max(1));
        let groups = words.iter().map(|word| group(word)).collect();
        let query = Query { groups, filter: filter(&mut dice) };
        let begin = Instant::now();
        let hits = index.search(&query, LIMIT).expect("the search works");
        times.push(begin.elapsed());
        std::hint::black_box(hits);
    }
    times
}

fn group(word: &str) -> Group {
    let terms = tokens(word, Language::En).into_iter().map(|token| token.term).collect();
    Group::of(Alternative { terms, weight: 1.0 }, Need::Should)
}

/// How long it takes from a walk that has seen one more post until that post is found.
fn add_one(files: &mut Synthetic, index: Index, now: Timestamp) -> Duration {
    let mut times = Vec::new();
    let mut index = index;
    for _ in 0..5 {
        files.add();
        let last = files.stamps.len() - 1;
        let title = files.corpus.recap(last).title;
        let groups = title.split(' ').map(group).collect();
        let posts = vec![files.stamps[last].id.clone()];
        let query = Query { groups, filter: Filter { posts, ..Filter::default() } };
        let begin = Instant::now();
        index = index.refresh(files, now, &Options::default()).expect("the index is refreshed").0;
        let hits = index.search(&query, 1).expect("the search works");
        times.push(begin.elapsed());
        assert_eq!(hits.len(), 1, "the added post is found");
    }
    times.sort();
    times[times.len() / 2]
}

/// The most memory this process has used, in MB; 0 where the system does not tell.
fn peak_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()).and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0)
        / 1_000
}

fn percentiles(mut times: Vec<Duration>) -> String {
    times.sort();
    let at = |share: usize| times.get(times.len() * share / 100).copied().unwrap_or_default();
    format!("{:.3} / {:.3} ms", milliseconds(at(50)), milliseconds(at(99)))
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
