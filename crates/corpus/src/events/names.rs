//! What people call conferences and places.

use super::places::PlaceId;
use super::rows::SeriesRow;
use super::table::EventTable;

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
