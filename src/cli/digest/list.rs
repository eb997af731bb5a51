//! `takeaways digest list`: one line per digest.

use anyhow::Result;

use super::super::args::{FormatArgs, OutputFormat};
use super::super::context::Session;
use super::super::exit::Exit;
use super::super::{state, terminal};
use takeaways_render::ledger;
use takeaways_store::Store;

/// Prints the target, the schedule, the posts and the status of each digest.
pub fn run(session: &Session, output: FormatArgs) -> Result<Exit> {
    let runtime = state::build_runtime()?;
    let subscriptions = runtime.block_on(async {
        match Store::open_read_only(&state::state_location(&session.settings)).await? {
            Some(store) => store.list_subscriptions().await,
            None => Ok(Vec::new()),
        }
    })?;
    let page: String = match output.format {
        OutputFormat::Plain if subscriptions.is_empty() => {
            "There are no digests. They are added on Discord: /digest add\n".to_owned()
        }
        OutputFormat::Plain => subscriptions.iter().map(ledger::subscription).collect(),
        OutputFormat::Json => subscriptions.iter().map(ledger::subscription_json).collect(),
    };
    terminal::print(&page)?;
    Ok(Exit::Done)
}
