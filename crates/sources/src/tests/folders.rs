//! Folders of posts on this machine, as sources.

use std::fs;
use std::path::{Path, PathBuf};

use super::site::TestSite;
use super::site::{MemoryWeb, status};
use super::{block_on, clock};
use crate::{PostOutcome, RefreshOptions, Removal, SourceKind};

/// A corpus with the folder `site` with these files as a source.
fn site_of(files: &[(&str, String)]) -> TestSite {
    let site = TestSite::new(MemoryWeb::new(clock(), |_, _| Ok(status(404))));
    let folder = site.folder().join("site");
    for (path, text) in files {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    site.with(&folder.to_string_lossy(), SourceKind::Folder)
}

fn post(title: &str, what: &str) -> String {
    let words = format!("We were at KubeCon NA 2019 in San Diego, and {what} was what people talked about. ")
        .repeat(9);
    format!("---\ntitle: \"{title}\"\ndate: 2019-11-21\n---\n\n{words}\n")
}

/// The Markdown files below a folder, in order.
fn files(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(next).expect("a folder").flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "md") {
                let below = path.strip_prefix(folder).expect("below it");
                found.push(below.to_string_lossy().into_owned());
            }
        }
    }
    found.sort();
    found
}

#[test]
fn posts_without_an_address_stay_in_the_corpus_and_can_be_removed() {
    let site = site_of(&[
        ("kubecon.md", post("KubeCon NA 2019", "security")),
        ("more/kubecon.md", post("KubeCon NA 2019 again", "storage")),
        // What is no address of the web counts as none.
        (
            "mail.md",
            post("KubeCon NA 2019 by mail", "letters").replace("date:", "url: mailto:a@b.example\ndate:"),
        ),
    ]);
    assert_eq!(site.outcomes(), vec![PostOutcome::Added; 3]);
    let expected = ["site/2019-11-21-kubecon-2.md", "site/2019-11-21-kubecon.md", "site/2019-11-21-mail.md"];
    assert_eq!(files(&site.corpus()), expected);
    for file in expected {
        let text = fs::read_to_string(site.corpus().join(file)).expect("a file");
        assert!(text.starts_with("---\ntitle: ") && !text.contains("file:"), "{text}");
    }
    assert_eq!(site.outcomes(), vec![PostOutcome::Unchanged; 3]);
    // They are dated before their source was added, and are named by their files.
    assert_eq!(site.library().old_posts().len(), 3);
    assert!(site.library().old_posts().contains(expected[2]));
    // What is known of them is lost: they are recognised.
    fs::remove_dir_all(site.folder().join("state/sources")).expect("removed");
    let process = site.other_process();
    block_on(process.refresh(&RefreshOptions::default()));
    assert_eq!(files(&site.corpus()), expected);
    let library = process.library();
    let removed = library.remove("site/2019-11-21-mail.md", false).expect("removed");
    assert!(matches!(removed, Some(Removal::Post { .. })), "{removed:?}");
    let source = site.folder().join("site").to_string_lossy().into_owned();
    let removed = library.remove(&source, false).expect("removed");
    assert!(matches!(removed, Some(Removal::Source { files: 2, .. })), "{removed:?}");
    assert_eq!(files(&site.corpus()), [""; 0]);
    assert_eq!(files(&site.folder().join("site")).len(), 3, "the site itself stays");
}

/// The text of the only file of the corpus.
fn only_file(site: &TestSite) -> String {
    let files = files(&site.corpus());
    let [file] = files.as_slice() else { panic!("{files:?}") };
    fs::read_to_string(site.corpus().join(file)).expect("a file")
}

