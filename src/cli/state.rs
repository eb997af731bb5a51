//! `takeaways state`: backs up, checks and migrates the state, and shows or deletes what is kept of a person.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::json;
use tokio::runtime::{Builder, Runtime};

use super::args::{self, OutputFormat};
use super::context::Session;
use super::exit::Exit;
use super::sources::library;
use super::terminal;
use takeaways_render::{clean, ledger};
use takeaways_settings::Settings;
use takeaways_sources::Library;
use takeaways_store::{
    CheckReport, ForgottenRows, KeptAnswer, NEWEST_VERSION, PersonData, Store, StoreError, StoreLocation,
};

/// The error for a backup of a state on a server, which has its own tool for that.
const DUMP: &str = "the state is on PostgreSQL; back it up with \
                    pg_dump --format=custom --file=FILE \"$TAKEAWAYS__STATE__URL\"";

const NO_STATE: &str = "there is no state yet: `takeaways serve` creates it";

/// Runs a subcommand of `takeaways state`.
pub fn run(session: &Session, command: &args::StateCommand) -> Result<Exit> {
    let location = state_location(&session.settings);
    let runtime = build_runtime()?;
    match command {
        args::StateCommand::Backup { file } => runtime.block_on(back_up(&location, file)),
        args::StateCommand::Check(output) => runtime.block_on(check(&location, output.format)),
        args::StateCommand::Export { user } => {
            runtime.block_on(export(&location, &library(&session.settings), user.get()))
        }
        args::StateCommand::Forget { user } => {
            runtime.block_on(forget(&location, &library(&session.settings), user.get()))
        }
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

/// Opens the state to write it.
///
/// # Errors
/// If it can't be opened. The error names the folder, since the folder may have been chosen by default.
pub async fn open_state(settings: &Settings) -> Result<Store> {
    let location = state_location(settings);
    let opened = Store::open(&location).await;
    match location {
        StoreLocation::Folder(dir) if matches!(opened, Err(StoreError::Unavailable(_))) => opened
            .with_context(|| {
                format!(
                    "{} can't be used; check who may write there, and the space on its disk",
                    dir.display()
                )
            }),
        _ => Ok(opened?),
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
    let Some(old_version) = Store::schema_version(location).await? else { bail!(NO_STATE) };
    Store::open(location).await?.close().await;
    let done = if old_version == NEWEST_VERSION {
        format!("the state has version {NEWEST_VERSION}, the newest\n")
    } else {
        format!("the state was migrated from version {old_version} to {NEWEST_VERSION}\n")
    };
    terminal::print(&done)?;
    Ok(Exit::Done)
}

/// Prints all that is kept of a person.
async fn export(location: &StoreLocation, library: &Library, person: u64) -> Result<Exit> {
    let store = open_existing(location).await?;
    let kept = store.find_person_data(person).await?;
    let mut page = person_json(person, &kept);
    page["sources"] = library.added_by(person)?.into_iter().map(|source| source.url).collect();
    terminal::print(&clean(&format!("{page:#}\n")))?;
    Ok(Exit::Done)
}

/// Deletes all that is kept of a person, also while the bot runs.
async fn forget(location: &StoreLocation, library: &Library, person: u64) -> Result<Exit> {
    let Some(store) = Store::open_beside(location).await? else { bail!(NO_STATE) };
    let rows = store.forget_person(person).await?;
    store.close().await;
    let sources = library.forget_contributor(person)?;
    let ForgottenRows { follows, answers, zones, digests } = rows;
    let page = if rows.is_empty() && sources == 0 {
        format!("nothing is kept of {person}\n")
    } else {
        format!(
            "deleted of {person}:\n\
             follows           {follows}\n\
             answers           {answers}\n\
             time zone         {zones}\n\
             names in digests  {digests} (the digests stay)\n\
             names in sources  {sources} (the sources stay)\n\
             Backups still hold what was deleted.\n"
        )
    };
    terminal::print(&page)?;
    Ok(Exit::Done)
}

/// What is kept of a person. Ids are strings, because they have more digits than a number in JSON may have.
fn person_json(person: u64, kept: &PersonData) -> serde_json::Value {
    let answer = |answer: &KeptAnswer| {
        json!({
            "number": answer.number.to_string(),
            "channel": answer.channel.to_string(),
            "server": answer.server.map(|id| id.to_string()),
            "asked_at": answer.asked_at,
            "question": answer.question,
            // It is JSON that another version may have written.
            "turn": serde_json::from_str::<serde_json::Value>(&answer.turn).ok(),
        })
    };
    json!({
        "person": person.to_string(),
        "follows": kept.subscription.as_ref().map(ledger::subscription_value),
        "deliveries": kept.deliveries.iter().map(ledger::delivery_value).collect::<Vec<_>>(),
        "zone": kept.zone,
        "pause_told": kept.pause_told,
        "answers": kept.answers.iter().map(answer).collect::<Vec<_>>(),
        "server_digests": kept.server_subscriptions,
    })
}

/// Opens the state for reading, also while another process uses it.
async fn open_existing(location: &StoreLocation) -> Result<Store> {
    match Store::open_read_only(location).await? {
        Some(store) => Ok(store),
        None => bail!(NO_STATE),
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
