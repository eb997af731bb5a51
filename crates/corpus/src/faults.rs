//! The faults A01 to A05 of `docs/faults.md`, with real files.

use super::contents::{CorpusContents, load_corpus};
use super::{Corpus, CorpusSettings};
use jiff::Timestamp;
use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use takeaways_testing::shared_data::skip;
use tempfile::TempDir;

fn now() -> Timestamp {
    "2026-11-20T00:00:00Z".parse().expect("a time")
}

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
    load_corpus(&Corpus::new(settings(folder)), now())
}

fn codes(corpus: &CorpusContents) -> Vec<(&str, &str)> {
    corpus.problems.iter().map(|problem| (problem.path.as_str(), problem.code)).collect()
}

#[test]
fn a01_a_huge_file_is_refused_by_its_size_and_the_rest_is_read() {
    let folder = folder_with_good_post();
    let sparse = File::create(folder.path().join("huge.md")).expect("a file");
    sparse.set_len(1 << 30).expect("a sparse file");
    write(folder.path(), "over.md", "x".repeat(2 * 1024 * 1024 + 1));
    let corpus = load(folder.path());
    assert_eq!(codes(&corpus), [("huge.md", "too-large"), ("over.md", "too-large")]);
    assert_eq!(corpus.counts.posts, 1);
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

#[test]
fn a01_one_long_line_is_a_post() {
    let folder = folder_with_good_post();
    write(
        folder.path(),
        "long.md",
        format!("---\ntitle: T\ndate: 2019-01-02\n---\n{}", "word ".repeat(400_000)),
    );
    let corpus = load(folder.path());
    assert_eq!((codes(&corpus), corpus.counts.posts), (vec![], 2));
}

#[test]
fn a01_more_files_than_the_limit() {
    let folder = folder_with_good_post();
    for number in 0..30 {
        write(folder.path(), &format!("p{number:02}.md"), "---\ntitle: T\ndate: 2019-01-02\n---\nWords.");
    }
    let settings = CorpusSettings { max_posts: 10, ..settings(folder.path()) };
    let listing = Corpus::new(settings).list();
    assert_eq!(listing.files.len(), 10);
    assert_eq!(listing.files[0].path, "good.md");
    assert_eq!(listing.problems.iter().map(|problem| problem.code).collect::<Vec<_>>(), ["too-many-files"]);
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

#[test]
fn a02_encodings_are_read_or_refused_with_file_and_line() {
    let folder = folder_with_good_post();
    let utf16: Vec<u8> =
        "\u{feff}---\ntitle: Title\n---\nWords.".encode_utf16().flat_map(u16::to_le_bytes).collect();
    write(folder.path(), "2019-01-02-utf16.md", utf16);
    write(folder.path(), "2019-01-02-cr.md", "---\rtitle: T\r---\rOld words.\r");
    write(folder.path(), "latin.md", b"a\nb\nk\xf6ln");
    write(folder.path(), "nul.md", b"a\0");
    write(
        folder.path(),
        "2019-01-02-bidi.md",
        "---\ntitle: \"a\u{202e}b\"\nauthor: \"J\u{200b}ane\u{2066} Doe\"\n---\nMore words.",
    );
    let corpus = load(folder.path());
    assert_eq!(codes(&corpus), [("latin.md", "invalid-utf8"), ("nul.md", "invalid-utf8")]);
    assert_eq!(corpus.problems[0].line, Some(3));
    let titles: Vec<Option<&str>> = corpus.posts.iter().map(|post| post.title.as_deref()).collect();
    assert_eq!(titles, [Some("ab"), Some("T"), Some("Title"), Some("Good")]);
    assert_eq!(corpus.posts[0].authors, ["Jane Doe"]);
}

#[test]
fn a03_deep_nesting_neither_overflows_nor_stops_the_rest() {
    let folder = folder_with_good_post();
    for (name, text) in [
        ("quotes.md", "> ".repeat(40_000) + "x"),
        ("brackets.md", "[".repeat(50_000)),
        ("divs.html", "<div>".repeat(80_000) + "x"),
        ("front.md", format!("---\na: {}\n---\nx", "[".repeat(50_000))),
        ("json.md", "{\"a\":".repeat(20_000)),
    ] {
        write(folder.path(), name, text);
    }
    let corpus = load(folder.path());
    assert!(corpus.posts.iter().any(|post| post.path == "good.md"));
}

#[test]
fn a04_bombs_in_front_matter_are_refused_by_name() {
    let folder = folder_with_good_post();
    let alias = (1..20).fold(String::from("a0: &a0 [x, x]\n"), |text, n| {
        text + &format!("a{n}: &a{n} [*a{0}, *a{0}]\n", n - 1)
    });
    write(folder.path(), "alias.md", format!("---\n{alias}---\nWords."));
    write(
        folder.path(),
        "keys.md",
        format!("---\n{}---\nWords.", (0..100_000).fold(String::new(), |t, n| t + &format!("k{n}: 1\n"))),
    );
    write(folder.path(), "long.md", format!("---\ntitle: {}\n---\nWords.", "x".repeat(1 << 20)));
    write(folder.path(), "zero.md", "---\ntitle: T\ndate: \"0000-00-00\"\n---\nWords.");
    let corpus = load(folder.path());
    let expected = [
        ("alias.md", "front-matter"),
        ("keys.md", "front-matter"),
        ("long.md", "front-matter"),
        ("zero.md", "bad-date"),
    ];
    assert_eq!(codes(&corpus), expected);
    assert_eq!((corpus.counts.posts, corpus.counts.rejected), (2, 3));
}

#[cfg(unix)]
#[test]
fn a05_what_is_no_file_of_the_folder_is_reported_and_not_opened() {
    use std::os::unix::fs::symlink;
    use std::process::Command;

    let outside = folder_with_good_post();
    let folder = folder_with_good_post();
    let path = |name: &str| folder.path().join(name);
    symlink(outside.path().join("good.md"), path("file-outside.md")).expect("a link");
    symlink(outside.path(), path("folder-outside")).expect("a link");
    symlink("/dev/zero", path("zero.md")).expect("a link");
    symlink("good.md", path("inside.md")).expect("a link");
    symlink("nowhere.md", path("broken.md")).expect("a link");
    symlink(".", path("loop")).expect("a link");
    symlink("self.md", path("self.md")).expect("a link");
    fs::create_dir(path("folder.md")).expect("a folder");
    let mut expected = vec![
        ("broken.md", "unreadable"),
        ("file-outside.md", "link-outside"),
        ("folder-outside", "link-outside"),
        ("inside.md", "link"),
        ("loop", "link"),
        ("pipe.md", "not-a-file"),
        ("self.md", "unreadable"),
        ("zero.md", "link-outside"),
    ];
    if !Command::new("mkfifo").arg(path("pipe.md")).status().is_ok_and(|status| status.success()) {
        skip("there is no mkfifo here");
        expected.retain(|(path, _)| *path != "pipe.md");
    }
    let corpus = load(folder.path());
    assert_eq!(codes(&corpus), expected);
    assert_eq!(corpus.counts.posts, 1);
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
