//! Reads what a person wrote.

use jiff::civil::{Time, Weekday};

use super::days::{Days, Week};
use super::words::{self, Unit, Word, shortened};
use super::{Hours, MAX_CHARS, Schedule, ScheduleError, cron, time};
use crate::Zone;

/// The time of day of a schedule that names none.
const USUAL_HOUR: i8 = 9;

/// Reads a schedule and the zone that may stand at its end.
pub(super) fn with_zone(text: &str) -> Result<(Schedule, Option<Zone>), ScheduleError> {
    if text.chars().nth(MAX_CHARS).is_some() {
        return Err(ScheduleError::TooLong);
    }
    let text = text.trim().trim_end_matches(['.', '!']);
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let zone = zone_at_end(&mut words)?;
    if words.is_empty() {
        return Err(ScheduleError::Empty);
    }
    let schedule = if cron::is_cron(&words) { cron::read(&words)? } else { english(&words)? };
    Ok((schedule, zone))
}

/// Takes the zone from the end, with the `in` before it. What has a `/` there is a zone or wrong, but for a field of cron.
fn zone_at_end(words: &mut Vec<&str>) -> Result<Option<Zone>, ScheduleError> {
    let Some(last) = words.last() else { return Ok(None) };
    let name = last.trim_matches(['(', ')', ',']);
    let is_of_schedule = name.to_lowercase().split('/').all(|part| words::read(part).is_some());
    let looks_like_one = name.contains('/') && name.starts_with(|c: char| c.is_alphabetic());
    match Zone::find(name) {
        Some(zone) if !is_of_schedule => {
            words.pop();
            words.pop_if(|word| word.eq_ignore_ascii_case("in"));
            Ok(Some(zone))
        }
        None if looks_like_one && !is_of_schedule => name.parse().map(Some).map_err(ScheduleError::Zone),
        _ => Ok(None),
    }
}

/// What was said so far.
#[derive(Debug, Default)]
struct Said {
    unit: Option<Unit>,
    week: Week,
    /// `first` and its like, not yet said of what.
    pending: Option<Counted>,
    days: Option<Days>,
    time: Option<Time>,
    /// Whether the word before was `every`: `every day 9` names a time, `on day 9` a day.
    is_every: bool,
}

#[derive(Debug, Clone, Copy)]
enum Counted {
    Nth(i8),
    Last,
}

fn english(words: &[&str]) -> Result<Schedule, ScheduleError> {
    let words = words_of(&words.join(" ").to_lowercase());
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut said = Said::default();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        at += said.take(word, &words[at + 1..])?;
    }
    said.schedule()
}

/// The words one by one: `mon-fri` are three, `5 pm` is one.
fn words_of(text: &str) -> Vec<String> {
    let text = text.replace(['\'', '’'], "").replace([',', ';', '/'], " ").replace(['–', '—'], "-");
    let mut words: Vec<String> = Vec::new();
    for word in text.split_whitespace().filter(|word| *word != "oclock") {
        match (word.split_once('-'), words.last_mut()) {
            (_, Some(number)) if is_half(word) && number.ends_with(|c: char| c.is_ascii_digit()) => {
                number.push_str(word);
            }
            (Some((from, to)), _) if words::is_weekday(from) && words::is_weekday(to) => {
                words.extend([from, "to", to].map(str::to_owned));
            }
            _ => words.push(word.to_owned()),
        }
    }
    words
}

fn is_half(word: &str) -> bool {
    matches!(word, "am" | "pm" | "a.m." | "p.m." | "a.m" | "p.m")
}

impl Said {
    /// Takes a word in, and those after it that belong to it. Gives how many they were.
    fn take(&mut self, word: &str, rest: &[&str]) -> Result<usize, ScheduleError> {
        let is_every = std::mem::take(&mut self.is_every);
        if time::is_like_one(word) {
            return self.time(word);
        }
        match words::read(word) {
            Some(Word::Filler) => {}
            Some(Word::Every) => self.is_every = true,
            Some(Word::At) => return self.after_at(word, rest),
            Some(Word::Unit(unit)) => self.unit(unit)?,
            Some(Word::Day) if is_every => self.unit(Unit::Day)?,
            Some(Word::Day) => return self.day(rest),
            Some(Word::Week(week)) => self.week = self.week.or(week),
            Some(Word::Weekday(weekday)) => return self.weekday(weekday, rest),
            Some(Word::Ordinal(nth)) => self.count(Counted::Nth(nth))?,
            Some(Word::Last) => self.count(Counted::Last)?,
            Some(Word::Interval) => return Err(ScheduleError::Interval(shortened(word))),
            None if is_number(word) && is_every => {
                return Err(ScheduleError::Interval(format!("every {}", shortened(word))));
            }
            None if is_number(word) => return self.number(word),
            Some(Word::To) | None => return Err(unknown(word)),
        }
        Ok(1)
    }

    fn time(&mut self, word: &str) -> Result<usize, ScheduleError> {
        let time = time::read(word).ok_or_else(|| ScheduleError::Time(shortened(word)))?;
        if self.time.replace(time).is_some() { Err(ScheduleError::TwoTimes) } else { Ok(1) }
    }

    fn after_at(&mut self, word: &str, rest: &[&str]) -> Result<usize, ScheduleError> {
        let next = rest.first().ok_or_else(|| ScheduleError::Time(shortened(word)))?;
        Ok(1 + self.time(next)?)
    }

    /// A mere number is a day of the month after `monthly`, and a time of day else.
    fn number(&mut self, word: &str) -> Result<usize, ScheduleError> {
        let is_day = self.unit == Some(Unit::Month) && self.days.is_none() && self.pending.is_none();
        if !is_day {
            return self.time(word);
        }
        self.count(Counted::Nth(day_of_month(word)?))?;
        Ok(1)
    }

