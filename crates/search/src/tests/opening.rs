//! What opening an index reads and writes.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::*;
use crate::IndexNotice;
use crate::folder::IndexLock;

/// Returns all files below a folder, with their contents and times.
fn snapshot(folder: &Path) -> BTreeMap<String, (Vec<u8>, std::time::SystemTime)> {
    let mut files = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let time = path.metadata().and_then(|meta| meta.modified()).expect("a time");
                files.insert(path.display().to_string(), (fs::read(&path).expect("read"), time));
            }
        }
    }
    files
}

#[test]
fn nothing_is_read_or_written_when_nothing_changed() {
    let temp = tempfile::tempdir().expect("a folder");
    let files = three_posts();
    let (first, report) = on_disk(temp.path(), &files);
    assert_eq!((report.added, report.read, report.files, files.reads()), (3, 3, 3, 3));
    let before = snapshot(temp.path());
    let (second, report) = on_disk(temp.path(), &files);
    assert_eq!(report, OpenReport { files: 3, ..OpenReport::default() });
    assert_eq!(files.reads(), 0);
    assert!(snapshot(temp.path()) == before, "something was written");
    assert_eq!(first.revision(), second.revision());
}

#[test]
fn only_changed_files_are_read() {
    let temp = tempfile::tempdir().expect("a folder");
    let mut files = three_posts();
    let (index, _) = on_disk(temp.path(), &files);
    files.put(post("b").text("changed words").build(), 50);
    files.put(post("d").text("new words").build(), 4);
    files.remove("c.md");
    files.reads();
    let (changed, report) = index.refresh(&files, now(), &options()).expect("an index");
    assert_eq!((report.added, report.changed, report.removed, report.read), (1, 1, 1, 2));
    assert_eq!(files.reads(), 2);
    assert!(changed.revision() > index.revision());
    assert_eq!(search_names(&changed, &["words"]), ["b/0", "d/0"]);
    assert_eq!(search_names(&index, &["word"]), ["a/0", "b/0", "c/0"], "the old one goes on");
    let (again, report) = on_disk(temp.path(), &files);
    assert_eq!((report.read, again.revision()), (0, changed.revision()));
}

#[test]
fn files_without_a_post_and_removed_files() {
    let temp = tempfile::tempdir().expect("a folder");
    let mut files = three_posts();
    files.put_empty("empty.md");
    files.remove_after_listing("b.md");
    let (index, report) = on_disk(temp.path(), &files);
    assert_eq!(report.failed, [("b.md".to_owned(), "it is gone".to_owned())]);
    assert_eq!((index.posts(), index.status().files), (2, 3));
    files.reads();
    let before = snapshot(temp.path());
    let (_, report) = on_disk(temp.path(), &files);
    assert_eq!((report.read, report.failed.len()), (1, 1), "only the lost one is tried again");
    let after = snapshot(temp.path());
    assert!(before.iter().all(|(path, file)| path.ends_with("lock") || after[path] == *file), "for nothing");
}

#[test]
fn an_id_that_changes_rewrites_the_post() {
    let temp = tempfile::tempdir().expect("a folder");
    let mut files = three_posts();
    on_disk(temp.path(), &files);
    let mut renamed = post("a.md").text("word a").build();
    renamed.path = "a.md".into();
    files.put(renamed, 0);
    let (index, report) = on_disk(temp.path(), &files);
    assert_eq!(report.changed, 1);
    assert_eq!(search_names(&index, &["a"]), ["a.md/0"]);
}

#[test]
fn young_files_are_read_again_until_they_are_old_enough() {
    let temp = tempfile::tempdir().expect("a folder");
    let nanoseconds = |time: Timestamp| i64::try_from(time.as_nanosecond()).expect("near 1970");
    let mut files = three_posts();
    files.put(post("young").text("first").build(), nanoseconds(now()));
    let (index, _) = on_disk(temp.path(), &files);
    assert_eq!(search_names(&index, &["first"]), ["young/0"]);
    files.change_silently(post("young").text("second").build());
    files.reads();
    let (index, report) = on_disk(temp.path(), &files);
    assert_eq!((report.read, report.changed, files.reads()), (2, 1, 2), "to tell, and to take it in");
    assert_eq!(search_names(&index, &["second"]), ["young/0"]);

    let later = now() + jiff::SignedDuration::from_secs(60);
    let open = || Index::open(Some(temp.path()), &files, later, &options()).expect("an index");
    assert_eq!(open().1.read, 1, "one more time");
    assert_eq!(open().1.read, 0, "never again");
}

#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_written_serves_while_nothing_differs() {
    let temp = tempfile::tempdir().expect("a folder");
    let nanoseconds = |time: Timestamp| i64::try_from(time.as_nanosecond()).expect("near 1970");
    let mut files = three_posts();
    files.put(post("young").text("first").build(), nanoseconds(now()));
    on_disk(temp.path(), &files);
    // Root may write everything, but not through a file.
    let lock = temp.path().join("lock");
    fs::remove_file(&lock).expect("removed");
    std::os::unix::fs::symlink("current/lock", &lock).expect("linked");

    let later = now() + jiff::SignedDuration::from_secs(60);
    let open =
        |files: &MemoryFiles| Index::open(Some(temp.path()), files, later, &options()).expect("an index");
    let (index, report) = open(&files);
    assert_eq!((report.read, report.added, report.notices), (1, 0, vec![]), "only to tell");
    assert_eq!(
        (index.folder().is_some(), search_names(&index, &["first"])),
        (true, vec!["young/0".to_owned()])
    );

    files.put(post("d").text("new").build(), 4);
    let (index, report) = open(&files);
    assert_eq!((index.folder(), search_names(&index, &["new"])), (None, vec!["d/0".to_owned()]));
    assert!(matches!(&*report.notices, [IndexNotice::InMemory { .. }]), "{report:?}");
}

