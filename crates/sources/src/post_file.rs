//! A post as a Markdown file with front matter: its content, its name, and writing it.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::civil::Date;
use takeaways_corpus::front_matter::split_front_matter;
use takeaways_faults::fail_point;
use takeaways_text::invisible::clean_line;
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use crate::ingest::Ingest;
use crate::refresh_report::PostOutcome;
use crate::source_state::{PostState, PostStatus};
use crate::{address, store_files};

/// The longest name of a file or folder, in bytes.
pub(crate) const MAX_NAME_LEN: usize = 80;

/// A post that is about to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewPost {
    /// Its address. A post of a folder may have no address on the web: then it is the place of its file, as `file:`.
    pub url: Url,
    pub title: Option<String>,
    pub authors: Vec<String>,
    /// The day of publication.
    pub date: Option<Date>,
    /// Its licence, where it is stated.
    pub licence: Option<String>,
    /// Its tags, where its author wrote some.
    pub tags: Vec<String>,
    /// The names of the events that its author says it is about. They go before what the text says.
    pub events: Vec<String>,
    /// Why its front matter could not be read. Then it is not known what it says of the post.
    pub unread_header: Option<String>,
    /// Its text.
    pub markdown: String,
}

impl NewPost {
    /// The content of its file. Each value is quoted, so that no text of a page becomes a field.
    pub(crate) fn to_text(&self, event: Option<&str>, retrieved: Timestamp) -> String {
        let mut text = String::from("---\n");
        let mut field = |name: &str, value: &str| {
            // Writing to a `String` does not fail.
            let _ = writeln!(text, "{name}: {}", quoted(value));
        };
        // The place of a file on this machine is no address that a reader could open.
        if address::is_of_web(&self.url) {
            field("url", self.url.as_str());
        }
        if let Some(title) = &self.title {
            field("title", title);
        }
        match self.authors.as_slice() {
            [] => {}
            [author] => field("author", author),
            authors => {
                let _ = writeln!(text, "authors: {}", quoted_list(authors));
            }
        }
        if let Some(date) = self.date {
            let _ = writeln!(text, "date: {date}");
        }
        match (self.events.as_slice(), event) {
            ([], None) => {}
            ([], Some(event)) => {
                let _ = writeln!(text, "event: {}", quoted(event));
            }
            ([event], _) => {
                let _ = writeln!(text, "event: {}", quoted(event));
            }
            (events, _) => {
                let _ = writeln!(text, "events: {}", quoted_list(events));
            }
        }
        if !self.tags.is_empty() {
            let _ = writeln!(text, "tags: {}", quoted_list(&self.tags));
        }
        if let Some(licence) = &self.licence {
            let _ = writeln!(text, "licence: {}", quoted(licence));
        }
        let _ = write!(text, "retrieved: {retrieved:.0}\n---\n\n");
        text.push_str(&self.markdown);
        text
    }

    /// The name of its folder: that of the host, or without an address on the web that of the folder of its source. It is
    /// never empty.
    pub(crate) fn folder(&self, source: &str) -> String {
        let host = self.url.host_str().filter(|_| address::is_of_web(&self.url));
        let name = match host {
            Some(host) => host.strip_prefix("www.").unwrap_or(host),
            None => source.trim_end_matches(['/', '\\']).rsplit(['/', '\\']).next().unwrap_or_default(),
        };
        let safe = safe_name(name, '.');
        if !safe.is_empty() {
            return safe;
        }
        format!("site-{:08x}", xxh3_64(host.unwrap_or(source).as_bytes()) >> 32)
    }

    /// The name of its file without the extension: the day and the last part of the address, or of the title.
    pub(crate) fn file_stem(&self) -> String {
        let last = self.url.path().rsplit('/').find(|part| !part.is_empty()).unwrap_or_default();
        let last = last.split('.').next().unwrap_or(last);
        let is_number = |name: &str| name.chars().all(|c| c.is_ascii_digit() || c == '-');
        let mut slug = safe_name(&percent_encoding::percent_decode_str(last).decode_utf8_lossy(), '-');
        if slug.is_empty() || slug == "index" || is_number(&slug) {
            slug = safe_name(self.title.as_deref().unwrap_or_default(), '-');
        }
        if slug.is_empty() || slug == "index" {
            slug = format!("post-{:08x}", xxh3_64(self.url.as_str().as_bytes()) >> 32);
        }
        match self.date {
            Some(date) if !slug.starts_with(&date.to_string()) => format!("{date}-{slug}"),
            _ => slug,
        }
    }
}

