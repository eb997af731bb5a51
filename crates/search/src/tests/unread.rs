//! Parts of the corpus that can't be listed or read for a while.

use super::*;
use crate::SearchError;

/// Two posts in `old/`, eight in `new/`, and one whose name only begins like a folder.
fn eleven_posts() -> MemoryFiles {
    let ids = ["old/a", "old/b"].map(str::to_owned).into_iter();
    let ids = ids.chain((0..8).map(|number| format!("new/{number}"))).chain(["older".to_owned()]);
    MemoryFiles::from_posts(ids.map(|id| post(&id).text(&format!("word {}", id.replace('/', " ")))))
}

fn refresh(index: &Index, files: &MemoryFiles) -> Result<(Index, OpenReport), SearchError> {
    index.refresh(files, now(), &options())
}

#[test]
fn h02_what_is_indexed_of_a_folder_stays_while_it_can_not_be_listed() {
    let temp = tempfile::tempdir().expect("a folder");
    for folder in [Some(temp.path()), None] {
        let (index, _) = Index::open(folder, &eleven_posts(), now(), &options()).expect("an index");
        let mut files = eleven_posts();
        files.close("old");
        files.remove("older.md");
        files.put(post("new/0").text("another word").build(), 90);
        let (index, report) = refresh(&index, &files).expect("an index");
        assert_eq!((report.kept, report.removed, report.changed), (2, 1, 1), "{folder:?}");
        assert_eq!(search_names(&index, &["old"]), ["old/a/0", "old/b/0"], "{folder:?}");
        assert_eq!((search_names(&index, &["older"]).len(), index.posts()), (0, 10), "{folder:?}");
        let mut files = eleven_posts();
        files.remove("old/b.md");
        let (index, report) = refresh(&index, &files).expect("an index");
        assert_eq!((report.kept, search_names(&index, &["old"])), (0, vec!["old/a/0".to_owned()]));
    }
}

#[test]
fn h02_what_is_indexed_stays_when_the_program_starts_while_nothing_can_be_listed() {
    let temp = tempfile::tempdir().expect("a folder");
    on_disk(temp.path(), &eleven_posts());
    let mut files = eleven_posts();
    files.close("");
    let (index, report) = on_disk(temp.path(), &files);
    assert_eq!((report.kept, report.removed, index.posts()), (11, 0, 11));
}

#[test]
fn h02_what_is_indexed_of_a_file_stays_while_it_can_not_be_read() {
    let temp = tempfile::tempdir().expect("a folder");
    for folder in [Some(temp.path()), None] {
        let (index, _) = Index::open(folder, &eleven_posts(), now(), &options()).expect("an index");
        let mut files = eleven_posts();
        let changed = post("old/a").text("changed old");
        files.put(changed.clone().build(), 90);
        files.put(post("new/0").text("another word").build(), 90);
        files.remove_after_listing("old/a.md");
        let (index, report) = refresh(&index, &files).expect("an index");
        assert_eq!(report.failed, [("old/a.md".to_owned(), "it is gone".to_owned())], "{folder:?}");
        assert_eq!(search_names(&index, &["old"]), ["old/a/0", "old/b/0"], "{folder:?}");
        assert_eq!((report.changed, search_names(&index, &["changed"]).len()), (1, 0), "{folder:?}");
        files.put(changed.build(), 90);
        let (index, report) = refresh(&index, &files).expect("an index");
        assert_eq!((report.changed, search_names(&index, &["changed"]).len()), (1, 1), "{folder:?}");
    }
}

#[test]
fn a_young_file_that_could_not_be_read_is_verified_later() {
    let temp = tempfile::tempdir().expect("a folder");
    let nanoseconds = |time: Timestamp| i64::try_from(time.as_nanosecond()).expect("near 1970");
    let mut files = eleven_posts();
    files.put(post("young").text("first").build(), nanoseconds(now()));
    let (index, _) = on_disk(temp.path(), &files);
    files.remove_after_listing("young.md");
    files.put(post("new/0").text("another word").build(), 90);
    let later = now() + jiff::SignedDuration::from_secs(60);
    let refresh =
        |index: &Index, files: &MemoryFiles| index.refresh(files, later, &options()).expect("an index");
    let (index, report) = refresh(&index, &files);
    assert_eq!((report.failed.len(), search_names(&index, &["first"]).len()), (1, 1));
    files.change_silently(post("young").text("second").build());
    assert_eq!(search_names(&refresh(&index, &files).0, &["second"]).len(), 1);
}

#[test]
fn h02_a_reload_that_would_lose_a_fifth_of_an_incomplete_corpus_is_refused() {
    let temp = tempfile::tempdir().expect("a folder");
    for folder in [Some(temp.path()), None] {
        let (index, _) = Index::open(folder, &eleven_posts(), now(), &options()).expect("an index");
        let mut files = eleven_posts();
        files.close("elsewhere");
        files.remove("new/0.md");
        files.remove("new/1.md");
        let (two_fewer, _) = refresh(&index, &files).expect("an index");
        assert_eq!(two_fewer.posts(), 9, "two of eleven are less than a fifth");
        files.remove("new/2.md");
        files.remove("new/3.md");
        let error = refresh(&two_fewer, &files).expect_err("two of nine are more").to_string();
        assert!(error.starts_with("2 of 9 files would be lost, because not all"), "{error}");
        assert_eq!(Index::open(folder, &eleven_posts(), now(), &options()).expect("an index").0.posts(), 11);

        let mut complete = eleven_posts();
        (0..8).for_each(|number| complete.remove(&format!("new/{number}.md")));
        assert_eq!(refresh(&two_fewer, &complete).expect("an index").0.posts(), 3, "they were removed");
    }
}

#[test]
fn h02_a_rebuild_during_a_reload_loses_no_fifth_either() {
    let temp = tempfile::tempdir().expect("a folder");
    let (index, _) = on_disk(temp.path(), &eleven_posts());
    let damage = || {
        let folder = temp.path().read_dir().expect("a folder").flatten().map(|entry| entry.path());
        let generation = folder.filter(|path| path.is_dir()).max().expect("a generation");
        std::fs::write(generation.join("meta.json"), "{").expect("written");
    };
    damage();
    let mut files = eleven_posts();
    (0..8).for_each(|number| files.remove_after_listing(&format!("new/{number}.md")));
    let error = refresh(&index, &files).expect_err("eight can't be read").to_string();
    assert!(error.starts_with("8 of 11 files would be lost"), "{error}");
    let mut files = eleven_posts();
    files.close("new");
    assert!(matches!(refresh(&index, &files), Err(SearchError::TooManyLost { lost: 8, known: 11 })));
    assert_eq!(index.posts(), 11, "the old one goes on");
    assert_eq!(refresh(&index, &eleven_posts()).expect("an index").0.posts(), 11);
}
