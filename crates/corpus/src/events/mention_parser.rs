//! Names, places and years at the words of one text.

use super::grammar::{MentionedPlace, ParsedMention};
use super::lexicon::{COUNTED, GENITIVES, LISTING, NO_PLACE};
use super::lexicon::{Lexeme, PlaceId, PlaceKind, SeriesName};
use super::table::EventTable;
use crate::topics::TopicTable;
use std::ops::Range;
use takeaways_text::phrases::Words;

/// Reads names, places and years at the words of one text.
pub(super) struct MentionParser<'a, 't> {
    pub(super) table: &'a EventTable,
    pub(super) words: &'a Words<'t>,
}

impl<'a> MentionParser<'a, '_> {
    /// The longest name of a series or edition that begins at a word, and how many words it takes.
    pub(super) fn name_at(&self, at: usize) -> Option<(usize, &'a SeriesName)> {
        // The iterator borrows the words too; what it yields belongs to the table.
        let table: &'a EventTable = self.table;
        if self.words.is_glued(at) {
            return None;
        }
        for (len, lexeme) in table.lexicon.matches_at(self.words, at) {
            let Lexeme::Name(name) = lexeme else { continue };
            let typed = self.words.slice(at..at + len);
            let ends = !self.words.is_glued(at + len) || self.words.is_number(at + len);
            if ends && name.matches_spelling(typed) {
                return Some((len, name));
            }
        }
        None
    }

    /// The longest known place that begins at a word, and how many words it takes.
    pub(super) fn place_at(&self, at: usize) -> Option<(usize, PlaceId)> {
        self.place_with_spelling(at, |exact, typed| exact == typed || exact.trim_end_matches('.') == typed)
    }

    fn place_with_spelling(&self, at: usize, same: impl Fn(&str, &str) -> bool) -> Option<(usize, PlaceId)> {
        if self.words.is_glued(at) {
            return None;
        }
        for (len, lexeme) in self.table.lexicon.matches_at(self.words, at) {
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
    pub(super) fn place_after_name(&self, at: usize, said: &ParsedMention) -> Option<(usize, PlaceId)> {
        self.place_at(at).or_else(|| {
            if said.words.end != at
                || said.region.is_some()
                || said.place.is_some()
                || !self.follows_plainly(at)
            {
                return None;
            }
            let (len, id) = self.place_with_spelling(at, str::eq_ignore_ascii_case)?;
            let next = at + len;
            let meant = match self.table.places.get(id)?.kind {
                PlaceKind::Region => self.place_at(next).is_none(),
                _ => {
                    next >= self.words.len()
                        || !self.follows_plainly(next)
                        || self.year_at(next, true).is_some()
                }
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
                && !self.continues_as_number(at) =>
            {
                Some(2000 + number)
            }
            _ => None,
        }
    }

    /// Whether a word that is in no table may be a place or a part of its name.
    pub(super) fn can_name_a_place(&self, at: usize) -> bool {
        let word = self.words.folded(at);
        let is_code = || self.words.original(at).chars().all(char::is_uppercase);
        self.words.is_capitalised(at)
            && (word.chars().count() > 2 || (word.len() == 2 && is_code()))
            && !NO_PLACE.contains(&word)
            && self.name_at(at).is_none()
            && TopicTable::builtin().topic_of_tag(word).is_none()
    }

    /// A word in capitals behind one that is not: `DE` in `PyCon DE`.
    pub(super) fn is_emphasised(&self, at: usize) -> bool {
        let is_loud = |word: &str| word.len() > 1 && word.chars().all(char::is_uppercase);
        at > 0 && is_loud(self.words.original(at)) && !is_loud(self.words.original(at - 1))
    }

    /// Whether two parts with this between them are said in one breath.
    pub(super) fn may_separate_parts(&self, at: usize, gap: &str) -> bool {
        let after_initial = gap == ". " && at > 0 && self.words.original(at - 1).len() == 1;
        after_initial
            || (gap.chars().count() <= 6
                && gap.matches('\n').count() <= 1
                && gap.chars().all(|c| c.is_whitespace() || "-–—,()/|@·&+'’‘`*_~#、（）".contains(c)))
    }

    /// Whether nothing but one space or line end stands before a word.
    pub(super) fn follows_plainly(&self, at: usize) -> bool {
        matches!(self.words.gap(at), "" | " " | "\n" | "\u{a0}" | "-" | "_")
    }

    /// What joins a place to the conference that it has: `Detroit's KubeCon`.
    pub(super) fn is_genitive(&self, at: usize) -> bool {
        GENITIVES.contains(&self.words.folded(at)) && matches!(self.words.gap(at), "'" | "’" | "")
    }

    /// `10` in `10:30`, `10.5` and `10 years`.
    fn continues_as_number(&self, at: usize) -> bool {
        self.words.is_number(at + 1) && matches!(self.words.gap(at + 1), "." | ":" | "," | "/")
            || self.words.gap(at + 1).starts_with('%')
            || (self.follows_plainly(at + 1) && COUNTED.contains(&self.words.folded(at + 1)))
    }
}

/// No text for people names more; a text made to hurt does.
pub(super) const MAX_MENTIONS: usize = 1_000;

/// In a text of up to this many bytes, as questions and titles are, a city counts in lower case too.
const SHORT_TEXT: usize = 300;

impl EventTable {
    /// What a text says, in its order.
    pub(super) fn parse_mentions(&self, words: &Words<'_>) -> Vec<ParsedMention> {
        let reader = MentionParser { table: self, words };
        let mut found: Vec<ParsedMention> = Vec::new();
        let mut place: Option<(Range<usize>, PlaceId)> = None;
        let mut at = 0;
        while at < words.len() && found.len() < MAX_MENTIONS {
            if let Some((said, more)) = Self::parse_mention_at(&reader, at, &found, place.as_ref()) {
                // What stands before the name and belongs to it was found on its own first.
                while found.last().is_some_and(|last| last.words.end > said.words.start) {
                    found.pop();
                }
                at = more.last().map_or(said.words.end, |last| last.words.end).max(at + 1);
                self.merge_or_push(words, &mut found, said);
                found.extend(more);
            } else if let Some((len, id)) = reader.place_at(at) {
                place = Some((at..at + len, id));
                let floor = found.last().map_or(0, |last| last.words.end);
                let city = self.parse_lone_city(&reader, floor, at..at + len, id);
                at = city.as_ref().map_or(at + len, |said| said.words.end);
                found.extend(city);
            } else {
                at += 1;
            }
        }
        found
    }

    fn parse_mention_at(
        reader: &MentionParser<'_, '_>,
        at: usize,
        found: &[ParsedMention],
        place: Option<&(Range<usize>, PlaceId)>,
    ) -> Option<(ParsedMention, Vec<ParsedMention>)> {
        let (len, name) = reader.name_at(at)?;
        let mut said = reader.start_mention(at..at + len, name);
        let floor = found.iter().rev().find(|said| said.series.is_some()).map_or(0, |said| said.words.end);
        reader.extend_left(&mut said, floor, place);
        let more = reader.extend_right(&mut said);
        (!name.needs_detail || said.has_detail()).then_some((said, more))
    }

    /// A city without a conference: `Barcelona 2019`, `in Berlin in 2016`.
    fn parse_lone_city(
        &self,
        reader: &MentionParser<'_, '_>,
        floor: usize,
        range: Range<usize>,
        id: PlaceId,
    ) -> Option<ParsedMention> {
        let words = reader.words;
        let is_city = self.places.get(id).is_some_and(|place| place.kind == PlaceKind::City);
        let is_name = words.is_capitalised(range.start)
            || !words.original(range.start).is_ascii()
            || words.byte_range(0..words.len()).len() <= SHORT_TEXT;
        let years = self
            .editions
            .iter()
            .filter(|edition| edition.place == Some(id))
            .map(|edition| edition.event.year);
        let years: Vec<_> = years.collect();
        let mut said = ParsedMention {
            words: range,
            place: Some(MentionedPlace::Known(id)),
            ..ParsedMention::default()
        };
        reader.attach_year(&mut said, floor, |year| years.contains(&Some(year)));
        (is_city && is_name && !years.is_empty()).then_some(said)
    }

    /// Adds what is said: to the spot before where both speak of one edition, as in `KubeCon EU /
    /// CloudNativeCon EU 2023`; and where only a joiner stands between two, the first has the year of the
    /// second if it has none, and the region if it has nothing: `Rejekts + KubeCon NA 2024`.
    fn merge_or_push(&self, words: &Words<'_>, found: &mut Vec<ParsedMention>, said: ParsedMention) {
        let last = found.last_mut().filter(|last| last.series.is_some() && are_joined(words, last, &said));
        if let Some(last) = last {
            let agrees = last.year.is_none_or(|year| said.year.is_none_or(|other| other == year))
                && last.region.is_none_or(|region| said.region.is_none_or(|other| other == region))
                && (last.place.is_none() || said.place.is_none() || last.place == said.place);
            if last.series == said.series && agrees {
                let both = ParsedMention {
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
            let with_year = ParsedMention { year: last.year.or(said.year), region, ..last.clone() };
            if self.has_edition(&with_year) || !last.has_detail() {
                *last = with_year;
            }
        }
        found.push(said);
    }
}

/// Whether two spots of a text are joined to one: nothing between but a joiner or one `and`.
fn are_joined(words: &Words<'_>, last: &ParsedMention, next: &ParsedMention) -> bool {
    let between = last.words.end..next.words.start;
    let gap = words.gap(next.words.start);
    match between.len() {
        0 => gap.chars().count() <= 3 && gap.chars().all(|c| c.is_whitespace() || "+/&,|-".contains(c)),
        1 => LISTING.contains(&words.folded(between.start)),
        _ => false,
    }
}
