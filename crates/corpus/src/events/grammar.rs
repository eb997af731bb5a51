//! The grammar of mentions: name, place and year in any order, with function words between them.
//!
//! Also finds the dates in a text: `Nov 12, 2024`, `23. und 24. August`, `2018年10月25日`, `2019/04/18`.

use super::{
    lexicon::{PlaceId, PlaceKind, SeriesName},
    mention_parser::MentionParser,
};
use std::ops::Range;
use takeaways_text::{calendar::month_from_name, language, phrases::Words};

/// A mention of an event, as it is written in a text.
#[derive(Debug, Clone, Default)]
pub(super) struct ParsedMention {
    /// The range of its words.
    pub(super) words: Range<usize>,
    pub(super) series: Option<usize>,
    pub(super) edition: Option<usize>,
    pub(super) label: Option<String>,
    pub(super) region: Option<PlaceId>,
    pub(super) place: Option<MentionedPlace>,
    pub(super) year: Option<i16>,
}

/// The place in a mention.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum MentionedPlace {
    /// A place of the table.
    Known(PlaceId),
    /// Another place, as it is written.
    Unknown(String),
}

/// A part of a mention.
#[derive(Debug, Clone)]
enum MentionPart {
    Region(PlaceId),
    Place(MentionedPlace),
    Year(i16),
}

impl ParsedMention {
    /// Whether the mention has more than the series.
    pub(super) fn has_detail(&self) -> bool {
        self.edition.is_some()
            || self.label.is_some()
            || self.region.is_some()
            || self.place.is_some()
            || self.year.is_some()
    }
}

/// Maximum number of editions that one mention lists. Later ones are parsed as new mentions.
const MAX_LISTED: usize = 12;

impl MentionParser<'_, '_> {
    /// Returns the mention that a name stands for without the words around it.
    pub(super) fn start_mention(&self, words: Range<usize>, name: &SeriesName) -> ParsedMention {
        let mut mention = ParsedMention {
            words,
            series: Some(name.series),
            edition: name.edition,
            ..ParsedMention::default()
        };
        match name.label.as_ref().map(|label| (label, self.table.places.find(label))) {
            Some((_, Some(id))) => {
                let part = self.part_of_place(id, &mention);
                self.add_part(&mut mention, part);
            }
            Some((label, None)) => mention.label = Some(label.to_string()),
            None => {}
        }
        mention
    }

    /// Adds the place and the year before a mention, back to `floor`: `2019 San Diego KubeCon`. `place` is the last
    /// known place before it.
    pub(super) fn extend_left(
        &self,
        mention: &mut ParsedMention,
        floor: usize,
        place: Option<&(Range<usize>, PlaceId)>,
    ) {
        for _ in 0..2 {
            let start = mention.words.start;
            let belongs = |range: &Range<usize>| {
                let is_adjacent =
                    range.end == start || (range.end + 1 == start && self.is_genitive(range.end));
                is_adjacent && range.start >= floor && self.follows_plainly(start)
            };
            if let Some((range, id)) = place.filter(|(range, _)| belongs(range))
                && self.add_part(mention, self.part_of_place(*id, mention))
            {
                mention.words.start = range.start;
            } else if start > floor
                && self.follows_plainly(start)
                && let Some(year) = self.year_at(start - 1, false)
                && self.add_part(mention, MentionPart::Year(year))
            {
                mention.words.start = start - 1;
            }
        }
    }

    /// Adds the parts after a mention. Returns mentions of further editions, such as Paris in `KCD Amsterdam and Paris
    /// 2023`.
    pub(super) fn extend_right(&self, mention: &mut ParsedMention) -> Vec<ParsedMention> {
        let mut all = vec![mention.clone()];
        while all.len() < MAX_LISTED {
            let Some(current) = all.last_mut() else { break };
            let at = current.words.end;
            let Some((separator, end, part)) = self.next_part(at, current) else { break };
            // "KubeCon EU 2018 2024"
            let is_further_year = matches!(part, MentionPart::Year(_)) && current.year.is_some();
            let is_separate =
                (separator.has_punctuation || separator.is_list) && self.belongs_to_another(current, &part);
            if !is_separate && self.add_part(current, part.clone()) {
                current.words.end = end;
                continue;
            }
            let mut next = match part {
                MentionPart::Year(_) => ParsedMention { year: None, ..current.clone() },
                _ => ParsedMention { series: current.series, ..ParsedMention::default() },
            };
            next.words = separator.next..end;
            self.add_part(&mut next, part);
            let is_edition =
                !is_separate || self.year_at(end, false).is_some() || self.is_listed(&separator, &next);
            let is_list = separator.is_list || is_further_year && self.table.has_edition(&next);
            if !is_list || !is_edition {
                break;
            }
            all.push(next);
        }
        let last_year = all.last().and_then(|last| last.year);
        for listed in &mut all {
            listed.year = listed.year.or(last_year);
        }
        let mut all = all.into_iter();
        if let Some(first) = all.next() {
            *mention = first;
        }
        all.collect()
    }

