//! `sources.toml`: the list of sources of a corpus folder.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Deserialize;
use thiserror::Error;
use url::Url;
use xxhash_rust::xxh3::xxh3_64;

/// The name of the list in a corpus folder.
pub(crate) const FILE_NAME: &str = "sources.toml";

/// The head of a new list.
const HEAD: &str = "# Where posts of this folder come from. `takeaways corpus add` and `corpus remove` write here; you may too.\n";

/// What a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// RSS, Atom or JSON Feed.
    Feed,
    /// A sitemap, or an index of sitemaps.
    Sitemap,
    /// A single page.
    Page,
    /// A folder of a static site on this machine.
    Folder,
}

impl SourceKind {
    /// Its word in the file.
    pub fn name(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::Sitemap => "sitemap",
            Self::Page => "page",
            Self::Folder => "folder",
        }
    }
}

/// A source of posts.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// The address that is fetched; for a folder its path.
    pub url: String,
    /// What it is.
    pub kind: SourceKind,
    /// When it was added. Posts dated before are no news.
    pub added: Option<Timestamp>,
    /// The id of the person on Discord who added it.
    #[serde(default)]
    pub added_by: Option<String>,
    /// The language of that person, as its code, for messages.
    #[serde(default)]
    pub added_language: Option<String>,
    /// Only posts that hold these words.
    #[serde(default, rename = "match")]
    pub matching: Option<String>,
    /// Only posts that are about an event.
    #[serde(default = "yes", rename = "about_events")]
    pub about_events: bool,
    /// Only posts since this day.
    #[serde(default)]
    pub since: Option<Date>,
}

fn yes() -> bool {
    true
}

impl Source {
    /// A source of posts about events.
    pub fn new(url: impl Into<String>, kind: SourceKind, added: Timestamp) -> Self {
        Self {
            url: url.into(),
            kind,
            added: Some(added),
            added_by: None,
            added_language: None,
            matching: None,
            about_events: true,
            since: None,
        }
    }

    /// The host of the source; empty for a folder.
    pub fn host(&self) -> String {
        let url = Url::parse(&self.url).ok().filter(|_| self.kind != SourceKind::Folder);
        url.and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default()
    }

    /// The name under which it is known: two spellings of one address are one source.
    pub fn identity(&self) -> String {
        if self.kind == SourceKind::Folder {
            self.url.clone()
        } else {
            crate::address::identity_of(&self.url)
        }
    }

    /// A hash of what decides which posts are included.
    pub(crate) fn filters(&self) -> u64 {
        xxh3_64(format!("{:?}{}{:?}", self.matching, self.about_events, self.since).as_bytes())
    }

    fn to_toml(&self) -> String {
        let text = |value: &str| toml::Value::from(value).to_string();
        let mut block = format!("\n[[source]]\nurl = {}\nkind = \"{}\"\n", text(&self.url), self.kind.name());
        let mut field = |name: &str, value: Option<String>| {
            if let Some(value) = value {
                // Writing to a `String` does not fail.
                let _ = writeln!(block, "{name} = {value}");
            }
        };
        field("added", self.added.map(|added| text(&format!("{added:.0}"))));
        field("added_by", self.added_by.as_deref().map(text));
        field("added_language", self.added_language.as_deref().map(text));
        field("match", self.matching.as_deref().map(text));
        field("about_events", (!self.about_events).then(|| "false".to_owned()));
        field("since", self.since.map(|since| text(&since.to_string())));
        block
    }
}

/// Why a list can't be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{what}")]
pub struct SourceListError {
    /// The line, from 1, if it is known.
    pub line: Option<u32>,
    /// What is wrong.
    pub what: String,
}

/// A list with the text that it was read from. Changes keep what a person wrote around them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SourceList {
    text: String,
    sources: Vec<Source>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ListFile {
    #[serde(default)]
    source: Vec<Source>,
}

