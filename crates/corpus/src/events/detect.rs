//! From the facts of a post to the events that it is about.

use super::evidence::refers_to_another_time;
use super::evidence::{Evidence, days_between};
use super::grammar::years_before;
use super::lexicon::PlaceKind;
use super::mentions::Mention;
use super::table::{EventTable, join_words, slug};
use jiff::civil::Date;
use takeaways_text::invisible::clean_line;
use takeaways_text::model::{Event, EventId};
use takeaways_text::phrases::Words;

/// The facts of a post that tell which event it is about.
#[derive(Debug, Clone, Copy)]
pub struct EventDetectionInput<'a> {
    /// The title.
    pub title: Option<&'a str>,
    /// The file's name without its extension: a weak clue, files are named freely.
    pub file_stem: &'a str,
    /// Tags and categories.
    pub tags: &'a [String],
    /// The day it was published. It may be years off.
    pub date: Option<Date>,
    /// The readable text.
    pub text: &'a str,
    /// The headings, in order.
    pub headings: &'a [&'a str],
    /// What the front matter says that it is about: ids, names or free text. Wins over all else.
    pub declared_events: &'a [String],
}

/// The events that a post is about, the main one first; several only where it declares or its title names
/// several, none where nothing tells.
#[must_use]
pub fn detect_events(table: &EventTable, clues: &EventDetectionInput<'_>) -> Vec<Event> {
    let title = truncate_line(clues.title.unwrap_or_default());
    let finder = EventDetector { table, evidence: Evidence::collect(table, clues) };
    let mut events = Vec::new();
    for declared in clues.declared_events.iter().take(MAX_DECLARED) {
        finder.add_declared(truncate_line(declared), &mut events);
    }
    if !events.is_empty() {
        return events;
    }
    for (at, mention) in title_mentions(table, title).iter().enumerate() {
        let event = finder.event_of_mention(mention);
        // Further names in a title count where they say which edition is meant.
        if at == 0 || event.year.is_some() && table.edition(&event.id).is_some() || mention.place.is_some() {
            add_event(&mut events, event);
        }
    }
    if events.is_empty() {
        events.extend(finder.evidence.main_mention().map(|mention| finder.event_of_mention(mention)));
    }
    events
}

/// The mentions of a title that name a conference; those of another time only where there are no others.
fn title_mentions<'t>(table: &'t EventTable, title: &str) -> Vec<Mention<'t>> {
    let words = Words::new(title);
    let named = table.mentions_with_words(&words).into_iter().filter(|(_, mention)| mention.series.is_some());
    let (other_time, now): (Vec<_>, Vec<_>) =
        named.partition(|(range, _)| refers_to_another_time(&words, range));
    let meant = if now.is_empty() { other_time } else { now };
    meant.into_iter().map(|(_, mention)| mention).collect()
}

/// What a line of front matter may have; a longer one is no title, tag or name.
pub(super) fn truncate_line(line: &str) -> &str {
    const MOST: usize = 500;
    line.get(..line.floor_char_boundary(MOST)).unwrap_or(line)
}

/// More events than this are no declaration.
const MAX_DECLARED: usize = 20;

struct EventDetector<'t> {
    table: &'t EventTable,
    evidence: Evidence<'t>,
}

