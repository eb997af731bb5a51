//! `takeaways state`: backs up, checks and migrates the state.

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

/// The error for a backup of a state on a server, which has its own tool for that.
const DUMP: &str = "the state is on PostgreSQL; back it up with \
                    pg_dump --format=custom --file=FILE \"$TAKEAWAYS__STATE__URL\"";

/// Runs a subcommand of `takeaways state`.
pub fn run(session: &RunContext, command: &args::StateCommand) -> Result<Exit> {
    let location = state_location(&session.settings);
    let runtime = build_runtime()?;
    match command {
        args::StateCommand::Backup { file } => runtime.block_on(back_up(&location, file)),
        args::StateCommand::Check(output) => runtime.block_on(check(&location, output.format)),
        args::StateCommand::Migrate => runtime.block_on(migrate(&location)),
    }
}

/// The location of the state in the settings.
pub fn state_location(settings: &Settings) -> StoreLocation {
    if settings.state.servers.is_empty() {
        StoreLocation::Folder(settings.state.dir.clone())
    } else {
        StoreLocation::Servers(settings.state.servers.clone())
    }
}

/// A runtime for requests to the state.
pub fn build_runtime() -> Result<Runtime> {
    Ok(Builder::new_current_thread().enable_all().build()?)
}

async fn back_up(location: &StoreLocation, to: &Path) -> Result<Exit> {
    if matches!(location, StoreLocation::Servers(_)) {
        bail!(DUMP);
    }
    if to.symlink_metadata().is_ok() {
        bail!("{} exists already: name a new file", to.display());
    }
    let store = open_existing(location).await?;
    store.back_up(to).await.with_context(|| format!("the backup {} can't be written", to.display()))?;
    store.close().await;
    terminal::print(&clean(&format!("the state was copied to {}\n", to.display())))?;
    Ok(Exit::Done)
}

async fn check(location: &StoreLocation, format: OutputFormat) -> Result<Exit> {
    let report = match open_existing(location).await {
        Ok(store) => store.check().await?,
        Err(error) => match error.downcast::<StoreError>() {
            Ok(StoreError::Damaged(what)) => {
                CheckReport { version: 0, rows: Vec::new(), problems: vec![what] }
            }
            Ok(error) => return Err(error.into()),
            Err(error) => return Err(error),
        },
    };
    let page = match format {
        OutputFormat::Plain => plain(&report),
        OutputFormat::Json => format!("{:#}\n", to_json(&report)),
    };
    terminal::print(&clean(&page))?;
    Ok(Exit::from_success(report.problems.is_empty()))
}

async fn migrate(location: &StoreLocation) -> Result<Exit> {
    let Some(old_version) = Store::schema_version(location).await? else {
        bail!("there is no state yet: `takeaways serve` creates it")
    };
    Store::open(location).await?.close().await;
    let done = if old_version == NEWEST_VERSION {
        format!("the state has version {NEWEST_VERSION}, the newest\n")
    } else {
        format!("the state was migrated from version {old_version} to {NEWEST_VERSION}\n")
    };
    terminal::print(&done)?;
    Ok(Exit::Done)
}

/// Opens the state for reading, also while another process uses it.
async fn open_existing(location: &StoreLocation) -> Result<Store> {
    match Store::open_read_only(location).await? {
        Some(store) => Ok(store),
        None => bail!("there is no state yet: `takeaways serve` creates it"),
    }
}

fn plain(report: &CheckReport) -> String {
    let mut lines: Vec<String> =
        report.problems.iter().map(|problem| format!("problem: {problem}")).collect();
    if report.version > 0 {
        lines.push(format!("version          {}", report.version));
    }
    lines.extend(report.rows.iter().map(|(name, count)| format!("{name:<16} {count}")));
    if report.problems.is_empty() {
        lines.push("the state is undamaged".to_owned());
    }
    lines.join("\n") + "\n"
}

fn to_json(report: &CheckReport) -> serde_json::Value {
    let rows: serde_json::Map<String, serde_json::Value> =
        report.rows.iter().map(|(name, count)| (name.replace(' ', "_"), (*count).into())).collect();
    json!({ "version": report.version, "rows": rows, "problems": report.problems })
}
