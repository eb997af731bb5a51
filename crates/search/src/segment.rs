//! A segment of the index, opened for reading. It never changes: what is deleted later is another part.

use std::sync::Arc;

use tantivy::columnar::{Column, ColumnValues, StrColumn};
use tantivy::error::DataCorruption;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentId;
use tantivy::store::StoreReader;
use tantivy::{DocId, InvertedIndexReader, Segment, SegmentReader, TantivyError};

use super::damage::read_error;
use super::documents::StoredPost;
use super::error::SearchError;
use super::file_layout::FileLayout;
use super::schema::{SchemaFields, TextField, column};
use super::segment_counts::SegmentCounts;
use takeaways_text::model::Post;

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
