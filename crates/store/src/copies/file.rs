//! SQLite's own copy of a database, as a file.

use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::super::{DbPool, StoreError};
use super::{CopyError, quoted};

/// A copy that was made, or brought from elsewhere.
pub struct SqliteCopy(Connection);

impl DbPool {
    /// Has SQLite write a copy of the database to `file`, which is empty or not there. Others write
    /// meanwhile, and nothing of that is in it. What was deleted from the database is not in it either.
    ///
    /// # Errors
    /// `Untaken` for PostgreSQL; otherwise the database fails, or the file cannot be written.
    pub async fn copy_to(&self, file: &Path) -> Result<SqliteCopy, CopyError> {
        let Self::Sqlite(pool) = self else {
            return Err(CopyError::Untaken("PostgreSQL as one file".to_owned()));
        };
        // Absolute, because SQLite would read a name such as `file:x?vfs=y` as a URL.
        let path = std::path::absolute(file)?;
        let path = path.to_str().ok_or_else(|| std::io::Error::other("the file's name is no text"))?;
        sqlx::query("VACUUM INTO $1").bind(path).execute(pool).await?;
        Ok(SqliteCopy::open(file)?)
    }
}

impl SqliteCopy {
    /// Opens the copy, for reading alone.
    ///
    /// # Errors
    /// `Broken` when it is no database.
    pub fn open(file: &Path) -> Result<Self, StoreError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        Connection::open_with_flags(file, flags).map(Self).map_err(broken)
    }

    /// Every table with the number of its rows.
    ///
    /// # Errors
    /// `Broken` when it is no database.
    pub fn tables(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let sql = "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' \
                   ORDER BY name";
        let mut statement = self.0.prepare(sql).map_err(broken)?;
        let names = statement.query_map([], |row| row.get(0)).map_err(broken)?;
        let names: Vec<String> = names.collect::<Result<_, _>>().map_err(broken)?;
        let count = |name: String| {
            let sql = format!("SELECT COUNT(*) FROM {}", quoted(&name));
            let rows: i64 = self.0.query_row(&sql, [], |row| row.get(0)).map_err(broken)?;
            Ok((name, u64::try_from(rows).unwrap_or_default()))
        };
        names.into_iter().map(count).collect()
    }

    /// Gives each picture that accounts have to `take`, once, as the database has it.
    ///
    /// # Errors
    /// `Broken` when it is no database; also what `take` fails with.
    pub fn pictures<E: From<StoreError>>(
        &self,
        mut take: impl FnMut(&str) -> Result<(), E>,
    ) -> Result<(), E> {
        let sql = "SELECT DISTINCT picture FROM accounts WHERE picture IS NOT NULL ORDER BY picture";
        let mut statement = self.0.prepare(sql).map_err(broken)?;
        let mut rows = statement.query([]).map_err(broken)?;
        while let Some(row) = rows.next().map_err(broken)? {
            let picture: String = row.get(0).map_err(broken)?;
            take(&picture)?;
        }
        Ok(())
    }
}

fn broken(error: rusqlite::Error) -> StoreError {
    StoreError::Broken(sqlx::Error::AnyDriverError(Box::new(error)))
}
