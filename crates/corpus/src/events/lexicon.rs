//! The names of series and places, and where they occur in a text.

use super::table::EventTable;
use super::table::SeriesRow;
use serde::Deserialize;
use std::collections::HashMap;

/// What a phrase of the lexicon stands for.
#[derive(Debug, Clone)]
pub(super) enum Lexeme {
    /// A series, or one of its labels or editions.
    Name(Name),
    /// A place; `exact` where it must be typed as in the table, as short forms must.
    Place { id: PlaceId, exact: Option<Box<str>> },
}

#[derive(Debug, Clone)]
pub(super) struct Name {
    pub(super) series: usize,
    /// An edition's label that the name says as well.
    pub(super) label: Option<Box<str>>,
    /// An edition that it names.
    pub(super) edition: Option<usize>,
    /// It must be typed like this.
    pub(super) exact: Option<Box<str>>,
    /// It says something only beside a year or a place.
    pub(super) weak: bool,
    /// It must be typed with a colon.
    pub(super) colon: bool,
}

impl EventTable {
    /// Takes in what places are called.
    pub(super) fn learn_places(&mut self) {
        for (id, place) in self.places.ids() {
            for called in &place.called {
                let exact = is_short_form(called).then(|| called.as_str().into());
                self.lexicon.add(called, Lexeme::Place { id, exact });
            }
        }
    }

    /// Takes in what a series is called.
    pub(super) fn learn_names(&mut self, series: usize, row: &SeriesRow) {
        let plain = Name::of(series);
        for alias in &row.aliases {
            self.learn(alias, Name { colon: alias.contains(':'), ..plain.clone() });
        }
        for alias in &row.cased {
            self.learn(alias, Name { exact: Some(alias.as_str().into()), ..plain.clone() });
        }
        for alias in &row.weak {
            self.learn(alias, Name { exact: Some(alias.as_str().into()), weak: true, ..plain.clone() });
        }
        for (label, aliases) in row.names.iter().filter_map(|names| names.split_first()) {
            for alias in aliases {
                self.learn(alias, Name { label: Some(label.as_str().into()), ..plain.clone() });
            }
        }
        for (run_together, label) in self.run_together(series, row) {
            self.learn(&run_together, Name { label: Some(label), ..plain.clone() });
        }
    }

    pub(super) fn learn(&mut self, alias: &str, name: Name) {
        self.lexicon.add(alias, Lexeme::Name(name));
    }

    /// Name and label in one word, as in hashtags: `KubeConEU`, `PyConKR`. With the label that each has.
    fn run_together(&self, series: usize, row: &SeriesRow) -> Vec<(String, Box<str>)> {
        let is_word = |word: &str| word.bytes().all(|byte| byte.is_ascii_alphabetic());
        let mut labels: Vec<&str> =
            self.editions_of(series).iter().map(|edition| edition.label.as_str()).collect();
        labels.sort_unstable();
        labels.dedup();
        let mut all = Vec::new();
        for label in labels {
            let place = self.places.called(label).and_then(|id| self.places.get(id));
            for called in place.map(|place| place.called.as_slice()).unwrap_or_default() {
                let called = called.replace(' ', "");
                let names = row.aliases.iter().chain(&row.cased);
                let names = names.filter(|name| is_word(name) && is_word(&called));
                all.extend(names.map(|name| (format!("{name}{called}"), label.into())));
            }
        }
        all
    }
}

impl Name {
    /// A series' plain name.
    pub(super) fn of(series: usize) -> Self {
        Self { series, label: None, edition: None, exact: None, weak: false, colon: false }
    }

    /// Whether it may be typed like this.
    pub(super) fn allows(&self, typed: &str) -> bool {
        let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        (!self.colon || typed.contains(':'))
            && self.exact.as_deref().is_none_or(|exact| exact == typed || letters(exact) == letters(typed))
    }
}

/// `NA`, `L.A.`, `UK`: they mean a place only in capitals.
fn is_short_form(called: &str) -> bool {
    let letters = called.chars().filter(|c| c.is_alphabetic());
    called.is_ascii() && letters.clone().count() <= 4 && letters.clone().all(char::is_uppercase)
}

/// A part of the world as `config/events.toml` has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RegionRow {
    pub(super) code: String,
    pub(super) name: String,
    #[serde(default)]
    pub(super) aliases: Vec<String>,
}

/// A country as `config/events.toml` has it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CountryRow {
    pub(super) name: String,
    pub(super) region: Option<String>,
    #[serde(default)]
    pub(super) aliases: Vec<String>,
    #[serde(default)]
    pub(super) cities: Vec<Vec<String>>,
}

/// A place, an index into [`Places`].
pub(super) type PlaceId = u16;

/// A city, a country or a part of the world.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) kind: PlaceKind,
    /// The English name: `San Diego`, `United States`, `North America`.
    pub(super) name: String,
    /// A city's country, a country's part of the world.
    pub(super) within: Option<PlaceId>,
    /// All that it is called, the name and a region's code among them.
    pub(super) called: Vec<String>,
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
}

impl Places {
    /// Regions first, so that countries can name them, then each country before its cities.
    pub(super) fn new(regions: Vec<RegionRow>, countries: Vec<CountryRow>) -> Self {
        let mut places = Self::default();
        for row in regions {
            let mut called = vec![row.code, row.name.clone()];
            called.extend(row.aliases);
            places.push(Place { kind: PlaceKind::Region, name: row.name, within: None, called });
        }
        for row in countries {
            let within = row.region.and_then(|code| places.called(&code));
            let mut called = vec![row.name.clone()];
            called.extend(row.aliases);
            let country = places.push(Place { kind: PlaceKind::Country, name: row.name, within, called });
            for called in row.cities {
                let Some(name) = called.first().cloned() else { continue };
                places.push(Place { kind: PlaceKind::City, name, within: Some(country), called });
            }
        }
        places
    }

    pub(super) fn get(&self, id: PlaceId) -> Option<&Place> {
        self.all.get(usize::from(id))
    }

    /// The first place that is called exactly so.
    pub(super) fn called(&self, name: &str) -> Option<PlaceId> {
        self.by_name.get(name).copied()
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = (PlaceId, &Place)> {
        (0..).zip(&self.all)
    }

    /// The place itself, then the country of a city, then the region.
    pub(super) fn up(&self, id: PlaceId) -> impl Iterator<Item = (PlaceId, &Place)> {
        let step = |id: PlaceId| self.get(id).map(|place| (id, place));
        // Three steps are all there are, whatever the table says.
        std::iter::successors(step(id), move |(_, place)| place.within.and_then(step)).take(3)
    }

    /// Whether `inner` is `outer` or lies in it.
    pub(super) fn lies_in(&self, inner: PlaceId, outer: PlaceId) -> bool {
        self.up(inner).any(|(id, _)| id == outer)
    }

    /// The country that a place is or lies in.
    pub(super) fn country_of(&self, id: PlaceId) -> Option<&Place> {
        self.up(id).map(|(_, place)| place).find(|place| place.kind == PlaceKind::Country)
    }

    fn push(&mut self, place: Place) -> PlaceId {
        let id = PlaceId::try_from(self.all.len()).unwrap_or(PlaceId::MAX);
        for called in &place.called {
            self.by_name.entry(called.as_str().into()).or_insert(id);
        }
        self.all.push(place);
        id
    }
}