#[test]
fn a_time_that_cannot_be_noted_does_not_lead_to_an_index_in_memory() {
    let temp = tempfile::tempdir().expect("a folder");
    let (index, _) = on_disk(temp.path(), &three_posts());
    let checked = index.folder().expect("on disk").join("checked");
    fs::remove_file(&checked).expect("removed");
    fs::create_dir_all(checked.join("occupied")).expect("made"); // it can neither be read nor be replaced
    let (index, report) = on_disk(temp.path(), &three_posts());
    assert_eq!((index.folder().is_some(), report.read, report.notices), (true, 3, vec![]));
}

#[test]
fn verify_reads_everything() {
    let temp = tempfile::tempdir().expect("a folder");
    let mut files = three_posts();
    on_disk(temp.path(), &files);
    files.change_silently(post("b").text("secret").build());
    let (index, report) = on_disk(temp.path(), &files);
    assert_eq!((report.read, search_names(&index, &["secret"]).len()), (0, 0));
    let verify = IndexOptions { verify: true, ..options() };
    let (index, report) = Index::open(Some(temp.path()), &files, now(), &verify).expect("an index");
    assert_eq!((report.read, report.changed), (4, 1));
    assert_eq!(search_names(&index, &["secret"]), ["b/0"]);
}

#[test]
fn a_second_process_reads_and_names_the_writer() {
    let temp = tempfile::tempdir().expect("a folder");
    let mut files = three_posts();
    on_disk(temp.path(), &files);
    let lock = IndexLock::try_acquire(&temp.path().join("lock")).expect("no error");
    files.put(post("d").text("new word").build(), 4);
    let (index, report) = on_disk(temp.path(), &files);
    assert_eq!(search_names(&index, &["word"]).len(), 3);
    let [IndexNotice::ReadOnly { holder, pending: 1 }] = &*report.notices else { panic!("{report:?}") };
    assert!(holder.contains(&std::process::id().to_string()), "{holder}");
    drop(lock);
    assert_eq!(search_names(&on_disk(temp.path(), &files).0, &["word"]).len(), 4);
}

#[test]
fn a_second_process_without_anything_to_read_works_in_memory() {
    let temp = tempfile::tempdir().expect("a folder");
    let _lock = IndexLock::try_acquire(&temp.path().join("lock")).expect("no error");
    let (index, report) = on_disk(temp.path(), &three_posts());
    assert_eq!(search_names(&index, &["word"]).len(), 3);
    assert!(
        matches!(&*report.notices, [IndexNotice::InMemory { reason }] if reason.contains("built by")),
        "{report:?}"
    );
}

#[test]
fn a_folder_that_cannot_be_written_falls_back_to_memory() {
    let temp = tempfile::tempdir().expect("a folder");
    let file = temp.path().join("file");
    fs::write(&file, "no folder").expect("written");
    for folder in [file.join("below"), "/proc/takeaways/index".into()] {
        let (index, report) = on_disk(&folder, &three_posts());
        assert_eq!(search_names(&index, &["word"]).len(), 3);
        assert!(matches!(&*report.notices, [IndexNotice::InMemory { .. }]), "{report:?}");
        let (again, _) = index.refresh(&three_posts(), now(), &options()).expect("an index");
        assert_eq!(again.revision(), index.revision(), "nothing is written in memory either");
    }
}

#[test]
fn an_index_in_memory_keeps_up() {
    let mut files = three_posts();
    let index = in_memory(&files);
    files.put(post("a").text("other").build(), 70);
    files.remove("b.md");
    let (index, report) = index.refresh(&files, now(), &options()).expect("an index");
    assert_eq!((report.changed, report.removed), (1, 1));
    assert_eq!(search_names(&index, &["word"]), ["c/0"]);
}

#[test]
fn a_parser_that_panics_loses_one_file() {
    struct PanickingSource(MemoryFiles);
    impl crate::FileSource for PanickingSource {
        fn files(&self) -> &[crate::CorpusFile] {
            self.0.files()
        }
        fn hides_unpublished(&self) -> bool {
            self.0.hides_unpublished()
        }

        fn read(&self, at: usize) -> Result<crate::FileContent, String> {
            assert_ne!(at, 1, "on purpose");
            self.0.read(at)
        }
    }
    let (index, report) =
        Index::open(None, &PanickingSource(three_posts()), now(), &options()).expect("an index");
    assert_eq!((index.posts(), report.failed.len()), (2, 1));
}

#[test]
fn progress_counts_files() {
    let counts = std::sync::Mutex::new(Vec::new());
    let progress = |progress: crate::ReadProgress| counts.lock().expect("no panic").push(progress.done);
    let options = IndexOptions { progress: Some(&progress), ..options() };
    Index::open(None, &three_posts(), now(), &options).expect("an index");
    assert_eq!(*counts.lock().expect("no panic"), [1, 2, 3]);
}
