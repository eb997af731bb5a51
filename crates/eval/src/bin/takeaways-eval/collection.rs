//! `takeaways-eval collection`: opens the files of a collection, measures it and prints the report.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;

use super::{print, problems_error, read_text};
use crate::args::EvalCollectionArgs;
use takeaways_answer::Engine;
use takeaways_cli::exit::Exit;
use takeaways_cli::session::Session;
use takeaways_cli::terminal::IndexingProgress;
use takeaways_eval::collection::{Collection, DocumentFiles, RankedDocument, measure, trec_run_lines};
use takeaways_eval::render;
use takeaways_search::{Index, IndexOptions};

/// The time at which queries are asked: 2026-11-20, in seconds since 1970. It is fixed, so that "last year" and the
/// figures are the same on any day.
const NOW: Timestamp = Timestamp::constant(1_795_132_800, 0);

/// Reads the collection, indexes its documents in memory, asks its queries and prints the report.
pub(crate) fn run(session: &Session, args: &EvalCollectionArgs) -> Result<Exit> {
    let collection = read_collection(&args.folder)?;
    if !collection.queries.iter().any(|query| collection.judgments.relevant_grades(&query.id).is_some()) {
        bail!("no query of the collection in {} has a relevant document", args.folder.display());
    }
    let engine = build_engine(session, &collection)?;
    let mut run = args.run.as_deref().map(create_file).transpose()?;
    let mut write = |query: &str, ranking: &[RankedDocument]| match &mut run {
        Some(run) => run.write_all(trec_run_lines(query, ranking).as_bytes()),
        None => Ok(()),
    };
    let strictness = session.settings.answering.strictness;
    let report = measure(&engine, strictness, &collection, NOW, &mut write)?;
    if let Some(mut run) = run {
        run.flush().context("the ranking can't be written")?;
    }
    print(args.output.format, &report, || render::collection(&report))
}

fn read_collection(folder: &Path) -> Result<Collection> {
    let documents = read_text(&folder.join("corpus.jsonl"), "the documents")?;
    let queries = read_text(&folder.join("queries.jsonl"), "the queries")?;
    let named = |path: PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Ok((format!("qrels/{name}"), read_text(&path, "the judgments")?))
    };
    let judgments = judgment_files(folder)?.into_iter().map(named).collect::<Result<Vec<_>>>()?;
    Collection::parse(&documents, &queries, &judgments)
        .map_err(|problems| problems_error(&format!("lines of {}", folder.display()), &problems))
}

/// Returns the files with judgments: only `test.tsv` if it exists, since the others are training data; else all.
fn judgment_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let folder = folder.join("qrels");
    let test = folder.join("test.tsv");
    if test.is_file() {
        return Ok(vec![test]);
    }
    let what = || format!("the judgments in {} can't be read", folder.display());
    let mut files = Vec::new();
    for entry in fs::read_dir(&folder).with_context(what)? {
        let path = entry.with_context(what)?.path();
        if path.extension().is_some_and(|extension| extension == "tsv") {
            files.push(path);
        }
    }
    if files.is_empty() {
        bail!("there are no judgments in {}; put a file test.tsv there", folder.display());
    }
    files.sort();
    Ok(files)
}

fn create_file(path: &Path) -> Result<BufWriter<File>> {
    let file = File::create(path).with_context(|| format!("{} can't be written", path.display()))?;
    Ok(BufWriter::new(file))
}

/// Indexes the documents in memory, with the strictness of the settings.
fn build_engine(session: &Session, collection: &Collection) -> Result<Engine> {
    let files = DocumentFiles::new(&collection.documents, NOW);
    let mut progress = IndexingProgress::new(session.is_quiet);
    let show = progress.callback();
    let options = IndexOptions { progress: Some(&show), ..IndexOptions::default() };
    let (index, _) = Index::open(None, &files, session.now, &options)?;
    Ok(Engine::new(Arc::new(index), session.settings.answering.strictness))
}
