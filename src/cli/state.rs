//! `takeaways state`: copies what outlives the bot, looks whether it is whole, brings it up to date.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::json;
use tokio::runtime::{Builder, Runtime};

use super::args::{self, OutputFormat};
use super::context::RunContext;
use super::exit::Exit;
use super::terminal;
use takeaways_render::clean;
use takeaways_settings::Settings;
use takeaways_store::{CheckReport, NEWEST_VERSION, Store, StoreError, StoreLocation};

/// What to do with a state on a server, which has its own tool for that.
const DUMP: &str = "the state is on PostgreSQL, which backs itself up: \
                    pg_dump --format=custom --file=FILE \"$TAKEAWAYS__STATE__URL\"";

/// Does what was asked for.
pub fn run(session: &RunContext, what: &args::StateCommand) -> Result<Exit> {
    let place = state_location(&session.settings);
    let runtime = build_runtime()?;
    match what {
        args::StateCommand::Backup { file } => runtime.block_on(back_up(&place, file)),
        args::StateCommand::Check(how) => runtime.block_on(check(&place, how.format)),
        args::StateCommand::Migrate => runtime.block_on(migrate(&place)),
    }
}

/// Where the settings say that the state is.
pub fn state_location(settings: &Settings) -> StoreLocation {
    if settings.state.servers.is_empty() {
        StoreLocation::Folder(settings.state.dir.clone())
    } else {
        StoreLocation::Servers(settings.state.servers.clone())
    }
}

/// To reach the state with.
pub fn build_runtime() -> Result<Runtime> {
    Ok(Builder::new_current_thread().enable_all().build()?)
}

async fn back_up(place: &StoreLocation, to: &Path) -> Result<Exit> {
    if matches!(place, StoreLocation::Servers(_)) {
        bail!(DUMP);
    }
    if to.symlink_metadata().is_ok() {
        bail!("{} is there already: name a file that is not", to.display());
    }
    let store = open_existing(place).await?;
    store.back_up(to).await.with_context(|| format!("the backup {} can't be written", to.display()))?;
    store.close().await;
    terminal::print(&clean(&format!("the state is copied to {}\n", to.display())))?;
    Ok(Exit::Done)
}

async fn check(place: &StoreLocation, format: OutputFormat) -> Result<Exit> {
    let found = match open_existing(place).await {
        Ok(store) => store.check().await?,
        Err(error) => match error.downcast::<StoreError>() {
            Ok(StoreError::Damaged(what)) => {
                CheckReport { version: 0, rows: Vec::new(), problems: vec![what] }
            }
            Ok(other) => return Err(other.into()),
            Err(other) => return Err(other),
        },
    };
    let page = match format {
        OutputFormat::Plain => plain(&found),
        OutputFormat::Json => format!("{:#}\n", to_json(&found)),
    };
    terminal::print(&clean(&page))?;
    Ok(Exit::from_success(found.problems.is_empty()))
}

async fn migrate(place: &StoreLocation) -> Result<Exit> {
    let Some(before) = Store::schema_version(place).await? else {
        bail!("there is no state yet: `takeaways serve` makes it")
    };
    Store::open(place).await?.close().await;
    let done = if before == NEWEST_VERSION {
        format!("the state is of version {NEWEST_VERSION}, which is the newest\n")
    } else {
        format!("the state was of version {before} and is of version {NEWEST_VERSION} now\n")
    };
    terminal::print(&done)?;
    Ok(Exit::Done)
}

/// The state beside whoever holds it.
async fn open_existing(place: &StoreLocation) -> Result<Store> {
    match Store::open_read_only(place).await? {
        Some(store) => Ok(store),
        None => bail!("there is no state yet: `takeaways serve` makes it"),
    }
}

fn plain(found: &CheckReport) -> String {
    let mut lines: Vec<String> = found.problems.iter().map(|fault| format!("problem: {fault}")).collect();
    if found.version > 0 {
        lines.push(format!("version          {}", found.version));
    }
    lines.extend(found.rows.iter().map(|(name, count)| format!("{name:<16} {count}")));
    if found.problems.is_empty() {
        lines.push("the state is whole".to_owned());
    }
    lines.join("\n") + "\n"
}

fn to_json(found: &CheckReport) -> serde_json::Value {
    let rows: serde_json::Map<String, serde_json::Value> =
        found.rows.iter().map(|(name, count)| (name.replace(' ', "_"), (*count).into())).collect();
    json!({ "version": found.version, "rows": rows, "problems": found.problems })
}
