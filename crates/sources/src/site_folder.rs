//! A folder or checkout of a static site: its posts with the addresses that they have on the web.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use takeaways_corpus::events::EventTable;
use takeaways_corpus::front_matter::{FieldMap, split_front_matter};
use takeaways_corpus::{Corpus, CorpusSettings};
use takeaways_text::model::{Event, Post};
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use crate::address;
use crate::listing::{ListedPost, Listing};
use crate::site_address::path_of;
use crate::site_script::{object_after, script_value};
use crate::store_files::join_below;

/// The most bytes of a configuration file.
const MAX_CONFIG: u64 = 1 << 20;

/// What made a static site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SiteGenerator {
    /// `hugo.toml`, `config.toml`.
    Hugo,
    /// `_config.yml`.
    Jekyll,
    /// `astro.config.mjs`.
    Astro,
    /// `docusaurus.config.js`.
    Docusaurus,
    /// `_config.yml` with Hexo's names.
    Hexo,
    /// `config.toml` with `base_url`.
    Zola,
}

/// The settings of a static site that addresses are made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SiteSettings {
    /// What made it.
    pub generator: SiteGenerator,
    /// Its base address, if its configuration has one.
    pub base: Option<Url>,
    /// The folder with its posts.
    pub content: PathBuf,
    /// The pattern of addresses, if its configuration has one.
    pub permalink: Option<String>,
    /// Whether addresses keep upper case, where the generator writes them in lower case by default.
    pub keeps_case: bool,
}

/// Reads the configuration of the static site in a folder; `None` if there is none that is known.
pub(crate) fn read_site_settings(folder: &Path) -> Option<SiteSettings> {
    hugo_or_zola(folder)
        .or_else(|| jekyll_or_hexo(folder))
        .or_else(|| astro(folder))
        .or_else(|| docusaurus(folder))
}

fn hugo_or_zola(folder: &Path) -> Option<SiteSettings> {
    let (name, text) = first_config(
        folder,
        &[
            "hugo.toml",
            "hugo.yaml",
            "hugo.yml",
            "hugo.json",
            "config.toml",
            "config.yaml",
            "config/_default/hugo.toml",
            "config/_default/config.toml",
        ],
    )?;
    let fields = fields_of(&text, name);
    let is_zola =
        fields.first_text(&["base_url"]).is_some() && text.contains("base_url") && !name.contains("hugo");
    let permalink = fields.first_text(&[
        "permalinks.posts",
        "permalinks.post",
        "permalinks.blog",
        "permalinks.page.posts",
    ]);
    Some(SiteSettings {
        generator: if is_zola { SiteGenerator::Zola } else { SiteGenerator::Hugo },
        base: fields.first_text(&["baseURL", "base_url"]).and_then(base_address),
        content: folder.join("content"),
        permalink: permalink.map(str::to_owned),
        keeps_case: fields.first_text(&["disablePathToLower"]) == Some("true"),
    })
}

fn jekyll_or_hexo(folder: &Path) -> Option<SiteSettings> {
    let (name, text) = first_config(folder, &["_config.yml", "_config.yaml"])?;
    let fields = fields_of(&text, name);
    let is_hexo = fields.first_text(&["source_dir", "new_post_name"]).is_some()
        || folder.join("source/_posts").is_dir();
    let base = fields.first_text(&["url"]).and_then(base_address);
    let (generator, content) = if is_hexo {
        (SiteGenerator::Hexo, folder.join("source/_posts"))
    } else if folder.join("_posts").is_dir() {
        (SiteGenerator::Jekyll, folder.join("_posts"))
    } else {
        (SiteGenerator::Jekyll, folder.to_owned())
    };
    Some(SiteSettings {
        generator,
        base: join_path(base, fields.first_text(&["baseurl", "root"])),
        content,
        permalink: fields.first_text(&["permalink"]).map(str::to_owned),
        keeps_case: false,
    })
}

