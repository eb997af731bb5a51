//! Opens the index and brings it up to date with the corpus.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use jiff::Timestamp;

use crate::corpus_files::FileSource;
use crate::error::SearchError;
use crate::folder::{Generation, IndexFolder, IndexLock, IndexLockAttempt, has_holder};
use crate::index::Index;
use crate::load::{
    LoadState, LoadedIndex, files_with_wrong_checksums, load_index, open_segments, read_error,
};
use crate::report::{IndexNotice, OpenReport, ReadProgress};
use crate::schema;
use crate::update_plan::unread_versions;
use crate::update_plan::{FileRecords, UpdatePlan, file_records};
use crate::write::{WriteJob, WriteResult, write_files};

/// A reload from an incomplete corpus must not lose this part of the files or more: one in five.
const MAX_LOST_PART: u64 = 5;

/// Options for opening the index.
#[derive(Clone)]
pub struct IndexOptions<'a> {
    /// Read all files instead of trusting their times and sizes.
    pub verify: bool,
    /// Threads that read files; 0 chooses their number.
    pub threads: usize,
    /// How long to wait while another process builds the first index.
    pub build_timeout: Duration,
    /// Callback for the progress of reading. The threads that read call it.
    pub progress: Option<&'a (dyn Fn(ReadProgress) + Sync)>,
}

impl Default for IndexOptions<'_> {
    fn default() -> Self {
        Self { verify: false, threads: 0, build_timeout: Duration::from_secs(5), progress: None }
    }
}

impl Index {
    /// Opens the index in a folder (see [`crate::index_folder`]) and brings it up to date with the files.
    ///
    /// Reads only files that differ from the index, or that are too young for their times to be trusted, and writes
    /// only the difference. Without a difference nothing is written. `now` is a time before the walk that listed
    /// `files`. Without a usable folder the index is held in memory; the report says so.
    ///
    /// # Errors
    /// Fails if not even an index in memory can be made.
    pub fn open(
        folder: Option<&Path>,
        files: &dyn FileSource,
        now: Timestamp,
        options: &IndexOptions<'_>,
    ) -> Result<(Self, OpenReport), SearchError> {
        OpenTask::new(None, files, now, options).open(folder)
    }

