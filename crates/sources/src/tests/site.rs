//! Sources in folders of their own, over a web in memory.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::memory_web::MemoryWeb;
use super::{block_on, clock, now, refresher};
use crate::{
    Clock, Library, PostOutcome, RefreshOptions, RefreshReport, Refresher, Removal, Source, SourceKind, Web,
};

/// The feed of the blog that most tests have.
pub(crate) const FEED: &str = "https://blog.example/feed.xml";

/// A web with a process that reads it.
pub(crate) struct TestSite {
    folder: tempfile::TempDir,
    clock: Clock,
    pub web: Arc<MemoryWeb>,
    pub process: Refresher,
}

impl TestSite {
    pub(crate) fn new(web: Arc<MemoryWeb>) -> Self {
        Self::with_clock(web, clock())
    }

    pub(crate) fn with_clock(web: Arc<MemoryWeb>, clock: Clock) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let process = process(&web, &clock, folder.path());
        Self { folder, clock, web, process }
    }

    /// The same with a source.
    pub(crate) fn with(self, url: &str, kind: SourceKind) -> Self {
        self.add(url, kind);
        self
    }

    /// Another process on the same folders.
    pub(crate) fn other_process(&self) -> Refresher {
        process(&self.web, &self.clock, self.folder.path())
    }

    /// The folder with the corpus and the state.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn corpus(&self) -> PathBuf {
        self.folder().join("corpus")
    }

    pub(crate) fn library(&self) -> &Library {
        self.process.library()
    }

    pub(crate) fn add(&self, url: &str, kind: SourceKind) {
        self.add_source(Source::new(url, kind, now()));
    }

    pub(crate) fn add_source(&self, source: Source) {
        self.library().add_source(&self.corpus(), source).expect("added");
    }

    /// Adds and reads a source as `corpus add` does.
    pub(crate) fn add_and_read(&self, source: Source) -> RefreshReport {
        let added = self.library().add_source(&self.corpus(), source).expect("written");
        let only = vec![added.identity()];
        block_on(self.process.refresh(&RefreshOptions { is_forced: true, only, ..RefreshOptions::default() }))
    }

    pub(crate) fn remove(&self, name: &str) -> Removal {
        self.library().remove(name, false).expect("removed").expect("it is there")
    }

    /// Refreshes all sources, also those that are not due.
    pub(crate) fn refresh(&self) -> RefreshReport {
        block_on(self.process.refresh(&RefreshOptions { is_forced: true, ..RefreshOptions::default() }))
    }

    pub(crate) fn refresh_due(&self) -> RefreshReport {
        block_on(self.process.refresh(&RefreshOptions::default()))
    }

    pub(crate) fn outcomes(&self) -> Vec<PostOutcome> {
        self.refresh().posts.into_iter().map(|(_, post)| post.outcome).collect()
    }

    /// The names of the files of the blog, also of new texts beside them.
    pub(crate) fn files(&self) -> Vec<String> {
        let entries = fs::read_dir(self.file("")).into_iter().flatten();
        let name = |entry: std::io::Result<fs::DirEntry>| entry.expect("an entry").file_name();
        let mut names: Vec<String> =
            entries.map(|entry| name(entry).to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.corpus().join("blog.example").join(name)
    }

    /// The number of posts of each source.
    pub(crate) fn counts(&self) -> Vec<usize> {
        self.library().rows().0.iter().map(|row| row.posts().count()).collect()
    }
}

fn process(web: &Arc<MemoryWeb>, clock: &Clock, folder: &Path) -> Refresher {
    refresher(Arc::clone(web) as Arc<dyn Web>, Arc::clone(clock), folder, Duration::ZERO)
}
