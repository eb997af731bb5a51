//! How people put a conference's name together: name, place and year, in any order and with little words
//! between.
//!
//! Days that a text names: `Nov 12, 2024`, `23. und 24. August`, `2018年10月25日`, `2019/04/18`.

use super::{
    lexicon::{DAY_WORDS, LISTING, LITTLE, PARTICLES, PlaceId, PlaceKind, SeriesName, WITHIN},
    mention_parser::MentionParser,
};
use std::ops::Range;
use takeaways_text::{calendar::month_from_name, phrases::Words};

/// What is said about an event in one spot of a text.
#[derive(Debug, Clone, Default)]
pub(super) struct ParsedMention {
    /// The words that say it.
    pub(super) words: Range<usize>,
    pub(super) series: Option<usize>,
    pub(super) edition: Option<usize>,
    pub(super) label: Option<String>,
    pub(super) region: Option<PlaceId>,
    pub(super) place: Option<MentionedPlace>,
    pub(super) year: Option<i16>,
}

/// A place as said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum MentionedPlace {
    /// One of the table.
    Known(PlaceId),
    /// Any other, as typed.
    Unknown(String),
}

/// One part of what is said.
#[derive(Debug, Clone)]
enum MentionPart {
    Region(PlaceId),
    Place(MentionedPlace),
    Year(i16),
}

impl ParsedMention {
    /// Whether more than the series is said.
    pub(super) fn has_detail(&self) -> bool {
        self.edition.is_some()
            || self.label.is_some()
            || self.region.is_some()
            || self.place.is_some()
            || self.year.is_some()
    }
}

impl MentionParser<'_, '_> {
    /// What a name says before its neighbours are read.
    pub(super) fn start_mention(&self, words: Range<usize>, name: &SeriesName) -> ParsedMention {
        let mut said = ParsedMention {
            words,
            series: Some(name.series),
            edition: name.edition,
            ..ParsedMention::default()
        };
        match name.label.as_ref().map(|label| (label, self.table.places.find(label))) {
            Some((_, Some(id))) => {
                let part = self.part_of_place(id, &said);
                self.add_part(&mut said, part);
            }
            Some((label, None)) => said.label = Some(label.to_string()),
            None => {}
        }
        said
    }

    /// Takes in what stands before the words, back to `floor`: `2019 San Diego KubeCon`. `place` is the last
    /// known place before them.
    pub(super) fn extend_left(
        &self,
        said: &mut ParsedMention,
        floor: usize,
        place: Option<&(Range<usize>, PlaceId)>,
    ) {
        for _ in 0..2 {
            let start = said.words.start;
            let reaches = |range: &Range<usize>| {
                let adjoins = range.end == start || (range.end + 1 == start && self.is_genitive(range.end));
                adjoins && range.start >= floor && self.follows_plainly(start)
            };
            if let Some((range, id)) = place.filter(|(range, _)| reaches(range))
                && self.add_part(said, self.part_of_place(*id, said))
            {
                said.words.start = range.start;
            } else if start > floor
                && self.follows_plainly(start)
                && let Some(year) = self.year_at(start - 1, false)
                && self.add_part(said, MentionPart::Year(year))
            {
                said.words.start = start - 1;
            }
        }
    }

