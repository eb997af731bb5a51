//! `takeaways-eval questions`.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail};
use jiff::Timestamp;

use super::{print, read_text};
use crate::args::EvalQuestionsArgs;
use takeaways_answer::{Engine, Request, Strictness};
use takeaways_cli::configured_corpus;
use takeaways_cli::exit::Exit;
use takeaways_cli::session::Session;
use takeaways_eval::exam::Exam;
use takeaways_eval::hidden::{self, Hidden};
use takeaways_eval::library::Library;
use takeaways_eval::outcome::{self, Outcome};
use takeaways_eval::questions::{self, Judged};
use takeaways_eval::setting::Setting;
use takeaways_eval::time::Time;
use takeaways_eval::plot::reliability_plot;
use takeaways_eval::render;
use takeaways_search::{CorpusFiles, Index, Options};

/// How often all questions are asked again to measure time.
const ROUNDS: usize = 5;

/// Asks the questions and prints the report; the answer is no where an excerpt is not what its file says.
pub fn run(session: &Session, args: &EvalQuestionsArgs) -> Result<Exit> {
    if let Some(file) = &args.plot {
        require_svg(file)?;
    }
    let judged = read_questions(&args.files)?;
    let library = load_corpus(session, args.now)?;
    let strictness = session.settings.answering.strictness;
    let (index, _) = Index::open(None, &library, args.now, &Options::default())?;
    let engine = Engine::new(Arc::new(index), strictness);
    let ask = |judged| outcome::ask(&engine, &library, judged, args.now);
    let outcomes: Vec<Outcome<'_>> = judged.iter().map(ask).collect::<Result<_, _>>()?;
    let setting = Setting::new(&judged, &library, &engine, strictness, args.now);
    if args.hide_answers {
        let hidden = hidden::ask(&library, &judged, strictness, args.now)?;
        let hidden = Hidden::new(setting, &judged, &hidden, &outcomes, args.misses);
        print(args.output.format, &hidden, || render::hidden(&hidden))?;
        return Ok(Exit::Done);
    }
    let time = if args.time { measure_latency(&library, &judged, strictness, args.now)? } else { None };
    let exam = Exam::new(setting, &outcomes, args.misses, time);
    if let Some(file) = &args.plot {
        let plot = reliability_plot(&exam.confidence.calibration);
        fs::write(file, plot).with_context(|| format!("{} can't be written", file.display()))?;
    }
    print(args.output.format, &exam, || render::exam(&exam))?;
    Ok(Exit::from_yes(exam.exactness.inexact.is_empty()))
}

fn require_svg(file: &Path) -> Result<()> {
    if file.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("png")) {
        bail!("the plot is written as SVG, not as PNG; name a file that ends in .svg, not {}", file.display());
    }
    Ok(())
}

/// The questions of all files, or all that is wrong with them.
pub fn read_questions(files: &[impl AsRef<Path>]) -> Result<Vec<Judged>> {
    let read = |path: &Path| Ok((path.display().to_string(), read_text(path, "the questions")?));
    let texts = files.iter().map(|path| read(path.as_ref())).collect::<Result<Vec<_>>>()?;
    questions::read(&texts).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        anyhow!("the questions are not right:\n  {}", faults.join("\n  "))
    })
}

/// All files of the corpus, also those that are not for everyone yet: questions are about what posts say.
pub fn load_corpus(session: &Session, now: Timestamp) -> Result<Library> {
    let mut settings = session.settings.clone();
    settings.corpus.drafts = true;
    let corpus = configured_corpus(&settings)?;
    let files = CorpusFiles::list(&corpus, now);
    for problem in files.problems() {
        tracing::warn!("{problem}");
    }
    let library = Library::read(&files);
    for (path, why) in library.unread() {
        tracing::warn!("{path} was left out: {why}");
    }
    if library.posts().next().is_none() {
        bail!("there are no posts to look in: see `takeaways corpus check`");
    }
    Ok(library)
}

/// On an index of its own, where no word and no post has been looked at before.
fn measure_latency(
    library: &Library,
    judged: &[Judged],
    strictness: Strictness,
    now: Timestamp,
) -> Result<Option<Time>> {
    let (index, _) = Index::open(None, library, now, &Options::default())?;
    let engine = Engine::new(Arc::new(index), strictness);
    let requests: Vec<Request> = judged.iter().map(|judged| outcome::request(judged, now)).collect();
    let round = || -> Result<Vec<f64>> {
        let took_us = |request| -> Result<f64> {
            let started = Instant::now();
            engine.answer(request)?;
            Ok(started.elapsed().as_secs_f64() * 1e6)
        };
        requests.iter().map(took_us).collect()
    };
    let first = round()?;
    let again = (0..ROUNDS).map(|_| round()).collect::<Result<Vec<_>>>()?.concat();
    Ok(Time::of(first, again))
}
