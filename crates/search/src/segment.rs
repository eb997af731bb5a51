//! A segment of the index, opened for reading. It never changes: what is deleted later is another part.
//!
//! Where files begin among the documents of a part: a bit for each document, set for files.
//!
//! The same could be read from columns, but it is asked for with each step of each search.
//!
//! What there is in a part, counted once when it is opened.

use crate::{
    documents::{LANGUAGE_CODES, StoredPost, language_from_code},
    error::SearchError,
    load::read_error,
    schema::{SchemaFields, TextField, column},
};
use std::sync::Arc;
use takeaways_text::model::{Language, Post};
use tantivy::{
    DocId, InvertedIndexReader, Segment, SegmentReader, TantivyError,
    columnar::{Column, ColumnValues, StrColumn},
    error::DataCorruption,
    fieldnorm::FieldNormReader,
    index::SegmentId,
    store::StoreReader,
};

/// Which state of which segment a part is.
pub(super) type SegmentVersion = (SegmentId, Option<u64>);

/// A segment, opened for reading.
pub(super) struct IndexSegment {
    pub(super) reader: SegmentReader,
    /// In the order of [`TextField::ALL`].
    inverted_indexes: [Arc<InvertedIndexReader>; 6],
    field_norms: [FieldNormReader; 6],
    /// The place of each document after its file document.
    ordinals: Arc<dyn ColumnValues<u64>>,
    entries: Arc<dyn ColumnValues<u64>>,
    passages: Option<Column<u64>>,
    layout: FileLayout,
    store: StoreReader,
    /// Documents that are deleted but still there, in order. Kept few by merging: `write::merges`.
    pub(super) deleted: Vec<DocId>,
    counts: SegmentCounts,
}

impl IndexSegment {
    /// Opens a segment.
    pub(super) fn open(segment: &Segment, fields: &SchemaFields) -> Result<Self, TantivyError> {
        let reader = SegmentReader::open(segment)?;
        let words = for_each_field(|zone| reader.inverted_index(fields.text_field(zone)))?;
        let lengths = for_each_field(|zone| reader.get_fieldnorms_reader(fields.text_field(zone)))?;
        let ordinals = full_column(&reader, column::ORDINAL)?;
        let entries = full_column(&reader, column::ENTRY)?;
        let passages = reader.fast_fields().column_opt(column::PASSAGES)?;
        let layout = file_layout(&reader, passages.as_ref())?;
        // Posts are cached as they come out of the store; blocks of the store need no cache of their own.
        let store = reader.get_store_reader(1)?;
        let deleted = match reader.alive_bitset() {
            Some(alive) => (0..reader.max_doc()).filter(|&doc| alive.is_deleted(doc)).collect(),
            None => Vec::new(),
        };
        let mut part = Self {
            reader,
            inverted_indexes: words,
            field_norms: lengths,
            ordinals,
            entries,
            passages,
            layout,
            store,
            deleted,
            counts: SegmentCounts::default(),
        };
        part.counts = SegmentCounts::of_segment(&part)?;
        Ok(part)
    }

    /// Which segment it is, and in which state.
    pub(super) fn id(&self) -> SegmentVersion {
        (self.reader.segment_id(), self.reader.delete_opstamp())
    }

    /// What there is in it.
    pub(super) fn counts(&self) -> &SegmentCounts {
        &self.counts
    }

    /// The terms and postings of a zone.
    pub(super) fn inverted_index(&self, zone: TextField) -> &InvertedIndexReader {
        &self.inverted_indexes[zone.index()]
    }

    /// How long each document is in a zone.
    pub(super) fn field_norms(&self, zone: TextField) -> &FieldNormReader {
        &self.field_norms[zone.index()]
    }

    /// Whether a document is still part of the index.
    pub(super) fn is_alive(&self, doc: DocId) -> bool {
        self.reader.alive_bitset().is_none_or(|alive| alive.is_alive(doc))
    }

    /// A document's place in its file: 0 for the file itself.
    pub(super) fn ordinal(&self, doc: DocId) -> u32 {
        doc - self.file_of(doc)
    }

    /// The file document that a document belongs to.
    pub(super) fn file_of(&self, doc: DocId) -> DocId {
        self.layout.file_of(doc)
    }

    /// The file documents that are alive, with the number of their post's passages; `None` without a post.
    pub(super) fn live_files(&self) -> impl Iterator<Item = (DocId, Option<u32>)> + '_ {
        let mut next = 0;
        std::iter::from_fn(move || {
            while next < self.reader.max_doc() {
                let file = next;
                let passages = passage_count(self.passages.as_ref(), file);
                next = next_file(file, passages);
                if self.is_alive(file) {
                    return Some((file, passages));
                }
            }
            None
        })
    }

    /// The post of a file document.
    ///
    /// # Errors
    /// [`SearchError::Damaged`] where there is none.
    pub(super) fn post(&self, file: DocId) -> Result<Post, SearchError> {
        self.store.get::<StoredPost>(file).map_err(read_error)?.into_post()
    }

    /// The file document and the place among the post's passages of a passage document, both checked.
    ///
    /// # Errors
    /// [`SearchError::Damaged`] where the two don't belong together.
    pub(super) fn locate_passage(&self, doc: DocId) -> Result<(DocId, usize), SearchError> {
        let file = self.file_of(doc);
        let ordinal = self.ordinal(doc);
        let as_written = self.ordinals.get_val(doc) == u64::from(ordinal)
            && self.entries.get_val(doc) == self.entries.get_val(file);
        if ordinal == 0 || !as_written {
            let what = format!("document {doc} does not belong to its file");
            return Err(SearchError::Damaged { what });
        }
        Ok((file, ordinal as usize - 1))
    }

    /// A column of numbers; `None` where no document has a value.
    pub(super) fn u64_column(&self, name: &str) -> Result<Option<Column<u64>>, TantivyError> {
        self.reader.fast_fields().column_opt(name)
    }

    /// A column of signed numbers; `None` where no document has a value.
    pub(super) fn i64_column(&self, name: &str) -> Result<Option<Column<i64>>, TantivyError> {
        self.reader.fast_fields().column_opt(name)
    }

    /// A column of texts; `None` where no document has a value.
    pub(super) fn text_column(&self, name: &str) -> Result<Option<StrColumn>, TantivyError> {
        self.reader.fast_fields().str(name)
    }
}

