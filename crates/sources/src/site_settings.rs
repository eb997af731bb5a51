//! The settings of static sites: read from TOML, YAML, JSON, and plain values of scripts. No script is run.

use std::fs;
use std::path::{Path, PathBuf};

use takeaways_corpus::front_matter::{FieldMap, split_front_matter};
use url::Url;

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

/// The value of a name in a script, where it is a plain string.
pub(crate) fn script_value(text: &str, name: &str) -> Option<String> {
    plain_string(places_of(text, name).next()?)
}

/// The object in braces that belongs to a name: `blog: {…}`, or `['@docusaurus/plugin-content-blog', {…}]`.
pub(crate) fn object_after<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let is_start = |rest: &&str| rest.trim_start().starts_with('{');
    let of_field = places_of(text, name).find(is_start);
    let of_plugin = || {
        let ends = text.match_indices(name).filter_map(|(at, _)| text.get(at + name.len()..));
        let mut after =
            ends.filter_map(|rest| rest.trim_start_matches(['\'', '"', '`']).trim_start().strip_prefix(','));
        after.find(is_start)
    };
    let rest = of_field.or_else(of_plugin)?.trim_start();
    let mut depth = 0_usize;
    for (at, c) in rest.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth == 0 {
            return rest.get(..=at);
        }
    }
    None
}

/// The text after each `name:` of a script, except in comments.
fn places_of<'t>(text: &'t str, name: &str) -> impl Iterator<Item = &'t str> {
    text.match_indices(name).filter_map(move |(at, _)| {
        let before = text.get(..at)?;
        let line = before.rsplit('\n').next().unwrap_or_default().trim_start();
        let is_comment = line.starts_with("//") || line.starts_with('*') || line.starts_with("/*");
        let before = before.trim_end_matches(['\'', '"']);
        let is_whole =
            !before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.' | '-' | '/'));
        let rest = text.get(at + name.len()..)?.trim_start_matches(['\'', '"']).trim_start();
        rest.strip_prefix(':').filter(|_| is_whole && !is_comment)
    })
}

fn plain_string(rest: &str) -> Option<String> {
    let rest = rest.trim_start();
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let end = rest.get(1..)?.find(quote)?;
    rest.get(1..=end).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_where_they_are_plain() {
        let text = "import sitemap from 'x';\nexport default {\n  // site: 'https://old.example',\n  'site': \"https://b.example\",\n  baseUrl: `/x/`,\n  dir: here,\n};\n";
        assert_eq!(script_value(text, "site").as_deref(), Some("https://b.example"));
        assert_eq!(script_value(text, "baseUrl").as_deref(), Some("/x/"));
        assert_eq!(script_value(text, "Url"), None);
        assert_eq!(script_value(text, "dir"), None);
        assert_eq!(script_value(text, "none"), None);
    }

    #[test]
    fn the_object_of_a_name_ends_at_its_brace() {
        let text = "{ docs: { a: 'one' }, blog: { b: { c: 1 }, a: 'two' }, theme: { a: 'three' } }";
        assert_eq!(object_after(text, "blog"), Some("{ b: { c: 1 }, a: 'two' }"));
        let plugin = "plugins: [['@docusaurus/plugin-content-blog', { a: 'four' }]]";
        assert_eq!(object_after(plugin, "plugin-content-blog"), Some("{ a: 'four' }"));
        assert_eq!(object_after("{ blog: false }", "blog"), None);
        assert_eq!(object_after("{ blog: { a: 1", "blog"), None);
    }
}
