//! `takeaways eval questions`.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail};
use jiff::Timestamp;

use super::{print, read_text};
use crate::cli::args;
use crate::cli::engine;
use crate::cli::exit::Exit;
use crate::cli::session::Session;
use takeaways_answer::{Engine, Request, Strictness};
use takeaways_eval::exam::Exam;
use takeaways_eval::hidden::{self, Hidden};
use takeaways_eval::library::Library;
use takeaways_eval::outcome::{self, Outcome};
use takeaways_eval::questions::{self, Judged};
use takeaways_eval::setting::Setting;
use takeaways_eval::time::Time;
use takeaways_eval::{plot, render};
use takeaways_search::{CorpusFiles, Index, Options};

/// How often all questions are asked again to measure time.
const ROUNDS: usize = 5;

/// Asks the questions and prints the report; the answer is no where an excerpt is not what its file says.
pub fn run(session: &Session, how: &args::Questions) -> Result<Exit> {
    let judged = read(&how.files)?;
    let library = library(session, how.now)?;
    let strictness = session.settings.answering.strictness;
    let (index, _) = Index::open(None, &library, how.now, &Options::default())?;
    let engine = Engine::new(Arc::new(index), strictness);
    let ask = |judged| outcome::ask(&engine, &library, judged, how.now);
    let outcomes: Vec<Outcome<'_>> = judged.iter().map(ask).collect::<Result<_, _>>()?;
    let setting = Setting::new(&judged, &library, &engine, strictness, how.now);
    if how.hide_answers {
        let hidden = hidden::ask(&library, &judged, strictness, how.now)?;
        let hidden = Hidden::new(setting, &judged, &hidden, &outcomes, how.misses);
        print(how.how.format, &hidden, || render::hidden(&hidden))?;
        return Ok(Exit::Done);
    }
    let time = if how.time { time(&library, &judged, strictness, how.now)? } else { None };
    let exam = Exam::new(setting, &outcomes, how.misses, time);
    if let Some(file) = &how.plot {
        let picture = plot::reliability(&exam.confidence.calibration)?;
        fs::write(file, picture).with_context(|| format!("{} can't be written", file.display()))?;
    }
    print(how.how.format, &exam, || render::exam(&exam))?;
    Ok(Exit::from_yes(exam.exactness.inexact.is_empty()))
}

/// The questions of all files, or all that is wrong with them.
pub(super) fn read(files: &[impl AsRef<Path>]) -> Result<Vec<Judged>> {
    let read = |path: &Path| Ok((path.display().to_string(), read_text(path, "the questions")?));
    let texts = files.iter().map(|path| read(path.as_ref())).collect::<Result<Vec<_>>>()?;
    questions::read(&texts).map_err(|faults| {
        let faults: Vec<String> = faults.iter().map(ToString::to_string).collect();
        anyhow!("the questions are not right:\n  {}", faults.join("\n  "))
    })
}

/// All files of the corpus, also those that are not for everyone yet: questions are about what posts say.
pub(super) fn library(session: &Session, now: Timestamp) -> Result<Library> {
    let mut settings = session.settings.clone();
    settings.corpus.drafts = true;
    let corpus = engine::corpus(&settings)?;
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
fn time(
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