fn astro(folder: &Path) -> Option<SiteSettings> {
    let (_, text) = first_config(folder, &["astro.config.mjs", "astro.config.ts", "astro.config.js"])?;
    let content = ["src/content", "src/pages"].map(|path| folder.join(path));
    Some(SiteSettings {
        generator: SiteGenerator::Astro,
        base: script_value(&text, "site").and_then(|base| base_address(&base)),
        content: content.into_iter().find(|path| path.is_dir()).unwrap_or_else(|| folder.to_owned()),
        permalink: None,
        keeps_case: false,
    })
}

fn docusaurus(folder: &Path) -> Option<SiteSettings> {
    let names = ["docusaurus.config.js", "docusaurus.config.ts", "docusaurus.config.mjs"];
    let (_, text) = first_config(folder, &names)?;
    let base = script_value(&text, "url").and_then(|base| base_address(&base));
    // The documents of a site have the same names in a part of their own.
    let blog = object_after(&text, "blog").or_else(|| object_after(&text, "plugin-content-blog"));
    let blog = blog.unwrap_or_default();
    let content =
        script_value(blog, "path").and_then(|path| join_below(folder, path.trim_start_matches("./")).ok());
    Some(SiteSettings {
        generator: SiteGenerator::Docusaurus,
        base: join_path(base, script_value(&text, "baseUrl").as_deref()),
        content: content.unwrap_or_else(|| folder.join("blog")),
        permalink: script_value(blog, "routeBasePath"),
        keeps_case: false,
    })
}

/// The first of these files that is there, with its text.
fn first_config<'n>(folder: &Path, names: &[&'n str]) -> Option<(&'n str, String)> {
    names.iter().find_map(|name| Some((*name, read_config(&folder.join(name))?)))
}

/// The address of the folder `path` of a site.
fn join_path(base: Option<Url>, path: Option<&str>) -> Option<Url> {
    let path = path.unwrap_or_default().trim_matches('/');
    if path.is_empty() { base } else { base?.join(&format!("{path}/")).ok() }
}

fn read_config(path: &Path) -> Option<String> {
    let found = fs::symlink_metadata(path).ok()?;
    (found.is_file() && found.len() <= MAX_CONFIG).then(|| fs::read_to_string(path).ok()).flatten()
}

/// The fields of a configuration, read as front matter of the same syntax.
fn fields_of(text: &str, name: &str) -> FieldMap {
    let fence = if name.ends_with("toml") { "+++" } else { "---" };
    let source = if name.ends_with("json") { text.to_owned() } else { format!("{fence}\n{text}\n{fence}\n") };
    split_front_matter(&source).map(|split| split.fields).unwrap_or_default()
}

fn base_address(text: &str) -> Option<Url> {
    let mut url = crate::parse_address(text.trim()).ok().filter(|_| text.contains("://"))?;
    if !url.path().ends_with('/') {
        url.set_path(&format!("{}/", url.path()));
    }
    Some(url)
}

/// Lists the posts of a folder; `None` if it is no folder. A folder that no known generator made has the addresses that
/// its posts name. A post without one has the place of its file as its address, which is only a name for it.
pub fn list_posts(folder: &Path, now: Timestamp) -> Option<Listing> {
    if !folder.is_dir() {
        return None;
    }
    let settings = read_site_settings(folder);
    let content = settings.as_ref().map_or(folder, |settings| &settings.content);
    let content = if content.is_dir() { content } else { folder };
    let corpus =
        Corpus::new(CorpusSettings { folders: vec![content.to_owned()], ..CorpusSettings::default() });
    let mut entries = Vec::new();
    for file in corpus.list().files {
        let Ok(bytes) = corpus.read_bytes(&file) else { continue };
        let Some(post) = corpus.read_file(&file, now).post else { continue };
        if corpus.exclusion(&post, now).is_some() {
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
            ..ListedPost::new(url, xxh3_64(&bytes))
        });
    }
    Some(Listing { title: None, entries })
}

/// The names of the events that the front matter of a post declares, as far as they are known: what nobody knows is no reason to
/// leave a post out, and none to take it in.
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
    use super::*;

    /// A site of one post: its files, and the address of the post.
    fn address(files: &[(&str, &str)]) -> Option<String> {
        let folder = tempfile::tempdir().expect("a folder");
        for (path, text) in files {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        let listing = list_posts(folder.path(), Timestamp::now())?;
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
