//! The times that words name: "2019", "last year", "since Valencia", "spring 2022", "before the pandemic". One grammar for
//! questions, prefixes and options, in all languages; the words are `[times]` in `config/languages/`.
//!
//! ```text
//! time     = [relation] point | range word, point, joiner, point | period, [joiner, point]
//! relation = since | after | before | until
//! point    = period | event | the pandemic
//! period   = year | decade | month, season, quarter or half of a year | day, week, months or years before now
//! ```
//!
//! Events are found by the caller, as [`Landmark`]s. Pure.

mod days;
mod digits;
mod editions;
mod period;
mod phrases;
mod recent;
mod years;

use std::ops::Range;

use jiff::civil::Date;

use takeaways_text::calendar::{month_from_name, month_from_short_name};
use takeaways_text::model::{Language, Years};
use takeaways_text::phrases::Words;

pub(crate) use days::find_since_day;
pub(crate) use editions::{EditionChoice, find_edition_choice};
pub(crate) use period::Period;
use period::YearPart;
use phrases::{PHRASES, Phrases, are_joined, find_end, find_group, find_phrase, may_begin_period, number_at};
pub use years::parse_years;
pub(crate) use years::years_in_words;

/// A time that words name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedTime {
    /// The words, in bytes of the text.
    pub(crate) range: Range<usize>,
    /// The days.
    pub(crate) period: Period,
    /// The series of the event that the time is told by: "before Barcelona".
    pub(crate) series: Option<String>,
    /// Whether it is just a year, which may also be a part of an event's name.
    pub(crate) is_plain_year: bool,
    /// Whether it begins with a month.
    pub(crate) is_month: bool,
    /// Whether it is the latest month, season or quarter of a name without a year: "in May".
    pub(crate) is_latest: bool,
}

/// An event in a text by which a time may be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Landmark {
    /// The words, in bytes of the text.
    pub(crate) range: Range<usize>,
    /// The days from its first to its last.
    pub(crate) period: Period,
    /// Its series.
    pub(crate) series: String,
    /// Whether its conference is named, and not only its city.
    pub(crate) is_named: bool,
}

/// Returns the times that a text names, in its order. Open periods of years end in the year of `today`.
pub(crate) fn find_times(text: &str, landmarks: &[Landmark], today: Date) -> Vec<NamedTime> {
    let parser = TimeParser { words: Words::new(text), landmarks, today };
    let mut times = Vec::new();
    let mut at = 0;
    while at < parser.words.len().min(MAX_WORDS) {
        let Some((point, end)) = parser.time_at(at).filter(|(_, end)| *end > at) else {
            at += 1;
            continue;
        };
        times.push(NamedTime {
            range: parser.words.byte_range(at..end),
            period: point.period,
            series: point.series.map(str::to_owned),
            is_plain_year: end == at + 1 && parser.year_at(at).is_some(),
            is_month: parser.part_at(at).is_some_and(|(part, _)| part.is_month),
            is_latest: point.is_latest,
        });
        at = end;
    }
    times
}

/// Joins times to periods, each with the series of its landmark. Two open ones in one question are one period: "since
/// 2018 and before 2021".
pub(crate) fn join_times(times: &[NamedTime]) -> Vec<(Period, Option<&str>)> {
    let mut joined: Vec<(Period, Option<&str>)> = Vec::new();
    for time in times {
        let series = time.series.as_deref();
        match joined.last_mut().and_then(|last| Some((last.0.join_open(time.period)?, last))) {
            Some((period, last)) => *last = (period, last.1.or(series)),
            None => joined.push((time.period, series)),
        }
    }
    joined
}

/// Recognises times at the words of one text.
struct TimeParser<'a> {
    words: Words<'a>,
    landmarks: &'a [Landmark],
    today: Date,
}

/// A period, with the series of the landmark that it is.
#[derive(Debug, Clone, Copy)]
struct TimePoint<'a> {
    period: Period,
    series: Option<&'a str>,
    /// Whether it is a moment: what is after it begins with it.
    is_moment: bool,
    /// Whether it is the latest of its name.
    is_latest: bool,
}

/// The maximum number of words at which times are looked for. A question is not read further.
const MAX_WORDS: usize = 128;

/// The first year of the pandemic, and the last one of which people say that it was "during covid".
const PANDEMIC: (i16, i16) = (2020, 2021);

/// The maximum number of articles and prepositions between the words of a time.
const MAX_FILLERS: usize = 3;

