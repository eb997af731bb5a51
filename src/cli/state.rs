//! `takeaways state`: copies what outlives the bot, looks whether it is whole, brings it up to date.

use std::path::Path;

use anyhow::{Context, Result, bail};
use serde_json::json;
use tokio::runtime::{Builder, Runtime};

use super::args::{self, Format};
use super::exit::Exit;
use super::session::Session;
use super::terminal;
use takeaways_render::clean;
use takeaways_settings::Settings;
use takeaways_store::{Checkup, NEWEST, Store, StoreError, Where};

/// What to do with a state on a server, which has its own tool for that.
const DUMP: &str = "the state is on PostgreSQL, which backs itself up: \
                    pg_dump --format=custom --file=FILE \"$TAKEAWAYS__STATE__URL\"";

/// Does what was asked for.
pub fn run(session: &Session, what: &args::State) -> Result<Exit> {
    let place = place(&session.settings);
    let runtime = runtime()?;
    match what {
        args::State::Backup { file } => runtime.block_on(back_up(&place, file)),
        args::State::Check(how) => runtime.block_on(check(&place, how.format)),
        args::State::Migrate => runtime.block_on(migrate(&place)),
    }
}

/// Where the settings say that the state is.
pub fn place(settings: &Settings) -> Where {
    if settings.state.servers.is_empty() {
        Where::Folder(settings.state.dir.clone())
    } else {
        Where::Servers(settings.state.servers.clone())
    }
}

/// To reach the state with.
pub fn runtime() -> Result<Runtime> {
    Ok(Builder::new_current_thread().enable_all().build()?)
}

async fn back_up(place: &Where, to: &Path) -> Result<Exit> {
    if matches!(place, Where::Servers(_)) {
        bail!(DUMP);
    }
    if to.symlink_metadata().is_ok() {
        bail!("{} is there already: name a file that is not", to.display());
    }
    let store = opened(place).await?;
    store.back_up(to).await.with_context(|| format!("the backup {} can't be written", to.display()))?;
    store.close().await;
    terminal::print(&clean(&format!("the state is copied to {}\n", to.display())))?;
    Ok(Exit::Done)
}

async fn check(place: &Where, format: Format) -> Result<Exit> {
    let found = match opened(place).await {
        Ok(store) => store.check().await?,
        Err(error) => match error.downcast::<StoreError>() {
            Ok(StoreError::Damaged(what)) => Checkup { version: 0, rows: Vec::new(), faults: vec![what] },
            Ok(other) => return Err(other.into()),
            Err(other) => return Err(other),
        },
    };
    let page = match format {
        Format::Plain => plain(&found),
        Format::Json => format!("{:#}\n", as_json(&found)),
    };
    terminal::print(&clean(&page))?;
    Ok(Exit::from_yes(found.faults.is_empty()))
}

async fn migrate(place: &Where) -> Result<Exit> {
    let Some(before) = Store::version(place).await? else {
        bail!("there is no state yet: `takeaways serve` makes it")
    };
    Store::open(place).await?.close().await;
    let done = if before == NEWEST {
        format!("the state is of version {NEWEST}, which is the newest\n")
    } else {
        format!("the state was of version {before} and is of version {NEWEST} now\n")
    };
    terminal::print(&done)?;
    Ok(Exit::Done)
}

/// The state beside whoever holds it.
async fn opened(place: &Where) -> Result<Store> {
    match Store::beside(place).await? {
        Some(store) => Ok(store),
        None => bail!("there is no state yet: `takeaways serve` makes it"),
    }
}

fn plain(found: &Checkup) -> String {
    let mut lines: Vec<String> = found.faults.iter().map(|fault| format!("problem: {fault}")).collect();
    if found.version > 0 {
        lines.push(format!("version          {}", found.version));
    }
    lines.extend(found.rows.iter().map(|(name, count)| format!("{name:<16} {count}")));
    if found.faults.is_empty() {
        lines.push("the state is whole".to_owned());
    }
    lines.join("\n") + "\n"
}

fn as_json(found: &Checkup) -> serde_json::Value {
    let rows: serde_json::Map<String, serde_json::Value> =
        found.rows.iter().map(|(name, count)| (name.replace(' ', "_"), (*count).into())).collect();
    json!({ "version": found.version, "rows": rows, "problems": found.faults })
}
