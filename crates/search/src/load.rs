//! Loads the index from disk and tells a damaged index from one that can't be read at the moment.
//!
//! Only damage is a reason to rebuild an index. A missing permission, a lock or a full disk is not.

use crate::{
    error::SearchError,
    folder::{CurrentGeneration, Generation, IndexFolder},
    index::Index,
    schema,
    searcher::Searcher,
    segment::IndexSegment,
};
use std::{
    any::Any,
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};
use tantivy::{
    TantivyError,
    directory::error::{OpenDirectoryError, OpenReadError},
    index::SegmentComponent,
};

/// Attempts at reading while another process changes the files.
const MAX_TRIES: usize = 10;

/// The state of the index on disk.
pub(super) enum LoadState {
    Ready(Box<LoadedIndex>),
    Absent,
    Damaged(String),
    OtherVersion,
}

/// An index that was read from disk.
pub(super) struct LoadedIndex {
    pub(super) index: Index,
    pub(super) generation: Generation,
    /// The list of segments that it was opened from.
    meta: Option<Vec<u8>>,
}

impl LoadState {
    /// Whether the index on disk is still the same.
    pub(super) fn is_current(&self, folder: &IndexFolder) -> Result<bool, SearchError> {
        let LoadState::Ready(loaded) = self else { return Ok(false) };
        let current = folder.current()? == CurrentGeneration::Generation(loaded.generation.number);
        Ok(current && loaded.generation.damage_reason().is_none() && loaded.generation.meta() == loaded.meta)
    }
}

/// Loads the index, again if another process changes it meanwhile.
pub(super) fn load_index(folder: &IndexFolder, previous: Option<&Index>) -> Result<LoadState, SearchError> {
    let mut last_error = None;
    for _ in 0..MAX_TRIES {
        let number = match folder.current()? {
            CurrentGeneration::None => return Ok(LoadState::Absent),
            CurrentGeneration::OtherVersion => return Ok(LoadState::OtherVersion),
            CurrentGeneration::Unreadable => {
                return Ok(LoadState::Damaged("the current generation is unknown".into()));
            }
            CurrentGeneration::Generation(number) => number,
        };
        let generation = folder.generation(number);
        if let Some(damage) = generation.damage_reason() {
            return Ok(LoadState::Damaged(damage));
        }
        let meta = generation.meta();
        match catch_panic(|| load_generation(&generation, previous)) {
            Ok(index) => {
                return Ok(LoadState::Ready(Box::new(LoadedIndex { index, generation, meta })));
            }
            Err(error)
                if generation.meta() != meta
                    || folder.current()? != CurrentGeneration::Generation(number) =>
            {
                last_error = Some(error);
            }
            Err(SearchError::Damaged { reason } | SearchError::Panicked { reason }) => {
                return Ok(LoadState::Damaged(reason));
            }
            Err(error) => return Err(error),
        }
    }
    Err(last_error.unwrap_or(SearchError::Damaged { reason: "it keeps changing".into() }))
}

fn load_generation(generation: &Generation, previous: Option<&Index>) -> Result<Index, SearchError> {
    let damaged = |reason: &str| SearchError::Damaged { reason: reason.to_owned() };
    let directory = generation.open_directory().map_err(|error| read_error(error.into()))?;
    let mut index = tantivy::Index::open(directory).map_err(read_error)?;
    if index.schema() != schema::schema().0 {
        return Err(damaged("it has another schema"));
    }
    index.set_tokenizers(schema::tokenizers());
    if !manages_all_files(&index)? {
        return Err(damaged("the list of its files is incomplete"));
    }
    if generation.is_small()
        && let [first, ..] = &*files_with_wrong_checksums(&index)?
    {
        return Err(damaged(&format!("the checksum of {first} is wrong")));
    }
    open_segments(index, Some(generation.clone()), generation.checked_ns(), previous)
}

/// Opens the segments of an index for reading. Segments that `previous` has open are shared.
pub(super) fn open_segments(
    index: tantivy::Index,
    generation: Option<Generation>,
    checked_ns: i64,
    previous: Option<&Index>,
) -> Result<Index, SearchError> {
    let fields = schema::schema().1;
    let meta = index.load_metas().map_err(read_error)?;
    let open = previous.map(Index::segments).unwrap_or_default();
    let mut segments = Vec::with_capacity(meta.segments.len());
    for segment_meta in meta.segments {
        let version = (segment_meta.id(), segment_meta.delete_opstamp());
        let segment = match open.iter().find(|segment| segment.version() == version) {
            Some(segment) => Arc::clone(segment),
            None => Arc::new(IndexSegment::open(&index.segment(segment_meta), &fields).map_err(read_error)?),
        };
        segments.push(segment);
    }
    let post_cache = previous.map(|previous| Arc::clone(&previous.searcher.posts)).unwrap_or_default();
    let searcher = Searcher::new(fields, segments, post_cache);
    Ok(Index::new(index, generation, searcher, meta.opstamp, checked_ns))
}

/// Whether tantivy manages the files of all segments. It would neither verify nor remove unmanaged files.
fn manages_all_files(index: &tantivy::Index) -> Result<bool, SearchError> {
    let managed = index.directory().list_managed_files();
    let segments = index.searchable_segment_metas().map_err(read_error)?;
    Ok(segments.iter().all(|segment| managed.contains(&segment.relative_path(SegmentComponent::Store))))
}

