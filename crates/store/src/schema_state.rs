//! What there is to say of a database before it is opened: for whoever looks at it and changes nothing.

use domain::Millis;

use super::{DbPool, Migrations, StoreError};

/// A database, as it was found.
#[derive(Clone, Debug)]
pub struct SchemaState {
    /// Engine and version, such as `PostgreSQL 17.2`.
    pub engine_version: String,
    /// The highest migration that was applied; 0 for none.
    pub applied: i64,
    /// How many migrations of this program are to be applied.
    pub pending: usize,
    /// The highest applied migration, if this program does not know it.
    pub newer: Option<i64>,
    /// The time of the database's machine; `None` for SQLite, which has none of its own.
    pub clock: Option<Millis>,
    /// When the newest event of the audit log happened.
    pub newest_event: Option<Millis>,
}

/// Looks at the database behind `pool`.
///
/// # Errors
/// `Unused` when no server has ever prepared it; the failure of the database.
pub async fn schema_state(pool: &DbPool) -> Result<SchemaState, StoreError> {
    if !super::migrations::begun(pool).await? {
        return Err(StoreError::Unused);
    }
    let known = Migrations::builtin().numbers();
    let sql = "SELECT version FROM _sqlx_migrations WHERE success ORDER BY version";
    let applied: Vec<i64> = match pool {
        DbPool::Sqlite(pool) => sqlx::query_scalar(sql).fetch_all(pool).await?,
        DbPool::Postgres(pool) => sqlx::query_scalar(sql).fetch_all(pool).await?,
    };
    let highest = applied.last().copied().unwrap_or_default();
    let (engine_version, clock) = match pool {
        DbPool::Sqlite(pool) => {
            let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(pool).await?;
            (format!("SQLite {version}"), None)
        }
        DbPool::Postgres(pool) => {
            let version: String = sqlx::query_scalar("SHOW server_version").fetch_one(pool).await?;
            let sql = "SELECT (EXTRACT(EPOCH FROM clock_timestamp()) * 1000)::BIGINT";
            let at: i64 = sqlx::query_scalar(sql).fetch_one(pool).await?;
            (format!("PostgreSQL {version}"), Some(Millis(at)))
        }
    };
    let newest_event: Option<i64> = if applied.contains(&AUDIT) {
        let sql = "SELECT MAX(at) FROM audit_events";
        match pool {
            DbPool::Sqlite(pool) => sqlx::query_scalar(sql).fetch_one(pool).await?,
            DbPool::Postgres(pool) => sqlx::query_scalar(sql).fetch_one(pool).await?,
        }
    } else {
        None
    };
    Ok(SchemaState {
        engine_version,
        applied: highest,
        pending: known.iter().filter(|number| !applied.contains(number)).count(),
        newer: Some(highest).filter(|highest| !known.contains(highest) && *highest > 0),
        clock,
        newest_event: newest_event.map(Millis),
    })
}

/// The migration that makes the audit log.
const AUDIT: i64 = 21;
