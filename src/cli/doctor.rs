//! `takeaways doctor`: looks at all that the bot needs, and says what to do about what is not there.

use std::fmt::Write;
use std::fs;

use anyhow::Result;
use jiff::Timestamp;
use tokio::runtime::Builder;

use super::args::{Doctor, Global};
use super::exit::Exit;
use super::progress::Progress;
use super::{check, engine, session, terminal};
use crate::discord::{Place, examine};
use crate::ops::{Finding, Level};
use crate::render::clean;
use crate::settings::{Resolved, Settings};

/// Prints a line for each thing that was looked at; refused where something does not work.
pub fn run(global: &Global, doctor: &Doctor) -> Result<Exit> {
    let findings = examined(global, doctor)?;
    let mut page = String::new();
    for finding in &findings {
        // Writing to a String can't fail.
        let _ = writeln!(page, "{}", clean(&finding.to_string()));
    }
    let count = |level| findings.iter().filter(|finding| finding.level == level).count();
    let _ = writeln!(page, "{} errors, {} warnings", count(Level::Error), count(Level::Warning));
    terminal::print(&page)?;
    Ok(if count(Level::Error) == 0 { Exit::Done } else { Exit::Refused })
}

fn examined(global: &Global, doctor: &Doctor) -> Result<Vec<Finding>> {
    let Resolved { settings, rows, faults } = session::resolve(global)?;
    let fault = |fault: &crate::settings::Fault| {
        Finding::error("settings", format!("{}: {}", fault.from, fault.what), fault.todo.clone())
    };
    let mut findings: Vec<Finding> = faults.iter().map(fault).collect();
    let Some(settings) = settings.filter(|_| findings.is_empty()) else { return Ok(findings) };
    findings.extend(check::places(&settings, &rows).iter().map(fault));
    if findings.is_empty() {
        findings.push(Finding::ok("settings", "they are right"));
        findings.push(Finding::ok("state", format!("{} can be written to", settings.state.dir.display())));
        findings.extend(corpus_and_index(&settings));
    }
    findings.extend(secret_file());
    let Some(token) = &settings.discord.token else {
        let todo = "set DISCORD_TOKEN or DISCORD_TOKEN_FILE; docs/deploy.md shows where to get one";
        findings.push(Finding::error("token", "there is none", todo));
        return Ok(findings);
    };
    let place = doctor.server.map(|server| Place { server, channel: doctor.channel });
    let runtime = Builder::new_current_thread().enable_all().build()?;
    findings.extend(runtime.block_on(examine(&settings.discord, token, place)));
    Ok(findings)
}

fn corpus_and_index(settings: &Settings) -> Vec<Finding> {
    let now = Timestamp::now();
    let mut findings = Vec::new();
    let opened = engine::open(settings, false, now, &mut Progress::new(true));
    match opened {
        Ok(engine) => {
            let status = engine.index().status();
            findings.push(match (status.posts, status.problems) {
                (0, _) => Finding::error(
                    "corpus",
                    "it holds no posts",
                    "name a folder that does with corpus.folders, or see `takeaways corpus check`",
                ),
                (posts, 0) => Finding::ok("corpus", format!("{posts} posts")),
                (posts, problems) => Finding::warning(
                    "corpus",
                    format!("{posts} posts, and {problems} problems in its files"),
                    "see `takeaways corpus check`",
                ),
            });
        }
        Err(error) => {
            findings.push(Finding::error("corpus", format!("{error:#}"), "see `takeaways check`"));
            return findings;
        }
    }
    match engine::inspect(settings, now) {
        Ok(found) => {
            let found = found.unwrap_or_default();
            if found.is_empty() {
                findings.push(Finding::ok("index", "every byte of it is as it was written"));
            }
            findings.extend(found.into_iter().map(|(what, todo)| Finding::warning("index", what, todo)));
        }
        Err(error) => findings.push(Finding::error("index", format!("{error:#}"), "see `takeaways check`")),
    }
    findings
}

/// A file with the token that others on the machine can read.
fn secret_file() -> Option<Finding> {
    use std::os::unix::fs::PermissionsExt;
    let path = std::env::var_os("DISCORD_TOKEN_FILE").filter(|path| !path.is_empty())?;
    let mode = fs::metadata(&path).ok()?.permissions().mode();
    (mode & 0o077 != 0).then(|| {
        let what = format!("others on this machine can read {}", path.to_string_lossy());
        Finding::warning("token", what, "let only its owner read it: chmod 600")
    })
}
