//! A segment of the index, opened for reading, with its counts. A deletion makes another version of it.

use crate::{
    documents::{LANGUAGE_CODES, StoredPost, language_from_code},
    error::SearchError,
    load::read_error,
    schema::{SchemaFields, TextField, column},
};
use std::sync::Arc;
use takeaways_text::model::{Language, Post, PostId};
use tantivy::{
    DocId, DocSet as _, InvertedIndexReader, Segment, SegmentReader, TERMINATED, TantivyError, Term,
    columnar::{Column, ColumnValues, StrColumn},
    error::DataCorruption,
    fieldnorm::FieldNormReader,
    index::SegmentId,
    schema::{Field, IndexRecordOption},
    store::StoreReader,
};

/// The id of a segment and the stamp of its last deletion.
pub(super) type SegmentVersion = (SegmentId, Option<u64>);

/// A segment, opened for reading.
pub(super) struct IndexSegment {
    pub(super) reader: SegmentReader,
    /// In the order of [`TextField::ALL`].
    inverted_indexes: [Arc<InvertedIndexReader>; 6],
    field_norms: [FieldNormReader; 6],
    /// The position of each document in its file: 0 for the file document.
    passage_numbers: Arc<dyn ColumnValues<u64>>,
    file_versions: Arc<dyn ColumnValues<u64>>,
    passages: Option<Column<u64>>,
    layout: FileLayout,
    store: StoreReader,
    /// Deleted documents that are not merged away yet, in order. `write::next_merge` keeps them few.
    pub(super) deleted: Vec<DocId>,
    counts: SegmentCounts,
    /// The code of the language of each document's post.
    doc_languages: Arc<[u8]>,
}

impl IndexSegment {
    /// Opens a segment.
    pub(super) fn open(source: &Segment, fields: &SchemaFields) -> Result<Self, TantivyError> {
        let reader = SegmentReader::open(source)?;
        let inverted_indexes = for_each_field(|field| reader.inverted_index(fields.text_field(field)))?;
        let field_norms = for_each_field(|field| reader.get_fieldnorms_reader(fields.text_field(field)))?;
        let passage_numbers = full_column(&reader, column::PASSAGE_NUMBER)?;
        let file_versions = full_column(&reader, column::FILE_VERSION)?;
        let passages = reader.fast_fields().column_opt(column::PASSAGES)?;
        let layout = file_layout(&reader, passages.as_ref())?;
        // Posts are cached in `PostCache`, so that blocks of the store need no cache.
        let store = reader.get_store_reader(1)?;
        let deleted = match reader.alive_bitset() {
            Some(alive) => (0..reader.max_doc()).filter(|&doc| alive.is_deleted(doc)).collect(),
            None => Vec::new(),
        };
        let mut segment = Self {
            reader,
            inverted_indexes,
            field_norms,
            passage_numbers,
            file_versions,
            passages,
            layout,
            store,
            deleted,
            counts: SegmentCounts::default(),
            doc_languages: Arc::default(),
        };
        segment.doc_languages = doc_languages(&segment)?;
        segment.counts = SegmentCounts::of_segment(&segment)?;
        Ok(segment)
    }

    /// Returns the id and version of the segment.
    pub(super) fn version(&self) -> SegmentVersion {
        (self.reader.segment_id(), self.reader.delete_opstamp())
    }

    /// Returns the counts of the segment.
    pub(super) fn counts(&self) -> &SegmentCounts {
        &self.counts
    }

    /// Returns the terms and postings of a field.
    pub(super) fn inverted_index(&self, field: TextField) -> &InvertedIndexReader {
        &self.inverted_indexes[field.index()]
    }

    /// Returns the lengths of the documents in a field.
    pub(super) fn field_norms(&self, field: TextField) -> &FieldNormReader {
        &self.field_norms[field.index()]
    }

    /// Whether a document is not deleted.
    pub(super) fn is_alive(&self, doc: DocId) -> bool {
        self.reader.alive_bitset().is_none_or(|alive| alive.is_alive(doc))
    }