    /// Takes in what stands behind the words; gives back what is said of further editions: in `KCD Amsterdam
    /// and Paris 2023` of Paris.
    pub(super) fn extend_right(&self, said: &mut ParsedMention) -> Vec<ParsedMention> {
        let mut all = vec![said.clone()];
        // A list of editions in one breath has an end; what comes then is read anew.
        while all.len() < 12 {
            let Some(current) = all.last_mut() else { break };
            let at = current.words.end;
            let Some((joint, end, part)) = self.next_part(at, current) else { break };
            let away = (joint.has_punctuation || joint.is_list) && self.belongs_to_another(current, &part);
            if !away && self.add_part(current, part.clone()) {
                current.words.end = end;
                continue;
            }
            let mut next = match part {
                MentionPart::Year(_) => ParsedMention { year: None, ..current.clone() },
                _ => ParsedMention { series: current.series, ..ParsedMention::default() },
            };
            next.words = joint.next..end;
            self.add_part(&mut next, part);
            let goes_on = !away || self.year_at(end, false).is_some() || self.is_listed(&joint, &next);
            if !joint.is_list || !goes_on {
                break;
            }
            all.push(next);
        }
        let last_year = all.last().and_then(|last| last.year);
        for other in &mut all {
            other.year = other.year.or(last_year);
        }
        let mut all = all.into_iter();
        if let Some(first) = all.next() {
            *said = first;
        }
        all.collect()
    }

    /// Takes in a year right behind or before the words, where it is one that is possible.
    pub(super) fn attach_year(&self, said: &mut ParsedMention, floor: usize, possible: impl Fn(i16) -> bool) {
        let behind = self.separator_at(said.words.end, said).map(|joint| joint.next);
        let behind =
            behind.and_then(|next| self.year_at(next, false).map(|year| (year, said.words.start..next + 1)));
        let before =
            said.words.start.checked_sub(1).filter(|at| *at >= floor && self.follows_plainly(at + 1));
        let before = before.and_then(|at| self.year_at(at, false).map(|year| (year, at..said.words.end)));
        if let Some((year, words)) = behind.into_iter().chain(before).find(|(year, _)| possible(*year)) {
            said.year = Some(year);
            said.words = words;
        }
    }

    /// Whether a place behind a comma is of something else: "KubeCon EU 2022, Detroit next". What stands before
    /// it tells an edition already, and with the place there is none; but a family of events may have one in
    /// any city.
    fn belongs_to_another(&self, said: &ParsedMention, part: &MentionPart) -> bool {
        if matches!(part, MentionPart::Year(_)) || (said.year.is_none() && said.region.is_none()) {
            return false;
        }
        let mut with = said.clone();
        if !self.add_part(&mut with, part.clone()) {
            return said.year.is_some();
        }
        let anywhere = self.is_open(said) && said.region.is_none() && said.place.is_none();
        !anywhere && self.table.has_edition(said) && !self.table.has_edition(&with)
    }

    /// Whether an `and` joins on what may be an edition: `KCD Amsterdam 2023 and Paris`.
    fn is_listed(&self, joint: &PartSeparator, next: &ParsedMention) -> bool {
        joint.has_words && (self.is_open(next) || self.table.has_edition(next))
    }

    fn is_open(&self, said: &ParsedMention) -> bool {
        said.series.and_then(|id| self.table.series.get(id)).is_some_and(|series| series.held_in_any_city)
    }

    /// The part that stands next, how it is joined on, and where it ends.
    fn next_part(&self, at: usize, said: &ParsedMention) -> Option<(PartSeparator, usize, MentionPart)> {
        let joint = self.separator_at(at, said)?;
        let next = joint.next;
        if let Some(year) = self.year_at(next, !joint.has_words) {
            return Some((joint, next + 1, MentionPart::Year(year)));
        }
        if let Some((len, id)) = self.place_after_name(next, said)
            && self.is_meant_as_place(next, len, id, &joint)
        {
            return Some((joint, next + len, self.part_of_place(id, said)));
        }
        let unknown = self.unknown_place(next, said, &joint)?;
        let name = self.words.slice(next..unknown).to_owned();
        Some((joint, unknown, MentionPart::Place(MentionedPlace::Unknown(name))))
    }

