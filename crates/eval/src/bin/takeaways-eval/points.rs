//! `takeaways-eval points`: compares the points of the posts with graded sentences, and fits their weights.

use std::fs;

use anyhow::{Context, Result, anyhow};
use jiff::tz::TimeZone;

use super::{print, read_text};
use crate::args::EvalPointsArgs;
use crate::questions::load_corpus;
use takeaways_cli::exit::Exit;
use takeaways_cli::session::RunContext;
use takeaways_eval::fit::points::{fit_points, points_file};
use takeaways_eval::points::PointMarks;
use takeaways_eval::render;

/// Prints the report, and writes fitted weights if that is asked for.
pub fn run(session: &RunContext, args: &EvalPointsArgs) -> Result<Exit> {
    let file = args.file.display().to_string();
    let marks =
        PointMarks::parse(&file, &read_text(&args.file, "the graded sentences")?).map_err(|problems| {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            anyhow!("the graded sentences are not right:\n  {}", problems.join("\n  "))
        })?;
    let corpus = load_corpus(session, args.now)?;
    let report = marks.report(&corpus);
    print(args.output.format, &report, || render::point_report(&report))?;
    if let Some(out) = &args.out {
        let fitted = fit_points(&marks.training_sentences(&corpus));
        let day = args.now.to_zoned(TimeZone::UTC).date();
        fs::write(out, points_file(&fitted, day, &file))
            .with_context(|| format!("the weights can't be written to {}", out.display()))?;
    }
    Ok(Exit::Done)
}
