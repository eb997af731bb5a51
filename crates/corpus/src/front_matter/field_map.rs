//! What front matter holds, whichever way it was written: nothing after this file knows YAML, TOML or JSON.

use std::collections::HashMap;

/// A value of front matter. Scalars stay as they were written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldValue {
    /// Nothing: `author:` with nothing behind it.
    Null,
    /// `true` or `false`, not in quotes.
    Bool(bool),
    /// A number as written: `1.10` stays `1.10`.
    Number(String),
    /// A date or time of TOML, as written.
    Date(String),
    /// Any other text.
    Text(String),
    /// A list.
    List(Vec<FieldValue>),
    /// Names and values.
    Map(FieldMap),
}

/// Names and values. A name is found whatever its case and whether its words are joined by `_`, `-` or nothing:
/// `publishDate`, `publish_date` and `Publish-Date` are one name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FieldMap(Vec<(String, FieldValue)>);

impl FieldMap {
    /// Adds a value. Of two values under one name the later is found.
    pub fn push(&mut self, name: &str, value: FieldValue) {
        self.0.push((normalized_name(name).collect(), value));
    }

    /// The value under a name; with dots, the value in a map in a map: `params.author`.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&FieldValue> {
        let mut parts = name.split('.');
        let mut value = self.get_direct(parts.next()?)?;
        for part in parts {
            value = value.as_map()?.get_direct(part)?;
        }
        Some(value)
    }

    /// The values that are there and not empty under any of `names`, in the order of `names`.
    pub fn non_empty_values<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = &'a FieldValue> {
        names.iter().filter_map(|name| self.get(name)).filter(|value| !value.is_empty())
    }

    /// The first text under any of `names`, in the order of `names`.
    #[must_use]
    pub fn first_text(&self, names: &[&str]) -> Option<&str> {
        names.iter().filter_map(|name| self.get(name)).find_map(FieldValue::as_text)
    }

    /// Every name (folded) and value, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &FieldValue)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// The names (folded) that stand more than once, with values that differ: only the last of these is found.
    pub fn repeated_names(&self) -> impl Iterator<Item = &str> {
        let mut last: HashMap<&str, &FieldValue> = HashMap::new();
        self.iter().filter_map(move |(name, value)| {
            last.insert(name, value).filter(|before| *before != value).map(|_| name)
        })
    }

    /// How many values there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn get_direct(&self, name: &str) -> Option<&FieldValue> {
        self.0.iter().rev().find(|(own, _)| own.chars().eq(normalized_name(name))).map(|(_, value)| value)
    }
}

impl<'a> Extend<(&'a str, FieldValue)> for FieldMap {
    fn extend<T: IntoIterator<Item = (&'a str, FieldValue)>>(&mut self, fields: T) {
        fields.into_iter().for_each(|(name, value)| self.push(name, value));
    }
}

impl FieldValue {
    /// A scalar as written, without white space around it; `None` for an empty one, a list or a map.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Bool(true) => Some("true"),
            Self::Bool(false) => Some("false"),
            Self::Number(text) | Self::Date(text) | Self::Text(text) => {
                Some(text.trim()).filter(|t| !t.is_empty())
            }
            Self::Null | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// Yes or no: a boolean, or the words for it.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self.as_text()?.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Some(true),
            "false" | "no" | "off" | "0" => Some(false),
            _ => None,
        }
    }

    /// The items of a list, or the value itself.
    #[must_use]
    pub fn items(&self) -> &[FieldValue] {
        match self {
            Self::List(items) => items,
            Self::Null => &[],
            one => std::slice::from_ref(one),
        }
    }

    /// The names and values of a map.
    #[must_use]
    pub fn as_map(&self) -> Option<&FieldMap> {
        match self {
            Self::Map(fields) => Some(fields),
            _ => None,
        }
    }

    /// Whether it says nothing: null, blank, or a list or map of nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::List(items) => items.is_empty(),
            Self::Map(fields) => fields.is_empty(),
            scalar => scalar.as_text().is_none(),
        }
    }
}

fn normalized_name(name: &str) -> impl Iterator<Item = char> {
    name.chars().filter(|c| !matches!(c, '_' | '-' | ' ')).flat_map(char::to_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> FieldValue {
        FieldValue::Text(text.to_owned())
    }

    #[test]
    fn a_name_is_found_however_it_is_spelled() {
        let mut fields = FieldMap::default();
        fields.push("publishDate", text("a"));
        for name in ["publishDate", "publish_date", "Publish-Date", "PUBLISHDATE"] {
            assert_eq!(fields.first_text(&[name]), Some("a"), "{name}");
        }
        assert_eq!(fields.first_text(&["date"]), None);
    }

    #[test]
    fn the_later_of_two_values_and_maps_in_maps() {
        let mut inner = FieldMap::default();
        inner.push("author", text(" jane "));
        let mut fields = FieldMap::default();
        fields.push("title", text("first"));
        fields.push("Title", text("second"));
        fields.push("params", FieldValue::Map(inner));
        assert_eq!(fields.first_text(&["title"]), Some("second"));
        assert_eq!(fields.first_text(&["author", "params.author"]), Some("jane"));
        assert_eq!(fields.first_text(&["title.author", "params.author.name"]), None);
    }

    #[test]
    fn names_that_stand_twice() {
        let mut fields = FieldMap::default();
        for (name, value) in [("title", "a"), ("Date", "b"), ("tags", "c"), ("date", "b"), ("Title", "d")] {
            fields.push(name, text(value));
        }
        assert_eq!(fields.repeated_names().collect::<Vec<_>>(), ["title"]);
    }

    #[test]
    fn yes_and_no_in_words() {
        for (value, yes) in [
            (FieldValue::Bool(true), Some(true)),
            (text("False"), Some(false)),
            (text("off"), Some(false)),
            (text("maybe"), None),
            (FieldValue::Null, None),
            (FieldValue::Number("1".to_owned()), Some(true)),
        ] {
            assert_eq!(value.as_bool(), yes, "{value:?}");
        }
    }
}
