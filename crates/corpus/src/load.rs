//! Reads a whole corpus: its posts, its problems, and how many files there were of each kind.

use super::Problem;
use super::folder::SkippedFiles;
use super::identity::DuplicateFinder;
use super::source::{Corpus, CorpusFile};
use super::threads::{map_in_parallel, thread_count};
use jiff::Timestamp;
use serde::Serialize;
use takeaways_text::model::{Post, PostKind};

/// Counts of files and posts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CorpusCounts {
    /// Listed files.
    pub files: usize,
    /// Visible posts, notes not included.
    pub posts: usize,
    /// Visible notes.
    pub notes: usize,
    /// Posts and notes that are drafts and were left out.
    pub drafts: usize,
    /// Posts and notes whose time of publication is in the future and that were left out.
    pub scheduled: usize,
    /// Files that were not accepted.
    #[serde(rename = "refused")]
    pub rejected: usize,
    /// Files of kinds that are not read, by extension.
    pub skipped: SkippedFiles,
}

/// How a corpus is read.
#[derive(Clone, Copy, Default)]
pub struct ReadOptions<'a> {
    /// Threads that read files; 0 chooses their number. The outcome does not depend on it.
    pub threads: usize,
    /// Callback for the progress: the number of files that were read, and of all files.
    pub progress: Option<&'a dyn Fn(usize, usize)>,
}

/// The most files that are read before their posts are visited.
const MAX_BATCH_FILES: usize = 256;
/// The same in bytes. The posts of a batch are in memory together.
const MAX_BATCH_BYTES: u64 = 4 << 20;

/// Reads a corpus in batches, so that not all posts are in memory at once. The posts are visited in the order of folders
/// and paths. Returns the problems, sorted by folder and path, and the counts.
pub fn for_each_post(
    corpus: &Corpus,
    now: Timestamp,
    options: &ReadOptions<'_>,
    mut visit: impl FnMut(Post),
) -> (Vec<Problem>, CorpusCounts) {
    let listing = corpus.list();
    let mut problems = listing.problems;
    let skipped = listing.skipped;
    let mut counts = CorpusCounts { files: listing.files.len(), skipped, ..CorpusCounts::default() };
    let mut duplicates = DuplicateFinder::default();
    let threads = thread_count(listing.files.len(), options.threads);
    let mut done = 0;
    let batches = batches(&listing.files).flat_map(|batch| {
        let parsed = map_in_parallel(batch.len(), threads, |at| corpus.read_file(&batch[at], now));
        batch.iter().zip(parsed)
    });
    for (file, mut parsed) in batches {
        done += 1;
        if let Some(progress) = options.progress {
            progress(done, listing.files.len());
        }
        problems.append(&mut parsed.problems);
        let Some(post) = parsed.post else {
            counts.rejected += 1;
            continue;
        };
        if let Some(problem) = corpus.exclusion(&post, now) {
            *(if post.draft { &mut counts.drafts } else { &mut counts.scheduled }) += 1;
            problems.push(corpus.with_folder(problem, file.root));
            continue;
        }
        problems.extend(duplicates.check(&post).map(|problem| corpus.with_folder(problem, file.root)));
        *(if post.kind == PostKind::Note { &mut counts.notes } else { &mut counts.posts }) += 1;
        visit(post);
    }
    problems.sort();
    (problems, counts)
}

