//! Sources that people add, by a command or on Discord; who added one there is notified if it fails.

use std::path::{Path, PathBuf};

use jiff::Timestamp;
use url::Url;

use crate::library::{Library, LibraryError, create_folder, list_error};
use crate::source_list::{Source, SourceKind};
use crate::source_row::SourceRow;
use crate::source_state::SourceState;

/// The most sources in the list that Discord adds to. Each is asked every hour for as long as the bot runs, so more of
/// them need the operator. All sources of the list count: those whose contributor was forgotten bear no mark.
pub const MAX_CONTRIBUTED_SOURCES: usize = 200;
/// The most posts of a source that is added on Discord. At one page a second a refresh of them takes half an hour.
pub const MAX_CONTRIBUTED_POSTS: usize = 2_000;

/// What became of a source that somebody adds on Discord.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Contribution {
    /// It is in the list now.
    New(Source),
    /// It stood in a list before, and stays as it is there.
    Known(Source),
    /// It is not added: the list has [`MAX_CONTRIBUTED_SOURCES`].
    Full,
}

/// A source that somebody added on Discord and that has failed for a day.
#[derive(Debug, Clone)]
pub struct FailingSource {
    /// The source with its state.
    pub row: SourceRow,
    /// The id of the person who added it.
    pub person: u64,
    /// Since when it fails.
    pub since: Timestamp,
}

impl Library {
    /// Adds a source and returns it as it stands in its list. A source that is known already stays in its folder, with
    /// the day on which it was added first, since posts before that day are no news. A removed page comes back.
    ///
    /// # Errors
    /// If a list or a folder can't be read or written.
    pub fn add_source(&self, folder: &Path, source: Source) -> Result<Source, LibraryError> {
        if source.kind == SourceKind::Page
            && let Ok(url) = Url::parse(&source.url)
        {
            // Who names a post wants it, also if it was removed before.
            self.restore(&crate::identity(&url))?;
        }
        let (rows, _) = self.rows();
        let known = rows.iter().find(|row| row.source.identity() == source.identity());
        let target: PathBuf = known.map_or(folder, |row| row.folder.as_path()).to_owned();
        let added = known.and_then(|row| row.source.added).or(source.added);
        let source = Source { added, ..source };
        self.ask_again(&source)?;
        create_folder(&target)?;
        let _lock = self.lock_lists()?;
        Self::add_to_list(&target, self.list(&target)?, &source)?;
        Ok(source)
    }

    /// Adds a source for somebody on Discord. One that stands in any list stays as it is, since its filters and the day on
    /// which it was added are the operator's. A removed page comes back.
    ///
    /// # Errors
    /// If the list or the folder that Discord adds to can't be read or written.
    pub fn contribute(&self, source: Source) -> Result<Contribution, LibraryError> {
        let folder = self.posts_folder();
        create_folder(folder)?;
        let identity = source.identity();
        let _lock = self.lock_lists()?;
        let list = self.list(folder)?;
        // A source of a list that can't be read now is added a second time; the folder that comes first decides then.
        let lists = self.folders().iter().filter_map(|folder| self.list(folder).ok());
        let known = lists
            .flat_map(|list| list.sources().to_vec())
            .find(|known| known.url == source.url || known.identity() == identity);
        if known.is_none() && list.sources().len() >= MAX_CONTRIBUTED_SOURCES {
            return Ok(Contribution::Full);
        }
        if source.kind == SourceKind::Page {
            // Who names a post wants it, also if it was removed before.
            self.restore_under_lock(&identity)?;
        }
        if let Some(known) = known {
            self.ask_again(&known)?;
            return Ok(Contribution::Known(known));
        }
        Self::add_to_list(folder, list, &source)?;
        Ok(Contribution::New(source))
    }

    /// Lets a source that was gone for good be asked again, because somebody found it.
    fn ask_again(&self, source: &Source) -> Result<(), LibraryError> {
        let (rows, _) = self.rows();
        let matches = |row: &&SourceRow| row.state.is_gone && row.source.identity() == source.identity();
        let Some(row) = rows.iter().find(matches) else { return Ok(()) };
        let state = SourceState { is_gone: false, due: None, ..SourceState::clone(&row.state) };
        self.save_state(&row.folder, &row.source, state)
    }

    /// The sources that this person added on Discord.
    ///
    /// # Errors
    /// If a list can't be read: it may hold more.
    pub fn added_by(&self, person: u64) -> Result<Vec<Source>, LibraryError> {
        let person = person.to_string();
        let mut added = Vec::new();
        for folder in self.folders() {
            let list = self.list(folder)?;
            let of_person = |source: &&Source| source.added_by.as_ref() == Some(&person);
            added.extend(list.sources().iter().filter(of_person).cloned());
        }
        Ok(added)
    }

