//! The start of every command: its settings, log, time and corpus.

use crate::{
    args::GlobalArgs,
    log::{self, LogAudience},
};
use anyhow::{Result, bail};
use directories::ProjectDirs;
use jiff::Timestamp;
use std::collections::BTreeMap;
use std::path::PathBuf;
use takeaways_answer::EngineOpener;
use takeaways_corpus::{Corpus, CorpusSettings};
use takeaways_settings::{Flags, LogLevel, ResolvedSettings, Settings, Sources};
use takeaways_sources::Library;

/// The settings and the time of one run.
pub struct Session {
    /// The settings, all valid.
    pub settings: Settings,
    /// The start of the run.
    pub now: Timestamp,
    /// Whether `--quiet` was given.
    pub is_quiet: bool,
}

impl Session {
    /// Reads the settings, and starts the log for the person who ran the command.
    ///
    /// # Errors
    /// If settings are wrong. The error lists every problem.
    pub fn start(global: &GlobalArgs) -> Result<Self> {
        Self::start_for(LogAudience::Caller, global)
    }

    /// Reads the settings, and starts the log for `audience`.
    ///
    /// # Errors
    /// If settings are wrong. The error lists every problem.
    pub fn start_for(audience: LogAudience, global: &GlobalArgs) -> Result<Self> {
        let resolved = resolve(global)?;
        match resolved.settings {
            Some(settings) if resolved.problems.is_empty() => {
                log::start(settings.log, audience);
                // Only the bot needs the token that they are about.
                for warning in resolved.warnings.iter().filter(|_| audience == LogAudience::Operator) {
                    tracing::warn!("{warning}");
                }
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
/// If the working folder is unknown.
pub fn resolve(global: &GlobalArgs) -> Result<ResolvedSettings> {
    let level = match (global.quiet, global.verbose) {
        (true, _) => Some(LogLevel::Error),
        (false, 0) => None,
        (false, 1) => Some(LogLevel::Info),
        (false, _) => Some(LogLevel::Debug),
    };
    let environment: BTreeMap<String, String> = std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.to_string_lossy().into_owned())))
        .collect();
    Ok(ResolvedSettings::read(&Sources {
        file: global.config.clone(),
        working_dir: std::env::current_dir()?,
        environment,
        data_dir: ProjectDirs::from("", "", "takeaways").map(|dirs| dirs.data_dir().to_owned()),
        flags: Flags { corpus: global.corpus.clone(), state_dir: global.state_dir.clone(), level },
    }))
}

/// Returns the opener of engines over the corpus of the settings, with the posts that sources brought in. It reads no
/// post yet.
pub fn engine_opener(settings: &Settings) -> EngineOpener {
    let corpus = CorpusSettings { folders: corpus_folders(settings), ..settings.corpus.clone() };
    EngineOpener::new(corpus, settings.state.dir.clone(), settings.answering.strictness)
}

/// The corpus folders of the settings, and the folder of posts from sources as soon as it holds one. So own posts take
/// the place of the built-in notes.
pub fn corpus_folders(settings: &Settings) -> Vec<PathBuf> {
    let mut folders = settings.corpus.folders.clone();
    let posts = Library::posts_folder_of(&settings.state.dir);
    let is_known = || folders.iter().any(|folder| folder.canonicalize().ok() == posts.canonicalize().ok());
    if Library::holds_posts(&posts) && !is_known() {
        folders.push(posts);
    }
    folders
}

/// Returns the corpus of the settings. No post is read yet.
///
/// # Errors
/// If a folder can't be read, or if it is not a folder.
pub fn configured_corpus(settings: &Settings) -> Result<Corpus> {
    Ok(engine_opener(settings).corpus()?)
}
