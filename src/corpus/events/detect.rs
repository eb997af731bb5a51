//! From the facts of a post to the events that it is about.

use jiff::civil::Date;

use super::cues::speaks_of_another_time;
use super::evidence::{Evidence, days_between};
use super::mentions::Mention;
use super::places::PlaceKind;
use super::table::{EventTable, Series, slug, words};
use crate::model::{Event, EventId};
use crate::text::phrases::Words;

/// The facts of a post that tell which event it is about.
#[derive(Debug, Clone, Copy)]
pub struct Clues<'a> {
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
    pub declared: &'a [String],
}

/// The events that a post is about, the main one first; several only where it declares or its title names several,
/// none where nothing tells.
#[must_use]
pub fn detect(table: &EventTable, clues: &Clues<'_>) -> Vec<Event> {
    let title = cut(clues.title.unwrap_or_default());
    let finder = Finder { table, evidence: Evidence::gather(table, clues) };
    let mut events = Vec::new();
    for declared in clues.declared.iter().take(MOST_DECLARED) {
        finder.declared(cut(declared), &mut events);
    }
    if !events.is_empty() {
        return events;
    }
    for (at, mention) in titled(table, title).iter().enumerate() {
        let event = finder.event(mention);
        // Further names in a title count where they say which edition is meant.
        if at == 0 || event.year.is_some() && table.edition(&event.id).is_some() || mention.place.is_some() {
            add(&mut events, event);
        }
    }
    if events.is_empty() {
        events.extend(finder.evidence.subject().map(|mention| finder.event(mention)));
    }
    events
}

/// The mentions of a title that name a conference; those of another time only where there are no others.
fn titled<'t>(table: &'t EventTable, title: &str) -> Vec<Mention<'t>> {
    let words = Words::of(title);
    let named = table.mentions_in(&words).into_iter().filter(|(_, mention)| mention.series.is_some());
    let (other_time, now): (Vec<_>, Vec<_>) =
        named.partition(|(range, _)| speaks_of_another_time(&words, range));
    let meant = if now.is_empty() { other_time } else { now };
    meant.into_iter().map(|(_, mention)| mention).collect()
}

/// What a line of front matter may have; a longer one is no title, tag or name.
pub(super) fn cut(line: &str) -> &str {
    const MOST: usize = 500;
    line.get(..line.floor_char_boundary(MOST)).unwrap_or(line)
}

/// More events than this are no declaration.
const MOST_DECLARED: usize = 20;

struct Finder<'t> {
    table: &'t EventTable,
    evidence: Evidence<'t>,
}

