//! Where files begin among the documents of a part: a bit for each document, set for files.
//!
//! The same could be read from columns, but it is asked for with each step of each search.

use tantivy::DocId;

/// Which documents are files; those after each are its passages.
#[derive(Debug)]
pub(super) struct FileLayout {
    files: Vec<u64>,
}

impl FileLayout {
    /// From where the next file begins after each. `None` where they don't add up.
    pub(super) fn new(documents: DocId, after: impl Fn(DocId) -> DocId) -> Option<Self> {
        let mut layout = Self { files: vec![0; documents as usize / 64 + 1] };
        let mut file = 0;
        while file < documents {
            layout.files[file as usize / 64] |= 1 << (file % 64);
            file = after(file);
        }
        (file == documents).then_some(layout)
    }

    /// The file document that a document belongs to.
    pub(super) fn file_of(&self, doc: DocId) -> DocId {
        let mut word = doc / 64;
        let mut bits = self.files[word as usize] & (u64::MAX >> (63 - doc % 64));
        while bits == 0 && word > 0 {
            word -= 1;
            bits = self.files[word as usize];
        }
        word * 64 + bits.checked_ilog2().unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_document_finds_its_file() {
        let files = [0, 1, 5, 64, 65, 300];
        let after = |file| files.into_iter().find(|&next| next > file).unwrap_or(400);
        let layout = FileLayout::new(400, after).expect("they add up");
        for doc in 0..400 {
            let file = files.into_iter().rev().find(|&file| file <= doc).expect("0 is a file");
            assert_eq!(layout.file_of(doc), file, "{doc}");
        }
        assert!(FileLayout::new(399, after).is_none());
        assert!(FileLayout::new(0, after).is_some());
    }
}
