//! Where events take place: cities, countries and parts of the world, and what people call them.

use std::collections::HashMap;

use serde::Deserialize;

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
