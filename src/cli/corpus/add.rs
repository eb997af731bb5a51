//! `takeaways corpus add`: finds what an address holds, shows it, and takes it in.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::{self, BufRead as _, IsTerminal as _, Read as _, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use takeaways_corpus::Problem;
use takeaways_render::{clean, pluralise};
use takeaways_sources::{
    AddressRefusal, FetchError, FolderPosts, FoundSource, KnownPosts, Library, Preview, RefreshOptions,
    Refresher, Source, SourceKind, WebError, discover, find_folder, list_posts, parse_address,
};

use super::refresh::{ToldBefore, print_summary, with_progress};
use crate::cli::args::AddArgs;
use crate::cli::context::Session;
use crate::cli::exit::Exit;
use crate::cli::{sources, state, terminal};

/// The most bytes of a file of links.
const MAX_LIST_BYTES: u64 = 1 << 20;
/// The most links of a file.
const MAX_LINKS: usize = 1_000;
/// The most posts that are left out and named with their reasons before the question.
const MAX_LEFT_OUT: usize = 8;

/// A source that was found, and what would come in of it.
struct Candidate {
    source: Source,
    found: FoundSource,
    preview: Preview,
}

/// Takes in the posts of an address, a folder or a file of links.
pub fn run(session: &Session, args: &AddArgs) -> Result<Exit> {
    let refresher = sources::refresher(&session.settings);
    let folder = target_folder(session, args)?;
    let runtime = state::build_runtime()?;
    let (candidates, failures) = runtime.block_on(find(session, args, &refresher))?;
    for failure in &failures {
        let _ = writeln!(io::stderr(), "{}", terminal::printable(failure));
    }
    let fetches = candidates.iter().any(|candidate| candidate.source.kind != SourceKind::Folder);
    if fetches && sources::contact(&session.settings).is_none() {
        let hint = "no contact address is sent to the sites that are fetched; set corpus.contact, so that they can complain to you";
        let _ = writeln!(io::stderr(), "{hint}");
    }
    if candidates.is_empty() {
        return Ok(super::report_problem(&format!(
            "nothing was found at {}: name the address of a feed, a sitemap or a post",
            args.from
        )));
    }
    let limit = if args.dry_run { usize::MAX } else { MAX_LEFT_OUT };
    let page: String = candidates.iter().map(|candidate| describe(candidate, limit)).collect();
    terminal::print(&clean(&page))?;
    if args.dry_run {
        return Ok(Exit::Done);
    }
    if !args.yes && !confirm(&candidates)? {
        terminal::print("Nothing was taken in.\n")?;
        return Ok(Exit::Done);
    }
    // What was left out stands above the question.
    let told = candidates.iter().flat_map(|candidate| candidate.preview.excluded.iter().take(limit));
    let told: ToldBefore = told.cloned().collect();
    let had_posts = !takeaways_cli::session::corpus_folders(&session.settings).is_empty();
    let report = runtime.block_on(take_in(session, &refresher, &folder, candidates))?;
    print_summary(&report, Some(&told))?;
    let reads_posts = !takeaways_cli::session::corpus_folders(&session.settings).is_empty();
    if reads_posts && !had_posts {
        terminal::print("Answers now come from your own posts, in place of the built-in notes.\n")?;
    }
    Ok(Exit::from_success(report.failed.is_empty()))
}

/// The folder for the posts. It must be one of the corpus, or its posts would not be read.
fn target_folder(session: &Session, args: &AddArgs) -> Result<PathBuf> {
    let settings = &session.settings;
    let Some(to) = &args.to else { return Ok(Library::posts_folder_of(&settings.state.dir)) };
    let Some(folder) = find_folder(&settings.corpus.folders, to) else {
        bail!(
            "{} is no corpus folder, so its posts would not be read: add it to `corpus.folders` or name it with --corpus",
            to.display()
        )
    };
    std::fs::create_dir_all(folder)
        .with_context(|| format!("the folder {} can't be made", folder.display()))?;
    Ok(folder.clone())
}

