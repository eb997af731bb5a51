//! Leases: work that one process at a time does for all that share a database.

use jiff::{SignedDuration, Timestamp};

use super::{Store, StoreError};
use crate::subscription_row::to_millis;

/// Work that one process does for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SharedWork {
    /// Refreshing the sources of posts.
    RefreshSources,
}

impl SharedWork {
    fn id(self) -> i64 {
        match self {
            Self::RefreshSources => 1,
        }
    }
}

impl Store {
    /// Takes or renews the lease on some work. `false` if another process has it. A state in a file has one process, so
    /// that nobody else can have it.
    ///
    /// # Errors
    /// If the state can't be written.
    pub async fn take_lease(
        &self,
        work: SharedWork,
        now: Timestamp,
        length: SignedDuration,
    ) -> Result<bool, StoreError> {
        if !self.is_shared() {
            return Ok(true);
        }
        let ends = now.checked_add(length).unwrap_or(Timestamp::MAX);
        // A lease that ends far in the future was written by a clock that is wrong.
        let latest = now.checked_add(length * 2).unwrap_or(Timestamp::MAX);
        self.write(async |mut tx| {
            let sql = "INSERT INTO leases (work, owner, ends) VALUES ($1, $2, $3) ON CONFLICT (work) DO UPDATE SET \
                       owner = excluded.owner, ends = excluded.ends WHERE leases.owner = $2 OR leases.ends <= $4 OR \
                       leases.ends > $5";
            let query = sqlx::query(sql).bind(work.id()).bind(self.owner()).bind(to_millis(ends));
            let written = query.bind(to_millis(now)).bind(to_millis(latest)).execute(tx.conn()).await?;
            tx.commit().await?;
            Ok(written.rows_affected() > 0)
        })
        .await
    }
}
