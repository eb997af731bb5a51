//! The names of series and places.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use takeaways_text::model::EventId;
use takeaways_text::nearest::is_typo_of;
use takeaways_text::tokens::folding::fold;

use super::table::{EventTable, SeriesRow};

/// The minimum number of letters of each word of a name that may be written as one: `jenkinsworld`, but not `msbuild`.
const MIN_JOINED: usize = 4;

/// The meaning of a phrase in the lexicon.
#[derive(Debug, Clone)]
pub(super) enum Lexeme {
    /// A series, with a label or an edition if the phrase names one.
    Name(SeriesName),
    /// A place. A short form has `exact`: its only spelling that counts.
    Place { id: PlaceId, exact: Option<Box<str>> },
}

#[derive(Debug, Clone, Default)]
pub(super) struct SeriesName {
    pub(super) series: usize,
    /// The label of an edition, if the name contains it.
    pub(super) label: Option<Box<str>>,
    /// The edition that the name stands for.
    pub(super) edition: Option<usize>,
    /// The only spelling that counts as this name.
    pub(super) exact_spelling: Option<Box<str>>,
    /// Whether the name counts only beside a year or a place.
    pub(super) needs_detail: bool,
    /// Whether the name counts only with its colon.
    pub(super) needs_colon: bool,
}

impl EventTable {
    /// Adds the names of all places.
    pub(super) fn add_place_names(&mut self) {
        for (id, place) in self.places.ids() {
            for name in &place.names {
                let exact = needs_capitals(name).then(|| name.as_str().into());
                if exact.is_some() && place.kind == PlaceKind::Region {
                    // "the last two KubeCon NAs"
                    let plural = format!("{name}s");
                    let exact = Some(plural.as_str().into());
                    self.lexicon.add(&plural, Lexeme::Place { id, exact });
                }
                self.lexicon.add(name, Lexeme::Place { id, exact });
            }
        }
    }

    /// Adds the names of a series.
    pub(super) fn add_series_names(&mut self, series: usize, row: &SeriesRow) {
        let plain = SeriesName { series, ..SeriesName::default() };
        for alias in &row.aliases {
            let name = SeriesName { needs_colon: alias.contains(':'), ..plain.clone() };
            self.add_name(&format!("{alias}s"), name.clone());
            let is_word =
                |part: &str| part.len() >= MIN_JOINED && part.bytes().all(|byte| byte.is_ascii_alphabetic());
            if alias.contains(' ') && alias.split(' ').all(is_word) {
                // `jenkinsworld`
                self.add_name(&alias.replace(' ', ""), name.clone());
            }
            self.add_name(alias, name);
        }
        for alias in &row.cased {
            self.add_name(alias, SeriesName { exact_spelling: Some(alias.as_str().into()), ..plain.clone() });
        }
        for alias in &row.weak {
            let exact_spelling = Some(alias.as_str().into());
            self.add_name(alias, SeriesName { exact_spelling, needs_detail: true, ..plain.clone() });
        }
        for (label, aliases) in row.names.iter().filter_map(|names| names.split_first()) {
            for alias in aliases {
                self.add_name(alias, SeriesName { label: Some(label.as_str().into()), ..plain.clone() });
            }
        }
        for (name, label) in self.joined_names(series, row) {
            self.add_name(&name, SeriesName { label: Some(label), ..plain.clone() });
        }
    }

    pub(super) fn add_name(&mut self, alias: &str, name: SeriesName) {
        self.lexicon.add(alias, Lexeme::Name(name));
    }

    /// Returns names with a label in one word, as in hashtags (`KubeConEU`, `PyConKR`), each with its label.
    fn joined_names(&self, series: usize, row: &SeriesRow) -> Vec<(String, Box<str>)> {
        let is_word = |word: &str| word.bytes().all(|byte| byte.is_ascii_alphabetic());
        let mut labels: Vec<&str> =
            self.editions_of(series).iter().map(|edition| edition.label.as_str()).collect();
        labels.sort_unstable();
        labels.dedup();
        let mut all = Vec::new();
        for label in labels {
            for place_name in self.names_of_place(label) {
                let place_name = place_name.replace(' ', "");
                let names = row.aliases.iter().chain(&row.cased);
                let names = names.filter(|name| is_word(name) && is_word(&place_name));
                all.extend(names.map(|name| (format!("{name}{place_name}"), label.into())));
            }
        }
        all
    }
}

