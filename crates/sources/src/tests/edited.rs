//! Files that a person edited.

use std::fs;

use super::refreshing::{blog_of, item};
use crate::{PostOutcome, Removal, problems_of_folders};

#[test]
fn a_file_that_a_person_edited_is_never_overwritten() {
    let (blog, feed) = blog_of(&item("/a", "security"));
    blog.refresh();
    let (path, mine) = (blog.file("2019-11-19-a.md"), "---\ntitle: mine\n---\n\nMy words on KubeCon.\n");
    fs::write(&path, mine).expect("a file");
    assert_eq!(blog.outcomes(), [PostOutcome::Unchanged]);
    feed.set(&item("/a", "observability"));
    assert_eq!(blog.outcomes(), [PostOutcome::Edited]);
    assert_eq!(fs::read_to_string(&path).expect("a file"), mine);
    assert!(fs::read_to_string(blog.file("2019-11-19-a.md.orig")).expect("a file").contains("observability"));
    let problems = problems_of_folders(blog.library());
    assert_eq!(problems[0].problem.code, "edited");
    assert_eq!(blog.outcomes(), [PostOutcome::Unchanged]);
    feed.set(&item("/a", "storage"));
    assert_eq!(blog.outcomes(), [PostOutcome::Edited]);
    assert_eq!(fs::read_to_string(&path).expect("a file"), mine);
}

#[test]
fn the_new_text_of_an_edited_post_is_named_also_without_its_source() {
    let (blog, feed) = blog_of(&item("/a", "security"));
    blog.refresh();
    fs::write(blog.file("2019-11-19-a.md"), "My words.\n").expect("a file");
    feed.set(&item("/a", "storage"));
    assert_eq!(blog.outcomes(), [PostOutcome::Edited]);
    fs::write(blog.file("other.md.orig"), "Of another program.\n").expect("a file");
    let library = blog.library();
    assert_eq!(problems_of_folders(library).len(), 1);
    library.remove("https://blog.example/feed.xml", false).expect("removed").expect("a source");
    let problems = problems_of_folders(library);
    let [problem] = problems.as_slice() else { panic!("{problems:?}") };
    let told = problem.problem.to_string();
    assert!(told.contains("blog.example/2019-11-19-a.md.orig") && told.contains("was removed"), "{told}");
    // Removing the post removes it too.
    let (blog, feed) = blog_of(&item("/a", "security"));
    blog.refresh();
    fs::write(blog.file("2019-11-19-a.md"), "My words.\n").expect("a file");
    feed.set(&item("/a", "storage"));
    blog.refresh();
    assert_eq!(blog.files().len(), 2);
    let removed = blog.library().remove("https://blog.example/a", false).expect("removed");
    assert!(matches!(removed, Some(Removal::Post { was_edited: true, .. })), "{removed:?}");
    assert_eq!(blog.files(), [""; 0]);
}
