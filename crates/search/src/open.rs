//! Opening the index: the way from what is on disk to what the corpus is now.

use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;

use super::error::SearchError;
use super::folder::{Generation, IndexFolder};
use super::index::Index;
use super::load::{LoadState, LoadedIndex, load_index, open_segments};
use super::report::{IndexNotice, OpenReport, ReadProgress};
use super::schema;
use super::update_plan::{FileRecords, UpdatePlan, file_records};
use super::write::{WriteJob, WriteResult, write_files};
use crate::corpus_files::FileSource;
use crate::folder::{IndexLock, IndexLockAttempt, has_holder};
use crate::load::{files_with_wrong_checksums, read_error};

/// How the index is opened.
#[derive(Clone)]
pub struct IndexOptions<'a> {
    /// Read all files instead of trusting their times and sizes.
    pub verify: bool,
    /// How many threads read files; 0 for as many as are of use.
    pub threads: usize,
    /// How long to wait for another process that builds the first index.
    pub build_timeout: Duration,
    /// Is told how far reading has come, from the threads that read.
    pub progress: Option<&'a (dyn Fn(ReadProgress) + Sync)>,
}

impl Default for IndexOptions<'_> {
    fn default() -> Self {
        Self { verify: false, threads: 0, build_timeout: Duration::from_secs(5), progress: None }
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
        options: &IndexOptions<'_>,
    ) -> Result<(Self, OpenReport), SearchError> {
        OpenTask::new(None, files, now, options).open(folder)
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
        options: &IndexOptions<'_>,
    ) -> Result<(Self, OpenReport), SearchError> {
        OpenTask::new(Some(self), files, now, options).open(self.requested_folder.as_deref())
    }
}

/// One opening of an index.
struct OpenTask<'a> {
    previous: Option<&'a Index>,
    files: &'a dyn FileSource,
    now_ns: i64,
    options: &'a IndexOptions<'a>,
    report: OpenReport,
}

impl<'a> OpenTask<'a> {
    fn new(
        previous: Option<&'a Index>,
        files: &'a dyn FileSource,
        now: Timestamp,
        options: &'a IndexOptions<'a>,
    ) -> Self {
        // Saturates 290 years from 1970: then all files count as too young to tell.
        let now_ns = i64::try_from(now.as_nanosecond()).unwrap_or(i64::MIN);
        let report = OpenReport { files: files.stamps().len(), ..OpenReport::default() };
        Self { previous, files, now_ns, options, report }
    }

    fn open(mut self, folder: Option<&Path>) -> Result<(Index, OpenReport), SearchError> {
        let on_disk = folder.map(|folder| self.open_on_disk(folder));
        let mut index = match on_disk {
            Some(Ok(index)) => index,
            Some(Err(error)) => {
                self.report = OpenReport { files: self.report.files, ..OpenReport::default() };
                self.report.notices.push(IndexNotice::InMemory { reason: error.chain() });
                self.open_in_memory()?
            }
            None => self.open_in_memory()?,
        };
        index.requested_folder = folder.map(PathBuf::from);
        self.report.failed.sort();
        Ok((index, self.report))
    }

    fn open_on_disk(&mut self, path: &Path) -> Result<Index, SearchError> {
        let folder = IndexFolder::create(path)?;
        let mut state = load_index(&folder, self.previous)?;
        let mut plan = match &state {
            LoadState::Ready(loaded) => Some(self.plan(&loaded.index)?),
            _ => None,
        };
        if let Some(plan) = &plan
            && plan.is_empty()
            && !plan.is_verified
            && !has_holder(&folder.lock_file())
        {
            return self.finish(state, plan);
        }
        let lock = match self.acquire_lock(&folder, &mut state) {
            Ok(IndexLockAttempt::Acquired(lock)) => lock,
            Ok(IndexLockAttempt::HeldBy(holder)) => return self.open_read_only(state, plan, holder),
            Err(error) => return self.open_unwritable(&folder, state, plan, error),
        };
        if !state.is_current(&folder)? {
            (state, plan) = (load_index(&folder, self.previous)?, None);
        }
        if lock.is_abandoned {
            state = self.check_checksums(state);
        }
        match state {
            LoadState::Ready(loaded) => {
                folder.remove_others(&loaded.generation);
                self.update(*loaded, plan)
            }
            broken => self.build_generation(&folder, broken),
        }
    }