impl<'a> TimeParser<'a> {
    /// Returns the time that begins at a word, and its end.
    fn time_at(&self, at: usize) -> Option<(TimePoint<'a>, usize)> {
        self.range_at(at).or_else(|| self.related_time_at(at)).or_else(|| self.pandemic_time_at(at)).or_else(
            || {
                let Some((period, end)) = self.period_at(at) else { return self.time_of_preposition_at(at) };
                let first = TimePoint::of(period);
                self.up_to(first, end, false).or(Some((first, end)))
            },
        )
    }

    /// "between Copenhagen and San Diego", "from 2016 to 2018".
    fn range_at(&self, at: usize) -> Option<(TimePoint<'a>, usize)> {
        let between = find_end(&PHRASES.between, &self.words, at);
        let start = between.or_else(|| find_end(&PHRASES.from, &self.words, at))?;
        let (first, end) = self.point_at(start)?;
        self.up_to(first, end, between.is_some())
    }

    /// Returns the time from one point to that after a joiner; `and` joins only after "between".
    fn up_to(&self, first: TimePoint<'a>, end: usize, and_joins: bool) -> Option<(TimePoint<'a>, usize)> {
        let to = find_end(&PHRASES.to, &self.words, end);
        let to = to.or_else(|| find_end(&PHRASES.and, &self.words, end).filter(|_| and_joins))?;
        let (last, end) = self.point_at(to)?;
        let series = first.series.or(last.series);
        Some((TimePoint { series, ..TimePoint::of(first.period.cover(last.period)) }, end))
    }

    /// "since Valencia", "before 2018", "from 2021 on".
    fn related_time_at(&self, at: usize) -> Option<(TimePoint<'a>, usize)> {
        type Relation = fn(Period) -> Option<Period>;
        const SINCE: usize = 0;
        const UNTIL: usize = 3;
        let relations: [(&Phrases, Relation, Relation); 4] = [
            (&PHRASES.since, Period::since, Period::since),
            (&PHRASES.after, Period::after, Period::since),
            (&PHRASES.before, Period::before, Period::before),
            (&PHRASES.until, Period::until, Period::before),
        ];
        let latest = |at: usize| {
            let (period, end) = self.after_fillers(at, |at| self.latest_part_at(at))?;
            Some((TimePoint::of(period), end))
        };
        let point = |at: usize| self.point_at(at).or_else(|| latest(at));
        relations.into_iter().enumerate().find_map(|(place, (list, relate, relate_moment))| {
            let (inside, end) = find_phrase(list, &self.words, at, &point)?;
            if place == UNTIL && self.is_at_place(end) {
                return None;
            }
            let (of, end) = match inside {
                Some(of) => (of, end),
                None => point(end)?,
            };
            if place == SINCE
                && let Some(range) = self.up_to(of, end, false)
            {
                return Some(range);
            }
            let period = if of.is_moment { relate_moment(of.period)? } else { relate(of.period)? };
            Some((TimePoint { period, is_moment: false, ..of }, end))
        })
    }

    /// Whether a word is an English preposition of places, which tells no end of a time: "what were they up to at KubeCon?"
    fn is_at_place(&self, at: usize) -> bool {
        let prepositions = &Language::En.words().answers.place_prepositions;
        at < self.words.len() && prepositions.iter().any(|it| it == self.words.folded(at))
    }

    /// "during the pandemic", "covid times", "post-covid".
    fn pandemic_time_at(&self, at: usize) -> Option<(TimePoint<'a>, usize)> {
        let all = Period::years(PANDEMIC.0, PANDEMIC.1)?;
        let alone = |list: &Phrases, period: Option<Period>| {
            find_end(list, &self.words, at).and_then(|end| Some((TimePoint::of(period?), end)))
        };
        alone(&PHRASES.before_pandemic, all.before())
            .or_else(|| alone(&PHRASES.after_pandemic, all.after()))
            .or_else(|| alone(&PHRASES.during_pandemic, Some(all)))
            .or_else(|| {
                let start = find_end(&PHRASES.during, &self.words, at)?;
                let end = self.after_fillers(start, |next| find_end(&PHRASES.pandemic, &self.words, next))?;
                Some((TimePoint::of(all), end))
            })
    }