/// A text of letters, digits and single marks `extra` or `-`: no name that a page chooses can leave the folder, hide, or
/// mean something to a system.
fn safe_name(text: &str, extra: char) -> String {
    let mut name = String::new();
    for c in text.to_lowercase().chars() {
        let kept = if c.is_ascii_alphanumeric() || (c == extra && !name.is_empty()) { c } else { '-' };
        if !(matches!(kept, '-' | '.') && name.ends_with(['-', '.'])) {
            name.push(kept);
        }
        if name.len() >= MAX_NAME_LEN {
            break;
        }
    }
    name.trim_matches(['-', '.']).to_owned()
}

/// A value of YAML in quotation marks, on one line.
fn quoted(value: &str) -> String {
    // A string of JSON is one of YAML.
    serde_json::Value::from(clean_line(value, 1_000)).to_string()
}

/// Values of YAML in quotation marks, as a list on one line.
fn quoted_list(values: &[String]) -> String {
    let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
    format!("[{}]", values.join(", "))
}

impl Ingest<'_> {
    pub(crate) fn write_file(
        &self,
        before: Option<&PostState>,
        post: &mut PostState,
        new: &NewPost,
        text: &str,
    ) -> std::io::Result<PostOutcome> {
        let is_below = |file: &String| store_files::join_below(self.folder, file).is_ok();
        let before = before.filter(|before| before.file.as_ref().is_some_and(is_below));
        let expected = before.map(|before| before.file_hash);
        let file = before.and_then(|before| before.file.clone());
        let file = file.unwrap_or_else(|| self.free_name(new, text));
        let path = store_files::join_below(self.folder, &file)?;
        let on_disk = store_files::read_if_there(&path)?;
        post.file = Some(file);
        let is_ours = |bytes: &[u8]| {
            expected == Some(xxh3_64(bytes)) || without_time(bytes) == without_time(text.as_bytes())
        };
        let outcome = match (on_disk, expected) {
            // A person deleted it. It does not come back.
            (None, Some(_)) => {
                post.status = PostStatus::Removed;
                return Ok(PostOutcome::Removed);
            }
            (Some(bytes), _) if !is_ours(&bytes) => {
                let orig = store_files::orig_path(&path);
                store_files::write_atomic(&orig, text.as_bytes())?;
                post.file_hash = expected.unwrap_or_else(|| xxh3_64(text.as_bytes()));
                post.status = PostStatus::Included;
                return Ok(PostOutcome::Edited);
            }
            (Some(bytes), None) => {
                // It was written before a kill, and what was known of it is lost.
                post.file_hash = xxh3_64(&bytes);
                post.status = PostStatus::Included;
                return Ok(PostOutcome::Added);
            }
            (Some(_), Some(_)) => PostOutcome::Changed,
            (None, None) => PostOutcome::Added,
        };
        fail_point("sources.write.before");
        store_files::write_atomic(&path, text.as_bytes())?;
        fail_point("sources.write.after");
        post.file_hash = xxh3_64(text.as_bytes());
        post.status = PostStatus::Included;
        Ok(outcome)
    }

    /// A name that no file of another post has. A file of the same address is the post itself, and without an address one
    /// of the same content.
    fn free_name(&self, new: &NewPost, text: &str) -> String {
        let (folder, stem) = (new.folder(&self.source.url), new.file_stem());
        let identity = crate::identity(&new.url);
        let has_address = address::is_of_web(&new.url);
        let read = |name: &String| store_files::read_if_there(&store_files::join_below(self.folder, name)?);
        let is_free = |name: &String| match read(name) {
            Ok(None) => true,
            Ok(Some(bytes)) if !has_address => without_time(&bytes) == without_time(text.as_bytes()),
            Ok(Some(bytes)) => {
                let text = String::from_utf8_lossy(&bytes);
                let url = split_front_matter(&text)
                    .ok()
                    .and_then(|split| split.fields.first_text(&["url"]).map(address::identity_of));
                url.as_deref() == Some(identity.as_str())
            }
            Err(_) => false,
        };
        let plain = format!("{folder}/{stem}.md");
        let numbered = (2..100).map(|number| format!("{folder}/{stem}-{number}.md"));
        std::iter::once(plain)
            .chain(numbered)
            .find(is_free)
            .unwrap_or_else(|| format!("{folder}/{stem}-{:016x}.md", xxh3_64(identity.as_bytes())))
    }
}

