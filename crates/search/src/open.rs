//! Opening the index: the way from what is on disk to what the corpus is now.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;

use super::damage::{reading, validate};
use super::error::RetrievalError;
use super::folder::{Folder, Generation};
use super::index::Index;
use super::load::{Loaded, State, assemble, load};
use super::lock::{Lock, Taken, is_marked};
use super::plan::{Plan, Records, records};
use super::report::{Notice, OpenReport, Progress};
use super::schema;
use super::source::FileSource;
use super::write::{Job, Written, write};

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
        let mut state = load(&folder, self.previous)?;
        let mut plan = match &state {
            State::Ready(loaded) => Some(self.plan(&loaded.index)?),
            _ => None,
        };
        if let Some(plan) = &plan
            && plan.is_empty()
            && !plan.settled
            && !is_marked(&folder.lock_file())
        {
            return self.done(state, plan);
        }
        let lock = match self.lock(&folder, &mut state) {
            Ok(Taken::Lock(lock)) => lock,
            Ok(Taken::By(holder)) => return self.read_only(state, plan, holder),
            Err(error) => return self.unwritable(&folder, state, plan, error),
        };
        if !state.is_on_disk(&folder)? {
            (state, plan) = (load(&folder, self.previous)?, None);
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

    fn plan(&mut self, index: &Index) -> Result<Plan, RetrievalError> {
        let records = records(index.parts()).map_err(reading)?;
        let mut plan = Plan::new(records, self.files.stamps(), index.checked_ns, self.options.verify);
        plan.resolve(self.files, self.options.threads, index.checked_ns, self.now_ns);
        self.report.read += plan.read;
        Ok(plan)
    }

    /// Takes the lock, or names who has it. Waits only where there is nothing to read otherwise.
    fn lock(&self, folder: &Folder, state: &mut State) -> Result<Taken, RetrievalError> {
        const PAUSE: Duration = Duration::from_millis(20);
        let path = folder.lock_file();
        let mut waited = Duration::ZERO;
        loop {
            let holder = match Lock::take(&path)? {
                Taken::By(holder) => holder,
                taken @ Taken::Lock(_) => return Ok(taken),
            };
            if !matches!(state, State::Ready(_)) {
                *state = load(folder, self.previous)?;
            }
            if matches!(state, State::Ready(_)) {
                return Ok(Taken::By(holder));
            }
            if waited >= self.options.patience {
                let path = path.parent().unwrap_or(&path).to_owned();
                return Err(RetrievalError::Busy { path, holder });
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

    /// Where nothing can be written, what is on disk serves as long as it has all files as they are: a state folder
    /// may be built into an image, its posts being too young then for their times to be trusted.
    fn unwritable(
        &mut self,
        folder: &Folder,
        state: State,
        plan: Option<Plan>,
        error: RetrievalError,
    ) -> Result<Index, RetrievalError> {
        match plan {
            Some(plan) if plan.is_empty() && !is_marked(&folder.lock_file()) => self.done(state, &plan),
            _ => Err(error),
        }
    }

    /// Checks all of an index whose writer died. One that died building the first leaves nothing to check.
    fn check(&mut self, state: State) -> State {
        let State::Ready(loaded) = state else { return state };
        self.report.notices.push(Notice::Unclean);
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
        let written = self.take_in(&index.tantivy, &plan)?;
        if written {
            index = assemble(index.tantivy.clone(), Some(home.clone()), self.now_ns, Some(&index))?;
        }
        if written || plan.settled {
            index.checked_ns = self.now_ns;
            let noted = home.set_checked_ns(self.now_ns);
            // Without anything new the index is as good as before: files are read once more the next time.
            if written {
                noted?;
            }
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
        let files = home.files().map_err(|error| RetrievalError::Write(error.into()))?;
        let index = schema::builder().open_or_create(files).map_err(RetrievalError::Write)?;
        let plan = Plan::new(Records::new(), self.files.stamps(), i64::MIN, false);
        self.take_in(&index, &plan)?;
        home.set_checked_ns(self.now_ns)?;
        folder.publish(home)?;
        assemble(index, Some(home.clone()), self.now_ns, None)
    }

    fn in_memory(&mut self) -> Result<Index, RetrievalError> {
        let previous = self.previous.filter(|previous| previous.home.is_none());
        let (index, plan) = if let Some(previous) = previous {
            (previous.tantivy.clone(), self.plan(previous)?)
        } else {
            let index = schema::builder().create_in_ram().map_err(RetrievalError::Write)?;
            (index, Plan::new(Records::new(), self.files.stamps(), i64::MIN, false))
        };
        self.take_in(&index, &plan)?;
        assemble(index, None, self.now_ns, previous)
    }

    /// Writes what a plan says; whether anything had to be written.
    fn take_in(&mut self, index: &tantivy::Index, plan: &Plan) -> Result<bool, RetrievalError> {
        self.note_twice(plan);
        if plan.is_empty() {
            return Ok(false);
        }
        let job = Job {
            files: self.files,
            take: plan.added.iter().chain(&plan.changed).copied().collect(),
            delete: plan.gone.iter().chain(&plan.outdated).copied().collect(),
            threads: self.options.threads,
            progress: self.options.progress,
        };
        let Written { anything, failed, not_merged } = write(index, &schema::schema().1, &job)?;
        self.report.read += job.take.len();
        self.report.added = plan.added.len();
        self.report.changed = plan.changed.len();
        self.report.removed = plan.gone.len();
        let failed: Vec<_> = failed.into_iter().map(|(at, why)| (self.path(at), why)).collect();
        self.report.failed.extend(failed);
        self.report.notices.extend(not_merged.map(|reason| Notice::NotMerged { reason }));
        Ok(anything)
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