    /// "May" in "in May", "summer" in "during the summer": the latest one that has begun. It has no year after it.
    fn time_of_preposition_at(&self, at: usize) -> Option<(TimePoint<'a>, usize)> {
        const LONGEST_MONTHS: i8 = 3;
        self.part_at(at).filter(|(part, _)| part.months <= LONGEST_MONTHS)?;
        let is_during = |start: usize| {
            let end =
                find_end(&PHRASES.during, &self.words, start).filter(|end| are_joined(&self.words, *end));
            end.is_some_and(|end| self.after_fillers(end, |next| (next == at).then_some(())).is_some())
        };
        (at.saturating_sub(MAX_FILLERS + 1)..at).any(is_during).then_some(())?;
        let (period, end) = self.latest_part_at(at)?;
        Some((TimePoint { is_latest: true, ..TimePoint::of(period) }, end))
    }

    /// Returns the point of time at a word, after articles and prepositions: a landmark, the pandemic or a period.
    fn point_at(&self, at: usize) -> Option<(TimePoint<'a>, usize)> {
        self.after_fillers(at, |at| {
            if !are_joined(&self.words, at) && at > 0 {
                return None;
            }
            let landmark = || {
                let start = self.words.byte_range(at..at + 1).start;
                let landmark = self.landmarks.iter().find(|it| it.range.start == start)?;
                let is_after =
                    |word: &usize| self.words.byte_range(*word..word + 1).start >= landmark.range.end;
                let end = (at + 1..self.words.len()).find(is_after).unwrap_or(self.words.len());
                let series = Some(landmark.series.as_str());
                Some((TimePoint { series, ..TimePoint::of(landmark.period) }, end))
            };
            let pandemic = || {
                let start = find_end(&PHRASES.pandemic_start, &self.words, at);
                let end = start.or_else(|| find_end(&PHRASES.pandemic, &self.words, at))?;
                let period = Period::years(PANDEMIC.0, PANDEMIC.1)?;
                Some((TimePoint { is_moment: start.is_some(), ..TimePoint::of(period) }, end))
            };
            landmark()
                .or_else(pandemic)
                .or_else(|| self.period_at(at).map(|(period, end)| (TimePoint::of(period), end)))
        })
    }

    /// Tries to parse at a word, and after each of the articles and prepositions that stand there.
    fn after_fillers<T>(&self, at: usize, parse: impl Fn(usize) -> Option<T>) -> Option<T> {
        let next = |at: &usize| {
            find_end(&PHRASES.fillers, &self.words, *at).filter(|_| are_joined(&self.words, *at))
        };
        std::iter::successors(Some(at), next).take(MAX_FILLERS + 1).find_map(parse)
    }

    /// Returns the period that begins at a word, and its end.
    fn period_at(&self, at: usize) -> Option<(Period, usize)> {
        if !may_begin_period(&self.words, at) {
            return None;
        }
        self.days_before_now_at(at)
            .or_else(|| self.years_before_now_at(at))
            .or_else(|| self.decade_at(at))
            .or_else(|| self.part_with_year_at(at))
            .or_else(|| self.recent_part_at(at))
            .or_else(|| self.year_range_at(at))
            .or_else(|| self.year_at(at).and_then(|(year, end)| Some((Period::years(year, year)?, end))))
    }

    /// "the last three years", "for three years".
    fn years_before_now_at(&self, at: usize) -> Option<(Period, usize)> {
        let now = self.today.year();
        if let Some((years, end)) = self.number_in(&PHRASES.last_years, at) {
            return Some((Period::years((now - years + 1).max(Years::FIRST), now)?, end));
        }
        if let Some((years, end)) = self.number_in(&PHRASES.since_years, at) {
            return Some((Period::years((now - years).max(Years::FIRST), now)?.since()?, end));
        }
        let (year, end) = self.relative_year_at(at)?;
        Some((Period::years(year, year)?, end))
    }

    /// "last year", "this year", "two years ago".
    fn relative_year_at(&self, at: usize) -> Option<(i16, usize)> {
        let now = self.today.year();
        let end = |list: &Phrases| find_end(list, &self.words, at);
        end(&PHRASES.last_year)
            .map(|end| (now - 1, end))
            .or_else(|| end(&PHRASES.this_year).map(|end| (now, end)))
            .or_else(|| self.number_in(&PHRASES.years_ago, at).map(|(years, end)| (now - years, end)))
            .filter(|(year, _)| *year >= Years::FIRST)
    }

    /// "the 2010s".
    fn decade_at(&self, at: usize) -> Option<(Period, usize)> {
        let digits = |at: usize| Some((self.year_in_digits(at).filter(|year| year % 10 == 0)?, at + 1));
        let (year, end) = find_phrase(&PHRASES.decades, &self.words, at, &digits)?;
        Some((Period::years(year?, year? + 9)?, end))
    }

