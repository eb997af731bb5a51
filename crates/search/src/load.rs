//! Reading what is on disk, whatever state it is in.

use std::sync::Arc;

use tantivy::index::SegmentComponent;

use super::damage::{catch_panic, files_with_wrong_checksums, read_error};
use super::error::SearchError;
use super::folder::{CurrentGeneration, Generation, IndexFolder};
use super::index::Index;
use super::schema;
use super::searcher::Searcher;
use super::segment::IndexSegment;

/// How often reading is tried anew while another process changes what is read.
const MAX_TRIES: usize = 10;

/// What is on disk.
pub(super) enum LoadState {
    Ready(Box<LoadedIndex>),
    Absent,
    Damaged(String),
    OtherVersion,
}

/// An index that can be read.
pub(super) struct LoadedIndex {
    pub(super) index: Index,
    pub(super) generation: Generation,
    /// The list of segments on disk that it was opened from.
    meta: Option<Vec<u8>>,
}

impl LoadState {
    /// Whether it is still what is on disk.
    pub(super) fn is_current(&self, folder: &IndexFolder) -> Result<bool, SearchError> {
        let LoadState::Ready(loaded) = self else { return Ok(false) };
        let current = folder.current()? == CurrentGeneration::Generation(loaded.generation.number);
        Ok(current && loaded.generation.damage_reason().is_none() && loaded.generation.meta() == loaded.meta)
    }
}

/// What is on disk, read anew where another process changes it meanwhile.
pub(super) fn load_index(folder: &IndexFolder, previous: Option<&Index>) -> Result<LoadState, SearchError> {
    let mut last = None;
    for _ in 0..MAX_TRIES {
        let number = match folder.current()? {
            CurrentGeneration::None => return Ok(LoadState::Absent),
            CurrentGeneration::OtherVersion => return Ok(LoadState::OtherVersion),
            CurrentGeneration::Unreadable => {
                return Ok(LoadState::Damaged("nothing says which generation is current".into()));
            }
            CurrentGeneration::Generation(number) => number,
        };
        let home = folder.generation(number);
        if let Some(damage) = home.damage_reason() {
            return Ok(LoadState::Damaged(damage));
        }
        let meta = home.meta();
        match catch_panic(|| load_generation(&home, previous)) {
            Ok(index) => {
                return Ok(LoadState::Ready(Box::new(LoadedIndex { index, generation: home, meta })));
            }
            Err(error)
                if home.meta() != meta || folder.current()? != CurrentGeneration::Generation(number) =>
            {
                last = Some(error);
            }
            Err(SearchError::Damaged { what } | SearchError::Panicked { what }) => {
                return Ok(LoadState::Damaged(what));
            }
            Err(error) => return Err(error),
        }
    }
    Err(last.unwrap_or(SearchError::Damaged { what: "it keeps changing".into() }))
}

fn load_generation(home: &Generation, previous: Option<&Index>) -> Result<Index, SearchError> {
    let damaged = |what: &str| SearchError::Damaged { what: what.to_owned() };
    let files = home.files().map_err(|error| read_error(error.into()))?;
    let mut index = tantivy::Index::open(files).map_err(read_error)?;
    if index.schema() != schema::schema().0 {
        return Err(damaged("it has another schema"));
    }
    index.set_tokenizers(schema::tokenizers());
    if !knows_all_files(&index)? {
        return Err(damaged("the list of its files is not whole"));
    }
    if home.is_small()
        && let [first, ..] = &*files_with_wrong_checksums(&index)?
    {
        return Err(damaged(&format!("the checksum of {first} is wrong")));
    }
    open_segments(index, Some(home.clone()), home.checked_ns(), previous)
}

/// Opens the segments of an index for reading, but those that are open already.
pub(super) fn open_segments(
    index: tantivy::Index,
    home: Option<Generation>,
    checked_ns: i64,
    previous: Option<&Index>,
) -> Result<Index, SearchError> {
    let fields = schema::schema().1;
    let meta = index.load_metas().map_err(read_error)?;
    let known = previous.map(Index::segments).unwrap_or_default();
    let mut parts = Vec::with_capacity(meta.segments.len());
    for segment in meta.segments {
        let id = (segment.id(), segment.delete_opstamp());
        let part = match known.iter().find(|part| part.id() == id) {
            Some(part) => Arc::clone(part),
            None => Arc::new(IndexSegment::open(&index.segment(segment), &fields).map_err(read_error)?),
        };
        parts.push(part);
    }
    let posts = previous.map(|previous| Arc::clone(previous.post_cache())).unwrap_or_default();
    Ok(Index::new(index, home, Searcher::new(fields, parts, posts), meta.opstamp, checked_ns))
}

/// Whether tantivy knows the files of its segments: it would neither check nor ever remove the others.
fn knows_all_files(index: &tantivy::Index) -> Result<bool, SearchError> {
    let known = index.directory().list_managed_files();
    let segments = index.searchable_segment_metas().map_err(read_error)?;
    Ok(segments.iter().all(|segment| known.contains(&segment.relative_path(SegmentComponent::Store))))
}