    /// Adds the year directly after or before a mention, if `is_possible` accepts it.
    pub(super) fn attach_year(
        &self,
        mention: &mut ParsedMention,
        floor: usize,
        is_possible: impl Fn(i16) -> bool,
    ) {
        let after = self.separator_at(mention.words.end, mention).map(|separator| separator.next);
        // "Valencia or Amsterdam 23, which was nicer?", but "in Amsterdam 23 people".
        let ends_clause = |at: usize| at >= self.words.len() || !self.words.gap(at).trim().is_empty();
        let after = after.and_then(|next| {
            self.year_at(next, ends_clause(next + 1)).map(|year| (year, mention.words.start..next + 1))
        });
        let before =
            mention.words.start.checked_sub(1).filter(|at| *at >= floor && self.follows_plainly(at + 1));
        let before = before.and_then(|at| self.year_at(at, false).map(|year| (year, at..mention.words.end)));
        if let Some((year, words)) = after.into_iter().chain(before).find(|(year, _)| is_possible(*year)) {
            mention.year = Some(year);
            mention.words = words;
        }
    }

    /// Whether a place after a comma belongs to something else: "KubeCon EU 2022, Detroit next". The mention without
    /// the place has an edition, and with the place it has none. An open series may have an edition in any city.
    fn belongs_to_another(&self, mention: &ParsedMention, part: &MentionPart) -> bool {
        if matches!(part, MentionPart::Year(_)) || (mention.year.is_none() && mention.region.is_none()) {
            return false;
        }
        let mut extended = mention.clone();
        if !self.add_part(&mut extended, part.clone()) {
            return mention.year.is_some();
        }
        let may_be_anywhere = self.is_open(mention) && mention.region.is_none() && mention.place.is_none();
        !may_be_anywhere && self.table.has_edition(mention) && !self.table.has_edition(&extended)
    }

    /// Whether the mention after an `and` may be an edition: `KCD Amsterdam 2023 and Paris`.
    fn is_listed(&self, separator: &PartSeparator, next: &ParsedMention) -> bool {
        separator.has_words && (self.is_open(next) || self.table.has_edition(next))
    }

    fn is_open(&self, mention: &ParsedMention) -> bool {
        mention.series.and_then(|id| self.table.series.get(id)).is_some_and(|series| series.held_in_any_city)
    }

    /// Parses the next part. Returns its separator, its end and the part.
    fn next_part(&self, at: usize, mention: &ParsedMention) -> Option<(PartSeparator, usize, MentionPart)> {
        let separator = self.separator_at(at, mention)?;
        let next = separator.next;
        if let Some(year) = self.year_at(next, !separator.has_words) {
            return Some((separator, next + 1, MentionPart::Year(year)));
        }
        if let Some((len, id)) = self.place_after_name(next, mention)
            && self.is_used_as_place(next, len, id, &separator)
        {
            return Some((separator, next + len, self.part_of_place(id, mention)));
        }
        let unknown = self.unknown_place(next, mention, &separator)?;
        let name = self.words.slice(next..unknown).to_owned();
        Some((separator, unknown, MentionPart::Place(MentionedPlace::Unknown(name))))
    }

