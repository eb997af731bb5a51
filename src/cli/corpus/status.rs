//! `takeaways corpus status`: numbers about the posts.

use std::collections::BTreeMap;

use anyhow::Result;
use jiff::civil::Date;
use serde::Serialize;

use super::check::{count, posts_and_notes};
use super::for_each_post;
use crate::cli::args::OutputFormat;
use crate::cli::context::Session;
use crate::cli::exit::Exit;
use crate::cli::terminal;
use takeaways_corpus::Corpus;
use takeaways_corpus::Severity;
use takeaways_render::clean;
use takeaways_render::pluralise;
use takeaways_text::model::{Post, PostKind};

#[derive(Default, Serialize)]
struct CorpusStatus {
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

/// Prints the numbers.
pub fn run(session: &Session, corpus: &Corpus, format: OutputFormat) -> Result<Exit> {
    let mut status = CorpusStatus::default();
    let (problems, _) = for_each_post(session, corpus, |post| status.add(&post));
    status.errors = count(&problems, Severity::Error);
    status.warnings = count(&problems, Severity::Warning);
    let page = match format {
        OutputFormat::Plain => status.plain(),
        OutputFormat::Json => serde_json::to_string_pretty(&status)? + "\n",
    };
    terminal::print(&page)?;
    Ok(Exit::Done)
}

impl CorpusStatus {
    fn add(&mut self, post: &Post) {
        *(if post.kind == PostKind::Post { &mut self.posts } else { &mut self.notes }) += 1;
        self.passages += post.body.passages.len();
        self.bytes += post.body.text.len();
        match post.date {
            Some(date) => {
                self.first = Some(self.first.map_or(date, |first| first.min(date)));
                self.last = Some(self.last.map_or(date, |last| last.max(date)));
            }
            None => self.undated += 1,
        }
        match post.main_event() {
            Some(event) => *self.events.entry(event.label()).or_default() += 1,
            None => self.without_event += 1,
        }
        *self.languages.entry(post.language.code()).or_default() += 1;
    }

    fn plain(&self) -> String {
        let range = match (self.first, self.last) {
            (Some(first), Some(last)) => format!("{first} to {last}, "),
            _ => String::new(),
        };
        let languages: Vec<String> =
            by_count(&self.languages).into_iter().map(|(code, count)| format!("{code} {count}")).collect();
        let mut lines = vec![
            format!("corpus     {}", posts_and_notes(self.posts, self.notes)),
            format!("passages   {} in {} of text", self.passages, pluralise(self.bytes, "byte")),
            format!("dates      {range}{} undated", self.undated),
            format!("languages  {}", languages.join(", ")),
            format!(
                "problems   {}, {}",
                pluralise(self.errors, "error"),
                pluralise(self.warnings, "warning")
            ),
            format!(
                "events     {}; {} without an event",
                self.events.len(),
                pluralise(self.without_event, "post")
            ),
        ];
        let event =
            |(name, count): (&String, usize)| format!("  {count:>6}   {}", clean(name).replace('\n', " "));
        lines.extend(by_count(&self.events).into_iter().map(event));
        lines.join("\n") + "\n"
    }
}

/// The most frequent first, then by name.
fn by_count<T: Ord>(tally: &BTreeMap<T, usize>) -> Vec<(&T, usize)> {
    let mut all: Vec<(&T, usize)> = tally.iter().map(|(name, count)| (name, *count)).collect();
    all.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    all
}