impl SeriesName {
    /// Whether a spelling counts as this name.
    pub(super) fn matches_spelling(&self, spelling: &str) -> bool {
        let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        // `scale13x` is written as no other word is.
        let is_joined =
            || spelling.contains(|c: char| c.is_ascii_digit()) && !spelling.contains(char::is_whitespace);
        (!self.needs_colon || spelling.contains(':'))
            && self.exact_spelling.as_deref().is_none_or(|exact| {
                let (exact_letters, written) = (letters(exact), letters(spelling));
                exact == spelling
                    || exact_letters == written
                    || is_joined() && exact_letters.eq_ignore_ascii_case(&written)
            })
    }
}

/// Whether a name, such as `NA`, `L.A.` or `UK`, means a place only in capitals: it has at most four letters, all capitals.
fn needs_capitals(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_alphabetic());
    name.is_ascii() && letters.clone().count() <= 4 && letters.clone().all(char::is_uppercase)
}

/// A row of `config/events.toml` with a part of the world.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RegionRow {
    pub(super) code: String,
    pub(super) name: String,
    /// The code of the larger part of the world that it is in.
    pub(super) within: Option<String>,
    #[serde(default)]
    pub(super) aliases: Vec<String>,
}

/// A row of `config/events.toml` with a country.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CountryRow {
    pub(super) name: String,
    pub(super) region: Option<String>,
    /// The code of another part of the world that people count it to.
    pub(super) also: Option<String>,
    #[serde(default)]
    pub(super) aliases: Vec<String>,
    /// Those of its name; `*` stands for more letters.
    #[serde(default)]
    pub(super) adjectives: Vec<String>,
    #[serde(default)]
    pub(super) cities: Vec<Vec<String>>,
    /// The states of the country that are no city's name too, each with the names of its cities.
    #[serde(default)]
    pub(super) states: BTreeMap<String, Vec<String>>,
}

/// The index of a place in [`Places`].
pub(super) type PlaceId = u16;

/// A city, a country or a part of the world.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) kind: PlaceKind,
    /// The English name: `San Diego`, `United States`, `North America`.
    pub(super) name: String,
    /// The country of a city, or the parts of the world of a country or of a part of the world.
    pub(super) parents: Vec<PlaceId>,
    /// All names, including `name` and the code of a region, which comes first.
    pub(super) names: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PlaceKind {
    City,
    Country,
    Region,
}

/// All known places.
#[derive(Debug, Clone, Default)]
pub(super) struct Places {
    all: Vec<Place>,
    by_name: HashMap<Box<str>, PlaceId>,
    /// The folded adjectives of countries.
    adjectives: Vec<(String, PlaceId)>,
}

impl Places {
    /// Adds the regions first, because countries refer to them, and each country before its cities.
    pub(super) fn new(regions: Vec<RegionRow>, countries: Vec<CountryRow>) -> Self {
        let mut places = Self::default();
        for row in regions {
            let mut names = vec![row.code, row.name.clone()];
            names.extend(row.aliases);
            let parents = row.within.and_then(|code| places.find(&code)).into_iter().collect();
            places.push(Place { kind: PlaceKind::Region, name: row.name, parents, names });
        }
        for row in countries {
            let parents = row.region.into_iter().chain(row.also).filter_map(|code| places.find(&code));
            let parents = parents.collect();
            let mut names = vec![row.name.clone()];
            names.extend(row.aliases);
            let country = places.push(Place { kind: PlaceKind::Country, name: row.name, parents, names });
            places.adjectives.extend(row.adjectives.iter().map(|adjective| (fold(adjective), country)));
            let mut state_of = HashMap::new();
            for (name, cities) in row.states {
                let (parents, names) = (vec![country], vec![name.clone()]);
                let state = places.push(Place { kind: PlaceKind::Region, name, parents, names });
                state_of.extend(cities.into_iter().map(|city| (city, state)));
            }
            for names in row.cities {
                let Some(name) = names.first().cloned() else { continue };
                let parents = vec![state_of.get(&name).copied().unwrap_or(country)];
                places.push(Place { kind: PlaceKind::City, name, parents, names });
            }
        }
        places
    }

    pub(super) fn get(&self, id: PlaceId) -> Option<&Place> {
        self.all.get(usize::from(id))
    }

    /// Returns the first place with exactly this name.
    pub(super) fn find(&self, name: &str) -> Option<PlaceId> {
        self.by_name.get(name).copied()
    }

