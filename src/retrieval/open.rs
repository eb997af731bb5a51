//! Opening the index: the way from what is on disk to what the corpus is now.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tantivy::directory::MmapDirectory;
use tantivy::index::SegmentComponent;

use super::damage::{guarded, reading, validate};
use super::error::RetrievalError;
use super::folder::{Current, Folder, Generation, Lock};
use super::index::Index;
use super::part::Part;
use super::plan::{Plan, records};
use super::report::{Notice, OpenReport, Progress};
use super::schema;
use super::source::FileSource;
use super::write::{Job, Written, write};

/// Up to this size an index is checked whole whenever it is opened, in bytes: it takes less than a millisecond.
const SMALL: u64 = 2 << 20;

/// How often reading is tried anew while another process changes what is read.
const TRIES: usize = 10;

/// How the index is opened.
#[derive(Clone)]
pub struct Options<'a> {
    /// Read all files instead of trusting their times and sizes.
    pub verify: bool,
    /// How many threads read files; 0 for as many as are of use.
    pub threads: usize,
    /// How long to wait for another process that builds the first index.
    pub patience: Duration,
    /// Is told how far reading has come, from the threads that read.
    pub progress: Option<&'a (dyn Fn(Progress) + Sync)>,
}

impl Default for Options<'_> {
    fn default() -> Self {
        Self { verify: false, threads: 0, patience: Duration::from_secs(5), progress: None }
    }
}

impl Index {
    /// Opens the index in a folder (see [`super::index_folder`]) and brings it up to date with the files.
    ///
    /// Reads only files that differ from what the index has, or that are too young to tell, and writes only
    /// what differs; without a difference nothing is written at all. `now` is a time before the walk that
    /// `files` comes from. Without a folder, or where it can't be used, the index is held in memory; that and
    /// everything else that people should know is in the report.
    ///
    /// # Errors
    /// Where not even an index in memory can be made.
    pub fn open(
        folder: Option<&Path>,
        files: &dyn FileSource,
        now: Timestamp,
        options: &Options<'_>,
    ) -> Result<(Self, OpenReport), RetrievalError> {
        Opening::new(None, files, now, options).open(folder)
    }

    /// The same index as it is now, up to date with the files. This one goes on as it is. What the two have in
    /// common they share.
    ///
    /// # Errors
    /// As [`Index::open`].
    pub fn refresh(
        &self,
        files: &dyn FileSource,
        now: Timestamp,
        options: &Options<'_>,
    ) -> Result<(Self, OpenReport), RetrievalError> {
        Opening::new(Some(self), files, now, options).open(self.asked.as_deref())
    }
}

/// One opening of an index.
struct Opening<'a> {
    previous: Option<&'a Index>,
    files: &'a dyn FileSource,
    now_ns: i64,
    options: &'a Options<'a>,
    report: OpenReport,
}

/// What is on disk.
enum State {
    Ready(Box<Loaded>),
    Absent,
    Damaged(String),
    OtherVersion,
}

/// An index that can be read.
struct Loaded {
    index: Index,
    home: Generation,
    /// The list of segments on disk that it was opened from.
    meta: Option<Vec<u8>>,
}

impl<'a> Opening<'a> {
    fn new(
        previous: Option<&'a Index>,
        files: &'a dyn FileSource,
        now: Timestamp,
        options: &'a Options<'a>,
    ) -> Self {
        // Saturates 290 years from 1970: then all files count as too young to tell.
        let now_ns = i64::try_from(now.as_nanosecond()).unwrap_or(i64::MIN);
        let report = OpenReport { files: files.stamps().len(), ..OpenReport::default() };
        Self { previous, files, now_ns, options, report }
    }

    fn open(mut self, folder: Option<&Path>) -> Result<(Index, OpenReport), RetrievalError> {
        let on_disk = folder.map(|folder| self.on_disk(folder));
        let mut index = match on_disk {
            Some(Ok(index)) => index,
            Some(Err(error)) => {
                self.report = OpenReport { files: self.report.files, ..OpenReport::default() };
                self.report.notices.push(Notice::InMemory { reason: error.chain() });
                self.in_memory()?
            }
            None => self.in_memory()?,
        };
        index.asked = folder.map(PathBuf::from);
        self.report.failed.sort();
        Ok((index, self.report))
    }

