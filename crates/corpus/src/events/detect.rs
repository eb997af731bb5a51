//! Detects the events that a post is about.

use jiff::civil::Date;
use takeaways_text::invisible::clean_line;
use takeaways_text::model::{Body, Event, EventId};
use takeaways_text::phrases::Words;
use takeaways_text::tokens::folding::collapse_whitespace;

use super::EventSeries;
use super::evidence::{Evidence, days_between, refers_to_another_time};
use super::grammar::years_before;
use super::lexicon::PlaceKind;
use super::mentions::EventMention;
use super::table::{EventTable, join_words, slug};
use super::unlisted::find_unlisted_event;

/// The facts of a post that show which event it is about.
#[derive(Debug, Clone, Copy)]
pub(crate) struct EventDetectionInput<'a> {
    /// The title.
    pub title: Option<&'a str>,
    /// The name of the file without its extension. It is weak evidence, because files are named freely.
    pub file_stem: &'a str,
    /// Tags and categories.
    pub tags: &'a [String],
    /// The date of publication. It may be wrong by years.
    pub date: Option<Date>,
    /// The readable text.
    pub text: &'a str,
    /// The headings, in order.
    pub headings: &'a [&'a str],
    /// The events that front matter declares: ids, names or free text. They override everything else.
    pub declared_events: &'a [String],
}

/// Returns the events that a post is about, the main one first. There are several only if the front matter declares or
/// the title names several, and none if there is no evidence.
pub(crate) fn detect_events(table: &EventTable, input: &EventDetectionInput<'_>) -> Vec<Event> {
    let title = truncate_line(input.title.unwrap_or_default());
    let detector = EventDetector { table, evidence: Evidence::collect(table, input) };
    let mut events = Vec::new();
    for declared in input.declared_events.iter().take(MAX_DECLARED) {
        detector.add_declared(truncate_line(declared), &mut events);
    }
    if !events.is_empty() {
        return events;
    }
    for (at, mention) in title_mentions(table, title).iter().enumerate() {
        let event = detector.event_of_mention(mention);
        // A further name in a title counts if it names an edition.
        if at == 0 || event.year.is_some() && table.edition(&event.id).is_some() || mention.place.is_some() {
            add_event(&mut events, event);
        }
    }
    if events.is_empty() {
        events.extend(detector.evidence.main_mention().map(|mention| detector.event_of_mention(mention)));
    }
    if events.is_empty() {
        events.extend(find_unlisted_event(table, input));
    }
    events
}

/// Returns the mentions of conferences in a title. Mentions of another time count only if there are no others.
fn title_mentions<'t>(table: &'t EventTable, title: &str) -> Vec<EventMention<'t>> {
    let words = Words::new(title);
    let of_series =
        table.mentions_with_words(&words).into_iter().filter(|(_, mention)| mention.series.is_some());
    let (of_another_time, current): (Vec<_>, Vec<_>) =
        of_series.partition(|(range, _)| refers_to_another_time(&words, range));
    let mentions = if current.is_empty() { of_another_time } else { current };
    mentions.into_iter().map(|(_, mention)| mention).collect()
}

/// Truncates a line of front matter. A longer one is not a title, a tag or a name.
pub(super) fn truncate_line(line: &str) -> &str {
    const MAX_LEN: usize = 500;
    line.get(..line.floor_char_boundary(MAX_LEN)).unwrap_or(line)
}