#[test]
fn tags_and_known_events_that_an_author_wrote_are_kept() {
    let words = "People spoke of storage, of upgrades and of the weather, and all of it was worth the trip. ";
    let with = |fields: &str| {
        let text = format!("---\ntitle: My week\ndate: 2019-11-26\n{fields}\n---\n\n{}\n", words.repeat(9));
        ("content/posts/week.md", text)
    };
    let config = ("hugo.toml", "baseURL = \"https://b.example/\"\n".to_owned());
    // The text names no event: its author does, by its id or its name, and the tags stay beside it.
    for (fields, expected) in [
        (
            "event: kubecon-na-2019\ntags: [Storage, \"a: b\"]",
            "event: \"KubeCon NA 2019\"\ntags: [\"Storage\", \"a: b\"]\n",
        ),
        ("event: KubeCon EU 2019", "event: \"KubeCon EU 2019\"\n"),
        (
            "events: [kubecon-na-2019, promcon-2019, Nobody knows this]",
            "events: [\"KubeCon NA 2019\", \"PromCon 2019\"]\n",
        ),
    ] {
        let site = site_of(&[config.clone(), with(fields)]);
        assert_eq!(site.outcomes(), [PostOutcome::Added], "{fields}");
        let text = only_file(&site);
        assert!(text.contains(&format!("date: 2019-11-26\n{expected}retrieved:")), "{fields}: {text}");
        assert_eq!(site.outcomes(), [PostOutcome::Unchanged], "{fields}");
    }
    // An event that nobody knows is no error, and says nothing.
    let unknown = "event: \"Our summer party\"\ntags: [fun]";
    let site = site_of(&[config.clone(), with(unknown)]);
    let outcomes = site.outcomes();
    assert!(
        matches!(outcomes.as_slice(), [PostOutcome::Excluded(why)] if why.contains("no event")),
        "{outcomes:?}"
    );
    let named = format!("---\ntitle: KubeCon NA 2019\n{unknown}\n---\n\n{}\n", words.repeat(9));
    let site = site_of(&[config.clone(), ("content/posts/a.md", named)]);
    assert_eq!(site.outcomes(), [PostOutcome::Added]);
    let text = only_file(&site);
    assert!(
        text.contains("event: \"KubeCon NA 2019\"\ntags: [\"fun\"]\n") && !text.contains("party"),
        "{text}"
    );
    // An author who corrects the event changes the file, although the text is the same.
    let site = site_of(&[config, with("event: kubecon-na-2019")]);
    site.refresh();
    fs::write(site.folder().join("site/content/posts/week.md"), with("event: promcon-2019").1)
        .expect("a file");
    assert_eq!(site.outcomes(), [PostOutcome::Changed]);
    assert!(only_file(&site).contains("event: \"PromCon 2019\"\n"));
}

#[test]
fn a_folder_is_found_by_each_path_that_leads_to_it() {
    let site = site_of(&[("kubecon.md", post("KubeCon NA 2019", "security"))]);
    let folder = site.folder();
    let rows = site.library().rows().0;
    let found = |path: &Path| crate::find_folder_source(&rows, path).is_some();
    assert!(found(&folder.join("site")) && found(&folder.join("site/")));
    assert!(found(&folder.join("corpus/../site")) && found(&folder.join("./site")));
    assert!(!found(folder) && !found(&folder.join("corpus")) && !found(Path::new("site")));
    // From the folder of this process, as a person types it.
    let here = std::env::current_dir().expect("a folder").canonicalize().expect("a folder");
    let up: PathBuf = here.ancestors().skip(1).map(|_| "..").collect();
    let real = folder.canonicalize().expect("a folder");
    assert!(found(&up.join(real.strip_prefix("/").expect("a path")).join("site")));
    // A folder is found also before it is there.
    let folders = [folder.join("corpus"), folder.join("later")];
    assert_eq!(crate::find_folder(&folders, &folder.join("site/../later")), Some(&folders[1]));
    assert_eq!(crate::find_folder(&folders, &folder.join("later/")), Some(&folders[1]));
    assert_eq!(crate::find_folder(&folders, &folder.join("site/../corpus")), Some(&folders[0]));
    assert_eq!(crate::find_folder(&folders, &folder.join("other")), None);
    assert!(!folder.join("later").exists());
}

#[test]
fn no_path_of_the_state_leads_out_of_the_corpus() {
    let site = site_of(&[("kubecon.md", post("KubeCon NA 2019", "security"))]);
    site.refresh();
    let outside = site.folder().join("outside.md");
    fs::write(&outside, "Mine.\n").expect("a file");
    let library = site.library();
    for path in [outside.to_string_lossy().into_owned(), "../outside.md".to_owned()] {
        let (rows, _) = library.rows();
        let mut state = crate::SourceState::clone(&rows[0].state);
        for post in state.posts.values_mut() {
            post.file = Some(path.clone());
            post.file_hash = xxhash_rust::xxh3::xxh3_64(b"Mine.\n");
            (post.text_hash, post.version) = (0, 0);
        }
        library.save_state(&rows[0].folder, &rows[0].source, state.clone()).expect("saved");
        site.refresh();
        assert_eq!(fs::read_to_string(&outside).expect("a file"), "Mine.\n");
        assert_eq!(files(&site.corpus()), ["site/2019-11-21-kubecon.md"]);
        library.save_state(&rows[0].folder, &rows[0].source, state).expect("saved");
        library.remove(&path, false).expect("read");
        assert!(outside.is_file());
        library
            .restore(&library.removal_list().expect("a list").into_iter().next().unwrap_or_default())
            .expect("restored");
    }
    let (rows, _) = library.rows();
    library.remove(&rows[0].source.url, false).expect("removed");
    assert!(outside.is_file());
}
