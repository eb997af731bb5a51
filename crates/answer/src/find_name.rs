//! Finds the events, authors and topics that a name may mean, such as the values of `ask --event`.

use crate::people::is_given_name;
use crate::question_syntax::parse_syntax;
use crate::resolve::events_of_whole_text;
use jiff::civil::Date;
use takeaways_corpus::events::{EventMention, EventTable};
use takeaways_corpus::topics::TopicTable;
use takeaways_search::{AuthorFacet, Facets, fold_name};
use takeaways_text::{
    model::{Event, EventId},
    nearest::are_one_person_misspelt,
    person_names::{HandleForm, handle_form},
    tokens::folding::fold_words,
};

/// Returns the events of the index with this id or name; else those that all of the words name, as in a question: "after San
/// Diego". Empty for a blank name, and for one with a word that is not understood.
pub fn find_events_by_name<'f>(name: &str, facets: &'f Facets, today: Date) -> Vec<&'f Event> {
    if name.trim().is_empty() {
        return Vec::new();
    }
    let events = || facets.events.iter().map(|(event, _)| event);
    // No other event is called so. A name costs more than an id.
    if let Some(event) = events().find(|event| event.id.0 == name) {
        return vec![event];
    }
    let key = name_key(name);
    let exact: Vec<&Event> = events().filter(|event| is_called(event, &key)).collect();
    if !exact.is_empty() {
        return exact;
    }
    events_of_whole_text(&parse_syntax(name), facets, today)
}

/// The name of the event with this id, or the text if it is none.
pub(crate) fn event_name(text: &str) -> &str {
    EventTable::builtin().edition(&EventId(text.to_owned())).map_or(text, |event| &event.name)
}

/// The event with this id or name, whether or not a post is about it.
pub(crate) fn known_edition(name: &str) -> Option<&'static Event> {
    let table = EventTable::builtin();
    let id = EventId(name_key(name));
    let named = || table.mentions(name).into_iter().flat_map(|mention| mention.editions);
    table.edition(&id).or_else(|| named().find(|event| is_called(event, &id.0)))
}

/// Whether an event has this id or name, written as [`name_key`] does.
pub(crate) fn is_called(event: &Event, key: &str) -> bool {
    [&event.id.0, &event.name, &event.label()].iter().any(|name| name_key(name) == key)
}

/// Returns the folded words of a name, with a hyphen between two, as ids have them.
pub(crate) fn name_key(name: &str) -> String {
    fold_words(name).replace(' ', "-")
}

/// Returns the author with exactly this name; else those whose names have all of the words; else those whose names have
/// words that begin with them; else those with a handle made of the name. Empty for a blank name.
pub fn find_authors_by_name<'f>(name: &str, facets: &'f Facets) -> Vec<&'f String> {
    if name.trim().is_empty() {
        return Vec::new();
    }
    let name = fold_name(name);
    if let Some(author) = facets.authors.iter().find(|author| author.folded == name) {
        return vec![&author.name];
    }
    let authors_with = |is_match: fn(&str, &str) -> bool| -> Vec<&'f String> {
        let has_all_words = |author: &&AuthorFacet| {
            name.split(' ').all(|word| author.parts().any(|part| is_match(part, word)))
        };
        facets.authors.iter().filter(has_all_words).map(|author| &author.name).collect()
    };
    for is_match in [|part: &str, word: &str| part == word, |part: &str, word: &str| part.starts_with(word)] {
        let mut authors = authors_with(is_match);
        leave_out_misspelt(&mut authors);
        if !authors.is_empty() {
            return authors;
        }
    }
    let written_as_handle = authors_with_handle(&name, facets);
    if !written_as_handle.is_empty() {
        return written_as_handle;
    }
    let words: Vec<&str> = name.split(' ').collect();
    let authors = facets.authors.iter().filter(|author| is_handle_of(&author.folded, &words));
    authors.map(|author| &author.name).collect()
}

/// Leaves out the names that are a misspelt one before them: "Kelsey Hightwoer" is no second Kelsey. The most frequent ones come first.
pub(crate) fn leave_out_misspelt(names: &mut Vec<&String>) {
    let mut kept: Vec<&String> = Vec::with_capacity(names.len());
    for name in names.drain(..) {
        if !kept.iter().any(|known| are_one_person_misspelt(known, name)) {
            kept.push(name);
        }
    }
    *names = kept;
}

/// The authors whose names a word has without spaces: `adalovelace` and `alovelace` for "Ada Lovelace". Those with the whole name come before
/// those with an initial.
fn authors_with_handle<'f>(word: &str, facets: &'f Facets) -> Vec<&'f String> {
    const MIN_CHARS: usize = 5;
    let handle: String = word.chars().filter(|c| !c.is_whitespace()).collect();
    if handle.chars().count() < MIN_CHARS {
        return Vec::new();
    }
    let form = |author: &AuthorFacet| {
        let (first, last) = (author.parts().next()?, author.parts().last()?);
        let is_same = author.parts().collect::<String>() == handle;
        if is_same { Some(HandleForm::Whole) } else { handle_form(&handle, first, last) }
    };
    let with_form = |wanted: HandleForm| -> Vec<&'f String> {
        let authors = facets.authors.iter().filter(|author| form(author) == Some(wanted));
        authors.map(|author| &author.name).collect()
    };
    let whole = with_form(HandleForm::Whole);
    if whole.is_empty() && !word.contains(' ') { with_form(HandleForm::Initial) } else { whole }
}

