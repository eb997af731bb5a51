//! The versions of the tables, compiled in.

use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{Any, AnyConnection, Row as _, SqlSafeStr as _};

use super::error::QueryError;
use super::{StoreError, database::DatabaseKind};

/// Each migration has the same tables for SQLite and for PostgreSQL. A released migration is never changed.
const MIGRATIONS: [(i64, &str, &str, &str); 1] = [(
    1,
    "digests",
    include_str!("migrations/sqlite/0001_digests.sql"),
    include_str!("migrations/postgres/0001_digests.sql"),
)];

/// The version that this program reads and writes.
pub const NEWEST_VERSION: i64 = MIGRATIONS[MIGRATIONS.len() - 1].0;

/// The version of a state; 0 if it has no tables yet. Only reads.
pub(super) async fn read_version(conn: &mut AnyConnection, kind: DatabaseKind) -> Result<i64, QueryError> {
    let there = match kind {
        DatabaseKind::Sqlite => "SELECT COUNT(*) AS n FROM sqlite_master WHERE name = '_sqlx_migrations'",
        DatabaseKind::Postgres => {
            "SELECT COUNT(*) AS n FROM pg_catalog.pg_class WHERE oid = to_regclass('_sqlx_migrations')"
        }
    };
    let row = sqlx::query::<Any>(there).fetch_one(&mut *conn).await?;
    if row.try_get::<i64, _>("n")? == 0 {
        return Ok(0);
    }
    let row = sqlx::query::<Any>("SELECT COALESCE(MAX(version), 0) AS n FROM _sqlx_migrations")
        .fetch_one(&mut *conn)
        .await?;
    Ok(row.try_get("n")?)
}

/// Migrates a state to the newest version. A state of a newer version is refused before anything is written.
pub(super) async fn run(conn: &mut AnyConnection, kind: DatabaseKind) -> Result<(), QueryError> {
    if read_version(conn, kind).await? > NEWEST_VERSION {
        return Err(StoreError::NewerVersion.into());
    }
    let made = |(version, name, sqlite, postgres): (i64, &'static str, &'static str, &'static str)| {
        let sql = if kind == DatabaseKind::Sqlite { sqlite } else { postgres };
        Migration::new(version, name.into(), MigrationType::Simple, sql.into_sql_str(), false)
    };
    let migrator = Migrator::with_migrations(MIGRATIONS.into_iter().map(made).collect());
    migrator.run_direct(None, conn, false).await.map_err(|error| match error {
        sqlx::migrate::MigrateError::VersionMissing(_) => StoreError::NewerVersion.into(),
        sqlx::migrate::MigrateError::Execute(error)
        | sqlx::migrate::MigrateError::ExecuteMigration(error, _) => QueryError::Sql(error),
        other => {
            StoreError::Damaged(format!("the state's tables are not those of takeaways ({other})")).into()
        }
    })
}
