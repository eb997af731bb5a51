//! `takeaways-eval points`: compares the points of the posts with graded sentences, and fits their weights.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use jiff::tz::TimeZone;

use super::{print, problems_error, read_text};
use crate::args::EvalPointsArgs;
use crate::questions::load_corpus;
use takeaways_cli::exit::Exit;
use takeaways_cli::session::Session;
use takeaways_eval::fit::points::{fit_points, points_file};
use takeaways_eval::points::PointMarks;
use takeaways_eval::render;

/// Reads the graded sentences. The error lists every problem.
pub(crate) fn read_marks(file: &Path) -> Result<PointMarks> {
    let text = read_text(file, "the graded sentences")?;
    PointMarks::parse(&file.display().to_string(), &text)
        .map_err(|problems| problems_error("the graded sentences", &problems))
}

/// Prints the report, and writes fitted weights if that is asked for.
pub(crate) fn run(session: &Session, args: &EvalPointsArgs) -> Result<Exit> {
    let marks = read_marks(&args.file)?;
    let corpus = load_corpus(session, args.now)?;
    let report = marks.report(&corpus);
    print(args.output.format, &report, || render::point_report(&report))?;
    if let Some(out) = &args.out {
        let fitted = fit_points(&marks.training_sentences(&corpus));
        let day = args.now.to_zoned(TimeZone::UTC).date();
        fs::write(out, points_file(&fitted, day, &args.file.display().to_string()))
            .with_context(|| format!("the weights can't be written to {}", out.display()))?;
    }
    Ok(Exit::Done)
}
