//! Names, places and years at the words of one text.

use super::grammar::Said;
use super::little::{COUNTED, GENITIVES, NO_PLACE};
use super::names::{Lexeme, Name};
use super::places::{PlaceId, PlaceKind};
use super::table::EventTable;
use crate::topics::TopicTable;
use takeaways_text::phrases::Words;

/// Reads names, places and years at the words of one text.
pub(super) struct Reader<'a, 't> {
    pub(super) table: &'a EventTable,
    pub(super) words: &'a Words<'t>,
}

impl<'a> Reader<'a, '_> {
    /// The longest name of a series or edition that begins at a word, and how many words it takes.
    pub(super) fn name_at(&self, at: usize) -> Option<(usize, &'a Name)> {
        // The iterator borrows the words too; what it yields belongs to the table.
        let table: &'a EventTable = self.table;
        if self.words.is_glued(at) {
            return None;
        }
        for (len, lexeme) in table.lexicon.at(self.words, at) {
            let Lexeme::Name(name) = lexeme else { continue };
            let typed = self.words.slice(at..at + len);
            let ends = !self.words.is_glued(at + len) || self.words.is_number(at + len);
            if ends && name.allows(typed) {
                return Some((len, name));
            }
        }
        None
    }

    /// The longest known place that begins at a word, and how many words it takes.
    pub(super) fn place_at(&self, at: usize) -> Option<(usize, PlaceId)> {
        self.place_in_case(at, |exact, typed| exact == typed || exact.trim_end_matches('.') == typed)
    }

    fn place_in_case(&self, at: usize, same: impl Fn(&str, &str) -> bool) -> Option<(usize, PlaceId)> {
        if self.words.is_glued(at) {
            return None;
        }
        for (len, lexeme) in self.table.lexicon.at(self.words, at) {
            let Lexeme::Place { id, exact } = lexeme else { continue };
            let typed = self.words.slice(at..at + len);
            let ends = !self.words.is_glued(at + len) || self.words.is_number(at + len);
            if ends && exact.as_deref().is_none_or(|exact| same(exact, typed)) {
                return Some((len, *id));
            }
        }
        None
    }

    /// Right behind a series' name short forms count in lower case: `kubecon na 2019`, `pycon us`. But `na`
    /// is a little word of Portuguese, and a country's short form must end what is said or stand before a
    /// year.
    pub(super) fn place_behind(&self, at: usize, said: &Said) -> Option<(usize, PlaceId)> {
        self.place_at(at).or_else(|| {
            if said.words.end != at || said.region.is_some() || said.place.is_some() || !self.is_plain(at) {
                return None;
            }
            let (len, id) = self.place_in_case(at, str::eq_ignore_ascii_case)?;
            let next = at + len;
            let meant = match self.table.places.get(id)?.kind {
                PlaceKind::Region => self.place_at(next).is_none(),
                _ => next >= self.words.len() || !self.is_plain(next) || self.year_at(next, true).is_some(),
            };
            meant.then_some((len, id))
        })
    }

    /// A year that a word is: `2019`, or `19` behind an apostrophe, or where `short` allows it anyhow.
    pub(super) fn year_at(&self, at: usize, short: bool) -> Option<i16> {
        let digits = self.words.folded(at);
        if !self.words.is_number(at) || self.words.is_glued(at + 1) {
            return None;
        }
        let number: i16 = digits.parse().ok()?;
        let gap = self.words.gap(at);
        match digits.len() {
            // 2000 is more often a number of people.
            4 if (1990..2100).contains(&number) && number != 2000 => Some(number),
            2 if gap.ends_with(['\'', '’', '‘', '`']) => Some(2000 + number),
            2 if short
                && (5..50).contains(&number)
                && matches!(gap, " " | "")
                && !self.goes_on_as_number(at) =>
            {
                Some(2000 + number)
            }
            _ => None,
        }
    }

    /// Whether a word that is in no table may be a place or a part of its name.
    pub(super) fn can_name_a_place(&self, at: usize) -> bool {
        let word = self.words.folded(at);
        let is_code = || self.words.typed(at).chars().all(char::is_uppercase);
        self.words.is_capitalised(at)
            && (word.chars().count() > 2 || (word.len() == 2 && is_code()))
            && !NO_PLACE.contains(&word)
            && self.name_at(at).is_none()
            && TopicTable::builtin().of_tag(word).is_none()
    }

    /// A word in capitals behind one that is not: `DE` in `PyCon DE`.
    pub(super) fn stands_out(&self, at: usize) -> bool {
        let is_loud = |word: &str| word.len() > 1 && word.chars().all(char::is_uppercase);
        at > 0 && is_loud(self.words.typed(at)) && !is_loud(self.words.typed(at - 1))
    }

    /// Whether two parts with this between them are said in one breath.
    pub(super) fn may_stand_between(&self, at: usize, gap: &str) -> bool {
        let after_initial = gap == ". " && at > 0 && self.words.typed(at - 1).len() == 1;
        after_initial
            || (gap.chars().count() <= 6
                && gap.matches('\n').count() <= 1
                && gap.chars().all(|c| c.is_whitespace() || "-–—,()/|@·&+'’‘`*_~#、（）".contains(c)))
    }

    /// Whether nothing but one space or line end stands before a word.
    pub(super) fn is_plain(&self, at: usize) -> bool {
        matches!(self.words.gap(at), "" | " " | "\n" | "\u{a0}" | "-" | "_")
    }

    /// What joins a place to the conference that it has: `Detroit's KubeCon`.
    pub(super) fn is_genitive(&self, at: usize) -> bool {
        GENITIVES.contains(&self.words.folded(at)) && matches!(self.words.gap(at), "'" | "’" | "")
    }

    /// `10` in `10:30`, `10.5` and `10 years`.
    fn goes_on_as_number(&self, at: usize) -> bool {
        self.words.is_number(at + 1) && matches!(self.words.gap(at + 1), "." | ":" | "," | "/")
            || self.words.gap(at + 1).starts_with('%')
            || (self.is_plain(at + 1) && COUNTED.contains(&self.words.folded(at + 1)))
    }
}