    /// Skips the punctuation and up to three function words between two parts.
    fn separator_at(&self, at: usize, mention: &ParsedMention) -> Option<PartSeparator> {
        let mut separator = PartSeparator { next: at, ..PartSeparator::default() };
        for _ in 0..4 {
            let gap = self.words.gap(separator.next);
            if separator.next >= self.words.len() || !self.may_separate_parts(separator.next, gap) {
                return None;
            }
            separator.is_list |= gap.contains([',', '/', '&', '、']) || gap.contains('·');
            separator.has_punctuation |= gap.chars().any(|c| !c.is_whitespace());
            let word = self.words.folded(separator.next);
            let is_month =
                month_from_name(word).is_some() && self.year_at(separator.next + 1, false).is_some();
            let is_function_word = (language::all().events.joiners.contains(word)
                || language::all().events.conjunctions.contains(word))
                && !self.is_emphasised(separator.next);
            if !(is_function_word || is_month) || self.place_after_name(separator.next, mention).is_some() {
                return Some(separator);
            }
            separator.is_list |= language::all().events.conjunctions.contains(word);
            separator.has_place_word |= language::all().events.place_prepositions.contains(word)
                || language::all().events.place_prepositions.contains(self.words.original(separator.next));
            separator.has_words = true;
            separator.next += 1;
        }
        None
    }

    /// Whether the words of a known place are used as a place. After punctuation a short word must look like a name.
    fn is_used_as_place(&self, at: usize, len: usize, id: PlaceId, separator: &PartSeparator) -> bool {
        let is_region = self.table.places.get(id).is_some_and(|place| place.kind == PlaceKind::Region);
        let is_name = self.words.is_capitalised(at) || !self.words.original(at).is_ascii();
        is_name || is_region || !separator.has_punctuation || self.words.slice(at..at + len).len() > 6
    }

    /// Returns the end of an unknown place at a word: capitalised words after `in`, or directly after the name of an
    /// open series.
    fn unknown_place(&self, at: usize, mention: &ParsedMention, separator: &PartSeparator) -> Option<usize> {
        let is_listed = separator.is_list && mention.place.is_some();
        let may_follow =
            separator.has_place_word || (self.is_open(mention) && (is_listed || !separator.has_words));
        if (separator.has_punctuation || mention.place.is_some()) && !is_listed
            || !may_follow
            || mention.series.is_none()
        {
            return None;
        }
        let mut end = at;
        let mut next = at;
        while next < at + 4 && self.can_name_a_place(next) && (next == at || self.follows_plainly(next)) {
            end = next + 1;
            let has_particle = language::all().events.name_particles.contains(self.words.folded(end))
                && self.follows_plainly(end)
                && self.follows_plainly(end + 1);
            next = if has_particle { end + 1 } else { end };
        }
        (end > at).then_some(end)
    }

    /// Returns the part for a place. A country that is in the names of editions is their region: `KubeCon China`.
    fn part_of_place(&self, id: PlaceId, mention: &ParsedMention) -> MentionPart {
        let Some(place) = self.table.places.get(id) else {
            return MentionPart::Place(MentionedPlace::Known(id));
        };
        let editions = mention.series.map(|series| self.table.editions_of(series)).unwrap_or_default();
        let is_in_names =
            || editions.iter().any(|edition| edition.event.region.as_ref() == Some(&place.name));
        match place.kind {
            PlaceKind::Region => MentionPart::Region(id),
            PlaceKind::Country if is_in_names() => MentionPart::Region(id),
            _ => MentionPart::Place(MentionedPlace::Known(id)),
        }
    }

    /// Adds a part, unless the mention has a different one; returns whether it did.
    fn add_part(&self, mention: &mut ParsedMention, part: MentionPart) -> bool {
        match part {
            MentionPart::Year(year) => set_if_consistent(&mut mention.year, year),
            MentionPart::Region(id) => set_if_consistent(&mut mention.region, id),
            MentionPart::Place(MentionedPlace::Known(id)) => match mention.place {
                // "Barcelona, Spain", "Spain, Barcelona"
                Some(MentionedPlace::Known(known)) if self.table.places.lies_in(known, id) => true,
                Some(MentionedPlace::Known(known)) if self.table.places.lies_in(id, known) => {
                    mention.place = Some(MentionedPlace::Known(id));
                    true
                }
                _ => set_if_consistent(&mut mention.place, MentionedPlace::Known(id)),
            },
            MentionPart::Place(place) => set_if_consistent(&mut mention.place, place),
        }
    }
}

/// The text between two parts.
#[derive(Debug, Clone, Copy, Default)]
#[expect(clippy::struct_excessive_bools, reason = "four independent properties of the text")]
struct PartSeparator {
    /// The first word of the second part.
    next: usize,
    /// Whether it has function words.
    has_words: bool,
    /// Whether it has a preposition of place.
    has_place_word: bool,
    /// Whether it has a comma or an `and`.
    is_list: bool,
    /// Whether it has more than white space and function words.
    has_punctuation: bool,
}

