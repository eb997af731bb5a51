//! PostgreSQL on several servers: finds the one that accepts writes, also after a failover.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use secrecy::{ExposeSecret as _, SecretString};
use sqlx::any::{AnyConnectOptions, AnyPoolOptions};
use sqlx::{AnyConnection, AnyPool, ConnectOptions as _, Connection as _, Row as _};
use tokio::sync::Mutex;
use tokio::task::JoinSet;

use super::StoreError;
use super::database::{MAX_CONNECTIONS, is_usable};
use super::error::QueryError;

/// How long a server may take to report its state.
const PROBE_TIMEOUT: Duration = Duration::from_secs(2);

/// How long a connection to the server in use may take.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(3);

/// The settings of every connection, in milliseconds. No process may block the others for long, not even one that was
/// stopped inside a transaction.
const SESSION_LIMITS: &str = "SET statement_timeout = 5000; SET lock_timeout = 5000; \
                      SET idle_in_transaction_session_timeout = 5000";

/// The configured servers.
pub(super) struct PostgresServers {
    addresses: Vec<AnyConnectOptions>,
    current: Mutex<Option<AnyPool>>,
    /// The id of the state that was found first.
    state_id: OnceLock<i64>,
    /// The highest timeline that was seen. A server with a lower one was replaced by another.
    timeline: AtomicU32,
}

/// A server that accepts writes.
struct WritableServer {
    /// Its index in the list.
    position: usize,
    timeline: u32,
    conn: AnyConnection,
}

impl PostgresServers {
    /// The servers at these addresses.
    ///
    /// # Errors
    /// If an address is not one of PostgreSQL.
    pub(crate) fn new(addresses: &[SecretString]) -> Result<Self, StoreError> {
        sqlx::any::install_default_drivers();
        let addresses = addresses.iter().map(|address| {
            let options: AnyConnectOptions = address
                .expose_secret()
                .parse()
                .map_err(|_| StoreError::unavailable("state.url is not a valid address"))?;
            Ok(options.disable_statement_logging())
        });
        Ok(Self {
            addresses: addresses.collect::<Result<_, StoreError>>()?,
            current: Mutex::default(),
            state_id: OnceLock::new(),
            timeline: AtomicU32::new(0),
        })
    }

    /// From now on accepts only the state with this id.
    pub(crate) fn pin_state_id(&self, state_id: i64) {
        let _ = self.state_id.set(state_id);
    }

    /// Connections to the server that accepts writes.
    pub(crate) async fn pool(&self) -> Result<AnyPool, QueryError> {
        let mut current = self.current.lock().await;
        if let Some(pool) = &*current {
            return Ok(pool.clone());
        }
        let found = self.find_writable().await?;
        let pool = AnyPoolOptions::new()
            .max_connections(MAX_CONNECTIONS)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .after_connect(|conn, _| Box::pin(prepare_connection(conn)))
            .after_release(|conn, _| Box::pin(is_usable(conn)))
            .connect_lazy_with(self.addresses[found.position].clone());
        self.timeline.fetch_max(found.timeline, Ordering::Relaxed);
        let _ = found.conn.close().await;
        Ok(current.insert(pool).clone())
    }

    /// Forgets the server, because it is lost or takes no writes. The next call finds one again.
    pub(crate) async fn forget(&self) {
        *self.current.lock().await = None;
    }

    /// Among the writable servers, picks the highest timeline, then the first in the list.
    async fn find_writable(&self) -> Result<WritableServer, QueryError> {
        let mut probes = JoinSet::new();
        for (position, address) in self.addresses.iter().cloned().enumerate() {
            let state_id = self.state_id.get().copied();
            probes.spawn(async move {
                let result = tokio::time::timeout(PROBE_TIMEOUT, probe(position, &address, state_id)).await;
                result.unwrap_or_else(|_| Err(sqlx::Error::PoolTimedOut))
            });
        }
        let (mut found, mut last_error): (Option<WritableServer>, Option<sqlx::Error>) = (None, None);
        while let Some(result) = probes.join_next().await {
            match result {
                Ok(Ok(Some(one)))
                    if found.as_ref().is_none_or(|best| preference(&one) > preference(best)) =>
                {
                    found = Some(one);
                }
                Ok(Ok(_)) | Err(_) => {}
                Ok(Err(error)) => last_error = Some(error),
            }
        }
        let newest = self.timeline.load(Ordering::Relaxed);
        match (found.filter(|found| found.timeline >= newest), last_error) {
            (Some(found), _) => Ok(found),
            (None, Some(error)) => Err(StoreError::unavailable(error).into()),
            (None, None) => Err(StoreError::unavailable("no server of state.url accepts writes").into()),
        }
    }
}

fn preference(found: &WritableServer) -> (u32, std::cmp::Reverse<usize>) {
    (found.timeline, std::cmp::Reverse(found.position))
}

/// Whether a server accepts writes and has the state with this id.
async fn probe(
    position: usize,
    address: &AnyConnectOptions,
    state_id: Option<i64>,
) -> Result<Option<WritableServer>, sqlx::Error> {
    let mut conn = address.connect().await?;
    let row = sqlx::query("SELECT CASE WHEN pg_is_in_recovery() THEN 1 ELSE 0 END AS n")
        .fetch_one(&mut conn)
        .await?;
    if row.try_get::<i32, _>("n")? != 0 {
        return Ok(None);
    }
    if let Some(state_id) = state_id {
        let row = sqlx::query("SELECT number FROM state").fetch_one(&mut conn).await?;
        if row.try_get::<i64, _>("number")? != state_id {
            return Ok(None);
        }
    }
    let timeline = read_timeline(&mut conn).await;
    Ok(Some(WritableServer { position, timeline, conn }))
}

/// The timeline of a server, which increases with each promotion: the first 8 hexadecimal digits of the name of a log
/// file, <https://www.postgresql.org/docs/current/continuous-archiving.html>. 0 if a provider does not report it.
async fn read_timeline(conn: &mut AnyConnection) -> u32 {
    let sql = "SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8) AS timeline";
    let row = sqlx::query(sql).fetch_one(conn).await;
    let text = row.and_then(|row| row.try_get::<String, _>("timeline")).unwrap_or_default();
    u32::from_str_radix(&text, 16).unwrap_or_default()
}

async fn prepare_connection(conn: &mut AnyConnection) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(SESSION_LIMITS).execute(conn).await.map(drop)
}
