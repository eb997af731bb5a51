//! `takeaways-eval questions`: asks questions with known answers and prints the report.

use std::fs;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;

use super::{print, problems_error, read_lines, read_text};
use crate::args::{EvalJudgedArgs, EvalQuestionsArgs};
use takeaways_answer::{Engine, Request, Strictness};
use takeaways_cli::configured_corpus;
use takeaways_cli::exit::Exit;
use takeaways_cli::session::Session;
use takeaways_eval::corpus_files::InMemoryCorpus;
use takeaways_eval::graded_report::GradedReport;
use takeaways_eval::held_out::{HeldOutReport, ask_held_out};
use takeaways_eval::judgments::Judgments;
use takeaways_eval::outcome::{QuestionOutcome, ask_question, request};
use takeaways_eval::plot::reliability_plot;
use takeaways_eval::qa_report::QaReport;
use takeaways_eval::questions::{JudgedQuestion, parse_questions};
use takeaways_eval::render;
use takeaways_eval::report::{Latency, QaSetting};
use takeaways_search::{CorpusFiles, Index, IndexOptions};

/// The number of times that all questions are asked again to measure the latency.
const ROUNDS: usize = 5;

/// Asks the questions and prints the report. The exit code is negative if an excerpt differs from its file.
pub(crate) fn run(session: &Session, args: &EvalQuestionsArgs) -> Result<Exit> {
    let judged = read_questions(&args.files)?;
    let corpus = load_corpus(session, args.now)?;
    let strictness = session.settings.answering.strictness;
    let (setting, outcomes) = ask_all(&judged, &corpus, strictness, args.now)?;
    if args.hide_answers {
        let hidden = ask_held_out(&corpus, &judged, strictness, args.now)?;
        let report = HeldOutReport::new(setting, &judged, &hidden, &outcomes, args.misses);
        return print(args.output.format, &report, || render::held_out(&report));
    }
    let latency = if args.time { measure_latency(&corpus, &judged, strictness, args.now)? } else { None };
    let report = QaReport::new(setting, &outcomes, args.misses, latency);
    if let Some(file) = &args.plot {
        let plot = reliability_plot(&report.confidence.calibration);
        fs::write(file, plot).with_context(|| format!("{} can't be written", file.display()))?;
    }
    print(args.output.format, &report, || render::qa_report(&report))?;
    Ok(Exit::from_success(report.exactness.inexact.is_empty()))
}

/// Asks the questions that have judgments and prints the report.
pub(crate) fn run_judged(session: &Session, args: &EvalJudgedArgs) -> Result<Exit> {
    let mut judged = read_questions(&args.files)?;
    let mut judgments = read_lines(&args.judgments, "the judgments", Judgments::parse)?;
    judged.retain(|question| !judgments.of(&question.id).is_empty());
    if judged.is_empty() {
        bail!("{} has judgments of none of the questions", args.judgments.display());
    }
    let corpus = load_corpus(session, args.now)?;
    let stale = judgments.remove_stale(&corpus);
    let (setting, outcomes) = ask_all(&judged, &corpus, session.settings.answering.strictness, args.now)?;
    let report = GradedReport::new(setting, &outcomes, &judgments, stale);
    print(args.output.format, &report, || render::graded_report(&report))
}

/// Asks all questions of a new index over the corpus. Returns the conditions and the outcomes.
fn ask_all<'q>(
    judged: &'q [JudgedQuestion],
    corpus: &InMemoryCorpus,
    strictness: Strictness,
    now: Timestamp,
) -> Result<(QaSetting, Vec<QuestionOutcome<'q>>)> {
    let engine = open_engine(corpus, strictness, now)?;
    let outcomes = judged.iter().map(|judged| ask_question(&engine, corpus, judged, now));
    let outcomes = outcomes.collect::<Result<_, _>>()?;
    Ok((QaSetting::new(judged, corpus, &engine, strictness, now), outcomes))
}

/// Reads the questions of all files. The error lists every problem.
pub(crate) fn read_questions(files: &[impl AsRef<Path>]) -> Result<Vec<JudgedQuestion>> {
    let read = |path: &Path| Ok((path.display().to_string(), read_text(path, "the questions")?));
    let texts = files.iter().map(|path| read(path.as_ref())).collect::<Result<Vec<_>>>()?;
    parse_questions(&texts).map_err(|problems| problems_error("the questions", &problems))
}

/// Loads all files of the corpus, including drafts.
pub(crate) fn load_corpus(session: &Session, now: Timestamp) -> Result<InMemoryCorpus> {
    let mut settings = session.settings.clone();
    settings.corpus.drafts = true;
    let configured = configured_corpus(&settings)?;
    let files = CorpusFiles::list(&configured, now);
    for problem in files.problems() {
        tracing::warn!("{problem}");
    }
    let corpus = InMemoryCorpus::load(&files);
    for (path, why) in corpus.failures() {
        tracing::warn!("{path} was left out: {why}");
    }
    if corpus.posts().next().is_none() {
        bail!("there are no posts to look in: see `takeaways corpus check`");
    }
    Ok(corpus)
}

/// An engine over a new index in memory.
pub(crate) fn open_engine(corpus: &InMemoryCorpus, strictness: Strictness, now: Timestamp) -> Result<Engine> {
    let (index, _) = Index::open(None, corpus, now, &IndexOptions::default())?;
    Ok(Engine::new(Arc::new(index), strictness))
}

/// Measures the latency on a new index, whose caches are empty.
fn measure_latency(
    corpus: &InMemoryCorpus,
    judged: &[JudgedQuestion],
    strictness: Strictness,
    now: Timestamp,
) -> Result<Option<Latency>> {
    let engine = open_engine(corpus, strictness, now)?;
    let requests: Vec<Request> = judged.iter().map(|judged| request(judged, now)).collect();
    let ask_all = || -> Result<Vec<f64>> {
        let latency_us = |request| -> Result<f64> {
            let started = Instant::now();
            engine.answer(request)?;
            Ok(started.elapsed().as_secs_f64() * 1e6)
        };
        requests.iter().map(latency_us).collect()
    };
    let first = ask_all()?;
    let again = (0..ROUNDS).map(|_| ask_all()).collect::<Result<Vec<_>>>()?.concat();
    Ok(Latency::new(first, again))
}
