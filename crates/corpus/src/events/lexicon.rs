//! The names of series and places, and where they occur in a text.
//!
//! Little words around the names of conferences, folded, in the languages that questions and posts come in.

use super::table::{EventTable, SeriesRow};
use serde::Deserialize;
use std::{collections::HashMap, sync::LazyLock};
use takeaways_text::language::all_words;

/// What a phrase of the lexicon stands for.
#[derive(Debug, Clone)]
pub(super) enum Lexeme {
    /// A series, or one of its labels or editions.
    Name(SeriesName),
    /// A place; `exact` where it must be typed as in the table, as short forms must.
    Place { id: PlaceId, exact: Option<Box<str>> },
}

#[derive(Debug, Clone)]
pub(super) struct SeriesName {
    pub(super) series: usize,
    /// An edition's label that the name says as well.
    pub(super) label: Option<Box<str>>,
    /// An edition that it names.
    pub(super) edition: Option<usize>,
    /// It must be typed like this.
    pub(super) exact_spelling: Option<Box<str>>,
    /// It says something only beside a year or a place.
    pub(super) needs_detail: bool,
    /// It must be typed with a colon.
    pub(super) needs_colon: bool,
}

impl EventTable {
    /// Takes in what places are called.
    pub(super) fn add_place_names(&mut self) {
        for (id, place) in self.places.ids() {
            for called in &place.names {
                let exact = is_acronym(called).then(|| called.as_str().into());
                self.lexicon.add(called, Lexeme::Place { id, exact });
            }
        }
    }

    /// Takes in what a series is called.
    pub(super) fn add_series_names(&mut self, series: usize, row: &SeriesRow) {
        let plain = SeriesName::plain(series);
        for alias in &row.aliases {
            self.add_name(alias, SeriesName { needs_colon: alias.contains(':'), ..plain.clone() });
        }
        for alias in &row.cased {
            self.add_name(alias, SeriesName { exact_spelling: Some(alias.as_str().into()), ..plain.clone() });
        }
        for alias in &row.weak {
            self.add_name(
                alias,
                SeriesName {
                    exact_spelling: Some(alias.as_str().into()),
                    needs_detail: true,
                    ..plain.clone()
                },
            );
        }
        for (label, aliases) in row.names.iter().filter_map(|names| names.split_first()) {
            for alias in aliases {
                self.add_name(alias, SeriesName { label: Some(label.as_str().into()), ..plain.clone() });
            }
        }
        for (run_together, label) in self.joined_names(series, row) {
            self.add_name(&run_together, SeriesName { label: Some(label), ..plain.clone() });
        }
    }

    pub(super) fn add_name(&mut self, alias: &str, name: SeriesName) {
        self.lexicon.add(alias, Lexeme::Name(name));
    }

    /// Name and label in one word, as in hashtags: `KubeConEU`, `PyConKR`. With the label that each has.
    fn joined_names(&self, series: usize, row: &SeriesRow) -> Vec<(String, Box<str>)> {
        let is_word = |word: &str| word.bytes().all(|byte| byte.is_ascii_alphabetic());
        let mut labels: Vec<&str> =
            self.editions_of(series).iter().map(|edition| edition.label.as_str()).collect();
        labels.sort_unstable();
        labels.dedup();
        let mut all = Vec::new();
        for label in labels {
            let place = self.places.find(label).and_then(|id| self.places.get(id));
            for called in place.map(|place| place.names.as_slice()).unwrap_or_default() {
                let called = called.replace(' ', "");
                let names = row.aliases.iter().chain(&row.cased);
                let names = names.filter(|name| is_word(name) && is_word(&called));
                all.extend(names.map(|name| (format!("{name}{called}"), label.into())));
            }
        }
        all
    }
}

impl SeriesName {
    /// A series' plain name.
    pub(super) fn plain(series: usize) -> Self {
        Self {
            series,
            label: None,
            edition: None,
            exact_spelling: None,
            needs_detail: false,
            needs_colon: false,
        }
    }

