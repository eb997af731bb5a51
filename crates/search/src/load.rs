//! Reading what is on disk, whatever state it is in.

use std::sync::Arc;

use tantivy::index::SegmentComponent;

use super::damage::{guarded, reading, validate};
use super::error::RetrievalError;
use super::folder::{Current, Folder, Generation};
use super::index::Index;
use super::part::Part;
use super::schema;
use super::searcher::Searcher;

/// How often reading is tried anew while another process changes what is read.
const TRIES: usize = 10;

/// What is on disk.
pub(super) enum State {
    Ready(Box<Loaded>),
    Absent,
    Damaged(String),
    OtherVersion,
}

/// An index that can be read.
pub(super) struct Loaded {
    pub(super) index: Index,
    pub(super) home: Generation,
    /// The list of segments on disk that it was opened from.
    meta: Option<Vec<u8>>,
}

impl State {
    /// Whether it is still what is on disk.
    pub(super) fn is_on_disk(&self, folder: &Folder) -> Result<bool, RetrievalError> {
        let State::Ready(loaded) = self else { return Ok(false) };
        let current = folder.current()? == Current::Generation(loaded.home.number);
        Ok(current && loaded.home.damage().is_none() && loaded.home.meta() == loaded.meta)
    }
}

/// What is on disk, read anew where another process changes it meanwhile.
pub(super) fn load(folder: &Folder, previous: Option<&Index>) -> Result<State, RetrievalError> {
    let mut last = None;
    for _ in 0..TRIES {
        let number = match folder.current()? {
            Current::None => return Ok(State::Absent),
            Current::OtherVersion => return Ok(State::OtherVersion),
            Current::Garbled => {
                return Ok(State::Damaged("nothing says which generation is current".into()));
            }
            Current::Generation(number) => number,
        };
        let home = folder.generation(number);
        if let Some(damage) = home.damage() {
            return Ok(State::Damaged(damage));
        }
        let meta = home.meta();
        match guarded(|| load_generation(&home, previous)) {
            Ok(index) => return Ok(State::Ready(Box::new(Loaded { index, home, meta }))),
            Err(error) if home.meta() != meta || folder.current()? != Current::Generation(number) => {
                last = Some(error);
            }
            Err(RetrievalError::Damaged { what } | RetrievalError::Panicked { what }) => {
                return Ok(State::Damaged(what));
            }
            Err(error) => return Err(error),
        }
    }
    Err(last.unwrap_or(RetrievalError::Damaged { what: "it keeps changing".into() }))
}

fn load_generation(home: &Generation, previous: Option<&Index>) -> Result<Index, RetrievalError> {
    let damaged = |what: &str| RetrievalError::Damaged { what: what.to_owned() };
    let files = home.files().map_err(|error| reading(error.into()))?;
    let mut index = tantivy::Index::open(files).map_err(reading)?;
    if index.schema() != schema::schema().0 {
        return Err(damaged("it has another schema"));
    }
    index.set_tokenizers(schema::tokenizers());
    if !lists_its_files(&index)? {
        return Err(damaged("the list of its files is not whole"));
    }
    if home.is_small()
        && let [first, ..] = &*validate(&index)?
    {
        return Err(damaged(&format!("the checksum of {first} is wrong")));
    }
    assemble(index, Some(home.clone()), home.checked_ns(), previous)
}

/// Opens the segments of an index for reading, but those that are open already.
pub(super) fn assemble(
    index: tantivy::Index,
    home: Option<Generation>,
    checked_ns: i64,
    previous: Option<&Index>,
) -> Result<Index, RetrievalError> {
    let fields = schema::schema().1;
    let meta = index.load_metas().map_err(reading)?;
    let known = previous.map(Index::parts).unwrap_or_default();
    let mut parts = Vec::with_capacity(meta.segments.len());
    for segment in meta.segments {
        let id = (segment.id(), segment.delete_opstamp());
        let part = match known.iter().find(|part| part.id() == id) {
            Some(part) => Arc::clone(part),
            None => Arc::new(Part::open(&index.segment(segment), &fields).map_err(reading)?),
        };
        parts.push(part);
    }
    let posts = previous.map(|previous| Arc::clone(previous.post_cache())).unwrap_or_default();
    Ok(Index::new(index, home, Searcher::new(fields, parts, posts), meta.opstamp, checked_ns))
}

/// Whether tantivy knows the files of its segments: it would neither check nor ever remove the others.
fn lists_its_files(index: &tantivy::Index) -> Result<bool, RetrievalError> {
    let known = index.directory().list_managed_files();
    let segments = index.searchable_segment_metas().map_err(reading)?;
    Ok(segments.iter().all(|segment| known.contains(&segment.relative_path(SegmentComponent::Store))))
}
