//! Indexes the names in a post, so that looking one up takes the same time in a post with thousands of them.

use super::names::is_joined;
use crate::metadata::author::is_full_name;
use std::collections::{BTreeMap, HashMap, HashSet};
use takeaways_text::language;
use takeaways_text::person_names::is_initial;
use takeaways_text::script::is_cjk;
use takeaways_text::tokens::strip_genitive;

/// Maximum length of a name, in bytes.
pub(super) const MAX_NAME: usize = 60;
/// How many bytes of a text are compared with a name. Letters that are lowered may become longer.
const MAX_COMPARED: usize = 2 * MAX_NAME;

/// The words of a text that names are told by, and the full names in it.
#[derive(Default)]
pub(super) struct NameIndex {
    /// Words that the text also has in lower case, so that they are hardly parts of a name.
    common: HashSet<String>,
    /// For each word of a name in lower case, the full names with it that are the most frequent.
    by_word: HashMap<String, MostFrequent>,
    /// The name of these first letters; `None` if there are several.
    by_initials: HashMap<String, Option<String>>,
    /// For each handle that is made of a name, the first of its names in the order of the alphabet. A handle with a letter
    /// between first and last name has a space in place of that letter.
    by_handle: HashMap<String, String>,
    /// For each name in lower case, how the text spells it most often, if not in capitals.
    spellings: HashMap<String, MostFrequent>,
}

/// The most frequent of some names; of several, the first in the order of the alphabet.
struct MostFrequent {
    name: String,
    count: usize,
    is_only: bool,
}

impl MostFrequent {
    /// Adds a name that comes after those before it in the order of the alphabet.
    fn add(of_key: &mut HashMap<String, Self>, key: String, name: &str, count: usize) {
        match of_key.get_mut(&key) {
            Some(most) if most.name == name || most.count > count => {}
            Some(most) if most.count == count => most.is_only = false,
            _ => {
                of_key.insert(key, Self { name: name.to_owned(), count, is_only: true });
            }
        }
    }
}

impl NameIndex {
    /// Indexes the names in some texts, with words that are hardly parts of names in any text.
    pub(super) fn new(texts: &[&str], common: HashSet<String>) -> Self {
        let mut index = Self { common, ..Self::default() };
        for text in texts {
            for word in text.split(|c: char| !is_name_char(c)) {
                let word = word.trim_matches(['.', '\'', '’', '-']);
                if word.starts_with(char::is_lowercase)
                    && !index.common.contains(word)
                    && !is_handle_in(text, word)
                {
                    index.common.insert(word.to_owned());
                }
            }
        }
        // In order, so that the same post is always read in the same way.
        let mut names: BTreeMap<String, usize> = BTreeMap::new();
        for run in texts.iter().flat_map(|text| capitalised_runs(text)) {
            let name = strip_genitive(&index.without_common(&run).join(" ")).to_owned();
            if name.len() <= MAX_NAME && is_full_name(&name) && !name.split(' ').any(is_joined) {
                *names.entry(name).or_default() += 1;
            }
        }
        for (name, count) in &names {
            index.add(name, *count);
        }
        index
    }

    fn add(&mut self, name: &str, count: usize) {
        for word in name.split(' ') {
            MostFrequent::add(&mut self.by_word, word.to_lowercase(), name, count);
        }
        let initials: String = name.split(' ').filter_map(|word| word.chars().next()).collect();
        self.by_initials.entry(initials).and_modify(|known| *known = None).or_insert(Some(name.to_owned()));
        let lower = name.to_lowercase();
        for handle in handles_of(&lower) {
            self.by_handle.entry(handle).or_insert_with(|| name.to_owned());
        }
        if name.contains(char::is_lowercase) {
            MostFrequent::add(&mut self.spellings, lower, name, count);
        }
    }

    /// Whether a word in lower case is hardly a part of a name.
    pub(super) fn is_common(&self, word: &str) -> bool {
        self.common.contains(word)
    }