/// A file without the line that says when it was retrieved.
fn without_time(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let mut kept = String::with_capacity(text.len());
    for (number, line) in text.split_inclusive('\n').enumerate() {
        if number > 12 || !line.starts_with("retrieved: ") {
            kept.push_str(line);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn post(url: &str, title: &str) -> NewPost {
        NewPost {
            url: Url::parse(url).expect("an address"),
            title: Some(title.to_owned()),
            authors: vec!["Ann: Lee".into(), "B \"C\"".into()],
            date: Some(Date::constant(2019, 11, 19)),
            licence: Some("CC BY 4.0".into()),
            tags: vec!["a, b".into(), "c: \"d\"]".into()],
            events: Vec::new(),
            unread_header: None,
            markdown: "---\nurl: https://evil.example\n---\nText.\n".into(),
        }
    }

    #[test]
    fn no_text_of_a_page_becomes_a_field() {
        let title = "x\"\nsource: {title: y}\n---\n# \u{202e}";
        let text =
            post("https://b.example/a", title).to_text(Some("KubeCon: \"NA\" 2019"), Timestamp::UNIX_EPOCH);
        let split = split_front_matter(&text).expect("front matter");
        assert_eq!(split.error, None);
        assert_eq!(split.fields.first_text(&["url"]), Some("https://b.example/a"));
        assert_eq!(split.fields.first_text(&["event"]), Some("KubeCon: \"NA\" 2019"));
        assert_eq!(split.fields.get("source"), None);
        assert_eq!(split.fields.first_text(&["title"]), Some("x\" source: {title: y} --- #"));
        for list in ["authors", "tags"] {
            assert_eq!(split.fields.get(list).map(|values| values.items().len()), Some(2), "{list}");
        }
        assert!(split.body.contains("evil.example"), "the text stays text");
    }

    #[test]
    fn the_place_of_a_file_is_no_address() {
        for (url, has_address) in [("file:///srv/ann/site/a.md", false), ("https://b.example/a", true)] {
            let text = post(url, "t").to_text(None, Timestamp::UNIX_EPOCH);
            let split = split_front_matter(&text).expect("front matter");
            assert_eq!(split.fields.first_text(&["url"]).is_some(), has_address, "{text}");
            assert!(!text.contains("/srv/ann"), "{text}");
        }
    }

    #[test]
    fn names_of_files_can_not_leave_the_folder() {
        for (url, title, stem) in [
            ("https://b.example/blog/KubeCon_Recap.html?x=1", "t", "2019-11-19-kubecon-recap"),
            ("https://b.example/%2e%2e%2f%2e%2e%2fetc%2fpasswd", "t", "2019-11-19-etc-passwd"),
            ("https://b.example/2019/11/19/", "My talk", "2019-11-19-my-talk"),
            ("https://b.example/2019-11-19-notes/", "t", "2019-11-19-notes"),
            ("https://b.example/.hidden", "../..", "2019-11-19-post-"),
            ("https://b.example/", "日本語", "2019-11-19-post-"),
        ] {
            let found = post(url, title).file_stem();
            assert!(found.starts_with(stem) && found.len() <= MAX_NAME_LEN + 11, "{url}: {found}");
            assert!(found.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'), "{found}");
        }
        for (url, source, folder) in [
            ("https://www.blog.example:8080/a", "", "blog.example"),
            ("http://[::1]/a", "", "1"),
            ("http://_/a", "", "site-"),
            ("file:///srv/ann/My%20Site/a.md", "/srv/ann/My Site/", "my-site"),
            ("file:///a.md", "/", "site-"),
            ("file:///x/a.md", "/x/日本語", "site-"),
            ("file:///x/a.md", "/x/..", "site-"),
            ("mailto:ann@b.example", "", "site-"),
        ] {
            let found = post(url, "t").folder(source);
            assert!(found.starts_with(folder) && found.len() <= MAX_NAME_LEN, "{url}: {found}");
            assert!(!found.contains(['/', '\\']) && !found.starts_with('.'), "{url}: {found}");
        }
    }
}
