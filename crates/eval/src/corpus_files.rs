//! A corpus in memory, subsets of it, and the samples of several sizes that the confidence is fitted over.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::fit::partition;
use crate::questions::file_name;
use takeaways_search::{CorpusFile, FileContent, FileSource};
use takeaways_text::model::{Post, PostId};

/// All files of a corpus in memory. Each is read once.
#[derive(Debug)]
pub struct InMemoryCorpus {
    stamps: Vec<CorpusFile>,
    results: Vec<Result<FileContent, String>>,
    index_by_id: HashMap<PostId, usize>,
    hides_unpublished: bool,
}

/// Some files of a corpus.
#[derive(Debug)]
pub struct CorpusSubset<'l> {
    corpus: &'l InMemoryCorpus,
    stamps: Vec<CorpusFile>,
    indexes: Vec<usize>,
}

impl InMemoryCorpus {
    /// Reads all files.
    pub fn load(files: &dyn FileSource) -> Self {
        let stamps = files.files().to_vec();
        let results = (0..stamps.len()).map(|at| files.read(at)).collect();
        let index_by_id = stamps.iter().enumerate().map(|(at, stamp)| (stamp.id.clone(), at)).collect();
        Self { stamps, results, index_by_id, hides_unpublished: files.hides_unpublished() }
    }

    /// Returns the post with this id.
    pub fn post(&self, id: &PostId) -> Option<&Post> {
        self.post_at(*self.index_by_id.get(id)?)
    }

    /// Returns all posts, each with the name of its file.
    pub fn posts(&self) -> impl Iterator<Item = (&str, &Post)> {
        let stamps = self.stamps.iter().enumerate();
        stamps.filter_map(|(at, stamp)| Some((file_name(&stamp.path), self.post_at(at)?)))
    }

    /// Returns the paths of the files that could not be read, with the reasons.
    pub fn failures(&self) -> impl Iterator<Item = (&str, &str)> {
        let files = self.stamps.iter().zip(&self.results);
        files.filter_map(|(stamp, result)| Some((stamp.path.as_str(), result.as_ref().err()?.as_str())))
    }

    /// Returns all files except those with these names.
    pub fn without(&self, names: &BTreeSet<String>) -> CorpusSubset<'_> {
        self.subset(|stamp| !names.contains(file_name(&stamp.path)))
    }

    /// Returns the files whose stamps pass the filter.
    pub fn subset(&self, filter: impl Fn(&CorpusFile) -> bool) -> CorpusSubset<'_> {
        let indexes: Vec<usize> = (0..self.stamps.len()).filter(|at| filter(&self.stamps[*at])).collect();
        CorpusSubset {
            corpus: self,
            stamps: indexes.iter().map(|at| self.stamps[*at].clone()).collect(),
            indexes,
        }
    }

    fn post_at(&self, at: usize) -> Option<&Post> {
        self.results.get(at)?.as_ref().ok()?.post.as_ref()
    }
}

impl FileSource for InMemoryCorpus {
    fn files(&self) -> &[CorpusFile] {
        &self.stamps
    }

    fn hides_unpublished(&self) -> bool {
        self.hides_unpublished
    }

    fn read(&self, at: usize) -> Result<FileContent, String> {
        self.results.get(at).cloned().unwrap_or_else(|| Err("it is not in the list".into()))
    }
}

impl FileSource for CorpusSubset<'_> {
    fn files(&self) -> &[CorpusFile] {
        &self.stamps
    }

    fn hides_unpublished(&self) -> bool {
        self.corpus.hides_unpublished
    }

    fn read(&self, at: usize) -> Result<FileContent, String> {
        let at = self.indexes.get(at).ok_or("it is not in the list")?;
        FileSource::read(self.corpus, *at)
    }
}

/// The most posts of a folder that is a sample by itself.
const MAX_FOLDER_POSTS: usize = 10;

/// The size of a sample of the corpus.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CorpusSize {
    /// All posts.
    All,
    /// About half of the posts.
    Half,
    /// About a quarter of the posts.
    Quarter,
    /// One folder with few posts.
    Folder,
}

