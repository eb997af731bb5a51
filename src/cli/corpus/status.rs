//! `takeaways corpus status`: how many posts there are, about what, from when.

use std::collections::BTreeMap;

use anyhow::Result;
use jiff::civil::Date;
use serde::Serialize;

use super::check::count;
use crate::cli::args::Format;
use crate::cli::engine::Loaded;
use crate::cli::exit::Exit;
use crate::cli::terminal;
use crate::corpus::Severity;
use crate::model::{Event, Kind};
use crate::render::clean;

#[derive(Serialize)]
struct Status {
    posts: usize,
    notes: usize,
    passages: usize,
    bytes: usize,
    first: Option<Date>,
    last: Option<Date>,
    undated: usize,
    events: BTreeMap<String, usize>,
    without_event: usize,
    languages: BTreeMap<&'static str, usize>,
    errors: usize,
    warnings: usize,
}

/// Prints the figures.
pub fn run(loaded: &Loaded, format: Format) -> Result<Exit> {
    let status = Status::of(loaded);
    let page = match format {
        Format::Plain => status.plain(),
        Format::Json => serde_json::to_string_pretty(&status)? + "\n",
    };
    terminal::print(&page)?;
    Ok(Exit::Done)
}

impl Status {
    fn of(loaded: &Loaded) -> Self {
        let posts = &loaded.posts;
        let dates = || posts.iter().filter_map(|post| post.date);
        Self {
            posts: posts.iter().filter(|post| post.kind == Kind::Post).count(),
            notes: posts.iter().filter(|post| post.kind == Kind::Note).count(),
            passages: posts.iter().map(|post| post.body.passages.len()).sum(),
            bytes: posts.iter().map(|post| post.body.text.len()).sum(),
            first: dates().min(),
            last: dates().max(),
            undated: posts.len() - dates().count(),
            events: tally(posts.iter().filter_map(|post| post.event().map(Event::label))),
            without_event: posts.iter().filter(|post| post.events.is_empty()).count(),
            languages: tally(posts.iter().map(|post| post.language.code())),
            errors: count(&loaded.problems, Severity::Error),
            warnings: count(&loaded.problems, Severity::Warning),
        }
    }

    fn plain(&self) -> String {
        let range = match (self.first, self.last) {
            (Some(first), Some(last)) => format!("{first} to {last}, "),
            _ => String::new(),
        };
        let languages: Vec<String> =
            by_count(&self.languages).into_iter().map(|(code, count)| format!("{code} {count}")).collect();
        let mut lines = vec![
            format!("posts      {}, and {} notes", self.posts, self.notes),
            format!("passages   {} in {} bytes of text", self.passages, self.bytes),
            format!("dates      {range}{} without", self.undated),
            format!("languages  {}", languages.join(", ")),
            format!("problems   {} errors, {} warnings", self.errors, self.warnings),
            format!("events     {}, {} posts without", self.events.len(), self.without_event),
        ];
        let event =
            |(name, count): (&String, usize)| format!("  {count:>6}   {}", clean(name).replace('\n', " "));
        lines.extend(by_count(&self.events).into_iter().map(event));
        lines.join("\n") + "\n"
    }
}

fn tally<T: Ord>(names: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    names.fold(BTreeMap::new(), |mut tally, name| {
        *tally.entry(name).or_default() += 1;
        tally
    })
}

/// The most frequent first, then by name.
fn by_count<T: Ord>(tally: &BTreeMap<T, usize>) -> Vec<(&T, usize)> {
    let mut all: Vec<(&T, usize)> = tally.iter().map(|(name, count)| (name, *count)).collect();
    all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    all
}
