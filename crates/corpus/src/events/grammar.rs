//! How people put a conference's name together: name, place and year, in any order and with little words
//! between.

use std::ops::Range;

use super::lexicon::{Name, PlaceId, PlaceKind};
use super::little::{LISTING, LITTLE, PARTICLES, WITHIN};
use super::mention_parser::Reader;
use takeaways_text::calendar::month;

/// What is said about an event in one spot of a text.
#[derive(Debug, Clone, Default)]
pub(super) struct Said {
    /// The words that say it.
    pub(super) words: Range<usize>,
    pub(super) series: Option<usize>,
    pub(super) edition: Option<usize>,
    pub(super) label: Option<String>,
    pub(super) region: Option<PlaceId>,
    pub(super) place: Option<Spot>,
    pub(super) year: Option<i16>,
}

/// A place as said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Spot {
    /// One of the table.
    Known(PlaceId),
    /// Any other, as typed.
    Unknown(String),
}

/// One part of what is said.
#[derive(Debug, Clone)]
enum Part {
    Region(PlaceId),
    Spot(Spot),
    Year(i16),
}

impl Said {
    /// Whether more than the series is said.
    pub(super) fn has_detail(&self) -> bool {
        self.edition.is_some()
            || self.label.is_some()
            || self.region.is_some()
            || self.place.is_some()
            || self.year.is_some()
    }
}

impl Reader<'_, '_> {
    /// What a name says before its neighbours are read.
    pub(super) fn begin(&self, words: Range<usize>, name: &Name) -> Said {
        let mut said = Said { words, series: Some(name.series), edition: name.edition, ..Said::default() };
        match name.label.as_ref().map(|label| (label, self.table.places.called(label))) {
            Some((_, Some(id))) => {
                let part = self.part_of(id, &said);
                self.take(&mut said, part);
            }
            Some((label, None)) => said.label = Some(label.to_string()),
            None => {}
        }
        said
    }

    /// Takes in what stands before the words, back to `floor`: `2019 San Diego KubeCon`. `place` is the last
    /// known place before them.
    pub(super) fn look_left(&self, said: &mut Said, floor: usize, place: Option<&(Range<usize>, PlaceId)>) {
        for _ in 0..2 {
            let start = said.words.start;
            let reaches = |range: &Range<usize>| {
                let adjoins = range.end == start || (range.end + 1 == start && self.is_genitive(range.end));
                adjoins && range.start >= floor && self.is_plain(start)
            };
            if let Some((range, id)) = place.filter(|(range, _)| reaches(range))
                && self.take(said, self.part_of(*id, said))
            {
                said.words.start = range.start;
            } else if start > floor
                && self.is_plain(start)
                && let Some(year) = self.year_at(start - 1, false)
                && self.take(said, Part::Year(year))
            {
                said.words.start = start - 1;
            }
        }
    }

