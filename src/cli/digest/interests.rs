//! Interests from the options of `takeaways digest preview`.

use anyhow::{Result, bail};
use jiff::civil::Date;

use crate::cli::args::DigestPreviewArgs;
use takeaways_answer::resolve_name;
use takeaways_corpus::topics::TopicTable;
use takeaways_digest::Interest;
use takeaways_search::Facets;
use takeaways_text::model::{EventId, Language};
use takeaways_text::nearest::{did_you_mean, nearest};

/// One interest for each combination of event, topic, author and language; empty if no option was given.
pub fn resolve_interests(args: &DigestPreviewArgs, facets: &Facets, today: Date) -> Result<Vec<Interest>> {
    let mut all = vec![Interest::default()];
    all = combine(
        all,
        &resolve_names(&args.event, |name| resolve_event(name, facets, today))?,
        |interest, event| {
            interest.event = Some(event.clone());
        },
    );
    all = combine(all, &resolve_names(&args.topic, resolve_topic)?, |interest, topic| {
        interest.topic = Some(topic.clone());
    });
    all = combine(
        all,
        &resolve_names(&args.author, |name| resolve_author(name, facets))?,
        |interest, author| {
            interest.author = Some(author.clone());
        },
    );
    all = combine(all, &resolve_names(&args.language, resolve_language)?, |interest, language| {
        interest.language = Some(*language);
    });
    all.retain(|interest| !interest.is_everything());
    Ok(all)
}

fn resolve_names<T: PartialEq>(names: &[String], resolve: impl Fn(&str) -> Result<Vec<T>>) -> Result<Vec<T>> {
    let mut all = Vec::new();
    for name in names {
        for value in resolve(name)? {
            if !all.contains(&value) {
                all.push(value);
            }
        }
    }
    Ok(all)
}

/// Each interest once with each value; unchanged if there are no values.
fn combine<T>(all: Vec<Interest>, values: &[T], set: impl Fn(&mut Interest, &T)) -> Vec<Interest> {
    if values.is_empty() {
        return all;
    }
    let with = |interest: &Interest, value: &T| {
        let mut interest = interest.clone();
        set(&mut interest, value);
        interest
    };
    all.iter()
        .flat_map(|interest| values.iter().map(|value| with(interest, value)).collect::<Vec<_>>())
        .collect()
}

/// The events that a name of `--event` may mean.
///
/// # Errors
/// If no post is about such an event.
pub fn resolve_event(name: &str, facets: &Facets, today: Date) -> Result<Vec<EventId>> {
    let found = resolve_name::find_events_by_name(name, facets, today);
    if found.is_empty() {
        let known: Vec<String> = facets.events.iter().map(|(event, _)| event.label()).collect();
        let known = known.iter().map(String::as_str);
        bail!("no post is about the event {name:?}{}", suggestion(name, known, "list"));
    }
    Ok(found.into_iter().map(|event| event.id.clone()).collect())
}

fn resolve_topic(name: &str) -> Result<Vec<String>> {
    let table = TopicTable::builtin();
    if let Some(topic) = resolve_name::find_topic_by_name(name) {
        return Ok(vec![topic.to_owned()]);
    }
    let known = table.ids().filter_map(|id| table.name(id));
    bail!("there is no topic {name:?}{}", suggestion(name, known, "topics"))
}

fn resolve_author(name: &str, facets: &Facets) -> Result<Vec<String>> {
    let found = resolve_name::find_authors_by_name(name, facets);
    if found.is_empty() {
        let known = facets.authors.iter().map(|author| author.name.as_str());
        bail!("no post is by {name:?}{}", suggestion(name, known, "people"));
    }
    Ok(found.into_iter().cloned().collect())
}

fn resolve_language(code: &str) -> Result<Vec<Language>> {
    let known = Language::ALL.map(Language::code);
    match Language::from_tag(code) {
        Language::Other => {
            bail!("there is no language with the code {code:?}: use one of {}", known.join(", "))
        }
        language => Ok(vec![language]),
    }
}

/// The end of an error message: the names most similar to `name`, else the command that lists all.
fn suggestion<'k>(name: &str, known: impl IntoIterator<Item = &'k str>, list: &str) -> String {
    let all = || format!("`takeaways corpus {list}` shows all");
    format!("; {}", did_you_mean(&nearest(name, known, 3)).unwrap_or_else(all))
}
