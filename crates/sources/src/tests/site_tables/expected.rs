//! What became of a case, compared with its table.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::SignedDuration;
use serde::Deserialize;
use takeaways_corpus::front_matter::{FieldValue, split_front_matter};
use takeaways_corpus::{SourceFile, read_post};
use takeaways_text::model::PostId;

use super::sites::{Case, Read, Sites, Texts};
use crate::http::HttpWeb;
use crate::tests::{block_on, loopback, now, refresher};
use crate::{
    Clock, PostOutcome, RefreshOptions, RefreshReport, Refresher, Source, SourceKind, discover, parse_address,
};

/// The fields of a file. It has no others.
const FIELDS: [&str; 8] = ["url", "title", "author", "authors", "date", "event", "licence", "retrieved"];

/// What is true of a post that comes in. What is not said here is as in its first text.
#[derive(Deserialize, Clone, Default)]
#[serde(deny_unknown_fields)]
pub(crate) struct Post {
    pub url: String,
    /// The names of texts, and paragraphs that stand beside them.
    pub text: Vec<String>,
    #[serde(default)]
    pub title: Option<String>,
    #[serde(default)]
    pub authors: Option<Vec<String>>,
    #[serde(default)]
    pub date: Option<String>,
    #[serde(default)]
    pub event: Option<String>,
    #[serde(default)]
    pub licence: Option<String>,
    /// Fields that it does not have: `title`, `date` or `event`.
    #[serde(default)]
    pub lacks: Vec<String>,
}

impl Post {
    pub(crate) fn of(text: &str) -> Self {
        Self { text: vec![text.to_owned()], ..Self::default() }
    }
}

/// A file of the corpus.
#[derive(Debug)]
struct WrittenPost {
    url: Option<String>,
    title: Option<String>,
    authors: Vec<String>,
    date: Option<String>,
    event: Option<String>,
    licence: Option<String>,
    unknown: Vec<String>,
    paragraphs: Vec<String>,
}

impl WrittenPost {
    fn read(path: &Path, sites: &Sites) -> Self {
        let text = std::fs::read_to_string(path).expect("a file");
        let split = split_front_matter(&text).expect("front matter");
        let field = |name: &str| split.fields.first_text(&[name]).map(str::to_owned);
        let authors = ["author", "authors"].into_iter().filter_map(|name| split.fields.get(name));
        let authors = authors.flat_map(FieldValue::items).filter_map(FieldValue::as_text).map(str::to_owned);
        let is_known = |name: &str| FIELDS.contains(&name);
        let id = PostId("x".into());
        let read = read_post(&SourceFile { id: &id, path: "x.md", bytes: text.as_bytes() }, now()).post;
        let body = read.map(|post| post.body).unwrap_or_default();
        let paragraphs = body.blocks.iter().map(|block| body.slice(block.span).to_owned()).collect();
        Self {
            url: field("url").map(|url| sites.shorten(&url)),
            title: field("title"),
            authors: authors.collect(),
            date: field("date"),
            event: field("event"),
            licence: field("licence"),
            unknown: split
                .fields
                .iter()
                .map(|(name, _)| name)
                .filter(|name| !is_known(name))
                .map(str::to_owned)
                .collect(),
            paragraphs,
        }
    }

    fn differences(&self, expected: &Post, texts: &Texts) -> Vec<String> {
        let mut found = Vec::new();
        let mut compare = |field: &str, is: Option<&str>, should: Option<&str>| {
            if is != should {
                found.push(format!("{field} is {is:?}, not {should:?}"));
            }
        };
        let known = expected.text.iter().find_map(|name| texts.text.get(name));
        let known = known.unwrap_or_else(|| panic!("a text: {:?}", expected.text));
        let should = |field: &str, own: &'_ Option<String>, of_text: &str| {
            let lacks = expected.lacks.iter().any(|name| name == field);
            (!lacks).then(|| own.clone().unwrap_or_else(|| of_text.to_owned()))
        };
        for (field, is, own, of_text) in [
            ("title", &self.title, &expected.title, &known.title),
            ("date", &self.date, &expected.date, &known.date),
            ("event", &self.event, &expected.event, &known.event),
        ] {
            compare(field, is.as_deref(), should(field, own, of_text).as_deref());
        }
        compare("url", self.url.as_deref(), Some(&expected.url));
        compare("licence", self.licence.as_deref(), expected.licence.as_deref());
        compare("unknown fields", Some(&self.unknown.join(", ")), Some(""));
        let authors = expected.authors.clone().unwrap_or_else(|| vec![known.author.clone()]);
        compare("authors", Some(&self.authors.join(", ")), Some(&authors.join(", ")));
        let paragraphs: Vec<String> = expected
            .text
            .iter()
            .flat_map(|name| texts.text.get(name).map_or(vec![name.clone()], |text| text.paragraphs.clone()))
            .collect();
        if self.paragraphs != paragraphs {
            let missing = paragraphs.iter().filter(|text| !self.paragraphs.contains(text));
            let foreign = self.paragraphs.iter().filter(|text| !paragraphs.contains(text));
            found.push(format!(
                "the text lacks {:?} and has {:?}",
                missing.collect::<Vec<_>>(),
                foreign.collect::<Vec<_>>()
            ));
        }
        found
    }
}

