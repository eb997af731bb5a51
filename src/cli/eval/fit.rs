//! `takeaways eval fit`.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use jiff::tz::TimeZone;

use super::questions;
use crate::cli::args;
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use crate::cli::terminal;
use takeaways_answer::Weights;
use takeaways_eval::fit;
use takeaways_eval::render;

/// Fits the weights, prints the report, and writes the file or prints it too.
pub fn run(session: &Session, how: &args::Fit) -> Result<Exit> {
    let judged = questions::read(&how.files)?;
    let library = questions::library(session, how.asked())?;
    let fit = fit::fit(&library, &judged, session.settings.answering.strictness, how.asked())?;
    let day = how.now.unwrap_or(session.now).to_zoned(TimeZone::UTC).date();
    let files: Vec<String> = how.files.iter().map(|path| path.display().to_string()).collect();
    let weights = fit::file::file(Weights::FILE, &fit, day, &files);
    let report = render::fit(&fit);
    match &how.out {
        Some(path) => {
            write(path, &weights)?;
            terminal::print(&report)?;
        }
        None => terminal::print(&format!("{report}\n{weights}"))?,
    }
    Ok(Exit::Done)
}

fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).with_context(|| format!("the weights can't be written to {}", path.display()))
}
