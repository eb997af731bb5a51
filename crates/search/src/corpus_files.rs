//! The files of a corpus as the index takes them.

use jiff::Timestamp;
use xxhash_rust::xxh3::xxh3_64;

use super::source::{FileContent, FileSource, Stamp};
use takeaways_corpus::{Corpus, CorpusFile, Problem, SourceFile, read_post};
use takeaways_text::model::Post;

/// A corpus, listed once; its files are read when the index asks for them.
#[derive(Debug)]
pub struct CorpusFiles<'c> {
    corpus: &'c Corpus,
    files: Vec<CorpusFile>,
    stamps: Vec<Stamp>,
    problems: Vec<Problem>,
    now: Timestamp,
}

impl<'c> CorpusFiles<'c> {
    /// Lists the files. `now` judges their dates.
    #[must_use]
    pub fn list(corpus: &'c Corpus, now: Timestamp) -> Self {
        let listing = corpus.list();
        let stamps = listing.files.iter().map(to_stamp).collect();
        Self { corpus, files: listing.files, stamps, problems: listing.problems, now }
    }

    /// What was not listed, and why.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// What the index has to keep apart besides the folders: settings that change what is read from a file.
    #[must_use]
    pub fn settings(corpus: &Corpus) -> String {
        let settings = corpus.settings();
        format!("drafts={} max_bytes={}", settings.drafts, settings.max_bytes)
    }

    /// Drafts are no posts of the index. Posts of the future are, with the time from which they are found; where
    /// drafts are wanted all are found at once.
    fn indexable(&self, post: Option<Post>) -> (Option<Post>, Option<Timestamp>) {
        if self.corpus.settings().drafts {
            return (post, None);
        }
        let post = post.filter(|post| !post.draft);
        let hidden_until = post.as_ref().and_then(|post| post.visible_from);
        (post, hidden_until)
    }
}

fn to_stamp(file: &CorpusFile) -> Stamp {
    Stamp {
        root: file.root,
        path: file.path.clone(),
        id: file.id.clone(),
        size: file.size,
        modified_ns: file.modified_ns,
    }
}

impl FileSource for CorpusFiles<'_> {
    fn stamps(&self) -> &[Stamp] {
        &self.stamps
    }

    fn read(&self, at: usize) -> Result<FileContent, String> {
        let file = self.files.get(at).ok_or("it is not in the list")?;
        // Who tells of it names the path.
        let why = |problem: Problem| format!("{}; {}", problem.what, problem.todo);
        let bytes = self.corpus.read_bytes(file).map_err(why)?;
        let parsed = read_post(&SourceFile { id: &file.id, path: &file.path, bytes: &bytes }, self.now);
        let (post, hidden_until) = self.indexable(parsed.post);
        let (problems, content_hash) = (parsed.problems.len(), xxh3_64(&bytes));
        Ok(FileContent { post, hidden_until, problems, content_hash })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use takeaways_corpus::CorpusSettings;

    #[test]
    fn a_reason_does_not_repeat_the_path() {
        let temp = tempfile::tempdir().expect("a folder");
        let file = temp.path().join("gone.md");
        std::fs::write(&file, "# Gone\n\nSoon.").expect("written");
        let folders = vec![temp.path().to_owned()];
        let corpus = Corpus::new(CorpusSettings { folders, ..CorpusSettings::default() });
        let files = CorpusFiles::list(&corpus, Timestamp::UNIX_EPOCH);
        std::fs::remove_file(&file).expect("removed");
        let why = files.read(0).expect_err("it is gone");
        assert_eq!(why, "it can't be read: there is none; make it readable, or exclude it");
    }
}
