//! `takeaways digest log`: the last runs and their outcomes.

use anyhow::{Result, anyhow, bail};

use super::super::args::{DigestLogArgs, OutputFormat};
use super::super::context::Session;
use super::super::exit::Exit;
use super::super::{state, terminal};
use takeaways_digest::SubscriptionId;
use takeaways_render::discord::parse_digest_number;
use takeaways_render::ledger;
use takeaways_store::Store;

/// Prints one line per run, the newest first.
pub fn run(session: &Session, args: &DigestLogArgs) -> Result<Exit> {
    let id = match &args.id {
        Some(number) => match parse_digest_number(number) {
            None => bail!("{number:?} is not a digest number; `takeaways digest list` shows the numbers"),
            id => id,
        },
        None => None,
    };
    let no_digest = |id: SubscriptionId| {
        anyhow!("there is no digest {}; `takeaways digest list` shows the numbers", id.0)
    };
    let runtime = state::build_runtime()?;
    let runs = runtime.block_on(async {
        match (Store::open_read_only(&state::state_location(&session.settings)).await?, id) {
            (Some(store), Some(id)) => {
                let runs = store.recent_runs(id, args.limit).await?;
                // A digest that was removed still has its runs.
                if runs.is_empty() && store.find_subscription(id).await?.is_none() {
                    return Err(no_digest(id));
                }
                Ok(runs)
            }
            (Some(store), None) => Ok(store.recent_runs_of_all(args.limit).await?),
            (None, Some(id)) => Err(no_digest(id)),
            (None, None) => Ok(Vec::new()),
        }
    })?;
    let page: String = match args.output.format {
        OutputFormat::Plain if runs.is_empty() => {
            "There are no runs yet. `takeaways digest list` shows the digests.\n".to_owned()
        }
        OutputFormat::Plain => runs.iter().map(ledger::delivery).collect(),
        OutputFormat::Json => runs.iter().map(ledger::delivery_json).collect(),
    };
    terminal::print(&page)?;
    Ok(Exit::Done)
}
