//! `takeaways digest log`: the last runs with what became of them.

use anyhow::{Result, bail};
use tokio::runtime::Builder;

use super::super::args::{DigestLogArgs, OutputFormat};
use super::super::context::RunContext;
use super::super::exit::Exit;
use super::super::{state, terminal};
use takeaways_digest::SubscriptionId;
use takeaways_render::ledger;
use takeaways_store::Store;

/// Prints a line for each run, the last first.
pub fn run(session: &RunContext, how: &DigestLogArgs) -> Result<Exit> {
    let id = match &how.id {
        Some(typed) => match typed.trim_start_matches('#').parse() {
            Ok(id) => Some(SubscriptionId(id)),
            Err(_) => bail!("{typed:?} is no digest; `takeaways digest list` shows their numbers"),
        },
        None => None,
    };
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let runs = runtime.block_on(async {
        match (Store::open_read_only(&state::state_location(&session.settings)).await?, id) {
            (Some(store), Some(id)) => store.recent_runs(id, how.limit).await,
            (Some(store), None) => store.recent_runs_of_all(how.limit).await,
            (None, _) => Ok(Vec::new()),
        }
    })?;
    let page: String = match how.output.format {
        OutputFormat::Plain if runs.is_empty() => "There was no run yet.\n".to_owned(),
        OutputFormat::Plain => runs.iter().map(ledger::delivery).collect(),
        OutputFormat::Json => runs.iter().map(ledger::delivery_json).collect(),
    };
    terminal::print(&page)?;
    Ok(Exit::Done)
}
