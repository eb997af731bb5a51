//! `takeaways corpus refresh`: reads sources at once.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;
use takeaways_cli::terminal::FetchProgress;
use takeaways_render::{clean, pluralise};
use takeaways_sources::{
    IngestResult, PostOutcome, REMOVED_BY_HAND, RefreshOptions, RefreshProgress, RefreshReport, Refresher,
    find_source, identity, parse_address, repeats_reason,
};

use crate::cli::args::RefreshArgs;
use crate::cli::context::Session;
use crate::cli::exit::Exit;
use crate::cli::{sources, state, terminal};

/// Posts that a person was told are left out: titles and reasons.
pub type ToldBefore = BTreeSet<(String, String)>;

/// The most posts that failed and are named with their reasons.
const MAX_FAILED: usize = 5;

/// Reads all sources, or one.
pub fn run(session: &Session, args: &RefreshArgs) -> Result<Exit> {
    let refresher = sources::refresher(&session.settings);
    let (rows, errors) = refresher.library().rows();
    if rows.is_empty() && errors.is_empty() {
        terminal::print("There are no sources: `takeaways corpus add URL` adds one.\n")?;
        return Ok(Exit::Done);
    }
    let only = match &args.source {
        None => Vec::new(),
        Some(name) => match find_source(&rows, &sources::source_name(refresher.library(), name)) {
            Some(row) => vec![row.source.identity()],
            None => {
                return Ok(super::report_problem(&format!(
                    "there is no source {name}; `takeaways corpus sources` shows all"
                )));
            }
        },
    };
    let options = RefreshOptions { is_forced: true, only, waits: true, ..RefreshOptions::default() };
    let report = state::build_runtime()?.block_on(with_progress(session, &refresher, options));
    print_summary(&report, None)?;
    Ok(Exit::from_success(report.failed.is_empty()))
}