async fn find(
    session: &Session,
    args: &AddArgs,
    refresher: &Refresher,
) -> Result<(Vec<Candidate>, Vec<String>)> {
    let path = Path::new(&args.from);
    let mut failures = Vec::new();
    let mut found = Vec::new();
    if path.is_dir() {
        let folder = path.canonicalize()?;
        let FolderPosts { listing, problems } = list_posts(&folder, session.now).unwrap_or_default();
        failures.extend(problem_lines(problems, if args.dry_run { usize::MAX } else { MAX_LEFT_OUT }));
        if listing.entries.is_empty() && !failures.is_empty() {
            bail!("{} holds no post that can be taken in:\n{}", args.from, failures.join("\n"));
        }
        if listing.entries.is_empty() {
            bail!(
                "{} holds no posts: name a folder with posts in Markdown, HTML, AsciiDoc or reStructuredText, or the folder \
                 of a static site with its configuration",
                args.from
            );
        }
        // A folder has no address; this one is never fetched.
        let url = "https://folder.invalid/".parse().context("an address")?;
        let place = folder.to_string_lossy().into_owned();
        found.push((place, FoundSource { kind: SourceKind::Folder, url, listing, fetched: None }));
    } else if args.from == "-" || path.is_file() {
        for link in read_links(&args.from)? {
            let url = match parse_address(&link) {
                Ok(url) => url,
                Err(error) => {
                    failures.push(format!("{link}: {error}"));
                    continue;
                }
            };
            match discover(refresher.fetcher(), &url, false).await {
                Ok(all) => {
                    note_site_feed(&mut failures, all.site_feed.as_ref());
                    failures.extend(all.problems);
                    found.extend(all.found.into_iter().map(|found| (found.url.to_string(), found)));
                }
                Err(error) => failures.push(format!("{link}: {}", with_address(&error))),
            }
        }
    } else {
        if is_path(&args.from) {
            bail!("there is no such folder or file: {}", args.from);
        }
        let url = parse_address(&args.from).with_context(|| args.from.clone())?;
        let all = discover(refresher.fetcher(), &url, args.all_time).await;
        let all = all
            .map_err(|error| anyhow!(with_address(&error)))
            .with_context(|| format!("{url} can't be fetched"))?;
        note_site_feed(&mut failures, all.site_feed.as_ref());
        failures.extend(all.problems);
        found.extend(all.found.into_iter().map(|found| (found.url.to_string(), found)));
    }
    let known = KnownPosts::read(refresher.library())?;
    let candidate = |(url, found): (String, FoundSource)| {
        let mut source = Source::new(url, found.kind, session.now);
        source.matching.clone_from(&args.matching);
        source.since = args.since;
        // Who names a post wants it, whatever it is about.
        source.about_events = args.about_events && found.kind != SourceKind::Page;
        let preview = Preview::beside(&known, &found, &source, session.now);
        Candidate { source, found, preview }
    };
    Ok((found.into_iter().map(candidate).collect(), failures))
}

/// What is wrong with the files of a folder, the worst first. The copies would not show it any more.
fn problem_lines(mut problems: Vec<Problem>, limit: usize) -> Vec<String> {
    problems.sort_by_key(|problem| Reverse(problem.severity));
    let more = problems.len().saturating_sub(limit);
    let more = (more > 0).then(|| format!("and {} more (--dry-run lists them)", pluralise(more, "problem")));
    problems.iter().take(limit).map(Problem::to_string).chain(more).collect()
}

/// The error, with the address that the name of the host leads to if a setting can let that in: only the operator needs it.
fn with_address(error: &FetchError) -> String {
    match error {
        FetchError::Web(WebError::Refused(AddressRefusal::LeadsInside(address))) => {
            format!("{error}: {address}")
        }
        _ => error.to_string(),
    }
}

/// Whether a text is no address but the path of a folder or a file.
fn is_path(from: &str) -> bool {
    let first = from.split('/').next().unwrap_or_default();
    let is_file = ["txt", "csv", "html", "json", "opml", "xml"]
        .iter()
        .any(|extension| Path::new(from).extension().is_some_and(|it| it.eq_ignore_ascii_case(extension)));
    let has_scheme = from.contains("://");
    from.starts_with(['/', '.', '~'])
        || Path::new(from).is_absolute()
        || !has_scheme && (!first.contains(['.', ':']) && first != "localhost" || first == from && is_file)
}

/// Says that a site has a feed where only a page of it is taken; once for all pages of the site.
fn note_site_feed(notes: &mut Vec<String>, feed: Option<&impl std::fmt::Display>) {
    let note = |feed| format!("the site has a feed: `takeaways corpus add {feed}` takes in all its posts");
    notes.extend(feed.map(note).filter(|note| !notes.contains(note)));
}

