//! From the facts of a post to the events that it is about.

use super::dates::years_before;
use super::evidence::{Evidence, days_between};
use super::lexicon::PlaceKind;
use super::mentions::Mention;
use super::table::{EventTable, join_words, slug};
use super::time::refers_to_another_time;
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
mod tests {
    use super::*;

    fn ids(clues: &EventDetectionInput<'_>) -> String {
        let events = detect_events(EventTable::builtin(), clues);
        events.iter().map(|event| event.id.0.as_str()).collect::<Vec<_>>().join(" ")
    }

    fn clues<'a>(title: &'a str, date: &str, text: &'a str) -> EventDetectionInput<'a> {
        let title = Some(title).filter(|title| !title.is_empty());
        EventDetectionInput {
            title,
            file_stem: "post",
            tags: &[],
            date: date.parse().ok(),
            text,
            headings: &[],
            declared_events: &[],
        }
    }

    #[test]
    fn title_text_and_date_tell() {
        for (title, date, text, expected) in [
            (
                "KubeCon: a look around",
                "2018-05-03",
                "KubeCon 2018 is on, and we are there.",
                "kubecon-eu-2018",
            ),
            (
                "Takeaways from KubeCon",
                "2019-01-17",
                "We met at KubeCon in Seattle last month. Since the KubeCon of 2015 it has grown. \
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
            (
                "A look back at 2019: what KubeCon taught us",
                "",
                "We flew home from San Diego.",
                "kubecon-na-2019",
            ),
            ("What KubeCon says about 2020", "2019-11-30", "", "kubecon-na-2019"),
            ("KubeCon 2019 recap", "", "We flew home from San Diego.", "kubecon-na-2019"),
            ("FOSDEM recap", "2029-02-10", "", "fosdem"),
            ("FOSDEM recap", "2029-02-10", "What we did in 2029", "fosdem-2029"),
            ("KubeCon San Diego", "2026-01-01", "", "kubecon-na-2019"),
            ("KCD Amsterdam and Paris 2023", "", "", "kcd-amsterdam-2023 kcd-france-2023"),
            ("DevOpsDays Mos Eisley", "2031-07-01", "", "devopsdays-mos-eisley-2031"),
            ("DevOpsDays Mos Eisley", "2031-02-01", "", "devopsdays-mos-eisley"),
            ("DevOpsDays Detroit", "2023-11-01", "", "devopsdays-detroit-2023"),
            ("ElixirConf 2021", "", "", "elixirconf-2021"),
            // What is over for some weeks, against what is over for months.
            ("KubeCon recap", "2019-01-10", "Last month I was at KubeCon.", "kubecon-na-2018"),
            ("Takeaways from KubeCon + CloudNativeCon", "2019-01-17", "", "kubecon-na-2018"),
            ("Ready for KubeCon", "2019-10-25", "", "kubecon-2019"),
            ("RubyKaigi 2031", "", "", "rubykaigi-2031"),
            ("A week in spring", "2019-05-27", "Last week I was at KubeCon in Barcelona.", "kubecon-eu-2019"),
            ("A week in spring", "2019-05-27", "Flowers everywhere, in Barcelona too.", ""),
            ("Notes", "", "Notes from PromCon 2016, and PromCon 2017 was in Munich.", "promcon-2016"),
        ] {
            assert_eq!(ids(&clues(title, date, text)), expected, "{title} {date} {text}");
        }
    }

    #[test]
    fn a_place_that_leads_to_no_edition_makes_none() {
        for (title, date, expected) in [
            ("KubeCon EU 2022, Detroit next", "2022-05-25", "kubecon-eu-2022"),
            (
                "KubeCon EU 2022, GitOpsCon EU 2022, China and others",
                "2022-05-22",
                "kubecon-eu-2022 gitopscon-eu-2022",
            ),
            ("KubeCon EU 2022, China locks a door", "2022-05-22", "kubecon-eu-2022"),
            ("KubeCon EU 2022, KubeCon Detroit", "2022-05-22", "kubecon-eu-2022 kubecon-na-2022"),
            ("KubeCon EU 2022 Detroit", "2022-05-22", "kubecon-eu-2022"),
            ("KubeCon 2018 in Barcelona", "2018-12-20", "kubecon-na-2018"),
            ("KubeCon 2022 in Pictures", "2022-05-30", "kubecon-eu-2022"),
            ("FOSDEM 2019, Berlin edition of PromCon", "2019-06-25", "fosdem-2019 promcon-2019"),
            ("KubeCon Amsterdam 2020 (virtual)", "2020-08-25", "kubecon-eu-2020"),
            ("KubeCon Boston 2020 went virtual", "2020-12-01", "kubecon-na-2020"),
            ("KubeCon Amsterdam", "2023-05-01", "kubecon-eu-2023"),
            ("DevOpsDays 2019, Oslo", "2019-10-01", "devopsdays-oslo-2019"),
            ("KubeCon Nairobi 2027", "2027-10-01", "kubecon-nairobi-2027"),
        ] {
            assert_eq!(ids(&clues(title, date, "")), expected, "{title}");
        }
    }

    #[test]
    fn an_edition_whose_year_nobody_names_is_near_the_day_of_the_post() {
        let people = "We met many people of KCD in Paris last week, and KCD Oslo was in 2023.";
        let of_2023 = "We met many people of KCD in Paris last week, as at KCD 2023.";
        for (date, text, expected) in [
            ("2023-03-12", people, "kcd-france-2023"),
            ("2024-03-28", people, "kcd-2024"),
            ("2024-03-28", of_2023, "kcd-france-2023"),
        ] {
            assert_eq!(ids(&clues("Back from KCD", date, text)), expected, "{date} {text}");
        }
    }

    #[test]
    fn what_is_declared_wins() {
        for (declared, expected) in [
            ("kubecon-na-2019", "kubecon-na-2019"),
            ("KubeCon Europe 2022", "kubecon-eu-2022"),
            ("PromCon, the second one, 2017", "promcon-2017"),
            ("KubeCon + CloudNativeCon Europe Virtual 2020", "kubecon-eu-2020"),
            ("KubeCon + CloudNativeCon EU", "kubecon-eu-2018"),
            ("Nerdearla 2023", "nerdearla-2023"),
            ("Our own meetup", "our-own-meetup-2018"),
            (" \u{1f389} ", "promcon-2018"),
            ("2017", "promcon-2018"),
        ] {
            let declared = [declared.to_owned()];
            let clues = EventDetectionInput {
                declared_events: &declared,
                ..clues("PromCon 2018", "2018-08-20", "KubeCon in Detroit")
            };
            assert_eq!(ids(&clues), expected, "{declared:?}");
        }
    }

    #[test]
    fn an_unlisted_edition_has_what_is_known() {
        let events = detect_events(EventTable::builtin(), &clues("KCD Oslo 2029", "", ""));
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
        assert_eq!(ids(&EventDetectionInput { tags: &tags, ..clues("Day 1", "", "") }), "kubecon-na-2018");
        assert_eq!(
            ids(&EventDetectionInput { file_stem: "2019-kubecon-eu-notes", ..clues("", "", "a talk") }),
            "kubecon-eu-2019"
        );
        assert_eq!(ids(&EventDetectionInput { file_stem: "2019-05-notes", ..clues("", "", "a talk") }), "");
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
            let _ = detect_events(EventTable::builtin(), &clues(text, "0001-01-01", text));
        }
    }

    #[test]
    fn a_declared_name_is_one_clean_line() {
        let name = |declared: &str| event_from_text(declared, None).map(|event| event.name);
        assert_eq!(name("Zebra \t Days\u{8} 2019").as_deref(), Some("Zebra Days 2019"));
        // Fuzzing found a name that was cut behind a blank.
        let long = format!("{} x", "x".repeat(119));
        assert_eq!(name(&long).map(|name| name.len()), Some(119));
        assert_eq!(name("2019"), None);
    }
}