    /// Passes over what may stand between two parts: punctuation, and up to three little words.
    fn separator_at(&self, at: usize, said: &ParsedMention) -> Option<PartSeparator> {
        let mut joint = PartSeparator {
            next: at,
            has_words: false,
            has_place_word: false,
            is_list: false,
            has_punctuation: false,
        };
        for _ in 0..4 {
            let gap = self.words.gap(joint.next);
            if joint.next >= self.words.len() || !self.may_separate_parts(joint.next, gap) {
                return None;
            }
            joint.is_list |= gap.contains([',', '/', '&', '、']) || gap.contains('·');
            joint.has_punctuation |= gap.chars().any(|c| !c.is_whitespace());
            let word = self.words.folded(joint.next);
            let is_month = month_from_name(word).is_some() && self.year_at(joint.next + 1, false).is_some();
            let is_little =
                (LITTLE.contains(&word) || LISTING.contains(&word)) && !self.is_emphasised(joint.next);
            if !(is_little || is_month) || self.place_after_name(joint.next, said).is_some() {
                return Some(joint);
            }
            joint.is_list |= LISTING.contains(&word);
            joint.has_place_word |=
                WITHIN.contains(&word) || WITHIN.contains(&self.words.original(joint.next));
            joint.has_words = true;
            joint.next += 1;
        }
        None
    }

    /// Whether a known place that stands next is meant as one: short words in lower case and places after a
    /// comma must look like names.
    fn is_meant_as_place(&self, at: usize, len: usize, id: PlaceId, joint: &PartSeparator) -> bool {
        let is_region = self.table.places.get(id).is_some_and(|place| place.kind == PlaceKind::Region);
        let is_name = self.words.is_capitalised(at) || !self.words.original(at).is_ascii();
        is_name || is_region || !joint.has_punctuation || self.words.slice(at..at + len).len() > 6
    }

    /// Where a place that is in no table ends, if one stands here: capitalised words behind `in`, or right
    /// behind the name of an open series.
    fn unknown_place(&self, at: usize, said: &ParsedMention, joint: &PartSeparator) -> Option<usize> {
        let open = self.is_open(said);
        let lists = joint.is_list && said.place.is_some();
        let may_follow = joint.has_place_word || (open && (lists || !joint.has_words));
        if (joint.has_punctuation || said.place.is_some()) && !lists || !may_follow || said.series.is_none() {
            return None;
        }
        let mut end = at;
        let mut seek = at;
        while seek < at + 4 && self.can_name_a_place(seek) && (seek == at || self.follows_plainly(seek)) {
            end = seek + 1;
            let linked = PARTICLES.contains(&self.words.folded(end))
                && self.follows_plainly(end)
                && self.follows_plainly(end + 1);
            seek = if linked { end + 1 } else { end };
        }
        (end > at).then_some(end)
    }

    /// Countries that name a series' editions are their regions: `KubeCon China`.
    fn part_of_place(&self, id: PlaceId, said: &ParsedMention) -> MentionPart {
        let Some(place) = self.table.places.get(id) else {
            return MentionPart::Place(MentionedPlace::Known(id));
        };
        let editions = said.series.map(|series| self.table.editions_of(series)).unwrap_or_default();
        let names_editions =
            || editions.iter().any(|edition| edition.event.region.as_ref() == Some(&place.name));
        match place.kind {
            PlaceKind::Region => MentionPart::Region(id),
            PlaceKind::Country if names_editions() => MentionPart::Region(id),
            _ => MentionPart::Place(MentionedPlace::Known(id)),
        }
    }

    /// Adds a part where it says something new or the same again; `false` where it says something else.
    fn add_part(&self, said: &mut ParsedMention, part: MentionPart) -> bool {
        match part {
            MentionPart::Year(year) => set_if_consistent(&mut said.year, year),
            MentionPart::Region(id) => set_if_consistent(&mut said.region, id),
            MentionPart::Place(MentionedPlace::Known(id)) => match said.place {
                // "Barcelona, Spain", "Spain, Barcelona"
                Some(MentionedPlace::Known(old)) if self.table.places.lies_in(old, id) => true,
                Some(MentionedPlace::Known(old)) if self.table.places.lies_in(id, old) => {
                    said.place = Some(MentionedPlace::Known(id));
                    true
                }
                _ => set_if_consistent(&mut said.place, MentionedPlace::Known(id)),
            },
            MentionPart::Place(spot) => set_if_consistent(&mut said.place, spot),
        }
    }
}