fn file_layout(reader: &SegmentReader, passages: Option<&Column<u64>>) -> Result<FileLayout, TantivyError> {
    let damaged = || DataCorruption::comment_only("files and passages don't belong together").into();
    FileLayout::new(reader.max_doc(), |file| next_file(file, passage_count(passages, file)))
        .ok_or_else(damaged)
}

/// How many passages follow a file; `None` where it has no post.
fn passage_count(passages: Option<&Column<u64>>, file: DocId) -> Option<u32> {
    let count = passages.and_then(|column| column.first(file))?;
    Some(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Where the next file is.
fn next_file(file: DocId, passages: Option<u32>) -> DocId {
    file.saturating_add(1).saturating_add(passages.unwrap_or(0))
}

fn full_column(reader: &SegmentReader, name: &str) -> Result<Arc<dyn ColumnValues<u64>>, TantivyError> {
    let column = reader.fast_fields().u64(name)?;
    Ok(if column.get_cardinality() == tantivy::columnar::Cardinality::Full {
        column.values
    } else {
        column.first_or_default_col(0)
    })
}

fn for_each_field<T>(get: impl Fn(TextField) -> Result<T, TantivyError>) -> Result<[T; 6], TantivyError> {
    let [body, heading, title, author, event, topics] = TextField::ALL;
    Ok([get(body)?, get(heading)?, get(title)?, get(author)?, get(event)?, get(topics)?])
}

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

/// Counts over living documents.
#[derive(Debug, Clone, Default)]
pub(super) struct SegmentCounts {
    /// Files, with or without a post.
    pub(super) files: u64,
    /// Files with a post.
    pub(super) posts: u64,
    /// Passages.
    pub(super) passages: u64,
    /// Problems that were found in the files.
    pub(super) problems: u64,
    /// Date of the newest post, in days since 1970.
    pub(super) newest: Option<i64>,
    /// For each zone: words of the passages, with each length as it is rounded in the index.
    pub(super) word_counts: [u64; 6],
    /// For each language by its code: posts.
    languages: [u64; LANGUAGE_CODES],
}

impl SegmentCounts {
    /// Counts a part.
    pub(super) fn of_segment(part: &IndexSegment) -> Result<Self, TantivyError> {
        let problems = part.u64_column(column::PROBLEMS)?;
        let dates = part.i64_column(column::DATE)?;
        let languages = part.u64_column(column::LANGUAGE)?;
        let mut counts = Self::default();
        for (file, passages) in part.live_files() {
            counts.files += 1;
            counts.problems += problems.as_ref().and_then(|column| column.first(file)).unwrap_or(0);
            let Some(passages) = passages else { continue };
            counts.posts += 1;
            counts.passages += u64::from(passages);
            counts.newest = counts.newest.max(dates.as_ref().and_then(|column| column.first(file)));
            let language = languages.as_ref().and_then(|column| column.first(file)).unwrap_or(u64::MAX);
            counts.languages[usize::try_from(language).unwrap_or(LANGUAGE_CODES).min(LANGUAGE_CODES - 1)] +=
                1;
            let end = file.saturating_add(1).saturating_add(passages).min(part.reader.max_doc());
            for zone in TextField::ALL {
                let lengths = part.field_norms(zone);
                let words = (file + 1..end).map(|doc| u64::from(lengths.fieldnorm(doc)));
                counts.word_counts[zone.index()] += words.sum::<u64>();
            }
        }
        Ok(counts)
    }

    /// Adds those of another part.
    pub(super) fn add(&mut self, other: &Self) {
        self.files += other.files;
        self.posts += other.posts;
        self.passages += other.passages;
        self.problems += other.problems;
        self.newest = self.newest.max(other.newest);
        for (sum, words) in self.word_counts.iter_mut().zip(other.word_counts) {
            *sum += words;
        }
        for (sum, posts) in self.languages.iter_mut().zip(other.languages) {
            *sum += posts;
        }
    }

    /// The languages of the posts, most posts first, without those of fewer than one post in a thousand: each brings
    /// stems of its own into all questions.
    pub(super) fn languages(&self) -> Vec<Language> {
        let all: u64 = self.languages.iter().sum();
        let mut known: Vec<_> =
            (0..).zip(self.languages).filter(|(_, posts)| *posts > 0 && *posts * 1_000 >= all).collect();
        known.sort_by_key(|&(code, posts)| (std::cmp::Reverse(posts), code));
        known.into_iter().map(|(code, _)| language_from_code(code)).collect()
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