    /// Returns the country with this adjective: `Dutch`.
    pub(super) fn with_adjective(&self, word: &str) -> Option<&Place> {
        let word = fold(word);
        let is_it = |adjective: &str| match adjective.strip_suffix('*') {
            Some(stem) => word.starts_with(stem),
            None => word == adjective,
        };
        self.get(self.adjectives.iter().find(|(adjective, _)| is_it(adjective))?.1)
    }

    pub(super) fn named(&self, name: &str) -> Option<&Place> {
        self.get(self.find(name)?)
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = (PlaceId, &Place)> {
        (0..).zip(&self.all)
    }

    /// The place itself, the country of a city, and the parts of the world.
    pub(super) fn ancestors(&self, id: PlaceId) -> impl Iterator<Item = (PlaceId, &Place)> {
        // A place has few ancestors. One that lies in itself would have no end, so all are known before.
        let mut ids = vec![id];
        let mut at = 0;
        while let Some(&next) = ids.get(at) {
            let parents = self.get(next).map(|place| place.parents.as_slice()).unwrap_or_default();
            for parent in parents {
                if !ids.contains(parent) {
                    ids.push(*parent);
                }
            }
            at += 1;
        }
        ids.into_iter().filter_map(|id| self.get(id).map(|place| (id, place)))
    }

    /// Whether `inner` is `outer` or lies in it.
    pub(super) fn lies_in(&self, inner: PlaceId, outer: PlaceId) -> bool {
        // No place has more ancestors in a row, whatever the table says.
        const MAX_DEPTH: usize = 5;
        self.lies_within(inner, outer, MAX_DEPTH)
    }

    fn lies_within(&self, inner: PlaceId, outer: PlaceId, depth: usize) -> bool {
        let parents = || self.get(inner).map(|place| place.parents.as_slice()).unwrap_or_default();
        inner == outer || (depth > 0 && parents().iter().any(|id| self.lies_within(*id, outer, depth - 1)))
    }

    /// Returns the country that a place is or lies in.
    pub(super) fn country_of(&self, id: PlaceId) -> Option<&Place> {
        self.ancestors(id).map(|(_, place)| place).find(|place| place.kind == PlaceKind::Country)
    }

    fn push(&mut self, place: Place) -> PlaceId {
        let id = PlaceId::try_from(self.all.len()).unwrap_or(PlaceId::MAX);
        for name in &place.names {
            self.by_name.entry(name.as_str().into()).or_insert(id);
        }
        self.all.push(place);
        id
    }
}

/// Returns the declared name with the known name of its conference, if the table does not know it but a name that
/// differs by a slip of the keyboard: `KubeCon EU 2019` for `KubeCorn EU 2019`.
pub(crate) fn suggest_event(table: &EventTable, declared: &str) -> Option<String> {
    let declared = declared.trim();
    let is_known = table.edition(&EventId(declared.to_owned())).is_some()
        || table.mentions(declared).iter().any(|mention| mention.series.is_some());
    if is_known {
        return None;
    }
    let words: Vec<&str> = declared.split_whitespace().collect();
    table.series().flat_map(|series| [&series.short, &series.name]).find_map(|name| {
        let count = name.split_whitespace().count();
        let (start, rest) = (words.get(..count)?, words.get(count..)?);
        is_typo_of(&start.join(" "), name).then(|| [&[name.as_str()], rest].concat().join(" "))
    })
}

#[cfg(test)]
mod tests {
    use super::{EventTable, *};

    #[test]
    fn names_of_long_words_may_be_written_as_one() {
        for (text, is_named) in [("news of jenkinsworld 2017", true), ("is msbuild slow?", false)] {
            assert_eq!(!EventTable::builtin().mentions(text).is_empty(), is_named, "{text}");
        }
    }

    #[test]
    fn a_misspelt_name_gets_the_known_one() {
        for (declared, expected) in [
            ("KubeCorn 2019", Some("KubeCon 2019")),
            ("kubecob EU 2019", Some("KubeCon EU 2019")),
            ("PromCn 2017", Some("PromCon 2017")),
            ("KubeCon EU 2019", None),
            ("kubecon-eu-2019", None),
            ("Team meeting 2019", None),
            ("", None),
        ] {
            assert_eq!(suggest_event(EventTable::builtin(), declared).as_deref(), expected, "{declared}");
        }
    }
}
