//! What a person names who chooses an event, an author or a topic: as `ask --event` takes it.

use super::resolve::{authors_of, events_of};
use takeaways_corpus::events::EventTable;
use takeaways_corpus::topics::TopicTable;
use takeaways_search::Facets;
use takeaways_text::model::Event;

/// The events of the index that a name, an id or words in which a person names events may mean. None for a blank name.
#[must_use]
pub fn find_events_by_name<'f>(typed: &str, facets: &'f Facets) -> Vec<&'f Event> {
    if typed.trim().is_empty() { Vec::new() } else { events_of(typed, facets, EventTable::builtin()) }
}

/// The author of just this name; else those with all of the typed words in their names, or with words that begin so.
#[must_use]
pub fn find_authors_by_name<'f>(typed: &str, facets: &'f Facets) -> Vec<&'f String> {
    if typed.trim().is_empty() { Vec::new() } else { authors_of(typed, facets) }
}

/// The topic, by its id, its name or anything else that it is called.
#[must_use]
pub fn find_topic_by_name(typed: &str) -> Option<&'static str> {
    let table = TopicTable::builtin();
    table.topic_of_tag(typed).or_else(|| {
        let named = table.topics_in_text(typed);
        // Words in which two topics are named, or none, say no one topic.
        match named.as_slice() {
            [(one, _)] => Some(one),
            _ => None,
        }
    })
}
