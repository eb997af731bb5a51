//! What all processes know of a host: when it was asked last, and until when it wants no requests. Each host has a
//! file in the state folder. Whoever asks the host locks it; the system releases the lock if the process ends.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use takeaways_process_lock::{LockAttempt, ProcessLock};
use xxhash_rust::xxh3::xxh3_64;

use crate::fetcher::MAX_RETRY_AFTER;

/// The number of new files after which old ones are removed. Redirects may name any number of hosts.
const NEW_FILES_PER_CLEANING: usize = 500;
/// How long an unused file is kept, unless its host wants no request for longer.
const KEPT_FOR: Duration = Duration::from_hours(1);
/// The most files that are kept for such hosts.
const MAX_FILES: usize = 20_000;

pub(crate) struct HostFiles {
    folder: PathBuf,
    created: AtomicUsize,
}

/// Why a host gets no requests for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum BackOff {
    /// It asked for that itself.
    #[serde(rename = "asked")]
    Requested,
    /// It could not be reached.
    Unreachable,
    /// Its rules could not be read.
    RobotsUnread,
}

/// What is known of a host. Nothing, if the file is damaged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct HostNote {
    /// When it was asked last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) asked: Option<Timestamp>,
    /// When it may be asked again, and why not before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) not_before: Option<(Timestamp, BackOff)>,
}

impl HostNote {
    /// When the host may be asked again, and why not before.
    pub(crate) fn back_off(&self, now: Timestamp) -> Option<(Timestamp, BackOff)> {
        // A time further away than any that is written means that the clock was wrong.
        self.not_before.filter(|(until, _)| *until > now && until.duration_since(now) <= MAX_RETRY_AFTER)
    }

    /// How long to wait for the pause between two requests.
    pub(crate) fn pause(&self, now: Timestamp, interval: Duration) -> Duration {
        let passed = self.asked.map(|asked| now.duration_since(asked));
        let passed = passed.map(|passed| Duration::try_from(passed).unwrap_or_default());
        passed.map_or(Duration::ZERO, |passed| interval.saturating_sub(passed))
    }
}

/// A host that is locked. No other process asks it until this is dropped.
pub(crate) struct HostLock {
    file: ProcessLock,
    note: HostNote,
}

impl HostLock {
    pub(crate) fn note(&self) -> HostNote {
        self.note
    }

    /// Changes what all processes know of the host.
    pub(crate) fn write(&mut self, note: HostNote) {
        self.note = note;
        let text = serde_json::to_string(&note).unwrap_or_default();
        if let Err(error) = self.file.sign(&format!("{text}\n")) {
            tracing::warn!(%error, "other processes are not told when a host was asked");
        }
    }
}

impl HostFiles {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), created: AtomicUsize::new(0) }
    }

    /// Locks a host; `None` if another process asks it.
    pub(crate) fn try_lock(&self, host: &str, now: Timestamp) -> io::Result<Option<HostLock>> {
        let path = self.path(host);
        if !path.exists() {
            std::fs::create_dir_all(&self.folder)?;
            if (self.created.fetch_add(1, Ordering::Relaxed) + 1).is_multiple_of(NEW_FILES_PER_CLEANING) {
                self.clean(now);
            }
        }
        try_lock_file(&path)
    }

    fn path(&self, host: &str) -> PathBuf {
        let name = host.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' });
        self.folder.join(format!("{}-{:016x}", name.take(60).collect::<String>(), xxh3_64(host.as_bytes())))
    }

    /// Removes old files.
    fn clean(&self, now: Timestamp) {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return };
        let paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        let is_full = paths.len() > MAX_FILES;
        for path in paths {
            let changed = path.metadata().and_then(|metadata| metadata.modified());
            let is_unused = changed.is_ok_and(|time| time.elapsed().is_ok_and(|unused| unused > KEPT_FOR));
            // Not while another process asks the host.
            if is_unused
                && let Ok(Some(lock)) = try_lock_file(&path)
                && (is_full || lock.note.back_off(now).is_none())
            {
                // The next cleaning tries again.
                let _ = std::fs::remove_file(&path);
            }
        }
    }
}

