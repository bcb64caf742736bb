//! An SQLite file that one command has to itself, for many rows: what WAL writes twice, for readers that are
//! not there, is written once.

use sqlx::{AssertSqlSafe, SqlitePool};

use super::pool::DbPool;
use super::{Store, StoreError};

/// SQLite leaves WAL only where no other connection is open. Then a transaction keeps each page as it was in
/// the rollback journal, and no page that it has added. A file that a crash has left half written is whole
/// again when it is next opened.
const LEAVE_WAL: &str = "PRAGMA journal_mode = TRUNCATE";

/// What the first lock takes is kept. FULL: the journal is on the disk before the file is changed.
const KEEP: &str = "PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL; BEGIN EXCLUSIVE; COMMIT";

/// For a file that somebody else has opened between the two.
const AS_BEFORE: &str = "PRAGMA locking_mode = NORMAL; PRAGMA journal_mode = WAL";

/// The lock goes with the first statement that reads: a change of the mode is one. DELETE takes away the
/// empty file of the journal, which WAL would leave.
const GIVE_BACK: &str =
    "PRAGMA locking_mode = NORMAL; PRAGMA journal_mode = DELETE; PRAGMA journal_mode = WAL";

impl Store {
    /// The same store, if it is SQLite's and nobody else has the file open. Nobody else can open it then,
    /// until [`give_back`](Self::give_back) or the end of the process. For a store with one connection, as
    /// commands have.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn alone(&self) -> Result<Option<Self>, StoreError> {
        let DbPool::Sqlite(pool) = &self.pool else { return Ok(None) };
        if let Some(fast) = &self.fast {
            fast.close_idle();
        }
        // Whoever has it open may have it for long: nobody waits for that.
        sqlx::raw_sql("PRAGMA busy_timeout = 0").execute(pool).await?;
        let taken = take(pool).await;
        let patience = pool.options().get_acquire_timeout().as_millis();
        let usual = AssertSqlSafe(format!("PRAGMA busy_timeout = {patience}"));
        sqlx::raw_sql(usual).execute(pool).await?;
        match taken {
            // A look-up on the caller's thread would be another connection.
            Ok(true) => Ok(Some(Self { fast: None, ..self.clone() })),
            Ok(false) => Ok(None),
            Err(error) if is_busy(&error) => {
                sqlx::raw_sql(AS_BEFORE).execute(pool).await?;
                Ok(None)
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Lets others open the file again.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn give_back(&self) -> Result<(), StoreError> {
        if let DbPool::Sqlite(pool) = &self.pool {
            sqlx::raw_sql(GIVE_BACK).execute(pool).await?;
        }
        Ok(())
    }
}

async fn take(pool: &SqlitePool) -> Result<bool, sqlx::Error> {
    let mode: String = sqlx::query_scalar(LEAVE_WAL).fetch_one(pool).await?;
    if mode != "truncate" {
        return Ok(false);
    }
    sqlx::raw_sql(KEEP).execute(pool).await?;
    Ok(true)
}

/// Whether somebody else has the file open (`SQLITE_BUSY`).
fn is_busy(error: &sqlx::Error) -> bool {
    let code = error.as_database_error().and_then(|reported| reported.code());
    code.and_then(|code| code.parse::<u32>().ok()).is_some_and(|code| code & 0xFF == 5)
}