/// Maximum number of declared events.
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
        let mut mentions = self.table.mentions(declared);
        mentions.retain(|mention| mention.series.is_some());
        let years = years_in_line(declared);
        for mention in &mut mentions {
            // The only year in a line applies to all of its mentions: "PromCon, the second one, 2017".
            if let ([year], None) = (years.as_slice(), mention.year) {
                mention.year = Some(*year);
                mention.editions.retain(|event| event.year == Some(*year));
            }
            add_event(events, self.event_of_mention(mention));
        }
        if mentions.is_empty() {
            events.extend(event_from_text(declared, self.evidence.date.map(Date::year)));
        }
    }

    /// Returns the edition that a mention stands for in this post.
    fn event_of_mention(&self, mention: &EventMention<'_>) -> Event {
        let mention = &EventMention { year: self.evidence.likely_year(mention), ..mention.clone() };
        let without_place = self.table.without_place(mention);
        let mention = without_place.as_ref().unwrap_or(mention);
        let leaders = match mention.editions.as_slice() {
            [only] if self.is_likely_edition(mention, only) => vec![*only],
            [_] => Vec::new(),
            candidates => self.leading_candidates(mention, candidates),
        };
        match leaders.as_slice() {
            [leader] => (*leader).clone(),
            leaders => unlisted_edition(self.table, mention, self.year_of(mention, leaders)),
        }
    }

    /// Whether the only listed edition that matches is the right one. Later editions of a series may not be listed.
    fn is_likely_edition(&self, mention: &EventMention<'_>, only: &Event) -> bool {
        let is_open = mention.series.is_some_and(|series| series.held_in_any_city);
        let is_explicit = mention.year.is_some() || (mention.place.is_some() && !is_open);
        is_explicit || self.evidence.may_be_about(only)
    }

    /// Returns the candidates with the most evidence: several if their evidence is nearly the same, none if there is no
    /// evidence.
    fn leading_candidates<'e>(&self, mention: &EventMention<'_>, candidates: &[&'e Event]) -> Vec<&'e Event> {
        // This is less than the weight of a city that is mentioned once.
        const LEAD: f32 = 0.25;
        let is_open = mention.series.is_some_and(|series| series.held_in_any_city);
        let is_likely = |event: &&Event| {
            !is_open || self.evidence.may_be_about(event) || self.evidence.names_with_year(event)
        };
        let likely = candidates.iter().copied().filter(is_likely);
        let scored: Vec<(f32, &Event)> =
            likely.map(|event| (self.evidence.score(event, candidates), event)).collect();
        let best = scored.iter().map(|(score, _)| *score).fold(f32::NEG_INFINITY, f32::max);
        let is_leader = |score: f32| best > 0.0 && best - score < LEAD;
        let leaders =
            scored.into_iter().filter(|(score, _)| is_leader(*score)).map(|(_, event)| event).collect();
        // An open series may have a later edition that is not listed.
        if is_open { leaders } else { self.last_ended(leaders) }
    }

    /// Of several past editions, returns the one that the post looks back on: the last before the date of the post, if
    /// it ended clearly later than the others and not long before.
    fn last_ended<'e>(&self, leaders: Vec<&'e Event>) -> Vec<&'e Event> {
        // A recap is at most about four months late. Two events within two weeks are equally likely.
        const MAX_DAYS_AGO: i32 = 130;
        const MIN_DAYS_BETWEEN: i32 = 14;
        let Some(date) = self.evidence.date else { return leaders };
        let days_ago = |event: &Event| event.end.map(|end| days_between(end, date)).filter(|days| *days >= 0);
        let mut past: Vec<(i32, &Event)> =
            leaders.iter().filter_map(|event| Some((days_ago(event)?, *event))).collect();
        past.sort_by_key(|(days, _)| *days);
        match past.as_slice() {
            [(days, last), (next, _), ..]
                if past.len() == leaders.len()
                    && *days <= MAX_DAYS_AGO
                    && next - days >= MIN_DAYS_BETWEEN =>
            {
                vec![*last]
            }
            _ => leaders,
        }
    }

    /// Returns the year of an unlisted edition, or the common year of several candidates.
    fn year_of(&self, mention: &EventMention<'_>, leaders: &[&Event]) -> Option<i16> {
        let year = match leaders {
            [] => mention.series.and_then(|series| self.evidence.year_of(&series.id)),
            [first, rest @ ..] => first.year.filter(|_| rest.iter().all(|event| event.year == first.year)),
        };
        mention.year.or(year)
    }
}