fn try_lock_file(path: &Path) -> io::Result<Option<HostLock>> {
    let mut options = OpenOptions::new();
    match ProcessLock::try_acquire(path, options.create(true).truncate(false).read(true).write(true))? {
        LockAttempt::Acquired(file, text) => {
            let note = text.lines().next().and_then(|line| serde_json::from_str(line).ok());
            let mut lock = HostLock { file, note: HostNote::default() };
            // The lock keeps only what is written.
            lock.write(note.unwrap_or_default());
            Ok(Some(lock))
        }
        LockAttempt::HeldBy(_) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn what_is_known_of_a_host_stays_and_one_asks_at_a_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let (one, other) = (HostFiles::new(folder.path()), HostFiles::new(folder.path()));
        let now = Timestamp::UNIX_EPOCH;
        let mut lock = one.try_lock("blog.example", now).expect("a file").expect("a lock");
        assert_eq!(lock.note(), HostNote::default());
        assert!(other.try_lock("blog.example", now).expect("a file").is_none());
        assert!(other.try_lock("blog.example:8080", now).expect("a file").is_some());
        let until = now + SignedDuration::from_hours(2);
        let note = HostNote { asked: Some(now), not_before: Some((until, BackOff::Requested)) };
        lock.write(note);
        drop(lock);
        let text = std::fs::read_to_string(one.path("blog.example")).expect("a file");
        assert!(text.contains(r#""not_before":["1970-01-01T02:00:00Z","asked"]"#), "{text}");
        let lock = other.try_lock("blog.example", now).expect("a file").expect("a lock");
        assert_eq!(lock.note(), note);
        assert_eq!(note.back_off(now), Some((until, BackOff::Requested)));
        assert_eq!(note.back_off(until), None);
        assert_eq!(note.back_off(now - SignedDuration::from_hours(24 * 30)), None, "the clock was wrong");
        let second = Duration::from_secs(1);
        assert_eq!(note.pause(now, second), second);
        assert_eq!(note.pause(now + SignedDuration::from_millis(400), second), Duration::from_millis(600));
        assert_eq!(note.pause(until, second), Duration::ZERO);
        assert_eq!(note.pause(now - SignedDuration::from_hours(1), second), second);
    }

    #[test]
    fn a_damaged_file_says_nothing_and_a_dead_process_leaves_its_note() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = HostFiles::new(folder.path());
        let now = Timestamp::UNIX_EPOCH;
        let path = files.path("blog.example");
        for text in ["", "{\"asked\":", "\u{0}\u{0}\u{0}", "process 1 on a machine\n"] {
            std::fs::write(&path, text).expect("a file");
            let lock = files.try_lock("blog.example", now).expect("a file").expect("a lock");
            assert_eq!(lock.note(), HostNote::default(), "{text}");
        }
        std::fs::write(&path, "{\"asked\":\"1970-01-01T00:00:00Z\"}\nprocess 1 on a machine\n")
            .expect("a file");
        let lock = files.try_lock("blog.example", now).expect("a file").expect("a lock");
        assert_eq!(lock.note().asked, Some(now));
    }

    #[test]
    fn files_that_say_nothing_any_more_are_removed() {
        let folder = tempfile::tempdir().expect("a folder");
        let files = HostFiles::new(folder.path());
        let now = Timestamp::UNIX_EPOCH;
        let back_off = Some((now + SignedDuration::from_hours(5), BackOff::Requested));
        for (host, not_before) in
            [("old.example", None), ("backed-off.example", back_off), ("new.example", None)]
        {
            let mut lock = files.try_lock(host, now).expect("a file").expect("a lock");
            lock.write(HostNote { asked: Some(now), not_before });
            drop(lock);
            if host != "new.example" {
                let file = std::fs::File::options().write(true).open(files.path(host)).expect("a file");
                let before = std::time::SystemTime::now() - Duration::from_hours(2);
                file.set_modified(before).expect("a time");
            }
        }
        files.clean(now);
        let is_there = |host: &str| files.path(host).exists();
        assert!(!is_there("old.example") && is_there("backed-off.example") && is_there("new.example"));
    }
}
