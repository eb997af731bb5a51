//! Reading what is on disk, whatever state it is in.
//!
//! Telling a damaged index from one that merely can't be read now.
//!
//! Only damage is a reason to build an index anew: a missing permission, a lock or a full disk is not.

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

impl Index {
    /// Reads all of the index's files and compares them with their checksums. Gives the names of those that
    /// are damaged; if there are any, the next opening builds the index anew.
    ///
    /// # Errors
    /// [`SearchError::Damaged`] where a file is missing or cut, `SearchError::OpenField` where one can't be read.
    pub fn validate(&self) -> Result<Vec<String>, SearchError> {
        let damaged = self.record_damage(|| self.damaged_files())?;
        if let (Some(home), [first, ..]) = (&self.generation, &*damaged) {
            home.mark_damaged(&format!("the checksum of {first} is wrong"));
        }
        Ok(damaged)
    }

    /// Reads from the index. What shows that it is damaged is remembered for the next opening.
    pub(super) fn record_damage<T>(
        &self,
        read: impl FnOnce() -> Result<T, SearchError>,
    ) -> Result<T, SearchError> {
        let error = match catch_panic(read) {
            Ok(value) => return Ok(value),
            Err(error @ SearchError::Panicked { .. }) => self.diagnose_panic(error),
            Err(error) => error,
        };
        if let (SearchError::Damaged { what }, Some(home)) = (&error, &self.generation) {
            home.mark_damaged(what);
        }
        Err(error)
    }

    /// The files whose checksums are wrong, as they are on disk now: others may have written since this was opened.
    fn damaged_files(&self) -> Result<Vec<String>, SearchError> {
        match &self.generation {
            None => files_with_wrong_checksums(&self.tantivy),
            // Another generation has taken its place.
            Some(home) if !home.path.exists() => Ok(Vec::new()),
            Some(home) => {
                let files = home.files().map_err(|error| read_error(error.into()))?;
                files_with_wrong_checksums(&tantivy::Index::open(files).map_err(read_error)?)
            }
        }
    }

    /// Why reading panicked: because of a damaged file, or else the panic itself.
    fn diagnose_panic(&self, panic: SearchError) -> SearchError {
        match self.damaged_files().as_deref() {
            Ok([]) => panic,
            Ok([first, ..]) => SearchError::Damaged { what: format!("the checksum of {first} is wrong") },
            Err(_) => SearchError::Damaged { what: panic.to_string() },
        }
    }
}

/// Whether an error means that what is on disk is not what was written there.
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
        // Locks, threads, and what writing can run into.
        _ => false,
    }
}

/// The system's own errors say nothing about the contents; those without a system code were made by whoever
/// tried to make sense of them.
fn is_file_damage(error: &io::Error) -> bool {
    error.raw_os_error().is_none() || error.kind() == io::ErrorKind::NotFound
}

/// An error of reading, as damage where it is one.
pub(super) fn read_error(error: TantivyError) -> SearchError {
    if is_damage(&error) {
        SearchError::Damaged { what: error.to_string() }
    } else {
        SearchError::Open(error)
    }
}

/// Reads from the index. A file that lies about its contents can make tantivy panic: that becomes an error.
pub(super) fn catch_panic<T>(read: impl FnOnce() -> Result<T, SearchError>) -> Result<T, SearchError> {
    // What a panic could leave half done is an answer that is thrown away, or behind a lock that allows for it.
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(result) => result,
        Err(panic) => Err(SearchError::Panicked { what: panic_message(&*panic) }),
    }
}

/// The names of the files whose checksums are wrong.
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
        assert!(matches!(panicked, Err(SearchError::Panicked { what }) if what == "torn"));
    }
}