fn add_event(events: &mut Vec<Event>, event: Event) {
    if !events.iter().any(|known| known.id == event.id) {
        events.push(event);
    }
}

/// Returns an edition that is not listed, or one whose candidates have nearly the same evidence.
fn unlisted_edition(table: &EventTable, mention: &EventMention<'_>, year: Option<i16>) -> Event {
    let place =
        |name: &String| table.places.find(name).and_then(|id| table.places.get(id).map(|place| (id, place)));
    let known_place = mention.place.as_ref().and_then(place);
    let region = mention.region.as_ref().and_then(place);
    // The first name of a region is its code; that of a country is its name.
    let code = region.and_then(|(_, region)| region.names.first());
    let label = mention.place.as_ref().or(code).map_or("", String::as_str);
    let year_text = year.map(|year| year.to_string()).unwrap_or_default();
    let series_part =
        |part: fn(&EventSeries) -> &String| mention.series.map_or("", |series| part(series).as_str());
    let id = EventId(slug(&join_words(&[series_part(|series| &series.id), label, &year_text])));
    if let Some(listed) = table.edition(&id) {
        return listed.clone();
    }
    let is_country = known_place.is_some_and(|(_, place)| place.kind == PlaceKind::Country);
    let country = known_place.or(region).and_then(|(id, _)| table.places.country_of(id));
    Event {
        id,
        series: series_part(|series| &series.name).to_owned(),
        name: join_words(&[series_part(|series| &series.short), label, &year_text]),
        year,
        city: mention.place.clone().filter(|_| !is_country),
        country: country.map(|place| place.name.clone()),
        region: mention.region.clone(),
        ..Event::default()
    }
}

/// Returns an event with only a declared name. Its year is the one in the name, or that of the post. Returns `None` if
/// the text has no letters.
fn event_from_text(declared: &str, year_of_post: Option<i16>) -> Option<Event> {
    const MAX_CHARS: usize = 120;
    let name = clean_line(declared, MAX_CHARS);
    if !name.chars().any(char::is_alphabetic) {
        return None;
    }
    let year_in_name = years_in_line(&name).first().copied();
    let year = year_in_name.or(year_of_post);
    let series = year_in_name
        .map_or_else(|| name.clone(), |year| collapse_whitespace(&name.replace(&year.to_string(), " ")));
    let id = match (year_in_name, year) {
        (None, Some(year)) => slug(&format!("{name} {year}")),
        _ => slug(&name),
    };
    Some(Event { id: EventId(id), series, name, year, ..Event::default() })
}

/// Returns the years in a line.
fn years_in_line(line: &str) -> Vec<i16> {
    let words = Words::new(line);
    years_before(&words, words.len())
}

#[cfg(test)]
mod tests;

/// Fills the events of the sections of a post about several events. The nearest heading that names exactly one of them
/// decides.
pub fn fill_section_events(body: &mut Body, events: &[Event]) {
    if events.len() < 2 {
        return;
    }
    for at in 0..body.sections.len() {
        let heading = body.sections[at].heading.and_then(|span| named_event(body.slice(span), events));
        let above = |parent: u32| body.sections.get(parent as usize)?.event;
        body.sections[at].event = heading.or_else(|| body.sections[at].parent.and_then(above));
    }
}

/// The only event that a heading names, by its place in `events`.
fn named_event(heading: &str, events: &[Event]) -> Option<u8> {
    let mentions = EventTable::builtin().mentions(heading);
    let is_named = |event: &Event| {
        mentions.iter().any(|mention| {
            mention.editions.iter().any(|edition| edition.id == event.id)
                || mention.editions.is_empty()
                    && mention.series.is_some_and(|series| series.name == event.series)
                    && mention.year.is_none_or(|year| event.year == Some(year))
        })
    };
    let mut named = (0..=u8::MAX).zip(events).filter(|(_, event)| is_named(event));
    named.next().filter(|_| named.next().is_none()).map(|(at, _)| at)
}