    fn on_disk(&mut self, path: &Path) -> Result<Index, RetrievalError> {
        let folder = Folder::create(path)?;
        let mut state = self.load(&folder)?;
        let mut plan = match &state {
            State::Ready(loaded) => Some(self.plan(&loaded.index)?),
            _ => None,
        };
        if let Some(plan) = &plan
            && plan.is_empty()
            && !plan.settled
            && !folder.is_marked()
        {
            return self.done(state, plan);
        }
        let lock = match self.lock(&folder, path, &mut state)? {
            Ok(lock) => lock,
            Err(holder) => return self.read_only(state, plan, holder),
        };
        if !state.is_on_disk(&folder)? {
            (state, plan) = (self.load(&folder)?, None);
        }
        if lock.unclean {
            state = self.check(state);
        }
        match state {
            State::Ready(loaded) => {
                folder.clean(&loaded.home);
                self.update(*loaded, plan)
            }
            broken => self.build(&folder, broken),
        }
    }

    /// What is on disk, read anew where another process changes it meanwhile.
    fn load(&self, folder: &Folder) -> Result<State, RetrievalError> {
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
            match guarded(|| self.load_generation(&home)) {
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

    fn load_generation(&self, home: &Generation) -> Result<Index, RetrievalError> {
        let damaged = |what: &str| RetrievalError::Damaged { what: what.to_owned() };
        let directory = MmapDirectory::open(&home.path).map_err(|error| reading(error.into()))?;
        let mut index = tantivy::Index::open(directory).map_err(reading)?;
        if index.schema() != schema::schema().0 {
            return Err(damaged("it has another schema"));
        }
        index.set_tokenizers(schema::tokenizers());
        if !lists_its_files(&index)? {
            return Err(damaged("the list of its files is not whole"));
        }
        if home.bytes() <= SMALL
            && let [first, ..] = &*validate(&index)?
        {
            return Err(damaged(&format!("the checksum of {first} is wrong")));
        }
        self.assemble(index, Some(home.clone()), home.checked_ns(), self.previous)
    }

    /// Opens the segments of an index for reading, but those that are open already.
    fn assemble(
        &self,
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
        let posts = previous.map(|previous| Arc::clone(&previous.posts)).unwrap_or_default();
        Index::new(index, home, fields, parts, meta.opstamp, checked_ns, posts).map_err(reading)
    }

    fn plan(&mut self, index: &Index) -> Result<Plan, RetrievalError> {
        let records = records(index.parts().iter().map(|part| &**part)).map_err(reading)?;
        let mut plan = Plan::new(records, self.files.stamps(), index.checked_ns, self.options.verify);
        plan.resolve(self.files, self.options.threads, index.checked_ns, self.now_ns);
        self.report.read += plan.read;
        Ok(plan)
    }

    /// Takes the lock, or names who has it. Waits only where there is nothing to read otherwise.
    fn lock(
        &self,
        folder: &Folder,
        path: &Path,
        state: &mut State,
    ) -> Result<Result<Lock, String>, RetrievalError> {
        const PAUSE: Duration = Duration::from_millis(20);
        let mut waited = Duration::ZERO;
        loop {
            let holder = match folder.lock()? {
                Ok(lock) => return Ok(Ok(lock)),
                Err(holder) => holder,
            };
            if !matches!(state, State::Ready(_)) {
                *state = self.load(folder)?;
            }
            if matches!(state, State::Ready(_)) {
                return Ok(Err(holder));
            }
            if waited >= self.options.patience {
                return Err(RetrievalError::Busy { path: path.to_owned(), holder });
            }
            std::thread::sleep(PAUSE);
            waited += PAUSE;
        }
    }

    fn done(&mut self, state: State, plan: &Plan) -> Result<Index, RetrievalError> {
        self.note_twice(plan);
        match state {
            State::Ready(loaded) => Ok(loaded.index),
            // Only what is ready has a plan.
            _ => Err(RetrievalError::Damaged { what: "there is no index".into() }),
        }
    }

    fn read_only(
        &mut self,
        state: State,
        plan: Option<Plan>,
        holder: String,
    ) -> Result<Index, RetrievalError> {
        let plan = match (plan, &state) {
            (Some(plan), _) => plan,
            (None, State::Ready(loaded)) => self.plan(&loaded.index)?,
            (None, _) => Plan::default(),
        };
        if !plan.is_empty() {
            self.report.notices.push(Notice::ReadOnly { holder, pending: plan.differences() });
        }
        self.done(state, &plan)
    }

    /// Checks all of an index whose writer died.
    fn check(&mut self, state: State) -> State {
        self.report.notices.push(Notice::Unclean);
        let State::Ready(loaded) = state else { return state };
        match validate(&loaded.index.tantivy) {
            Ok(damaged) => match damaged.first() {
                Some(first) => State::Damaged(format!("the checksum of {first} is wrong")),
                None => State::Ready(loaded),
            },
            Err(error) => State::Damaged(error.chain()),
        }
    }

    /// Writes what differs into the generation as it stands.
    fn update(&mut self, loaded: Loaded, plan: Option<Plan>) -> Result<Index, RetrievalError> {
        let plan = match plan {
            Some(plan) => plan,
            None => self.plan(&loaded.index)?,
        };
        let Loaded { mut index, home, .. } = loaded;
        if !plan.is_empty() {
            self.take_in(&index.tantivy, &plan)?;
            index = self.assemble(index.tantivy.clone(), Some(home.clone()), self.now_ns, Some(&index))?;
        } else {
            index.checked_ns = self.now_ns;
        }
        self.note_twice(&plan);
        if !plan.is_empty() || plan.settled {
            home.set_checked_ns(self.now_ns)?;
        }
        Ok(index)
    }

    /// Builds a generation from all files and puts it in the place of what is there.
    fn build(&mut self, folder: &Folder, state: State) -> Result<Index, RetrievalError> {
        match state {
            State::Damaged(reason) => self.report.notices.push(Notice::Rebuilt { reason }),
            State::OtherVersion => self.report.notices.push(Notice::OtherVersion),
            State::Absent | State::Ready(_) => {}
        }
        let home = folder.new_generation()?;
        let built = self.build_in(folder, &home);
        if built.is_err() {
            home.remove();
        }
        built
    }

    fn build_in(&mut self, folder: &Folder, home: &Generation) -> Result<Index, RetrievalError> {
        let index = schema::builder().create_in_dir(&home.path).map_err(RetrievalError::Write)?;
        let plan =
            Plan::new(records(std::iter::empty()).map_err(reading)?, self.files.stamps(), i64::MIN, false);
        self.take_in(&index, &plan)?;
        self.note_twice(&plan);
        home.set_checked_ns(self.now_ns)?;
        folder.publish(home)?;
        self.assemble(index, Some(home.clone()), self.now_ns, None)
    }

    fn in_memory(&mut self) -> Result<Index, RetrievalError> {
        let previous = self.previous.filter(|previous| previous.home.is_none());
        let (index, plan) = match previous {
            Some(previous) => (previous.tantivy.clone(), self.plan(previous)?),
            None => {
                let index = schema::builder().create_in_ram().map_err(RetrievalError::Write)?;
                (index, Plan::new(std::collections::HashMap::new(), self.files.stamps(), i64::MIN, false))
            }
        };
        if !plan.is_empty() {
            self.take_in(&index, &plan)?;
        }
        self.note_twice(&plan);
        self.assemble(index, None, self.now_ns, previous)
    }

    fn take_in(&mut self, index: &tantivy::Index, plan: &Plan) -> Result<(), RetrievalError> {
        let job = Job {
            files: self.files,
            take: plan.added.iter().chain(&plan.changed).copied().collect(),
            delete: plan.gone.iter().chain(&plan.outdated).copied().collect(),
            threads: self.options.threads,
            progress: self.options.progress,
        };
        let Written { failed, not_merged } = write(index, &schema::schema().1, &job)?;
        self.report.read += job.take.len();
        self.report.added = plan.added.len();
        self.report.changed = plan.changed.len();
        self.report.removed = plan.gone.len();
        let failed: Vec<_> = failed.into_iter().map(|(at, why)| (self.path(at), why)).collect();
        self.report.failed.extend(failed);
        self.report.notices.extend(not_merged.map(|reason| Notice::NotMerged { reason }));
        Ok(())
    }

    fn note_twice(&mut self, plan: &Plan) {
        for &at in &plan.twice {
            self.report.failed.push((self.path(at), "another file has the same path".to_owned()));
        }
    }

    fn path(&self, at: usize) -> String {
        self.files.stamps().get(at).map(|stamp| stamp.path.clone()).unwrap_or_default()
    }
}

impl State {
    /// Whether it is still what is on disk.
    fn is_on_disk(&self, folder: &Folder) -> Result<bool, RetrievalError> {
        let State::Ready(loaded) = self else { return Ok(false) };
        let current = folder.current()? == Current::Generation(loaded.home.number);
        Ok(current && loaded.home.damage().is_none() && loaded.home.meta() == loaded.meta)
    }
}

/// Whether tantivy knows the files of its segments: it would neither check nor ever remove the others.
fn lists_its_files(index: &tantivy::Index) -> Result<bool, RetrievalError> {
    let known = index.directory().list_managed_files();
    let segments = index.searchable_segment_metas().map_err(reading)?;
    Ok(segments.iter().all(|segment| known.contains(&segment.relative_path(SegmentComponent::Store))))
}
