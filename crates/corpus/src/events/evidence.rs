//! What the parts of a post say about events, and how much each part counts.
//!
//! Words that tell that an event which is named is not the one a text is about: it is still to come, or it is
//! only compared with.

use super::{
    detect::{EventDetectionInput, truncate_line},
    grammar::{NamedDay, days_before, years_before},
    mentions::Mention,
    table::EventTable,
};
use jiff::civil::Date;
use std::{collections::HashMap, ops::Range, sync::LazyLock};
use takeaways_text::{
    language::all_words,
    model::Event,
    phrases::{PhraseTable, Words},
};

/// What a post says about events besides its title.
pub(super) struct Evidence<'t> {
    mentions: Vec<SourcedMention<'t>>,
    days: Vec<NamedDay>,
    years: Vec<i16>,
    title_years: Vec<i16>,
    pub(super) date: Option<Date>,
}

struct SourcedMention<'t> {
    source: MentionSource,
    mention: Mention<'t>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum MentionSource {
    Tag,
    FirstHeading,
    Heading,
    /// The first lines of the text.
    Opening,
    /// The rest of what counts as the text's beginning.
    Beginning,
    Rest,
    FileName,
}

/// Bytes of the text that count as its opening and as its beginning: the first paragraph, the first screen.
const OPENING: usize = 500;
const BEGINNING: usize = 1_800;

/// Bytes of the text that are read at all; a longer post has said by then what it is about.
const MAX_TEXT_BYTES: usize = 100_000;

/// Mentions in a text that are weighed; all sources have reached their most long before.
const MAX_TEXT_MENTIONS: usize = 300;

impl MentionSource {
    /// What one mention counts, and the most that all mentions here count together.
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
    pub(super) fn collect(table: &'t EventTable, clues: &EventDetectionInput<'_>) -> Self {
        let mut evidence = Self {
            mentions: Vec::new(),
            days: Vec::new(),
            years: Vec::new(),
            title_years: Vec::new(),
            date: clues.date,
        };
        let title = Words::new(truncate_line(clues.title.unwrap_or_default()));
        evidence.title_years = years_before(&title, title.len());
        for tag in clues.tags.iter().take(100) {
            evidence.add(MentionSource::Tag, table.mentions(truncate_line(tag)));
        }
        for (at, heading) in clues.headings.iter().take(60).enumerate() {
            let source = if at == 0 { MentionSource::FirstHeading } else { MentionSource::Heading };
            evidence.add(source, table.mentions(truncate_line(heading)));
        }
        evidence.read_text(table, clues.text);
        evidence.add(MentionSource::FileName, table.mentions(truncate_line(clues.file_stem)));
        evidence
    }