    /// Forgets who added sources, if it is this person: the sources stay. Returns their number.
    ///
    /// # Errors
    /// If a list can't be read or written. The others are changed all the same.
    pub fn forget_contributor(&self, person: u64) -> Result<usize, LibraryError> {
        let person = person.to_string();
        let _lock = self.lock_lists()?;
        let (mut forgotten, mut failure) = (0, None);
        for folder in self.folders() {
            match self.forget_in(folder, &person) {
                Ok(count) => forgotten += count,
                Err(error) => failure = failure.or(Some(error)),
            }
        }
        failure.map_or(Ok(forgotten), Err)
    }

    fn forget_in(&self, folder: &Path, person: &str) -> Result<usize, LibraryError> {
        let mut list = self.list(folder)?;
        let forgotten = list.forget_contributor(person).map_err(|error| list_error(folder, error))?;
        if forgotten > 0 {
            Self::write_list(folder, &list)?;
        }
        Ok(forgotten)
    }

    /// Claims the sources that have failed for a day and whose contributors were not notified yet. One process claims a
    /// source, once for each time that it fails. [`Library::release_failing`] undoes this if the contributor could not be
    /// notified.
    pub fn claim_failing(&self, now: Timestamp) -> Vec<FailingSource> {
        let (rows, _) = self.rows();
        let mut failing = Vec::new();
        for row in rows {
            let person = row.source.added_by.as_deref().and_then(|person| person.parse().ok());
            let (Some(person), Some(since)) = (person, row.state.failing_for_a_day(now)) else { continue };
            if !row.state.was_notified && self.set_notified(&row, true) == Some(true) {
                failing.push(FailingSource { row, person, since });
            }
        }
        failing
    }

    /// Releases a source, so that its contributor is notified later. Returns false if that is not possible now, because the
    /// host is refreshed or the state can't be written: try again.
    pub fn release_failing(&self, failing: &FailingSource) -> bool {
        self.set_notified(&failing.row, false).is_some()
    }

    /// Records whether the contributor was notified. Returns whether this call changed it; `None` if it can't be recorded now.
    fn set_notified(&self, row: &SourceRow, was_notified: bool) -> Option<bool> {
        // Who refreshes the host at this moment would write over it: the next look finds it again.
        let _lock = self.try_lock_host(&row.source.host()).ok()??;
        let state = self.state(&row.folder, &row.source);
        if state.was_notified == was_notified || state.failing_since != row.state.failing_since {
            return Some(false);
        }
        let state = SourceState { was_notified, ..SourceState::clone(&state) };
        self.save_state(&row.folder, &row.source, state).ok().map(|()| true)
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;

    use super::*;
    use crate::source_list::FILE_NAME;

    #[test]
    fn a_contributor_is_notified_once_for_each_time_that_a_source_fails() {
        let folder = tempfile::tempdir().expect("a folder");
        let library = Library::new(&[], folder.path());
        let (hour, start) = (SignedDuration::from_hours(1), Timestamp::UNIX_EPOCH);
        let mut source = Source::new("https://blog.example/feed.xml", SourceKind::Feed, start);
        source.added_by = Some("77".into());
        source.added_language = Some("de".into());
        library.add_source(library.posts_folder(), source.clone()).expect("added");
        let mut state = SourceState::default();
        state.record_failure("status 500".into(), start, hour, None, 0);
        library.save_state(library.posts_folder(), &source, state.clone()).expect("saved");
        assert_eq!(library.claim_failing(start + hour * 23).len(), 0);
        let claimed = library.claim_failing(start + hour * 24);
        assert_eq!(claimed.iter().map(|it| (it.person, it.since)).collect::<Vec<_>>(), [(77, start)]);
        assert_eq!(claimed[0].row.source.added_language.as_deref(), Some("de"));
        assert_eq!(library.claim_failing(start + hour * 25).len(), 0);
        {
            let _refreshing = library.try_lock_host("blog.example").expect("a lock").expect("a free lock");
            assert!(!library.release_failing(&claimed[0]), "the host is refreshed now");
        }
        assert!(library.release_failing(&claimed[0]));
        assert_eq!(library.claim_failing(start + hour * 26).len(), 1);
        // It is read again, and fails again.
        state.record_success(start + hour * 30, hour, 0);
        state.record_failure("status 500".into(), start + hour * 40, hour, None, 0);
        library.save_state(library.posts_folder(), &source, state).expect("saved");
        assert_eq!(library.claim_failing(start + hour * 50).len(), 0);
        assert_eq!(library.claim_failing(start + hour * 65).len(), 1);
        // A forgotten contributor is in no list, and gets no notice.
        assert_eq!(library.forget_contributor(78).expect("written"), 0);
        assert_eq!(library.forget_contributor(77).expect("written"), 1);
        let list = library.list(library.posts_folder()).expect("a list");
        assert_eq!((list.sources().len(), list.text().contains("77")), (1, false), "{}", list.text());
        assert_eq!(library.claim_failing(start + hour * 99).len(), 0);
    }

    /// A library with a corpus folder, and the list of that folder.
    fn library(folder: &Path, list: &str) -> (Library, PathBuf) {
        let corpus = folder.join("corpus");
        std::fs::create_dir_all(&corpus).expect("a folder");
        std::fs::write(corpus.join(FILE_NAME), list).expect("a list");
        (Library::new(std::slice::from_ref(&corpus), &folder.join("state")), corpus.join(FILE_NAME))
    }

    fn feed(url: &str, person: &str) -> Source {
        let mut source = Source::new(url, SourceKind::Feed, Timestamp::UNIX_EPOCH);
        source.added_by = Some(person.to_owned());
        source
    }

    #[test]
    fn who_adds_a_known_source_changes_nothing_of_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let written = "# mine\n[[source]]\nurl = \"https://blog.example/feed.xml\"\nkind = \"feed\" # of Ann\nmatch = \"kubecon\"\n\
                       since = \"2019-01-01\"\nabout_events = false\nadded_by = \"1\"\n";
        let (library, path) = library(folder.path(), written);
        let again = library.contribute(feed("http://blog.example/feed.xml/", "77")).expect("read");
        let Contribution::Known(known) = again else { panic!("{again:?}") };
        assert_eq!((known.matching.as_deref(), known.added_by.as_deref()), (Some("kubecon"), Some("1")));
        assert_eq!(std::fs::read_to_string(path).expect("a list"), written);
        assert_eq!(library.rows().0.len(), 1);
        let new = feed("https://other.example/feed.xml", "77");
        assert_eq!(library.contribute(new.clone()).expect("added"), Contribution::New(new));
        // A removed post comes back.
        let page = Source::new("https://blog.example/a", SourceKind::Page, Timestamp::UNIX_EPOCH);
        let removed = folder.path().join("state/sources/removed/posts.json");
        std::fs::create_dir_all(removed.parent().expect("a folder")).expect("a folder");
        std::fs::write(&removed, "[\"blog.example/a\"]").expect("a file");
        library.contribute(page).expect("added");
        assert!(library.removal_list().expect("a list").is_empty());
    }

