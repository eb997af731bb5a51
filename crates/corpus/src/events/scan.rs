//! One pass over a text for all that it says about events.

use std::ops::Range;

use super::grammar::{Said, Spot};
use super::little::LISTING;
use super::places::{PlaceId, PlaceKind};
use super::reader::Reader;
use super::table::EventTable;
use takeaways_text::phrases::Words;

/// No text for people names more; a text made to hurt does.
pub(super) const MOST: usize = 1_000;

/// In a text of up to this many bytes, as questions and titles are, a city counts in lower case too.
const SHORT_TEXT: usize = 300;

impl EventTable {
    /// What a text says, in its order.
    pub(super) fn read(&self, words: &Words<'_>) -> Vec<Said> {
        let reader = Reader { table: self, words };
        let mut found: Vec<Said> = Vec::new();
        let mut place: Option<(Range<usize>, PlaceId)> = None;
        let mut at = 0;
        while at < words.len() && found.len() < MOST {
            if let Some((said, more)) = Self::said_at(&reader, at, &found, place.as_ref()) {
                // What stands before the name and belongs to it was found on its own first.
                while found.last().is_some_and(|last| last.words.end > said.words.start) {
                    found.pop();
                }
                at = more.last().map_or(said.words.end, |last| last.words.end).max(at + 1);
                self.join(words, &mut found, said);
                found.extend(more);
            } else if let Some((len, id)) = reader.place_at(at) {
                place = Some((at..at + len, id));
                let floor = found.last().map_or(0, |last| last.words.end);
                let city = self.city_alone(&reader, floor, at..at + len, id);
                at = city.as_ref().map_or(at + len, |said| said.words.end);
                found.extend(city);
            } else {
                at += 1;
            }
        }
        found
    }

    fn said_at(
        reader: &Reader<'_, '_>,
        at: usize,
        found: &[Said],
        place: Option<&(Range<usize>, PlaceId)>,
    ) -> Option<(Said, Vec<Said>)> {
        let (len, name) = reader.name_at(at)?;
        let mut said = reader.begin(at..at + len, name);
        let floor = found.iter().rev().find(|said| said.series.is_some()).map_or(0, |said| said.words.end);
        reader.look_left(&mut said, floor, place);
        let more = reader.look_right(&mut said);
        (!name.weak || said.has_detail()).then_some((said, more))
    }

    /// A city without a conference: `Barcelona 2019`, `in Berlin in 2016`.
    fn city_alone(
        &self,
        reader: &Reader<'_, '_>,
        floor: usize,
        range: Range<usize>,
        id: PlaceId,
    ) -> Option<Said> {
        let words = reader.words;
        let is_city = self.places.get(id).is_some_and(|place| place.kind == PlaceKind::City);
        let is_name = words.is_capitalised(range.start)
            || !words.typed(range.start).is_ascii()
            || words.bytes(0..words.len()).len() <= SHORT_TEXT;
        let years = self
            .editions
            .iter()
            .filter(|edition| edition.place == Some(id))
            .map(|edition| edition.event.year);
        let years: Vec<_> = years.collect();
        let mut said = Said { words: range, place: Some(Spot::Known(id)), ..Said::default() };
        reader.look_for_year(&mut said, floor, |year| years.contains(&Some(year)));
        (is_city && is_name && !years.is_empty()).then_some(said)
    }

    /// Adds what is said: to the spot before where both speak of one edition, as in `KubeCon EU /
    /// CloudNativeCon EU 2023`; and where only a joiner stands between two, the first has the year of the
    /// second if it has none, and the region if it has nothing: `Rejekts + KubeCon NA 2024`.
    fn join(&self, words: &Words<'_>, found: &mut Vec<Said>, said: Said) {
        let last = found.last_mut().filter(|last| last.series.is_some() && are_joined(words, last, &said));
        if let Some(last) = last {
            let agrees = last.year.is_none_or(|year| said.year.is_none_or(|other| other == year))
                && last.region.is_none_or(|region| said.region.is_none_or(|other| other == region))
                && (last.place.is_none() || said.place.is_none() || last.place == said.place);
            if last.series == said.series && agrees {
                let both = Said {
                    words: last.words.start..said.words.end,
                    year: last.year.or(said.year),
                    region: last.region.or(said.region),
                    place: last.place.clone().or_else(|| said.place.clone()),
                    edition: last.edition.or(said.edition),
                    ..last.clone()
                };
                // "KubeCon EU 2022, KubeCon Detroit" names two.
                if self.has_edition(&both) || !(self.has_edition(last) && self.has_edition(&said)) {
                    *last = both;
                    return;
                }
            }
            let region = if last.has_detail() { last.region } else { said.region };
            let with_year = Said { year: last.year.or(said.year), region, ..last.clone() };
            if self.has_edition(&with_year) || !last.has_detail() {
                *last = with_year;
            }
        }
        found.push(said);
    }
}

/// Whether two spots of a text are joined to one: nothing between but a joiner or one `and`.
fn are_joined(words: &Words<'_>, last: &Said, next: &Said) -> bool {
    let between = last.words.end..next.words.start;
    let gap = words.gap(next.words.start);
    match between.len() {
        0 => gap.chars().count() <= 3 && gap.chars().all(|c| c.is_whitespace() || "+/&,|-".contains(c)),
        1 => LISTING.contains(&words.folded(between.start)),
        _ => false,
    }
}
