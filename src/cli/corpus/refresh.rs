//! `takeaways corpus refresh`: reads sources at once.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::Result;
use takeaways_cli::terminal::FetchProgress;
use takeaways_render::{clean, pluralise};
use takeaways_sources::{
    PostOutcome, RefreshOptions, RefreshProgress, RefreshReport, Refresher, TakenPost, find_source,
};

use crate::cli::args::RefreshArgs;
use crate::cli::context::RunContext;
use crate::cli::exit::Exit;
use crate::cli::{sources, state, terminal};

/// Reads all sources, or one.
pub fn run(session: &RunContext, args: &RefreshArgs) -> Result<Exit> {
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
    print_summary(&report, false)?;
    Ok(Exit::from_success(report.failed.is_empty()))
}

/// Refreshes with a progress bar.
pub async fn with_progress(
    session: &RunContext,
    refresher: &Refresher,
    options: RefreshOptions<'_>,
) -> RefreshReport {
    let bar = FetchProgress::new(session.is_quiet);
    let (done, taken) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let show = move |progress: RefreshProgress, post: &TakenPost| {
        let is_taken = matches!(post.outcome, PostOutcome::Added | PostOutcome::Changed);
        let taken = taken.fetch_add(usize::from(is_taken), Ordering::Relaxed) + usize::from(is_taken);
        let done = done.fetch_add(1, Ordering::Relaxed) + 1;
        bar.show(done.max(progress.done), done.max(progress.total), taken);
    };
    refresher.refresh(&RefreshOptions { progress: Some(&show), ..options }).await
}

/// Prints each post with what became of it and why, and the counts. Posts that did not change are only counted, and with
/// `names_left_out` also those that are left out are named.
pub fn print_summary(report: &RefreshReport, names_left_out: bool) -> Result<()> {
    let mut page = String::new();
    for (_, post) in &report.posts {
        let title = post.title.as_deref().unwrap_or(&post.url);
        let event = post.event.as_deref().map(|event| format!(" ({event})")).unwrap_or_default();
        let line = match &post.outcome {
            PostOutcome::Added => format!("added     {title}{event}"),
            PostOutcome::Changed => format!("changed   {title}{event}"),
            PostOutcome::Edited => {
                format!("edited    {title}: you changed its file; the new text is beside it (.orig)")
            }
            PostOutcome::Failed(why) => format!("failed    {title}: {why}"),
            PostOutcome::LeftOut(why) if names_left_out => format!("left out  {title}: {why}"),
            PostOutcome::SameAs(other) if names_left_out => {
                format!("left out  {title}: it is the same post as {other}")
            }
            PostOutcome::Removed if names_left_out => format!("left out  {title}: it was removed"),
            _ => continue,
        };
        // Writing to a `String` does not fail.
        let _ = writeln!(page, "{}", clean(&line).replace('\n', " "));
    }
    for (url, why) in &report.failed {
        let _ = writeln!(page, "{}", clean(&format!("can't be read: {url}: {why}")).replace('\n', " "));
    }
    let count = |is: fn(&PostOutcome) -> bool| report.count(is);
    let parts = [
        (count(|outcome| *outcome == PostOutcome::Added), "added"),
        (count(|outcome| *outcome == PostOutcome::Changed), "changed"),
        (count(|outcome| *outcome == PostOutcome::Edited), "edited here and changed there"),
        (count(|outcome| *outcome == PostOutcome::Unchanged), "unchanged"),
        (
            count(|outcome| {
                matches!(outcome, PostOutcome::LeftOut(_) | PostOutcome::SameAs(_) | PostOutcome::Removed)
            }),
            "left out",
        ),
        (count(|outcome| matches!(outcome, PostOutcome::Failed(_) | PostOutcome::Waiting)), "failed"),
    ];
    let parts: Vec<String> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    let posts = if parts.is_empty() { "no post changed".to_owned() } else { parts.join(", ") };
    let _ = writeln!(page, "{}: {posts}", pluralise(report.read, "source"));
    terminal::print(&page)
}
