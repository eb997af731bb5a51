//! `takeaways digest log`: the last runs with what became of them.

use anyhow::{Result, bail};
use tokio::runtime::Builder;

use super::super::args::{Format, Log};
use super::super::exit::Exit;
use super::super::session::Session;
use super::super::{state, terminal};
use takeaways_digest::SubscriptionId;
use takeaways_render::ledger;
use takeaways_store::Store;

/// Prints a line for each run, the last first.
pub fn run(session: &Session, how: &Log) -> Result<Exit> {
    let id = match &how.id {
        Some(typed) => match typed.trim_start_matches('#').parse() {
            Ok(id) => Some(SubscriptionId(id)),
            Err(_) => bail!("{typed:?} is no digest; `takeaways digest list` shows their numbers"),
        },
        None => None,
    };
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let runs = runtime.block_on(async {
        match (Store::beside(&state::place(&session.settings)).await?, id) {
            (Some(store), Some(id)) => store.log(id, how.limit).await,
            (Some(store), None) => store.log_of_all(how.limit).await,
            (None, _) => Ok(Vec::new()),
        }
    })?;
    let page: String = match how.how.format {
        Format::Plain if runs.is_empty() => "There was no run yet.\n".to_owned(),
        Format::Plain => runs.iter().map(ledger::delivery).collect(),
        Format::Json => runs.iter().map(ledger::delivery_json).collect(),
    };
    terminal::print(&page)?;
    Ok(Exit::Done)
}