impl EventDetector<'_> {
    fn add_declared(&self, declared: &str, events: &mut Vec<Event>) {
        let declared = declared.trim();
        if let Some(event) = self.table.edition(&EventId(declared.to_owned())) {
            add_event(events, event.clone());
            return;
        }
        let mut named = self.table.mentions(declared);
        named.retain(|mention| mention.series.is_some());
        let written = years_in_line(declared);
        for mention in &mut named {
            // "PromCon, the second one, 2017": one year in the line is meant for all that it names.
            if let ([year], None) = (written.as_slice(), mention.year) {
                mention.year = Some(*year);
                mention.editions.retain(|event| event.year == Some(*year));
            }
            add_event(events, self.event_of_mention(mention));
        }
        if named.is_empty() {
            events.extend(event_from_text(declared, self.evidence.date.map(Date::year)));
        }
    }

    /// The edition that a mention means in this post.
    fn event_of_mention(&self, mention: &Mention<'_>) -> Event {
        let without_place = self.table.without_place(mention);
        let mention = without_place.as_ref().unwrap_or(mention);
        let leaders = match mention.editions.as_slice() {
            [only] if self.is_likely_edition(mention, only) => vec![*only],
            [_] => Vec::new(),
            several => self.leading_candidates(mention, several),
        };
        match leaders.as_slice() {
            [one] => (*one).clone(),
            leaders => unlisted_edition(self.table, mention, self.year_of(mention, leaders)),
        }
    }

    /// Whether the only listed edition that fits is the one that is meant: series go on, and not all of their
    /// editions are listed.
    fn is_likely_edition(&self, mention: &Mention<'_>, only: &Event) -> bool {
        let open = mention.series.is_some_and(|series| series.held_in_any_city);
        let told = mention.year.is_some() || (mention.place.is_some() && !open);
        told || self.evidence.may_be_about(only)
    }

    /// The candidates that most speaks for; several where they can't be told apart, none where nothing speaks
    /// for any.
    fn leading_candidates<'e>(&self, mention: &Mention<'_>, candidates: &[&'e Event]) -> Vec<&'e Event> {
        // Less than a city's name in passing tells nothing.
        const LEAD: f32 = 0.25;
        let open = mention.series.is_some_and(|series| series.held_in_any_city);
        let likely = |event: &&Event| {
            !open || self.evidence.may_be_about(event) || self.evidence.names_with_year(event)
        };
        let scored = candidates.iter().copied().filter(likely);
        let scored: Vec<(f32, &Event)> =
            scored.map(|event| (self.evidence.score(event, candidates), event)).collect();
        let best = scored.iter().map(|(score, _)| *score).fold(f32::NEG_INFINITY, f32::max);
        let lead = |score: f32| best > 0.0 && best - score < LEAD;
        let leaders = scored.into_iter().filter(|(score, _)| lead(*score)).map(|(_, event)| event).collect();
        // Of a family of events, one that is not listed may have been later still.
        if open { leaders } else { self.last_ended(leaders) }
    }

    /// Of several that are over, the one that a post looks back on: the last before its day, where it ended
    /// clearly later than the others and not long ago.
    fn last_ended<'e>(&self, leaders: Vec<&'e Event>) -> Vec<&'e Event> {
        // A recap is at most some four months late; two events within two weeks are equally near.
        const LATE: i32 = 130;
        const APART: i32 = 14;
        let Some(date) = self.evidence.date else { return leaders };
        let ago = |event: &Event| event.end.map(|end| days_between(end, date)).filter(|days| *days >= 0);
        let mut over: Vec<(i32, &Event)> =
            leaders.iter().filter_map(|event| Some((ago(event)?, *event))).collect();
        over.sort_by_key(|(days, _)| *days);
        match over.as_slice() {
            [(days, last), (next, _), ..]
                if over.len() == leaders.len() && *days <= LATE && next - days >= APART =>
            {
                vec![*last]
            }
            _ => leaders,
        }
    }

    /// The year of an edition that is not listed, or of those that can't be told apart.
    fn year_of(&self, mention: &Mention<'_>, leaders: &[&Event]) -> Option<i16> {
        let year = match leaders {
            [] => mention.series.and_then(|series| self.evidence.year_of(&series.id)),
            [first, others @ ..] => {
                first.year.filter(|_| others.iter().all(|event| event.year == first.year))
            }
        };
        mention.year.or(year)
    }
}

fn add_event(events: &mut Vec<Event>, event: Event) {
    if !events.iter().any(|other| other.id == event.id) {
        events.push(event);
    }
}

/// An edition of a series that is not listed, or that can't be told from others.
pub(super) fn unlisted_edition(table: &EventTable, mention: &Mention<'_>, year: Option<i16>) -> Event {
    let place =
        |name: &String| table.places.find(name).and_then(|id| table.places.get(id).map(|place| (id, place)));
    let known = mention.place.as_ref().and_then(place);
    let region = mention.region.as_ref().and_then(place);
    // A region's first name is its code, a country's its name.
    let code = region.and_then(|(_, region)| region.names.first());
    let label = mention.place.as_ref().or(code).map_or("", String::as_str);
    let written = year.map(|year| year.to_string()).unwrap_or_default();
    let of_series =
        |part: fn(&super::EventSeries) -> &String| mention.series.map_or("", |series| part(series).as_str());
    let id = EventId(slug(&join_words(&[of_series(|series| &series.id), label, &written])));
    if let Some(listed) = table.edition(&id) {
        return listed.clone();
    }
    let is_country = known.is_some_and(|(_, place)| place.kind == PlaceKind::Country);
    let country = known.or(region).and_then(|(id, _)| table.places.country_of(id));
    Event {
        id,
        series: of_series(|series| &series.name).to_owned(),
        name: join_words(&[of_series(|series| &series.short), label, &written]),
        year,
        city: mention.place.clone().filter(|_| !is_country),
        country: country.map(|place| place.name.clone()),
        region: mention.region.clone(),
        start: None,
        end: None,
    }
}

/// An event that nothing is known of but what a person wrote, and the year of the post where they wrote none;
/// `None` where they wrote no name.
pub(super) fn event_from_text(declared: &str, year_of_post: Option<i16>) -> Option<Event> {
    // A line, not a story: what is longer is no name.
    const MAX_CHARS: usize = 120;
    let fold = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = clean_line(declared, MAX_CHARS);
    if !name.chars().any(char::is_alphabetic) {
        return None;
    }
    let written = years_in_line(&name).first().copied();
    let year = written.or(year_of_post);
    let series = written.map_or_else(|| name.clone(), |year| fold(&name.replace(&year.to_string(), " ")));
    let id = match (written, year) {
        (None, Some(year)) => slug(&format!("{name} {year}")),
        _ => slug(&name),
    };
    Some(Event {
        id: EventId(id),
        series,
        name,
        year,
        city: None,
        country: None,
        region: None,
        start: None,
        end: None,
    })
}

/// The years that a line names.
pub(super) fn years_in_line(line: &str) -> Vec<i16> {
    let words = Words::new(line);
    years_before(&words, words.len())
}

#[cfg(test)]
mod tests;
