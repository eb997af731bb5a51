//! A segment of the index, opened for reading. It never changes: what is deleted later is another part.

use std::sync::Arc;

use tantivy::columnar::{Column, ColumnValues, StrColumn};
use tantivy::error::DataCorruption;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::SegmentId;
use tantivy::store::StoreReader;
use tantivy::{DocId, InvertedIndexReader, Segment, SegmentReader, TantivyError};

use super::counts::Counts;
use super::damage::reading;
use super::documents::StoredPost;
use super::error::RetrievalError;
use super::layout::Layout;
use super::schema::{Fields, Zone, column};
use takeaways_text::model::Post;

/// Which state of which segment a part is.
pub(super) type PartId = (SegmentId, Option<u64>);

/// A segment, opened for reading.
pub(super) struct Part {
    pub(super) reader: SegmentReader,
    /// In the order of [`Zone::ALL`].
    words: [Arc<InvertedIndexReader>; 6],
    lengths: [FieldNormReader; 6],
    /// The place of each document after its file document.
    ordinals: Arc<dyn ColumnValues<u64>>,
    entries: Arc<dyn ColumnValues<u64>>,
    passages: Option<Column<u64>>,
    layout: Layout,
    store: StoreReader,
    /// Documents that are deleted but still there, in order. Kept few by merging: `write::merges`.
    pub(super) deleted: Vec<DocId>,
    counts: Counts,
}

impl Part {
    /// Opens a segment.
    pub(super) fn open(segment: &Segment, fields: &Fields) -> Result<Self, TantivyError> {
        let reader = SegmentReader::open(segment)?;
        let words = collect(|zone| reader.inverted_index(fields.zone(zone)))?;
        let lengths = collect(|zone| reader.get_fieldnorms_reader(fields.zone(zone)))?;
        let ordinals = full(&reader, column::ORDINAL)?;
        let entries = full(&reader, column::ENTRY)?;
        let passages = reader.fast_fields().column_opt(column::PASSAGES)?;
        let layout = layout(&reader, passages.as_ref())?;
        // Posts are cached as they come out of the store; blocks of the store need no cache of their own.
        let store = reader.get_store_reader(1)?;
        let deleted = match reader.alive_bitset() {
            Some(alive) => (0..reader.max_doc()).filter(|&doc| alive.is_deleted(doc)).collect(),
            None => Vec::new(),
        };
        let mut part = Self {
            reader,
            words,
            lengths,
            ordinals,
            entries,
            passages,
            layout,
            store,
            deleted,
            counts: Counts::default(),
        };
        part.counts = Counts::of(&part)?;
        Ok(part)
    }

    /// Which segment it is, and in which state.
    pub(super) fn id(&self) -> PartId {
        (self.reader.segment_id(), self.reader.delete_opstamp())
    }

    /// What there is in it.
    pub(super) fn counts(&self) -> &Counts {
        &self.counts
    }

    /// The terms and postings of a zone.
    pub(super) fn words(&self, zone: Zone) -> &InvertedIndexReader {
        &self.words[zone.at()]
    }

    /// How long each document is in a zone.
    pub(super) fn lengths(&self, zone: Zone) -> &FieldNormReader {
        &self.lengths[zone.at()]
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
    pub(super) fn files(&self) -> impl Iterator<Item = (DocId, Option<u32>)> + '_ {
        let mut next = 0;
        std::iter::from_fn(move || {
            while next < self.reader.max_doc() {
                let file = next;
                let passages = passages_of(self.passages.as_ref(), file);
                next = after(file, passages);
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
    /// [`RetrievalError::Damaged`] where there is none.
    pub(super) fn post(&self, file: DocId) -> Result<Post, RetrievalError> {
        self.store.get::<StoredPost>(file).map_err(reading)?.read()
    }

    /// The file document and the place among the post's passages of a passage document, both checked.
    ///
    /// # Errors
    /// [`RetrievalError::Damaged`] where the two don't belong together.
    pub(super) fn passage(&self, doc: DocId) -> Result<(DocId, usize), RetrievalError> {
        let file = self.file_of(doc);
        let ordinal = self.ordinal(doc);
        let as_written = self.ordinals.get_val(doc) == u64::from(ordinal)
            && self.entries.get_val(doc) == self.entries.get_val(file);
        if ordinal == 0 || !as_written {
            let what = format!("document {doc} does not belong to its file");
            return Err(RetrievalError::Damaged { what });
        }
        Ok((file, ordinal as usize - 1))
    }

    /// A column of numbers; `None` where no document has a value.
    pub(super) fn numbers(&self, name: &str) -> Result<Option<Column<u64>>, TantivyError> {
        self.reader.fast_fields().column_opt(name)
    }

    /// A column of signed numbers; `None` where no document has a value.
    pub(super) fn signed(&self, name: &str) -> Result<Option<Column<i64>>, TantivyError> {
        self.reader.fast_fields().column_opt(name)
    }

    /// A column of texts; `None` where no document has a value.
    pub(super) fn texts(&self, name: &str) -> Result<Option<StrColumn>, TantivyError> {
        self.reader.fast_fields().str(name)
    }
}

fn layout(reader: &SegmentReader, passages: Option<&Column<u64>>) -> Result<Layout, TantivyError> {
    let damaged = || DataCorruption::comment_only("files and passages don't belong together").into();
    Layout::new(reader.max_doc(), |file| after(file, passages_of(passages, file))).ok_or_else(damaged)
}

/// How many passages follow a file; `None` where it has no post.
fn passages_of(passages: Option<&Column<u64>>, file: DocId) -> Option<u32> {
    let count = passages.and_then(|column| column.first(file))?;
    Some(u32::try_from(count).unwrap_or(u32::MAX))
}

/// Where the next file is.
fn after(file: DocId, passages: Option<u32>) -> DocId {
    file.saturating_add(1).saturating_add(passages.unwrap_or(0))
}

fn full(reader: &SegmentReader, name: &str) -> Result<Arc<dyn ColumnValues<u64>>, TantivyError> {
    let column = reader.fast_fields().u64(name)?;
    Ok(if column.get_cardinality() == tantivy::columnar::Cardinality::Full {
        column.values
    } else {
        column.first_or_default_col(0)
    })
}

fn collect<T>(get: impl Fn(Zone) -> Result<T, TantivyError>) -> Result<[T; 6], TantivyError> {
    let [body, heading, title, author, event, topics] = Zone::ALL;
    Ok([get(body)?, get(heading)?, get(title)?, get(author)?, get(event)?, get(topics)?])
}
