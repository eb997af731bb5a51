//! F29: a damaged index is rebuilt.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::IndexNotice;
use crate::folder::IndexLock;

/// Returns the only generation in a folder.
fn generation(folder: &Path) -> PathBuf {
    let mut generations = fs::read_dir(folder).expect("a folder").filter_map(|entry| {
        let path = entry.expect("an entry").path();
        path.display().to_string().contains("gen-").then_some(path)
    });
    let generation = generations.next().expect("a generation");
    assert_eq!(generations.next(), None, "only one remains");
    generation
}

fn with_extension(folder: &Path, extension: &str) -> PathBuf {
    let mut files = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    files.find(|path| path.extension().is_some_and(|other| other == extension)).expect("a file")
}

/// Builds an index, damages it and opens it again. Results must be the same; returns the notices.
fn notices_after(damage: impl FnOnce(&Path)) -> Vec<IndexNotice> {
    let temp = tempfile::tempdir().expect("a folder");
    // Closed before it is damaged: reading a mapped file that was cut kills the process.
    let expected = search_names(&on_disk(temp.path(), &three_posts()).0, &["word"]);
    let before = generation(temp.path());
    damage(temp.path());
    let (index, report) = on_disk(temp.path(), &three_posts());
    assert_eq!(search_names(&index, &["word"]), expected);
    assert_ne!(generation(temp.path()), before, "a new generation");
    let (_, quiet) = on_disk(temp.path(), &three_posts());
    assert_eq!(quiet.notices, [], "only once");
    report.notices
}

#[track_caller]
fn assert_rebuilt(notices: &[IndexNotice]) {
    assert!(matches!(notices, [IndexNotice::Rebuilt { .. }]), "{notices:?}");
}

#[test]
fn f29_an_empty_segment_file() {
    for extension in ["term", "idx", "pos", "store", "fast", "fieldnorm"] {
        assert_rebuilt(&notices_after(|folder| {
            fs::write(with_extension(&generation(folder), extension), "").expect("written");
        }));
    }
}

#[test]
fn f29_a_cut_segment_file() {
    for extension in ["term", "idx", "pos", "store", "fast", "fieldnorm"] {
        assert_rebuilt(&notices_after(|folder| {
            let path = with_extension(&generation(folder), extension);
            let bytes = fs::read(&path).expect("read");
            fs::write(&path, &bytes[..bytes.len() / 2]).expect("written");
        }));
    }
}

#[test]
fn f29_a_missing_file() {
    for extension in ["term", "idx", "pos", "store", "fast", "fieldnorm"] {
        assert_rebuilt(&notices_after(|folder| {
            fs::remove_file(with_extension(&generation(folder), extension)).expect("removed");
        }));
    }
    for name in ["meta.json", ".managed.json"] {
        assert_rebuilt(&notices_after(|folder| {
            fs::remove_file(generation(folder).join(name)).expect("removed");
        }));
    }
}

#[test]
fn f29_a_missing_generation() {
    let temp = tempfile::tempdir().expect("a folder");
    on_disk(temp.path(), &three_posts());
    fs::remove_dir_all(generation(temp.path())).expect("removed");
    let (index, report) = on_disk(temp.path(), &three_posts());
    assert_eq!(search_names(&index, &["word"]).len(), 3);
    assert_rebuilt(&report.notices);
}

#[test]
fn f29_a_damaged_list_of_segments() {
    for name in ["meta.json", ".managed.json"] {
        for text in ["", "{", "[]", "{\"segments\":[]}", "\u{0}\u{0}"] {
            assert_rebuilt(&notices_after(|folder| {
                fs::write(generation(folder).join(name), text).expect("written");
            }));
        }
    }
}

#[test]
fn f29_a_garbled_current() {
    assert_rebuilt(&notices_after(|folder| fs::write(folder.join("current"), "what?").expect("written")));
}

#[test]
fn f29_another_version() {
    let notices = notices_after(|folder| {
        let generation = generation(folder);
        let name = generation.file_name().and_then(|name| name.to_str()).expect("a name");
        fs::write(folder.join("current"), format!("{name} 0123456789abcdef\n")).expect("written");
    });
    assert_eq!(notices, [IndexNotice::OtherVersion]);
}

#[test]
fn f29_another_schema() {
    assert_rebuilt(&notices_after(|folder| {
        let path = generation(folder).join("meta.json");
        let text = fs::read_to_string(&path).expect("read").replace("\"heading\"", "\"leading\"");
        fs::write(&path, text).expect("written");
    }));
}

#[test]
fn f29_flipped_bits() {
    for extension in ["term", "idx", "pos", "store", "fast", "fieldnorm"] {
        assert_rebuilt(&notices_after(|folder| {
            let path = with_extension(&generation(folder), extension);
            let mut bytes = fs::read(&path).expect("read");
            bytes[3] ^= 0x40;
            fs::write(&path, bytes).expect("written");
        }));
    }
}

