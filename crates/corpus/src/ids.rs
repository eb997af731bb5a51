//! Paths to the ids of posts.

use std::collections::{HashMap, HashSet};

use takeaways_text::model::PostId;

/// The ids of files, in their order; `files` are a corpus folder's number and the path under it.
///
/// An id is the path without its last extension. Files of any folder that would share one keep the extension;
/// where the path is the same in several folders, those after the first end in `@` and the folder's number from
/// 1. All ids differ.
#[must_use]
pub fn post_ids(files: &[(usize, &str)]) -> Vec<PostId> {
    let kept = keeping_extension(files);
    let mut used = HashSet::new();
    let mut ids = Vec::with_capacity(files.len());
    for ((root, path), keeps) in files.iter().zip(kept) {
        let mut id = if keeps { (*path).to_owned() } else { stem(path).to_owned() };
        while !used.insert(id.clone()) {
            id = format!("{id}@{}", root + 1);
        }
        ids.push(PostId(id));
    }
    ids
}

/// Which files keep their extension. That may take another's id ("a.md" beside "a.html" takes that of "a.md.txt"),
/// so it goes on until nothing changes; each round makes a path longer, so there are few.
fn keeping_extension(files: &[(usize, &str)]) -> Vec<bool> {
    let mut keeps = vec![false; files.len()];
    loop {
        let mut count: HashMap<&str, usize> = HashMap::new();
        for ((_, path), keeps) in files.iter().zip(&keeps) {
            *count.entry(if *keeps { path } else { stem(path) }).or_default() += 1;
        }
        let mut changed = false;
        for ((_, path), keeps) in files.iter().zip(&mut keeps) {
            if !*keeps && count.get(stem(path)).is_some_and(|count| *count > 1) {
                (*keeps, changed) = (true, true);
            }
        }
        if !changed {
            return keeps;
        }
    }
}

/// A path without the last extension of its file name.
fn stem(path: &str) -> &str {
    let name = path.rfind('/').map_or(0, |at| at + 1);
    match path.rfind('.') {
        Some(dot) if dot > name => path.get(..dot).unwrap_or(path),
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_differ() {
        for (files, ids) in [
            (vec![(0, "a.md"), (0, "x/b.html.md"), (0, "c")], vec!["a", "x/b.html", "c"]),
            (vec![(0, "a.html"), (0, "a.md"), (0, "b.md")], vec!["a.html", "a.md", "b"]),
            (vec![(0, "a.html"), (0, "a.md"), (0, "a.md.txt")], vec!["a.html", "a.md", "a.md.txt"]),
            (vec![(0, "a.md"), (1, "a.md"), (2, "a.md")], vec!["a.md", "a.md@2", "a.md@3"]),
            (vec![(0, "a.md"), (1, "b.md")], vec!["a", "b"]),
            (vec![(0, "a.md"), (1, "a.md"), (0, "a.md@2.txt")], vec!["a.md", "a.md@2", "a.md@2@1"]),
            (vec![(0, "x.y/a"), (0, ".a")], vec!["x.y/a", ".a"]),
        ] {
            let made: Vec<String> = post_ids(&files).into_iter().map(|id| id.0).collect();
            assert_eq!(made, ids, "{files:?}");
        }
    }
}