/// The addresses of a file: one a line, or anywhere in it, as in a page of Markdown.
fn read_links(from: &str) -> Result<Vec<String>> {
    let mut text = String::new();
    let read = if from == "-" {
        io::stdin().lock().take(MAX_LIST_BYTES).read_to_string(&mut text)
    } else {
        std::fs::File::open(from).and_then(|file| file.take(MAX_LIST_BYTES).read_to_string(&mut text))
    };
    read.with_context(|| format!("{from} can't be read"))?;
    let mut links: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let words =
            line.split(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '(' | ')' | '[' | ']' | '"'));
        let found: Vec<&str> = words.filter(|word| word.starts_with("http")).collect();
        let whole = [line];
        let found = if found.is_empty() && !line.contains(' ') { &whole[..] } else { &found[..] };
        for link in found {
            let link = link.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'']);
            if !links.iter().any(|known| known == link) {
                links.push(link.to_owned());
            }
        }
    }
    if links.is_empty() {
        bail!("{from} holds no addresses: write one a line");
    }
    if links.len() > MAX_LINKS {
        bail!("{from} holds more than {MAX_LINKS} addresses: divide it");
    }
    Ok(links)
}

/// What a source holds: `https://…: a feed with 18 posts; 11 are taken in: 4 on KubeCon NA 2025, …`.
fn describe(candidate: &Candidate, max_excluded: usize) -> String {
    let Candidate { source, preview, .. } = candidate;
    let kind = match source.kind {
        SourceKind::Feed => "a feed",
        SourceKind::Sitemap => "a sitemap",
        SourceKind::Page => "a page",
        SourceKind::Folder => "a folder",
    };
    let mut page = format!("{}: {kind} with {}", source.url, pluralise(preview.total, "post"));
    // Writing to a `String` does not fail.
    if !preview.included.is_empty() {
        let what = match (source.about_events, preview.included.len()) {
            (true, 1) => "a recap of an event",
            (true, _) => "recaps of events",
            (false, _) => "taken in",
        };
        let _ = write!(
            page,
            "; {} {what}: {}",
            count_with_verb(preview.included.len()),
            preview.event_counts(event_count)
        );
    }
    if !preview.excluded.is_empty() {
        let _ = write!(page, "; {} left out", count_with_verb(preview.excluded.len()));
    }
    if preview.unread > 0 {
        let _ = write!(page, "; {} must be read first", pluralise(preview.unread, "page"));
    }
    page.push('\n');
    if max_excluded == usize::MAX {
        for (title, event) in &preview.included {
            let event = event.as_deref().map(|event| format!(" ({event})")).unwrap_or_default();
            let _ = writeln!(page, "  take in   {title}{event}");
        }
    }
    for (title, reason) in preview.excluded.iter().take(max_excluded) {
        let _ = writeln!(page, "  leave out {title}: {reason}");
    }
    let more = preview.excluded.len().saturating_sub(max_excluded);
    if more > 0 {
        let _ = writeln!(page, "  and {more} more (--dry-run lists them)");
    }
    page
}

fn count_with_verb(count: usize) -> String {
    format!("{count} {}", if count == 1 { "is" } else { "are" })
}

fn event_count(event: &str, posts: usize) -> String {
    if event.is_empty() { format!("{posts} without an event") } else { format!("{posts} on {event}") }
}

fn confirm(candidates: &[Candidate]) -> Result<bool> {
    if !io::stdin().is_terminal() {
        bail!("nobody can be asked here: add --yes to take it in, or --dry-run to only look");
    }
    let what = if candidates.len() == 1 { "it" } else { "them" };
    terminal::print(&format!("Take {what} in? [y/N] "))?;
    let mut answer = String::new();
    io::stdin().lock().read_line(&mut answer)?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// Writes the sources down first: what is interrupted goes on with the next refresh.
async fn take_in(
    session: &Session,
    refresher: &Refresher,
    folder: &Path,
    candidates: Vec<Candidate>,
) -> Result<takeaways_sources::RefreshReport> {
    let mut found = BTreeMap::new();
    for candidate in candidates {
        let source = refresher.library().add_source(folder, candidate.source)?;
        found.insert(source.identity(), candidate.found);
    }
    let only: Vec<String> = found.keys().cloned().collect();
    found.retain(|_, found| found.kind != SourceKind::Folder);
    let options = RefreshOptions { is_forced: true, only, found, waits: true, ..RefreshOptions::default() };
    Ok(with_progress(session, refresher, options).await)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_be_no_address_is_a_path() {
        for (from, expected) in [
            ("nofolder", true),
            ("links.txt", true),
            ("posts/2019", true),
            ("./site", true),
            ("~/blog", true),
            ("blog.example", false),
            ("blog.example/feed.xml", false),
            ("https://blog.example", false),
            ("localhost:8080", false),
        ] {
            assert_eq!(is_path(from), expected, "{from}");
        }
    }
}