    /// Whether it may be typed like this.
    pub(super) fn matches_spelling(&self, typed: &str) -> bool {
        let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
        (!self.needs_colon || typed.contains(':'))
            && self
                .exact_spelling
                .as_deref()
                .is_none_or(|exact| exact == typed || letters(exact) == letters(typed))
    }
}

/// `NA`, `L.A.`, `UK`: they mean a place only in capitals.
fn is_acronym(called: &str) -> bool {
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
    pub(super) parent: Option<PlaceId>,
    /// All that it is called, the name and a region's code among them.
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
}

impl Places {
    /// Regions first, so that countries can name them, then each country before its cities.
    pub(super) fn new(regions: Vec<RegionRow>, countries: Vec<CountryRow>) -> Self {
        let mut places = Self::default();
        for row in regions {
            let mut called = vec![row.code, row.name.clone()];
            called.extend(row.aliases);
            places.push(Place { kind: PlaceKind::Region, name: row.name, parent: None, names: called });
        }
        for row in countries {
            let within = row.region.and_then(|code| places.find(&code));
            let mut called = vec![row.name.clone()];
            called.extend(row.aliases);
            let country = places.push(Place {
                kind: PlaceKind::Country,
                name: row.name,
                parent: within,
                names: called,
            });
            for called in row.cities {
                let Some(name) = called.first().cloned() else { continue };
                places.push(Place { kind: PlaceKind::City, name, parent: Some(country), names: called });
            }
        }
        places
    }

    pub(super) fn get(&self, id: PlaceId) -> Option<&Place> {
        self.all.get(usize::from(id))
    }

    /// The first place that is called exactly so.
    pub(super) fn find(&self, name: &str) -> Option<PlaceId> {
        self.by_name.get(name).copied()
    }

    pub(super) fn ids(&self) -> impl Iterator<Item = (PlaceId, &Place)> {
        (0..).zip(&self.all)
    }

    /// The place itself, then the country of a city, then the region.
    pub(super) fn ancestors(&self, id: PlaceId) -> impl Iterator<Item = (PlaceId, &Place)> {
        let step = |id: PlaceId| self.get(id).map(|place| (id, place));
        // Three steps are all there are, whatever the table says.
        std::iter::successors(step(id), move |(_, place)| place.parent.and_then(step)).take(3)
    }

    /// Whether `inner` is `outer` or lies in it.
    pub(super) fn lies_in(&self, inner: PlaceId, outer: PlaceId) -> bool {
        self.ancestors(inner).any(|(id, _)| id == outer)
    }

    /// The country that a place is or lies in.
    pub(super) fn country_of(&self, id: PlaceId) -> Option<&Place> {
        self.ancestors(id).map(|(_, place)| place).find(|place| place.kind == PlaceKind::Country)
    }

    fn push(&mut self, place: Place) -> PlaceId {
        let id = PlaceId::try_from(self.all.len()).unwrap_or(PlaceId::MAX);
        for called in &place.names {
            self.by_name.entry(called.as_str().into()).or_insert(id);
        }
        self.all.push(place);
        id
    }
}

/// Before a place. French `à` is one, but not English `a`; the two differ only as typed.
pub(super) static WITHIN: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.events.place_prepositions));

/// Between the last two of several.
pub(super) static LISTING: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.events.conjunctions));

/// Between a name, a place and a year.
pub(super) static LITTLE: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.events.joiners));

/// Inside the name of a place: Juiz de Fora.
pub(super) static PARTICLES: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.events.name_particles));

/// Words that follow a conference's name with a capital and are no place.
pub(super) static NO_PLACE: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.events.not_places));

/// What is counted: `KubeCon 20 years later` names no year.
pub(super) static COUNTED: LazyLock<Vec<&str>> = LazyLock::new(|| all_words(|words| &words.events.counted));

/// Behind a name that something belongs to.
pub(super) static GENITIVES: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.events.genitives));

/// Between the day and the month of an event.
pub(super) static DAY_WORDS: LazyLock<Vec<&str>> =
    LazyLock::new(|| all_words(|words| &words.calendar.event_day_words));