    fn plan(&mut self, index: &Index) -> Result<UpdatePlan, SearchError> {
        let records = file_records(index.segments()).map_err(read_error)?;
        let mut plan = UpdatePlan::new(records, self.files.stamps(), index.checked_ns, self.options.verify);
        plan.verify_files(self.files, self.options.threads, index.checked_ns, self.now_ns);
        self.report.read += plan.files_read;
        Ok(plan)
    }

    /// Takes the lock, or names who has it. Waits only where there is nothing to read otherwise.
    fn acquire_lock(
        &self,
        folder: &IndexFolder,
        state: &mut LoadState,
    ) -> Result<IndexLockAttempt, SearchError> {
        const PAUSE: Duration = Duration::from_millis(20);
        let path = folder.lock_file();
        let mut waited = Duration::ZERO;
        loop {
            let holder = match IndexLock::try_acquire(&path)? {
                IndexLockAttempt::HeldBy(holder) => holder,
                taken @ IndexLockAttempt::Acquired(_) => return Ok(taken),
            };
            if !matches!(state, LoadState::Ready(_)) {
                *state = load_index(folder, self.previous)?;
            }
            if matches!(state, LoadState::Ready(_)) {
                return Ok(IndexLockAttempt::HeldBy(holder));
            }
            if waited >= self.options.build_timeout {
                let path = path.parent().unwrap_or(&path).to_owned();
                return Err(SearchError::Busy { path, holder });
            }
            std::thread::sleep(PAUSE);
            waited += PAUSE;
        }
    }

    fn finish(&mut self, state: LoadState, plan: &UpdatePlan) -> Result<Index, SearchError> {
        self.report_duplicates(plan);
        match state {
            LoadState::Ready(loaded) => Ok(loaded.index),
            // Only what is ready has a plan.
            _ => Err(SearchError::Damaged { what: "there is no index".into() }),
        }
    }

    fn open_read_only(
        &mut self,
        state: LoadState,
        plan: Option<UpdatePlan>,
        holder: String,
    ) -> Result<Index, SearchError> {
        let plan = match (plan, &state) {
            (Some(plan), _) => plan,
            (None, LoadState::Ready(loaded)) => self.plan(&loaded.index)?,
            (None, _) => UpdatePlan::default(),
        };
        if !plan.is_empty() {
            self.report.notices.push(IndexNotice::ReadOnly { holder, pending: plan.difference_count() });
        }
        self.finish(state, &plan)
    }

    /// Where nothing can be written, what is on disk serves as long as it has all files as they are: a state folder
    /// may be built into an image, its posts being too young then for their times to be trusted.
    fn open_unwritable(
        &mut self,
        folder: &IndexFolder,
        state: LoadState,
        plan: Option<UpdatePlan>,
        error: SearchError,
    ) -> Result<Index, SearchError> {
        match plan {
            Some(plan) if plan.is_empty() && !has_holder(&folder.lock_file()) => self.finish(state, &plan),
            _ => Err(error),
        }
    }

    /// Checks all of an index whose writer died. One that died building the first leaves nothing to check.
    fn check_checksums(&mut self, state: LoadState) -> LoadState {
        let LoadState::Ready(loaded) = state else { return state };
        self.report.notices.push(IndexNotice::Unclean);
        match files_with_wrong_checksums(&loaded.index.tantivy) {
            Ok(damaged) => match damaged.first() {
                Some(first) => LoadState::Damaged(format!("the checksum of {first} is wrong")),
                None => LoadState::Ready(loaded),
            },
            Err(error) => LoadState::Damaged(error.chain()),
        }
    }

