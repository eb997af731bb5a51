use std::fs;

use super::*;
use crate::CorpusSettings;

fn now() -> Timestamp {
    "2026-11-20T00:00:00Z".parse().expect("a time")
}

#[test]
fn drafts_scheduled_and_twins_are_counted() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [
        ("a.md", "---\ntitle: A\ndate: 2019-01-02\n---\nThe same words."),
        ("b.md", "---\ntitle: B\ndate: 2019-01-02\n---\nThe  same words!"),
        ("c.md", "---\ntitle: C\ndate: 2019-01-02\ndraft: true\n---\nA draft."),
        ("d.md", "---\ntitle: D\ndate: 2019-01-02\npublishDate: 2099-01-01\n---\nLater."),
        ("d2.md", "---\ntitle: D2\npublishDate: 2099-01-01\n---\nAs late."),
        ("e.md", ""),
        ("sub/f.md", "---\nsource: {title: F, date: 2019-01-02}\n---\nA note."),
        ("README.md", "No post."),
    ] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    let settings = CorpusSettings { folders: vec![folder.path().to_owned()], ..CorpusSettings::default() };
    let loaded = load_corpus(&Corpus::new(settings.clone()), now());
    assert_eq!(
        loaded.counts,
        CorpusCounts { files: 7, posts: 2, notes: 1, drafts: 1, scheduled: 2, rejected: 1 }
    );
    assert_eq!(loaded.posts.iter().map(|post| post.id.0.as_str()).collect::<Vec<_>>(), ["a", "b", "sub/f"]);
    let codes: Vec<(&str, &str)> = loaded.problems.iter().map(|p| (p.path.as_str(), p.code)).collect();
    assert_eq!(
        codes,
        [
            ("b.md", "duplicate"),
            ("c.md", "draft"),
            ("d.md", "scheduled"),
            ("d2.md", "scheduled"),
            ("e.md", "empty"),
        ]
    );
    assert!(loaded.has_errors());
    let all = load_corpus(&Corpus::new(CorpusSettings { drafts: true, ..settings }), now());
    assert_eq!((all.counts.posts, all.counts.notes, all.counts.drafts), (5, 1, 0));
    assert!(all.posts.iter().any(|post| post.draft));
}

#[test]
fn folders_that_are_named_twice_or_lie_in_each_other_are_read_once() {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in [("a.md", "Words."), ("sub/b.md", "Other words."), ("sub/in/c.md", "More words.")] {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    let ids = |folders: &[&str]| {
        let folders = folders.iter().map(|name| folder.path().join(name)).collect();
        let corpus = Corpus::new(CorpusSettings { folders, ..CorpusSettings::default() });
        corpus.list().files.into_iter().map(|file| file.id.0).collect::<Vec<_>>()
    };
    assert_eq!(ids(&[""]), ["a", "sub/b", "sub/in/c"]);
    assert_eq!(ids(&["", ".", "sub/.."]), ["a", "sub/b", "sub/in/c"]);
    assert_eq!(ids(&["", "sub"]), ["a", "b", "in/c"]);
    assert_eq!(ids(&["sub/in", "sub"]), ["c", "b"]);
    assert_eq!(ids(&["sub", "sub/"]), ["b", "in/c"]);
}

#[test]
fn a_folder_without_posts_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir_all(folder.path().join("empty")).expect("a folder");
    fs::create_dir_all(folder.path().join("posts/drafts")).expect("a folder");
    for name in ["posts/a.md", "posts/drafts/b.md", "posts/drafts.md"] {
        fs::write(folder.path().join(name), "---\ntitle: T\ndate: 2019-01-02\n---\nWords.").expect("a file");
    }
    let read = |folders: &[&str], exclude: &[&str]| {
        let folders = folders.iter().map(|name| folder.path().join(name)).collect();
        let exclude = crate::ExcludePatterns::new(exclude).expect("patterns");
        let listing = Corpus::new(CorpusSettings { folders, exclude, ..CorpusSettings::default() }).list();
        let codes: Vec<&str> = listing.problems.iter().map(|problem| problem.code).collect();
        (listing.files.len(), codes.join(" "))
    };
    let none = String::new;
    assert_eq!(read(&["empty"], &[]), (0, "no-posts".to_owned()));
    assert_eq!(read(&["posts"], &["*.md"]), (0, "no-posts".to_owned()));
    assert_eq!(read(&["", "posts"], &[]), (3, none()));
    assert_eq!(read(&["posts"], &[]), (3, none()));
    assert_eq!(read(&["posts"], &["Drafts"]), (2, none()));
    assert_eq!(read(&["posts"], &["draft*"]), (2, none()));
}

#[test]
fn without_folders_the_notes_are_the_corpus() {
    let loaded = load_corpus(&Corpus::new(CorpusSettings::default()), now());
    assert_eq!((loaded.counts.posts, loaded.counts.notes), (0, crate::source::EMBEDDED_NOTES.len()));
    assert!(!loaded.has_errors(), "{:?}", loaded.problems);
}
