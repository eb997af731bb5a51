//! What only this crate shows of the faults A01 and A05 of `docs/faults.md`, with real files.

use super::shared_posts::{CorpusContents, load_corpus};
use super::{Corpus, CorpusSettings};
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use takeaways_testing::shared_data::skip;
use tempfile::TempDir;

fn folder_with_good_post() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "good.md", "---\ntitle: Good\ndate: 2019-01-02\n---\nGood words.\n");
    folder
}

fn write(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    fs::write(folder.join(name), bytes).expect("a file");
}

fn settings(folder: &Path) -> CorpusSettings {
    CorpusSettings { folders: vec![folder.to_owned()], ..CorpusSettings::default() }
}

fn load(folder: &Path) -> CorpusContents {
    load_corpus(&Corpus::new(settings(folder)))
}

fn codes(corpus: &CorpusContents) -> Vec<(&str, &str)> {
    corpus.problems.iter().map(|problem| (problem.path.as_str(), problem.code)).collect()
}

#[test]
fn a01_a_file_that_grew_since_it_was_listed_is_refused() {
    let folder = folder_with_good_post();
    let corpus = Corpus::new(settings(folder.path()));
    let listing = corpus.list();
    let mut file = File::create(folder.path().join("good.md")).expect("a file");
    file.write_all(&vec![b'x'; 3 * 1024 * 1024]).expect("written");
    let problem = corpus.read_bytes(&listing.files[0]).expect_err("too large");
    assert_eq!(problem.code, "too-large");
}

#[cfg(target_os = "linux")]
#[test]
#[ignore = "takes minutes and measures the memory of the whole process: run it alone"]
fn a01_a_million_files_in_bounded_memory() {
    let folder = folder_with_good_post();
    for number in 0..1_000_000 {
        File::create(folder.path().join(format!("a-post-with-a-name-of-usual-length-{number:07}.md")))
            .expect("a file");
    }
    let listing = Corpus::new(settings(folder.path())).list();
    assert_eq!(listing.files.len(), CorpusSettings::MAX_POSTS);
    assert_eq!(listing.problems.len(), 1);
    let status = fs::read_to_string("/proc/self/status").expect("the status of this process");
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("the peak");
    let kib: u64 = peak.trim().trim_end_matches(" kB").parse().expect("a number");
    println!("peak: {} MiB", kib / 1024);
    assert!(kib < 512 * 1024, "{kib} KiB");
}

#[cfg(unix)]
#[test]
fn a05_fetching_neither_follows_nor_leaves_nor_waits() {
    use std::os::unix::fs::symlink;
    use std::process::Command;

    let folder = folder_with_good_post();
    let corpus = Corpus::new(settings(folder.path()));
    let mut file = corpus.list().files.remove(0);
    for (path, code) in [
        ("../good.md", "link-outside"),
        ("/etc/passwd", "link-outside"),
        ("a/../../good.md", "link-outside"),
        ("", "link-outside"),
        ("gone.md", "unreadable"),
    ] {
        path.clone_into(&mut file.path);
        assert_eq!(corpus.read_bytes(&file).expect_err(path).code, code, "{path}");
    }
    symlink("/dev/zero", folder.path().join("zero.md")).expect("a link");
    "zero.md".clone_into(&mut file.path);
    assert_eq!(corpus.read_bytes(&file).expect_err("a link").code, "not-a-file");
    if Command::new("mkfifo").arg(folder.path().join("pipe.md")).status().is_ok_and(|status| status.success())
    {
        "pipe.md".clone_into(&mut file.path);
        assert_eq!(corpus.read_bytes(&file).expect_err("a pipe").code, "not-a-file");
    } else {
        skip("there is no mkfifo here");
    }
}

#[test]
fn a05_a_folder_that_is_none_is_a_problem() {
    let folder = folder_with_good_post();
    for (path, what) in [("gone", "it does not exist"), ("good.md", "is not a folder")] {
        let corpus = load(&folder.path().join(path));
        assert_eq!(codes(&corpus), [(".", "unreadable")], "{path}");
        assert!(corpus.problems[0].what.contains(what), "{}", corpus.problems[0]);
    }
}

#[test]
fn a05_hidden_and_foreign_files_are_passed_over_in_silence() {
    let folder = folder_with_good_post();
    for name in [
        ".hidden.md",
        "picture.png",
        "notes",
        "node_modules/x.md",
        ".git/x.md",
        "sub/LICENSE.md",
        "sub/b.MD",
        "a.md",
    ] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, format!("---\ntitle: T\ndate: 2019-01-02\n---\n{name}")).expect("a file");
    }
    let corpus = load(folder.path());
    assert_eq!(codes(&corpus), []);
    assert_eq!(
        corpus.posts.iter().map(|post| post.path.as_str()).collect::<Vec<_>>(),
        ["a.md", "good.md", "sub/b.MD"]
    );
}
