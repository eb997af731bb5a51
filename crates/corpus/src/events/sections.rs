//! Finds which of several events of a post each section is about.

use takeaways_text::model::{Body, Event};

use super::EventTable;

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
