//! The addresses that generators of static sites give to posts.

use takeaways_corpus::front_matter::FieldMap;

use crate::site_settings::{SiteGenerator, SiteSettings};

/// The path of a post below the base address, by the rules of its generator.
pub(crate) fn path_of(
    settings: &SiteSettings,
    path: &str,
    fields: &FieldMap,
    page_title: Option<&str>,
    date: Option<jiff::civil::Date>,
) -> String {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let stem = ["/index", "/_index"].iter().find_map(|end| stem.strip_suffix(end)).unwrap_or(stem);
    let (folder, name) = stem.rsplit_once('/').map_or(("", stem), |(folder, name)| (folder, name));
    let dated = name
        .get(..10)
        .filter(|day| day.parse::<jiff::civil::Date>().is_ok() && name.get(10..11) == Some("-"));
    let title = dated.and_then(|_| name.get(11..)).unwrap_or(name);
    let written = fields.first_text(&["slug"]);
    let slug = written.unwrap_or(title);
    if let Some(path) = fields.first_text(&["permalink", "path", "url"]).filter(|path| !path.contains(':')) {
        return path.trim_start_matches('/').to_owned();
    }
    let day = dated.and_then(|day| day.parse().ok()).or(date);
    let by_day = |pattern: &str| fill_pattern(pattern, day, slug, title, fields);
    match settings.generator {
        SiteGenerator::Hugo => {
            let path = match &settings.permalink {
                Some(pattern) => {
                    // Here the title is that of the page, and the name of the file is as it stands.
                    let title = page_title.unwrap_or(name);
                    let pattern = pattern
                        .replace(":slugorfilename", written.unwrap_or(name))
                        .replace(":slugorcontentbasename", written.unwrap_or(name))
                        .replace(":slug", written.unwrap_or(title))
                        .replace(":title", title)
                        .replace(":filename", name)
                        .replace(":contentbasename", name)
                        .replace(":sections", folder)
                        .replace(":section", folder.split('/').next().unwrap_or_default());
                    by_day(&pattern)
                }
                None => join_parts(folder, written.unwrap_or(name)) + "/",
            };
            hugo_path(&path, settings.keeps_case)
        }
        SiteGenerator::Zola | SiteGenerator::Astro => join_parts(folder, slug) + "/",
        SiteGenerator::Jekyll => by_day(match settings.permalink.as_deref() {
            Some("pretty") => "/:categories/:year/:month/:day/:title/",
            Some("none") => "/:categories/:title.html",
            Some("date") | None => "/:categories/:year/:month/:day/:title.html",
            Some(pattern) => pattern,
        }),
        SiteGenerator::Hexo => by_day(settings.permalink.as_deref().unwrap_or(":year/:month/:day/:title/")),
        SiteGenerator::Docusaurus => {
            let base = settings.permalink.as_deref().unwrap_or("blog").trim_matches('/').to_owned();
            match (written, day) {
                (Some(slug), _) => join_parts(&base, slug.trim_matches('/')),
                (None, Some(day)) if dated.is_some() => {
                    join_parts(&base, &format!("{}/{title}", day.strftime("%Y/%m/%d")))
                }
                _ => join_parts(&base, stem),
            }
        }
    }
}

fn join_parts(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

fn fill_pattern(
    pattern: &str,
    day: Option<jiff::civil::Date>,
    slug: &str,
    title: &str,
    fields: &FieldMap,
) -> String {
    let part = |format: &str| day.map(|day| day.strftime(format).to_string()).unwrap_or_default();
    let categories = fields.get("categories").map(|value| {
        let names = value
            .items()
            .iter()
            .filter_map(|item| item.as_text())
            .map(|name| name.to_lowercase().replace(' ', "-"));
        names.collect::<Vec<_>>().join("/")
    });
    let filled = pattern
        .replace(":categories", &categories.unwrap_or_default())
        .replace(":year", &part("%Y"))
        .replace(":i_month", &part("%-m"))
        .replace(":month", &part("%m"))
        .replace(":i_day", &part("%-d"))
        .replace(":day", &part("%d"))
        .replace(":slug", slug)
        .replace(":output_ext", ".html")
        .replace(":title", title);
    let mut path = filled.replace("//", "/");
    while path.starts_with('/') {
        path.remove(0);
    }
    path
}

/// A path as Hugo writes it: in lower case unless the site says otherwise, with a hyphen for spaces, and without other marks.
fn hugo_path(path: &str, keeps_case: bool) -> String {
    let mut clean = String::with_capacity(path.len());
    let mut has_space = false;
    for c in path.trim().chars() {
        // Accents may be characters of their own.
        let is_accent = ('\u{300}'..='\u{36f}').contains(&c);
        if c.is_alphanumeric() || is_accent || matches!(c, '.' | '/' | '_' | '+' | '~' | '-' | '@') {
            let stands_between = !clean.is_empty() && !clean.ends_with(['-', '/']) && !matches!(c, '-' | '/');
            if has_space && stands_between {
                clean.push('-');
            }
            has_space = false;
            clean.push(c);
        } else {
            has_space |= c.is_whitespace();
        }
    }
    if keeps_case { clean } else { clean.to_lowercase() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_written_as_hugo_does() {
        // The examples of its documentation for `urlize`, and more.
        for (path, expected) in [
            ("A B C", "a-b-c"),
            ("a b   c", "a-b-c"),
            ("< a, b, & c >", "a-b-c"),
            ("main.go", "main.go"),
            ("Hugö", "hugö"),
            ("posts/Über Köln KubeCon/", "posts/über-köln-kubecon/"),
            ("a - b", "a-b"),
            ("posts / a?b#c", "posts/abc"),
            ("日本 語", "日本-語"),
        ] {
            assert_eq!(hugo_path(path, false), expected);
        }
        assert_eq!(hugo_path("A B", true), "A-B");
    }
}