    /// Returns the file document of a document.
    pub(super) fn file_of(&self, doc: DocId) -> DocId {
        self.layout.file_of(doc)
    }

    /// Returns the code of the language of each document's post.
    pub(super) fn doc_languages(&self) -> Arc<[u8]> {
        Arc::clone(&self.doc_languages)
    }

    /// Iterates over the living file documents, each with the number of its passages; `None` without a post.
    pub(super) fn live_files(&self) -> impl Iterator<Item = (DocId, Option<u32>)> + '_ {
        self.files().filter(|(file, _)| self.is_alive(*file))
    }

    /// Iterates over the living file documents with a post.
    pub(super) fn live_posts(&self) -> impl Iterator<Item = DocId> + '_ {
        self.live_files().filter(|(_, passages)| passages.is_some()).map(|(file, _)| file)
    }

    /// Iterates over all file documents as [`Self::live_files`] does, deleted ones included.
    fn files(&self) -> impl Iterator<Item = (DocId, Option<u32>)> + '_ {
        let mut next = 0;
        std::iter::from_fn(move || {
            let file = (next < self.reader.max_doc()).then_some(next)?;
            let passages = passage_count(self.passages.as_ref(), file);
            next = next_file(file, passages);
            Some((file, passages))
        })
    }

    /// Iterates over the versions of the living files.
    pub(super) fn live_versions(&self) -> impl Iterator<Item = u64> + '_ {
        self.live_files().map(|(file, _)| self.file_versions.get_val(file))
    }

    /// Returns the file documents with a post id, deleted ones included.
    pub(super) fn files_with_id(&self, id_field: Field, id: &PostId) -> Result<Vec<DocId>, TantivyError> {
        let term = Term::from_field_text(id_field, &id.0);
        let inverted_index = self.reader.inverted_index(id_field)?;
        let mut files = Vec::new();
        if let Some(mut postings) = inverted_index.read_postings(&term, IndexRecordOption::Basic)? {
            while postings.doc() != TERMINATED {
                files.push(postings.doc());
                postings.advance();
            }
        }
        Ok(files)
    }

    /// Reads the post of a file document.
    ///
    /// # Errors
    /// [`SearchError::Damaged`] if there is none.
    pub(super) fn post(&self, file: DocId) -> Result<Post, SearchError> {
        self.store.get::<StoredPost>(file).map_err(read_error)?.into_post()
    }

    /// Returns the file document and the passage number of a passage document.
    ///
    /// # Errors
    /// [`SearchError::Damaged`] if the two documents don't belong together.
    pub(super) fn locate_passage(&self, doc: DocId) -> Result<(DocId, usize), SearchError> {
        let file = self.file_of(doc);
        let number = doc - file;
        let is_consistent = self.passage_numbers.get_val(doc) == u64::from(number)
            && self.file_versions.get_val(doc) == self.file_versions.get_val(file);
        if number == 0 || !is_consistent {
            let reason = format!("document {doc} does not belong to its file");
            return Err(SearchError::Damaged { reason });
        }
        Ok((file, number as usize - 1))
    }

    /// Returns a column of numbers; `None` if no document has a value.
    pub(super) fn u64_column(&self, name: &str) -> Result<Option<Column<u64>>, TantivyError> {
        self.reader.fast_fields().column_opt(name)
    }

    /// Returns a column of signed numbers; `None` if no document has a value.
    pub(super) fn i64_column(&self, name: &str) -> Result<Option<Column<i64>>, TantivyError> {
        self.reader.fast_fields().column_opt(name)
    }

    /// Returns a column of texts; `None` if no document has a value.
    pub(super) fn text_column(&self, name: &str) -> Result<Option<StrColumn>, TantivyError> {
        self.reader.fast_fields().str(name)
    }

    /// Returns the first text of each of some documents in a column; `None` for a document without one.
    pub(super) fn texts(&self, name: &str, docs: &[DocId]) -> Result<Vec<Option<String>>, TantivyError> {
        let Some(column) = self.text_column(name)? else { return Ok(vec![None; docs.len()]) };
        let ordinals: Vec<Option<u64>> = docs.iter().map(|&doc| column.ords().first(doc)).collect();
        texts_at(&column, &ordinals)
    }
}