    /// Takes in what stands behind the words; gives back what is said of further editions: in `KCD Amsterdam
    /// and Paris 2023` of Paris.
    pub(super) fn look_right(&self, said: &mut Said) -> Vec<Said> {
        let mut all = vec![said.clone()];
        // A list of editions in one breath has an end; what comes then is read anew.
        while all.len() < 12 {
            let Some(current) = all.last_mut() else { break };
            let at = current.words.end;
            let Some((joint, end, part)) = self.part_after(at, current) else { break };
            let away = (joint.punctuated || joint.lists) && self.leads_away(current, &part);
            if !away && self.take(current, part.clone()) {
                current.words.end = end;
                continue;
            }
            let mut next = match part {
                Part::Year(_) => Said { year: None, ..current.clone() },
                _ => Said { series: current.series, ..Said::default() },
            };
            next.words = joint.next..end;
            self.take(&mut next, part);
            let goes_on = !away || self.year_at(end, false).is_some() || self.is_listed(&joint, &next);
            if !joint.lists || !goes_on {
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
    pub(super) fn look_for_year(&self, said: &mut Said, floor: usize, possible: impl Fn(i16) -> bool) {
        let behind = self.joint(said.words.end, said).map(|joint| joint.next);
        let behind =
            behind.and_then(|next| self.year_at(next, false).map(|year| (year, said.words.start..next + 1)));
        let before = said.words.start.checked_sub(1).filter(|at| *at >= floor && self.is_plain(at + 1));
        let before = before.and_then(|at| self.year_at(at, false).map(|year| (year, at..said.words.end)));
        if let Some((year, words)) = behind.into_iter().chain(before).find(|(year, _)| possible(*year)) {
            said.year = Some(year);
            said.words = words;
        }
    }

    /// Whether a place behind a comma is of something else: "KubeCon EU 2022, Detroit next". What stands before
    /// it tells an edition already, and with the place there is none; but a family of events may have one in
    /// any city.
    fn leads_away(&self, said: &Said, part: &Part) -> bool {
        if matches!(part, Part::Year(_)) || (said.year.is_none() && said.region.is_none()) {
            return false;
        }
        let mut with = said.clone();
        if !self.take(&mut with, part.clone()) {
            return said.year.is_some();
        }
        let anywhere = self.is_open(said) && said.region.is_none() && said.place.is_none();
        !anywhere && self.table.has_edition(said) && !self.table.has_edition(&with)
    }

    /// Whether an `and` joins on what may be an edition: `KCD Amsterdam 2023 and Paris`.
    fn is_listed(&self, joint: &Joint, next: &Said) -> bool {
        joint.worded && (self.is_open(next) || self.table.has_edition(next))
    }

    fn is_open(&self, said: &Said) -> bool {
        said.series.and_then(|id| self.table.series.get(id)).is_some_and(|series| series.open)
    }

    /// The part that stands next, how it is joined on, and where it ends.
    fn part_after(&self, at: usize, said: &Said) -> Option<(Joint, usize, Part)> {
        let joint = self.joint(at, said)?;
        let next = joint.next;
        if let Some(year) = self.year_at(next, !joint.worded) {
            return Some((joint, next + 1, Part::Year(year)));
        }
        if let Some((len, id)) = self.place_behind(next, said)
            && self.is_meant(next, len, id, &joint)
        {
            return Some((joint, next + len, self.part_of(id, said)));
        }
        let unknown = self.unknown_place(next, said, &joint)?;
        let name = self.words.slice(next..unknown).to_owned();
        Some((joint, unknown, Part::Spot(Spot::Unknown(name))))
    }

    /// Passes over what may stand between two parts: punctuation, and up to three little words.
    fn joint(&self, at: usize, said: &Said) -> Option<Joint> {
        let mut joint = Joint { next: at, worded: false, within: false, lists: false, punctuated: false };
        for _ in 0..4 {
            let gap = self.words.gap(joint.next);
            if joint.next >= self.words.len() || !self.may_stand_between(joint.next, gap) {
                return None;
            }
            joint.lists |= gap.contains([',', '/', '&', '、']) || gap.contains('·');
            joint.punctuated |= gap.chars().any(|c| !c.is_whitespace());
            let word = self.words.folded(joint.next);
            let is_month = month(word).is_some() && self.year_at(joint.next + 1, false).is_some();
            let is_little =
                (LITTLE.contains(&word) || LISTING.contains(&word)) && !self.stands_out(joint.next);
            if !(is_little || is_month) || self.place_behind(joint.next, said).is_some() {
                return Some(joint);
            }
            joint.lists |= LISTING.contains(&word);
            joint.within |= WITHIN.contains(&word) || WITHIN.contains(&self.words.typed(joint.next));
            joint.worded = true;
            joint.next += 1;
        }
        None
    }

    /// Whether a known place that stands next is meant as one: short words in lower case and places after a
    /// comma must look like names.
    fn is_meant(&self, at: usize, len: usize, id: PlaceId, joint: &Joint) -> bool {
        let is_region = self.table.places.get(id).is_some_and(|place| place.kind == PlaceKind::Region);
        let is_name = self.words.is_capitalised(at) || !self.words.typed(at).is_ascii();
        is_name || is_region || !joint.punctuated || self.words.slice(at..at + len).len() > 6
    }

    /// Where a place that is in no table ends, if one stands here: capitalised words behind `in`, or right
    /// behind the name of an open series.
    fn unknown_place(&self, at: usize, said: &Said, joint: &Joint) -> Option<usize> {
        let open = self.is_open(said);
        let lists = joint.lists && said.place.is_some();
        let may_follow = joint.within || (open && (lists || !joint.worded));
        if (joint.punctuated || said.place.is_some()) && !lists || !may_follow || said.series.is_none() {
            return None;
        }
        let mut end = at;
        let mut seek = at;
        while seek < at + 4 && self.can_name_a_place(seek) && (seek == at || self.is_plain(seek)) {
            end = seek + 1;
            let linked =
                PARTICLES.contains(&self.words.folded(end)) && self.is_plain(end) && self.is_plain(end + 1);
            seek = if linked { end + 1 } else { end };
        }
        (end > at).then_some(end)
    }

    /// Countries that name a series' editions are their regions: `KubeCon China`.
    fn part_of(&self, id: PlaceId, said: &Said) -> Part {
        let Some(place) = self.table.places.get(id) else { return Part::Spot(Spot::Known(id)) };
        let editions = said.series.map(|series| self.table.editions_of(series)).unwrap_or_default();
        let names_editions =
            || editions.iter().any(|edition| edition.event.region.as_ref() == Some(&place.name));
        match place.kind {
            PlaceKind::Region => Part::Region(id),
            PlaceKind::Country if names_editions() => Part::Region(id),
            _ => Part::Spot(Spot::Known(id)),
        }
    }

    /// Adds a part where it says something new or the same again; `false` where it says something else.
    fn take(&self, said: &mut Said, part: Part) -> bool {
        match part {
            Part::Year(year) => take(&mut said.year, year),
            Part::Region(id) => take(&mut said.region, id),
            Part::Spot(Spot::Known(id)) => match said.place {
                // "Barcelona, Spain", "Spain, Barcelona"
                Some(Spot::Known(old)) if self.table.places.lies_in(old, id) => true,
                Some(Spot::Known(old)) if self.table.places.lies_in(id, old) => {
                    said.place = Some(Spot::Known(id));
                    true
                }
                _ => take(&mut said.place, Spot::Known(id)),
            },
            Part::Spot(spot) => take(&mut said.place, spot),
        }
    }
}

/// How a part is joined to what stands before it.
#[derive(Debug, Clone, Copy)]
#[expect(clippy::struct_excessive_bools, reason = "four things that may stand between, each on its own")]
struct Joint {
    /// The part's first word.
    next: usize,
    /// Little words stand between.
    worded: bool,
    /// One of them says that a place follows.
    within: bool,
    /// A comma or an `and` stands between.
    lists: bool,
    /// Something else than white space stands between.
    punctuated: bool,
}

fn take<T: PartialEq>(slot: &mut Option<T>, value: T) -> bool {
    let agrees = slot.as_ref().is_none_or(|old| *old == value);
    if slot.is_none() {
        *slot = Some(value);
    }
    agrees
}
