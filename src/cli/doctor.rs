//! `takeaways doctor`: checks everything the bot needs and says how to fix each problem.

use std::fmt::Write;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use anyhow::Result;
use jiff::Timestamp;

use super::args::{DoctorArgs, GlobalArgs};
use super::exit::Exit;
use super::terminal::IndexingProgress;
use super::{check, context, sources, state, terminal};
use takeaways_corpus::Severity;
use takeaways_digest::{PauseReason, Subscription};
use takeaways_discord::{PermissionTarget, check_bot};
use takeaways_ops::{Finding, FindingLevel};
use takeaways_render::pluralise;
use takeaways_search::IndexStatus;
use takeaways_settings::{ResolvedSettings, SettingProblem, SettingRow, Settings};
use takeaways_store::Store;

/// Prints one line per check. The exit is `Failed` if one found an error.
pub fn run(global: &GlobalArgs, doctor: &DoctorArgs) -> Result<Exit> {
    let findings = collect_findings(global, doctor)?;
    let mut page = String::new();
    for finding in &findings {
        // Writing to a String can't fail.
        let _ = writeln!(page, "{}", terminal::printable(&finding.to_string()));
    }
    let count = |level| findings.iter().filter(|finding| finding.level == level).count();
    let errors = pluralise(count(FindingLevel::Error), "error");
    let _ = writeln!(page, "{errors}, {}", pluralise(count(FindingLevel::Warning), "warning"));
    terminal::print(&page)?;
    Ok(if count(FindingLevel::Error) == 0 { Exit::Done } else { Exit::Failed })
}

fn collect_findings(global: &GlobalArgs, doctor: &DoctorArgs) -> Result<Vec<Finding>> {
    let ResolvedSettings { settings, rows, problems, warnings } = context::resolve(global)?;
    let finding = |problem: &SettingProblem| {
        Finding::error("settings", format!("{}: {}", problem.from, problem.what), problem.todo.clone())
    };
    let mut findings: Vec<Finding> = problems.iter().map(finding).collect();
    let Some(settings) = settings.filter(|_| findings.is_empty()) else { return Ok(findings) };
    let warnings = warnings.into_iter().map(|SettingProblem { from, what, todo }| {
        Finding::warning("settings", format!("{from}: {what}"), todo)
    });
    findings.extend(check::folder_problems(&settings, &rows).iter().map(finding));
    if findings.is_empty() {
        findings.push(Finding::ok("settings", "every setting is valid"));
        findings.push(Finding::ok("state", format!("{} is writable", settings.state.dir.display())));
        findings.extend(corpus_and_index_findings(&settings));
        findings.push(digest_finding(&settings)?);
        findings.extend(source_findings(&settings));
    }
    findings.extend(warnings);
    findings.extend(secret_file(&rows));
    let Some(token) = &settings.discord.token else {
        let todo =
            "set DISCORD_TOKEN or DISCORD_TOKEN_FILE; `takeaways serve --help` says where to get a token";
        let what = token_file()
            .map_or_else(|| "it is not set".into(), |path| format!("{} is empty", path.display()));
        findings.push(Finding::error("token", what, todo));
        return Ok(findings);
    };
    let target = doctor.server.map(|server| PermissionTarget { server, channel: doctor.channel });
    let runtime = state::build_runtime()?;
    findings.extend(runtime.block_on(check_bot(&settings.discord, token, target)));
    Ok(findings)
}

/// Whether the digests can be read, and whether some are paused because they could not be posted.
fn digest_finding(settings: &Settings) -> Result<Finding> {
    let place = state::state_location(settings);
    let subscriptions = state::build_runtime()?.block_on(async {
        match Store::open_read_only(&place).await? {
            Some(store) => store.list_subscriptions().await.map(Some),
            None => Ok(None),
        }
    });
    let all = match subscriptions {
        Ok(Some(all)) => all,
        Ok(None) => return Ok(Finding::ok("digests", "there is no state yet; the first start creates it")),
        Err(error) => {
            return Ok(Finding::error("digests", error.to_string(), "run `takeaways state check`"));
        }
    };
    let stuck = |of: &&Subscription| matches!(of.status, takeaways_digest::SubscriptionStatus::Paused { reason, .. } if reason != PauseReason::Asked);
    Ok(match all.iter().filter(stuck).count() {
        0 => Finding::ok("digests", pluralise(all.len(), "digest")),
        stuck => {
            let what = format!(
                "{stuck} of {} paused, because they could not be posted",
                pluralise(all.len(), "digest")
            );
            Finding::warning("digests", what, "see `takeaways digest list`")
        }
    })
}