#[test]
fn f29_flipped_bits_are_found_by_validating() {
    let temp = tempfile::tempdir().expect("a folder");
    let (index, _) = on_disk(temp.path(), &three_posts());
    assert_eq!(index.validate().expect("checked"), [""; 0]);
    let path = with_extension(&generation(temp.path()), "store");
    let mut bytes = fs::read(&path).expect("read");
    bytes[3] ^= 0x40;
    fs::write(&path, bytes).expect("written");
    assert_eq!(index.validate().expect("checked").len(), 1);
    assert!(generation(temp.path()).join("damaged").exists(), "the next opening knows");
}

#[test]
fn f29_damage_that_a_search_meets_is_remembered() {
    let temp = tempfile::tempdir().expect("a folder");
    on_disk(temp.path(), &three_posts());
    fs::write(generation(temp.path()).join("damaged"), "a post can't be read").expect("written");
    let (_, report) = on_disk(temp.path(), &three_posts());
    assert_eq!(report.notices, [IndexNotice::Rebuilt { reason: "a post can't be read".into() }]);
}

#[test]
fn f29_a_permission_does_not_lead_to_a_rebuild() {
    // Root may read everything: a path through a file is refused to root as well, and not as "missing".
    let temp = tempfile::tempdir().expect("a folder");
    on_disk(temp.path(), &three_posts());
    let before = generation(temp.path());
    let current = temp.path().join("current");
    let text = fs::read(&current).expect("read");
    fs::remove_file(&current).expect("removed");
    fs::create_dir(&current).expect("made"); // reading it gives "is a directory"
    let (index, report) = on_disk(temp.path(), &three_posts());
    assert_eq!(search_names(&index, &["word"]).len(), 3);
    assert!(matches!(&*report.notices, [IndexNotice::InMemory { .. }]), "{report:?}");
    assert_eq!(generation(temp.path()), before, "it is left alone");
    fs::remove_dir(&current).expect("removed");
    fs::write(&current, text).expect("written");
    assert_eq!(on_disk(temp.path(), &three_posts()).1.notices, []);
}

#[test]
fn f29_a_lock_does_not_lead_to_a_rebuild() {
    let temp = tempfile::tempdir().expect("a folder");
    on_disk(temp.path(), &three_posts());
    let before = generation(temp.path());
    let _lock = IndexLock::try_acquire(&temp.path().join("lock")).expect("no error");
    let (index, report) = on_disk(temp.path(), &three_posts());
    assert_eq!(
        (search_names(&index, &["word"]).len(), report.notices),
        (3, vec![]),
        "nothing to write, nothing to say"
    );
    assert_eq!(generation(temp.path()), before);
}

#[test]
fn f30_a_builder_that_was_killed_leaves_the_old_one() {
    let temp = tempfile::tempdir().expect("a folder");
    on_disk(temp.path(), &three_posts());
    let before = generation(temp.path());
    // A killed process leaves half a generation and its name in the lock.
    let half = temp.path().join("gen-2");
    fs::create_dir(&half).expect("made");
    fs::write(half.join("0123.store"), "half").expect("written");
    fs::write(temp.path().join("lock"), "process 1 on a machine\n").expect("written");
    let (index, report) = on_disk(temp.path(), &three_posts());
    assert_eq!(search_names(&index, &["word"]).len(), 3);
    assert_eq!(report.notices, [IndexNotice::Unclean]);
    assert_eq!(generation(temp.path()), before, "the old one, and the half one is gone");
    assert_eq!(on_disk(temp.path(), &three_posts()).1.notices, []);
}

#[test]
fn f30_a_first_builder_that_was_killed_causes_no_notice() {
    let temp = tempfile::tempdir().expect("a folder");
    fs::create_dir(temp.path().join("gen-1")).expect("made");
    fs::write(temp.path().join("lock"), "process 1 on a machine\n").expect("written");
    let (index, report) = on_disk(temp.path(), &three_posts());
    assert_eq!(search_names(&index, &["word"]).len(), 3);
    assert_eq!(report.notices, []);
    assert!(index.folder().is_some_and(|folder| folder.starts_with(temp.path())));
}

#[test]
fn f30_the_old_generation_serves_while_another_takes_its_place() {
    let temp = tempfile::tempdir().expect("a folder");
    let (old, _) = on_disk(temp.path(), &three_posts());
    fs::write(generation(temp.path()).join("damaged"), "for the test").expect("written");
    let (new, report) = old.refresh(&three_posts(), now(), &options()).expect("an index");
    assert_rebuilt(&report.notices);
    assert_eq!(search_names(&old, &["word"]), search_names(&new, &["word"]));
}

#[test]
fn an_unclean_stop_checks_the_whole_index() {
    let temp = tempfile::tempdir().expect("a folder");
    on_disk(temp.path(), &three_posts());
    let path = with_extension(&generation(temp.path()), "pos");
    let mut bytes = fs::read(&path).expect("read");
    bytes[0] ^= 1;
    fs::write(&path, bytes).expect("written");
    fs::write(temp.path().join("lock"), "process 1 on a machine\n").expect("written");
    let (_, report) = on_disk(temp.path(), &three_posts());
    assert!(report.notices.iter().any(|notice| matches!(notice, IndexNotice::Rebuilt { .. })), "{report:?}");
}
