//! The files of a corpus, each read once: what answers are compared with, and what an index is built from, with or
//! without some of them.

use std::collections::{BTreeSet, HashMap};

use super::questions::file_name;
use takeaways_search::{FileSource, Read, Stamp};
use takeaways_text::model::{Post, PostId};

/// All files of a corpus in memory.
#[derive(Debug)]
pub struct Library {
    stamps: Vec<Stamp>,
    read: Vec<Result<Read, String>>,
    places: HashMap<PostId, usize>,
}

/// A library of which some files are taken away.
#[derive(Debug)]
pub struct Without<'l> {
    library: &'l Library,
    stamps: Vec<Stamp>,
    places: Vec<usize>,
}

impl Library {
    /// Reads all files.
    #[must_use]
    pub fn read(files: &dyn FileSource) -> Self {
        let stamps = files.stamps().to_vec();
        let read = (0..stamps.len()).map(|at| files.read(at)).collect();
        let places = stamps.iter().enumerate().map(|(at, stamp)| (stamp.id.clone(), at)).collect();
        Self { stamps, read, places }
    }

    /// The post of this id.
    #[must_use]
    pub fn post(&self, id: &PostId) -> Option<&Post> {
        self.post_at(*self.places.get(id)?)
    }

    /// All posts, each with the name of its file.
    pub fn posts(&self) -> impl Iterator<Item = (&str, &Post)> {
        let stamps = self.stamps.iter().enumerate();
        stamps.filter_map(|(at, stamp)| Some((file_name(&stamp.path), self.post_at(at)?)))
    }

    /// The files that could not be read, and why.
    pub fn unread(&self) -> impl Iterator<Item = (&str, &str)> {
        let both = self.stamps.iter().zip(&self.read);
        both.filter_map(|(stamp, read)| Some((stamp.path.as_str(), read.as_ref().err()?.as_str())))
    }

    /// All files but those of these names.
    #[must_use]
    pub fn without(&self, names: &BTreeSet<String>) -> Without<'_> {
        self.only(|stamp| !names.contains(file_name(&stamp.path)))
    }

    /// The files that fit.
    #[must_use]
    pub fn only(&self, fits: impl Fn(&Stamp) -> bool) -> Without<'_> {
        let places: Vec<usize> = (0..self.stamps.len()).filter(|at| fits(&self.stamps[*at])).collect();
        Without { library: self, stamps: places.iter().map(|at| self.stamps[*at].clone()).collect(), places }
    }

    fn post_at(&self, at: usize) -> Option<&Post> {
        self.read.get(at)?.as_ref().ok()?.post.as_ref()
    }
}

impl FileSource for Library {
    fn stamps(&self) -> &[Stamp] {
        &self.stamps
    }

    fn read(&self, at: usize) -> Result<Read, String> {
        self.read.get(at).cloned().unwrap_or_else(|| Err("it is not in the list".into()))
    }
}

impl FileSource for Without<'_> {
    fn stamps(&self) -> &[Stamp] {
        &self.stamps
    }

    fn read(&self, at: usize) -> Result<Read, String> {
        let at = self.places.get(at).ok_or("it is not in the list")?;
        FileSource::read(self.library, *at)
    }
}