    #[test]
    fn discord_adds_no_more_sources_than_the_list_may_have() {
        let folder = tempfile::tempdir().expect("a folder");
        let (library, _) = library(folder.path(), "");
        let address = |at: usize| format!("https://b{at}.example/feed.xml");
        let mut list = crate::SourceList::default();
        for at in 1..MAX_CONTRIBUTED_SOURCES {
            list.add(&feed(&address(at), "77")).expect("added");
        }
        std::fs::create_dir_all(library.posts_folder()).expect("a folder");
        Library::write_list(library.posts_folder(), &list).expect("written");
        assert!(matches!(library.contribute(feed(&address(0), "77")), Ok(Contribution::New(_))));
        // Also after the person was forgotten.
        assert_eq!(library.forget_contributor(77).expect("written"), MAX_CONTRIBUTED_SOURCES);
        assert!(matches!(library.contribute(feed("https://more.example/", "77")), Ok(Contribution::Full)));
        assert!(matches!(library.contribute(feed(&address(5), "77")), Ok(Contribution::Known(_))));
        assert_eq!(library.rows().0.len(), MAX_CONTRIBUTED_SOURCES);
    }

    #[test]
    fn a_person_is_forgotten_in_all_lists_and_a_list_that_is_wrong_is_told() {
        let folder = tempfile::tempdir().expect("a folder");
        let block = |person: &str| {
            format!(
                "# of us\n[[source]]\nurl = \"https://blog.example/feed.xml\" # mine\nkind = \"feed\"\nadded_by = \"{person}\"\n\
                 added_language = \"de\"\nmatch = \"added_by = 77\"\n"
            )
        };
        let (library, first) = library(folder.path(), &block("77"));
        // The same source in the second folder, which other readers leave out.
        let second = library.posts_folder().join(FILE_NAME);
        std::fs::create_dir_all(library.posts_folder()).expect("a folder");
        let others = block("78").replace("blog.example", "other.example");
        std::fs::write(&second, format!("{others}\n{}", block("77"))).expect("a list");
        assert_eq!(library.added_by(77).expect("read").len(), 2);
        assert_eq!(library.forget_contributor(77).expect("written"), 2);
        let without = block("77").replace("added_by = \"77\"\nadded_language = \"de\"\n", "");
        assert_eq!(std::fs::read_to_string(&first).expect("a list"), without);
        assert_eq!(std::fs::read_to_string(&second).expect("a list"), format!("{others}\n{without}"));
        assert_eq!(library.added_by(77).expect("read"), []);
        // A list that can't be read may hold more of the person; the others are changed.
        std::fs::write(&first, "[[source").expect("a list");
        assert!(matches!(library.added_by(78), Err(LibraryError::List { .. })));
        assert!(matches!(library.forget_contributor(78), Err(LibraryError::List { .. })));
        assert!(!std::fs::read_to_string(&second).expect("a list").contains("78"));
    }
}
