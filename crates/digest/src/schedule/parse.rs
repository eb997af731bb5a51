//! Parses schedules in English, and chooses between English and cron.

use super::{
    Hours, MAX_CHARS, Schedule, ScheduleError, cron,
    days::{Days, WEEKDAYS, WeekdaySet},
    time,
};
use crate::zone::{Zone, quotable};
use jiff::civil::{Time, Weekday};

/// The hour of a schedule without a time of day.
const DEFAULT_HOUR: i8 = 9;

/// Parses a schedule, with an optional zone at its end.
pub(super) fn parse_with_zone(text: &str) -> Result<(Schedule, Option<Zone>), ScheduleError> {
    if text.chars().nth(MAX_CHARS).is_some() {
        return Err(ScheduleError::TooLong);
    }
    let text = text.trim().trim_end_matches(['.', '!']);
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let zone = take_zone(&mut words)?;
    if words.is_empty() {
        return Err(ScheduleError::Empty);
    }
    let schedule = if cron::is_cron(&words) { cron::parse_cron(&words)? } else { parse_english(&words)? };
    Ok((schedule, zone))
}

/// Takes the zone from the end, with the `in` before it. A last word with `/` must be a zone, a part of the schedule
/// or a cron field.
fn take_zone(words: &mut Vec<&str>) -> Result<Option<Zone>, ScheduleError> {
    let Some(last) = words.last() else { return Ok(None) };
    let name = last.trim_matches(['(', ')', ',']);
    let is_schedule_word = name.to_lowercase().split('/').all(|part| parse_word(part).is_some());
    let looks_like_zone = name.contains('/') && name.starts_with(|c: char| c.is_alphabetic());
    match Zone::find(name) {
        Some(zone) if !is_schedule_word => {
            words.pop();
            words.pop_if(|word| word.eq_ignore_ascii_case("in"));
            Ok(Some(zone))
        }
        None if looks_like_zone && !is_schedule_word => name.parse().map(Some).map_err(ScheduleError::Zone),
        _ => Ok(None),
    }
}

/// The parts of a schedule that were parsed so far.
#[derive(Debug, Default)]
struct ScheduleParser {
    period: Option<ScheduleUnit>,
    week: WeekdaySet,
    /// An ordinal, such as `first`, whose day is not known yet.
    ordinal: Option<PendingOrdinal>,
    days: Option<Days>,
    time: Option<Time>,
    /// Whether the last word was `every`: `every day 9` names a time, `on day 9` a day.
    follows_every: bool,
}

#[derive(Debug, Clone, Copy)]
enum PendingOrdinal {
    Nth(i8),
    Last,
}

fn parse_english(words: &[&str]) -> Result<Schedule, ScheduleError> {
    let words = split_words(&words.join(" ").to_lowercase());
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut parser = ScheduleParser::default();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        at += parser.read_word(word, &words[at + 1..])?;
    }
    parser.finish()
}