impl Finder<'_> {
    fn declared(&self, declared: &str, events: &mut Vec<Event>) {
        let declared = declared.trim();
        if let Some(event) = self.table.edition(&EventId(declared.to_owned())) {
            add(events, event.clone());
            return;
        }
        let named: Vec<_> =
            self.table.mentions(declared).into_iter().filter(|mention| mention.series.is_some()).collect();
        for mention in &named {
            add(events, self.event(mention));
        }
        if named.is_empty() {
            events.extend(self.free(declared));
        }
    }

    /// An event that nothing is known of but what a person wrote.
    fn free(&self, declared: &str) -> Option<Event> {
        // A line, not a story: what is longer is no name.
        const MAX_CHARS: usize = 120;
        let name: String =
            declared.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(MAX_CHARS).collect();
        let words = Words::of(&name);
        let written = (0..words.len()).find_map(|at| super::dates::year(&words, at));
        let year = written.or(self.evidence.date.map(Date::year));
        let series = written.map_or_else(|| name.clone(), |year| name.replace(&year.to_string(), " "));
        let series = series.split_whitespace().collect::<Vec<_>>().join(" ");
        let id = match (written, year) {
            (None, Some(year)) => slug(&format!("{name} {year}")),
            _ => slug(&name),
        };
        (!words.is_empty()).then(|| Event {
            id: EventId(id),
            series: if series.is_empty() { name.clone() } else { series },
            name,
            year,
            city: None,
            country: None,
            region: None,
            start: None,
            end: None,
        })
    }

    /// The edition that a mention means in this post.
    fn event(&self, mention: &Mention<'_>) -> Event {
        match *self.leaders(&mention.editions) {
            [only] if mention.editions.len() > 1 || self.is_likely(mention, only) => only.clone(),
            ref leaders => self.unlisted(mention, leaders),
        }
    }

    /// Whether the only listed edition that fits is the one that is meant: series go on, and not all of their
    /// editions are listed.
    fn is_likely(&self, mention: &Mention<'_>, only: &Event) -> bool {
        let open = mention.series.is_some_and(|series| series.open);
        let told = mention.year.is_some() || (mention.place.is_some() && !open);
        let near = |date: Date| match only.start {
            Some(start) => (-60..300).contains(&days_between(start, date)),
            None => only.year.is_some_and(|year| (0..=1).contains(&(date.year() - year))),
        };
        told || self.evidence.date.is_none_or(near)
    }

    /// The candidates that most speaks for; several where they can't be told apart.
    fn leaders<'e>(&self, candidates: &[&'e Event]) -> Vec<&'e Event> {
        // Less than a city's name in passing tells nothing.
        const LEAD: f32 = 0.25;
        let scored: Vec<(f32, &Event)> =
            candidates.iter().map(|event| (self.evidence.score(event, candidates), *event)).collect();
        let best = scored.iter().map(|(score, _)| *score).fold(f32::NEG_INFINITY, f32::max);
        scored.into_iter().filter(|(score, _)| best - score < LEAD).map(|(_, event)| event).collect()
    }

    /// An edition that is not listed, or one of several that can't be told apart: what is known of it.
    fn unlisted(&self, mention: &Mention<'_>, leaders: &[&Event]) -> Event {
        let year = mention.year.or_else(|| match leaders {
            [first, _, ..] => first.year.filter(|_| leaders.iter().all(|event| event.year == first.year)),
            _ => mention.series.and_then(|series| self.evidence.year_of(&series.id)),
        });
        let (id, short, series) = mention.series.map_or(("event", "", ""), |series: &Series| {
            (series.id.as_str(), series.short.as_str(), series.name.as_str())
        });
        let known = mention.place.as_ref().and_then(|place| self.table.places.called(place));
        let region = mention.region.as_ref().and_then(|region| self.table.places.called(region));
        let code =
            region.and_then(|region| self.table.places.get(region)).and_then(|region| region.called.first());
        let label = mention.place.as_ref().or(code).cloned().unwrap_or_default();
        let year_text = year.map(|year| year.to_string()).unwrap_or_default();
        let id = EventId(slug(&words(&[id, &label, &year_text])));
        if let Some(listed) = self.table.edition(&id) {
            return listed.clone();
        }
        let is_country = known
            .and_then(|place| self.table.places.get(place))
            .is_some_and(|place| place.kind == PlaceKind::Country);
        let country = known.or(region).and_then(|place| self.table.places.country_of(place));
        Event {
            id,
            series: series.to_owned(),
            name: words(&[short, &label, &year_text]),
            year,
            city: mention.place.clone().filter(|_| !is_country),
            country: country.map(|place| place.name.clone()),
            region: mention.region.clone(),
            start: None,
            end: None,
        }
    }
}

