//! What every command starts with: the settings, the log and the time.
//!
//! The corpus that the settings name.

use crate::{
    args::GlobalArgs,
    log::{self, LogAudience},
};
use anyhow::{Result, bail};
use directories::ProjectDirs;
use jiff::Timestamp;
use std::collections::BTreeMap;
use takeaways_answer::EngineOpener;
use takeaways_corpus::Corpus;
use takeaways_settings::{Flags, LogLevel, ResolvedSettings, Settings, Sources};

/// The settings and the time of one run.
pub struct RunContext {
    /// Every one is valid.
    pub settings: Settings,
    /// When it began.
    pub now: Timestamp,
    /// Whether `--quiet` was given.
    pub is_quiet: bool,
}

impl RunContext {
    /// Reads the settings, and starts the log for whoever typed the command.
    ///
    /// # Errors
    /// Every problem of the settings.
    pub fn start(global: &GlobalArgs) -> Result<Self> {
        Self::start_for(LogAudience::Caller, global)
    }

    /// The same, with a log for `reader`.
    ///
    /// # Errors
    /// Every problem of the settings.
    pub fn start_for(reader: LogAudience, global: &GlobalArgs) -> Result<Self> {
        let resolved = resolve(global)?;
        match resolved.settings {
            Some(settings) if resolved.problems.is_empty() => {
                log::start(settings.log, reader);
                Ok(Self { settings, now: Timestamp::now(), is_quiet: global.quiet })
            }
            _ => {
                let problems: Vec<String> = resolved.problems.iter().map(ToString::to_string).collect();
                bail!("the settings are not right:\n  {}", problems.join("\n  "))
            }
        }
    }
}

/// Reads the settings of this process.
///
/// # Errors
/// Where the working folder is not known.
pub fn resolve(global: &GlobalArgs) -> Result<ResolvedSettings> {
    let level = match (global.quiet, global.verbose) {
        (true, _) => Some(LogLevel::Error),
        (false, 0) => None,
        (false, 1) => Some(LogLevel::Info),
        (false, _) => Some(LogLevel::Debug),
    };
    let text = |name: std::ffi::OsString| name.into_string().ok();
    let environment: BTreeMap<String, String> = std::env::vars_os()
        .filter_map(|(name, value)| Some((text(name)?, value.to_string_lossy().into_owned())))
        .collect();
    Ok(ResolvedSettings::read(&Sources {
        file: global.config.clone(),
        here: std::env::current_dir()?,
        environment,
        data_dir: ProjectDirs::from("", "", "takeaways").map(|dirs| dirs.data_dir().to_owned()),
        flags: Flags { corpus: global.corpus.clone(), state_dir: global.state_dir.clone(), level },
    }))
}

/// Opens engines over the corpus of the settings; no post is read yet.
#[must_use]
pub fn engine_opener(settings: &Settings) -> EngineOpener {
    EngineOpener::new(settings.corpus.clone(), settings.state.dir.clone(), settings.answering.strictness)
}

/// The corpus of the settings; no post is read yet.
///
/// # Errors
/// Where a folder can't be read, or is not a folder.
pub fn configured_corpus(settings: &Settings) -> Result<Corpus> {
    Ok(engine_opener(settings).corpus()?)
}