/// Splits a text into words: `mon-fri` is three words, `5 pm` is one.
fn split_words(text: &str) -> Vec<String> {
    let text = text.replace(['\'', '’'], "").replace([',', ';', '/'], " ").replace(['–', '—'], "-");
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace().filter(|word| *word != "oclock") {
        match (word.split_once('-'), words.last_mut()) {
            (_, Some(number)) if is_day_half(word) && number.ends_with(|c: char| c.is_ascii_digit()) => {
                number.push_str(word);
            }
            (Some((from, to)), _) if is_weekday(from) && is_weekday(to) => {
                words.extend([from, "to", to].map(str::to_owned));
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

fn is_day_half(word: &str) -> bool {
    matches!(word, "am" | "pm" | "a.m." | "p.m." | "a.m" | "p.m")
}

impl ScheduleParser {
    /// Parses a word and the words after it that belong to it. Returns their number.
    fn read_word(&mut self, word: &str, rest: &[&str]) -> Result<usize, ScheduleError> {
        let is_every = std::mem::take(&mut self.follows_every);
        if time::looks_like_time(word) {
            return self.set_time(word);
        }
        match parse_word(word) {
            Some(ScheduleWord::Filler) => {}
            Some(ScheduleWord::Every) => self.follows_every = true,
            Some(ScheduleWord::At) => return self.read_time_after_at(word, rest),
            Some(ScheduleWord::Unit(unit)) => self.set_period(unit)?,
            Some(ScheduleWord::Day) if is_every => self.set_period(ScheduleUnit::Day)?,
            Some(ScheduleWord::Day) => return self.read_day(rest),
            Some(ScheduleWord::Week(week)) => self.week = self.week.union(week),
            Some(ScheduleWord::Weekday(weekday)) => return self.read_weekday(weekday, rest),
            Some(ScheduleWord::Ordinal(nth)) => self.set_ordinal(PendingOrdinal::Nth(nth))?,
            Some(ScheduleWord::Last) => self.set_ordinal(PendingOrdinal::Last)?,
            Some(ScheduleWord::Interval) => return Err(ScheduleError::Interval(truncate_quote(word))),
            None if is_number(word) && is_every => {
                return Err(ScheduleError::Interval(format!("every {}", truncate_quote(word))));
            }
            None if is_number(word) => return self.read_number(word),
            Some(ScheduleWord::To) | None => return Err(unknown_word(word)),
        }
        Ok(1)
    }

    fn set_time(&mut self, word: &str) -> Result<usize, ScheduleError> {
        let time = time::parse_time(word).ok_or_else(|| ScheduleError::Time(truncate_quote(word)))?;
        if self.time.replace(time).is_some() { Err(ScheduleError::TwoTimes) } else { Ok(1) }
    }

    fn read_time_after_at(&mut self, word: &str, rest: &[&str]) -> Result<usize, ScheduleError> {
        let next = rest.first().ok_or_else(|| ScheduleError::Time(truncate_quote(word)))?;
        Ok(1 + self.set_time(next)?)
    }

    /// Parses a plain number: after `monthly` a day of the month, otherwise a time of day.
    fn read_number(&mut self, word: &str) -> Result<usize, ScheduleError> {
        let is_day =
            self.period == Some(ScheduleUnit::Month) && self.days.is_none() && self.ordinal.is_none();
        if !is_day {
            return self.set_time(word);
        }
        self.set_ordinal(PendingOrdinal::Nth(day_of_month(word)?))?;
        Ok(1)
    }

    fn set_period(&mut self, unit: ScheduleUnit) -> Result<(), ScheduleError> {
        match self.period.replace(unit) {
            Some(old) if old != unit => Err(ScheduleError::Contradiction(old.name(), unit.name())),
            _ => Ok(()),
        }
    }

    /// Parses `day`: after an ordinal, before a number, or by itself.
    fn read_day(&mut self, rest: &[&str]) -> Result<usize, ScheduleError> {
        match self.ordinal.take() {
            Some(PendingOrdinal::Last) => self.set_days(Days::LastDay)?,
            Some(PendingOrdinal::Nth(nth)) => self.set_days(Days::Monthly(nth))?,
            None => match rest.first().filter(|word| is_number(word)) {
                Some(number) => {
                    self.set_days(Days::Monthly(day_of_month(number)?))?;
                    return Ok(2);
                }
                None => self.set_period(ScheduleUnit::Day)?,
            },
        }
        Ok(1)
    }

    /// Parses a weekday: by itself, with `to` another, or after an ordinal.
    fn read_weekday(&mut self, weekday: Weekday, rest: &[&str]) -> Result<usize, ScheduleError> {
        match (self.ordinal.take(), range_end(rest)) {
            (None, Some(last)) => {
                self.week = self.week.union(WeekdaySet::range(weekday, last));
                return Ok(3);
            }
            (None, None) => self.week.add(weekday),
            (Some(PendingOrdinal::Last), _) => self.set_days(Days::Last(weekday))?,
            (Some(PendingOrdinal::Nth(nth @ 1..=4)), _) => self.set_days(Days::Nth(nth, weekday))?,
            (Some(PendingOrdinal::Nth(5)), _) => return Err(ScheduleError::FifthWeekday(weekday)),
            (Some(PendingOrdinal::Nth(nth)), _) => {
                return Err(ScheduleError::OrdinalWithoutDay(nth.to_string()));
            }
        }
        Ok(1)
    }

    fn set_ordinal(&mut self, ordinal: PendingOrdinal) -> Result<(), ScheduleError> {
        match (self.ordinal.replace(ordinal), ordinal) {
            (Some(_), _) => Err(TWO_DAYS),
            (None, PendingOrdinal::Nth(nth)) if !(1..=31).contains(&nth) => {
                Err(ScheduleError::MonthDay(nth.to_string()))
            }
            _ => Ok(()),
        }
    }

    fn set_days(&mut self, days: Days) -> Result<(), ScheduleError> {
        if self.days.replace(days).is_some() { Err(TWO_DAYS) } else { Ok(()) }
    }

    /// Makes the schedule of the parsed parts.
    fn finish(mut self) -> Result<Schedule, ScheduleError> {
        match self.ordinal.take() {
            Some(PendingOrdinal::Nth(nth)) => self.set_days(Days::Monthly(nth))?,
            Some(PendingOrdinal::Last) => return Err(ScheduleError::OrdinalWithoutDay("last".to_owned())),
            None => {}
        }
        if self.period == Some(ScheduleUnit::Hour) {
            return self.hourly();
        }
        let time = match self.time {
            Some(time) => time,
            None => Time::new(DEFAULT_HOUR, 0, 0, 0).map_err(|_| ScheduleError::NoDays)?,
        };
        Ok(Schedule { days: self.resolve_days()?, hours: Hours::At(vec![time]) })
    }

    fn hourly(self) -> Result<Schedule, ScheduleError> {
        if self.time.is_some() {
            return Err(ScheduleError::HourlyWithTime);
        }
        if self.days.is_some() || !self.week.is_empty() {
            return Err(ScheduleError::Contradiction("hourly", "a day"));
        }
        Ok(Schedule { days: Days::Every, hours: Hours::Every(0) })
    }

    fn resolve_days(self) -> Result<Days, ScheduleError> {
        let week = (!self.week.is_empty()).then_some(self.week);
        match (self.period, self.days, week) {
            (None | Some(ScheduleUnit::Month), Some(days), None) => Ok(days),
            (None | Some(ScheduleUnit::Week), None, Some(week)) if week.is_whole() => Ok(Days::Every),
            (None | Some(ScheduleUnit::Week), None, Some(week)) => Ok(Days::Weekly(week)),
            (Some(ScheduleUnit::Week), None, None) => {
                let mut week = WeekdaySet::default();
                week.add(Weekday::Monday);
                Ok(Days::Weekly(week))
            }
            (Some(ScheduleUnit::Month), None, None) => Ok(Days::Monthly(1)),
            (Some(ScheduleUnit::Day), None, None) => Ok(Days::Every),
            (None | Some(ScheduleUnit::Hour), None, None) => Err(ScheduleError::NoDays),
            (None, Some(_), Some(_)) => Err(ScheduleError::Contradiction("a day of the month", "a weekday")),
            (Some(unit), Some(_), _) => Err(ScheduleError::Contradiction(unit.name(), "a day of the month")),
            (Some(unit), None, Some(_)) => Err(ScheduleError::Contradiction(unit.name(), "a weekday")),
        }
    }
}

impl ScheduleUnit {
    fn name(self) -> &'static str {
        match self {
            Self::Hour => "hourly",
            Self::Day => "daily",
            Self::Week => "weekly",
            Self::Month => "monthly",
        }
    }
}

const TWO_DAYS: ScheduleError = ScheduleError::Contradiction("a day of the month", "another one");

/// Returns the weekday in `to friday`.
fn range_end(rest: &[&str]) -> Option<Weekday> {
    let (to, last) = (parse_word(rest.first()?)?, parse_word(rest.get(1)?)?);
    match (to, last) {
        (ScheduleWord::To, ScheduleWord::Weekday(last)) => Some(last),
        _ => None,
    }
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

fn day_of_month(word: &str) -> Result<i8, ScheduleError> {
    let day = word.parse().ok().filter(|day| (1..=31).contains(day));
    day.ok_or_else(|| ScheduleError::MonthDay(truncate_quote(word)))
}

fn unknown_word(word: &str) -> ScheduleError {
    let word = truncate_quote(word);
    let nearest = nearest_word(&word).filter(|nearest| *nearest != word);
    let nearest = nearest.or_else(|| Zone::name_of_city_or_abbreviation(&word).map(str::to_owned));
    ScheduleError::UnknownWord { word, nearest }
}

/// The meaning of a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ScheduleWord {
    /// A word without a meaning of its own: `on`, `the`.
    Filler,
    /// `every`.
    Every,
    /// `to`, between two weekdays.
    To,
    /// `at`: a time of day follows.
    At,
    /// `daily`, `weekly` and the like.
    Unit(ScheduleUnit),
    /// `day`: ends `every day` and `last day`, or a number follows.
    Day,
    /// Several weekdays.
    Week(WeekdaySet),
    /// One weekday.
    Weekday(Weekday),
    /// `first`, or a number with a suffix.
    Ordinal(i8),
    /// `last`.
    Last,
    /// An interval that is not offered, such as `fortnightly`.
    Interval,
}

/// How often a schedule runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ScheduleUnit {
    Hour,
    Day,
    Week,
    Month,
}

/// The most characters of a quoted word.
const MAX_QUOTED: usize = 40;

/// The least similarity of a suggested word (1 minus the share of typing errors).
const MIN_SIMILARITY: f64 = 0.6;

/// All words except the weekdays. The first word of a row is suggested for a typing error.
const WORDS: [(&[&str], ScheduleWord); 19] = [
    (&["on", "the", "of", "in", "and", "&", "+", "a", "run", "runs", "post"], ScheduleWord::Filler),
    (&["every", "each", "per"], ScheduleWord::Every),
    (&["to", "through", "thru", "until", "till", "-"], ScheduleWord::To),
    (&["at", "@", "around"], ScheduleWord::At),
    (&["hourly", "hour", "hours"], ScheduleWord::Unit(ScheduleUnit::Hour)),
    (&["daily", "everyday", "nightly"], ScheduleWord::Unit(ScheduleUnit::Day)),
    (&["day", "days"], ScheduleWord::Day),
    (&["weekly", "week"], ScheduleWord::Unit(ScheduleUnit::Week)),
    (&["monthly", "month", "months"], ScheduleWord::Unit(ScheduleUnit::Month)),
    (&["weekdays", "weekday", "workdays", "workday"], ScheduleWord::Week(WeekdaySet::WORKDAYS)),
    (&["weekends", "weekend"], ScheduleWord::Week(WeekdaySet::WEEKEND)),
    (&["first"], ScheduleWord::Ordinal(1)),
    (&["second"], ScheduleWord::Ordinal(2)),
    (&["third"], ScheduleWord::Ordinal(3)),
    (&["fourth"], ScheduleWord::Ordinal(4)),
    (&["fifth"], ScheduleWord::Ordinal(5)),
    (&["last", "final"], ScheduleWord::Last),
    (&["other", "biweekly", "bi-weekly", "fortnightly", "fortnight", "alternate"], ScheduleWord::Interval),
    (
        &["weeks", "quarterly", "quarter", "yearly", "annually", "year", "minutes", "minute"],
        ScheduleWord::Interval,
    ),
];

/// Returns the meaning of a word in lower case.
fn parse_word(word: &str) -> Option<ScheduleWord> {
    let known = WORDS.iter().find(|(words, _)| words.contains(&word)).map(|(_, meaning)| *meaning);
    known
        .or_else(|| weekday(word).map(ScheduleWord::Weekday))
        .or_else(|| ordinal(word).map(ScheduleWord::Ordinal))
}

/// Whether a word in lower case names a weekday.
fn is_weekday(word: &str) -> bool {
    weekday(word).is_some()
}

/// Parses `monday`, `mondays`, `mon`, `tues`, `thurs`.
fn weekday(word: &str) -> Option<Weekday> {
    let word = word.trim_end_matches('.');
    let singular = word.strip_suffix('s').filter(|stem| stem.ends_with("day")).unwrap_or(word);
    let matches = |name: &str| {
        let name = name.to_lowercase();
        let is_short = singular.len() >= 3 && name.starts_with(singular) && !singular.ends_with("da");
        singular == name || is_short
    };
    WEEKDAYS.iter().find(|(_, name)| matches(name)).map(|(weekday, _)| *weekday)
}

/// Parses `1st`, `22nd`, `31th`: any number of at most two digits.
fn ordinal(word: &str) -> Option<i8> {
    let digits = ["st", "nd", "rd", "th", "."].iter().find_map(|suffix| word.strip_suffix(suffix))?;
    let is_number = (1..=2).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    digits.parse().ok().filter(|_| is_number)
}

/// Returns the most similar word, if one is similar enough.
fn nearest_word(word: &str) -> Option<String> {
    let heads =
        WORDS.iter().filter(|(_, meaning)| *meaning != ScheduleWord::Interval).map(|(words, _)| words[0]);
    let known = heads.chain(["noon", "midnight"]).chain(WEEKDAYS.iter().map(|(_, name)| *name));
    let scored = known.map(|name| (strsim::normalized_damerau_levenshtein(word, &name.to_lowercase()), name));
    let best =
        scored.filter(|(similarity, _)| *similarity >= MIN_SIMILARITY).max_by(|a, b| a.0.total_cmp(&b.0));
    best.map(|(_, name)| name.to_owned())
}

/// Shortens a word for a quotation.
pub(super) fn truncate_quote(word: &str) -> String {
    quotable(word, MAX_QUOTED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weekdays_have_short_and_long_names() {
        for (word, weekday) in [
            ("monday", Weekday::Monday),
            ("mondays", Weekday::Monday),
            ("mon", Weekday::Monday),
            ("mon.", Weekday::Monday),
            ("tues", Weekday::Tuesday),
            ("weds", Weekday::Wednesday),
            ("wednes", Weekday::Wednesday),
            ("thurs", Weekday::Thursday),
            ("sun", Weekday::Sunday),
        ] {
            let expected = if word == "weds" { None } else { Some(ScheduleWord::Weekday(weekday)) };
            assert_eq!(parse_word(word), expected, "{word}");
        }
        for word in ["mo", "s", "sund ay", "days", "m"] {
            assert!(!matches!(parse_word(word), Some(ScheduleWord::Weekday(_))), "{word}");
        }
    }

    #[test]
    fn a_typing_error_finds_its_word() {
        for (word, expected) in [
            ("mondey", Some("Monday")),
            ("wendesday", Some("Wednesday")),
            ("dayly", Some("daily")),
            ("montly", Some("monthly")),
            ("weekley", Some("weekly")),
            ("xyz", None),
            ("", None),
        ] {
            assert_eq!(nearest_word(word).as_deref(), expected, "{word}");
        }
    }
}
