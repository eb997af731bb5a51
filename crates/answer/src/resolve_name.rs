//! The one event, topic or author that somebody means by a name: for orders that hold longer than a question, so that
//! nothing is guessed.
//!
//! What a person names who chooses an event, an author or a topic: as `ask --event` takes it.

use crate::{
    completion,
    resolve::{authors_of, events_of, fold},
};
use takeaways_corpus::{events::EventTable, topics::TopicTable};
use takeaways_search::Facets;
use takeaways_text::model::{Event, EventId};

/// So many names are offered in the place of one that is none.
const MAX_SUGGESTIONS: usize = 3;
/// The longest name that is taken, in characters.
pub const MAX_NAME_CHARS: usize = 90;

/// A name that means no one thing, and what may be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmbiguousName {
    /// As it was given.
    pub input: String,
    /// Names that may be meant; none where nothing is near.
    pub suggestions: Vec<String>,
}

/// An author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedAuthor {
    /// As the index writes the name, else as it was given.
    pub name: String,
    /// Whether there is a post of theirs.
    pub is_known: bool,
}

/// The event that is meant: one that posts are about, else one that is known without them.
///
/// # Errors
/// Where it is none, or one of several.
pub fn resolve_event(typed: &str, facets: &Facets) -> Result<EventId, AmbiguousName> {
    let table = EventTable::builtin();
    match events_of(typed, facets, table).as_slice() {
        [one] => return Ok(one.id.clone()),
        [] => {}
        several => {
            let offers = several.iter().take(MAX_SUGGESTIONS).map(|event| event.label()).collect();
            return Err(AmbiguousName { input: typed.to_owned(), suggestions: offers });
        }
    }
    let key = fold(typed);
    let is_named =
        |event: &&Event| [&event.id.0, &event.name, &event.label()].iter().any(|name| fold(name) == key);
    let mut known = table.editions().filter(is_named);
    if let (Some(one), None) = (known.next(), known.next()) {
        return Ok(one.id.clone());
    }
    let near = completion::complete_events(typed, facets);
    let offers = near.into_iter().take(MAX_SUGGESTIONS).map(|(event, _)| event.label()).collect();
    Err(AmbiguousName { input: typed.to_owned(), suggestions: offers })
}

/// The id of the topic that is meant.
///
/// # Errors
/// Where it is none.
pub fn resolve_topic(typed: &str, facets: &Facets) -> Result<String, AmbiguousName> {
    let table = TopicTable::builtin();
    if let Some(id) = table.topic_of_tag(typed.trim()) {
        return Ok(id.to_owned());
    }
    let near = completion::complete_topics(typed, facets);
    let offers = near.into_iter().take(MAX_SUGGESTIONS).map(|topic| topic.name.to_owned()).collect();
    Err(AmbiguousName { input: typed.to_owned(), suggestions: offers })
}

/// The author who is meant; a name that nobody has here is taken as it is.
///
/// # Errors
/// Where several are meant, or the name has no letters or too many.
pub fn resolve_author(typed: &str, facets: &Facets) -> Result<ResolvedAuthor, AmbiguousName> {
    let plain: String = typed.chars().filter(|c| c.is_whitespace() || !c.is_control()).collect();
    let name = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let unclear = |offers| Err(AmbiguousName { input: typed.to_owned(), suggestions: offers });
    if !name.chars().any(char::is_alphanumeric) || name.chars().nth(MAX_NAME_CHARS).is_some() {
        return unclear(Vec::new());
    }
    match authors_of(&name, facets).as_slice() {
        [one] => Ok(ResolvedAuthor { name: (*one).clone(), is_known: true }),
        [] => Ok(ResolvedAuthor { name, is_known: false }),
        several => unclear(several.iter().take(MAX_SUGGESTIONS).map(|name| (*name).clone()).collect()),
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    fn facets() -> Facets {
        let table = EventTable::builtin();
        let event = |id: &str| table.edition(&EventId(id.into())).expect("in the table").clone();
        Facets {
            events: ["kubecon-na-2019", "kubecon-eu-2019"].map(|id| (event(id), 2)).to_vec(),
            authors: vec![("Ada Lovelace".into(), 2), ("Ada Byron".into(), 1)],
            ..Facets::default()
        }
    }

    #[test]
    fn an_event_is_meant_by_its_id_its_name_or_words_that_no_other_has() {
        for (typed, id) in [
            ("kubecon-na-2019", "kubecon-na-2019"),
            ("KubeCon NA 2019, San Diego", "kubecon-na-2019"),
            ("barcelona", "kubecon-eu-2019"),
            ("kubecon-eu-2018", "kubecon-eu-2018"),
        ] {
            assert_eq!(resolve_event(typed, &facets()), Ok(EventId(id.into())), "{typed}");
        }
        let several = resolve_event("KubeCon 2019", &facets()).expect_err("two of them");
        assert_eq!(several.suggestions.len(), 2);
        for typed in ["", "otters", "'; DROP TABLE posts; --", "../../etc"] {
            assert!(resolve_event(typed, &facets()).is_err(), "{typed}");
        }
    }

    #[test]
    fn a_topic_is_meant_by_its_id_its_name_or_a_tag() {
        for typed in ["supply-chain", "Supply chain security", "SBOM"] {
            assert_eq!(resolve_topic(typed, &facets()), Ok("supply-chain".to_owned()), "{typed}");
        }
        assert_eq!(
            resolve_topic("supply", &facets()).expect_err("half of it").suggestions,
            ["Supply chain security"]
        );
        assert!(resolve_topic("", &facets()).is_err() && resolve_topic("otters", &facets()).is_err());
    }

    #[test]
    fn an_author_may_be_somebody_who_has_written_nothing_yet() {
        let found =
            |typed: &str| resolve_author(typed, &facets()).map(|author| (author.name, author.is_known));
        assert_eq!(found("lovelace"), Ok(("Ada Lovelace".to_owned(), true)));
        assert_eq!(found(" Grace \n Hopper"), Ok(("Grace Hopper".to_owned(), false)));
        assert_eq!(found("ada").expect_err("two of them").suggestions, ["Ada Lovelace", "Ada Byron"]);
        assert!(found(" ").is_err() && found(&"x".repeat(MAX_NAME_CHARS + 1)).is_err());
    }
}
