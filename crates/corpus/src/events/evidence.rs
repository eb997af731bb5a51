//! Collects the evidence for events in a post, and weighs it by its source.
//!
//! A mention does not count if words around it show that the event is in the future or only a comparison.

use super::{
    detect::{EventDetectionInput, truncate_line},
    grammar::{NamedDay, days_before, years_before},
    mentions::EventMention,
    table::EventTable,
};
use jiff::civil::Date;
use std::{
    collections::{HashMap, HashSet},
    ops::Range,
    sync::LazyLock,
};
use takeaways_text::{
    language,
    model::Event,
    phrases::{PhraseTable, Words},
};

/// The mentions, days and years in a post.
#[derive(Default)]
pub(super) struct Evidence<'t> {
    mentions: Vec<SourcedMention<'t>>,
    days: Vec<NamedDay>,
    years: Vec<i16>,
    title_years: Vec<i16>,
    pub(super) date: Option<Date>,
}

struct SourcedMention<'t> {
    source: MentionSource,
    mention: EventMention<'t>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum MentionSource {
    Tag,
    FirstHeading,
    Heading,
    /// The first lines of the text.
    Opening,
    /// The rest of the beginning of the text.
    Beginning,
    Rest,
    FileName,
}

/// An event is at most so many years after the date of a post about it.
const MAX_YEARS_AHEAD: i16 = 1;
/// Length of the opening of a text, in bytes: about the first paragraph.
const OPENING: usize = 500;
/// Length of the beginning of a text, in bytes: about the first screen.
const BEGINNING: usize = 1_800;

/// Maximum length of the text that is read, in bytes. A longer post names its event before.
const MAX_TEXT_BYTES: usize = 100_000;

/// Maximum number of mentions that are weighed. All sources reach their limit with fewer.
const MAX_TEXT_MENTIONS: usize = 300;

impl MentionSource {
    /// Returns the weight of one mention, and the maximum of all mentions from this source together.
    fn weight_and_limit(self) -> (f32, f32) {
        match self {
            Self::Tag => (3.0, 4.0),
            Self::FirstHeading => (2.5, 2.5),
            Self::Heading => (1.0, 2.0),
            Self::Opening => (3.0, 6.0),
            Self::Beginning => (1.6, 4.5),
            Self::Rest => (0.3, 2.0),
            Self::FileName => (1.5, 1.5),
        }
    }
}

impl<'t> Evidence<'t> {
    /// Collects the evidence in a post.
    pub(super) fn collect(table: &'t EventTable, input: &EventDetectionInput<'_>) -> Self {
        let title = Words::new(truncate_line(input.title.unwrap_or_default()));
        let title_years = years_before(&title, title.len());
        let mut evidence = Self { title_years, date: input.date, ..Self::default() };
        for tag in input.tags.iter().take(100) {
            evidence.add(MentionSource::Tag, table.mentions(truncate_line(tag)));
        }
        for (at, heading) in input.headings.iter().take(60).enumerate() {
            let source = if at == 0 { MentionSource::FirstHeading } else { MentionSource::Heading };
            evidence.add(source, table.mentions(truncate_line(heading)));
        }
        evidence.read_text(table, input.text);
        evidence.add(MentionSource::FileName, table.mentions(truncate_line(input.file_stem)));
        evidence
    }

    fn add(&mut self, source: MentionSource, mentions: Vec<EventMention<'t>>) {
        self.mentions.extend(mentions.into_iter().map(|mention| SourcedMention { source, mention }));
    }

    fn read_text(&mut self, table: &'t EventTable, text: &str) {
        let words = Words::new(text.get(..text.floor_char_boundary(MAX_TEXT_BYTES)).unwrap_or(text));
        let beginning =
            (0..words.len()).take_while(|at| words.byte_range(*at..at + 1).end <= BEGINNING).count();
        self.days = days_before(&words, beginning);
        self.years = years_before(&words, beginning);
        for (range, mention) in table.mentions_with_words(&words).into_iter().take(MAX_TEXT_MENTIONS) {
            let source = match mention.range.start {
                0..OPENING => MentionSource::Opening,
                OPENING..BEGINNING => MentionSource::Beginning,
                _ => MentionSource::Rest,
            };
            if !refers_to_another_time(&words, &range) {
                self.mentions.push(SourcedMention { source, mention });
            }
        }
    }

