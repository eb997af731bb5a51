//! `takeaways corpus topics|projects|companies|people`: what posts name, and how many do.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use jiff::{civil::Date, tz::TimeZone};
use serde_json::json;

use super::{for_each_post, report_problem};
use crate::cli::args::{NamesArgs, OutputFormat};
use crate::cli::context::Session;
use crate::cli::digest::interests::resolve_event;
use crate::cli::exit::Exit;
use crate::cli::terminal;
use takeaways_answer::speakers_of_talks;
use takeaways_corpus::Corpus;
use takeaways_corpus::entities::{EntityKind, EntityTable};
use takeaways_corpus::metadata::is_person_name;
use takeaways_corpus::topics::TopicTable;
use takeaways_render::clean;
use takeaways_search::{Facets, fold_name};
use takeaways_text::model::{Event, EventId, Post};

/// What is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameKind {
    /// The topics that posts are about.
    Topics,
    /// The projects that posts name.
    Projects,
    /// The companies that posts name.
    Companies,
    /// The authors, and the people whose own words posts hold.
    People,
}

/// The events of a post, and its names with what tells them apart.
struct PostNames {
    events: Vec<Event>,
    names: BTreeMap<String, String>,
}

/// A name, the id of what has it, and the number of posts.
struct NameCount {
    id: String,
    name: String,
    posts: usize,
}

/// Prints a line for each name, the most frequent first. The exit is negative if no post is about an event.
pub fn run(session: &Session, corpus: &Corpus, kind: NameKind, args: &NamesArgs) -> Result<Exit> {
    let mut posts = Vec::new();
    for_each_post(session, corpus, |post| {
        posts.push(PostNames { names: kind.names_of(&post), events: post.events });
    });
    match events_of(&args.event, &posts, session.now.to_zoned(TimeZone::UTC).date()) {
        Ok(events) => {
            let is_wanted = |post: &&PostNames| {
                args.event.is_empty() || post.events.iter().any(|event| events.contains(&event.id))
            };
            let counts = count(posts.iter().filter(is_wanted));
            let line = |count: &NameCount| kind.line(count, args.output.format) + "\n";
            terminal::print(&counts.iter().map(line).collect::<String>())?;
            Ok(Exit::Done)
        }
        Err(problem) => Ok(report_problem(&problem.to_string())),
    }
}

impl NameKind {
    /// The names of a post by their ids; people by their folded names.
    fn names_of(self, post: &Post) -> BTreeMap<String, String> {
        let named = |ids: &[String], name: &dyn Fn(&str) -> Option<String>| {
            ids.iter().map(|id| (id.clone(), name(id).unwrap_or_else(|| id.clone()))).collect()
        };
        let entity = |kind| move |id: &str| EntityTable::builtin().name(kind, id).map(str::to_owned);
        match self {
            Self::Topics => named(&post.topics, &|id| TopicTable::builtin().name(id).map(str::to_owned)),
            Self::Projects => named(&post.projects, &entity(EntityKind::Project)),
            Self::Companies => named(&post.companies, &entity(EntityKind::Company)),
            Self::People => {
                let quoted = post.body.speakers.iter().filter(|name| is_person_name(name)).cloned();
                let people = quoted.chain(speakers_of_talks(&post.body)).chain(post.authors.iter().cloned());
                people.map(|person| (fold_name(&person), person)).collect()
            }
        }
    }

    fn line(self, count: &NameCount, format: OutputFormat) -> String {
        let NameCount { id, name, posts } = count;
        match format {
            OutputFormat::Plain => format!("{posts:>6}  {}", clean(name).replace('\n', " ")),
            OutputFormat::Json if self == Self::People => json!({ "name": name, "posts": posts }).to_string(),
            OutputFormat::Json => json!({ "id": id, "name": name, "posts": posts }).to_string(),
        }
    }
}

/// Resolves names of events as `ask --event` does.
///
/// # Errors
/// No post is about an event with this name; the text is for people.
fn events_of(names: &[String], posts: &[PostNames], today: Date) -> Result<BTreeSet<EventId>> {
    let mut all: BTreeMap<&EventId, &Event> = BTreeMap::new();
    for event in posts.iter().flat_map(|post| &post.events) {
        all.entry(&event.id).or_insert(event);
    }
    let facets =
        Facets { events: all.into_values().map(|event| (event.clone(), 1)).collect(), ..Facets::default() };
    let found = names.iter().map(|name| resolve_event(name, &facets, today)).collect::<Result<Vec<_>>>()?;
    Ok(found.concat().into_iter().collect())
}

/// Counts the posts of each name, in its most frequent spelling: the most frequent first, then by name.
fn count<'p>(posts: impl Iterator<Item = &'p PostNames>) -> Vec<NameCount> {
    let mut spellings: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for (id, name) in posts.flat_map(|post| &post.names) {
        *spellings.entry(id).or_default().entry(name).or_default() += 1;
    }
    let mut counts: Vec<NameCount> = spellings
        .into_iter()
        .map(|(id, names)| {
            let posts = names.values().sum();
            let name = names.into_iter().rev().max_by_key(|(_, count)| *count);
            NameCount { id: id.to_owned(), name: name.map_or(id, |(name, _)| name).to_owned(), posts }
        })
        .collect();
    counts.sort_by(|a, b| b.posts.cmp(&a.posts).then_with(|| a.name.cmp(&b.name)));
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_shown_in_its_most_frequent_spelling() {
        let post = |names: &[(&str, &str)]| PostNames {
            events: Vec::new(),
            names: names.iter().map(|(id, name)| ((*id).to_owned(), (*name).to_owned())).collect(),
        };
        let posts = [
            post(&[("ada", "ADA"), ("bob", "Bob")]),
            post(&[("ada", "Ada")]),
            post(&[("ada", "Ada"), ("eve", "Eve"), ("bob", "BOB")]),
        ];
        let counts = count(posts.iter());
        let shown: Vec<(&str, usize)> = counts.iter().map(|it| (it.name.as_str(), it.posts)).collect();
        assert_eq!(shown, [("Ada", 3), ("BOB", 2), ("Eve", 1)]);
    }
}
