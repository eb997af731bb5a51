//! Events that the table does not have: what is known of them.

use super::dates::years;
use super::mentions::Mention;
use super::places::PlaceKind;
use super::table::{EventTable, slug, words};
use crate::clean;
use takeaways_text::model::{Event, EventId};
use takeaways_text::phrases::Words;

/// An edition of a series that is not listed, or that can't be told from others.
pub(super) fn edition(table: &EventTable, mention: &Mention<'_>, year: Option<i16>) -> Event {
    let place = |name: &String| {
        table.places.called(name).and_then(|id| table.places.get(id).map(|place| (id, place)))
    };
    let known = mention.place.as_ref().and_then(place);
    let region = mention.region.as_ref().and_then(place);
    // A region's first name is its code, a country's its name.
    let code = region.and_then(|(_, region)| region.called.first());
    let label = mention.place.as_ref().or(code).map_or("", String::as_str);
    let written = year.map(|year| year.to_string()).unwrap_or_default();
    let of_series =
        |part: fn(&super::Series) -> &String| mention.series.map_or("", |series| part(series).as_str());
    let id = EventId(slug(&words(&[of_series(|series| &series.id), label, &written])));
    if let Some(listed) = table.edition(&id) {
        return listed.clone();
    }
    let is_country = known.is_some_and(|(_, place)| place.kind == PlaceKind::Country);
    let country = known.or(region).and_then(|(id, _)| table.places.country_of(id));
    Event {
        id,
        series: of_series(|series| &series.name).to_owned(),
        name: words(&[of_series(|series| &series.short), label, &written]),
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
pub(super) fn free(declared: &str, year_of_post: Option<i16>) -> Option<Event> {
    // A line, not a story: what is longer is no name.
    const MAX_CHARS: usize = 120;
    let fold = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let name = clean::line(declared, MAX_CHARS);
    if !name.chars().any(char::is_alphabetic) {
        return None;
    }
    let written = years_of(&name).first().copied();
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
pub(super) fn years_of(line: &str) -> Vec<i16> {
    let words = Words::of(line);
    years(&words, words.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_declared_name_is_one_clean_line() {
        let name = |declared: &str| free(declared, None).map(|event| event.name);
        assert_eq!(name("Zebra \t Days\u{8} 2019").as_deref(), Some("Zebra Days 2019"));
        // Fuzzing found a name that was cut behind a blank.
        let long = format!("{} x", "x".repeat(119));
        assert_eq!(name(&long).map(|name| name.len()), Some(119));
        assert_eq!(name("2019"), None);
    }
}