/// How a part is joined to what stands before it.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "four things that may stand between, each on its own")]
struct PartSeparator {
    /// The part's first word.
    next: usize,
    /// Little words stand between.
    has_words: bool,
    /// One of them says that a place follows.
    has_place_word: bool,
    /// A comma or an `and` stands between.
    is_list: bool,
    /// Something else than white space stands between.
    has_punctuation: bool,
}

fn set_if_consistent<T: PartialEq>(slot: &mut Option<T>, value: T) -> bool {
    let agrees = slot.as_ref().is_none_or(|old| *old == value);
    if slot.is_none() {
        *slot = Some(value);
    }
    agrees
}

/// A day of a year, or of any year where none is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NamedDay {
    pub(super) year: Option<i16>,
    pub(super) month: i8,
    pub(super) day: i8,
}

/// The days that are named before a word, in order.
pub(super) fn days_before(words: &Words<'_>, end: usize) -> Vec<NamedDay> {
    (0..end.min(words.len()))
        .filter_map(|at| day_by_month_name(words, at).or_else(|| day_by_numbers(words, at)))
        .collect()
}

/// A month's name with a day on either side.
fn day_by_month_name(words: &Words<'_>, at: usize) -> Option<NamedDay> {
    let month = i8::try_from(month_from_name(words.folded(at))?).ok()?;
    let ordinal = |at: usize| usize::from(DAY_WORDS.contains(&words.folded(at)));
    let close = |at: usize| words.gap(at).chars().count() <= 3;
    if let Some(day) = number_at(words, at + 1, 31).filter(|_| close(at + 1)) {
        let mut next = at + 2 + ordinal(at + 2);
        // "November 12-15, 2024"
        if number_at(words, next, 31).is_some() {
            next += 1 + ordinal(next + 1);
        }
        return Some(NamedDay { year: year_at(words, next), month, day });
    }
    let before = at.checked_sub(1)?;
    let at_day = if ordinal(before) == 1 { before.checked_sub(1)? } else { before };
    let day = number_at(words, at_day, 31).filter(|_| close(at))?;
    Some(NamedDay { year: year_at(words, at + 1 + ordinal(at + 1)), month, day })
}

/// Year, month and day as numbers.
fn day_by_numbers(words: &Words<'_>, at: usize) -> Option<NamedDay> {
    let year = year_at(words, at)?;
    let unit = |at: usize, unit: &str| usize::from(words.folded(at) == unit);
    let month_at = at + 1 + unit(at + 1, "年");
    let day_at = month_at + 1 + unit(month_at + 1, "月");
    let joined = |at: usize| matches!(words.gap(at), "-" | "/" | "." | "" | " ");
    let month = number_at(words, month_at, 12).filter(|_| joined(month_at))?;
    let day = number_at(words, day_at, 31).filter(|_| joined(day_at))?;
    Some(NamedDay { year: Some(year), month, day })
}

fn number_at(words: &Words<'_>, at: usize, most: i8) -> Option<i8> {
    let number =
        words.folded(at).parse().ok().filter(|_| words.is_number(at) && words.folded(at).len() <= 2)?;
    (1..=most).contains(&number).then_some(number)
}

/// The years of four digits before a word, in order.
pub(super) fn years_before(words: &Words<'_>, end: usize) -> Vec<i16> {
    (0..end.min(words.len())).filter_map(|at| year_at(words, at)).collect()
}

/// A year of four digits.
fn year_at(words: &Words<'_>, at: usize) -> Option<i16> {
    let digits = words.folded(at);
    let year = digits.parse().ok().filter(|_| words.is_number(at) && digits.len() == 4)?;
    (1990..2100).contains(&year).then_some(year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_in_many_hands() {
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