    /// Opens the same index again, up to date with the files. `self` stays as it is; unchanged segments are shared.
    ///
    /// # Errors
    /// Fails as [`Index::open`] does, and with [`SearchError::TooManyLost`] if a fifth of the files or more would be lost
    /// because the corpus could not be listed or read completely.
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
        // Out of range 290 years from 1970: then all files count as too young.
        let now_ns = i64::try_from(now.as_nanosecond()).unwrap_or(i64::MIN);
        let report = OpenReport { files: files.files().len(), ..OpenReport::default() };
        Self { previous, files, now_ns, options, report }
    }

    fn open(mut self, folder: Option<&Path>) -> Result<(Index, OpenReport), SearchError> {
        let on_disk = folder.map(|folder| self.open_on_disk(folder));
        let mut index = match on_disk {
            Some(Ok(index)) => index,
            Some(Err(error @ SearchError::TooManyLost { .. })) => return Err(error),
            Some(Err(error)) => {
                self.report = OpenReport { files: self.report.files, ..OpenReport::default() };
                self.report.notices.push(IndexNotice::InMemory { reason: error.chain() });
                self.open_in_memory()?
            }
            None => self.open_in_memory()?,
        };
        index.requested_folder = folder.map(PathBuf::from);
        index.searcher.hides_unpublished = self.files.hides_unpublished();
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
            unusable => self.build_generation(&folder, unusable),
        }
    }

    fn plan(&mut self, index: &Index) -> Result<UpdatePlan, SearchError> {
        let records = file_records(index.segments()).map_err(read_error)?;
        let mut plan = UpdatePlan::new(records, self.files.files(), index.checked_ns, self.options.verify);
        if !plan.removed_versions.is_empty() && !self.files.unread().is_empty() {
            let unread = unread_versions(index.segments(), self.files).map_err(read_error)?;
            self.report.kept = plan.keep_versions(&unread);
        }
        self.check_loss(
            (index.counts().files + plan.added.len() as u64)
                .saturating_sub(plan.removed_versions.len() as u64),
        )?;
        plan.verify_files(self.files, self.options.threads, index.checked_ns, self.now_ns);
        self.report.read += plan.files_read;
        Ok(plan)
    }

    /// Refuses a reload that would leave so few files that something must be wrong with the corpus.
    fn check_loss(&self, files_after: u64) -> Result<(), SearchError> {
        let Some(previous) = self.previous else { return Ok(()) };
        let known = previous.counts().files;
        let lost = known.saturating_sub(files_after);
        let is_incomplete = self.files.is_incomplete() || !self.report.failed.is_empty();
        if is_incomplete && lost > 0 && lost.saturating_mul(MAX_LOST_PART) >= known {
            return Err(SearchError::TooManyLost { lost, known });
        }
        Ok(())
    }

    /// Takes the lock, or names the process that holds it. Waits only while there is no index to read.
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
                acquired @ IndexLockAttempt::Acquired(_) => return Ok(acquired),
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
            // Only a ready index has a plan.
            _ => Err(SearchError::Damaged { reason: "there is no index".into() }),
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

    /// If the folder is read-only, the index on disk serves while it is up to date. A container image may include an
    /// index whose files were too young for their times to be trusted.
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

    /// Verifies all checksums after a writer died. If it died during the first build, there is nothing to verify.
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

    /// Writes the difference into the current generation.
    fn update(&mut self, loaded: LoadedIndex, plan: Option<UpdatePlan>) -> Result<Index, SearchError> {
        let plan = match plan {
            Some(plan) => plan,
            None => self.plan(&loaded.index)?,
        };
        let LoadedIndex { mut index, generation, .. } = loaded;
        let written = self.apply_plan(&index.tantivy, &plan)?;
        let checked_ns = self.checked_ns(index.checked_ns);
        if written {
            index = open_segments(index.tantivy.clone(), Some(generation.clone()), checked_ns, Some(&index))?;
        }
        if written || plan.is_verified {
            index.checked_ns = checked_ns;
            let saved = generation.set_checked_ns(checked_ns);
            // If nothing was written, a failure only means that files are read once more next time.
            if written {
                saved?;
            }
        }
        Ok(index)
    }

    /// Returns since when all files are known to be as indexed. A file that could not be read leaves the time as it was.
    fn checked_ns(&self, before: i64) -> i64 {
        if self.report.failed.is_empty() { self.now_ns } else { before }
    }

    /// Builds a new generation from all files and makes it the current one.
    fn build_generation(&mut self, folder: &IndexFolder, state: LoadState) -> Result<Index, SearchError> {
        match state {
            LoadState::Damaged(reason) => self.report.notices.push(IndexNotice::Rebuilt { reason }),
            LoadState::OtherVersion => self.report.notices.push(IndexNotice::OtherVersion),
            LoadState::Absent | LoadState::Ready(_) => {}
        }
        let generation = folder.new_generation()?;
        let index = self.write_generation(folder, &generation);
        if index.is_err() {
            generation.remove();
        }
        index
    }

    fn write_generation(
        &mut self,
        folder: &IndexFolder,
        generation: &Generation,
    ) -> Result<Index, SearchError> {
        let directory = generation.open_directory().map_err(|error| SearchError::Write(error.into()))?;
        let index = schema::index_builder().open_or_create(directory).map_err(SearchError::Write)?;
        let plan = self.plan_of_all()?;
        self.apply_plan(&index, &plan)?;
        self.check_loss((plan.added.len() - self.report.failed.len().min(plan.added.len())) as u64)?;
        generation.set_checked_ns(self.now_ns)?;
        folder.publish(generation)?;
        open_segments(index, Some(generation.clone()), self.now_ns, None)
    }

    /// Plans an index of all files.
    fn plan_of_all(&self) -> Result<UpdatePlan, SearchError> {
        let plan = UpdatePlan::new(FileRecords::new(), self.files.files(), i64::MIN, false);
        self.check_loss(plan.added.len() as u64)?;
        Ok(plan)
    }

    fn open_in_memory(&mut self) -> Result<Index, SearchError> {
        let previous = self.previous.filter(|previous| previous.generation.is_none());
        let (index, plan) = if let Some(previous) = previous {
            (previous.tantivy.clone(), self.plan(previous)?)
        } else {
            let index = schema::index_builder().create_in_ram().map_err(SearchError::Write)?;
            (index, self.plan_of_all()?)
        };
        self.apply_plan(&index, &plan)?;
        let checked_ns = previous.map_or(self.now_ns, |previous| self.checked_ns(previous.checked_ns));
        open_segments(index, None, checked_ns, previous)
    }

    /// Carries out a plan. Returns whether the index changed.
    fn apply_plan(&mut self, index: &tantivy::Index, plan: &UpdatePlan) -> Result<bool, SearchError> {
        self.report_duplicates(plan);
        if plan.is_empty() {
            return Ok(false);
        }
        let job = WriteJob {
            files: self.files,
            to_add: plan.added.iter().chain(&plan.changed).copied().collect(),
            to_delete: plan.removed_versions.clone(),
            to_replace: plan.changed.iter().copied().zip(plan.outdated_versions.iter().copied()).collect(),
            threads: self.options.threads,
            progress: self.options.progress,
        };
        let WriteResult { is_changed, failed, merge_error } = write_files(index, &schema::schema().1, &job)?;
        self.report.read += job.to_add.len();
        let unread: HashSet<usize> = failed.iter().map(|(at, _)| *at).collect();
        let count_read = |positions: &[usize]| positions.iter().filter(|at| !unread.contains(at)).count();
        self.report.added = count_read(&plan.added);
        self.report.changed = count_read(&plan.changed);
        self.report.removed = plan.removed_versions.len();
        let failed: Vec<_> = failed.into_iter().map(|(at, reason)| (self.path_of(at), reason)).collect();
        self.report.failed.extend(failed);
        self.report.notices.extend(merge_error.map(|reason| IndexNotice::NotMerged { reason }));
        Ok(is_changed)
    }

    fn report_duplicates(&mut self, plan: &UpdatePlan) {
        for &at in &plan.duplicates {
            self.report.failed.push((self.path_of(at), "another file has the same path".to_owned()));
        }
    }

    fn path_of(&self, at: usize) -> String {
        self.files.files().get(at).map(|file| file.path.clone()).unwrap_or_default()
    }
}
