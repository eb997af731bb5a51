//! The parts of a language file, before they become lists.
//!
//! serde compiles the reading of all lists once for each kind of map that a deserializer has. That of the crate `toml` has
//! three, with which this took a quarter of the crate's build; this one has a single kind.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use serde::de::value::{Error, MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use toml::de::{DeTable, DeValue};

/// A part of a file. Its strings are those of the file.
#[derive(Debug, Clone)]
pub(super) enum FilePart<'t> {
    Word(Cow<'t, str>),
    Flag(bool),
    List(Vec<Self>),
    Table(BTreeMap<Cow<'t, str>, Self>),
}

impl<'t> FilePart<'t> {
    /// Reads a file.
    ///
    /// # Errors
    /// If it is no TOML, or has something else than words, flags, lists and tables.
    pub fn parse(file: &'t str) -> Result<Self, Error> {
        Self::new(DeValue::Table(DeTable::parse(file).map_err(Error::custom)?.into_inner()))
    }

    fn new(value: DeValue<'t>) -> Result<Self, Error> {
        Ok(match value {
            DeValue::String(word) => Self::Word(word),
            DeValue::Boolean(flag) => Self::Flag(flag),
            DeValue::Array(values) => {
                Self::List(values.into_iter().map(|it| Self::new(it.into_inner())).collect::<Result<_, _>>()?)
            }
            DeValue::Table(table) => {
                let parts = table.into_iter();
                let part = |(key, value): (toml::Spanned<_>, toml::Spanned<_>)| {
                    let value = Self::new(value.into_inner())?;
                    if matches!(&value, Self::List(parts) if parts.is_empty()) {
                        return Err(Error::custom("the list is empty; write \"none\""));
                    }
                    Ok((key.into_inner(), value))
                };
                Self::Table(parts.map(part).collect::<Result<_, Error>>()?)
            }
            other => return Err(Error::custom(format!("{} is no word", other.type_str()))),
        })
    }

    /// Joins the lists of several files, word by word; `None` for no file.
    pub fn joined(mut files: Vec<Self>) -> Option<Self> {
        if files.iter().all(|part| matches!(part, Self::Table(_))) {
            let mut by_key: BTreeMap<_, Vec<Self>> = BTreeMap::new();
            for (key, value) in files.into_iter().flat_map(Self::into_table) {
                by_key.entry(key).or_default().push(value);
            }
            let joined = by_key.into_iter().filter_map(|(key, values)| Some((key, Self::joined(values)?)));
            return Some(Self::Table(joined.collect()));
        }
        if !files.iter().any(|part| matches!(part, Self::List(_))) {
            return files.drain(..).next();
        }
        // A list without words says "none".
        let lists: Vec<Vec<Self>> = files.into_iter().filter_map(Self::into_list).collect();
        if lists.iter().flatten().all(|part| matches!(part, Self::List(_))) {
            let groups = lists.iter().map(Vec::len).min().unwrap_or_default();
            let mut lists: Vec<_> = lists.into_iter().map(Vec::into_iter).collect();
            let group = |_| lists.iter_mut().filter_map(Iterator::next).collect();
            return Some(Self::List((0..groups).map(group).filter_map(Self::joined).collect()));
        }
        let mut known = HashSet::new();
        let words = lists.into_iter().flatten();
        let is_new = |part: &Self| matches!(part, Self::Word(word) if known.insert(word.clone()));
        Some(Self::List(words.filter(is_new).collect()))
    }

    /// All words and phrases in it.
    pub fn texts(&self) -> Vec<&str> {
        match self {
            Self::Word(word) => vec![word],
            Self::Flag(_) => Vec::new(),
            Self::List(parts) => parts.iter().flat_map(Self::texts).collect(),
            Self::Table(table) => table.values().flat_map(Self::texts).collect(),
        }
    }

    fn into_table(self) -> BTreeMap<Cow<'t, str>, Self> {
        if let Self::Table(table) = self { table } else { BTreeMap::new() }
    }

    fn into_list(self) -> Option<Vec<Self>> {
        if let Self::List(parts) = self { Some(parts) } else { None }
    }
}

impl<'de> Deserializer<'de> for FilePart<'_> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Word(word) => visitor.visit_str(&word),
            Self::Flag(flag) => visitor.visit_bool(flag),
            Self::List(parts) => visitor.visit_seq(SeqDeserializer::new(parts.into_iter())),
            Self::Table(table) => visitor.visit_map(MapDeserializer::new(table.into_iter())),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            // A list without words.
            Self::Word(word) if word == "none" => Self::List(Vec::new()).deserialize_any(visitor),
            Self::Word(word) => {
                Err(Error::custom(format!("`{word}` is not a list; write \"none\" if there are no words")))
            }
            part => part.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl IntoDeserializer<'_, Error> for FilePart<'_> {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_word_is_refused() {
        for (file, expected) in [("words = [1]", "integer is no word"), ("words = ", "TOML parse error")] {
            let found = FilePart::parse(file).map(|_| ()).map_err(|error| error.to_string());
            assert!(found.as_ref().is_err_and(|error| error.contains(expected)), "{file}: {found:?}");
        }
    }

    #[test]
    fn files_are_joined_word_by_word() {
        let part = |file| FilePart::parse(file).expect("a file");
        let files = vec![
            part("flag = true\nwords = [\"a\", \"b\"]\ngroups = [[\"x\"], [\"y\"]]"),
            part("flag = false\nwords = \"none\"\ngroups = [[\"z\"], [\"y\"]]"),
            part("flag = false\nwords = [\"b\", \"c\"]\ngroups = [[\"x\"], [\"w\"]]"),
        ];
        let expected =
            "flag = true\nwords = [\"a\", \"b\", \"c\"]\ngroups = [[\"x\", \"z\"], [\"y\", \"w\"]]";
        let joined = FilePart::joined(files).expect("a part");
        assert_eq!(format!("{joined:?}"), format!("{:?}", part(expected)));
    }
}
