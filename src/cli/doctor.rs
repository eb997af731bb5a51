//! `takeaways doctor`: looks at all that the bot needs, and says what to do about what is not there.

use std::fmt::Write;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use anyhow::Result;
use jiff::Timestamp;
use tokio::runtime::Builder;

use super::args::{DoctorArgs, GlobalArgs};
use super::exit::Exit;
use super::terminal::IndexingProgress;
use super::{check, context, state, terminal};
use takeaways_digest::{PauseReason, Subscription};
use takeaways_discord::{PermissionTarget, check_bot};
use takeaways_ops::{Finding, FindingLevel};
use takeaways_render::clean;
use takeaways_search::IndexStatus;
use takeaways_settings::{ResolvedSettings, SettingProblem, SettingRow, Settings};
use takeaways_store::Store;

/// Prints a line for each thing that was looked at; refused where something does not work.
pub fn run(global: &GlobalArgs, doctor: &DoctorArgs) -> Result<Exit> {
    let findings = collect_findings(global, doctor)?;
    let mut page = String::new();
    for finding in &findings {
        // Writing to a String can't fail.
        let _ = writeln!(page, "{}", clean(&finding.to_string()));
    }
    let count = |level| findings.iter().filter(|finding| finding.level == level).count();
    let some = |number: usize, of: &str| format!("{number} {of}{}", if number == 1 { "" } else { "s" });
    let _ = writeln!(
        page,
        "{}, {}",
        some(count(FindingLevel::Error), "error"),
        some(count(FindingLevel::Warning), "warning")
    );
    terminal::print(&page)?;
    Ok(if count(FindingLevel::Error) == 0 { Exit::Done } else { Exit::Failed })
}

fn collect_findings(global: &GlobalArgs, doctor: &DoctorArgs) -> Result<Vec<Finding>> {
    let ResolvedSettings { settings, rows, problems } = context::resolve(global)?;
    let finding = |problem: &SettingProblem| {
        Finding::error("settings", format!("{}: {}", problem.from, problem.what), problem.todo.clone())
    };
    let mut findings: Vec<Finding> = problems.iter().map(finding).collect();
    let Some(settings) = settings.filter(|_| findings.is_empty()) else { return Ok(findings) };
    findings.extend(check::places(&settings, &rows).iter().map(finding));
    if findings.is_empty() {
        findings.push(Finding::ok("settings", "they are right"));
        findings.push(Finding::ok("state", format!("{} can be written to", settings.state.dir.display())));
        findings.extend(corpus_and_index_findings(&settings));
        findings.push(digest_finding(&settings)?);
    }
    findings.extend(secret_file(&rows));
    let Some(token) = &settings.discord.token else {
        let todo = "set DISCORD_TOKEN or DISCORD_TOKEN_FILE; docs/deploy.md shows where to get one";
        let what = token_file()
            .map_or_else(|| "there is none".into(), |path| format!("{} is empty", path.display()));
        findings.push(Finding::error("token", what, todo));
        return Ok(findings);
    };
    let place = doctor.server.map(|server| PermissionTarget { server, channel: doctor.channel });
    let runtime = Builder::new_current_thread().enable_all().build()?;
    findings.extend(runtime.block_on(check_bot(&settings.discord, token, place)));
    Ok(findings)
}

/// What is kept of digests: whether it can be read, and whether some don't run.
fn digest_finding(settings: &Settings) -> Result<Finding> {
    let place = state::state_location(settings);
    let kept = state::build_runtime()?.block_on(async {
        match Store::open_read_only(&place).await? {
            Some(store) => store.list_subscriptions().await.map(Some),
            None => Ok(None),
        }
    });
    let all = match kept {
        Ok(Some(all)) => all,
        Ok(None) => return Ok(Finding::ok("digests", "there is no state yet; the first start makes it")),
        Err(error) => {
            return Ok(Finding::error("digests", error.to_string(), "see what `takeaways state check` says"));
        }
    };
    let stuck = |of: &&Subscription| matches!(of.status, takeaways_digest::SubscriptionStatus::Paused { reason, .. } if reason != PauseReason::Asked);
    Ok(match all.iter().filter(stuck).count() {
        0 => Finding::ok("digests", format!("{} are wanted", all.len())),
        stuck => {
            let what = format!("{stuck} of {} are paused, since they could not be posted", all.len());
            Finding::warning("digests", what, "see `takeaways digest list`")
        }
    })
}

/// The index first: opening it mends what can be seen of damage, and a disk seldom fails once.
fn corpus_and_index_findings(settings: &Settings) -> Vec<Finding> {
    let now = Timestamp::now();
    let mut findings = match context::inspect(settings, now) {
        Ok(None) => vec![Finding::ok("index", "there is none yet; the first start makes it")],
        Ok(Some(found)) if found.is_empty() => {
            vec![Finding::ok("index", "every byte of it is as it was written")]
        }
        Ok(Some(found)) => {
            found.into_iter().map(|(what, todo)| Finding::warning("index", what, todo)).collect()
        }
        Err(error) => vec![Finding::error("index", format!("{error:#}"), "see `takeaways check`")],
    };
    match context::open(settings, false, now, &mut IndexingProgress::new(true)) {
        Ok(engine) => {
            findings.push(corpus_finding(&engine.index().status(), settings.corpus.folders.is_empty()));
        }
        Err(error) => findings.push(Finding::error("corpus", format!("{error:#}"), "see `takeaways check`")),
    }
    findings
}

/// What is wrong with the notes that come with the program is not for who runs it to mend.
fn corpus_finding(status: &IndexStatus, is_built_in: bool) -> Finding {
    match (status.posts, status.problems) {
        (posts, _) if is_built_in => {
            Finding::ok("corpus", format!("the {posts} notes that come with the program"))
        }
        (0, _) => Finding::error(
            "corpus",
            "it holds no posts",
            "name a folder that does with corpus.folders, or see `takeaways corpus check`",
        ),
        (posts, 0) => Finding::ok("corpus", format!("{posts} posts")),
        (posts, problems) => Finding::warning(
            "corpus",
            format!("{posts} posts, and problems in their files ({problems})"),
            "see `takeaways corpus check`",
        ),
    }
}

fn token_file() -> Option<PathBuf> {
    std::env::var_os("DISCORD_TOKEN_FILE").filter(|path| !path.is_empty()).map(PathBuf::from)
}

/// The file that the token comes from, where others on the machine can read it.
fn secret_file(rows: &[SettingRow]) -> Option<Finding> {
    let from = &rows.iter().find(|row| row.key == "discord.token")?.from;
    let path = if from == "DISCORD_TOKEN_FILE" { token_file()? } else { PathBuf::from(from) };
    // A variable and the defaults are no files.
    let mode = fs::metadata(&path).ok()?.permissions().mode();
    (mode & 0o077 != 0).then(|| {
        let what = format!("others on this machine can read {}", path.display());
        Finding::warning("token", what, "let only its owner read it: chmod 600")
    })
}
