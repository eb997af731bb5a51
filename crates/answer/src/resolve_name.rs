//! Resolves a name to exactly one event, topic or author. Subscriptions outlive a question, so nothing is guessed.

use jiff::civil::Date;

use crate::completion;
pub use crate::find_name::{find_authors_by_name, find_events_by_name, find_topic_by_name};
use crate::find_name::{is_called, name_key};
use takeaways_corpus::{events::EventTable, topics::TopicTable};
use takeaways_search::Facets;
use takeaways_text::model::EventId;

/// The maximum number of suggestions for an ambiguous or unknown name.
const MAX_SUGGESTIONS: usize = 3;
/// The maximum length of an author's name, in characters.
pub const MAX_NAME_CHARS: usize = 90;

/// A name that means nothing or several things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AmbiguousName {
    /// The name as typed.
    pub input: String,
    /// Names that may be meant; empty if none is similar.
    pub suggestions: Vec<String>,
}

/// An author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResolvedAuthor {
    /// The name as in the index, else as typed.
    pub name: String,
    /// Whether there is a post by the author.
    pub is_known: bool,
}

/// Returns the event with this name: one that posts are about, else one of the table of events.
///
/// # Errors
/// If the name means no event or several.
pub fn resolve_event(name: &str, facets: &Facets, today: Date) -> Result<EventId, AmbiguousName> {
    let table = EventTable::builtin();
    match find_events_by_name(name, facets, today).as_slice() {
        [one] => return Ok(one.id.clone()),
        [] => {}
        several => return Err(ambiguous(name, several.iter().map(|event| event.label()))),
    }
    let key = name_key(name);
    let mut known = table.editions().filter(|event| is_called(event, &key));
    if let (Some(one), None) = (known.next(), known.next()) {
        return Ok(one.id.clone());
    }
    let similar = completion::complete_events(name, facets, today);
    Err(ambiguous(name, similar.into_iter().map(|(event, _)| event.label())))
}

/// Returns the id of the topic with this name.
///
/// # Errors
/// If there is no such topic.
pub fn resolve_topic(name: &str, facets: &Facets) -> Result<String, AmbiguousName> {
    let table = TopicTable::builtin();
    if let Some(id) = table.topic_of_tag(name.trim()) {
        return Ok(id.to_owned());
    }
    let similar = completion::complete_topics(name, facets);
    Err(ambiguous(name, similar.into_iter().map(|topic| topic.name.to_owned())))
}

/// Returns the author with this name. A name of no author in the index is taken as typed.
///
/// # Errors
/// If the name means several authors, or has no letters or too many.
pub fn resolve_author(input: &str, facets: &Facets) -> Result<ResolvedAuthor, AmbiguousName> {
    let plain: String = input.chars().filter(|c| c.is_whitespace() || !c.is_control()).collect();
    let name = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    if !name.chars().any(char::is_alphanumeric) || name.chars().nth(MAX_NAME_CHARS).is_some() {
        return Err(ambiguous(input, []));
    }
    match find_authors_by_name(&name, facets).as_slice() {
        [one] => Ok(ResolvedAuthor { name: (*one).clone(), is_known: true }),
        [] => Ok(ResolvedAuthor { name, is_known: false }),
        several => Err(ambiguous(input, several.iter().map(|name| (*name).clone()))),
    }
}

fn ambiguous(name: &str, suggestions: impl IntoIterator<Item = String>) -> AmbiguousName {
    let suggestions = suggestions.into_iter().take(MAX_SUGGESTIONS).collect();
    AmbiguousName { input: name.to_owned(), suggestions }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::event;
    use proptest::prelude::*;
    use takeaways_search::AuthorFacet;

    const TODAY: Date = jiff::civil::date(2026, 11, 20);

    fn facets() -> Facets {
        Facets {
            events: ["kubecon-na-2019", "kubecon-eu-2019"].map(|id| (event(id), 2)).to_vec(),
            authors: vec![AuthorFacet::new("Ada Lovelace", 2), AuthorFacet::new("Ada Byron", 1)],
            ..Facets::default()
        }
    }

    #[test]
    fn an_event_is_resolved_by_its_id_its_name_or_words_that_no_other_has() {
        for (name, id) in [
            ("kubecon-na-2019", "kubecon-na-2019"),
            ("KubeCon NA 2019, San Diego", "kubecon-na-2019"),
            ("barcelona", "kubecon-eu-2019"),
            ("kubecon-eu-2018", "kubecon-eu-2018"),
        ] {
            assert_eq!(resolve_event(name, &facets(), TODAY), Ok(EventId(id.into())), "{name}");
        }
        let several = resolve_event("KubeCon 2019", &facets(), TODAY).expect_err("two of them");
        assert_eq!(several.suggestions.len(), 2);
        for name in ["", "otters", "'; DROP TABLE posts; --", "../../etc"] {
            assert!(resolve_event(name, &facets(), TODAY).is_err(), "{name}");
        }
    }

    #[test]
    fn a_topic_is_resolved_by_its_id_its_name_or_a_tag() {
        for name in ["supply-chain", "Supply chain security", "SBOM"] {
            assert_eq!(resolve_topic(name, &facets()), Ok("supply-chain".to_owned()), "{name}");
        }
        assert_eq!(
            resolve_topic("supply", &facets()).expect_err("half of it").suggestions,
            ["Supply chain security"]
        );
        assert!(resolve_topic("", &facets()).is_err() && resolve_topic("otters", &facets()).is_err());
    }

    proptest! {
        #[test]
        fn what_is_offered_is_accepted_and_means_itself(input in "[a-z0-9 ]{0,12}|\\PC{0,9}") {
            let facets = Facets { years: vec![(2019, 2), (2018, 1)], ..facets() };
            for (event, _) in completion::complete_events(&input, &facets, TODAY) {
                prop_assert_eq!(resolve_event(&event.id.0, &facets, TODAY), Ok(event.id.clone()));
            }
            for topic in completion::complete_topics(&input, &facets) {
                prop_assert_eq!(resolve_topic(topic.id, &facets), Ok(topic.id.to_owned()));
            }
            for (name, _) in completion::complete_authors(&input, &facets) {
                let found = resolve_author(name, &facets).map(|author| author.name);
                prop_assert_eq!(found, Ok(name.to_owned()));
            }
            for (years, _) in completion::complete_years(&input, &facets, TODAY) {
                prop_assert_eq!(years.to_string().parse(), Ok(years));
            }
        }
    }

    #[test]
    fn an_author_may_have_no_posts_yet() {
        let found = |name: &str| resolve_author(name, &facets()).map(|author| (author.name, author.is_known));
        assert_eq!(found("lovelace"), Ok(("Ada Lovelace".to_owned(), true)));
        assert_eq!(found(" Grace \n Hopper"), Ok(("Grace Hopper".to_owned(), false)));
        assert_eq!(found("ada").expect_err("two of them").suggestions, ["Ada Lovelace", "Ada Byron"]);
        assert!(found(" ").is_err() && found(&"x".repeat(MAX_NAME_CHARS + 1)).is_err());
    }
}