    fn add(&mut self, source: MentionSource, mentions: Vec<Mention<'t>>) {
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

    /// What a post without an event in its title is about: the series that most speaks for, as the best of
    /// its mentions has it.
    pub(super) fn main_mention(&self) -> Option<&Mention<'t>> {
        // One mention in the opening, a tag or a heading is enough; one further down is not.
        const ENOUGH: f32 = 1.5;
        let mut series: Vec<&str> = Vec::new();
        for found in &self.mentions {
            series.extend(
                found.mention.series.map(|series| series.id.as_str()).filter(|id| !series.contains(id)),
            );
        }
        let speaks_for =
            |id: &str| self.weighted_sum(|mention| mention.series.is_some_and(|series| series.id == id));
        let mut best: Option<(f32, &str)> = None;
        for id in series {
            let sum = speaks_for(id);
            if sum >= ENOUGH && best.is_none_or(|(most, _)| sum > most) {
                best = Some((sum, id));
            }
        }
        let (_, id) = best?;
        let mentions =
            self.mentions.iter().filter(|found| found.mention.series.is_some_and(|series| series.id == id));
        let detail = |mention: &Mention<'_>| {
            [mention.year.is_some(), mention.place.is_some(), mention.region.is_some()]
                .iter()
                .filter(|x| **x)
                .count()
        };
        let weight = |found: &SourcedMention<'_>| {
            let (one, _) = found.source.weight_and_limit();
            // Sources weigh by halves and tenths; detail decides between two of one source.
            one * 10.0 + f32::from(u8::try_from(detail(&found.mention)).unwrap_or(u8::MAX))
        };
        mentions
            .reduce(|best, other| if weight(other) > weight(best) { other } else { best })
            .map(|found| &found.mention)
    }

    /// How much speaks for a candidate and not for all others too.
    pub(super) fn score(&self, candidate: &Event, candidates: &[&Event]) -> f32 {
        let names =
            |mention: &Mention<'_>, event: &Event| mention.editions.iter().any(|other| other.id == event.id);
        let told = |mention: &Mention<'_>| {
            names(mention, candidate) && !candidates.iter().all(|event| names(mention, event))
        };
        let in_days = self.days.iter().filter(|day| falls_in(**day, candidate)).count();
        let in_year = self.years.iter().filter(|year| candidate.year == Some(**year)).count();
        let some = |count: usize, each: f32, most: f32| {
            (f32::from(u8::try_from(count).unwrap_or(u8::MAX)) * each).min(most)
        };
        let in_title = self.title_years.iter().filter(|year| candidate.year == Some(**year)).count();
        let date = self.date.map_or(0.0, |date| date_score(date, candidate));
        self.weighted_sum(told)
            + some(in_days, 2.5, 4.0)
            + some(in_year, 0.5, 1.0)
            + some(in_title, 2.0, 2.0)
            + date
    }

    /// Whether the post may be of the time of an event: from some weeks before it to some months after it. A
    /// post without a date may be.
    pub(super) fn may_be_about(&self, event: &Event) -> bool {
        self.date.is_none_or(|date| match event.start {
            Some(start) => (-60..300).contains(&days_between(start, date)),
            None => event.year.is_some_and(|year| (0..=1).contains(&(date.year() - year))),
        })
    }

    /// Whether the post names an event with its year; another event's year says nothing of it.
    pub(super) fn names_with_year(&self, event: &Event) -> bool {
        let dated = self.mentions.iter().map(|found| &found.mention).filter(|mention| mention.year.is_some());
        let mut named = dated.flat_map(|mention| &mention.editions);
        self.title_years.iter().any(|year| event.year == Some(*year))
            || named.any(|other| other.id == event.id)
    }

    /// The year of an event that is in no table: named with the series, or by the date.
    pub(super) fn year_of(&self, series: &str) -> Option<i16> {
        let named =
            self.mentions.iter().filter(|found| found.mention.series.is_some_and(|other| other.id == series));
        let named =
            named.filter(|found| found.source != MentionSource::Rest).find_map(|found| found.mention.year);
        named.or_else(|| {
            let date = self.date?;
            // A recap is at most some four months late: by May the year is the date's. Before, the text must
            // say.
            if date.month() >= 5 {
                return Some(date.year());
            }
            let said = |year: i16| self.years.contains(&year);
            match (said(date.year()), said(date.year() - 1)) {
                (true, false) => Some(date.year()),
                (false, true) => Some(date.year() - 1),
                _ => None,
            }
        })
    }

    /// The sum over all mentions that are meant, each source up to its most.
    fn weighted_sum(&self, meant: impl Fn(&Mention<'t>) -> bool) -> f32 {
        let mut sums: HashMap<MentionSource, f32> = HashMap::new();
        for found in self.mentions.iter().filter(|found| meant(&found.mention)) {
            let (one, most) = found.source.weight_and_limit();
            let sum = sums.entry(found.source).or_default();
            *sum = (*sum + one * mention_clarity(&found.mention)).min(most.max(*sum));
        }
        let mut sources: Vec<f32> = sums.into_values().collect();
        // One order of adding, so that the sum is the same each time.
        sources.sort_by(f32::total_cmp);
        sources.iter().sum()
    }
}

/// How clearly a mention names its edition.
fn mention_clarity(mention: &Mention<'_>) -> f32 {
    let place = mention.region.is_some() || mention.place.is_some();
    match (&mention.series, mention.year) {
        // It may be a person's name, or where the author lives.
        (None, _) => 0.5,
        (Some(_), Some(_)) if place => 1.5,
        _ => 1.0,
    }
}

/// Whether a day that a text names is one of the event's, or the one before it.
fn falls_in(day: NamedDay, event: &Event) -> bool {
    let (Some(start), Some(end)) = (event.start, event.end) else { return false };
    let year = day.year.unwrap_or(start.year());
    let Ok(date) = Date::new(year, day.month, day.day) else { return false };
    let before = start.yesterday().unwrap_or(start);
    (before..=end).contains(&date)
}

/// How well a post's date fits an event: people write from some weeks before it to some months after.
pub(super) fn date_score(date: Date, event: &Event) -> f32 {
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
        // It may be years late, and says nothing then.
        _ => 0.0,
    }
}

/// Days from one date to another; negative where the other comes first.
pub(super) fn days_between(from: Date, to: Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

/// How many words before and after a name are looked at, within its sentence.
const MAX_WORDS_AROUND: usize = 9;

/// Whether the sentence around some words speaks of another time.
pub(super) fn refers_to_another_time(words: &Words<'_>, around: &Range<usize>) -> bool {
    let from = sentence_start(words, around.start);
    let to = sentence_end(words, around.end);
    (from..to).any(|at| {
        time_cues().matches_at(words, at).any(|(len, ())| at + len <= around.start || at >= around.end)
    })
}

fn sentence_start(words: &Words<'_>, at: usize) -> usize {
    let mut from = at;
    while from > at.saturating_sub(MAX_WORDS_AROUND) && from > 0 && !ends_sentence(words.gap(from)) {
        from -= 1;
    }
    from
}

fn sentence_end(words: &Words<'_>, at: usize) -> usize {
    let mut to = at;
    // What is said behind a comma is of something else: "a recap of …, see you at …".
    while to < words.len().min(at + MAX_WORDS_AROUND)
        && !ends_sentence(words.gap(to))
        && !words.gap(to).contains(',')
    {
        to += 1;
    }
    to
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
        for cue in all_words(|words| &words.events.upcoming)
            .into_iter()
            .chain(all_words(|words| &words.events.compared))
        {
            cues.add(cue, ());
        }
        cues
    });
    &CUES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_tells() {
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