/// Takes in a case and returns what differs from its table.
pub(crate) fn differences(case: &Case, texts: &Arc<Texts>) -> Vec<String> {
    let sites = Sites::serve(case, texts);
    let folder = tempfile::tempdir().expect("a folder");
    let minutes = Arc::new(AtomicI64::new(0));
    let passed = Arc::clone(&minutes);
    let clock: Clock = Arc::new(move || now() + SignedDuration::from_mins(passed.load(Ordering::SeqCst)));
    // A machine with much to do must not look like a slow site.
    let drips = case.page.iter().any(|page| page.drips);
    let limit = if drips { Duration::from_millis(700) } else { Duration::from_secs(20) };
    let web = HttpWeb::new(loopback(), "takeaways-test".into()).with_time_limit(limit);
    let process = refresher(Arc::new(web), clock, folder.path(), Duration::ZERO);
    let mut found = Vec::new();
    match add(case, &sites, &process, folder.path()) {
        Err(problem) => {
            let problem = sites.shorten(&problem);
            if Some(&problem) != case.problem.as_ref() {
                found.push(format!("the problem is {problem:?}, not {:?}", case.problem));
            }
        }
        Ok(_) if case.problem.is_some() => found.push(format!("something is found, not {:?}", case.problem)),
        Ok(mut first) => {
            let of_posts = Read {
                outcomes: case.post.iter().map(|post| format!("{} added", post.url)).collect(),
                ..Read::default()
            };
            let reads = if case.read.is_empty() { vec![of_posts] } else { case.read.clone() };
            for (nth, read) in reads.iter().enumerate() {
                minutes.store(read.minutes, Ordering::SeqCst);
                let options = RefreshOptions {
                    is_forced: true,
                    found: std::mem::take(&mut first),
                    ..RefreshOptions::default()
                };
                let report = block_on(process.refresh(&options));
                found.extend(of_read(&report, read, &sites).map(|it| format!("read {nth}: {it}")));
            }
        }
    }
    found.extend(of_files(case, texts, &sites, &folder.path().join("corpus")));
    found.iter().map(|it| format!("{}: {it}", case.name)).collect()
}

/// Adds the source of a case as `corpus add` does. Returns what was found by it.
fn add(
    case: &Case,
    sites: &Sites,
    process: &Refresher,
    folder: &Path,
) -> Result<std::collections::BTreeMap<String, crate::FoundSource>, String> {
    let start = sites.site.url(&case.start);
    let (mut source, found) = if let Some(kind) = case.kind {
        (Source::new(&start, kind, now()), None)
    } else {
        let url = parse_address(&start).expect("an address");
        let all = block_on(discover(process.fetcher(), &url, false)).map_err(|error| error.to_string())?;
        let Some(found) = all.found.into_iter().next() else { return Err(all.problems.join("; ")) };
        (Source::new(found.url.as_str(), found.kind, now()), Some(found))
    };
    // Who names a post wants it, whatever it is about.
    source.about_events = source.kind != SourceKind::Page;
    let found = found.map(|found| (source.identity(), found)).into_iter().collect();
    process.library().add_source(&folder.join("corpus"), source).expect("added");
    Ok(found)
}

/// What differs between a refresh and its table.
fn of_read(report: &RefreshReport, read: &Read, sites: &Sites) -> impl Iterator<Item = String> {
    let problem = report.failed.first().map(|(_, why)| sites.shorten(&why.to_string()));
    let outcomes: Vec<String> = report
        .posts
        .iter()
        .map(|(_, post)| {
            let outcome = match &post.outcome {
                PostOutcome::Added => "added".to_owned(),
                PostOutcome::Changed => "changed".to_owned(),
                PostOutcome::Unchanged => "unchanged".to_owned(),
                PostOutcome::Edited => "edited".to_owned(),
                PostOutcome::Removed => "removed".to_owned(),
                PostOutcome::Excluded(why) => format!("left out: {why}"),
                PostOutcome::Duplicate(other) => format!("same as {other}"),
                PostOutcome::Failed(why) => format!("failed: {why}"),
                PostOutcome::Waiting(why) => format!("waiting: {why}"),
            };
            sites.shorten(&format!("{} {outcome}", post.url))
        })
        .collect();
    let problem =
        (problem != read.problem).then(|| format!("the problem is {problem:?}, not {:?}", read.problem));
    let outcomes = (outcomes != read.outcomes).then(|| format!("{outcomes:?}, not {:?}", read.outcomes));
    problem.into_iter().chain(outcomes)
}

/// What differs between the files of the corpus and the posts of the table.
fn of_files(case: &Case, texts: &Texts, sites: &Sites, corpus: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let folders = std::fs::read_dir(corpus).into_iter().flatten().flatten();
    let files = folders.flat_map(|folder| std::fs::read_dir(folder.path()).into_iter().flatten().flatten());
    let mut written: Vec<WrittenPost> = files.map(|file| WrittenPost::read(&file.path(), sites)).collect();
    for expected in &case.post {
        let Some(at) = written.iter().position(|post| post.url.as_ref() == Some(&expected.url)) else {
            found.push(format!("there is no {}", expected.url));
            continue;
        };
        let post = written.swap_remove(at);
        found.extend(post.differences(expected, texts).iter().map(|it| format!("{}: {it}", expected.url)));
    }
    found.extend(written.iter().map(|post| format!("nobody wrote {post:?}")));
    found
}