/// Returns the texts at some ordinals of a column's dictionary; `None` if there is none. All in one pass: each look-up
/// alone reads half a block of the dictionary.
pub(super) fn texts_at(
    column: &StrColumn,
    ordinals: &[Option<u64>],
) -> Result<Vec<Option<String>>, TantivyError> {
    let mut places: Vec<(u64, usize)> =
        ordinals.iter().zip(0..).filter_map(|(it, at)| Some(((*it)?, at))).collect();
    places.sort_unstable();
    let sorted: Vec<u64> = places.iter().map(|(ordinal, _)| *ordinal).collect();
    let (mut texts, mut places) = (vec![None; ordinals.len()], places.into_iter());
    let add = |text: &[u8]| {
        if let Some((_, at)) = places.next() {
            texts[at] = Some(String::from_utf8_lossy(text).into_owned());
        }
    };
    column.dictionary().sorted_ords_to_term_cb(&sorted, add)?;
    Ok(texts)
}

fn file_layout(reader: &SegmentReader, passages: Option<&Column<u64>>) -> Result<FileLayout, TantivyError> {
    let damaged = || DataCorruption::comment_only("files and passages don't belong together").into();
    FileLayout::new(reader.max_doc(), |file| next_file(file, passage_count(passages, file)))
        .ok_or_else(damaged)
}

/// Reads the code of the language of each document's post. Columns hold it for file documents only.
fn doc_languages(segment: &IndexSegment) -> Result<Arc<[u8]>, TantivyError> {
    let column = segment.u64_column(column::LANGUAGE)?;
    let mut codes = Vec::with_capacity(segment.reader.max_doc() as usize);
    for (file, passages) in segment.files() {
        let code = language_code_of(column.as_ref(), file);
        codes.resize(next_file(file, passages) as usize, code);
    }
    Ok(codes.into())
}

/// Returns the code of the language of a file document's post.
fn language_code_of(column: Option<&Column<u64>>, file: DocId) -> u8 {
    let code = column.and_then(|column| column.first(file));
    code.and_then(|code| u8::try_from(code).ok()).unwrap_or(u8::MAX)
}

