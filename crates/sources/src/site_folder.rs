//! A folder or checkout of a static site: its posts with the addresses that they have on the web.

use std::path::Path;

use jiff::Timestamp;
use takeaways_corpus::events::EventTable;
use takeaways_corpus::front_matter::{FieldMap, split_front_matter};
use takeaways_corpus::{
    Corpus, CorpusSettings, FileListing, ParsedFile, Problem, Severity, SourceFile, read_post,
};
use takeaways_text::model::{Event, Post};
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use crate::address;
use crate::listing::{ListedPost, PostListing};
use crate::site_address::path_of;
use crate::site_settings::read_site_settings;

/// The posts of a folder, and what is wrong with its files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FolderPosts {
    /// Its posts.
    pub listing: PostListing,
    /// Files that are no posts, and what gets lost of those that are.
    pub problems: Vec<Problem>,
}

/// Lists the posts of a folder; `None` if it is no folder. A folder that no known generator made has the addresses that
/// its posts name. A post without one has the place of its file as its address, which is only a name for it.
pub fn list_posts(folder: &Path, now: Timestamp) -> Option<FolderPosts> {
    if !folder.is_dir() {
        return None;
    }
    let settings = read_site_settings(folder);
    let content = settings.as_ref().map_or(folder, |settings| &settings.content);
    let content = if content.is_dir() { content } else { folder };
    let corpus =
        Corpus::new(CorpusSettings { folders: vec![content.to_owned()], ..CorpusSettings::default() });
    let mut entries = Vec::new();
    let FileListing { files, problems: unlisted, .. } = corpus.list();
    let mut problems: Vec<Problem> = unlisted.into_iter().filter(is_lost).collect();
    for file in files {
        let bytes = match corpus.read_bytes(&file) {
            Ok(bytes) => bytes,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        let source = SourceFile { id: &file.id, path: &file.path, bytes: &bytes };
        let ParsedFile { post, problems: found } = read_post(&source, now);
        problems.extend(found.into_iter().map(as_loss).filter(is_lost));
        let Some(post) = post else { continue };
        if let Some(problem) = corpus.exclusion(&post, now) {
            // The settings of the corpus say nothing about the folders that posts come from.
            problems.push(Problem { todo: "publish it".to_owned(), ..problem });
            continue;
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let Ok(split) = split_front_matter(&text) else { continue };
        let declared = post.url.as_deref().and_then(|url| Url::parse(url).ok());
        let derived = || {
            let settings = settings.as_ref()?;
            settings
                .base
                .as_ref()?
                .join(&path_of(settings, &file.path, &split.fields, post.title.as_deref(), post.date))
                .ok()
        };
        let declared = declared.or_else(derived).filter(address::is_of_web);
        // Without an address it is known by its place.
        let local = || Url::from_file_path(content.canonicalize().ok()?.join(&file.path)).ok();
        let Some(url) = declared.or_else(local) else { continue };
        entries.push(ListedPost {
            title: post.title.clone(),
            authors: post.authors.clone(),
            date: post.date,
            licence: split.fields.first_text(&["licence", "license"]).map(str::to_owned),
            tags: post.tags.clone(),
            events: declared_events(&post, &split.fields),
            markdown: Some(body_as_markdown(split.body, &file.path, &post.body.text)),
            unread_header: split
                .error
                .filter(|_| split.fields.is_empty())
                .map(|error| format!("{error} (line {})", error.line)),
            ..ListedPost::new(url, xxh3_64(&bytes))
        });
    }
    Some(FolderPosts { listing: PostListing { title: None, entries }, problems })
}

/// A file without a text loses nothing: sites have such files for their sections.
fn as_loss(problem: Problem) -> Problem {
    let is_empty = problem.code == "empty";
    let severity = if is_empty { Severity::Hint } else { problem.severity };
    Problem { severity, ..problem }
}

/// Whether a problem is not seen any more in the copy of a file: `takeaways corpus check` shows the others.
fn is_lost(problem: &Problem) -> bool {
    match problem.code {
        "no-date" | "no-title" => false,
        "empty" => true,
        _ => problem.severity > Severity::Hint,
    }
}

/// The names of the known events that the front matter of a post declares. Unknown ones neither include nor exclude a post.
fn declared_events(post: &Post, fields: &FieldMap) -> Vec<String> {
    let mut declared = fields.non_empty_values(&["event", "events", "conference", "conferences"]);
    if declared.next().is_none() {
        return Vec::new();
    }
    // The corpus has read them: declared events go before all others.
    let table = EventTable::builtin();
    let is_known = |event: &&Event| {
        table.edition(&event.id).is_some()
            || table.mentions(&event.name).iter().any(|mention| mention.series.is_some())
    };
    post.events.iter().filter(is_known).map(|event| event.name.clone()).collect()
}

/// The text of a file: Markdown as it is, other markups as their readable text.
fn body_as_markdown(body: &str, path: &str, readable: &str) -> String {
    let is_markdown =
        path.rsplit('.').next().is_some_and(|end| matches!(end, "md" | "markdown" | "mdx" | "mdown"));
    let text = if is_markdown { body } else { readable };
    format!("{}\n", text.trim())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A site of one post: its files, and the address of the post.
    fn address(files: &[(&str, &str)]) -> Option<String> {
        let folder = tempfile::tempdir().expect("a folder");
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        let listing = list_posts(folder.path(), Timestamp::now())?.listing;
        assert_eq!(listing.entries.len(), 1, "{:?}", listing.entries);
        Some(listing.entries[0].url.to_string())
    }

    const POST: &str = "---\ntitle: KubeCon\ndate: 2019-11-21\n---\n\nWe went to KubeCon.\n";

    #[test]
    fn each_generator_has_its_addresses() {
        for (files, expected) in [
            (
                vec![("hugo.toml", "baseURL = \"https://b.example/\"\n"), ("content/posts/kubecon.md", POST)],
                "https://b.example/posts/kubecon/",
            ),
            (
                vec![
                    (
                        "config.toml",
                        "baseURL = \"https://b.example/x\"\n[permalinks]\nposts = \"/:year/:month/:slug/\"\n",
                    ),
                    ("content/posts/kubecon/index.md", POST),
                ],
                "https://b.example/x/2019/11/kubecon/",
            ),
            (
                vec![("_config.yml", "url: https://b.example\n"), ("_posts/2019-11-20-kubecon.md", POST)],
                "https://b.example/2019/11/20/kubecon.html",
            ),
            (
                vec![
                    ("_config.yml", "url: https://b.example\nbaseurl: /blog\npermalink: pretty\n"),
                    ("_posts/2019-11-20-kubecon.md", POST),
                ],
                "https://b.example/blog/2019/11/20/kubecon/",
            ),
            (
                vec![
                    ("_config.yml", "url: https://b.example\nsource_dir: source\npermalink: :year/:title/\n"),
                    ("source/_posts/kubecon.md", POST),
                ],
                "https://b.example/2019/kubecon/",
            ),
            (
                vec![
                    ("config.toml", "base_url = \"https://b.example\"\n"),
                    ("content/blog/2019-11-20-kubecon.md", POST),
                ],
                "https://b.example/blog/kubecon/",
            ),
            (
                vec![
                    (
                        "astro.config.mjs",
                        "export default defineConfig({\n  site: 'https://b.example',\n});\n",
                    ),
                    ("src/content/blog/kubecon.md", POST),
                ],
                "https://b.example/blog/kubecon/",
            ),
            (
                vec![
                    (
                        "docusaurus.config.js",
                        "module.exports = {\n  url: \"https://b.example\",\n  baseUrl: \"/docs/\",\n};\n",
                    ),
                    ("blog/2019-11-20-kubecon.md", POST),
                ],
                "https://b.example/docs/blog/2019/11/20/kubecon",
            ),
        ] {
            assert_eq!(address(&files).as_deref(), Some(expected), "{files:?}");
        }
    }

    #[test]
    fn settings_and_names_of_files_decide_addresses() {
        for (files, expected) in [
            (
                vec![
                    (
                        "docusaurus.config.js",
                        "module.exports = {\n  url: \"https://b.example\",\n  presets: [['classic', {\n    docs: {\n      routeBasePath: '/',\n    },\n    \
                         blog: {\n      path: './news',\n      // routeBasePath: 'old',\n      routeBasePath: 'notes',\n    },\n  }]],\n};\n",
                    ),
                    ("news/2019-11-20-kubecon.md", POST),
                ],
                "https://b.example/notes/2019/11/20/kubecon",
            ),
            (
                vec![
                    (
                        "docusaurus.config.ts",
                        "export default { url: 'https://b.example', presets: [['classic', { docs: { routeBasePath: 'manual' }, blog: { showReadingTime: true } }]] };\n",
                    ),
                    ("blog/2019-11-20-kubecon.md", POST),
                ],
                "https://b.example/blog/2019/11/20/kubecon",
            ),
            (
                vec![
                    ("hugo.toml", "baseURL = \"https://b.example/\"\n"),
                    ("content/My Posts/Über Köln  KubeCon!.md", POST),
                ],
                "https://b.example/my-posts/%C3%BCber-k%C3%B6ln-kubecon/",
            ),
            (
                vec![
                    ("hugo.toml", "baseURL = \"https://b.example/\"\ndisablePathToLower = true\n"),
                    ("content/posts/KubeCon NA.md", POST),
                ],
                "https://b.example/posts/KubeCon-NA/",
            ),
            (
                vec![
                    (
                        "hugo.toml",
                        "baseURL = \"https://b.example/\"\n[permalinks]\nposts = \"/:section/:year/:title/\"\n",
                    ),
                    (
                        "content/posts/a.md",
                        "---\ntitle: What I saw at KubeCon\ndate: 2019-11-21\n---\n\nWe went to KubeCon.\n",
                    ),
                ],
                "https://b.example/posts/2019/what-i-saw-at-kubecon/",
            ),
        ] {
            assert_eq!(address(&files).as_deref(), Some(expected), "{files:?}");
        }
    }

    #[test]
    fn a_site_without_a_base_address_keeps_the_place_of_its_posts() {
        let found =
            address(&[("hugo.toml", "title = \"x\"\n"), ("content/kubecon.md", POST)]).expect("an address");
        assert!(found.starts_with("file:///") && found.ends_with("/content/kubecon.md"), "{found}");
        assert_eq!(read_site_settings(Path::new("/nowhere")), None);
    }
}