impl CorpusSize {
    /// All sizes, the largest first.
    pub const ALL: [Self; 4] = [Self::All, Self::Half, Self::Quarter, Self::Folder];

    /// Returns the weight of a question in a sample of this size. A question without its posts is asked in many
    /// samples, so each of these cases counts less.
    pub fn weight(self, is_answerable: bool) -> f64 {
        match self {
            Self::All => 1.0,
            _ if is_answerable => 0.5,
            Self::Half => 0.25,
            Self::Quarter | Self::Folder => 0.06,
        }
    }
}

/// A sample of the corpus.
#[derive(Debug)]
pub struct CorpusSample<'l> {
    /// The size of the sample.
    pub size: CorpusSize,
    /// The files.
    pub files: CorpusSubset<'l>,
}

impl CorpusSample<'_> {
    /// Returns whether the sample has a file with this name.
    pub fn contains_file(&self, name: &str) -> bool {
        self.files.files().iter().any(|stamp| file_name(&stamp.path) == name)
    }
}

/// Returns all samples of the corpus. Samples that are empty, or that have all files again, are left out.
pub fn sample_corpora(corpus: &InMemoryCorpus) -> Vec<CorpusSample<'_>> {
    let all = corpus.files().len();
    let mut corpora = vec![CorpusSample { size: CorpusSize::All, files: corpus.subset(|_| true) }];
    let mut add = |size, filter: &dyn Fn(&CorpusFile) -> bool| {
        let files = corpus.subset(filter);
        if (1..all).contains(&files.files().len()) {
            corpora.push(CorpusSample { size, files });
        }
    };
    for (size, parts) in [(CorpusSize::Half, 2), (CorpusSize::Quarter, 4)] {
        for part in 0..parts {
            add(size, &|stamp| partition(file_name(&stamp.path), parts) == part);
        }
    }
    let mut folders: BTreeMap<usize, usize> = BTreeMap::new();
    for stamp in corpus.files() {
        *folders.entry(stamp.root).or_default() += 1;
    }
    for (root, _) in folders.into_iter().filter(|(_, files)| *files <= MAX_FOLDER_POSTS) {
        add(CorpusSize::Folder, &|stamp| stamp.root == root);
    }
    corpora
}

#[cfg(test)]
mod tests {
    use super::*;

    struct UnreadableFiles(Vec<CorpusFile>);

    impl FileSource for UnreadableFiles {
        fn files(&self) -> &[CorpusFile] {
            &self.0
        }

        fn hides_unpublished(&self) -> bool {
            false
        }

        fn read(&self, _: usize) -> Result<FileContent, String> {
            Err("it is never read".into())
        }
    }

    fn in_memory(folders: &[usize]) -> InMemoryCorpus {
        let stamps = folders.iter().enumerate().flat_map(|(root, count)| {
            (0..*count).map(move |at| {
                let path = format!("in/{root}-{at}.md");
                CorpusFile { root, id: PostId(path.clone()), path, size: 1, modified_ns: 1 }
            })
        });
        InMemoryCorpus::load(&UnreadableFiles(stamps.collect()))
    }

    #[test]
    fn halves_quarters_and_small_folders() {
        let corpus = in_memory(&[5, 40]);
        let corpora = sample_corpora(&corpus);
        let sizes: Vec<CorpusSize> = corpora.iter().map(|corpus| corpus.size).collect();
        let expected = [
            &[CorpusSize::All; 1][..],
            &[CorpusSize::Half; 2],
            &[CorpusSize::Quarter; 4],
            &[CorpusSize::Folder],
        ]
        .concat();
        assert_eq!(sizes, expected);
        let files = |size| -> usize {
            corpora.iter().filter(|corpus| corpus.size == size).map(|sample| sample.files.files().len()).sum()
        };
        assert_eq!(CorpusSize::ALL.map(files), [45, 45, 45, 5]);
        assert!(corpora[7].contains_file("0-4.md") && !corpora[7].contains_file("1-4.md"));
    }

    #[test]
    fn empty_and_complete_samples_are_left_out() {
        let corpus = in_memory(&[1]);
        assert_eq!(sample_corpora(&corpus).len(), 1);
    }
}