/// What is wrong with the sources of posts; one line if all can be read. Nothing without sources.
fn source_findings(settings: &Settings) -> Vec<Finding> {
    let (rows, _) = sources::library(settings).rows();
    let problems = sources::problems(settings);
    let mut findings: Vec<Finding> = problems
        .into_iter()
        .filter(|problem| problem.severity != Severity::Hint)
        .map(|problem| Finding::warning("sources", problem.what, problem.todo))
        .collect();
    if rows.is_empty() {
        return findings;
    }
    if sources::contact(settings).is_none() {
        findings.push(Finding::warning(
            "sources",
            "the sites that are fetched are told no address for complaints",
            "set corpus.contact to an address of yours",
        ));
    }
    if findings.is_empty() {
        findings.push(Finding::ok("sources", pluralise(rows.len(), "source")));
    }
    findings
}

/// The index comes first, because opening it repairs visible damage.
fn corpus_and_index_findings(settings: &Settings) -> Vec<Finding> {
    let now = Timestamp::now();
    let mut findings = match context::inspect(settings, now) {
        Ok(None) => vec![Finding::ok("index", "there is no index yet; the first start creates it")],
        Ok(Some(found)) if found.is_empty() => {
            vec![Finding::ok("index", "every file is undamaged")]
        }
        Ok(Some(found)) => {
            found.into_iter().map(|(what, todo)| Finding::warning("index", what, todo)).collect()
        }
        Err(error) => vec![Finding::error("index", format!("{error:#}"), "run `takeaways check`")],
    };
    match context::open(settings, false, now, &mut IndexingProgress::new(true)) {
        Ok(engine) => {
            findings.push(corpus_finding(
                &engine.index().status(),
                takeaways_cli::session::corpus_folders(settings).is_empty(),
            ));
        }
        Err(error) => findings.push(Finding::error("corpus", format!("{error:#}"), "run `takeaways check`")),
    }
    findings
}

/// Problems of the built-in notes are not shown: an operator can't fix them.
fn corpus_finding(status: &IndexStatus, is_built_in: bool) -> Finding {
    match (status.posts, status.problems) {
        (posts, _) if is_built_in => Finding::warning(
            "corpus",
            format!("answers come only from the {posts} built-in notes"),
            "run `takeaways corpus add` with the address of your blog, or set corpus.folders",
        ),
        (0, _) => Finding::error(
            "corpus",
            "it has no posts",
            "set corpus.folders to a folder with posts, or run `takeaways corpus check`",
        ),
        (posts, 0) => Finding::ok("corpus", pluralise(posts, "post")),
        (posts, problems) => Finding::warning(
            "corpus",
            format!("{}, {} in their files", pluralise(posts, "post"), pluralise(problems, "problem")),
            "run `takeaways corpus check`",
        ),
    }
}

fn token_file() -> Option<PathBuf> {
    std::env::var_os("DISCORD_TOKEN_FILE").filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// A warning if other users of the machine can read the file with the token.
fn secret_file(rows: &[SettingRow]) -> Option<Finding> {
    let from = &rows.iter().find(|row| row.key == "discord.token")?.from;
    let path = if from == "DISCORD_TOKEN_FILE" { token_file()? } else { PathBuf::from(from) };
    // A variable and the defaults are not files.
    let mode = fs::metadata(&path).ok()?.permissions().mode();
    (mode & 0o077 != 0).then(|| {
        let what = format!("other users of this machine can read {}", path.display());
        Finding::warning("token", what, "make it readable only for its owner: chmod 600")
    })
}