impl Index {
    /// Verifies the checksums of all files of the index. Returns the names of the damaged files; if there are any, the
    /// next opening rebuilds the index.
    ///
    /// # Errors
    /// [`SearchError::Damaged`] if a file is missing or cut, [`SearchError::Open`] if one can't be read.
    pub fn validate(&self) -> Result<Vec<String>, SearchError> {
        let damaged = self.record_damage(|| self.damaged_files())?;
        if let (Some(generation), [first, ..]) = (&self.generation, &*damaged) {
            generation.mark_damaged(&format!("the checksum of {first} is wrong"));
        }
        Ok(damaged)
    }

    /// Reads from the index. If that shows damage, notes it for the next opening.
    pub(super) fn record_damage<T>(
        &self,
        read: impl FnOnce() -> Result<T, SearchError>,
    ) -> Result<T, SearchError> {
        let error = match catch_panic(read) {
            Ok(value) => return Ok(value),
            Err(error @ SearchError::Panicked { .. }) => self.diagnose_panic(error),
            Err(error) => error,
        };
        if let (SearchError::Damaged { reason }, Some(generation)) = (&error, &self.generation) {
            generation.mark_damaged(reason);
        }
        Err(error)
    }

    /// Returns the files on disk with wrong checksums. Other processes may have written since the index was opened.
    fn damaged_files(&self) -> Result<Vec<String>, SearchError> {
        match &self.generation {
            None => files_with_wrong_checksums(&self.tantivy),
            // Another generation has replaced it.
            Some(generation) if !generation.path.exists() => Ok(Vec::new()),
            Some(generation) => {
                let directory = generation.open_directory().map_err(|error| read_error(error.into()))?;
                files_with_wrong_checksums(&tantivy::Index::open(directory).map_err(read_error)?)
            }
        }
    }

    /// Returns the damage that caused a panic, or the panic itself if all files are intact.
    fn diagnose_panic(&self, panic: SearchError) -> SearchError {
        match self.damaged_files().as_deref() {
            Ok([]) => panic,
            Ok([first, ..]) => SearchError::Damaged { reason: format!("the checksum of {first} is wrong") },
            Err(_) => SearchError::Damaged { reason: panic.to_string() },
        }
    }
}

/// Whether an error means that the files are not as they were written.
pub(super) fn is_damage(error: &TantivyError) -> bool {
    match error {
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, .. })
        | TantivyError::OpenDirectoryError(OpenDirectoryError::IoError { io_error, .. })
        | TantivyError::IoError(io_error) => is_file_damage(io_error),
        TantivyError::OpenReadError(_)
        | TantivyError::OpenDirectoryError(_)
        | TantivyError::DataCorruption(_)
        | TantivyError::IncompatibleIndex(_)
        | TantivyError::SchemaError(_)
        | TantivyError::InvalidArgument(_)
        | TantivyError::InternalError(_)
        | TantivyError::FieldNotFound(_)
        | TantivyError::DeserializeError(_) => true,
        // Errors of locks, threads and writing.
        _ => false,
    }
}

/// Errors of the system say nothing about the contents. Errors without a system code come from parsing the file.
fn is_file_damage(error: &io::Error) -> bool {
    error.raw_os_error().is_none() || error.kind() == io::ErrorKind::NotFound
}

/// Converts an error of reading: to [`SearchError::Damaged`] if it shows damage.
pub(super) fn read_error(error: TantivyError) -> SearchError {
    if is_damage(&error) {
        SearchError::Damaged { reason: error.to_string() }
    } else {
        SearchError::Open(error)
    }
}

/// Reads from the index. A corrupt file can make tantivy panic: the panic becomes an error.
pub(super) fn catch_panic<T>(read: impl FnOnce() -> Result<T, SearchError>) -> Result<T, SearchError> {
    // Nothing half done is visible after a panic: results are dropped, and locks recover from poisoning.
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(result) => result,
        Err(panic) => Err(SearchError::Panicked { reason: panic_message(&*panic) }),
    }
}

/// Returns the names of the files with wrong checksums, sorted.
pub(super) fn files_with_wrong_checksums(index: &tantivy::Index) -> Result<Vec<String>, SearchError> {
    let damaged = index.validate_checksum().map_err(read_error)?;
    let mut names: Vec<String> = damaged.iter().map(|path| path.display().to_string()).collect();
    names.sort();
    Ok(names)
}

fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn f29_a_permission_or_a_lock_is_no_damage() {
        let io = |error: io::Error| TantivyError::IoError(Arc::new(error));
        let os = |code| io(io::Error::from_raw_os_error(code));
        for (error, damage) in [
            (os(13), false), // no permission
            (os(24), false), // too many open files
            (os(28), false), // disk full
            (os(2), true),   // no such file
            (io(io::ErrorKind::UnexpectedEof.into()), true),
            (io(io::Error::other("unsupported dictionary type")), true),
            (TantivyError::LockFailure(tantivy::directory::error::LockError::LockBusy, None), false),
            (TantivyError::SchemaError("another".into()), true),
        ] {
            assert_eq!(is_damage(&error), damage, "{error}");
        }
    }

    #[test]
    fn a_panic_becomes_an_error() {
        let panicked = catch_panic(|| -> Result<(), _> { panic!("torn") });
        assert!(matches!(panicked, Err(SearchError::Panicked { reason }) if reason == "torn"));
    }
}