    /// "spring 2022", "in May and June of 2019", "Q2 last year", "2019 Q2".
    fn part_with_year_at(&self, at: usize) -> Option<(Period, usize)> {
        if let Some((year, end)) = self.year_at(at)
            && let Some((part, after)) = self.part_at(end).filter(|_| self.words.gap(end) == " ")
            && !part.is_month
            && find_end(&PHRASES.other_meanings, &self.words, end).is_none()
            && self.year_of_part_at(after, part).is_none()
        {
            return Some((part.of_year(year)?, after));
        }
        if let Some((third, end)) = find_group(&PHRASES.thirds, &self.words, at) {
            let part = YearPart::new(1 + 4 * third, 4);
            let (year, end) = self.year_of_part_at(end, part)?;
            return Some((part.of_year(year)?, end));
        }
        let (part, end) = self.part_at(at)?;
        if let Some((year, end)) = self.year_of_part_at(end, part) {
            return Some((part.of_year(year)?, end));
        }
        let joined =
            find_end(&PHRASES.and, &self.words, end).or_else(|| find_end(&PHRASES.to, &self.words, end));
        let is_hyphen = self.words.gap(end).trim() == "-";
        let next = joined.or_else(|| is_hyphen.then_some(end))?;
        let (last, end) = self.after_fillers(next, |at| self.part_at(at))?;
        let (year, end) = self.year_of_part_at(end, last)?;
        Some((part.of_year(year)?.cover(last.of_year(year)?), end))
    }

    /// Returns the year after a month, a season or a quarter: "of 2019", "20, 2019", "'19", "of last year".
    fn year_of_part_at(&self, at: usize, part: YearPart) -> Option<(i16, usize)> {
        let mut at = at;
        if part.is_month {
            let is_day = |at: usize| self.words.is_number(at) && self.words.folded(at).len() <= 2;
            while is_day(at) && self.year_at(at).is_none() {
                at += 1;
                at += usize::from(self.words.is_glued(at) && !self.words.is_number(at));
            }
        }
        let is_near = |at: usize| {
            let gap = self.words.gap(at);
            gap.chars().count() <= 3 && gap.chars().all(|c| c.is_whitespace() || "-'./,(".contains(c))
        };
        let next = |at: &usize| find_end(&PHRASES.of, &self.words, *at).filter(|_| is_near(*at));
        let short_year = |at: usize| {
            let year =
                self.short_year_in_digits(at).filter(|_| part.allows_short_year && self.words.is_number(at));
            year.map(|year| (year, at + 1))
        };
        std::iter::successors(Some(at), next)
            .take(MAX_FILLERS + 1)
            .filter(|at| is_near(*at))
            .find_map(|at| self.year_at(at).or_else(|| self.relative_year_at(at)).or_else(|| short_year(at)))
    }

    /// Returns the month, season, quarter or half of a year at a word, and its end.
    fn part_at(&self, at: usize) -> Option<(YearPart, usize)> {
        let part = |first_month: usize, months: i8, allows_short_year: bool| YearPart {
            allows_short_year,
            ..YearPart::new(first_month, months)
        };
        if let Some((season, end)) = find_group(&PHRASES.seasons, &self.words, at) {
            return Some((part(3 + 3 * season, 3, false), end));
        }
        if let Some((quarter, end)) = find_group(&PHRASES.quarters, &self.words, at) {
            return Some((part(1 + 3 * quarter, 3, true), end));
        }
        if let Some((half, end)) = find_group(&PHRASES.halves, &self.words, at) {
            return Some((part(1 + 6 * half, 6, true), end));
        }
        let word = self.words.original(at);
        let is_short = self.words.gap(at + 1).starts_with('.');
        let month = month_from_name(word).or_else(|| is_short.then(|| month_from_short_name(word))?)?;
        Some((YearPart { is_month: true, ..part(usize::from(month), 1, false) }, at + 1))
    }

    /// Returns the number in the slot of a phrase, and the end of the phrase.
    fn number_in(&self, list: &Phrases, at: usize) -> Option<(i16, usize)> {
        let (number, end) = find_phrase(list, &self.words, at, &|at| number_at(&self.words, at))?;
        Some((number?, end))
    }
}

impl TimePoint<'_> {
    fn of(period: Period) -> Self {
        Self { period, series: None, is_moment: false, is_latest: false }
    }
}

#[cfg(test)]
mod tests;
