//! The time zones that a server and a person named last.

use sqlx::Row as _;

use super::{Store, StoreError};
use crate::row_hash::{PERSON_ZONES, SERVER_ZONES};
use crate::subscription_row::to_sql_id;
use takeaways_digest::Zone;

/// Who named a zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ZoneOwner {
    /// A moderator, for the digests of this server.
    Server(u64),
    /// This person, for their own digest.
    Person(u64),
}

impl Store {
    /// The zone that was named last. `None` if there is none, or if this version does not know its name.
    ///
    /// # Errors
    /// If the state can't be read.
    pub async fn find_zone(&self, owner: ZoneOwner) -> Result<Option<Zone>, StoreError> {
        let (sql, id) = match owner {
            ZoneOwner::Server(id) => ("SELECT zone FROM server_zones WHERE server = $1", id),
            ZoneOwner::Person(id) => ("SELECT zone FROM person_zones WHERE person = $1", id),
        };
        self.read(async |mut conn| {
            let row = sqlx::query(sql).bind(to_sql_id(id)).fetch_optional(&mut *conn).await?;
            let name = row.map(|row| row.try_get::<String, _>("zone")).transpose()?;
            Ok(name.and_then(|name| name.parse().ok()))
        })
        .await
    }

    /// Saves the zone that was named last.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn save_zone(&self, owner: ZoneOwner, zone: &Zone) -> Result<(), StoreError> {
        let (sql, id, table) = match owner {
            ZoneOwner::Server(id) => (
                "INSERT INTO server_zones (server, zone) VALUES ($1, $2) \
                 ON CONFLICT (server) DO UPDATE SET zone = excluded.zone",
                id,
                SERVER_ZONES,
            ),
            ZoneOwner::Person(id) => (
                "INSERT INTO person_zones (person, zone) VALUES ($1, $2) \
                 ON CONFLICT (person) DO UPDATE SET zone = excluded.zone",
                id,
                PERSON_ZONES,
            ),
        };
        self.write(async |mut tx| {
            sqlx::query(sql).bind(to_sql_id(id)).bind(zone.name()).execute(tx.conn()).await?;
            table.seal(tx.conn(), to_sql_id(id)).await?;
            tx.commit().await
        })
        .await
    }
}
