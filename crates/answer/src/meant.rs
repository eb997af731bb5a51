//! The one event, topic or author that somebody means by a name: for orders that hold longer than a question, so that
//! nothing is guessed.

use super::complete;
use super::resolve::{authors_of, events_of, fold};
use takeaways_corpus::events::EventTable;
use takeaways_corpus::topics::TopicTable;
use takeaways_search::Facets;
use takeaways_text::model::{Event, EventId};

/// So many names are offered in the place of one that is none.
const OFFERS: usize = 3;
/// The longest name that is taken, in characters.
pub const MAX_NAME: usize = 90;

/// A name that means no one thing, and what may be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unclear {
    /// As it was given.
    pub typed: String,
    /// Names that may be meant; none where nothing is near.
    pub offers: Vec<String>,
}

/// An author.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Author {
    /// As the index writes the name, else as it was given.
    pub name: String,
    /// Whether there is a post of theirs.
    pub is_known: bool,
}

/// The event that is meant: one that posts are about, else one that is known without them.
///
/// # Errors
/// Where it is none, or one of several.
pub fn event(typed: &str, facets: &Facets) -> Result<EventId, Unclear> {
    let table = EventTable::builtin();
    match events_of(typed, facets, table).as_slice() {
        [one] => return Ok(one.id.clone()),
        [] => {}
        several => {
            let offers = several.iter().take(OFFERS).map(|event| event.label()).collect();
            return Err(Unclear { typed: typed.to_owned(), offers });
        }
    }
    let key = fold(typed);
    let is_named =
        |event: &&Event| [&event.id.0, &event.name, &event.label()].iter().any(|name| fold(name) == key);
    let mut known = table.editions().filter(is_named);
    if let (Some(one), None) = (known.next(), known.next()) {
        return Ok(one.id.clone());
    }
    let near = complete::events(typed, facets);
    let offers = near.into_iter().take(OFFERS).map(|(event, _)| event.label()).collect();
    Err(Unclear { typed: typed.to_owned(), offers })
}

/// The id of the topic that is meant.
///
/// # Errors
/// Where it is none.
pub fn topic(typed: &str, facets: &Facets) -> Result<String, Unclear> {
    let table = TopicTable::builtin();
    if let Some(id) = table.of_tag(typed.trim()) {
        return Ok(id.to_owned());
    }
    let near = complete::topics(typed, facets);
    let offers = near.into_iter().take(OFFERS).map(|topic| topic.name.to_owned()).collect();
    Err(Unclear { typed: typed.to_owned(), offers })
}

/// The author who is meant; a name that nobody has here is taken as it is.
///
/// # Errors
/// Where several are meant, or the name has no letters or too many.
pub fn author(typed: &str, facets: &Facets) -> Result<Author, Unclear> {
    let plain: String = typed.chars().filter(|c| c.is_whitespace() || !c.is_control()).collect();
    let name = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    let unclear = |offers| Err(Unclear { typed: typed.to_owned(), offers });
    if !name.chars().any(char::is_alphanumeric) || name.chars().nth(MAX_NAME).is_some() {
        return unclear(Vec::new());
    }
    match authors_of(&name, facets).as_slice() {
        [one] => Ok(Author { name: (*one).clone(), is_known: true }),
        [] => Ok(Author { name, is_known: false }),
        several => unclear(several.iter().take(OFFERS).map(|name| (*name).clone()).collect()),
    }
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
            assert_eq!(event(typed, &facets()), Ok(EventId(id.into())), "{typed}");
        }
        let several = event("KubeCon 2019", &facets()).expect_err("two of them");
        assert_eq!(several.offers.len(), 2);
        for typed in ["", "otters", "'; DROP TABLE posts; --", "../../etc"] {
            assert!(event(typed, &facets()).is_err(), "{typed}");
        }
    }

    #[test]
    fn a_topic_is_meant_by_its_id_its_name_or_a_tag() {
        for typed in ["supply-chain", "Supply chain security", "SBOM"] {
            assert_eq!(topic(typed, &facets()), Ok("supply-chain".to_owned()), "{typed}");
        }
        assert_eq!(topic("supply", &facets()).expect_err("half of it").offers, ["Supply chain security"]);
        assert!(topic("", &facets()).is_err() && topic("otters", &facets()).is_err());
    }

    #[test]
    fn an_author_may_be_somebody_who_has_written_nothing_yet() {
        let found = |typed: &str| author(typed, &facets()).map(|author| (author.name, author.is_known));
        assert_eq!(found("lovelace"), Ok(("Ada Lovelace".to_owned(), true)));
        assert_eq!(found(" Grace \n Hopper"), Ok(("Grace Hopper".to_owned(), false)));
        assert_eq!(found("ada").expect_err("two of them").offers, ["Ada Lovelace", "Ada Byron"]);
        assert!(found(" ").is_err() && found(&"x".repeat(MAX_NAME + 1)).is_err());
    }
}