    /// Removes words that are no part of a name from both ends: a sentence begins with a capital too.
    pub(super) fn without_common<'r, 'w>(&self, mut words: &'r [&'w str]) -> &'r [&'w str] {
        let is_common = |word: &str| self.common.contains(&word.to_lowercase());
        while let Some((_, rest)) = words.split_first().filter(|(word, _)| is_common(word)) {
            words = rest;
        }
        while let Some((_, rest)) = words.split_last().filter(|(word, _)| is_common(word)) {
            words = rest;
        }
        words
    }

    /// Returns the full name with a word in lower case that is clearly the most frequent.
    pub(super) fn full_name_of(&self, word: &str) -> Option<&str> {
        self.by_word.get(word).filter(|most| most.is_only).map(|most| most.name.as_str())
    }

    /// Returns the only full name with these initials.
    pub(super) fn name_with_initials(&self, initials: &str) -> Option<&str> {
        self.by_initials.get(initials)?.as_deref()
    }

    /// Returns the first of the names that a handle in lower case, without signs, is made of.
    pub(super) fn name_of_handle(&self, handle: &str) -> Option<&str> {
        let with_gap = |(at, c): (usize, char)| {
            let (first, last) = (handle.get(..at)?, handle.get(at + c.len_utf8()..)?);
            self.by_handle.get(&format!("{first} {last}"))
        };
        let names = handle.char_indices().filter_map(with_gap).chain(self.by_handle.get(handle));
        names.min().map(String::as_str)
    }

    /// Returns how the text spells a name in lower case, if not in capitals.
    pub(super) fn spelling(&self, lower: &str) -> Option<&str> {
        self.spellings.get(lower).map(|most| most.name.as_str())
    }
}

/// Returns the handles that are made of a name in lower case, as `person_names::handle_form` tells them.
fn handles_of(lower: &str) -> Vec<String> {
    let mut words = lower.split_whitespace();
    let (Some(first), Some(last)) = (words.next(), words.next_back()) else { return Vec::new() };
    let Some(initial) = first.chars().next() else { return Vec::new() };
    vec![
        format!("{first}{last}"),
        format!("{first} {last}"),
        format!("{last}{first}"),
        format!("{initial}{last}"),
        format!("{last}{initial}"),
    ]
}

/// The places of a text where a name may begin, in the order of the text that follows each.
pub(super) struct NamePlaces<'t> {
    text: &'t str,
    places: Vec<usize>,
}

impl<'t> NamePlaces<'t> {
    /// Sorts the places of a text.
    pub(super) fn new(text: &'t str) -> Self {
        let mut before = ' ';
        let mut places = Vec::new();
        for (at, c) in text.char_indices() {
            if c.is_uppercase() || is_cjk(c) || c.is_alphabetic() && !before.is_alphabetic() {
                places.push(at);
            }
            before = c;
        }
        places.sort_unstable_by_key(|at| compared(text, *at));
        Self { text, places }
    }

    /// Whether the text has a name at several places.
    pub(super) fn has_twice(&self, name: &str) -> bool {
        let first = self.places.partition_point(|at| compared(self.text, *at) < name.as_bytes());
        let is_name = |at: &usize| compared(self.text, *at).starts_with(name.as_bytes());
        self.places.get(first + 1).is_some_and(is_name)
    }
}

/// The bytes of a text from a place on that are compared with a name.
fn compared(text: &str, at: usize) -> &[u8] {
    let bytes = text.as_bytes();
    bytes.get(at..bytes.len().min(at + MAX_COMPARED)).unwrap_or_default()
}

/// Returns the runs of capitalised words in a text. Any sign but a hyphen and an apostrophe ends a run.
pub(super) fn capitalised_runs(text: &str) -> Vec<Vec<&str>> {
    let mut runs: Vec<Vec<&str>> = Vec::new();
    let mut end = None;
    for word in text.split(|c: char| !is_name_char(c)).filter(|word| !word.is_empty()) {
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        let is_short = is_initial(word) || is_short_title(word);
        // A full stop ends a sentence, unless it follows an initial or a title.
        let is_stop = word.ends_with('.') && !is_short;
        let trimmed = if is_short { word } else { word.trim_matches(['.', '\'', '’', '-']) };
        // "I" is no name, but "I." is an initial.
        if !trimmed.starts_with(char::is_uppercase) || trimmed.chars().nth(1).is_none() {
            end = None;
            continue;
        }
        match runs.last_mut() {
            Some(run) if end.is_some_and(|end| text.get(end..start) == Some(" ")) => run.push(trimmed),
            _ => runs.push(vec![trimmed]),
        }
        let is_genitive = word.ends_with(['\'', '’']) || strip_genitive(word) != word;
        end = (!is_stop && !is_genitive).then_some(start + word.len());
    }
    runs
}

/// Whether a word is a title of two letters, which stands in names: `St.`
fn is_short_title(word: &str) -> bool {
    let title = word.strip_suffix('.').filter(|title| title.chars().count() == 2);
    title.is_some_and(|title| language::all().abbreviations.titles.contains(&title.to_lowercase()))
}

/// A Latin name ends before a letter of a script that separates no words by spaces.
fn is_name_char(c: char) -> bool {
    (c.is_alphabetic() && !is_cjk(c)) || matches!(c, '-' | '\'' | '’' | '.')
}