impl SourceList {
    /// Reads a list.
    ///
    /// # Errors
    /// If it is not valid, with the line.
    pub fn parse(text: &str) -> Result<Self, SourceListError> {
        let file: ListFile = toml::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start));
            let line = before.map(|before| before.matches('\n').count() + 1);
            SourceListError {
                line: line.and_then(|line| line.try_into().ok()),
                what: error.message().to_owned(),
            }
        })?;
        for source in &file.source {
            if source.kind != SourceKind::Folder
                && let Err(error) = crate::parse_address(&source.url)
            {
                let line = text.lines().position(|line| line.contains(&source.url));
                let line = line.and_then(|line| (line + 1).try_into().ok());
                return Err(SourceListError { line, what: format!("a source has no valid `url`: {error}") });
            }
        }
        Ok(Self { text: text.to_owned(), sources: file.source })
    }

    /// The sources, in the order of the file.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The text of the file.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Adds a source at the end, in the place of one with the same address.
    ///
    /// # Errors
    /// If a person wrote the list in a form that can't be changed line by line. Then it stays as it is.
    pub fn add(&mut self, source: &Source) -> Result<(), SourceListError> {
        let mut list = self.clone();
        list.remove(&source.identity())?;
        let mut text = list.text;
        if text.is_empty() {
            HEAD.clone_into(&mut text);
        } else if !text.ends_with('\n') {
            text.push('\n');
        }
        text.push_str(&source.to_toml());
        let is_expected = |sources: &[Source]| {
            sources.split_last().is_some_and(|(last, others)| {
                // The file has no parts of a second.
                others == list.sources && Source { added: source.added, ..last.clone() } == *source
            })
        };
        *self = Self::parse_expected(&text, is_expected)?;
        Ok(())
    }

    /// The list of a text that was changed line by line. Lines may mean something else than they seem to, since a person may
    /// write the list in any form of TOML; so it is compared.
    fn parse_expected(text: &str, is_expected: impl Fn(&[Source]) -> bool) -> Result<Self, SourceListError> {
        let changed = Self::parse(text).ok().filter(|changed| is_expected(&changed.sources));
        changed.ok_or_else(|| SourceListError {
            line: None,
            what: "it is written in a form that can't be changed line by line; change it by hand".into(),
        })
    }

    /// Removes the id and the language of this person from their sources. Returns the number of those sources.
    ///
    /// # Errors
    /// If a person wrote it in a form that can't be changed line by line. Then the list stays as it is.
    pub fn forget_contributor(&mut self, person: &str) -> Result<usize, SourceListError> {
        let is_theirs = |source: &Source| source.added_by.as_deref() == Some(person);
        let forgotten = self.sources.iter().filter(|source| is_theirs(source)).count();
        if forgotten == 0 {
            return Ok(0);
        }
        let (mut text, mut block) = (String::with_capacity(self.text.len()), None);
        for line in self.text.split_inclusive('\n') {
            if is_block(line) {
                block = Some(block.map_or(0, |at| at + 1));
            }
            let source: Option<&Source> = block.and_then(|at: usize| self.sources.get(at));
            let key = line.split_once('=').map_or("", |(key, _)| key.trim());
            let is_dropped = source.is_some_and(is_theirs) && matches!(key, "added_by" | "added_language");
            if !is_dropped {
                text.push_str(line);
            }
        }
        let mut expected = self.sources.clone();
        for source in expected.iter_mut().filter(|source| is_theirs(source)) {
            (source.added_by, source.added_language) = (None, None);
        }
        let changed = Self::parse(&text).ok().filter(|changed| changed.sources == expected);
        *self = changed.ok_or_else(|| SourceListError {
            line: None,
            what: "`added_by` and `added_language` do not stand on lines of their own; remove them by hand"
                .into(),
        })?;
        Ok(forgotten)
    }

    /// Removes the source with this identity. Returns it, if there was one.
    ///
    /// # Errors
    /// If a person wrote the list in a form that can't be changed line by line. Then it stays as it is.
    pub fn remove(&mut self, identity: &str) -> Result<Option<Source>, SourceListError> {
        let Some(at) = self.sources.iter().position(|source| source.identity() == identity) else {
            return Ok(None);
        };
        let starts: Vec<usize> = line_starts(&self.text).filter(|at| is_block(&self.text[*at..])).collect();
        // Without such a line nothing is removed, which is not what is expected.
        let start = starts.get(at).copied().unwrap_or(self.text.len());
        let end = starts.get(at + 1).copied().unwrap_or(self.text.len());
        // What stands before the next block, such as a comment about it, belongs to the next one.
        let block = &self.text[start..end];
        let kept = if end == self.text.len() {
            block.len()
        } else {
            block.rfind("\n\n").map_or(block.len(), |at| at + 1)
        };
        let text = [&self.text[..start], &self.text[start + kept..]].concat();
        let mut expected = self.sources.clone();
        let removed = expected.remove(at);
        *self = Self::parse_expected(&text, |sources| sources == expected)?;
        Ok(Some(removed))
    }
}