    /// Returns the main mention of a post without an event in its title: the best mention of the series with the most
    /// evidence.
    pub(super) fn main_mention(&self) -> Option<&EventMention<'t>> {
        // One mention in the opening, a tag or the first heading is enough. One further down is not.
        const MIN_EVIDENCE: f32 = 1.5;
        let is_of = |mention: &EventMention<'_>, id: &str| mention.series.is_some_and(|it| it.id == id);
        let mut known = HashSet::new();
        let series = self.mentions.iter().filter_map(|sourced| Some(sourced.mention.series?.id.as_str()));
        let sums = series
            .filter(|id| known.insert(*id))
            .map(|id| (self.weighted_sum(|mention| is_of(mention, id)), id))
            .filter(|(sum, _)| *sum >= MIN_EVIDENCE);
        let (_, id) = sums.reduce(|best, next| if next.0 > best.0 { next } else { best })?;
        let mentions = self.mentions.iter().filter(|sourced| is_of(&sourced.mention, id));
        let detail = |mention: &EventMention<'_>| {
            [mention.year.is_some(), mention.place.is_some(), mention.region.is_some()].map(u8::from)
        };
        let weight = |sourced: &SourcedMention<'_>| {
            let (weight, _) = sourced.source.weight_and_limit();
            // Weights differ by a tenth at least, so that detail decides only between mentions of one source.
            weight * 10.0 + f32::from(detail(&sourced.mention).iter().sum::<u8>())
        };
        mentions
            .reduce(|best, next| if weight(next) > weight(best) { next } else { best })
            .map(|sourced| &sourced.mention)
    }

    /// Returns the evidence for a candidate that is not evidence for all candidates.
    pub(super) fn score(&self, candidate: &Event, candidates: &[&Event]) -> f32 {
        let names = |mention: &EventMention<'_>, event: &Event| {
            mention.editions.iter().any(|edition| edition.id == event.id)
        };
        let is_specific = |mention: &EventMention<'_>| {
            names(mention, candidate) && !candidates.iter().all(|event| names(mention, event))
        };
        let in_days = self.days.iter().filter(|day| falls_in(**day, candidate)).count();
        let in_year = self.years.iter().filter(|year| candidate.year == Some(**year)).count();
        let limited_sum = |count: usize, weight: f32, limit: f32| {
            (f32::from(u8::try_from(count).unwrap_or(u8::MAX)) * weight).min(limit)
        };
        let in_title = self.title_years.iter().filter(|year| candidate.year == Some(**year)).count();
        let date = self.date.map_or(0.0, |date| date_score(date, candidate));
        self.weighted_sum(is_specific)
            + limited_sum(in_days, 2.5, 4.0)
            + limited_sum(in_year, 0.5, 1.0)
            + limited_sum(in_title, 2.0, 2.0)
            + date
    }

    /// Whether the date of the post is from some weeks before an event to some months after it, or unknown.
    pub(super) fn may_be_about(&self, event: &Event) -> bool {
        self.date.is_none_or(|date| match event.start {
            Some(start) => (-60..300).contains(&days_between(start, date)),
            None => event.year.is_some_and(|year| (0..=1).contains(&(date.year() - year))),
        })
    }

    /// Whether the post names an event with its year. The year of another event does not count.
    pub(super) fn names_with_year(&self, event: &Event) -> bool {
        let with_year =
            self.mentions.iter().map(|sourced| &sourced.mention).filter(|mention| mention.year.is_some());
        let mut editions = with_year.flat_map(|mention| &mention.editions);
        self.title_years.iter().any(|year| event.year == Some(*year))
            || editions.any(|edition| edition.id == event.id)
    }

    /// Returns the year that a mention names, if the post may be about it: `DEF CON 27` has a number and no year, as the date of
    /// the post shows. A listed edition is one whatever that date.
    pub(super) fn likely_year(&self, mention: &EventMention<'_>) -> Option<i16> {
        let is_far =
            |year: i16| self.date.is_some_and(|date| year > date.year().saturating_add(MAX_YEARS_AHEAD));
        mention.year.filter(|year| !mention.editions.is_empty() || !is_far(*year))
    }

    /// Returns the year of an unlisted edition: a year named with the series, or one that the date of the post implies.
    pub(super) fn year_of(&self, series: &str) -> Option<i16> {
        let mut mentions = self.mentions.iter().filter(|sourced| {
            sourced.source != MentionSource::Rest && sourced.mention.series.is_some_and(|it| it.id == series)
        });
        mentions.find_map(|sourced| self.likely_year(&sourced.mention)).or_else(|| {
            let date = self.date?;
            // A recap is at most about four months late. So from May on the year is that of the date; before, the
            // text must name it.
            if date.month() >= 5 {
                return Some(date.year());
            }
            let is_named = |year: i16| self.years.contains(&year);
            match (is_named(date.year()), is_named(date.year() - 1)) {
                (true, false) => Some(date.year()),
                (false, true) => Some(date.year() - 1),
                _ => None,
            }
        })
    }

    /// Returns the sum of the weights of the mentions that `filter` accepts, with the limit of each source.
    fn weighted_sum(&self, filter: impl Fn(&EventMention<'t>) -> bool) -> f32 {
        let mut sums: HashMap<MentionSource, f32> = HashMap::new();
        for sourced in self.mentions.iter().filter(|sourced| filter(&sourced.mention)) {
            let (weight, limit) = sourced.source.weight_and_limit();
            let sum = sums.entry(sourced.source).or_default();
            *sum = (*sum + weight * mention_clarity(&sourced.mention)).min(limit.max(*sum));
        }
        let mut sources: Vec<f32> = sums.into_values().collect();
        // A fixed order of addition, so that the sum is always the same.
        sources.sort_by(f32::total_cmp);
        sources.iter().sum()
    }
}