/// Splits a list of files into batches of bounded size. A file that is larger is a batch of its own.
fn batches(mut files: &[CorpusFile]) -> impl Iterator<Item = &[CorpusFile]> {
    std::iter::from_fn(move || {
        let mut bytes = 0;
        let fits = |file: &&CorpusFile| {
            bytes += file.size;
            bytes <= MAX_BATCH_BYTES
        };
        let count = files.iter().take(MAX_BATCH_FILES).take_while(fits).count().max(1).min(files.len());
        let (batch, rest) = files.split_at(count);
        files = rest;
        (!batch.is_empty()).then_some(batch)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shared_posts::load_corpus;
    use crate::testing::now;
    use crate::{CorpusSettings, ExcludePatterns};
    use std::fs;

    #[test]
    fn drafts_scheduled_and_twins_are_counted() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in [
            ("a.md", "---\ntitle: A\ndate: 2019-01-02\n---\nThe same words."),
            ("b.md", "---\ntitle: B\ndate: 2019-01-02\n---\nThe  same words!"),
            ("c.md", "---\ntitle: C\ndate: 2019-01-02\ndraft: true\n---\nA draft."),
            ("d.md", "---\ntitle: D\ndate: 2019-01-02\npublishDate: 2099-01-01\n---\nLater."),
            ("d2.md", "---\ntitle: D2\npublishDate: 2099-01-01\n---\nAs late."),
            ("e.md", ""),
            ("sub/f.md", "---\nsource: {title: F, date: 2019-01-02}\n---\nA note."),
            ("README.md", "No post."),
            ("photo.JPG", "A picture."),
            ("sub/photo.jpg", "A picture."),
            ("Makefile", "all:"),
            (".hidden.json", "{}"),
            ("drafts.json", "{}"),
        ] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        let settings =
            CorpusSettings { folders: vec![folder.path().to_owned()], ..CorpusSettings::default() };
        let loaded = load_corpus(&Corpus::new(settings.clone()));
        let skipped = [(".jpg", 2), (".json", 1), ("no extension", 1)];
        let skipped = skipped.into_iter().map(|(extension, count)| (extension.to_owned(), count)).collect();
        assert_eq!(
            loaded.counts,
            CorpusCounts { files: 7, posts: 2, notes: 1, drafts: 1, scheduled: 2, rejected: 1, skipped }
        );
        assert_eq!(
            loaded.posts.iter().map(|post| post.id.0.as_str()).collect::<Vec<_>>(),
            ["a", "b", "sub/f"]
        );
        let codes: Vec<(&str, &str)> = loaded.problems.iter().map(|p| (p.path.as_str(), p.code)).collect();
        assert_eq!(
            codes,
            [
                ("b.md", "duplicate"),
                ("c.md", "draft"),
                ("d.md", "scheduled"),
                ("d2.md", "scheduled"),
                ("e.md", "empty"),
            ]
        );
        assert!(loaded.has_errors());
        let all = load_corpus(&Corpus::new(CorpusSettings { drafts: true, ..settings }));
        assert_eq!((all.counts.posts, all.counts.notes, all.counts.drafts), (5, 1, 0));
        assert!(all.posts.iter().any(|post| post.draft));
    }

    #[test]
    fn the_number_of_threads_changes_nothing() {
        let folder = tempfile::tempdir().expect("a folder");
        for number in 0..300 {
            let text = match number % 7 {
                0 => String::new(),
                1 => "---\ndate: 2019-01-02\n---\nThe same words.".to_owned(),
                2 => format!("# {number}\n\n{}", "Words of some length. ".repeat(50 * (number % 5))),
                _ => format!("# {number}\n\nWords {number}."),
            };
            fs::write(folder.path().join(format!("{number}.md")), text).expect("a file");
        }
        let folders = vec![folder.path().to_owned()];
        let corpus = Corpus::new(CorpusSettings { folders, ..CorpusSettings::default() });
        let read = |threads| {
            let (mut ids, last) = (Vec::new(), std::cell::Cell::new((0, 0)));
            let progress = |done, all| last.set((done, all));
            let options = ReadOptions { threads, progress: Some(&progress) };
            let (problems, counts) = for_each_post(&corpus, now(), &options, |post| ids.push(post.id));
            assert_eq!(last.get(), (300, 300));
            (ids, problems, counts)
        };
        let alone = read(1);
        assert!(alone.0.len() > 200 && alone.0.is_sorted(), "{:?}", alone.2);
        for threads in [0, 2, 5] {
            assert_eq!(read(threads), alone, "{threads}");
        }
    }

    #[test]
    fn batches_are_bounded() {
        let file = |size| CorpusFile {
            root: 0,
            path: String::new(),
            id: takeaways_text::model::PostId(String::new()),
            size,
            modified_ns: 0,
        };
        let sizes = |sizes: &[u64]| {
            let files: Vec<CorpusFile> = sizes.iter().map(|&size| file(size)).collect();
            batches(&files).map(<[_]>::len).collect::<Vec<_>>()
        };
        assert_eq!(sizes(&[]), [0; 0]);
        assert_eq!(sizes(&[1; 600]), [256, 256, 88]);
        assert_eq!(sizes(&[MAX_BATCH_BYTES + 1, 1, MAX_BATCH_BYTES, 1]), [1, 1, 1, 1]);
    }

    #[test]
    fn folders_that_are_named_twice_or_lie_in_each_other_are_read_once() {
        let folder = tempfile::tempdir().expect("a folder");
        for (name, text) in [("a.md", "Words."), ("sub/b.md", "Other words."), ("sub/in/c.md", "More words.")]
        {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        let ids = |folders: &[&str]| {
            let folders = folders.iter().map(|name| folder.path().join(name)).collect();
            let corpus = Corpus::new(CorpusSettings { folders, ..CorpusSettings::default() });
            corpus.list().files.into_iter().map(|file| file.id.0).collect::<Vec<_>>()
        };
        assert_eq!(ids(&[""]), ["a", "sub/b", "sub/in/c"]);
        assert_eq!(ids(&["", ".", "sub/.."]), ["a", "sub/b", "sub/in/c"]);
        assert_eq!(ids(&["", "sub"]), ["a", "b", "in/c"]);
        assert_eq!(ids(&["sub/in", "sub"]), ["c", "b"]);
        assert_eq!(ids(&["sub", "sub/"]), ["b", "in/c"]);
    }

    #[test]
    fn a_folder_without_posts_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir_all(folder.path().join("empty")).expect("a folder");
        fs::create_dir_all(folder.path().join("posts/drafts")).expect("a folder");
        for name in ["posts/a.md", "posts/drafts/b.md", "posts/drafts.md"] {
            fs::write(folder.path().join(name), "---\ntitle: T\ndate: 2019-01-02\n---\nWords.")
                .expect("a file");
        }
        let read = |folders: &[&str], exclude: &[&str]| {
            let folders = folders.iter().map(|name| folder.path().join(name)).collect();
            let exclude = ExcludePatterns::new(exclude).expect("patterns");
            let listing =
                Corpus::new(CorpusSettings { folders, exclude, ..CorpusSettings::default() }).list();
            let codes: Vec<&str> = listing.problems.iter().map(|problem| problem.code).collect();
            (listing.files.len(), codes.join(" "))
        };
        assert_eq!(read(&["empty"], &[]), (0, "no-posts".to_owned()));
        assert_eq!(read(&["posts"], &["*.md"]), (0, "no-posts".to_owned()));
        assert_eq!(read(&["", "posts"], &[]), (3, String::new()));
        assert_eq!(read(&["posts"], &[]), (3, String::new()));
        assert_eq!(read(&["posts"], &["Drafts"]), (2, String::new()));
        assert_eq!(read(&["posts"], &["draft*"]), (2, String::new()));
    }

    #[test]
    fn without_folders_the_notes_are_the_corpus() {
        let loaded = load_corpus(&Corpus::new(CorpusSettings::default()));
        assert_eq!((loaded.counts.posts, loaded.counts.notes), (0, crate::source::EMBEDDED_NOTES.len()));
        assert!(!loaded.has_errors(), "{:?}", loaded.problems);
    }
}