    /// Writes what differs into the generation as it stands.
    fn update(&mut self, loaded: LoadedIndex, plan: Option<UpdatePlan>) -> Result<Index, SearchError> {
        let plan = match plan {
            Some(plan) => plan,
            None => self.plan(&loaded.index)?,
        };
        let LoadedIndex { mut index, generation: home, .. } = loaded;
        let written = self.apply_plan(&index.tantivy, &plan)?;
        if written {
            index = open_segments(index.tantivy.clone(), Some(home.clone()), self.now_ns, Some(&index))?;
        }
        if written || plan.is_verified {
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
    fn build_generation(&mut self, folder: &IndexFolder, state: LoadState) -> Result<Index, SearchError> {
        match state {
            LoadState::Damaged(reason) => self.report.notices.push(IndexNotice::Rebuilt { reason }),
            LoadState::OtherVersion => self.report.notices.push(IndexNotice::OtherVersion),
            LoadState::Absent | LoadState::Ready(_) => {}
        }
        let home = folder.new_generation()?;
        let built = self.write_generation(folder, &home);
        if built.is_err() {
            home.remove();
        }
        built
    }

    fn write_generation(&mut self, folder: &IndexFolder, home: &Generation) -> Result<Index, SearchError> {
        let files = home.files().map_err(|error| SearchError::Write(error.into()))?;
        let index = schema::index_builder().open_or_create(files).map_err(SearchError::Write)?;
        let plan = UpdatePlan::new(FileRecords::new(), self.files.stamps(), i64::MIN, false);
        self.apply_plan(&index, &plan)?;
        home.set_checked_ns(self.now_ns)?;
        folder.publish(home)?;
        open_segments(index, Some(home.clone()), self.now_ns, None)
    }

    fn open_in_memory(&mut self) -> Result<Index, SearchError> {
        let previous = self.previous.filter(|previous| previous.generation.is_none());
        let (index, plan) = if let Some(previous) = previous {
            (previous.tantivy.clone(), self.plan(previous)?)
        } else {
            let index = schema::index_builder().create_in_ram().map_err(SearchError::Write)?;
            (index, UpdatePlan::new(FileRecords::new(), self.files.stamps(), i64::MIN, false))
        };
        self.apply_plan(&index, &plan)?;
        open_segments(index, None, self.now_ns, previous)
    }

    /// Writes what a plan says; whether anything had to be written.
    fn apply_plan(&mut self, index: &tantivy::Index, plan: &UpdatePlan) -> Result<bool, SearchError> {
        self.report_duplicates(plan);
        if plan.is_empty() {
            return Ok(false);
        }
        let job = WriteJob {
            files: self.files,
            to_add: plan.added.iter().chain(&plan.changed).copied().collect(),
            to_delete: plan.removed_entries.iter().chain(&plan.outdated_entries).copied().collect(),
            threads: self.options.threads,
            progress: self.options.progress,
        };
        let WriteResult { is_changed: anything, failed, merge_error: not_merged } =
            write_files(index, &schema::schema().1, &job)?;
        self.report.read += job.to_add.len();
        self.report.added = plan.added.len();
        self.report.changed = plan.changed.len();
        self.report.removed = plan.removed_entries.len();
        let failed: Vec<_> = failed.into_iter().map(|(at, why)| (self.path_of(at), why)).collect();
        self.report.failed.extend(failed);
        self.report.notices.extend(not_merged.map(|reason| IndexNotice::NotMerged { reason }));
        Ok(anything)
    }

    fn report_duplicates(&mut self, plan: &UpdatePlan) {
        for &at in &plan.duplicates {
            self.report.failed.push((self.path_of(at), "another file has the same path".to_owned()));
        }
    }

    fn path_of(&self, at: usize) -> String {
        self.files.stamps().get(at).map(|stamp| stamp.path.clone()).unwrap_or_default()
    }
}
