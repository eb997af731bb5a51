//! Runs the real program with posts and folders of a test.

pub mod blog;
pub mod bot;
pub mod mounts;
pub mod postgres;
pub mod proxy;

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use takeaways_answer::{Engine, Strictness};
use takeaways_corpus::{Corpus, CorpusSettings};
use takeaways_digest::{Interest, NewSubscription, Target, WhenEmpty, Zone};
use takeaways_search::{CorpusFiles, Index, IndexOptions};
use takeaways_testing::Program;
pub use takeaways_testing::shared_data::{shared_path, shared_posts, skip};
pub use takeaways_testing::{CliRun, TempCorpus};

/// The program that the tests run.
pub struct Takeaways;

impl Program for Takeaways {
    const PATH: &str = env!("CARGO_BIN_EXE_takeaways");
}

/// A run of the program that is being prepared.
pub type Cli = takeaways_testing::Cli<Takeaways>;

/// Runs the program on its own thread, since the fakes of a test need the thread of the test.
pub async fn run(cli: Cli) -> CliRun {
    tokio::task::spawn_blocking(move || cli.run()).await.expect("no panic")
}

/// An engine over an index in memory of the posts in these folders, or of the compiled-in notes without folders.
pub fn engine_over(folders: Vec<PathBuf>, now: Timestamp) -> Engine {
    let corpus = Corpus::new(CorpusSettings { folders, ..CorpusSettings::default() });
    let files = CorpusFiles::list(&corpus, now);
    let (index, _) = Index::open(None, &files, now, &IndexOptions::default()).expect("an index in memory");
    Engine::new(Arc::new(index), Strictness::default())
}

/// A subscription of a target to all posts, daily at nine.
pub fn daily_subscription(target: Target, made_by: u64, made_at: Timestamp) -> NewSubscription {
    NewSubscription {
        target,
        interests: vec![Interest::default()],
        schedule: "daily at 09:00".parse().expect("a schedule"),
        zone: Zone::utc(),
        when_empty: WhenEmpty::Nothing,
        include_since: None,
        wrap_up: false,
        made_by,
        made_at,
    }
}

/// Reads a text file of the repository.
pub fn read(name: &str) -> String {
    fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The root of the repository.
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}