/// Refreshes with a progress bar.
pub async fn with_progress(
    session: &Session,
    refresher: &Refresher,
    options: RefreshOptions<'_>,
) -> RefreshReport {
    let bar = FetchProgress::new(session.is_quiet);
    let (done, changed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let show = move |progress: RefreshProgress, post: &IngestResult| {
        let is_change = matches!(post.outcome, PostOutcome::Added | PostOutcome::Changed);
        let is_change = usize::from(is_change);
        let changed = changed.fetch_add(is_change, Ordering::Relaxed) + is_change;
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        bar.show(done.max(progress.done), done.max(progress.total), changed);
    };
    refresher.refresh(&RefreshOptions { progress: Some(&show), ..options }).await
}

/// Prints each post with what became of it and why, and the counts. Posts that did not change are only counted. Those that
/// are left out are named if there is a list of those that the person was told of before, by title and reason.
pub fn print_summary(report: &RefreshReport, told_before: Option<&ToldBefore>) -> Result<()> {
    terminal::print(&summary(report, told_before))
}

fn summary(report: &RefreshReport, told_before: Option<&ToldBefore>) -> String {
    let mut left_out = BTreeSet::new();
    let mut lines: Vec<String> = Vec::new();
    let mut failed: Vec<String> = Vec::new();
    for (_, post) in &report.posts {
        let title = post.title.as_deref().unwrap_or(&post.url);
        let event = post.event.as_deref().map(|event| format!(" ({event})")).unwrap_or_default();
        match &post.outcome {
            PostOutcome::Added => lines.push(format!("added     {title}{event}")),
            PostOutcome::Changed => lines.push(format!("changed   {title}{event}")),
            PostOutcome::Edited => {
                lines.push(format!(
                    "edited    {title}: you changed its file; the new text is beside it (.orig)"
                ));
            }
            PostOutcome::Failed(why) => failed.push(format!("failed    {title}: {why}")),
            PostOutcome::Waiting(why) => {
                failed.push(format!("failed    {title}: {why}; it is tried again later"));
            }
            outcome => {
                let (Some(told), Some(why)) = (told_before, reason(outcome)) else { continue };
                // Two sources may leave out the same post.
                let is_new = left_out.insert(post_identity(&post.url));
                if is_new && !told.contains(&(title.to_owned(), why.clone())) {
                    lines.push(format!("left out  {title}: {why}"));
                }
            }
        }
    }
    let more = failed.len().saturating_sub(MAX_FAILED);
    lines.extend(failed.drain(..).take(MAX_FAILED));
    if more > 0 {
        lines.push(format!("and {more} more failed"));
    }
    for (url, why) in &report.failed {
        // A list of sources that can't be read has no address; its path stands in the reason.
        let url = if url.is_empty() { String::new() } else { format!("{url}: ") };
        lines.push(format!("can't be read: {url}{why}"));
    }
    lines.push(counts(report));
    let lines = lines.iter().map(|line| clean(line).replace('\n', " ") + "\n");
    lines.collect()
}

/// Why a post is left out.
fn reason(outcome: &PostOutcome) -> Option<String> {
    match outcome {
        PostOutcome::Excluded(why) => Some(why.clone()),
        PostOutcome::Duplicate(other) => Some(repeats_reason(other)),
        PostOutcome::Removed => Some(REMOVED_BY_HAND.to_owned()),
        _ => None,
    }
}

fn post_identity(url: &str) -> String {
    parse_address(url).map_or_else(|_| url.to_owned(), |url| identity(&url))
}

/// `2 sources: 3 added, 1 failed`.
fn counts(report: &RefreshReport) -> String {
    let count = |is: fn(&PostOutcome) -> bool| report.count(is);
    let parts = [
        (count(|outcome| *outcome == PostOutcome::Added), "added"),
        (count(|outcome| *outcome == PostOutcome::Changed), "changed"),
        (count(|outcome| *outcome == PostOutcome::Edited), "edited here and changed there"),
        (count(|outcome| *outcome == PostOutcome::Unchanged), "unchanged"),
        (
            count(|outcome| {
                matches!(outcome, PostOutcome::Excluded(_) | PostOutcome::Duplicate(_) | PostOutcome::Removed)
            }),
            "left out",
        ),
        (count(|outcome| matches!(outcome, PostOutcome::Failed(_) | PostOutcome::Waiting(_))), "failed"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    if report.read == 0 && !report.failed.is_empty() {
        return "no source was read".to_owned();
    }
    let posts = if parts.is_empty() { "no post changed".to_owned() } else { parts.join(", ") };
    format!("{}: {posts}", pluralise(report.read, "source"))
}

#[cfg(test)]
mod tests {
    use takeaways_sources::RefreshFailure;

    use super::*;

    fn post(title: &str, outcome: PostOutcome) -> (String, IngestResult) {
        let url = format!("https://blog.example/{title}");
        (
            "https://blog.example/feed".into(),
            IngestResult { url, title: Some(title.into()), event: None, outcome },
        )
    }

    #[test]
    fn posts_that_failed_are_named_with_their_reasons() {
        let mut posts = vec![post("one", PostOutcome::Waiting("status 500".into()))];
        posts.push(post("two", PostOutcome::Unchanged));
        let mut report = RefreshReport { read: 1, posts, ..RefreshReport::default() };
        assert_eq!(
            summary(&report, None),
            "failed    one: status 500; it is tried again later\n1 source: 1 unchanged, 1 failed\n"
        );
        for at in 0..6 {
            report.posts.push(post(&format!("more {at}"), PostOutcome::Failed("status 404".into())));
        }
        let told = summary(&report, None);
        assert!(told.contains("failed    more 3: status 404\nand 2 more failed\n1 source: "), "{told}");
    }

    #[test]
    fn each_post_that_is_left_out_is_named_once_with_its_reason() {
        let mut posts = vec![post("one", PostOutcome::Excluded("no event".into()))];
        posts.push(post("two", PostOutcome::Excluded("too short".into())));
        posts.push(post("two", PostOutcome::Excluded("too short".into())));
        posts.push(post("three", PostOutcome::Duplicate("blog.example/three.md".into())));
        posts.push(post("four", PostOutcome::Removed));
        let report = RefreshReport { read: 1, posts, ..RefreshReport::default() };
        let told = ToldBefore::from([("one".to_owned(), "no event".to_owned())]);
        assert_eq!(
            summary(&report, Some(&told)),
            "left out  two: too short\nleft out  three: it is the same post as blog.example/three.md\n\
             left out  four: removed by hand\n1 source: 5 left out\n"
        );
        assert_eq!(summary(&report, None), "1 source: 5 left out\n");
    }

    #[test]
    fn what_can_not_be_read_is_told_without_an_empty_name() {
        let why = RefreshFailure::Library("/c/sources.toml:2: missing field `kind`".into());
        let report = RefreshReport { failed: vec![(String::new(), why)], ..RefreshReport::default() };
        assert_eq!(
            summary(&report, None),
            "can't be read: /c/sources.toml:2: missing field `kind`\nno source was read\n"
        );
        let nothing = RefreshReport { read: 1, ..RefreshReport::default() };
        assert_eq!(summary(&nothing, None), "1 source: no post changed\n");
        let nothing = RefreshReport { read: 2, ..nothing };
        assert_eq!(summary(&nothing, None), "2 sources: no post changed\n");
    }
}