/// Sets an empty slot. Returns whether the slot has the value then.
fn set_if_consistent<T: PartialEq>(slot: &mut Option<T>, value: T) -> bool {
    if let Some(old) = slot {
        return *old == value;
    }
    *slot = Some(value);
    true
}

/// A day in a text; the year is optional.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NamedDay {
    pub(super) year: Option<i16>,
    pub(super) month: i8,
    pub(super) day: i8,
}

/// Returns the days before a word, in order.
pub(super) fn days_before(words: &Words<'_>, end: usize) -> Vec<NamedDay> {
    (0..end.min(words.len()))
        .filter_map(|at| day_by_month_name(words, at).or_else(|| day_by_numbers(words, at)))
        .collect()
}

/// Parses the name of a month with a day on either side.
fn day_by_month_name(words: &Words<'_>, at: usize) -> Option<NamedDay> {
    let month = i8::try_from(month_from_name(words.folded(at))?).ok()?;
    let day_words =
        |at: usize| usize::from(language::all().calendar.event_day_words.contains(words.folded(at)));
    let is_near = |at: usize| words.gap(at).chars().count() <= 3;
    if let Some(day) = number_at(words, at + 1, 31).filter(|_| is_near(at + 1)) {
        let mut next = at + 2 + day_words(at + 2);
        // "November 12-15, 2024"
        if number_at(words, next, 31).is_some() {
            next += 1 + day_words(next + 1);
        }
        return Some(NamedDay { year: year_at(words, next), month, day });
    }
    let before = at.checked_sub(1)?;
    let day_at = if day_words(before) == 1 { before.checked_sub(1)? } else { before };
    let day = number_at(words, day_at, 31).filter(|_| is_near(at))?;
    Some(NamedDay { year: year_at(words, at + 1 + day_words(at + 1)), month, day })
}

/// Parses year, month and day as numbers.
fn day_by_numbers(words: &Words<'_>, at: usize) -> Option<NamedDay> {
    let year = year_at(words, at)?;
    let unit = |at: usize, unit: &str| usize::from(words.folded(at) == unit);
    let month_at = at + 1 + unit(at + 1, "年");
    let day_at = month_at + 1 + unit(month_at + 1, "月");
    let is_joined = |at: usize| matches!(words.gap(at), "-" | "/" | "." | "" | " ");
    let month = number_at(words, month_at, 12).filter(|_| is_joined(month_at))?;
    let day = number_at(words, day_at, 31).filter(|_| is_joined(day_at))?;
    Some(NamedDay { year: Some(year), month, day })
}

fn number_at(words: &Words<'_>, at: usize, max: i8) -> Option<i8> {
    let number =
        words.folded(at).parse().ok().filter(|_| words.is_number(at) && words.folded(at).len() <= 2)?;
    (1..=max).contains(&number).then_some(number)
}

/// Returns the years of four digits before a word, in order.
pub(super) fn years_before(words: &Words<'_>, end: usize) -> Vec<i16> {
    (0..end.min(words.len())).filter_map(|at| year_at(words, at)).collect()
}

/// Parses a year of four digits.
fn year_at(words: &Words<'_>, at: usize) -> Option<i16> {
    let digits = words.folded(at);
    let year = digits.parse().ok().filter(|_| words.is_number(at) && digits.len() == 4)?;
    (1990..2100).contains(&year).then_some(year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_in_many_forms() {
        for (text, expected) in [
            ("Day 0 (Nov 12, 2024)", vec![(Some(2024), 11, 12)]),
            ("from November 12th to 15, 2024", vec![(None, 11, 12)]),
            ("November 12-15, 2024", vec![(Some(2024), 11, 12)]),
            ("am 23. und 24. August diesen Jahres", vec![(None, 8, 24)]),
            ("le 7 mars au Centre", vec![(None, 3, 7)]),
            ("20 de mayo de 2019", vec![(Some(2019), 5, 20)]),
            (
                "일시 : 2018년 10월 25일, 2018年10月25日, 2019/04/18",
                vec![(Some(2018), 10, 25), (Some(2019), 4, 18)],
            ),
            ("in May 2019, at 10:30, version 2.1", vec![]),
        ] {
            let words = Words::new(text);
            let found: Vec<_> =
                days_before(&words, 99).into_iter().map(|day| (day.year, day.month, day.day)).collect();
            assert_eq!(found, expected, "{text}");
        }
    }
}