/// Returns the factor for how clearly a mention names its edition.
fn mention_clarity(mention: &EventMention<'_>) -> f32 {
    let has_place = mention.region.is_some() || mention.place.is_some();
    match (&mention.series, mention.year) {
        // It may be the name of a person, or the home of the author.
        (None, _) => 0.5,
        (Some(_), Some(_)) if has_place => 1.5,
        _ => 1.0,
    }
}

/// Whether a day is one of the days of an event, or the day before it.
fn falls_in(day: NamedDay, event: &Event) -> bool {
    let (Some(start), Some(end)) = (event.start, event.end) else { return false };
    let year = day.year.unwrap_or(start.year());
    let Ok(date) = Date::new(year, day.month, day.day) else { return false };
    let before = start.yesterday().unwrap_or(start);
    (before..=end).contains(&date)
}

/// Returns how well the date of a post fits an event: people write from some weeks before it to some months after.
fn date_score(date: Date, event: &Event) -> f32 {
    let Some(start) = event.start else {
        return match event.year.map(|year| date.year() - year) {
            Some(0) => 1.5,
            Some(1) if date.month() <= 3 => 1.0,
            Some(..0) => -4.0,
            _ => 0.0,
        };
    };
    match days_between(start, date) {
        ..-30 => -4.0,
        -30..0 | 76..=130 => 2.0,
        0..=30 => 5.0,
        31..=75 => 3.5,
        131..=250 => 0.5,
        // A post that is years late is neither for nor against the event.
        _ => 0.0,
    }
}

/// Returns the days from one date to another; negative if `to` is earlier.
pub(super) fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

/// Maximum number of words before and after a name that are searched, within its sentence.
const MAX_WORDS_AROUND: usize = 9;

/// Whether the sentence around some words is about another time.
pub(super) fn refers_to_another_time(words: &Words<'_>, around: &Range<usize>) -> bool {
    let is_start = |at: &usize| ends_sentence(words.gap(*at));
    // The text after a comma is about something else: "a recap of …, see you at …".
    let is_end = |at: &usize| is_start(at) || words.gap(*at).contains(',');
    let first = around.start.saturating_sub(MAX_WORDS_AROUND);
    let from = (first + 1..=around.start).rev().find(is_start).unwrap_or(first);
    let last = words.len().min(around.end + MAX_WORDS_AROUND);
    let to = (around.end..last).find(is_end).unwrap_or(last);
    (from..to).any(|at| {
        time_cues().matches_at(words, at).any(|(len, ())| at + len <= around.start || at >= around.end)
    })
}

fn ends_sentence(gap: &str) -> bool {
    gap.contains(['!', '?', '。', '！', '？', ';'])
        || gap.contains(". ")
        || gap.contains(".\n")
        || gap.contains("\n\n")
}

fn time_cues() -> &'static PhraseTable<()> {
    static CUES: LazyLock<PhraseTable<()>> = LazyLock::new(|| {
        let mut cues = PhraseTable::default();
        let words = &language::all().events;
        words.upcoming.iter().chain(words.compared.iter()).for_each(|cue| cues.add(cue, ()));
        cues
    });
    &CUES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_the_sentence_show_another_time() {
        for (text, name, expected) in [
            ("the next one will take place in Barcelona", "Barcelona", true),
            ("like last year in Austin", "Austin", true),
            ("KubeCon in Seattle last month", "Seattle", false),
            ("See you there! We were in Austin this week.", "Austin", false),
            ("We were in Austin this week. See you next time", "Austin", false),
            ("下一次在西雅图", "西", true),
        ] {
            let words = Words::new(text);
            let at = (0..words.len()).find(|at| words.original(*at) == name).expect(name);
            assert_eq!(refers_to_another_time(&words, &(at..at + 1)), expected, "{text}");
        }
    }
}