fn line_starts(text: &str) -> impl Iterator<Item = usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1))
}

fn is_block(rest: &str) -> bool {
    rest.trim_start_matches([' ', '\t']).starts_with("[[source]]")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIST: &str = "# mine\n\n[[source]]\nurl = \"https://a.example/feed\"\nkind = \"feed\"\n\n# of B\n[[source]]\nurl = \"https://b.example/\"\nkind = \"page\"\nabout_events = false\nmatch = \"kubecon\"\nsince = \"2019-01-01\"\n";

    #[test]
    fn a_list_is_read_and_changed_in_place() {
        let mut list = SourceList::parse(LIST).expect("a list");
        assert_eq!(list.sources().len(), 2);
        assert!(list.sources()[0].about_events && !list.sources()[1].about_events);
        let mut new = Source::new("https://c.example/atom.xml", SourceKind::Feed, Timestamp::UNIX_EPOCH);
        new.matching = Some("a \"b\"".into());
        list.add(&new).expect("added");
        let read = SourceList::parse(list.text()).expect("a list");
        assert_eq!(read.sources()[2], new);
        assert!(list.text().starts_with(LIST));
        assert!(list.remove("a.example/feed").expect("removed").is_some());
        assert!(list.text().starts_with("# mine\n") && list.text().contains("# of B\n[[source]]"));
        assert_eq!(SourceList::parse(list.text()).expect("a list").sources(), list.sources());
        assert!(list.remove("c.example/atom.xml").expect("removed").is_some());
        assert_eq!(list.remove("c.example/atom.xml"), Ok(None));
        assert_eq!(SourceList::parse(list.text()).expect("a list").sources().len(), 1);
    }

    #[test]
    fn a_source_is_in_the_list_once() {
        let mut list = SourceList::default();
        let time: Timestamp = "2026-01-15T12:00:00.75Z".parse().expect("a time");
        list.add(&Source::new("http://a.example/feed/", SourceKind::Feed, time)).expect("added");
        list.add(&Source::new("https://a.example/feed", SourceKind::Feed, time)).expect("added");
        assert_eq!(SourceList::parse(list.text()).expect("a list").sources().len(), 1);
    }

    #[test]
    fn a_list_in_a_form_that_can_not_be_changed_line_by_line_stays_as_it_is() {
        let source = |host: &str| format!("url = \"https://{host}.example/feed\"\nkind = \"feed\"\n");
        let spaced = format!("[[ source ]]\n{}\n[[source]]\n{}", source("a"), source("b"));
        let inline = "source = [{ url = \"https://a.example/feed\", kind = \"feed\" }]\n";
        let quoted = format!(
            "[[source]]\n{}match = \"\"\"\n[[source]]\n\"\"\"\n\n[[source]]\n{}",
            source("a"),
            source("b")
        );
        let new = Source::new("https://a.example/feed/", SourceKind::Page, Timestamp::UNIX_EPOCH);
        for text in [&spaced, inline, &quoted] {
            let mut list = SourceList::parse(text).expect("a list");
            for result in [list.remove("a.example/feed").map(|_| ()), list.add(&new)] {
                assert!(result.is_err_and(|error| error.what.contains("by hand")), "{text}");
                assert_eq!(list.text(), text);
                assert_eq!(list.sources()[0].url, "https://a.example/feed");
            }
        }
        // What can be added without a change of other lines is added.
        let mut list = SourceList::parse(&spaced).expect("a list");
        let other = Source::new("https://c.example/feed", SourceKind::Feed, Timestamp::UNIX_EPOCH);
        list.add(&other).expect("added");
        assert_eq!(list.sources().len(), 3);
        assert!(SourceList::parse(inline).expect("a list").add(&other).is_err());
    }

    #[test]
    fn a_wrong_list_is_told_with_its_line() {
        for (text, line) in [
            ("[[source]]\nurl = \"https://a.example\"\nkind = \"blog\"\n", Some(3)),
            ("\n[[source]]\nurl = \"file:///etc/passwd\"\nkind = \"feed\"\n", Some(3)),
            ("[[source]\n", Some(1)),
        ] {
            assert_eq!(SourceList::parse(text).expect_err("wrong").line, line, "{text}");
        }
    }
}