/// Whether a word of a text is a handle, or stands before one as a name.
fn is_handle_in(text: &str, word: &str) -> bool {
    let start = word.as_ptr() as usize - text.as_ptr() as usize;
    let before = text.get(..start).unwrap_or_default();
    let after = text.get(start + word.len()..).unwrap_or_default();
    before.ends_with(['@', '#', '_', '/']) || after.starts_with(" (@")
}

#[cfg(test)]
mod tests {
    use super::*;
    use takeaways_text::person_names::handle_form;

    const TEXT: &str = "Jane Doe met Jane Roe and Jake Doe. Jane Roe met Bob McDonald, who is Bob Mcdonald. ANA LOPEZ, \
                        Anna Lee, Joanna Lee and Anna Leeds left. Bob Mcdonald and Xu Li came with Ana Lopez.";

    /// The full names in the text, each with its number.
    fn names() -> BTreeMap<String, usize> {
        let mut names = BTreeMap::new();
        for run in capitalised_runs(TEXT) {
            *names.entry(run.join(" ")).or_default() += 1;
        }
        names
    }

    fn index() -> NameIndex {
        NameIndex::new(&[TEXT], HashSet::new())
    }

    #[test]
    fn looking_up_a_name_finds_what_a_search_of_all_finds() {
        let (names, index) = (names(), index());
        let ends = |name: &str| {
            let lower = name.to_lowercase();
            let (first, last) = lower.split_once(' ').expect("two words");
            (first.to_owned(), last.to_owned())
        };
        for handle in [
            "janedoe", "janeqdoe", "doejane", "jdoe", "doej", "jqdoe", "jane", "annalee", "xli", "lix",
            "xuéli", "",
        ] {
            let is_made_of = |name: &&String| {
                let (first, last) = ends(name);
                handle_form(handle, &first, &last).is_some()
            };
            let expected = names.keys().filter(is_made_of).min().map(String::as_str);
            assert_eq!(index.name_of_handle(handle), expected, "{handle}");
        }
        for initials in ["JD", "JR", "BM", "XL", "ZZ"] {
            let has_initials =
                |name: &&String| name.split(' ').filter_map(|word| word.chars().next()).eq(initials.chars());
            let found: Vec<&String> = names.keys().filter(has_initials).collect();
            let expected = if let [only] = found[..] { Some(only.as_str()) } else { None };
            assert_eq!(index.name_with_initials(initials), expected, "{initials}");
        }
        for word in ["jane", "doe", "roe", "bob", "lee", "li", "nobody"] {
            let with_word =
                names.iter().filter(|(name, _)| name.to_lowercase().split(' ').any(|it| it == word));
            let most = with_word.clone().map(|(_, count)| *count).max();
            let best: Vec<&String> =
                with_word.filter(|(_, count)| Some(**count) == most).map(|(name, _)| name).collect();
            let expected = if let [only] = best[..] { Some(only.as_str()) } else { None };
            assert_eq!(index.full_name_of(word), expected, "{word}");
        }
    }

    #[test]
    fn a_name_is_spelled_as_most_often_and_always_in_the_same_way() {
        assert_eq!(index().spelling("bob mcdonald"), Some("Bob Mcdonald"));
        assert_eq!(index().spelling("ana lopez"), Some("Ana Lopez"));
        for _ in 0..20 {
            let tied = NameIndex::new(&["Bob Mcdonald met Bob McDonald."], HashSet::new());
            assert_eq!(tied.spelling("bob mcdonald"), Some("Bob McDonald"));
        }
    }

    #[test]
    fn a_name_stands_at_several_places() {
        let text = "山田太郎と山田太郎。Der Ääkkönen und Ääkkönen. ".to_owned() + TEXT;
        let places = NamePlaces::new(&text);
        for name in [
            "Jane Doe",
            "Jane Roe",
            "Anna Lee",
            "Xu Li",
            "Ana Lopez",
            "山田太郎",
            "Ääkkönen",
            "Nobody Here",
            "Z",
        ] {
            assert_eq!(places.has_twice(name), text.matches(name).nth(1).is_some(), "{name}");
        }
    }

    #[test]
    fn a_full_stop_ends_a_name_unless_it_follows_an_initial_or_a_title() {
        for (text, runs) in [
            ("said Bowen Li. Kubernetes was", vec!["Bowen Li", "Kubernetes"]),
            ("said Bob Young. Kubernetes was", vec!["Bob Young", "Kubernetes"]),
            ("said Erik St. Martin. Then", vec!["Erik St. Martin", "Then"]),
            ("said John F. Doe Jr. Then", vec!["John F. Doe Jr", "Then"]),
        ] {
            let found: Vec<String> = capitalised_runs(text).iter().map(|run| run.join(" ")).collect();
            assert_eq!(found, runs, "{text}");
        }
    }
}
