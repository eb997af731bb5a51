//! Finds values of front matter that can't be what their fields are for.

use super::web_page::{MAX_URL_LEN, web_address};
use crate::Problem;
use crate::events::{EventTable, suggest_event};
use crate::front_matter::{FieldMap, FieldValue};
use takeaways_text::invisible::clean_line;
use takeaways_text::model::Language;

/// A value that was not used, or that was used although it looks wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidField {
    /// The name of the field.
    pub name: &'static str,
    /// The value, as it was written.
    pub value: String,
    code: &'static str,
    what: String,
    todo: String,
}

impl InvalidField {
    /// A value that `fault` says what is wrong with.
    fn new(name: &'static str, value: &str, code: &'static str, fault: &str, todo: &str) -> Self {
        let what = format!("`{name}: {}` {fault}", clean_line(value, MAX_SHOWN));
        Self { name, value: value.to_owned(), code, what, todo: todo.to_owned() }
    }

    /// Returns the problem of the file with this path.
    pub fn problem(&self, path: &str) -> Problem {
        Problem::warning(path, self.code, &self.what, self.todo.as_str())
    }
}

/// The longest part of a value that is shown, in characters.
const MAX_SHOWN: usize = 60;

/// Fields with an address. A path in them is not wrong: it is the place of the post on its site.
const URL_FIELDS: &[&str] =
    &["canonical_url", "canonical", "permalink", "url", "original_url", "source_url", "external_url", "link"];
const LANGUAGE_FIELDS: &[&str] = &["language", "lang", "locale"];
const AUTHOR_FIELDS: &[&str] = &["author", "authors"];

/// Returns the wrong values of a file's front matter. `events` are the events that it declares.
pub(super) fn invalid_fields(fields: &FieldMap, events: &[String]) -> Vec<InvalidField> {
    let source = fields.get("source").and_then(FieldValue::as_map);
    let mut found = Vec::new();
    for fields in source.into_iter().chain([fields]) {
        found.extend(texts(fields, URL_FIELDS).filter_map(|(name, text)| invalid_url(name, text)));
        found.extend(texts(fields, AUTHOR_FIELDS).filter_map(|(name, text)| invalid_author(name, text)));
    }
    found.extend(texts(fields, LANGUAGE_FIELDS).filter_map(|(name, text)| invalid_language(name, text)));
    found.extend(events.iter().filter_map(|event| misspelt_event(event)));
    found
}

/// Returns the texts of these fields, each with its name; of a list each item.
fn texts<'a>(
    fields: &'a FieldMap,
    names: &'static [&'static str],
) -> impl Iterator<Item = (&'static str, &'a str)> {
    let items = |name: &&'static str| {
        let (name, value) = (*name, fields.get(name));
        let items = value.map(FieldValue::items).unwrap_or_default();
        items.iter().filter_map(move |item| Some((name, item.as_text()?)))
    };
    names.iter().flat_map(items)
}

fn invalid_url(name: &'static str, text: &str) -> Option<InvalidField> {
    let is_pattern = text.contains(['{', '}']) || text.starts_with(':') || text.contains("/:");
    let has_scheme = text
        .split_once(':')
        .is_some_and(|(scheme, _)| !scheme.is_empty() && scheme.chars().all(|c| c.is_ascii_alphanumeric()));
    let is_meant_for_web =
        has_scheme || text.starts_with("//") || text.starts_with("www.") || text.trim().contains(' ');
    if web_address(text).is_some() || is_pattern || !is_meant_for_web {
        return None;
    }
    let reason = if text.len() > MAX_URL_LEN { "too long an address" } else { "not an address on the web" };
    let todo = "write an address with `https://` and a host, such as `https://example.org/post`";
    Some(InvalidField::new(name, text, "bad-url", &format!("is {reason} and was left out"), todo))
}

fn invalid_author(name: &'static str, text: &str) -> Option<InvalidField> {
    let (fault, todo) = ("is not a name and was left out", "write the author's name");
    let is_name = text.chars().any(char::is_alphabetic);
    (!is_name).then(|| InvalidField::new(name, text, "bad-author", fault, todo))
}

fn invalid_language(name: &'static str, text: &str) -> Option<InvalidField> {
    let mut parts = text.split(['-', '_', '.', '@']);
    let is_tag = parts.next().is_some_and(|language| {
        (2..=3).contains(&language.len()) && language.chars().all(|c| c.is_ascii_alphabetic())
    });
    let todo = "write a code such as `en`, `de` or `pt-BR`, or leave it out";
    let invalid = || InvalidField::new(name, text, "bad-language", "is not the code of a language", todo);
    (Language::from_tag(text) == Language::Other && !is_tag).then(invalid)
}

fn misspelt_event(event: &str) -> Option<InvalidField> {
    let suggestion = suggest_event(EventTable::builtin(), event)?;
    Some(InvalidField {
        name: "event",
        value: event.to_owned(),
        code: "unknown-event",
        what: format!(
            "the event \"{}\" is not known; did you mean {suggestion}?",
            clean_line(event, MAX_SHOWN)
        ),
        todo: format!("write `event: {suggestion}`, or keep it if it is another event"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::front_matter::split_front_matter;

    fn codes(front_matter: &str) -> Vec<&'static str> {
        let source = format!("---\n{front_matter}\n---\nText.");
        let fields = split_front_matter(&source).expect("front matter").fields;
        let events: Vec<String> = fields.first_text(&["event"]).map(str::to_owned).into_iter().collect();
        invalid_fields(&fields, &events).iter().map(|field| field.code).collect()
    }

    #[test]
    fn wrong_values_are_found() {
        for (front_matter, code) in [
            ("url: htp:/x", "bad-url"),
            ("url: not an address", "bad-url"),
            ("url: https:/example.org/x", "bad-url"),
            ("canonical_url: www.example.org/x", "bad-url"),
            ("link: ftp://example.org/x", "bad-url"),
            ("source: {title: T, url: 'htps://example.org'}", "bad-url"),
            ("lang: englisch", "bad-language"),
            ("language: 1", "bad-language"),
            ("event: KubeCorn 2019", "unknown-event"),
            ("author: 42", "bad-author"),
            ("authors: [Ada, 7]", "bad-author"),
        ] {
            assert_eq!(codes(front_matter), [code], "{front_matter}");
        }
    }

    #[test]
    fn values_that_sites_use_are_left_alone() {
        for front_matter in [
            "url: https://example.org/x",
            "url: /2019/11/summary/",
            "permalink: /:year/:month/:title:output_ext",
            "permalink: pretty",
            "url: \"{{ page.url }}\"",
            "lang: ru",
            "lang: zh-Hans-CN",
            "locale: en_US.UTF-8",
            "event: KubeCon EU 2019",
            "event: Team meeting 2019",
            "author: Ada 42",
            "author: 山田",
            "author:",
        ] {
            assert_eq!(codes(front_matter), [""; 0], "{front_matter}");
        }
    }
}
