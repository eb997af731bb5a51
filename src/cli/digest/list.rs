//! `takeaways digest list`: who wants which digest, where and when.

use anyhow::Result;
use tokio::runtime::Builder;

use super::super::args::{Format, Formatted};
use super::super::exit::Exit;
use super::super::session::Session;
use super::super::{state, terminal};
use takeaways_render::ledger;
use takeaways_store::Store;

/// Prints a line for each digest that somebody wants.
pub fn run(session: &Session, how: Formatted) -> Result<Exit> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let subscriptions = runtime.block_on(async {
        match Store::beside(&state::place(&session.settings)).await? {
            Some(store) => store.subscriptions().await,
            None => Ok(Vec::new()),
        }
    })?;
    let page: String = match how.format {
        Format::Plain if subscriptions.is_empty() => "Nobody wants a digest.\n".to_owned(),
        Format::Plain => subscriptions.iter().map(ledger::subscription).collect(),
        Format::Json => subscriptions.iter().map(ledger::subscription_json).collect(),
    };
    terminal::print(&page)?;
    Ok(Exit::Done)
}
