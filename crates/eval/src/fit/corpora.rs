//! The corpora of several sizes that the confidence is fitted over: what makes an answer sure among five posts is little
//! among two hundred.

use std::collections::BTreeMap;

use super::folds;
use crate::library::{Library, Without};
use crate::questions::file_name;
use takeaways_search::{FileSource, Stamp};

/// A folder with at most so many posts is a corpus by itself.
const FEW: usize = 10;

/// What part of all posts a corpus is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    /// All of them.
    All,
    /// About a half.
    Half,
    /// About a quarter.
    Quarter,
    /// One folder with few.
    Folder,
}

impl Size {
    /// All of them, the largest first.
    pub const ALL: [Self; 4] = [Self::All, Self::Half, Self::Quarter, Self::Folder];

    /// What a question counts in it: a question without its posts there is asked again in every part, and says less
    /// each time.
    #[must_use]
    pub fn weight(self, is_there: bool) -> f64 {
        match self {
            Self::All => 1.0,
            _ if is_there => 0.5,
            Self::Half => 0.25,
            Self::Quarter | Self::Folder => 0.06,
        }
    }
}

/// Some of the files.
#[derive(Debug)]
pub struct Corpus<'l> {
    /// How many of them.
    pub size: Size,
    /// They.
    pub files: Without<'l>,
}

impl Corpus<'_> {
    /// Whether a file of this name is among them.
    #[must_use]
    pub fn holds(&self, name: &str) -> bool {
        self.files.stamps().iter().any(|stamp| file_name(&stamp.path) == name)
    }
}

/// All corpora that can be made of these files; an empty one, or one that holds them all again, is left out.
#[must_use]
pub fn corpora(library: &Library) -> Vec<Corpus<'_>> {
    let all = library.stamps().len();
    let mut corpora = vec![Corpus { size: Size::All, files: library.only(|_| true) }];
    let mut add = |size, fits: &dyn Fn(&Stamp) -> bool| {
        let files = library.only(fits);
        if (1..all).contains(&files.stamps().len()) {
            corpora.push(Corpus { size, files });
        }
    };
    for (size, parts) in [(Size::Half, 2), (Size::Quarter, 4)] {
        for part in 0..parts {
            add(size, &|stamp| folds::part(file_name(&stamp.path), parts) == part);
        }
    }
    let mut folders: BTreeMap<usize, usize> = BTreeMap::new();
    for stamp in library.stamps() {
        *folders.entry(stamp.root).or_default() += 1;
    }
    for (root, _) in folders.into_iter().filter(|(_, files)| *files <= FEW) {
        add(Size::Folder, &|stamp| stamp.root == root);
    }
    corpora
}

#[cfg(test)]
mod tests {
    use super::*;
    use takeaways_search::Read;
    use takeaways_text::model::PostId;

    struct Names(Vec<Stamp>);

    impl FileSource for Names {
        fn stamps(&self) -> &[Stamp] {
            &self.0
        }

        fn read(&self, _: usize) -> Result<Read, String> {
            Err("nobody reads it".into())
        }
    }

    fn library(folders: &[usize]) -> Library {
        let stamps = folders.iter().enumerate().flat_map(|(root, count)| {
            (0..*count).map(move |at| {
                let path = format!("in/{root}-{at}.md");
                Stamp { root, id: PostId(path.clone()), path, size: 1, modified_ns: 1 }
            })
        });
        Library::read(&Names(stamps.collect()))
    }

    #[test]
    fn halves_quarters_and_small_folders() {
        let library = library(&[5, 40]);
        let corpora = corpora(&library);
        let sizes: Vec<Size> = corpora.iter().map(|corpus| corpus.size).collect();
        let expected = [&[Size::All; 1][..], &[Size::Half; 2], &[Size::Quarter; 4], &[Size::Folder]].concat();
        assert_eq!(sizes, expected);
        let files = |size| -> usize {
            corpora.iter().filter(|corpus| corpus.size == size).map(|it| it.files.stamps().len()).sum()
        };
        assert_eq!(Size::ALL.map(files), [45, 45, 45, 5]);
        assert!(corpora[7].holds("0-4.md") && !corpora[7].holds("1-4.md"));
    }

    #[test]
    fn what_would_be_all_again_or_nothing_is_left_out() {
        let library = library(&[1]);
        assert_eq!(corpora(&library).len(), 1);
    }
}