fn add(events: &mut Vec<Event>, event: Event) {
    if !events.iter().any(|other| other.id == event.id) {
        events.push(event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(clues: &Clues<'_>) -> String {
        let events = detect(EventTable::builtin(), clues);
        events.iter().map(|event| event.id.0.as_str()).collect::<Vec<_>>().join(" ")
    }

    fn clues<'a>(title: &'a str, date: &str, text: &'a str) -> Clues<'a> {
        let title = Some(title).filter(|title| !title.is_empty());
        Clues {
            title,
            file_stem: "post",
            tags: &[],
            date: date.parse().ok(),
            text,
            headings: &[],
            declared: &[],
        }
    }

    #[test]
    fn title_text_and_date_tell() {
        for (title, date, text, expected) in [
            ("KubeCon: a look around", "2018-05-03", "And so KubeCon 2018 begins.", "kubecon-eu-2018"),
            (
                "Takeaways from KubeCon",
                "2019-01-17",
                "Over 8,000 people came to KubeCon in Seattle last month. The first KubeCon was in 2015. \
                 The next one will take place in Barcelona, and KubeCon NA 2019 in San Diego.",
                "kubecon-na-2018",
            ),
            (
                "KubeCon recap",
                "2018-05-10",
                "It was as loud as KubeCon last year in Austin.",
                "kubecon-eu-2018",
            ),
            ("KubeCon recap, see you at KubeCon NA 2025", "2025-04-20", "", "kubecon-eu-2025"),
            ("KubeCon recap", "", "", "kubecon"),
            ("KubeCon recap", "2025-06-20", "", "kubecon-2025"),
            ("KubeCon 2019 recap", "", "We flew home from San Diego.", "kubecon-na-2019"),
            ("KubeCon San Diego", "2026-01-01", "", "kubecon-na-2019"),
            ("KCD Amsterdam and Paris 2023", "", "", "kcd-amsterdam-2023 kcd-france-2023"),
            ("DevOpsDays Mos Eisley", "2031-07-01", "", "devopsdays-mos-eisley-2031"),
            ("DevOpsDays Mos Eisley", "2031-02-01", "", "devopsdays-mos-eisley"),
            ("DevOpsDays Detroit", "2023-11-01", "", "devopsdays-detroit-2023"),
            ("ElixirConf 2021", "", "", "elixirconf-2021"),
            ("RubyKaigi 2031", "", "", "rubykaigi-2031"),
            ("A week in spring", "2019-05-27", "Last week I was at KubeCon in Barcelona.", "kubecon-eu-2019"),
            ("A week in spring", "2019-05-27", "Flowers everywhere, in Barcelona too.", ""),
            ("Notes", "", "Notes from PromCon 2016, and PromCon 2017 was in Munich.", "promcon-2016"),
        ] {
            assert_eq!(ids(&clues(title, date, text)), expected, "{title} {date} {text}");
        }
    }

    #[test]
    fn what_is_declared_wins() {
        for (declared, expected) in [
            ("kubecon-na-2019", "kubecon-na-2019"),
            ("KubeCon Europe 2022", "kubecon-eu-2022"),
            ("KubeCon + CloudNativeCon EU", "kubecon-eu-2018"),
            ("Nerdearla 2023", "nerdearla-2023"),
            ("Our own meetup", "our-own-meetup-2018"),
            (" \u{1f389} ", "promcon-2018"),
        ] {
            let declared = [declared.to_owned()];
            let clues =
                Clues { declared: &declared, ..clues("PromCon 2018", "2018-08-20", "KubeCon in Detroit") };
            assert_eq!(ids(&clues), expected, "{declared:?}");
        }
    }

    #[test]
    fn an_unlisted_edition_has_what_is_known() {
        let events = detect(EventTable::builtin(), &clues("KCD Oslo 2029", "", ""));
        let event = events.first().expect("an event");
        assert_eq!(
            (event.name.as_str(), event.series.as_str()),
            ("KCD Oslo 2029", "Kubernetes Community Days")
        );
        assert_eq!((event.city.as_deref(), event.country.as_deref()), (Some("Oslo"), Some("Norway")));
        assert_eq!((event.year, event.start), (Some(2029), None));
    }

    #[test]
    fn tags_and_file_names_tell_where_nothing_else_does() {
        let tags = ["KubeCon2018".to_owned(), "Seattle".to_owned()];
        assert_eq!(ids(&Clues { tags: &tags, ..clues("Day 1", "", "") }), "kubecon-na-2018");
        assert_eq!(
            ids(&Clues { file_stem: "2019-kubecon-eu-notes", ..clues("", "", "a talk") }),
            "kubecon-eu-2019"
        );
        assert_eq!(ids(&Clues { file_stem: "2019-05-notes", ..clues("", "", "a talk") }), "");
    }

    #[test]
    fn no_text_hurts() {
        let long = format!("KubeCon {}", "KubeCon EU and NA 2019, ".repeat(20_000));
        for text in [
            "",
            "\0",
            "\r\r",
            "\u{202e}KubeCon",
            long.as_str(),
            "2019 2019 2019",
            "in in in KubeCon in in in",
        ] {
            let _ = detect(EventTable::builtin(), &clues(text, "0001-01-01", text));
        }
    }
}