    fn unit(&mut self, unit: Unit) -> Result<(), ScheduleError> {
        match self.unit.replace(unit) {
            Some(before) if before != unit => Err(ScheduleError::Contradiction(before.name(), unit.name())),
            _ => Ok(()),
        }
    }

    /// `day` after `last` or `first`, before a number, or of `every day`.
    fn day(&mut self, rest: &[&str]) -> Result<usize, ScheduleError> {
        match self.pending.take() {
            Some(Counted::Last) => self.days(Days::LastDay)?,
            Some(Counted::Nth(nth)) => self.days(Days::Monthly(nth))?,
            None => match rest.first().filter(|word| is_number(word)) {
                Some(number) => {
                    self.days(Days::Monthly(day_of_month(number)?))?;
                    return Ok(2);
                }
                None => self.unit(Unit::Day)?,
            },
        }
        Ok(1)
    }

    /// One weekday, those `to` another, or the counted one of a month.
    fn weekday(&mut self, weekday: Weekday, rest: &[&str]) -> Result<usize, ScheduleError> {
        match (self.pending.take(), range_to(rest)) {
            (None, Some(last)) => {
                self.week = self.week.or(Week::range(weekday, last));
                return Ok(3);
            }
            (None, None) => self.week.add(weekday),
            (Some(Counted::Last), _) => self.days(Days::Last(weekday))?,
            (Some(Counted::Nth(nth @ 1..=4)), _) => self.days(Days::Nth(nth, weekday))?,
            (Some(Counted::Nth(5)), _) => return Err(ScheduleError::Fifth(weekday)),
            (Some(Counted::Nth(nth)), _) => return Err(ScheduleError::Counted(nth.to_string())),
        }
        Ok(1)
    }

    fn count(&mut self, counted: Counted) -> Result<(), ScheduleError> {
        match (self.pending.replace(counted), counted) {
            (Some(_), _) => Err(TWO_DAYS),
            (None, Counted::Nth(nth)) if !(1..=31).contains(&nth) => {
                Err(ScheduleError::MonthDay(nth.to_string()))
            }
            _ => Ok(()),
        }
    }

    fn days(&mut self, days: Days) -> Result<(), ScheduleError> {
        if self.days.replace(days).is_some() { Err(TWO_DAYS) } else { Ok(()) }
    }

    /// Puts together what was said.
    fn schedule(mut self) -> Result<Schedule, ScheduleError> {
        match self.pending.take() {
            Some(Counted::Nth(nth)) => self.days(Days::Monthly(nth))?,
            Some(Counted::Last) => return Err(ScheduleError::Counted("last".to_owned())),
            None => {}
        }
        if self.unit == Some(Unit::Hour) {
            return self.hourly();
        }
        let time = match self.time {
            Some(time) => time,
            None => Time::new(USUAL_HOUR, 0, 0, 0).map_err(|_| ScheduleError::NoDays)?,
        };
        Ok(Schedule { days: self.all_days()?, hours: Hours::At(vec![time]) })
    }

    fn hourly(self) -> Result<Schedule, ScheduleError> {
        if self.time.is_some() {
            return Err(ScheduleError::HourlyAt);
        }
        if self.days.is_some() || !self.week.is_empty() {
            return Err(ScheduleError::Contradiction("hourly", "a day"));
        }
        Ok(Schedule { days: Days::Every, hours: Hours::Every(0) })
    }

    fn all_days(self) -> Result<Days, ScheduleError> {
        let week = (!self.week.is_empty()).then_some(self.week);
        match (self.unit, self.days, week) {
            (None | Some(Unit::Month), Some(days), None) => Ok(days),
            (None | Some(Unit::Week), None, Some(week)) if week.is_whole() => Ok(Days::Every),
            (None | Some(Unit::Week), None, Some(week)) => Ok(Days::Weekly(week)),
            (Some(Unit::Week), None, None) => {
                let mut week = Week::default();
                week.add(Weekday::Monday);
                Ok(Days::Weekly(week))
            }
            (Some(Unit::Month), None, None) => Ok(Days::Monthly(1)),
            (Some(Unit::Day), None, None) => Ok(Days::Every),
            (None | Some(Unit::Hour), None, None) => Err(ScheduleError::NoDays),
            (None, Some(_), Some(_)) => Err(ScheduleError::Contradiction("a day of the month", "a weekday")),
            (Some(unit), Some(_), _) => Err(ScheduleError::Contradiction(unit.name(), "a day of the month")),
            (Some(unit), None, Some(_)) => Err(ScheduleError::Contradiction(unit.name(), "a weekday")),
        }
    }
}

impl Unit {
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

/// The weekday in `to friday`.
fn range_to(rest: &[&str]) -> Option<Weekday> {
    let (to, last) = (words::read(rest.first()?)?, words::read(rest.get(1)?)?);
    match (to, last) {
        (Word::To, Word::Weekday(last)) => Some(last),
        _ => None,
    }
}

fn is_number(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|b| b.is_ascii_digit())
}

fn day_of_month(word: &str) -> Result<i8, ScheduleError> {
    let day = word.parse().ok().filter(|day| (1..=31).contains(day));
    day.ok_or_else(|| ScheduleError::MonthDay(shortened(word)))
}

fn unknown(word: &str) -> ScheduleError {
    let word = shortened(word);
    let of_schedule = words::nearest(&word).filter(|nearest| *nearest != word);
    let nearest = of_schedule.or_else(|| Zone::of_city(&word).map(str::to_owned));
    ScheduleError::Word { word, nearest }
}