/// Returns how many passages follow a file document; `None` if it has no post.
fn passage_count(passages: Option<&Column<u64>>, file: DocId) -> Option<u32> {
    let count = passages.and_then(|column| column.first(file))?;
    Some(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Returns the file document after another.
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

/// A bit set of the file documents. The documents after each are its passages.
///
/// Columns hold the same, but each step of each search needs it.
#[derive(Debug)]
pub(super) struct FileLayout {
    is_file: Vec<u64>,
}

impl FileLayout {
    /// Builds the bit set; `next_file` gives the file document after another. Returns `None` if the last file does not
    /// end at the last document.
    pub(super) fn new(documents: DocId, next_file: impl Fn(DocId) -> DocId) -> Option<Self> {
        let mut layout = Self { is_file: vec![0; documents as usize / 64 + 1] };
        let mut file = 0;
        while file < documents {
            layout.is_file[file as usize / 64] |= 1 << (file % 64);
            file = next_file(file);
        }
        (file == documents).then_some(layout)
    }

    /// Returns the file document of a document.
    pub(super) fn file_of(&self, doc: DocId) -> DocId {
        let mut word = doc / 64;
        let mut bits = self.is_file[word as usize] & (u64::MAX >> (63 - doc % 64));
        while bits == 0 && word > 0 {
            word -= 1;
            bits = self.is_file[word as usize];
        }
        word * 64 + bits.checked_ilog2().unwrap_or(0)
    }
}

/// Counts over the living documents of one segment or of all.
#[derive(Debug, Clone, Default)]
pub(super) struct SegmentCounts {
    /// Files, with or without a post.
    pub(super) files: u64,
    /// Files with a post.
    pub(super) posts: u64,
    /// Passages.
    pub(super) passages: u64,
    /// Problems in the files.
    pub(super) problems: u64,
    /// Files that were left out because of their content.
    pub(super) rejected: u64,
    /// Date of the newest post, in days since 1970.
    pub(super) newest: Option<i64>,
    /// Words of the passages for each field. Lengths are rounded as in the index.
    pub(super) word_counts: [u64; 6],
    /// Posts for each language, by its code.
    languages: [u64; LANGUAGE_CODES],
}

impl SegmentCounts {
    /// Counts the documents of a segment.
    pub(super) fn of_segment(segment: &IndexSegment) -> Result<Self, TantivyError> {
        let problems = segment.u64_column(column::PROBLEMS)?;
        let rejected = segment.u64_column(column::REJECTED)?;
        let dates = segment.i64_column(column::DATE)?;
        let languages = segment.u64_column(column::LANGUAGE)?;
        let mut counts = Self::default();
        for (file, passages) in segment.live_files() {
            counts.files += 1;
            counts.problems += problems.as_ref().and_then(|column| column.first(file)).unwrap_or(0);
            counts.rejected += rejected.as_ref().and_then(|column| column.first(file)).unwrap_or(0);
            let Some(passages) = passages else { continue };
            counts.posts += 1;
            counts.passages += u64::from(passages);
            counts.newest = counts.newest.max(dates.as_ref().and_then(|column| column.first(file)));
            let code = language_code_of(languages.as_ref(), file);
            counts.languages[usize::from(code).min(LANGUAGE_CODES - 1)] += 1;
            let end = file.saturating_add(1).saturating_add(passages).min(segment.reader.max_doc());
            for field in TextField::ALL {
                let lengths = segment.field_norms(field);
                let words = (file + 1..end).map(|doc| u64::from(lengths.fieldnorm(doc)));
                counts.word_counts[field.index()] += words.sum::<u64>();
            }
        }
        Ok(counts)
    }

    /// Adds the counts of another segment.
    pub(super) fn add(&mut self, other: &Self) {
        self.files += other.files;
        self.posts += other.posts;
        self.passages += other.passages;
        self.problems += other.problems;
        self.rejected += other.rejected;
        self.newest = self.newest.max(other.newest);
        for (sum, words) in self.word_counts.iter_mut().zip(other.word_counts) {
            *sum += words;
        }
        for (sum, posts) in self.languages.iter_mut().zip(other.languages) {
            *sum += posts;
        }
    }

    /// Iterates over the languages of the posts.
    pub(super) fn languages(&self) -> impl Iterator<Item = Language> {
        (0..).zip(self.languages).filter(|(_, posts)| *posts > 0).map(|(code, _)| language_from_code(code))
    }

    /// Returns the frequent languages of the posts, the most frequent first. Languages of less than one post in a
    /// thousand are left out, because each language adds stems to all questions.
    pub(super) fn frequent_languages(&self) -> Vec<Language> {
        let posts: u64 = self.languages.iter().sum();
        let mut frequent: Vec<_> =
            (0..).zip(self.languages).filter(|(_, count)| *count > 0 && *count * 1_000 >= posts).collect();
        frequent.sort_by_key(|&(code, count)| (std::cmp::Reverse(count), code));
        frequent.into_iter().map(|(code, _)| language_from_code(code)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_document_finds_its_file() {
        let files = [0, 1, 5, 64, 65, 300];
        let next_file = |file| files.into_iter().find(|&next| next > file).unwrap_or(400);
        let layout = FileLayout::new(400, next_file).expect("a layout");
        for doc in 0..400 {
            let file = files.into_iter().rev().find(|&file| file <= doc).expect("0 is a file");
            assert_eq!(layout.file_of(doc), file, "{doc}");
        }
        assert!(FileLayout::new(399, next_file).is_none());
        assert!(FileLayout::new(0, next_file).is_some());
    }
}