/// Whether an author's folded name is a handle made of the words of a name: `jdoe` and `janeqdoe` of "Jane Doe", or of a last name: `jdoe`,
/// `janedoe`, `janeqdoe`.
fn is_handle_of(author: &str, words: &[&str]) -> bool {
    const MIN_CHARS: usize = 4;
    let handle: String = author.chars().filter(|c| c.is_alphanumeric()).collect();
    if author.contains(' ') {
        return false;
    }
    match words {
        [word] => {
            let before = handle.strip_suffix(word).filter(|_| word.chars().count() >= MIN_CHARS);
            before.is_some_and(|before| {
                let mut without_initial = before.to_owned();
                without_initial.pop();
                before.chars().count() <= 1 || [before, &without_initial].into_iter().any(is_given_name)
            })
        }
        [first, .., last] => handle_form(&handle, first, last).is_some() || handle == words.concat(),
        [] => false,
    }
}

/// Returns the id of the one topic with this id, name or tag, or that the words name.
pub fn find_topic_by_name(name: &str) -> Option<&'static str> {
    let table = TopicTable::builtin();
    table.topic_of_tag(name).or_else(|| match table.topics_in_text(name).as_slice() {
        [(topic, _)] => Some(*topic),
        _ => None,
    })
}

/// Whether an event is one that a mention may mean.
pub(crate) fn matches_mention(event: &Event, mention: &EventMention<'_>) -> bool {
    if mention.editions.iter().any(|edition| edition.id == event.id) {
        return true;
    }
    let is_same = |known: &Option<String>, name: &str| {
        known.as_deref().is_some_and(|known| known.eq_ignore_ascii_case(name))
    };
    let place = mention.place.as_deref();
    mention.series.is_some_and(|series| series.name == event.series)
        && mention.year.is_none_or(|year| event.year == Some(year))
        && mention.region.as_deref().is_none_or(|region| is_same(&event.region, region))
        && place.is_none_or(|place| is_same(&event.city, place) || is_same(&event.country, place))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::event;

    fn facets() -> Facets {
        Facets {
            events: ["kubecon-na-2019", "kubecon-eu-2019"].map(|id| (event(id), 2)).to_vec(),
            authors: ["Ada Lovelace", "Ada Byron", "ghopper", "alexqstone"]
                .map(|name| AuthorFacet::new(name, 1))
                .to_vec(),
            ..Facets::default()
        }
    }

    #[test]
    fn names_are_found_and_blank_ones_find_nothing() {
        let facets = facets();
        let events = |name: &str| -> Vec<&str> {
            find_events_by_name(name, &facets, jiff::civil::date(2026, 11, 20))
                .into_iter()
                .map(|event| event.id.0.as_str())
                .collect()
        };
        assert_eq!(events("the KubeCon recaps of 2019"), ["kubecon-na-2019", "kubecon-eu-2019"]);
        assert_eq!(events("after KubeCon EU 2019"), ["kubecon-na-2019"]);
        for unknown in [" ", "KubeCon EU 2109", "KubeCon EU 219", "KubeCon Berln"] {
            assert_eq!(events(unknown), [""; 0], "{unknown}");
        }
        assert_eq!(find_authors_by_name("ada", &facets), ["Ada Lovelace", "Ada Byron"]);
        assert_eq!(find_authors_by_name("lovel", &facets), ["Ada Lovelace"]);
        for handle in ["adalovelace", "alovelace", "@ada-lovelace", "AdaLovelace"] {
            assert_eq!(find_authors_by_name(handle, &facets), ["Ada Lovelace"], "{handle}");
        }
        for (name, author) in
            [("Grace Hopper", "ghopper"), ("hopper", "ghopper"), ("ghop", "ghopper"), ("stone", "alexqstone")]
        {
            assert_eq!(find_authors_by_name(name, &facets), [author], "{name}");
        }
        for name in [" ", "per", "tone", "Alice Hopper"] {
            assert!(find_authors_by_name(name, &facets).is_empty(), "{name}");
        }
        let names = [("Grace Hightower", 3), ("Grace Hightwoer", 1), ("Grace Jones", 1)];
        let authors = names.map(|(name, posts)| AuthorFacet::new(name, posts)).to_vec();
        let misspelt = Facets { authors, ..Facets::default() };
        assert_eq!(find_authors_by_name("hightower", &misspelt), ["Grace Hightower"]);
        assert_eq!(find_authors_by_name("grace", &misspelt), ["Grace Hightower", "Grace Jones"]);
        assert_eq!(find_topic_by_name("SBOM"), Some("supply-chain"));
        assert_eq!(find_topic_by_name("otters"), None);
    }
}
